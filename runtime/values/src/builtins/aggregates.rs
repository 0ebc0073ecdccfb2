//! Aggregates: `count`, `sum`, `product`, `max`, `min`, `sort`, `all`, `any`, and `in`.

use crate::{Array, Tag, Value, equal, error, number, rt, utf8};

/// `count(collection or string)`
#[must_use]
pub fn count(value: Value) -> Value {
    let len = rt::len(value);
    if !len.is_undefined() {
        return len;
    }
    match value.as_str() {
        Some(text) => Value::count(utf8::count(text)),
        None => error::operand_type(1, value, "one of {array, object, set, string}"),
    }
}

/// `sum(numbers)`
#[must_use]
pub fn sum(numbers: Value) -> Value {
    match numbers_of(numbers) {
        Some(numbers) => number::sum(numbers),
        None => Value::UNDEFINED,
    }
}

/// `product(numbers)`
#[must_use]
pub fn product(numbers: Value) -> Value {
    match numbers_of(numbers) {
        Some(numbers) => number::product(numbers),
        None => Value::UNDEFINED,
    }
}

/// `max(array or set)`: undefined without elements
#[must_use]
pub fn max(collection: Value) -> Value {
    extreme(collection, |element, best| element >= best)
}

/// `min(array or set)`: undefined without elements
#[must_use]
pub fn min(collection: Value) -> Value {
    extreme(collection, |element, best| element <= best)
}

/// `sort(array or set)`
#[must_use]
pub fn sort(collection: Value) -> Value {
    let Some(elements) = elements(collection, SETS_FIRST) else { return Value::UNDEFINED };
    let sorted: Array = elements.collect();
    if collection.as_array().is_some() {
        sorted.sort();
    }
    sorted.into()
}

/// `all(array or set)`: whether each element is `true`
#[must_use]
pub fn all(collection: Value) -> Value {
    match elements(collection, ARRAYS_FIRST) {
        Some(mut elements) => Value::boolean(elements.all(|element| element.as_boolean() == Some(true))),
        None => Value::UNDEFINED,
    }
}

/// `any(array or set)`: whether some element is `true`
#[must_use]
pub fn any(collection: Value) -> Value {
    match elements(collection, ARRAYS_FIRST) {
        Some(mut elements) => Value::boolean(elements.any(|element| element.as_boolean() == Some(true))),
        None => Value::UNDEFINED,
    }
}

const SETS_FIRST: &str = "one of {set, array}";
const ARRAYS_FIRST: &str = "one of {array, set}";

/// The elements of the first operand, an array or a set.
fn elements(collection: Value, expected: &str) -> Option<impl Iterator<Item = Value> + Clone + use<>> {
    if !matches!(collection.tag(), Tag::Array | Tag::Set) {
        error::operand_type(1, collection, expected);
        return None;
    }
    Some((0..rt::scan(collection)).map(move |index| rt::scan_value(collection, index)))
}

fn numbers_of(collection: Value) -> Option<impl Iterator<Item = Value> + Clone + use<>> {
    let elements = elements(collection, SETS_FIRST)?;
    if let Some(other) = elements.clone().find(|element| !element.is_number()) {
        error::operand_element(1, collection, other, "numbers");
        return None;
    }
    Some(elements)
}

fn extreme(collection: Value, is_better: impl Fn(Value, Value) -> bool) -> Value {
    let Some(elements) = elements(collection, SETS_FIRST) else { return Value::UNDEFINED };
    elements.fold(
        Value::UNDEFINED,
        |best, element| {
            if best.is_undefined() || is_better(element, best) { element } else { best }
        },
    )
}

/// `value in collection`
#[must_use]
pub fn member(value: Value, collection: Value) -> Value {
    if let Some(set) = collection.as_set() {
        return Value::boolean(set.contains(value));
    }
    let count = rt::scan(collection);
    Value::boolean((0..count).any(|index| equal(rt::scan_value(collection, index), value)))
}

/// `key, value in collection`
#[must_use]
pub fn member_with_key(key: Value, value: Value, collection: Value) -> Value {
    Value::boolean(equal(rt::dot(collection, key), value))
}
