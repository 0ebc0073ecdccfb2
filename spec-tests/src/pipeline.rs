//! The compiler's phases up to the plan, and the errors they find, for cases. Compiles as `opa eval` does: no limit to entrypoints,
//! `print` calls kept only on demand.

use std::collections::BTreeSet;

use regoc_abi::builtins::Placement;
use regoc_compiler::capabilities::{Builtin, Capabilities};
use regoc_compiler::diagnostic::Diagnostic;
use regoc_compiler::plan::build::{PlanOptions, build};
use regoc_compiler::resolve::{EntrypointSelection, QueryInput, ResolveOptions, resolve};
use regoc_compiler::source::{FileId, RegoVersion, SourceSet};
use regoc_compiler::syntax::{ParseOptions, ast, parse_module, parse_query};

use crate::engine::Planned;
use crate::errors::{ErrorCase, ErrorLine};
use crate::evaluation::EvaluationCase;
use crate::host::CUSTOM_BUILTINS;

/// How many errors OPA reports at most.
const ERROR_LIMIT: usize = 10;

/// The plan of a case's query.
///
/// # Errors
/// What the compiler says against it.
pub fn plan(case: &EvaluationCase, optimizer: bool) -> Result<Planned, String> {
    let capabilities = capabilities();
    let mut sources = SourceSet::new();
    let run = |sources: &mut SourceSet| -> Result<_, Vec<Diagnostic>> {
        let modules = parse(sources, &case.modules, case.version, &capabilities)?;
        let query = sources.add("query", &case.query, RegoVersion::V1);
        let (body, diagnostics) =
            parse_query(sources, query, RegoVersion::V1, &ParseOptions { capabilities: &capabilities });
        let Some(body) = body.filter(|_| diagnostics.is_empty()) else { return Err(diagnostics) };
        let query = QueryInput { file: query, body: &body, package: None, imports: &[] };
        let options = ResolveOptions {
            capabilities: &capabilities,
            strict: false,
            keep_print: false,
            entrypoints: EntrypointSelection::default(),
        };
        let program = resolve(sources, &modules, Some(query), &options)?;
        build(&program, &PlanOptions::default())
    };
    match run(&mut sources) {
        Ok(program) => Planned { program, sources }.finish(optimizer),
        Err(diagnostics) => Err(print(&diagnostics, &sources)),
    }
}

/// The errors that the compiler finds, as OPA would report them.
#[must_use]
pub fn errors(case: &ErrorCase) -> BTreeSet<ErrorLine> {
    let capabilities = Capabilities::default();
    let mut sources = SourceSet::new();
    let run = |sources: &mut SourceSet| -> Result<(), Vec<Diagnostic>> {
        let modules = parse(sources, &case.modules, case.version, &capabilities)?;
        let options = ResolveOptions {
            capabilities: &capabilities,
            strict: case.strict,
            keep_print: case.keep_print,
            entrypoints: EntrypointSelection::default(),
        };
        limited(resolve(sources, &modules, None, &options)).map(drop)
    };
    let diagnostics = run(&mut sources).err().unwrap_or_default();
    diagnostics.iter().map(|diagnostic| ErrorLine::of(diagnostic, &sources)).collect()
}

/// The first errors, as many as OPA's compiler reports.
fn limited<T>(result: Result<T, Vec<Diagnostic>>) -> Result<T, Vec<Diagnostic>> {
    result.map_err(|mut diagnostics| {
        diagnostics.truncate(ERROR_LIMIT);
        diagnostics
    })
}

/// All modules, or all that is wrong with any of them.
fn parse(
    sources: &mut SourceSet,
    modules: &[(String, String)],
    version: RegoVersion,
    capabilities: &Capabilities,
) -> Result<Vec<(FileId, ast::Module)>, Vec<Diagnostic>> {
    let (mut parsed, mut all) = (Vec::new(), Vec::new());
    for (name, text) in modules {
        let file = sources.add(name, text, version);
        let (module, diagnostics) = parse_module(sources, file, &ParseOptions { capabilities });
        parsed.extend(module.map(|module| (file, module)));
        all.extend(diagnostics);
    }
    if all.is_empty() { Ok(parsed) } else { Err(all) }
}

/// OPA's capabilities, and the builtins of OPA's test harness.
fn capabilities() -> Capabilities {
    let mut capabilities = Capabilities::default();
    for builtin in CUSTOM_BUILTINS {
        let builtin = Builtin {
            name: builtin.name.into(),
            infix: None,
            params: builtin.params.to_vec(),
            variadic: None,
            result: Some(builtin.result.clone()),
            placement: Placement::Host,
            nondeterministic: builtin.nondeterministic,
            relation: false,
            deprecated: false,
        };
        capabilities.builtins.insert(builtin.name.clone(), builtin);
    }
    capabilities
}

fn print(diagnostics: &[Diagnostic], sources: &SourceSet) -> String {
    let lines: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.to_line(sources)).collect();
    format!("the compiler refuses it:\n{}", lines.join("\n"))
}
