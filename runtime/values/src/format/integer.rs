//! Integers as Go formats them, and texts as hexadecimal digits.

use alloc::vec::Vec;

use super::{Spec, push, quote};
use crate::unicode;

/// Writes an integer; false when the verb is not for integers.
pub(crate) fn print(out: &mut Vec<u8>, spec: Spec, verb: char, number: i64) -> bool {
    match verb {
        'v' | 'd' => signed(out, spec, verb, number, 10),
        'b' => signed(out, spec, verb, number, 2),
        'o' | 'O' => signed(out, spec, verb, number, 8),
        'x' | 'X' => signed(out, spec, verb, number, 16),
        'c' => spec.pad(out, character(number).encode_utf8(&mut [0; 4]).as_bytes()),
        'q' => spec.pad(out, &quote::quoted_char(character(number), spec.plus)),
        'U' => code_point(out, spec, number),
        _ => return false,
    }
    true
}

/// The character of a code point, U+FFFD when there is none.
pub(super) fn character(number: i64) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The digits of a number in a base, at least one.
fn digits(mut number: u64, base: u64, upper: bool) -> Vec<u8> {
    let mut digits = Vec::new();
    loop {
        let digit = (number % base) as u8;
        digits.push(match digit {
            0..10 => b'0' + digit,
            _ if upper => b'A' + digit - 10,
            _ => b'a' + digit - 10,
        });
        number /= base;
        if number == 0 {
            break;
        }
    }
    digits.reverse();
    digits
}

fn signed(out: &mut Vec<u8>, spec: Spec, verb: char, number: i64, base: u64) {
    based(out, spec, verb, sign(spec, number < 0), number.unsigned_abs(), base);
}

fn based(out: &mut Vec<u8>, spec: Spec, verb: char, sign: &[u8], number: u64, base: u64) {
    if spec.precision == Some(0) && number == 0 {
        return spec.without_zero().padding(out, spec.width.unwrap_or(0));
    }
    let upper = verb == 'X';
    let digits = digits(number, base, upper);
    // Zeros that fill the field count as precision.
    let least = match (spec.precision, spec.width) {
        (Some(precision), _) => precision,
        (None, Some(width)) if spec.zero && !spec.minus => width.saturating_sub(sign.len()),
        _ => 0,
    };
    let zeros = least.saturating_sub(digits.len());
    let mut text = Vec::from(sign);
    if verb == 'O' {
        text.extend_from_slice(b"0o");
    }
    if spec.sharp {
        match base {
            2 => text.extend_from_slice(b"0b"),
            16 if upper => text.extend_from_slice(b"0X"),
            16 => text.extend_from_slice(b"0x"),
            8 if zeros == 0 && digits.first() != Some(&b'0') => text.push(b'0'),
            _ => {}
        }
    }
    text.resize(text.len() + zeros, b'0');
    text.extend_from_slice(&digits);
    spec.without_zero().pad(out, &text);
}

fn sign(spec: Spec, negative: bool) -> &'static [u8] {
    match (negative, spec.plus, spec.space) {
        (true, ..) => b"-",
        (_, true, _) => b"+",
        (_, _, true) => b" ",
        _ => b"",
    }
}

fn code_point(out: &mut Vec<u8>, spec: Spec, number: i64) {
    let digits = digits(number as u64, 16, true);
    let mut text = Vec::from(b"U+");
    let least = spec.precision.filter(|precision| *precision > 4).unwrap_or(4);
    text.resize(text.len() + least.saturating_sub(digits.len()), b'0');
    text.extend_from_slice(&digits);
    if let Some(c) = u32::try_from(number).ok().and_then(char::from_u32).filter(|c| spec.sharp && unicode::is_print(*c))
    {
        text.extend_from_slice(b" '");
        push(&mut text, c);
        text.push(b'\'');
    }
    spec.without_zero().pad(out, &text);
}

/// Writes bytes as hexadecimal digits.
pub(super) fn hex(out: &mut Vec<u8>, spec: Spec, bytes: &[u8], upper: bool) {
    let bytes = spec.precision.and_then(|precision| bytes.get(..precision)).unwrap_or(bytes);
    if bytes.is_empty() {
        return spec.padding(out, spec.width.unwrap_or(0));
    }
    let prefix: &[u8] = match (spec.sharp, upper) {
        (false, _) => b"",
        (true, false) => b"0x",
        (true, true) => b"0X",
    };
    let mut text = Vec::from(prefix);
    for (index, byte) in bytes.iter().enumerate() {
        if spec.space && index > 0 {
            text.push(b' ');
            text.extend_from_slice(prefix);
        }
        text.extend_from_slice(&[digit(byte >> 4, upper), digit(byte & 0xf, upper)]);
    }
    let missing = spec.width.unwrap_or(0).saturating_sub(text.len());
    if !spec.minus {
        spec.padding(out, missing);
    }
    out.extend_from_slice(&text);
    if spec.minus {
        spec.padding(out, missing);
    }
}

fn digit(value: u8, upper: bool) -> u8 {
    match value {
        0..10 => b'0' + value,
        _ if upper => b'A' + value - 10,
        _ => b'a' + value - 10,
    }
}

/// Writes an integer beyond 64 bits as `big.Int` formats itself.
pub(super) fn print_big(out: &mut Vec<u8>, spec: Spec, verb: char, negative: bool, digits_in: &dyn Fn(u32) -> Vec<u8>) {
    let (base, prefix): (u32, &[u8]) = match verb {
        'b' => (2, b"0b"),
        'o' => (8, b"0"),
        'O' => (8, b""),
        'd' | 's' | 'v' => (10, b""),
        'x' => (16, b"0x"),
        'X' => (16, b"0X"),
        'w' => return print_fields(out, spec, negative, &digits_in(16)),
        _ => {
            out.extend_from_slice(b"%!");
            push(out, verb);
            out.extend_from_slice(if negative { b"(big.Int=-" } else { b"(big.Int=" });
            out.extend_from_slice(&digits_in(10));
            return out.push(b')');
        }
    };
    let mut digits = digits_in(base);
    if verb == 'X' {
        digits.make_ascii_uppercase();
    }
    let prefix = if verb == 'O' {
        b"0o"
    } else if spec.sharp {
        prefix
    } else {
        b""
    };
    let sign = sign(Spec { plus: spec.plus || spec.plus_v, ..spec }, negative);
    let mut zeros = spec.precision.unwrap_or(0).saturating_sub(digits.len());
    let length = sign.len() + prefix.len() + zeros + digits.len();
    let missing = spec.width.unwrap_or(0).saturating_sub(length);
    let (mut left, mut right) = (0, 0);
    if spec.minus {
        right = missing;
    } else if spec.zero && spec.precision.is_none() {
        zeros = missing;
    } else {
        left = missing;
    }
    out.resize(out.len() + left, b' ');
    out.extend_from_slice(sign);
    out.extend_from_slice(prefix);
    out.resize(out.len() + zeros, b'0');
    out.extend_from_slice(&digits);
    out.resize(out.len() + right, b' ');
}

/// Writes an integer beyond 64 bits for `%w`, where Go does not ask the value to format itself: as a pointer to the fields of a
/// `big.Int`, its sign and its words, the lowest first.
fn print_fields(out: &mut Vec<u8>, spec: Spec, negative: bool, digits: &[u8]) {
    let [before, between, space, behind]: [&[u8]; 4] = match (spec.sharp_v, spec.plus_v) {
        (true, _) => [b"&big.Int{neg:", b", abs:big.nat{", b", ", b"}}"],
        (false, true) => [b"&{neg:", b" abs:[", b" ", b"]}"],
        (false, false) => [b"&{", b" [", b" ", b"]}"],
    };
    let base = if spec.sharp_v { 16 } else { 10 };
    let spec = Spec { sharp: spec.sharp_v, ..spec };
    out.extend_from_slice(b"%!w(*big.Int=");
    out.extend_from_slice(before);
    spec.pad(out, if negative { b"true" } else { b"false" });
    for (index, digits) in digits.rchunks(16).enumerate() {
        out.extend_from_slice(if index == 0 { between } else { space });
        let word = digits.iter().fold(0, |word, digit| word << 4 | u64::from(digit_value(*digit)));
        based(out, spec, 'v', sign(spec, false), word, base);
    }
    out.extend_from_slice(behind);
    out.push(b')');
}

/// The value of a hexadecimal digit in lower case.
fn digit_value(digit: u8) -> u8 {
    if digit.is_ascii_digit() { digit - b'0' } else { digit - b'a' + 10 }
}
