//! The algorithms by their names in tokens (RFC 7518, section 3.1; RFC 8037), for the builtins that learn only then which one it is.

use alloc::vec::Vec;

use super::hash::{Hash, Sha256, Sha384, Sha512};
use super::{edwards, elliptic, rsa};
use crate::keys::{Key, Private, Public};

/// A family of algorithms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Secret,
    Pkcs1,
    Pss,
    Elliptic,
    Edwards,
}

/// The length of a hash in bits.
#[derive(Clone, Copy)]
enum Bits {
    L256,
    L384,
    L512,
}

/// An algorithm that signs tokens.
#[derive(Clone, Copy)]
pub(crate) struct Algorithm {
    family: Family,
    bits: Bits,
}

impl Algorithm {
    /// The algorithm of a name.
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        if name == b"EdDSA" {
            return Some(Self { family: Family::Edwards, bits: Bits::L512 });
        }
        let (family, bits) = name.split_at_checked(2)?;
        let family = match family {
            b"HS" => Family::Secret,
            b"RS" => Family::Pkcs1,
            b"PS" => Family::Pss,
            b"ES" => Family::Elliptic,
            _ => return None,
        };
        let bits = match bits {
            b"256" => Bits::L256,
            b"384" => Bits::L384,
            b"512" => Bits::L512,
            _ => return None,
        };
        Some(Self { family, bits })
    }

    /// Whether a signature is that of a message, as `io.jwt.decode_verify` wants it: stricter than the builtins of one algorithm.
    pub(crate) fn verify(self, key: &Public, message: &[u8], signature: &[u8]) -> bool {
        match self.bits {
            Bits::L256 => self.verify_with::<Sha256>(key, message, signature),
            Bits::L384 => self.verify_with::<Sha384>(key, message, signature),
            Bits::L512 => self.verify_with::<Sha512>(key, message, signature),
        }
    }

    fn verify_with<H: Hash>(self, key: &Public, message: &[u8], signature: &[u8]) -> bool {
        match self.family {
            Family::Secret => match key {
                Public::Symmetric(secret) => H::is_authentic(secret, message, signature),
                _ => false,
            },
            Family::Pkcs1 => rsa::verify_pkcs1::<H>(key, message, signature),
            Family::Pss => rsa::verify_pss_strictly::<H>(key, message, signature),
            Family::Elliptic => elliptic::verify_strictly::<H>(key, message, signature),
            Family::Edwards => edwards::verify(key, message, signature),
        }
    }

    /// The signature of a message; none when the key is of another family, or wrong.
    pub(crate) fn sign(self, key: &Key, message: &[u8]) -> Option<Vec<u8>> {
        match self.bits {
            Bits::L256 => self.sign_with::<Sha256>(key, message),
            Bits::L384 => self.sign_with::<Sha384>(key, message),
            Bits::L512 => self.sign_with::<Sha512>(key, message),
        }
    }

    fn sign_with<H: Hash>(self, key: &Key, message: &[u8]) -> Option<Vec<u8>> {
        if self.family == Family::Secret {
            return secret(key).map(|secret| H::authenticate(&secret, message));
        }
        let key: (&Public, &Private) = (&key.public, key.private.as_ref()?);
        match self.family {
            Family::Secret => None,
            Family::Pkcs1 => rsa::sign_pkcs1::<H>(key, message),
            Family::Pss => rsa::sign_pss::<H>(key, message),
            Family::Elliptic => elliptic::sign::<H>(key, message),
            Family::Edwards => edwards::sign(key, message),
        }
    }

    /// What a key must be, for messages.
    pub(crate) fn wanted(self) -> &'static str {
        match self.family {
            Family::Secret => "[]byte",
            Family::Pkcs1 | Family::Pss => "*rsa.PrivateKey",
            Family::Elliptic => "*ecdsa.PrivateKey",
            Family::Edwards => "ed25519.PrivateKey",
        }
    }
}

/// The bytes of a key that a code is made with. OPA takes those of an Ed25519 key, too, which Go holds as bytes, but verifies nothing so.
fn secret(key: &Key) -> Option<Vec<u8>> {
    match (&key.public, &key.private) {
        (Public::Symmetric(secret), _) => Some(secret.clone()),
        (Public::Edwards(public), None) => Some(public.to_vec()),
        (Public::Edwards(public), Some(Private::Edwards(seed))) => Some([*seed, *public].concat()),
        _ => None,
    }
}
