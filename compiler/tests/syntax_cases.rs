//! The parser against OPA's conformance cases: every module parses, and what OPA refuses is refused with its errors.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test fails by panicking, and these read their cases from files"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::diagnostic::Diagnostic;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::syntax::{ParseOptions, parse_module, parse_query, print};
use serde_json::Value;

/// Where the shared cases lie; none where they are not there.
fn cases() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    if root.is_dir() {
        return Some(root);
    }
    eprintln!("skipped: the conformance cases are not beside the repository (../shared/conformance)");
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn version(name: &str) -> RegoVersion {
    match name {
        "v0" => RegoVersion::V0,
        "v0-compat-v1" => RegoVersion::V0CompatV1,
        _ => RegoVersion::V1,
    }
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn lines(sources: &SourceSet, errors: &[Diagnostic]) -> String {
    errors.iter().map(|error| error.to_line(sources) + "\n").collect()
}

/// Every module of the evaluation cases and of the cases that fail to compile later, with its version.
fn good_modules(root: &Path) -> Vec<(String, RegoVersion)> {
    let mut modules = Vec::new();
    for folder in ["v1", "v0", "wasm", "made"] {
        for path in files(&root.join(folder)) {
            let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            let version = version(file["rego_version"].as_str().unwrap_or("v1"));
            for case in file["cases"].as_array().unwrap() {
                modules.extend(texts(&case["modules"]).into_iter().map(|text| (text.to_owned(), version)));
            }
        }
    }
    for path in files(&root.join("errors")) {
        let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap().iter().filter(|case| case["stage"] == "compile") {
            let version = version(case["rego_version"].as_str().unwrap());
            modules.extend(texts(&case["modules"]).into_iter().map(|text| (text.to_owned(), version)));
        }
    }
    modules
}

#[test]
fn every_module_of_the_cases_parses() {
    let Some(root) = cases() else { return };
    let capabilities = Capabilities::default();
    let options = ParseOptions { capabilities: &capabilities };
    let modules = good_modules(&root);
    assert!(modules.len() > 5_000, "only {} modules", modules.len());
    let mut failures = String::new();
    for (text, version) in &modules {
        let mut sources = SourceSet::new();
        let file = sources.add("test-0.rego", text.as_str(), *version);
        let (module, errors) = parse_module(&sources, file, &options);
        if module.is_none() || !errors.is_empty() {
            failures += &format!("{version:?}\n{text}\n{}\n", lines(&sources, &errors));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_query_of_the_cases_parses() {
    let Some(root) = cases() else { return };
    let capabilities = Capabilities::default();
    let options = ParseOptions { capabilities: &capabilities };
    let mut failures = String::new();
    let mut count = 0;
    for folder in ["v1", "v0", "wasm", "made"] {
        for path in files(&root.join(folder)) {
            let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            for query in file["cases"].as_array().unwrap().iter().filter_map(|case| case["query"].as_str()) {
                count += 1;
                let mut sources = SourceSet::new();
                let id = sources.add("query", query, RegoVersion::V1);
                let (body, errors) = parse_query(&sources, id, RegoVersion::V1, &options);
                if body.is_none() || !errors.is_empty() {
                    failures += &format!("{query}\n{}\n", lines(&sources, &errors));
                }
            }
        }
    }
    assert!(count > 5_000, "only {count} queries");
    assert!(failures.is_empty(), "{failures}");
}

/// An error as the cases have it: code, message, file, row, column.
type Found = (String, String, String, u64, u64);

fn wanted(case: &Value) -> BTreeSet<Found> {
    let text = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
    let number = |error: &Value, key: &str| error[key].as_u64().unwrap_or_default();
    case["want_errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (text(e, "code"), text(e, "message"), text(e, "file"), number(e, "row"), number(e, "col")))
        .collect()
}

fn found(sources: &SourceSet, errors: &[Diagnostic]) -> BTreeSet<Found> {
    errors
        .iter()
        .map(|error| {
            let (file, row, col) = error.span.map_or((String::new(), 0, 0), |span| {
                let position = sources.position(span);
                (sources.get(span.file).name.clone(), position.row.into(), position.col.into())
            });
            (error.code.as_str().to_owned(), error.message.clone(), file, row, col)
        })
        .collect()
}

/// Errors in the YAML of metadata blocks: it is not read here.
fn is_about_metadata(errors: &BTreeSet<Found>) -> bool {
    errors.iter().any(|(_, message, ..)| {
        message.starts_with("yaml:")
            || message.starts_with("annotation scope")
            || message.starts_with("invalid annotation scope")
            || message.starts_with("invalid document reference")
            || message.starts_with("invalid related-resource")
            || message.starts_with("invalid schema reference")
    })
}

#[test]
fn what_opa_refuses_is_refused_with_its_errors() {
    let Some(root) = cases() else { return };
    let capabilities = Capabilities::default();
    let options = ParseOptions { capabilities: &capabilities };
    let mut failures = String::new();
    let (mut count, mut failed) = (0, 0);
    for path in files(&root.join("errors")) {
        let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap().iter().filter(|case| case["stage"] == "parse") {
            let want = wanted(case);
            if is_about_metadata(&want) {
                continue;
            }
            count += 1;
            let mut sources = SourceSet::new();
            let version = version(case["rego_version"].as_str().unwrap());
            let mut errors = Vec::new();
            for (at, text) in texts(&case["modules"]).into_iter().enumerate() {
                let file = sources.add(format!("test-{at}.rego"), text, version);
                errors.extend(parse_module(&sources, file, &options).1);
            }
            let got = found(&sources, &errors);
            let right = if case["exhaustive"] == true { got == want } else { got.is_superset(&want) };
            if !right {
                failed += 1;
                failures += &format!("{} {version:?}\n", case["note"]);
                texts(&case["modules"]).iter().for_each(|text| failures += &format!("{text}\n----\n"));
                want.difference(&got).for_each(|error| failures += &format!("  want {error:?}\n"));
                got.difference(&want).for_each(|error| failures += &format!("  got  {error:?}\n"));
            }
        }
    }
    assert!(count > 250, "only {count} cases");
    assert!(failures.is_empty(), "{failures}{failed} of {count} cases fail");
}

/// A tree without its places and comments.
fn bare(module: &regoc_compiler::syntax::ast::Module) -> String {
    let mut module = module.clone();
    module.comments.clear();
    let text = format!("{module:?}");
    let mut out = String::new();
    let mut rest = text.as_str();
    // Spans read `file0:1..2`.
    while let Some(at) = rest.find("file0:") {
        out.push_str(&rest[..at]);
        rest = rest[at + "file0:".len()..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    }
    out + rest
}

#[test]
fn what_is_printed_parses_to_the_same_tree() {
    let Some(root) = cases() else { return };
    let capabilities = Capabilities::default();
    let options = ParseOptions { capabilities: &capabilities };
    let mut failures = String::new();
    for (text, version) in good_modules(&root) {
        let mut sources = SourceSet::new();
        let file = sources.add("test-0.rego", text.as_str(), version);
        let (Some(before), _) = parse_module(&sources, file, &options) else { continue };
        let printed = print::module(&before);
        let mut sources = SourceSet::new();
        let file = sources.add("printed.rego", printed.as_str(), version);
        let (after, errors) = parse_module(&sources, file, &options);
        let same = errors.is_empty() && after.is_some_and(|after| bare(&after) == bare(&before));
        if !same {
            failures += &format!("{text}\n---- printed\n{printed}\n{}\n", lines(&sources, &errors));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
