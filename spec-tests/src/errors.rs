//! Error cases: texts that OPA refuses, with every error. Judged as OPA's own suite does: as sets, without order.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use regoc_compiler::diagnostic::Diagnostic;
use regoc_compiler::source::{RegoVersion, SourceSet};
use serde_json::Value;

use crate::case::{flag, list, text, texts};
use crate::evaluation::read_version;

/// Texts that OPA refuses.
#[derive(Clone, Debug)]
pub struct ErrorCase {
    /// How modules are read.
    pub version: RegoVersion,
    /// Whether unused imports and variables and deprecated builtins are errors.
    pub strict: bool,
    /// Whether `print` calls are kept.
    pub keep_print: bool,
    /// The modules, each with its name.
    pub modules: Vec<(String, String)>,
    /// The errors.
    pub want: BTreeSet<ErrorLine>,
    /// Whether there may be no others.
    pub exhaustive: bool,
}

/// An error with its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ErrorLine {
    /// The file; empty without a place.
    pub file: String,
    /// The row, from 1; 0 without a place.
    pub row: u32,
    /// The column, from 1; 0 where OPA has none: without a place, or at the end of a text.
    pub col: u32,
    /// OPA's code.
    pub code: String,
    /// The message.
    pub message: String,
}

impl ErrorLine {
    /// An error of the compiler as OPA would locate it.
    #[must_use]
    pub fn of(diagnostic: &Diagnostic, sources: &SourceSet) -> Self {
        let (file, row, col) = match diagnostic.span {
            Some(span) => {
                let position = sources.position(span);
                (sources.get(span.file).name.clone(), position.row, position.col)
            }
            None => (String::new(), 0, 0),
        };
        Self { file, row, col, code: diagnostic.code.as_str().to_owned(), message: diagnostic.message.clone() }
    }
}

impl ErrorCase {
    /// Reads a case of the conformance data.
    ///
    /// # Errors
    /// When a field is missing or has another type than the README says.
    pub fn read(json: &Value) -> Result<Self> {
        let modules = texts(json, "modules")?.into_iter().enumerate();
        let want = list(json, "want_errors")?.iter().map(read_line).collect::<Result<_>>()?;
        Ok(Self {
            version: read_version(text(json, "rego_version")?)?,
            strict: flag(json, "strict"),
            keep_print: flag(json, "print_statements"),
            modules: modules.map(|(index, text)| (format!("test-{index}.rego"), text)).collect(),
            want,
            exhaustive: flag(json, "exhaustive"),
        })
    }
}

fn read_line(json: &Value) -> Result<ErrorLine> {
    let number = |name: &str| -> Result<u32> {
        let number = json.get(name).and_then(Value::as_u64).unwrap_or(0);
        u32::try_from(number).with_context(|| format!("`{name}` is too large"))
    };
    Ok(ErrorLine {
        file: text(json, "file")?.to_owned(),
        row: number("row")?,
        col: number("col")?,
        code: text(json, "code")?.to_owned(),
        message: text(json, "message")?.to_owned(),
    })
}

/// How much of the errors agrees. Each flag looks at one property of all errors, whatever the others say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// The codes.
    pub code: bool,
    /// The files and rows.
    pub row: bool,
    /// The files, rows and columns.
    pub column: bool,
    /// The messages.
    pub text: bool,
    /// All of it together: the case passes.
    pub all: bool,
}

/// Compares the errors found with those that the case wants.
#[must_use]
pub fn judge(case: &ErrorCase, have: &BTreeSet<ErrorLine>) -> Agreement {
    // OPA gives no column at the end of a text; any column stands for it.
    let blank: BTreeSet<(&str, u32)> =
        case.want.iter().filter(|line| line.col == 0).map(|line| (line.file.as_str(), line.row)).collect();
    let column = |line: &ErrorLine| if blank.contains(&(line.file.as_str(), line.row)) { 0 } else { line.col };
    let place = |line: &ErrorLine| (line.file.clone(), line.row, column(line));
    Agreement {
        code: agree(case, have, |line| line.code.clone()),
        row: agree(case, have, |line| (line.file.clone(), line.row)),
        column: agree(case, have, place),
        text: agree(case, have, |line| line.message.clone()),
        all: agree(case, have, |line| (place(line), line.code.clone(), line.message.clone())),
    }
}

fn agree<T: Ord>(case: &ErrorCase, have: &BTreeSet<ErrorLine>, property: impl Fn(&ErrorLine) -> T) -> bool {
    let want: BTreeSet<T> = case.want.iter().map(&property).collect();
    let have: BTreeSet<T> = have.iter().map(&property).collect();
    if case.exhaustive { want == have } else { want.is_subset(&have) }
}

/// The errors as lines of text, for people.
#[must_use]
pub fn print(lines: &BTreeSet<ErrorLine>) -> String {
    let line = |line: &ErrorLine| format!("{}:{}:{}: {}: {}", line.file, line.row, line.col, line.code, line.message);
    lines.iter().map(line).collect::<Vec<_>>().join("\n     ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(row: u32, col: u32, message: &str) -> ErrorLine {
        ErrorLine {
            file: "test-0.rego".to_owned(),
            row,
            col,
            code: "rego_parse_error".to_owned(),
            message: message.to_owned(),
        }
    }

    fn case(want: ErrorLine, exhaustive: bool) -> ErrorCase {
        ErrorCase {
            version: RegoVersion::V1,
            strict: false,
            keep_print: true,
            modules: Vec::new(),
            want: BTreeSet::from([want]),
            exhaustive,
        }
    }

    #[test]
    fn each_property_is_judged_by_itself() {
        let agreement = judge(&case(line(1, 2, "a"), true), &BTreeSet::from([line(1, 3, "a")]));
        assert_eq!(agreement, Agreement { code: true, row: true, column: false, text: true, all: false });
    }

    #[test]
    fn a_column_is_not_asked_where_opa_has_none() {
        assert!(judge(&case(line(1, 0, "a"), true), &BTreeSet::from([line(1, 3, "a")])).all);
    }

    #[test]
    fn others_are_allowed_only_when_the_case_is_open() {
        let have = BTreeSet::from([line(1, 2, "a"), line(3, 1, "b")]);
        assert!(!judge(&case(line(1, 2, "a"), true), &have).all);
        assert!(judge(&case(line(1, 2, "a"), false), &have).all);
    }
}
