//! Encodings of strings: base64, hexadecimal, query strings, YAML. (JSON is in `json`.)

use alloc::vec::Vec;

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXLOWER_PERMISSIVE};

use super::json;
use super::operand::{object, string};
use crate::error::{self, Part};
use crate::{Array, Object, Value, yaml};

/// `base64.encode(text)`
#[must_use]
pub fn base64_encode(text: Value) -> Value {
    encoded(text, &BASE64)
}

/// `base64url.encode(text)`
#[must_use]
pub fn base64url_encode(text: Value) -> Value {
    encoded(text, &BASE64URL)
}

/// `base64url.encode_no_pad(text)`
#[must_use]
pub fn base64url_encode_no_pad(text: Value) -> Value {
    encoded(text, &BASE64URL_NOPAD)
}

/// `hex.encode(text)`
#[must_use]
pub fn hex_encode(text: Value) -> Value {
    encoded(text, &HEXLOWER)
}

fn encoded(text: Value, encoding: &Encoding) -> Value {
    string(1, text).map_or(Value::UNDEFINED, |text| Value::string(encoding.encode(text).as_bytes()))
}

/// `base64.decode(text)`
#[must_use]
pub fn base64_decode(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    match decode_base64(text, Base64::STANDARD) {
        Ok(bytes) => Value::string(&bytes),
        Err(at) => illegal_base64("", at),
    }
}

/// `base64.is_valid(text)`
#[must_use]
pub fn base64_is_valid(text: Value) -> Value {
    Value::boolean(text.as_str().is_some_and(|text| decode_base64(text, Base64::STANDARD).is_ok()))
}

/// `base64url.decode(text)`; padding may be left out.
#[must_use]
pub fn base64url_decode(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    decode_base64url("", text).map_or(Value::UNDEFINED, |bytes| Value::string(&bytes))
}

/// The bytes of a text in base64url, whose padding may be left out. `None` after the failure is noted, its message behind `prefix`.
pub(crate) fn decode_base64url(prefix: &str, text: &[u8]) -> Option<Vec<u8>> {
    let mut padded = Vec::from(text);
    if !text.ends_with(b"=") {
        // Line ends count here, as they do in OPA.
        match text.len() % 4 {
            0 => {}
            2 => padded.extend_from_slice(b"=="),
            3 => padded.push(b'='),
            _ => {
                error::fail_with(&[Part::Text(prefix), Part::Text("illegal base64url string: "), Part::Bytes(text)]);
                return None;
            }
        }
    }
    match decode_base64(&padded, Base64::URL) {
        Ok(bytes) => Some(bytes),
        Err(at) => {
            illegal_base64(prefix, at);
            None
        }
    }
}

/// A form of base64.
#[derive(Clone, Copy)]
pub(crate) struct Base64 {
    /// Whether `-` and `_` stand for 62 and 63, and not `+` and `/`.
    pub(crate) is_url: bool,
    /// Whether the last group of characters is filled with `=`.
    pub(crate) is_padded: bool,
}

impl Base64 {
    /// RFC 4648, section 4.
    pub(crate) const STANDARD: Self = Self { is_url: false, is_padded: true };
    /// RFC 4648, section 5.
    const URL: Self = Self { is_url: true, is_padded: true };

    /// The six bits of a character.
    fn bits(self, character: u8) -> Option<u8> {
        match character {
            b'A'..=b'Z' => Some(character - b'A'),
            b'a'..=b'z' => Some(character - b'a' + 26),
            b'0'..=b'9' => Some(character - b'0' + 52),
            b'+' if !self.is_url => Some(62),
            b'/' if !self.is_url => Some(63),
            b'-' if self.is_url => Some(62),
            b'_' if self.is_url => Some(63),
            _ => None,
        }
    }
}

/// Go's decoder: line ends are skipped, the unused bits of the last character may be anything. The error is the place of the fault.
pub(crate) fn decode_base64(text: &[u8], form: Base64) -> Result<Vec<u8>, usize> {
    let mut rest = text.iter().copied().enumerate().filter(|(_, byte)| !matches!(byte, b'\n' | b'\r')).peekable();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    loop {
        let (mut group, mut count) = (0_u32, 0);
        while count < 4 {
            let Some((at, byte)) = rest.next() else {
                if count == 1 || count > 1 && form.is_padded {
                    return Err(text.len() - count);
                }
                break;
            };
            if let Some(bits) = form.bits(byte) {
                group = group << 6 | u32::from(bits);
                count += 1;
                continue;
            }
            if byte != b'=' || !form.is_padded || count < 2 {
                return Err(at);
            }
            if count == 2 {
                match rest.next() {
                    None => return Err(text.len()),
                    Some((_, b'=')) => {}
                    Some((next, _)) => return Err(next - 1),
                }
            }
            if let Some((next, _)) = rest.peek() {
                return Err(*next);
            }
            break;
        }
        let [_, group @ ..] = (group << (6 * (4 - count))).to_be_bytes();
        bytes.extend(group.into_iter().take(count.saturating_sub(1)));
        if count < 4 {
            return Ok(bytes);
        }
    }
}

pub(crate) fn illegal_base64(prefix: &str, at: usize) -> Value {
    error::fail_with(&[Part::Text(prefix), Part::Text("illegal base64 data at input byte "), Part::Number(at as i64)])
}

/// `hex.decode(text)`
#[must_use]
pub fn hex_decode(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    if let Ok(bytes) = HEXLOWER_PERMISSIVE.decode(text) {
        return Value::string(&bytes);
    }
    match text.iter().find(|byte| !byte.is_ascii_hexdigit()) {
        Some(byte) => {
            let quoted = crate::format::sprintf(b"%#U", &[crate::format::Argument::Integer(i64::from(*byte))]);
            error::fail_with(&[Part::Text("encoding/hex: invalid byte: "), Part::Bytes(&quoted)])
        }
        None => error::fail("encoding/hex: odd length hex string"),
    }
}

/// `urlquery.encode(text)`
#[must_use]
pub fn urlquery_encode(text: Value) -> Value {
    string(1, text).map_or(Value::UNDEFINED, |text| {
        let mut encoded = Vec::new();
        escape_query(&mut encoded, text);
        Value::string(&encoded)
    })
}

/// Appends a text as Go's `url.QueryEscape` writes it.
pub(crate) fn escape_query(out: &mut Vec<u8>, text: &[u8]) {
    for piece in form_urlencoded::byte_serialize(text) {
        // The form encoding differs from Go's in these two.
        match piece {
            "%7E" => out.push(b'~'),
            _ => piece.bytes().for_each(|byte| match byte {
                b'*' => out.extend_from_slice(b"%2A"),
                _ => out.push(byte),
            }),
        }
    }
}

/// `urlquery.decode(text)`
#[must_use]
pub fn urlquery_decode(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    match unescape_query(text) {
        Ok(bytes) => Value::string(&bytes),
        Err(escape) => invalid_escape(escape),
    }
}

/// Decodes a query component; the error is the wrong percent-encoding.
fn unescape_query(text: &[u8]) -> Result<Vec<u8>, &[u8]> {
    let mut escapes = text.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    if let Some((at, _)) = escapes.find(|(at, _)| {
        let digits = text.get(at + 1..at + 3).unwrap_or_default();
        digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit)
    }) {
        return Err(text.get(at..text.len().min(at + 3)).unwrap_or_default());
    }
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Ok(percent_encoding::percent_decode(&spaced).collect())
}

fn invalid_escape(escape: &[u8]) -> Value {
    error::fail_with(&[Part::Text("invalid URL escape "), Part::Quoted(escape)])
}

/// `urlquery.encode_object(object)`: keys in order, values strings or collections of strings.
#[must_use]
pub fn urlquery_encode_object(value: Value) -> Value {
    const WRONG: &str = "values must be string, array[string], or set[string]";
    let Some(object) = object(1, value) else { return Value::UNDEFINED };
    // Keys go through JSON in OPA: those that are no strings become their text, and the order is that of the texts.
    let mut pairs: Vec<(&[u8], Value)> = Vec::with_capacity(object.len());
    for (key, value) in object.entries() {
        pairs.push((key.as_str().unwrap_or_else(|| json::marshal(key).as_str().unwrap_or_default()), value));
    }
    pairs.sort_by(|a, b| a.0.cmp(b.0));
    let mut encoded = Vec::new();
    for (key, value) in pairs {
        let count = match value.as_str() {
            Some(_) => 1,
            None if value.as_array().is_some() || value.as_set().is_some() => crate::rt::scan(value),
            None => return error::operand(1, &[Part::Text(WRONG)]),
        };
        for index in 0..count {
            let text = value.as_str().or_else(|| crate::rt::scan_value(value, index).as_str());
            let Some(text) = text else { return error::operand(1, &[Part::Text(WRONG)]) };
            if !encoded.is_empty() {
                encoded.push(b'&');
            }
            escape_query(&mut encoded, key);
            encoded.push(b'=');
            escape_query(&mut encoded, text);
        }
    }
    Value::string(&encoded)
}

/// `urlquery.decode_object(text)`: each key with the array of its values.
#[must_use]
pub fn urlquery_decode_object(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    let decoded = Object::new(0);
    for pair in text.split(|byte| *byte == b'&') {
        if pair.contains(&b';') {
            return error::fail("invalid semicolon separator in query");
        }
        if pair.is_empty() {
            continue;
        }
        let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (key, value) = pair.split_at(equals);
        let (key, value) = match (unescape_query(key), unescape_query(value.get(1..).unwrap_or_default())) {
            (Ok(key), Ok(value)) => (Value::string(&key), Value::string(&value)),
            (Err(escape), _) | (_, Err(escape)) => return invalid_escape(escape),
        };
        match decoded.get(key).as_array() {
            Some(values) => values.push(value),
            None => {
                let values = Array::new(1);
                values.push(value);
                decoded.insert(key, values.into());
            }
        }
    }
    decoded.into()
}

/// `yaml.unmarshal(text)`
#[must_use]
pub fn yaml_unmarshal(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    match yaml::parse(text) {
        Ok(value) => value,
        Err(fault) => error::fail(&fault.message),
    }
}

/// `yaml.marshal(value)`
#[must_use]
pub fn yaml_marshal(value: Value) -> Value {
    match yaml::write(value) {
        Ok(text) => Value::string(&text),
        Err(why) => error::fail(why),
    }
}

/// `yaml.is_valid(text)`
#[must_use]
pub fn yaml_is_valid(text: Value) -> Value {
    Value::boolean(text.as_str().is_some_and(|text| yaml::parse(text).is_ok()))
}
