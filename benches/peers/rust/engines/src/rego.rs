//! regorus: its engine, which walks the tree, and its virtual machine.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;

use anyhow::Result;
use regoc_bench_protocol::{Arguments, Contestant};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{PolicyLengthConfig, Value};

/// The engine with a policy and its data.
pub struct Engine {
    engine: regorus::Engine,
    query: String,
}

/// The virtual machine with a program and its data.
pub struct Machine {
    machine: RegoVM,
}

/// An engine that takes large policies too: by default it refuses more than 20,000 lines.
fn engine(arguments: &Arguments) -> Result<regorus::Engine> {
    let mut engine = regorus::Engine::new();
    engine.set_policy_length_config(PolicyLengthConfig {
        max_col: NonZeroU32::MAX,
        max_file_bytes: NonZeroUsize::MAX,
        max_lines: NonZeroUsize::MAX,
    });
    engine.add_policy("policy.rego".to_owned(), arguments.read("policy")?)?;
    Ok(engine)
}

fn text(value: &Value) -> Result<Option<String>> {
    // Its own `to_json_str` writes several lines.
    if *value == Value::Undefined { Ok(None) } else { Ok(Some(serde_json::to_string(value)?)) }
}

impl Engine {
    /// Loads the policy and the data.
    pub fn new(arguments: &Arguments) -> Result<Self> {
        let mut engine = engine(arguments)?;
        engine.add_data_json(&arguments.read("data")?)?;
        Ok(Self { engine, query: arguments.get("query")?.to_owned() })
    }
}

impl Contestant for Engine {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        self.engine.set_input_json(input)?;
        text(&self.engine.eval_rule(self.query.clone())?)
    }
}

impl Machine {
    /// Compiles the policy and loads the data.
    pub fn new(arguments: &Arguments) -> Result<Self> {
        let query = arguments.get("query")?;
        let compiled = engine(arguments)?.compile_with_entrypoint(&Arc::from(query))?;
        let program = Compiler::compile_from_policy(&compiled, &[query])?;
        let mut machine = RegoVM::new_with_policy(compiled);
        // It stops after 25,000 instructions otherwise.
        machine.set_max_instructions(usize::MAX);
        machine.load_program(program);
        machine.set_data(Value::from_json_str(&arguments.read("data")?)?)?;
        Ok(Self { machine })
    }
}

impl Contestant for Machine {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        self.machine.set_input(Value::from_json_str(input)?);
        text(&self.machine.execute()?)
    }
}
