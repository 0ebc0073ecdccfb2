//! Times in certificates: `UTCTime` and `GeneralizedTime`, only in the one form that Go would write itself.

use alloc::vec::Vec;

use crate::time::{Civil, days_in};

/// `UTCTime`
pub(super) const UTC_TIME: u8 = 0x17;
/// `GeneralizedTime`
pub(super) const GENERALIZED_TIME: u8 = 0x18;

/// A time as it was written.
#[derive(Clone, Copy)]
pub(super) struct Time {
    civil: Civil,
    nanosecond: i64,
    /// East of UTC, in minutes.
    offset: i64,
}

impl Time {
    /// A `UTCTime`: two digits of a year from 1950 on, and perhaps no seconds.
    pub(super) fn of_short(text: &[u8]) -> Option<Self> {
        let (year, rest) = number(text, 2)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        Self::new(if year < 50 { 2000 + year } else { 1900 + year }, rest, digits == 10, false)
    }

    /// A `GeneralizedTime`, perhaps with fractions of a second.
    pub(super) fn of_long(text: &[u8], with_fraction: bool) -> Option<Self> {
        let (year, rest) = number(text, 4)?;
        Self::new(year, rest, true, with_fraction)
    }

    /// The time of a year and of what follows it.
    fn new(year: i64, text: &[u8], with_seconds: bool, with_fraction: bool) -> Option<Self> {
        let (month, text) = number(text, 2)?;
        let (day, text) = number(text, 2)?;
        let (hour, text) = number(text, 2)?;
        let (minute, text) = number(text, 2)?;
        let (second, text) = if with_seconds { number(text, 2)? } else { (0, text) };
        let (nanosecond, text) = if with_fraction { fraction(text)? } else { (0, text) };
        let is_date = (1..=12).contains(&month) && day >= 1 && day <= days_in(month, year);
        let is_right = is_date && hour < 24 && minute < 60 && second < 60;
        let civil = Civil { year, month, day, hour, minute, second };
        is_right.then_some(Self { civil, nanosecond, offset: offset(text)? })
    }

    /// The second since 1970 began in UTC, and the nanoseconds since it.
    pub(super) fn instant(self) -> (i64, i64) {
        (self.civil.seconds() - self.offset * 60, self.nanosecond)
    }

    /// The time as JSON has it (RFC 3339). None where Go writes none: with an offset of a day.
    pub(super) fn text(self) -> Option<Vec<u8>> {
        let mut text = Vec::with_capacity(35);
        let mut push = |before: &[u8], number: i64, width: u32| {
            text.extend_from_slice(before);
            text.extend((0..width).rev().map(|place| b'0' + (number / 10_i64.pow(place) % 10) as u8));
        };
        let Civil { year, month, day, hour, minute, second } = self.civil;
        push(b"", year, 4);
        push(b"-", month, 2);
        push(b"-", day, 2);
        push(b"T", hour, 2);
        push(b":", minute, 2);
        push(b":", second, 2);
        if self.nanosecond > 0 {
            push(b".", self.nanosecond, 9);
            while text.last() == Some(&b'0') {
                text.pop();
            }
        }
        if self.offset == 0 {
            text.push(b'Z');
            return Some(text);
        }
        let (sign, size) = (if self.offset < 0 { b"-" } else { b"+" }, self.offset.abs());
        let mut push = |before: &[u8], number: i64| {
            text.extend_from_slice(before);
            text.extend([b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]);
        };
        push(sign, size / 60);
        push(b":", size % 60);
        (size < 24 * 60).then_some(text)
    }
}

/// The number of so many digits at the start of a text, and the rest.
fn number(text: &[u8], digits: usize) -> Option<(i64, &[u8])> {
    let (digits, rest) = text.split_at_checked(digits)?;
    let is_number = digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| (digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')), rest))
}

/// The nanoseconds of a fraction, which ends with a digit other than zero, and the rest.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(text) = text.strip_prefix(b".") else { return Some((0, text)) };
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = number(text, count).filter(|_| (1..=9).contains(&count))?;
    (number % 10 != 0).then_some((number * 10_i64.pow(9 - count as u32), rest))
}

/// The offset of a zone in minutes: `Z`, or hours and minutes with a sign, not both zero.
fn offset(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text.split_first()? {
        (b'Z', b"") => return Some(0),
        (b'+', digits) => (1, digits),
        (b'-', digits) => (-1, digits),
        _ => return None,
    };
    let (hours, digits) = number(digits, 2)?;
    let (minutes, rest) = number(digits, 2)?;
    let is_right = rest.is_empty() && hours <= 24 && minutes < 60 && hours + minutes > 0;
    is_right.then_some(sign * (hours * 60 + minutes))
}
