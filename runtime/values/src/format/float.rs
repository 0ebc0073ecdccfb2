//! Floats as Go formats them (`strconv.AppendFloat` and the flags of package fmt). The digits are the standard library's: shortest
//! and correctly rounded ones.

use alloc::vec::Vec;
use core::fmt::Write;

use super::Spec;

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

/// The text of a number that is not negative, in one of Go's formats; without a precision, the shortest that reads back.
fn unsigned(number: f64, letter: u8, precision: Option<usize>) -> Vec<u8> {
    match letter {
        b'b' => binary(number),
        b'x' | b'X' => hexadecimal(number, letter, precision),
        b'e' | b'E' => exponential(&Decimal::new(number, precision.map(|precision| precision + 1)), precision, letter),
        b'f' => match precision {
            Some(precision) => with_decimals(number, precision),
            None => write(format_args!("{number}")),
        },
        _ => general(number, letter, precision),
    }
}

/// The digits behind the point that the smallest float has: all further ones of any float are zeros. The standard library panics when it is
/// asked for more than 65,535.
const MOST_DECIMALS: usize = 1074;

/// A number with so many digits behind the point.
fn with_decimals(number: f64, precision: usize) -> Vec<u8> {
    let digits = precision.min(MOST_DECIMALS);
    let mut text = write(format_args!("{number:.digits$}"));
    text.resize(text.len() + (precision - digits), b'0');
    text
}

fn write(text: core::fmt::Arguments<'_>) -> Vec<u8> {
    struct Sink(Vec<u8>);
    impl Write for Sink {
        fn write_str(&mut self, text: &str) -> core::fmt::Result {
            self.0.extend_from_slice(text.as_bytes());
            Ok(())
        }
    }
    let mut sink = Sink(Vec::new());
    // A Vec takes any text, so this cannot fail.
    let _ = sink.write_fmt(text);
    sink.0
}

/// Significant digits and the place of the point: `0.d1d2… × 10^point`.
struct Decimal {
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    /// The digits of a number, so many (without zeros beyond those that a float can have), or the fewest that read back.
    fn new(number: f64, count: Option<usize>) -> Self {
        let text = match count {
            Some(count) => {
                let precision = count.saturating_sub(1).min(MOST_DECIMALS);
                write(format_args!("{number:.precision$e}"))
            }
            None => shortest(number),
        };
        let mut parts = text.splitn(2, |byte| *byte == b'e');
        let digits: Vec<u8> = parts.next().unwrap_or_default().iter().copied().filter(u8::is_ascii_digit).collect();
        let exponent = parts.next().and_then(|text| core::str::from_utf8(text).ok()).and_then(|text| text.parse().ok());
        let point = if number == 0.0 { 0 } else { exponent.unwrap_or(0) + 1 };
        Self { digits, point }
    }

    /// The count of digits without zeros at the end.
    fn significant(&self) -> usize {
        self.digits.len() - self.digits.iter().rev().take_while(|digit| **digit == b'0').count()
    }
}

/// The fewest digits that read back, in the form `d.ddde±d`. Where two texts are equally near, Go takes the even one and the standard
/// library the larger one; rounding the exact value to as many digits gives Go's. At a power of two the numbers below lie closer
/// than those above, so that rounding might not read back; there no two texts are equally near.
fn shortest(number: f64) -> Vec<u8> {
    let text = write(format_args!("{number:e}"));
    let digits = text.iter().take_while(|byte| **byte != b'e').filter(|byte| byte.is_ascii_digit()).count();
    if number.to_bits() & ((1 << 52) - 1) == 0 {
        return text;
    }
    write(format_args!("{number:.precision$e}", precision = digits.saturating_sub(1)))
}

/// `d.dddde±dd`.
fn exponential(decimal: &Decimal, precision: Option<usize>, letter: u8) -> Vec<u8> {
    let zero = decimal.significant() == 0;
    let first = decimal.digits.first().copied().unwrap_or(b'0');
    let mut text = Vec::from([first]);
    let rest = decimal.digits.get(1..).unwrap_or_default();
    let count = precision.unwrap_or_else(|| decimal.significant().saturating_sub(1));
    if count > 0 {
        text.push(b'.');
        text.extend_from_slice(rest.get(..count).unwrap_or(rest));
        text.resize(2 + count, b'0');
    }
    let exponent = if zero { 0 } else { decimal.point - 1 };
    text.extend_from_slice(&[letter, if exponent < 0 { b'-' } else { b'+' }]);
    text.extend_from_slice(&write(format_args!("{:02}", exponent.unsigned_abs())));
    text
}

/// `%g`: `%e` for large and small exponents, else `%f`, without zeros at the end.
fn general(number: f64, letter: u8, precision: Option<usize>) -> Vec<u8> {
    let precision = precision.map(|precision| precision.max(1));
    let decimal = Decimal::new(number, precision);
    let significant = decimal.significant();
    let digits = Decimal { digits: decimal.digits.get(..significant).unwrap_or_default().into(), point: decimal.point };
    let point = usize::try_from(digits.point).unwrap_or(0);
    let limit = match precision {
        None => 6,
        Some(precision) if precision > significant && significant >= point => significant,
        Some(precision) => precision,
    };
    let exponent = digits.point - 1;
    if exponent < -4 || exponent >= i32::try_from(limit).unwrap_or(i32::MAX) {
        let count = significant.saturating_sub(1);
        return exponential(&digits, Some(count), letter - b'g' + b'e');
    }
    fixed(&digits)
}

/// The digits with a point in their place, none after it that is not there.
fn fixed(decimal: &Decimal) -> Vec<u8> {
    let mut text = Vec::new();
    let point = usize::try_from(decimal.point).unwrap_or(0);
    if point == 0 {
        text.push(b'0');
    }
    for place in 0..point {
        text.push(decimal.digits.get(place).copied().unwrap_or(b'0'));
    }
    if decimal.digits.len() > point || decimal.point < 0 && !decimal.digits.is_empty() {
        text.push(b'.');
        text.resize(text.len() + usize::try_from(-decimal.point).unwrap_or(0), b'0');
        text.extend_from_slice(decimal.digits.get(point..).unwrap_or_default());
    }
    text
}

/// `%b`: the mantissa and the exponent as they are stored.
fn binary(number: f64) -> Vec<u8> {
    let (mantissa, exponent) = parts(number);
    write(format_args!("{mantissa}p{:+}", exponent - 52))
}

/// The mantissa with its hidden bit, and the exponent of that bit.
fn parts(number: f64) -> (u64, i32) {
    let bits = number.to_bits();
    let (mantissa, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i32);
    if exponent == 0 { (mantissa, -1022) } else { (mantissa | 1 << 52, exponent - 1023) }
}

/// `%x`: `0x1.8p+01`.
fn hexadecimal(number: f64, letter: u8, precision: Option<usize>) -> Vec<u8> {
    let (mut mantissa, mut exponent) = parts(number);
    if mantissa == 0 {
        exponent = 0;
    }
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
    let mut text = Vec::from([b'0', letter, b'0' + (mantissa >> 60 & 1) as u8]);
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
    text.push(if exponent < 0 { b'-' } else { b'+' });
    text.extend_from_slice(&write(format_args!("{:02}", exponent.unsigned_abs())));
    text
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
