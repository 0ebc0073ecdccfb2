//! Cases that are known to fail, each with its reason. The list only shrinks: a case on it that passes is an error too, until it is
//! taken off.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::case::{list, read_json, text};

/// The list of this repository.
#[must_use]
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("expected-failures.json")
}

/// The list of expected failures.
#[derive(Clone, Debug, Default)]
pub struct ExpectedFailures {
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    pattern: String,
    reason: String,
}

impl ExpectedFailures {
    /// Reads a list: `{"failures": [{"pattern": "v1/every/every.json:3", "reason": "…"}]}`. A `*` in a pattern stands for any text.
    ///
    /// # Errors
    /// When the file cannot be read, or a row has no pattern or no reason.
    pub fn read(path: &Path) -> Result<Self> {
        let json = read_json(path)?;
        let mut rows = Vec::new();
        for (index, row) in list(&json, "failures")?.iter().enumerate() {
            let read = || -> Result<Row> {
                let row = Row { pattern: text(row, "pattern")?.to_owned(), reason: text(row, "reason")?.to_owned() };
                if row.reason.trim().is_empty() { bail!("an expected failure needs a reason") } else { Ok(row) }
            };
            rows.push(read().with_context(|| format!("row {index} of {}", path.display()))?);
        }
        Ok(Self { rows })
    }

    /// Why a case is expected to fail; none if it is not.
    #[must_use]
    pub fn reason(&self, id: &str) -> Option<&str> {
        self.rows.iter().find(|row| matches(&row.pattern, id)).map(|row| row.reason.as_str())
    }

    /// The patterns that fit none of these cases.
    #[must_use]
    pub fn unused<'a>(&'a self, ids: &[String]) -> Vec<&'a str> {
        let rows = self.rows.iter().filter(|row| !ids.iter().any(|id| matches(&row.pattern, id)));
        rows.map(|row| row.pattern.as_str()).collect()
    }
}

/// Whether a text fits a pattern in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => match text.strip_prefix(before) {
            Some(rest) => (0..=rest.len()).filter_map(|at| rest.get(at..)).any(|rest| matches(after, rest)),
            None => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("v1/*:3", "v1/every/every.json:3"));
        assert!(!matches("v1/*:3", "v0/every/every.json:3"));
        assert!(matches("v1/every.json:3", "v1/every.json:3"));
        assert!(!matches("v1/every.json:3", "v1/every.json:31"));
    }
}
