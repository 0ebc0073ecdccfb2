//! Arithmetic as OPA does it: integers exactly, everything else on floats of 64 bits.

use crate::Value;

/// `a + b`; both are numbers.
#[must_use]
pub fn add(a: Value, b: Value) -> Value {
    match (a.as_integer(), b.as_integer()) {
        (Some(x), Some(y)) if x.checked_add(y).is_some() => Value::integer(x.wrapping_add(y)),
        _ => Value::UNDEFINED,
    }
}

/// `a - b`; both are numbers.
#[must_use]
pub fn subtract(a: Value, b: Value) -> Value {
    match (a.as_integer(), b.as_integer()) {
        (Some(x), Some(y)) if x.checked_sub(y).is_some() => Value::integer(x.wrapping_sub(y)),
        _ => Value::UNDEFINED,
    }
}
