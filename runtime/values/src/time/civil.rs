//! Dates of the Gregorian calendar, also before it was made.

use super::{Instant, Zone};

/// The seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// Days from the first of March of year 0 to 1970.
const DAYS_TO_EPOCH: i64 = 719_468;

/// The days of 400 years.
const CYCLE: i64 = 146_097;

/// How many years before year 0 Go begins to count days, so that they are natural numbers of 64 bits.
const ABSOLUTE_YEARS: u64 = 292_277_022_400;

/// Seconds from 1970 back to the first of March of that year.
const ABSOLUTE_TO_UNIX: i64 = -(ABSOLUTE_YEARS as i64 / 400 * CYCLE + DAYS_TO_EPOCH) * DAY;

/// Seconds since 1970 that are farther away than any date that is not refused, and that can be computed with without overflow.
const FAR: u64 = 1 << 40;

/// A date with the time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1 to 12.
    pub(crate) month: i64,
    /// From 1 to 31.
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

impl Civil {
    /// The date of a point in time in a zone.
    pub(crate) fn new(instant: Instant, zone: Zone) -> Self {
        Self::of(instant.seconds + zone.period(instant.seconds).offset)
    }

    /// The date some seconds after 1970 began, on the same clock.
    pub(super) fn of(seconds: i64) -> Self {
        // Years begin in March here, so that the day that is not always there is a year's last one.
        let days = seconds.div_euclid(DAY) + DAYS_TO_EPOCH;
        let (cycle, day_of_cycle) = (days.div_euclid(CYCLE), days.rem_euclid(CYCLE));
        let year = (day_of_cycle - day_of_cycle / (4 * 365) + day_of_cycle / 36_524 - day_of_cycle / (CYCLE - 1)) / 365;
        let day_of_year = day_of_cycle - (365 * year + year / 4 - year / 100);
        // Months of 31, 30, 31, 30, 31 days, 153 together, again and again.
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let (next_year, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
        let second = seconds.rem_euclid(DAY);
        Self {
            year: year + cycle * 400 + next_year,
            month,
            day,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
        }
    }

    /// The seconds since midnight.
    fn second_of_day(self) -> i64 {
        self.hour * 3600 + self.minute * 60 + self.second
    }

    /// The seconds since 1970 on the same clock. The month and the day may be any numbers; what is too large wraps around
    /// where Go's `time.Date` does.
    pub(crate) fn seconds(self) -> i64 {
        let month = self.month.wrapping_sub(1);
        let year = self.year.wrapping_add(month.div_euclid(12));
        let month = month.rem_euclid(12) + 1;
        let (before_march, month) = if month < 3 { (1, month + 12) } else { (0, month) };
        let years = (year as u64).wrapping_sub(before_march).wrapping_add(ABSOLUTE_YEARS);
        let centuries = (CYCLE as u64).wrapping_mul(years / 100) / 4;
        let days_of_years = centuries.wrapping_add(1461 * (years % 100) / 4) as i64;
        let days = days_of_years.wrapping_add((153 * month - 457) / 5).wrapping_add(self.day).wrapping_sub(1);
        days.wrapping_mul(DAY).wrapping_add(self.second_of_day()).wrapping_add(ABSOLUTE_TO_UNIX)
    }

    /// The number of the day in its year, from 1.
    pub(super) fn year_day(self) -> i64 {
        let before = (1..self.month).map(|month| days_in(month, self.year));
        before.sum::<i64>() + self.day
    }
}

/// The day of the week some seconds after 1970 began, on the same clock, from 0 for Sunday.
pub(crate) fn weekday(seconds: i64) -> i64 {
    const FIRST: i64 = 4;
    (seconds.div_euclid(DAY) + FIRST).rem_euclid(7)
}

/// The days of a month (from 1 to 12).
pub(crate) fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The point in time with the same time of day so many years, months and days later (Go's `Time.AddDate`). `None` where
/// it is too far away for nanoseconds of 64 bits.
pub(crate) fn add_date(instant: Instant, zone: Zone, years: i64, months: i64, days: i64) -> Option<i64> {
    let from = Civil::new(instant, zone);
    let to = Civil {
        year: from.year.wrapping_add(years),
        month: from.month.wrapping_add(months),
        day: from.day.wrapping_add(days),
        ..from
    };
    let seconds = to.seconds();
    if seconds.unsigned_abs() > FAR {
        return None;
    }
    Instant { seconds: zone.to_universal(seconds), ..instant }.to_nanoseconds()
}
