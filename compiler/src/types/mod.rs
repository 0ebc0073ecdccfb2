//! Type inference and the errors it finds. Reads the resolved tree and changes nothing.
//!
//! Rules are checked after those that they need, so that the type of what a reference leads to is known. A statement is
//! an error if it cannot hold whatever the input is: an argument that a function does not take, two sides that can
//! never be equal, a key that an object never has. Facts from OPA's `v1/ast/check.go` and `env.go`.

mod detail;
mod env;
mod infer;
mod names;
mod refs;
mod text;
mod tree;
pub mod ty;
mod unify;

use crate::diagnostic::Diagnostic;
use crate::hir::Program;
use crate::hir::dependencies::Dependencies;
use crate::index::IndexVec;
use crate::source::SourceSet;

/// What is known beside the program.
#[derive(Clone, Debug, Default)]
pub struct TypeOptions {
    /// The type of `input`; none: anything.
    pub input: Option<ty::Type>,
    /// Whether it is known that every call has as many arguments as what it calls takes: then they are not counted again.
    pub calls_fit: bool,
}

/// Checks the types of a program. Gives the errors in the order of files and places.
///
/// Where a call has another count of arguments than what it calls takes, only such calls are reported: OPA looks at
/// those first, and the bodies of such a program are not in order.
#[must_use]
pub fn check(program: &Program, sources: &SourceSet, options: &TypeOptions) -> Vec<Diagnostic> {
    let dependencies = Dependencies::of(program);
    let no_locals = IndexVec::new();
    let mut checker = infer::Checker::new(program, sources, &dependencies, &no_locals, options.input.clone());
    let mut diagnostics = Vec::new();
    if !options.calls_fit {
        check_arity(program, &mut checker, &mut diagnostics);
    }
    if diagnostics.is_empty() {
        for clause in dependencies.ordered() {
            checker.check_clause(clause, &mut diagnostics);
        }
        if let Some(query) = &program.query {
            checker.check_query(&query.locals, &query.body, &mut diagnostics);
        }
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    diagnostics.dedup();
    diagnostics
}

/// Reports each call with another count of arguments than what it calls takes.
fn check_arity<'p>(program: &'p Program, checker: &mut infer::Checker<'p>, diagnostics: &mut Vec<Diagnostic>) {
    for rule in program.rules.iter() {
        for body in std::iter::once(&rule.body).chain(rule.branches.iter().map(|branch| &branch.body)) {
            checker.check_arity(&rule.locals, body, diagnostics);
        }
    }
    if let Some(query) = &program.query {
        checker.check_arity(&query.locals, &query.body, diagnostics);
    }
}
