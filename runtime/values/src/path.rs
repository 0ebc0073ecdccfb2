//! Changes of a document in place: `opa_value_add_path` and `opa_value_remove_path` of OPA's wasm ABI 1.3.

use crate::{Object, Value, keyed, rt};

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
    let Some(path) = path.as_array() else { return INVALID_PATH };
    let Some((&last, inner)) = path.as_slice().split_last() else { return INVALID_PATH };
    if !inner.iter().all(|key| key.is_string()) {
        return INVALID_PATH;
    }
    // Where nothing is, nothing is removed, and nothing can be put into what is no object.
    let otherwise = if value.is_undefined() { OK } else { INVALID_TYPE };
    let mut document = document;
    for &key in inner {
        if document.as_object().is_none() {
            return otherwise;
        }
        let mut next = rt::dot(document, key);
        if next.is_undefined() {
            if value.is_undefined() {
                return OK;
            }
            next = Object::new(0).into();
            keyed::replace(document, key, next);
        }
        document = next;
    }
    if document.as_object().is_none() {
        return otherwise;
    }
    keyed::replace(document, last, value);
    OK
}
