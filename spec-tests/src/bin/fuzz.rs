//! Mutated policies through the compiler: whatever the text, there is a module or a message, never a panic. Seeded: prints the seed, and the
//! text that broke something.
#![expect(clippy::print_stdout, reason = "the seed and the counts are what somebody reads")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::{Options, compile};
use regoc_spec_tests::{SKIPPED, shared};

/// A small generator of numbers (xorshift64*, Vigna 2016): the same seed, the same run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
    }
}

fn main() -> Result<()> {
    let (seconds, seed) = arguments()?;
    println!("seed {seed}");
    let Some(folder) = shared("conformance/v1") else {
        println!("{SKIPPED}");
        return Ok(());
    };
    let mut modules = Vec::new();
    collect(&folder, &mut modules)?;
    let mut random = Random(seed | 1);
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut built, mut refused) = (0_u64, 0_u64);
    while Instant::now() < end {
        let text = mutate(&mut random, &modules);
        let version = if random.below(4) == 0 { RegoVersion::V0 } else { RegoVersion::V1 };
        let mut sources = SourceSet::new();
        sources.add("fuzz.rego", text.as_str(), version);
        match catch_unwind(AssertUnwindSafe(|| compile(&sources, &Options::default()).is_ok())) {
            Ok(true) => built += 1,
            Ok(false) => refused += 1,
            Err(_) => bail!("seed {seed}: the compiler panics on\n{text}"),
        }
    }
    println!("{built} built, {refused} refused, no panic");
    Ok(())
}

/// `--seconds N`, `--seed N`; by default a minute and a new seed.
fn arguments() -> Result<(u64, u64)> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let (mut seconds, mut seed) = (60, now.as_nanos() as u64);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{name} wants a number"))?.parse()?;
        match name.as_str() {
            "--seconds" => seconds = value,
            "--seed" => seed = value,
            _ => bail!("unknown option {name}; there are --seconds and --seed"),
        }
    }
    Ok((seconds, seed))
}

/// The modules of all cases below a folder.
fn collect(folder: &std::path::Path, modules: &mut Vec<String>) -> Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        if entry.path().is_dir() {
            collect(&entry.path(), modules)?;
            continue;
        }
        let file: serde_json::Value = serde_json::from_slice(&std::fs::read(entry.path())?)?;
        for case in file["cases"].as_array().into_iter().flatten() {
            let texts = case["modules"].as_array().into_iter().flatten();
            modules.extend(texts.filter_map(|text| text.as_str().map(str::to_owned)));
        }
    }
    Ok(())
}

/// A module with some words dropped, doubled, swapped, or taken from another module.
fn mutate(random: &mut Random, modules: &[String]) -> String {
    let mut words = words(&modules[random.below(modules.len())]);
    let others = self::words(&modules[random.below(modules.len())]);
    for _ in 0..=random.below(4) {
        let at = random.below(words.len());
        match random.below(4) {
            0 => drop(words.remove(at)),
            1 => words.insert(at, words[random.below(words.len())]),
            2 => words.insert(at, others[random.below(others.len())]),
            _ => words[at] = others[random.below(others.len())],
        }
        if words.is_empty() {
            words.push("package p");
        }
    }
    words.concat()
}

/// A text cut where letters and other characters meet.
fn words(text: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if is_word(first) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    if words.is_empty() { vec!["package p"] } else { words }
}
