//! What the compiler has to say about a text: data, made into text only at the edge (the command line).
//!
//! Codes, messages and places are OPA's (`v1/ast/errors.go`). Nothing decides anything by looking into a message.

use crate::source::{SourceSet, Span};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// OPA's code of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The text is not Rego.
    Parse,
    /// The module breaks a rule that has no code of its own.
    Compile,
    /// A type does not fit, an arity is wrong, rules conflict.
    Type,
    /// A variable cannot be bound before it is used.
    UnsafeVar,
    /// A rule reaches itself.
    Recursion,
}

impl Code {
    /// All codes.
    pub const ALL: [Self; 5] = [Self::Parse, Self::Compile, Self::Type, Self::UnsafeVar, Self::Recursion];

    /// The code as OPA prints it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parse => "rego_parse_error",
            Self::Compile => "rego_compile_error",
            Self::Type => "rego_type_error",
            Self::UnsafeVar => "rego_unsafe_var_error",
            Self::Recursion => "rego_recursion_error",
        }
    }
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// OPA's code.
    pub code: Code,
    /// What is wrong, in OPA's words where OPA's words are known.
    pub message: String,
    /// Where; none when the error belongs to no text.
    pub span: Option<Span>,
    /// The lines that OPA prints below the message (`have: …`, `want: …`), without the source line.
    pub details: Vec<String>,
    /// What to do about it, in regoc's words.
    pub help: Option<String>,
    /// Other places involved, each with a short text.
    pub labels: Vec<(Span, String)>,
}

impl Diagnostic {
    /// An error at a place.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::without_place(code, message) }
    }

    /// An error that belongs to no text.
    #[must_use]
    pub fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: None, details: Vec::new(), help: None, labels: Vec::new() }
    }

    /// The same with a help text.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with detail lines.
    #[must_use]
    pub fn with_details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }

    /// The one-line form that OPA prints: `FILE:ROW: CODE: MESSAGE`.
    #[must_use]
    pub fn to_line(&self, sources: &SourceSet) -> String {
        match self.span {
            Some(span) => format!(
                "{}:{}: {}: {}",
                sources.get(span.file).name,
                sources.position(span).row,
                self.code.as_str(),
                self.message
            ),
            None => format!("{}: {}", self.code.as_str(), self.message),
        }
    }
}
