//! OPA's answers to single calls of builtins: `conformance/made/builtins`, one call per case, arguments in the input.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

mod support;

use std::path::{Path, PathBuf};

use regoc_values::{Array, Value, error, json, rt, syntax};
use support::{call, field, text};

fn cases_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/made/builtins")
}

/// The name and the arguments of the one call in a case, or nothing where a case is of another form.
fn call_of(case: Value) -> Option<(String, Vec<Value>)> {
    let module = text(rt::dot(field(case, "modules"), Value::integer(0)));
    let (_, call) = module.split_once("p := ")?;
    let (name, arguments) = call.trim().strip_suffix(')')?.split_once('(')?;
    let term = field(case, "input_term");
    let input = if term.is_undefined() { field(case, "input") } else { syntax::parse(term.as_str()?).ok()? };
    let arguments = if arguments.is_empty() { vec![] } else { arguments.split(", ").collect() };
    let operands = arguments.iter().map(|argument| {
        let index = argument.strip_prefix("input[")?.strip_suffix(']')?.parse().ok()?;
        rt::dot(input, Value::integer(index)).defined()
    });
    Some((name.to_string(), operands.collect::<Option<_>>()?))
}

/// What a case wants and what the builtin gives, if these differ; sets have become arrays on both sides.
fn difference(case: Value, result: Value) -> Option<(String, String)> {
    let want = rt::dot(field(case, "want_plan_result"), Value::integer(0));
    let got = if result.is_undefined() {
        Array::new(0).into()
    } else {
        [json::parse(json::write(result)).unwrap()].into_iter().collect::<Array>().into()
    };
    let want: Value = if want.is_undefined() {
        Array::new(0).into()
    } else {
        [field(want, &text(field(case, "entrypoint_var")))].into_iter().collect::<Array>().into()
    };
    (want != got).then(|| (format!("{want:?}"), format!("{got:?}")))
}

/// A strict error of a case that the builtin does not give.
fn error_difference(case: Value, name: &str) -> Option<(String, String)> {
    let raised = error::take();
    let want = text(field(case, "want_error"));
    if want.is_empty() {
        return None;
    }
    let (code, message) = match raised {
        Some((kind, message)) => (kind.code(), format!("{name}: {}", String::from_utf8_lossy(&message))),
        None => ("none", String::new()),
    };
    let want_code = text(field(case, "want_error_code"));
    (code != want_code || !message.contains(&want))
        .then(|| (format!("{want_code} {want}"), format!("{code} {message}")))
}

#[test]
fn single_calls_answer_as_opa_does() {
    let Ok(files) = std::fs::read_dir(cases_folder()) else {
        eprintln!("skipped: no OPA cases; put the conformance folder into ../shared beside the repository");
        return;
    };
    let only = std::env::var("ONLY").ok();
    let (mut run, mut failures) = (0, Vec::new());
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let file = json::parse(&std::fs::read(&path).unwrap()).unwrap();
        for case in field(file, "cases").as_array().unwrap().iter() {
            let Some((name, operands)) = call_of(case) else { continue };
            let result = call(&name, &operands);
            run += 1;
            let wrong = difference(case, result).or_else(|| error_difference(case, &name));
            if let Some((want, got)) = wrong {
                failures.push(format!("{}: {operands:?}\n  want {want}\n  got  {got}", text(field(case, "note"))));
            }
        }
    }
    eprintln!("{run} calls, {} failures", failures.len());
    assert!(run > 0 || only.is_some(), "no case was run");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
