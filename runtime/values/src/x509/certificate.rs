//! A certificate, read from DER in the order in which Go reads it, so that the first fault is Go's.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use super::extensions::Details;
use super::name::{self, Name};
use super::time::{GENERALIZED_TIME, Time, UTC_TIME};
use crate::keys::Public;
use crate::keys::der::{BOOLEAN, OCTET_STRING, Reader, SEQUENCE};
use crate::keys::public::{self, Algorithm};
use crate::keys::{Fault, oid};

/// A certificate. What is called whole is an element with its tag and length.
pub(crate) struct Certificate<'a> {
    /// The whole certificate.
    pub(crate) raw: &'a [u8],
    /// The whole part that is signed.
    pub(super) body: &'a [u8],
    /// The whole public key.
    pub(super) key_info: &'a [u8],
    /// The whole name of the subject.
    pub(super) raw_subject: &'a [u8],
    /// The whole name of the issuer.
    pub(super) raw_issuer: &'a [u8],
    /// The signature's bytes.
    pub(super) signature: Cow<'a, [u8]>,
    /// The signature's algorithm.
    pub(super) algorithm: Algorithm<'a>,
    /// The contents of the identifier of the key's algorithm.
    pub(super) key_algorithm: &'a [u8],
    /// The key, if certificates may have one of its algorithm.
    pub(crate) key: Option<Public>,
    /// From 1 to 3, or far below.
    pub(super) version: i64,
    /// The serial number's contents.
    pub(super) serial: &'a [u8],
    /// The issuer's name.
    pub(super) issuer: Name<'a>,
    /// The subject's name.
    pub(super) subject: Name<'a>,
    /// The first time at which it is valid.
    pub(super) not_before: Time,
    /// The last time at which it is valid.
    pub(super) not_after: Time,
    /// All its extensions.
    pub(super) extensions: Vec<Extension<'a>>,
    /// What the known ones say.
    pub(super) details: Details<'a>,
}

/// An extension.
#[derive(Clone, Copy)]
pub(super) struct Extension<'a> {
    /// The contents of its object identifier.
    pub(super) id: &'a [u8],
    /// Whether who does not know it must refuse the certificate.
    pub(super) is_critical: bool,
    /// Its value, DER.
    pub(super) value: &'a [u8],
}

/// The key of a certificate, not yet read.
struct Info<'a> {
    whole: &'a [u8],
    algorithm: Algorithm<'a>,
    bits: Cow<'a, [u8]>,
}

impl<'a> Certificate<'a> {
    /// Reads the first certificate of a text. Returns it and the rest of the text.
    pub(super) fn read(text: &'a [u8]) -> Result<(Self, &'a [u8]), Fault> {
        const MALFORMED: &str = "x509: malformed certificate";
        let mut reader = Reader(text);
        let (raw, mut parts) = reader.whole_sequence().ok_or(MALFORMED)?;
        let (body, mut fields) = parts.whole_sequence().ok_or("x509: malformed tbs certificate")?;
        let version = version(&mut fields)?;
        let serial = fields.integer().ok_or("x509: malformed serial number")?;
        if serial.first().is_some_and(|first| first & 0x80 != 0) {
            return Err("x509: negative serial number".into());
        }
        let algorithm = fields.expect(SEQUENCE).ok_or("x509: malformed signature algorithm identifier")?;
        let outer = parts.expect(SEQUENCE).ok_or("x509: malformed algorithm identifier")?;
        if outer != algorithm {
            return Err("x509: inner and outer signature algorithm identifiers don't match".into());
        }
        let algorithm = Algorithm::new(Reader(algorithm))?;
        let (raw_issuer, _) = fields.whole_sequence().ok_or("x509: malformed issuer")?;
        let issuer = name::read(raw_issuer)?;
        let mut validity = fields.sequence().ok_or("x509: malformed validity")?;
        let (not_before, not_after) = (time(&mut validity)?, time(&mut validity)?);
        let (raw_subject, _) = fields.whole_sequence().ok_or("x509: malformed issuer")?;
        let subject = name::read(raw_subject)?;
        let info = Info::read(&mut fields)?;
        let key = info.key()?;
        let extensions = extensions(fields, version)?;
        let details = Details::new(&extensions)?;
        let signature = parts.bits().ok_or("x509: malformed signature")?.right_aligned();
        let certificate = Self {
            raw,
            body,
            key_info: info.whole,
            raw_subject,
            raw_issuer,
            signature,
            algorithm,
            key_algorithm: info.algorithm.name,
            key,
            version,
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            extensions,
            details,
        };
        Ok((certificate, reader.0))
    }

    /// An extension by the contents of its object identifier.
    pub(super) fn extension(&self, id: &[u8]) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|extension| extension.id == id)
    }
}

impl<'a> Info<'a> {
    fn read(fields: &mut Reader<'a>) -> Result<Self, Fault> {
        let (whole, mut parts) = fields.whole_sequence().ok_or("x509: malformed spki")?;
        let algorithm = parts.sequence().ok_or("x509: malformed public key algorithm identifier")?;
        let algorithm = Algorithm::new(algorithm)?;
        let bits = parts.bits().ok_or("x509: malformed subjectPublicKey")?.right_aligned();
        Ok(Self { whole, algorithm, bits })
    }

    fn key(&self) -> Result<Option<Public>, Fault> {
        key_of_parts(self.algorithm, &self.bits)
    }
}

/// The key of a certificate or a request; none where Go does not read it.
pub(super) fn key_of_parts(algorithm: Algorithm<'_>, bits: &[u8]) -> Result<Option<Public>, Fault> {
    match algorithm.name {
        public::RSA | public::DSA | public::ELLIPTIC | public::ED25519 => public::of_parts(algorithm, bits).map(Some),
        _ => Ok(None),
    }
}

/// The version, counted from 1.
fn version(fields: &mut Reader<'_>) -> Result<i64, Fault> {
    const MALFORMED: &str = "x509: malformed version";
    let Some(version) = fields.optional(0xa0).ok_or(MALFORMED)? else { return Ok(1) };
    let mut version = Reader(version);
    let number = version.small_integer().filter(|number| *number >= 0 && version.is_empty()).ok_or(MALFORMED)?;
    // As in Go, the largest number of all becomes the smallest.
    let number = number.wrapping_add(1);
    if number > 3 { Err("x509: invalid version".into()) } else { Ok(number) }
}

fn time(fields: &mut Reader<'_>) -> Result<Time, Fault> {
    if fields.is_next(UTC_TIME) {
        let time = fields.expect(UTC_TIME).and_then(Time::of_short);
        return time.ok_or(Fault::Borrowed("x509: malformed UTCTime"));
    }
    if fields.is_next(GENERALIZED_TIME) {
        let time = fields.expect(GENERALIZED_TIME).and_then(|text| Time::of_long(text, false));
        return time.ok_or(Fault::Borrowed("x509: malformed GeneralizedTime"));
    }
    Err("x509: unsupported time format".into())
}

/// The extensions behind the key; only the third version has some.
fn extensions<'a>(mut fields: Reader<'a>, version: i64) -> Result<Vec<Extension<'a>>, Fault> {
    const MALFORMED: &str = "x509: malformed extensions";
    let mut extensions = Vec::new();
    if version > 1 {
        fields.optional(0x81).ok_or("x509: malformed issuerUniqueID")?;
        fields.optional(0x82).ok_or("x509: malformed subjectUniqueID")?;
    }
    if version < 3 {
        return Ok(extensions);
    }
    let Some(list) = fields.optional(0xa3).ok_or(MALFORMED)? else { return Ok(extensions) };
    let mut list = Reader(list).sequence().ok_or(MALFORMED)?;
    let mut seen = BTreeSet::new();
    while !list.is_empty() {
        let extension = Extension::read(list.sequence().ok_or("x509: malformed extension")?)?;
        if !seen.insert(extension.id) {
            let id = oid::dotted(extension.id);
            return Err(format!("x509: certificate contains duplicate extension with OID \"{id}\"").into());
        }
        extensions.push(extension);
    }
    Ok(extensions)
}

impl<'a> Extension<'a> {
    fn read(mut parts: Reader<'a>) -> Result<Self, Fault> {
        let id = oid::read(&mut parts).ok_or("x509: malformed extension OID field")?;
        let is_critical =
            parts.is_next(BOOLEAN) && parts.boolean().ok_or("x509: malformed extension critical field")?;
        let value = parts.expect(OCTET_STRING).ok_or("x509: malformed extension value field")?;
        Ok(Self { id, is_critical, value })
    }
}
