//! What data takes in memory, beside its JSON text: resident memory of this process.

use anyhow::{Context, Result};
use regoc_runtime::{Data, Instance, Runtime};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::workload::read;

use crate::opa;
use crate::question::Question;

/// How many instances share the data.
const INSTANCES: usize = 8;

/// The page size that the kernel counts resident memory in.
const PAGE: u64 = 4096;

/// Resident memory of data, in bytes.
#[derive(Clone, Debug)]
pub struct Memory {
    /// The row whose data it is.
    pub row: String,
    /// The bytes of the JSON text.
    pub text: usize,
    /// Of one instance of our module.
    pub ours: f64,
    /// Of each further instance of our module.
    pub further: f64,
    /// Of one instance of OPA's module.
    pub theirs: Option<f64>,
}

impl Memory {
    /// How many times the JSON text all instances take.
    #[must_use]
    pub fn all(&self) -> f64 {
        (self.ours + self.further * (INSTANCES - 1) as f64) / self.text as f64
    }

    /// How many times the JSON text one instance takes.
    #[must_use]
    pub fn one(&self) -> f64 {
        self.ours / self.text as f64
    }

    pub(super) fn to_markdown(&self) -> String {
        let Self { row, text, ours, further, theirs } = self;
        let megabytes = |bytes: f64| format!("{:.1} MB", bytes / 1e6);
        let theirs = theirs.map_or(String::new(), |bytes| format!(", OPA's module {}", megabytes(bytes)));
        format!(
            "The data of {row}, {} of JSON, takes {} of resident memory in one instance and {} in each further one{theirs}.",
            megabytes(*text as f64),
            megabytes(*ours),
            megabytes(*further),
        )
    }
}

/// Measures instances with the data of a question.
pub(super) fn measure(question: &Question, runtime: &Runtime, folder: &TemporaryFolder) -> Result<Memory> {
    let theirs = opa::build_module(question, folder).ok();
    let theirs = theirs.map(|bytes| instances(&bytes, question, runtime, 1)).transpose()?;
    let module = question.module()?;
    let ours = instances(&module, question, runtime, 1)?;
    let all = instances(&module, question, runtime, INSTANCES)?;
    let text = read(&question.data)?.len();
    let further = (all - ours) / (INSTANCES - 1) as f64;
    Ok(Memory { row: question.name.clone(), text, ours, further, theirs })
}

/// How much resident memory so many instances with the data have, above what they have without.
fn instances(bytes: &[u8], question: &Question, runtime: &Runtime, count: usize) -> Result<f64> {
    let policy = runtime.load(bytes)?;
    let mut instances: Vec<Instance> = (0..count).map(|_| policy.instance()).collect::<Result<_, _>>()?;
    let before = resident()?;
    let data = Data::from_json(&read(&question.data)?)?;
    instances.iter_mut().try_for_each(|instance| instance.set_data(&data))?;
    let after = resident()?;
    drop(instances);
    Ok(after.saturating_sub(before) as f64)
}

/// The resident memory of this process, in bytes.
fn resident() -> Result<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").context("resident memory is known on Linux only")?;
    let pages: u64 = text.split(' ').nth(1).context("a second figure")?.parse()?;
    Ok(pages * PAGE)
}
