//! Texts that no one writes by hand. What OPA gives for all forms of Rego is in `tests/parse_module.json`.

use std::format;
use std::string::String;
use std::time::{Duration, Instant};

use super::parse;
use crate::json;

/// The JSON of a text's tree, or why there is none.
fn tree(text: &str) -> Result<String, String> {
    let value = parse(b"a.rego", text.as_bytes()).map_err(|failure| failure.0)?;
    Ok(String::from_utf8_lossy(json::write(value)).into_owned())
}

#[test]
fn what_nests_too_deep_is_refused() {
    let arrays = |levels: usize| format!("package a\nx := {}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(tree(&arrays(100)).is_ok());
    for levels in [1_000, 100_000] {
        let failure = tree(&arrays(levels)).expect_err("too deep");
        assert!(failure.contains("max parsing recursion depth exceeded"), "{failure}");
    }
    let branches = format!("package a\nx := 1 if {{ false }}{}", " else := 2 if { false }".repeat(2_000));
    assert_eq!(tree(&branches), Err(String::from("the tree nests deeper than 1000 levels")));
}

#[test]
fn text_that_is_no_utf8_is_refused() {
    let failure = |text: &[u8]| parse(b"a.rego", text).expect_err("no text").0;
    let message = "1 error occurred: a.rego:2: rego_parse_error: illegal utf-8 character";
    assert_eq!(failure(b"package a\n# \xff"), message);
    assert_eq!(failure(b"package a\n\xe2\x82"), message);
}

#[test]
fn names_of_files_become_utf8() {
    let value = parse(b"\xff.rego", b"package a\n# b").expect("a tree");
    assert!(String::from_utf8_lossy(json::write(value)).contains("\"file\":\"\u{fffd}.rego\""));
}

#[test]
fn time_grows_with_the_text() {
    let mut forms = [
        "[1, {2: 3}, {4}, ".repeat(20_000),
        "# comment\n".repeat(50_000),
        String::from("x := {") + &(0..50_000).rev().map(|n| format!("{n}, ")).collect::<String>() + "}",
        "x contains _ if { _ = [_] }\n".repeat(20_000),
        "x := $\"{1}{# c\n2}\"\n".repeat(20_000),
        "{".repeat(50_000),
    ];
    for form in &mut forms {
        let start = Instant::now();
        _ = tree(&format!("package a\n{form}"));
        assert!(start.elapsed() < Duration::from_secs(20), "{form:.20}");
    }
}
