//! Rego: `rego.parse_module`, over [`crate::rego`].

use super::operand;
use crate::error::{self, Part};
use crate::{Value, rego};

/// `rego.parse_module(filename, text)`: the syntax tree of a module, read as v1.
#[must_use]
pub fn parse_module(file_name: Value, text: Value) -> Value {
    let Some(file_name) = operand::string(1, file_name) else { return Value::UNDEFINED };
    // OPA counts both operands as the first.
    let Some(text) = operand::string(1, text) else { return Value::UNDEFINED };
    rego::parse(file_name, text).unwrap_or_else(|failure| error::fail_with(&[Part::Bytes(failure.0.as_bytes())]))
}
