//! Aggregates: `count`, `sum`, `product`, `max`, `min`, `sort`, `all`, `any`, and `in`.

use crate::{Value, equal, error, rt, utf8};

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
