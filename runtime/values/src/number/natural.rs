//! Natural numbers of any size: 32-bit limbs, the lowest first, no zero limb at the end.
//!
//! Schoolbook methods only: numbers of Rego are short, their size is limited by [`MAX_BITS`], and a general library for big
//! integers adds 50 KB to a module that adds two numbers.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// The size that no number passes, in bits: 315,000 decimal digits. Arithmetic beyond it fails.
pub(crate) const MAX_BITS: usize = 1 << 20;

/// A natural number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Natural(Vec<u32>);

/// The digits that fit a limb, and ten to that power.
const CHUNK: (usize, u32) = (9, 1_000_000_000);

impl Natural {
    pub(crate) fn new(value: u64) -> Self {
        Self(alloc::vec![value as u32, (value >> 32) as u32]).trimmed()
    }

    /// The number that decimal digits make.
    pub(crate) fn from_digits(digits: impl Iterator<Item = u8>) -> Self {
        let mut number = Self::default();
        let (mut chunk, mut scale) = (0, 1);
        for digit in digits {
            chunk = chunk * 10 + u32::from(digit - b'0');
            scale *= 10;
            if scale == CHUNK.1 {
                number.multiply_add(scale, chunk);
                (chunk, scale) = (0, 1);
            }
        }
        number.multiply_add(scale, chunk);
        number
    }

    /// The decimal digits, without leading zeros: none for zero.
    pub(crate) fn digits(&self) -> Vec<u8> {
        let mut rest = self.clone();
        let mut digits = Vec::new();
        while !rest.is_zero() {
            let mut chunk = rest.divide_by(CHUNK.1);
            for _ in 0..CHUNK.0 {
                digits.push(b'0' + (chunk % 10) as u8);
                chunk /= 10;
            }
        }
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        digits.reverse();
        digits
    }

    /// The digits in base 2, 8, 10 or 16, in lower case, without leading zeros: none for zero.
    pub(crate) fn digits_in(&self, base: u32) -> Vec<u8> {
        if base == 10 {
            return self.digits();
        }
        let width = base.trailing_zeros() as usize;
        let digit =
            |place: usize| (0..width).rev().fold(0, |digit, bit| digit << 1 | u8::from(self.bit(place * width + bit)));
        (0..self.bits().div_ceil(width)).rev().map(|place| crate::writer::hex_digit(digit(place))).collect()
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, if it fits 64 bits.
    pub(crate) fn to_u64(&self) -> Option<u64> {
        if self.0.len() > 2 { None } else { Some(u64::from(self.limb(0)) | u64::from(self.limb(1)) << 32) }
    }

    pub(crate) fn limb(&self, index: usize) -> u32 {
        self.0.get(index).copied().unwrap_or(0)
    }

    pub(crate) fn limbs(&self) -> usize {
        self.0.len()
    }

    /// The number of limbs that [`Natural::limb`] gives.
    pub(crate) fn from_limbs(limbs: Vec<u32>) -> Self {
        Self(limbs).trimmed()
    }

    /// The number of bits, 0 for zero.
    pub(crate) fn bits(&self) -> usize {
        match self.0.last() {
            Some(top) => self.0.len() * 32 - top.leading_zeros() as usize,
            None => 0,
        }
    }

    /// Whether a bit is set, counted from the lowest.
    pub(crate) fn bit(&self, index: usize) -> bool {
        self.limb(index / 32) >> (index % 32) & 1 == 1
    }

    /// The number of zero bits below the lowest one that is set; 0 for zero.
    pub(crate) fn trailing_zeros(&self) -> usize {
        match self.0.iter().position(|&limb| limb != 0) {
            Some(at) => at * 32 + self.limb(at).trailing_zeros() as usize,
            None => 0,
        }
    }

    /// Multiplies by a limb and adds one, in place.
    fn multiply_add(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for limb in &mut self.0 {
            let product = u64::from(*limb) * u64::from(factor) + carry;
            *limb = product as u32;
            carry = product >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Divides by a limb in place and returns the remainder.
    fn divide_by(&mut self, divisor: u32) -> u32 {
        let mut rest = 0_u64;
        for limb in self.0.iter_mut().rev() {
            let part = rest << 32 | u64::from(*limb);
            *limb = (part / u64::from(divisor)) as u32;
            rest = part % u64::from(divisor);
        }
        *self = core::mem::take(self).trimmed();
        rest as u32
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        let len = self.0.len().max(other.0.len());
        let mut carry = 0;
        let mut sum = Vec::with_capacity(len + 1);
        for index in 0..=len {
            let total = u64::from(self.limb(index)) + u64::from(other.limb(index)) + carry;
            sum.push(total as u32);
            carry = total >> 32;
        }
        Self(sum).trimmed()
    }

    /// The difference; `other` is not above.
    pub(crate) fn subtract(&self, other: &Self) -> Self {
        let mut borrow = 0;
        let mut difference = Vec::with_capacity(self.0.len());
        for (index, &limb) in self.0.iter().enumerate() {
            let total = i64::from(limb) - i64::from(other.limb(index)) - borrow;
            difference.push(total as u32);
            borrow = i64::from(total < 0);
        }
        Self(difference).trimmed()
    }

    pub(crate) fn multiply(&self, other: &Self) -> Self {
        let mut product = alloc::vec![0_u32; self.0.len() + other.0.len()];
        for (offset, &limb) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (index, place) in product.iter_mut().skip(offset).take(other.0.len() + 1).enumerate() {
                let total = u64::from(limb) * u64::from(other.limb(index)) + u64::from(*place) + carry;
                *place = total as u32;
                carry = total >> 32;
            }
        }
        Self(product).trimmed()
    }

    /// Quotient and remainder; the divisor is not zero (Knuth's algorithm D).
    pub(crate) fn divide(&self, divisor: &Self) -> (Self, Self) {
        if divisor.0.len() < 2 {
            let mut quotient = self.clone();
            let rest = quotient.divide_by(divisor.limb(0).max(1));
            return (quotient, Self::new(u64::from(rest)));
        }
        if self.cmp(divisor) == Ordering::Less {
            return (Self::default(), self.clone());
        }
        // Scaled so that the divisor's highest bit is set: then each guess of a limb is at most two too high.
        let shift = divisor.limb(divisor.0.len() - 1).leading_zeros() as usize;
        let divisor = divisor.shift_left(shift);
        let mut rest = self.shift_left(shift).0;
        rest.resize(self.0.len() + 1, 0);
        let places = rest.len() - divisor.0.len();
        let mut quotient = alloc::vec![0_u32; places];
        for place in (0..places).rev() {
            let guess = divisor.guess(&rest, place);
            if let Some(limb) = quotient.get_mut(place) {
                *limb = divisor.subtract_multiple(&mut rest, place, guess);
            }
        }
        (Self(quotient).trimmed(), Self(rest).trimmed().shift_right(shift))
    }

    /// How often `self`, moved up by `place` limbs, goes into the upper limbs of `rest`: never too low, at most one too high.
    fn guess(&self, rest: &[u32], place: usize) -> u32 {
        let len = self.0.len();
        let limb = |index: usize| u64::from(rest.get(place + index).copied().unwrap_or(0));
        let (high, next) = (u64::from(self.limb(len - 1)), u64::from(self.limb(len - 2)));
        let upper = limb(len) << 32 | limb(len - 1);
        let (mut guess, mut left) = (upper / high, upper % high);
        while guess >> 32 > 0 || guess * next > (left << 32 | limb(len - 2)) {
            guess -= 1;
            left += high;
            if left >> 32 > 0 {
                break;
            }
        }
        guess as u32
    }

    /// Takes `times` times `self`, moved up by `place` limbs, away from `rest`; once less if that is too much. Returns how often.
    fn subtract_multiple(&self, rest: &mut [u32], place: usize, times: u32) -> u32 {
        let (mut carry, mut borrow) = (0_u64, 0_i64);
        for (index, limb) in rest.iter_mut().skip(place).take(self.0.len() + 1).enumerate() {
            let product = u64::from(times) * u64::from(self.limb(index)) + carry;
            carry = product >> 32;
            let total = i64::from(*limb) - (product & 0xffff_ffff) as i64 - borrow;
            *limb = total as u32;
            borrow = i64::from(total < 0);
        }
        if borrow == 0 {
            return times;
        }
        let mut carry = 0;
        for (index, limb) in rest.iter_mut().skip(place).take(self.0.len() + 1).enumerate() {
            let total = u64::from(*limb) + u64::from(self.limb(index)) + carry;
            *limb = total as u32;
            carry = total >> 32;
        }
        times - 1
    }

    pub(crate) fn shift_left(&self, bits: usize) -> Self {
        if self.is_zero() {
            return Self::default();
        }
        let mut shifted = alloc::vec![0; bits / 32];
        let mut carry = 0;
        for &limb in &self.0 {
            let wide = u64::from(limb) << (bits % 32) | carry;
            shifted.push(wide as u32);
            carry = wide >> 32;
        }
        shifted.push(carry as u32);
        Self(shifted).trimmed()
    }

    /// Drops the lowest bits.
    pub(crate) fn shift_right(&self, bits: usize) -> Self {
        let from = bits / 32;
        let limbs = (from..self.0.len()).map(|index| {
            let wide = u64::from(self.limb(index + 1)) << 32 | u64::from(self.limb(index));
            (wide >> (bits % 32)) as u32
        });
        Self(limbs.collect()).trimmed()
    }

    /// `base` to a power.
    pub(crate) fn power(base: u64, mut exponent: usize) -> Self {
        let (mut power, mut square) = (Self::new(1), Self::new(base));
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = power.multiply(&square);
            }
            exponent >>= 1;
            if exponent > 0 {
                square = square.multiply(&square);
            }
        }
        power
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}
