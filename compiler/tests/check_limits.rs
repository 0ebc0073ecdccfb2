//! Safety, recursion and types on policies made to be hard: large, deep, in the wrong order. What is checked is that
//! each ends, and says what it should; the test as a whole would not end in time if one of them were quadratic in the
//! large sizes.

use std::fmt::Write as _;

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::diagnostic::Diagnostic;
use regoc_compiler::hir::Program;
use regoc_compiler::resolve::{EntrypointSelection, ResolveOptions, resolve_leniently};
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::syntax::{ParseOptions, parse_module};
use regoc_compiler::types::{self, TypeOptions};

/// Resolves a module and checks its types.
fn check(text: &str) -> (SourceSet, Result<Program, Vec<Diagnostic>>, Vec<Diagnostic>) {
    let capabilities = Capabilities::default();
    let mut sources = SourceSet::new();
    let file = sources.add("p.rego", text, RegoVersion::V1);
    let (module, errors) = parse_module(&sources, file, &ParseOptions { capabilities: &capabilities });
    assert!(errors.is_empty(), "{errors:?}");
    let modules = vec![(file, module.expect("a module"))];
    let entrypoints = EntrypointSelection { names: vec!["p/start".to_owned()], ..EntrypointSelection::default() };
    let options =
        ResolveOptions { capabilities: &capabilities, strict: false, keep_print: false, entrypoints, base_data: None };
    match resolve_leniently(&sources, modules, None, &options) {
        Ok(resolution) => {
            let found = types::check(&resolution.program, &sources, &TypeOptions::default());
            (sources, Ok(resolution.program), found)
        }
        Err(diagnostics) => (sources, Err(diagnostics), Vec::new()),
    }
}

/// The errors of a module, as OPA prints them.
fn errors(text: &str) -> Vec<String> {
    let (sources, resolved, found) = check(text);
    let diagnostics = resolved.err().unwrap_or(found);
    diagnostics.iter().map(|error| error.to_line(&sources)).collect()
}

/// The statements of the body of the last rule, as they stand in the text, in the order in which they are evaluated.
fn order(body: &str) -> Vec<String> {
    let (sources, resolved, _) = check(&format!("package p\n\nstart if {{\n{body}\n}}\n"));
    let program = resolved.expect("a program");
    let rule = program.rules.iter().last().expect("a rule");
    let mut texts: Vec<String> = rule.body.exprs.iter().map(|expr| sources.text(expr.span).trim().to_owned()).collect();
    texts.dedup();
    texts
}

#[test]
fn statements_wait_for_their_variables_and_keep_their_order_otherwise() {
    assert_eq!(order("y = x\nx = 1\nz = 2"), ["x = 1", "z = 2", "y = x"]);
    assert_eq!(order("not x == 3\nx = input.a"), ["x = input.a", "not x == 3"]);
    assert_eq!(order("[a, b] = [b, 1]\na == 1"), ["[a, b] = [b, 1]", "a == 1"]);
    // Found ready in the same pass, behind what made them so; the others in the next.
    assert_eq!(order("c = b\na = 1\nb = a\nd = c"), ["a = 1", "b = a", "c = b", "d = c"]);
    // A closure waits for the variables of this body that it mentions.
    assert_eq!(order("xs = [q | q = y]\ny = 1"), ["y = 1", "xs = [q | q = y]"]);
}

#[test]
fn what_nothing_binds_is_named() {
    assert_eq!(errors("package p\nstart if {\n\tx == 1\n}\n"), ["p.rego:3: rego_unsafe_var_error: var x is unsafe"]);
    assert_eq!(
        errors("package p\nstart if {\n\tx := y\n\tx = 7\n}\n"),
        ["p.rego:3: rego_unsafe_var_error: var y is unsafe"]
    );
    assert_eq!(
        errors("package p\nstart if { not input.xs[_] == 1 }\n"),
        ["p.rego:2: rego_unsafe_var_error: var _ is unsafe"]
    );
    assert_eq!(
        errors("package p\nstart := [x | y = 1] if { true }\n"),
        ["p.rego:2: rego_unsafe_var_error: var x is unsafe"]
    );
}

#[test]
fn a_body_in_reverse_order_is_sorted() {
    let mut text = String::from("package p\nstart if {\n");
    for index in (1..5000).rev() {
        let _ = writeln!(text, "\tx{index} = x{}", index - 1);
    }
    text.push_str("\tx0 = 1\n}\n");
    assert_eq!(errors(&text), Vec::<String>::new());
}

#[test]
fn a_long_chain_of_rules_neither_overflows_nor_grows() {
    for item in ["[r%]", "[r%, r%]", "{\"a\": r%, \"b\": {r%}}"] {
        let mut text = String::from("package p\nr0 := 1\nstart := r9999\n");
        for index in 1..10_000 {
            let _ = writeln!(text, "r{index} := {}", item.replace('%', &(index - 1).to_string()));
        }
        assert_eq!(errors(&text), Vec::<String>::new(), "{item}");
    }
}

#[test]
fn a_large_circle_is_reported_in_bounds() {
    let mut text = String::from("package p\nstart := r0\n");
    for index in 0..10_000 {
        let _ = writeln!(text, "r{index} if r{}", (index + 1) % 10_000);
    }
    let (_, resolved, _) = check(&text);
    let diagnostics = resolved.expect_err("the rules are recursive");
    assert!(diagnostics.iter().all(|error| error.message.starts_with("rule data.p.r")));
    let size: usize = diagnostics.iter().map(|error| error.message.len()).sum();
    assert!(size < 1 << 20, "{size} bytes of messages");
}

#[test]
fn many_rules_with_the_same_dynamic_reference_share_what_it_reaches() {
    let mut text = String::from("package p\nstart := 1\n");
    for index in 0..5000 {
        let _ = writeln!(text, "q.k{index} := {index}");
        let _ = writeln!(text, "r{index} if data.p.q[_] == {index}");
        let _ = writeln!(text, "s{index} if r{index} with data.p.q as {{}}");
    }
    assert_eq!(errors(&text), Vec::<String>::new());
}

#[test]
fn types_go_from_rule_to_rule() {
    assert_eq!(
        errors("package p\na := {\"x\": 1}\nstart if a.y == 1\n"),
        ["p.rego:3: rego_type_error: undefined ref: data.p.a.y"]
    );
    assert_eq!(errors("package p\nf(x) := x + 1\nstart if f(\"a\") == 2\n").len(), 1);
    assert_eq!(errors("package p\na := 1\nstart if a == \"x\" with data.p.a as \"x\"\n"), Vec::<String>::new());
}
