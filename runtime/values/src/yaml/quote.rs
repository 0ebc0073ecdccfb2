//! In which of its styles go-yaml writes a string.

use super::emit::{is_break, is_printable};
use super::scalar::{Scalar, resolve};
use crate::utf8;

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    /// As a block of lines.
    Literal,
}

/// Which styles can hold a string.
struct Allowed {
    plain: bool,
    single: bool,
    literal: bool,
}

/// The style of a string; a simple key stands before its colon on one line.
pub(super) fn style_of(text: &[u8], is_simple_key: bool) -> Style {
    let allowed = analyze(text);
    if text.contains(&b'\n') {
        return if allowed.literal && !is_simple_key { Style::Literal } else { Style::Double };
    }
    if means_something_else(text) {
        return Style::Double;
    }
    match allowed {
        Allowed { plain: true, .. } => Style::Plain,
        Allowed { single: true, .. } => Style::Single,
        _ => Style::Double,
    }
}

/// Whether a plain scalar would be read as no string, by this version of YAML or by an older one.
fn means_something_else(text: &[u8]) -> bool {
    let is_old_boolean = matches!(
        text,
        b"y" | b"Y"
            | b"yes"
            | b"Yes"
            | b"YES"
            | b"on"
            | b"On"
            | b"ON"
            | b"n"
            | b"N"
            | b"no"
            | b"No"
            | b"NO"
            | b"off"
            | b"Off"
            | b"OFF"
    );
    is_old_boolean
        || !matches!(resolve(text), Scalar::Text | Scalar::Merge)
        || is_base_sixty(text)
        || is_timestamp(text)
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// `1:30`, `-1_0:5:59.5_`: numbers of YAML 1.1.
fn is_base_sixty(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let (whole, fraction) = match text.iter().position(|byte| *byte == b'.') {
        Some(point) => (text.get(..point).unwrap_or_default(), text.get(point + 1..).unwrap_or_default()),
        None => (text, &b""[..]),
    };
    let is_digit = |byte: &u8| byte.is_ascii_digit() || *byte == b'_';
    let mut parts = whole.split(|byte| *byte == b':');
    let first = parts.next().unwrap_or_default();
    let mut count = 0;
    let are_sixtieths = parts.all(|part| {
        count += 1;
        matches!(part, [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
    });
    let is_first = first.first().is_some_and(u8::is_ascii_digit) && first.iter().all(is_digit);
    is_first && are_sixtieths && count > 0 && fraction.iter().all(is_digit)
}

/// Takes a number of one or two digits off the front, and what stands before it.
fn part<'t>(text: &'t [u8], before: &[u8], range: core::ops::RangeInclusive<u32>) -> Option<(u32, &'t [u8])> {
    let text = text.strip_prefix(before)?;
    let (number, rest) = text.split_at_checked(digits(text).min(2)).filter(|(number, _)| !number.is_empty())?;
    let value = number.iter().fold(0, |value, digit| value * 10 + u32::from(digit & 15));
    range.contains(&value).then_some((value, rest))
}

/// Whether a text is a date, or a date and a time, as go-yaml takes them.
fn is_timestamp(text: &[u8]) -> bool {
    timestamp(text).is_some()
}

fn timestamp(text: &[u8]) -> Option<()> {
    if digits(text) != 4 {
        return None;
    }
    let (year, rest) = text.split_at_checked(4)?;
    let year = year.iter().fold(0, |value, digit| value * 10 + u32::from(digit & 15));
    let (month, rest) = part(rest, b"-", 1..=12)?;
    let (day, rest) = part(rest, b"-", 1..=31)?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let is_short = matches!(month, 4 | 6 | 9 | 11);
    if is_short && day > 30 || month == 2 && day > 28 + u32::from(is_leap) {
        return None;
    }
    let has_zone = match rest.first() {
        None => return Some(()),
        Some(b'T' | b't') => true,
        Some(b' ') => false,
        Some(_) => return None,
    };
    let rest = rest.get(1..)?;
    // Only blanks may be several.
    let blanks = if has_zone { 0 } else { rest.iter().take_while(|byte| **byte == b' ').count() };
    let (_, rest) = part(rest.get(blanks..)?, b"", 0..=23)?;
    let (_, rest) = part(rest, b":", 0..=59)?;
    let (_, rest) = part(rest, b":", 0..=59)?;
    let fraction = rest.strip_prefix(b".").or(rest.strip_prefix(b",")).filter(|fraction| digits(fraction) > 0);
    let rest = fraction.map_or(rest, |fraction| fraction.get(digits(fraction)..).unwrap_or_default());
    let is_end = if has_zone { is_zone(rest) } else { rest.is_empty() };
    is_end.then_some(())
}

fn is_zone(text: &[u8]) -> bool {
    let two = |text: &[u8], max| text.len() == 2 && part(text, b"", 0..=max).is_some_and(|(_, rest)| rest.is_empty());
    match text {
        b"Z" => true,
        [b'+' | b'-', hour @ .., b':', _, _] => {
            two(hour, 24) && two(text.get(text.len() - 2..).unwrap_or_default(), 60)
        }
        _ => false,
    }
}

/// What the emitter finds in a string.
#[derive(Default)]
struct Found {
    indicators: bool,
    breaks: bool,
    special: bool,
    tabs: bool,
    break_then_space: bool,
    space_then_break: bool,
}

/// Which styles can hold a string, as the emitter analyzes it.
fn analyze(text: &[u8]) -> Allowed {
    if text.is_empty() {
        return Allowed { plain: true, single: true, literal: false };
    }
    let mut found = Found { indicators: text.starts_with(b"---") || text.starts_with(b"..."), ..Found::default() };
    let mut previous = None;
    let mut at = 0;
    for (character, bytes) in utf8::chars(text) {
        at += bytes.len();
        let is_followed = matches!(text.get(at), None | Some(b' ' | b'\t'));
        found.indicators |= match character {
            '#' => previous.is_none_or(|before| is_break(before) || matches!(before, ' ' | '\t' | '\0')),
            ':' => is_followed,
            '?' | '-' => previous.is_none() && is_followed,
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => {
                previous.is_none()
            }
            _ => false,
        };
        found.tabs |= character == '\t';
        found.special |= character != '\t' && !is_printable(character);
        found.breaks |= is_break(character);
        found.break_then_space |= character == ' ' && previous.is_some_and(is_break);
        found.space_then_break |= is_break(character) && previous == Some(' ');
        previous = Some(character);
    }
    let is_edge = |character: char| character == ' ' || is_break(character);
    let first = utf8::chars(text).next().map(|(character, _)| character);
    let edges = first.is_some_and(is_edge) || previous.is_some_and(is_edge);
    let single = !(found.break_then_space || found.space_then_break || found.tabs || found.special);
    Allowed {
        plain: single && !(edges || found.breaks || found.indicators),
        single,
        literal: !(previous == Some(' ') || found.space_then_break || found.special),
    }
}
