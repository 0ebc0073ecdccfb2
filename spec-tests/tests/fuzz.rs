//! A short slice of the fuzzer with fixed seeds: policies through OPA and all our engines. Where OPA cannot be built, our engines are
//! compared with each other. `make fuzz` runs it with a new seed, for as long as one likes.

use std::time::Duration;

use anyhow::Result;
use regoc_spec_tests::fuzz::campaign::{BATCH, Outcome, Settings, run};
use regoc_spec_tests::fuzz::mutate::Corpus;
use regoc_spec_tests::fuzz::oracle;
use regoc_spec_tests::{SKIPPED, tool};

/// The seeds, and how many policies of each.
const SEEDS: &[u64] = &[1, 2, 3];
const COUNT: u64 = 60;

#[test]
fn policies_are_answered_as_by_opa() -> Result<()> {
    let oracle = oracle::build().unwrap_or_else(|error| {
        tool::skip(&format!("the oracle cannot be built, our engines are compared with each other only: {error:#}"));
        None
    });
    if tool::find("go").is_none() {
        tool::skip(&format!("{}; our engines are compared with each other only", tool::missing("go")));
    }
    let corpus = Corpus::read()?;
    if corpus.is_none() {
        tool::skip(SKIPPED);
    }
    let mut settings = Settings {
        batch: BATCH,
        seed: 0,
        from: 0,
        count: COUNT,
        time: Duration::from_secs(600),
        workers: std::thread::available_parallelism().map_or(1, usize::from),
        oracle,
        corpus,
        mutated: 30,
        differences: 1,
        keep: false,
    };
    for seed in SEEDS {
        settings.seed = *seed;
        let Outcome { policies, origins, decisions, differences, .. } = run(&settings)?;
        let shown: Vec<&str> = differences.iter().map(|(_, text)| text.as_str()).collect();
        assert!(shown.is_empty(), "seed {seed}: {}", shown.join("\n"));
        assert_eq!(policies, COUNT);
        // What does not compile or has no answer says little.
        let compile: u64 = origins.values().map(|(_, compile)| compile).sum();
        assert!(compile * 3 > policies && decisions[0] > policies, "{compile} of {policies} compile, {decisions:?}");
    }
    Ok(())
}
