//! JSON: what OPA reads as input and data, and what its wasm modules print.
#![expect(unsafe_code, reason = "reads a string where it lies, which a NUL byte follows")]

use crate::parser::{self, Error, Grammar};
use crate::{Value, raw, writer};

/// Reads a value that takes the whole text.
///
/// # Errors
/// When the text is not JSON, nests deeper than [`regoc_abi::layout::MAX_DEPTH`], or holds a number that OPA refuses.
pub fn parse(text: &[u8]) -> Result<Value, Error> {
    parser::parse(text, Grammar::Json)
}

/// Reads a value that takes a whole string.
///
/// # Errors
/// As [`parse`]. A value that is no string counts as an empty text.
pub fn parse_string(string: Value) -> Result<Value, Error> {
    match string.as_str() {
        // SAFETY: a NUL byte follows the bytes of a string.
        Some(text) => unsafe { parser::parse_terminated(text, Grammar::Json) },
        None => parse(b""),
    }
}

/// The JSON text of a value, followed by a NUL byte that is not counted: sets as arrays, a key that is not a string as a
/// string of its JSON text.
#[must_use]
pub fn write(value: Value) -> &'static [u8] {
    raw::text(write_string(value))
}

/// The JSON text of a value as a string.
#[must_use]
pub fn write_string(value: Value) -> Value {
    writer::write(value, true)
}
