//! A value as OPA prints it inside of texts (`sprintf`, templates, messages): value syntax with a blank behind each comma and colon, strings
//! quoted as Go quotes them. What modules print as results is in `writer`.

use alloc::vec::Vec;

use crate::format::append_quoted;
use crate::{Tag, Value, number, rt};

/// The text of a value.
#[must_use]
pub fn display(value: Value) -> Vec<u8> {
    let mut text = Vec::new();
    append(&mut text, value);
    text
}

/// Writes the text of a value.
pub(crate) fn append(text: &mut Vec<u8>, value: Value) {
    match value.tag() {
        Tag::Null => text.extend_from_slice(b"null"),
        Tag::Boolean => text.extend_from_slice(if value.as_boolean() == Some(true) { b"true" } else { b"false" }),
        Tag::Integer | Tag::Number => append_number(text, value),
        Tag::String => append_string(text, value),
        tag => append_collection(text, value, tag),
    }
}

// Kept out of `append`: its buffers would stand on the stack once for each level of nesting.
#[inline(never)]
fn append_number(text: &mut Vec<u8>, value: Value) {
    if let Some(digits) = number::text(value) {
        text.extend_from_slice(digits.bytes());
    }
}

#[inline(never)]
fn append_string(text: &mut Vec<u8>, value: Value) {
    append_quoted(text, value.as_str().unwrap_or_default());
}

fn append_collection(text: &mut Vec<u8>, value: Value, tag: Tag) {
    let count = rt::scan(value);
    if count == 0 && tag == Tag::Set {
        return text.extend_from_slice(b"set()");
    }
    text.push(if tag == Tag::Array { b'[' } else { b'{' });
    for index in 0..count {
        if index > 0 {
            text.extend_from_slice(b", ");
        }
        if tag == Tag::Object {
            append(text, rt::scan_key(value, index));
            text.extend_from_slice(b": ");
        }
        append(text, rt::scan_value(value, index));
    }
    text.push(if tag == Tag::Array { b']' } else { b'}' });
}
