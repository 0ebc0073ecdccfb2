//! Ed25519 signatures (EdDSA), RFC 8032, and the public keys of X25519, RFC 7748.

use alloc::vec::Vec;

use ed25519_dalek::hazmat::ExpandedSecretKey;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};

use crate::keys::{Private, Public};

/// Whether a signature is that of a message.
pub(crate) fn verify(key: &Public, message: &[u8], signature: &[u8]) -> bool {
    let Public::Edwards(key) = key else { return false };
    match (VerifyingKey::from_bytes(key), Signature::from_slice(signature)) {
        (Ok(key), Ok(signature)) => key.verify(message, &signature).is_ok(),
        _ => false,
    }
}

/// The signature of a message. None when the public key is not that of the seed.
pub(super) fn sign(key: (&Public, &Private), message: &[u8]) -> Option<Vec<u8>> {
    let (Public::Edwards(public), Private::Edwards(seed)) = key else { return None };
    let key = SigningKey::from_bytes(seed);
    (key.verifying_key().as_bytes() == public).then(|| key.sign(message).to_bytes().to_vec())
}

/// The public key of a seed.
pub(crate) fn public_key(seed: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(seed).verifying_key().to_bytes()
}

/// The public key of a private number of X25519: the curve is that of Ed25519 in other coordinates.
pub(crate) fn exchange_key(number: &[u8; 32]) -> [u8; 32] {
    let mut expanded = [0; 64];
    expanded[..32].copy_from_slice(number);
    VerifyingKey::from(&ExpandedSecretKey::from_bytes(&expanded)).to_montgomery().to_bytes()
}
