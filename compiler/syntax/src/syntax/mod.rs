//! Text to tree and back. Knows nothing of what names mean.

pub mod ast;

mod assemble;
mod lexer;
mod metadata;
mod parse;
pub mod print;
mod token;

use crate::capabilities::Capabilities;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, RegoVersion, SourceSet, Span};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

/// How high a tree may be: productions within productions, and operators in a row. OPA counts its own calls and allows
/// about 100,000; deeper text is refused with its message.
///
/// A module has the stack of its engine, half a megabyte in wasmtime: less than 1,000 levels take where code is not
/// optimized. 800 fit.
pub const MAX_DEPTH: u32 = if cfg!(target_arch = "wasm32") { 500 } else { 1_000 };

/// What the parser has to be told.
#[derive(Clone, Copy, Debug)]
pub struct ParseOptions<'a> {
    /// Which parts of the language there are.
    pub capabilities: &'a Capabilities,
}

/// Parses a file of a [`SourceSet`] as a module, in the version of its [`Source`](crate::source::Source).
///
/// Gives what could be read, and everything that is wrong, with [`Code::Parse`]. There is no module where nothing usable
/// was read: in an empty file, or without a package clause and metadata. A module that comes with errors lacks parts; one without a package
/// clause has the empty path.
#[must_use]
pub fn parse_module(
    sources: &SourceSet,
    file: FileId,
    options: &ParseOptions<'_>,
) -> (Option<ast::Module>, Vec<Diagnostic>) {
    let source = sources.get(file);
    if let Some(error) = illegal_capabilities(options.capabilities, source.version) {
        return (None, vec![error]);
    }
    let lexed = lexer::lex(file, &source.text);
    let parsed = parse::module(file, source, options.capabilities, &lexed);
    assemble::module(file, source, parsed, lexed.comments)
}

/// Why a text is no module to OPA's `ast.ParseModule`.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// It holds no statement.
    Empty,
    /// A statement cannot be read: what is wrong with the first of them.
    Unread(Vec<Diagnostic>),
    /// The statements make no module.
    Unfit(Vec<Diagnostic>),
}

/// Parses a file of a [`SourceSet`] as a module, as OPA's `ast.ParseModule` does: without looking for metadata.
///
/// # Errors
/// Where OPA gives errors, with those that it gives.
pub fn parse_plain_module(
    sources: &SourceSet,
    file: FileId,
    options: &ParseOptions<'_>,
) -> Result<ast::Module, Refusal> {
    let source = sources.get(file);
    let lexed = lexer::lex(file, &source.text);
    let mut parsed = parse::plain_module(file, source, options.capabilities, &lexed);
    if !parsed.errors.is_empty() {
        parsed.errors.truncate(parsed.first_errors);
        return Err(Refusal::Unread(parsed.errors));
    }
    if parsed.statements.is_empty() {
        return Err(Refusal::Empty);
    }
    let assembled = assemble::plain(file, source, parsed, lexed.comments);
    if assembled.errors.is_empty() { Ok(assembled.module) } else { Err(Refusal::Unfit(assembled.errors)) }
}

/// Parses a file of a [`SourceSet`] as a query: literals that semicolons or lines separate, with all keywords of v1.
///
/// `version` is how the query is read; the version of the file does not matter.
#[must_use]
pub fn parse_query(
    sources: &SourceSet,
    file: FileId,
    version: RegoVersion,
    options: &ParseOptions<'_>,
) -> (Option<ast::Body>, Vec<Diagnostic>) {
    let source = sources.get(file);
    if let Some(error) = illegal_capabilities(options.capabilities, version) {
        return (None, vec![error]);
    }
    let lexed = lexer::lex(file, &source.text);
    let parsed = parse::query(file, source, version, options.capabilities, &lexed);
    let mut errors = parsed.errors;
    let mut literals = Vec::new();
    for statement in parsed.statements {
        match statement {
            parse::Statement::Body(body) => literals.extend(body.literals),
            parse::Statement::Package(package) => {
                errors.push(Diagnostic::new(Code::Parse, package.span, "expected body but got package"));
            }
            parse::Statement::Import(import) => {
                errors.push(Diagnostic::new(Code::Parse, import.span, "expected body but got import"));
            }
            parse::Statement::Rule(rule) => {
                errors.push(Diagnostic::new(Code::Parse, rule.span, "expected body but got rule"));
            }
        }
    }
    let whole = Span { file, start: 0, end: source.text.len() as u32 };
    let span = match (literals.first(), literals.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => {
            if errors.is_empty() {
                errors.push(Diagnostic::new(Code::Parse, whole, "empty query"));
            }
            return (None, errors);
        }
    };
    (Some(ast::Body { literals, span }), errors)
}

/// What is wrong with the capabilities themselves.
fn illegal_capabilities(capabilities: &Capabilities, version: RegoVersion) -> Option<Diagnostic> {
    if version.knows_v1() && !["rego_v1", "rego_v2"].iter().any(|feature| capabilities.features.contains(*feature)) {
        let message = "illegal capabilities: rego_v1 feature required for parsing v1 Rego";
        return Some(Diagnostic::without_place(Code::Parse, message));
    }
    let known = |name: &str| token::SoftKeywords::V0.contains(&name) || token::SoftKeywords::V1.contains(&name);
    let unknown = capabilities.future_keywords.iter().find(|name| !known(name))?;
    Some(Diagnostic::without_place(Code::Parse, format!("illegal capabilities: unknown keyword: {unknown}")))
}
