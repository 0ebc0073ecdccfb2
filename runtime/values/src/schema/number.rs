//! Numbers as the keywords want them: by their exact value.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::shortest;
use crate::Value;
use crate::number::{Decimal, MAX_BITS, Natural, text};

/// The exponents between which numbers are worked with, in digits.
const MAX_DIGITS: i64 = (MAX_BITS * 3 / 10) as i64;

/// The digits of a number without zeros at either end, and the power of ten that its first one has, plus one; whether it is negative.
fn digits(number: Value) -> (Vec<u8>, i64, bool) {
    let Some(text) = text(number) else { return (Vec::new(), 0, false) };
    let decimal = Decimal::new(text.bytes());
    let mut digits: Vec<u8> = decimal.significant().collect();
    let len = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    digits.truncate(len);
    (digits, decimal.exponent, decimal.negative)
}

/// Whether a number is an integer by value: `1.0` and `1e3` are.
#[inline(never)]
pub(super) fn is_whole(number: Value) -> bool {
    if number.as_integer().is_some() {
        return true;
    }
    let (digits, exponent, _) = digits(number);
    digits.len() as i64 <= exponent
}

/// Whether a number is a multiple of another, which is above zero. `None` when they are too far apart to tell.
#[inline(never)]
pub(super) fn is_multiple(number: Value, of: Value) -> Option<bool> {
    let ((number, exponent, _), (of, of_exponent, _)) = (digits(number), digits(of));
    if number.is_empty() {
        return Some(true);
    }
    // Both are integers times a power of ten; the difference of the powers goes to the one or the other.
    let shift = (exponent - number.len() as i64) - (of_exponent - of.len() as i64);
    if of.len() as i64 - shift > number.len() as i64 + 1 && shift < 0 {
        return Some(false);
    }
    if shift.abs() > MAX_DIGITS || number.len() as i64 > MAX_DIGITS || of.len() as i64 > MAX_DIGITS {
        return None;
    }
    let with_zeros = |digits: Vec<u8>, zeros: i64| {
        let zeros = usize::try_from(zeros).unwrap_or(0);
        Natural::from_digits(digits.into_iter().chain(core::iter::repeat_n(b'0', zeros)))
    };
    let (number, of) = (with_zeros(number, shift), with_zeros(of, -shift));
    Some(number.divide(&of).1.is_zero())
}

/// The order of two numbers.
pub(super) fn order(a: Value, b: Value) -> Ordering {
    crate::compare(a, b)
}

/// Whether a number is above zero.
pub(super) fn is_positive(number: Value) -> bool {
    order(number, Value::integer(0)) == Ordering::Greater
}

/// The text of a limit in messages: as Go prints a float of any precision, so with an exponent from a million on.
#[inline(never)]
pub(super) fn limit_text(number: Value) -> Vec<u8> {
    let (digits, exponent, negative) = digits(number);
    let (digits, exponent) = shortest::printed(digits, exponent);
    let mut text = Vec::new();
    if negative {
        text.push(b'-');
    }
    let Some((first, rest)) = digits.split_first() else {
        return Vec::from(b"0");
    };
    let power = exponent - 1;
    if !(-4..6).contains(&power) {
        text.push(*first);
        if !rest.is_empty() {
            text.push(b'.');
            text.extend_from_slice(rest);
        }
        text.extend_from_slice(if power < 0 { b"e-" } else { b"e+" });
        let power = power.unsigned_abs();
        if power < 10 {
            text.push(b'0');
        }
        text.extend_from_slice(alloc::format!("{power}").as_bytes());
        return text;
    }
    let whole = usize::try_from(exponent).unwrap_or(0);
    let at = |index: usize| digits.get(index).copied().unwrap_or(b'0');
    if whole == 0 {
        text.push(b'0');
    }
    text.extend((0..whole).map(at));
    if digits.len() > whole {
        text.push(b'.');
        text.extend((exponent..0).map(|_| b'0'));
        text.extend_from_slice(digits.get(whole..).unwrap_or_default());
    }
    text
}
