//! The fuzzer as a command: policies that are made up or mutated, through OPA and all our engines, for some time; and texts that are
//! no policies at all through the compiler, which must not panic. Prints the seed, and what differs. Fails when anything does.
#![expect(clippy::print_stdout, reason = "the seed and the counts are what somebody reads")]

use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use regoc_spec_tests::SKIPPED;
use regoc_spec_tests::fuzz::campaign::{self, Outcome, Settings};
use regoc_spec_tests::fuzz::mutate::Corpus;
use regoc_spec_tests::fuzz::oracle;
use regoc_spec_tests::fuzz::record::{Record, revision};
use regoc_spec_tests::tool;

fn main() -> Result<()> {
    // What panics is a difference and is shown as one.
    std::panic::set_hook(Box::new(|_| {}));
    let (settings, path) = settings()?;
    println!("seed {}, from policy {}", settings.seed, settings.from);
    // Told now what nobody could tell at the end.
    let revision = path.is_some().then(revision).transpose()?;
    if settings.oracle.is_none() {
        println!("{} Our engines are compared with each other.", tool::missing("go"));
    }
    if settings.corpus.is_none() {
        println!("{SKIPPED}");
    }
    let start = Instant::now();
    let outcome = campaign::run(&settings)?;
    show(&outcome, start.elapsed());
    if let (Some(path), Some(revision)) = (path, revision) {
        let mut record = Record::read(&path)?;
        record.add(&outcome, settings.seed, settings.from, start.elapsed(), &revision);
        record.write(&path)?;
    }
    if !outcome.differences.is_empty() {
        bail!("{} kinds of differences; SEED={} repeats them", outcome.differences.len(), settings.seed);
    }
    Ok(())
}

/// The options: `--seconds N`, `--seed N` (a new one by default), `--from N` and `--count N` (of policies), `--workers N`,
/// `--batch N` (policies that share a module), `--mutated N` (of a hundred policies), `--differences N` (after which the run ends),
/// `--print N` (shows a policy and ends), `--record FILE` (adds the run to a file for the scoreboard; unless `--from` says otherwise, it goes on
/// where the last run of the seed in there ended).
fn settings() -> Result<(Settings, Option<PathBuf>)> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let mut settings = Settings {
        seed: now.as_nanos() as u64,
        from: 0,
        count: u64::MAX / 4,
        time: Duration::from_secs(60),
        batch: campaign::BATCH,
        workers: std::thread::available_parallelism().map_or(1, usize::from),
        oracle: oracle::build()?,
        corpus: Corpus::read()?,
        mutated: 30,
        differences: 1,
        keep: true,
    };
    let (mut shown, mut record, mut from) = (None, None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{name} wants a value"))?;
        if name == "--record" {
            record = Some(PathBuf::from(value));
            continue;
        }
        let value: u64 = value.parse().with_context(|| format!("{name} wants a number"))?;
        match name.as_str() {
            "--seconds" => settings.time = Duration::from_secs(value),
            "--seed" => settings.seed = value,
            "--from" => from = Some(value),
            "--count" => settings.count = value,
            "--batch" => settings.batch = value,
            "--workers" => settings.workers = value as usize,
            "--mutated" => settings.mutated = value as usize,
            "--differences" => settings.differences = value as usize,
            "--print" => shown = Some(value),
            _ => bail!("unknown option {name}"),
        }
    }
    settings.from = match (from, &record) {
        (Some(from), _) => from,
        (None, Some(path)) => Record::read(path)?.next(settings.seed),
        (None, None) => 0,
    };
    if let Some(number) = shown {
        println!("{}", campaign::policy(&settings, number).to_text());
        settings.count = 0;
    }
    Ok((settings, record))
}

fn show(outcome: &Outcome, time: Duration) {
    for (_, text) in &outcome.differences {
        println!("{text}\n");
    }
    let rate = outcome.policies as f64 / time.as_secs_f64();
    println!("{} policies in {:.0} s, {rate:.0} each second", outcome.policies, time.as_secs_f64());
    for (origin, (all, compile)) in &outcome.origins {
        println!("  {origin}: {all}, {compile} of them compile");
    }
    let mut refusals: Vec<_> = outcome.refusals.iter().collect();
    refusals.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (reason, (count, first)) in refusals.into_iter().take(12) {
        println!("    {count} refused, the first is {first}: {reason}");
    }
    let [values, undefined, errors] = outcome.decisions;
    println!("  decisions: {values} values, {undefined} undefined, {errors} errors; {} left out", outcome.skipped);
    if !outcome.contradictions.is_empty() {
        println!("  OPA contradicts itself, asked in another manner: policies {:?}", outcome.contradictions);
    }
    if !outcome.known.is_empty() {
        println!("  differences that are known (spec-tests/src/fuzz/known.rs): policies {:?}", outcome.known);
    }
    let covered = outcome.covered.iter().map(|(feature, count)| format!("{feature} {count}"));
    println!("  policies with: {}", covered.collect::<Vec<_>>().join(", "));
}
