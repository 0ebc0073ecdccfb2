//! Operands of one type: the value, or `None` after the failure is noted.

use crate::error::Part;
use crate::number::{Integer, integer_operand};
use crate::{Array, Object, Set, Tag, Value, error, rt};

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

/// The operand at a position as an integer of 64 bits; `1.0` is one.
pub(crate) fn integer(position: i64, value: Value) -> Option<i64> {
    let number = number(position, value)?;
    whole(position, crate::number::to_i64(number))
}

/// The elements of the operand at a position, an array or a set of strings. `expected` names the types in messages.
pub(crate) fn strings(
    position: i64,
    value: Value,
    expected: &str,
) -> Option<impl Iterator<Item = &'static [u8]> + use<>> {
    if !matches!(value.tag(), Tag::Array | Tag::Set) {
        error::operand_type(position, value, expected);
        return None;
    }
    let count = rt::scan(value);
    let element = move |index| rt::scan_value(value, index);
    if let Some(other) = (0..count).map(element).find(|element| element.as_str().is_none()) {
        error::operand_element(position, value, other, "strings");
        return None;
    }
    Some((0..count).map(move |index| element(index).as_str().unwrap_or_default()))
}

/// The operand at a position as an integer of any size; `1e3` and `2.0` are integers.
pub(crate) fn big_integer(position: i64, value: Value) -> Option<Integer> {
    typed(position, value, value.is_number().then_some(()), "integer")?;
    whole(position, integer_operand(value))
}

fn whole<T>(position: i64, integer: Option<T>) -> Option<T> {
    if integer.is_none() {
        error::operand(position, &[Part::Text("must be integer number but got floating-point number")]);
    }
    integer
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
