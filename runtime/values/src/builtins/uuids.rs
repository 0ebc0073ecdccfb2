//! `uuid.parse`: what a UUID says about itself (RFC 4122), read as github.com/google/uuid reads it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::operand;
use crate::{Object, Value};

/// The length of a UUID with its four hyphens.
const TEXT_LEN: usize = 36;
/// What may stand before that.
const PREFIX: &[u8] = b"urn:uuid:";
/// The groups of hexadecimal digits.
const GROUPS: [core::ops::Range<usize>; 5] = [0..8, 9..13, 14..18, 19..23, 24..36];
/// From the beginning of the Gregorian calendar to 1970, in steps of 100 nanoseconds.
const GREGORIAN_TO_UNIX: i64 = 122_192_928_000_000_000;

/// `uuid.parse(text)`: version and variant, and for versions 1 and 2 time and place. Undefined when it is no UUID.
#[must_use]
pub fn parse(text: Value) -> Value {
    let Some(bytes) = operand::string(1, text).and_then(bytes_of) else { return Value::UNDEFINED };
    let object = Object::new(7);
    let version = bytes[6] >> 4;
    let set = |key: &str, value: Value| object.insert(Value::string(key.as_bytes()), value);
    set("version", Value::integer(i64::from(version)));
    set("variant", text_value(variant(bytes[8])));
    if matches!(version, 1 | 2) {
        set("time", Value::integer(unix_nanoseconds(&bytes)));
        let node: Vec<String> = bytes[10..].iter().map(|byte| format!("{byte:02x}")).collect();
        set("nodeid", text_value(&node.join("-")));
        set("macvariables", text_value(mac_variables(bytes[10])));
        set("clocksequence", Value::integer(i64::from(u16::from_be_bytes([bytes[8], bytes[9]]) & 0x3fff)));
    }
    if version == 2 {
        let id = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        set("id", Value::integer(i64::from(id)));
        let domain = match bytes[9] {
            0 => "Person".into(),
            1 => "Group".into(),
            2 => "Org".into(),
            other => format!("Domain{other}"),
        };
        set("domain", text_value(&domain));
    }
    object.into()
}

fn text_value(text: &str) -> Value {
    Value::string(text.as_bytes())
}

/// The bytes of a UUID, written with hyphens, and then behind a prefix or between any two bytes; or as digits only.
fn bytes_of(text: &[u8]) -> Option<[u8; 16]> {
    let mut digits = Vec::with_capacity(32);
    if text.len() == 32 {
        digits.extend_from_slice(text);
    } else {
        let text = match text.len().checked_sub(TEXT_LEN)? {
            0 => text,
            2 => text.get(1..=TEXT_LEN)?,
            9 if text.get(..PREFIX.len())?.eq_ignore_ascii_case(PREFIX) => text.get(PREFIX.len()..)?,
            _ => return None,
        };
        for group in GROUPS {
            if text.get(group.end).is_some_and(|byte| *byte != b'-') {
                return None;
            }
            digits.extend_from_slice(text.get(group)?);
        }
    }
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(&digits).ok()?;
    bytes.try_into().ok()
}

/// The name of a variant by the byte that holds it (RFC 4122, 4.1.1).
fn variant(byte: u8) -> &'static str {
    match byte >> 5 {
        0b100 | 0b101 => "RFC4122",
        0b110 => "Microsoft",
        0b111 => "Future",
        _ => "Reserved",
    }
}

/// What the first byte of a MAC address says (RFC 7042, 2.1).
fn mac_variables(byte: u8) -> &'static str {
    match byte & 0b11 {
        0b11 => "local:multicast",
        0b01 => "global:multicast",
        0b10 => "local:unicast",
        _ => "global:unicast",
    }
}

/// The time of a UUID in nanoseconds since 1970; beyond 64 bits it wraps, as OPA's does.
fn unix_nanoseconds(bytes: &[u8; 16]) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = bytes.map(i64::from);
    let steps = (g & 0xf) << 56 | h << 48 | e << 40 | f << 32 | a << 24 | b << 16 | c << 8 | d;
    (steps - GREGORIAN_TO_UNIX).wrapping_mul(100)
}
