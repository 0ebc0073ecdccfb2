//! How long modules of large policies take to load. A test of its own: an engine compiles on all cores, which the times of others would show.
#![expect(clippy::print_stdout, reason = "the figures are what somebody reads")]

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use regoc_runtime::Runtime;
use regoc_spec_tests::build::module;
use regoc_spec_tests::tool;

/// The longest that a large policy may take to load: much more than it does, much less than one function of that size would.
const LOAD_TIME: Duration = Duration::from_secs(20);

#[test]
fn modules_of_large_policies_load_fast() -> Result<()> {
    if cfg!(debug_assertions) {
        tool::skip("skipped: times are those of a release build (cargo test --release)");
        return Ok(());
    }
    let lines = |line: &dyn Fn(usize) -> String| (0..20_000).map(line).collect::<Vec<_>>().join("\n");
    let policies = [
        ("an array of 20,000 elements", format!("x := [{}]", lines(&|index| format!("input.a{index},")))),
        ("a body of 20,000 expressions", format!("x if {{\n{}\n}}", lines(&|index| format!("input.a{index} == 1")))),
        ("20,000 rules", lines(&|index| format!("x := {index} if input.a == {index}"))),
        ("20,000 branches", format!("x := 0 if input.b\n{}", lines(&|i| format!("else := {i} if input.a == {i}")))),
    ];
    for (name, text) in policies {
        let bytes = module(&[("policy.rego", &format!("package p\n{text}\n"))], &["p/x"])?;
        let start = Instant::now();
        Runtime::new()?.load(&bytes)?;
        let time = start.elapsed();
        println!("loading {name}: {time:.1?}, at most {LOAD_TIME:?}");
        ensure!(time < LOAD_TIME, "loading {name} takes {time:?}, at most {LOAD_TIME:?}");
    }
    Ok(())
}
