//! Builds modules as `regoc build` does, for tests and benchmarks that ask them.

use anyhow::{Result, bail};
use regoc_compiler::plan::opa::read_plan;
use regoc_compiler::resolve::EntrypointSelection;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::{Compiled, Options, compile, compile_plan};

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
    compiled_without(texts, entrypoints, &[])
}

/// The same, without some passes of the optimiser.
///
/// # Errors
/// What the compiler says against the texts.
pub fn compiled_without(texts: &[(&str, &str)], entrypoints: &[&str], passes: &[&str]) -> Result<Compiled> {
    let mut sources = SourceSet::new();
    for (name, text) in texts {
        sources.add(*name, *text, RegoVersion::V1);
    }
    let options = options(entrypoints, passes);
    match compile(&sources, &options) {
        Ok(compiled) => Ok(compiled),
        Err(diagnostics) => {
            let lines: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.to_line(&sources)).collect();
            bail!("the compiler refuses it:\n{}", lines.join("\n"))
        }
    }
}

/// The module of OPA's plan, without some passes of the optimiser.
///
/// # Errors
/// When it is no plan, or has no such entrypoint.
pub fn plan_without(text: &str, entrypoint: &str, passes: &[&str]) -> Result<Vec<u8>> {
    let plan = read_plan(&serde_json::from_str(text)?)?;
    match compile_plan(plan, &options(&[entrypoint], passes)) {
        Ok(compiled) => Ok(compiled.module.wasm),
        Err(diagnostics) => bail!("the compiler refuses the plan: {diagnostics:?}"),
    }
}

fn options(entrypoints: &[&str], without: &[&str]) -> Options {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    Options {
        entrypoints: EntrypointSelection { names: owned(entrypoints), ..EntrypointSelection::default() },
        skip_passes: owned(without).into_iter().collect(),
        ..Options::default()
    }
}
