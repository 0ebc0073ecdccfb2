//! The compiler: any modules end in a module of WebAssembly or in diagnostics, with the optimiser and without.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use regoc_compiler::optimize::PASSES;
use regoc_compiler::source::SourceSet;
use regoc_compiler::{Options, compile};
use regoc_fuzz::{BETWEEN_MODULES, mutate, version_and_text};
use regoc_values::arena::{mark, reset};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::change(data, size, max_size, seed, mutate::text::change_behind_first_byte)
});

fuzz_target!(|input: &[u8]| {
    let Some((version, text)) = version_and_text(input) else { return };
    let start = mark();
    let mut sources = SourceSet::new();
    for (number, module) in text.split(BETWEEN_MODULES).enumerate() {
        sources.add(format!("fuzz{number}.rego"), module, version);
    }
    let unoptimized = Options {
        skip_passes: PASSES.iter().map(|pass| pass.name.to_owned()).collect::<BTreeSet<_>>(),
        ..Options::default()
    };
    let compiled = compile(&sources, &Options::default()).is_ok();
    assert_eq!(compiled, compile(&sources, &unoptimized).is_ok(), "the optimiser changes what can be compiled");
    // SAFETY: no constant of the policy is used any more.
    unsafe { reset(start) };
});
