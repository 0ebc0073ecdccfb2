//! Shows which statement of a test failed: its text with the values in it, as OPA's `--var-values`, or the way there, as its `-v`.
//!
//! Works on what a module told while the test ran; decides no verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use regoc_compiler::plan::ir::Probe;
use regoc_compiler::source::{Name, SourceSet, Span};

use super::report::{LINE, indented, title};
use super::result::{Cases, Test, TestResult, Tried};

/// How much of a value is shown, in bytes.
const WIDTH: usize = 64;

/// The spaces between the columns of a trace.
const PADDING: usize = 4;

/// What is shown.
#[derive(Debug)]
pub(crate) struct Shows {
    /// The way to the statement.
    pub(crate) trace: bool,
    /// The statement with its values.
    pub(crate) values: bool,
    /// How long the tests took when they failed.
    pub(crate) durations: BTreeMap<Vec<Name>, Duration>,
}

/// The title of the section.
pub(crate) fn head() -> String {
    let line = "-".repeat(LINE);
    format!("{line}\nFAILURES\n{line}\n")
}

/// What is shown of a test that failed.
pub(crate) fn failure(
    test: &Test,
    result: &TestResult,
    probes: &[Probe],
    sources: &SourceSet,
    shows: &Shows,
) -> String {
    let duration = shows.durations.get(&test.rule.path).copied().unwrap_or(result.duration);
    let mut text = format!("{}\n", title(test, &TestResult { duration, ..result.clone() }));
    let show = |tried: &Tried| probes.get(tried.probe).map(|probe| Statement::new(probe, tried, sources));
    if shows.trace {
        text.push('\n');
        text.push_str(&trace(test, result.tried.as_ref().and_then(show)));
    }
    if result.cases.is_empty() {
        if shows.values {
            text.push('\n');
            if let Some(statement) = result.tried.as_ref().and_then(show) {
                let _ = writeln!(text, "{}\n{}", statement.place(2), indented(&statement.text(), 4));
            }
        }
    } else {
        text.push('\n');
        each_failed_leaf(&result.cases, &mut Vec::new(), &mut |path| {
            for (depth, name) in path.iter().enumerate() {
                let _ = writeln!(text, "{}{name}: FAIL", "  ".repeat(depth + 1));
            }
            if shows.values {
                let indent = 2 * (path.len() + 1);
                let space = " ".repeat(indent);
                let _ = writeln!(text, "{space}");
                let tried =
                    result.told.iter().rev().find(|told| told.path == *path).and_then(|told| told.tried.as_ref());
                if let Some(statement) = tried.and_then(show) {
                    let lines = indented(&statement.text(), indent + 4);
                    let _ = writeln!(text, "{}\n{lines}{space}", statement.place(indent + 2));
                }
            }
        });
    }
    text.push('\n');
    text
}

/// Calls a function with the names that lead to each case that failed and has no cases in it.
fn each_failed_leaf(cases: &Cases, path: &mut Vec<String>, visit: &mut impl FnMut(&[String])) {
    for (name, case) in cases {
        path.push(name.clone());
        if case.fail && case.cases.is_empty() {
            visit(path);
        }
        each_failed_leaf(&case.cases, path, visit);
        path.pop();
    }
}

/// The way to a statement: the query, the rule, the statement.
fn trace(test: &Test, statement: Option<Statement<'_>>) -> String {
    let Some(statement) = statement else { return String::new() };
    let query = format!("{} = _", test.rule.reference);
    let rows = [
        ("query:1".to_owned(), format!("Enter {query}")),
        (format!("{}:{}", test.file, test.row), format!("| Enter {}", test.rule.reference)),
        (format!("{}:{}", statement.file, statement.row), format!("| | Fail {}", one_line(statement.whole))),
        ("query:1".to_owned(), format!("| Fail {query}")),
    ];
    let width = rows.iter().map(|(place, _)| place.len()).max().unwrap_or_default() + PADDING;
    rows.iter().fold(String::new(), |mut text, (place, what)| {
        let _ = writeln!(text, "  {place:width$} {what}");
        text
    })
}

/// A statement on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A statement with the values of its terms.
struct Statement<'s> {
    file: &'s str,
    row: u32,
    /// What stands before it in its line, tabs as tabs and anything else as spaces.
    before: String,
    whole: &'s str,
    terms: Vec<Shown<'s>>,
}

/// A term with its value.
struct Shown<'s> {
    text: &'s str,
    row: u32,
    col: usize,
    value: String,
}

impl<'s> Statement<'s> {
    fn new(probe: &Probe, tried: &Tried, sources: &'s SourceSet) -> Self {
        let source = sources.get(probe.span.file);
        let place = source.position(probe.span.start);
        let values: BTreeMap<usize, &String> = tried.values.iter().map(|(term, value)| (*term, value)).collect();
        let mut names = BTreeSet::new();
        let mut terms: Vec<Shown<'s>> = probe
            .terms
            .iter()
            .enumerate()
            .filter_map(|(index, (span, needed))| {
                let value = match values.get(&index) {
                    Some(value) => truncated(value),
                    None if *needed => "undefined".to_owned(),
                    None => return None,
                };
                Some(shown(*span, value, sources))
            })
            .collect();
        // A term that occurs more than once is shown where it comes first.
        terms.retain(|term| names.insert(term.text));
        terms.sort_by(|a, b| (a.col, b.row, a.text).cmp(&(b.col, a.row, b.text)));
        let line = source.line(place.row);
        let before = line.chars().take(place.col.saturating_sub(1) as usize);
        Self {
            file: &source.name,
            row: place.row,
            before: before.map(|character| if character == '\t' { '\t' } else { ' ' }).collect(),
            whole: sources.text(probe.span),
            terms,
        }
    }

    /// The line with the place.
    fn place(&self, indent: usize) -> String {
        format!("{}{}:{}:", " ".repeat(indent), self.file, self.row)
    }

    /// The statement, and below it an arrow to each term with its value.
    fn text(&self) -> String {
        let mut text = format!("{}{}", self.before, self.whole);
        if self.terms.is_empty() {
            return text;
        }
        let rows: BTreeSet<u32> = self.terms.iter().map(|term| term.row).collect();
        if rows.len() > 1 && self.before.contains('\t') {
            // Nothing can point to what lies on several lines.
            text.push_str("\n\nWhere:\n");
            let mut terms: Vec<&Shown<'_>> = self.terms.iter().collect();
            terms.sort_by_key(|term| term.text);
            for term in terms {
                let _ = write!(text, "\n{}: {}", term.text, term.value);
            }
            return text;
        }
        text.push('\n');
        text.push_str(&self.arrows(None));
        for last in (0..self.terms.len()).rev() {
            text.push('\n');
            text.push_str(&self.arrows(Some(last)));
        }
        text
    }

    /// A line of arrows; the last one shown may be a value instead.
    fn arrows(&self, value_at: Option<usize>) -> String {
        let shown = value_at.map_or(self.terms.len(), |last| last + 1);
        let mut line = String::new();
        let mut at = 0;
        for (index, term) in self.terms.iter().enumerate().take(shown) {
            let is_last = index + 1 == shown;
            let shares = |other: Option<&Shown<'_>>| other.is_some_and(|other| other.col == term.col);
            let next = self.terms.get(index + 1);
            if !is_last && shares(next) {
                continue;
            }
            while at + 1 < term.col {
                line.push(if self.before.chars().nth(at) == Some('\t') { '\t' } else { ' ' });
                at += 1;
            }
            let before = index.checked_sub(1).and_then(|before| self.terms.get(before));
            match value_at {
                Some(_) if is_last && (shares(before) || shares(next)) => {
                    let _ = write!(line, "{}: {}", term.text, term.value);
                }
                Some(_) if is_last => line.push_str(&term.value),
                _ => line.push('|'),
            }
            at = term.col;
        }
        line
    }
}

fn shown(span: Span, value: String, sources: &SourceSet) -> Shown<'_> {
    let place = sources.position(span);
    Shown { text: sources.text(span), row: place.row, col: place.col as usize, value }
}

/// The beginning of a value that is long.
fn truncated(value: &str) -> String {
    if value.len() <= WIDTH {
        return value.to_owned();
    }
    let end = (0..=WIDTH - 3).rev().find(|at| value.is_char_boundary(*at)).unwrap_or(0);
    format!("{}...", value.get(..end).unwrap_or_default())
}
