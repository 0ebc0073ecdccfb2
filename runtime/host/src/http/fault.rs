//! Why a request was not answered, in the words of OPA and of Go's client, and what becomes of it: an error of the builtin, or with
//! `raise_error` switched off an object that tells it.

use std::io;

use regoc_abi::errors;

use crate::call::{BuiltinError, Call};
use crate::value::Value;

/// OPA's code for a request that did not get through.
const NETWORK: &str = "eval_http_send_network_error";
/// OPA's code for everything else.
const INTERNAL: &str = "eval_http_send_internal_error";

/// Why a request was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The exchange failed: `METHOD "URL": WHY`.
    Network {
        /// The method, in lower case behind its first letter.
        operation: String,
        /// The URL, without a password.
        url: String,
        /// Why.
        why: String,
        /// Whether the time was over.
        timed_out: bool,
    },
    /// The request is wrong, or its answer could not be read. OPA tells the place of the call beside the message.
    Failed(String),
    /// The same for an option of a wrong type.
    Operand(String),
    /// The request is wrong, and OPA does not tell the place of the call.
    Bare(String),
    /// The time of the decision is over.
    Cancelled,
}

impl Fault {
    /// What the failure is to the decision.
    pub(super) fn raise(self) -> BuiltinError {
        match self {
            Self::Network { operation, url, timed_out: true, .. } => {
                BuiltinError::failed(format!("{operation} {url}: request timed out"))
            }
            Self::Network { .. } => BuiltinError::failed(self.network_message()),
            Self::Failed(message) | Self::Bare(message) => BuiltinError::failed(message),
            Self::Operand(message) => BuiltinError::operand(message),
            Self::Cancelled => BuiltinError::cancelled("timed out (context deadline exceeded)"),
        }
    }

    /// The object that tells the failure where it must not be raised.
    ///
    /// # Errors
    ///
    /// When the time of the decision is over.
    pub(super) fn tell(self, call: &Call<'_>) -> Result<Value, BuiltinError> {
        // OPA's error has been made for raising already when it becomes a text here.
        let placed = |code: &str, message: &str| {
            let place = if call.place.is_empty() { String::new() } else { format!("{}: ", call.place) };
            (INTERNAL, format!("{place}{code}: http.send: {message}"))
        };
        let (code, message) = match &self {
            Self::Network { .. } => (NETWORK, self.network_message()),
            Self::Failed(message) => placed(errors::BUILTIN, message),
            Self::Operand(message) => placed(errors::TYPE, message),
            Self::Bare(message) => (INTERNAL, message.clone()),
            Self::Cancelled => return Err(self.raise()),
        };
        let error = Value::object([("code", Value::from(code)), ("message", Value::from(message))]);
        Ok(Value::object([("error", error), ("status_code", Value::from(0))]))
    }

    fn network_message(&self) -> String {
        match self {
            Self::Network { operation, url, why, .. } => format!("{operation} {}: {why}", quoted(url)),
            other => format!("{other:?}"),
        }
    }
}

/// Why bytes did not get to or from another machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Interruption {
    /// The time was over.
    TimedOut,
    /// The time was over that Go's client has for a part of the exchange, in its words.
    PartTimedOut(String),
    /// The stream ended.
    Ended,
    /// Anything else, in Go's words.
    Other(String),
}

impl Interruption {
    /// The same with words in front.
    pub(super) fn prefixed(self, prefix: &str) -> Self {
        match self {
            Self::TimedOut => Self::TimedOut,
            Self::PartTimedOut(why) => Self::PartTimedOut(format!("{prefix}{why}")),
            other => Self::Other(format!("{prefix}{}", other.text())),
        }
    }

    /// In Go's words.
    pub(super) fn text(&self) -> String {
        match self {
            Self::TimedOut => "context deadline exceeded".to_owned(),
            Self::Ended => "EOF".to_owned(),
            Self::PartTimedOut(why) | Self::Other(why) => why.clone(),
        }
    }
}

impl From<String> for Interruption {
    fn from(why: String) -> Self {
        Self::Other(why)
    }
}

impl From<&str> for Interruption {
    fn from(why: &str) -> Self {
        Self::Other(why.to_owned())
    }
}

impl From<io::Error> for Interruption {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::TimedOut,
            io::ErrorKind::UnexpectedEof => Self::Ended,
            _ => Self::Other(system_message(&error)),
        }
    }
}

/// An error of the system in Go's words: without a capital letter and without its number.
pub(super) fn system_message(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A text in double quotes, as Go quotes.
pub(super) fn quoted(text: &str) -> String {
    String::from_utf8_lossy(&regoc_values::format::quote(text.as_bytes())).into_owned()
}
