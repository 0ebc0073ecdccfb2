//! Options that several commands share, and the forms of their values.

use std::time::Duration;

use clap::Args;
use regoc_compiler::source::RegoVersion;

use crate::compile::Request;
use crate::failure::Failure;
use crate::files::Loading;
use crate::schemas;

/// How Rego is read.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Language {
    /// Read policies as Rego before OPA 1.0, where `if` and `contains` are optional
    #[arg(long)]
    pub(crate) v0_compatible: bool,

    /// Read policies as Rego 1.0 (the default)
    #[arg(long, hide = true)]
    pub(crate) v1_compatible: bool,

    /// Allow only the builtins and features that this capabilities file of OPA lists
    #[arg(long, value_name = "FILE")]
    pub(crate) capabilities: Option<String>,

    /// Refuse unused imports and variables, and deprecated builtins
    #[arg(long, short = 'S')]
    pub(crate) strict: bool,
}

impl Language {
    /// The version of Rego of files and queries.
    pub(crate) fn version(&self) -> RegoVersion {
        if self.v0_compatible { RegoVersion::V0 } else { RegoVersion::V1 }
    }
}

/// What types are checked against.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Schema {
    /// Check types against a JSON Schema of the input, or against the schemas in a folder that metadata names
    #[arg(long, short = 's', value_name = "PATH")]
    schema: Option<String>,
}

impl Schema {
    /// Has the compiler check types against schemas.
    ///
    /// # Errors
    ///
    /// When a schema cannot be read.
    pub(crate) fn add_to(&self, request: Request) -> Result<Request, Failure> {
        let schemas = self.schema.as_deref().map(schemas::load).transpose()?;
        Ok(Request { schemas, schema_annotations: true, ..request })
    }
}

/// What is left out when folders are read.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Ignore {
    /// Leave out files and folders whose names match a pattern, for example '.*' for hidden files
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
}

impl Ignore {
    /// How to load with this.
    pub(crate) fn loading(&self, version: RegoVersion) -> Loading {
        Loading { version, ignore: self.ignore.clone(), only_rego: false, plans: false }
    }
}

/// Reads a duration as Go writes it: `1.5s`, `300ms`, `1m30s`, or `0`.
///
/// # Errors
///
/// When the text is not such a duration.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a duration such as 300ms, 1.5s or 1m30s");
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.').ok_or_else(wrong)?;
        let (number, after) = rest.split_at(digits);
        let number: f64 = number.parse().map_err(|_| wrong())?;
        // Longer units first: `ms` begins with `m`.
        let units = [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
        let (unit, seconds) = units.into_iter().find(|(unit, _)| after.starts_with(unit)).ok_or_else(wrong)?;
        total += number * seconds;
        rest = after.strip_prefix(unit).unwrap_or_default();
    }
    if text.is_empty() { Err(wrong()) } else { Duration::try_from_secs_f64(total).map_err(|_| wrong()) }
}

/// Reads a number of bytes: `65536`, `64KiB`, `512MiB`, `2GiB`.
///
/// # Errors
///
/// When the text is not such a number, or more than 4 GiB, which is what WebAssembly can address.
pub(crate) fn bytes(text: &str) -> Result<usize, String> {
    let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
    let (number, unit) =
        units.into_iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, unit))).unwrap_or((text, 1));
    number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(unit))
        .filter(|bytes| *bytes <= 1 << 32)
        .and_then(|bytes| usize::try_from(bytes).ok())
        .ok_or_else(|| format!("`{text}` is not a size such as 64MiB, up to 4GiB"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{bytes, duration};

    #[test]
    fn durations_are_go_s() {
        for (text, milliseconds) in [("300ms", 300), ("1.5s", 1500), ("1m30s", 90_000), ("0", 0), ("2h", 7_200_000)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "1", "s", "1x", "-1s", "1s2"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("64MiB"), Ok(64 << 20));
        assert_eq!(bytes("100"), Ok(100));
        assert!(bytes("5GiB").is_err() && bytes("x").is_err());
    }
}
