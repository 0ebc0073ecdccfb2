//! How fast modules are built: the bounds that regoc promises. One test in a program of its own, because what other tests leave in the heap and
//! in the caches is measured too.
//!
//! Every figure is printed (`make figures` shows them). A bound that is missed is tried again, because a machine may be busy; what only a
//! release build can hold is left out of any other.
#![expect(clippy::print_stdout, reason = "the figures are what somebody reads")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use regoc_spec_tests::build::module;
use regoc_spec_tests::tool;

/// The allocator of the program `regoc`: a tenth to a fourth of a build is asking for memory and giving it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The smallest policy that asks for something.
const ONE_RULE: &str = "package example\nallow if input.x == 1\n";

/// The longest that a policy of one rule may take to build.
const ONE_RULE_TIME: Duration = Duration::from_millis(10);
/// The longest that a policy of 1,000 rules may take to build.
const THOUSAND_RULES_TIME: Duration = Duration::from_millis(100);
/// How much longer ten times as many rules may take. The work is ten times as much; the rest is memory, of which more is read than caches hold.
const TEN_TIMES: f64 = 12.0;
/// How often a build is measured before its best time counts as too slow.
const ATTEMPTS: usize = 20;

#[test]
fn building_is_fast_and_takes_time_in_proportion() -> Result<()> {
    if cfg!(debug_assertions) {
        tool::skip("skipped: times are those of a release build (cargo test --release)");
        return Ok(());
    }
    building_takes_time_in_proportion()?;
    building_is_fast()
}

fn building_is_fast() -> Result<()> {
    for (name, text, entrypoint, most) in [
        ("one rule", ONE_RULE.to_owned(), "example/allow", ONE_RULE_TIME),
        ("http-routes-1000", routes(1_000), "http/authz/allow", THOUSAND_RULES_TIME),
    ] {
        let mut best = Duration::MAX;
        for attempt in 0..ATTEMPTS {
            best = best.min(build_time(&text, entrypoint)?);
            // The first builds fill caches; from then on a time within the bound is proof enough.
            if attempt > 2 && best < most {
                break;
            }
        }
        println!("building {name}: {best:.1?}, at most {most:?}");
        ensure!(best < most, "building {name} takes {best:?}, at most {most:?}");
    }
    Ok(())
}

fn building_takes_time_in_proportion() -> Result<()> {
    let (small, large) = (routes(1_000), routes(10_000));
    let (mut best_small, mut best_large) = (Duration::MAX, Duration::MAX);
    let mut ratio = f64::INFINITY;
    for attempt in 0..ATTEMPTS {
        // Ten small builds take about as long as a large one, so a busy machine disturbs both alike.
        let start = Instant::now();
        for _ in 0..10 {
            build_time(&small, "http/authz/allow")?;
        }
        best_small = best_small.min(start.elapsed() / 10);
        best_large = best_large.min(build_time(&large, "http/authz/allow")?);
        ratio = best_large.as_secs_f64() / best_small.as_secs_f64();
        if attempt > 1 && ratio < TEN_TIMES {
            break;
        }
    }
    println!("building http-routes-10000: {best_large:.1?}, http-routes-1000: {best_small:.1?}");
    println!("ten times the rules take {ratio:.1} times as long, at most {TEN_TIMES}");
    ensure!(ratio < TEN_TIMES, "ten times the rules take {ratio:.1} times as long, at most {TEN_TIMES}");
    Ok(())
}

fn build_time(text: &str, entrypoint: &str) -> Result<Duration> {
    let start = Instant::now();
    let bytes = module(&[("policy.rego", text)], &[entrypoint])?;
    let time = start.elapsed();
    ensure!(!bytes.is_empty(), "the module is empty");
    Ok(time)
}

/// The policy `http-routes` of the shared workloads with any number of rules.
fn routes(count: usize) -> String {
    let mut text = "package http.authz\n\nimport rego.v1\n\ndefault allow := false\n".to_owned();
    for (index, method) in ["GET", "POST", "PUT", "DELETE"].iter().cycle().take(count).enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\nallow if {{\n\tinput.method == \"{method}\"\n\tinput.path = [\"api\", \"v1\", \"svc{index}\", id]\n\tinput.user == id\n}}\n"
        );
    }
    text
}
