//! Decimal texts of numbers: reading and writing 64-bit integers, taking any other apart.
#![expect(unsafe_code, reason = "digits that were written are read again")]

use super::Digits;

/// The canonical text of a 64-bit integer.
#[derive(Clone, Copy)]
pub struct Integer64 {
    digits: Digits,
    len: usize,
}

impl Integer64 {
    /// Writes an integer.
    #[must_use]
    pub fn new(value: i64) -> Self {
        let mut digits = Digits::default();
        let len = digits.write(value).len();
        Self { digits, len }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: so many were written when this was made.
        unsafe { self.digits.last(self.len) }
    }
}

/// The integer that digits without sign make, if it fits: `digits` holds digits only.
pub(crate) fn integer_of(negative: bool, digits: &[u8]) -> Option<i64> {
    // Nineteen digits never pass 64 bits without sign.
    if digits.len() > 19 {
        return None;
    }
    let magnitude = digits.iter().fold(0_u64, |value, digit| value * 10 + u64::from(digit - b'0'));
    signed(negative, magnitude)
}

/// A magnitude with its sign, if it fits 64 bits.
pub(super) fn signed(negative: bool, magnitude: u64) -> Option<i64> {
    if magnitude <= i64::MAX as u64 {
        Some(if negative { -(magnitude as i64) } else { magnitude as i64 })
    } else if negative && magnitude == 1 << 63 {
        Some(i64::MIN)
    } else {
        None
    }
}

/// The integer of a text, if it is the canonical text of one of 64 bits: no leading zero, no `-0`, no fraction, no exponent.
#[must_use]
pub fn canonical_integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = split_sign(text);
    let first = *digits.first()?;
    if !digits.iter().all(u8::is_ascii_digit) || first == b'0' && (digits.len() > 1 || negative) {
        return None;
    }
    integer_of(negative, digits)
}

/// The integer that OPA reads from a number text where it wants one: digits with an optional fraction of zeros, at most 19
/// characters without the sign (`util.Atoi64`). `1.0` is one, `1e0` is not.
#[inline(never)]
pub(crate) fn to_i64(text: &[u8]) -> Option<i64> {
    let (negative, rest) = split_sign(text);
    if rest.is_empty() || rest.len() > 19 {
        return None;
    }
    let (mut magnitude, mut is_fraction) = (0, false);
    for &byte in rest {
        match byte {
            b'.' if !is_fraction => is_fraction = true,
            b'0' if is_fraction => {}
            b'0'..=b'9' if !is_fraction => magnitude = magnitude * 10 + u64::from(byte & 15),
            _ => return None,
        }
    }
    signed(negative, magnitude)
}

pub(crate) fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    }
}

/// A number text, taken apart: its value is 0.d1d2d3… times ten to the power of `exponent`, d1 being the first digit of `digits` and
/// not zero. `digits` may hold a point; it is empty for zero.
#[derive(Clone, Copy)]
pub(crate) struct Decimal<'a> {
    pub(crate) negative: bool,
    pub(crate) digits: &'a [u8],
    pub(crate) exponent: i64,
}

/// Where written exponents are cut.
const EXPONENT_LIMIT: i64 = 1 << 40;

impl<'a> Decimal<'a> {
    /// Takes apart the text of a JSON number.
    #[inline(never)]
    pub(crate) fn new(text: &'a [u8]) -> Self {
        let (negative, rest) = split_sign(text);
        let end = rest.iter().position(|byte| byte | 0x20 == b'e').unwrap_or(rest.len());
        let mut exponent = parse_exponent(rest.get(end + 1..).unwrap_or_default());
        let digits = rest.get(..end).unwrap_or_default();
        let point = digits.iter().position(|&byte| byte == b'.').unwrap_or(end);
        match digits.iter().position(|&byte| byte != b'0' && byte != b'.') {
            None => Self { negative: false, digits: &[], exponent: 0 },
            Some(first) => {
                exponent += point as i64 - first as i64;
                if first > point {
                    exponent += 1;
                }
                Self { negative, digits: digits.get(first..).unwrap_or_default(), exponent }
            }
        }
    }

    /// The digits without the point.
    pub(crate) fn significant(self) -> impl Iterator<Item = u8> {
        self.digits.iter().copied().filter(|&byte| byte != b'.')
    }
}

fn parse_exponent(text: &[u8]) -> i64 {
    let (negative, digits) = split_sign(text);
    let mut value = 0;
    for digit in digits {
        value = (value * 10 + i64::from(digit - b'0')).min(EXPONENT_LIMIT);
    }
    if negative { -value } else { value }
}
