//! IP addresses in the hosts of references, and why a text is none, in Go's words (`netip.ParseAddr`). Only says whether there is an
//! address; what it is, nobody asks here.

use alloc::vec::Vec;

use super::Error;

/// Why a text is no address: Go's words, and the rest of the text that they are about (perhaps none).
type Fault<'t> = (&'static str, &'t [u8]);

/// The groups of an address of IPv6.
const GROUPS: usize = 8;

/// Takes an address of IPv6, perhaps with a zone.
///
/// # Errors
/// When it is none.
pub(super) fn check(text: &[u8]) -> Result<(), Error> {
    let fault = match text.iter().find(|byte| matches!(byte, b'.' | b':' | b'%')) {
        Some(b'.') => match version_4(text) {
            Ok(()) => return Err(Error::Text("invalid IP-literal")),
            Err(fault) => fault,
        },
        Some(b':') => match version_6(text) {
            Ok(()) => return Ok(()),
            Err(fault) => fault,
        },
        Some(_) => ("missing IPv6 address", &b""[..]),
        None => ("unable to parse IP", &b""[..]),
    };
    Err(Error::Address { text: Vec::from(text), why: fault.0, rest: Vec::from(fault.1) })
}

fn version_4(text: &[u8]) -> Result<(), Fault<'_>> {
    let (mut fields, mut digits, mut value) = (1, 0, 0);
    for (at, byte) in text.iter().enumerate() {
        let rest = text.get(at..).unwrap_or_default();
        match byte {
            b'0'..=b'9' if digits == 1 && value == 0 => return Err(("IPv4 field has octet with leading zero", b"")),
            b'0'..=b'9' => {
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return Err(("IPv4 field has value >255", b""));
                }
            }
            b'.' if digits == 0 || rest.len() == 1 => {
                return Err(("IPv4 field must have at least one digit", rest));
            }
            b'.' if fields == 4 => return Err(("IPv4 address too long", b"")),
            b'.' => (fields, digits, value) = (fields + 1, 0, 0),
            _ => return Err(("unexpected character", rest)),
        }
    }
    if fields < 4 { Err(("IPv4 address too short", b"")) } else { Ok(()) }
}

fn version_6(text: &[u8]) -> Result<(), Fault<'_>> {
    let zone = text.iter().position(|byte| *byte == b'%').unwrap_or(text.len());
    if zone + 1 == text.len() {
        return Err(("zone must be a non-empty string", b""));
    }
    let text = text.get(..zone).unwrap_or_default();
    let mut rest = text.strip_prefix(b"::").unwrap_or(text);
    let mut has_ellipsis = rest.len() < text.len();
    if has_ellipsis && rest.is_empty() {
        return Ok(());
    }
    let mut groups = 0;
    while groups < GROUPS {
        let digits = group(rest)?;
        if rest.get(digits) == Some(&b'.') {
            mapped(rest, groups, has_ellipsis)?;
            (rest, groups) = (b"", groups + 2);
            break;
        }
        groups += 1;
        rest = match rest.get(digits..).unwrap_or_default() {
            b"" => {
                rest = b"";
                break;
            }
            b":" => return Err(("colon must be followed by more characters", b":")),
            [b':', next @ ..] => next,
            other => return Err(("unexpected character, want colon", other)),
        };
        if let Some(next) = rest.strip_prefix(b":") {
            if has_ellipsis {
                return Err(("multiple :: in address", rest));
            }
            (has_ellipsis, rest) = (true, next);
            if rest.is_empty() {
                break;
            }
        }
    }
    match (rest.is_empty(), groups < GROUPS, has_ellipsis) {
        (false, _, _) => Err(("trailing garbage after address", rest)),
        (_, true, false) => Err(("address string too short", b"")),
        (_, false, true) => Err(("the :: must expand to at least one field of zeros", b"")),
        _ => Ok(()),
    }
}

/// How many digits a group has that begins a text.
fn group(text: &[u8]) -> Result<usize, Fault<'_>> {
    match text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count() {
        0 => Err(("each colon-separated field must have at least one digit", text)),
        digits @ 1..=4 => Ok(digits),
        _ => Err(("each group must have 4 or less digits", text)),
    }
}

/// Takes an address of IPv4 behind so many groups.
fn mapped(text: &[u8], groups: usize, has_ellipsis: bool) -> Result<(), Fault<'_>> {
    if !has_ellipsis && groups != GROUPS - 2 {
        return Err(("embedded IPv4 address must replace the final 2 fields of the address", text));
    }
    if groups > GROUPS - 2 {
        return Err(("too many hex fields to fit an embedded IPv4 at the end of the address", text));
    }
    version_4(text)
}
