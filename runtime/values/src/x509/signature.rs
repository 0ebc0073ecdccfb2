//! Algorithms of signatures, and whether a certificate is signed by a key.

use crate::jwt::hash::{Sha256, Sha384, Sha512};
use crate::jwt::{edwards, elliptic, rsa};
use crate::keys::Public;
use crate::keys::asn1::{Asn1, Field};
use crate::keys::public::{self, NULL};

/// The algorithms that Go knows, by its numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Unknown = 0,
    Md5Rsa = 2,
    Sha1Rsa = 3,
    Sha256Rsa = 4,
    Sha384Rsa = 5,
    Sha512Rsa = 6,
    Sha1Dsa = 7,
    Sha256Dsa = 8,
    Sha1Elliptic = 9,
    Sha256Elliptic = 10,
    Sha384Elliptic = 11,
    Sha512Elliptic = 12,
    Sha256Pss = 13,
    Sha384Pss = 14,
    Sha512Pss = 15,
    Edwards = 16,
}

/// The contents of identifiers: hashes, and the function that makes masks.
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const SHA384: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2];
const SHA512: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3];
const MGF1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8];

impl Algorithm {
    /// The algorithm of an identifier. Parameters count only for PSS and Ed25519.
    pub(super) fn new(identifier: public::Algorithm<'_>) -> Self {
        match identifier.name {
            public::ED25519 if identifier.parameters.is_empty() => Self::Edwards,
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, number] => match number {
                4 => Self::Md5Rsa,
                5 => Self::Sha1Rsa,
                10 => pss(identifier.parameters).unwrap_or(Self::Unknown),
                11 => Self::Sha256Rsa,
                12 => Self::Sha384Rsa,
                13 => Self::Sha512Rsa,
                _ => Self::Unknown,
            },
            [0x2b, 0x0e, 3, 2, 29] => Self::Sha1Rsa,
            [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3] => Self::Sha1Dsa,
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2] => Self::Sha256Dsa,
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1] => Self::Sha1Elliptic,
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2] => Self::Sha256Elliptic,
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3] => Self::Sha384Elliptic,
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4] => Self::Sha512Elliptic,
            _ => Self::Unknown,
        }
    }

    /// Whether a signature is that of a message. None by MD5 or SHA-1 is, and none by DSA.
    pub(super) fn verify(self, key: &Public, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Sha256Rsa => rsa::verify_pkcs1::<Sha256>(key, message, signature),
            Self::Sha384Rsa => rsa::verify_pkcs1::<Sha384>(key, message, signature),
            Self::Sha512Rsa => rsa::verify_pkcs1::<Sha512>(key, message, signature),
            Self::Sha256Pss => rsa::verify_pss_strictly::<Sha256>(key, message, signature),
            Self::Sha384Pss => rsa::verify_pss_strictly::<Sha384>(key, message, signature),
            Self::Sha512Pss => rsa::verify_pss_strictly::<Sha512>(key, message, signature),
            Self::Sha256Elliptic => elliptic::verify_der::<Sha256>(key, message, signature),
            Self::Sha384Elliptic => elliptic::verify_der::<Sha384>(key, message, signature),
            Self::Sha512Elliptic => elliptic::verify_der::<Sha512>(key, message, signature),
            Self::Edwards => edwards::verify(key, message, signature),
            _ => false,
        }
    }
}

/// The algorithm of the parameters of PSS (RFC 8017, appendix A.2.3): those that say what Go says, one hash everywhere and a salt as long.
fn pss(parameters: &[u8]) -> Option<Algorithm> {
    let mut parts = Asn1::new(parameters).structure(Field::new("pssParameters")).ok()?;
    let hash = parts.algorithm(Field::explicit(0)).ok()?;
    let mask = parts.algorithm(Field::explicit(1)).ok()?;
    let salt = parts.integer(Field::explicit(2)).ok()?;
    let trailer = if parts.is_empty() { 1 } else { parts.optional_integer(Field::explicit(3), 1).ok()? };
    let mask_hash = Asn1::new(mask.parameters).algorithm(Field::new("")).ok()?;
    let is_plain = |parameters: &[u8]| parameters.is_empty() || parameters == NULL;
    let is_right = is_plain(hash.parameters)
        && mask.name == MGF1
        && mask_hash.name == hash.name
        && is_plain(mask_hash.parameters)
        && trailer == 1;
    match (hash.name, salt) {
        (SHA256, 32) if is_right => Some(Algorithm::Sha256Pss),
        (SHA384, 48) if is_right => Some(Algorithm::Sha384Pss),
        (SHA512, 64) if is_right => Some(Algorithm::Sha512Pss),
        _ => None,
    }
}
