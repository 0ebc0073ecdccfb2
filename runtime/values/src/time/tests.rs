//! Go's and OPA's answers, found by asking them with the zones of `zones.bin`.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Instant, Zone, ZoneFault, add_date, format, named_layout, parse, parse_duration};
use crate::{Value, number};

fn formatted(nanoseconds: i64, zone: &str, layout: &str) -> String {
    let zone = Zone::named(zone.as_bytes()).expect("a zone");
    let text = format(Instant::from_nanoseconds(nanoseconds), zone, named_layout(layout.as_bytes()));
    String::from_utf8(text).expect("UTF-8")
}

fn parsed(layout: &str, text: &str) -> Result<Option<i64>, String> {
    message(parse(named_layout(layout.as_bytes()), text.as_bytes())).map(Instant::to_nanoseconds)
}

fn message<T>(result: Result<T, Vec<u8>>) -> Result<T, String> {
    result.map_err(|message| String::from_utf8(message).expect("UTF-8"))
}

#[test]
fn every_element_is_written() {
    const ELEMENTS: &str = "Monday Mon January Jan 01 1 02 2 _2 002 __2 2006 06 15 03 3 04 4 05 5 PM pm .000 ,999 \
                            MST -0700 -07:00 -07 -070000 -07:00:00 Z0700 Z07:00";
    let time = 1_709_209_800_123_456_789;
    assert_eq!(
        formatted(time, "America/New_York", ELEMENTS),
        "Thursday Thu February Feb 02 2 29 29 29 060  60 2024 24 07 07 7 30 30 00 0 AM am .123 ,123 \
         EST -0500 -05:00 -05 -050000 -05:00:00 -0500 -05:00"
    );
    assert_eq!(
        formatted(time, "", ELEMENTS),
        "Thursday Thu February Feb 02 2 29 29 29 060  60 2024 24 12 12 12 30 30 00 0 PM pm .123 ,123 \
         UTC +0000 +00:00 +00 +000000 +00:00:00 Z Z"
    );
    assert_eq!(formatted(0, "UTC", "Month Monkey _2006 Januar 00 Zulu 2day"), "Month Monkey _1970 Januar 00 Zulu 1day");
    assert_eq!(formatted(1, "Local", "5.00 5.99 5,000000000 5.9999999999"), "0.00 0 0,000000001 0.000000001");
}

#[test]
fn zones_hold_at_all_times() {
    let full = "2006-01-02T15:04:05.999999999Z07:00:00 MST";
    assert_eq!(formatted(i64::MIN, "Europe/Amsterdam", full), "1677-09-21T00:32:15.145224192+00:19:32 LMT");
    assert_eq!(formatted(i64::MIN, "Africa/Monrovia", "-0700 -07:00:00"), "-0043 -00:43:08");
    assert_eq!(formatted(i64::MAX, "Australia/Sydney", "RFC850"), "Saturday, 12-Apr-62 09:47:16 AEST");
    assert_eq!(formatted(i64::MAX, "Antarctica/Troll", "UnixDate"), "Sat Apr 12 01:47:16 +02 2262");
    assert_eq!(formatted(1_500_000_000_000_000_000, "Europe/Dublin", "RFC1123"), "Fri, 14 Jul 2017 03:40:00 IST");
}

#[test]
fn names_of_zones_are_exact() {
    for name in ["europe/berlin", "Europe/Berlin ", "EST5", "Europ", "Zz", "!"] {
        assert_eq!(Zone::named(name.as_bytes()).err(), Some(ZoneFault::Unknown), "{name}");
    }
    for name in ["Africa", "America/Argentina", "."] {
        assert_eq!(Zone::named(name.as_bytes()).err(), Some(ZoneFault::Folder), "{name}");
    }
    for name in ["/UTC", "\\UTC", "a..b"] {
        assert_eq!(Zone::named(name.as_bytes()).err(), Some(ZoneFault::Invalid), "{name}");
    }
    for name in ["Africa/Abidjan", "Zulu", "UTC", "", "Local"] {
        assert!(Zone::named(name.as_bytes()).is_ok(), "{name}");
    }
}

#[test]
fn texts_are_read_as_leniently_as_go_does() {
    for (layout, text, nanoseconds) in [
        ("06", "+5", 1_104_537_600_000_000_000),
        ("2006 002 01", "2024 060 02", 1_709_164_800_000_000_000),
        ("2006 002", "2024 366", 1_735_603_200_000_000_000),
        ("2006-01-02 MST", "2024-02-29 GMT+3", 1_709_164_800_000_000_000),
        ("2006-01-02 -07:00:00", "2024-02-29 -00:00:01", 1_709_164_800_000_000_000),
        ("RFC1123", "Thu, 29 feb 2024  10:00:00,25 EST", 1_709_200_800_250_000_000),
        ("RFC3339", "2024-02-29T5:00:00,5+24:00", 1_709_096_400_500_000_000),
        ("RFC3339", "1677-09-21T00:12:43.145224192Z", i64::MIN),
        ("RFC3339", "2262-04-11T23:47:16.854775807Z", i64::MAX),
    ] {
        assert_eq!(parsed(layout, text), Ok(Some(nanoseconds)), "{text}");
    }
    for (layout, text) in [
        ("RFC3339", "1677-09-21T00:12:43.145224191Z"),
        ("RFC3339", "2262-04-11T23:47:16.854775808Z"),
        ("3:04pm", "12:05am"),
    ] {
        assert_eq!(parsed(layout, text), Ok(None), "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_said_as_go_says_it() {
    for (layout, text, fault) in [
        ("5,0", "5,-1", r#": extra text: "1""#),
        ("5.00", "5.-1", ": fractional second out of range"),
        ("2006 002", "2023 366", ": day-of-year out of range"),
        ("2006-01-02 MST", "2024-02-29 ABCDE", r#" as "2006-01-02 MST": cannot parse "ABCDE" as "MST""#),
        ("15:04", "7:5", r#" as "15:04": cannot parse "5" as "04""#),
        ("15 o'clock", "7 h", r#" as "15 o'clock": cannot parse "h" as " o'clock""#),
        ("Jan", "é\"\\\n", r#" as "Jan": cannot parse "\xc3\xa9\"\\\x0a" as "Jan""#),
        ("2006-01-02", "2023-02-29", ": day out of range"),
        ("-07:00", "+25:61", ": time zone offset minute out of range"),
    ] {
        let quoted = String::from_utf8(super::quote(text.as_bytes())).expect("UTF-8");
        assert_eq!(parsed(layout, text), Err(std::format!("parsing time {quoted}{fault}")));
    }
}

#[test]
fn dates_are_added_on_the_clock_of_the_zone() {
    let added = |zone: &str, from: i64, [years, months, days]: [i64; 3]| {
        let zone = Zone::named(zone.as_bytes()).expect("a zone");
        add_date(Instant::from_nanoseconds(from), zone, years, months, days)
    };
    assert_eq!(added("", 1_706_659_200_000_000_000, [0, 1, 0]), Some(1_709_337_600_000_000_000));
    // Into the hour that summer time leaves out, and into the one that it repeats.
    assert_eq!(added("America/New_York", 1_709_965_800_000_000_000, [0, 0, 1]), Some(1_710_052_200_000_000_000));
    assert_eq!(added("America/New_York", 1_730_525_400_000_000_000, [0, 0, 1]), Some(1_730_611_800_000_000_000));
    // Large numbers wrap around.
    assert_eq!(added("", 0, [i64::MAX, 0, 0]), Some(-31_487_616_000_000_000));
    assert_eq!(added("", 0, [0, i64::MIN, 0]), Some(-152_064_000_000_000));
    assert_eq!(added("", 0, [0, 0, i64::MIN]), Some(0));
    assert_eq!(added("", 0, [-126_300_000_000_000_000, 3, 5]), None);
}

#[test]
fn durations() {
    for (text, nanoseconds) in [
        ("-1.5h", -5_400_000_000_000),
        ("1y2w3d4h5m6s7ms8us9ns", 33_019_506_007_008_009),
        ("9223372036854775808ns9223372036854775808ns", 0),
        ("-9223372036854775808ns", i64::MIN),
        ("0.1d0.7w", 432_000_000_000_000),
        ("+0", 0),
    ] {
        assert_eq!(message(parse_duration(text.as_bytes())), Ok(nanoseconds), "{text}");
    }
    for (text, fault) in [
        ("", r#"time: invalid duration """#),
        ("1é", r#"time: unknown unit "\xc3\xa9" in duration "1\xc3\xa9""#),
        ("1dé", r#"time: invalid duration "1dé""#),
        ("1d1x", r#"time: unknown unit "x" in duration "1d1x""#),
        ("1d.", r#"time: invalid duration "1d.""#),
        ("1dμs", r#"time: invalid duration "1dμs""#),
        ("1s1", r#"time: missing unit in duration "1s1""#),
        ("9223372036854775808ns", r#"time: invalid duration "9223372036854775808ns""#),
    ] {
        assert_eq!(message(parse_duration(text.as_bytes())), Err(String::from(fault)));
    }
}

#[test]
fn nanoseconds_are_rounded_as_floats_of_64_bits() {
    let rounded = |text: &str| number::rounded_i64(Value::number(text.as_bytes()));
    assert_eq!(rounded("1.0"), Some(1));
    assert_eq!(rounded("0.99999999999999999999999999"), Some(1));
    assert_eq!(rounded("9223372036854775807.2"), Some(i64::MAX));
    for text in ["9223372036854775807.3", "9223372036854775808", "0.9", "1e-3", "1e100", "1e-100"] {
        assert_eq!(rounded(text), None, "{text}");
    }
}
