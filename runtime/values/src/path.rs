//! Changes of a document in place: `opa_value_add_path` and `opa_value_remove_path` of OPA's wasm ABI 1.3.

use crate::{Object, Value};

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
    let path = path.as_slice();
    let Some((_, inner)) = path.split_last() else { return INVALID_PATH };
    if !inner.iter().all(|key| key.is_string()) {
        return INVALID_PATH;
    }
    let is_removal = value.is_undefined();
    let mut document = document;
    for (index, &key) in path.iter().enumerate() {
        let Some(object) = document.as_object() else {
            return if is_removal { OK } else { INVALID_TYPE };
        };
        if index == inner.len() {
            if is_removal {
                object.remove(key);
            } else {
                object.insert(key, value);
            }
            break;
        }
        document = object.get(key);
        if document.is_undefined() {
            if is_removal {
                break;
            }
            document = Object::new(1).into();
            object.insert(key, document);
        }
    }
    OK
}
