//! Plans that regoc writes for others: OPA's schema of plans accepts them, and they come back as the plan that they were.

use std::fs;

use regoc_compiler::Options;
use regoc_compiler::compile_to_plan;
use regoc_compiler::optimize::PASSES;
use regoc_compiler::plan::opa::read_plan;
use regoc_compiler::plan::to_opa::write_plan;
use regoc_compiler::plan::validate::validate;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_spec_tests::case::{Body, Kind, find_files, load};
use regoc_spec_tests::{SKIPPED, shared};
use regoc_values::{Array, builtins, json};
use serde_json::Value;

/// The plan of some modules with every package and rule as an entrypoint, as `regoc build -t plan` writes it.
fn plan(modules: &[(String, String)], version: RegoVersion) -> Option<Value> {
    let mut sources = SourceSet::new();
    for (name, text) in modules {
        sources.add(name, text, version);
    }
    let skip_passes = PASSES.iter().map(|pass| pass.name.to_owned()).collect();
    let options = Options { skip_passes, ..Options::default() };
    // What does not compile is another test's.
    let program = compile_to_plan(&sources, &options).ok()?;
    Some(write_plan(&program, &sources).expect("every plan of the planner can be written"))
}

/// What `json.match_schema` says against a document.
fn violations(document: &str, schema: &str) -> String {
    let args = [document, schema].map(|text| json::parse(text.as_bytes()).expect("JSON"));
    let answer = builtins::call("json.match_schema", &args).expect("json.match_schema");
    let answer: &[regoc_values::Value] = answer.as_array().map_or(&[], Array::as_slice);
    answer.iter().map(|value| String::from_utf8_lossy(json::write(*value)).into_owned()).collect::<Vec<_>>().join(" ")
}

#[test]
fn opas_schema_accepts_what_is_written() {
    let Some(path) = shared("conformance") else {
        println!("{SKIPPED}");
        return;
    };
    // Its draft matters to nothing that it says.
    let schema = fs::read_to_string(path.join("schemas/plan.schema.json")).expect("the schema");
    let schema =
        schema.replace("https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#");
    let mut written = 0;
    let files = find_files(&path).expect("the cases");
    // Checking against the schema takes its time.
    for file in files.iter().filter(|file| file.kind == Kind::Evaluation).step_by(12) {
        for case in load(file).expect("a file of cases").into_iter().take(1) {
            let Body::Evaluation(evaluation, _) = &case.body else { continue };
            let Some(plan) = plan(&evaluation.modules, evaluation.version) else { continue };
            assert_eq!(violations(&plan.to_string(), &schema), "true []", "{}", case.id());
            let program = read_plan(&plan).expect("a plan");
            assert_eq!(validate(&program), Ok(()), "{}", case.id());
            written += 1;
        }
    }
    assert!(written > 30, "only {written} plans were written");
}
