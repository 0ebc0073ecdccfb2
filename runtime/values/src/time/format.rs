//! Writes a time by a layout (Go's `Time.Format`).

use alloc::vec::Vec;

use super::civil::{Civil, weekday};
use super::layout::{self, Element, Offset, Padding};
use super::zone::Period;
use super::{Instant, MONTHS, SHORT_NAME, WEEKDAYS, Zone, write_padded};

/// The text of a point in time in a zone.
pub(crate) fn format(instant: Instant, zone: Zone, mut layout: &[u8]) -> Vec<u8> {
    let period = zone.period(instant.seconds);
    let local = instant.seconds + period.offset;
    let time = Time { date: Civil::of(local), local, nanosecond: instant.nanosecond, period };
    let mut out = Vec::with_capacity(layout.len() + 10);
    loop {
        let chunk = layout::next(layout);
        out.extend_from_slice(chunk.literal);
        let Some((element, _)) = chunk.element else { return out };
        time.write(&mut out, element);
        layout = chunk.rest;
    }
}

/// A time, taken apart.
struct Time {
    date: Civil,
    /// Seconds since 1970 on the zone's clock.
    local: i64,
    nanosecond: i64,
    period: Period,
}

impl Time {
    fn write(&self, out: &mut Vec<u8>, element: Element) {
        let date = &self.date;
        let width = |zero| if zero { 2 } else { 0 };
        match element {
            Element::LongYear => write_padded(out, date.year, 4),
            Element::Year => write_padded(out, date.year % 100, 2),
            Element::MonthName { short } => write_name(out, &MONTHS, date.month - 1, short),
            Element::Month { zero } => write_padded(out, date.month, width(zero)),
            Element::WeekdayName { short } => write_name(out, &WEEKDAYS, weekday(self.local), short),
            Element::Day(padding) => write_number(out, date.day, 2, padding),
            Element::YearDay { zero } => {
                write_number(out, date.year_day(), 3, if zero { Padding::Zero } else { Padding::Space });
            }
            Element::Hour => write_padded(out, date.hour, 2),
            Element::HalfDayHour { zero } => write_padded(out, (date.hour + 11) % 12 + 1, width(zero)),
            Element::Half { upper } => {
                let text = match (upper, date.hour >= 12) {
                    (true, true) => b"PM",
                    (true, false) => b"AM",
                    (false, true) => b"pm",
                    (false, false) => b"am",
                };
                out.extend_from_slice(text);
            }
            Element::Minute { zero } => write_padded(out, date.minute, width(zero)),
            Element::Second { zero } => write_padded(out, date.second, width(zero)),
            Element::Fraction { digits, mark, trimmed } => self.write_fraction(out, digits, mark, trimmed),
            Element::ZoneName => out.extend_from_slice(self.period.abbreviation),
            Element::Offset(form) => self.write_offset(out, form),
        }
    }

    fn write_fraction(&self, out: &mut Vec<u8>, digits: usize, mark: u8, trimmed: bool) {
        if trimmed && (digits == 0 || self.nanosecond == 0) {
            return;
        }
        let before = out.len();
        out.push(mark);
        write_padded(out, self.nanosecond, 9);
        out.truncate(before + 1 + digits.min(9));
        if trimmed {
            while out.len() > before && matches!(out.last(), Some(b'0')) {
                out.pop();
            }
            if out.len() == before + 1 {
                out.pop();
            }
        }
    }

    fn write_offset(&self, out: &mut Vec<u8>, form: Offset) {
        let offset = self.period.offset;
        if form.zulu && offset == 0 {
            out.push(b'Z');
            return;
        }
        // The sign is that of the minutes: a few seconds west are `+0000` and, with seconds, `+00-0030`.
        let minutes = offset / 60;
        out.push(if minutes < 0 { b'-' } else { b'+' });
        write_padded(out, minutes.abs() / 60, 2);
        if form.minutes {
            out.extend(form.colons.then_some(b':'));
            write_padded(out, minutes.abs() % 60, 2);
        }
        if form.seconds {
            out.extend(form.colons.then_some(b':'));
            write_padded(out, if minutes < 0 { -offset } else { offset } % 60, 2);
        }
    }
}

fn write_name(out: &mut Vec<u8>, names: &[&str], index: i64, short: bool) {
    let name = names.get(index as usize).map_or(&[][..], |name| name.as_bytes());
    out.extend_from_slice(if short { name.get(..SHORT_NAME).unwrap_or(name) } else { name });
}

fn write_number(out: &mut Vec<u8>, number: i64, width: usize, padding: Padding) {
    let before = out.len();
    write_padded(out, number, if padding == Padding::None { 0 } else { width });
    if padding == Padding::Space {
        // The last digit stays: no number here is 0.
        for byte in out.iter_mut().skip(before).take_while(|byte| **byte == b'0') {
            *byte = b' ';
        }
    }
}
