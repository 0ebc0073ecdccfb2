//! OPA's answers to calls of `graphql.*`: `graphql.json` beside this file, made by asking OPA 1.22, and the calls in OPA's own
//! cases whose arguments are literals.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use regoc_values::{Array, Value, error, json, rt, syntax};
use support::{field, text};

/// Calls a builtin: its answer, and the message of its failure.
fn call(name: &str, operands: &[Value]) -> (Value, String) {
    let result = support::call(name, operands);
    let failure = error::take().map(|(_, message)| String::from_utf8_lossy(&message).into_owned());
    (result, failure.unwrap_or_default())
}

/// A value of a case: `$schema` stands for the schema that most cases share, `$tree` for its tree.
fn expand(value: Value, schema: Value, tree: Value) -> Value {
    match (value.as_str(), value.as_array()) {
        (Some(b"$schema"), _) => schema,
        (Some(b"$tree"), _) => tree,
        (_, Some(items)) => items.iter().map(|item| expand(item, schema, tree)).collect::<Array>().into(),
        _ => value,
    }
}

/// Cases are `{call, arguments, result | error}`. `GRAPHQL_CASES` names another file.
#[test]
fn calls_answer_as_opa_does() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graphql.json");
    let path = std::env::var("GRAPHQL_CASES").map_or(own, PathBuf::from);
    let file = json::parse(&std::fs::read(path).unwrap()).unwrap();
    let schema = field(file, "schema");
    let tree = call("graphql.parse_schema", &[schema]).0;
    let cases = field(file, "cases").as_array().unwrap();
    let mut failures = Vec::new();
    for case in cases.iter() {
        let operands = expand(field(case, "arguments"), schema, tree).as_array().unwrap();
        let (got, message) = call(&text(field(case, "call")), operands.as_slice());
        let want = field(case, "result").defined().map_or(Value::UNDEFINED, |want| expand(want, schema, tree));
        let error = text(field(case, "error"));
        if got != want || message != error {
            failures.push(format!("{case:?}\n  want {want:?} {error}\n  got  {got:?} {message}"));
        }
    }
    eprintln!("{} calls, {} failures", cases.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What a module gives names to: raw strings, objects, and trees of raw strings.
fn constants(module: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut rest = module;
    while let Some((before, after)) = rest.split_once(" := ") {
        let name = before.rsplit('\n').next().unwrap_or_default().to_string();
        rest = after;
        let parser = ["graphql.parse_schema(", "graphql.parse_query("].into_iter().find(|call| after.starts_with(call));
        let after = after.strip_prefix(parser.unwrap_or_default()).unwrap_or(after);
        if let Some(raw) = after.strip_prefix('`') {
            let (raw, tail) = raw.split_once('`').unwrap();
            let text = Value::string(raw.as_bytes());
            let value = parser.map_or(text, |parser| call(parser.trim_end_matches('('), &[text]).0);
            found.insert(name, value);
            rest = tail;
            continue;
        }
        let ends = after.match_indices('\n').map(|(at, _)| at).filter(|_| after.starts_with(['{', '"']));
        let value = ends.filter_map(|end| syntax::parse(&after.as_bytes()[..end]).ok()).next();
        found.extend(value.map(|value| (name, value)));
    }
    found
}

/// The call of a module, its arguments, and what its body says of the result: the name of a constant that it equals, or that is the
/// first element of the array or the second.
fn call_of(module: &str) -> Option<(String, Vec<Value>, String)> {
    let constants = constants(module);
    let line = module.lines().rev().find(|line| line.contains("graphql.") && line.contains('('))?;
    let (before, after) = line.split_once("graphql.")?;
    let (name, after) = after.split_once('(')?;
    let (arguments, after) = after.split_once(')')?;
    let argument = |name: &str| match name.trim().strip_prefix("graphql.parse_schema(") {
        Some(name) => Some(call("graphql.parse_schema", &[*constants.get(name)?]).0),
        None => constants.get(name.trim()).copied(),
    };
    let arguments = arguments.split(',').map(argument).collect::<Option<Vec<_>>>()?;
    Some((format!("graphql.{name}"), arguments, format!("{} {}", before.trim(), after.trim())))
}

/// Whether what a body says holds; `None` where it says something that is not understood here.
fn holds(module: &str, said: &str, got: Value) -> Option<bool> {
    let constants = constants(module);
    let words: Vec<&str> =
        said.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let is_negated = words.contains(&"not") || module.contains("not valid");
    let equal = |index: Option<i64>, name: &str| {
        let part = index.map_or(got, |index| rt::dot(got, Value::integer(index)));
        constants.get(name).is_none_or(|constant| *constant == part)
    };
    Some(match words.as_slice() {
        ["not"] => got == Value::FALSE,
        [] => !got.is_undefined() && got != Value::FALSE,
        [name] => equal(None, name),
        [query, schema] => equal(Some(0), query) && equal(Some(1), schema),
        [valid, query, schema] if *valid == "valid" => {
            let valid = rt::dot(got, Value::integer(0)) == Value::boolean(!is_negated);
            valid && equal(Some(1), query) && equal(Some(2), schema)
        }
        _ => return None,
    })
}

#[test]
fn opas_own_cases_pass() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let (mut run, mut skipped, mut failures) = (0, Vec::new(), Vec::new());
    for folder in ["v0/graphql", "v1/graphql"] {
        let Ok(files) = std::fs::read_dir(shared.join(folder)) else {
            eprintln!("skipped: no OPA cases; put the conformance folder into ../shared beside the repository");
            return;
        };
        for path in files.map(|file| file.unwrap().path()) {
            let file = json::parse(&std::fs::read(&path).unwrap()).unwrap();
            for case in field(file, "cases").as_array().unwrap().iter() {
                let note = text(field(case, "note"));
                let module = text(rt::dot(field(case, "modules"), Value::integer(0)));
                let want = rt::dot(field(case, "want_plan_result"), Value::integer(0));
                let want = if want.is_undefined() { want } else { field(want, "x") };
                let Some((name, operands, said)) = call_of(&module) else {
                    skipped.push(note);
                    continue;
                };
                let (got, message) = call(&name, &operands);
                let error = text(field(case, "want_error"));
                let is_right = if error.is_empty() {
                    let is_value = said.contains("x =") || said.contains("x :=");
                    if is_value {
                        Some(got == want)
                    } else {
                        holds(&module, &said, got).map(|it| it != want.is_undefined())
                    }
                } else {
                    Some(got.is_undefined() && format!("{name}: {message}").contains(&error))
                };
                match is_right {
                    Some(true) => run += 1,
                    Some(false) => {
                        failures.push(format!("{note}: {said}\n  got {got:?} {message}\n  want {want:?} {error}"))
                    }
                    None => skipped.push(note),
                }
            }
        }
    }
    eprintln!("{run} cases pass, {} fail; not understood: {skipped:?}", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
