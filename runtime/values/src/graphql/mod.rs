//! GraphQL documents as OPA reads and checks them (gqlparser 2.5.58 with its default rules).
//!
//! A document becomes a syntax tree ([`ast`]), from text ([`query`], [`document`]) or from the value of a tree ([`decode`]); a
//! tree becomes a value again ([`show`]). [`schema`] puts the types of a schema together and checks them, [`walk`] visits a
//! query and asks the rules ([`rules`], [`literals`], [`overlap`]).
//!
//! Recursion is bounded: documents that nest deeper than values may are refused, and so are queries whose fragments lead that
//! deep or take too many comparisons. May not know of builtins or of operands.

mod ast;
mod cursor;
mod cycles;
mod decode;
mod document;
mod lexer;
mod literals;
mod overlap;
mod prelude;
mod query;
mod rules;
mod schema;
mod show;
mod strings;
mod suggest;
#[cfg(test)]
mod tests;
mod validate;
mod walk;

use alloc::vec::Vec;

use ast::Position;
use walk::Walker;

use crate::Value;
use crate::number::Integer64;

/// How deep trees may be, in levels of the values that show them, and how deep fragments may lead: what is recursive here fits the
/// half of a megabyte that wasmtime gives to a stack.
const MAX_LEVELS: u32 = 900;

/// Why a document is refused: the whole message of OPA's error.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) Vec<u8>);

/// A query document.
pub(crate) struct Query<'a>(ast::Query<'a>);

/// A schema document.
pub(crate) struct Document<'a>(ast::Document<'a>);

/// A schema whose types fit together.
pub(crate) struct Schema<'a>(schema::Schema<'a>);

impl Query<'_> {
    /// Reads a query from its text, or from the value of its tree.
    ///
    /// # Errors
    /// When it is neither.
    pub(crate) fn read(source: Value) -> Result<Self, Failure> {
        source.as_str().map_or_else(|| decode::query(source), query::parse).map(Self)
    }

    /// The tree as a value.
    pub(crate) fn to_value(&self) -> Value {
        show::query(&self.0)
    }
}

impl<'a> Document<'a> {
    /// Reads a schema from its text, or from the value of its tree.
    ///
    /// # Errors
    /// When it is neither.
    pub(crate) fn read(source: Value) -> Result<Self, Failure> {
        source.as_str().map_or_else(|| decode::document(source), document::parse).map(Self)
    }

    /// The tree as a value.
    pub(crate) fn to_value(&self) -> Value {
        show::document(&self.0)
    }

    /// Puts the types together with those that every schema has.
    ///
    /// # Errors
    /// When they do not fit together.
    pub(crate) fn into_schema(self) -> Result<Schema<'a>, Failure> {
        schema::Schema::new(self.0).map(Schema)
    }
}

/// Checks a query against a schema by all rules. With `explain`, the failure holds every error; without, it is empty and the first
/// error ends the check.
///
/// # Errors
/// When a rule is broken, or the query is too deep or too large to be checked.
pub(crate) fn validate<'a>(schema: &'a Schema<'a>, query: &'a Query<'a>, explain: bool) -> Result<(), Failure> {
    let mut walker = Walker::new(&schema.0, &query.0, explain);
    walker.walk();
    let errors = walker.errors;
    match (errors.found, explain) {
        (false, _) => Ok(()),
        (true, true) => Err(formatted(&errors.text)),
        (true, false) => Err(Failure(Vec::new())),
    }
}

/// The errors that rules found.
struct Errors {
    /// Whether somebody wants to read them.
    explain: bool,
    found: bool,
    /// Whether the walk shall end.
    stop: bool,
    /// A line per error.
    text: Vec<u8>,
}

impl Errors {
    fn new(explain: bool) -> Self {
        Self { explain, found: false, stop: false, text: Vec::new() }
    }

    /// Notes an error, without its message; gives whether that is wanted.
    fn found(&mut self) -> bool {
        self.found = true;
        self.stop |= !self.explain;
        self.explain
    }

    fn add(&mut self, position: Position, message: &[&[u8]]) {
        if self.found() {
            self.text.extend_from_slice(b"input");
            if position.line != 0 {
                self.text.extend_from_slice(&place(position.line, position.column));
            }
            self.text.extend_from_slice(b": ");
            message.iter().for_each(|part| self.text.extend_from_slice(part));
            self.text.push(b'\n');
        }
    }

    /// Ends the walk with an error.
    #[cold]
    fn give_up(&mut self, position: Position, message: &str) {
        self.add(position, &[message.as_bytes()]);
        self.stop = true;
    }
}

fn place(line: i32, column: i32) -> Vec<u8> {
    let (line, column) = (Integer64::new(i64::from(line)), Integer64::new(i64::from(column)));
    [b":", line.bytes(), b":", column.bytes()].concat()
}

/// A failure to parse.
#[cold]
fn located(position: Position, message: &[&[u8]]) -> Failure {
    let place = place(position.line, position.column);
    formatted(&[b"input", place.as_slice(), b": ", &message.concat()].concat())
}

/// A failure of the schema.
#[cold]
fn refused(position: Position, message: &[&[u8]]) -> Failure {
    let place = if position.line == 0 { place(-1, -1) } else { place(position.line, position.column) };
    let prefix = b"Error in gqlparser SchemaDocument to Schema conversion: input".as_slice();
    Failure([prefix, &place, b": ", &message.concat()].concat())
}

/// Errors of gqlparser as OPA writes them: the place of the first one last.
fn formatted(errors: &[u8]) -> Failure {
    let mut parts = errors.splitn(4, |byte| *byte == b':');
    let is_number = |part: &&[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    parts.next();
    let (row, column, rest) = (parts.next().filter(is_number), parts.next().filter(is_number), parts.next());
    let (Some(row), Some(column), Some(rest)) = (row, column, rest) else {
        return Failure([b"GraphQL parse error: ", errors].concat());
    };
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    let rest = rest.get(spaces..).unwrap_or_default();
    let message = rest.strip_suffix(b".\n").unwrap_or(rest);
    Failure([message, b" in GraphQL string at location ", row, b":", column].concat())
}
