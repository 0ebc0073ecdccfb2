//! Texts that no one writes by hand: the parser answers them with a tree or an error, in linear time and little stack.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test fails by panicking, and this one measures time"
)]

use std::thread;
use std::time::{Duration, Instant};

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::diagnostic::Code;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::syntax::{ParseOptions, parse_module, parse_query, print};

/// What a parse of a module came to: whether there is a module, how many rules and branches, and the errors' lines.
#[derive(Debug)]
struct Outcome {
    rules: Option<usize>,
    branches: usize,
    lines: Vec<String>,
    took: Duration,
}

/// Parses and prints in a thread with a small stack, in which the trees are dropped, too.
fn parse_within(stack: usize, version: RegoVersion, text: String) -> Outcome {
    let work = move || {
        let mut sources = SourceSet::new();
        let file = sources.add("a.rego", text, version);
        let capabilities = Capabilities::default();
        let start = Instant::now();
        let (module, errors) = parse_module(&sources, file, &ParseOptions { capabilities: &capabilities });
        let took = start.elapsed();
        assert!(errors.iter().all(|error| error.code == Code::Parse));
        if let Some(module) = &module {
            assert!(!print::module(module).is_empty());
        }
        Outcome {
            rules: module.as_ref().map(|module| module.rules.len()),
            branches: module.iter().flat_map(|module| &module.rules).map(|rule| rule.branches.len()).sum(),
            lines: errors.iter().map(|error| error.to_line(&sources)).collect(),
            took,
        }
    };
    thread::Builder::new().stack_size(stack).spawn(work).unwrap().join().unwrap()
}

fn parse(text: impl Into<String>) -> Outcome {
    parse_within(2 << 20, RegoVersion::V1, text.into())
}

const TOO_DEEP: &str = "a.rego:2: rego_parse_error: max parsing recursion depth exceeded";

fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("package a\np := {}{inner}{}\n", open.repeat(times), close.repeat(times))
}

#[test]
fn text_that_is_too_deep_is_an_error_with_a_place() {
    let shapes = [
        nested("[", "", "]", 100_000),
        nested("[", "", "", 100_000),
        nested("{", "1", "}", 100_000),
        nested("(", "1", ")", 100_000),
        nested("{1: ", "1", "}", 100_000),
        nested("f(", "1", ")", 100_000),
        nested("a[", "1", "]", 100_000),
        nested("[x | x := ", "1", "]", 100_000),
        nested("{x | x := ", "1", "}", 100_000),
        nested("{x: 1 | x := ", "1", "}", 100_000),
        nested("$\"{", "1", "}\"", 100_000),
        nested("1 + ", "1", "", 100_000),
        nested("1 - ", "1", "", 100_000),
        nested("1 == ", "1", "", 100_000),
        nested("1 in ", "[]", "", 100_000),
        nested("", "f", "(1).x", 100_000),
        nested("(1 + ", "1", " + 1)", 100_000),
        nested("(", "1", " + 1) + 1", 100_000),
        format!("package a\np if {}\n", "{".repeat(100_000)),
        format!("package a\np if {{{}\n", "every x in y {".repeat(100_000)),
    ];
    for text in shapes {
        let start: String = text.chars().take(60).collect();
        let outcome = parse(text);
        assert!(outcome.lines.iter().any(|line| line == TOO_DEEP), "{start}\n{outcome:?}");
        assert!(outcome.took < Duration::from_secs(5), "{start}\n{:?}", outcome.took);
    }
}

#[test]
fn logical_operators_are_limited_as_well() {
    let import = "package a\nimport future.keywords\n";
    let shapes = [
        format!("{import}p if {}b\n", "b and ".repeat(100_000)),
        format!("{import}p if {}b\n", "b or ".repeat(100_000)),
        format!("{import}p if {}b{}\n", "(b or ".repeat(100_000), ")".repeat(100_000)),
        format!("{import}p if {}b{}\n", "{b and ".repeat(100_000), "}".repeat(100_000)),
        format!("{import}p if {}b{}\n", "not {".repeat(100_000), "}".repeat(100_000)),
        format!("{import}p if {}b{}\n", "([x | (".repeat(100_000), ")])".repeat(100_000)),
    ];
    for text in shapes {
        let start: String = text.chars().take(60).collect();
        let outcome = parse(text);
        assert!(outcome.lines.iter().any(|line| line.ends_with("depth exceeded")), "{start}\n{outcome:?}");
        assert!(outcome.took < Duration::from_secs(5), "{start}\n{:?}", outcome.took);
    }
}

#[test]
fn text_of_usual_depth_is_read() {
    for times in [1, 10, 100, 150] {
        for text in [
            nested("[", "1", "]", times),
            nested("{1: ", "1", "}", times),
            nested("f(", "1", ")", times),
            nested("[x | x := ", "1", "]", times),
            nested("{x | x := {", "1", "}}", times),
            nested("(1 + ", "1", ")", times),
            nested("1 + ", "1", "", 6 * times),
        ] {
            let outcome = parse(text);
            assert_eq!(outcome.lines, Vec::<String>::new(), "{times}");
            assert_eq!(outcome.rules, Some(1));
        }
    }
}

/// Readings that are given up and tried again inside each other must not multiply.
#[test]
fn backtracking_is_not_exponential() {
    let import = "package a\nimport future.keywords\np if ";
    let repeated = |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(60), close.repeat(60));
    let shapes = [
        repeated("[a | ", "1", ", 1]"),
        repeated("{a | ", "1", ", 1}"),
        repeated("{a: a | ", "1", ", 1: 1}"),
        repeated("[a | b, ", "1", "]"),
        repeated("[[a | b], ", "1", "]"),
        repeated("{a | {", "1", "}}"),
        repeated("{x | ", "x", "}"),
        repeated("([x | ", "x", "])"),
        repeated("([x | (", "x", ")])"),
        repeated("({x | (", "x", ")})"),
        repeated("{([x | (", "x", ")])}"),
        repeated("{[x | {", "x", "}]}"),
        repeated("not ([x | (", "x", ")])"),
        repeated("{ a, ", "1", " }"),
        repeated("{ some a, ", "b", " }"),
        repeated("{ some [x | ", "b", "] }"),
        repeated("{ {a} | ", "b", " }"),
        repeated("{ {a | b} | ", "b", " | ]"),
        repeated("[[x, {y | ", "b", " ; ]"),
        repeated("{ (a with b as ", "c", ") }"),
        repeated("{ {a} and ", "c", " }"),
        repeated("{ {a | c, ", "c", "} and d }"),
        repeated("({a: ", "c", "})"),
        repeated("$\"{[a | ", "c", ", 1]}\""),
    ];
    for text in shapes {
        for version in [RegoVersion::V0, RegoVersion::V1] {
            let outcome = parse_within(8 << 20, version, format!("{import}{text}\n"));
            assert!(outcome.took < Duration::from_millis(500), "{text}\n{:?}", outcome.took);
        }
    }
}

#[test]
fn long_lists_are_read_without_stack() {
    let many = 100_000;
    let chain = format!("package a\np := 1 if {{ false }}{}\n", " else := 2 if { false }".repeat(many));
    let outcome = parse(chain);
    assert_eq!((outcome.lines.len(), outcome.branches), (0, many), "{:?}", outcome.took);
    let bodies = format!("package a\np {{ false }}{}\n", " { false }".repeat(many));
    let outcome = parse_within(2 << 20, RegoVersion::V0, bodies);
    assert_eq!((outcome.lines.len(), outcome.rules), (0, Some(1)), "{:?}", outcome.took);
    for text in [
        format!("package a\np := [{}]\n", "1, ".repeat(many)),
        format!("package a\np := {{{}}}\n", "1: 2, ".repeat(many)),
        format!("package a\np := a{}\n", ".b".repeat(many)),
        format!("package a\np := a{}\n", "[b]".repeat(many)),
        format!("package a\np := f({})\n", "b, ".repeat(many)),
        format!("package a\np if {{ {} }}\n", "b;b\n".repeat(many)),
        format!("package a\np if {{ {} }}\n", "b\n".repeat(many)),
        format!("package a\np if b{}\n", " with input as 1".repeat(many)),
        format!("package a\np if {{ some {}y }}\n", "x, ".repeat(many)),
        format!("package a\np := $\"{}\"\n", "{1} ".repeat(many)),
        format!("package a\np := \"{}\"\n", "\\u0041".repeat(many)),
        format!("package a\n{}p := 1\n", "# c\n".repeat(many)),
        format!("package a\n{}p := 1\n", "# METADATA\n# a: 1\n".repeat(many)),
        format!("package a\np := 1{}\n", "# METADATA".repeat(many)),
    ] {
        let start: String = text.chars().take(40).collect();
        let outcome = parse(text);
        assert_eq!(outcome.lines, Vec::<String>::new(), "{start}");
        assert_eq!(outcome.rules, Some(1), "{start}");
        assert!(outcome.took < Duration::from_secs(3), "{start} {:?}", outcome.took);
    }
}

#[test]
fn a_line_of_ten_megabytes_is_read() {
    let outcome = parse(format!("package a\np := \"{}\"", "x".repeat(10 << 20)));
    assert_eq!((outcome.lines.len(), outcome.rules), (0, Some(1)));
    let outcome = parse(format!("package a\np := [{}]", "\"x\", ".repeat(2 << 20)));
    assert_eq!((outcome.lines.len(), outcome.rules), (0, Some(1)), "{:?}", outcome.took);
    for garbage in ["x ", "] ", "{ ", "\"", "$\"{", "`", "# ", "p := ", "p if {\n", "p\n", "é", "\0", "1a "] {
        let outcome = parse(format!("package a\n{}", garbage.repeat((1 << 20) / garbage.len())));
        assert!(outcome.took < Duration::from_secs(10), "{garbage:?} {:?}", outcome.took);
    }
}

#[test]
fn texts_without_rules() {
    let empty = parse("");
    assert_eq!(empty.rules, None);
    assert_eq!(empty.lines, ["a.rego:1: rego_parse_error: empty module"]);
    assert_eq!(parse(" \n# nothing\n").lines, ["a.rego:1: rego_parse_error: empty module"]);
    assert_eq!(parse("package a").rules, Some(0));
    assert_eq!(parse("\u{FEFF}package a").rules, Some(0));
    assert_eq!(parse("p := 1").lines, ["a.rego:1: rego_parse_error: package expected"]);
}

#[test]
fn several_errors_are_found_in_one_text() {
    let outcome = parse("package a\n\np := \"\\q\"\n\nq := 1\n\nr if {\n\tx :=\n}\n\ns := [1\n\nt := 2\n");
    let rows: Vec<&str> = outcome.lines.iter().map(|line| line.split(':').nth(1).unwrap()).collect();
    assert_eq!(rows.first(), Some(&"3"), "{outcome:?}");
    assert!(rows.contains(&"9"), "{outcome:?}");
    assert!(rows.contains(&"13"), "{outcome:?}");
    assert_eq!(outcome.rules, Some(2), "what is well-formed is kept: {outcome:?}");
}

#[test]
fn ten_thousand_rules_are_read_quickly() {
    let rule = |at: usize| {
        format!(
            "\nallow_{at} if {{\n\tinput.method == \"GET\"\n\tsome role in input.user.roles\n\tdata.roles[role].level > {at}\n\tnot denied[input.path]\n}}\n"
        )
    };
    let text = format!("package a\n{}", (0..10_000).map(rule).collect::<String>());
    let outcome = parse_within(8 << 20, RegoVersion::V1, text);
    assert_eq!((outcome.lines.len(), outcome.rules), (0, Some(10_000)));
    eprintln!("10,000 rules of six lines: {:?}", outcome.took);
    // Generous, for a test of an unoptimized build on a busy machine.
    assert!(outcome.took < Duration::from_secs(2), "{:?}", outcome.took);
}

#[test]
fn queries_are_read() {
    let capabilities = Capabilities::default();
    let options = ParseOptions { capabilities: &capabilities };
    let parse = |text: &str| {
        let mut sources = SourceSet::new();
        let file = sources.add("query", text, RegoVersion::V0);
        let (body, errors) = parse_query(&sources, file, RegoVersion::V1, &options);
        (body.map(|body| print::body(&body)), errors.len())
    };
    assert_eq!(parse("x := 1; every y in [x] { y == 1 }").0.as_deref(), Some("x := 1; every y in [x] { y == 1 }"));
    assert_eq!(parse("data.a.p\nsome k, v in input.xs").0.as_deref(), Some("data.a.p; some k, v in input.xs"));
    assert_eq!(parse("(1 + 2) * 3 == x").0.as_deref(), Some("(1 + 2) * 3 == x"));
    assert_eq!(parse("p := 1 with input as {1 | 2, 3}").0.as_deref(), Some("p := 1 with input as {(1 | 2), 3}"));
    assert_eq!(parse(""), (None, 1));
    assert_eq!(parse("x := ").1, 1);
}
