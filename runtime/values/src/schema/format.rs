//! What `format` asks of strings.

use core::net::IpAddr;

use super::{clock, email};
use crate::regex::Regex;
use crate::uri;

/// Whether a text is of a format; always, if the format is not known.
#[inline(never)]
pub(super) fn is_valid(format: &[u8], text: &[u8]) -> bool {
    match format {
        b"date" => clock::is_date(text),
        b"time" => clock::is_time(text),
        b"date-time" => clock::is_date(text) || clock::is_time(text) || clock::is_date_and_time(text),
        b"hostname" => is_hostname(text),
        b"email" | b"idn-email" => email::is_address(text),
        b"ipv4" => text.contains(&b'.') && is_ip_address(text),
        b"ipv6" => text.contains(&b':') && is_ip_address(text),
        b"uri" | b"iri" => is_uri(text, |uri| !uri.scheme.is_empty()),
        b"uri-reference" | b"iri-reference" => is_uri(text, |_| true),
        b"uri-template" => is_uri(text, |uri| are_braces_closed(&uri.path)),
        b"uuid" => is_uuid(text),
        b"regex" => Regex::is_valid(text),
        b"json-pointer" => is_pointer(text),
        b"relative-json-pointer" => is_relative_pointer(text),
        _ => true,
    }
}

/// Whether a text is an address of either version, without zone.
pub(super) fn is_ip_address(text: &[u8]) -> bool {
    core::str::from_utf8(text).is_ok_and(|text| text.parse::<IpAddr>().is_ok())
}

fn is_uri(text: &[u8], is_good: fn(&uri::Uri) -> bool) -> bool {
    !text.contains(&b'\\') && uri::parse(text).is_ok_and(|uri| is_good(&uri))
}

/// Whether each opening brace has a closing one behind it.
fn are_braces_closed(text: &[u8]) -> bool {
    let mut is_open = false;
    for byte in text {
        is_open = match byte {
            b'{' => true,
            b'}' => false,
            _ => is_open,
        };
    }
    !is_open
}

fn is_hostname(text: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        let is_good = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        (1..64).contains(&label.len())
            && label.iter().all(is_good)
            && label.first() != Some(&b'-')
            && label.last() != Some(&b'-')
    };
    text.len() < 256 && text.split(|byte| *byte == b'.').all(is_label)
}

fn is_uuid(text: &[u8]) -> bool {
    let is_good = |(index, byte): (usize, &u8)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.iter().enumerate().all(is_good)
}

/// Whether a text is a JSON pointer: empty, or parts that begin with slashes, with `~` as `~0` or `~1` only.
fn is_pointer(text: &[u8]) -> bool {
    let is_escape = |at: usize| matches!(text.get(at + 1), Some(b'0' | b'1'));
    let are_escapes = text.iter().enumerate().all(|(at, byte)| *byte != b'~' || is_escape(at));
    are_escapes && matches!(text.first(), None | Some(b'/'))
}

fn is_relative_pointer(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(digits);
    !(number.is_empty() || digits > 1 && number.first() == Some(&b'0')) && (rest == b"#" || is_pointer(rest))
}
