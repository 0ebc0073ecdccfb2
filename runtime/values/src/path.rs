//! Changes of a document in place: `opa_value_add_path` and `opa_value_remove_path` of OPA's wasm ABI 1.3.

use crate::{Array, Object, Value, keyed, raw, rt};

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
fn change(mut document: Value, path: Value, value: Value) -> i32 {
    let keys = path.as_array().map_or(&[][..], Array::as_slice);
    let mut left = keys.len();
    if left == 0 {
        return INVALID_PATH;
    }
    for key in keys {
        left -= 1;
        if left > 0 && !key.is_string() {
            return INVALID_PATH;
        }
    }
    left = keys.len();
    for &key in keys {
        if document.as_object().is_none() {
            // Where nothing is, nothing is removed, and nothing can be put into what is no object.
            return if value.is_undefined() { OK } else { INVALID_TYPE };
        }
        left -= 1;
        let mut next = rt::dot_text(document, key);
        if next.is_undefined() && value.is_undefined() {
            return OK;
        }
        if left == 0 {
            next = value;
        } else if next.is_undefined() {
            next = Object::new(0).into();
        } else {
            document = next;
            continue;
        }
        raw::assume(document, keyed::replaced(document, key, next));
        document = next;
    }
    OK
}
