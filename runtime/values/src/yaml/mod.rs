//! YAML as OPA reads it (go-yaml 3 with OPA's rules on top): the first document of a stream, as the value that its JSON would be. And as
//! OPA writes it: [`write()`].
//!
//! Timestamps are strings, `yes` and `on` too; the last of equal keys wins; `<<` merges; keys that are not strings become
//! strings, but `null` and collections are refused. The scanner is libyaml's, with what go-yaml does otherwise
//! around it (`source`).

mod convert;
mod emit;
mod events;
mod order;
mod quote;
mod scalar;
mod source;
mod tree;

use alloc::string::String;
use alloc::vec::Vec;

pub use emit::write;
pub(crate) use scalar::float_value;

use crate::Value;

/// Why a text is not YAML, or not YAML that JSON can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The line from 1, as OPA counts it; 0 when it names none.
    pub line: u64,
    /// OPA's text, line included.
    pub message: String,
}

impl Error {
    /// What the parser of YAML says.
    fn yaml(line: u64, words: &[&[u8]]) -> Self {
        let mut message = Vec::from(b"yaml: ");
        if line > 0 {
            message.extend_from_slice(alloc::format!("line {line}: ").as_bytes());
        }
        words.iter().for_each(|words| message.extend_from_slice(words));
        Self { line, message: String::from_utf8_lossy(&message).into_owned() }
    }

    /// What the parser of YAML says of the whole text.
    fn new(message: &str) -> Self {
        Self::yaml(0, &[message.as_bytes()])
    }

    /// What the way from YAML to JSON says.
    fn json(message: &str) -> Self {
        Self { line: 0, message: String::from(message) }
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
