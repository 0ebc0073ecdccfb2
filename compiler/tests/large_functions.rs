//! Policies whose rules, bodies and values are large: no function of their plans is.
#![expect(clippy::expect_used, reason = "a test ends at its first failure")]

use std::fmt::Write as _;

use regoc_compiler::optimize::{Limits, split};
use regoc_compiler::plan::ir::Program;
use regoc_compiler::plan::print::print;
use regoc_compiler::plan::validate::validate;
use regoc_compiler::plan::visit::for_each_stmt;
use regoc_compiler::resolve::EntrypointSelection;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::{Options, compile_to_plan};

/// The most statements that a function may have.
const BOUND: usize = 4_000;

fn plan(text: &str) -> Program {
    let mut sources = SourceSet::new();
    sources.add("policy.rego", text, RegoVersion::V1);
    let names = vec!["p/x".to_owned()];
    let entrypoints = EntrypointSelection { names, ..EntrypointSelection::default() };
    compile_to_plan(&sources, &Options { entrypoints, ..Options::default() }).expect("the policy compiles")
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, index| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line(index));
        text
    })
}

#[test]
fn no_function_is_large() {
    let policies = [
        ("constants", format!("x := [input.a,\n{}]", lines(8_000, |index| format!("{index},")))),
        ("elements", format!("x := [\n{}]", lines(8_000, |index| format!("input.a{index},")))),
        ("object", format!("x := {{\n{}}}", lines(8_000, |index| format!("\"k{index}\": input.a{index},")))),
        ("body", format!("x if {{\n{}}}", lines(8_000, |index| format!("input.a{index} == {index}")))),
        ("rules", lines(8_000, |index| format!("x := {index} if input.a == {index}"))),
        ("else", format!("x := 0 if input.b\n{}", lines(6_000, |i| format!("else := {i} if input.a == {i}")))),
        (
            "variables",
            format!("x := [v0, v5999] if {{\n{}}}", lines(8_000, |index| format!("v{index} := input.a{index}"))),
        ),
        (
            "scan",
            format!("x contains y if {{ some y in input.c\n{}}}", lines(5_000, |i| format!("y.a{i} == input.a{i}"))),
        ),
        (
            "comprehension",
            format!("x := [z | some y in input.c; z := [\n{}]]", lines(5_000, |index| format!("y.a{index},"))),
        ),
        (
            "lookup",
            format!("x := data.p.q[input.a]\n{}", lines(6_000, |index| format!("q.r{index} := {index} if input.b"))),
        ),
    ];
    for (name, text) in policies {
        let program = plan(&format!("package p\n{text}\n"));
        assert_eq!(validate(&program), Ok(()), "{name}");
        for function in &program.functions {
            let mut size = 0;
            for_each_stmt(&function.body, &mut |_| size += 1);
            assert!(size <= BOUND, "{name}: {} has {size} statements", function.name);
        }
    }
}

#[test]
fn what_a_part_makes_goes_to_the_parts_behind_it() {
    let text = "package p\nx := [a, b, c] if { a := input.a; b := input.b; c := input.c; a != b; b != c; c != a }\n";
    let mut program = plan(text);
    split(&mut program, Limits { function: 4, part: 4 });
    assert_eq!(validate(&program), Ok(()));
    let text = print(&program);
    assert!(text.contains("{part}"), "{text}");
}
