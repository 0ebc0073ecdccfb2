//! Judges what a host reports: each answer, each outcome of a script, what SDKs do with our module and with OPA's, and memory.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::questions::same;
use crate::evaluation::{EvaluationCase, Want};
use crate::judge::{Answer, judge};

/// How much memory may grow between the tenth and the last replacement of data, and between the thousandth and the last decision.
const GROWTH: f64 = 1.05;

/// What became of the cases of a host.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// How many passed.
    pub passed: usize,
    /// How many a host cannot be asked, because its loader takes no builtins.
    pub skipped: usize,
    /// What is wrong, a paragraph each.
    pub problems: Vec<String>,
}

impl Verdict {
    fn count(&mut self, id: &str, result: Result<(), String>) {
        match result {
            Ok(()) => self.passed += 1,
            Err(problem) => self.problems.push(format!("{id}: {problem}")),
        }
    }

    /// An error that lists the problems, if there are any.
    ///
    /// # Errors
    /// When there are problems.
    pub fn check(&self, host: &str) -> Result<()> {
        if self.problems.is_empty() { Ok(()) } else { bail!("{host}:\n{}", self.problems.join("\n")) }
    }
}

fn list<'a>(json: &'a Value, path: &str) -> Result<&'a Vec<Value>> {
    json.pointer(path).and_then(Value::as_array).with_context(|| format!("no list {path}"))
}

fn text<'a>(json: &'a Value, field: &str) -> &'a str {
    json.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Pairs what was asked with what was reported, which must be the same rows in the same order.
fn rows<'a>(asked: &'a [Value], reported: &'a [Value]) -> Result<impl Iterator<Item = (&'a Value, &'a Value)>> {
    let ids = |rows: &'a [Value]| rows.iter().map(|row| text(row, "id")).collect::<Vec<_>>();
    if ids(asked) != ids(reported) {
        bail!("the report has not the rows that were asked");
    }
    Ok(asked.iter().zip(reported))
}

/// Judges the report of the mode `cases`.
///
/// # Errors
/// When the report has not the form that it must have.
pub fn cases(asked: &Value, report: &Value) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    for (case, row) in rows(list(asked, "/cases")?, list(report, "/cases")?)? {
        let builtins = list(case, "/builtins")?;
        if row.get("skipped").is_some() && !builtins.is_empty() {
            verdict.skipped += 1;
            continue;
        }
        let answer = row.get("answer").and_then(Value::as_str).context("no answer");
        verdict.count(
            text(case, "id"),
            answer.map_err(|_| text(row, "error").to_owned()).and_then(|answer| judge_case(case, answer)),
        );
    }
    Ok(verdict)
}

fn judge_case(case: &Value, answer: &str) -> Result<(), String> {
    let results = |json: &Value| json.as_array().cloned().ok_or_else(|| format!("no result set: {json}"));
    let have = serde_json::from_str(answer).map_err(|error| format!("{answer}: {error}"))?;
    let case = EvaluationCase {
        version: regoc_compiler::source::RegoVersion::V1,
        modules: Vec::new(),
        query: String::new(),
        data: String::new(),
        input: None,
        want: Want::Results(results(case.get("want").unwrap_or(&Value::Null))?),
        sort_bindings: case.get("sort") == Some(&Value::Bool(true)),
        ignore_generated_variables: false,
        want_error: None,
    };
    judge(&case, &Answer::Results(results(&have)?))
}

/// Judges the report of the modes `traps` and `bad`: scripts where the loader is our own, questions where it is an SDK.
///
/// # Errors
/// When the report has not the form that it must have.
pub fn misuse(asked: &Value, mode: &str, report: &Value) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    if report.get("scripts").is_some() {
        for (script, row) in rows(list(asked, &format!("/scripts/{mode}"))?, list(report, "/scripts")?)? {
            verdict.count(text(script, "id"), compare(list(script, "/want")?, list(row, "/outcomes")?, wanted));
        }
        return Ok(verdict);
    }
    for (question, row) in rows(list(asked, &format!("/questions/{mode}"))?, list(report, "/questions")?)? {
        verdict.count(text(question, "id"), compare(list(row, "/opas")?, list(row, "/ours")?, same));
    }
    Ok(verdict)
}

/// Compares outcomes one by one.
fn compare(want: &[Value], have: &[Value], agree: fn(&str, &str) -> bool) -> Result<(), String> {
    let texts = |values: &[Value]| values.iter().filter_map(Value::as_str).map(shortened).collect::<Vec<_>>();
    let agree =
        |(want, have): (&Value, &Value)| want.as_str().zip(have.as_str()).is_some_and(|(want, have)| agree(want, have));
    if want.len() == have.len() && want.iter().zip(have).all(agree) {
        return Ok(());
    }
    Err(format!("want {:?}\nhave {:?}", texts(want), texts(have)))
}

/// Whether an outcome is the one that a script wants; `…` at the end stands for anything.
fn wanted(want: &str, have: &str) -> bool {
    want.strip_suffix('…').map_or(want == have, |beginning| have.starts_with(beginning))
}

fn shortened(text: &str) -> String {
    if text.chars().count() > 300 { text.chars().take(300).chain(['…']).collect() } else { text.to_owned() }
}

/// Memory in bytes, early and at the end.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// After the tenth replacement of data, or the thousandth decision.
    pub before: u64,
    /// After the last.
    pub after: u64,
}

/// Judges the report of the modes `data` and `soak`: right answers, and memory that stays.
///
/// # Errors
/// When an answer is wrong, memory has grown, or the report has not the form that it must have.
pub fn memory(asked: &Value, mode: &str, report: &Value) -> Result<Memory> {
    let want = asked.pointer(&format!("/{mode}/want")).context("no answer is wanted")?;
    // The soak has one answer, data one for each document.
    let want = if mode == "soak" { vec![want.clone()] } else { want.as_array().cloned().unwrap_or_default() };
    let have = list(report, &format!("/{mode}/answers"))?.iter();
    let have = have.map(|answer| Ok(serde_json::from_str(answer.as_str().context("no text")?)?));
    let have = have.collect::<Result<Vec<Value>>>()?;
    if have != want {
        bail!("{mode}: want {want:?}, have {have:?}");
    }
    let bytes: Vec<u64> = list(report, &format!("/{mode}/memory"))?.iter().filter_map(Value::as_u64).collect();
    let [before, after] = bytes[..] else { bail!("{mode}: no memory before and after") };
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    if before == 0 || after as f64 > before as f64 * GROWTH {
        bail!("{mode}: memory was {before} bytes and is {after} bytes");
    }
    Ok(Memory { before, after })
}
