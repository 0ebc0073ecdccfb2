//! Dates, zones, layouts and durations as Go's package `time` has them (Go 1.26, <https://pkg.go.dev/time>), for what OPA does with
//! them. Knows nothing of values and reads no clock; `builtins::times` turns values into instants.
//!
//! Instants that come in are whole nanoseconds of 64 bits, 1677 to 2262. Only dates that are computed from years, months and days
//! may lie elsewhere: they wrap around as in Go, and those outside are refused ([`Instant::to_nanoseconds`]).

mod civil;
mod duration;
mod format;
mod layout;
mod parse;
#[cfg(test)]
mod tests;
mod zone;

use alloc::vec::Vec;

use crate::number::Integer64;
use crate::utf8;

pub(crate) use civil::{Civil, add_date, days_in, weekday};
pub(crate) use duration::{parse as parse_duration, parse_with_go_units};
pub(crate) use format::format;
pub(crate) use layout::{RFC3339, RFC3339_NANO, named as named_layout};
pub(crate) use parse::parse;
pub(crate) use zone::{Fault as ZoneFault, Zone};

/// The days of the week from Sunday on, in English.
pub(crate) const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The months in English.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How many letters of a month or weekday its short name has.
const SHORT_NAME: usize = 3;

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant {
    /// Seconds since 1970 in UTC, rounded down.
    pub(crate) seconds: i64,
    /// Nanoseconds since that second, below 1,000,000,000.
    pub(crate) nanosecond: i64,
}

/// The nanoseconds of a second.
const NANOSECONDS: i64 = 1_000_000_000;

impl Instant {
    /// The point in time some nanoseconds after 1970 began in UTC.
    pub(crate) const fn from_nanoseconds(nanoseconds: i64) -> Self {
        Self { seconds: nanoseconds.div_euclid(NANOSECONDS), nanosecond: nanoseconds.rem_euclid(NANOSECONDS) }
    }

    /// The nanoseconds since 1970 began in UTC, if they fit into 64 bits.
    pub(crate) const fn to_nanoseconds(self) -> Option<i64> {
        // Towards zero first: the whole seconds of the first instants are already too many nanoseconds.
        let (seconds, rest) = match self.seconds < 0 {
            true => (self.seconds + 1, self.nanosecond - NANOSECONDS),
            false => (self.seconds, self.nanosecond),
        };
        match seconds.checked_mul(NANOSECONDS) {
            Some(nanoseconds) => nanoseconds.checked_add(rest),
            None => None,
        }
    }
}

/// Writes an integer in decimal, its magnitude padded with zeros to a width.
fn write_padded(out: &mut Vec<u8>, number: i64, width: usize) {
    if number < 0 {
        out.push(b'-');
    }
    let digits = Integer64::new(number.saturating_abs());
    let digits = digits.bytes();
    out.extend((digits.len()..width).map(|_| b'0'));
    out.extend_from_slice(digits);
}

/// A text in double quotes as Go's package `time` has it in its messages: any byte that is no printable ASCII becomes `\xff`.
pub(crate) fn quote(text: &[u8]) -> Vec<u8> {
    const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";
    let mut quoted = Vec::with_capacity(text.len() + 2);
    quoted.push(b'"');
    for (c, bytes) in utf8::chars(text) {
        for byte in bytes {
            match byte {
                _ if c < ' ' || !c.is_ascii() => {
                    let digit = |digit: u8| HEXADECIMAL.get(usize::from(digit)).copied().unwrap_or_default();
                    quoted.extend_from_slice(&[b'\\', b'x', digit(byte >> 4), digit(byte & 15)]);
                }
                b'"' | b'\\' => quoted.extend_from_slice(&[b'\\', *byte]),
                _ => quoted.push(*byte),
            }
        }
    }
    quoted.push(b'"');
    quoted
}
