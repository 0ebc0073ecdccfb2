//! The writer of JSON and of value syntax, as OPA's wasm modules print results: no spaces, escapes only where they must
//! be, everything in OPA's order.

use crate::arena::TextBuilder;
use crate::parser::Grammar;
use crate::{Tag, Value, keyed, number, raw};

/// Writes a value as a string.
pub(crate) fn write(value: Value, grammar: Grammar) -> Value {
    let mut text = TextBuilder::new();
    write_value(&mut text, value, grammar, 0);
    text.finish()
}

/// Appends a value, inside of so many strings: JSON writes a key that is not a string as a string of its JSON text.
fn write_value(text: &mut TextBuilder, value: Value, grammar: Grammar, quotes: u32) {
    match value.tag() {
        Tag::Null => text.extend(b"null"),
        Tag::Boolean => text.extend(if value.as_boolean() == Some(true) { b"true" } else { b"false" }),
        Tag::Integer | Tag::Number => write_number(text, value),
        Tag::String => write_quoted(text, raw::text(value), quotes),
        tag => write_collection(text, value, tag, grammar, quotes),
    }
}

#[inline(never)]
fn write_number(text: &mut TextBuilder, value: Value) {
    text.extend(number::text_in(value, &mut number::Digits::default()));
}

fn write_collection(text: &mut TextBuilder, value: Value, tag: Tag, grammar: Grammar, quotes: u32) {
    keyed::settle(value);
    let stride = keyed::stride(value);
    let words = raw::len(value) * stride;
    let is_array = matches!(tag, Tag::Array) || matches!(tag, Tag::Set) && grammar == Grammar::Json;
    if words == 0 && !is_array && stride == 1 {
        return text.extend(b"set()");
    }
    let mut before = if is_array { b'[' } else { b'{' };
    for index in 0..words {
        text.push(before);
        let item = raw::item(value, index);
        let is_key = stride == 2 && index % 2 == 0;
        if is_key && grammar == Grammar::Json && !item.is_string() {
            push(text, b'"', quotes);
            write_value(text, item, grammar, quotes + 1);
            push(text, b'"', quotes);
        } else {
            write_value(text, item, grammar, quotes);
        }
        before = if is_key { b':' } else { b',' };
    }
    if words == 0 {
        text.push(before);
    }
    text.push(if is_array { b']' } else { b'}' });
}

/// Appends a string in quotes.
pub(crate) fn write_string(text: &mut TextBuilder, bytes: &[u8]) {
    write_quoted(text, bytes, 0);
}

/// Appends a string in quotes, inside of so many strings.
#[inline(never)]
fn write_quoted(text: &mut TextBuilder, bytes: &[u8], quotes: u32) {
    push(text, b'"', quotes);
    let mut plain = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            text.extend(bytes.get(plain..at).unwrap_or_default());
            write_escape(text, byte, quotes);
            plain = at + 1;
        }
    }
    text.extend(bytes.get(plain..).unwrap_or_default());
    push(text, b'"', quotes);
}

fn write_escape(text: &mut TextBuilder, byte: u8, quotes: u32) {
    push(text, b'\\', quotes);
    match byte {
        b'\n' => text.push(b'n'),
        b'\r' => text.push(b'r'),
        b'\t' => text.push(b't'),
        b'"' | b'\\' => push(text, byte, quotes),
        _ => {
            text.extend(b"u00");
            text.push(b'0' + (byte >> 4));
            text.push(hex_digit(byte & 15));
        }
    }
}

/// Appends a quote or a backslash, inside of so many strings: each of them puts a backslash before every one that is there, and before this.
#[inline(never)]
fn push(text: &mut TextBuilder, byte: u8, quotes: u32) {
    // Memory ends long before 2 to the power of 32: what lies further out was written before.
    for _ in 1..1_usize << quotes {
        text.push(b'\\');
    }
    text.push(byte);
}

/// The small hexadecimal digit of a number below 16.
pub(crate) const fn hex_digit(digit: u8) -> u8 {
    if digit < 10 { b'0' + digit } else { b'a' - 10 + digit }
}
