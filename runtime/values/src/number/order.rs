//! The order of number texts, byte by byte: it is part of every module, so it is written for size.
#![expect(unsafe_code, reason = "number texts are read by a cursor up to the first byte that is no part of them")]

use super::{Digits, text_start};
use crate::Value;

/// Added to exponents, so that they are positive: no text is longer, and written exponents are cut far below.
const BIAS: i32 = 1 << 29;

/// From here on, further digits of a written exponent are left out.
const EXPONENT_LIMIT: u32 = 1 << 24;

/// The order of two numbers by their exact value, as a sign.
#[inline(never)]
pub(super) fn order(a: Value, b: Value) -> i32 {
    let (mut digits_a, mut digits_b) = (Digits::default(), Digits::default());
    // SAFETY: a NUL byte follows both texts.
    unsafe { order_texts(text_start(a, &mut digits_a), text_start(b, &mut digits_b)) }
}

/// The order of two number texts by their exact value, as a sign.
///
/// # Safety
/// A byte that belongs to no number follows both texts.
#[inline(never)]
pub(super) unsafe fn order_texts(mut a: *const u8, mut b: *const u8) -> i32 {
    // SAFETY: the cursors do not pass a byte that belongs to no number.
    unsafe {
        let (scale_a, scale_b) = (scale(a), scale(b));
        if scale_a != scale_b || scale_a == 0 {
            // Both are below 2 to the power of 30.
            return scale_a - scale_b;
        }
        // Up to the first digit that is not zero, then digit by digit. Behind a text's end there are zeros.
        let mut skipped = '0';
        loop {
            a = skip(a, skipped);
            b = skip(b, skipped);
            skipped = '.';
            let (digit_a, digit_b) = (digit(a), digit(b));
            let difference = (digit_a & 15) - (digit_b & 15);
            if difference != 0 {
                return if scale_a < 0 { -difference } else { difference };
            }
            if digit_a & digit_b & END != 0 {
                return 0;
            }
            a = a.add(usize::from(digit_a < END));
            b = b.add(usize::from(digit_b < END));
        }
    }
}

/// The sign and the order of magnitude in one: 0 for zero, negative for a negative number, and the further from 0 the more digits the number
/// has before its point.
unsafe fn scale(mut at: *const u8) -> i32 {
    // SAFETY: as in `order_texts`.
    unsafe {
        let is_negative = at.read() == b'-';
        at = at.add(usize::from(is_negative));
        let mut exponent = BIAS;
        let (mut is_fraction, mut has_digit) = (0, 0);
        loop {
            let digit = u32::from(at.read()).wrapping_sub(ZERO);
            if at.read() == b'.' {
                is_fraction = 1;
            } else if digit > 9 {
                break;
            } else {
                has_digit |= i32::from(digit != 0);
                // A digit before the point counts, and so does, the other way, a zero behind it that no digit is before.
                exponent += has_digit - is_fraction;
            }
            at = at.add(1);
        }
        if has_digit == 0 {
            return 0;
        }
        if at.read() | 0x20 == b'e' {
            exponent += written_exponent(at.add(1));
        }
        if is_negative { -exponent } else { exponent }
    }
}

unsafe fn written_exponent(mut at: *const u8) -> i32 {
    // SAFETY: as in `order_texts`.
    unsafe {
        let sign = at.read();
        at = at.add(usize::from(matches!(sign, b'-' | b'+')));
        let mut value = 0;
        loop {
            let digit = u32::from(at.read()).wrapping_sub(ZERO);
            if digit > 9 {
                break;
            }
            if value < EXPONENT_LIMIT {
                value = value * 10 + digit;
            }
            at = at.add(1);
        }
        if sign == b'-' { -(value as i32) } else { value as i32 }
    }
}

/// Passes the signs, points and characters of one kind at the cursor.
#[inline(never)]
unsafe fn skip(mut at: *const u8, other: char) -> *const u8 {
    // SAFETY: as in `order_texts`; a sign stands at the beginning only, or behind what ends the digits.
    unsafe {
        while char::from(at.read()) == other || matches!(char::from(at.read()), '-' | '.') {
            at = at.add(1);
        }
    }
    at
}

/// What stands behind the last digit: 0, when only the bits of a digit are looked at.
const END: i32 = 16;

/// The digit at the cursor, or [`END`].
#[inline(never)]
unsafe fn digit(at: *const u8) -> i32 {
    // SAFETY: as in `order_texts`.
    let digit = u32::from(unsafe { at.read() }).wrapping_sub(ZERO);
    if digit > 9 { END } else { digit as i32 }
}

/// The first digit, as the number that wasm knows.
const ZERO: u32 = b'0' as u32;

/// Two to the power of 100,000, to so many digits as nobody writes: from there on, OPA refuses numbers that are written with an exponent.
const LARGEST: &core::ffi::CStr = c"9.9900209301438450794403276433003e30102";
/// Two to the power of -100,001: OPA refuses what is nearer to zero.
const SMALLEST: &core::ffi::CStr = c"5.0049945189934708340813235659665e-30104";

/// Whether OPA takes a number that is written with an exponent (`NumberChecked` in `v1/ast/term.go`).
///
/// # Safety
/// A byte that belongs to no number follows the text.
#[inline(never)]
pub(crate) unsafe fn is_in_range(mut text: *const u8) -> bool {
    // SAFETY: the caller's, and the limits end with a NUL byte.
    unsafe {
        if text.read() == b'-' {
            text = text.add(1);
        }
        scale(text) == 0
            || order_texts(text, LARGEST.as_ptr().cast()) < 0 && order_texts(text, SMALLEST.as_ptr().cast()) >= 0
    }
}

/// From here on, a number rounds to infinity as a double: halfway between the largest double and the next power of two.
const DOUBLE_LIMIT: &core::ffi::CStr =
    c"1.7976931348623158079372897140530341507993413271003782693617377898044496829276475094664901797758720709633\
    028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447573027006\
    9855571366959622842914819860834936475292719074168444365510704342711559699508093042880177904174497792e308";

/// Whether a number is no infinity as a double.
pub(crate) fn fits_double(number: Value) -> bool {
    let mut digits = Digits::default();
    // SAFETY: a NUL byte follows the text of a value and the limit.
    unsafe {
        let mut text = text_start(number, &mut digits);
        if text.read() == b'-' {
            text = text.add(1);
        }
        order_texts(text, DOUBLE_LIMIT.as_ptr().cast()) < 0
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_limits_of_exponents_are_opas() {
        for (text, want) in [
            (c"0e99999999", true),
            (c"1e30102", true),
            (c"-9.99e30102", true),
            (c"9.9901e30102", false),
            (c"-1e30103", false),
            (c"1e-30102", true),
            (c"5.1e-30104", true),
            (c"5e-30104", false),
            (c"1e100000000000", false),
            (c"0.00001e30107", true),
        ] {
            // SAFETY: the text ends with a NUL byte.
            assert_eq!(unsafe { super::is_in_range(text.as_ptr().cast()) }, want, "{text:?}");
        }
    }
}
