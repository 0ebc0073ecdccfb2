//! JSON Web Tokens: `io.jwt.*`. Tokens, keys and algorithms are in [`crate::jwt`] and [`crate::keys`].

use crate::jwt::hash::{Sha256, Sha384, Sha512};
use crate::keys::Public;
use crate::{Value, jwt};

/// `io.jwt.decode(token)`
#[must_use]
pub fn decode(token: Value) -> Value {
    jwt::decode(token).unwrap_or(Value::UNDEFINED)
}

/// `io.jwt.decode_verify(token, constraints)`
#[must_use]
pub fn decode_verify(token: Value, constraints: Value) -> Value {
    jwt::decode_verify(token, constraints).unwrap_or(Value::UNDEFINED)
}

/// `io.jwt.encode_sign(header, payload, key)`. ES256 and its kin are deterministic (RFC 6979), and so are PS256 and its kin: their salt
/// comes from the key and the message. OPA makes another signature each time.
#[must_use]
pub fn encode_sign(header: Value, payload: Value, key: Value) -> Value {
    jwt::sign(header, payload, key).unwrap_or(Value::UNDEFINED)
}

/// `io.jwt.encode_sign_raw(header, payload, key)`, which signs as [`encode_sign`] does.
#[must_use]
pub fn encode_sign_raw(header: Value, payload: Value, key: Value) -> Value {
    jwt::sign_raw(header, payload, key).unwrap_or(Value::UNDEFINED)
}

fn verify(token: Value, key: Value, is_signed: fn(&Public, &[u8], &[u8]) -> bool) -> Value {
    jwt::verify(token, key, is_signed).map_or(Value::UNDEFINED, Value::boolean)
}

/// `io.jwt.verify_eddsa(token, key)`
#[must_use]
pub fn verify_eddsa(token: Value, key: Value) -> Value {
    verify(token, key, jwt::verify_edwards)
}

macro_rules! verify {
    ($($function:ident($name:literal) => $verify:ident::<$hash:ident>;)*) => {
        $(
            #[doc = concat!("`io.jwt.", $name, "(token, key)`")]
            #[must_use]
            pub fn $function(token: Value, key: Value) -> Value {
                verify(token, key, jwt::$verify::<$hash>)
            }
        )*
    };
}

verify! {
    verify_es256("verify_es256") => verify_elliptic::<Sha256>;
    verify_es384("verify_es384") => verify_elliptic::<Sha384>;
    verify_es512("verify_es512") => verify_elliptic::<Sha512>;
    verify_ps256("verify_ps256") => verify_pss::<Sha256>;
    verify_ps384("verify_ps384") => verify_pss::<Sha384>;
    verify_ps512("verify_ps512") => verify_pss::<Sha512>;
    verify_rs256("verify_rs256") => verify_pkcs1::<Sha256>;
    verify_rs384("verify_rs384") => verify_pkcs1::<Sha384>;
    verify_rs512("verify_rs512") => verify_pkcs1::<Sha512>;
}

/// `io.jwt.verify_hs256(token, secret)`
#[must_use]
pub fn verify_hs256(token: Value, secret: Value) -> Value {
    jwt::verify_secret::<Sha256>(token, secret).map_or(Value::UNDEFINED, Value::boolean)
}

/// `io.jwt.verify_hs384(token, secret)`
#[must_use]
pub fn verify_hs384(token: Value, secret: Value) -> Value {
    jwt::verify_secret::<Sha384>(token, secret).map_or(Value::UNDEFINED, Value::boolean)
}

/// `io.jwt.verify_hs512(token, secret)`
#[must_use]
pub fn verify_hs512(token: Value, secret: Value) -> Value {
    jwt::verify_secret::<Sha512>(token, secret).map_or(Value::UNDEFINED, Value::boolean)
}
