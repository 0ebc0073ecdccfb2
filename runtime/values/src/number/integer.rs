//! Integers of any size, and which numbers are one.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::natural::{MAX_BITS, Natural};
use super::text::{Decimal, signed};
use crate::{Value, number};

/// An integer: zero is never negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Integer {
    pub(crate) negative: bool,
    pub(crate) magnitude: Natural,
}

impl Integer {
    pub(crate) fn new(negative: bool, magnitude: Natural) -> Self {
        Self { negative: negative && !magnitude.is_zero(), magnitude }
    }

    pub(crate) fn from_i64(value: i64) -> Self {
        Self::new(value < 0, Natural::new(value.unsigned_abs()))
    }

    /// The integer that a number is by value (`1e3`, `2.0`); `None` for other numbers, and beyond [`MAX_BITS`].
    pub(crate) fn of(value: Value) -> Option<Self> {
        if let Some(value) = value.as_integer() {
            return Some(Self::from_i64(value));
        }
        let decimal = Decimal::new(value.as_number_text()?);
        // Ten bits hold three digits.
        if decimal.exponent > (MAX_BITS * 3 / 10) as i64 {
            return None;
        }
        let places = decimal.exponent.max(0) as usize;
        if decimal.significant().skip(places).any(|digit| digit != b'0') {
            return None;
        }
        let digits = decimal.significant().chain(core::iter::repeat(b'0')).take(places);
        Some(Self::new(decimal.negative, Natural::from_digits(digits)))
    }

    /// The integer as a value; undefined beyond [`MAX_BITS`].
    pub(crate) fn to_value(&self) -> Value {
        if let Some(small) = self.to_i64() {
            return Value::integer(small);
        }
        if self.magnitude.bits() > MAX_BITS {
            return super::too_big();
        }
        let mut text = Vec::new();
        if self.negative {
            text.push(b'-');
        }
        text.extend_from_slice(&self.magnitude.digits());
        Value::number(&text)
    }

    /// The integer, if it fits 64 bits.
    pub(crate) fn to_i64(&self) -> Option<i64> {
        signed(self.negative, self.magnitude.to_u64()?)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.magnitude.is_zero()
    }

    pub(crate) fn negate(self) -> Self {
        Self::new(!self.negative, self.magnitude)
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        if self.negative == other.negative {
            return Self::new(self.negative, self.magnitude.add(&other.magnitude));
        }
        match self.magnitude.cmp(&other.magnitude) {
            Ordering::Less => Self::new(other.negative, other.magnitude.subtract(&self.magnitude)),
            _ => Self::new(self.negative, self.magnitude.subtract(&other.magnitude)),
        }
    }

    /// The product; `None` when it is far beyond [`MAX_BITS`].
    pub(crate) fn multiply(&self, other: &Self) -> Option<Self> {
        if self.magnitude.bits() + other.magnitude.bits() > MAX_BITS + 64 {
            return None;
        }
        Some(Self::new(self.negative != other.negative, self.magnitude.multiply(&other.magnitude)))
    }

    /// The remainder of division towards zero; the divisor is not zero.
    pub(crate) fn remainder(&self, divisor: &Self) -> Self {
        Self::new(self.negative, self.magnitude.divide(&divisor.magnitude).1)
    }

    /// The limb at an index in two's complement, of which there are any number.
    fn complement_limb(&self, index: usize) -> u32 {
        let limb = self.magnitude.limb(index);
        if !self.negative {
            limb
        } else if (0..index).all(|below| self.magnitude.limb(below) == 0) {
            limb.wrapping_neg()
        } else {
            !limb
        }
    }

    /// The limbs in two's complement, so many.
    pub(crate) fn complement(&self, count: usize) -> Vec<u32> {
        (0..count).map(|index| self.complement_limb(index)).collect()
    }

    /// The integer of limbs in two's complement, whose highest bit is the sign.
    pub(crate) fn from_complement(mut limbs: Vec<u32>) -> Self {
        let negative = limbs.last().is_some_and(|top| top >> 31 == 1);
        if negative {
            let mut carry = true;
            for limb in &mut limbs {
                let (value, overflow) = (!*limb).overflowing_add(u32::from(carry));
                *limb = value;
                carry = overflow;
            }
        }
        Self::new(negative, Natural::from_limbs(limbs))
    }
}

/// The integer that an operand is for OPA's `BigIntOperand`, as [`Integer::of`].
pub(crate) fn integer_operand(value: Value) -> Option<Integer> {
    match number::to_i64(value) {
        Some(small) => Some(Integer::from_i64(small)),
        None => Integer::of(value),
    }
}
