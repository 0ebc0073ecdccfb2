//! How long `regoc build` takes, beside `opa build -t wasm`: whole processes, each of which makes a new file. Where a file is replaced, file
//! systems may wait for the disk, which takes up to ten times as long as all else and says nothing of a compiler.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Result;
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::tool;

use super::Compared;
use crate::measure::median;
use crate::question::Question;

/// How often each is measured.
const PASSES: usize = 15;

/// Measures both in turn; nothing where the command `regoc` is not built beside this program.
pub(super) fn measure(question: &Question, folder: &TemporaryFolder) -> Result<Option<Compared>> {
    let Some(regoc) = tool::find_regoc() else { return Ok(None) };
    let opa = tool::find_opa();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..PASSES {
        ours.push(time(&regoc, &["build"], question, &folder.join("policy.wasm"))?);
        if let Some(opa) = &opa {
            theirs.push(time(opa, &["build", "-t", "wasm"], question, &folder.join("bundle.tar.gz"))?);
        }
    }
    let what = format!("building {}", question.name);
    let theirs = opa.is_some().then(|| median(theirs));
    Ok(Some(Compared { what, against: "`opa build -t wasm`", ours: median(ours), theirs, least: Some(10.0) }))
}

fn time(program: &Path, arguments: &[&str], question: &Question, output: &Path) -> Result<f64> {
    let mut command = Command::new(program);
    command.args(arguments).args(["-e", &question.entrypoint, "-o"]).arg(output).arg(&question.policy);
    let start = Instant::now();
    tool::run(&mut command)?;
    let time = start.elapsed().as_nanos() as f64;
    std::fs::remove_file(output)?;
    Ok(time)
}
