//! Constraints of names along a chain (RFC 5280, section 4.2.1.10), as Go 1.26 checks them: each list is sorted once, what another
//! element covers is dropped, and a name is looked up by its nearest element. So many names and many constraints stay cheap.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::net::IpAddr;

use super::Certificate;
use super::alternative::is_domain;
use super::extensions::{ALTERNATIVE_NAMES, NAME_CONSTRAINTS};
use super::subtrees::Subtrees;
use crate::uri::Uri;

/// Whether the names of each certificate of a chain are allowed by all certificates above it.
pub(super) fn are_met(chain: &[&Certificate<'_>]) -> bool {
    let constrained =
        chain.iter().enumerate().filter(|(_, certificate)| certificate.extension(NAME_CONSTRAINTS).is_some());
    let constraints: Vec<(usize, Constraints<'_>)> =
        constrained.map(|(index, certificate)| (index, Constraints::new(certificate))).collect();
    chain.iter().enumerate().all(|(index, certificate)| {
        let mut above = constraints.iter().filter(|(place, _)| *place > index).map(|(_, above)| above).peekable();
        if above.peek().is_none() || certificate.extension(ALTERNATIVE_NAMES).is_none() {
            return true;
        }
        Names::new(certificate).is_some_and(|names| above.all(|above| above.allow(&names)))
    })
}

/// The names of a certificate in the form in which they are checked.
struct Names<'a> {
    domains: &'a [&'a [u8]],
    addresses: &'a [&'a [u8]],
    hosts: Vec<Vec<u8>>,
    emails: Vec<Mailbox>,
}

impl<'a> Names<'a> {
    /// None where a name cannot be checked.
    fn new(certificate: &'a Certificate<'_>) -> Option<Self> {
        let names = &certificate.details.names;
        let hosts = names.uris.iter().map(host_of_uri).collect::<Option<_>>()?;
        let mailbox = |text: &&[u8]| Mailbox::new(text).map(Mailbox::folded);
        let emails = names.emails.iter().map(mailbox).collect::<Option<_>>()?;
        Some(Self { domains: &names.domains, addresses: &names.addresses, hosts, emails })
    }
}

/// The host of a URI, if it has one that is no address.
fn host_of_uri(uri: &Uri) -> Option<Vec<u8>> {
    let mut host = uri.host.to_ascii_lowercase();
    if host.contains(&b':') && !host.ends_with(b"]") {
        host = without_port(&uri.host)?.into();
    }
    let is_bracketed = host.starts_with(b"[") && host.ends_with(b"]");
    (!uri.host.is_empty() && !is_bracketed && !is_address(&host)).then_some(host)
}

/// Whether a text is an address, perhaps with a zone.
fn is_address(text: &[u8]) -> bool {
    let zone = text.iter().position(|byte| *byte == b'%').unwrap_or(text.len());
    let (address, zone) = text.split_at(zone);
    match core::str::from_utf8(address).ok().and_then(|address| address.parse().ok()) {
        Some(IpAddr::V6(_)) => zone.len() != 1,
        Some(IpAddr::V4(_)) => zone.is_empty(),
        None => false,
    }
}

/// The host before the only colon, or in brackets before the last one.
fn without_port(host: &[u8]) -> Option<&[u8]> {
    let colon = host.iter().rposition(|byte| *byte == b':')?;
    let before = host.get(..colon)?;
    let (name, rest) = match before.strip_prefix(b"[") {
        Some(inside) => (inside.strip_suffix(b"]")?, &b""[..]),
        None => (before, before),
    };
    let is_right = !rest.contains(&b':') && !name.iter().any(|byte| b"[]".contains(byte));
    (is_right && !host.get(colon..)?.iter().any(|byte| b"[]".contains(byte))).then_some(name)
}

/// An address of electronic mail (RFC 2821, section 4.1.2).
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mailbox {
    local: Vec<u8>,
    domain: Vec<u8>,
}

impl Mailbox {
    /// Reads an address.
    pub(super) fn new(text: &[u8]) -> Option<Self> {
        let (local, rest) = match text.strip_prefix(b"\"") {
            Some(quoted) => quoted_local(quoted)?,
            None => plain_local(text)?,
        };
        let domain = rest.strip_prefix(b"@")?;
        // One label at least would be too strict: Go takes none, too.
        is_domain(domain, false).then(|| Self { local, domain: domain.into() })
    }

    fn folded(mut self) -> Self {
        self.domain.make_ascii_lowercase();
        self
    }
}

/// The local part in quotes, behind the first of them, and what follows it.
fn quoted_local(mut text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut local = Vec::new();
    loop {
        let (mut byte, mut rest) = text.split_first()?;
        match byte {
            b'"' => return Some((local, rest)),
            b'\\' => {
                (byte, rest) = rest.split_first()?;
                if !matches!(byte, 1..=9 | 11 | 12 | 14..=127) {
                    return None;
                }
            }
            1..=8 | 11 | 12 | 14..=33 | 35..=127 => {}
            _ => return None,
        }
        local.push(*byte);
        text = rest;
    }
}

/// The local part without quotes, in which a backslash may stand before a character, and what follows it.
fn plain_local(mut text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut local = Vec::new();
    while let Some((byte, rest)) = text.split_first() {
        let (byte, rest) = if *byte == b'\\' { rest.split_first()? } else { (byte, rest) };
        let is_escaped = text.first() == Some(&b'\\');
        if !is_escaped && !byte.is_ascii_alphanumeric() && !b"!#$%&'*+-/=?^_`{|}~.".contains(byte) {
            break;
        }
        local.push(*byte);
        text = rest;
    }
    let is_right = local.split(|byte| *byte == b'.').all(|atom| !atom.is_empty());
    is_right.then_some((local, text))
}

/// The constraints of one certificate.
struct Constraints<'a> {
    permitted: Lists<'a>,
    excluded: Lists<'a>,
}

impl<'a> Constraints<'a> {
    fn new(certificate: &'a Certificate<'_>) -> Self {
        let details = &certificate.details;
        Self { permitted: Lists::new(&details.permitted, true), excluded: Lists::new(&details.excluded, false) }
    }

    fn allow(&self, names: &Names<'_>) -> bool {
        let (permitted, excluded) = (&self.permitted, &self.excluded);
        let address = |address: &&[u8]| {
            permitted.has_address(address).unwrap_or(true) && !excluded.has_address(address).unwrap_or(false)
        };
        let domain = |name: &[u8]| {
            let is_permitted = permitted.domains.as_ref().is_none_or(|domains| domains.has(name));
            is_permitted && !excluded.domains.as_ref().is_some_and(|domains| domains.has(name))
        };
        let host = |name: &[u8]| {
            let is_permitted = permitted.uris.as_ref().is_none_or(|domains| domains.has(name));
            is_permitted && !excluded.uris.as_ref().is_some_and(|domains| domains.has(name))
        };
        let email = |mailbox: &Mailbox| {
            permitted.has_email(mailbox).unwrap_or(true) && !excluded.has_email(mailbox).unwrap_or(false)
        };
        names.addresses.iter().all(address)
            && names.domains.iter().all(|name| is_domain(name, false) && domain(name))
            && names.hosts.iter().all(|name| is_domain(name, false) && host(name))
            && names.emails.iter().all(|mailbox| is_domain(&mailbox.domain, false) && email(mailbox))
    }
}

/// The lists of what a certificate permits or of what it excludes; none where it says nothing about a kind of names.
struct Lists<'a> {
    networks: Option<[Vec<Network<'a>>; 2]>,
    domains: Option<Domains<'a>>,
    uris: Option<Domains<'a>>,
    emails: Option<(BTreeSet<Mailbox>, Option<Domains<'a>>)>,
}

/// The address and the mask of a network.
type Network<'a> = (&'a [u8], &'a [u8]);

impl<'a> Lists<'a> {
    fn new(subtrees: &Subtrees<'a>, is_permitted: bool) -> Self {
        let of_size = |size: usize| {
            let networks = subtrees.networks.iter().filter(|(address, _)| address.len() == size).copied();
            pruned(networks.collect(), |a, b| a.cmp(b), is_subnet)
        };
        let networks = (!subtrees.networks.is_empty()).then(|| [of_size(4), of_size(16)]);
        let emails = (!subtrees.emails.is_empty()).then(|| {
            let (mailboxes, domains): (Vec<&[u8]>, Vec<&[u8]>) =
                subtrees.emails.iter().partition(|email| email.contains(&b'@'));
            let mailboxes = mailboxes.into_iter().filter_map(Mailbox::new).map(Mailbox::folded).collect();
            (mailboxes, Domains::new(&domains, is_permitted))
        });
        Self {
            networks,
            domains: Domains::new(&subtrees.domains, is_permitted),
            uris: Domains::new(&subtrees.uris, is_permitted),
            emails,
        }
    }

    fn has_address(&self, address: &[u8]) -> Option<bool> {
        let [short, long] = self.networks.as_ref()?;
        let networks = if address.len() == 4 { short } else { long };
        Some(has(networks, |(network, _)| (*network).cmp(address), |network| contains(*network, address)))
    }

    fn has_email(&self, mailbox: &Mailbox) -> Option<bool> {
        let (mailboxes, domains) = self.emails.as_ref()?;
        let has_domain = || domains.as_ref().is_some_and(|domains| domains.has(&mailbox.domain));
        Some(mailboxes.contains(mailbox) || has_domain())
    }
}

/// Sorts a list and drops what the element before covers.
fn pruned<T: Copy>(mut list: Vec<T>, order: impl Fn(&T, &T) -> Ordering, covers: impl Fn(T, T) -> bool) -> Vec<T> {
    list.sort_by(order);
    list.dedup_by(|next, last| covers(*last, *next));
    list
}

/// Whether a sorted list has what is looked for, or the element that comes before it covers it.
fn has<T>(list: &[T], order: impl Fn(&T) -> Ordering, covers: impl Fn(&T) -> bool) -> bool {
    let place = list.partition_point(|element| order(element) == Ordering::Less);
    list.get(place).is_some_and(|element| order(element) == Ordering::Equal)
        || list.get(place.saturating_sub(1)).is_some_and(covers)
}

/// Whether a network has an address. Addresses of the fourth version that are written as of the sixth are what they mean.
fn contains((network, mask): Network<'_>, address: &[u8]) -> bool {
    const MAPPED: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
    let (network, mask) = match network.strip_prefix(MAPPED) {
        Some(short) => (short, mask.get(MAPPED.len()..).unwrap_or_default()),
        None => (network, mask),
    };
    let address = address.strip_prefix(MAPPED).unwrap_or(address);
    let mut bits = network.iter().zip(address).zip(mask);
    network.len() == address.len() && bits.all(|((network, address), mask)| network & mask == address & mask)
}

fn is_subnet(outer: Network<'_>, inner: Network<'_>) -> bool {
    let last: Vec<u8> = inner.0.iter().zip(inner.1).map(|(address, mask)| address | !mask).collect();
    contains(outer, inner.0) && contains(outer, &last)
}

/// A list of domains.
enum Domains<'a> {
    /// The empty domain is among them, which all names are below.
    All,
    Some {
        sorted: Vec<&'a [u8]>,
        /// What follows the first labels of excluded domains: a wildcard before it may stand for such a domain.
        parents: BTreeSet<Vec<u8>>,
    },
}

impl<'a> Domains<'a> {
    fn new(list: &[&'a [u8]], is_permitted: bool) -> Option<Self> {
        if list.is_empty() {
            return None;
        }
        if list.contains(&&b""[..]) {
            return Some(Self::All);
        }
        let sorted = pruned(list.into(), |a, b| order(a, b), is_suffix);
        let parent = |domain: &&[u8]| parent(domain).map(<[u8]>::to_ascii_lowercase);
        let parents = if is_permitted { BTreeSet::new() } else { sorted.iter().filter_map(parent).collect() };
        Some(Self::Some { sorted, parents })
    }

    fn has(&self, name: &[u8]) -> bool {
        let Self::Some { sorted, parents } = self else { return true };
        if has(sorted, |domain| order(domain, name), |domain| is_suffix(domain, name)) {
            return true;
        }
        name.starts_with(b"*") && parent(name).is_some_and(|parent| parents.contains(&parent.to_ascii_lowercase()))
    }
}

/// A domain from its first dot on.
fn parent(domain: &[u8]) -> Option<&[u8]> {
    let dot = domain.iter().position(|byte| *byte == b'.')?;
    domain.get(dot..)
}

/// The order of domains from their ends on. A dot comes first, so that those below one follow it.
fn order(a: &[u8], b: &[u8]) -> Ordering {
    let rank = |byte: &u8| if *byte == b'.' { 0 } else { byte.to_ascii_lowercase() };
    a.iter().rev().map(rank).cmp(b.iter().rev().map(rank))
}

/// Whether a domain is the end of another, label by label; with a dot at its start, not all of it.
fn is_suffix(domain: &[u8], name: &[u8]) -> bool {
    let Some(start) = name.len().checked_sub(domain.len()) else { return false };
    let (before, end) = name.split_at(start);
    let is_at_label = domain.starts_with(b".") || before.last().is_none_or(|last| *last == b'.');
    end.eq_ignore_ascii_case(domain) && is_at_label
}
