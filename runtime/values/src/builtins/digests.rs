//! Hashes of strings and codes that authenticate them, as hexadecimal text: `crypto.md5`, `crypto.hmac.sha256` and their like.

use data_encoding::HEXLOWER;
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha2::Digest;

use super::operand;
use crate::Value;

/// `crypto.md5(text)`
#[must_use]
pub fn md5(text: Value) -> Value {
    digest::<md5::Md5>(text)
}

/// `crypto.sha1(text)`
#[must_use]
pub fn sha1(text: Value) -> Value {
    digest::<sha1::Sha1>(text)
}

/// `crypto.sha256(text)`
#[must_use]
pub fn sha256(text: Value) -> Value {
    digest::<sha2::Sha256>(text)
}

/// `crypto.hmac.md5(text, key)`
#[must_use]
pub fn hmac_md5(text: Value, key: Value) -> Value {
    authentication_code::<md5::Md5>(text, key)
}

/// `crypto.hmac.sha1(text, key)`
#[must_use]
pub fn hmac_sha1(text: Value, key: Value) -> Value {
    authentication_code::<sha1::Sha1>(text, key)
}

/// `crypto.hmac.sha256(text, key)`
#[must_use]
pub fn hmac_sha256(text: Value, key: Value) -> Value {
    authentication_code::<sha2::Sha256>(text, key)
}

/// `crypto.hmac.sha512(text, key)`
#[must_use]
pub fn hmac_sha512(text: Value, key: Value) -> Value {
    authentication_code::<sha2::Sha512>(text, key)
}

/// `crypto.hmac.equal(a, b)`: whether two codes are the same
#[must_use]
pub fn hmac_equal(a: Value, b: Value) -> Value {
    match operand::pair(operand::string, a, b) {
        Some((a, b)) => Value::boolean(a == b),
        None => Value::UNDEFINED,
    }
}

fn digest<D: Digest>(text: Value) -> Value {
    match operand::string(1, text) {
        Some(text) => hexadecimal(&D::digest(text)),
        None => Value::UNDEFINED,
    }
}

fn authentication_code<D: EagerHash>(text: Value, key: Value) -> Value
where
    Hmac<D>: Mac + KeyInit,
{
    let Some((text, key)) = operand::pair(operand::string, text, key) else { return Value::UNDEFINED };
    // A key may have any length.
    let Ok(mut code) = <Hmac<D> as KeyInit>::new_from_slice(key) else { return Value::UNDEFINED };
    code.update(text);
    hexadecimal(&code.finalize().into_bytes())
}

fn hexadecimal(bytes: &[u8]) -> Value {
    Value::string(HEXLOWER.encode(bytes).as_bytes())
}
