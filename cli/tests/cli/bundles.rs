//! Bundles as OPA reads them: each of those beside the repository, if they are there.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use std::path::Path;

use serde_json::Value;

use crate::common::{Folder, run_in};

/// `regoc eval --bundle` gives the data that `opa` gives, or refuses what `opa` refuses.
#[test]
fn bundles_are_read_as_opa_reads_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/bundles");
    let Ok(index) = std::fs::read_to_string(folder.join("index.json")) else {
        #[expect(clippy::print_stderr, reason = "whoever runs the tests should know")]
        {
            eprintln!("skipped: put OPA's cases beside the repository, at ../shared/conformance");
        }
        return;
    };
    let index: Value = serde_json::from_str(&index).unwrap();
    let mut failures = Vec::new();
    for case in index["bundles"].as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let run = run_in(&folder, &["eval", "-b", file, "data"], "");
        let agrees = match case.get("data") {
            Some(data) => run.code == 0 && run.json()["result"][0]["expressions"][0]["value"] == *data,
            None => run.code == 2 && run.json()["errors"].is_array(),
        };
        if !agrees {
            failures.push(format!("{file}: {:.400} {:.400}", run.stdout, run.stderr));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_manifest_is_held_to_what_it_says() {
    let folder = Folder::new(&[
        ("b/.manifest", r#"{"roots": ["a"]}"#),
        ("b/a/p.rego", "package a\n\np := 1\n"),
        ("b/c/data.json", "{\"x\": 1}"),
        ("c/.manifest", "{"),
        ("d/.manifest", r#"{"roots": ["a/x"]}"#),
    ]);
    folder.run(&["eval", "-b", "b", "data"]).fails(2, &["manifest roots [a] do not permit data at path '/c'"]);
    folder.run(&["eval", "-b", "c", "data"]).fails(2, &["manifest"]);
    std::fs::remove_dir_all(folder.join("b/c")).unwrap();
    folder.write("b/other.rego", b"package other\n");
    folder
        .run(&["eval", "-b", "b", "data"])
        .fails(2, &["manifest roots [a] do not permit 'package other' in module 'b/other.rego'"]);
    std::fs::remove_file(folder.join("b/other.rego")).unwrap();
    assert_eq!(folder.run(&["eval", "-f", "raw", "-b", "b", "data"]).ok().stdout, "{\"a\":{\"p\":1}}\n");
    folder.run(&["eval", "-b", "b", "-b", "d", "data"]).fails(2, &["detected overlapping roots"]);
    folder.run(&["eval", "-b", "missing", "data"]).fails(2, &["stat missing: no such file or directory"]);
}

#[test]
fn manifests_say_which_rego_it_is() {
    let answer = |manifest: &str, policy: &str| {
        let folder = Folder::new(&[("b/.manifest", manifest), ("b/p.rego", policy)]);
        let run = folder.run(&["eval", "-b", "b", "-f", "json", "data.p.y"]);
        let error = run.json()["errors"][0]["message"].as_str().map(str::to_owned);
        assert_eq!(run.code == 0, error.is_none());
        error
    };
    let (old, new) = ("package p\nx { input.a }\ny = 1\n", "package p\nx if input.a\ny := 1\n");
    // What v2 adds needs no import.
    let newest = "package p\nx if input.a or input.b\ny := 1\n";
    assert_eq!(answer(r#"{"rego_version": 0}"#, old), None);
    assert_eq!(answer(r#"{"rego_version": 1}"#, new), None);
    assert_eq!(answer(r#"{"rego_version": 2}"#, newest), None);
    assert!(answer(r#"{"rego_version": 1}"#, newest).is_some());
    assert_eq!(answer(r#"{"rego_version": 1, "file_rego_versions": {"/p.rego": 0}}"#, old), None);
    for version in [3, -1] {
        let message = format!("loading error: bundle b: unknown bundle rego-version {version} for file '/p.rego'");
        assert_eq!(answer(&format!("{{\"rego_version\": {version}}}"), new), Some(message));
    }
    for (manifest, kind, field) in [
        (r#"{"rego_version": "1"}"#, "string", "rego_version"),
        (r#"{"rego_version": 1.5}"#, "number 1.5", "rego_version"),
        (r#"{"file_rego_versions": {"/p.rego": true}}"#, "bool", "file_rego_versions"),
    ] {
        let message = format!(
            "loading error: bundle b: bundle load failed on manifest decode: json: cannot unmarshal {kind} into Go struct field Manifest.{field} of type int"
        );
        assert_eq!(answer(manifest, new), Some(message));
    }
}

#[test]
fn delta_bundles_change_data() {
    let folder = Folder::new(&[(
        "d/patch.json",
        r#"{"data": [
        {"op": "upsert", "path": "/a/b", "value": [1]},
        {"op": "upsert", "path": "/a/b/-", "value": 2},
        {"op": "upsert", "path": "/a/b/0", "value": 0},
        {"op": "upsert", "path": "a/c~1d/e", "value": 5},
        {"op": "replace", "path": "/a/b/2", "value": 3},
        {"op": "remove", "path": "/a/b/1"}]}"#,
    )]);
    assert_eq!(
        folder.run(&["eval", "-f", "raw", "-b", "d", "data"]).ok().stdout,
        "{\"a\":{\"b\":[0,3],\"c/d\":{\"e\":5}}}\n"
    );
    for (patch, message) in [
        (r#"{"data": [{"op": "remove", "path": "/a/b"}]}"#, "document does not exist: /a/b"),
        (r#"{"data": [{"op": "nope", "path": "/a/b"}]}"#, "bad patch operation: nope"),
        (r#"{"data": [{"op": "upsert", "path": "/", "value": {}}]}"#, "a change has no path"),
        (r#"{"data": 5}"#, "bundle load failed on patch decode"),
        (r#"{"dat"#, "bundle load failed on patch decode"),
        (
            r#"{"data": [{"op": "upsert", "path": "/a", "value": 1}, {"op": "upsert", "path": "/a/b", "value": 1}]}"#,
            "document does not exist: /a/b",
        ),
    ] {
        folder.write("d/patch.json", patch.as_bytes());
        folder.run(&["eval", "-b", "d", "data"]).fails(2, &[message]);
    }
    folder.write("d/patch.json", br#"{"data": [{"op": "upsert", "path": "/q/b", "value": 1}]}"#);
    folder.write("d/.manifest", br#"{"roots": ["a"]}"#);
    folder.run(&["eval", "-b", "d", "data"]).fails(2, &["do not permit data patch at path 'q/b'"]);
    folder.write("d/.manifest", b"{}");
    folder.write("d/data.json", b"{}");
    folder.run(&["eval", "-b", "d", "data"]).fails(2, &["delta bundle expected to contain only patch file but data"]);
}
