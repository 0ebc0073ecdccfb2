//! Cryptographic keys as policies hold them: PEM texts ([`pem`], [`public`], [`private`]) and JSON Web Keys ([`jwk`]).
//!
//! Reading a key does no cryptography: a key is its numbers, checked as far as OPA checks them when it reads one. Each algorithm makes
//! of them what it needs, so that a module that verifies RSA signatures holds no elliptic curves.

pub(crate) mod asn1;
mod curve;
pub(crate) mod der;
mod jwk;
pub(crate) mod oid;
pub mod pem;
pub(crate) mod private;
pub(crate) mod public;
mod rsa;

use alloc::borrow::Cow;
use alloc::vec::Vec;

pub(crate) use curve::{Curve, natural};
pub(crate) use jwk::first_key;

use crate::error::{self, Part};
use crate::x509;

/// Why something is refused, in Go's words.
pub(crate) type Fault = Cow<'static, str>;

/// A key of a certificate, a PEM text or a key set.
pub(crate) struct Key {
    /// The public part, or the whole key of a symmetric one.
    pub(crate) public: Public,
    /// The private part, which only a JSON Web Key has.
    pub(crate) private: Option<Private>,
    /// The algorithm (`alg`) that a JSON Web Key names.
    pub(crate) algorithm: Option<&'static [u8]>,
    /// The name (`kid`) of a JSON Web Key, else empty.
    pub(crate) id: &'static [u8],
}

/// What a signature is verified with.
pub(crate) enum Public {
    /// An RSA key.
    Rsa {
        /// The modulus, big-endian.
        modulus: Vec<u8>,
        /// The public exponent.
        exponent: u64,
    },
    /// A point of an elliptic curve.
    Elliptic {
        /// The curve.
        curve: Curve,
        /// The two coordinates, big-endian, each as long as [`Curve::size`] says.
        point: Vec<u8>,
    },
    /// A key of Ed25519.
    Edwards([u8; 32]),
    /// A shared secret.
    Symmetric(Vec<u8>),
    /// A key of DSA, which verifies nothing here: P, Q, G and Y, big-endian.
    Dsa([Vec<u8>; 4]),
    /// A key that nothing here computes with: X25519, or one that a certificate has and Go does not know.
    Other,
}

/// What a signature is made with.
pub(crate) enum Private {
    /// An RSA key.
    Rsa {
        /// The private exponent, big-endian.
        exponent: Vec<u8>,
        /// The two primes, big-endian.
        primes: [Vec<u8>; 2],
        /// What the key says of the exponent modulo each prime less one and of the inverse of the second prime, if it says all.
        remainders: Option<[Vec<u8>; 3]>,
    },
    /// The private number of an elliptic curve, big-endian.
    Elliptic(Vec<u8>),
    /// The seed of Ed25519.
    Edwards([u8; 32]),
}

impl From<Public> for Key {
    fn from(public: Public) -> Self {
        Self { public, private: None, algorithm: None, id: b"" }
    }
}

/// The keys of a text: a certificate or a public key in PEM, a JSON Web Key, or a set of them. `None` after the failure is noted.
///
/// As OPA has it, nothing may follow the PEM block; `RSA PUBLIC KEY` and private keys in PEM are refused.
pub(crate) fn parse(text: &'static [u8]) -> Option<Vec<Key>> {
    let Some((block, rest)) = pem::decode(text) else { return jwk::keys("failed to parse a JWK key (set): ", text) };
    if !rest.is_empty() {
        error::fail("extra data after a PEM certificate block");
        return None;
    }
    let (what, public) = match block.label {
        b"CERTIFICATE" => ("failed to parse a PEM certificate: ", x509::key_of_certificate(&block.contents)),
        b"PUBLIC KEY" => ("failed to parse a PEM public key: ", public::of_info(&block.contents)),
        _ => {
            error::fail("failed to extract a Key from the PEM certificate");
            return None;
        }
    };
    match public {
        Ok(public) => Some(alloc::vec![public.into()]),
        Err(fault) => {
            error::fail_with(&[Part::Text(what), Part::Bytes(fault.as_bytes())]);
            None
        }
    }
}

/// The number of big-endian bytes, if it is below 2^63, as Go's `int`.
fn small(bytes: &[u8]) -> Option<u64> {
    let at = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let bytes = bytes.get(at..).filter(|bytes| bytes.len() <= 8)?;
    let number = bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    (number <= i64::MAX as u64).then_some(number)
}
