//! What can go wrong in a command, kept as data until it is shown.

use regoc_compiler::diagnostic::{Code, Diagnostic};
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

    /// Leaves as many problems as are asked for, 0 for all. What is wrong with texts is never left out, as in OPA.
    pub(crate) fn limit(&mut self, most: usize) {
        let is_parse = |it: &Problem| matches!(it, Problem::Diagnostic(it) if it.code == Code::Parse);
        if most > 0 && self.problems.len() > most && !self.problems.iter().all(is_parse) {
            self.problems.truncate(most);
            self.problems.push(Problem::Message("error limit reached".to_owned()));
        }
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
