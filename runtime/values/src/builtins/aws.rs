//! `providers.aws.sign_req`: the headers of a request that AWS asks for, signed with Signature Version 4
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>).

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use regoc_abi::http::REQUEST_OPTIONS;
use sha2::{Digest, Sha256};

use super::{json, operand, uris};
use crate::error::{self, Part};
use crate::time::{self, Instant, Zone};
use crate::uri::Uri;
use crate::{Object, Set, Value, number, unicode};

/// What the configuration must have, each a string.
const REQUIRED: [&str; 4] = ["aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"];

/// What a request must have; what it may have, [`REQUEST_OPTIONS`] says.
const NEEDED: [&str; 2] = ["method", "url"];

/// Headers that a proxy may change: they are not signed.
const UNSIGNED: [&[u8]; 3] = [b"authorization", b"user-agent", b"x-amzn-trace-id"];

const ALGORITHM: &[u8] = b"AWS4-HMAC-SHA256";
const SCOPE_END: &[u8] = b"aws4_request";

/// `providers.aws.sign_req(request, config, time_ns)`: the request with headers that are signed
#[must_use]
pub fn sign_req(request: Value, config: Value, time_ns: Value) -> Value {
    signed(request, config, time_ns).unwrap_or(Value::UNDEFINED)
}

fn signed(request: Value, config: Value, time_ns: Value) -> Option<Value> {
    let request = operand::object(1, request)?;
    let config = operand::object(1, config)?;
    check_config(config)?;
    let Some(time_ns) = number::to_i64(operand::number(1, time_ns)?) else {
        return refuse(3, &[Part::Text("could not convert time_ns value into a unix timestamp")]);
    };
    check_request(request)?;
    let headers = match text_field(request, "headers").defined() {
        Some(headers) => operand::object(0, headers)?,
        None => Object::new(0),
    };
    let wrong = NEEDED.iter().filter(|key| !text_field(request, key).is_string());
    refuse_keys(1, "invalid values for required request parameters(s): ", wrong.copied().collect())?;
    let uri = uris::parsed(bytes_field(request, "url"))?;
    let payload = payload_hash(request, config)?;
    let signing = Signing { config, time: Stamp::new(time_ns), payload };
    let (authorization, added) = signing.sign(headers, bytes_field(request, "method"), &uri);
    let all = Object::new(headers.len() + added.len() + 1);
    for (name, value) in headers.entries() {
        all.insert(text_or_empty(name), text_or_empty(value));
    }
    all.insert(Value::string(b"Authorization"), Value::string(&authorization));
    for (name, value) in added {
        all.insert(Value::string(name.as_bytes()), Value::string(&value));
    }
    let result = crate::rt::copy(request, 1);
    result.insert(Value::string(b"headers"), all.into());
    Some(result.into())
}

fn refuse<T>(position: i64, message: &[Part<'_>]) -> Option<T> {
    error::operand(position, message);
    None
}

/// Fails if there are keys to complain of.
fn refuse_keys(position: i64, message: &str, keys: Vec<&str>) -> Option<()> {
    if keys.is_empty() {
        return Some(());
    }
    let keys: Set = keys.into_iter().map(|key| Value::string(key.as_bytes())).collect();
    refuse(position, &[Part::Text(message), Part::Value(keys.into())])
}

fn check_config(config: Object) -> Option<()> {
    let missing = REQUIRED.iter().filter(|key| text_field(config, key).is_undefined());
    refuse_keys(2, "missing required AWS config parameters(s): ", missing.copied().collect())?;
    let wrong = REQUIRED.iter().filter(|key| !text_field(config, key).is_string());
    refuse_keys(2, "invalid values for required AWS config parameters(s): ", wrong.copied().collect())
}

fn check_request(request: Object) -> Option<()> {
    let allowed = |key: &Value| REQUEST_OPTIONS.iter().any(|allowed| key.as_str() == Some(allowed.as_bytes()));
    let wrong: Set = request.keys().filter(|key| !allowed(key)).collect();
    if !wrong.is_empty() {
        return refuse(1, &[Part::Text("invalid request parameters(s): "), Part::Value(wrong.into())]);
    }
    let missing = NEEDED.iter().filter(|key| text_field(request, key).is_undefined());
    refuse_keys(1, "missing required request parameters(s): ", missing.copied().collect())
}

fn text_field(object: Object, key: &str) -> Value {
    object.get(Value::string(key.as_bytes()))
}

fn bytes_field(object: Object, key: &str) -> &'static [u8] {
    text_field(object, key).as_str().unwrap_or_default()
}

fn text_or_empty(value: Value) -> Value {
    if value.is_string() { value } else { Value::string(b"") }
}

/// The hash of the body, or the word for none.
fn payload_hash(request: Object, config: Object) -> Option<String> {
    let body = match (text_field(request, "raw_body").defined(), text_field(request, "body").defined()) {
        (Some(raw), _) => raw.as_str().unwrap_or_default(),
        (None, Some(body)) => json::marshal(body).as_str()?,
        (None, None) => b"",
    };
    match text_field(config, "disable_payload_signing").defined().map(Value::as_boolean) {
        None | Some(Some(false)) => Some(HEXLOWER.encode(&Sha256::digest(body))),
        Some(Some(true)) => Some("UNSIGNED-PAYLOAD".into()),
        Some(None) => refuse(2, &[Part::Text("invalid value for 'disable_payload_signing' in AWS config")]),
    }
}

/// A time as signatures write it, in UTC.
struct Stamp {
    /// `20060102`
    date: String,
    /// `20060102T150405Z`
    time: String,
}

impl Stamp {
    fn new(unix_ns: i64) -> Self {
        let instant = Instant::from_nanoseconds(unix_ns);
        let write = |layout| String::from_utf8_lossy(&time::format(instant, Zone::UTC, layout)).into_owned();
        Self { date: write(b"20060102"), time: write(b"20060102T150405Z") }
    }
}

/// What a request is signed with.
struct Signing {
    config: Object,
    time: Stamp,
    /// The hash of the body.
    payload: String,
}

impl Signing {
    /// The value of `Authorization` and the headers that are added.
    fn sign(&self, headers: Object, method: &[u8], uri: &Uri) -> (Vec<u8>, Vec<(&'static str, Vec<u8>)>) {
        let text = |key| bytes_field(self.config, key);
        let (service, region) = (text("aws_service"), text("aws_region"));
        let added = self.added_headers(service, uri);
        let mut to_sign: BTreeMap<Vec<u8>, Vec<u8>> =
            added.iter().map(|(name, value)| (name.as_bytes().to_vec(), value.clone())).collect();
        for (name, value) in headers.entries() {
            let name = unicode::map(name.as_str().unwrap_or_default(), unicode::to_lower);
            if !UNSIGNED.contains(&name.as_slice()) {
                to_sign.insert(name, value.as_str().unwrap_or_default().to_vec());
            }
        }
        let names: Vec<&[u8]> = to_sign.keys().map(Vec::as_slice).collect();
        let names = names.join(&b';');
        let path = uri.escaped_path();
        let mut canonical = [method, b"\n", &path, b"\n", &uri.raw_query, b"\n"].concat();
        for (name, value) in &to_sign {
            canonical.extend_from_slice(&[name, &b":"[..], value, b"\n"].concat());
        }
        canonical.extend_from_slice(&[b"\n", names.as_slice(), b"\n", self.payload.as_bytes()].concat());
        let scope = [self.time.date.as_bytes(), region, service, SCOPE_END].join(&b'/');
        let hash = HEXLOWER.encode(&Sha256::digest(&canonical));
        let to_sign = [ALGORITHM, self.time.time.as_bytes(), &scope, hash.as_bytes()].join(&b'\n');
        let secret = [b"AWS4", text("aws_secret_access_key")].concat();
        let parts = [self.time.date.as_bytes(), region, service, SCOPE_END, &to_sign];
        let signature = parts.iter().fold(secret, |key, part| authenticate(&key, part));
        let signature = HEXLOWER.encode(&signature);
        let credential = [ALGORITHM, b" Credential=", text("aws_access_key"), b"/", &scope].concat();
        let signed = [b",SignedHeaders=", names.as_slice(), b",Signature=", signature.as_bytes()].concat();
        let authorization = [credential, signed].concat();
        (authorization, added)
    }

    fn added_headers(&self, service: &[u8], uri: &Uri) -> Vec<(&'static str, Vec<u8>)> {
        let mut added = alloc::vec![("host", uri.host.clone()), ("x-amz-date", self.time.time.as_bytes().to_vec())];
        if matches!(service, b"s3" | b"glacier") {
            added.push(("x-amz-content-sha256", self.payload.as_bytes().to_vec()));
        }
        let token = bytes_field(self.config, "aws_session_token");
        if !token.is_empty() {
            added.push(("x-amz-security-token", token.to_vec()));
        }
        added
    }
}

fn authenticate(key: &[u8], text: &[u8]) -> Vec<u8> {
    // A key may have any length.
    let Ok(mut code) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    code.update(text);
    code.finalize().into_bytes().to_vec()
}
