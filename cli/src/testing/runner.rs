//! Runs tests: each in a decision of its own, several at a time, all in one module that was compiled once.
//!
//! What a test prints and which cases it begins come from the host functions of the thread that runs it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use regoc_compiler::plan::build::{COVERED, TRIED};
use regoc_compiler::resolve::TestKind;
use regoc_runtime::{
    Compilation, Data, ErrorKind, HttpClient, Input, Instance, Limits, Policy, Runtime, SystemEffects, Value,
};

use super::result::{Cases, Test, TestError, TestResult, Told, Tried, Verdict};
use crate::failure::Failure;
use crate::json;

/// What the host functions note while a test runs.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// The lines that were printed.
    pub(crate) printed: String,
    /// The cases that were begun.
    pub(crate) told: Vec<Told>,
    /// The statement that was tried last.
    pub(crate) tried: Option<Tried>,
    /// By the number of a place: whether it ran.
    pub(crate) covered: Vec<bool>,
}

thread_local! {
    static NOTES: RefCell<Notes> = RefCell::default();
}

/// How tests are run.
#[derive(Clone, Debug)]
pub(crate) struct Conditions {
    /// The time for each test.
    pub(crate) timeout: Duration,
    /// How many run at a time.
    pub(crate) parallel: usize,
    /// The hosts that tests may reach; none: all.
    pub(crate) allow_net: Option<Vec<String>>,
}

/// Tests that are ready to run.
pub(crate) struct Runner {
    policy: Policy,
    data: Data,
    parallel: usize,
    tests: Vec<Test>,
    /// Why tests that are functions have no value, by their place.
    functions: BTreeMap<usize, String>,
    /// By the number of a place: whether it ran in some test so far.
    covered: Mutex<Vec<bool>>,
}

impl Runner {
    /// Loads a module whose entrypoints are tests. `functions` says why tests that are functions have no value.
    ///
    /// # Errors
    /// When the module or the data cannot be loaded.
    pub(crate) fn new(
        module: &[u8],
        data: Data,
        tests: Vec<Test>,
        functions: BTreeMap<usize, String>,
        conditions: &Conditions,
        info: Value,
    ) -> Result<Self, Failure> {
        let limits = Limits { time: Some(conditions.timeout), ..Limits::default() };
        // As `opa test`, where tests share nothing.
        let http = HttpClient::builder().cache_between_decisions(false).build();
        let mut builder = Runtime::builder()
            .limits(limits)
            // What is not there fails when a test calls it, as in OPA.
            .accept_any_builtin()
            // Most tests run once, for microseconds.
            .compilation(Compilation::Baseline)
            .effects(move || {
                SystemEffects::with_runtime_info(info.clone()).with_http(http.clone()).printing_to(note_line)
            })
            .builtin("internal.test_case", |arguments| {
                if let [Value::Array(names)] = arguments {
                    let path = names.iter().map(case_name).collect();
                    NOTES.with_borrow_mut(|notes| notes.told.push(Told { path, tried: None }));
                }
                Ok(Some(Value::from(true)))
            })
            .builtin(COVERED, |arguments| {
                note_place(arguments.first().and_then(Value::as_i64));
                Ok(Some(Value::from(true)))
            })
            .builtin(TRIED, |arguments| {
                note_tried(arguments);
                Ok(Some(Value::from(true)))
            });
        if let Some(hosts) = &conditions.allow_net {
            builder = builder.allow_net(hosts.iter().cloned());
        }
        let policy = builder.build()?.load(module)?;
        let covered = Mutex::default();
        Ok(Self { policy, data, parallel: conditions.parallel.max(1), tests, functions, covered })
    }

    /// The tests.
    pub(crate) fn tests(&self) -> &[Test] {
        &self.tests
    }

    /// Runs all tests and hands over each result as soon as those before it are there.
    ///
    /// # Errors
    /// When there is no instance within the limits of the machine.
    pub(crate) fn run(&self, mut each: impl FnMut(TestResult)) -> Result<(), Failure> {
        let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            let (next, stopped) = (&next, &stopped);
            for _ in 0..self.parallel.min(self.tests.len()) {
                let sender = sender.clone();
                scope.spawn(move || {
                    let failed = self.work(next, stopped, |result| {
                        // The receiver is gone when another thread failed.
                        let _ = sender.send(Ok(result));
                    });
                    if let Err(failure) = failed {
                        stopped.store(true, Ordering::Relaxed);
                        let _ = sender.send(Err(failure));
                    }
                });
            }
            drop(sender);
            // Results are shown in the order of the tests.
            let mut waiting = BTreeMap::new();
            let mut shown = 0;
            for result in receiver {
                let result = result?;
                waiting.insert(result.test, result);
                while let Some(result) = waiting.remove(&shown) {
                    each(result);
                    shown += 1;
                }
            }
            Ok(())
        })
    }

    /// Runs tests until there are no more.
    fn work(&self, next: &AtomicUsize, stopped: &AtomicBool, mut each: impl FnMut(TestResult)) -> Result<(), Failure> {
        let mut instance = None;
        while !stopped.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(test) = self.tests.get(index) else { break };
            if test.rule.runs() && instance.is_none() {
                let mut fresh = self.policy.instance()?;
                fresh.set_data(&self.data)?;
                instance = Some(fresh);
            }
            each(self.run_test(index, test, instance.as_mut()));
        }
        let covered = NOTES.with_borrow_mut(|notes| std::mem::take(&mut notes.covered));
        let mut all = self.covered.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < covered.len() {
            all.resize(covered.len(), false);
        }
        all.iter_mut().zip(covered).for_each(|(all, covered)| *all |= covered);
        Ok(())
    }

    /// The numbers of the places that ran so far.
    pub(crate) fn covered(&self) -> Vec<usize> {
        let covered = self.covered.lock().unwrap_or_else(PoisonError::into_inner);
        covered.iter().enumerate().filter(|(_, covered)| **covered).map(|(place, _)| place).collect()
    }

    fn run_test(&self, index: usize, test: &Test, instance: Option<&mut Instance>) -> TestResult {
        let result = |verdict, duration| TestResult {
            test: index,
            verdict,
            duration,
            output: String::new(),
            cases: Cases::new(),
            tried: None,
            told: Vec::new(),
        };
        match (test.rule.kind, instance) {
            (TestKind::Skipped, _) => result(Verdict::Skipped, Duration::ZERO),
            (TestKind::Function, _) => {
                let why = self.functions.get(&index).cloned().unwrap_or_default();
                result(Verdict::Error(TestError::Query(why)), Duration::ZERO)
            }
            // There is an instance for every test that runs.
            (_, None) => result(Verdict::Fail, Duration::ZERO),
            (kind, Some(instance)) => {
                let started = Instant::now();
                let name = test.rule.path.join("/");
                let answer = self
                    .policy
                    .entrypoint(&name)
                    .and_then(|entrypoint| instance.evaluate(entrypoint, &Input::undefined()));
                let duration = started.elapsed();
                let (printed, told, tried) = NOTES.with_borrow_mut(|notes| {
                    (std::mem::take(&mut notes.printed), std::mem::take(&mut notes.told), notes.tried.take())
                });
                // Where there is a value no statement failed.
                let has_value =
                    matches!((&answer, kind), (Ok(decision), TestKind::Single) if decision.value().is_some());
                let tried = tried.filter(|_| !has_value);
                let (verdict, cases) = match answer {
                    Ok(decision) => Verdict::of(kind, decision.value(), &told),
                    Err(error) => (Verdict::Error(TestError::Evaluation(error)), Cases::new()),
                };
                TestResult { test: index, verdict, duration, output: printed, cases, tried, told }
            }
        }
    }
}

/// Whether an error says that the time was used up.
pub(crate) fn is_timeout(error: &regoc_runtime::Error) -> bool {
    error.kind() == ErrorKind::TimeLimit
}

fn note_place(place: Option<i64>) {
    let Some(place) = place.and_then(|place| usize::try_from(place).ok()) else { return };
    NOTES.with_borrow_mut(|notes| {
        if notes.covered.len() <= place {
            notes.covered.resize(place + 1, false);
        }
        if let Some(covered) = notes.covered.get_mut(place) {
            *covered = true;
        }
    });
}

/// Notes a statement: `[number, whether it comes before the name of the case is known, [[place of a term, value], …]]`.
fn note_tried(arguments: &[Value]) {
    let [probe, Value::Boolean(before_case), Value::Array(pairs)] = arguments else { return };
    let number = |value: &Value| value.as_i64().and_then(|number| usize::try_from(number).ok());
    let Some(probe) = number(probe) else { return };
    let values = pairs
        .iter()
        .filter_map(|pair| match pair {
            Value::Array(pair) => Some((number(pair.first()?)?, pair.get(1)?.to_string())),
            _ => None,
        })
        .collect();
    let tried = Tried { probe, values };
    NOTES.with_borrow_mut(|notes| {
        if let (false, Some(told)) = (before_case, notes.told.last_mut()) {
            told.tried = Some(tried.clone());
        }
        notes.tried = Some(tried);
    });
}

fn note_line(line: &str) {
    NOTES.with_borrow_mut(|notes| {
        notes.printed.push_str(line);
        notes.printed.push('\n');
    });
}

/// The name of a case: a string as it is, any other value as JSON.
fn case_name(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => json::compact(&to_json(other)),
    }
}

/// A value as JSON: sets are arrays, keys are texts.
fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Array(items) | Value::Set(items) => items.iter().map(to_json).collect(),
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (case_name(key), to_json(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::String(text) => text.as_str().into(),
        scalar => json::parse(&scalar.to_text()).unwrap_or_default(),
    }
}
