//! What became of the cases, as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use crate::errors::Agreement;
use crate::expected::ExpectedFailures;
use crate::runner::Outcome;

/// The failures, each with its place, its name, the reason, and the command that runs it again.
#[must_use]
pub fn failures(outcomes: &[Outcome], expected: &ExpectedFailures, command: &str) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let Some(failure) = &outcome.failure else { continue };
        let (id, note) = (&outcome.id, &outcome.note);
        let _ = writeln!(text, "FAILED {id} {note}");
        if let Some(reason) = expected.reason(id) {
            let _ = writeln!(text, "     expected: {reason}");
        }
        let _ = writeln!(text, "     {}", failure.replace('\n', "\n     "));
        let _ = writeln!(text, "     {command} --only {id}\n");
    }
    text
}

/// A table of the categories: how many cases passed and failed.
#[must_use]
pub fn categories(outcomes: &[Outcome]) -> String {
    table(outcomes, "category", |outcome| &outcome.category)
}

/// A table of the suites, which are OPA's folders of cases, with the part of each that passed; none when all cases are of one folder.
#[must_use]
pub fn suites(outcomes: &[Outcome]) -> Option<String> {
    let suite = |outcome: &Outcome| outcome.id.split_once('/').map_or("", |(suite, _)| suite).to_owned();
    let first = suite(outcomes.first()?);
    outcomes
        .iter()
        .any(|outcome| suite(outcome) != first)
        .then(|| table(outcomes, "suite", |outcome| outcome.id.split_once('/').map_or("", |(suite, _)| suite)))
}

fn table(outcomes: &[Outcome], title: &str, key: fn(&Outcome) -> &str) -> String {
    let mut rows: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for outcome in outcomes {
        let row = rows.entry(key(outcome)).or_default();
        if outcome.failure.is_none() { row.0 += 1 } else { row.1 += 1 }
    }
    let width = rows.keys().map(|name| name.len()).max().unwrap_or(0).max(title.len());
    let mut text = format!("{title:width$}  passed  failed    part\n");
    for (name, (passed, failed)) in rows {
        let part = 100.0 * passed as f64 / (passed + failed) as f64;
        let _ = writeln!(text, "{name:width$}  {passed:6}  {failed:6}  {part:4.1} %");
    }
    text
}

/// The slowest cases, the slowest first.
#[must_use]
pub fn slowest(outcomes: &[Outcome], count: usize) -> String {
    let mut by_time: Vec<(Duration, &str)> =
        outcomes.iter().map(|outcome| (outcome.time, outcome.id.as_str())).collect();
    by_time.sort_by(|a, b| b.cmp(a));
    let lines = by_time.iter().take(count).map(|(time, id)| format!("{:8.1} ms  {id}\n", time.as_secs_f64() * 1e3));
    lines.collect()
}

/// A property of errors that is judged by itself.
type Property = (&'static str, fn(&Agreement) -> bool);

/// The properties, with their titles.
const PROPERTIES: &[Property] = &[
    ("codes", |it| it.code),
    ("rows", |it| it.row),
    ("columns", |it| it.column),
    ("texts", |it| it.text),
    ("all", |it| it.all),
];

/// A table of how much of the errors agreed in error cases, code by code and property by property; none when there were no such cases.
#[must_use]
pub fn agreement(outcomes: &[Outcome]) -> Option<String> {
    let mut rows: BTreeMap<&str, Vec<Agreement>> = BTreeMap::new();
    for outcome in outcomes {
        let Some(agreement) = outcome.agreement else { continue };
        // The files of error cases are called after the codes.
        let file = outcome.id.rsplit('/').next().unwrap_or_default();
        let code = file.split('.').next().unwrap_or_default();
        rows.entry(code).or_default().push(agreement);
        rows.entry("together").or_default().push(agreement);
    }
    if rows.is_empty() {
        return None;
    }
    let width = rows.keys().map(|code| code.len()).max().unwrap_or(0);
    let mut text = format!("{:width$}  cases", "errors agree");
    for (title, _) in PROPERTIES {
        let _ = write!(text, "  {title:>14}");
    }
    for (code, agreements) in &rows {
        let _ = write!(text, "\n{code:width$}  {:5}", agreements.len());
        for (_, property) in PROPERTIES {
            let count = agreements.iter().filter(|it| property(it)).count();
            let part = 100.0 * count as f64 / agreements.len() as f64;
            let _ = write!(text, "  {count:5} {part:6.1} %");
        }
    }
    Some(text)
}

/// The last line.
#[must_use]
pub fn summary(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter(|outcome| outcome.failure.is_some()).count();
    format!("{} passed, {failed} failed", outcomes.len() - failed)
}
