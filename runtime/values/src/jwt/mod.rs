//! JSON Web Tokens (RFC 7515, RFC 7519) as OPA's `io.jwt.*` take, verify and make them. The builtins are in
//! [`crate::builtins::tokens`]; here is what they share. A function that gives `None` has noted why it fails.
//!
//! # Algorithms
//! [`hash`], [`rsa`], [`elliptic`] and [`edwards`] verify and sign, one family each, so that a module holds those that it calls.
//! A signature is made without randomness, other than in OPA: two builds of a decision give the same token. ES256 and its kin take their
//! number from key and message (RFC 6979), PS256 and its kin their salt. Nothing here hides the private key from who measures time.

pub(crate) mod algorithm;
mod constraints;
mod decode;
pub(crate) mod edwards;
pub(crate) mod elliptic;
pub(crate) mod hash;
mod header;
pub(crate) mod rsa;
mod sign;
mod verify;

pub(crate) use constraints::decode_verify;
pub(crate) use decode::decode;
pub(crate) use edwards::verify as verify_edwards;
pub(crate) use elliptic::verify as verify_elliptic;
pub(crate) use rsa::{verify_pkcs1, verify_pss};
pub(crate) use sign::{sign, sign_raw};
pub(crate) use verify::{verify, verify_secret};

use alloc::vec::Vec;

use crate::builtins::encoding::decode_base64url;
use crate::builtins::{json, operand};
use crate::error::{self, Part};
use crate::{Object, Value};

/// The parts of a token, still encoded.
#[derive(Clone, Copy)]
pub(crate) struct Token {
    header: &'static [u8],
    payload: &'static [u8],
    signature: &'static [u8],
    /// What was signed: header and payload with the dot between them.
    message: &'static [u8],
}

impl Token {
    /// Splits the first operand.
    fn of_operand(value: Value) -> Option<Self> {
        let text = operand::string(1, value)?;
        let count = text.iter().filter(|byte| **byte == b'.').count();
        let mut parts = text.split(|byte| *byte == b'.');
        if count != 2 {
            match count {
                0 => error::fail("encoded JWT had no period separators"),
                _ => error::fail_with(&[
                    Part::Text("encoded JWT must have 3 sections, found "),
                    Part::Number(count as i64 + 1),
                ]),
            };
            return None;
        }
        let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let message = text.get(..header.len() + 1 + payload.len())?;
        Some(Self { header, payload, signature, message })
    }

    /// The decoded header: an object, not that of an encrypted token.
    fn header(&self) -> Option<Object> {
        let text = decode_base64url("JWT header had invalid encoding: ", self.header)?;
        let header = object(&text, "bad JWT header: invalid JSON: ", "bad JWT header: ")?;
        if header.contains_key(Value::string(b"enc")) {
            error::fail("JWT is a JWE object, which is not supported");
            return None;
        }
        Some(header)
    }

    /// The bytes of the payload.
    fn payload(&self) -> Option<Vec<u8>> {
        decode_base64url("JWT payload had invalid encoding: ", self.payload)
    }
}

/// The object of a JSON text. Messages about the text stand behind the first prefix, others behind the second.
fn object(text: &[u8], text_prefix: &str, prefix: &str) -> Option<Object> {
    let value = json::read(text_prefix, Value::string(text)).defined()?;
    if value.as_object().is_none() {
        error::fail_with(&[Part::Text(prefix), Part::Text("decoded JSON type was not an Object")]);
    }
    value.as_object()
}

/// The claims of a payload.
fn claims(payload: &[u8]) -> Option<Object> {
    object(payload, "invalid JSON: ", "")
}
