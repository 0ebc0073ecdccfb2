//! ECDSA signatures over NIST's curves (ES256, ES384, ES512; certificates). As in OPA the curve is the key's, whatever the hash.

use alloc::vec::Vec;

use super::hash::Hash;
use crate::keys::der::Reader;
use crate::keys::{Curve, Private, Public};

/// Whether a signature is that of a message: two numbers, each half of its bytes, which may be more than the curve needs.
pub(crate) fn verify<H: Hash>(key: &Public, message: &[u8], signature: &[u8]) -> bool {
    let Public::Elliptic { curve, point } = key else { return false };
    let (r, s) = signature.split_at(signature.len() / 2);
    let (Some(mut padded), Some(s)) = (fitted(r, curve.size()), fitted(s, curve.size())) else { return false };
    padded.extend(s);
    verify_digest(*curve, point, &H::digest(message), &padded)
}

/// Whether a signature, of just the length that the curve wants, is that of a message.
pub(super) fn verify_strictly<H: Hash>(key: &Public, message: &[u8], signature: &[u8]) -> bool {
    let Public::Elliptic { curve, .. } = key else { return false };
    signature.len() == 2 * curve.size() && verify::<H>(key, message, signature)
}

/// Whether a signature, a sequence of two numbers in DER, is that of a message.
pub(crate) fn verify_der<H: Hash>(key: &Public, message: &[u8], signature: &[u8]) -> bool {
    let Public::Elliptic { curve, point } = key else { return false };
    let mut reader = Reader(signature);
    let numbers = reader.sequence().filter(|_| reader.is_empty()).and_then(|mut numbers| {
        let mut both = fitted(numbers.positive()?, curve.size())?;
        both.extend(fitted(numbers.positive()?, curve.size())?);
        numbers.is_empty().then_some(both)
    });
    numbers.is_some_and(|numbers| verify_digest(*curve, point, &H::digest(message), &numbers))
}

/// A number of so many bytes, if it needs no more.
fn fitted(number: &[u8], size: usize) -> Option<Vec<u8>> {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let number = number.get(start..).filter(|number| number.len() <= size)?;
    let mut fitted = alloc::vec![0; size - number.len()];
    fitted.extend_from_slice(number);
    Some(fitted)
}

macro_rules! on_curve {
    ($curve:ident, $point:ident, $digest:ident, $signature:ident) => {{
        use $curve::ecdsa::signature::hazmat::PrehashVerifier;
        let mut encoded = alloc::vec![4];
        encoded.extend_from_slice($point);
        let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(&encoded);
        match (key, $curve::ecdsa::Signature::from_slice($signature)) {
            (Ok(key), Ok(signature)) => key.verify_prehash($digest, &signature).is_ok(),
            _ => false,
        }
    }};
}

fn verify_digest(curve: Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> bool {
    match curve {
        Curve::P224 => on_curve!(p224, point, digest, signature),
        Curve::P256 => on_curve!(p256, point, digest, signature),
        Curve::P384 => on_curve!(p384, point, digest, signature),
        Curve::P521 => on_curve!(p521, point, digest, signature),
    }
}

macro_rules! sign_on_curve {
    ($curve:ident, $number:ident, $digest:ident) => {{
        use $curve::ecdsa::signature::hazmat::PrehashSigner;
        let key = $curve::ecdsa::SigningKey::from_slice($number).ok()?;
        let signature: $curve::ecdsa::Signature = key.sign_prehash($digest).ok()?;
        Some(signature.to_bytes().to_vec())
    }};
}

/// The signature of a message, its number as RFC 6979 derives it. None when the private number is not one of the curve.
pub(super) fn sign<H: Hash>(key: (&Public, &Private), message: &[u8]) -> Option<Vec<u8>> {
    let (Public::Elliptic { curve, .. }, Private::Elliptic(number)) = key else { return None };
    let digest = &H::digest(message);
    match curve {
        // No algorithm of tokens names the curve, so no JSON Web Key has it.
        Curve::P224 => None,
        Curve::P256 => sign_on_curve!(p256, number, digest),
        Curve::P384 => sign_on_curve!(p384, number, digest),
        Curve::P521 => sign_on_curve!(p521, number, digest),
    }
}

macro_rules! point_on_curve {
    ($curve:ident, $number:ident) => {{
        let key = $curve::ecdsa::SigningKey::from_slice($number).ok()?;
        let point = key.verifying_key().to_sec1_point(false);
        point.as_bytes().get(1..).map(Vec::from)
    }};
}

/// The coordinates, one behind the other, of the public point of a private number. None when the number is not one of the curve.
pub(crate) fn public_point(curve: Curve, number: &[u8]) -> Option<Vec<u8>> {
    match curve {
        Curve::P224 => point_on_curve!(p224, number),
        Curve::P256 => point_on_curve!(p256, number),
        Curve::P384 => point_on_curve!(p384, number),
        Curve::P521 => point_on_curve!(p521, number),
    }
}
