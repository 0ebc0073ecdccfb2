//! Layouts: texts that show how a certain time, January 2, 15:04:05, 2006, in a zone seven hours west of Greenwich, is written.

/// The layout of RFC 3339.
pub(crate) const RFC3339: &[u8] = b"2006-01-02T15:04:05Z07:00";

/// The same with a fraction of the second, if it is not zero.
pub(crate) const RFC3339_NANO: &[u8] = b"2006-01-02T15:04:05.999999999Z07:00";

/// The layout that OPA has a name for; any other text is a layout itself.
pub(crate) fn named(name: &[u8]) -> &[u8] {
    match name {
        b"ANSIC" => b"Mon Jan _2 15:04:05 2006",
        b"UnixDate" => b"Mon Jan _2 15:04:05 MST 2006",
        b"RubyDate" => b"Mon Jan 02 15:04:05 -0700 2006",
        b"RFC822" => b"02 Jan 06 15:04 MST",
        b"RFC822Z" => b"02 Jan 06 15:04 -0700",
        b"RFC850" => b"Monday, 02-Jan-06 15:04:05 MST",
        b"RFC1123" => b"Mon, 02 Jan 2006 15:04:05 MST",
        b"RFC1123Z" => b"Mon, 02 Jan 2006 15:04:05 -0700",
        b"RFC3339" => RFC3339,
        b"RFC3339Nano" => RFC3339_NANO,
        _ => name,
    }
}

/// What stands for a part of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// `2006`
    LongYear,
    /// `06`
    Year,
    /// `January`, `Jan`
    MonthName { short: bool },
    /// `1`, `01`
    Month { zero: bool },
    /// `Monday`, `Mon`
    WeekdayName { short: bool },
    /// `2`, `_2`, `02`
    Day(Padding),
    /// `__2`, `002`
    YearDay { zero: bool },
    /// `15`
    Hour,
    /// `3`, `03`
    HalfDayHour { zero: bool },
    /// `PM`, `pm`
    Half { upper: bool },
    /// `4`, `04`
    Minute { zero: bool },
    /// `5`, `05`
    Second { zero: bool },
    /// `.000`, `,000`, or `.999`, `,999` for a fraction without zeros at its end
    Fraction { digits: usize, mark: u8, trimmed: bool },
    /// `MST`
    ZoneName,
    /// `-0700`, `Z07:00` and their like
    Offset(Offset),
}

/// What a number with fewer digits begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Padding {
    None,
    Space,
    Zero,
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// Whether UTC is `Z`.
    pub(super) zulu: bool,
    pub(super) minutes: bool,
    pub(super) seconds: bool,
    pub(super) colons: bool,
}

/// A layout, cut at its first element.
pub(super) struct Chunk<'a> {
    /// What is before the element, to be taken as it is.
    pub(super) literal: &'a [u8],
    /// The element and its text. None at the end of the layout.
    pub(super) element: Option<(Element, &'a [u8])>,
    pub(super) rest: &'a [u8],
}

/// Finds the first element.
pub(super) fn next(layout: &[u8]) -> Chunk<'_> {
    for start in 0..layout.len() {
        let (literal, text) = layout.split_at(start);
        if let Some((element, length)) = element(text)
            && let Some((text, rest)) = text.split_at_checked(length)
        {
            return Chunk { literal, element: Some((element, text)), rest };
        }
    }
    Chunk { literal: layout, element: None, rest: &[] }
}

/// The element that a text begins with, and its length.
fn element(text: &[u8]) -> Option<(Element, usize)> {
    use Element::*;
    let has = |prefix: &str| text.starts_with(prefix.as_bytes());
    // `Month` and `Monkey` hold no short name.
    let is_name = |name: &str| has(name) && !text.get(name.len()).is_some_and(u8::is_ascii_lowercase);
    Some(match text.first()? {
        b'J' if has("January") => (MonthName { short: false }, 7),
        b'J' if is_name("Jan") => (MonthName { short: true }, 3),
        b'M' if has("Monday") => (WeekdayName { short: false }, 6),
        b'M' if is_name("Mon") => (WeekdayName { short: true }, 3),
        b'M' if has("MST") => (ZoneName, 3),
        b'0' => match text.get(1)? {
            b'1' => (Month { zero: true }, 2),
            b'2' => (Day(Padding::Zero), 2),
            b'3' => (HalfDayHour { zero: true }, 2),
            b'4' => (Minute { zero: true }, 2),
            b'5' => (Second { zero: true }, 2),
            b'6' => (Year, 2),
            b'0' if has("002") => (YearDay { zero: true }, 3),
            _ => return None,
        },
        b'1' if has("15") => (Hour, 2),
        b'1' => (Month { zero: false }, 1),
        b'2' if has("2006") => (LongYear, 4),
        b'2' => (Day(Padding::None), 1),
        // `_2006` is an underscore and a year.
        b'_' if has("_2") && !has("_2006") => (Day(Padding::Space), 2),
        b'_' if has("__2") => (YearDay { zero: false }, 3),
        b'3' => (HalfDayHour { zero: false }, 1),
        b'4' => (Minute { zero: false }, 1),
        b'5' => (Second { zero: false }, 1),
        b'P' if has("PM") => (Half { upper: true }, 2),
        b'p' if has("pm") => (Half { upper: false }, 2),
        b'-' | b'Z' => return offset(text),
        b'.' | b',' => return fraction(text),
        _ => return None,
    })
}

fn offset(text: &[u8]) -> Option<(Element, usize)> {
    let (sign, digits) = text.split_first()?;
    let has = |prefix: &str| digits.starts_with(prefix.as_bytes());
    let (minutes, seconds, colons, length) = match () {
        () if has("070000") => (true, true, false, 6),
        () if has("07:00:00") => (true, true, true, 8),
        () if has("0700") => (true, false, false, 4),
        () if has("07:00") => (true, false, true, 5),
        () if has("07") => (false, false, false, 2),
        () => return None,
    };
    Some((Element::Offset(Offset { zulu: *sign == b'Z', minutes, seconds, colons }), length + 1))
}

/// A fraction of seconds: all zeros or all nines, and no other digit behind them.
fn fraction(text: &[u8]) -> Option<(Element, usize)> {
    let (mark, digits) = text.split_first()?;
    let digit = digits.first().filter(|digit| matches!(digit, b'0' | b'9'))?;
    let length = digits.iter().position(|other| other != digit).unwrap_or(digits.len());
    if digits.get(length).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    // Go keeps the count in twelve bits.
    let element = Element::Fraction { digits: length & 0xfff, mark: *mark, trimmed: *digit == b'9' };
    Some((element, length + 1))
}
