//! Conversions: `to_number` and the deprecated casts.

use alloc::vec::Vec;

use crate::error::{self, Part};
use crate::number::{self, Integer};
use crate::{Array, Set, Value};

/// `to_number(null, boolean, number or string)`
#[must_use]
pub fn to_number(value: Value) -> Value {
    if value.is_number() {
        return value;
    }
    if value.is_null() || value.as_boolean() == Some(false) {
        return Value::integer(0);
    }
    if value.as_boolean() == Some(true) {
        return Value::integer(1);
    }
    match value.as_str() {
        Some(text) => parse(value, text),
        None => error::operand_type(1, value, "one of {null, boolean, number, string}"),
    }
}

/// The number of a text that Go's `strconv.ParseFloat` takes. What is no number of JSON (`+5`, `007`, `.5`, `1_0`, `0x1p-2`) becomes one
/// of the same value.
fn parse(value: Value, text: &[u8]) -> Value {
    if let Some(integer) = number::canonical_integer(text) {
        return Value::integer(integer);
    }
    let lower = text.to_ascii_lowercase();
    let name = lower.iter().position(|byte| !matches!(byte, b'+' | b'-')).and_then(|at| lower.get(at..));
    if matches!(name, Some(b"inf" | b"infinity" | b"nan")) {
        return error::operand_type(1, value, "valid number string");
    }
    let number = if is_hexadecimal(&lower) { hexadecimal(&lower) } else { decimal(&lower) };
    match number {
        Some(Ok(number)) => number,
        Some(Err(())) => syntax_error(text, "value out of range"),
        None => syntax_error(text, "invalid syntax"),
    }
}

fn syntax_error(text: &[u8], why: &str) -> Value {
    error::fail_with(&[
        Part::Text("strconv.ParseFloat: parsing "),
        Part::Quoted(text),
        Part::Text(": "),
        Part::Text(why),
    ])
}

fn is_hexadecimal(lower: &[u8]) -> bool {
    let digits = lower.iter().position(|byte| !matches!(byte, b'+' | b'-')).unwrap_or(0);
    lower.get(digits..).is_some_and(|rest| rest.starts_with(b"0x"))
}

/// A text in its parts: sign, digits before the point, digits behind it, exponent. Without underscores.
struct Parts {
    negative: bool,
    whole: Vec<u8>,
    fraction: Vec<u8>,
    exponent: Option<i64>,
}

/// Takes a text apart. `None` when it is not of that form.
fn split(text: &[u8], mark: u8, is_digit: impl Fn(u8) -> bool) -> Option<Parts> {
    let (negative, rest) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    let is_hexadecimal = mark == b'p';
    let rest = if is_hexadecimal { rest.strip_prefix(b"0x")? } else { rest };
    let mut parts = Parts { negative, whole: Vec::new(), fraction: Vec::new(), exponent: None };
    let mut is_fraction = false;
    // The prefix counts as a digit before an underscore.
    let mut last = if is_hexadecimal { b'0' } else { 0 };
    for (at, &byte) in rest.iter().enumerate() {
        match byte {
            b'_' if is_hexadecimal && (is_digit(last)) => {}
            b'.' if !is_fraction && last != b'_' => is_fraction = true,
            _ if byte == mark => {
                if last == b'_' {
                    return None;
                }
                parts.exponent = Some(exponent(rest.get(at + 1..)?)?);
                last = b'0';
                break;
            }
            _ if is_digit(byte) => if is_fraction { &mut parts.fraction } else { &mut parts.whole }.push(byte),
            _ => return None,
        }
        last = byte;
    }
    (parts.whole.len() + parts.fraction.len() > 0 && last != b'_').then_some(parts)
}

/// An exponent with its sign, cut to what no number has.
fn exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0, |value: i64, digit| (value * 10 + i64::from(digit - b'0')).min(1 << 40));
    Some(if negative { -value } else { value })
}

fn decimal(text: &[u8]) -> Option<Result<Value, ()>> {
    let parts = split(text, b'e', |byte| byte.is_ascii_digit())?;
    let mut number = Vec::new();
    if parts.negative {
        number.push(b'-');
    }
    let zeros = parts.whole.iter().take_while(|&&digit| digit == b'0').count();
    match parts.whole.get(zeros..).unwrap_or_default() {
        [] => number.push(b'0'),
        digits => number.extend_from_slice(digits),
    }
    if !parts.fraction.is_empty() {
        number.push(b'.');
        number.extend_from_slice(&parts.fraction);
    }
    if let Some(exponent) = parts.exponent {
        number.push(b'e');
        number.extend_from_slice(number::Integer64::new(exponent).bytes());
    }
    let number = Value::number(&number);
    Some(if number::fits_double(number) { Ok(number) } else { Err(()) })
}

/// A hexadecimal float, which must have an exponent: a mantissa times a power of two, exact as a decimal.
fn hexadecimal(text: &[u8]) -> Option<Result<Value, ()>> {
    let parts = split(text, b'p', |byte| byte.is_ascii_hexdigit())?;
    let exponent = parts.exponent? - 4 * parts.fraction.len() as i64;
    let digits = parts.whole.iter().chain(&parts.fraction).filter_map(|&digit| (digit as char).to_digit(16));
    let mut mantissa = Integer::from_i64(0);
    for digit in digits {
        mantissa = mantissa.multiply(&Integer::from_i64(16))?.add(&Integer::from_i64(i64::from(digit)));
    }
    Some(number::scaled(Integer::new(parts.negative, mantissa.magnitude), exponent).ok_or(()))
}

/// `cast_array(array or set)`
#[must_use]
pub fn cast_array(value: Value) -> Value {
    match value.as_set() {
        Some(set) => set.elements().collect::<Array>().into(),
        None => cast(value, value.as_array().is_some(), "one of {array, set}"),
    }
}

/// `cast_set(array or set)`
#[must_use]
pub fn cast_set(value: Value) -> Value {
    match value.as_array() {
        Some(array) => array.iter().collect::<Set>().into(),
        None => cast(value, value.as_set().is_some(), "one of {array, set}"),
    }
}

/// `cast_string(string)`
#[must_use]
pub fn cast_string(value: Value) -> Value {
    cast(value, value.is_string(), "string")
}

/// `cast_boolean(boolean)`
#[must_use]
pub fn cast_boolean(value: Value) -> Value {
    cast(value, value.as_boolean().is_some(), "boolean")
}

/// `cast_null(null)`
#[must_use]
pub fn cast_null(value: Value) -> Value {
    cast(value, value.is_null(), "null")
}

/// `cast_object(object)`
#[must_use]
pub fn cast_object(value: Value) -> Value {
    cast(value, value.as_object().is_some(), "object")
}

fn cast(value: Value, fits: bool, expected: &str) -> Value {
    if fits { value } else { error::operand_type(1, value, expected) }
}
