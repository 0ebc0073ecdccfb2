//! The writer of JSON and of value syntax, as OPA's wasm modules print results: no spaces, escapes only where they must
//! be, everything in OPA's order.

use crate::arena::TextBuilder;
use crate::parser::{ESCAPES, plain_len};
use crate::{Tag, Value, keyed, number, raw};

/// Writes a value as a string.
pub(crate) fn write(value: Value, is_json: bool) -> Value {
    let mut text = TextBuilder::new();
    write_value(&mut text, value, is_json, 0);
    text.finish()
}

/// Appends a value, inside of so many strings: JSON writes a key that is not a string as a string of its JSON text.
fn write_value(text: &mut TextBuilder, value: Value, is_json: bool, quotes: u32) {
    let word: &[u8] = match value.tag() {
        Tag::Null => b"null",
        Tag::Boolean if value.to_word() == Value::TRUE.to_word() => b"true",
        Tag::Boolean => b"false",
        Tag::Integer | Tag::Number => return write_number(text, value),
        Tag::String => return write_quoted(text, raw::text(value), quotes),
        Tag::Set if !is_json && raw::len(value) == 0 => b"set()",
        tag => return write_collection(text, value, tag, is_json, quotes),
    };
    text.extend(word);
}

#[inline(never)]
fn write_number(text: &mut TextBuilder, value: Value) {
    text.extend(number::text_in(value, &mut number::Digits::default()));
}

fn write_collection(text: &mut TextBuilder, value: Value, tag: Tag, is_json: bool, quotes: u32) {
    keyed::settle(value);
    let words = raw::len(value) * keyed::stride(value);
    let has_keys = matches!(tag, Tag::Object);
    // The brackets of one kind are two apart, those of the two kinds 32.
    let open = b'[' + (u8::from(has_keys || matches!(tag, Tag::Set) && !is_json) << 5);
    let mut before = open;
    for index in 0..words {
        text.push(before);
        let item = raw::item(value, index);
        let is_key = has_keys && index % 2 == 0;
        before = if is_key { b':' } else { b',' };
        if is_key && is_json && !item.is_string() {
            push(text, b'"', quotes);
            write_value(text, item, is_json, quotes + 1);
            push(text, b'"', quotes);
        } else {
            write_value(text, item, is_json, quotes);
        }
    }
    if words == 0 {
        text.push(open);
    }
    text.push(open + 2);
}

/// Appends a string in quotes, inside of so many strings.
#[inline(never)]
fn write_quoted(text: &mut TextBuilder, bytes: &[u8], quotes: u32) {
    push(text, b'"', quotes);
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let plain = plain_len(rest);
        text.extend(rest.get(..plain).unwrap_or_default());
        at += plain + 1;
        match rest.get(plain) {
            Some(&byte @ 0x80..) => text.push(byte),
            Some(&byte) => write_escape(text, byte, quotes),
            None => {}
        }
    }
    push(text, b'"', quotes);
}

fn write_escape(text: &mut TextBuilder, byte: u8, quotes: u32) {
    push(text, b'\\', quotes);
    let mut left = ESCAPES.get(..WRITTEN_ESCAPES).unwrap_or_default();
    while let [written, meant, rest @ ..] = left {
        if *meant == byte {
            // Only what stands for itself is more than a letter.
            return push(text, *written, if written == meant { quotes } else { 0 });
        }
        left = rest;
    }
    text.extend(b"u00");
    text.push(b'0' + (byte >> 4));
    text.push(hex_digit(byte & 15));
}

/// The length of that part of [`ESCAPES`] which is written: OPA writes all other characters by their code.
const WRITTEN_ESCAPES: usize = 10;

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
