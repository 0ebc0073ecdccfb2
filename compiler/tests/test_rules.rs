//! What the compiler makes of test rules: their names, the entrypoints, and calls that only modules for coverage and traces have.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use regoc_compiler::resolve::{TestKind, TestSelection};
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::{Compiled, CoverageMode, Options, compile};

fn sources() -> SourceSet {
    let mut sources = SourceSet::new();
    let tests = "package p_test\n\ntest_a if data.p.x == 1\n\ntest_a if false\n\ntodo_test_b if false\n\n\
        test_cases[name] if some name in [\"a\", \"b\"]\n\ntest_f(x) if x\n\ninner.test_c[\"d\"] if true\n\nother := 1\n";
    sources.add("p_test.rego", tests, RegoVersion::V1);
    sources.add("p.rego", "package p\n\nx := 1 if input.y == 2\n\nx := 2 if input.y == 3\n", RegoVersion::V1);
    sources
}

fn compiled(options: Options) -> Compiled {
    compile(&sources(), &options).unwrap()
}

fn tests(selection: TestSelection) -> Options {
    Options { tests: Some(selection), ..Options::default() }
}

#[test]
fn tests_of_one_name_are_numbered_and_become_entrypoints() {
    let compiled = compiled(tests(TestSelection::default()));
    let found: Vec<(&str, TestKind)> = compiled.tests.iter().map(|test| (test.name.as_str(), test.kind)).collect();
    let wanted = [
        ("test_a", TestKind::Single),
        ("test_a#01", TestKind::Single),
        ("todo_test_b", TestKind::Skipped),
        ("test_cases", TestKind::Cases),
        ("test_f", TestKind::Function),
        ("inner.test_c", TestKind::Single),
    ];
    assert_eq!(found, wanted);
    let entrypoints: Vec<&str> = compiled.plan.entrypoints.iter().map(|entrypoint| entrypoint.name.as_str()).collect();
    let wanted = ["p_test/test_a", "p_test/test_a#01", "p_test/test_cases", "p_test/inner/test_c"];
    assert_eq!(entrypoints, wanted);
    assert_eq!(compiled.tests.get(1).unwrap().reference, "data.p_test[\"test_a#01\"]");
}

#[test]
fn only_chosen_tests_are_entrypoints() {
    let compiled = compiled(tests(TestSelection::new(|test| test.reference.ends_with("test_a"))));
    assert_eq!((compiled.tests.len(), compiled.plan.entrypoints.len()), (1, 1));
}

#[test]
fn only_modules_that_are_asked_to_tell_what_runs() {
    let names = |compiled: &Compiled| -> Vec<String> {
        compiled.plan.builtins.iter().map(|builtin| builtin.name.to_string()).collect()
    };
    let plain = compiled(tests(TestSelection::default()));
    assert!(plain.plan.places.is_empty() && plain.plan.probes.is_empty());
    assert_eq!(names(&plain), ["internal.test_case"]);
    for mode in [CoverageMode::Plain, CoverageMode::WithoutIndex, CoverageMode::WithoutEarlyExit] {
        let covered = compiled(Options { coverage: Some(mode), ..tests(TestSelection::default()) });
        assert!(names(&covered).contains(&"regoc.covered".to_owned()));
        assert!(!covered.coverage.told.is_empty() && !covered.coverage.countable.is_empty());
    }
    let traced = compiled(Options { trace: true, ..tests(TestSelection::default()) });
    assert!(names(&traced).contains(&"regoc.tried".to_owned()) && !traced.plan.probes.is_empty());
    // A build after all of them is what one before them is, and has none of their calls.
    let again = compiled(tests(TestSelection::default()));
    assert_eq!(plain.module.wasm, again.module.wasm);
    let build = compiled(Options::default());
    assert!(names(&build).is_empty());
    assert_eq!(build.module.wasm, compiled(Options { trace: false, coverage: None, ..Options::default() }).module.wasm);
}
