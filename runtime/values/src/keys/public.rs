//! Public keys in DER: `SubjectPublicKeyInfo` (RFC 5280) as Go's `crypto/x509` reads it, alone and in certificates and requests.

use alloc::vec::Vec;

use super::curve::PointFault;
use super::der::{self, Reader};
use super::{Curve, Fault, Public, oid};

/// The contents of object identifiers (RFC 3279, RFC 5480, RFC 8410).
pub(crate) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
pub(crate) const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
pub(crate) const ELLIPTIC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
pub(super) const X25519: &[u8] = &[0x2b, 0x65, 0x6e];
pub(crate) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const P224: &[u8] = &[0x2b, 0x81, 4, 0, 0x21];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];

/// The encoding of `NULL`.
pub(crate) const NULL: &[u8] = &[5, 0];

/// An `AlgorithmIdentifier`.
#[derive(Clone, Copy)]
pub(crate) struct Algorithm<'a> {
    /// The contents of its object identifier.
    pub(crate) name: &'a [u8],
    /// The element of its parameters; nothing where there are none.
    pub(crate) parameters: &'a [u8],
}

impl<'a> Algorithm<'a> {
    /// Reads the elements of one; what follows its parameters does not count.
    pub(crate) fn new(mut elements: Reader<'a>) -> Result<Self, Fault> {
        let name = oid::read(&mut elements).ok_or("x509: malformed OID")?;
        if elements.is_empty() {
            return Ok(Self { name, parameters: b"" });
        }
        let (parameters, _) = elements.whole().ok_or("x509: malformed parameters")?;
        Ok(Self { name, parameters })
    }
}

/// The key of a whole `SubjectPublicKeyInfo`.
pub(super) fn of_info(der: &[u8]) -> Result<Public, Fault> {
    let mut reader = Reader(der);
    let parts = reader.sequence().and_then(|mut info| {
        let algorithm = Algorithm::new(info.sequence()?).ok()?;
        Some((algorithm, info.bits()?))
    });
    let Some((algorithm, bits)) = parts else { return Err("asn1: structure error: malformed public key".into()) };
    if !reader.is_empty() {
        return Err("x509: trailing data after ASN.1 of public-key".into());
    }
    of_parts(algorithm, &bits.right_aligned())
}

/// The key of an algorithm and of the bits of a `subjectPublicKey`.
pub(crate) fn of_parts(algorithm: Algorithm<'_>, bits: &[u8]) -> Result<Public, Fault> {
    let parameters = algorithm.parameters;
    match algorithm.name {
        RSA if parameters == NULL => rsa(bits),
        RSA => Err("x509: RSA key missing NULL parameters".into()),
        ELLIPTIC => elliptic(parameters, bits),
        ED25519 if !parameters.is_empty() => Err("x509: Ed25519 key encoded with illegal parameters".into()),
        ED25519 => Ok(Public::Edwards(bits.try_into().map_err(|_| "x509: wrong Ed25519 public key size")?)),
        X25519 if !parameters.is_empty() => Err("x509: X25519 key encoded with illegal parameters".into()),
        X25519 if bits.len() != 32 => Err("crypto/ecdh: invalid public key".into()),
        X25519 => Ok(Public::Other),
        DSA => dsa(parameters, bits),
        _ => Err("x509: unknown public key algorithm".into()),
    }
}

fn rsa(bits: &[u8]) -> Result<Public, Fault> {
    let mut numbers = Reader(bits).sequence().ok_or("x509: invalid RSA public key")?;
    let modulus = numbers.integer().ok_or("x509: invalid RSA modulus")?;
    let exponent = numbers.small_integer().ok_or("x509: invalid RSA public exponent")?;
    let modulus = der::magnitude(modulus).ok_or("x509: RSA modulus is not a positive number")?;
    let exponent = u64::try_from(exponent).ok().filter(|exponent| *exponent > 0);
    let exponent = exponent.ok_or("x509: RSA public exponent is not a positive number")?;
    Ok(Public::Rsa { modulus: modulus.into(), exponent })
}

fn dsa(parameters: &[u8], bits: &[u8]) -> Result<Public, Fault> {
    let y = Reader(bits).integer().ok_or("x509: invalid DSA public key")?;
    let numbers = Reader(parameters).sequence().and_then(|mut numbers| {
        let [p, q, g] = [numbers.integer()?, numbers.integer()?, numbers.integer()?];
        Some([p, q, g, y])
    });
    let numbers = numbers.ok_or("x509: invalid DSA parameters")?.map(|number| der::magnitude(number).map(Vec::from));
    match numbers {
        [Some(p), Some(q), Some(g), Some(y)] => Ok(Public::Dsa([p, q, g, y])),
        _ => Err("x509: zero or negative DSA parameter".into()),
    }
}

fn elliptic(parameters: &[u8], bits: &[u8]) -> Result<Public, Fault> {
    let name = oid::read(&mut Reader(parameters)).ok_or("x509: invalid ECDSA parameters")?;
    let curve = curve(name).ok_or("x509: unsupported elliptic curve")?;
    // Only the form that is not compressed.
    let Some((4, point)) = bits.split_first() else { return Err("ecdsa: invalid uncompressed public key".into()) };
    check_point(curve, point)?;
    Ok(Public::Elliptic { curve, point: point.into() })
}

/// Checks that two coordinates, one behind the other, are a point of a curve; the fault is in Go's words.
pub(super) fn check_point(curve: Curve, point: &[u8]) -> Result<(), Fault> {
    let name = curve.go_name();
    // In Go the curve P-256 has code of its own, with other words.
    let element = if curve == Curve::P256 { " element encoding" } else { "Element encoding" };
    curve.check(point).map_err(|fault| {
        let words = match fault {
            PointFault::Length => ["invalid ", name, " point encoding"].concat(),
            PointFault::Coordinate => ["invalid ", name, element].concat(),
            PointFault::Elsewhere => [name, " point not on curve"].concat(),
        };
        words.into()
    })
}

/// The curve of the contents of an object identifier.
pub(super) fn curve(name: &[u8]) -> Option<Curve> {
    match name {
        P224 => Some(Curve::P224),
        P256 => Some(Curve::P256),
        P384 => Some(Curve::P384),
        P521 => Some(Curve::P521),
        _ => None,
    }
}
