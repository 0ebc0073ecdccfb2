//! Changes of a document in place: `opa_value_add_path` and `opa_value_remove_path` of OPA's wasm ABI 1.3.

use crate::{Object, Value, keyed, raw, rt};

/// Done.
pub const OK: i32 = 0;
/// The path leads through something that is no object.
pub const INVALID_TYPE: i32 = 2;
/// The path is not an array of strings, or empty.
pub const INVALID_PATH: i32 = 3;

/// Puts a value at a path, an array of strings, making objects on the way. Returns an error code.
#[must_use]
pub fn add(document: Value, path: Value, value: Value) -> i32 {
    change(document, path, value)
}

/// Removes what lies at a path. Nothing there is no error. Returns an error code.
#[must_use]
pub fn remove(document: Value, path: Value) -> i32 {
    change(document, path, Value::UNDEFINED)
}

/// Adds the value, or removes what is there if the value is undefined.
#[inline(never)]
fn change(document: Value, path: Value, value: Value) -> i32 {
    let Some((&last, keys)) = path.as_array().and_then(|path| path.as_slice().split_last()) else {
        return INVALID_PATH;
    };
    if !keys.iter().all(|key| key.is_string()) {
        return INVALID_PATH;
    }
    let mut document = document;
    for &key in keys {
        let mut next = rt::dot(document, key);
        if next.is_undefined() {
            if value.is_undefined() {
                return OK;
            }
            next = Object::new(1).into();
            if !put(document, key, next) {
                return INVALID_TYPE;
            }
        }
        document = next;
    }
    if value.is_undefined() {
        if let Some(object) = document.as_object()
            && let Some(at) = keyed::find(object.into(), last)
        {
            keyed::remove_at(document, at);
        }
        return OK;
    }
    if put(document, last, value) { OK } else { INVALID_TYPE }
}

/// Sets a key of an object; false when it is none.
fn put(document: Value, key: Value, value: Value) -> bool {
    if document.as_object().is_none() {
        return false;
    }
    let (at, _) = keyed::insert_in_order(document, key);
    raw::set_item(document, at * 2 + 1, value);
    true
}
