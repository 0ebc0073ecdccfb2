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
mod repeated;
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

/// A key that a mapping has more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatedKey {
    /// The key, as it is written.
    pub key: String,
    /// The line where it is repeated, from 1.
    pub line: u64,
    /// The line where it stands before, from 1.
    pub first: u64,
}

/// The repeated keys of the first document's outermost mapping, or else those in the values of the fields of these names, in go-yaml's order.
/// [`parse`] takes the last of them.
///
/// # Errors
/// Any fault in the document.
pub fn repeated_keys(text: &[u8], fields: &[&str]) -> Result<Vec<RepeatedKey>, Error> {
    repeated::find(text, fields)
}

#[cfg(test)]
mod tests;
