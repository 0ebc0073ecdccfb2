//! Whether a certificate is valid for the name of a host (RFC 6125), or for an address.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv6Addr};

use super::Certificate;

/// Whether a certificate names a host. An address may stand in brackets, and counts only where the certificate has it as one.
pub(super) fn is_named(certificate: &Certificate<'_>, host: &[u8]) -> bool {
    let names = &certificate.details.names;
    let inside = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).filter(|inside| !inside.is_empty());
    let address = core::str::from_utf8(inside.unwrap_or(host)).ok().and_then(|text| text.parse::<IpAddr>().ok());
    if let Some(address) = address {
        return names.addresses.iter().any(|bytes| wide(bytes) == Some(address.to_canonical()));
    }
    let host = host.to_ascii_lowercase();
    let is_pattern_wanted = is_host_name(&host, false);
    names.domains.iter().any(|domain| {
        if is_pattern_wanted && is_host_name(domain, true) { is_match(domain, &host) } else { is_same(domain, &host) }
    })
}

/// The address of 4 or 16 bytes.
fn wide(bytes: &[u8]) -> Option<IpAddr> {
    match <[u8; 4]>::try_from(bytes) {
        Ok(bytes) => Some(IpAddr::from(bytes)),
        Err(_) => <[u8; 16]>::try_from(bytes).ok().map(|bytes| IpAddr::V6(Ipv6Addr::from(bytes)).to_canonical()),
    }
}

/// Whether a text is a name of a host, or a pattern, whose first label may be `*`.
fn is_host_name(host: &[u8], is_pattern: bool) -> bool {
    let name = if is_pattern { host } else { host.strip_suffix(b".").unwrap_or(host) };
    if name.is_empty() || name == b"*" {
        return false;
    }
    name.split(|byte| *byte == b'.').enumerate().all(|(index, label)| {
        let is_right =
            |(place, byte): (usize, &u8)| byte.is_ascii_alphanumeric() || *byte == b'_' || (*byte == b'-' && place > 0);
        let is_wildcard = is_pattern && index == 0 && label == b"*";
        is_wildcard || (!label.is_empty() && label.iter().enumerate().all(is_right))
    })
}

/// Whether a pattern matches a host in lower case, label by label.
fn is_match(pattern: &[u8], host: &[u8]) -> bool {
    let host = host.strip_suffix(b".").unwrap_or(host);
    let pattern: Vec<&[u8]> = pattern.split(|byte| *byte == b'.').collect();
    let host: Vec<&[u8]> = host.split(|byte| *byte == b'.').collect();
    let is_label_match = |(index, (pattern, host)): (usize, (&&[u8], &&[u8]))| {
        (index == 0 && *pattern == b"*") || pattern.eq_ignore_ascii_case(host)
    };
    pattern.len() == host.len() && pattern.iter().zip(&host).enumerate().all(is_label_match)
}

/// Whether a name is a host in lower case, letter by letter.
fn is_same(name: &[u8], host: &[u8]) -> bool {
    !matches!(name, b"" | b".") && !matches!(host, b"" | b".") && name.eq_ignore_ascii_case(host)
}
