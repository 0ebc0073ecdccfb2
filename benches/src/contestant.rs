//! Who takes part: something that answers a row's question, once or many times. Modules, whoever built them, run in `regoc-runtime`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use regoc_runtime::{Data, EntrypointId, Input, Instance, Runtime};
use regoc_spec_tests::workload::read;
use serde_json::Value;

use crate::question::Question;

/// Who takes part, in the order of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// regoc's module; the input is known to be JSON.
    Regoc,
    /// regoc's module; each decision begins with a check that the input is JSON.
    RegocChecked,
    /// regoc's module; the input is a value in memory.
    RegocValue,
    /// OPA's module in the same runtime.
    OpaModule,
    /// OPA's interpreter, its data as values of Rego.
    OpaAst,
    /// OPA's interpreter, its data as values of Go.
    OpaRaw,
    /// regorus' engine.
    RegorusEngine,
    /// regorus' virtual machine.
    RegorusMachine,
    /// Cedar.
    Cedar,
    /// Rust written by hand.
    Native,
    /// `serde_json`, which reads the input and decides nothing.
    SerdeJson,
}

impl Who {
    /// What the column is called.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Regoc => "regoc",
            Self::RegocChecked => "regoc, input checked",
            Self::RegocValue => "regoc, from a value",
            Self::OpaModule => "OPA's wasm",
            Self::OpaAst => "OPA, store of Rego values",
            Self::OpaRaw => "OPA, store of Go values",
            Self::RegorusEngine => "regorus engine",
            Self::RegorusMachine => "regorus VM",
            Self::Cedar => "Cedar",
            Self::Native => "Rust by hand",
            Self::SerdeJson => "serde_json",
        }
    }

    /// Whether it decides, so that its answers are compared.
    #[must_use]
    pub fn decides(self) -> bool {
        self != Self::SerdeJson
    }

    /// Whether the elements of a set are in OPA's order in its answer. They are in no order in what OPA's own modules write.
    #[must_use]
    pub fn orders_sets(self) -> bool {
        self != Self::OpaModule
    }
}

/// One that can be asked a row's question.
pub trait Contestant {
    /// Who it is.
    fn who(&self) -> Who;

    /// The decision for the input of that number; none when it is undefined.
    ///
    /// # Errors
    /// When there is no decision.
    fn answer(&mut self, input: usize) -> Result<Option<Value>>;

    /// Makes so many decisions, and answers the time that they took.
    ///
    /// # Errors
    /// When there is no decision.
    fn run(&mut self, decisions: u64) -> Result<Duration>;
}

/// A module of OPA's wasm ABI in the runtime.
pub struct Module {
    who: Who,
    instance: Instance,
    entrypoint: EntrypointId,
    inputs: Vec<String>,
    /// The inputs as values, for who takes those.
    values: Vec<Value>,
    /// The answer to a value.
    answer: Vec<u8>,
    timed: usize,
}

impl Module {
    /// Loads a module with a question's data.
    ///
    /// # Errors
    /// When the module or the data cannot be loaded.
    pub fn load(who: Who, runtime: &Runtime, bytes: &[u8], question: &Question) -> Result<Self> {
        let policy = runtime.load(bytes)?;
        let entrypoint = policy.entrypoint(&question.entrypoint)?;
        let mut instance = policy.instance()?;
        instance.set_data(&Data::from_json(&read(&question.data)?)?)?;
        let inputs = question.inputs.clone();
        let values = match who {
            Who::RegocValue => inputs.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>()?,
            _ => Vec::new(),
        };
        Ok(Self { who, instance, entrypoint, inputs, values, answer: Vec::new(), timed: question.timed })
    }

    fn decide(&mut self, index: usize) -> Result<&[u8]> {
        let no_input = "there is no such input";
        let text = self.inputs.get(index).context(no_input)?;
        if self.who == Who::RegocValue {
            let value = self.values.get(index).context(no_input)?;
            self.answer.clear();
            self.answer.extend_from_slice(self.instance.hold_value(value)?.evaluate_raw(self.entrypoint)?);
            return Ok(&self.answer);
        }
        let input = match self.who {
            Who::RegocChecked => Input::from_json(text)?,
            _ => Input::from_checked_json(text.as_bytes()),
        };
        Ok(self.instance.evaluate_raw(self.entrypoint, &input)?)
    }
}

impl Contestant for Module {
    fn who(&self) -> Who {
        self.who
    }

    fn answer(&mut self, input: usize) -> Result<Option<Value>> {
        let results: Value = serde_json::from_slice(self.decide(input)?)?;
        Ok(results.pointer("/0/result").cloned())
    }

    fn run(&mut self, decisions: u64) -> Result<Duration> {
        let start = Instant::now();
        for (index, _) in (0..self.timed).cycle().zip(0..decisions) {
            black_box(self.decide(index)?);
        }
        Ok(start.elapsed())
    }
}
