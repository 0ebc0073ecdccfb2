//! Constraints of the names of certificates below one (RFC 5280, section 4.2.1.10), as they are read. [`super::constraints`] checks them.

use alloc::format;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::alternative::{is_domain, quoted};
use super::constraints::Mailbox;
use crate::keys::Fault;
use crate::keys::der::Reader;

/// The names of constraints, by kind.
#[derive(Default)]
pub(super) struct Subtrees<'a> {
    /// Domains; with a dot at the start, only those below.
    pub(super) domains: Vec<&'a [u8]>,
    /// Networks: addresses and masks, both of 4 or 16 bytes.
    pub(super) networks: Vec<(&'a [u8], &'a [u8])>,
    /// Addresses of electronic mail, or domains of such.
    pub(super) emails: Vec<&'a [u8]>,
    /// Domains of URIs.
    pub(super) uris: Vec<&'a [u8]>,
}

const INVALID: &str = "x509: invalid NameConstraints extension";

/// Reads the value of the extension: what is permitted, what is excluded, and whether all kinds of names are known.
pub(super) fn read(mut value: Reader<'_>) -> Result<(Subtrees<'_>, Subtrees<'_>, bool), Fault> {
    let mut parts = value.sequence().filter(|_| value.is_empty()).ok_or(INVALID)?;
    let permitted = parts.optional(0xa0).ok_or(INVALID)?.unwrap_or_default();
    let excluded = parts.optional(0xa1).ok_or(INVALID)?.unwrap_or_default();
    if !parts.is_empty() {
        return Err(INVALID.into());
    }
    if permitted.is_empty() && excluded.is_empty() {
        return Err("x509: empty name constraints extension".into());
    }
    let mut is_known = true;
    let permitted = subtrees(Reader(permitted), &mut is_known)?;
    let excluded = subtrees(Reader(excluded), &mut is_known)?;
    Ok((permitted, excluded, is_known))
}

fn subtrees<'a>(mut list: Reader<'a>, is_known: &mut bool) -> Result<Subtrees<'a>, Fault> {
    let mut subtrees = Subtrees::default();
    while !list.is_empty() {
        let (tag, name) = list.sequence().and_then(|mut subtree| subtree.element()).ok_or(INVALID)?;
        match tag {
            0x81 => subtrees.emails.push(email(name)?),
            0x82 if ascii(name)? && !is_domain(name, true) => {
                return Err(format!("x509: failed to parse dnsName constraint {}", quoted(name)).into());
            }
            0x82 => subtrees.domains.push(name),
            0x86 => subtrees.uris.push(uri(name)?),
            0x87 => subtrees.networks.push(network(name)?),
            _ => *is_known = false,
        }
    }
    Ok(subtrees)
}

/// Whether a name is ASCII, which it must be.
fn ascii(name: &[u8]) -> Result<bool, Fault> {
    if name.is_ascii() {
        return Ok(true);
    }
    Err(format!("x509: invalid constraint value: x509: {} cannot be encoded as an IA5String", quoted(name)).into())
}

fn email(name: &[u8]) -> Result<&[u8], Fault> {
    ascii(name)?;
    let is_right = if name.contains(&b'@') { Mailbox::new(name).is_some() } else { is_domain(name, true) };
    match is_right {
        true => Ok(name),
        false => Err(format!("x509: failed to parse rfc822Name constraint {}", quoted(name)).into()),
    }
}

fn uri(name: &[u8]) -> Result<&[u8], Fault> {
    ascii(name)?;
    let fault = |why: &str| Fault::Owned(format!("x509: failed to parse URI constraint {}{why}", quoted(name)));
    if core::str::from_utf8(name).is_ok_and(|text| text.parse::<IpAddr>().is_ok()) {
        return Err(fault(": cannot be IP address"));
    }
    if is_domain(name, true) { Ok(name) } else { Err(fault("")) }
}

fn network(name: &[u8]) -> Result<(&[u8], &[u8]), Fault> {
    if !matches!(name.len(), 8 | 32) {
        return Err(format!("x509: IP constraint contained value of length {}", name.len()).into());
    }
    let (address, mask) = name.split_at(name.len() / 2);
    // Ones and then zeros.
    let after = mask.iter().skip_while(|byte| **byte == 0xff).copied();
    let (edge, mut zeros) = (after.clone().next().unwrap_or(0), after.skip(1));
    if edge.leading_ones() + edge.trailing_zeros() < 8 || zeros.any(|byte| byte != 0) {
        let digits = data_encoding::HEXLOWER.encode(mask);
        return Err(format!("x509: IP constraint contained invalid mask {digits}").into());
    }
    Ok((address, mask))
}
