//! Operands of one type: the value, or `None` after the failure is noted.

use crate::{Array, Object, Set, Value, error};

/// The operand at a position (from 1) as an array.
pub(crate) fn array(position: i64, value: Value) -> Option<Array> {
    typed(position, value, value.as_array(), "array")
}

/// The operand at a position as an object.
pub(crate) fn object(position: i64, value: Value) -> Option<Object> {
    typed(position, value, value.as_object(), "object")
}

/// The operand at a position as a set.
pub(crate) fn set(position: i64, value: Value) -> Option<Set> {
    typed(position, value, value.as_set(), "set")
}

/// The operand at a position as the bytes of a string.
pub(crate) fn string(position: i64, value: Value) -> Option<&'static [u8]> {
    typed(position, value, value.as_str(), "string")
}

/// The operand at a position, which must be a number.
pub(crate) fn number(position: i64, value: Value) -> Option<Value> {
    typed(position, value, value.is_number().then_some(value), "number")
}

fn typed<T>(position: i64, value: Value, typed: Option<T>, expected: &str) -> Option<T> {
    if typed.is_none() {
        error::operand_type(position, value, expected);
    }
    typed
}

/// Two operands of the same type.
pub(crate) fn pair<T>(typed: impl Fn(i64, Value) -> Option<T>, a: Value, b: Value) -> Option<(T, T)> {
    let a = typed(1, a)?;
    Some((a, typed(2, b)?))
}
