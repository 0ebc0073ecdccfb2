//! The loader of bundles: any archive, and any file in one, ends in documents and policies or in messages.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use regoc_cli::load_bundle;
use regoc_fuzz::archive::{BETWEEN_FILES, archive};
use regoc_fuzz::mutate;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::change(data, size, max_size, seed, |input, random| {
        let mut parts: Vec<Vec<u8>> = input.split(|byte| *byte == BETWEEN_FILES).map(<[u8]>::to_vec).collect();
        let part = random.below(parts.len());
        parts[part] = mutate::text::change(&parts[part], random)?;
        Some(parts.join(&BETWEEN_FILES))
    })
});

fuzz_target!(|input: &[u8]| {
    let _ = load_bundle("bundle.tar.gz", &archive(input));
});
