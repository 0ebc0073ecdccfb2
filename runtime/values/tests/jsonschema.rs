//! OPA's answers to `json.match_schema` and `json.verify_schema` on the JSON Schema test suite: `conformance/made/jsonschema`.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

mod support;

use std::path::{Path, PathBuf};

use regoc_values::{Value, error, json, rt};
use support::{call, field, text};

/// The files in a folder and in those within it.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// What the rule that a case asks for is, undefined when it has no value.
fn answer(case: Value) -> Value {
    let input = field(case, "input");
    let (document, schema) = (field(input, "document"), field(input, "schema"));
    match text(field(case, "entrypoint")).as_str() {
        "jsonschema/verify" => call("json.verify_schema", &[schema]),
        "jsonschema/match" => call("json.match_schema", &[document, schema]),
        "jsonschema/valid" => rt::dot(call("json.match_schema", &[document, schema]), Value::integer(0)),
        other => panic!("no rule {other}"),
    }
}

#[test]
fn the_test_suite_of_json_schema_is_answered_as_opa_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/made/jsonschema");
    if !folder.is_dir() {
        eprintln!("skipped: no OPA cases; put the conformance folder into ../shared beside the repository");
        return;
    }
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    paths.sort();
    let (mut run, mut failures) = (0, Vec::new());
    for path in paths {
        let file = json::parse(&std::fs::read(&path).unwrap()).unwrap();
        for case in field(file, "cases").as_array().unwrap().iter() {
            run += 1;
            let wanted = rt::dot(field(case, "want_plan_result"), Value::integer(0));
            let wanted = field(wanted, &text(field(case, "entrypoint_var")));
            let got = answer(case);
            error::take();
            if wanted != got {
                failures.push(format!("{}\n  want {wanted:?}\n  got  {got:?}", text(field(case, "note"))));
            }
        }
    }
    eprintln!("{run} cases, {} failures", failures.len());
    assert!(run > 0, "no case was run");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
