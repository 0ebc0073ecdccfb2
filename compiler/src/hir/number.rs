//! The order of numbers that are written in a policy: by their exact value, whatever their notation and size. `1.0` equals `1`, and
//! `1e999999999` costs no more than `1`.

use std::cmp::Ordering;

/// The order of two numbers by their exact value. The texts are JSON numbers; what is not one compares as 0.
#[must_use]
pub fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (Decimal::read(a), Decimal::read(b));
    match (a.is_negative(), b.is_negative()) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => a.compare_magnitude(&b),
        (true, true) => b.compare_magnitude(&a),
    }
}

/// A number as ±0.D₁D₂D₃… · 10^`exponent`, where D₁ and the last digit are not 0. Zero has no digits.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i128,
}

impl Decimal {
    fn read(text: &str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        let leading = all().take_while(|digit| *digit == b'0').count();
        let mut digits: Vec<u8> = all().skip(leading).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        Self { negative, digits, exponent: exponent + whole.len() as i128 - leading as i128 }
    }

    fn is_negative(&self) -> bool {
        self.negative && !self.digits.is_empty()
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (false, false) => self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits)),
            (empty, other_empty) => other_empty.cmp(&empty),
        }
    }
}

/// The exponent of a number. One with more digits than any other number could make up for counts as the largest there is.
fn read_exponent(text: &str) -> i128 {
    const LARGEST: i128 = 1 << 100;
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    match unsigned.parse::<i128>() {
        Ok(exponent) => exponent.clamp(-LARGEST, LARGEST),
        Err(_) if unsigned.starts_with('-') => -LARGEST,
        Err(_) => LARGEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value() {
        let ascending = [
            "-1e400",
            "-10",
            "-9.5",
            "-0.001",
            "0",
            "1e-400",
            "0.5",
            "9.99",
            "10",
            "123456789012345678901",
            "1e999999999999",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(compare_numbers(a, b), i.cmp(&j), "{a} and {b}");
            }
        }
        for (a, b) in [("1", "1.0"), ("0", "-0.0"), ("100", "1E+2"), ("0.00120", "1.2e-3"), ("0e5", "0")] {
            assert_eq!(compare_numbers(a, b), Ordering::Equal, "{a} and {b}");
        }
    }
}
