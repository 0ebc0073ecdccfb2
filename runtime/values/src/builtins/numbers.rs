//! Arithmetic: `+`, `-`, `*`, `/`, `%`, `abs`, `ceil`, `floor`, `round`, `numbers.range`, `numbers.range_step`.

use super::{operand, sets};
use crate::{Value, error, number};

/// `a + b`
#[must_use]
pub fn plus(a: Value, b: Value) -> Value {
    match operand::pair(operand::number, a, b) {
        Some((a, b)) => number::add(a, b),
        None => Value::UNDEFINED,
    }
}

/// `a - b`, of numbers or of sets
#[must_use]
pub fn minus(a: Value, b: Value) -> Value {
    if a.is_number() && b.is_number() {
        return number::subtract(a, b);
    }
    if a.as_set().is_some() && b.as_set().is_some() {
        return sets::difference(a, b);
    }
    if !a.is_number() && a.as_set().is_none() {
        return error::operand_type(1, a, "one of {number, set}");
    }
    error::operand_type(2, b, if b.is_number() { "set" } else { "number" })
}
