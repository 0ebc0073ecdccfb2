//! What is declared of small policies. That TypeScript takes it is tested in `sdk/js`, and that options reach here with the command.

use regoc_compiler::resolve::EntrypointSelection;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::types::SchemaSet;
use regoc_compiler::{Options, compile};

/// The members of the entrypoints, without the lines around them.
fn declared(policy: &str, entrypoints: &[&str], schema: Option<&str>) -> String {
    let mut sources = SourceSet::new();
    sources.add("policy.rego", format!("package p\n{policy}\n"), RegoVersion::V1);
    let names = entrypoints.iter().map(|name| format!("p/{name}")).collect();
    let options = Options {
        entrypoints: EntrypointSelection { names, ..EntrypointSelection::default() },
        schemas: schema.map(|text| SchemaSet::from([(vec!["schema".into()], text.into())])),
        typescript: true,
        ..Options::default()
    };
    let types = compile(&sources, &options).expect("a policy without errors").typescript.expect("types");
    let (_, body) = types.split_once("export interface Entrypoints {\n").expect("entrypoints");
    let lines: Vec<&str> = body.lines().take_while(|line| *line != "}").map(str::trim).collect();
    lines.join(" ")
}

/// The type of one answer.
fn result(value: &str) -> String {
    let declared = declared(value, &["v"], None);
    let (_, result) = declared.split_once("result: ").expect("a result");
    result.strip_suffix("; };").expect("an end").to_owned()
}

/// The type of one input.
fn input(value: &str) -> String {
    let declared = declared(value, &["v"], None);
    let (input, _) = declared.split_once("; result: ").expect("an input");
    input.trim_start_matches("\"p/v\": { input: ").to_owned()
}

#[test]
fn answers_are_as_json_has_them() {
    assert_eq!(result("v := 1"), "number");
    assert_eq!(result("v := [1, \"a\", null, true]"), "[number, string, null, boolean]");
    assert_eq!(result("v := {1, \"a\"}"), "(number | string)[]");
    assert_eq!(result("v := set()"), "never[]");
    assert_eq!(result("v := {}"), "Record<string, never>");
    assert_eq!(result("v := {\"a b\": 1, \"c\": {2: [3]}}"), "{ \"a b\": number; c: { \"2\": [number]; }; }");
    assert_eq!(result("v := [x | some x in split(input.a, \",\")]"), "string[] | undefined");
    assert_eq!(result("v := {k: count(x) | some k, x in input.a}"), "{ [key: string]: number; } | undefined");
    // Keys that are collections are texts of JSON; keys that become the same text are one.
    assert_eq!(result("v := {[1]: 2}"), "{ [key: string]: number; }");
    assert_eq!(result("v := {1: 2, \"1\": \"a\"}"), "{ \"1\": number; [key: string]: number | string; }");
}

#[test]
fn what_may_be_undefined_says_so() {
    assert_eq!(result("v := 1 if input.a"), "number | undefined");
    assert_eq!(result("default v := false\nv if input.a"), "boolean");
    assert_eq!(result("v contains input.a"), "unknown[]");
    assert_eq!(result("v[x] := 1 if some x in input.a"), "{ [key: string]: number; }");
    assert_eq!(result("v := f(1)\nf(_) := 1"), "number | undefined");
    assert_eq!(result("v := 1 if input.a\nv := \"a\" if input.b"), "number | string | undefined");
    assert_eq!(result("v.a := 1\nv.b := 2 if input.b\nv.f(x) := x"), "{ a: number; b?: number; }");
    // A package is an object even when none of its rules is defined.
    assert_eq!(result("v.a.b := 1 if input.b"), "{ a: { b?: number; }; }");
}

#[test]
fn what_is_not_certain_is_not_declared() {
    // A document of rules, of which any may be undefined, beside base documents and a function.
    let rules = "a.b := 1 if input.b\na.f(x) := x";
    assert_eq!(result(&format!("v := data.p.a\n{rules}")), "{ b?: number; [key: string]: unknown; } | undefined");
    assert_eq!(result("v := {\"a\": 1, input.k: 2}"), "{ a?: number; [key: string]: number | undefined; } | undefined");
    // Functions that are replaced give other values.
    assert_eq!(result("v := x if x := count([1]) with count as 2"), "unknown");
    assert_eq!(result("v if w\nw if f(1) with f as 2\nf(_) := 1"), "unknown");
    assert_eq!(result("v := x if x := w with input.a as 1\nw := 1 if input.a"), "number | undefined");
    assert_eq!(result("v := crypto.parse_private_keys(input.a)"), "unknown");
}

#[test]
fn inputs_are_what_is_looked_at() {
    assert_eq!(input("v := 1"), "unknown");
    assert_eq!(input("v if input.a.b == input[\"c d\"]"), "{ a?: { b?: unknown; } | null; \"c d\"?: unknown; }");
    assert_eq!(input("v if { some x in input.a; f(x) }\nf(x) := x.b"), "{ a?: Collection<unknown> | null; }");
    assert_eq!(
        input("v if { some x in input.a; x.b; not x.c.d }"),
        "{ a?: Collection<{ b?: unknown; c?: { d?: unknown; } | null; } | null> | null; }"
    );
    assert_eq!(input("v if { every x in input.a { x.b } }"), "{ a?: Collection<{ b?: unknown; } | null> | null; }");
    assert_eq!(input("v if input.a[0].b"), "{ a?: Collection<{ b?: unknown; } | null> | null; }");
    // What is looked at as a whole may be anything.
    assert_eq!(input("v := input"), "unknown");
    assert_eq!(input("v if { is_null(input.a); input.a.b }"), "{ a?: unknown; }");
    assert_eq!(input("v if { x := input.a; x.b; f(x) }\nf(x) := x"), "{ a?: unknown; }");
    // Through other rules, and in `else`.
    assert_eq!(input("v if w\nw if input.a\nelse := 1 if input.b\nu if input.c"), "{ a?: unknown; b?: unknown; }");
}

#[test]
fn schemas_say_what_must_be_there() {
    let schema = r#"{"type": "object", "required": ["a"], "properties": {"a": {"type": "string"},
        "b": {"type": "array", "items": {"type": "object", "properties": {"c": {"type": "integer"}}}}}}"#;
    assert_eq!(
        declared("v := input\nw := {\"a\": input.a}", &["v", "w"], Some(schema)),
        "\"p/v\": { input: Input; result: { a: string; b?: { c?: number; }[]; } | undefined; }; \
         \"p/w\": { input: Input; result: { a: string; } | undefined; };"
    );
}
