//! The writer of JSON and of value syntax, as OPA's wasm modules print results: no spaces, escapes only where they must
//! be, everything in OPA's order.

use crate::arena::TextBuilder;
use crate::parser::Grammar;
use crate::{Array, Object, Tag, Value, keyed, number, raw, rt};

/// Writes a value as a string.
pub(crate) fn write(value: Value, grammar: Grammar) -> Value {
    let mut text = TextBuilder::new();
    if write_value(&mut text, value, grammar) {
        return text.finish();
    }
    let _unfinished = text.finish();
    write(with_text_keys(value, json_text), grammar)
}

/// Appends a value. False when it meets a key that JSON cannot have; what was written is then of no use.
fn write_value(text: &mut TextBuilder, value: Value, grammar: Grammar) -> bool {
    match value.tag() {
        Tag::Null => text.extend(b"null"),
        Tag::Boolean => text.extend(if value.as_boolean() == Some(true) { b"true" } else { b"false" }),
        Tag::Integer | Tag::Number => write_number(text, value),
        Tag::String => write_string(text, raw::text(value)),
        tag => return write_collection(text, value, tag, grammar),
    }
    true
}

#[inline(never)]
fn write_number(text: &mut TextBuilder, value: Value) {
    if let Some(digits) = number::text(value) {
        text.extend(digits.bytes());
    }
}

fn write_collection(text: &mut TextBuilder, value: Value, tag: Tag, grammar: Grammar) -> bool {
    keyed::settle(value);
    let is_object = matches!(tag, Tag::Object);
    let words = raw::len(value) * keyed::stride(value);
    let is_array = matches!(tag, Tag::Array) || !is_object && grammar == Grammar::Json;
    if words == 0 && !is_array && !is_object {
        text.extend(b"set()");
        return true;
    }
    text.push(if is_array { b'[' } else { b'{' });
    for index in 0..words {
        let item = raw::item(value, index);
        if index > 0 {
            text.push(if is_object && index % 2 == 1 { b':' } else { b',' });
        }
        if is_object && index % 2 == 0 && grammar == Grammar::Json && !item.is_string()
            || !write_value(text, item, grammar)
        {
            return false;
        }
    }
    text.push(if is_array { b']' } else { b'}' });
    true
}

/// Appends a string in quotes.
pub(crate) fn write_string(text: &mut TextBuilder, bytes: &[u8]) {
    text.push(b'"');
    let mut rest = bytes;
    loop {
        let plain = rest.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\');
        let (run, special) = rest.split_at_checked(plain.unwrap_or(rest.len())).unwrap_or_default();
        text.extend(run);
        let Some((&byte, after)) = special.split_first() else { break };
        write_escape(text, byte);
        rest = after;
    }
    text.push(b'"');
}

fn write_escape(text: &mut TextBuilder, byte: u8) {
    text.push(b'\\');
    match byte {
        b'\n' => text.push(b'n'),
        b'\r' => text.push(b'r'),
        b'\t' => text.push(b't'),
        b'"' | b'\\' => text.push(byte),
        _ => {
            text.extend(b"u00");
            text.push(b'0' + (byte >> 4));
            text.push(hex_digit(byte & 15));
        }
    }
}

/// The small hexadecimal digit of a number below 16.
pub(crate) const fn hex_digit(digit: u8) -> u8 {
    if digit < 10 { b'0' + digit } else { b'a' - 10 + digit }
}

fn json_text(value: Value) -> Value {
    write(value, Grammar::Json)
}

/// A copy of a value as JSON can hold it: a key that is not a string becomes one, its JSON text; a set becomes an array.
#[inline(never)]
pub(crate) fn with_text_keys(value: Value, json_text: fn(Value) -> Value) -> Value {
    let tag = value.tag();
    if (tag as u8) < Tag::Array as u8 {
        return value;
    }
    keyed::settle(value);
    let is_object = matches!(tag, Tag::Object);
    let copy = raw::new_collection(if is_object { Tag::Object } else { Tag::Array }, raw::len(value));
    for index in 0..raw::len(value) {
        let item = with_text_keys(rt::scan_value(value, index), json_text);
        if is_object {
            let key = raw::item(value, index * 2);
            Object(copy).insert(if key.is_string() { key } else { json_text(key) }, item);
        } else {
            Array(copy).push(item);
        }
    }
    copy
}
