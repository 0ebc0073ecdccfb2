//! `io.jwt.encode_sign` and `io.jwt.encode_sign_raw`.

use data_encoding::BASE64URL_NOPAD;

use super::algorithm::Algorithm;
use crate::builtins::{json, operand};
use crate::error::{self, Part};
use crate::{Value, keys};

/// Signs a header and a payload, both values, with a JSON Web Key that is a value.
pub(crate) fn sign(header: Value, payload: Value, key: Value) -> Option<Value> {
    encode(json::marshal(header), json::marshal(payload), json::marshal(key))
}

/// Signs a header and a payload with a JSON Web Key, all of them JSON texts.
pub(crate) fn sign_raw(header: Value, payload: Value, key: Value) -> Option<Value> {
    operand::string(3, key)?;
    operand::string(1, header)?;
    operand::string(2, payload)?;
    encode(header, payload, key)
}

fn encode(header: Value, payload: Value, key: Value) -> Option<Value> {
    let key = keys::first_key(key.as_str()?)?;
    let algorithm = algorithm(header)?;
    // A payload of another type than JWT may be anything.
    let type_name = field(header, b"typ");
    let is_json = type_name.as_str().is_none_or(|name| name == b"JWT");
    if is_json && json::is_valid(payload).as_boolean() != Some(true) {
        error::fail("type is JWT but payload is not JSON");
        return None;
    }
    let mut token = BASE64URL_NOPAD.encode(header.as_str()?);
    token.push('.');
    BASE64URL_NOPAD.encode_append(payload.as_str()?, &mut token);
    let Some(signature) = algorithm.sign(&key, token.as_bytes()) else {
        error::fail_with(&[
            Part::Text("jwsbb.Sign: invalid key type. "),
            Part::Text(algorithm.wanted()),
            Part::Text(" is required"),
        ]);
        return None;
    };
    token.push('.');
    BASE64URL_NOPAD.encode_append(&signature, &mut token);
    Some(Value::string(token.as_bytes()))
}

/// The algorithm that a header names.
fn algorithm(header: Value) -> Option<Algorithm> {
    const PREFIX: Part<'_> = Part::Text("missing or invalid 'alg' header: ");
    // The parser that OPA's library has takes any of these characters for a number, in which there is no `alg`.
    let is_number = |text: &[u8]| !text.is_empty() && text.iter().all(|byte| b"0123456789.-+eE".contains(byte));
    if let (Err(error), false) = (crate::json::parse_string(header), header.as_str().is_some_and(is_number)) {
        let is_empty = error.offset >= header.as_str()?.len();
        let why = if is_empty { "cannot parse empty string; unparsed tail: \"\"" } else { "invalid JSON" };
        error::fail_with(&[PREFIX, Part::Text("cannot parse JSON: "), Part::Text(why)]);
        return None;
    }
    let name = field(header, b"alg");
    if name.is_undefined() {
        error::fail_with(&[PREFIX, Part::Text("jwsbb: header \"alg\" not found")]);
        return None;
    }
    let Some(text) = name.as_str() else {
        let words = "value doesn't contain string; it contains ";
        error::fail_with(&[PREFIX, Part::Text(words), Part::TypeOf(name)]);
        return None;
    };
    let algorithm = Algorithm::named(text);
    if algorithm.is_none() {
        error::fail_with(&[Part::Text("unknown JWS algorithm: "), Part::Bytes(text)]);
    }
    algorithm
}

/// A field of a JSON text that is an object.
fn field(header: Value, name: &[u8]) -> Value {
    let object = crate::json::parse_string(header).ok().and_then(Value::as_object);
    object.map_or(Value::UNDEFINED, |object| object.get(Value::string(name)))
}
