//! Everything that a user can get wrong gets an error with a place and a help, the exit code that OPA has, and no panic.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use std::time::{Duration, Instant};

use crate::common::{Folder, Run};

/// A module of OPA, from the runtime's tests.
const OPA_MODULE: &[u8] = include_bytes!("../../../runtime/host/tests/fixtures/opa.wasm");

/// Checks, builds and evaluates a policy: each refuses it, with its own exit code, and builds nothing.
fn refused(text: &[u8], words: &[&str]) {
    let folder = Folder::new(&[]);
    folder.write("p.rego", text);
    folder.run(&["check", "p.rego"]).fails(1, words);
    folder.run(&["build", "p.rego", "-o", "p.wasm"]).fails(1, words);
    let run = folder.run(&["eval", "-d", "p.rego", "data"]).fails(2, &[]);
    assert!(run.json()["errors"].is_array(), "{run:?}");
    assert_eq!(folder.names(), ["p.rego"]);
}

fn accepted(text: &[u8]) -> Run {
    let folder = Folder::new(&[]);
    folder.write("p.rego", text);
    folder.run(&["check", "p.rego"]).ok();
    folder.run(&["build", "p.rego", "-o", "p.wasm"]).ok();
    folder.run(&["eval", "-f", "raw", "-d", "p.rego", "data.p"]).ok()
}

#[test]
fn texts_that_are_not_text() {
    refused(
        b"package p\n\nq := \"\xff\xfe\"\n",
        &["illegal utf-8 character", "p.rego:3:7", "help: save the file as UTF-8"],
    );
    refused(b"package p\n\nq := \0 1\n", &["p.rego:3"]);
    assert_eq!(accepted(b"\xef\xbb\xbfpackage p\n\nq := 1\n").stdout, "{\"q\":1}\n");
}

#[test]
fn texts_that_end_too_early() {
    refused(b"", &["empty module"]);
    refused(b"# only a comment", &["empty module"]);
    refused(b"package p\n\nq := \"abc\n", &["p.rego:3", "non-terminated string"]);
    refused(b"package p\n\nq := `abc\n", &["p.rego:3", "non-terminated string"]);
    refused(b"package p\n\nq := [1, 2\n", &["p.rego", "^"]);
    refused(b"package p\n\nq if {\n", &["p.rego", "^"]);
    refused(b"package p\n\nq if (1", &["p.rego", "^"]);
}

#[test]
fn nesting_without_end() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("(", ")"), ("[x | x := ", "]")] {
        for closed in ["", close] {
            let text = format!("package p\n\nq := {}1{}\n", open.repeat(100_000), closed.repeat(100_000));
            refused(text.as_bytes(), &["p.rego:3"]);
        }
    }
}

#[test]
fn a_chain_without_end() {
    let text = format!("package p\n\nq := 0 if input.x == 0\n{}", "else := 1 if input.x == 1\n".repeat(100_000));
    let folder = Folder::new(&[("p.rego", &text)]);
    let run = folder.run(&["check", "p.rego"]);
    assert!(run.code == 0 || (run.code == 1 && run.stderr.contains("p.rego:")), "{:.2000}", run.stderr);
}

#[test]
fn a_line_of_ten_megabytes() {
    let text = format!("package p\n\nq := [{} x]\n", "1, ".repeat(3_400_000));
    let folder = Folder::new(&[("p.rego", &text)]);
    let start = Instant::now();
    let run = folder.run(&["check", "p.rego"]).fails(1, &["p.rego:3:10200008", "x]", "^"]);
    assert!(run.stderr.len() < 10_000, "the line is not shown whole");
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
}

#[test]
fn rules_that_clash() {
    let folder = Folder::new(&[("a.rego", "package p\n\nq := 1\n"), ("b.rego", "package p\n\nq contains 1\n")]);
    folder.run(&["check", "."]).fails(1, &["conflicting rules data.p.q found"]);
    let folder = Folder::new(&[("a.rego", "package a.b\n\nc := 1\n"), ("b.rego", "package a\n\nb := 1\n")]);
    folder.run(&["check", "."]).fails(1, &["a.rego", "b.rego"]);
}

#[test]
fn data_that_clashes() {
    let folder = Folder::new(&[("a.json", r#"{"x": {"y": 1}}"#), ("b.yaml", "x:\n  y: 2\n")]);
    folder
        .run(&["eval", "-d", "a.json", "-d", "b.yaml", "data"])
        .fails(2, &["b.yaml: merge error: conflicting values at data.x.y, also defined in a.json"]);
    let folder = Folder::new(&[("p.rego", "package x\n\ny := 1\n"), ("a.json", r#"{"x": {"y": 1}}"#)]);
    folder.run(&["build", "p.rego", "a.json", "-o", "p.tar.gz"]).ok();
}

#[test]
fn data_that_is_too_deep() {
    let nested = |levels: usize| format!("{{\"a\": {}1{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
    let folder = Folder::new(&[
        ("deep.json", &nested(1001)),
        ("fine.json", &nested(1000)),
        ("abyss.json", &"[".repeat(200_000)),
    ]);
    for name in ["deep.json", "abyss.json"] {
        folder.run(&["eval", "-d", name, "1"]).fails(2, &[name]);
        folder.run(&["eval", "-i", name, "1"]).fails(2, &["unable to parse input"]);
    }
    folder.run(&["eval", "-d", "fine.json", "-i", "fine.json", "-f", "raw", "data == input"]).ok();
}

#[test]
fn numbers_without_end() {
    let digits = format!("1{}", "0".repeat(10_000));
    let folder = Folder::new(&[("digits.json", &format!("{{\"n\": {digits}}}")), ("huge.json", "{\"n\": 1e1000000}")]);
    let run = folder.run(&["eval", "-f", "raw", "-i", "digits.json", "-d", "digits.json", "input.n == data.n"]).ok();
    assert_eq!(run.stdout, "true\n");
    assert_eq!(folder.run(&["eval", "-f", "raw", "-i", "digits.json", "input.n"]).ok().stdout.trim(), digits);
    // OPA refuses such a number, too.
    folder.run(&["eval", "-i", "huge.json", "input.n"]).fails(2, &["malformed input"]);
    folder.run(&["eval", "-d", "huge.json", "data.n"]).fails(2, &["cannot read the data", "too big"]);
}

#[test]
fn strings_and_keys_that_json_allows_but_should_not() {
    let folder = Folder::new(&[("in.json", r#"{"a": "\ud800", "b": 1, "b": 2}"#)]);
    for arguments in [["-i", "in.json", "input"], ["-d", "in.json", "data"]] {
        let run = folder.run(&[&["eval", "-f", "raw"], arguments.as_slice()].concat()).ok();
        assert_eq!(run.stdout, "{\"a\":\"\u{fffd}\",\"b\":2}\n");
    }
}

#[test]
fn input_that_is_not_json() {
    let folder = Folder::new(&[("in.json", "{\"a\": 1"), ("d.json", "{\n  \"a\": }"), ("bytes.json", "")]);
    folder.write("bytes.json", b"\"\xff\"");
    folder.run(&["eval", "-i", "in.json", "1"]).fails(2, &["unable to parse input"]);
    folder.run(&["eval", "-i", "missing.json", "1"]).fails(2, &["open missing.json: no such file or directory"]);
    folder.run(&["eval", "-i", "bytes.json", "1"]).fails(2, &["bytes.json: not UTF-8"]);
    folder.run(&["eval", "-d", "d.json", "1"]).fails(2, &["d.json: ", "line 2 column 8"]);
}

#[test]
fn entrypoints_that_are_not_there() {
    let folder = Folder::new(&[("p.rego", "package example\n\nallow if input.x\n")]);
    folder.run(&["build", "p.rego", "-e", "example/alow", "-o", "p.wasm"]).fails(1, &["example/alow", "example/allow"]);
    assert_eq!(folder.names(), ["p.rego"]);
}

#[test]
fn modules_that_are_none() {
    let folder =
        Folder::new(&[("p.rego", "package p\n\nq if input.x == 1\n"), ("text.wasm", "package p"), ("empty.wasm", "")]);
    folder.run(&["build", "p.rego", "-o", "p.wasm"]).ok();
    let module = folder.read("p.wasm");
    folder.write("cut.wasm", module.get(..module.len() / 2).unwrap());
    folder.write("other.wasm", b"\0asm\x01\0\0\0");
    folder.write("zip.wasm", b"\x1f\x8b\x08\0\0\0\0\0");
    for (name, words) in [
        ("text.wasm", "does not begin with"),
        ("empty.wasm", "the module is empty"),
        ("cut.wasm", "not a valid WebAssembly module"),
        ("other.wasm", "the module is not a policy"),
        ("zip.wasm", "compressed with gzip"),
        ("missing.wasm", "no such file or directory"),
    ] {
        folder.run(&["eval", "-w", name, "-e", "p/q"]).fails(2, &[words]);
        folder.run(&["inspect", name]).fails(1, &[words]);
    }
}

#[test]
fn modules_of_opa_just_work() {
    let folder = Folder::new(&[("in.json", "{\"a\": [1, {}]}"), ("caps.json", "")]);
    folder.write("opa.wasm", OPA_MODULE);
    let run = folder.run(&["inspect", "opa.wasm"]).ok();
    assert!(run.stdout.contains("fixture/allow") && run.stdout.contains("another compiler"), "{run:?}");
    // It wants a builtin that only its own host has, and is refused before anything is decided.
    folder.run(&["eval", "-w", "opa.wasm", "-e", "fixture/identity", "-i", "in.json"]).fails(2, &["`embedder.echo`"]);
}

#[test]
fn a_policy_without_end_is_stopped() {
    let text = "package p\n\nq if {\n\tsome i in numbers.range(1, 100000)\n\tsome j in numbers.range(1, 100000)\n\ti + j == -1 + input.x\n}\n";
    let folder = Folder::new(&[("p.rego", text), ("in.json", "{\"x\": 0}")]);
    let start = Instant::now();
    let run = folder
        .run(&["eval", "--timeout", "3s", "-d", "p.rego", "-i", "in.json", "data.p.q"])
        .fails(2, &["eval_cancel_error"]);
    assert_eq!(run.json()["errors"][0]["code"], "eval_cancel_error");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn a_value_of_ten_gigabytes_is_stopped() {
    let text = "package p\n\nq := [x | some i in numbers.range(1, 100000); some j in numbers.range(1, 10000); x := [i, j, input.x]]\n";
    let folder = Folder::new(&[("p.rego", text)]);
    folder
        .run(&["eval", "--memory-limit", "64MiB", "-d", "p.rego", "data.p.q"])
        .fails(2, &["67108864 bytes of memory", "eval_cancel_error"]);
}
