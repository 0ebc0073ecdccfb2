//! The loader of bundles: any archive, and any file in one, ends in documents and policies or in messages.
#![no_main]

use libfuzzer_sys::fuzz_target;
use regoc_cli::load_bundle;

fuzz_target!(|input: &[u8]| {
    let _ = load_bundle("bundle.tar.gz", input);
});
