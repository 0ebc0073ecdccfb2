//! OPA's cases as a test: everything passes but what `expected-failures.json` names, and everything that it names fails.

use std::sync::Arc;

use regoc_runtime::Compilation;
use regoc_spec_tests::case::{CaseFile, Kind, find_files};
use regoc_spec_tests::engine::{Interpreter, Module, Optimizer};
use regoc_spec_tests::expected::{self, ExpectedFailures};
use regoc_spec_tests::runner::{Engine, Outcome, Settings, run};
use regoc_spec_tests::{SKIPPED, report, shared};

/// The command that runs a failed case again.
const COMMAND: &str = "cargo run --release -p regoc-spec-tests --bin conformance --";

/// Runs all cases of some kinds; none when they are not here.
fn outcomes(kinds: &[Kind], engine: Arc<dyn Engine>, optimizer: Optimizer) -> Option<Vec<Outcome>> {
    let Some(path) = shared("conformance") else {
        println!("{SKIPPED}");
        return None;
    };
    let files = find_files(&path).expect("the cases can be read");
    let files: Vec<Arc<CaseFile>> = files.into_iter().filter(|file| kinds.contains(&file.kind)).collect();
    assert!(!files.is_empty(), "there are cases of these kinds");
    Some(run(&files, Settings { engine, optimizer, position: None, filter: None, threads: None }))
}

/// Compares what failed with what was expected to.
fn check(outcomes: &[Outcome]) {
    let expected = ExpectedFailures::read(&expected::path()).expect("the list can be read");
    let (known, unknown): (Vec<&Outcome>, Vec<&Outcome>) =
        outcomes.iter().partition(|outcome| expected.reason(&outcome.id).is_some());
    let passed: Vec<&str> = known.iter().filter(|it| it.failure.is_none()).map(|it| it.id.as_str()).collect();
    assert!(passed.is_empty(), "these pass now; take them off expected-failures.json: {passed:#?}");
    let failed: Vec<Outcome> = unknown.into_iter().filter(|it| it.failure.is_some()).cloned().collect();
    assert!(failed.is_empty(), "{}{}", report::failures(&failed, &expected, COMMAND), report::summary(outcomes));
}

#[test]
fn modules_answer_as_opa_does() {
    let engine = Arc::new(Module::new(Compilation::Baseline).expect("an engine"));
    if let Some(outcomes) = outcomes(&[Kind::Evaluation], engine, Optimizer::On) {
        check(&outcomes);
    }
}

#[test]
fn modules_of_opas_plans_answer_as_opa_does() {
    let engine = Arc::new(Module::new(Compilation::Baseline).expect("an engine"));
    if let Some(outcomes) = outcomes(&[Kind::Plans], engine, Optimizer::On) {
        check(&outcomes);
    }
}

#[test]
fn plans_mean_the_same_with_and_without_the_optimizer() {
    for optimizer in Optimizer::ALL {
        // What OPA wrote needs not be written again.
        let kinds: &[Kind] =
            if optimizer == Optimizer::Written { &[Kind::Evaluation] } else { &[Kind::Evaluation, Kind::Plans] };
        if let Some(outcomes) = outcomes(kinds, Arc::new(Interpreter), optimizer) {
            check(&outcomes);
        }
    }
}

#[test]
fn errors_are_opas() {
    if let Some(outcomes) = outcomes(&[Kind::Errors], Arc::new(Interpreter), Optimizer::On) {
        println!("{}", report::agreement(&outcomes).unwrap_or_default());
        check(&outcomes);
    }
}

#[test]
fn every_expected_failure_names_a_case() {
    let Some(path) = shared("conformance") else {
        println!("{SKIPPED}");
        return;
    };
    let files = find_files(&path).expect("the cases can be read");
    let cases = files.iter().filter(|file| matches!(file.kind, Kind::Evaluation | Kind::Plans | Kind::Errors));
    let ids: Vec<String> = cases
        .flat_map(|file| regoc_spec_tests::case::load(file).expect("a file of cases"))
        .map(|case| case.id())
        .collect();
    let expected = ExpectedFailures::read(&expected::path()).expect("the list can be read");
    assert_eq!(expected.unused(&ids), Vec::<&str>::new());
}
