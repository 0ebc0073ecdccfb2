//! Arrays: `array.concat`, `array.flatten`, `array.reverse`, `array.slice`.

use super::operand;
use crate::{Array, Value};

/// `array.concat(a, b)`
#[must_use]
pub fn concat(a: Value, b: Value) -> Value {
    match operand::pair(operand::array, a, b) {
        Some((first, _)) if first.is_empty() => b,
        Some((_, second)) if second.is_empty() => a,
        Some((a, b)) => a.iter().chain(b.iter()).collect::<Array>().into(),
        None => Value::UNDEFINED,
    }
}

/// `array.flatten(array)`: one level of arrays inside it becomes their elements
#[must_use]
pub fn flatten(array: Value) -> Value {
    let Some(array) = operand::array(1, array) else { return Value::UNDEFINED };
    let flat = Array::new(array.len());
    for element in array.iter() {
        match element.as_array() {
            Some(inner) => inner.iter().for_each(|element| flat.push(element)),
            None => flat.push(element),
        }
    }
    flat.into()
}

/// `array.reverse(array)`
#[must_use]
pub fn reverse(array: Value) -> Value {
    match operand::array(1, array) {
        Some(array) => array.iter().rev().collect::<Array>().into(),
        None => Value::UNDEFINED,
    }
}

/// `array.slice(array, start, stop)`: bounds outside are moved inside
#[must_use]
pub fn slice(array: Value, start: Value, stop: Value) -> Value {
    let Some(elements) = operand::array(1, array) else { return Value::UNDEFINED };
    let Some(start) = operand::integer(2, start) else { return Value::UNDEFINED };
    let Some(stop) = operand::integer(3, stop) else { return Value::UNDEFINED };
    let stop = stop.clamp(0, elements.len() as i64);
    let start = start.clamp(0, stop);
    let elements = elements.as_slice().get(start as usize..stop as usize).unwrap_or_default();
    elements.iter().copied().collect::<Array>().into()
}
