//! Networks in CIDR notation: `net.cidr_contains` and its like. Addresses are read and written as Go's package `net` does.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::operand;
use crate::error::{self, Part};
use crate::{Array, Set, Tag, Value, arena, rt};

/// How many bits of hosts a network may have that is expanded: the addresses of a larger one fit no module's memory.
const MOST_HOST_BITS: u32 = 26;

/// A network: an address, of which not only the network's part may be set, and the length of the prefix.
#[derive(Clone, Copy)]
struct Network {
    /// In an IPv6 network it may be an IPv4 address that is mapped.
    address: IpAddr,
    prefix: u32,
}

/// An address as a number, without a difference between IPv4 and what is mapped to IPv6.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    V4(u32),
    V6(u128),
}

fn number(address: IpAddr) -> Number {
    match address.to_canonical() {
        IpAddr::V4(address) => Number::V4(address.to_bits()),
        IpAddr::V6(address) => Number::V6(address.to_bits()),
    }
}

/// The bits of hosts in a number of that many bits; all of them where the prefix is no longer than 0.
fn host_mask(bits: u32, prefix: u32) -> u128 {
    match bits.saturating_sub(prefix) {
        0 => 0,
        hosts => u128::MAX >> (128 - hosts),
    }
}

impl Network {
    /// Reads `address/prefix`, as `net.ParseCIDR`: the address of the network, the other bits cleared.
    fn parse(text: &[u8]) -> Option<Self> {
        let slash = text.iter().position(|byte| *byte == b'/')?;
        let (address, prefix) = text.split_at(slash);
        let address = parse_address(address)?;
        let digits = prefix.get(1..)?;
        if digits.is_empty() || digits.len() > 6 || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let prefix = digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit & 15));
        let network = Self { address, prefix };
        (prefix <= network.bits()).then(|| network.masked())
    }

    /// The number of bits of an address as it was written.
    fn bits(self) -> u32 {
        if self.address.is_ipv4() { 32 } else { 128 }
    }

    fn masked(self) -> Self {
        let address = match self.address {
            IpAddr::V4(address) => {
                IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & !(host_mask(32, self.prefix) as u32)))
            }
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !host_mask(128, self.prefix))),
        };
        Self { address, prefix: self.prefix }
    }

    /// The last address.
    fn last(self) -> IpAddr {
        match self.address {
            IpAddr::V4(address) => {
                IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() | host_mask(32, self.prefix) as u32))
            }
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() | host_mask(128, self.prefix))),
        }
    }

    /// Whether an address is one of the network's, as `net.IPNet.Contains`.
    fn contains(self, address: IpAddr) -> bool {
        match (number(self.address), number(address)) {
            (Number::V4(own), Number::V4(other)) => {
                // Of the mask of a mapped address, the last bits count.
                let prefix = if self.address.is_ipv4() { self.prefix } else { self.prefix.saturating_sub(96) };
                u128::from(own ^ other) & !host_mask(32, prefix) == 0
            }
            (Number::V6(own), Number::V6(other)) => (own ^ other) & !host_mask(128, self.prefix) == 0,
            _ => false,
        }
    }

    fn is_plain_v6(self) -> bool {
        matches!(number(self.address), Number::V6(_))
    }

    fn contains_network(self, other: Self) -> bool {
        if self.is_plain_v6() && other.is_plain_v6() {
            return self.prefix <= other.prefix && self.contains(other.address);
        }
        self.contains(other.address) && self.contains(other.last())
    }
}

/// Reads an address without a zone.
fn parse_address(text: &[u8]) -> Option<IpAddr> {
    core::str::from_utf8(text).ok()?.parse().ok()
}

/// The operand, always called the first one, as a network.
fn network(value: Value) -> Option<Network> {
    let text = operand::string(1, value)?;
    let network = Network::parse(text);
    if network.is_none() {
        refuse(text);
    }
    network
}

fn refuse(text: &[u8]) -> Value {
    error::fail_with(&[Part::Text("invalid CIDR address: "), Part::Bytes(text)])
}

/// `net.cidr_is_valid(cidr)`
#[must_use]
pub fn is_valid(cidr: Value) -> Value {
    Value::boolean(cidr.as_str().and_then(Network::parse).is_some())
}

/// `net.cidr_intersects(a, b)`
#[must_use]
pub fn intersects(a: Value, b: Value) -> Value {
    let Some(a) = network(a) else { return Value::UNDEFINED };
    match network(b) {
        Some(b) => Value::boolean(a.contains(b.address) || b.contains(a.address)),
        None => Value::UNDEFINED,
    }
}

/// `net.cidr_contains(cidr, cidr_or_address)`
#[must_use]
pub fn contains(cidr: Value, other: Value) -> Value {
    holds(cidr, other).map_or(Value::UNDEFINED, Value::boolean)
}

fn holds(cidr: Value, other: Value) -> Option<bool> {
    let cidr = network(cidr)?;
    let text = operand::string(1, other)?;
    if let Some(address) = parse_address(text) {
        return Some(cidr.contains(address));
    }
    let other = Network::parse(text);
    if other.is_none() {
        let message = "not a valid textual representation of an IP address or CIDR: ";
        error::fail_with(&[Part::Text(message), Part::Bytes(text)]);
    }
    Some(cidr.contains_network(other?))
}

/// `net.cidr_contains_matches(cidrs, cidrs_or_addresses)`: the places of all pairs of which the first contains the second
#[must_use]
pub fn contains_matches(cidrs: Value, others: Value) -> Value {
    matches(cidrs, others).map_or(Value::UNDEFINED, Value::from)
}

fn matches(cidrs: Value, others: Value) -> Option<Set> {
    let found = Set::new(0);
    for place in 0..place_count(cidrs) {
        let (cidr, first) = entry(1, cidrs, place)?;
        for place in 0..place_count(others) {
            let (other, second) = entry(2, others, place)?;
            if holds(cidr, other)? {
                found.add([first, second].into_iter().collect::<Array>().into());
            }
        }
    }
    Some(found)
}

fn place_count(value: Value) -> usize {
    if value.is_string() { 1 } else { rt::scan(value) }
}

/// The CIDR at a place of an operand and what stands for it in the answer: its index, key or the element itself.
fn entry(position: i64, value: Value, place: usize) -> Option<(Value, Value)> {
    if value.is_string() {
        return Some((value, value));
    }
    let element = rt::scan_value(value, place);
    let cidr = match (element.is_string(), element.as_array()) {
        (true, _) => element,
        (false, Some(array)) if !array.is_empty() => array.get(0),
        _ => {
            let message = ": element must be string or non-empty array";
            error::fail_with(&[Part::Text("operand "), Part::Number(position), Part::Text(message)]);
            return None;
        }
    };
    Some((cidr, rt::scan_key(value, place)))
}

/// `net.cidr_expand(cidr)`: the set of all addresses
#[must_use]
pub fn expand(cidr: Value) -> Value {
    let Some(network) = network(cidr) else { return Value::UNDEFINED };
    let host_bits = network.bits() - network.prefix;
    if host_bits > MOST_HOST_BITS {
        arena::exhaust();
    }
    let addresses = Set::new(1 << host_bits);
    for host in 0..1_u32 << host_bits {
        let address = match network.address {
            IpAddr::V4(first) => IpAddr::V4(Ipv4Addr::from_bits(first.to_bits() | host)),
            IpAddr::V6(first) => IpAddr::V6(Ipv6Addr::from_bits(first.to_bits() | u128::from(host))),
        };
        addresses.add(text_of(address));
    }
    addresses.into()
}

/// The text of an address; one that is mapped is written as IPv4.
fn text_of(address: IpAddr) -> Value {
    Value::string(alloc::format!("{}", address.to_canonical()).as_bytes())
}

fn text_of_network(network: Network) -> Value {
    let prefix = if network.address.is_ipv4() || network.is_plain_v6() {
        network.prefix
    } else {
        network.prefix.saturating_sub(96)
    };
    Value::string(alloc::format!("{}/{prefix}", network.address.to_canonical()).as_bytes())
}

/// Addresses that follow one another, as numbers of IPv6.
struct Range {
    first: u128,
    last: u128,
    /// The network that it is, if nothing was merged into it.
    network: Option<Network>,
}

/// `net.cidr_merge(addresses_or_cidrs)`: the smallest set of networks with the same addresses
#[must_use]
pub fn merge(addresses: Value) -> Value {
    if !matches!(addresses.tag(), Tag::Array | Tag::Set) {
        return error::fail("operand must be an array");
    }
    let mut ranges = Vec::new();
    for place in 0..rt::scan(addresses) {
        let Some(network) = network_or_address(rt::scan_value(addresses, place)) else { return Value::UNDEFINED };
        let masked = network.masked();
        ranges.push(Range { first: wide(masked.address), last: wide(masked.last()), network: Some(network) });
    }
    ranges.sort_by_key(|range| (range.last, range.first));
    let merged = Set::new(ranges.len());
    for range in joined(ranges) {
        let add = |network| {
            merged.add(text_of_network(network));
        };
        match range.network {
            Some(network) => add(network),
            None => networks_of(range.first, range.last, add),
        }
    }
    merged.into()
}

/// The number of an address of IPv6; one of IPv4 is mapped.
fn wide(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// An element: a network, or an address of IPv4, which stands for the network of its class, as Go's `DefaultMask`.
fn network_or_address(element: Value) -> Option<Network> {
    let Some(text) = element.as_str() else {
        error::fail("element must be string");
        return None;
    };
    match parse_address(text).map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => {
            let prefix = match address.octets()[0] {
                ..128 => 8,
                128..192 => 16,
                _ => 24,
            };
            Some(Network { address: IpAddr::V4(address), prefix })
        }
        Some(IpAddr::V6(_)) => {
            error::fail("IPv6 invalid: needs prefix length");
            None
        }
        None => network(element),
    }
}

/// Joins ranges, sorted by their ends, that overlap or touch.
fn joined(ranges: Vec<Range>) -> Vec<Range> {
    let mut joined: Vec<Range> = Vec::with_capacity(ranges.len());
    for mut range in ranges.into_iter().rev() {
        // From the end: what was joined last begins first.
        if let Some(next) = joined.last()
            && next.first.saturating_sub(1) <= range.last
        {
            range = Range { first: range.first.min(next.first), last: next.last, network: None };
            joined.pop();
        }
        joined.push(range);
    }
    joined
}

/// The fewest networks that have just the addresses from the first to the last.
fn networks_of(mut first: u128, last: u128, mut each: impl FnMut(Network)) {
    loop {
        // As many addresses as the beginning allows, and no more than there are.
        let most = (last - first).checked_add(1).map_or(128, u128::ilog2);
        let host_bits = first.trailing_zeros().min(most);
        let address = IpAddr::V6(Ipv6Addr::from_bits(first));
        each(Network { address, prefix: 128 - host_bits });
        let end = first | host_mask(128, 128 - host_bits);
        if end >= last {
            return;
        }
        first = end + 1;
    }
}
