//! What a token's header says about its signature (RFC 7515, section 4.1).

use crate::error::{self, Part};
use crate::{Array, Object, Value};

/// The fields that OPA knows; those that are missing are empty.
pub(super) struct Header {
    pub(super) algorithm: &'static [u8],
    pub(super) key_id: &'static [u8],
    pub(super) content_type: &'static [u8],
    /// The fields that one must know.
    critical: Option<Array>,
    object: Object,
}

/// The fields that OPA knows.
const KNOWN: [&[u8]; 5] = [b"alg", b"crit", b"cty", b"kid", b"typ"];

impl Header {
    /// Reads a header; a field of the wrong type is an error, the first in the order of their names.
    pub(super) fn new(object: Object) -> Option<Self> {
        let algorithm = text(object, "alg")?;
        let critical = critical(object)?;
        let content_type = text(object, "cty")?;
        let key_id = text(object, "kid")?;
        text(object, "typ")?;
        Some(Self { algorithm, key_id, content_type, critical, object })
    }

    /// Whether the header names an algorithm and has no critical field that OPA does not know.
    pub(super) fn is_valid(&self) -> bool {
        let is_strange =
            |name: Value| self.object.contains_key(name) && name.as_str().is_some_and(|name| !KNOWN.contains(&name));
        // Names after one that is no string do not count, as in OPA.
        let names = self.critical.into_iter().flat_map(|names| names.iter());
        !self.algorithm.is_empty() && !names.take_while(|name| name.is_string()).any(is_strange)
    }
}

fn text(object: Object, name: &str) -> Option<&'static [u8]> {
    let value = object.get(Value::string(name.as_bytes()));
    if value.is_undefined() {
        return Some(b"");
    }
    if !value.is_string() {
        error::fail_with(&[Part::Text(name), Part::Text(": must be a string")]);
    }
    value.as_str()
}

/// The names in `crit`, if it is there: an array whose first element is a string.
fn critical(object: Object) -> Option<Option<Array>> {
    let value = object.get(Value::string(b"crit"));
    if value.is_undefined() {
        return Some(None);
    }
    let Some(names) = value.as_array() else {
        error::fail("crit: must be a list");
        return None;
    };
    if !names.get(0).is_string() {
        error::fail("crit: must be a nonempty list");
        return None;
    }
    Some(Some(names))
}
