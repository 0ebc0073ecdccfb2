//! Tokens to tree. Reports what is not Rego; does not know what names mean.
//!
//! The frame is chumsky's: its input with checkpoints, its statement list with recovery. Within a statement the
//! productions are written by hand on that input, since two things have to be OPA's exactly: where it goes back to try
//! another reading (an error that was given up with a reading is not reported), and which tokens its messages name.
//!
//! Naming: a production `x` gives the node `x` or [`Stop`](cursor::Stop), having reported why; `x_may_…` changes how the
//! current token is read; `refuse_x` reports `x` if it is there.

mod collection;
mod cursor;
mod expr;
mod hint;
mod literal;
mod logical;
mod module;
mod query;
mod rule;
mod state;
mod term;

use alloc::vec::Vec;
use chumsky::Parser as _;

pub(in crate::syntax) use module::Statement;

use crate::capabilities::Capabilities;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, RegoVersion, Source};
use crate::syntax::lexer::Lexed;
use crate::syntax::parse::state::State;

/// What became of a text.
pub(super) struct Statements {
    /// What could be read, in order.
    pub(super) statements: Vec<Statement>,
    /// What is wrong, in order.
    pub(super) errors: Vec<Diagnostic>,
    /// How many of the errors OPA gives, which ends at the first statement that it cannot read.
    pub(super) first_errors: usize,
    /// Whether `import rego.v1` or `import rego.v2` was seen.
    pub(super) raised: bool,
    /// Whether `not` takes bodies.
    pub(super) not_bodies: bool,
}

/// The statements of a module.
pub(super) fn module(file: FileId, source: &Source, capabilities: &Capabilities, lexed: &Lexed) -> Statements {
    run(State::new(file, source, capabilities, lexed), lexed)
}

/// The statements of a module as OPA's parser gives them: what its compiler would drop is there.
pub(super) fn plain_module(file: FileId, source: &Source, capabilities: &Capabilities, lexed: &Lexed) -> Statements {
    let mut state = State::new(file, source, capabilities, lexed);
    state.keeps_items = true;
    run(state, lexed)
}

/// The statements of a query: no rules.
pub(super) fn query(
    file: FileId,
    source: &Source,
    version: RegoVersion,
    capabilities: &Capabilities,
    lexed: &Lexed,
) -> Statements {
    let mut state = State::new(file, source, capabilities, lexed);
    state.version = version;
    state.skip_rules = true;
    state.know_v1();
    run(state, lexed)
}

fn run<'t>(mut state: State<'t>, lexed: &'t Lexed) -> Statements {
    // What is wrong with the first token; all others are reported when the one before is left.
    state.report_first(&lexed.tokens);
    let (statements, failures) =
        module::statements().parse_with_state(lexed.tokens.as_slice(), &mut state).into_output_errors();
    let first = failures.iter().map(|failure| failure.0.len()).find(|count| *count > 0);
    let mut errors: Vec<Diagnostic> = failures.into_iter().flat_map(|failure| failure.0).collect();
    errors.append(&mut state.pending);
    Statements {
        statements: statements.into_iter().flatten().flatten().collect(),
        first_errors: first.unwrap_or(errors.len()),
        errors,
        raised: state.raised,
        not_bodies: state.not_bodies,
    }
}
