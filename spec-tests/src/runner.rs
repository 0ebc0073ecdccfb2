//! Runs cases on all cores and gathers what became of them.
//!
//! A case that panics or takes too long fails like any other; the rest goes on. Which engine answers is the caller's choice.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::case::{Body, Case, CaseFile, load};
use crate::engine::{Optimizer, Planned, read_opa_plan};
use crate::errors::{self, Agreement, ErrorCase};
use crate::evaluation::EvaluationCase;
use crate::judge::{Answer, judge, judge_error};
use crate::pipeline;

/// The stack of a worker: the phases are bounded in depth for stacks of the usual size, but tests run without optimization.
const STACK: usize = 64 << 20;

/// How long a case may take. The slowest that OPA has takes it a fraction of a second.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// What answers.
pub trait Engine: Send + Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// Answers a case with a plan. Failing builtins are undefined.
    ///
    /// # Errors
    /// When the engine itself fails: the plan cannot be compiled, the module traps without a code.
    fn answer(&self, planned: &Planned, case: &EvaluationCase) -> Result<Answer, String>;

    /// The error that ends the decision, as OPA prints it, with builtin errors strict or not; none when the engine knows no texts.
    ///
    /// # Errors
    /// As [`Self::answer`].
    fn error(&self, _planned: &Planned, _case: &EvaluationCase, _strict: bool) -> Result<Option<String>, String> {
        Ok(None)
    }
}

/// What became of a case.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The identity of the case.
    pub id: String,
    /// The group it is counted in.
    pub category: String,
    /// The name that OPA gives it.
    pub note: String,
    /// Why it failed; none if it passed.
    pub failure: Option<String>,
    /// For error cases, what of the errors agreed.
    pub agreement: Option<Agreement>,
    /// How long it took.
    pub time: Duration,
}

/// Which cases to run, and how.
#[derive(Clone)]
pub struct Settings {
    /// What answers evaluation cases.
    pub engine: Arc<dyn Engine>,
    /// What becomes of plans before the engine runs them.
    pub optimizer: Optimizer,
    /// Only the case of this place in each file.
    pub position: Option<usize>,
    /// Only cases whose identity or note contains this text.
    pub filter: Option<String>,
    /// How many threads; none for as many as there are cores.
    pub threads: Option<usize>,
}

/// A file, and the first of its cases to run.
#[derive(Clone)]
struct Work {
    file: Arc<CaseFile>,
    from: usize,
}

/// A message from a worker.
enum Event {
    /// A case is about to run.
    Started { worker: usize, file: Arc<CaseFile>, position: usize, note: String },
    /// A case has run.
    Finished { worker: usize, outcome: Box<Outcome> },
    /// A file cannot be read.
    Unreadable { file: Arc<CaseFile>, error: String },
    /// There is no more work for this worker.
    Idle { worker: usize },
}

/// Runs all cases of the files and returns what became of them, in order of their identities.
#[must_use]
pub fn run(files: &[Arc<CaseFile>], settings: Settings) -> Vec<Outcome> {
    let work = files.iter().map(|file| Work { file: file.clone(), from: 0 }).collect();
    let mut pool = Pool::new(work, settings);
    let mut outcomes = pool.run();
    outcomes.sort_by(|a, b| natural(&a.id).cmp(&natural(&b.id)));
    outcomes
}

/// An identity as a key that sorts positions as numbers.
fn natural(id: &str) -> (&str, usize) {
    match id.rsplit_once(':') {
        Some((file, position)) => (file, position.parse().unwrap_or(0)),
        None => (id, 0),
    }
}

struct Shared {
    queue: Mutex<VecDeque<Work>>,
    settings: Settings,
}

/// A worker as the pool sees it: the case that it runs since when.
struct Watched {
    running: Option<(Work, String, Instant)>,
    lost: bool,
}

struct Pool {
    shared: Arc<Shared>,
    workers: Vec<Watched>,
    sender: Sender<Event>,
    events: Receiver<Event>,
    outcomes: Vec<Outcome>,
}

impl Pool {
    fn new(work: VecDeque<Work>, settings: Settings) -> Self {
        let (sender, events) = channel();
        let shared = Arc::new(Shared { queue: Mutex::new(work), settings });
        Self { shared, workers: Vec::new(), sender, events, outcomes: Vec::new() }
    }

    fn run(&mut self) -> Vec<Outcome> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..self.shared.settings.threads.unwrap_or(cores).max(1) {
            self.start_worker();
        }
        while self.workers.iter().any(|worker| !worker.lost) {
            match self.events.recv_timeout(Duration::from_secs(1)) {
                Ok(event) => self.handle(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.give_up_on_slow_cases();
        }
        std::mem::take(&mut self.outcomes)
    }

    fn start_worker(&mut self) {
        let worker = self.workers.len();
        self.workers.push(Watched { running: None, lost: false });
        let (shared, events) = (self.shared.clone(), self.sender.clone());
        let started = thread::Builder::new().stack_size(STACK).spawn(move || work_through(worker, &shared, &events));
        if started.is_err() {
            self.retire(worker);
        }
    }

    /// Expects nothing more of a worker: it is done, or hangs.
    fn retire(&mut self, worker: usize) {
        if let Some(worker) = self.workers.get_mut(worker) {
            worker.lost = true;
            worker.running = None;
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Started { worker, file, position, note } => {
                if let Some(worker) = self.workers.get_mut(worker) {
                    worker.running = Some((Work { file, from: position }, note, Instant::now()));
                }
            }
            Event::Finished { worker, outcome } => {
                // What a worker says after it was given up has been counted already.
                if let Some(worker) = self.workers.get_mut(worker).filter(|worker| !worker.lost) {
                    worker.running = None;
                    self.outcomes.push(*outcome);
                }
            }
            Event::Unreadable { file, error } => self.outcomes.push(Outcome {
                id: file.name.clone(),
                category: file.category().to_owned(),
                note: String::new(),
                failure: Some(error),
                agreement: None,
                time: Duration::ZERO,
            }),
            Event::Idle { worker } => self.retire(worker),
        }
    }

    /// Leaves a case that hangs to its thread and goes on with the next one in another.
    fn give_up_on_slow_cases(&mut self) {
        for index in 0..self.workers.len() {
            let Some(worker) = self.workers.get_mut(index) else { continue };
            let slow = worker.running.take_if(|(_, _, since)| since.elapsed() > TIME_LIMIT);
            let Some((work, note, since)) = slow else { continue };
            worker.lost = true;
            self.outcomes.push(Outcome {
                id: format!("{}:{}", work.file.name, work.from),
                category: work.file.category().to_owned(),
                note,
                failure: Some(format!("did not end within {} s", TIME_LIMIT.as_secs())),
                agreement: None,
                time: since.elapsed(),
            });
            let rest = Work { file: work.file, from: work.from + 1 };
            self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner).push_front(rest);
            self.start_worker();
        }
    }
}

/// What a worker does: files, one after the other, until there are none left. An event that nobody hears is no loss.
fn work_through(worker: usize, shared: &Shared, events: &Sender<Event>) {
    loop {
        let next = shared.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some(Work { file, from }) = next else { break };
        match load(&file) {
            Ok(cases) => {
                for case in cases.iter().filter(|case| case.position >= from && is_wanted(case, &shared.settings)) {
                    let (position, note) = (case.position, case.note.clone());
                    let _ = events.send(Event::Started { worker, file: file.clone(), position, note });
                    let outcome = Box::new(run_case(case, &shared.settings));
                    let _ = events.send(Event::Finished { worker, outcome });
                }
            }
            Err(error) => drop(events.send(Event::Unreadable { file, error: format!("{error:#}") })),
        }
    }
    let _ = events.send(Event::Idle { worker });
}

fn is_wanted(case: &Case, settings: &Settings) -> bool {
    let position = settings.position.is_none_or(|position| position == case.position);
    let filter = settings.filter.as_deref();
    position && filter.is_none_or(|filter| case.note.contains(filter) || case.id().contains(filter))
}

fn run_case(case: &Case, settings: &Settings) -> Outcome {
    let start = Instant::now();
    let run = || match &case.body {
        Body::Evaluation(body, plan) => {
            let outcome = match plan {
                Some(plan) => {
                    read_opa_plan(plan, settings.optimizer).and_then(|program| answer(&program, body, settings))
                }
                None => pipeline::plan(body, settings.optimizer).and_then(|program| {
                    answer(&program, body, settings).and_then(|()| error(&program, body, settings))
                }),
            };
            (outcome.err(), None)
        }
        Body::Errors(body) => judge_errors(body),
    };
    let (failure, agreement) = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(outcome) => outcome,
        Err(panic) => (Some(format!("panicked: {}", panic_message(panic.as_ref()))), None),
    };
    Outcome {
        id: case.id(),
        category: case.file.category().to_owned(),
        note: case.note.clone(),
        failure,
        agreement,
        time: start.elapsed(),
    }
}

fn answer(program: &Planned, case: &EvaluationCase, settings: &Settings) -> Result<(), String> {
    settings.engine.answer(program, case).and_then(|answer| judge(case, &answer))
}

fn error(program: &Planned, case: &EvaluationCase, settings: &Settings) -> Result<(), String> {
    let Some(want) = &case.want_error else { return Ok(()) };
    // A plan of OPA's does not say where rules are.
    if settings.optimizer == Optimizer::Written {
        return Ok(());
    }
    let have = settings.engine.error(program, case, want.strict)?;
    judge_error(want, have.as_deref())
}

fn judge_errors(case: &ErrorCase) -> (Option<String>, Option<Agreement>) {
    let have = pipeline::errors(case);
    let agreement = errors::judge(case, &have);
    let failure = format!("want {}\nhave {}", errors::print(&case.want), errors::print(&have));
    ((!agreement.all).then_some(failure), Some(agreement))
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message")
}
