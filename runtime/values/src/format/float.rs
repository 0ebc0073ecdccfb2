//! Floats as Go formats them (`strconv.AppendFloat` and the flags of package fmt).

use alloc::vec::Vec;

use super::Spec;
use crate::number::{Expansion, Integer64, double, write_exponent};

/// Writes a float; false when the verb is not for floats.
pub(crate) fn print(out: &mut Vec<u8>, spec: Spec, verb: char, number: f64) -> bool {
    let (letter, precision) = match verb {
        'v' => (b'g', None),
        'b' | 'g' | 'G' | 'x' | 'X' => (verb as u8, None),
        'f' | 'F' => (b'f', Some(6)),
        'e' | 'E' => (verb as u8, Some(6)),
        _ => return false,
    };
    let precision = spec.precision.or(precision);
    let mut text = unsigned(number.abs(), letter, precision);
    if spec.sharp && letter != b'b' {
        text = with_point(text, letter, precision);
    }
    let sign = match (number.is_sign_negative(), spec.plus, spec.space) {
        (true, ..) => Some(b'-'),
        (_, true, _) => Some(b'+'),
        (_, _, true) => Some(b' '),
        _ => None,
    };
    if let Some(sign) = sign {
        // With a sign other than the blank one, zeros stand behind it.
        let fill = spec.width.unwrap_or(0).saturating_sub(text.len() + 1);
        if spec.zero && !spec.minus && fill > 0 {
            out.push(sign);
            out.resize(out.len() + fill, b'0');
            out.extend_from_slice(&text);
            return true;
        }
        text.insert(0, sign);
    }
    spec.pad(out, &text);
    true
}

/// The text of a number without its sign, in one of Go's formats; without a precision, the shortest that reads back.
fn unsigned(number: f64, letter: u8, precision: Option<usize>) -> Vec<u8> {
    let mut text = Vec::new();
    match letter {
        b'b' => binary(&mut text, number),
        b'x' | b'X' => hexadecimal(&mut text, number, letter, precision),
        b'e' | b'E' => {
            let digits = digits(number, precision.map(|precision| precision + 1));
            digits.write_scientific(&mut text, precision.unwrap_or(0), letter);
        }
        b'f' => {
            let (exact, precision) = (double::exact(number), precision.unwrap_or(0));
            exact.rounded(exact.point.saturating_add_unsigned(precision as u64)).write_plain(&mut text, precision);
        }
        _ => {
            let precision = precision.map(|precision| precision.max(1));
            general(&mut text, &digits(number, precision), letter, precision);
        }
    }
    text
}

/// So many digits of a number, or the fewest that read back.
fn digits(number: f64, count: Option<usize>) -> Expansion {
    count.map_or_else(|| double::shortest(number), |count| double::exact(number).rounded(count as i64))
}

/// `%g`: `%e` for large and small exponents, else `%f`, without zeros at the end.
pub(super) fn general(text: &mut Vec<u8>, digits: &Expansion, letter: u8, precision: Option<usize>) {
    let count = digits.digits.len();
    let point = usize::try_from(digits.point).unwrap_or(0);
    let limit = match precision {
        None => 6,
        Some(precision) if precision > count && count >= point => count,
        Some(precision) => precision,
    };
    let exponent = digits.point - 1;
    if exponent < -4 || exponent >= limit as i64 {
        digits.write_scientific(text, 0, letter - (b'g' - b'e'));
    } else {
        digits.write_plain(text, 0);
    }
}

/// `%b`: the significand and the exponent as they are stored.
fn binary(text: &mut Vec<u8>, number: f64) {
    let (significand, exponent) = double::parts(number);
    text.extend_from_slice(Integer64::new(significand as i64).bytes());
    text.extend_from_slice(if exponent < 0 { b"p-" } else { b"p+" });
    text.extend_from_slice(Integer64::new(exponent.abs()).bytes());
}

/// `%x`: `0x1.8p+01`.
fn hexadecimal(text: &mut Vec<u8>, number: f64, letter: u8, precision: Option<usize>) {
    let (mut mantissa, lowest) = double::parts(number);
    let mut exponent = if mantissa == 0 { 0 } else { lowest + 52 };
    mantissa <<= 8;
    while mantissa != 0 && mantissa & 1 << 60 == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(precision) = precision.filter(|precision| *precision < 15) {
        let shift = precision as u32 * 4;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & 1 << 61 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    text.extend_from_slice(&[b'0', letter, b'0' + (mantissa >> 60 & 1) as u8]);
    mantissa <<= 4;
    let count = precision.unwrap_or_else(|| (64 - mantissa.trailing_zeros().min(64)).div_ceil(4) as usize);
    if count > 0 {
        text.push(b'.');
    }
    for _ in 0..count {
        let digit = (mantissa >> 60) as u8;
        let ten = if letter == b'X' { b'A' } else { b'a' };
        text.push(if digit < 10 { b'0' + digit } else { ten + digit - 10 });
        mantissa <<= 4;
    }
    text.push(if letter == b'X' { b'P' } else { b'p' });
    write_exponent(text, exponent);
}

/// The flag `#`: a point always, and the zeros that `%g` left out.
fn with_point(text: Vec<u8>, letter: u8, precision: Option<usize>) -> Vec<u8> {
    let mut missing = match letter {
        b'g' | b'G' | b'x' => precision.unwrap_or(6),
        _ => 0,
    };
    let hex = matches!(letter, b'x' | b'X');
    let split = text.iter().position(|byte| match byte {
        b'p' | b'P' => true,
        b'e' | b'E' => !hex,
        _ => false,
    });
    let (head, tail) = text.split_at(split.unwrap_or(text.len()));
    let mut nonzero = false;
    for byte in head.iter().filter(|byte| **byte != b'.') {
        nonzero |= *byte != b'0';
        missing = missing.saturating_sub(usize::from(nonzero));
    }
    let mut text = Vec::from(head);
    if !text.contains(&b'.') {
        if head == b"0" {
            missing = missing.saturating_sub(1);
        }
        text.push(b'.');
    }
    text.resize(text.len() + missing, b'0');
    text.extend_from_slice(tail);
    text
}
