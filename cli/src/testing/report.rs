//! Shows results of tests for people and as JSON, in OPA's forms (`v1/tester/reporter.go`).

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::Value;

use super::result::{Cases, Test, TestError, TestResult, Verdict, each_case};
use super::runner::is_timeout;
use crate::json;

/// The width of a line between parts.
pub(super) const LINE: usize = 80;

/// How many tests and cases have which verdict.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    pass: usize,
    fail: usize,
    skipped: usize,
    error: usize,
}

/// Shows results for people, each as soon as it is there.
#[derive(Debug, Default)]
pub(crate) struct Pretty {
    verbose: bool,
    counts: Counts,
    /// Whether anything was shown.
    dirty: bool,
    last_file: Option<String>,
}

impl Pretty {
    /// Shows those that passed, too, if it is `verbose`.
    pub(crate) fn new(verbose: bool) -> Self {
        Self { verbose, ..Self::default() }
    }

    /// The text for a result.
    pub(crate) fn result(&mut self, test: &Test, result: &TestResult) -> String {
        self.counts.add(result);
        let mut text = String::new();
        if self.verbose || !matches!(result.verdict, Verdict::Pass) {
            if self.last_file.as_ref().is_some_and(|last| *last != test.file) {
                text.push('\n');
            }
            // Writing into a String cannot fail.
            let _ = writeln!(text, "{}:{}:", test.file, test.row);
            self.last_file = Some(test.file.clone());
            self.dirty = true;
            text.push_str(&title(test, result));
            text.push('\n');
            each_case(&result.cases, 1, &mut |depth, name, case| {
                if case.fail || self.verbose {
                    let _ = writeln!(text, "{}{name}: {}", "  ".repeat(depth), case.word());
                }
            });
            if !result.output.is_empty() {
                let _ = write!(text, "\n{}\n\n", indented(result.output.trim(), 2));
            }
        }
        if let Verdict::Error(error) = &result.verdict {
            let _ = writeln!(text, "  {}", error_text(error));
        }
        text
    }

    /// The text behind all results: counts.
    pub(crate) fn summary(&self) -> String {
        let mut text = if self.dirty { format!("{}\n", "-".repeat(LINE)) } else { String::new() };
        let Counts { pass, fail, skipped, error } = self.counts;
        let total = pass + fail + skipped + error;
        for (word, count) in [("PASS", pass), ("FAIL", fail), ("SKIPPED", skipped), ("ERROR", error)] {
            if count > 0 {
                let _ = writeln!(text, "{word}: {count}/{total}");
            }
        }
        text
    }
}

impl Counts {
    fn add(&mut self, result: &TestResult) {
        match result.verdict {
            Verdict::Skipped => self.skipped += 1,
            Verdict::Error(_) => self.error += 1,
            Verdict::Pass if result.cases.is_empty() => self.pass += 1,
            Verdict::Fail if result.cases.is_empty() => self.fail += 1,
            // Only cases without cases in them count.
            Verdict::Pass | Verdict::Fail => each_case(&result.cases, 0, &mut |_, _, case| {
                if case.cases.is_empty() {
                    *(if case.fail { &mut self.fail } else { &mut self.pass }) += 1;
                }
            }),
        }
    }
}

/// The line of a test: its name, the verdict, and how long it took.
pub(crate) fn title(test: &Test, result: &TestResult) -> String {
    let name = format!("{}.{}: {}", test.rule.package, test.rule.name, result.verdict.word());
    match result.verdict {
        Verdict::Skipped => name,
        _ => format!("{name} ({})", go_duration(result.duration)),
    }
}

/// The line of a test with those of its cases below.
pub(crate) fn with_cases(test: &Test, result: &TestResult) -> String {
    let mut text = title(test, result);
    text.push('\n');
    each_case(&result.cases, 0, &mut |depth, name, case| {
        let _ = writeln!(text, "{}{name}: {}", "  ".repeat(depth), case.word());
    });
    text
}

/// An error as OPA shows it in text.
pub(crate) fn error_text(error: &TestError) -> String {
    let error = match error {
        TestError::Query(text) => return text.clone(),
        TestError::Evaluation(error) => error,
    };
    let mut text = String::new();
    if let Some(place) = error.location() {
        let _ = write!(text, "{}:{}: ", place.file, place.row);
    }
    if let Some(code) = error.code() {
        let _ = write!(text, "{code}: ");
    }
    text.push_str(message(error));
    text
}

/// The message of an error, in OPA's words.
fn message(error: &regoc_runtime::Error) -> &str {
    if is_timeout(error) { "caller cancelled query execution" } else { error.message() }
}

/// A text with spaces before each line.
pub(crate) fn indented(text: &str, spaces: usize) -> String {
    let indent = " ".repeat(spaces);
    text.split('\n').map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}

/// All results as JSON.
pub(crate) fn to_json(tests: &[Test], results: &[TestResult]) -> String {
    let items: Vec<String> =
        results.iter().filter_map(|result| Some(result_json(tests.get(result.test)?, result))).collect();
    format!("{}\n", json::array(items.into_iter(), 0))
}

fn quoted(text: &str) -> String {
    json::compact(&Value::from(text))
}

fn place(file: &str, row: u32, col: u32, levels: usize) -> String {
    json::fields(&[("file", quoted(file)), ("row", row.to_string()), ("col", col.to_string())], levels)
}

fn result_json(test: &Test, result: &TestResult) -> String {
    let mut entries = vec![
        ("location", place(&test.file, test.row, test.col, 2)),
        ("package", quoted(&test.rule.package)),
        ("name", quoted(&test.rule.name)),
    ];
    match &result.verdict {
        Verdict::Pass => {}
        Verdict::Fail => entries.push(("fail", "true".to_owned())),
        Verdict::Skipped => entries.push(("skip", "true".to_owned())),
        Verdict::Error(error) => entries.push(("error", error_json(error, 2))),
    }
    entries.push(("duration", result.duration.as_nanos().to_string()));
    if !result.output.is_empty() {
        entries.push(("output", quoted(&BASE64.encode(result.output.as_bytes()))));
    }
    if !result.cases.is_empty() {
        entries.push(("sub_results", cases_json(&result.cases, 2)));
    }
    json::fields(&entries, 1)
}

fn cases_json(cases: &Cases, levels: usize) -> String {
    let items: Vec<(String, String)> = cases
        .iter()
        .map(|(name, case)| {
            let mut entries = Vec::new();
            if !name.is_empty() {
                entries.push(("name", quoted(name)));
            }
            if case.fail {
                entries.push(("fail", "true".to_owned()));
            }
            if !case.cases.is_empty() {
                entries.push(("sub_results", cases_json(&case.cases, levels + 2)));
            }
            // The key is escaped as a string is; its quotes come with the field.
            let key = quoted(name);
            let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or_default().to_owned();
            (key, json::fields(&entries, levels + 1))
        })
        .collect();
    let items: Vec<(&str, String)> = items.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    json::fields(&items, levels)
}

fn error_json(error: &TestError, levels: usize) -> String {
    let mut entries = Vec::new();
    match error {
        TestError::Query(text) => entries.push(("message", quoted(text))),
        TestError::Evaluation(error) => {
            entries.extend(error.code().map(|code| ("code", quoted(code))));
            entries.push(("message", quoted(message(error))));
            let location = error.location();
            entries.extend(location.map(|at| ("location", place(&at.file, at.row, at.col, levels + 1))));
        }
    }
    json::fields(&entries, levels)
}

/// A duration as Go writes it: `1.5µs`, `2.001s`, `1m0.5s`.
pub(crate) fn go_duration(duration: Duration) -> String {
    let nanoseconds = duration.as_nanos();
    let decimal = |unit: u128, name: &str| {
        let (whole, part) = (nanoseconds / unit, nanoseconds % unit);
        let digits = unit.ilog10() as usize;
        let part = format!("{part:0digits$}");
        let part = part.trim_end_matches('0');
        if part.is_empty() || digits == 0 { format!("{whole}{name}") } else { format!("{whole}.{part}{name}") }
    };
    match nanoseconds {
        0 => "0s".to_owned(),
        1..1_000 => format!("{nanoseconds}ns"),
        1_000..1_000_000 => decimal(1_000, "µs"),
        1_000_000..1_000_000_000 => decimal(1_000_000, "ms"),
        1_000_000_000..60_000_000_000 => decimal(1_000_000_000, "s"),
        _ => {
            let minutes = nanoseconds / 60_000_000_000;
            let rest = go_seconds(nanoseconds % 60_000_000_000);
            if minutes < 60 { format!("{minutes}m{rest}") } else { format!("{}h{}m{rest}", minutes / 60, minutes % 60) }
        }
    }
}

/// Seconds with a fraction.
fn go_seconds(nanoseconds: u128) -> String {
    let part = format!("{:09}", nanoseconds % 1_000_000_000);
    let part = part.trim_end_matches('0');
    let whole = nanoseconds / 1_000_000_000;
    if part.is_empty() { format!("{whole}s") } else { format!("{whole}.{part}s") }
}

/// Writes text to standard output at once. A reader that went away is no error.
pub(crate) fn emit(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{go_duration, indented};

    #[test]
    fn durations_are_go_s() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (999, "999ns"),
            (1_000, "1µs"),
            (1_500, "1.5µs"),
            (192_404, "192.404µs"),
            (1_000_001, "1.000001ms"),
            (2_001_000_000, "2.001s"),
            (60_500_000_000, "1m0.5s"),
            (3_661_000_000_000, "1h1m1s"),
        ] {
            assert_eq!(go_duration(Duration::from_nanos(nanoseconds)), text);
        }
    }

    #[test]
    fn each_line_is_indented() {
        assert_eq!(indented("a\n\nb", 2), "  a\n  \n  b");
    }
}
