//! The compiler: any modules end in a module of WebAssembly or in diagnostics, with the optimiser and without.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use regoc_compiler::optimize::PASSES;
use regoc_compiler::source::SourceSet;
use regoc_compiler::{Options, compile};
use regoc_fuzz::{BETWEEN_MODULES, version_and_text};

fuzz_target!(|input: &[u8]| {
    let Some((version, text)) = version_and_text(input) else { return };
    let mut sources = SourceSet::new();
    for (number, module) in text.split(BETWEEN_MODULES).enumerate() {
        sources.add(format!("fuzz{number}.rego"), module, version);
    }
    let unoptimized = Options { skip_passes: PASSES.iter().map(|pass| pass.name.to_owned()).collect::<BTreeSet<_>>(), ..Options::default() };
    let compiled = compile(&sources, &Options::default()).is_ok();
    assert_eq!(compiled, compile(&sources, &unoptimized).is_ok(), "the optimiser changes what can be compiled");
});
