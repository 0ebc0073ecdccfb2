//! Durations: `1h30m`, and with OPA's units `1d`, `1w` and `1y`.

use alloc::vec::Vec;

use super::quote;
use crate::format;
use crate::number::Float;

/// The largest magnitude of a duration in nanoseconds, which only one below zero may have.
const LIMIT: u64 = 1 << 63;

/// The precision of OPA's floats for days, weeks and years, in bits.
const PRECISION: usize = 53;

/// The digits before the point from which on a number is no float of 64 bits.
const MAX_WHOLE_DIGITS: usize = 309;

/// The digits of a number that Go looks at.
const MAX_DIGITS: usize = 800;

/// The nanoseconds of a duration, or why the text is none.
pub(crate) fn parse(text: &[u8]) -> Result<i64, Vec<u8>> {
    if !text.iter().any(|byte| matches!(byte, b'd' | b'w' | b'y')) {
        return parse_standard(text).map_err(|fault| fault.message(&quote(text)));
    }
    let Some(standard) = rewrite(text) else { return Err(Fault::Invalid.message(&format::quote(text))) };
    parse_standard(&standard).map_err(|fault| fault.message(&format::quote(text)))
}

/// The same with Go's units only: neither days nor weeks nor years.
pub(crate) fn parse_with_go_units(text: &[u8]) -> Result<i64, Vec<u8>> {
    parse_standard(text).map_err(|fault| fault.message(&quote(text)))
}

/// Why a text is no duration.
enum Fault<'a> {
    Invalid,
    NoUnit,
    UnknownUnit(&'a [u8]),
}

impl Fault<'_> {
    /// The message, with the whole text as it is quoted.
    fn message(&self, quoted: &[u8]) -> Vec<u8> {
        match self {
            Self::Invalid => [b"time: invalid duration ", quoted].concat(),
            Self::NoUnit => [b"time: missing unit in duration ", quoted].concat(),
            Self::UnknownUnit(unit) => [b"time: unknown unit ", &*quote(unit), b" in duration ", quoted].concat(),
        }
    }
}

/// Splits bytes in front of the first that a test does not hold for.
fn split_while(text: &[u8], test: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| !test(*byte)).unwrap_or(text.len()))
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

fn is_digit_or_point(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'.'
}

/// The nanoseconds of a duration with Go's units (Go's `time.ParseDuration`).
fn parse_standard(text: &[u8]) -> Result<i64, Fault<'_>> {
    let negative = text.first() == Some(&b'-');
    let mut rest = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    if rest == b"0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(Fault::Invalid);
    }
    let mut sum: u64 = 0;
    while !rest.is_empty() {
        let (nanoseconds, after) = term(rest)?;
        // Twice the limit wraps to zero, also in Go.
        sum = sum.wrapping_add(nanoseconds);
        if sum > LIMIT {
            return Err(Fault::Invalid);
        }
        rest = after;
    }
    if negative {
        return Ok((sum as i64).wrapping_neg());
    }
    i64::try_from(sum).map_err(|_| Fault::Invalid)
}

/// The nanoseconds of a number with its unit, and what follows.
fn term(text: &[u8]) -> Result<(u64, &[u8]), Fault<'_>> {
    let (whole, rest) = split_while(text, is_digit);
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(rest) => split_while(rest, is_digit),
        None => (&[][..], rest),
    };
    let amount = natural(whole).ok_or(Fault::Invalid)?;
    if whole.is_empty() && fraction.is_empty() {
        return Err(Fault::Invalid);
    }
    let (unit, rest) = split_while(rest, |byte| !is_digit_or_point(byte));
    if unit.is_empty() {
        return Err(Fault::NoUnit);
    }
    let size = unit_size(unit).ok_or(Fault::UnknownUnit(unit))?;
    if amount > LIMIT / size {
        return Err(Fault::Invalid);
    }
    let (numerator, scale) = leading_fraction(fraction);
    let part = if numerator > 0 { (numerator as f64 * (size as f64 / scale)) as u64 } else { 0 };
    // At most the limit and 3.6e12.
    let nanoseconds = (amount * size).wrapping_add(part);
    if nanoseconds > LIMIT { Err(Fault::Invalid) } else { Ok((nanoseconds, rest)) }
}

/// The natural number of some digits, unless it is above the limit.
fn natural(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |number, digit| {
        let number = number.checked_mul(10)?.checked_add(u64::from(digit & 15))?;
        (number <= LIMIT).then_some(number)
    })
}

/// The digits of a fraction as a natural number and the power of ten that it is to be divided by. Digits that are too many are left out.
fn leading_fraction(digits: &[u8]) -> (u64, f64) {
    let (mut number, mut scale) = (0, 1.0);
    for digit in digits {
        if number > (LIMIT - 1) / 10 {
            break;
        }
        let next = number * 10 + u64::from(digit & 15);
        if next > LIMIT {
            break;
        }
        number = next;
        scale *= 10.0;
    }
    (number, scale)
}

/// The nanoseconds of a unit.
fn unit_size(unit: &[u8]) -> Option<u64> {
    Some(match unit {
        b"ns" => 1,
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
        b"ms" => 1_000_000,
        b"s" => 1_000_000_000,
        b"m" => 60 * 1_000_000_000,
        b"h" => 3_600 * 1_000_000_000,
        _ => return None,
    })
}

/// The same duration in Go's units: days, weeks and years become hours. `None` if the text is no sequence of numbers with units.
fn rewrite(text: &[u8]) -> Option<Vec<u8>> {
    let signs = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let (sign, mut rest) = text.split_at_checked(signs)?;
    let mut standard = sign.to_vec();
    while !rest.is_empty() {
        let (digits, after) = split_while(rest, is_digit_or_point);
        if digits.is_empty() {
            return None;
        }
        let (unit, after) = after.split_at_checked(unit_length(after)?)?;
        match unit {
            b"d" => standard.extend_from_slice(&hours(digits, 24)?),
            b"w" => standard.extend_from_slice(&hours(digits, 7 * 24)?),
            b"y" => standard.extend_from_slice(&hours(digits, 365 * 24)?),
            _ => {
                standard.extend_from_slice(digits);
                standard.extend_from_slice(unit);
            }
        }
        rest = after;
    }
    Some(standard)
}

/// How long the unit is that a text begins with: one of Go's of two letters, with one of its two signs for micro, or any letter.
fn unit_length(text: &[u8]) -> Option<usize> {
    let starts = |unit: &str| text.starts_with(unit.as_bytes());
    match text.first()? {
        _ if starts("ms") || starts("us") || starts("ns") => Some(2),
        _ if starts("\u{b5}s") => Some(3),
        b'a'..=b'z' => Some(1),
        _ => None,
    }
}

/// A number times some hours as text, with its unit, calculated by floats of 64 bits.
fn hours(digits: &[u8], coefficient: u64) -> Option<Vec<u8>> {
    let (whole, fraction) = split_while(digits, is_digit);
    let fraction = fraction.strip_prefix(b".").unwrap_or(fraction);
    if whole.is_empty() && fraction.is_empty() || fraction.contains(&b'.') {
        return None;
    }
    let (_, whole) = split_while(whole, |byte| byte == b'0');
    if whole.len() > MAX_WHOLE_DIGITS {
        return None;
    }
    let kept: Vec<u8> = whole.iter().chain(fraction).copied().take(MAX_DIGITS).collect();
    let places = kept.len().saturating_sub(whole.len());
    let number = Float::decimal_fraction(&kept, places, PRECISION);
    let mut text = number.multiply(&Float::new(coefficient, PRECISION)).plain_text();
    text.push(b'h');
    Some(text)
}
