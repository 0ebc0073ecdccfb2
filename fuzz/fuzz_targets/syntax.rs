//! The lexer, the parser and the printer: any text ends in a tree or in diagnostics, and a tree's text gives the same text again.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::syntax::{ParseOptions, parse_module, parse_query, print};
use regoc_fuzz::{mutate, version_and_text};

/// The module of a text, printed; `None` when it is none.
fn printed(text: &str, version: RegoVersion, options: &ParseOptions<'_>) -> Option<String> {
    let mut sources = SourceSet::new();
    let file = sources.add("fuzz.rego", text, version);
    let (module, errors) = parse_module(&sources, file, options);
    errors.iter().for_each(|error| drop(error.to_line(&sources)));
    module.filter(|_| errors.is_empty()).map(|module| print::module(&module))
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::change(data, size, max_size, seed, mutate::text::change_behind_first_byte)
});

fuzz_target!(|input: &[u8]| {
    let Some((version, text)) = version_and_text(input) else { return };
    let capabilities = Capabilities::default();
    let options = ParseOptions { capabilities: &capabilities };
    if let Some(once) = printed(text, version, &options) {
        let twice = printed(&once, version, &options).expect("what was printed is a module");
        assert_eq!(once, twice, "printing is not stable");
    }
    let mut sources = SourceSet::new();
    let file = sources.add("query", text, version);
    drop(parse_query(&sources, file, version, &options));
});
