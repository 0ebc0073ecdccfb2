//! URI references: `uri.parse`, `uri.is_valid`. The rules are in [`crate::uri`].

use alloc::string::String;
use alloc::vec::Vec;

use super::operand::string;
use crate::error::{self, Part};
use crate::format::quote;
use crate::uri::{self, Error};
use crate::{Object, Value};

/// `uri.is_valid(text)`
#[must_use]
pub fn is_valid(text: Value) -> Value {
    Value::boolean(text.as_str().is_some_and(|text| !text.is_empty() && uri::parse(text).is_ok()))
}

/// `uri.parse(text)`: the parts that are there, by name.
#[must_use]
pub fn parse(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    let Some(uri) = parsed(text) else { return Value::UNDEFINED };
    let parts = Object::new(8);
    let add = |name: &[u8], part: &[u8]| {
        if !part.is_empty() {
            parts.insert(Value::string(name), Value::string(part));
        }
    };
    add(b"scheme", &uri.scheme);
    add(b"hostname", &uri.hostname);
    add(b"port", &uri.port);
    add(b"path", &uri.path);
    if !uri.path.is_empty() {
        add(b"raw_path", &uri.raw_path);
    }
    add(b"raw_query", &uri.raw_query);
    add(b"fragment", &uri.fragment);
    parts.into()
}

/// A reference, or none after the failure is noted in Go's words.
pub(crate) fn parsed(text: &[u8]) -> Option<uri::Uri> {
    match uri::parse(text) {
        Ok(uri) => Some(uri),
        Err(fault) => {
            refuse(text, &fault);
            None
        }
    }
}

fn refuse(text: &[u8], fault: &Error) -> Value {
    error::fail_with(&[Part::Bytes(&message(text, fault))])
}

/// Go's message for a text that is no URL.
#[must_use]
pub fn message(text: &[u8], fault: &Error) -> Vec<u8> {
    let quoted = |words: &[u8]| String::from_utf8_lossy(&quote(words)).into_owned();
    let why = match fault {
        Error::Text(why) => String::from(*why),
        Error::Escape(escape) => alloc::format!("invalid URL escape {}", quoted(escape)),
        Error::HostByte(byte) => alloc::format!("invalid character {} in host name", quoted(&[*byte])),
        Error::Port(port) => alloc::format!("invalid port {} after host", quoted(port)),
        Error::Address { text, why, rest } => {
            let place = if rest.is_empty() { String::new() } else { alloc::format!(" (at {})", quoted(rest)) };
            alloc::format!("invalid host: ParseAddr({}): {why}{place}", quoted(text))
        }
    };
    // The fragment is looked at last: a fault before it is told without it.
    let end = text.iter().position(|byte| *byte == b'#').unwrap_or(text.len());
    let before = text.get(..end).unwrap_or_default();
    let text = if uri::parse(before).is_err() { before } else { text };
    [b"parse ", quote(text).as_slice(), b": ", why.as_bytes()].concat()
}
