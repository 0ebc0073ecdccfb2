//! Holds the architecture (ARCHITECTURE.md, "Layers"): who may depend on whom, a module doc in every file, files short enough to
//! hold in the head, nothing left over. Reads the sources as text; knows nothing of what they do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The packages, each with the workspace packages and libraries it may depend on at run time.
const PACKAGES: &[(&str, &[&str])] = &[
    ("wasm-abi", &[]),
    ("compiler/syntax", &["chumsky", "regoc-abi", "rustc-hash"]),
    (
        "compiler",
        &["regoc-abi", "regoc-syntax", "regoc-values", "rustc-hash", "serde_json", "wasm-encoder", "wasmparser"],
    ),
    (
        "runtime/values",
        &[
            "data-encoding",
            "ed25519-dalek",
            "form_urlencoded",
            "hmac",
            "libyaml-rs",
            "md-5",
            "p224",
            "p256",
            "p384",
            "p521",
            "percent-encoding",
            "regex-automata",
            "regex-syntax",
            "regoc-abi",
            "regoc-syntax",
            "rsa",
            "semver",
            "sha1",
            "sha2",
        ],
    ),
    ("runtime/guest", &["regoc-abi", "regoc-values"]),
    (
        "runtime/host",
        &[
            "arc-swap",
            "crossbeam-queue",
            "data-encoding",
            "flate2",
            "h2",
            "http-body-util",
            "hyper",
            "hyper-util",
            "idna",
            "idna_adapter",
            "percent-encoding",
            "regoc-abi",
            "regoc-values",
            "rustls",
            "rustls-webpki",
            "serde",
            "serde_json",
            "sha2",
            "tokio",
            "tokio-rustls",
            "wasm-encoder",
            "wasmparser",
            "wasmtime",
        ],
    ),
];

/// The folders of the compiler, each with those it may use. `syntax` is a package of its own, and what lies beside it there is everybody's.
const LAYERS: &[(&str, &[&str])] = &[
    ("syntax", &[]),
    ("hir", &[]),
    ("resolve", &["syntax", "hir"]),
    ("types", &["hir"]),
    ("plan", &["hir"]),
    ("optimize", &["plan"]),
    ("codegen", &["plan"]),
    ("cost", &["plan", "optimize"]),
];

/// The most lines that a source file may have. Tables and tests are exempt.
const MAX_LINES: usize = 800;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

/// All files below a folder with one of the extensions, without build output.
fn files(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            if !matches!(name, "target" | "node_modules" | ".git") {
                files(&path, extensions, found);
            }
        } else if path.extension().and_then(|extension| extension.to_str()).is_some_and(|it| extensions.contains(&it)) {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    files(&root(), &["rs"], &mut paths);
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a text");
            (path.strip_prefix(root()).expect("below the root").display().to_string(), text)
        })
        .collect()
}

fn check(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn packages_depend_only_downwards() {
    let mut problems = Vec::new();
    for (package, allowed) in PACKAGES {
        let manifest = fs::read_to_string(root().join(package).join("Cargo.toml")).expect("a manifest");
        let section = manifest.split("\n[").find(|section| section.starts_with("dependencies]")).unwrap_or_default();
        for line in section.lines().skip(1).filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if !allowed.contains(&name) {
                problems.push(format!("{package}/Cargo.toml: may not depend on {name}"));
            }
        }
    }
    check(&problems);
}

#[test]
fn phases_of_the_compiler_use_only_earlier_ones() {
    let allowed: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    let mut problems = Vec::new();
    for (path, text) in sources() {
        let Some(inside) = path.strip_prefix("compiler/src/") else { continue };
        let layer = inside.split(['/', '.']).next().unwrap_or_default();
        let Some(may_use) = allowed.get(layer) else { continue };
        for (number, line) in text.lines().enumerate() {
            for (other, _) in LAYERS.iter().filter(|(other, _)| *other != layer && !may_use.contains(other)) {
                if !line.trim_start().starts_with("//") && line.contains(&format!("crate::{other}::")) {
                    problems.push(format!("{path}:{}: {layer} may not use {other}", number + 1));
                }
            }
        }
    }
    check(&problems);
}

#[test]
fn every_file_says_what_it_is() {
    let problems: Vec<_> = sources()
        .iter()
        .filter(|(_, text)| !text.starts_with("//! ") && !text.starts_with("#![no_main]\n//! "))
        .map(|(path, _)| format!("{path}: begins without a module doc"))
        .collect();
    check(&problems);
}

#[test]
fn files_are_short_enough() {
    let problems: Vec<_> = sources()
        .iter()
        .filter(|(path, _)| !path.contains("/tests/") && !path.ends_with("table.rs") && !path.ends_with("tests.rs"))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(path, lines)| format!("{path}: {lines} lines, at most {MAX_LINES}"))
        .collect();
    check(&problems);
}

#[test]
fn nothing_is_left_over() {
    // Split so that this file does not find itself.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("dbg", "!("),
        concat!("#[ig", "nore"),
        concat!("#[should_", "panic"),
        concat!("#![al", "low("),
    ];
    let mut problems = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                problems.push(format!("{path}:{}: {word}", number + 1));
            }
        }
    }
    check(&problems);
}

#[test]
fn no_merge_is_left_open() {
    // Split so that this file does not find itself.
    let marks = [concat!("<<<<", "<<< "), concat!(">>>>", ">>> "), concat!("||||", "||| ")];
    let mut paths = Vec::new();
    files(&root(), &["rs", "md", "toml", "json", "sh", "rego", "snap"], &mut paths);
    let mut problems = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a text");
        for (number, line) in text.lines().enumerate() {
            if marks.iter().any(|mark| line.starts_with(mark)) {
                problems.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    check(&problems);
}

#[test]
fn every_builtin_is_implemented_or_refused() {
    // The guest's own test compares its exports with the table; here the table with OPA's own list, where that is there.
    let path = regoc_spec_tests::shared("reference/capabilities.json");
    let Some(path) = path else {
        println!("{}", regoc_spec_tests::SKIPPED);
        return;
    };
    let text = fs::read_to_string(path).expect("capabilities");
    let capabilities: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut expected: Vec<_> = capabilities["builtins"]
        .as_array()
        .expect("an array")
        .iter()
        .map(|builtin| builtin["name"].as_str().expect("a name").to_owned())
        .collect();
    expected.sort();
    let ours: Vec<_> = regoc_abi::builtins::BUILTINS.iter().map(|builtin| builtin.name.to_owned()).collect();
    assert_eq!(ours, expected);
}
