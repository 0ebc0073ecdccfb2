//! Says whether an answer is OPA's, and what kind of difference there is when it is not.

use std::collections::BTreeMap;

use regoc_abi::errors::CONFLICT;
use regoc_compiler::plan::order::compare;
use serde_json::Value;

use super::answers::{Decision, ERROR_LIMIT, Refusal, Verdict};
use crate::judge::constant;

/// A difference between an engine of ours and OPA.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What kind of difference it is: the same fault gives the same text, whatever the values are.
    pub kind: String,
    /// The document and the place of the input, if it is an answer that differs.
    pub question: Option<(String, usize)>,
    /// Both, for people.
    pub details: String,
}

impl Difference {
    fn of_verdicts(kind: String, want: &Verdict, have: &Verdict) -> Self {
        Self { kind, question: None, details: format!("want {}\nhave {}", shown(want), shown(have)) }
    }
}

/// The first difference, if there is any. What OPA itself fails at is not compared.
#[must_use]
pub fn difference(engine: &str, want: &Verdict, have: &Verdict) -> Option<Difference> {
    match (want, have) {
        (Verdict::Failed(_), _) => None,
        (_, Verdict::Failed(failure)) => {
            let kind = format!("{engine}: {}", failure.split([':', '\n', '`', '(']).next().unwrap_or_default());
            Some(Difference::of_verdicts(kind, want, have))
        }
        (Verdict::Refused(theirs), Verdict::Refused(ours)) => {
            // Which of very many errors are shown is chance.
            let (places, many) = (places(theirs), theirs.len() >= ERROR_LIMIT || ours.len() >= ERROR_LIMIT);
            // Of what OPA has no place for, the code says enough. So it does of a type error: OPA puts one about a reference where
            // the same rule is named for the last time.
            let placed = places.iter().all(|(code, file, _)| !file.is_empty() && *code != "rego_type_error");
            let alike = ours.iter().any(|it| places.iter().any(|(code, ..)| *code == it.code));
            if many || places.iter().any(|place| self::places(ours).contains(place)) || (!placed && alike) {
                return None;
            }
            let kind = format!("{engine}: errors {} instead of {}", codes(ours), codes(theirs));
            Some(Difference::of_verdicts(kind, want, have))
        }
        (Verdict::Refused(theirs), Verdict::Answered(_)) => {
            Some(Difference::of_verdicts(format!("{engine}: accepts in spite of {}", codes(theirs)), want, have))
        }
        (Verdict::Answered(_), Verdict::Refused(ours)) if ours.iter().all(is_tolerated) => None,
        (Verdict::Answered(_), Verdict::Refused(ours)) => {
            Some(Difference::of_verdicts(format!("{engine}: refuses with {}", codes(ours)), want, have))
        }
        (Verdict::Answered(theirs), Verdict::Answered(ours)) => {
            for (name, wanted) in theirs {
                // A rule below one whose name has variables is no document of its own to us.
                let Some(answers) = ours.get(name) else { continue };
                let pairs = wanted.iter().zip(answers).enumerate();
                let mut differing = pairs.filter(|(input, (a, b))| !same(a, b) && !is_needless(theirs, *input, b));
                let Some((input, (theirs, ours))) = differing.next() else { continue };
                return Some(Difference {
                    kind: format!("{engine}: {} instead of {}", kind_of(ours), kind_of(theirs)),
                    question: Some((name.clone(), input)),
                    details: format!("want {}\nhave {}", text(theirs), text(ours)),
                });
            }
            None
        }
    }
}

/// Whether a refusal is one of those where OPA answers and should not:
///
/// - `with data.a as f`, where `f` is a function and `data.a` is none. OPA's interpreter lets `data.a` be a reference to the function, which
///   has no value, and its planner calls the function without arguments: `r if { y := [x | x := data.q[_]] with data.q.b as f }` is true in
///   the interpreter and a malformed call in the plan.
/// - `count({x}, x)`: OPA's safety check does not look into sets and keys of objects where the call itself gives the variable, and what it
///   let pass ends as `eval_internal_error: built-in function count called with operand 1 that requires evaluation`.
fn is_tolerated(refusal: &Refusal) -> bool {
    let message = &refusal.message;
    let is_function = message.starts_with("function data.") && message.ends_with(" used as reference, not called");
    is_function || message == "variable is used before it is bound"
}

/// Whether a conflict is one that OPA finds too, but needs not for this document: of a partial object it makes only the entries that
/// are asked for, and our plans (as its own) make the object.
fn is_needless(theirs: &BTreeMap<String, Vec<Decision>>, input: usize, ours: &Decision) -> bool {
    let is_conflict = |decision: &Decision| matches!(decision, Decision::Error { code, .. } if code == CONFLICT);
    let found = |decision: &Decision| match decision {
        Decision::Spared(answers) => answers.iter().any(is_conflict),
        other => is_conflict(other),
    };
    is_conflict(ours) && theirs.values().any(|decisions| decisions.get(input).is_some_and(found))
}

/// Whether two decisions are the same: values by value, errors by their codes. What OPA took too long for is not compared, nor what it
/// cannot write: `opa eval` and its server fail at the number that `to_number(".42")` gives.
fn same(theirs: &Decision, ours: &Decision) -> bool {
    match (theirs, ours) {
        (Decision::Error { code, .. }, _) if matches!(code.as_str(), "eval_cancel_error" | "json") => true,
        (Decision::Error { code, message }, _) if is_unevaluated(code, message) => true,
        (Decision::Undefined, Decision::Undefined) => true,
        (Decision::Value(theirs), Decision::Value(ours)) => {
            let is_same = |theirs: &Value| compare(&constant(theirs), &constant(ours)).is_eq();
            is_same(theirs) || is_same(&with_plain_keys(theirs))
        }
        (Decision::Error { code: theirs, .. }, Decision::Error { code: ours, .. }) => theirs == ours,
        (Decision::Spared(theirs), ours) => theirs.iter().any(|theirs| same(theirs, ours)),
        _ => false,
    }
}

/// A value whose keys have the characters that OPA escapes in keys that are no strings, as if it were HTML: ARCHITECTURE.md says what it
/// would cost each module to do the same.
fn with_plain_keys(value: &Value) -> Value {
    let plain = |key: &str| {
        let escapes =
            [("\\u003c", "<"), ("\\u003e", ">"), ("\\u0026", "&"), ("\\u2028", "\u{2028}"), ("\\u2029", "\u{2029}")];
        escapes.iter().fold(key.to_owned(), |key, (escape, character)| key.replace(escape, character))
    };
    match value {
        Value::Array(items) => items.iter().map(with_plain_keys).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| match key.starts_with(['[', '{', '"']) {
                true => (plain(key), with_plain_keys(value)),
                false => (key.clone(), with_plain_keys(value)),
            });
            Value::Object(entries.collect())
        }
        scalar => scalar.clone(),
    }
}

/// Whether OPA called a builtin with a variable that its compiler left without a value: its own error, as in
/// `p := {data[x] | count(x) == 1} if x := "a"`, whose head chooses by a variable that is bound.
fn is_unevaluated(code: &str, message: &str) -> bool {
    code == "eval_internal_error" && message.contains("that requires evaluation")
}

/// What is compared of errors: their codes and rows, one of which must be the same. All of them together are what the error cases
/// compare. A parser goes on after an error where it pleases: only where the first one is counts.
fn places<'r>(refusals: impl IntoIterator<Item = &'r Refusal>) -> Vec<(&'r str, &'r str, u32)> {
    let places = refusals.into_iter().map(|it| (it.code.as_str(), it.file.as_str(), it.row));
    let mut places: Vec<_> = places.collect();
    places.dedup();
    if places.iter().any(|(code, ..)| *code == "rego_parse_error") {
        places.truncate(1);
    }
    places
}

fn codes<'r>(refusals: impl IntoIterator<Item = &'r Refusal>) -> String {
    let mut codes: Vec<&str> = refusals.into_iter().map(|it| it.code.as_str()).collect();
    codes.dedup();
    codes.join("+")
}

fn kind_of(decision: &Decision) -> String {
    match decision {
        Decision::Undefined => "undefined".to_owned(),
        Decision::Value(_) => "a value".to_owned(),
        Decision::Error { code, .. } => code.clone(),
        Decision::Spared(answers) => answers.first().map(kind_of).unwrap_or_default(),
        Decision::Fault(text) => text.split([':', '\n', '`', '(']).next().unwrap_or_default().to_owned(),
    }
}

fn text(decision: &Decision) -> String {
    match decision {
        Decision::Undefined => "undefined".to_owned(),
        Decision::Value(value) => value.to_string(),
        Decision::Error { code, message } => format!("{code}: {message}"),
        Decision::Spared(answers) => answers.iter().map(text).collect::<Vec<_>>().join("\n or "),
        Decision::Fault(text) => text.clone(),
    }
}

fn shown(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Answered(_) => "answers".to_owned(),
        Verdict::Failed(text) => text.clone(),
        Verdict::Refused(refusals) => {
            let lines = refusals.iter().map(|it| format!("\n  {}:{}: {}: {}", it.file, it.row, it.code, it.message));
            lines.collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn conflict() -> Decision {
        Decision::Error { code: CONFLICT.to_owned(), message: String::new() }
    }

    fn verdict(decisions: &[(&str, Decision)]) -> Verdict {
        Verdict::Answered(decisions.iter().map(|(name, it)| ((*name).to_owned(), vec![it.clone()])).collect())
    }

    fn refused(code: &str, row: u32) -> Verdict {
        let (code, file, message) = (code.to_owned(), "a.rego".to_owned(), String::new());
        Verdict::Refused([Refusal { code, file, row, message }].into())
    }

    #[test]
    fn values_are_compared_by_value() {
        let of = |value| verdict(&[("p", Decision::Value(value))]);
        assert_eq!(difference("us", &of(json!([1.0])), &of(json!([1]))), None);
        assert!(difference("us", &of(json!([1.5])), &of(json!([1]))).is_some());
        assert!(difference("us", &of(json!(null)), &verdict(&[("p", Decision::Undefined)])).is_some());
    }

    #[test]
    fn a_conflict_counts_where_opa_finds_none() {
        let value = Decision::Value(json!(1));
        let ours = verdict(&[("p", conflict()), ("q", conflict())]);
        let differs = |want: &Verdict| difference("us", want, &ours).is_some();
        assert!(differs(&verdict(&[("p", value.clone()), ("q", value.clone())])));
        assert!(!differs(&verdict(&[("p", value.clone()), ("q", conflict())])));
        assert!(!differs(&verdict(&[("p", Decision::Spared(vec![value.clone(), conflict()])), ("q", conflict())])));
        assert!(difference("us", &ours, &verdict(&[("p", value), ("q", conflict())])).is_some());
    }

    #[test]
    fn refusals_agree_in_a_place() {
        let differs = |want: Verdict, have: Verdict| difference("us", &want, &have).map(|it| it.kind);
        assert_eq!(differs(refused("rego_parse_error", 1), refused("rego_parse_error", 1)), None);
        assert!(differs(refused("rego_parse_error", 1), refused("rego_parse_error", 2)).is_some());
        assert_eq!(differs(refused("rego_type_error", 1), refused("rego_type_error", 2)), None);
        let accepted = differs(refused("rego_type_error", 1), verdict(&[]));
        assert_eq!(accepted.as_deref(), Some("us: accepts in spite of rego_type_error"));
    }
}
