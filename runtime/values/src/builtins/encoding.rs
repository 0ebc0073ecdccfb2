//! Encodings of strings: base64, hexadecimal, query strings, YAML. (JSON is in `json`.)

use alloc::vec::Vec;

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXLOWER_PERMISSIVE, Specification};

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
    match decode_base64(text, &BASE64) {
        Ok(bytes) => Value::string(&bytes),
        Err(at) => illegal_base64(at),
    }
}

/// `base64.is_valid(text)`
#[must_use]
pub fn base64_is_valid(text: Value) -> Value {
    Value::boolean(text.as_str().is_some_and(|text| decode_base64(text, &BASE64).is_ok()))
}

/// `base64url.decode(text)`; padding may be left out.
#[must_use]
pub fn base64url_decode(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    let mut padded = Vec::from(text);
    if !text.ends_with(b"=") {
        // Line ends count here, as they do in OPA.
        match text.len() % 4 {
            0 => {}
            2 => padded.extend_from_slice(b"=="),
            3 => padded.push(b'='),
            _ => return error::fail_with(&[Part::Text("illegal base64url string: "), Part::Bytes(text)]),
        }
    }
    match decode_base64(&padded, &BASE64URL) {
        Ok(bytes) => Value::string(&bytes),
        Err(at) => illegal_base64(at),
    }
}

/// Go's decoder: line ends are skipped, the unused bits of the last character may be anything. The error is the place of the fault.
pub(crate) fn decode_base64(text: &[u8], encoding: &Encoding) -> Result<Vec<u8>, usize> {
    let mut specification: Specification = encoding.specification();
    specification.check_trailing_bits = false;
    let Ok(lenient) = specification.encoding() else { return Err(0) };
    let kept: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    lenient.decode(&kept).map_err(|fault| {
        // The place counts the line ends before it.
        let mut places = (0..text.len()).filter(|at| !matches!(text.get(*at), Some(b'\n' | b'\r')));
        places.nth(fault.position).unwrap_or(text.len())
    })
}

fn illegal_base64(at: usize) -> Value {
    error::fail_with(&[Part::Text("illegal base64 data at input byte "), Part::Number(at as i64)])
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
fn escape_query(out: &mut Vec<u8>, text: &[u8]) {
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
        pairs.push((key.as_str().unwrap_or_else(|| crate::json::write(key)), value));
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
