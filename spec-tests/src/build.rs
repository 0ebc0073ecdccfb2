//! Builds modules as `regoc build` does, for tests and benchmarks that ask them.

use anyhow::{Result, bail};
use regoc_compiler::resolve::EntrypointSelection;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::{Compiled, Options, compile};

/// The module of some texts, each with its name. Without names of entrypoints, each package and each rule is one.
///
/// # Errors
/// What the compiler says against the texts.
pub fn module(texts: &[(&str, &str)], entrypoints: &[&str]) -> Result<Vec<u8>> {
    compiled(texts, entrypoints).map(|compiled| compiled.module.wasm)
}

/// The same, with all that the compiler knows of the module.
///
/// # Errors
/// What the compiler says against the texts.
pub fn compiled(texts: &[(&str, &str)], entrypoints: &[&str]) -> Result<Compiled> {
    let mut sources = SourceSet::new();
    for (name, text) in texts {
        sources.add(*name, *text, RegoVersion::V1);
    }
    let names = entrypoints.iter().map(|name| (*name).to_owned()).collect();
    let options =
        Options { entrypoints: EntrypointSelection { names, ..EntrypointSelection::default() }, ..Options::default() };
    match compile(&sources, &options) {
        Ok(compiled) => Ok(compiled),
        Err(diagnostics) => {
            let lines: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.to_line(&sources)).collect();
            bail!("the compiler refuses it:\n{}", lines.join("\n"))
        }
    }
}
