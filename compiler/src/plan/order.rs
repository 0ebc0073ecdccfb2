//! OPA's order of values, for constants: null, booleans, numbers, strings, arrays, objects, sets.
//!
//! Numbers are compared by their exact value, whatever their notation and size: `1.0` equals `1`, and `1e999999999` costs no more
//! than `1`. Knows only texts and constants; the values of a running policy have their own order in `regoc-values`.

use std::cmp::Ordering;

use super::ir::Constant;

/// OPA's order of two constants; equal when they are the same value.
#[must_use]
pub fn compare(a: &Constant, b: &Constant) -> Ordering {
    match (a, b) {
        (Constant::Null, Constant::Null) => Ordering::Equal,
        (Constant::Boolean(a), Constant::Boolean(b)) => a.cmp(b),
        (Constant::Number(a), Constant::Number(b)) => compare_numbers(a, b),
        (Constant::String(a), Constant::String(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Constant::Array(a), Constant::Array(b)) | (Constant::Set(a), Constant::Set(b)) => {
            let elements = a.iter().zip(b).map(|(a, b)| compare(a, b));
            first_difference(elements).then(a.len().cmp(&b.len()))
        }
        (Constant::Object(a), Constant::Object(b)) => {
            let entries = a.iter().zip(b).map(|(a, b)| compare(&a.0, &b.0).then_with(|| compare(&a.1, &b.1)));
            first_difference(entries).then(a.len().cmp(&b.len()))
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

fn first_difference(mut orders: impl Iterator<Item = Ordering>) -> Ordering {
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn rank(constant: &Constant) -> u8 {
    match constant {
        Constant::Null => 0,
        Constant::Boolean(_) => 1,
        Constant::Number(_) => 2,
        Constant::String(_) => 3,
        Constant::Array(_) => 4,
        Constant::Object(_) => 5,
        Constant::Set(_) => 6,
    }
}

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

    #[test]
    fn types_come_in_opas_order() {
        let one = || Constant::Number("1".into());
        let ascending = [
            Constant::Null,
            Constant::Boolean(false),
            Constant::Boolean(true),
            one(),
            Constant::String("".into()),
            Constant::String("a".into()),
            Constant::Array(vec![]),
            Constant::Array(vec![one()]),
            Constant::Object(vec![]),
            Constant::Object(vec![(one(), one())]),
            Constant::Set(vec![]),
            Constant::Set(vec![one()]),
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a:?} and {b:?}");
            }
        }
    }
}
