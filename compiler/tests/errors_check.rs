//! The front end against OPA's own compile errors: the shared conformance cases, judged by code, message, place and
//! detail lines; and all evaluation modules, in which nothing may be found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::diagnostic::Diagnostic;
use regoc_compiler::resolve::{EntrypointSelection, ResolveOptions, resolve_leniently};
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::syntax::{ParseOptions, parse_module};
use regoc_compiler::types::{self, TypeOptions};
use serde_json::Value;

/// The errors per code that are missing or too many, and those whose detail lines differ. Only to be lowered.
const EXPECTED: &[(&str, usize, usize)] = &[
    ("rego_compile_error", 0, 0),
    ("rego_recursion_error", 0, 0),
    ("rego_type_error", 0, 0),
    ("rego_unsafe_var_error", 0, 0),
];

fn conformance() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no cases at {}; put OPA's conformance cases there", path.display());
    None
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

fn cases(path: &Path) -> Vec<Value> {
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a case file")).expect("JSON");
    file["cases"].as_array().expect("cases").clone()
}

/// What the front end finds in modules.
fn errors(modules: &[Value], version: &str, strict: bool, keep_print: bool) -> (SourceSet, Vec<Diagnostic>) {
    let capabilities = Capabilities::default();
    let version = match version {
        "v0" => RegoVersion::V0,
        "v0-compat-v1" => RegoVersion::V0CompatV1,
        _ => RegoVersion::V1,
    };
    let mut sources = SourceSet::new();
    let mut parsed = Vec::new();
    let mut found = Vec::new();
    for (index, text) in modules.iter().enumerate() {
        let file = sources.add(format!("test-{index}.rego"), text.as_str().expect("a text"), version);
        let (module, errors) = parse_module(&sources, file, &ParseOptions { capabilities: &capabilities });
        found.extend(errors);
        parsed.extend(module.map(|module| (file, module)));
    }
    if !found.is_empty() {
        return (sources, found);
    }
    let entrypoints = EntrypointSelection::default();
    let options = ResolveOptions { capabilities: &capabilities, strict, keep_print, entrypoints, base_data: None };
    match resolve_leniently(&sources, parsed, None, &options) {
        Ok(resolution) => {
            found = resolution.diagnostics;
            found.extend(types::check(
                &resolution.program,
                &sources,
                &TypeOptions { annotations: true, ..TypeOptions::default() },
            ));
        }
        Err(diagnostics) => found = diagnostics,
    }
    (sources, found)
}

/// An error as one line, and the lines below it.
type Found = (String, Vec<String>);

fn line(code: &str, message: &str, file: &str, row: u64, col: u64) -> String {
    format!("{file}:{row}:{col}: {code}: {message}")
}

fn found(sources: &SourceSet, error: &Diagnostic) -> (&'static str, Found) {
    let place = error.span.map(|span| (sources.get(span.file).name.clone(), sources.position(span)));
    let (file, row, col) =
        place.map_or((String::new(), 0, 0), |(file, at)| (file, u64::from(at.row), u64::from(at.col)));
    (error.code.as_str(), (line(error.code.as_str(), &error.message, &file, row, col), error.details.clone()))
}

/// The errors of a case that differ, by code: missing or too many, and with other details.
#[derive(Default)]
struct Tally {
    cases: usize,
    differing: usize,
    errors: BTreeMap<String, (usize, usize)>,
}

impl Tally {
    fn judge(&mut self, path: &Path, case: &Value) {
        let flag = |name: &str| case[name].as_bool().unwrap_or(false);
        let modules = case["modules"].as_array().expect("modules");
        let version = case["rego_version"].as_str().unwrap_or("v1");
        let (sources, diagnostics) = errors(modules, version, flag("strict"), flag("print_statements"));
        let mut have: BTreeMap<String, (&str, Vec<String>)> = BTreeMap::new();
        for (code, (line, details)) in diagnostics.iter().map(|error| found(&sources, error)) {
            have.insert(line, (code, details));
        }
        let mut faults = Vec::new();
        let mut is_cut = false;
        for want in case["want_errors"].as_array().expect("errors") {
            let text = |name: &str| want[name].as_str().unwrap_or_default();
            let number = |name: &str| want[name].as_u64().unwrap_or(0);
            if text("message") == "error limit reached" {
                // OPA says no more than ten; which others there are is not known.
                is_cut = true;
                continue;
            }
            let wanted = line(text("code"), text("message"), text("file"), number("row"), number("col"));
            let details: Vec<String> = want["details"].as_array().into_iter().flatten().map(text_of).collect();
            match have.remove(&wanted) {
                None => {
                    self.errors.entry(text("code").to_owned()).or_default().0 += 1;
                    faults.push(format!("missing {wanted}"));
                }
                Some((_, lines)) if !details.is_empty() && lines != details => {
                    self.errors.entry(text("code").to_owned()).or_default().1 += 1;
                    faults.push(format!("details of {wanted}\n      have {lines:?}\n      want {details:?}"));
                }
                Some(_) => {}
            }
        }
        for (extra, (code, _)) in have.into_iter().filter(|_| !is_cut) {
            self.errors.entry(code.to_owned()).or_default().0 += 1;
            faults.push(format!("extra {extra}"));
        }
        self.cases += 1;
        if !faults.is_empty() {
            self.differing += 1;
            let note = case["note"].as_str().unwrap_or_default();
            println!("{}: {note}\n    {}", path.display(), faults.join("\n    "));
        }
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn compile_errors_are_opas() {
    let Some(conformance) = conformance() else { return };
    let mut files = Vec::new();
    json_files(&conformance.join("errors"), &mut files);
    let mut tally = Tally::default();
    for path in &files {
        for case in cases(path).iter().filter(|case| case["stage"] == "compile") {
            tally.judge(path.strip_prefix(&conformance).unwrap_or(path), case);
        }
    }
    println!("{} of {} cases differ", tally.differing, tally.cases);
    let mut wrong = Vec::new();
    let codes: BTreeSet<&str> =
        EXPECTED.iter().map(|(code, ..)| *code).chain(tally.errors.keys().map(String::as_str)).collect();
    for code in codes {
        let (errors, details) = tally.errors.get(code).copied().unwrap_or_default();
        let expected = EXPECTED.iter().find(|(other, ..)| *other == code).map_or((0, 0), |(_, a, b)| (*a, *b));
        println!("{code}: {errors} errors and {details} details differ, {expected:?} expected");
        if (errors, details) != expected {
            wrong.push(code);
        }
    }
    assert!(wrong.is_empty(), "other counts than expected for {wrong:?}");
}

#[test]
fn evaluation_modules_have_no_errors() {
    let Some(conformance) = conformance() else { return };
    let mut files = Vec::new();
    for folder in ["v0", "v1", "wasm", "made"] {
        json_files(&conformance.join(folder), &mut files);
    }
    let mut refused = 0;
    let mut modules_seen = 0;
    for path in &files {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a case file")).expect("JSON");
        let version = file["rego_version"].as_str().unwrap_or("v1");
        for (index, case) in file["cases"].as_array().expect("cases").iter().enumerate() {
            let Some(modules) = case["modules"].as_array() else { continue };
            modules_seen += modules.len();
            let (sources, diagnostics) = errors(modules, version, false, false);
            if let Some(first) = diagnostics.first().filter(|error| !is_of_the_harness(&error.message)) {
                refused += 1;
                println!("{} {index}: {} {:?}", path.display(), first.to_line(&sources), first.details);
            }
        }
    }
    println!("{refused} cases refused, {modules_seen} modules read");
    assert_eq!(refused, 0, "modules that OPA takes are refused");
}

/// Whether an error comes from a builtin that OPA's test harness adds.
fn is_of_the_harness(message: &str) -> bool {
    message.contains("test.sleep") || message.contains("custom_builtin_test")
}
