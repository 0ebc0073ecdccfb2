//! How soon a module answers: from its bytes, from a file of machine code, and in a further instance of a policy that is loaded.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use regoc_runtime::{Compilation, Data, Image, Input, Instance, Policy, Runtime};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::workload::read;

use super::Compared;
use crate::measure::median;
use crate::opa;
use crate::question::Question;

/// How often each is measured.
const PASSES: usize = 7;

/// How many further instances are made in a pass, where they are made fast.
const INSTANCES: u32 = 20;

/// For how many instances the runtime keeps room where further ones are made.
const POOLED: u32 = 8;

/// The name of the other.
const AGAINST: &str = "OPA's module";

/// How to start a module with its data and to ask it once.
struct Start<'a> {
    question: &'a Question,
    data: Option<Data>,
}

impl<'a> Start<'a> {
    fn new(question: &'a Question, data: Option<Data>) -> Self {
        Self { question, data }
    }

    /// From bytes to the first decision, in nanoseconds.
    fn load_and_decide(&self, runtime: &Runtime, bytes: &[u8]) -> Result<f64> {
        let start = Instant::now();
        let policy = runtime.load(bytes)?;
        self.decide_once(&policy)?;
        let elapsed = start.elapsed().as_nanos() as f64;
        // What compiles behind this must not take time from what is measured next.
        while !policy.is_settled() {
            thread::sleep(Duration::from_millis(1));
        }
        Ok(elapsed)
    }

    /// From a file of machine code to the first decision, in nanoseconds.
    #[expect(unsafe_code, reason = "code of a file")]
    fn load_precompiled_and_decide(&self, runtime: &Runtime, file: &[u8]) -> Result<f64> {
        let start = Instant::now();
        // SAFETY: the runtime has just made it.
        self.decide_once(&unsafe { runtime.load_precompiled(file) }?)?;
        Ok(start.elapsed().as_nanos() as f64)
    }

    /// From a loaded policy to the first decision of a further instance, in nanoseconds.
    fn further(&self, policy: &Policy, instances: u32) -> Result<f64> {
        let start = Instant::now();
        for _ in 0..instances {
            self.decide_once(policy)?;
        }
        Ok(start.elapsed().as_nanos() as f64 / f64::from(instances))
    }

    /// The same over an image of the data.
    fn further_of_image(&self, image: &Image, instances: u32) -> Result<f64> {
        let start = Instant::now();
        for _ in 0..instances {
            self.decide(image.instance()?)?;
        }
        Ok(start.elapsed().as_nanos() as f64 / f64::from(instances))
    }

    fn decide_once(&self, policy: &Policy) -> Result<()> {
        self.decide(match &self.data {
            Some(data) => policy.instance_over(data)?,
            None => policy.instance()?,
        })
    }

    fn decide(&self, mut instance: Instance) -> Result<()> {
        let input = self.question.inputs.first().context("a question has an input")?;
        let entrypoint = instance.policy().entrypoint(&self.question.entrypoint)?;
        black_box(instance.evaluate_raw(entrypoint, &Input::from_checked_json(input.as_bytes()))?);
        Ok(())
    }
}

/// Medians of what is measured of ours and of OPA's module in turn.
fn compare<T>(ours: T, theirs: Option<T>, measure: impl Fn(&T) -> Result<f64>) -> Result<(f64, Option<f64>)> {
    let (mut of_ours, mut of_theirs) = (Vec::new(), Vec::new());
    for _ in 0..PASSES {
        of_ours.push(measure(&ours)?);
        if let Some(theirs) = &theirs {
            of_theirs.push(measure(theirs)?);
        }
    }
    Ok((median(of_ours), theirs.is_some().then(|| median(of_theirs))))
}

/// The starts of a module over no data.
pub(super) fn small(question: &Question, runtime: &Runtime, folder: &TemporaryFolder) -> Result<Vec<Compared>> {
    let (ours, theirs) = (question.module()?, opa::build_module(question, folder).ok());
    let start = Start::new(question, None);
    let pooled = Runtime::builder().pooled_instances(POOLED).build()?;
    let policies = (pooled.load(&ours)?, theirs.as_ref().and_then(|bytes| pooled.load(bytes).ok()));
    let line =
        |what: &str, (ours, theirs), least| Compared { what: what.to_owned(), against: AGAINST, ours, theirs, least };
    let files = (runtime.precompile(&ours)?, theirs.as_ref().and_then(|bytes| runtime.precompile(bytes).ok()));
    let precompiled = compare(files.0, files.1, |file| start.load_precompiled_and_decide(runtime, file))?;
    // Whoever wants to be asked soon takes the compiler for it; OPA's module is loaded as wasmtime loads it if it is not told otherwise.
    let tiered = Runtime::builder().compilation(Compilation::Tiered).build()?;
    let from_bytes = |of_ours: &Runtime, of_theirs: &Runtime| {
        let theirs = theirs.as_deref().map(|bytes| (of_theirs, bytes));
        compare((of_ours, &*ours), theirs, |(runtime, bytes)| start.load_and_decide(runtime, bytes))
    };
    let further = compare(policies.0, policies.1, |policy| start.further(policy, INSTANCES))?;
    Ok(vec![
        line("first decision from bytes", from_bytes(&tiered, runtime)?, Some(10.0)),
        line("first decision from bytes, both tiered", from_bytes(&tiered, &tiered)?, None),
        line("first decision from bytes, both optimized", from_bytes(runtime, runtime)?, None),
        line("first decision from a precompiled file", precompiled, Some(3.0)),
        line("first decision of a further instance", further, Some(3.0)),
    ])
}

/// The start of a further instance over the data of a question, and how much longer it takes than one over none.
pub(super) fn large(question: &Question, folder: &TemporaryFolder) -> Result<(Compared, f64)> {
    let runtime = Runtime::builder().pooled_instances(POOLED).build()?;
    let policy = runtime.load(&question.module()?)?;
    let theirs = opa::build_module(question, folder).ok().and_then(|bytes| runtime.load(&bytes).ok());
    let text = read(&question.data)?;
    let over_none = Start::new(question, None);
    let data = Data::from_json(&text)?;
    let image = policy.image(&data)?;
    let start = Start::new(question, Some(data));
    let (none, over_data) =
        interleaved(|| over_none.further(&policy, INSTANCES), || start.further_of_image(&image, INSTANCES))?;
    let (theirs, _) =
        theirs.map(|theirs| compare(theirs, None, |policy| start.further(policy, 1))).transpose()?.unzip();
    let what = format!("first decision of a further instance, over {:.1} MB of data", text.len() as f64 / 1e6);
    Ok((Compared { what, against: AGAINST, ours: over_data, theirs, least: Some(3.0) }, over_data / none))
}

/// Medians of two that are measured in turn.
fn interleaved(one: impl Fn() -> Result<f64>, other: impl Fn() -> Result<f64>) -> Result<(f64, f64)> {
    let (mut of_one, mut of_other) = (Vec::new(), Vec::new());
    for _ in 0..PASSES {
        of_one.push(one()?);
        of_other.push(other()?);
    }
    Ok((median(of_one), median(of_other)))
}
