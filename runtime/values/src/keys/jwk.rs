//! JSON Web Keys and sets of them (RFC 7517, RFC 7518, RFC 8037), as jwx 3 reads them for OPA: one key that is refused refuses its set.

use alloc::vec::Vec;

use super::{Curve, Key, Private, Public, small};
use crate::builtins::encoding::{Base64, decode_base64};
use crate::error::{self, Part};
use crate::parser::ErrorKind;
use crate::{Object, Value, json, x509};

/// Why a key is refused.
type Fault = &'static str;

/// The reason that the name of the type follows.
const UNKNOWN_TYPE: Fault = "invalid key type from JSON";

/// What could not be read, why, and the key that is to blame, if it is one.
type Failure = (Fault, Fault, Option<Object>);

/// How many keys a set may have.
const MAX_KEYS: usize = 1000;

/// The algorithms that a key may name (`alg`): those of signatures and of encryption.
const ALGORITHMS: &[&[u8]] = &[
    b"ES256",
    b"ES256K",
    b"ES384",
    b"ES512",
    b"EdDSA",
    b"Ed25519",
    b"HS256",
    b"HS384",
    b"HS512",
    b"none",
    b"PS256",
    b"PS384",
    b"PS512",
    b"RS256",
    b"RS384",
    b"RS512",
    b"RSA1_5",
    b"RSA-OAEP",
    b"RSA-OAEP-256",
    b"RSA-OAEP-384",
    b"RSA-OAEP-512",
    b"A128KW",
    b"A192KW",
    b"A256KW",
    b"A128GCMKW",
    b"A192GCMKW",
    b"A256GCMKW",
    b"ECDH-ES",
    b"ECDH-ES+A128KW",
    b"ECDH-ES+A192KW",
    b"ECDH-ES+A256KW",
    b"PBES2-HS256+A128KW",
    b"PBES2-HS384+A192KW",
    b"PBES2-HS512+A256KW",
    b"dir",
    b"A128GCM",
    b"A192GCM",
    b"A256GCM",
    b"A128CBC-HS256",
    b"A192CBC-HS384",
    b"A256CBC-HS512",
];

/// The keys of a text: one key or a set. `None` after the failure is noted, its message behind `prefix`.
pub(super) fn keys(prefix: &str, text: &[u8]) -> Option<Vec<Key>> {
    let words = [Part::Text(prefix), Part::Text("jwk.ParseString: failed to parse string: ")];
    read(text).map_err(|failure| fail(&words, failure)).ok()
}

/// The first key of a text that holds one key or a set. `None` after the failure is noted.
pub(crate) fn first_key(text: &[u8]) -> Option<Key> {
    let mut keys = read(text).map_err(|failure| fail(&[], failure)).ok()?;
    if keys.is_empty() {
        error::fail("no keys found in JWK set");
        return None;
    }
    Some(keys.swap_remove(0))
}

fn fail(prefix: &[Part<'_>], (what, fault, key): Failure) {
    let mut words = Vec::from(prefix);
    words.extend([Part::Text("jwk.Parse: "), Part::Text(what), Part::Text(fault)]);
    if let (UNKNOWN_TYPE, Some(key)) = (fault, key) {
        let name = field(key, b"kty").as_str().unwrap_or_default();
        words.extend([Part::Text(" ("), Part::Bytes(name), Part::Text(")")]);
    }
    error::fail_with(&words);
}

/// The keys of a text.
fn read(text: &[u8]) -> Result<Vec<Key>, Failure> {
    const SOLE: Fault = "failed to parse sole key: jwk.ParseKey: ";
    const SET: Fault = "failed to unmarshal JWK set: ";
    const NO_OBJECT: Fault = "jwk.Parse: failed to probe data: not an object";
    let mut is_whole = true;
    let value = json::parse(text).or_else(|error| {
        // Of one key only the first value of the text counts.
        is_whole = false;
        let value = text.get(..error.offset).filter(|_| error.kind == ErrorKind::Trailing);
        value.and_then(|value| json::parse(value).ok()).ok_or((
            SOLE,
            "jwk.Parse: failed to probe data: invalid JSON",
            None,
        ))
    })?;
    let Some(object) = value.as_object() else { return Err((SOLE, NO_OBJECT, None)) };
    let set = object.get(Value::string(b"keys"));
    if set.is_undefined() || !is_whole {
        return key(object).map(|key| alloc::vec![key]).map_err(|fault| (SOLE, fault, Some(object)));
    }
    let Some(members) = set.as_array() else { return Err((SET, "failed to decode \"keys\"", None)) };
    if members.len() > MAX_KEYS {
        return Err((SET, "too many keys in \"keys\" array: max 1000", None));
    }
    let member = |member: Value| {
        let object = member.as_object().ok_or((SET, NO_OBJECT, None))?;
        key(object).map_err(|fault| (SET, fault, Some(object)))
    };
    members.iter().map(member).collect()
}

fn key(object: Object) -> Result<Key, Fault> {
    let id = text(object, b"kid")?.unwrap_or_default();
    let algorithm = text(object, b"alg")?;
    if algorithm.is_some_and(|name| !ALGORITHMS.contains(&name)) {
        return Err("failed to decode value for key alg: invalid key algorithm");
    }
    check_metadata(object)?;
    let is_private = !field(object, b"d").is_undefined();
    let (public, private) = match text(object, b"kty")? {
        Some(b"RSA") => rsa(object, is_private)?,
        Some(b"EC") => elliptic(object, is_private)?,
        Some(b"OKP") => octets(object, is_private)?,
        Some(b"oct") => (Public::Symmetric(required(object, b"k")?), None),
        _ => return Err(UNKNOWN_TYPE),
    };
    Ok(Key { public, private, algorithm, id })
}

/// Checks the fields that say something about a key and that a signature does not depend on.
fn check_metadata(object: Object) -> Result<(), Fault> {
    for name in [&b"use"[..], b"x5t", b"x5t#S256", b"x5u"] {
        text(object, name)?;
    }
    let strings = |name: &[u8]| {
        let value = field(object, name);
        let array = value.as_array().filter(|array| array.iter().all(|element| element.is_string()));
        (array.is_some() || value.is_undefined() || value.is_null()).then_some(array)
    };
    strings(b"key_ops").ok_or("failed to decode value for key key_ops")?;
    let certificates = strings(b"x5c").filter(|array| array.is_some() || field(object, b"x5c").is_undefined());
    for certificate in certificates.ok_or(CHAIN)?.into_iter().flat_map(|array| array.iter()) {
        let text = certificate.as_str().unwrap_or_default();
        let kept: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let der = decode_base64(&kept, Base64::STANDARD).map_err(|_| CHAIN)?;
        x509::key_of_certificate(&der).map_err(|_| CHAIN)?;
    }
    Ok(())
}

const CHAIN: Fault = "failed to decode value for key x5c";

fn rsa(object: Object, is_private: bool) -> Result<(Public, Option<Private>), Fault> {
    let private = match is_private {
        true => {
            let exponent = required(object, b"d")?;
            let prime = |name| bytes(object, name)?.ok_or("missing \"p\" or \"q\" value");
            let primes = [prime(b"p")?, prime(b"q")?];
            let remainders = (bytes(object, b"dp")?, bytes(object, b"dq")?, bytes(object, b"qi")?);
            let remainders = match remainders {
                (Some(first), Some(second), Some(inverse)) => Some([first, second, inverse]),
                _ => None,
            };
            Some(Private::Rsa { exponent, primes, remainders })
        }
        false => None,
    };
    let modulus = required(object, b"n")?;
    let exponent = small(&required(object, b"e")?).filter(|exponent| exponent % 2 == 1);
    let Some(exponent) = exponent else { return Err("invalid rsa public exponent: must be a positive odd integer") };
    let leading = modulus.iter().position(|byte| *byte != 0).ok_or("missing \"n\" value")?;
    let modulus = modulus.get(leading..).unwrap_or_default().into();
    Ok((Public::Rsa { modulus, exponent }, private))
}

fn elliptic(object: Object, is_private: bool) -> Result<(Public, Option<Private>), Fault> {
    let name = text(object, b"crv")?.ok_or("required field crv is missing")?;
    let curve = Curve::named(name).ok_or("invalid curve algorithm")?;
    let mut point = required(object, b"x")?;
    if point.len() != curve.size() {
        return Err("invalid \"x\" length");
    }
    point.extend(required(object, b"y")?);
    if !curve.contains(&point) {
        return Err("invalid ECDSA public key");
    }
    let private = if is_private { Some(required(object, b"d")?) } else { None };
    if private.as_ref().is_some_and(|number| number.len() != curve.size()) {
        return Err("invalid \"d\" length");
    }
    Ok((Public::Elliptic { curve, point }, private.map(Private::Elliptic)))
}

fn octets(object: Object, is_private: bool) -> Result<(Public, Option<Private>), Fault> {
    let is_edwards = match text(object, b"crv")? {
        Some(b"Ed25519") => true,
        Some(b"X25519") => false,
        _ => return Err("invalid curve algorithm"),
    };
    let public = required(object, b"x")?.try_into().map_err(|_| "wrong public key size")?;
    let seed = if is_private { Some(required(object, b"d")?) } else { None };
    let seed = seed.map(<[u8; 32]>::try_from).transpose().map_err(|_| "wrong private key size")?;
    Ok(if is_edwards { (Public::Edwards(public), seed.map(Private::Edwards)) } else { (Public::Other, None) })
}

fn field(object: Object, name: &[u8]) -> Value {
    object.get(Value::string(name))
}

/// A field that is a string if it is there; `null` is the empty one.
fn text(object: Object, name: &[u8]) -> Result<Option<&'static [u8]>, Fault> {
    let value = field(object, name);
    match value.as_str() {
        None if value.is_undefined() => Ok(None),
        None if value.is_null() => Ok(Some(b"")),
        None => Err("error reading next value: a string is wanted"),
        text => Ok(text),
    }
}

/// A field that is a string of base64 if it is there: with or without padding, in either alphabet.
fn bytes(object: Object, name: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let Some(text) = text(object, name)? else { return Ok(None) };
    let form = Base64 { is_url: !text.iter().any(|byte| matches!(byte, b'+' | b'/')), is_padded: text.ends_with(b"=") };
    decode_base64(text, form).map(Some).map_err(|_| "expected base64 encoded []byte")
}

/// A field that must be there and not empty.
fn required(object: Object, name: &[u8]) -> Result<Vec<u8>, Fault> {
    bytes(object, name)?.filter(|bytes| !bytes.is_empty()).ok_or("a required field is missing")
}
