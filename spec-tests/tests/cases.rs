//! The cases in `cases/`: each file is a test. Every engine must give the expected answer, with and without the optimizer; the snapshot
//! beside the file shows source, plan and answer together. `make bless` accepts the snapshots as they are.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use regoc_spec_tests::policy_case::PolicyCase;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let trials = paths
        .into_iter()
        .map(|path| {
            let below = path.strip_prefix(&root).unwrap_or(&path).with_extension("");
            Trial::test(below.display().to_string(), move || run(&path))
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().expect("the folder of cases").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            collect(&entry, paths);
        } else if entry.extension().is_some_and(|extension| extension == "txt") {
            paths.push(entry);
        }
    }
}

fn run(path: &Path) -> Result<(), Failed> {
    let snapshot = PolicyCase::read(path).and_then(|case| case.run()).map_err(|error| format!("{error:#}"))?;
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(path.parent().unwrap_or(path));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let compare = AssertUnwindSafe(|| settings.bind(|| insta::assert_snapshot!(name, snapshot)));
    catch_unwind(compare).map_err(|_| "the snapshot differs; `make bless` accepts it as it is now".into())
}
