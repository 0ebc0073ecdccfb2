//! Private keys in PEM: `crypto.parse_private_keys`, `crypto.x509.parse_rsa_private_key`. RSA keys of more than two primes, which OPA also
//! reads, are refused.

use alloc::vec::Vec;

use data_encoding::{BASE64, BASE64URL_NOPAD};

use super::encoding::{Base64, decode_base64, illegal_base64};
use super::operand;
use crate::error::{self, Part};
use crate::jwt::{edwards, elliptic};
use crate::keys::private::{PrivateKey, of_block};
use crate::keys::{Curve, Private, Public, natural, pem};
use crate::{Array, Object, Value};

/// `crypto.parse_private_keys(text)`: each key as Go marshals it.
#[must_use]
pub fn parse(text: Value) -> Value {
    match operand::string(1, text) {
        Some(b"") => Value::NULL,
        Some(text) => {
            let keys: Option<Vec<Value>> = keys(text).map(|keys| keys.iter().filter_map(marshal).collect());
            keys.map_or(Value::UNDEFINED, |keys| keys.into_iter().collect::<Array>().into())
        }
        None => Value::UNDEFINED,
    }
}

/// `crypto.x509.parse_rsa_private_key(text)`: the first key, of whatever type, as a JSON Web Key.
#[must_use]
pub fn parse_one(text: Value) -> Value {
    let Some(text) = operand::string(1, text) else { return Value::UNDEFINED };
    if text.is_empty() {
        return error::fail("input PEM data was empty");
    }
    let mut decoded = Vec::new();
    if !text.starts_with(b"-----BEGIN") {
        match decode_base64(text, Base64::STANDARD) {
            Ok(bytes) => decoded = bytes,
            Err(at) => return illegal_base64("", at),
        }
    }
    match keys(if decoded.is_empty() { text } else { &decoded }) {
        Some(keys) => keys.first().map_or(Value::NULL, |key| json_web_key(key).unwrap_or_else(refused_curve)),
        None => Value::UNDEFINED,
    }
}

/// A key with what follows from its numbers: the coordinates of its point, its numbers for the remainder theorem, or its public key.
pub(super) struct Checked {
    key: PrivateKey,
    derived: Vec<Vec<u8>>,
}

impl Checked {
    /// Derives what follows from a key. None never happens to a key that was read.
    pub(super) fn new(key: PrivateKey) -> Option<Self> {
        let derived = derive(&key)?;
        Some(Self { key, derived })
    }

    /// Whether connections can be secured with the key.
    pub(super) fn is_for_tls(&self) -> bool {
        !matches!(self.key, PrivateKey::Exchange(_))
    }

    /// Whether a public key is that of the private one; none if it is of another type.
    pub(super) fn belongs_to(&self, public: &Public) -> Option<bool> {
        match (&self.key, self.derived.as_slice(), public) {
            (PrivateKey::Rsa(Public::Rsa { modulus, exponent }, _), _, Public::Rsa { modulus: n, exponent: e }) => {
                Some(modulus == n && exponent == e)
            }
            (PrivateKey::Elliptic(curve, _), [x, y], Public::Elliptic { curve: other, point }) => {
                Some(curve == other && *point == [x.as_slice(), y].concat())
            }
            (PrivateKey::Edwards(_), [key], Public::Edwards(other)) => Some(key == other),
            _ => None,
        }
    }
}

/// The keys of a text, PEM or base64 of it. None after the failure is noted.
fn keys(text: &[u8]) -> Option<Vec<Checked>> {
    let decoded = decode_base64(text, Base64::STANDARD);
    let mut rest = decoded.as_deref().unwrap_or(text);
    let mut keys = Vec::new();
    while let Some((block, after)) = pem::decode(rest) {
        rest = after;
        let key = match of_block(block.label, &block.contents) {
            Some(Ok(key)) => key,
            Some(Err(fault)) => {
                error::fail_with(&[Part::Bytes(fault.as_bytes())]);
                return None;
            }
            None => continue,
        };
        keys.push(Checked::new(key)?);
    }
    Some(keys)
}

fn derive(key: &PrivateKey) -> Option<Vec<Vec<u8>>> {
    match key {
        PrivateKey::Rsa(_, private) => match private.as_ref() {
            Private::Rsa { remainders, .. } => remainders.clone().map(Vec::from),
            _ => None,
        },
        PrivateKey::Elliptic(curve, number) => {
            let point = elliptic::public_point(*curve, number)?;
            let (x, y) = point.split_at_checked(curve.size())?;
            Some(alloc::vec![x.into(), y.into()])
        }
        PrivateKey::Edwards(seed) => Some(alloc::vec![edwards::public_key(seed).into()]),
        PrivateKey::Exchange(number) => Some(alloc::vec![edwards::exchange_key(number).into()]),
    }
}

/// A key as Go's `encoding/json` writes it. None never happens to a key that was read.
pub(super) fn marshal(checked: &Checked) -> Option<Value> {
    let decimal = |bytes: &[u8]| Value::number(&natural(bytes).digits());
    match (&checked.key, checked.derived.as_slice()) {
        (PrivateKey::Rsa(public, private), [dp, dq, qi]) => {
            let (Public::Rsa { modulus, exponent }, Private::Rsa { exponent: d, primes, .. }) =
                (public, private.as_ref())
            else {
                return None;
            };
            let primes: Array = primes.iter().map(|prime| decimal(prime)).collect();
            let precomputed = object([
                (b"CRTValues", Array::new(0).into()),
                (b"Dp", decimal(dp)),
                (b"Dq", decimal(dq)),
                (b"Qinv", decimal(qi)),
            ]);
            Some(object([
                (b"D", decimal(d)),
                (b"E", Value::integer(i64::try_from(*exponent).ok()?)),
                (b"N", decimal(modulus)),
                (b"Precomputed", precomputed),
                (b"Primes", primes.into()),
            ]))
        }
        (PrivateKey::Elliptic(_, number), [x, y]) => Some(object([
            (b"Curve", Object::new(0).into()),
            (b"D", decimal(number)),
            (b"X", decimal(x)),
            (b"Y", decimal(y)),
        ])),
        (PrivateKey::Edwards(seed), [public]) => {
            let bytes = [seed.as_slice(), public.as_slice()].concat();
            Some(Value::string(BASE64.encode(&bytes).as_bytes()))
        }
        // Go's structure shows nothing.
        (PrivateKey::Exchange(_), _) => Some(Object::new(0).into()),
        _ => None,
    }
}

/// Fails because of a curve that JSON Web Keys have no name for.
fn refused_curve() -> Value {
    error::fail(
        "failed to initialize *jwk.ecdsaPrivateKey from *ecdsa.PrivateKey: jwk: failed to get algorithm for converting ECDSA \
         private key to JWK: unknown elliptic curve",
    )
}

/// A key as a JSON Web Key. None for one of P-224.
fn json_web_key(checked: &Checked) -> Option<Value> {
    let text = |bytes: &[u8]| {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        fixed(bytes.get(start..).unwrap_or_default())
    };
    match (&checked.key, checked.derived.as_slice()) {
        (PrivateKey::Rsa(public, private), [dp, dq, qi]) => {
            let (Public::Rsa { modulus, exponent }, Private::Rsa { exponent: d, primes: [p, q], .. }) =
                (public, private.as_ref())
            else {
                return None;
            };
            Some(object([
                (b"d", text(d)),
                (b"dp", text(dp)),
                (b"dq", text(dq)),
                (b"e", text(&exponent.to_be_bytes())),
                (b"kty", Value::string(b"RSA")),
                (b"n", text(modulus)),
                (b"p", text(p)),
                (b"q", text(q)),
                (b"qi", text(qi)),
            ]))
        }
        (PrivateKey::Elliptic(Curve::P224, _), _) => None,
        (PrivateKey::Elliptic(curve, number), [x, y]) => Some(object([
            (b"crv", Value::string(curve.name())),
            (b"d", fixed(number)),
            (b"kty", Value::string(b"EC")),
            (b"x", fixed(x)),
            (b"y", fixed(y)),
        ])),
        (PrivateKey::Edwards(seed), [public]) => Some(octet_key(b"Ed25519", seed, public)),
        (PrivateKey::Exchange(number), [public]) => Some(octet_key(b"X25519", number, public)),
        _ => None,
    }
}

fn octet_key(curve: &[u8], private: &[u8], public: &[u8]) -> Value {
    object([
        (b"crv", Value::string(curve)),
        (b"d", fixed(private)),
        (b"kty", Value::string(b"OKP")),
        (b"x", fixed(public)),
    ])
}

fn fixed(bytes: &[u8]) -> Value {
    Value::string(BASE64URL_NOPAD.encode(bytes).as_bytes())
}

fn object<const N: usize>(fields: [(&[u8], Value); N]) -> Value {
    fields.into_iter().map(|(name, value)| (Value::string(name), value)).collect::<Object>().into()
}
