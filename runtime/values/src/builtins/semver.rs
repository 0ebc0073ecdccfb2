//! Semantic versions: `semver.compare`, `semver.is_valid`.

use core::cmp::Ordering;

use semver::Version;

use super::operand;
use crate::Value;
use crate::error::{self, Part};

/// `semver.compare(a, b)`: -1, 0 or 1 by precedence, for which what was built does not count
#[must_use]
pub fn compare(a: Value, b: Value) -> Value {
    let Some((a, b)) = operand::pair(operand::string, a, b) else { return Value::UNDEFINED };
    let Some(first) = parse(a) else { return refuse("operand 1: string ", a) };
    let Some(second) = parse(b) else { return refuse("operand 2: string ", b) };
    Value::integer(match first.cmp_precedence(&second) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    })
}

/// `semver.is_valid(version)`
#[must_use]
pub fn is_valid(version: Value) -> Value {
    Value::boolean(version.as_str().and_then(parse).is_some())
}

/// Reads a version as OPA does (`internal/semver`): with a `v` before it or none, and with numbers of 63 bits.
fn parse(text: &[u8]) -> Option<Version> {
    let text = core::str::from_utf8(text.strip_prefix(b"v").unwrap_or(text)).ok()?;
    let version = Version::parse(text).ok()?;
    let fits = [version.major, version.minor, version.patch].iter().all(|number| i64::try_from(*number).is_ok());
    fits.then_some(version)
}

fn refuse(operand: &str, text: &[u8]) -> Value {
    error::fail_with(&[Part::Text(operand), Part::Quoted(text), Part::Text(" is not a valid SemVer")])
}
