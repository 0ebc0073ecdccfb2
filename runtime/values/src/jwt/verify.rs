//! `io.jwt.verify_*`: whether the signature of a token is that of one of some keys, by one algorithm.

use alloc::vec::Vec;

use super::Token;
use super::algorithm::Algorithm;
use super::hash::Hash;
use super::header::Header;
use crate::Value;
use crate::builtins::encoding::decode_base64url;
use crate::builtins::operand;
use crate::keys::{self, Key, Public};

/// Whether a token was signed by a key: a certificate, a public key, a JSON Web Key, or one of a set.
pub(crate) fn verify(token: Value, key: Value, is_signed: fn(&Public, &[u8], &[u8]) -> bool) -> Option<bool> {
    let token = Token::of_operand(token)?;
    let keys = verification_keys(operand::string(2, key)?)?;
    let signature = decode_base64url("", token.signature)?;
    let header = Header::new(token.header()?)?;
    // A private key verifies nothing here.
    Some(any_key(&keys, header.key_id, header.algorithm, |key| {
        key.private.is_none() && is_signed(&key.public, token.message, &signature)
    }))
}

/// Whether a token was signed with a secret.
pub(crate) fn verify_secret<H: Hash>(token: Value, secret: Value) -> Option<bool> {
    operand::string(1, token)?;
    let secret = operand::string(2, secret)?;
    let token = Token::of_operand(token)?;
    let signature = decode_base64url("", token.signature)?;
    Some(H::is_authentic(secret, token.message, &signature))
}

/// The keys of a text, without those of algorithms that sign no tokens.
pub(super) fn verification_keys(text: &'static [u8]) -> Option<Vec<Key>> {
    let mut keys = keys::parse(text)?;
    keys.retain(|key| key.algorithm.is_none_or(|name| Algorithm::named(name).is_some()));
    Some(keys)
}

/// Whether a key verifies: the one of the token's key id if there is one, else any that names no other algorithm than the token.
pub(super) fn any_key(keys: &[Key], id: &[u8], algorithm: &[u8], is_signed: impl Fn(&Key) -> bool) -> bool {
    if let Some(key) = keys.iter().find(|key| !id.is_empty() && key.id == id) {
        return is_signed(key);
    }
    keys.iter().filter(|key| key.algorithm.is_none_or(|name| name == algorithm)).any(is_signed)
}
