//! What an engine says of a policy, and our engines: the module in the runtime, and the interpreter on plans of every kind.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use regoc_compiler::codegen::{CodegenOptions, generate};
use regoc_compiler::diagnostic::{Code, Diagnostic};
use regoc_compiler::optimize::PASSES;
use regoc_compiler::plan::ir::Program;
use regoc_compiler::source::SourceSet;
use regoc_compiler::{Options, compile_to_plan};
use regoc_runtime::{
    Compilation, Data, Decision as HostDecision, Error, ErrorKind, Input, Limits, Policy as Loaded, Runtime,
};
use serde_json::Value;

use super::Policy;
use super::merge::{Merged, entrypoint_name};
use crate::engine::{Optimizer, Planned, Results};
use crate::errors::ErrorLine;
use crate::host::HarnessEffects;
use crate::interpreter;
use crate::judge::Answer;

/// How many errors OPA's compiler reports at most.
pub const ERROR_LIMIT: usize = 10;

/// What one decision of a module may use: far more than OPA takes for what is compared.
const LIMITS: Limits = Limits { memory: 1 << 30, time: Some(Duration::from_secs(20)) };

/// An error of a compiler.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// OPA's code.
    pub code: String,
    /// The module; empty without a place.
    pub file: String,
    /// The row, from 1; 0 without a place.
    pub row: u32,
    /// The message.
    pub message: String,
}

/// What is said to one question.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Nothing.
    Undefined,
    /// A document.
    Value(Value),
    /// An evaluation error.
    Error {
        /// OPA's code.
        code: String,
        /// The message.
        message: String,
    },
    /// Several, any of which is right: OPA's rule index and its early exit spare it errors, or do not.
    Spared(Vec<Self>),
    /// The engine itself fails: a trap, a panic, an endless loop.
    Fault(String),
}

/// What is said of a policy.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is no policy.
    Refused(BTreeSet<Refusal>),
    /// The decisions of each document (`a/b/c`), one for each input.
    Answered(BTreeMap<String, Vec<Decision>>),
    /// The engine itself fails.
    Failed(String),
}

/// Our engines.
pub struct Engines {
    runtime: Runtime,
}

impl Engines {
    /// The engines.
    ///
    /// # Errors
    /// When the machine has no support for wasmtime.
    pub fn new() -> Result<Self, Error> {
        let builder =
            Runtime::builder().effects(HarnessEffects::default).compilation(Compilation::Baseline).limits(LIMITS);
        Ok(Self { runtime: builder.build()? })
    }

    /// What the compiler makes of a policy before any optimization.
    ///
    /// # Errors
    /// What it says against it; or that it panics.
    pub fn plan(policy: &Policy) -> Result<Planned, Verdict> {
        guarded(|| {
            let sources = policy.sources();
            let skip_passes = PASSES.iter().map(|pass| pass.name.to_owned()).collect();
            match compile_to_plan(&sources, &Options { skip_passes, ..Options::default() }) {
                Ok(program) => Ok(Planned { program, sources, results: Results::Bindings }),
                Err(diagnostics) => Err(Verdict::Refused(refusals(&diagnostics, &sources))),
            }
        })
        .unwrap_or_else(|panic| Err(Verdict::Failed(panic)))
    }

    /// What the interpreter answers with a plan that is optimized as it says.
    #[must_use]
    pub fn interpret(policy: &Policy, planned: &Planned, optimizer: Optimizer, wanted: &Verdict) -> Verdict {
        let answer = || match planned.clone().finish(optimizer) {
            Ok(planned) => Verdict::Answered(interpret(policy, &planned.program, wanted)),
            Err(violation) => Verdict::Failed(violation),
        };
        guarded(answer).unwrap_or_else(Verdict::Failed)
    }

    /// What the module answers that is made of a plan that is optimized as it says.
    #[must_use]
    pub fn run(&self, policy: &Policy, planned: &Planned, optimizer: Optimizer) -> Verdict {
        let answer = || {
            let planned = planned.clone().finish(optimizer)?;
            let module = generate(&planned.program, &planned.sources, &CodegenOptions::default());
            let module = module.map_err(|error| format!("no module: {error}"))?;
            let loaded = self.runtime.load(&module).map_err(|error| error.to_string())?;
            let names = planned.program.entrypoints.iter().map(|it| (it.name.clone(), it.name.clone()));
            ask(policy, &loaded, names).map_err(|error| error.to_string())
        };
        match guarded(answer) {
            Ok(Ok(answers)) => Verdict::Answered(answers),
            Ok(Err(failure)) | Err(failure) => Verdict::Failed(failure),
        }
    }

    /// What one module of all these policies answers; the answers of each. Where it cannot be made, each has one of its own.
    #[must_use]
    pub fn run_together(&self, policies: &[(&Policy, &Planned)], optimizer: Optimizer) -> Vec<Verdict> {
        let answer = || -> Result<Vec<Verdict>, String> {
            let mut merged = Merged::default();
            for (_, planned) in policies {
                let planned = (*planned).clone().finish(optimizer)?;
                merged.add(&planned.program, &planned.sources);
            }
            let module = generate(&merged.program, &merged.sources, &CodegenOptions::default());
            let loaded = self.runtime.load(&module.map_err(|error| error.to_string())?);
            let loaded = loaded.map_err(|error| error.to_string())?;
            let verdicts = policies.iter().enumerate().map(|(number, (policy, planned))| {
                let names =
                    planned.program.entrypoints.iter().map(|it| (it.name.clone(), entrypoint_name(number, &it.name)));
                match ask(policy, &loaded, names) {
                    Ok(answers) => Verdict::Answered(answers),
                    Err(error) => Verdict::Failed(error.to_string()),
                }
            });
            Ok(verdicts.collect())
        };
        match guarded(answer) {
            Ok(Ok(verdicts)) => verdicts,
            Ok(Err(_)) | Err(_) => {
                policies.iter().map(|(policy, planned)| self.run(policy, planned, optimizer)).collect()
            }
        }
    }
}

/// The documents of a policy, each under its name, from the entrypoint that is named behind it.
fn ask(
    policy: &Policy,
    loaded: &Loaded,
    names: impl Iterator<Item = (String, String)>,
) -> Result<BTreeMap<String, Vec<Decision>>, Error> {
    let mut instance = loaded.instance()?;
    instance.set_data(&Data::from_json(&policy.data)?)?;
    let mut answers = BTreeMap::new();
    for (name, entrypoint) in names {
        let entrypoint = loaded.entrypoint(&entrypoint)?;
        let decisions = policy.inputs.iter().map(|input| {
            let input =
                input.as_deref().map_or_else(Input::undefined, |text| Input::from_checked_json(text.as_bytes()));
            match instance.evaluate(entrypoint, &input) {
                Ok(HostDecision::Undefined) => Decision::Undefined,
                Ok(HostDecision::Defined(value)) => Decision::Value(value),
                Err(error) if error.kind() == ErrorKind::Evaluation => Decision::Error {
                    code: error.code().unwrap_or_default().to_owned(),
                    message: error.message().to_owned(),
                },
                Err(error) => Decision::Fault(error.to_string()),
            }
        });
        answers.insert(name, decisions.collect());
    }
    Ok(answers)
}

/// The documents that are wanted, from a plan.
fn interpret(policy: &Policy, program: &Program, wanted: &Verdict) -> BTreeMap<String, Vec<Decision>> {
    let Verdict::Answered(wanted) = wanted else { return BTreeMap::new() };
    let mut answers = BTreeMap::new();
    for (index, entrypoint) in program.entrypoints.iter().enumerate() {
        if !wanted.contains_key(entrypoint.name.as_ref() as &str) {
            continue;
        }
        let decisions = policy.inputs.iter().map(|input| {
            match interpreter::evaluate_entrypoint(program, index, &policy.data, input.as_deref()) {
                Ok(Answer::Results(mut results)) => {
                    results.pop().map_or(Decision::Undefined, |mut it| Decision::Value(it["result"].take()))
                }
                Ok(Answer::Error { code, message }) => Decision::Error { code, message },
                Err(fault) => Decision::Fault(fault),
            }
        });
        answers.insert(entrypoint.name.to_string(), decisions.collect());
    }
    answers
}

fn refusals(diagnostics: &[Diagnostic], sources: &SourceSet) -> BTreeSet<Refusal> {
    let parsed = diagnostics.iter().any(|diagnostic| diagnostic.code != Code::Parse);
    let limit = if parsed { ERROR_LIMIT } else { usize::MAX };
    let lines = diagnostics.iter().take(limit).map(|diagnostic| ErrorLine::of(diagnostic, sources));
    lines.map(|it| Refusal { code: it.code, file: it.file, row: it.row, message: it.message }).collect()
}

/// The result, or what a panic says.
fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message");
        format!("panics: {text}")
    })
}
