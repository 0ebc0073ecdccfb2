//! Reads a time by a layout (Go's `time.Parse`).

use alloc::vec::Vec;

use super::civil::{Civil, days_in, is_leap};
use super::layout::{self, Element, Offset, Padding};
use super::{Instant, MONTHS, SHORT_NAME, WEEKDAYS, quote};

/// Reads a text by a layout, or says why that cannot be. What the layout does not have is zero, or the first of January.
pub(crate) fn parse(layout: &[u8], text: &[u8]) -> Result<Instant, Vec<u8>> {
    let mut reader = Reader { rest: text, fields: Fields::default() };
    let mut following = layout;
    loop {
        let chunk = layout::next(following);
        if !reader.skip(chunk.literal) {
            return Err(mismatch(layout, text, chunk.literal, reader.rest));
        }
        let Some((element, element_text)) = chunk.element else { break };
        following = chunk.rest;
        let before = reader.rest;
        match reader.element(element, following) {
            Ok(()) => {}
            Err(Fault::Mismatch) => return Err(mismatch(layout, text, element_text, before)),
            Err(Fault::Range(name)) => {
                return Err([b"parsing time ", &*quote(text), b": ", name.as_bytes(), b" out of range"].concat());
            }
        }
    }
    if !reader.rest.is_empty() {
        return Err([b"parsing time ", &*quote(text), b": extra text: ", &*quote(reader.rest)].concat());
    }
    reader.fields.instant().map_err(|fault| [b"parsing time ", &*quote(text), b": ", fault.as_bytes()].concat())
}

fn mismatch(layout: &[u8], text: &[u8], element: &[u8], rest: &[u8]) -> Vec<u8> {
    let [text, layout, rest, element] = [text, layout, rest, element].map(quote);
    [b"parsing time ", &*text, b" as ", &*layout, b": cannot parse ", &*rest, b" as ", &*element].concat()
}

/// Why an element cannot be read.
enum Fault {
    /// The text is of another form.
    Mismatch,
    /// The number of this name is too large, or below zero.
    Range(&'static str),
}

/// What has been read.
#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    /// Whether the half of the day is the second one.
    half: Option<bool>,
    is_universal: bool,
    /// Seconds ahead of UTC.
    offset: Option<i64>,
}

impl Fields {
    /// The point in time. A zone that has only a name counts as UTC.
    fn instant(mut self) -> Result<Instant, &'static str> {
        match self.half {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        if let Some(year_day) = self.year_day {
            self.set_year_day(year_day)?;
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if day < 1 || day > days_in(month, self.year) {
            return Err("day out of range");
        }
        let Self { year, hour, minute, second, nanosecond, .. } = self;
        let local = Civil { year, month, day, hour, minute, second }.seconds();
        let offset = if self.is_universal { 0 } else { self.offset.unwrap_or(0) };
        Ok(Instant { seconds: local - offset, nanosecond })
    }

    /// Takes month and day from the number of the day in the year, or compares them with it.
    fn set_year_day(&mut self, year_day: i64) -> Result<(), &'static str> {
        if year_day < 1 || year_day > if is_leap(self.year) { 366 } else { 365 } {
            return Err("day-of-year out of range");
        }
        let (mut month, mut day) = (1, year_day);
        while day > days_in(month, self.year) {
            day -= days_in(month, self.year);
            month += 1;
        }
        if *self.month.get_or_insert(month) != month {
            return Err("day-of-year does not match month");
        }
        if *self.day.get_or_insert(day) != day {
            return Err("day-of-year does not match day");
        }
        Ok(())
    }
}

/// Reads elements one behind the other.
struct Reader<'a> {
    rest: &'a [u8],
    fields: Fields,
}

impl<'a> Reader<'a> {
    /// Goes over a literal part of the layout, in which any number of spaces are as good as one. Returns whether it is there.
    fn skip(&mut self, mut literal: &[u8]) -> bool {
        while let Some((first, behind)) = literal.split_first() {
            if *first == b' ' {
                if self.rest.first().is_some_and(|byte| *byte != b' ') {
                    return false;
                }
                literal = without_spaces(literal);
                self.rest = without_spaces(self.rest);
                continue;
            }
            match self.rest.split_first() {
                Some((byte, rest)) if byte == first => self.rest = rest,
                _ => return false,
            }
            literal = behind;
        }
        true
    }

    /// Reads an element. `following` is the layout behind it.
    fn element(&mut self, element: Element, following: &[u8]) -> Result<(), Fault> {
        match element {
            Element::LongYear => self.long_year(),
            Element::Year => {
                let year = integer(self.take(2)?)?;
                self.fields.year = if year >= 69 { year + 1900 } else { year + 2000 };
                Ok(())
            }
            Element::MonthName { short } => {
                self.fields.month = Some(self.name(&MONTHS, short)? + 1);
                Ok(())
            }
            Element::Month { zero } => {
                self.fields.month = Some(in_range(self.number(zero)?, 1..=12, "month")?);
                Ok(())
            }
            Element::WeekdayName { short } => self.name(&WEEKDAYS, short).map(drop),
            Element::Day(padding) => self.day(padding),
            Element::YearDay { zero } => self.year_day(zero),
            Element::Hour => {
                self.fields.hour = in_range(self.number(false)?, 0..=23, "hour")?;
                Ok(())
            }
            Element::HalfDayHour { zero } => {
                self.fields.hour = in_range(self.number(zero)?, 0..=12, "hour")?;
                Ok(())
            }
            Element::Half { upper } => self.half(upper),
            Element::Minute { zero } => {
                self.fields.minute = in_range(self.number(zero)?, 0..=59, "minute")?;
                Ok(())
            }
            Element::Second { zero } => self.second(zero, following),
            Element::Fraction { trimmed: true, .. } => self.any_fraction(),
            Element::Fraction { digits, .. } => {
                let text = self.take(1 + digits)?;
                self.fields.nanosecond = nanoseconds(text)?;
                Ok(())
            }
            Element::ZoneName => self.zone_name(),
            Element::Offset(form) => self.offset(form),
        }
    }

    /// The next bytes, so many.
    fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Fault::Mismatch)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A number of one or two digits, or of exactly two.
    fn number(&mut self, two: bool) -> Result<i64, Fault> {
        let count = self.digits(2);
        if count == 0 || two && count < 2 { Err(Fault::Mismatch) } else { self.take(count).map(digits_value) }
    }

    /// How many digits come next, up to a limit.
    fn digits(&self, limit: usize) -> usize {
        self.rest.iter().take(limit).take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// The index of the first name that comes next, in upper or lower case.
    fn name(&mut self, names: &[&str], short: bool) -> Result<i64, Fault> {
        for (index, name) in names.iter().enumerate() {
            let length = if short { SHORT_NAME } else { name.len() };
            let name = name.as_bytes().get(..length).unwrap_or_default();
            if let Some((text, rest)) = self.rest.split_at_checked(length)
                && text.eq_ignore_ascii_case(name)
            {
                self.rest = rest;
                return Ok(index as i64);
            }
        }
        Err(Fault::Mismatch)
    }

    fn long_year(&mut self) -> Result<(), Fault> {
        if self.digits(1) == 0 {
            return Err(Fault::Mismatch);
        }
        self.fields.year = integer(self.take(4)?)?;
        Ok(())
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.strip_prefix(b" ").unwrap_or(self.rest);
    }

    fn day(&mut self, padding: Padding) -> Result<(), Fault> {
        if padding == Padding::Space {
            self.skip_space();
        }
        self.fields.day = Some(self.number(padding == Padding::Zero)?);
        Ok(())
    }

    fn year_day(&mut self, zero: bool) -> Result<(), Fault> {
        if !zero {
            self.skip_space();
            self.skip_space();
        }
        let count = self.digits(3);
        if count == 0 || zero && count < 3 {
            return Err(Fault::Mismatch);
        }
        self.fields.year_day = Some(digits_value(self.take(count)?));
        Ok(())
    }

    fn half(&mut self, upper: bool) -> Result<(), Fault> {
        let is_second = match (self.take(2)?, upper) {
            (b"PM", true) | (b"pm", false) => true,
            (b"AM", true) | (b"am", false) => false,
            _ => return Err(Fault::Mismatch),
        };
        // Where both were there the second half counts.
        self.fields.half = Some(is_second || self.fields.half == Some(true));
        Ok(())
    }

    /// Seconds, with a fraction also where the layout has none.
    fn second(&mut self, zero: bool, following: &[u8]) -> Result<(), Fault> {
        self.fields.second = in_range(self.number(zero)?, 0..=59, "second")?;
        match layout::next(following).element {
            Some((Element::Fraction { .. }, _)) => Ok(()),
            _ => self.any_fraction(),
        }
    }

    /// A fraction of any length, if there is one.
    fn any_fraction(&mut self) -> Result<(), Fault> {
        let Some(([b'.' | b','], digits)) = self.rest.split_at_checked(1) else { return Ok(()) };
        let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count > 0 {
            self.fields.nanosecond = nanoseconds(self.take(1 + count)?)?;
        }
        Ok(())
    }

    fn offset(&mut self, form: Offset) -> Result<(), Fault> {
        if form.zulu && self.rest.first() == Some(&b'Z') {
            self.fields.is_universal = true;
            return self.take(1).map(drop);
        }
        let colon = usize::from(form.colons);
        let parts = usize::from(form.minutes) + usize::from(form.seconds);
        let text = self.take(3 + parts * (2 + colon))?;
        let part = |index: usize| {
            let place = 1 + index * (2 + colon);
            // A part that is no number ends the reading, but what was read so far has to be in range.
            match text.get(place..place + 2) {
                Some(digits) => (digits.iter().all(u8::is_ascii_digit)).then(|| digits_value(digits)),
                None => Some(0),
            }
        };
        let is_apart = (1..=parts).all(|index| !form.colons || text.get(3 * index) == Some(&b':'));
        if !is_apart {
            return Err(Fault::Mismatch);
        }
        let hours = part(0);
        let minutes = hours.and_then(|_| part(1));
        let seconds = minutes.and_then(|_| part(2));
        in_range(seconds.unwrap_or(0), 0..=60, "time zone offset second")?;
        in_range(minutes.unwrap_or(0), 0..=60, "time zone offset minute")?;
        in_range(hours.unwrap_or(0), 0..=24, "time zone offset hour")?;
        let (Some(hours), Some(minutes), Some(seconds)) = (hours, minutes, seconds) else {
            return Err(Fault::Mismatch);
        };
        let offset = (hours * 60 + minutes) * 60 + seconds;
        self.fields.offset = match text.first() {
            Some(b'+') => Some(offset),
            // To Go, one second west is no offset at all.
            Some(b'-') => Some(-offset).filter(|offset| *offset != -1),
            _ => return Err(Fault::Mismatch),
        };
        Ok(())
    }

    fn zone_name(&mut self) -> Result<(), Fault> {
        if self.rest.starts_with(b"UTC") {
            self.fields.is_universal = true;
            return self.take(3).map(drop);
        }
        let length = zone_name_length(self.rest).ok_or(Fault::Mismatch)?;
        self.take(length).map(drop)
    }
}

fn without_spaces(text: &[u8]) -> &[u8] {
    text.get(text.iter().take_while(|byte| **byte == b' ').count()..).unwrap_or_default()
}

fn in_range(number: i64, range: core::ops::RangeInclusive<i64>, name: &'static str) -> Result<i64, Fault> {
    if range.contains(&number) { Ok(number) } else { Err(Fault::Range(name)) }
}

/// The value of some digits, at most nine.
fn digits_value(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit & 15))
}

/// The integer of a text of at most nine digits, which may have a sign, and none of which are 0.
fn integer(text: &[u8]) -> Result<i64, Fault> {
    let (sign, digits) = match text.split_first() {
        Some((b'-', digits)) => (-1, digits),
        Some((b'+', digits)) => (1, digits),
        _ => (1, text),
    };
    if digits.iter().all(u8::is_ascii_digit) { Ok(sign * digits_value(digits)) } else { Err(Fault::Mismatch) }
}

/// The nanoseconds of a fraction with its point or comma; digits behind the ninth are left out.
fn nanoseconds(text: &[u8]) -> Result<i64, Fault> {
    let Some((b'.' | b',', digits)) = text.split_first() else { return Err(Fault::Mismatch) };
    let digits = digits.get(..9).unwrap_or(digits);
    let number = integer(digits)?;
    if number < 0 {
        return Err(Fault::Range("fractional second"));
    }
    Ok((digits.len()..9).fold(number, |number, _| number * 10))
}

/// How long the abbreviation of a zone is that a text begins with.
fn zone_name_length(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(offset) = text.strip_prefix(b"GMT") {
        return Some(3 + hour_offset_length(offset));
    }
    if matches!(text.first(), Some(b'+' | b'-')) {
        return Some(hour_offset_length(text)).filter(|length| *length > 0);
    }
    match text.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count() {
        3 => Some(3),
        4 if text.get(3) == Some(&b'T') || text.starts_with(b"WITA") => Some(4),
        5 if text.get(4) == Some(&b'T') => Some(5),
        _ => None,
    }
}

/// How long the offset in hours is that a text begins with, such as `+3`, or 0.
fn hour_offset_length(text: &[u8]) -> usize {
    let Some((b'+' | b'-', digits)) = text.split_first() else { return 0 };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let value = digits.iter().take(count).fold(0_i64, |value, digit| (value * 10 + i64::from(digit & 15)).min(100));
    if count == 0 || value > 23 { 0 } else { 1 + count }
}
