//! From the trees of all files to the resolved tree: imports, names, conflicts, safety, recursion.
//!
//! The stages are those of OPA's compiler up to type checking, so that the same texts give the same errors together. Emits no
//! plan, evaluates nothing, and keeps no name as an identity: what leaves here is in typed ids.

mod recursion;
mod safety;

use crate::capabilities::Capabilities;
use crate::diagnostic::Diagnostic;
use crate::hir::Program;
use crate::source::{FileId, SourceSet};
use crate::syntax::ast;

/// Which documents the module answers for.
#[derive(Clone, Debug, Default)]
pub struct EntrypointSelection {
    /// Paths such as `example/violation`; `pkg/*` stands for the rules of a package.
    pub names: Vec<String>,
    /// Whether rules and packages with `entrypoint: true` in their metadata are taken too.
    pub annotated: bool,
}

/// What to resolve for, and how strictly.
#[derive(Clone, Debug)]
pub struct ResolveOptions<'a> {
    /// What the policy may use.
    pub capabilities: &'a Capabilities,
    /// Whether unused imports and variables and deprecated builtins are errors.
    pub strict: bool,
    /// Whether `print` calls are kept.
    pub keep_print: bool,
    /// The documents that the module answers for. With neither names nor annotations, each package and each of its rules.
    pub entrypoints: EntrypointSelection,
}

/// An ad hoc query with what its names are resolved against.
#[derive(Clone, Copy, Debug)]
pub struct QueryInput<'a> {
    /// The file of the query in the source set.
    pub file: FileId,
    /// The query.
    pub body: &'a ast::Body,
    /// The package whose rules can be named without a path; none: full paths only.
    pub package: Option<&'a ast::Package>,
    /// The imports.
    pub imports: &'a [ast::Import],
}

/// Resolves the modules, and the query if there is one.
///
/// # Errors
/// All violations that OPA would report together.
pub fn resolve(
    sources: &SourceSet,
    _modules: &[(FileId, ast::Module)],
    _query: Option<QueryInput<'_>>,
    _options: &ResolveOptions<'_>,
) -> Result<Program, Vec<Diagnostic>> {
    let mut program = Program::default();
    let mut diagnostics = Vec::new();
    safety::check_and_order(&mut program, sources, &mut diagnostics);
    recursion::check(&program, &mut diagnostics);
    if diagnostics.is_empty() { Ok(program) } else { Err(diagnostics) }
}
