//! Resolution against OPA's own errors: the shared conformance cases, as far as they need no types, and all evaluation modules,
//! none of which may be refused.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::diagnostic::Diagnostic;
use regoc_compiler::resolve::{EntrypointSelection, ResolveOptions, resolve_leniently};
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::syntax::{ParseOptions, parse_module};
use serde_json::Value;

/// The cases that may fail, by origin and file: errors of OPA's that wait for metadata or come from types.
const EXPECTED: &[(&str, usize)] = &[
    ("compilecases/rego_compile_error", 0),
    ("compilecases/rego_unsafe_var_error", 0),
    ("mutants/rego_compile_error", 0),
    ("mutants/rego_parse_error", 0),
    ("mutants/rego_recursion_error", 0),
    ("mutants/rego_type_error", 0),
    ("mutants/rego_unsafe_var_error", 0),
    ("tables/rego_compile_error", 0),
    // v0 rules read as v1, which the parser refuses first.
    ("tables/rego_parse_error", 4),
    ("tables/rego_recursion_error", 0),
    ("tables/rego_type_error", 0),
    ("tables/rego_unsafe_var_error", 0),
];

fn conformance() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no cases at {}; put OPA's conformance cases there", path.display());
    None
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("a case file")).expect("JSON")
}

fn version(name: &str) -> RegoVersion {
    match name {
        "v0" => RegoVersion::V0,
        "v0-compat-v1" => RegoVersion::V0CompatV1,
        _ => RegoVersion::V1,
    }
}

/// What resolving modules gives: the errors, sorted; none when a module does not parse.
fn errors(
    modules: &[Value],
    version: RegoVersion,
    strict: bool,
    keep_print: bool,
) -> Option<(SourceSet, Vec<Diagnostic>)> {
    let mut capabilities = Capabilities::default();
    // The host of OPA's cases supplies this one.
    let mut sleep = capabilities.builtins["lower"].clone();
    sleep.name = "test.sleep".into();
    capabilities.builtins.insert(sleep.name.clone(), sleep);
    let mut sources = SourceSet::new();
    let mut parsed = Vec::new();
    for (index, text) in modules.iter().enumerate() {
        let file = sources.add(format!("test-{index}.rego"), text.as_str().expect("a text"), version);
        let (module, errors) = parse_module(&sources, file, &ParseOptions { capabilities: &capabilities });
        if !errors.is_empty() {
            return None;
        }
        parsed.push((file, module?));
    }
    let entrypoints = EntrypointSelection::default();
    let options = ResolveOptions { capabilities: &capabilities, strict, keep_print, entrypoints, base_data: None };
    let found = match resolve_leniently(&sources, parsed, None, &options) {
        Ok(resolution) => resolution.diagnostics,
        Err(diagnostics) => diagnostics,
    };
    Some((sources, found))
}

/// Whether an error of OPA's is found without types.
fn is_ours(code: &str, message: &str) -> bool {
    code != "rego_type_error"
        || message.starts_with("conflicting rules")
        || message.starts_with("multiple default rules")
        || message.contains(" conflicts with")
        || message.starts_with("undefined function")
        || message.starts_with("with keyword")
        || message.starts_with("deprecated built-in")
        || message.ends_with("used as value")
        || message.contains("annotation redeclared")
}

/// Whether a case is one of a faulty metadata block, which the parser leaves to resolution.
fn is_metadata_fault(case: &Value) -> bool {
    let messages = case["want_errors"].as_array().expect("errors").iter().filter_map(|error| error["message"].as_str());
    messages.clone().count() == 1
        && messages.clone().all(|message| {
            [
                "annotation",
                "yaml:",
                "invalid document reference",
                "invalid schema reference",
                "invalid related-resource",
            ]
            .iter()
            .any(|word| message.contains(word))
        })
}

/// The faults of a case: errors that are missing, and errors that OPA does not report.
fn judge(case: &Value) -> Vec<String> {
    let flag = |name: &str| case[name].as_bool().unwrap_or(false);
    let modules = case["modules"].as_array().expect("modules");
    let found = errors(
        modules,
        version(case["rego_version"].as_str().unwrap_or("v1")),
        flag("strict"),
        flag("print_statements"),
    );
    let Some((sources, found)) = found else { return vec!["does not parse".to_owned()] };
    let line =
        |code: &str, message: &str, file: &str, row: u64, col: u64| format!("{file}:{row}:{col}: {code}: {message}");
    let found: BTreeSet<String> = found
        .iter()
        .map(|error| {
            let place = error.span.map(|span| (sources.get(span.file).name.clone(), sources.position(span)));
            let (file, row, col) =
                place.map_or((String::new(), 0, 0), |(file, at)| (file, u64::from(at.row), u64::from(at.col)));
            line(error.code.as_str(), &error.message, &file, row, col)
        })
        .collect();
    let mut all = BTreeSet::new();
    let mut faults = Vec::new();
    for want in case["want_errors"].as_array().expect("errors") {
        let text = |name: &str| want[name].as_str().unwrap_or_default();
        let number = |name: &str| want[name].as_u64().unwrap_or(0);
        let (code, message) = (text("code"), text("message"));
        let wanted = line(code, message, text("file"), number("row"), number("col"));
        if is_ours(code, message) && message != "error limit reached" && !found.contains(&wanted) {
            faults.push(format!("missing {wanted}"));
        }
        all.insert(wanted);
    }
    let is_cut = all.iter().any(|wanted| wanted.ends_with("error limit reached"));
    if is_cut {
        return faults;
    }
    faults.extend(found.difference(&all).map(|extra| format!("extra {extra}")));
    faults
}

#[test]
fn errors_are_opas() {
    let Some(conformance) = conformance() else { return };
    let mut wrong = Vec::new();
    for (file, allowed) in EXPECTED {
        let cases = read(&conformance.join(format!("errors/{file}.json")));
        let cases = cases["cases"].as_array().expect("cases");
        let mut failing = 0;
        for case in cases.iter().filter(|case| case["stage"] == "compile" || is_metadata_fault(case)) {
            let faults = judge(case);
            if !faults.is_empty() {
                failing += 1;
                println!("{file}: {}\n    {}", case["note"].as_str().unwrap_or_default(), faults.join("\n    "));
            }
        }
        println!("{file}: {failing} of {} fail, {allowed} expected", cases.len());
        if failing != *allowed {
            wrong.push(*file);
        }
    }
    assert!(wrong.is_empty(), "other counts than expected in {wrong:?}");
}

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

#[test]
fn modules_of_evaluation_cases_are_accepted() {
    let Some(conformance) = conformance() else { return };
    let mut files = Vec::new();
    for folder in ["v0", "v1", "wasm"] {
        json_files(&conformance.join(folder), &mut files);
    }
    let mut refused = Vec::new();
    let mut count = 0;
    for path in files {
        let file = read(&path);
        let version = version(file["rego_version"].as_str().unwrap_or("v1"));
        for case in file["cases"].as_array().expect("cases") {
            let none = Vec::new();
            let modules = case["modules"].as_array().unwrap_or(&none);
            count += 1;
            let name = format!("{}: {}", path.display(), case["note"]);
            match errors(modules, version, false, false) {
                None => refused.push(format!("{name}: does not parse")),
                Some((sources, found)) => {
                    refused.extend(found.iter().map(|error| format!("{name}: {}", error.to_line(&sources))));
                }
            }
        }
    }
    println!("{count} cases, {} errors", refused.len());
    for line in refused.iter().take(60) {
        println!("{line}");
    }
    assert!(refused.is_empty(), "modules that OPA accepts are refused");
}
