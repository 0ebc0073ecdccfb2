//! Quantities with units: `units.parse` (exact decimals) and `units.parse_bytes` (whole bytes, by OPA's 64-bit floats).

use alloc::vec::Vec;

use super::operand::string;
use crate::error::{self, Part};
use crate::number::{Float, Integer, Natural, PRECISION};
use crate::{Value, unicode};

/// The decimal digits that a quantity may have before its point: what OPA's numbers may have, roughly.
const MAX_MAGNITUDE: i64 = 30_000;

/// The digits that an exponent may have.
const MAX_EXPONENT_DIGITS: usize = 6;

/// `units.parse(text)`: `1.5Ki` is 1536, `200m` is 0.2.
#[must_use]
pub fn parse(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    let text: Vec<u8> = text.iter().copied().filter(|byte| *byte != b'"').collect();
    let quantity = match Quantity::read(&text) {
        Ok(quantity) => quantity,
        Err(fault) => return error::fail_with(&[Part::Text("units.parse: "), Part::Text(fault.text())]),
    };
    let Some((numerator, binary_places)) = si_factor(&quantity.unit) else {
        let mut unit = quantity.unit;
        lower_tail(&mut unit);
        return error::fail_with(&[
            Part::Text("units.parse: unit "),
            Part::Bytes(&unit),
            Part::Text(" not recognized"),
        ]);
    };
    match Decimal::read(&quantity.amount) {
        Some(amount) => amount.scaled(numerator, binary_places),
        None => error::fail("units.parse: could not parse amount to a number"),
    }
}

/// The factor of a unit as a fraction whose denominator is a power of two. Only the first letter tells upper from lower case:
/// `m` is a thousandth (as a float of 64 bits, as in OPA), `M` a million.
fn si_factor(unit: &[u8]) -> Option<(u64, usize)> {
    let mut unit = Vec::from(unit);
    lower_tail(&mut unit);
    let power =
        |letter: u8| b"kmgtpe".iter().position(|other| *other == letter.to_ascii_lowercase()).map(|at| at as u32 + 1);
    match unit.as_slice() {
        [] => Some((1, 0)),
        [b'm'] => Some((1_152_921_504_606_847, 60)),
        [letter] => Some((1000_u64.pow(power(*letter)?), 0)),
        [letter, b'i'] => Some((1024_u64.pow(power(*letter)?), 0)),
        _ => None,
    }
}

/// Everything but the first byte in lower case.
fn lower_tail(unit: &mut Vec<u8>) {
    if unit.len() > 1 {
        let tail = unicode::map(unit.get(1..).unwrap_or_default(), unicode::to_lower);
        unit.truncate(1);
        unit.extend_from_slice(&tail);
    }
}

/// `units.parse_bytes(text)`: `1.5KiB` is 1536, `1.5kb` is 1500.
#[must_use]
pub fn parse_bytes(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    let mut text = unicode::map(text, unicode::to_lower);
    text.retain(|byte| *byte != b'"');
    let quantity = match Quantity::read(&text) {
        Ok(quantity) => quantity,
        Err(fault) => {
            return error::fail_with(&[Part::Text("units.parse_bytes: "), Part::Text(fault.bytes_text())]);
        }
    };
    let Some(factor) = byte_factor(&quantity.unit) else {
        return error::fail_with(&[
            Part::Text("units.parse_bytes: byte unit "),
            Part::Bytes(&quantity.unit),
            Part::Text(" not recognized"),
        ]);
    };
    if let Some(bytes) = whole(&quantity.amount).and_then(|amount| amount.checked_mul(factor)) {
        return Integer::new(false, Natural::new(bytes)).to_value();
    }
    match Decimal::read(&quantity.amount).and_then(|amount| amount.as_float()) {
        Some(amount) => amount.multiply(&Float::new(factor, PRECISION)).truncate().to_value(),
        None => error::fail("units.parse_bytes: could not parse byte amount to a number"),
    }
}

/// An amount that is nothing but digits, if it fits 64 bits: floats of OPA's precision are exact up to there.
fn whole(amount: &[u8]) -> Option<u64> {
    let next = |number: u64, digit: &u8| {
        let digit = u64::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        number.checked_mul(10)?.checked_add(digit)
    };
    amount.iter().try_fold(0, next)
}

fn byte_factor(unit: &[u8]) -> Option<u64> {
    let (letter, base) = match unit {
        [] => return Some(1),
        [letter] | [letter, b'b'] => (letter, 1000_u64),
        [letter, b'i'] | [letter, b'i', b'b'] => (letter, 1024),
        _ => return None,
    };
    let power = b"kmgtpe".iter().position(|other| other == letter)? as u32 + 1;
    Some(base.pow(power))
}

/// Why a text is no quantity.
enum Fault {
    Space,
    Exponent,
    NoAmount,
}

impl Fault {
    fn text(&self) -> &'static str {
        match self {
            Self::Space => "spaces not allowed in resource strings",
            Self::Exponent => "exponent too large",
            Self::NoAmount => "no amount provided",
        }
    }

    fn bytes_text(&self) -> &'static str {
        match self {
            Self::NoAmount => "no byte amount provided",
            _ => self.text(),
        }
    }
}

/// An amount and what follows it.
struct Quantity {
    amount: Vec<u8>,
    unit: Vec<u8>,
}

impl Quantity {
    /// Takes a text apart where the number ends. An `e` belongs to the number only before a digit or a sign.
    fn read(text: &[u8]) -> Result<Self, Fault> {
        if text.contains(&b' ') {
            return Err(Fault::Space);
        }
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            match byte {
                b'0'..=b'9' | b'.' | b'+' | b'-' => {}
                b'e' | b'E' => {
                    if !matches!(text.get(at + 1), Some(b'0'..=b'9' | b'+' | b'-')) {
                        break;
                    }
                    if matches!(text.get(at + 1), Some(b'+' | b'-')) {
                        at += 1;
                    }
                    let exponent = text.get(at + 1..).unwrap_or_default();
                    if exponent.iter().take_while(|byte| byte.is_ascii_digit()).count() > MAX_EXPONENT_DIGITS {
                        return Err(Fault::Exponent);
                    }
                }
                _ => break,
            }
            at += 1;
        }
        let (amount, unit) = text.split_at(at.min(text.len()));
        if amount.is_empty() {
            return Err(Fault::NoAmount);
        }
        Ok(Self { amount: amount.into(), unit: unit.into() })
    }
}

/// A decimal number: `digits × 10^exponent`.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Reads `-1.5e3`; none when it is something else.
    fn read(text: &[u8]) -> Option<Self> {
        let (negative, rest) = match text.split_first()? {
            (b'-', rest) => (true, rest),
            (b'+', rest) => (false, rest),
            _ => (false, text),
        };
        let mut parts = rest.splitn(2, |byte| matches!(byte, b'e' | b'E'));
        let mantissa = parts.next()?;
        let exponent = match parts.next() {
            Some(exponent) => core::str::from_utf8(exponent).ok()?.parse::<i64>().ok()?,
            None => 0,
        };
        let mut halves = mantissa.splitn(2, |byte| *byte == b'.');
        let (whole, fraction) = (halves.next()?, halves.next().unwrap_or_default());
        let digits = [whole, fraction].concat();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        Some(Self { negative, digits, exponent: exponent - fraction.len() as i64 })
    }

    /// The number times a factor over a power of two: an integer in full, anything else with ten decimals, halves rounded away from
    /// zero. Undefined when it is too large to be a number.
    fn scaled(&self, factor: u64, binary_places: usize) -> Value {
        let magnitude = self.digits.len() as i64 + self.exponent;
        if magnitude > MAX_MAGNITUDE {
            return error::fail("number too big");
        }
        let mut numerator = Natural::from_digits(self.digits.iter().copied()).multiply(&Natural::new(factor));
        // What lies far below the last decimal is rounded to nothing, whatever it is.
        let power = Natural::power(10, self.exponent.unsigned_abs().min(MAX_MAGNITUDE as u64) as usize);
        let mut denominator = Natural::new(1).shift_left(binary_places);
        if self.exponent >= 0 {
            numerator = numerator.multiply(&power);
        } else if magnitude < -MAX_MAGNITUDE {
            numerator = Natural::new(u64::from(!numerator.is_zero()));
            denominator = power;
        } else {
            denominator = denominator.multiply(&power);
        }
        let (quotient, rest) = numerator.divide(&denominator);
        if rest.is_zero() {
            return Integer::new(self.negative, quotient).to_value();
        }
        let twice = numerator.multiply(&Natural::new(20_000_000_000)).add(&denominator);
        let mut digits = twice.divide(&denominator.shift_left(1)).0.digits();
        while digits.len() < 11 {
            digits.insert(0, b'0');
        }
        digits.insert(digits.len() - 10, b'.');
        if self.negative {
            digits.insert(0, b'-');
        }
        Value::number(&digits)
    }

    /// The nearest float of OPA's precision.
    fn as_float(&self) -> Option<Float> {
        let digits = core::str::from_utf8(&self.digits).ok()?;
        let sign = if self.negative { "-" } else { "" };
        Float::of(Value::number(alloc::format!("{sign}{digits}e{}", self.exponent).as_bytes()))
    }
}
