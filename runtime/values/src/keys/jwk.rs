//! JSON Web Keys and sets of them (RFC 7517, RFC 7518, RFC 8037), as jwx 3 reads them for OPA: one key that is refused refuses its set.

use alloc::vec;
use alloc::vec::Vec;

use super::{Curve, Key, Private, Public, public};
use crate::builtins::encoding::{Base64, decode_base64};
use crate::error::{self, Part};
use crate::parser::ErrorKind;
use crate::{Object, Value, builtins, json, x509};

/// What is said, in parts.
type Words = Vec<Part<'static>>;

/// Why a key of a known type is refused.
enum Wrong {
    /// A field cannot be read, or is missing.
    Field(Words),
    /// The fields make no key.
    Key(Words),
}

/// The public part of a key, and the private one, if it has one.
type Parts = (Public, Option<Private>);

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

/// The curves that a key may name (`crv`), whatever its type.
const CURVES: &[&[u8]] = &[b"Ed25519", b"Ed448", b"P-256", b"P-384", b"P-521", b"X25519", b"X448"];

/// The keys of a text: one key or a set. `None` after the failure is noted, its message behind `prefix`.
pub(super) fn keys(prefix: &str, text: &[u8]) -> Option<Vec<Key>> {
    let words = [Part::Text(prefix), Part::Text("jwk.ParseString: failed to parse string: ")];
    read(text).map_err(|failure| fail(&words, &failure)).ok()
}

/// The first key of a text that holds one key or a set. `None` after the failure is noted.
pub(crate) fn first_key(text: &[u8]) -> Option<Key> {
    let mut keys = read(text).map_err(|failure| fail(&[], &failure)).ok()?;
    if keys.is_empty() {
        error::fail("no keys found in JWK set");
        return None;
    }
    Some(keys.swap_remove(0))
}

fn fail(prefix: &[Part<'_>], words: &[Part<'_>]) {
    error::fail_with(&[prefix, &[Part::Text("jwk.Parse: ")], words].concat());
}

/// The keys of a text, or what could not be read and why.
fn read(text: &[u8]) -> Result<Vec<Key>, Words> {
    const SET: Part<'_> = Part::Text("failed to unmarshal JWK set: ");
    let sole = |mut words: Words| {
        words.insert(0, Part::Text("failed to parse sole key: jwk.ParseKey: "));
        words
    };
    let mut is_whole = true;
    let value = json::parse(text).or_else(|error| {
        // Of one key only the first value of the text counts.
        is_whole = false;
        let value = text.get(..error.offset).filter(|_| error.kind == ErrorKind::Trailing);
        let fault = || sole(vec![PROBE, kept(&builtins::json::fault(text, error))]);
        value.and_then(|value| json::parse(value).ok()).ok_or_else(fault)
    })?;
    let set = value.as_object().map_or(Value::UNDEFINED, |object| field(object, b"keys"));
    if set.is_undefined() || !is_whole {
        return key(value).map(|key| vec![key]).map_err(sole);
    }
    let Some(members) = set.as_array() else { return Err(vec![SET, Part::Text("failed to decode \"keys\"")]) };
    if members.len() > MAX_KEYS {
        return Err(vec![SET, Part::Text("too many keys in \"keys\" array: max 1000")]);
    }
    let member = |(index, member)| {
        key(member).map_err(|words| {
            let place = [Part::Number(index), Part::Text(" in \"keys\": jwk.ParseKey: ")];
            [&[SET, Part::Text("failed to decode key #")], &place[..], &words].concat()
        })
    };
    (0..).zip(members.iter()).map(member).collect()
}

/// What stands before the reason that the type of a key cannot be told.
const PROBE: Part<'_> = Part::Text("jwk.Parse: failed to probe data: probe: failed to unmarshal data: ");

fn key(value: Value) -> Result<Key, Words> {
    let object = match value.as_object() {
        Some(object) => object,
        None if value.is_null() => return Err(unknown_type(b"")),
        None => return Err(vec![PROBE, Part::Text("not an object")]),
    };
    let name = type_name(field(object, b"kty"))?;
    let is_private = !field(object, b"d").is_undefined();
    let access = if is_private { "PrivateKey" } else { "PublicKey" };
    let (names, parts) = match name {
        b"RSA" => (["rsa", "RSA", access], rsa as fn(_, _) -> _),
        b"EC" => (["ecdsa", "ECDSA", access], elliptic as fn(_, _) -> _),
        b"OKP" => (["okp", "OKP", access], octets as fn(_, _) -> _),
        b"oct" => (["symmetric", "Symmetric", "Key"], symmetric as fn(_, _) -> _),
        _ => return Err(unknown_type(name)),
    };
    let key = described(object).and_then(|(id, algorithm)| {
        let (public, private) = parts(object, is_private)?;
        Ok(Key { public, private, algorithm, id })
    });
    key.map_err(|wrong| wrong.of_type(names))
}

impl Wrong {
    /// What is said of a key whose type has these names: in Go, in words, and whether it is public.
    fn of_type(self, [in_go, in_words, access]: [&'static str; 3]) -> Words {
        match self {
            Self::Field(words) => {
                let into = "failed to unmarshal JSON into key (*jwk.";
                let read = [Part::Text(into), Part::Text(in_go), Part::Text(access), Part::Text("): ")];
                [&read[..], &read, &words].concat()
            }
            Self::Key(words) => {
                let checked = "jwk.Parse: key validation failed: key validation failed: jwk.";
                let checked = [Part::Text(checked), Part::Text(in_words), Part::Text(access), Part::Text(": ")];
                [&checked[..], &words].concat()
            }
        }
    }
}

/// The type that a key says it has; the empty one if it says none.
fn type_name(value: Value) -> Result<&'static [u8], Words> {
    match value.as_str() {
        Some(name) => Ok(name),
        None if value.is_undefined() || value.is_null() => Ok(b""),
        None => {
            let what = [Part::Text(json_type(value)), Part::Text(" into Go struct field .kty of type string")];
            Err([&[PROBE, Part::Text("json: cannot unmarshal ")], &what[..]].concat())
        }
    }
}

fn unknown_type(name: &'static [u8]) -> Words {
    vec![Part::Text("invalid key type from JSON ("), Part::Bytes(name), Part::Text(")")]
}

/// What a key says of itself: its name and its algorithm. The other fields that a signature does not depend on are only checked.
fn described(object: Object) -> Result<(&'static [u8], Option<&'static [u8]>), Wrong> {
    let id = text(object, b"kid")?.unwrap_or_default();
    let algorithm = text_behind(object, b"alg", "")?;
    if let Some(name) = algorithm.filter(|name| !ALGORITHMS.contains(name)) {
        let words = [Part::Text("invalid key value: "), Part::Quoted(name), Part::Text(": invalid key algorithm")];
        return Err(undecoded(b"alg", &words));
    }
    for name in [&b"use"[..], b"x5t", b"x5t#S256", b"x5u"] {
        text(object, name)?;
    }
    check_operations(field(object, b"key_ops"))?;
    check_chain(field(object, b"x5c"))?;
    Ok((id, algorithm))
}

fn check_operations(operations: Value) -> Result<(), Wrong> {
    let wrong = |value, kind| {
        let words = [Part::Text("json: cannot unmarshal "), Part::Text(json_type(value)), Part::Text(kind)];
        undecoded(b"key_ops", &words)
    };
    if operations.is_undefined() || operations.is_null() {
        return Ok(());
    }
    let names = operations.as_array();
    let names = names.ok_or_else(|| wrong(operations, " into Go value of type jwk.KeyOperationList"))?;
    match names.iter().find(|name| !name.is_string() && !name.is_null()) {
        Some(name) => Err(wrong(name, " into Go value of type jwk.KeyOperation")),
        None => Ok(()),
    }
}

/// Checks that a chain of certificates (`x5c`), if there is one, is certificates in base64.
fn check_chain(chain: Value) -> Result<(), Wrong> {
    if chain.is_undefined() {
        return Ok(());
    }
    let what = [Part::Text("failed to unmarshal certificate chain: expected JSON array")];
    let certificates = chain.as_array().ok_or_else(|| undecoded(b"x5c", &what))?;
    for (index, certificate) in (0..).zip(certificates.iter()) {
        check_certificate(certificate).map_err(|words| {
            let place = [Part::Text("failed to decode certificate at index "), Part::Number(index), Part::Text(": ")];
            undecoded(b"x5c", &[&place[..], &words].concat())
        })?;
    }
    Ok(())
}

fn check_certificate(certificate: Value) -> Result<(), Words> {
    let text = match certificate.as_str() {
        Some(text) => text,
        None if certificate.is_null() => b"",
        None => return Err(no_string(certificate).into()),
    };
    let base64: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let der = decode_base64(&base64, Base64::STANDARD).map_err(|at| {
        let what = "failed to base64 decode the certificate: illegal base64 data at input byte ";
        vec![Part::Text(what), Part::Number(at as i64)]
    })?;
    let parsed = x509::key_of_certificate(&der);
    parsed.map(|_| ()).map_err(|fault| vec![Part::Text("failed to parse x509 certificate: "), kept(fault.as_bytes())])
}

/// Words that need not stay, as a part of a message.
fn kept(words: &[u8]) -> Part<'static> {
    Part::Bytes(Value::string(words).as_str().unwrap_or_default())
}

fn rsa(object: Object, is_private: bool) -> Result<Parts, Wrong> {
    let [secret, exponent, modulus] = [bytes(object, b"d")?, bytes(object, b"e")?, bytes(object, b"n")?];
    let primes = [bytes(object, b"p")?, bytes(object, b"q")?];
    let remainders = [bytes(object, b"dp")?, bytes(object, b"dq")?, bytes(object, b"qi")?];
    let secret = is_private.then(|| required(secret, "d")).transpose()?;
    let (exponent, modulus) = (required(exponent, "e")?, required(modulus, "n")?);
    let modulus = significant(&modulus);
    if modulus.is_empty() {
        return Err(unfit("missing \"n\" value"));
    }
    let public = Public::Rsa { modulus: modulus.into(), exponent: public_exponent(&exponent)? };
    let Some(exponent) = secret else { return Ok((public, None)) };
    if exponent.is_empty() {
        return Err(unfit("missing \"d\" value"));
    }
    let [first, second] = primes;
    let second = second.ok_or_else(|| unfit("missing \"q\" value"))?;
    let first = first.ok_or_else(|| unfit("missing \"p\" value"))?;
    let remainders = match remainders {
        [Some(first), Some(second), Some(inverse)] => Some([first, second, inverse]),
        _ => None,
    };
    Ok((public, Some(Private::Rsa { exponent, primes: [first, second], remainders })))
}

/// Big-endian bytes without zeros in front.
fn significant(bytes: &[u8]) -> &[u8] {
    let leading = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(leading..).unwrap_or_default()
}

fn public_exponent(bytes: &[u8]) -> Result<u64, Wrong> {
    let bytes = significant(bytes);
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return Err(unfit("missing \"e\" value")) };
    if last % 2 == 0 {
        return Err(unfit("invalid rsa public exponent: must be a positive odd integer"));
    }
    super::small(bytes).ok_or_else(|| {
        let bits = bytes.len() as i64 * 8 - i64::from(first.leading_zeros());
        let what = "rsa public exponent too large for this platform: ";
        Wrong::Key(vec![Part::Text(what), Part::Number(bits), Part::Text(" bits (max 63)")])
    })
}

fn elliptic(object: Object, is_private: bool) -> Result<Parts, Wrong> {
    let name = curve_name(object)?;
    let [secret, x, y] = [bytes(object, b"d")?, bytes(object, b"x")?, bytes(object, b"y")?];
    let name = required(name, "crv")?;
    let secret = is_private.then(|| required(secret, "d")).transpose()?;
    let (x, y) = (required(x, "x")?, required(y, "y")?);
    let curve = Curve::named(name).ok_or_else(|| {
        let [quoted, unknown] = [Part::Quoted(name), Part::Text(": unknown elliptic curve algorithm: ")];
        Wrong::Key(vec![Part::Text("invalid curve algorithm "), quoted, unknown, quoted])
    })?;
    let check_size = |field, bytes: &[u8]| match bytes.len() == curve.size() {
        true => Ok(()),
        false => Err(Wrong::Key(vec![
            Part::Text("invalid "),
            Part::Quoted(field),
            Part::Text(" length ("),
            Part::Number(bytes.len() as i64),
            Part::Text(") for curve "),
            Part::Quoted(name),
        ])),
    };
    check_size(b"x", &x)?;
    check_size(b"y", &y)?;
    let point = [x, y].concat();
    public::check_point(curve, &point).map_err(|fault| {
        let is_identity = point.iter().all(|byte| *byte == 0);
        let identity = Part::Text("identity point is not a valid public key");
        let why = if is_identity { identity } else { kept(fault.as_bytes()) };
        Wrong::Key(vec![Part::Text("invalid ECDSA public key: "), why])
    })?;
    secret.as_ref().map(|number| check_size(b"d", number)).transpose()?;
    Ok((Public::Elliptic { curve, point }, secret.map(Private::Elliptic)))
}

fn octets(object: Object, is_private: bool) -> Result<Parts, Wrong> {
    let name = curve_name(object)?;
    let [secret, public] = [bytes(object, b"d")?, bytes(object, b"x")?];
    let name = required(name, "crv")?;
    let seed = is_private.then(|| required(secret, "d")).transpose()?;
    let public = required(public, "x")?;
    let [public_size, private_size] = match name {
        b"Ed25519" => ["ed25519: wrong public key size", "ed25519: wrong private key size"],
        b"X25519" => ["x25519: wrong public key size", "x25519: wrong private key size"],
        _ => return Err(unfit("invalid curve algorithm")),
    };
    let size = |missing, wrong, bytes: Vec<u8>| {
        let is_empty = bytes.is_empty();
        <[u8; 32]>::try_from(bytes).map_err(|_| unfit(if is_empty { missing } else { wrong }))
    };
    let public = size("missing \"x\" field", public_size, public)?;
    let seed = seed.map(|seed| size("missing \"d\" field", private_size, seed)).transpose()?;
    match name {
        b"Ed25519" => Ok((Public::Edwards(public), seed.map(Private::Edwards))),
        _ => Ok((Public::Other, None)),
    }
}

fn symmetric(object: Object, _is_private: bool) -> Result<Parts, Wrong> {
    match required(bytes(object, b"k")?, "k")? {
        empty if empty.is_empty() => Err(unfit("missing \"k\" field")),
        octets => Ok((Public::Symmetric(octets), None)),
    }
}

fn field(object: Object, name: &[u8]) -> Value {
    object.get(Value::string(name))
}

/// The name of a value's type in Go's messages of what is in JSON.
fn json_type(value: Value) -> &'static str {
    if value.is_number() {
        "number"
    } else if value.is_string() {
        "string"
    } else if value.as_array().is_some() {
        "array"
    } else if value.as_object().is_some() {
        "object"
    } else {
        "bool"
    }
}

fn unfit(why: &'static str) -> Wrong {
    Wrong::Key(vec![Part::Text(why)])
}

fn undecoded(name: &'static [u8], words: &[Part<'static>]) -> Wrong {
    let what = [Part::Text("failed to decode value for key "), Part::Bytes(name), Part::Text(": ")];
    Wrong::Field([&what[..], words].concat())
}

fn no_string(value: Value) -> [Part<'static>; 3] {
    [Part::Text("json: cannot unmarshal "), Part::Text(json_type(value)), Part::Text(" into Go value of type string")]
}

/// A field that is a string if it is there; `null` is the empty one.
fn text(object: Object, name: &'static [u8]) -> Result<Option<&'static [u8]>, Wrong> {
    text_behind(object, name, "error reading next value: ")
}

/// The same, where other words stand before the reason why it is none.
fn text_behind(object: Object, name: &'static [u8], before: &'static str) -> Result<Option<&'static [u8]>, Wrong> {
    let value = field(object, name);
    match value.as_str() {
        None if value.is_undefined() => Ok(None),
        None if value.is_null() => Ok(Some(b"")),
        None => Err(undecoded(name, &[&[Part::Text(before)], &no_string(value)[..]].concat())),
        text => Ok(text),
    }
}

fn curve_name(object: Object) -> Result<Option<&'static [u8]>, Wrong> {
    let name = text_behind(object, b"crv", "failed to unmarshal EllipticCurveAlgorithm: ")?;
    match name.filter(|name| !CURVES.contains(name)) {
        Some(name) => Err(undecoded(b"crv", &[Part::Text("unknown EllipticCurveAlgorithm: "), Part::Quoted(name)])),
        None => Ok(name),
    }
}

/// A field that is a string of base64 if it is there: with or without padding, in either alphabet.
fn bytes(object: Object, name: &'static [u8]) -> Result<Option<Vec<u8>>, Wrong> {
    let Some(text) = text(object, name)? else { return Ok(None) };
    let form = Base64 { is_url: !text.iter().any(|byte| matches!(byte, b'+' | b'/')), is_padded: text.ends_with(b"=") };
    let no_base64 = [Part::Text("expected base64 encoded []byte (string)")];
    decode_base64(text, form).map(Some).map_err(|_| undecoded(name, &no_base64))
}

/// What a field has that must be there.
fn required<T>(value: Option<T>, name: &'static str) -> Result<T, Wrong> {
    let missing = || vec![Part::Text("required field "), Part::Text(name), Part::Text(" is missing")];
    value.ok_or_else(|| Wrong::Field(missing()))
}
