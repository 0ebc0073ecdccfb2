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
    };
    let query = query.as_ref().map(|(file, body)| QueryInput { file: *file, body, package: None, imports: &[] });
    match resolve(&sources, &parsed, query, &options) {
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
fn dump() {
    println!("{}", rules("p if { x := f(g(1) + input.x); x == 2; not h(input.y) }\nf(x) := x\ng(1) := 2\nh(_) := true"));
    println!("{}", rules("p := [y | some x in input.xs; y := x.a] if { every k, v in input.m { v > k } }"));
    println!("{}", rules("p contains $\"{input.x} and {1 + 2} {q}\" if { print(input.z, 1 + 1) }\nq := 3"));
    println!("{}", rules("p[x].y := z if { z := q with input.a as input.b with data.c as {1} with count as f; x := 1 }\nq := count(input)\nf(_) := 3\np.a.y := 2"));
    println!("{}", old_rules("p[x] { x = input.y }\nq[x] = y { input[x] = y }\nr = 1 { false } else = 2 { true }\ndefault r = 3"));
    println!("{}", query("x := input.a; 1 == 2; input.b[i]; walk(input, [p, _]); count([1])"));
    println!("{}", query("false"));
    println!("{}", query("some y; x = y; y = 1; not x == 2"));
}
