//! `io.jwt.decode_verify`: the signature of a token and the constraints on its claims (RFC 7519, section 4.1), and then its parts.

use alloc::vec::Vec;
use core::str;

use super::algorithm::Algorithm;
use super::header::Header;
use super::verify::{any_key, verification_keys};
use super::{Token, claims};
use crate::builtins::encoding::decode_base64url;
use crate::builtins::operand;
use crate::error::{self, Part};
use crate::keys::{Key, Public};
use crate::{Array, Object, Value, clock, compare, number};

/// What a token must meet; what is not constrained is empty.
struct Constraints {
    keys: Vec<Key>,
    algorithm: &'static [u8],
    issuer: &'static [u8],
    audience: &'static [u8],
    /// The time in seconds since 1970-01-01 UTC, as a number.
    time: Value,
}

/// `[true, header, payload]` of a token that meets its constraints, else `[false, {}, {}]`. Of a token in a token (`cty` is `JWT`) the
/// signatures of both must be right; the rest is that of the inner one.
pub(crate) fn decode_verify(token: Value, constraints: Value) -> Option<Value> {
    let constraints = Constraints::new(operand::object(2, constraints)?)?;
    let mut token = token;
    loop {
        let parts = Token::of_operand(token)?;
        let object = parts.header()?;
        let header = Header::new(object)?;
        let is_allowed = constraints.algorithm.is_empty() || constraints.algorithm == header.algorithm;
        if !header.is_valid() || !is_allowed {
            return Some(answer(None));
        }
        let signature = decode_base64url("", parts.signature)?;
        if !constraints.is_signed(&header, parts.message, &signature) {
            return Some(answer(None));
        }
        let payload = parts.payload()?;
        if header.content_type.eq_ignore_ascii_case(b"JWT") {
            token = Value::string(&payload);
            continue;
        }
        let claims = claims(&payload)?;
        let is_met = constraints.is_meant(claims) && constraints.is_time(claims)?;
        return Some(answer(is_met.then_some((object, claims))));
    }
}

fn answer(parts: Option<(Object, Object)>) -> Value {
    let (header, payload) = parts.unwrap_or_else(|| (Object::new(0), Object::new(0)));
    [Value::boolean(parts.is_some()), header.into(), payload.into()].into_iter().collect::<Array>().into()
}

impl Constraints {
    fn new(object: Object) -> Option<Self> {
        let (mut certificate_keys, mut secret, mut time) = (None, &b""[..], None);
        let mut constraints = Self { keys: Vec::new(), algorithm: b"", issuer: b"", audience: b"", time: Value::NULL };
        for (name, value) in object.entries() {
            match name.as_str() {
                Some(b"alg") => constraints.algorithm = text("alg", value)?,
                Some(b"aud") => constraints.audience = text("aud", value)?,
                Some(b"cert") => certificate_keys = Some(verification_keys(text("cert", value)?)?),
                Some(b"iss") => constraints.issuer = text("iss", value)?,
                Some(b"secret") => secret = text("secret", value)?,
                Some(b"time") => time = Some(seconds(value)?),
                other => {
                    let name = Part::Bytes(other.unwrap_or_default());
                    error::fail_with(&[Part::Text("unknown token validation constraint: "), name]);
                    return None;
                }
            }
        }
        constraints.time = match time {
            Some(time) => time,
            None => seconds(clock::now_ns())?,
        };
        constraints.keys = match certificate_keys {
            Some(_) if !secret.is_empty() => {
                error::fail("duplicate key constraints");
                return None;
            }
            Some(keys) => keys,
            None if !secret.is_empty() => alloc::vec![Public::Symmetric(secret.into()).into()],
            None => {
                error::fail("no key constraint");
                return None;
            }
        };
        Some(constraints)
    }

    /// Whether one of the keys made the signature.
    fn is_signed(&self, header: &Header, message: &[u8], signature: &[u8]) -> bool {
        // The name that RFC 9864 gives to EdDSA with this curve; no key can name it, and no token is made with it.
        let name = if header.algorithm == b"Ed25519" { b"EdDSA" } else { header.algorithm };
        let Some(algorithm) = Algorithm::named(name) else { return false };
        any_key(&self.keys, header.key_id, header.algorithm, |key| algorithm.verify(&key.public, message, signature))
    }

    /// Whether the token comes from the issuer and is meant for the audience.
    fn is_meant(&self, claims: Object) -> bool {
        let issuer = claims.get(Value::string(b"iss")).as_str();
        if !self.issuer.is_empty() && issuer != Some(self.issuer) {
            return false;
        }
        let audience = claims.get(Value::string(b"aud"));
        if audience.is_undefined() {
            return self.audience.is_empty();
        }
        let is_audience = |name: Value| name.as_str() == Some(self.audience);
        is_audience(audience) || audience.as_array().is_some_and(|names| names.iter().any(is_audience))
    }

    /// Whether the token is valid already and not yet expired.
    fn is_time(&self, claims: Object) -> Option<bool> {
        let expires = claims.get(Value::string(b"exp"));
        if !expires.is_undefined() && compare(self.time, time_claim("exp", expires)?).is_ge() {
            return Some(false);
        }
        let begins = claims.get(Value::string(b"nbf"));
        Some(begins.is_undefined() || compare(self.time, time_claim("nbf", begins)?).is_ge())
    }
}

fn time_claim(name: &str, value: Value) -> Option<Value> {
    if !value.is_number() {
        error::fail_with(&[Part::Text(name), Part::Text(" value must be a number")]);
        return None;
    }
    Some(value)
}

fn text(name: &str, value: Value) -> Option<&'static [u8]> {
    if !value.is_string() {
        error::fail_with(&[Part::Text(name), Part::Text(" constraint: must be a string")]);
    }
    value.as_str()
}

/// A time in nanoseconds as seconds, both of them floats, as in OPA.
fn seconds(time: Value) -> Option<Value> {
    let Some(text) = number::text(time) else {
        error::fail("token time constraint: must be a number");
        return None;
    };
    let float = number::double::parse(text.bytes());
    if !float.is_finite() {
        error::fail("token time constraint: unvalid float64");
        return None;
    }
    if float < 0.0 {
        error::fail("token time constraint: must not be negative");
        return None;
    }
    let mut text = Vec::new();
    number::double::shortest(float / 1e9).write_plain(&mut text, 0);
    Some(Value::number(&text))
}
