//! The engines that answer a plan: the module that regoc builds, and the interpreter. A wrong answer of both is the planner's; a
//! wrong answer of one is that engine's.

use regoc_compiler::codegen::{CodegenOptions, generate};
use regoc_compiler::optimize::{Limits, OptimizeOptions, optimize, split};
use regoc_compiler::plan::ir::Program;
use regoc_compiler::plan::opa::read_plan;
use regoc_compiler::plan::to_opa::write_plan;
use regoc_compiler::plan::validate::validate;
use regoc_compiler::source::SourceSet;
use regoc_runtime::{Compilation, Data, Error, ErrorKind, Input, Runtime};
use serde_json::Value;

use crate::evaluation::EvaluationCase;
use crate::host::{CUSTOM_BUILTINS, HarnessEffects, custom_builtin};
use crate::interpreter;
use crate::judge::Answer;
use crate::pipeline::QUERY_FILE;
use crate::runner::Engine;

/// A plan with the texts that its places point into.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The plan.
    pub program: Program,
    /// The texts; none for a plan of OPA's.
    pub sources: SourceSet,
    /// What an element of its result set is.
    pub results: Results,
}

/// What becomes of a plan before an engine runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimizer {
    /// Nothing.
    Off,
    /// Nothing, but the plan is written as OPA writes plans, and read again.
    Written,
    /// What the compiler does.
    On,
    /// The same, and functions are split wherever that is possible, as the compiler does with functions too large for engines.
    SmallFunctions,
}

impl Optimizer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Off, Self::Written, Self::On, Self::SmallFunctions];
}

/// The limits of [`Optimizer::SmallFunctions`].
const SMALL: Limits = Limits { function: 4, part: 12 };

/// What an element of a result set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Results {
    /// The bindings of a solution, as in OPA's plans of queries.
    Bindings,
    /// The bindings of a solution and the values of the statements: `{"bindings": {…}, "expressions": […]}`. A statement that is
    /// false is shown, but its solution is none.
    Solutions,
}

impl Planned {
    /// The bindings in a result set.
    #[must_use]
    pub fn bindings(&self, results: Vec<Value>) -> Vec<Value> {
        match self.results {
            Results::Bindings => results,
            Results::Solutions => results.into_iter().filter_map(bindings).collect(),
        }
    }

    /// Optimizes the plan on demand, and checks that it is one.
    ///
    /// # Errors
    /// What the plan breaks.
    pub fn finish(self, optimizer: Optimizer) -> Result<Self, String> {
        check(&self.program, "the planner")?;
        match optimizer {
            Optimizer::Off => return Ok(self),
            Optimizer::Written => {
                let program =
                    read_plan(&write_plan(&self.program, &self.sources)?).map_err(|error| error.to_string())?;
                check(&program, "the reader of plans")?;
                return Ok(Self { program, ..self });
            }
            Optimizer::On | Optimizer::SmallFunctions => {}
        }
        let mut program = optimize(self.program, &OptimizeOptions::default());
        check(&program, "the optimizer")?;
        if optimizer == Optimizer::SmallFunctions {
            split(&mut program, SMALL);
            check(&program, "splitting")?;
        }
        Ok(Self { program, ..self })
    }
}

/// The bindings of a solution; none when a statement is false.
fn bindings(mut solution: Value) -> Option<Value> {
    let expressions = solution.get("expressions").and_then(Value::as_array);
    if expressions.is_some_and(|values| values.contains(&Value::Bool(false))) {
        return None;
    }
    solution.get_mut("bindings").map(Value::take)
}

fn check(program: &Program, maker: &str) -> Result<(), String> {
    let violations = validate(program).err().unwrap_or_default();
    match violations.first() {
        None => Ok(()),
        Some(first) => Err(format!("{maker} made a plan that breaks {} rules, the first: {first}", violations.len())),
    }
}

/// Reads a plan of OPA's.
///
/// # Errors
/// When it is none, or breaks a rule of ours.
pub fn read_opa_plan(json: &Value, optimizer: Optimizer) -> Result<Planned, String> {
    let program = read_plan(json).map_err(|error| error.to_string())?;
    Planned { program, sources: SourceSet::new(), results: Results::Bindings }.finish(optimizer)
}

/// Builds a module and runs it in the runtime.
pub struct Module {
    runtime: Runtime,
    /// Where errors of host builtins end the decision.
    strict: Runtime,
}

impl Module {
    /// The engine.
    ///
    /// # Errors
    /// When the machine has no support for wasmtime.
    pub fn new(compilation: Compilation) -> Result<Self, Error> {
        let runtime = |strict| {
            let mut builder = Runtime::builder().effects(HarnessEffects::default).compilation(compilation);
            for builtin in CUSTOM_BUILTINS {
                builder = builder.builtin(builtin.name, |args| custom_builtin(builtin.name, args));
            }
            builder.strict_builtin_errors(strict).build()
        };
        Ok(Self { runtime: runtime(false)?, strict: runtime(true)? })
    }
}

fn run(runtime: &Runtime, module: &[u8], case: &EvaluationCase) -> Result<Vec<Value>, Error> {
    let policy = runtime.load(module)?;
    let Some(name) = policy.entrypoints().next().map(str::to_owned) else { return Ok(Vec::new()) };
    let entrypoint = policy.entrypoint(&name)?;
    let input = match &case.input {
        // The term may hold what JSON cannot; modules read value syntax.
        Some(text) => Input::from_checked_json(text.as_bytes()),
        None => Input::undefined(),
    };
    let data = Data::from_json(&case.data)?;
    let results = policy.instance_over(&data)?.evaluate_results(entrypoint, &input);
    if case.data != "{}" {
        // Data that instances share answer as data that an instance has read.
        let shared = policy.image(&data)?.instance()?.evaluate_results(entrypoint, &input);
        assert_eq!(shared, results, "over an image: {} with {}", case.query, case.data);
    }
    // Exponents are other texts behind `serde_json`.
    let has_exponent = |text: &&str| text.as_bytes().windows(2).any(|it| it[0].is_ascii_digit() && it[1] | 32 == b'e');
    let json = case.input.as_deref().filter(|text| !has_exponent(text));
    if let Some(Ok(input)) = json.map(serde_json::from_str::<Value>) {
        // And so do inputs that are no texts, asked once and again.
        let mut instance = policy.instance_over(&data)?;
        let mut held = instance.hold_value(&input)?;
        for _ in 0..2 {
            assert_eq!(held.evaluate_results(entrypoint), results, "as a value: {} with {input}", case.query);
        }
    }
    results
}

impl Engine for Module {
    fn name(&self) -> &'static str {
        "module"
    }

    fn answer(&self, planned: &Planned, case: &EvaluationCase) -> Result<Answer, String> {
        let module = generate(&planned.program, &planned.sources, &CodegenOptions::default());
        let module = module.map_err(|error| format!("no module: {error}"))?;
        match run(&self.runtime, &module, case) {
            Ok(results) => Ok(Answer::Results(planned.bindings(results))),
            Err(error) if error.kind() == ErrorKind::Evaluation => {
                let code = error.code().unwrap_or_default().to_owned();
                Ok(Answer::Error { code, message: error.message().to_owned() })
            }
            Err(error) => Err(error.to_string()),
        }
    }

    fn error(&self, planned: &Planned, case: &EvaluationCase, strict: bool) -> Result<Option<String>, String> {
        let options = CodegenOptions { strict_builtin_errors: strict, ..CodegenOptions::default() };
        let module = generate(&planned.program, &planned.sources, &options);
        let module = module.map_err(|error| format!("no module: {error}"))?;
        let runtime = if strict { &self.strict } else { &self.runtime };
        match run(runtime, &module, case) {
            Ok(results) => Ok(Some(format!("no error: {}", Value::from(results)))),
            Err(error) => Ok(Some(opa_text(&error, case))),
        }
    }
}

/// An error as OPA prints it: without the column. In a query, which is no file, it shows the expression instead of the place; here, what
/// the case wants to see there must begin at that place.
fn opa_text(error: &Error, case: &EvaluationCase) -> String {
    let text = format!("{}: {}", error.code().unwrap_or_default(), error.message());
    let Some(place) = error.location() else { return text };
    if place.file != QUERY_FILE {
        return format!("{}:{}: {text}", place.file, place.row);
    }
    let behind: String = case.query.chars().skip((place.col as usize).saturating_sub(1)).collect();
    let wanted = case.want_error.as_ref().map_or("", |want| want.text.as_str());
    match wanted.strip_suffix(text.as_str()).and_then(|shown| shown.strip_suffix(": ")) {
        Some(shown) if behind.starts_with(shown) => wanted.to_owned(),
        _ => format!("{behind}: {text}"),
    }
}

/// Interprets the plan.
pub struct Interpreter;

impl Engine for Interpreter {
    fn name(&self) -> &'static str {
        "interpreter"
    }

    fn answer(&self, planned: &Planned, case: &EvaluationCase) -> Result<Answer, String> {
        match interpreter::evaluate(&planned.program, &case.data, case.input.as_deref())? {
            Answer::Results(results) => Ok(Answer::Results(planned.bindings(results))),
            error @ Answer::Error { .. } => Ok(error),
        }
    }
}
