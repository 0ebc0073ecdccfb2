//! Times: `time.format`, `time.parse_ns`, `time.add_date` and their like. Times are nanoseconds since 1970 in UTC, alone or in an
//! array with the name of a zone and, for `time.format`, a layout.

use super::operand;
use crate::error::{self, Part};
use crate::time::{self, Civil, Instant, Zone, ZoneFault};
use crate::{Array, Value, number};

/// `time.add_date(time, years, months, days)`
#[must_use]
pub fn add_date(time: Value, years: Value, months: Value, days: Value) -> Value {
    let Some(moment) = moment(time) else { return Value::UNDEFINED };
    let Some(years) = operand::integer(2, years) else { return Value::UNDEFINED };
    let Some(months) = operand::integer(3, months) else { return Value::UNDEFINED };
    let Some(days) = operand::integer(4, days) else { return Value::UNDEFINED };
    nanoseconds(time::add_date(moment.instant, moment.zone, years, months, days))
}

/// `time.clock(time)`: hour, minute and second of the day
#[must_use]
pub fn clock(time: Value) -> Value {
    of_civil(time, |civil| [civil.hour, civil.minute, civil.second])
}

/// `time.date(time)`: year, month and day
#[must_use]
pub fn date(time: Value) -> Value {
    of_civil(time, |civil| [civil.year, civil.month, civil.day])
}

/// `time.weekday(time)`: the day of the week in English
#[must_use]
pub fn weekday(time: Value) -> Value {
    let Some(Moment { instant, zone, .. }) = moment(time) else { return Value::UNDEFINED };
    let weekday = time::weekday(instant.seconds + zone.period(instant.seconds).offset);
    let name = time::WEEKDAYS.get(weekday as usize).copied().unwrap_or_default();
    Value::string(name.as_bytes())
}

/// `time.diff(a, b)`: years, months, days, hours, minutes and seconds between two times, in the first one's zone
#[must_use]
pub fn diff(a: Value, b: Value) -> Value {
    let Some(Moment { instant: a, zone, .. }) = moment(a) else { return Value::UNDEFINED };
    let Some(Moment { instant: b, .. }) = moment(b) else { return Value::UNDEFINED };
    integers(difference(Civil::new(a.min(b), zone), Civil::new(a.max(b), zone)))
}

/// `time.format(time)`: the text of a time by its layout, without one by RFC 3339
#[must_use]
pub fn format(time: Value) -> Value {
    let Some(Moment { instant, zone, layout }) = moment(time) else { return Value::UNDEFINED };
    let layout = if layout.is_empty() { time::RFC3339_NANO } else { time::named_layout(layout) };
    Value::string(&time::format(instant, zone, layout))
}

/// `time.parse_ns(layout, text)`
#[must_use]
pub fn parse(layout: Value, text: Value) -> Value {
    match operand::pair(operand::string, layout, text) {
        Some((layout, text)) => parse_by(time::named_layout(layout), text),
        None => Value::UNDEFINED,
    }
}

/// `time.parse_rfc3339_ns(text)`
#[must_use]
pub fn parse_rfc3339(text: Value) -> Value {
    match operand::string(1, text) {
        Some(text) => parse_by(time::RFC3339, text),
        None => Value::UNDEFINED,
    }
}

/// `time.parse_duration_ns(text)`
#[must_use]
pub fn parse_duration(text: Value) -> Value {
    let Some(text) = operand::string(1, text) else { return Value::UNDEFINED };
    match time::parse_duration(text) {
        Ok(nanoseconds) => Value::integer(nanoseconds),
        Err(message) => error::fail_with(&[Part::Bytes(&message)]),
    }
}

/// The nanoseconds of a duration as Go writes it, without the units that OPA adds (days, weeks, years); for hosts.
///
/// # Errors
/// Go's message.
pub fn go_duration(text: &[u8]) -> Result<i64, alloc::vec::Vec<u8>> {
    time::parse_with_go_units(text)
}

/// A time with what belongs to it.
struct Moment {
    instant: Instant,
    zone: Zone,
    /// Empty when there is none.
    layout: &'static [u8],
}

/// Reads an operand that is a time. Messages call it the first one wherever it is, as OPA's do.
fn moment(time: Value) -> Option<Moment> {
    let (mut nanoseconds, mut zone, mut layout) = (time, Zone::UTC, &[][..]);
    match time.as_array().map(Array::as_slice) {
        Some([first, rest @ ..]) => {
            nanoseconds = operand::number(1, *first)?;
            if let Some(name) = rest.first() {
                zone = zone_named(operand::string(1, *name)?)?;
            }
            if let Some(text) = rest.get(1) {
                layout = operand::string(1, *text)?;
            }
        }
        None if time.is_number() => {}
        _ => {
            error::operand_type(1, time, "either number (ns) or [number (ns), string (tz)]");
            return None;
        }
    }
    let Some(nanoseconds) = number::rounded_i64(nanoseconds) else {
        error::fail("timestamp too big");
        return None;
    };
    Some(Moment { instant: Instant::from_nanoseconds(nanoseconds), zone, layout })
}

fn zone_named(name: &[u8]) -> Option<Zone> {
    match Zone::named(name) {
        Ok(zone) => return Some(zone),
        Err(ZoneFault::Invalid) => error::fail("time: invalid location name"),
        Err(ZoneFault::Folder) => error::fail("is a directory"),
        Err(ZoneFault::Nul) => error::fail("invalid argument"),
        Err(ZoneFault::Unknown) => error::fail_with(&[Part::Text("unknown time zone "), Part::Bytes(name)]),
    };
    None
}

fn of_civil(time: Value, parts: impl Fn(Civil) -> [i64; 3]) -> Value {
    match moment(time) {
        Some(Moment { instant, zone, .. }) => integers(parts(Civil::new(instant, zone))),
        None => Value::UNDEFINED,
    }
}

fn integers<const COUNT: usize>(integers: [i64; COUNT]) -> Value {
    integers.into_iter().map(Value::integer).collect::<Array>().into()
}

/// The difference of two dates, in order, part by part. What is missing is borrowed from the next larger part: from the months as
/// many days as the first date's month has.
fn difference(from: Civil, to: Civil) -> [i64; 6] {
    let [mut year, mut month, mut day] = [to.year - from.year, to.month - from.month, to.day - from.day];
    let [mut hour, mut minute, mut second] = [to.hour - from.hour, to.minute - from.minute, to.second - from.second];
    let borrow = |part: &mut i64, next: &mut i64, size: i64| {
        if *part < 0 {
            *part += size;
            *next -= 1;
        }
    };
    borrow(&mut second, &mut minute, 60);
    borrow(&mut minute, &mut hour, 60);
    borrow(&mut hour, &mut day, 24);
    borrow(&mut day, &mut month, time::days_in(from.month, from.year));
    borrow(&mut month, &mut year, 12);
    [year, month, day, hour, minute, second]
}

fn parse_by(layout: &[u8], text: &[u8]) -> Value {
    match time::parse(layout, text) {
        Ok(instant) => nanoseconds(instant.to_nanoseconds()),
        Err(message) => error::fail_with(&[Part::Bytes(&message)]),
    }
}

fn nanoseconds(nanoseconds: Option<i64>) -> Value {
    match nanoseconds {
        Some(nanoseconds) => Value::integer(nanoseconds),
        None => error::fail("time outside of valid range"),
    }
}
