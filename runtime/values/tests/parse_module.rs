//! OPA's answers to `rego.parse_module`: `parse_module.json` beside this file, made by asking OPA 1.22.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use std::path::{Path, PathBuf};

use regoc_values::{Value, builtins, error, json, rt};

fn field(value: Value, name: &str) -> Value {
    rt::dot(value, Value::string(name.as_bytes()))
}

fn text(value: Value) -> String {
    String::from_utf8_lossy(value.as_str().unwrap_or_default()).into_owned()
}

/// Calls the builtin: its answer, and the message of its failure.
fn parse(file: Value, text: Value) -> (Value, String) {
    error::take();
    let result = builtins::call("rego.parse_module", &[file, text]).unwrap();
    let failure = error::take().map(|(_, message)| String::from_utf8_lossy(&message).into_owned());
    (result, failure.unwrap_or_default())
}

/// Cases are `{file, text, result | error}`. `PARSE_MODULE_CASES` names another file.
#[test]
fn modules_become_what_opa_makes_of_them() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parse_module.json");
    let path = std::env::var("PARSE_MODULE_CASES").map_or(own, PathBuf::from);
    let cases = json::parse(&std::fs::read(path).unwrap()).unwrap();
    let cases = field(cases, "cases").as_array().unwrap();
    let mut failures = Vec::new();
    for case in cases.iter() {
        let (got, message) = parse(field(case, "file"), field(case, "text"));
        let (want, error) = (field(case, "result"), text(field(case, "error")));
        if got != want || message != error {
            let source = text(field(case, "text"));
            failures.push(format!("--- {source}\n  want {want:?} {error}\n  got  {got:?} {message}"));
        }
    }
    eprintln!("{} modules, {} failures", cases.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
