//! What can go wrong in a command, kept as data until it is shown.

use regoc_compiler::diagnostic::Diagnostic;
use regoc_compiler::source::SourceSet;

/// One thing that went wrong.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The compiler's, with a place in one of the sources.
    Diagnostic(Diagnostic),
    /// The runtime's.
    Runtime(regoc_runtime::Error),
    /// Any other: a file that cannot be read, an option that makes no sense.
    Message(String),
}

/// Everything that went wrong, with the texts that the places are in.
#[derive(Debug, Default)]
pub(crate) struct Failure {
    /// The texts.
    pub(crate) sources: SourceSet,
    /// What went wrong, in the order in which it was found.
    pub(crate) problems: Vec<Problem>,
}

impl Failure {
    /// What the compiler found.
    pub(crate) fn diagnostics(sources: SourceSet, diagnostics: Vec<Diagnostic>) -> Self {
        Self { sources, problems: diagnostics.into_iter().map(Problem::Diagnostic).collect() }
    }

    /// A message without a place.
    pub(crate) fn message(message: impl Into<String>) -> Self {
        Self { sources: SourceSet::new(), problems: vec![Problem::Message(message.into())] }
    }
}

impl From<regoc_runtime::Error> for Failure {
    fn from(error: regoc_runtime::Error) -> Self {
        Self { sources: SourceSet::new(), problems: vec![Problem::Runtime(error)] }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { sources: SourceSet::new(), problems: vec![problem] }
    }
}
