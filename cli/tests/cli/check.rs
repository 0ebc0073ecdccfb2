//! `regoc check`, `inspect`, `version` and `completion` as a user calls them.

use crate::common::Folder;

#[test]
fn nothing_is_said_when_nothing_is_wrong() {
    let folder = Folder::new(&[("a.rego", "package a\n\np if input.x\n"), ("data.json", "{broken")]);
    // Only Rego is looked at.
    assert_eq!(folder.run(&["check", "."]).ok().stdout, "");
}

#[test]
fn several_errors_are_shown_with_their_lines() {
    let folder = Folder::new(&[("a.rego", "package a\n\np if x == 1\n\nq if y == 2\n")]);
    let run = folder.run(&["check", "a.rego"]).fails(
        1,
        &["error[rego_unsafe_var_error]: var x is unsafe", "a.rego:3:6", "p if x == 1", "^", "a.rego:5:6", "2 errors"],
    );
    assert_eq!(run.stdout, "");
    assert!(!run.stderr.contains('\u{1b}'), "colors are for terminals");
    let run = folder.run(&["check", "-m", "1", "a.rego"]).fails(1, &["error limit reached"]);
    assert!(!run.stderr.contains("a.rego:5"));
    let run = folder.run(&["check", "-f", "json", "a.rego"]).fails(1, &["\"row\": 3", "\"row\": 5"]);
    assert_eq!(run.stdout, "");
}

#[test]
fn versions_and_strictness() {
    let old = Folder::new(&[("a.rego", "package a\n\np { input.x }\n"), ("b.rego", "package b\n\nimport data.a\n")]);
    old.run(&["check", "a.rego"]).fails(1, &["rego_parse_error"]);
    old.run(&["check", "--v0-compatible", "a.rego"]).ok();
    old.run(&["check", "--v0-v1", "a.rego"]).fails(1, &["rego_parse_error"]);
    old.run(&["check", "b.rego"]).ok();
    old.run(&["check", "-S", "b.rego"]).fails(1, &["import data.a unused"]);
}

#[test]
fn capabilities_limit_what_may_be_used() {
    let capabilities = r#"{"builtins": [{"name": "eq", "infix": "=", "decl": {"type": "function",
        "args": [{"type": "any"}, {"type": "any"}], "result": {"type": "boolean"}}}], "features": ["rego_v1"]}"#;
    let folder = Folder::new(&[("a.rego", "package a\n\np := count([1])\n"), ("caps.json", capabilities)]);
    folder.run(&["check", "a.rego"]).ok();
    folder.run(&["check", "--capabilities", "caps.json", "a.rego"]).fails(1, &["undefined function count"]);
    folder.run(&["check", "--capabilities", "no.json", "a.rego"]).fails(1, &["no.json"]);
}

#[test]
fn a_module_is_described() {
    let folder = Folder::new(&[("a.rego", "package a\n\np if input.x == 1\n\nq := time.now_ns()\n")]);
    folder.run(&["build", "a.rego", "-o", "a.wasm"]).ok();
    let run = folder.run(&["inspect", "a.wasm"]).ok();
    for words in [
        "MODULE:",
        "ENTRYPOINTS:",
        "a/p",
        "HOST BUILTINS:",
        "time.now_ns",
        "IMPORTS:",
        "env.memory",
        "SECTIONS:",
        "code",
        "Built by",
    ] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    let json = folder.run(&["inspect", "-f", "json", "a.wasm"]).ok().json();
    assert_eq!(
        (json["abi_version"].as_str(), json["producer"]["regoc"].as_str()),
        (Some("1.3"), Some(env!("CARGO_PKG_VERSION")))
    );
    assert_eq!(json["bytes"].as_u64(), Some(folder.read("a.wasm").len() as u64));
}

#[test]
fn a_folder_is_described_as_opa_does() {
    let folder = Folder::new(&[
        ("a/b/c/bundle/namespace/data.json", "{}"),
        ("a/b/c/bundle/test.rego", "package test\n\nresult if input.yay\n"),
    ]);
    let wanted = "\
NAMESPACES:
┌────────────────┬──────────────────────────────────┐
│   NAMESPACE    │               FILE               │
├────────────────┼──────────────────────────────────┤
│ data.namespace │ a/b/c/bundle/namespace/data.json │
│ data.test      │ a/b/c/bundle/test.rego           │
└────────────────┴──────────────────────────────────┘
";
    assert_eq!(folder.run(&["inspect", "a/b/c/bundle"]).ok().stdout, wanted);
}

#[test]
fn signatures_of_a_bundle_are_shown() {
    let folder = Folder::new(&[
        ("signed/.signatures.json", r#"{"signatures": ["a.b.c"], "plugin": "", "other": 1}"#),
        ("signed/test.rego", "package test\n"),
        ("plugin/inner/.signatures.json", r#"{"signatures": [], "plugin": "ours"}"#),
        ("wrong/.signatures.json", "["),
        ("none/test.rego", "package test\n"),
    ]);
    let shown = |path: &str| folder.run(&["inspect", "-f", "json", path]).ok().json()["signatures_config"].clone();
    assert_eq!(shown("signed"), serde_json::json!({"signatures": ["a.b.c"]}));
    assert_eq!(shown("plugin"), serde_json::json!({"plugin": "ours"}));
    assert_eq!(shown("none"), serde_json::json!({}));
    folder.run(&["inspect", "-f", "json", "wrong"]).fails(1, &["bundle load failed on signatures decode"]);
}

#[test]
fn help_versions_and_completions() {
    let folder = Folder::new(&[]);
    let run = folder.run(&["version"]).ok();
    assert!(run.stdout.starts_with("Version: ") && run.stdout.contains("OPA Version: 1.22.0"), "{run:?}");
    for command in ["build", "eval", "check", "inspect", "version", "completion"] {
        let run = folder.run(&[command, "--help"]).ok();
        assert!(run.stdout.contains("Usage: regoc"), "{run:?}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(folder.run(&["completion", shell]).ok().stdout.contains("regoc"));
    }
    folder.run(&["nope"]).fails(1, &["nope"]);
    folder.run(&[]).fails(1, &["Usage"]);
}
