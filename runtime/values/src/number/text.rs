//! Decimal texts of numbers: reading and writing 64-bit integers, the order of any two, the limits of exponents.

/// The canonical text of a 64-bit integer.
#[derive(Clone, Copy)]
pub struct Integer64 {
    digits: [u8; 20],
    start: usize,
}

impl Integer64 {
    /// Writes an integer.
    #[must_use]
    #[inline(never)]
    pub fn new(value: i64) -> Self {
        let mut text = Self { digits: [0; 20], start: 20 };
        let mut left = value.unsigned_abs();
        loop {
            text.put(b'0' + (left % 10) as u8);
            left /= 10;
            if left == 0 {
                break;
            }
        }
        if value < 0 {
            text.put(b'-');
        }
        text
    }

    fn put(&mut self, byte: u8) {
        self.start -= 1;
        if let Some(place) = self.digits.get_mut(self.start) {
            *place = byte;
        }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }
}

/// The integer that digits without sign make, if it fits: `digits` holds digits only.
pub(crate) fn integer_of(negative: bool, digits: &[u8]) -> Option<i64> {
    // Nineteen digits never pass 64 bits without sign.
    if digits.len() > 19 {
        return None;
    }
    let magnitude = digits.iter().fold(0_u64, |value, digit| value * 10 + u64::from(digit - b'0'));
    signed(negative, magnitude)
}

/// A magnitude with its sign, if it fits 64 bits.
pub(crate) fn signed(negative: bool, magnitude: u64) -> Option<i64> {
    if magnitude <= i64::MAX as u64 {
        Some(if negative { -(magnitude as i64) } else { magnitude as i64 })
    } else if negative && magnitude == 1 << 63 {
        Some(i64::MIN)
    } else {
        None
    }
}

/// The integer of a text, if it is the canonical text of one of 64 bits: no leading zero, no `-0`, no fraction, no exponent.
#[must_use]
pub fn canonical_integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = split_sign(text);
    let first = *digits.first()?;
    if !digits.iter().all(u8::is_ascii_digit) || first == b'0' && (digits.len() > 1 || negative) {
        return None;
    }
    integer_of(negative, digits)
}

/// The integer that OPA reads from a number text where it wants one: digits with an optional fraction of zeros, at most 19
/// characters without the sign (`util.Atoi64`). `1.0` is one, `1e0` is not.
#[must_use]
pub(crate) fn to_i64(text: &[u8]) -> Option<i64> {
    let (negative, rest) = split_sign(text);
    let point = rest.iter().position(|&byte| byte == b'.').unwrap_or(rest.len());
    let (digits, fraction) = rest.split_at_checked(point)?;
    let fraction = fraction.get(1..).unwrap_or_default();
    if rest.is_empty()
        || rest.len() > 19
        || !digits.iter().all(u8::is_ascii_digit)
        || fraction.iter().any(|&b| b != b'0')
    {
        return None;
    }
    integer_of(negative, digits)
}

pub(crate) fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    }
}

/// A number text, taken apart: its value is 0.d1d2d3… times ten to the power of `exponent`, d1 being the first digit of `digits` and
/// not zero. `digits` may hold a point; it is empty for zero.
#[derive(Clone, Copy)]
pub(crate) struct Decimal<'a> {
    pub(crate) negative: bool,
    pub(crate) digits: &'a [u8],
    pub(crate) exponent: i64,
}

/// Beyond this, exponents are cut: all texts are shorter, so the order does not change.
const EXPONENT_LIMIT: i64 = 1 << 40;

impl<'a> Decimal<'a> {
    /// Takes apart the text of a JSON number.
    #[inline(never)]
    pub(crate) fn new(text: &'a [u8]) -> Self {
        let (negative, rest) = split_sign(text);
        let end = rest.iter().position(|byte| byte | 0x20 == b'e').unwrap_or(rest.len());
        let mut exponent = parse_exponent(rest.get(end + 1..).unwrap_or_default());
        let digits = rest.get(..end).unwrap_or_default();
        let point = digits.iter().position(|&byte| byte == b'.').unwrap_or(end);
        match digits.iter().position(|&byte| byte != b'0' && byte != b'.') {
            None => Self { negative: false, digits: &[], exponent: 0 },
            Some(first) => {
                exponent += point as i64 - first as i64;
                if first > point {
                    exponent += 1;
                }
                Self { negative, digits: digits.get(first..).unwrap_or_default(), exponent }
            }
        }
    }

    /// The digits without the point.
    pub(crate) fn significant(self) -> impl Iterator<Item = u8> {
        self.digits.iter().copied().filter(|&byte| byte != b'.')
    }
}

fn parse_exponent(text: &[u8]) -> i64 {
    let (negative, digits) = split_sign(text);
    let mut value = 0;
    for digit in digits {
        value = (value * 10 + i64::from(digit - b'0')).min(EXPONENT_LIMIT);
    }
    if negative { -value } else { value }
}

/// The order of two number texts by their exact value, as a sign.
pub(crate) fn order(a: &[u8], b: &[u8]) -> i32 {
    let (a, b) = (Decimal::new(a), Decimal::new(b));
    let sign = |decimal: &Decimal<'_>| match decimal.digits {
        [] => 0,
        _ if decimal.negative => -1,
        _ => 1,
    };
    let (sign_a, sign_b) = (sign(&a), sign(&b));
    if sign_a != sign_b || sign_a == 0 {
        return sign_a - sign_b;
    }
    sign_a * order_magnitudes(a, b)
}

fn order_magnitudes(a: Decimal<'_>, b: Decimal<'_>) -> i32 {
    if a.exponent != b.exponent {
        return if a.exponent < b.exponent { -1 } else { 1 };
    }
    let (mut digits_a, mut digits_b) = (a.significant(), b.significant());
    loop {
        let (digit_a, digit_b) = (digits_a.next(), digits_b.next());
        if digit_a.is_none() && digit_b.is_none() {
            return 0;
        }
        let difference = i32::from(digit_a.unwrap_or(b'0')) - i32::from(digit_b.unwrap_or(b'0'));
        if difference != 0 {
            return difference.signum();
        }
    }
}

/// Two to the power of 100,000: from there on, OPA refuses numbers that are written with an exponent.
const LARGEST: &[u8] = b"9.990020930143845079440327643300335909804291e30102";
/// Two to the power of -100,001: OPA refuses what is nearer to zero.
const SMALLEST: &[u8] = b"5.004994518993470834081323565966531242496737541528900e-30104";

/// Whether OPA takes a number that is written with an exponent (`NumberChecked` in `v1/ast/term.go`).
#[must_use]
#[inline(never)]
pub fn is_in_range(text: &[u8]) -> bool {
    let text = split_sign(text).1;
    let decimal = Decimal::new(text);
    decimal.digits.is_empty() || order(text, LARGEST) < 0 && order(text, SMALLEST) >= 0
}

/// From here on, a number rounds to infinity as a double: halfway between the largest double and the next power of two.
const DOUBLE_LIMIT: &[u8] =
    b"1.7976931348623158079372897140530341507993413271003782693617377898044496829276475094664901797758720709633\
028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447573027006\
9855571366959622842914819860834936475292719074168444365510704342711559699508093042880177904174497792e308";

/// Whether a number text is no infinity as a double.
pub(crate) fn fits_double(text: &[u8]) -> bool {
    order(split_sign(text).1, DOUBLE_LIMIT) < 0
}
