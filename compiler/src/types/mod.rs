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
mod schema;
mod text;
mod tree;
pub mod ty;
mod typescript;
mod unify;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::dependencies::Dependencies;
use crate::hir::{Name, Program};
use crate::index::IndexVec;
use crate::source::SourceSet;

/// JSON Schemas as texts, by their paths, which begin with `schema`.
pub type SchemaSet = BTreeMap<Vec<Name>, Name>;

/// What is known beside the program.
#[derive(Clone, Debug, Default)]
pub struct TypeOptions {
    /// The schemas that the metadata of rules may name. That of the path `schema` is the schema of `input` everywhere.
    pub schemas: Option<SchemaSet>,
    /// Whether the schemas that the metadata of rules names count.
    pub annotations: bool,
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
    let mut diagnostics = Vec::new();
    let input = input_type(options).unwrap_or_else(|fault| {
        diagnostics.push(Diagnostic::without_place(Code::Type, fault));
        None
    });
    let of_input = diagnostics.len();
    let schemas = schema::Schemas::new(options.schemas.clone(), options.annotations);
    let mut checker = infer::Checker::new(program, sources, &dependencies, &no_locals, input, schemas);
    if !options.calls_fit {
        check_arity(program, &mut checker, &mut diagnostics);
    }
    if diagnostics.len() == of_input {
        for clause in dependencies.ordered() {
            checker.check_clause(clause, &mut diagnostics);
        }
        if let Some(query) = &program.query {
            checker.check_query(&query.locals, &query.body, &mut diagnostics);
        }
    }
    if diagnostics.is_empty() {
        // OPA compiles a query for each of them when all rules have been.
        diagnostics.extend(program.entrypoints.iter().filter_map(|entrypoint| checker.check_entrypoint(entrypoint)));
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    diagnostics.dedup();
    diagnostics
}

/// The types of what entrypoints are asked with and answer, as declarations of TypeScript for a program without errors.
///
/// Of results they say what is inferred, of inputs what schemas say: that of `input`, else those that the metadata of the rules of an entrypoint
/// names, else which parts of it the rules that it needs look at.
#[must_use]
pub fn declarations(program: &Program, sources: &SourceSet, options: &TypeOptions) -> String {
    let dependencies = Dependencies::of(program);
    let no_locals = IndexVec::new();
    let schemas = schema::Schemas::new(options.schemas.clone(), options.annotations);
    let input = input_type(options).unwrap_or_default();
    let mut checker = infer::Checker::new(program, sources, &dependencies, &no_locals, input, schemas);
    for clause in dependencies.ordered() {
        checker.check_clause(clause, &mut Vec::new());
    }
    typescript::declarations(program, &dependencies, &checker.env, options)
}

/// The type that the schema of `input` gives it.
fn input_type(options: &TypeOptions) -> Result<Option<ty::Type>, String> {
    let root = [Name::from("schema")];
    let text = options.schemas.as_ref().and_then(|schemas| schemas.get(root.as_slice()));
    text.map(|text| schema::type_of_schema(text)).transpose()
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
