//! What a second thread adds: decisions of two threads, with an instance each, beside those of one.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use regoc_runtime::{EntrypointId, Input, Instance, Policy, Runtime};

use crate::measure::median;
use crate::question::Question;

/// How often each is measured.
const PASSES: usize = 7;

/// How long a thread decides in a pass.
const PASS: Duration = Duration::from_millis(300);

/// After how many decisions a thread looks at the clock.
const BATCH: u32 = 100;

/// How many times the decisions of one thread two make.
pub(super) fn measure(question: &Question, runtime: &Runtime) -> Result<f64> {
    let policy = runtime.load(&question.module()?)?;
    let entrypoint = policy.entrypoint(&question.entrypoint)?;
    let input = question.inputs.first().context("a question has an input")?;
    let mut ratios = Vec::new();
    for _ in 0..PASSES {
        let one = rate(1, &policy, entrypoint, input)?;
        ratios.push(rate(2, &policy, entrypoint, input)? / one);
    }
    Ok(median(ratios))
}

/// The decisions of some threads in a second.
fn rate(threads: usize, policy: &Policy, entrypoint: EntrypointId, input: &str) -> Result<f64> {
    let instances: Vec<Instance> = (0..threads).map(|_| policy.instance()).collect::<Result<_, _>>()?;
    thread::scope(|scope| {
        let decide = |mut instance: Instance| move || decisions(&mut instance, entrypoint, input);
        let running: Vec<_> = instances.into_iter().map(|instance| scope.spawn(decide(instance))).collect();
        running.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a thread has panicked"))?).sum()
    })
}

/// The decisions of one thread in a second.
fn decisions(instance: &mut Instance, entrypoint: EntrypointId, input: &str) -> Result<f64> {
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < PASS {
        for _ in 0..BATCH {
            black_box(instance.evaluate_raw(entrypoint, &Input::from_checked_json(input.as_bytes()))?);
        }
        count += BATCH;
    }
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}
