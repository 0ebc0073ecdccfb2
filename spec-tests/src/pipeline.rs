//! The compiler, asked for what cases want to know: the plan of a query, or the errors of a policy.

use std::collections::BTreeSet;
use std::sync::Arc;

use regoc_abi::builtins::Placement;
use regoc_compiler::capabilities::{Builtin, Capabilities};
use regoc_compiler::diagnostic::{Code, Diagnostic};
use regoc_compiler::optimize::PASSES;
use regoc_compiler::plan::build::QUERY_ENTRYPOINT;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::{Options, QuerySource, check, compile_to_plan};

use crate::engine::{Optimizer, Planned, Results};
use crate::errors::{ErrorCase, ErrorLine};
use crate::evaluation::EvaluationCase;
use crate::host::CUSTOM_BUILTINS;

/// What the text of the query is called.
pub const QUERY_FILE: &str = "query";

/// How many errors OPA's compiler reports at most.
const ERROR_LIMIT: usize = 10;

/// The plan of a case's query.
///
/// # Errors
/// What the compiler says against it, or what the plan breaks.
pub fn plan(case: &EvaluationCase, optimizer: Optimizer) -> Result<Planned, String> {
    let mut sources = sources(&case.modules, case.version);
    let file = sources.add(QUERY_FILE, &case.query, RegoVersion::V1);
    let options = Options {
        capabilities: Arc::new(capabilities()),
        query: Some(QuerySource { file, context: None }),
        // They run after the plan was checked as the planner made it.
        skip_passes: PASSES.iter().map(|pass| pass.name.to_owned()).collect(),
        ..Options::default()
    };
    let mut program = compile_to_plan(&sources, &options).map_err(|diagnostics| print(&diagnostics, &sources))?;
    program.entrypoints.retain(|entrypoint| entrypoint.name == QUERY_ENTRYPOINT);
    Planned { program, sources, results: Results::Solutions }.finish(optimizer)
}

/// The errors that the compiler finds, as OPA would report them.
#[must_use]
pub fn errors(case: &ErrorCase) -> BTreeSet<ErrorLine> {
    let sources = sources(&case.modules, case.version);
    let options =
        Options { strict: case.strict, keep_print: case.keep_print, schema_annotations: true, ..Options::default() };
    let mut diagnostics = check(&sources, &options);
    if diagnostics.iter().any(|diagnostic| diagnostic.code != Code::Parse) {
        diagnostics.truncate(ERROR_LIMIT);
    }
    diagnostics.iter().map(|diagnostic| ErrorLine::of(diagnostic, &sources)).collect()
}

fn sources(modules: &[(String, String)], version: RegoVersion) -> SourceSet {
    let mut sources = SourceSet::new();
    for (name, text) in modules {
        sources.add(name, text, version);
    }
    sources
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
