//! JSON texts as Go writes and reads them: `json.marshal`, `json.marshal_with_options`, `json.unmarshal`, `json.is_valid`.

use alloc::vec::Vec;

use super::operand;
use crate::arena::TextBuilder;
use crate::error::{self, Part};
use crate::format::quote;
use crate::parser::ErrorKind;
use crate::{Array, Error, Object, Tag, Value, number, rt, utf8, writer};

/// How a text is laid out: nothing between its parts, or each element on a line of its own.
#[derive(Clone, Copy)]
struct Layout<'a> {
    prefix: &'a [u8],
    indent: &'a [u8],
}

/// `json.marshal(value)`
#[must_use]
pub fn marshal(value: Value) -> Value {
    write(value, None)
}

/// `json.marshal_with_options(value, options)`
#[must_use]
pub fn marshal_with_options(value: Value, options: Value) -> Value {
    let Some(options) = operand::object(2, options) else { return Value::UNDEFINED };
    let mut layout = Layout { prefix: b"", indent: b"\t" };
    let (mut implied, mut wanted) = (false, None);
    for (position, (key, option)) in options.entries().enumerate() {
        let Some(name) = key.as_str() else {
            return error::operand(
                2,
                &[
                    Part::Text("failed to stringify key "),
                    Part::Value(key),
                    Part::Text(" at index "),
                    Part::Number(position as i64),
                    Part::Text(": operand "),
                    Part::Number(position as i64),
                    Part::Text(" must be string but got "),
                    Part::TypeOf(key),
                ],
            );
        };
        match (name, option.as_str(), option.as_boolean()) {
            (b"prefix", Some(prefix), _) => (layout.prefix, implied) = (prefix, true),
            (b"indent", Some(indent), _) => (layout.indent, implied) = (indent, true),
            (b"pretty", _, Some(pretty)) => wanted = Some(pretty),
            _ => return refuse_option(name, position, option),
        }
    }
    let is_pretty = wanted.unwrap_or(implied);
    write(value, is_pretty.then_some(&layout))
}

fn refuse_option(name: &[u8], position: usize, option: Value) -> Value {
    match name {
        b"prefix" | b"indent" => error::operand(
            2,
            &[
                Part::Text("key "),
                Part::Quoted(name),
                Part::Text(" failed cast to string: operand "),
                Part::Number(position as i64),
                Part::Text(" must be string but got "),
                Part::TypeOf(option),
            ],
        ),
        b"pretty" => error::operand(2, &[Part::Text("key \"pretty\" failed cast to bool")]),
        _ => error::operand(2, &[Part::Text("object contained unknown key "), Part::Quoted(name)]),
    }
}

fn write(value: Value, layout: Option<&Layout<'_>>) -> Value {
    // Keys become texts first: while a text is being written, nothing else may be made.
    let value = with_text_keys(value);
    let mut text = TextBuilder::new();
    if let Some(layout) = layout {
        text.extend(layout.prefix);
    }
    write_value(&mut text, value, layout, 0);
    text.finish()
}

/// A copy of a value as JSON can hold it: a key that is not a string becomes one, its JSON text; a set becomes an array.
fn with_text_keys(value: Value) -> Value {
    if let Some(object) = value.as_object() {
        let text = |key: Value| if key.is_string() { key } else { marshal(key) };
        let entries = object.entries().map(|(key, value)| (text(key), with_text_keys(value)));
        return entries.collect::<Object>().into();
    }
    if matches!(value.tag(), Tag::Array | Tag::Set) {
        let elements = (0..rt::scan(value)).map(|index| with_text_keys(rt::scan_value(value, index)));
        return elements.collect::<Array>().into();
    }
    value
}

fn write_value(text: &mut TextBuilder, value: Value, layout: Option<&Layout<'_>>, depth: usize) {
    match value.tag() {
        Tag::Null => text.extend(b"null"),
        Tag::Boolean => text.extend(if value.as_boolean() == Some(true) { b"true" } else { b"false" }),
        Tag::String => write_string(text, value.as_str().unwrap_or_default()),
        Tag::Integer | Tag::Number => write_number(text, value),
        Tag::Array | Tag::Object | Tag::Set => write_collection(text, value, layout, depth),
    }
}

// These two are kept out of `write_value`: their buffers would stand on the module's small stack once for each level of nesting.
#[inline(never)]
fn write_number(text: &mut TextBuilder, value: Value) {
    if let Some(number) = number::text(value) {
        text.extend(number.bytes());
    }
}

fn write_collection(text: &mut TextBuilder, value: Value, layout: Option<&Layout<'_>>, depth: usize) {
    let is_object = value.as_object().is_some();
    text.push(if is_object { b'{' } else { b'[' });
    let count = rt::scan(value);
    for index in 0..count {
        if index > 0 {
            text.push(b',');
        }
        new_line(text, layout, depth + 1);
        if is_object {
            write_string(text, rt::scan_key(value, index).as_str().unwrap_or_default());
            text.extend(if layout.is_some() { b": " } else { b":" });
        }
        write_value(text, rt::scan_value(value, index), layout, depth + 1);
    }
    if count > 0 {
        new_line(text, layout, depth);
    }
    text.push(if is_object { b'}' } else { b']' });
}

fn new_line(text: &mut TextBuilder, layout: Option<&Layout<'_>>, depth: usize) {
    let Some(layout) = layout else { return };
    text.push(b'\n');
    text.extend(layout.prefix);
    for _ in 0..depth {
        text.extend(layout.indent);
    }
}

/// Appends a string as Go's `encoding/json` does: also `<`, `>`, `&` and two line separators are escaped, and each invalid byte is `\ufffd`.
#[inline(never)]
fn write_string(text: &mut TextBuilder, bytes: &[u8]) {
    text.push(b'"');
    for (character, original) in utf8::chars(bytes) {
        match character {
            '"' | '\\' => {
                text.push(b'\\');
                text.extend(original);
            }
            '\n' => text.extend(b"\\n"),
            '\r' => text.extend(b"\\r"),
            '\t' => text.extend(b"\\t"),
            '\u{8}' => text.extend(b"\\b"),
            '\u{c}' => text.extend(b"\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                text.extend(b"\\u");
                for shift in [12, 8, 4, 0] {
                    text.push(writer::hex_digit((character as u32 >> shift & 15) as u8));
                }
            }
            // One byte for this character: it was not valid.
            utf8::REPLACEMENT if original.len() == 1 => text.extend(b"\\ufffd"),
            _ => text.extend(original),
        }
    }
    text.push(b'"');
}

/// `json.is_valid(text)`: false also for what is no string
#[must_use]
pub fn is_valid(text: Value) -> Value {
    let valid = match text.is_string().then(|| crate::json::parse_string(text)) {
        Some(Ok(_)) => true,
        // The text is JSON, though OPA would not take the number.
        Some(Err(error)) => error.kind == ErrorKind::NumberTooBig && is_json(text),
        None => false,
    };
    Value::boolean(valid)
}

/// Whether a text is JSON though a number in it is too big: all exponents are cut to one digit, then it is read again.
fn is_json(text: Value) -> bool {
    let mut small = Vec::new();
    let mut in_string = false;
    let mut escaped = false;
    let mut exponent = false;
    for &byte in text.as_str().unwrap_or_default() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else {
            in_string = byte == b'"';
            if exponent && byte.is_ascii_digit() {
                // The last digit of an exponent becomes its only one.
                if small.last().is_some_and(u8::is_ascii_digit) {
                    small.pop();
                }
            } else {
                exponent = byte | 0x20 == b'e' && small.last().is_some_and(|byte: &u8| byte.is_ascii_digit())
                    || exponent && matches!(byte, b'+' | b'-');
            }
        }
        small.push(byte);
    }
    crate::json::parse(&small).is_ok()
}

/// `json.unmarshal(text)`
#[must_use]
pub fn unmarshal(text: Value) -> Value {
    match operand::string(1, text) {
        Some(_) => read("", text),
        None => Value::UNDEFINED,
    }
}

/// The value of a JSON text, which is a string; where it fails, Go's message stands behind `prefix`.
pub(crate) fn read(prefix: &str, text: Value) -> Value {
    match crate::json::parse_string(text) {
        Ok(value) => value,
        Err(error) if error.kind == ErrorKind::Trailing => {
            trailing(prefix, text.as_str().unwrap_or_default(), error.offset)
        }
        Err(error) => refuse(prefix, text.as_str().unwrap_or_default(), error),
    }
}

/// What OPA makes of a text that goes on behind its value: it reads one more token, complains of it or of what is wrong with it, and
/// takes a `null` for none.
fn trailing(prefix: &str, text: &[u8], end: usize) -> Value {
    let (value, rest) = text.split_at_checked(end).unwrap_or_default();
    let complain = |token: &[u8]| {
        error::fail_with(&[
            Part::Text(prefix),
            Part::Text("error: invalid character '"),
            Part::Bytes(token),
            Part::Text("' after top-level value"),
        ])
    };
    let token = match rest.first() {
        Some(b'[' | b'{') => return complain(rest.get(..1).unwrap_or_default()),
        Some(b']' | b'}' | b':' | b',') => return refuse(prefix, rest, Error { offset: 0, kind: ErrorKind::Value }),
        _ => match crate::json::parse(rest) {
            Err(error) if error.kind == ErrorKind::Trailing => {
                crate::json::parse(rest.get(..error.offset).unwrap_or_default())
            }
            token => token,
        },
    };
    match token {
        Err(error) => refuse(prefix, rest, error),
        Ok(token) if token.is_null() => crate::json::parse(value).unwrap_or(Value::UNDEFINED),
        Ok(token) => match token.as_boolean() {
            Some(true) => complain(b"%!s(bool=true)"),
            Some(false) => complain(b"%!s(bool=false)"),
            None if token.is_string() => complain(token.as_str().unwrap_or_default()),
            None => number::text(token).map_or(Value::UNDEFINED, |digits| complain(digits.bytes())),
        },
    }
}

/// Fails with Go's message for an error other than [`ErrorKind::Trailing`].
fn refuse(prefix: &str, text: &[u8], error: Error) -> Value {
    error::fail_with(&[Part::Text(prefix), Part::Bytes(&fault(text, error))])
}

/// Go's message for an error other than [`ErrorKind::Trailing`].
pub(crate) fn fault(text: &[u8], error: Error) -> Vec<u8> {
    let mut offset = error.offset;
    let is_code = error.kind == ErrorKind::Escape && text.get(offset) == Some(&b'u');
    if is_code {
        // What is wrong is behind the `u`: one of four digits.
        offset += 1 + text.iter().skip(offset + 1).take_while(|byte| byte.is_ascii_hexdigit()).count();
    }
    let Some((before, [first, ..])) = text.split_at_checked(offset) else {
        let is_empty = text.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        return if is_empty { b"EOF".into() } else { b"unexpected EOF".into() };
    };
    let context = match error.kind {
        ErrorKind::Value | ErrorKind::Trailing => "looking for beginning of value",
        ErrorKind::Literal => in_literal(before),
        ErrorKind::AfterElement => "after array element",
        ErrorKind::AfterKey => "after object key",
        ErrorKind::AfterEntry => "after object key:value pair",
        ErrorKind::Key => "looking for beginning of object key string",
        ErrorKind::Number => in_number(before),
        ErrorKind::String => "in string literal",
        ErrorKind::Escape if is_code => "in \\u hexadecimal character escape",
        ErrorKind::Escape => "in string escape code",
        ErrorKind::NumberTooBig => return b"invalid number: number too big".into(),
        ErrorKind::TooDeep => return b"exceeded max depth".into(),
    };
    // Go shows the byte as if it were a character.
    let character = quote(char::from(*first).encode_utf8(&mut [0; 4]).as_bytes());
    let quoted = match first {
        b'\'' => &b"\\'"[..],
        b'"' => &b"\""[..],
        _ => character.get(1..character.len() - 1).unwrap_or_default(),
    };
    [b"invalid character '", quoted, b"' ", context.as_bytes()].concat()
}

/// Which word was begun, and what should have come.
fn in_literal(before: &[u8]) -> &'static str {
    let begun: [(&[u8], &'static str); 10] = [
        (b"n", "in literal null (expecting 'u')"),
        (b"nu", "in literal null (expecting 'l')"),
        (b"nul", "in literal null (expecting 'l')"),
        (b"t", "in literal true (expecting 'r')"),
        (b"tr", "in literal true (expecting 'u')"),
        (b"tru", "in literal true (expecting 'e')"),
        (b"f", "in literal false (expecting 'a')"),
        (b"fa", "in literal false (expecting 'l')"),
        (b"fal", "in literal false (expecting 's')"),
        (b"fals", "in literal false (expecting 'e')"),
    ];
    begun.iter().find(|row| before.ends_with(row.0)).map_or("looking for beginning of value", |row| row.1)
}

/// In which part of a number.
fn in_number(before: &[u8]) -> &'static str {
    match before {
        [.., b'.'] => "after decimal point in numeric literal",
        [.., b'e' | b'E'] | [.., b'e' | b'E', b'+' | b'-'] => "in exponent of numeric literal",
        _ => "in numeric literal",
    }
}
