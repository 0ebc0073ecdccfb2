//! Constants in templates: numbers, characters and quoted texts as Go's `strconv` reads them. Knows nothing of tokens.

use alloc::vec::Vec;

use crate::format::{Argument, sprintf};
use crate::{Value, unicode};

/// A number by the type that Go gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Constant {
    Integer(i64),
    /// An integer beyond 63 bits, which is an error where it is used.
    TooLarge,
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
}

/// Why a text is no number.
enum Fault {
    Syntax,
    Range,
}

impl Constant {
    /// The number of a text.
    ///
    /// # Errors
    /// Go's message when it is none.
    pub(super) fn of_number(text: &[u8]) -> Result<Self, Vec<u8>> {
        if let Some(imaginary) = text.strip_suffix(b"i").and_then(|text| float(text).ok()) {
            return Ok(Self::Complex(0.0, imaginary));
        }
        let unsigned = unsigned(text);
        let (negative, digits) = match text {
            [b'-', digits @ ..] => (true, digits),
            [b'+', digits @ ..] => (false, digits),
            digits => (false, digits),
        };
        if let Some(magnitude) = self::unsigned(digits) {
            let signed = if negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() };
            if let Some(integer) = signed {
                return Ok(Self::Integer(integer));
            }
        }
        if unsigned.is_some() {
            return Ok(Self::TooLarge);
        }
        match float(text) {
            Ok(number) if text.iter().any(|byte| b".eEpP".contains(byte)) => Ok(Self::Float(number)),
            Ok(_) => Err(sprintf(b"integer overflow: %q", &[Argument::Text(text)])),
            Err(_) => Err(sprintf(b"illegal number syntax: %q", &[Argument::Text(text)])),
        }
    }

    /// The number of a character in single quotes.
    pub(super) fn of_character(text: &[u8]) -> Result<Self, Vec<u8>> {
        let inside = text.get(1..).unwrap_or_default();
        match character(inside, b'\'') {
            None => Err(b"invalid syntax".to_vec()),
            Some((c, width)) if inside.get(width..) == Some(b"'") => Ok(Self::Integer(i64::from(c.code()))),
            Some(_) => Err([b"malformed character constant: ", text].concat()),
        }
    }

    /// The number of a text with a real and an imaginary part.
    pub(super) fn of_complex(text: &[u8]) -> Result<Self, Vec<u8>> {
        let length = float_length(text);
        let (real, rest) = (text.get(..length).unwrap_or_default(), text.get(length..).unwrap_or_default());
        let sign = matches!(rest, [b'+' | b'-', ..]);
        let length = float_length(rest);
        let (imaginary, rest) = (rest.get(..length).unwrap_or_default(), rest.get(length..).unwrap_or_default());
        if !sign || !rest.starts_with(b"i") {
            return Err(b"syntax error scanning complex number".to_vec());
        }
        Ok(Self::Complex(part(real)?, part(imaginary)?))
    }
}

/// A part of a complex number.
fn part(text: &[u8]) -> Result<f64, Vec<u8>> {
    float(text).map_err(|fault| {
        let why: &[u8] = match fault {
            Fault::Syntax => b"strconv.ParseFloat: parsing %q: invalid syntax",
            Fault::Range => b"strconv.ParseFloat: parsing %q: value out of range",
        };
        sprintf(why, &[Argument::Text(text)])
    })
}

/// How much of a text looks like a float (the token of Go's `fmt.Sscan`).
fn float_length(text: &[u8]) -> usize {
    let mut at = usize::from(matches!(text, [b'+' | b'-', ..]));
    let rest = text.get(at..).unwrap_or_default();
    let hexadecimal = matches!(rest, [b'0', b'x' | b'X', ..]);
    at += if hexadecimal { 2 } else { 0 };
    let is_digit = |byte: &u8| *byte == b'_' || byte.is_ascii_digit() || hexadecimal && byte.is_ascii_hexdigit();
    let digits = |at: usize| text.get(at..).unwrap_or_default().iter().take_while(|byte| is_digit(byte)).count();
    at += digits(at);
    if text.get(at) == Some(&b'.') {
        at += 1;
        at += digits(at);
    }
    if text.get(at).is_some_and(|byte| if hexadecimal { b"pP".contains(byte) } else { b"eEpP".contains(byte) }) {
        at += 1;
        at += usize::from(matches!(text.get(at), Some(b'+' | b'-')));
        let exponent = text.get(at..).unwrap_or_default();
        at += exponent.iter().take_while(|byte| **byte == b'_' || byte.is_ascii_digit()).count();
    }
    at
}

/// An integer without a sign (Go's `strconv.ParseUint` with base 0).
fn unsigned(text: &[u8]) -> Option<u64> {
    let (base, digits) = match text {
        [b'0', b'b' | b'B', rest @ ..] if !rest.is_empty() => (2, rest),
        [b'0', b'o' | b'O', rest @ ..] if !rest.is_empty() => (8, rest),
        [b'0', b'x' | b'X', rest @ ..] if !rest.is_empty() => (16, rest),
        [b'0', rest @ ..] => (8, rest),
        [] => return None,
        text => (10, text),
    };
    let mut number: u64 = 0;
    for byte in digits.iter().filter(|byte| **byte != b'_') {
        let digit = char::from(*byte).to_digit(base)?;
        number = number.checked_mul(u64::from(base))?.checked_add(u64::from(digit))?;
    }
    separates(text).then_some(number)
}

/// Whether each `_` stands between digits, or between a prefix and a digit.
fn separates(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let prefixed = matches!(text, [b'0', b'b' | b'B' | b'o' | b'O' | b'x' | b'X', ..]);
    let hexadecimal = matches!(text, [b'0', b'x' | b'X', ..]);
    let is_digit = |byte: u8| byte.is_ascii_digit() || hexadecimal && byte.is_ascii_hexdigit();
    let mut before = if prefixed { b'0' } else { b'^' };
    for byte in text.iter().skip(if prefixed { 2 } else { 0 }) {
        let class = match *byte {
            byte if is_digit(byte) => b'0',
            b'_' if before != b'0' => return false,
            b'_' => b'_',
            _ if before == b'_' => return false,
            _ => b'!',
        };
        before = class;
    }
    before != b'_'
}

/// A float (Go's `strconv.ParseFloat`), decimal or hexadecimal.
fn float(text: &[u8]) -> Result<f64, Fault> {
    if text.contains(&b'_') && !separates(text) {
        return Err(Fault::Syntax);
    }
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let number = match digits {
        [b'0', b'x' | b'X', rest @ ..] if !rest.is_empty() => hexadecimal(rest)?,
        _ => {
            let plain: Vec<u8> = digits.iter().copied().filter(|byte| *byte != b'_').collect();
            // The standard library also knows words such as `inf`.
            let text = core::str::from_utf8(&plain)
                .ok()
                .filter(|text| text.starts_with(['.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']));
            text.and_then(|text| text.parse::<f64>().ok()).ok_or(Fault::Syntax)?
        }
    };
    if number.is_infinite() {
        return Err(Fault::Range);
    }
    Ok(if negative { -number } else { number })
}

/// A hexadecimal float behind its prefix, which must have an exponent.
fn hexadecimal(text: &[u8]) -> Result<f64, Fault> {
    let at = text.iter().position(|byte| matches!(byte, b'p' | b'P')).ok_or(Fault::Syntax)?;
    let (mantissa, exponent) = text.split_at(at);
    let exponent = text.get(at + 1..).filter(|_| !exponent.is_empty()).unwrap_or_default();
    let (mut bits, mut scale, mut point, mut digits) = (0_u64, 0_i64, false, false);
    for byte in mantissa {
        match byte {
            b'_' => continue,
            b'.' if !point => {
                point = true;
                continue;
            }
            _ => {}
        }
        let digit = char::from(*byte).to_digit(16).ok_or(Fault::Syntax)?;
        digits = true;
        scale -= if point { 4 } else { 0 };
        if bits >> 60 == 0 {
            bits = bits << 4 | u64::from(digit);
        } else {
            // What no longer fits only says that the number is a little larger.
            bits |= u64::from(digit != 0);
            scale += 4;
        }
    }
    let (below, exponent) = match exponent {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if !digits || !exponent.first().is_some_and(u8::is_ascii_digit) {
        return Err(Fault::Syntax);
    }
    let mut power = 0_i64;
    for byte in exponent.iter().filter(|byte| **byte != b'_') {
        power = (power * 10 + i64::from(byte.wrapping_sub(b'0'))).min(100_000);
    }
    Ok(scaled(bits, scale + if below { -power } else { power }))
}

/// `mantissa × 2^exponent`, rounded once to the nearest float, infinite when it is too large.
fn scaled(mantissa: u64, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    // The 53 bits of a float and two to round by, of which the last stands for all that follow it.
    let mut exponent = exponent + 52;
    let halved = |mantissa: u64| mantissa >> 1 | mantissa & 1;
    let missing = mantissa.leading_zeros().saturating_sub(9);
    let mut mantissa = mantissa << missing;
    exponent -= i64::from(missing);
    while mantissa >> 55 != 0 || mantissa > 1 && exponent < -1024 {
        mantissa = halved(mantissa);
        exponent += 1;
    }
    let round = mantissa & 3 | mantissa >> 2 & 1;
    mantissa >>= 2;
    exponent += 2;
    if round == 3 {
        mantissa += 1;
        if mantissa == 1 << 53 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    if exponent > 1023 {
        return f64::INFINITY;
    }
    // A number without its highest bit has the lowest exponent.
    let biased = if mantissa >> 52 == 0 { 0 } else { exponent + 1023 };
    f64::from_bits(mantissa & ((1 << 52) - 1) | (biased as u64) << 52)
}

/// A character of a quoted text.
enum Character {
    /// A byte by its number, which need not be UTF-8.
    Byte(u8),
    Char(char),
}

impl Character {
    fn code(&self) -> u32 {
        match self {
            Self::Byte(byte) => u32::from(*byte),
            Self::Char(c) => u32::from(*c),
        }
    }
}

/// The text in quotes or backquotes (Go's `strconv.Unquote`); none when an escape is wrong.
pub(super) fn unquote(quoted: &'static [u8]) -> Option<&'static [u8]> {
    let inside = quoted.get(1..quoted.len().checked_sub(1)?)?;
    if quoted.starts_with(b"`") {
        if !inside.contains(&b'\r') {
            return Some(inside);
        }
        let plain: Vec<u8> = inside.iter().copied().filter(|byte| *byte != b'\r').collect();
        return Value::string(&plain).as_str();
    }
    if !inside.contains(&b'\\') && core::str::from_utf8(inside).is_ok() {
        return Some(inside);
    }
    let (mut text, mut at) = (Vec::new(), 0);
    while let Some(rest) = inside.get(at..).filter(|rest| !rest.is_empty()) {
        let (c, width) = character(rest, b'"')?;
        match c {
            Character::Byte(byte) => text.push(byte),
            Character::Char(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        at += width;
    }
    Value::string(&text).as_str()
}

/// The first character of a quoted text and its width (Go's `strconv.UnquoteChar`).
fn character(text: &[u8], mark: u8) -> Option<(Character, usize)> {
    let (c, width) = unicode::decode(text)?;
    if c != '\\' {
        return (c != char::from(mark)).then_some((Character::Char(c), width));
    }
    let short = |byte| Some((Character::Byte(byte), 2));
    match *text.get(1)? {
        b'a' => short(0x07),
        b'b' => short(0x08),
        b'f' => short(0x0c),
        b'n' => short(b'\n'),
        b'r' => short(b'\r'),
        b't' => short(b'\t'),
        b'v' => short(0x0b),
        b'\\' => short(b'\\'),
        quote @ (b'\'' | b'"') if quote == mark => short(quote),
        b'x' => Some((Character::Byte(u8::try_from(number(text.get(2..4)?, 16)?).ok()?), 4)),
        b'u' => Some((Character::Char(char::from_u32(number(text.get(2..6)?, 16)?)?), 6)),
        b'U' => Some((Character::Char(char::from_u32(number(text.get(2..10)?, 16)?)?), 10)),
        b'0'..=b'7' => Some((Character::Byte(u8::try_from(number(text.get(1..4)?, 8)?).ok()?), 4)),
        _ => None,
    }
}

/// At most eight digits in a base, all of them.
fn number(digits: &[u8], base: u32) -> Option<u32> {
    digits
        .iter()
        .try_fold(0_u32, |number, byte| Some(number.wrapping_mul(base).wrapping_add(char::from(*byte).to_digit(base)?)))
}
