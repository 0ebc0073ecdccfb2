//! Who takes part: something that answers a row's question, once or many times. Modules, whoever built them, run in `regoc-runtime`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use regoc_runtime::{Data, EntrypointId, Input, Instance, Runtime};
use regoc_spec_tests::workload::{Row, read};
use serde_json::Value;

/// One that can be asked a row's question.
pub trait Contestant {
    /// The name of its column.
    fn name(&self) -> &'static str;

    /// The decision; none when it is undefined.
    ///
    /// # Errors
    /// When there is no decision.
    fn answer(&mut self) -> Result<Option<Value>>;

    /// Whether the elements of a set are in OPA's order in its answer. They are in no order in what OPA's own modules write.
    fn orders_sets(&self) -> bool {
        true
    }

    /// Makes so many decisions, and answers the time that they took.
    ///
    /// # Errors
    /// When there is no decision.
    fn run(&mut self, decisions: u64) -> Result<Duration>;
}

/// Whether each decision begins with a check that the input is JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputText {
    /// It does: the text may come from anywhere.
    Checked,
    /// It does not: whoever made the text knows that it is JSON.
    Trusted,
}

/// A module of OPA's wasm ABI in the runtime.
pub struct Module {
    name: &'static str,
    instance: Instance,
    entrypoint: EntrypointId,
    input: String,
    checked: InputText,
    orders_sets: bool,
}

impl Module {
    /// Loads a module with a row's data.
    ///
    /// # Errors
    /// When the module or the data cannot be loaded.
    pub fn load(name: &'static str, runtime: &Runtime, bytes: &[u8], row: &Row, checked: InputText) -> Result<Self> {
        let policy = runtime.load(bytes)?;
        let entrypoint = policy.entrypoint(&row.entrypoint)?;
        let mut instance = policy.instance()?;
        instance.set_data(&Data::from_json(&read(&row.data)?)?)?;
        let input = read(row.inputs.first().context("the row has an input")?)?;
        Ok(Self { name, instance, entrypoint, input, checked, orders_sets: true })
    }

    /// The same, for a module that OPA built.
    #[must_use]
    pub fn built_by_opa(self) -> Self {
        Self { orders_sets: false, ..self }
    }

    fn decide(&mut self) -> Result<&[u8]> {
        let input = match self.checked {
            InputText::Checked => Input::from_json(&self.input)?,
            InputText::Trusted => Input::from_checked_json(self.input.as_bytes()),
        };
        Ok(self.instance.evaluate_raw(self.entrypoint, &input)?)
    }
}

impl Contestant for Module {
    fn name(&self) -> &'static str {
        self.name
    }

    fn orders_sets(&self) -> bool {
        self.orders_sets
    }

    fn answer(&mut self) -> Result<Option<Value>> {
        let results: Value = serde_json::from_slice(self.decide()?)?;
        Ok(results.pointer("/0/result").cloned())
    }

    fn run(&mut self, decisions: u64) -> Result<Duration> {
        let start = Instant::now();
        for _ in 0..decisions {
            black_box(self.decide()?);
        }
        Ok(start.elapsed())
    }
}
