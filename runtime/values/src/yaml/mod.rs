//! YAML as OPA reads it (go-yaml 3 with OPA's rules on top): the first document of a stream, as the value that its JSON would be.
//!
//! Timestamps are strings, `yes` and `on` too; the last of equal keys wins; `<<` merges; keys that are not strings become
//! strings, but `null` and collections are refused. The scanner is libyaml's.

mod convert;
mod events;
mod scalar;
mod tree;

use alloc::string::String;
use alloc::vec::Vec;

use crate::Value;

/// Why a text is not YAML, or not YAML that JSON can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The line from 1; 0 when it is not known.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

impl Error {
    fn new(message: &str) -> Self {
        Self { line: 0, message: String::from(message) }
    }

    fn with(before: &str, text: &[u8], after: &str) -> Self {
        let mut message = Vec::from(before.as_bytes());
        message.extend_from_slice(text);
        message.extend_from_slice(after.as_bytes());
        Self { line: 0, message: String::from_utf8_lossy(&message).into_owned() }
    }
}

/// Reads the first document; `null` when there is none.
///
/// # Errors
/// Any fault in the stream, and values that JSON cannot hold.
pub fn parse(text: &[u8]) -> Result<Value, Error> {
    convert::value(&tree::read(text)?)
}

#[cfg(test)]
mod tests;
