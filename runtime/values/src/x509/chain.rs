//! Chains of certificates, built and checked as Go's `Certificate.Verify` does.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::certificate::Certificate;
use super::extensions::{ALTERNATIVE_NAMES, ANY_USAGE, CERTIFICATE_SIGN};
use super::signature::Algorithm;
use super::{constraints, host, policies};

/// How many signatures are checked for one chain.
const MAX_SIGNATURES: usize = 100;

/// What a chain must be good for.
pub(crate) struct Options<'a> {
    /// The name of a host that the last certificate must have; empty for any.
    pub(crate) host: &'a [u8],
    /// The time, in nanoseconds since 1970-01-01 UTC.
    pub(crate) now: i64,
    /// The extended usages, by Go's numbers, one of which must be allowed; that of servers if there are none.
    pub(crate) usages: Vec<i64>,
}

/// A chain from the last of some certificates to the first, by way of the others, the last one first. None if there is no valid one.
pub(crate) fn verify<'c, 'a>(
    certificates: &'c [Certificate<'a>],
    options: &Options<'_>,
) -> Option<Vec<&'c Certificate<'a>>> {
    let [root, between @ .., leaf] = certificates else { return None };
    if !is_valid(leaf, options, None) {
        return None;
    }
    if !options.host.is_empty() && !host::is_named(leaf, options.host) {
        return None;
    }
    if leaf.raw == root.raw {
        return Some(alloc::vec![leaf]).filter(|chain| is_acceptable(chain, options));
    }
    let mut between: Vec<&Certificate<'_>> = between.iter().collect();
    let mut seen = BTreeSet::new();
    between.retain(|certificate| seen.insert(certificate.raw));
    let mut search = Search { root, between, options, signatures: 0 };
    search.find(&mut alloc::vec![leaf])
}

/// Whether a complete chain is allowed by its policies, its extended usages and its constraints of names.
fn is_acceptable(chain: &[&Certificate<'_>], options: &Options<'_>) -> bool {
    policies::are_valid(chain) && allows_usage(chain, &options.usages) && constraints::are_met(chain)
}

/// Whether one of some usages is allowed by all certificates.
fn allows_usage(chain: &[&Certificate<'_>], usages: &[i64]) -> bool {
    const SERVER: i64 = 1;
    let usages = if usages.is_empty() { &[SERVER] } else { usages };
    let allows = |certificate: &Certificate<'_>, usage: &i64| {
        let details = &certificate.details;
        let says_nothing = details.extended_usages.is_empty() && details.unknown_usages.is_empty();
        says_nothing || details.extended_usages.contains(&ANY_USAGE) || details.extended_usages.contains(usage)
    };
    let is_allowed = |usage: &i64| chain.iter().all(|certificate| allows(certificate, usage));
    usages.contains(&ANY_USAGE) || usages.iter().any(is_allowed)
}

/// Whether a certificate is valid at the time, and known in full; as one above so many certificates, also whether it may be there.
fn is_valid(certificate: &Certificate<'_>, options: &Options<'_>, below: Option<usize>) -> bool {
    const NANOSECONDS: i64 = 1_000_000_000;
    let details = &certificate.details;
    let now = (options.now.div_euclid(NANOSECONDS), options.now.rem_euclid(NANOSECONDS));
    let is_time = certificate.not_before.instant() <= now && now <= certificate.not_after.instant();
    let has_room = details.is_authority.is_none()
        || details.max_path < 0
        || below.is_none_or(|below| below as i64 - 1 <= details.max_path);
    details.unhandled.is_empty() && is_time && has_room
}

/// Whether a certificate may sign others and has signed this one.
fn is_signed_by(certificate: &Certificate<'_>, parent: &Certificate<'_>) -> bool {
    let details = &parent.details;
    let is_authority = details.is_authority.unwrap_or(parent.version != 3);
    let may_sign = details.key_usage == 0 || details.key_usage & CERTIFICATE_SIGN != 0;
    let algorithm = Algorithm::new(certificate.algorithm);
    let is_signed = |key| algorithm.verify(key, certificate.body, &certificate.signature);
    is_authority && may_sign && parent.key.as_ref().is_some_and(is_signed)
}

/// Whether a certificate is in a chain already, perhaps in another form: with the same subject, key and other names.
fn is_in_chain(candidate: &Certificate<'_>, chain: &[&Certificate<'_>]) -> bool {
    let same = |certificate: &&&Certificate<'_>| {
        candidate.raw_subject == certificate.raw_subject && candidate.key_info == certificate.key_info
    };
    for certificate in chain.iter().filter(same) {
        match (alternative_names(candidate), alternative_names(certificate)) {
            (None, None) => return true,
            // As in Go, the rest of the chain is not looked at.
            (None, _) | (_, None) => return false,
            (Some(names), Some(others)) if names == others => return true,
            _ => {}
        }
    }
    false
}

fn alternative_names<'a>(certificate: &Certificate<'a>) -> Option<&'a [u8]> {
    certificate.extension(ALTERNATIVE_NAMES).map(|extension| extension.value)
}

/// How well the key identifiers of a certificate and of one that may have signed it match: the better, the lower.
fn mismatch(certificate: &Certificate<'_>, parent: &Certificate<'_>) -> u8 {
    let wanted = certificate.details.authority_key.unwrap_or_default();
    let given = parent.details.subject_key.unwrap_or_default();
    match (wanted, given) {
        _ if wanted == given => 0,
        (b"", _) | (_, b"") => 1,
        _ => 2,
    }
}

/// The search for a chain.
struct Search<'c, 'a, 's> {
    root: &'c Certificate<'a>,
    between: Vec<&'c Certificate<'a>>,
    options: &'s Options<'s>,
    /// How many candidates have been looked at.
    signatures: usize,
}

impl<'c, 'a> Search<'c, 'a, '_> {
    /// The first acceptable chain that begins as a chain does. Each call has looked at a candidate, so there are not many within another.
    fn find(&mut self, chain: &mut Vec<&'c Certificate<'a>>) -> Option<Vec<&'c Certificate<'a>>> {
        let last = *chain.last()?;
        let root = self.root;
        if root.raw_subject == last.raw_issuer && self.is_next(root, chain) {
            chain.push(root);
            if is_acceptable(chain, self.options) {
                return Some(chain.clone());
            }
            chain.pop();
        }
        let is_parent = |candidate: &&&'c Certificate<'a>| candidate.raw_subject == last.raw_issuer;
        let mut candidates: Vec<&'c Certificate<'a>> = self.between.iter().filter(is_parent).copied().collect();
        candidates.sort_by_key(|candidate| mismatch(last, candidate));
        for candidate in candidates {
            if self.signatures >= MAX_SIGNATURES {
                return None;
            }
            if !self.is_next(candidate, chain) || candidate.details.is_authority != Some(true) {
                continue;
            }
            chain.push(candidate);
            let found = self.find(chain);
            chain.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Whether a candidate can be the next of a chain.
    fn is_next(&mut self, candidate: &Certificate<'_>, chain: &[&'c Certificate<'a>]) -> bool {
        self.signatures += 1;
        let Some(last) = chain.last().filter(|_| self.signatures <= MAX_SIGNATURES) else { return false };
        !is_in_chain(candidate, chain)
            && is_signed_by(last, candidate)
            && is_valid(candidate, self.options, Some(chain.len()))
    }
}
