//! Large functions, and how large they are behind the pass. That splitting keeps every answer is tested with all cases of
//! `regoc-spec-tests`, which run with functions split wherever that is possible, too.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Limits, weight};
use crate::optimize::{OptimizeOptions, optimize};
use crate::plan::ir::Program;
use crate::plan::opa::read_plan;
use crate::plan::print::print;
use crate::plan::validate::validate;
use crate::resolve::EntrypointSelection;
use crate::source::{RegoVersion, SourceSet};
use crate::{Options, compile_to_plan};

/// The most that a function may weigh: that of a part, and what it says about its frames.
const BOUND: usize = Limits::USUAL.function;

fn plan(text: &str) -> Program {
    let mut sources = SourceSet::new();
    sources.add("policy.rego", text, RegoVersion::V1);
    let names = vec!["p/x".to_owned()];
    let entrypoints = EntrypointSelection { names, ..EntrypointSelection::default() };
    compile_to_plan(&sources, &Options { entrypoints, ..Options::default() }).expect("the policy compiles")
}

fn check(name: &str, program: &Program) {
    assert_eq!(validate(program), Ok(()), "{name}");
    for function in &program.functions {
        let size = weight(&function.body);
        assert!(size <= BOUND, "{name}: {} weighs {size}", function.name);
    }
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
        check(name, &plan(&format!("package p\n{text}\n")));
    }
}

#[test]
fn opas_plans_have_no_large_functions_either() {
    // One function with a block for each body of a rule, as OPA plans it.
    let rule = |index: usize| {
        let dot = json!({"source": {"type": "local", "value": 0}, "key": {"type": "string_index", "value": 0}, "target": 10 + index});
        let equal = json!({"a": {"type": "local", "value": 10 + index}, "b": {"type": "bool", "value": true}});
        let once = json!({"source": {"type": "bool", "value": true}, "target": 2});
        json!({"stmts": [
            {"type": "DotStmt", "stmt": dot}, {"type": "EqualStmt", "stmt": equal}, {"type": "AssignVarOnceStmt", "stmt": once}
        ]})
    };
    let mut blocks: Vec<Value> = (0..10_000).map(rule).collect();
    blocks.push(json!({"stmts": [{"type": "ReturnLocalStmt", "stmt": {"source": 2}}]}));
    let document = |local: usize| json!({"type": "local", "value": local});
    let call = json!({"func": "f", "args": [document(0), document(1)], "result": 3});
    let result = json!({"stmts": [
        {"type": "CallStmt", "stmt": call}, {"type": "ResultSetAddStmt", "stmt": {"value": 3}}
    ]});
    let plan = json!({
        "static": {"strings": [{"value": "a"}]},
        "funcs": {"funcs": [{"name": "f", "params": [0, 1], "return": 2, "blocks": blocks, "path": ["g0", "p"]}]},
        "plans": {"plans": [{"name": "eval", "blocks": [result]}]},
    });
    let program = read_plan(&plan).expect("a plan");
    check("a plan of OPA's", &optimize(program, &OptimizeOptions::default()));
}

#[test]
fn what_a_part_makes_goes_to_the_parts_behind_it() {
    let text = "package p\nx := [a, b, c] if { a := input.a; b := input.b; c := input.c; a != b; b != c; c != a }\n";
    let mut program = plan(text);
    super::split(&mut program, Limits { function: 4, part: 4 });
    assert_eq!(validate(&program), Ok(()));
    let text = print(&program);
    assert!(text.contains("{part}"), "{text}");
}
