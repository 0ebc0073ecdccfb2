//! Private keys in DER: PKCS #1 (RFC 8017), PKCS #8 (RFC 5208) and SEC 1 (RFC 5915), as Go's `crypto/x509` reads them. Only read here: whether
//! the numbers belong together is for who computes with them. Some malformed keys that Go reads past are refused.

use alloc::vec::Vec;

use super::der::{BIT_STRING, Bits, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader};
use super::public::{ED25519, ELLIPTIC, RSA, X25519, curve};
use super::{Curve, Private, Public, small};

/// The numbers of a private key.
pub(crate) enum PrivateKey {
    /// An RSA key, both parts.
    Rsa(Public, Private),
    /// The private number of a curve, as long as the curve's size says.
    Elliptic(Curve, Vec<u8>),
    /// The seed of Ed25519.
    Edwards([u8; 32]),
}

/// Why a key is refused.
type Fault = &'static str;

/// The key of a PEM block, by the words after its `BEGIN`. None where a block of another kind is skipped.
pub(crate) fn of_block(label: &[u8], der: &[u8]) -> Option<Result<PrivateKey, Fault>> {
    match label {
        b"RSA PRIVATE KEY" => Some(pkcs1(der)),
        b"EC PRIVATE KEY" => Some(sec1(der, None)),
        b"PRIVATE KEY" => Some(pkcs8(der)),
        _ => None,
    }
}

/// The keys as which DER can be read, in the order in which Go's `crypto/tls` tries the forms.
pub(crate) fn in_any_form(der: &[u8]) -> impl Iterator<Item = PrivateKey> {
    let forms: [fn(&[u8]) -> Result<PrivateKey, Fault>; 3] = [pkcs1, pkcs8, |der| sec1(der, None)];
    forms.into_iter().filter_map(|read| read(der).ok())
}

/// Whether DER is a key of X25519, with which secrets are exchanged and nothing is signed.
pub(crate) fn is_for_exchange(der: &[u8]) -> bool {
    let parts = parts_of_pkcs8(der).filter(|(algorithm, parameters, _)| *algorithm == X25519 && parameters.is_empty());
    parts.and_then(|(.., key)| Reader(key).expect(OCTET_STRING)).is_some_and(|key| key.len() == 32)
}

/// The algorithm, its parameters and the key in a PKCS #8 wrapping.
fn parts_of_pkcs8(der: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut body = Reader(der).sequence()?;
    body.integer()?;
    let mut algorithm = body.sequence()?;
    let name = algorithm.expect(OBJECT_IDENTIFIER)?;
    let parameters = algorithm.0;
    (algorithm.is_empty() || algorithm.element().is_some()).then_some(())?;
    Some((name, parameters, body.expect(OCTET_STRING)?))
}

fn pkcs8(der: &[u8]) -> Result<PrivateKey, Fault> {
    let parts = parts_of_pkcs8(der);
    let Some((algorithm, parameters, key)) = parts else { return Err("asn1: structure error: malformed private key") };
    match algorithm {
        RSA => pkcs1(key),
        ELLIPTIC => sec1(key, Reader(parameters).expect(OBJECT_IDENTIFIER)),
        ED25519 if !parameters.is_empty() => Err("x509: invalid Ed25519 private key parameters"),
        ED25519 => {
            let seed = Reader(key).expect(OCTET_STRING).and_then(|seed| seed.try_into().ok());
            seed.map(PrivateKey::Edwards).ok_or("x509: invalid Ed25519 private key")
        }
        _ => Err("x509: PKCS#8 wrapping contained private key with unknown algorithm"),
    }
}

/// A key of two primes.
fn pkcs1(der: &[u8]) -> Result<PrivateKey, Fault> {
    let numbers = (|| {
        let mut reader = Reader(der);
        let mut body = reader.sequence().filter(|_| reader.is_empty())?;
        // The version may be that of a key of more primes.
        if !matches!(body.integer()?, [0 | 1] | [0x80..=0xff, ..]) {
            return None;
        }
        let modulus = body.positive()?.into();
        let exponent = small(body.positive()?)?;
        let mut next = || body.positive().map(Vec::from);
        let (private, primes) = (next()?, [next()?, next()?]);
        // Go computes them when one of them is not there.
        let mut remainders = Vec::new();
        while remainders.len() < 3 && !body.is_empty() && matches!({ body }.element()?, (INTEGER, _)) {
            remainders.push(body.positive()?.into());
        }
        let private = Private::Rsa { exponent: private, primes, remainders: remainders.try_into().ok() };
        Some(PrivateKey::Rsa(Public::Rsa { modulus, exponent }, private))
    })();
    numbers.ok_or("x509: failed to parse private key")
}

/// A key of a curve, which the parameters around it name or else the key itself.
fn sec1(der: &[u8], named: Option<&[u8]>) -> Result<PrivateKey, Fault> {
    let parts = (|| {
        let mut body = Reader(der).sequence()?;
        let is_known = body.integer()? == [1];
        let number = body.expect(OCTET_STRING).filter(|_| is_known)?;
        let own = body.optional(0xa0).and_then(|parameters| Reader(parameters).expect(OBJECT_IDENTIFIER));
        // The public point is not used, but must be bits. What follows it does not count.
        if !body.is_empty()
            && let (0xa1, point) = body.element()?
            && let (BIT_STRING, point) = Reader(point).element()?
        {
            Bits::new(point)?;
        }
        Some((number, own))
    })();
    let Some((number, own)) = parts else { return Err("x509: failed to parse EC private key") };
    let curve = named.or(own).and_then(curve).ok_or("x509: unknown elliptic curve")?;
    // Leading zeros may be too many or too few.
    let start = number.len().saturating_sub(curve.size());
    let (zeros, number) = number.split_at(start);
    if zeros.iter().any(|byte| *byte != 0) {
        return Err("x509: invalid private key length");
    }
    let mut padded = alloc::vec![0; curve.size() - number.len()];
    padded.extend_from_slice(number);
    Ok(PrivateKey::Elliptic(curve, padded))
}
