//! What a builtin that the host answers is told about its call, and how it says that it failed.

use std::fmt;
use std::time::Instant;

use regoc_abi::errors;

/// What a builtin may know of the decision that it is called in.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Call<'a> {
    /// Where the policy calls the builtin, as OPA writes places in messages: `FILE:ROW`, or the text of the call in a query without a
    /// file. Empty where the module does not tell.
    pub place: &'a str,
    /// The time of the decision, in nanoseconds since 1970-01-01 UTC.
    pub now_ns: i64,
    /// When the decision must have ended ([`crate::Limits::time`]).
    pub deadline: Option<Instant>,
    /// The hosts that may be connected to ([`crate::Builder::allow_net`]); none given means all.
    pub allow_net: Option<&'a [String]>,
}

impl Call<'_> {
    /// Whether the time of the decision is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }
}

/// Why a builtin failed: OPA's code, and a message without the name of the builtin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltinError {
    code: &'static str,
    message: String,
}

impl BuiltinError {
    /// A failure (`eval_builtin_error`): the call is undefined, or an error where builtin errors are strict.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self { code: errors::BUILTIN, message: message.into() }
    }

    /// The same for an operand of a type or form that the builtin does not take (`eval_type_error`).
    #[must_use]
    pub fn operand(message: impl Into<String>) -> Self {
        Self { code: errors::TYPE, message: message.into() }
    }

    /// The time of the decision is over (`eval_cancel_error`): it ends with this error, strict or not.
    #[must_use]
    pub fn cancelled(message: impl Into<String>) -> Self {
        Self { code: errors::CANCEL, message: message.into() }
    }

    /// OPA's code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Why, without the name of the builtin.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<String> for BuiltinError {
    fn from(message: String) -> Self {
        Self::failed(message)
    }
}

impl fmt::Display for BuiltinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for BuiltinError {}
