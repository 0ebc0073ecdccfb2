//! Writes a policy that shows a difference as a case of our own: the file that `policy_case` reads, with OPA's answer.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use regoc_compiler::source::RegoVersion;
use serde_json::json;

use super::Policy;
use super::answers::{Decision, Verdict};
use super::compare::Difference;

/// The folder of what was found.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/found")
}

/// The text of a case that holds what OPA says of a policy, where the difference is.
#[must_use]
pub fn case_text(policy: &Policy, wanted: &Verdict, difference: &Difference) -> String {
    let mut text = format!("Found by the fuzzer: {}.\n", difference.kind);
    for (name, module) in &policy.modules {
        let _ = write!(text, "-- {name} --\n{}\n", module.trim_end_matches('\n'));
    }
    match policy.version {
        RegoVersion::V0 => text.push_str("-- version --\nv0\n"),
        RegoVersion::V0CompatV1 => text.push_str("-- version --\nv0-compat-v1\n"),
        RegoVersion::V1 | RegoVersion::V2 => {}
    }
    if let Verdict::Refused(refusals) = wanted {
        text.push_str("-- expected-errors --\n");
        for it in refusals {
            let _ = writeln!(text, "{}:{}: {}", it.file, it.row, it.code);
        }
        return text;
    }
    let _ = write!(text, "-- data.json --\n{}\n", policy.data);
    let (document, input) = match &difference.question {
        Some((document, input)) => (document.as_str(), *input),
        None => (first_document(wanted), 0),
    };
    if let Some(Some(input)) = policy.inputs.get(input) {
        let _ = write!(text, "-- input.json --\n{input}\n");
    }
    text.push_str("-- show --\n-- query --\n");
    let path: String =
        document.split('/').filter(|it| !it.is_empty()).map(|name| format!("[{}]", json!(name))).collect();
    let _ = writeln!(text, "data{path} = x");
    let decision = match wanted {
        Verdict::Answered(answers) => answers.get(document).and_then(|decisions| decisions.get(input)),
        _ => None,
    };
    let decision = match decision {
        Some(Decision::Spared(answers)) => answers.first(),
        other => other,
    };
    match decision {
        Some(Decision::Value(value)) => {
            let _ = write!(text, "-- expected.json --\n{}\n", json!([{"x": value}]));
        }
        Some(Decision::Error { code, .. }) => {
            let _ = write!(text, "-- expected-error --\n{code}\n");
        }
        _ => text.push_str("-- expected.json --\n[]\n"),
    }
    text
}

fn first_document(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Answered(answers) => answers.keys().next().map_or("", String::as_str),
        _ => "",
    }
}

/// Writes the case, and answers where it is.
///
/// # Errors
/// When it cannot be written.
pub fn keep(seed: u64, number: u64, text: &str) -> Result<PathBuf> {
    let folder = folder();
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("seed-{seed}-{number}.txt"));
    std::fs::write(&path, text)?;
    Ok(path)
}
