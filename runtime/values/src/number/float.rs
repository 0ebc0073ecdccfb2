//! Binary floats of a given precision, rounded half to even: Go's `big.Float` as OPA uses it.
//!
//! Precisions are 64 bits, 53 in products, and more while a decimal text is read. The steps of Go's conversions are kept
//! where they round, so that the last bit is the same.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::expansion::Expansion;
use super::integer::Integer;
use super::natural::{MAX_BITS, Natural};
use super::text::Decimal;
use crate::{Value, number};

/// The precision of OPA's numbers, in bits.
pub(crate) const PRECISION: usize = 64;

/// The magnitude of a binary exponent from which on results are refused: beyond OPA's limit for texts, and cheap to print.
const MAX_EXPONENT: i64 = 1 << 17;

/// A float: `mantissa` times two to the power of `exponent`, exact to `precision` bits. Zero has a sign.
#[derive(Clone, Debug)]
pub(crate) struct Float {
    pub(crate) negative: bool,
    mantissa: Natural,
    exponent: i64,
    precision: usize,
}

impl Float {
    /// Rounds a magnitude; `rest` says that something not zero lies below its lowest bit.
    fn round(negative: bool, mantissa: Natural, exponent: i64, precision: usize, rest: bool) -> Self {
        let extra = mantissa.bits().saturating_sub(precision);
        if extra == 0 {
            return Self { negative, mantissa, exponent, precision };
        }
        let is_half = !rest && mantissa.trailing_zeros() == extra - 1;
        let up = mantissa.bit(extra - 1) && (!is_half || mantissa.bit(extra));
        let mut rounded = mantissa.shift_right(extra);
        if up {
            rounded = rounded.add(&Natural::new(1));
        }
        Self { negative, mantissa: rounded, exponent: exponent + extra as i64, precision }
    }

    /// A small natural number.
    pub(crate) fn new(value: u64, precision: usize) -> Self {
        Self { negative: false, mantissa: Natural::new(value), exponent: 0, precision }
    }

    /// A number, rounded to [`PRECISION`]. `None` when the value is no number, or too long.
    pub(crate) fn of(value: Value) -> Option<Self> {
        let text = number::text(value)?;
        let text = text.bytes();
        let negative = text.first() == Some(&b'-');
        if text.len() > MAX_BITS * 3 / 10 {
            return None;
        }
        let decimal = Decimal::new(text);
        let digits = Natural::from_digits(decimal.significant());
        if digits.is_zero() {
            return Some(Self { negative, ..Self::new(0, PRECISION) });
        }
        let scale = decimal.exponent - decimal.significant().count() as i64;
        let power = Self::power_of_five(scale.unsigned_abs() as usize);
        let exact = Self { negative, mantissa: digits, exponent: scale, precision: PRECISION };
        Some(if scale >= 0 { exact.multiply(&power) } else { exact.divide(&power) })
    }

    /// The number of some digits, of which so many are behind the point.
    pub(crate) fn decimal_fraction(digits: &[u8], places: usize, precision: usize) -> Self {
        let mantissa = Natural::from_digits(digits.iter().copied());
        let divisor = Self { mantissa: Natural::power(5, places), ..Self::new(0, precision) };
        Self { negative: false, mantissa, exponent: -(places as i64), precision }.divide(&divisor)
    }

    /// Five to a power, to 128 bits, rounded where Go rounds.
    fn power_of_five(power: usize) -> Self {
        const TABLE: usize = 27;
        let wide = 2 * PRECISION;
        let mut left = power.saturating_sub(TABLE);
        let mut result = Self { precision: wide, mantissa: Natural::power(5, power.min(TABLE)), ..Self::new(0, wide) };
        let mut square = Self::new(5, 3 * PRECISION);
        while left > 0 {
            if left & 1 == 1 {
                result = result.multiply(&square);
            }
            square = square.multiply(&square);
            left >>= 1;
        }
        result
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.mantissa.is_zero()
    }

    pub(crate) fn with_sign(self, negative: bool) -> Self {
        Self { negative, ..self }
    }

    pub(crate) fn negate(self) -> Self {
        Self { negative: !self.negative, ..self }
    }

    /// The product, to the first one's precision.
    pub(crate) fn multiply(&self, other: &Self) -> Self {
        Self::round(
            self.negative != other.negative,
            self.mantissa.multiply(&other.mantissa),
            self.exponent + other.exponent,
            self.precision,
            false,
        )
    }

    /// The quotient, to the first one's precision; the divisor is not zero.
    pub(crate) fn divide(&self, divisor: &Self) -> Self {
        // Enough bits for the precision and one more to round by.
        let shift = (self.precision + 2 + divisor.mantissa.bits()).saturating_sub(self.mantissa.bits());
        let (quotient, rest) = self.mantissa.shift_left(shift).divide(&divisor.mantissa);
        let exponent = self.exponent - divisor.exponent - shift as i64;
        Self::round(self.negative != divisor.negative, quotient, exponent, self.precision, !rest.is_zero())
    }

    /// The sum, to the larger precision. Floats further apart than their exponents may be are not added.
    pub(crate) fn add(&self, other: &Self) -> Self {
        let precision = self.precision.max(other.precision);
        if self.is_zero() && other.is_zero() {
            return Self { negative: self.negative && other.negative, ..Self::new(0, precision) };
        }
        let exponent = self.exponent.min(other.exponent);
        let aligned = |float: &Self| float.mantissa.shift_left((float.exponent - exponent) as usize);
        // Zero has exponent 0, which would only make the other one longer.
        if self.is_zero() || other.is_zero() {
            let float = if self.is_zero() { other } else { self };
            return Self::round(float.negative, float.mantissa.clone(), float.exponent, precision, false);
        }
        let (a, b) = (aligned(self), aligned(other));
        let (negative, sum) = if self.negative == other.negative {
            (self.negative, a.add(&b))
        } else {
            match a.cmp(&b) {
                Ordering::Less => (other.negative, b.subtract(&a)),
                Ordering::Equal => (false, Natural::default()),
                Ordering::Greater => (self.negative, a.subtract(&b)),
            }
        };
        Self::round(negative, sum, exponent, precision, false)
    }

    /// The integer towards zero, as a float of at least [`PRECISION`] that holds it exactly. A fraction becomes 0, without sign.
    pub(crate) fn truncate(&self) -> Self {
        let magnitude = self.whole();
        Self {
            negative: self.negative && !magnitude.is_zero(),
            precision: magnitude.bits().max(PRECISION),
            mantissa: magnitude,
            exponent: 0,
        }
    }

    fn whole(&self) -> Natural {
        if self.exponent < 0 {
            self.mantissa.shift_right(self.exponent.unsigned_abs() as usize)
        } else {
            self.mantissa.shift_left(self.exponent as usize)
        }
    }

    /// Whether the value is an integer.
    pub(crate) fn is_integer(&self) -> bool {
        self.is_zero() || self.exponent + self.mantissa.trailing_zeros() as i64 >= 0
    }

    /// The number if it is an integer of 64 bits.
    pub(crate) fn to_i64(&self) -> Option<i64> {
        if self.is_integer() { Integer::new(self.negative, self.whole()).to_i64() } else { None }
    }

    /// The fewest digits that tell the magnitude from its neighbors, without an exponent.
    pub(crate) fn plain_text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        self.shortest().write_plain(&mut text, 0);
        text
    }

    /// The number as a value: all digits of an integer (zeros where they do not matter), else the shortest that tell the float from its
    /// neighbors, with an exponent below -4 and from 6 on. Undefined when the exponent is too large.
    pub(crate) fn to_value(&self) -> Value {
        if (self.exponent + self.mantissa.bits() as i64).abs() > MAX_EXPONENT {
            return super::too_big();
        }
        let digits = self.shortest();
        let mut text = Vec::new();
        if self.negative {
            text.push(b'-');
        }
        if !self.is_integer() && !(-3..=6).contains(&digits.point) {
            digits.write_scientific(&mut text, 0, b'e');
        } else {
            digits.write_plain(&mut text, 0);
        }
        Value::number(&text)
    }

    /// The digits of the exact value.
    fn decimal(mantissa: &Natural, exponent: i64) -> Expansion {
        let shift = exponent.unsigned_abs() as usize;
        let (digits, scale) = if exponent >= 0 {
            (mantissa.shift_left(shift).digits(), 0)
        } else {
            (mantissa.multiply(&Natural::power(5, shift)).digits(), exponent)
        };
        let point = digits.len() as i64 + scale;
        Expansion::new(digits, point)
    }

    /// The fewest digits that round to this float, as Go finds them.
    fn shortest(&self) -> Expansion {
        if self.is_zero() {
            return Expansion::default();
        }
        // Scaled so that the lowest bit is half the distance to the next float.
        let bits = self.mantissa.bits();
        let wanted = self.precision + 1;
        let mantissa = self.mantissa.shift_left(wanted.saturating_sub(bits)).shift_right(bits.saturating_sub(wanted));
        let exponent = self.exponent + bits as i64 - wanted as i64;
        let one = Natural::new(1);
        let exact = Self::decimal(&mantissa, exponent);
        let lower = Self::decimal(&mantissa.subtract(&one), exponent).digits;
        let upper = Self::decimal(&mantissa.add(&one), exponent).digits;
        // The bounds themselves round to an even mantissa.
        let inclusive = !mantissa.bit(1);
        let at = |digits: &[u8], index: usize| digits.get(index).copied().unwrap_or(b'0');
        for (index, &digit) in exact.digits.iter().enumerate() {
            let (low, high) = (at(&lower, index), at(&upper, index));
            let down = low != digit || inclusive && index + 1 == lower.len();
            let up = digit != high && (inclusive || digit + 1 < high || index + 1 < upper.len());
            if down || up {
                return if down && up { exact.rounded(index as i64 + 1) } else { exact.cut(index + 1, up) };
            }
        }
        exact
    }
}

/// An integer times two to a power, in plain digits. `None` when it is infinite as a double, or too near to zero.
pub(crate) fn scaled(integer: Integer, exponent: i64) -> Option<Value> {
    if integer.is_zero() {
        return Some(Value::integer(0));
    }
    if integer.magnitude.bits() as i64 + exponent > 1024 || exponent < -MAX_EXPONENT {
        return None;
    }
    let mut text = Vec::new();
    if integer.negative {
        text.push(b'-');
    }
    Float::decimal(&integer.magnitude, exponent).write_plain(&mut text, 0);
    Some(Value::number(&text))
}
