//! Quantities with units: `units.parse` (exact decimals) and `units.parse_bytes` (whole bytes, by OPA's 64-bit floats).

use alloc::string::String;
use alloc::vec::Vec;

use num_bigint::{BigInt, BigUint};
use num_traits::{Pow, Signed, Zero};

use super::operand::string;
use crate::error::{self, Part};
use crate::{Value, unicode};

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
        Some(amount) => amount.times(numerator).over_power_of_two(binary_places),
        None => error::fail("units.parse: could not parse amount to a number"),
    }
}

/// The factor of a unit as a fraction whose denominator is a power of two. Only the first letter tells upper from lower case:
/// `m` is a thousandth (as a float of 64 bits, as in OPA), `M` a million.
fn si_factor(unit: &[u8]) -> Option<(u64, u32)> {
    let mut unit = Vec::from(unit);
    lower_tail(&mut unit);
    let power = |letter: u8| b"kmgtpe".iter().position(|other| *other == letter.to_ascii_lowercase()).map(|at| at as u32 + 1);
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
    match Decimal::read(&quantity.amount) {
        Some(amount) => amount.as_float().times(factor).whole(),
        None => error::fail("units.parse_bytes: could not parse byte amount to a number"),
    }
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
    digits: BigInt,
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
        let digits = BigInt::from(BigUint::parse_bytes(&digits, 10)?);
        let digits = if negative { -digits } else { digits };
        Some(Self { digits, exponent: exponent - fraction.len() as i64 })
    }

    fn times(mut self, factor: u64) -> Self {
        self.digits *= factor;
        self
    }

    /// The number over a power of two: an integer in full, anything else with ten decimals, halves rounded away from zero.
    fn over_power_of_two(self, places: u32) -> Value {
        let ten = |power: i64| BigInt::from(BigUint::from(10_u32).pow(power.unsigned_abs() as u32));
        let mut numerator = self.digits;
        let mut denominator = BigInt::from(1) << places;
        if self.exponent >= 0 {
            numerator *= ten(self.exponent);
        } else {
            denominator *= ten(self.exponent);
        }
        if (&numerator % &denominator).is_zero() {
            return Value::number((numerator / denominator).to_str_radix(10).as_bytes());
        }
        let negative = numerator.is_negative();
        let scaled = numerator.abs() * ten(10);
        let rounded: BigInt = (scaled * 2_u32 + &denominator) / (denominator * 2_u32);
        let mut digits = rounded.to_str_radix(10);
        while digits.len() < 11 {
            digits.insert(0, '0');
        }
        digits.insert(digits.len() - 10, '.');
        let text = if negative { alloc::format!("-{digits}") } else { digits };
        Value::number(text.as_bytes())
    }

    /// The nearest binary float with 64 bits of mantissa.
    fn as_float(&self) -> Float {
        let negative = self.digits.is_negative();
        let digits = self.digits.magnitude().clone();
        let ten = BigUint::from(10_u32).pow(self.exponent.unsigned_abs() as u32);
        let (numerator, denominator) = if self.exponent >= 0 { (digits * ten, BigUint::from(1_u32)) } else { (digits, ten) };
        if numerator.is_zero() {
            return Float { negative, mantissa: BigUint::zero(), exponent: 0 };
        }
        // Enough bits of the quotient that 64 and a half are sure, with a last bit for all that is below.
        let shift = 66 - (numerator.bits() as i64 - denominator.bits() as i64);
        let (numerator, denominator) =
            if shift >= 0 { (numerator << shift, denominator) } else { (numerator, denominator << -shift) };
        let quotient = &numerator / &denominator;
        let sticky = !(&numerator % &denominator).is_zero();
        Float::rounded(negative, (quotient << 1_u32) + u32::from(sticky), -shift - 1)
    }
}

/// A binary float: `mantissa × 2^exponent`.
struct Float {
    negative: bool,
    mantissa: BigUint,
    exponent: i64,
}

impl Float {
    /// Rounds to 64 bits, halves to even.
    fn rounded(negative: bool, mantissa: BigUint, exponent: i64) -> Self {
        let extra = (mantissa.bits() as i64 - 64).max(0);
        if extra == 0 {
            return Self { negative, mantissa, exponent };
        }
        let mut kept = &mantissa >> extra;
        let half = BigUint::from(1_u32) << (extra - 1);
        let below = mantissa - (&kept << extra);
        if below > half || below == half && kept.bit(0) {
            kept += 1_u32;
        }
        Self { negative, mantissa: kept, exponent: exponent + extra }
    }

    fn times(self, factor: u64) -> Self {
        Self::rounded(self.negative, self.mantissa * factor, self.exponent)
    }

    /// The integer without what is behind the point.
    fn whole(self) -> Value {
        let whole = if self.exponent >= 0 { self.mantissa << self.exponent } else { self.mantissa >> -self.exponent };
        let mut text = whole.to_str_radix(10);
        if self.negative && !whole.is_zero() {
            text.insert(0, '-');
        }
        Value::number(String::from(text).as_bytes())
    }
}
