//! What data takes in memory, beside its JSON text.

use anyhow::{Context, Result};
use regoc_runtime::{Data, Input, Instance, Runtime};
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
    /// Of an image and one instance of our module over it, which has answered.
    pub ours: f64,
    /// Of each further instance over the image.
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

/// Measures instances with the data of a question: ours over one image, OPA's with data of its own.
pub(super) fn measure(question: &Question, runtime: &Runtime, folder: &TemporaryFolder) -> Result<Memory> {
    let text = read(&question.data)?;
    let data = Data::from_json(&text)?;
    let input = question.inputs.first().context("a question has an input")?;
    let asked = |instance: &mut Instance| -> Result<()> {
        let entrypoint = instance.policy().entrypoint(&question.entrypoint)?;
        instance.evaluate_raw(entrypoint, &Input::from_checked_json(input.as_bytes()))?;
        Ok(())
    };
    let theirs = opa::build_module(question, folder).ok();
    let theirs = theirs.map(|bytes| given_back(runtime.load(&bytes)?.instance_over(&data)?)).transpose()?;
    let image = runtime.load(&question.module()?)?.image(&data)?;
    let mut instances = (0..INSTANCES).map(|_| image.instance()).collect::<Result<Vec<_>, _>>()?;
    instances.iter_mut().try_for_each(asked)?;
    let further = given_back(instances)? / INSTANCES as f64;
    let shared = image.size().context("an image of our module is mapped")?;
    Ok(Memory { row: question.name.clone(), text: text.len(), ours: shared as f64 + further, further, theirs })
}

/// How much memory of its own this process gives back when something is dropped, in bytes.
fn given_back<T>(held: T) -> Result<f64> {
    let with = own_memory()?;
    drop(held);
    Ok(with.saturating_sub(own_memory()?) as f64)
}

/// The resident memory of this process that no file stands behind, in bytes. An image lies in a file in memory, and is counted by its size.
fn own_memory() -> Result<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").context("resident memory is known on Linux only")?;
    let mut pages = text.split(' ').skip(1).map(str::parse::<u64>);
    let mut next = || pages.next().context("a second and a third figure");
    let (resident, shared) = (next()??, next()??);
    Ok(resident.saturating_sub(shared) * PAGE)
}
