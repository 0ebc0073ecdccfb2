//! Time zones of the IANA database, the edition that is part of Go (`tables/zones/main.go` writes `zones.bin`).
//!
//! The file: the count of names (two bytes); a row for each name and one more, sorted by name, with the places of its name (two bytes) and
//! its zone (three bytes); the names; the zones. Places and counts of fixed width have their lowest byte first.
//!
//! A zone: the count of its kinds of time, each with an offset in seconds and an abbreviation with its length; the number of the kind
//! that comes first; the rule behind the last transition, or a zero byte; the count of transitions, each with the gap since the one before
//! (twice its minutes, or twice its seconds and one) and the number of a kind. Numbers of no fixed width are in base 128, signed ones in
//! zigzag.

use super::civil::{Civil, DAY, days_in, weekday};

/// Zones by name.
static DATA: &[u8] = include_bytes!("zones.bin");

/// Where the rows begin, and how long one is.
const ROWS: usize = 2;
const ROW: usize = 5;
const NAME_PLACE: usize = 2;

/// The second that the first gap is counted from.
const BASE: i64 = -(1 << 33);

/// Why there is no zone of a name. Other names that are no file for OPA's host, such as `Africa/`, are unknown here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The name could be a path that leads elsewhere.
    Invalid,
    /// A byte of the name cannot be in the name of a file, which is where OPA looks.
    Nul,
    /// There is none, but names begin with it: OPA finds a folder where it looks for a file.
    Folder,
    /// There is none.
    Unknown,
}

/// A time zone.
#[derive(Clone, Copy)]
pub(crate) struct Zone {
    /// The zone in [`DATA`], and what follows; none for UTC.
    data: Option<&'static [u8]>,
}

/// A time with one offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// What local time is ahead of UTC, in seconds.
    pub(crate) offset: i64,
    /// The offset's name, such as `CET`.
    pub(crate) abbreviation: &'static [u8],
    /// The first second.
    start: i64,
    /// The second after the last.
    end: i64,
}

impl Zone {
    /// Universal time.
    pub(crate) const UTC: Self = Self { data: None };

    /// The zone of a name. `Local` is UTC: a module knows of no other.
    pub(crate) fn named(name: &[u8]) -> Result<Self, Fault> {
        if matches!(name, b"" | b"UTC" | b"Local") {
            return Ok(Self::UTC);
        }
        if name.starts_with(b"/") || name.starts_with(b"\\") || name.windows(2).any(|pair| pair == b"..") {
            return Err(Fault::Invalid);
        }
        if name.contains(&0) {
            return Err(Fault::Nul);
        }
        let (mut low, mut high) = (0, fixed(0, ROWS));
        while low < high {
            let middle = low.midpoint(high);
            let row = ROWS + middle * ROW;
            let place = fixed(row, NAME_PLACE)..fixed(row + ROW, NAME_PLACE);
            match DATA.get(place).unwrap_or_default().cmp(name) {
                core::cmp::Ordering::Less => low = middle + 1,
                core::cmp::Ordering::Greater => high = middle,
                core::cmp::Ordering::Equal => {
                    return Ok(Self { data: DATA.get(fixed(row + NAME_PLACE, ROW - NAME_PLACE)..) });
                }
            }
        }
        // The first name behind the wanted one.
        let row = ROWS + low * ROW;
        let next = DATA.get(fixed(row, NAME_PLACE)..).unwrap_or_default();
        let is_folder = name == b"." || next.strip_prefix(name).is_some_and(|rest| rest.starts_with(b"/"));
        Err(if is_folder { Fault::Folder } else { Fault::Unknown })
    }

    /// What holds at a second since 1970 in UTC.
    pub(crate) fn period(self, seconds: i64) -> Period {
        let Some(data) = self.data else {
            return Period { offset: 0, abbreviation: b"UTC", start: i64::MIN, end: i64::MAX };
        };
        let mut reader = Reader(data);
        for _ in 0..reader.number() {
            reader.kind();
        }
        let mut kind = reader.byte();
        let rule = (reader.byte() != 0).then(|| Rule::read(&mut reader));
        let (mut start, mut end) = (i64::MIN, i64::MAX);
        let mut at = BASE;
        for _ in 0..reader.number() {
            let gap = reader.number();
            at += if gap & 1 == 0 { (gap >> 1) * 60 } else { gap >> 1 };
            if seconds < at {
                end = at;
                break;
            }
            start = at;
            kind = reader.byte();
        }
        match rule {
            Some(rule) if end == i64::MAX => rule.period(data, seconds),
            _ => Period::new(data, kind, start, end),
        }
    }

    /// The seconds since 1970 in UTC when a clock of the zone shows so many (Go's `time.Date`).
    pub(super) fn to_universal(self, local: i64) -> i64 {
        let period = self.period(local);
        let universal = local - period.offset;
        if period.offset == 0 || period.start <= universal && universal < period.end {
            return universal;
        }
        local - self.period(universal).offset
    }
}

impl Period {
    /// The period of a kind of time of a zone.
    fn new(data: &'static [u8], kind: u8, start: i64, end: i64) -> Self {
        let mut reader = Reader(data);
        reader.number();
        for _ in 0..kind {
            reader.kind();
        }
        let (offset, abbreviation) = reader.kind();
        Self { offset, abbreviation, start, end }
    }
}

/// What holds behind the last transition: two kinds of time in turn.
struct Rule {
    standard: u8,
    summer: u8,
    begin: Switch,
    end: Switch,
}

/// A second in every year: the time of day on the day of the week that is the first, second, … or last (5) of the month.
struct Switch {
    month: i64,
    week: u8,
    weekday: i64,
    time: i64,
}

impl Rule {
    fn read(reader: &mut Reader) -> Self {
        let [standard, summer] = [reader.byte(), reader.byte()];
        let begin = Switch::read(reader);
        Self { standard, summer, begin, end: Switch::read(reader) }
    }

    /// What holds at a second, which is not before 1970. Where a period goes beyond its year it is cut, as in Go.
    fn period(&self, data: &'static [u8], seconds: i64) -> Period {
        let kind = |kind| Period::new(data, kind, i64::MIN, i64::MAX);
        let (mut outer, mut inner) = (kind(self.standard), kind(self.summer));
        let year = Civil::of(seconds).year;
        let mut begin = self.begin.second_of_year(year) - outer.offset;
        let mut end = self.end.second_of_year(year) - inner.offset;
        if end < begin {
            // South of the equator.
            (begin, end) = (end, begin);
            (outer, inner) = (inner, outer);
        }
        let new_year = new_year(year);
        let (begin, end) = (new_year + begin, new_year + end);
        match seconds {
            _ if seconds < begin => Period { start: new_year, end: begin, ..outer },
            _ if seconds >= end => Period { start: end, end: new_year + 365 * DAY, ..outer },
            _ => Period { start: begin, end, ..inner },
        }
    }
}

impl Switch {
    fn read(reader: &mut Reader) -> Self {
        let [month, week, weekday] = [reader.byte(), reader.byte(), reader.byte()];
        Self { month: i64::from(month), week, weekday: i64::from(weekday), time: reader.signed() }
    }

    /// The seconds of local time since the year began.
    fn second_of_year(&self, year: i64) -> i64 {
        let first = Civil { month: self.month, ..JANUARY_FIRST };
        let first = Civil { year, ..first }.seconds();
        let mut day = (self.weekday - weekday(first)).rem_euclid(7);
        for _ in 1..self.week {
            if day + 7 < days_in(self.month, year) {
                day += 7;
            }
        }
        first - new_year(year) + day * DAY + self.time
    }
}

const JANUARY_FIRST: Civil = Civil { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };

/// The second that a year begins with.
fn new_year(year: i64) -> i64 {
    Civil { year, ..JANUARY_FIRST }.seconds()
}

/// A number of fixed width in [`DATA`].
fn fixed(place: usize, width: usize) -> usize {
    let bytes = DATA.get(place..place + width).unwrap_or_default();
    bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// Reads a zone from its start on. Behind the end, which is not reached, everything is 0.
struct Reader(&'static [u8]);

impl Reader {
    fn byte(&mut self) -> u8 {
        let (byte, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *byte
    }

    /// A number in base 128, the lowest digit first.
    fn number(&mut self) -> i64 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= i64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 || shift > 56 {
                return number;
            }
        }
    }

    fn signed(&mut self) -> i64 {
        let number = self.number();
        (number >> 1) ^ -(number & 1)
    }

    /// An offset and its abbreviation.
    fn kind(&mut self) -> (i64, &'static [u8]) {
        let offset = self.signed();
        let length = self.number() as usize;
        let (abbreviation, rest) = self.0.split_at_checked(length).unwrap_or_default();
        self.0 = rest;
        (offset, abbreviation)
    }
}
