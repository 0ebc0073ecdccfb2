//! Results of tests, as data (`v1/tester/runner.go`). Knows nothing of how they are found or shown.

use std::collections::BTreeMap;
use std::time::Duration;

use regoc_compiler::resolve::{TestKind, TestRule};
use serde_json::Value;

/// A test with its place in the text.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    /// What the compiler says of it.
    pub(crate) rule: TestRule,
    /// The file.
    pub(crate) file: String,
    /// The row, from 1.
    pub(crate) row: u32,
    /// The column, from 1.
    pub(crate) col: u32,
}

/// What became of a test.
#[derive(Clone, Debug)]
pub(crate) struct TestResult {
    /// Which of the tests, by its place in their list.
    pub(crate) test: usize,
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// How long it took.
    pub(crate) duration: Duration,
    /// What it printed.
    pub(crate) output: String,
    /// The results of its cases, by name.
    pub(crate) cases: Cases,
    /// What it tried last, if the module tells.
    pub(crate) tried: Option<Tried>,
    /// The names of the cases that it began, each with what it tried last in it.
    pub(crate) told: Vec<Told>,
}

/// A statement that was tried.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    /// Its number in the plan.
    pub(crate) probe: usize,
    /// The values of its terms, each with the place of the term.
    pub(crate) values: Vec<(usize, String)>,
}

/// A case that was begun.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The names that lead to it.
    pub(crate) path: Vec<String>,
    /// The statement that was tried last in it.
    pub(crate) tried: Option<Tried>,
}

/// A verdict.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// The value is `true`, or that of all cases is.
    Pass,
    /// It is not.
    Fail,
    /// The test is not to be run yet.
    Skipped,
    /// Evaluation ended with an error.
    Error(TestError),
}

/// Why a test has no value.
#[derive(Clone, Debug)]
pub(crate) enum TestError {
    /// The runtime's error.
    Evaluation(regoc_runtime::Error),
    /// What the compiler says of asking for the test: the text that OPA shows.
    Query(String),
}

/// The results of cases, by name.
pub(crate) type Cases = BTreeMap<String, Case>;

/// The result of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Case {
    /// Whether it, or a case in it, failed.
    pub(crate) fail: bool,
    /// The cases in it.
    pub(crate) cases: Cases,
}

impl Verdict {
    /// OPA's word.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Skipped => "SKIPPED",
            Self::Error(_) => "ERROR",
        }
    }

    /// The verdict that the value of a test gives. `told` are the names of the cases that evaluation began, each a path.
    pub(crate) fn of(kind: TestKind, value: Option<&Value>, told: &[Told]) -> (Self, Cases) {
        let (passes, cases) = match (kind, value) {
            (_, None) => (false, Cases::new()),
            (TestKind::Cases, Some(value)) => {
                let (mut fails, mut cases) = cases_of(value);
                for case in told {
                    fails |= note(&mut cases, &case.path);
                }
                (!fails, cases)
            }
            (_, Some(value)) => (*value == Value::Bool(true), Cases::new()),
        };
        (if passes { Self::Pass } else { Self::Fail }, cases)
    }
}

impl Case {
    /// OPA's word.
    pub(crate) const fn word(&self) -> &'static str {
        if self.fail { "FAIL" } else { "PASS" }
    }
}

/// The cases in a value, and whether one of them failed.
fn cases_of(value: &Value) -> (bool, Cases) {
    let Value::Object(entries) = value else { return (value.is_null(), Cases::new()) };
    let cases: Cases = entries
        .iter()
        .map(|(name, value)| {
            let case = match value {
                Value::Null | Value::Bool(true) => Case::default(),
                Value::Object(_) => {
                    let (fail, cases) = cases_of(value);
                    Case { fail, cases }
                }
                _ => Case { fail: true, cases: Cases::new() },
            };
            (name.clone(), case)
        })
        .collect();
    (cases.values().any(|case| case.fail), cases)
}

/// Notes a case that evaluation began; one that has no value failed. Returns whether it did.
fn note(cases: &mut Cases, path: &[String]) -> bool {
    let Some((name, inside)) = path.split_first() else { return true };
    let case = cases.entry(name.clone()).or_insert_with(|| Case { fail: true, cases: Cases::new() });
    if inside.is_empty() {
        return case.fail;
    }
    let fails = note(&mut case.cases, inside);
    case.fail |= fails;
    fails
}

/// Calls a function with each case, outer before inner, with the number of cases around it.
pub(crate) fn each_case<'c>(cases: &'c Cases, depth: usize, visit: &mut impl FnMut(usize, &'c str, &'c Case)) {
    for (name, case) in cases {
        visit(depth, name, case);
        each_case(&case.cases, depth + 1, visit);
    }
}

#[cfg(test)]
mod tests {
    use regoc_compiler::resolve::TestKind;
    use serde_json::json;

    use super::{Told, Verdict, each_case};

    #[test]
    fn cases_that_have_no_value_failed() {
        let value = json!({"x": {"1": true}, "z": "text"});
        let told: Vec<Told> = [["x", "1"], ["x", "2"], ["y", "1"]]
            .iter()
            .map(|path| Told { path: path.iter().map(|name| (*name).to_owned()).collect(), tried: None })
            .collect();
        let (verdict, cases) = Verdict::of(TestKind::Cases, Some(&value), &told);
        let mut lines = Vec::new();
        each_case(&cases, 0, &mut |depth, name, case| lines.push(format!("{depth}{name}{}", case.word())));
        assert_eq!(verdict.word(), "FAIL");
        assert_eq!(lines, ["0xFAIL", "11PASS", "12FAIL", "0yFAIL", "11FAIL", "0zFAIL"]);
    }

    #[test]
    fn only_true_passes() {
        for (value, word) in [(json!(true), "PASS"), (json!(false), "FAIL"), (json!("x"), "FAIL"), (json!({}), "FAIL")]
        {
            assert_eq!(Verdict::of(TestKind::Single, Some(&value), &[]).0.word(), word, "{value}");
        }
        assert_eq!(Verdict::of(TestKind::Single, None, &[]).0.word(), "FAIL");
        assert_eq!(Verdict::of(TestKind::Cases, Some(&json!({})), &[]).0.word(), "PASS");
    }
}
