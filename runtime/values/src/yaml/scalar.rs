//! What a plain scalar means: go-yaml's rules, which are YAML 1.2's core schema with the integers of 1.1.

use alloc::vec::Vec;

use crate::Value;
use crate::number::double;

/// A scalar that was resolved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scalar {
    /// `null`, `~`, nothing.
    Null,
    /// `true`, `false`.
    Boolean(bool),
    /// An integer of 64 bits, signed or not.
    Integer(i128),
    /// A float.
    Float(f64),
    /// `<<`
    Merge,
    /// Anything else.
    Text,
}

/// Resolves a plain scalar without a tag.
pub(super) fn resolve(text: &[u8]) -> Scalar {
    match text {
        b"" | b"~" | b"null" | b"Null" | b"NULL" => return Scalar::Null,
        b"true" | b"True" | b"TRUE" => return Scalar::Boolean(true),
        b"false" | b"False" | b"FALSE" => return Scalar::Boolean(false),
        b".nan" | b".NaN" | b".NAN" => return Scalar::Float(f64::NAN),
        b".inf" | b".Inf" | b".INF" | b"+.inf" | b"+.Inf" | b"+.INF" => return Scalar::Float(f64::INFINITY),
        b"-.inf" | b"-.Inf" | b"-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        b"<<" => return Scalar::Merge,
        _ => {}
    }
    match text.first() {
        Some(b'.') => float(text),
        Some(b'+' | b'-' | b'0'..=b'9') => {
            let plain: Vec<u8> = text.iter().copied().filter(|byte| *byte != b'_').collect();
            integer(&plain).map_or_else(|| float(&plain), Scalar::Integer)
        }
        _ => Scalar::Text,
    }
}

/// Decimal, `0x`, `0b`, `0o` and `0777`; negative ones down to the least of 64 bits, others up to the largest unsigned one.
fn integer(text: &[u8]) -> Option<i128> {
    let (negative, digits) = match text.split_first()? {
        (b'-', digits) => (true, digits),
        (b'+', digits) => (false, digits),
        _ => (false, text),
    };
    let (base, digits) = match digits {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', b'b' | b'B', digits @ ..] => (2, digits),
        [b'0', b'o' | b'O', digits @ ..] => (8, digits),
        [b'0', digits @ ..] if !digits.is_empty() => (8, digits),
        _ => (10, digits),
    };
    // A sign makes Go's unsigned reading fail.
    let signed = text.len() != digits.len() && matches!(text.first(), Some(b'+' | b'-'));
    let mut number: i128 = 0;
    for digit in digits {
        number = number * base + i128::from(char::from(*digit).to_digit(base as u32)?);
        if number > i128::from(u64::MAX) {
            return None;
        }
    }
    let limit = match (negative, signed) {
        (true, _) => i128::from(i64::MAX) + 1,
        (false, true) => i128::from(i64::MAX),
        (false, false) => i128::from(u64::MAX),
    };
    (!digits.is_empty() && number <= limit).then_some(if negative { -number } else { number })
}

/// `1.5`, `.5`, `1e3`.
fn float(text: &[u8]) -> Scalar {
    let unsigned = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let whole = digits(unsigned);
    let mut rest = unsigned.get(whole..).unwrap_or_default();
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix(b".") {
        fraction = digits(after);
        rest = after.get(fraction..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or(rest.strip_prefix(b"E")) {
        let exponent = exponent.strip_prefix(b"-").or(exponent.strip_prefix(b"+")).unwrap_or(exponent);
        if exponent.is_empty() || digits(exponent) != exponent.len() {
            return Scalar::Text;
        }
        rest = b"";
    }
    if !rest.is_empty() || whole + fraction == 0 {
        return Scalar::Text;
    }
    let number = double::parse(text);
    // Go refuses a number that overflows; it then is a text.
    if number.is_finite() { Scalar::Float(number) } else { Scalar::Text }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The text of a float as Go's encoding/json writes it.
pub(crate) fn float_value(number: f64) -> Value {
    let magnitude = number.abs();
    let digits = double::shortest(number);
    let mut text = Vec::new();
    if number.is_sign_negative() {
        text.push(b'-');
    }
    if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        digits.write_plain(&mut text, 0);
    } else {
        digits.write_scientific(&mut text, 0, b'e');
        // Of small exponents, JSON has one digit only.
        if let [.., b'-', zero @ b'0', last] = text.as_mut_slice() {
            *zero = *last;
            text.pop();
        }
    }
    Value::number(&text)
}
