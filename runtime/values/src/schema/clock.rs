//! Dates and times of formats, as Go's `time.Parse` takes them with the layouts of RFC 3339: an hour may have one digit, seconds may have a
//! fraction behind a point or a comma, and an offset may be 24 hours or have 60 minutes.

/// Takes so many digits off the front of a text.
fn digits(text: &[u8], count: usize) -> Option<(u32, &[u8])> {
    let (number, rest) = text.split_at_checked(count)?;
    let is_number = number.iter().all(u8::is_ascii_digit);
    is_number.then(|| (number.iter().fold(0, |value, digit| value * 10 + u32::from(digit & 15)), rest))
}

/// Takes a number of two digits that is not above a limit off the front, and what stands before it.
fn part<'t>(text: &'t [u8], before: &[u8], max: u32) -> Option<&'t [u8]> {
    let (number, rest) = digits(text.strip_prefix(before)?, 2)?;
    (number <= max).then_some(rest)
}

/// Takes a date off the front.
fn date(text: &[u8]) -> Option<&[u8]> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        _ => return None,
    };
    (1..=days).contains(&day).then_some(rest)
}

/// Takes a time of day off the front.
fn time(text: &[u8]) -> Option<&[u8]> {
    let hour_digits = if text.get(1).is_some_and(u8::is_ascii_digit) { 2 } else { 1 };
    let (hour, rest) = digits(text, hour_digits)?;
    if hour > 23 {
        return None;
    }
    let rest = part(part(rest, b":", 59)?, b":", 59)?;
    match rest.split_first() {
        Some((b'.' | b',', fraction)) if fraction.first().is_some_and(u8::is_ascii_digit) => {
            let len = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            fraction.get(len..)
        }
        _ => Some(rest),
    }
}

/// Whether a text is the offset of a zone.
fn is_zone(text: &[u8]) -> bool {
    let offset = text.strip_prefix(b"+").or_else(|| text.strip_prefix(b"-"));
    text == b"Z" || offset.and_then(|offset| part(part(offset, b"", 24)?, b":", 60)).is_some_and(<[u8]>::is_empty)
}

/// Whether a text is a date.
pub(super) fn is_date(text: &[u8]) -> bool {
    date(text).is_some_and(<[u8]>::is_empty)
}

/// Whether a text is a time, with or without a zone.
pub(super) fn is_time(text: &[u8]) -> bool {
    time(text).is_some_and(|rest| rest.is_empty() || is_zone(rest))
}

/// Whether a text is a date and a time with a zone.
pub(super) fn is_date_and_time(text: &[u8]) -> bool {
    date(text).and_then(|rest| time(rest.strip_prefix(b"T")?)).is_some_and(is_zone)
}
