//! Decimal expansions: numbers as their digits, exact, scaled by powers of two, rounded and written.

use alloc::vec::Vec;

use super::Integer64;
use super::text::Decimal;

/// A number that is not negative: `0.d1d2…` times ten to the power of `point`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expansion {
    /// The digits as bytes, without zeros at either end: none for zero.
    pub(crate) digits: Vec<u8>,
    /// How many digits are before the point; below zero, how many zeros are between it and the first digit.
    pub(crate) point: i64,
}

/// The most powers of two that one step scales by: ten times as much still fits 64 bits.
const STEP: i64 = 60;

impl Expansion {
    /// The number of digits, of which the first one is not zero, with its point behind so many of them.
    pub(crate) fn new(mut digits: Vec<u8>, point: i64) -> Self {
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        Self { point: if digits.is_empty() { 0 } else { point }, digits }
    }

    /// The magnitude of a number text.
    pub(crate) fn of(number: Decimal<'_>) -> Self {
        Self::new(number.significant().collect(), number.exponent)
    }

    /// An integer, of at most 63 bits.
    pub(crate) fn of_integer(integer: u64) -> Self {
        let digits = Integer64::new(integer as i64);
        Self::new(Vec::from(digits.bytes()), digits.bytes().len() as i64)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// The digits as an integer; they are at most 19.
    pub(crate) fn integer(&self) -> u64 {
        self.digits.iter().fold(0, |integer, digit| integer * 10 + u64::from(digit - b'0'))
    }

    /// Multiplies by two to the power of `exponent`.
    pub(crate) fn scale(&mut self, mut exponent: i64) {
        while exponent != 0 {
            let step = exponent.clamp(-STEP, STEP);
            if step > 0 {
                self.multiply(step);
            } else {
                self.divide(-step);
            }
            exponent -= step;
        }
    }

    fn multiply(&mut self, bits: i64) {
        let mut carry = 0;
        for digit in self.digits.iter_mut().rev() {
            carry += u64::from(*digit - b'0') << bits;
            *digit = b'0' + (carry % 10) as u8;
            carry /= 10;
        }
        if carry > 0 {
            let whole = Integer64::new(carry as i64);
            self.point += whole.bytes().len() as i64;
            self.digits = [whole.bytes(), &self.digits].concat();
        }
        *self = Self::new(core::mem::take(&mut self.digits), self.point);
    }

    fn divide(&mut self, bits: i64) {
        let mut quotient = Vec::with_capacity(self.digits.len() + bits as usize);
        let mut digits = self.digits.iter();
        let mut rest = 0;
        loop {
            match digits.next() {
                Some(digit) => rest = rest * 10 + u64::from(digit - b'0'),
                None if rest == 0 => break,
                None => rest *= 10,
            }
            if quotient.is_empty() && rest >> bits == 0 {
                self.point -= 1;
            } else {
                quotient.push(b'0' + (rest >> bits) as u8);
            }
            rest &= (1 << bits) - 1;
        }
        *self = Self::new(quotient, self.point);
    }

    /// The number rounded to so many digits, half to even.
    pub(crate) fn rounded(&self, len: i64) -> Self {
        let Ok(len) = usize::try_from(len) else { return Self::default() };
        let up = match self.digits.get(len) {
            Some(b'5') if len + 1 == self.digits.len() => {
                self.digits.get(..len).and_then(<[u8]>::last).is_some_and(|digit| digit % 2 == 1)
            }
            Some(next) => *next >= b'5',
            None => false,
        };
        self.cut(len, up)
    }

    /// The number cut after so many digits, up or down.
    pub(crate) fn cut(&self, len: usize, up: bool) -> Self {
        let (mut digits, mut point) = (Vec::from(self.digits.get(..len).unwrap_or(&self.digits)), self.point);
        if up {
            while digits.last() == Some(&b'9') {
                digits.pop();
            }
            match digits.last_mut() {
                Some(digit) => *digit += 1,
                None => {
                    digits.push(b'1');
                    point += 1;
                }
            }
        }
        Self::new(digits, point)
    }

    /// Writes the number with at least so many digits behind the point.
    pub(crate) fn write_plain(&self, text: &mut Vec<u8>, decimals: usize) {
        let before = self.point.max(0) as usize;
        let (whole, fraction) = self.digits.split_at(before.min(self.digits.len()));
        if before == 0 {
            text.push(b'0');
        }
        text.extend_from_slice(whole);
        text.resize(text.len() + before - whole.len(), b'0');
        if decimals > 0 || !fraction.is_empty() {
            text.push(b'.');
            let start = text.len();
            if !fraction.is_empty() {
                text.resize(start + (-self.point).max(0) as usize, b'0');
                text.extend_from_slice(fraction);
            }
            text.resize(text.len().max(start + decimals), b'0');
        }
    }

    /// Writes the number as `d.ddde±dd`, with at least so many digits behind the point.
    pub(crate) fn write_scientific(&self, text: &mut Vec<u8>, decimals: usize, letter: u8) {
        let (first, rest) = self.digits.split_first().unwrap_or((&b'0', &[]));
        text.push(*first);
        if decimals > 0 || !rest.is_empty() {
            text.push(b'.');
            let start = text.len();
            text.extend_from_slice(rest);
            text.resize(text.len().max(start + decimals), b'0');
        }
        text.push(letter);
        write_exponent(text, if self.is_zero() { 0 } else { self.point - 1 });
    }
}

/// Writes an exponent with its sign and at least two digits.
pub(crate) fn write_exponent(text: &mut Vec<u8>, exponent: i64) {
    text.push(if exponent < 0 { b'-' } else { b'+' });
    if exponent.abs() < 10 {
        text.push(b'0');
    }
    text.extend_from_slice(Integer64::new(exponent.abs()).bytes());
}
