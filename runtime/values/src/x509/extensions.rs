//! The extensions that Go knows (RFC 5280, section 4.2).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::alternative::{self, AlternativeNames};
use super::certificate::Extension;
use super::subtrees::{self, Subtrees};
use crate::keys::der::{self, BOOLEAN, Bits, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE};
use crate::keys::{Fault, oid};

/// The contents of the identifiers of extensions.
pub(super) const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 17];
pub(super) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
const INFORMATION_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1];
const ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 2];

/// The tag of a URI among general names.
const URI: u8 = 0x86;

/// The bit of a key that may sign certificates.
pub(super) const CERTIFICATE_SIGN: i64 = 1 << 5;

/// The extended usage of a key that may be used for anything.
pub(super) const ANY_USAGE: i64 = 0;

/// What the extensions of a certificate say.
#[derive(Default)]
pub(super) struct Details<'a> {
    /// The identifiers of critical extensions that Go does not know, or knows in part.
    pub(super) unhandled: Vec<&'a [u8]>,
    /// The bits of the key usage, the first lowest.
    pub(super) key_usage: i64,
    /// The extended key usages by Go's numbers.
    pub(super) extended_usages: Vec<i64>,
    /// The identifiers of the others.
    pub(super) unknown_usages: Vec<&'a [u8]>,
    /// Whether it is an authority's, if it says so.
    pub(super) is_authority: Option<bool>,
    /// How many certificates may come between it and the last; -1 for any number, 0 also if it does not say so.
    pub(super) max_path: i64,
    /// The subject's key identifier.
    pub(super) subject_key: Option<&'a [u8]>,
    /// The issuer's key identifier.
    pub(super) authority_key: Option<&'a [u8]>,
    /// Where its status can be asked for.
    pub(super) ocsp: Vec<&'a [u8]>,
    /// Where its issuer's certificate is.
    pub(super) issuers: Vec<&'a [u8]>,
    /// Its other names.
    pub(super) names: AlternativeNames<'a>,
    /// Whether its constraints of names are critical.
    pub(super) has_critical_constraints: bool,
    /// The names that certificates below it may have.
    pub(super) permitted: Subtrees<'a>,
    /// The names that they may not have.
    pub(super) excluded: Subtrees<'a>,
    /// Where revoked certificates are listed.
    pub(super) revocations: Vec<&'a [u8]>,
    /// The identifiers of its policies, if it has that extension.
    pub(super) policies: Option<Vec<&'a [u8]>>,
    /// After how many certificates no policy stands for all.
    pub(super) inhibit_any: Option<i64>,
    /// After how many certificates policies are mapped no more.
    pub(super) inhibit_mapping: Option<i64>,
    /// After how many certificates a policy is required.
    pub(super) explicit_policy: Option<i64>,
    /// Pairs of policies: the issuer's, and the subject's that is as good.
    pub(super) mappings: Vec<[&'a [u8]; 2]>,
}

impl<'a> Details<'a> {
    pub(super) fn new(extensions: &[Extension<'a>]) -> Result<Self, Fault> {
        let mut details = Self::default();
        for extension in extensions {
            let is_handled = match extension.id {
                [0x55, 0x1d, number] => details.read(*number, extension)?,
                INFORMATION_ACCESS => details.information_access(extension)?,
                _ => false,
            };
            if extension.is_critical && !is_handled {
                details.unhandled.push(extension.id);
            }
        }
        Ok(details)
    }

    /// Reads an extension of the arc 2.5.29. False where its meaning is not known in full.
    fn read(&mut self, number: u8, extension: &Extension<'a>) -> Result<bool, Fault> {
        let value = Reader(extension.value);
        match number {
            14 => self.subject_key = Some(subject_key(extension)?),
            15 => self.key_usage = key_usage(value)?,
            17 => {
                self.names = alternative::read(value)?;
                return Ok(!self.names.is_empty());
            }
            19 => self.basic_constraints(value)?,
            30 => {
                let (permitted, excluded, is_handled) = subtrees::read(value)?;
                (self.permitted, self.excluded) = (permitted, excluded);
                self.has_critical_constraints = extension.is_critical;
                return Ok(is_handled);
            }
            31 => self.revocation_lists(value)?,
            32 => self.policies = Some(policies(value)?),
            33 => self.policy_mappings(value)?,
            35 => self.authority_key = authority_key(extension)?,
            36 => self.policy_constraints(value)?,
            37 => self.usages(value)?,
            54 => {
                let number = { value }.small_integer().ok_or("x509: invalid inhibit any policy extension")?;
                self.inhibit_any = Some(number);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn basic_constraints(&mut self, mut value: Reader<'a>) -> Result<(), Fault> {
        let parts = value.sequence().and_then(|mut parts| {
            let is_authority = parts.is_next(BOOLEAN) && parts.boolean()?;
            let max_path = if parts.is_next(INTEGER) { parts.small_integer().filter(|max| *max >= 0)? } else { -1 };
            Some((is_authority, max_path))
        });
        let (is_authority, max_path) = parts.ok_or("x509: invalid basic constraints")?;
        (self.is_authority, self.max_path) = (Some(is_authority), max_path);
        Ok(())
    }

    fn revocation_lists(&mut self, mut value: Reader<'a>) -> Result<(), Fault> {
        const INVALID: &str = "x509: invalid CRL distribution point";
        let mut points = value.sequence().ok_or("x509: invalid CRL distribution points")?;
        while !points.is_empty() {
            let mut point = points.sequence().ok_or(INVALID)?;
            let Some(name) = point.optional(0xa0).ok_or(INVALID)? else { continue };
            let mut names = Reader(Reader(name).expect(0xa0).ok_or(INVALID)?);
            while names.is_next(URI) {
                self.revocations.push(names.expect(URI).ok_or(INVALID)?);
            }
        }
        Ok(())
    }

    fn policy_mappings(&mut self, mut value: Reader<'a>) -> Result<(), Fault> {
        const INVALID: &str = "x509: invalid policy mappings extension";
        let mut pairs = value.sequence().ok_or(INVALID)?;
        while !pairs.is_empty() {
            let pair = pairs
                .sequence()
                .and_then(|mut pair| Some([pair.expect(OBJECT_IDENTIFIER)?, pair.expect(OBJECT_IDENTIFIER)?]));
            self.mappings.push(pair.ok_or(INVALID)?);
        }
        Ok(())
    }

    fn policy_constraints(&mut self, mut value: Reader<'a>) -> Result<(), Fault> {
        const INVALID: &str = "x509: invalid policy constraints extension";
        let mut parts = value.sequence().ok_or(INVALID)?;
        for (tag, place) in [(0x80, &mut self.explicit_policy), (0x81, &mut self.inhibit_mapping)] {
            if let Some(number) = parts.optional(tag).ok_or(INVALID)? {
                *place = Some(der::to_i64(number).filter(|_| der::is_integer(number)).ok_or(INVALID)?);
            }
        }
        Ok(())
    }

    fn usages(&mut self, mut value: Reader<'a>) -> Result<(), Fault> {
        const INVALID: &str = "x509: invalid extended key usages";
        let mut usages = value.sequence().ok_or(INVALID)?;
        while !usages.is_empty() {
            let usage = oid::read(&mut usages).ok_or(INVALID)?;
            match usage_number(usage) {
                Some(number) => self.extended_usages.push(number),
                None => self.unknown_usages.push(usage),
            }
        }
        Ok(())
    }

    fn information_access(&mut self, extension: &Extension<'a>) -> Result<bool, Fault> {
        const INVALID: &str = "x509: invalid authority info access";
        if extension.is_critical {
            return Err("x509: authority info access incorrectly marked critical".into());
        }
        let mut descriptions = Reader(extension.value).sequence().ok_or(INVALID)?;
        while !descriptions.is_empty() {
            let mut description = Reader(descriptions.expect(SEQUENCE).ok_or(INVALID)?);
            let method = oid::read(&mut description).ok_or(INVALID)?;
            let Some(location) = description.optional(URI).ok_or(INVALID)? else { continue };
            match method {
                OCSP => self.ocsp.push(location),
                ISSUERS => self.issuers.push(location),
                _ => {}
            }
        }
        Ok(true)
    }
}

fn subject_key<'a>(extension: &Extension<'a>) -> Result<&'a [u8], Fault> {
    if extension.is_critical {
        return Err("x509: subject key identifier incorrectly marked critical".into());
    }
    Ok(Reader(extension.value).expect(OCTET_STRING).ok_or("x509: invalid subject key identifier")?)
}

fn authority_key<'a>(extension: &Extension<'a>) -> Result<Option<&'a [u8]>, Fault> {
    const INVALID: &str = "x509: invalid authority key identifier";
    if extension.is_critical {
        return Err("x509: authority key identifier incorrectly marked critical".into());
    }
    let mut parts = Reader(extension.value).sequence().ok_or(INVALID)?;
    Ok(parts.optional(0x80).ok_or(INVALID)?)
}

fn key_usage(mut value: Reader<'_>) -> Result<i64, Fault> {
    let bits: Bits<'_> = value.bits().ok_or("x509: invalid key usage")?;
    Ok((0..9).filter(|bit| bits.has(*bit)).map(|bit| 1 << bit).sum())
}

fn policies(mut value: Reader<'_>) -> Result<Vec<&[u8]>, Fault> {
    const INVALID: &str = "x509: invalid certificate policies";
    let mut list = value.sequence().ok_or(INVALID)?;
    let (mut policies, mut seen) = (Vec::new(), BTreeSet::new());
    while !list.is_empty() {
        let policy = list.sequence().and_then(|mut policy| policy.expect(OBJECT_IDENTIFIER));
        let policy = policy.filter(|policy| seen.insert(*policy) && oid::is_whole(policy)).ok_or(INVALID)?;
        policies.push(policy);
    }
    Ok(policies)
}

/// Extended key usages by Go's numbers: the name that OPA has for each, and the contents of its identifier.
const USAGES: [(&[u8], &[u8]); 14] = [
    (b"KeyUsageAny", &[0x55, 0x1d, 37, 0]),
    (b"KeyUsageServerAuth", &[0x2b, 6, 1, 5, 5, 7, 3, 1]),
    (b"KeyUsageClientAuth", &[0x2b, 6, 1, 5, 5, 7, 3, 2]),
    (b"KeyUsageCodeSigning", &[0x2b, 6, 1, 5, 5, 7, 3, 3]),
    (b"KeyUsageEmailProtection", &[0x2b, 6, 1, 5, 5, 7, 3, 4]),
    (b"KeyUsageIPSECEndSystem", &[0x2b, 6, 1, 5, 5, 7, 3, 5]),
    (b"KeyUsageIPSECTunnel", &[0x2b, 6, 1, 5, 5, 7, 3, 6]),
    (b"KeyUsageIPSECUser", &[0x2b, 6, 1, 5, 5, 7, 3, 7]),
    (b"KeyUsageTimeStamping", &[0x2b, 6, 1, 5, 5, 7, 3, 8]),
    (b"KeyUsageOCSPSigning", &[0x2b, 6, 1, 5, 5, 7, 3, 9]),
    (b"KeyUsageMicrosoftServerGatedCrypto", &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3]),
    (b"KeyUsageNetscapeServerGatedCrypto", &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1]),
    (b"KeyUsageMicrosoftCommercialCodeSigning", &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 1, 22]),
    (b"KeyUsageMicrosoftKernelCodeSigning", &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 61, 1, 1]),
];

fn usage_number(id: &[u8]) -> Option<i64> {
    USAGES.iter().zip(0..).find(|((_, known), _)| *known == id).map(|(_, number)| number)
}

/// The number of an extended key usage by OPA's name for it.
pub(crate) fn extended_usage(name: &[u8]) -> Option<i64> {
    USAGES.iter().zip(0..).find(|((known, _), _)| *known == name).map(|(_, number)| number)
}
