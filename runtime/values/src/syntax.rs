//! Value syntax: JSON with sets (`{1,2}`, `set()`) and with keys of any type.

use crate::parser::{self, Error, Grammar};
use crate::{Value, raw, writer};

/// Reads a value that takes the whole text.
///
/// # Errors
/// When the text is not a value, nests deeper than [`regoc_abi::layout::MAX_DEPTH`], or holds a number that OPA refuses.
pub fn parse(text: &[u8]) -> Result<Value, Error> {
    parser::parse(text, Grammar::Syntax)
}

/// The text of a value, followed by a NUL byte that is not counted.
#[must_use]
pub fn write(value: Value) -> &'static [u8] {
    raw::text(write_string(value))
}

/// The text of a value as a string.
#[must_use]
pub fn write_string(value: Value) -> Value {
    writer::write(value, false)
}
