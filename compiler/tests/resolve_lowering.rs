//! The form that rules and queries have after resolution: snapshots of the text form of the HIR.

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::hir::print;
use regoc_compiler::resolve::{EntrypointSelection, QueryInput, ResolveOptions, resolve};
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::syntax::{ParseOptions, parse_module, parse_query};

/// The text form of modules and a query, or the errors.
fn lowered(modules: &[&str], query: Option<&str>, version: RegoVersion) -> String {
    let capabilities = Capabilities::default();
    let parse = ParseOptions { capabilities: &capabilities };
    let mut sources = SourceSet::new();
    let mut parsed = Vec::new();
    for (index, text) in modules.iter().enumerate() {
        let file = sources.add(format!("test-{index}.rego"), *text, version);
        let (module, errors) = parse_module(&sources, file, &parse);
        assert!(errors.is_empty(), "{errors:?}");
        parsed.push((file, module.expect("a module")));
    }
    let query = query.map(|text| {
        let file = sources.add("query.rego", text, RegoVersion::V1);
        let (body, errors) = parse_query(&sources, file, RegoVersion::V1, &parse);
        assert!(errors.is_empty(), "{errors:?}");
        (file, body.expect("a body"))
    });
    let options = ResolveOptions {
        capabilities: &capabilities,
        strict: false,
        keep_print: true,
        entrypoints: EntrypointSelection::default(),
        base_data: None,
    };
    let query = query.as_ref().map(|(file, body)| QueryInput { file: *file, body, package: None, imports: &[] });
    match resolve(&sources, parsed, query, &options) {
        Ok(program) => print::program(&program),
        Err(errors) => errors.iter().map(|error| error.to_line(&sources) + "\n").collect(),
    }
}

fn rules(text: &str) -> String {
    lowered(&[&format!("package a\n{text}")], None, RegoVersion::V1)
}

fn old_rules(text: &str) -> String {
    lowered(&[&format!("package a\n{text}")], None, RegoVersion::V0)
}

fn query(text: &str) -> String {
    lowered(&[], Some(text), RegoVersion::V1)
}

#[test]
fn calls_are_hoisted_in_order() {
    insta::assert_snapshot!(rules(
        "p if { x := f(g(1) + input.x); x == 2; not h(input.y) }\nf(x) := x\ng(1) := 2\nh(_) := true"
    ));
}

#[test]
fn comprehensions_and_every() {
    insta::assert_snapshot!(rules("p := [y | some x in input.xs; y := x.a] if { every k, v in input.m { v > k } }"));
}

#[test]
fn templates_and_print() {
    insta::assert_snapshot!(rules("p contains $\"{input.x} and {1 + 2} {q}\" if { print(input.z, 1 + 1) }\nq := 3"));
}

#[test]
fn rules_with_variables_take_in_what_is_below() {
    insta::assert_snapshot!(rules(
        "p[x].y := z if { z := q with input.a as input.b with data.c as {1} with count as f; x := 1 }\nq := count(input)\nf(_) := 3\np.a.y := 2\ndefault p.b := 4\np[1] := 5"
    ));
}

#[test]
fn heads_of_v0() {
    insta::assert_snapshot!(old_rules(
        "p[x] { x = input.y }\nq[x] = y { input[x] = y }\nr = 1 { false } else = 2 { true }\ndefault r = 3\ns { true } { false }"
    ));
}

#[test]
fn shadowed_and_implicit_names() {
    insta::assert_snapshot!(rules("p if { q := 1; x := 2; y = x; z := {q | q := y; input[q]} }\nq := 3\nr := q"));
}

#[test]
fn patterns_as_parameters() {
    insta::assert_snapshot!(rules(
        "f([x, {\"a\": y}], _, 1, {\"k\": [z]}) := [x, y, q, z]\nq := 1\nf([_, _], _, 2, _) := 2 if { false } else := 3"
    ));
}

#[test]
fn new_not_and_logical_operators() {
    insta::assert_snapshot!(rules(
        "import future.keywords\np if { not input.x; not { y := input.z; y > 1 }; input.a and (input.b or not f(input.c)) }\nf(_) := true"
    ));
}

#[test]
fn metadata_calls() {
    insta::assert_snapshot!(rules(
        "# METADATA\n# title: T\n# authors:\n# - A B <a@b>\np := [rego.metadata.rule().title, rego.metadata.chain()]"
    ));
}

#[test]
fn errors_of_all_recoverable_stages() {
    insta::assert_snapshot!(rules("import data.x.y\nimport data.z.y\np if { any([true]); some v; input.q }"));
}

#[test]
fn query_with_values() {
    insta::assert_snapshot!(query("x := input.a; 1 == 2; input.b[i]; walk(input, [p, _]); count([1])"));
}

#[test]
fn query_of_one_term() {
    insta::assert_snapshot!(query("false"));
}

#[test]
fn query_is_shown_in_its_order() {
    insta::assert_snapshot!(query("some y; x = y; y = 1; not x == 2; count(z, n); z = [1]"));
}
