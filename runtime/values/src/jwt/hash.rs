//! The hashes of the algorithms, and codes that authenticate a message with a secret (HS256, HS384, HS512).

use alloc::vec::Vec;

use hmac::{Hmac, KeyInit, Mac};
use rsa::pss;
use rsa::signature::hazmat::PrehashVerifier;
use rsa::{RsaPrivateKey, RsaPublicKey};
use sha2::Digest;

use super::rsa::Salt;

/// A hash, and what is done with it in several families of algorithms.
pub(crate) trait Hash {
    /// The length of a digest in bytes.
    const LENGTH: usize;
    /// What stands before a digest in a signature of PKCS #1 (RFC 8017, section 9.2, note 1).
    const PKCS1_PREFIX: [u8; 19];

    /// The digest of a message.
    fn digest(message: &[u8]) -> Vec<u8>;
    /// The code of a message.
    fn authenticate(secret: &[u8], message: &[u8]) -> Vec<u8>;
    /// Whether a code is that of a message.
    fn is_authentic(secret: &[u8], message: &[u8], code: &[u8]) -> bool;
    /// Whether a PSS signature is that of a digest, with a salt of this length or of any.
    fn verify_pss(key: RsaPublicKey, salt_length: Option<usize>, digest: &[u8], signature: &[u8]) -> bool;
    /// The PSS signature of a digest.
    fn sign_pss(key: &RsaPrivateKey, salt: Vec<u8>, digest: &[u8]) -> Option<Vec<u8>>;
}

/// SHA-256.
pub(crate) struct Sha256;
/// SHA-384.
pub(crate) struct Sha384;
/// SHA-512.
pub(crate) struct Sha512;

/// The prefix of PKCS #1: lengths and the identifier of the hash, whose last byte tells SHA-256, SHA-384 and SHA-512 apart.
const fn prefix(length: u8, identifier: u8) -> [u8; 19] {
    [
        0x30,
        0x11 + length,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        identifier,
        0x05,
        0x00,
        0x04,
        length,
    ]
}

macro_rules! hash {
    ($name:ident, $length:literal, $identifier:literal) => {
        impl Hash for $name {
            const LENGTH: usize = $length;
            const PKCS1_PREFIX: [u8; 19] = prefix($length, $identifier);

            fn digest(message: &[u8]) -> Vec<u8> {
                sha2::$name::digest(message).to_vec()
            }

            fn authenticate(secret: &[u8], message: &[u8]) -> Vec<u8> {
                // A secret may have any length.
                let Ok(mut code) = Hmac::<sha2::$name>::new_from_slice(secret) else { return Vec::new() };
                code.update(message);
                code.finalize().into_bytes().to_vec()
            }

            fn is_authentic(secret: &[u8], message: &[u8], code: &[u8]) -> bool {
                let Ok(mut computed) = Hmac::<sha2::$name>::new_from_slice(secret) else { return false };
                computed.update(message);
                computed.verify_slice(code).is_ok()
            }

            fn verify_pss(key: RsaPublicKey, salt_length: Option<usize>, digest: &[u8], signature: &[u8]) -> bool {
                let key = match salt_length {
                    Some(length) => pss::VerifyingKey::<sha2::$name>::new_with_salt_len(key, length),
                    None => pss::VerifyingKey::new_with_auto_salt_len(key),
                };
                pss::Signature::try_from(signature)
                    .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
            }

            fn sign_pss(key: &RsaPrivateKey, salt: Vec<u8>, digest: &[u8]) -> Option<Vec<u8>> {
                let padding =
                    pss::Pss::<sha2::$name> { blinded: false, digest: sha2::$name::new(), salt_len: Some(salt.len()) };
                key.sign_with_rng(&mut Salt(salt), padding, digest).ok()
            }
        }
    };
}

hash!(Sha256, 32, 1);
hash!(Sha384, 48, 2);
hash!(Sha512, 64, 3);
