//! Public keys in DER: `SubjectPublicKeyInfo` alone and in a certificate (RFC 5280), as Go's `crypto/x509` reads them.
//!
//! Of a certificate only the outline is read, not its names, times and extensions: Go refuses some certificates for those that are taken
//! here.

use super::der::{OBJECT_IDENTIFIER, Reader, SEQUENCE};
use super::{Curve, Public};

/// Why a key is refused, in Go's words.
type Fault = &'static str;

/// The contents of object identifiers (RFC 3279, RFC 5480, RFC 8410).
pub(super) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
pub(super) const ELLIPTIC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const X25519: &[u8] = &[0x2b, 0x65, 0x6e];
pub(super) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const P224: &[u8] = &[0x2b, 0x81, 4, 0, 0x21];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];

/// The encoding of `NULL`.
const NULL: &[u8] = &[5, 0];

/// The key of a whole `SubjectPublicKeyInfo`.
pub(super) fn of_info(der: &[u8]) -> Result<Public, Fault> {
    let mut reader = Reader(der);
    let Some(info) = reader.sequence() else { return Err("asn1: structure error: malformed public key") };
    if !reader.is_empty() {
        return Err("x509: trailing data after ASN.1 of public-key");
    }
    match key(info)? {
        Some(public) => Ok(public),
        None => Err("x509: unknown public key algorithm"),
    }
}

/// The key of a certificate. One that Go does not know is none that verifies anything.
pub(super) fn of_certificate(der: &[u8]) -> Result<Public, Fault> {
    let mut reader = Reader(der);
    let Some(info) = info_of_certificate(&mut reader) else { return Err("x509: malformed certificate") };
    if !reader.is_empty() {
        return Err("x509: trailing data");
    }
    Ok(key(info)?.unwrap_or(Public::Other))
}

/// Reads a certificate up to the elements of its `subjectPublicKeyInfo`; nothing where it has not the outline of one.
fn info_of_certificate<'a>(reader: &mut Reader<'a>) -> Option<Reader<'a>> {
    let mut certificate = reader.sequence()?;
    let mut body = certificate.sequence()?;
    if let Some(version) = body.optional(0xa0)
        && !matches!(Reader(version).integer(), Some([0..=2]))
    {
        return None;
    }
    // The serial number must not be negative.
    if body.integer()?.first()? & 0x80 != 0 {
        return None;
    }
    let signature = body.expect(SEQUENCE)?;
    let _issuer = body.sequence()?;
    let _validity = body.sequence()?;
    let _subject = body.sequence()?;
    let info = body.sequence()?;
    let is_same = certificate.expect(SEQUENCE)? == signature;
    certificate.bits().filter(|_| is_same)?;
    Some(info)
}

/// The key of the elements of a `SubjectPublicKeyInfo`; none of an algorithm that Go does not know.
fn key(mut info: Reader<'_>) -> Result<Option<Public>, Fault> {
    let parts = (|| {
        let mut algorithm = info.sequence()?;
        Some((algorithm.expect(OBJECT_IDENTIFIER)?, algorithm.0, info.bits()?))
    })();
    let Some((algorithm, parameters, bits)) = parts else { return Err("x509: malformed subjectPublicKey") };
    match algorithm {
        RSA if parameters == NULL => rsa(bits).map(Some),
        RSA => Err("x509: RSA key missing NULL parameters"),
        ELLIPTIC => elliptic(parameters, bits).map(Some),
        ED25519 | X25519 if !parameters.is_empty() => Err("x509: Ed25519 key encoded with illegal parameters"),
        ED25519 | X25519 => {
            let bytes = bits.try_into().map_err(|_| "x509: wrong Ed25519 public key size")?;
            Ok(Some(if algorithm == ED25519 { Public::Edwards(bytes) } else { Public::Other }))
        }
        DSA => Ok(Some(Public::Other)),
        _ => Ok(None),
    }
}

fn rsa(bits: &[u8]) -> Result<Public, Fault> {
    let Some(mut numbers) = Reader(bits).sequence() else { return Err("x509: invalid RSA public key") };
    let Some(modulus) = numbers.positive() else { return Err("x509: invalid RSA modulus") };
    let Some(exponent) = numbers.positive().and_then(super::small) else {
        return Err("x509: invalid RSA public exponent");
    };
    Ok(Public::Rsa { modulus: modulus.into(), exponent })
}

fn elliptic(parameters: &[u8], bits: &[u8]) -> Result<Public, Fault> {
    let mut parameters = Reader(parameters);
    let Some(name) = parameters.expect(OBJECT_IDENTIFIER) else { return Err("x509: invalid ECDSA parameters") };
    let curve = match curve(name) {
        Some(curve) => curve,
        // Go knows the curve; no key of it verifies a token here.
        None if name == P224 => return Ok(Public::Other),
        None => return Err("x509: unsupported elliptic curve"),
    };
    match bits.split_first() {
        // Only the form that is not compressed.
        Some((4, point)) if curve.contains(point) => Ok(Public::Elliptic { curve, point: point.into() }),
        _ => Err("ecdsa: invalid public key"),
    }
}

/// The curve of an object identifier.
pub(super) fn curve(name: &[u8]) -> Option<Curve> {
    match name {
        P256 => Some(Curve::P256),
        P384 => Some(Curve::P384),
        P521 => Some(Curve::P521),
        _ => None,
    }
}
