//! Plans of small policies, one of each construct, as text beside the policy: what the planner makes before any optimization.
//!
//! A case is a file in `plans/`; its entrypoint is the package. `INSTA_UPDATE=always` writes the plans anew.

use std::path::Path;

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::diagnostic::Diagnostic;
use regoc_compiler::plan::build::{PlanOptions, build};
use regoc_compiler::plan::ir::Program;
use regoc_compiler::plan::print::print;
use regoc_compiler::plan::validate::validate;
use regoc_compiler::resolve::{EntrypointSelection, ResolveOptions, resolve};
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::syntax::{ParseOptions, parse_module};

fn plan(name: &str, text: &str) -> Result<Program, Vec<Diagnostic>> {
    let capabilities = Capabilities::default();
    let mut sources = SourceSet::new();
    let file = sources.add(name, text, RegoVersion::V1);
    let (module, diagnostics) = parse_module(&sources, file, &ParseOptions { capabilities: &capabilities });
    let Some(module) = module.filter(|_| diagnostics.is_empty()) else { return Err(diagnostics) };
    let options = ResolveOptions {
        capabilities: &capabilities,
        strict: false,
        keep_print: false,
        entrypoints: EntrypointSelection { names: vec!["example".to_owned()], ..EntrypointSelection::default() },
        base_data: None,
    };
    let program = resolve(&sources, vec![(file, module)], None, &options)?;
    build(&program, &PlanOptions::default())
}

#[test]
fn plans_are_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let entries = std::fs::read_dir(&folder).expect("the folder of policies");
    let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
    let mut policies: Vec<_> = paths.filter(|path| path.extension().is_some_and(|ext| ext == "rego")).collect();
    policies.sort();
    assert!(!policies.is_empty());
    for path in policies {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a policy");
        let plan = plan(&name, &text).expect("a policy that compiles");
        validate(&plan).expect("a valid plan");
        insta::with_settings!({ snapshot_path => &folder, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, print(&plan));
        });
    }
}
