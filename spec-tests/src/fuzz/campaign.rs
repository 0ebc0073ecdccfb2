//! A run of the fuzzer: workers that make policies, ask OPA and our engines, count, and stop at differences.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use regoc_compiler::{Options, compile_to_plan};

use super::Policy;
use super::answers::{Decision, Engines, Verdict};
use super::compare::{Difference, difference};
use super::generate;
use super::keep::{case_text, keep};
use super::known;
use super::mutate::Corpus;
use super::oracle::{Manner, Oracle};
use super::random::Random;
use super::shrink::shrink;
use crate::engine::{Optimizer, Planned};

/// How many policies share a module unless [`Settings::batch`] says otherwise: making a module takes the most time of all.
pub const BATCH: u64 = 96;

/// The stack of a worker: texts are nested as deep as the compiler takes them.
const STACK: usize = 64 << 20;

/// Each policy whose number is a multiple of it gets a module of its own.
const ALONE: u64 = 64;

/// How many of a hundred policies are texts that are mostly no policies, where OPA's cases are here.
const BROKEN: usize = 8;

/// What a run does.
pub struct Settings {
    /// Where everything follows from.
    pub seed: u64,
    /// The first policy.
    pub from: u64,
    /// How many policies, unless the time is over before.
    pub count: u64,
    /// How long.
    pub time: Duration,
    /// How many policies a thread handles before its memory is given back, how many questions are on their way to OPA, and how many
    /// policies share a module. What depends on all that a module looks at is tested by modules of few policies only.
    pub batch: u64,
    /// How many workers, each with an oracle.
    pub workers: usize,
    /// The oracle's program; without it our engines are compared with each other.
    pub oracle: Option<PathBuf>,
    /// OPA's cases, if they are here.
    pub corpus: Option<Corpus>,
    /// How many of a hundred policies are made of OPA's cases.
    pub mutated: usize,
    /// How many different kinds of differences end the run; 0 for any number.
    pub differences: usize,
    /// Whether differences are written as cases.
    pub keep: bool,
}

/// What came of a run.
#[derive(Default, Debug)]
pub struct Outcome {
    /// Policies.
    pub policies: u64,
    /// Policies of each origin: all, and those that compile.
    pub origins: BTreeMap<&'static str, (u64, u64)>,
    /// Decisions that were a value, undefined, an error.
    pub decisions: [u64; 3],
    /// What OPA itself could not do: panics, decisions that took too long.
    pub skipped: u64,
    /// Policies where our answer is not OPA's, and is OPA's when it is [asked in another manner](Manner): there OPA contradicts itself.
    pub contradictions: Vec<u64>,
    /// Policies whose difference is [known](known::is_known).
    pub known: Vec<u64>,
    /// Why policies are refused: what OPA says without names, how often, and the first one.
    pub refusals: BTreeMap<String, (u64, u64)>,
    /// How many policies have what the counts of coverage look for.
    pub covered: BTreeMap<&'static str, u64>,
    /// What differs: a text for each kind.
    pub differences: Vec<(String, String)>,
}

/// What the counts of coverage look for in texts.
const FEATURES: &[(&str, &str)] = &[
    ("else", "else"),
    ("default", "default "),
    ("partial sets", " contains "),
    ("every", "every "),
    ("some in", "some "),
    ("not", "not "),
    ("with", " with "),
    ("comprehensions", " | "),
    ("templates", "$\""),
    ("walk", "walk("),
    ("imports", "import data"),
    ("import rego.v2", "rego.v2"),
    ("functions", ") := "),
];

/// Runs.
///
/// # Errors
/// When an oracle cannot be started or ends.
pub fn run(settings: &Settings) -> Result<Outcome> {
    let next = AtomicU64::new(settings.from);
    let end = Instant::now() + settings.time;
    let outcome = Mutex::new(Outcome::default());
    let failed = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..settings.workers.max(1) {
            scope.spawn(|| {
                let worker = Worker { settings, next: &next, end, outcome: &outcome };
                if let Err(error) = worker.work() {
                    *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    next.store(u64::MAX / 2, Ordering::Relaxed);
                }
            });
        }
    });
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(outcome.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}

/// The policy of a number.
#[must_use]
pub fn policy(settings: &Settings, number: u64) -> Policy {
    let mut random = Random::new(settings.seed, number);
    match &settings.corpus {
        Some(corpus) if random.chance(BROKEN) => corpus.broken(&mut random),
        Some(corpus) if random.chance(settings.mutated) => corpus.policy(&mut random),
        corpus => made(&mut random, corpus.as_ref()),
    }
}

/// How often, of a hundred, a policy that does not compile is made again: errors must be compared too, but they say little of answers.
const MADE_AGAIN: usize = 75;

/// A policy that is made up, and most times one that compiles.
fn made(random: &mut Random, corpus: Option<&Corpus>) -> Policy {
    loop {
        let policy = generate::policy(random, corpus.map(Corpus::arguments));
        let compiles = || compile_to_plan(&policy.sources(), &Options::default()).is_ok();
        if !random.chance(MADE_AGAIN) || catch_unwind(AssertUnwindSafe(compiles)).unwrap_or(true) {
            return policy;
        }
    }
}

struct Worker<'r> {
    settings: &'r Settings,
    next: &'r AtomicU64,
    end: Instant,
    outcome: &'r Mutex<Outcome>,
}

impl Worker<'_> {
    fn work(&self) -> Result<()> {
        let mut oracle = self.settings.oracle.as_deref().map(Oracle::start).transpose()?;
        let engines = Engines::new().map_err(|error| anyhow!("{error}"))?;
        let mut waiting: Option<(u64, Vec<Policy>)> = None;
        loop {
            let batch = self.next_batch()?;
            let asked = batch.as_ref().map_or(&[][..], |(_, policies)| policies);
            if let Some(oracle) = &mut oracle {
                oracle.ask_all(asked);
            }
            if let Some((first, policies)) = waiting.take() {
                let answers = match &mut oracle {
                    Some(oracle) => oracle.answers(&policies, asked)?,
                    None => policies.iter().map(reference).collect(),
                };
                self.compare_all(&engines, first, &policies, &answers)?;
            }
            if batch.is_none() {
                return Ok(());
            }
            waiting = batch;
        }
    }

    /// In a thread of its own: making policies compiles them, and what values that leaves behind goes with it.
    fn next_batch(&self) -> Result<Option<(u64, Vec<Policy>)>> {
        let last = self.settings.from.saturating_add(self.settings.count);
        let batch = self.settings.batch.max(1);
        let first = self.next.fetch_add(batch, Ordering::Relaxed);
        let enough = self.settings.differences > 0 && self.lock().differences.len() >= self.settings.differences;
        if first >= last || Instant::now() > self.end || enough {
            return Ok(None);
        }
        let make = || (first..(first + batch).min(last)).map(|number| policy(self.settings, number)).collect();
        let policies = thread::scope(|scope| {
            let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, make);
            thread.map_err(anyhow::Error::from).and_then(|it| it.join().map_err(|_| anyhow!("a generator panics")))
        })?;
        Ok(Some((first, policies)))
    }

    /// In a thread of its own: what values it leaves behind goes with it, and its name says where a stack overflows.
    fn compare_all(&self, engines: &Engines, first: u64, policies: &[Policy], answers: &[Verdict]) -> Result<()> {
        let name = format!("seed {}, policies from {first}", self.settings.seed);
        let differences = thread::scope(|scope| {
            let work = || {
                let mut found = Vec::new();
                for (number, kind) in compare_together(engines, first, policies, answers) {
                    let at = (number - first) as usize;
                    let (Some(policy), Some(wanted)) = (policies.get(at), answers.get(at)) else { continue };
                    // Alone it is asked again: what is found has to be found in one policy.
                    let alone = compare(engines, number, policy, wanted);
                    let difference = alone.unwrap_or(Difference { kind: format!("not alone: {}", kind.kind), ..kind });
                    found.push((number, policy.clone(), difference));
                }
                found
            };
            let thread = thread::Builder::new().name(name).stack_size(STACK).spawn_scoped(scope, work);
            thread.map_err(anyhow::Error::from).and_then(|it| it.join().map_err(|_| anyhow!("a worker panics")))
        })?;
        self.count(first, policies, answers);
        for (number, policy, found) in differences {
            self.handle(engines, number, policy, found)?;
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, first: u64, policies: &[Policy], answers: &[Verdict]) {
        let mut outcome = self.lock();
        for ((policy, answer), number) in policies.iter().zip(answers).zip(first..) {
            outcome.policies += 1;
            outcome.origins.entry(policy.origin).or_default().0 += 1;
            if let Verdict::Refused(refusals) = answer
                && let Some(first) = refusals.first()
            {
                let reason: String = first.message.chars().filter(|it| !it.is_ascii_digit()).take(60).collect();
                outcome.refusals.entry(format!("{}: {reason}", first.code)).or_insert((0, number)).0 += 1;
            }
            let Verdict::Answered(answers) = answer else {
                outcome.skipped += u64::from(matches!(answer, Verdict::Failed(_)));
                continue;
            };
            outcome.origins.entry(policy.origin).or_default().1 += 1;
            for (feature, sign) in FEATURES {
                let has = policy.modules.iter().any(|(_, text)| text.contains(sign));
                *outcome.covered.entry(feature).or_default() += u64::from(has);
            }
            for decision in answers.values().flatten() {
                match decision {
                    Decision::Value(_) => outcome.decisions[0] += 1,
                    Decision::Undefined => outcome.decisions[1] += 1,
                    Decision::Error { code, .. } if code == "eval_cancel_error" => outcome.skipped += 1,
                    Decision::Error { .. } | Decision::Spared(_) | Decision::Fault(_) => outcome.decisions[2] += 1,
                }
            }
        }
    }

    /// Shrinks a difference and keeps it, unless one of its kind is known, or OPA contradicts itself.
    fn handle(&self, engines: &Engines, number: u64, policy: Policy, found: Difference) -> Result<()> {
        if known::is_known(&policy) {
            self.lock().known.push(number);
            return Ok(());
        }
        let mut judge = Judge { oracle: self.settings.oracle.as_deref().map(Oracle::start).transpose()? };
        if judge.contradicts_itself(engines, number, &policy) {
            self.lock().contradictions.push(number);
            return Ok(());
        }
        {
            let mut outcome = self.lock();
            if outcome.differences.iter().any(|(kind, _)| *kind == found.kind) {
                return Ok(());
            }
            outcome.differences.push((found.kind.clone(), policy.to_text()));
        }
        let small = shrink(policy, |policy| {
            let wanted = judge.ask(policy);
            compare(engines, number, policy, &wanted).is_some_and(|it| it.kind == found.kind)
                && !judge.contradicts_itself(engines, number, policy)
        });
        let wanted = judge.ask(&small);
        let shown = compare(engines, number, &small, &wanted).unwrap_or_else(|| found.clone());
        let case = case_text(&small, &wanted, &shown);
        let place = match self.settings.keep {
            true => keep(self.settings.seed, number, &case)?.display().to_string(),
            false => String::new(),
        };
        let text = format!("policy {number}: {}\n{}\n{place}\n{case}", shown.kind, shown.details);
        let mut outcome = self.lock();
        if let Some(entry) = outcome.differences.iter_mut().find(|(kind, _)| *kind == found.kind) {
            entry.1 = text;
        }
        Ok(())
    }
}

/// Whoever says what is right: OPA, or what takes its place.
struct Judge {
    oracle: Option<Oracle>,
}

impl Judge {
    fn ask(&mut self, policy: &Policy) -> Verdict {
        match &mut self.oracle {
            Some(oracle) => oracle.judge(policy).unwrap_or_else(|error| Verdict::Failed(error.to_string())),
            None => reference(policy),
        }
    }

    /// Whether OPA, asked in another manner, answers as we do.
    fn contradicts_itself(&mut self, engines: &Engines, number: u64, policy: &Policy) -> bool {
        Manner::OTHERS.into_iter().any(|manner| {
            let other = self.oracle.as_mut().and_then(|oracle| oracle.judge_otherwise(policy, manner).ok());
            other.is_some_and(|wanted| {
                matches!(wanted, Verdict::Answered(_)) && compare(engines, number, policy, &wanted).is_none()
            })
        })
    }
}

/// What takes OPA's place where it is not here: the interpreter on the plan as the planner makes it.
fn reference(policy: &Policy) -> Verdict {
    match Engines::plan(policy) {
        Ok(planned) => {
            let names = planned.program.entrypoints.iter().map(|it| (it.name.to_string(), Vec::new()));
            Engines::interpret(policy, &planned, Optimizer::Off, &Verdict::Answered(names.collect()))
        }
        Err(verdict) => verdict,
    }
}

/// What differs of some policies, the first of which has a number: each number with a difference. The same questions as [`compare`] asks,
/// but to modules that many policies share, because making a module takes the most time of all.
fn compare_together(engines: &Engines, first: u64, policies: &[Policy], answers: &[Verdict]) -> Vec<(u64, Difference)> {
    let mut differences = Vec::new();
    let mut planned = Vec::new();
    for ((policy, wanted), number) in policies.iter().zip(answers).zip(first..) {
        match (Engines::plan(policy), wanted) {
            (Ok(it), Verdict::Answered(_)) => planned.push((number, policy, it, wanted)),
            (Ok(_), _) => {
                let ours = Verdict::Answered(BTreeMap::new());
                differences.extend(difference("compiler", wanted, &ours).map(|it| (number, it)));
            }
            (Err(verdict), _) => differences.extend(difference("compiler", wanted, &verdict).map(|it| (number, it))),
        }
    }
    for (optimizer, every) in [(Optimizer::On, 1), (Optimizer::Off, 4)] {
        let asked: Vec<_> = planned.iter().filter(|(number, ..)| number.is_multiple_of(every)).collect();
        let pairs: Vec<_> = asked.iter().map(|(_, policy, planned, _)| (*policy, planned)).collect();
        let verdicts = engines.run_together(&pairs, optimizer);
        for ((number, _, _, wanted), verdict) in asked.into_iter().zip(verdicts) {
            differences.extend(difference("module", wanted, &verdict).map(|it| (*number, it)));
        }
    }
    for (number, policy, planned, wanted) in &planned {
        if differences.iter().all(|(known, _)| known != number) {
            let found = if number.is_multiple_of(ALONE) {
                compare(engines, *number, policy, wanted)
            } else {
                compare_plans(*number, policy, planned, wanted)
            };
            differences.extend(found.map(|it| (*number, it)));
        }
    }
    differences.sort_by_key(|(number, _)| *number);
    differences.dedup_by_key(|(number, _)| *number);
    differences
}

/// Asks the interpreter, and says what differs. Which plans it is asked with follows from the number.
fn compare_plans(number: u64, policy: &Policy, planned: &Planned, wanted: &Verdict) -> Option<Difference> {
    let interpreted = |optimizer| Engines::interpret(policy, planned, optimizer, wanted);
    let others = match number % 4 {
        1 => difference("splitting", wanted, &interpreted(Optimizer::SmallFunctions)),
        2 => difference("interpreter", wanted, &interpreted(Optimizer::On)),
        _ => None,
    };
    others.or_else(|| difference("interpreter without optimizer", wanted, &interpreted(Optimizer::Off)))
}

/// Asks our engines about one policy and compares what they say with what OPA says. Which engines are asked follows from the number.
fn compare(engines: &Engines, number: u64, policy: &Policy, wanted: &Verdict) -> Option<Difference> {
    let planned = match Engines::plan(policy) {
        Ok(planned) => planned,
        Err(verdict) => return difference("compiler", wanted, &verdict),
    };
    if !matches!(wanted, Verdict::Answered(_)) {
        return difference("compiler", wanted, &Verdict::Answered(BTreeMap::new()));
    }
    // The module first: it is stopped when it does not end.
    let module = engines.run(policy, &planned, Optimizer::On);
    let interpreted = |optimizer| Engines::interpret(policy, &planned, optimizer, wanted);
    if let Some(found) = difference("module", wanted, &module) {
        let unoptimized = difference("plan", wanted, &interpreted(Optimizer::Off));
        let optimized = difference("optimizer", wanted, &interpreted(Optimizer::On));
        return unoptimized.or(optimized).or(Some(found));
    }
    if number.is_multiple_of(4) {
        let module = engines.run(policy, &planned, Optimizer::Off);
        let found = difference("module without optimizer", wanted, &module);
        if found.is_some() {
            return found;
        }
    }
    compare_plans(number, policy, &planned, wanted)
}
