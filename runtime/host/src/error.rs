//! What can go wrong, as data: a kind to decide by, OPA's code, a message, and the place in the policy's source where the
//! module knows it.

use std::fmt;

use regoc_abi::errors;

/// What went wrong; decide by this, never by the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes are not a WebAssembly module that can be compiled.
    InvalidModule,
    /// The bytes are a WebAssembly module, but not a policy: exports or the ABI version are missing or wrong.
    NotAPolicy,
    /// The module wants something from its host that the host does not have: an import, or a host builtin.
    Unmet,
    /// There is no entrypoint of that name.
    UnknownEntrypoint,
    /// The input or the data is not JSON, or nests too deeply.
    InvalidJson,
    /// The path of a change leads through something that is no object, or is empty.
    InvalidPath,
    /// The bytes are not an image of data that the policy can use.
    InvalidImage,
    /// The policy itself failed: conflicting values, or a failed builtin where those are errors.
    Evaluation,
    /// The time that the limits allow was used up.
    TimeLimit,
    /// The memory that the limits allow was used up.
    MemoryLimit,
    /// There are as many instances as the runtime keeps room for ([`crate::Builder::pooled_instances`]).
    InstanceLimit,
    /// The module broke a rule of the ABI or of WebAssembly.
    Internal,
}

/// A place in the policy's source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file as it was named when the module was built.
    pub file: String,
    /// The row, from 1.
    pub row: u32,
    /// The column, from 1.
    pub col: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.row, self.col)
    }
}

/// An error of loading or of evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    code: Option<String>,
    message: String,
    location: Option<Location>,
}

impl Error {
    /// An error without a code and a place.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, code: None, message: message.into(), location: None }
    }

    /// The same with OPA's code.
    pub(crate) fn with_code(self, code: impl Into<String>) -> Self {
        Self { code: Some(code.into()), ..self }
    }

    /// The error that a text given to `opa_abort` stands for: `FILE:ROW:COL: CODE: MESSAGE`, where the place or the code may be
    /// missing ([`regoc_abi::errors`]).
    pub(crate) fn from_abort(text: &str) -> Self {
        let (location, text) = match split_location(text) {
            Some((location, rest)) => (Some(location), rest),
            None => (None, text),
        };
        let (code, message) = match text.split_once(": ") {
            Some((code, message)) if is_code(code) => (code, message),
            _ => (code_of_opa_message(text), text),
        };
        let kind = match code {
            errors::INTERNAL => ErrorKind::Internal,
            errors::CANCEL => ErrorKind::TimeLimit,
            _ => ErrorKind::Evaluation,
        };
        Self { kind, code: Some(code.to_owned()), message: message.to_owned(), location }
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// OPA's code, such as `eval_conflict_error`; none for errors that OPA does not have.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What is wrong; of conflicting values, the values with the places of their rules follow, each on a line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where in the policy's source.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        if let Some(code) = &self.code {
            write!(f, "{code}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Splits `FILE:ROW:COL: ` off. A file name may hold colons, so the first `:digits:digits: ` decides.
fn split_location(text: &str) -> Option<(Location, &str)> {
    let first_line = text.lines().next().unwrap_or_default();
    for (at, _) in first_line.match_indices(':') {
        let mut parts = text.get(at + 1..)?.splitn(3, ':');
        let (Some(row), Some(col), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return None };
        if let (Ok(row), Ok(col), Some(rest)) = (row.parse(), col.parse(), rest.strip_prefix(' ')) {
            let file = text.get(..at)?.to_owned();
            return Some((Location { file, row, col }, rest));
        }
    }
    None
}

/// Whether a word is one of OPA's codes of evaluation errors.
fn is_code(word: &str) -> bool {
    [errors::CONFLICT, errors::TYPE, errors::BUILTIN, errors::WITH_MERGE, errors::CANCEL, errors::INTERNAL]
        .contains(&word)
}

/// The code of a message without one, as modules that OPA builds abort with (its `opa_runtime_error`).
fn code_of_opa_message(message: &str) -> &'static str {
    match message {
        "var assignment conflict" | "object insert conflict" => errors::CONFLICT,
        _ => errors::INTERNAL,
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind};

    #[test]
    fn abort_messages_are_taken_apart() {
        let parts = |text: &str| {
            let error = Error::from_abort(text);
            let place = error.location().map(ToString::to_string);
            (error.kind(), error.code().map(str::to_owned), error.message().to_owned(), place)
        };
        let code = |code: &str| Some(code.to_owned());
        assert_eq!(
            parts("a/b.rego:3:1: eval_conflict_error: two values: one, two"),
            (ErrorKind::Evaluation, code("eval_conflict_error"), "two values: one, two".into(), code("a/b.rego:3:1"))
        );
        assert_eq!(
            parts("C:\\x.rego:12:7: var assignment conflict"),
            (
                ErrorKind::Evaluation,
                code("eval_conflict_error"),
                "var assignment conflict".into(),
                code("C:\\x.rego:12:7")
            )
        );
        assert_eq!(
            parts("eval_builtin_error: div: divide by zero"),
            (ErrorKind::Evaluation, code("eval_builtin_error"), "div: divide by zero".into(), None)
        );
        assert_eq!(
            parts("opa_malloc: failed"),
            (ErrorKind::Internal, code("eval_internal_error"), "opa_malloc: failed".into(), None)
        );
    }

    #[test]
    fn a_message_may_have_several_lines() {
        let text = "x.rego:1:2: eval_conflict_error: m:\n  1 at x.rego:1\n  2 at x.rego:5";
        let error = Error::from_abort(text);
        assert_eq!(error.message(), "m:\n  1 at x.rego:1\n  2 at x.rego:5");
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn only_the_first_line_has_the_place() {
        let error = Error::from_abort("eval_conflict_error: m:\n  \"a:1:2: b\" at x.rego:1");
        assert_eq!(error.location(), None);
        assert_eq!(error.code(), Some("eval_conflict_error"));
    }
}
