//! `regoc eval`: answers a query, or asks an entrypoint of a module.

use std::io::Read;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use regoc_compiler::plan::QUERY_ENTRYPOINT;
use regoc_runtime::{
    Compilation, Data, HttpClient, Input, Instance, Limits, Policy, Runtime, SystemEffects, is_precompiled,
};
use serde_json::{Map, Value};

use crate::args::{self, Ignore, Language, Schema};
use crate::compile::{self, Compiled, QueryText, Request};
use crate::failure::{Failure, Problem};
use crate::files::{self, Loaded, Loading};
use crate::output::{self, Expression, Format, Metrics, Solution};
use crate::{capabilities, json, render};

/// So many bytes of documents are much.
const MUCH: usize = 1 << 20;

/// How large an answer of `http.send` may be, in bytes.
const MAX_BODY: usize = 256 << 20;

/// Evaluate a query, or an entrypoint of a module
///
/// The answer goes to standard output, errors of evaluation too where the format is json. Exits with 2 on errors, and with 1
/// where --fail or --fail-defined say so.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// The query, such as 'data.example.violation'
    query: Option<String>,

    /// Read the query from standard input
    #[arg(long, conflicts_with_all = ["query", "stdin_input"])]
    stdin: bool,

    /// Ask this module, or that of this bundle with its data, instead of compiling a query
    #[arg(long, short, value_name = "FILE", conflicts_with_all = ["query", "stdin"])]
    wasm: Option<String>,

    /// The entrypoint of the module to ask, such as example/violation
    #[arg(long, short, value_name = "PATH", requires = "wasm")]
    entrypoint: Option<String>,

    /// Load policies and data from a file or folder; 'path.to:FILE' puts data below data.path.to
    #[arg(long, short, value_name = "PATH")]
    data: Vec<String>,

    /// Load a bundle: an archive, or a folder in the layout of one
    #[arg(long, short, value_name = "PATH")]
    bundle: Vec<String>,

    /// Read the input document from a file, JSON or YAML
    #[arg(long, short, value_name = "FILE", conflicts_with = "stdin_input")]
    input: Option<String>,

    /// Read the input document from standard input
    #[arg(long, short = 'I')]
    stdin_input: bool,

    /// How to write the answer
    #[arg(long, short, value_enum, default_value = "json")]
    format: Format,

    /// Cut cells of the table of --format pretty after so many characters
    #[arg(long, value_name = "COUNT", default_value_t = 80)]
    pretty_limit: usize,

    /// Exit with 1 if the answer is undefined or empty
    #[arg(long, conflicts_with = "fail_defined")]
    fail: bool,

    /// Exit with 1 if the answer is defined and not empty
    #[arg(long)]
    fail_defined: bool,

    /// Make the first error of a builtin an error, instead of undefined
    #[arg(long)]
    strict_builtin_errors: bool,

    /// Give up after a time, such as 500ms or 2s
    #[arg(long, value_name = "DURATION", value_parser = args::duration)]
    timeout: Option<Duration>,

    /// Give up when evaluation needs more memory than this, such as 256MiB
    #[arg(long, value_name = "SIZE", value_parser = args::bytes, default_value = "4GiB")]
    memory_limit: usize,

    /// Tell how long each step took
    #[arg(long)]
    metrics: bool,

    /// The package that the query is asked in
    #[arg(long, value_name = "PACKAGE")]
    package: Option<String>,

    /// An import that the query can use, such as data.lib
    #[arg(long = "import", value_name = "PATH")]
    imports: Vec<String>,

    #[command(flatten)]
    language: Language,

    #[command(flatten)]
    schema: Schema,

    #[command(flatten)]
    ignore: Ignore,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let failed = ExitCode::from(2);
    let input = match input_text(arguments) {
        Ok(input) => input,
        // OPA writes these to standard error whatever the format is.
        Err(message) => {
            render::show(&Failure::message(message));
            return failed;
        }
    };
    let mut metrics = Metrics::new();
    match evaluate(arguments, input.as_deref(), &mut metrics) {
        Ok(solutions) => {
            let metrics = arguments.metrics.then_some(&metrics);
            let written = super::print(&output::render(arguments.format, &solutions, metrics, arguments.pretty_limit));
            let fails = (arguments.fail && solutions.is_empty()) || (arguments.fail_defined && !solutions.is_empty());
            if fails { ExitCode::FAILURE } else { written }
        }
        Err(failure) => {
            if matches!(arguments.format, Format::Json | Format::Discard) {
                super::print(&render::to_json(&failure));
            } else {
                render::show(&failure);
            }
            failed
        }
    }
}

/// The text of the input document, as JSON.
fn input_text(arguments: &Arguments) -> Result<Option<String>, String> {
    let text = match &arguments.input {
        Some(path) => files::read_text(path)?,
        None if arguments.stdin_input => read_stdin()?,
        None => return Ok(None),
    };
    files::json_or_yaml(&text).map(Some).map_err(|error| format!("unable to parse input: {error}"))
}

fn read_stdin() -> Result<String, String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| format!("cannot read standard input: {error}"))?;
    Ok(text)
}

fn evaluate(arguments: &Arguments, input: Option<&str>, metrics: &mut Metrics) -> Result<Vec<Solution>, Failure> {
    let started = Instant::now();
    let mut loaded = Loaded::default();
    let loading = arguments.ignore.loading(arguments.language.version());
    for path in &arguments.data {
        loaded.load(path, &loading);
    }
    let known = loaded.problem_count();
    for path in &arguments.bundle {
        loaded.load_bundle(path, &loading);
    }
    loaded.explain(known, "loading error: ");
    let module = arguments.wasm.as_ref().map(|path| read_module(path, &mut loaded, &loading)).transpose()?;
    let mut loaded = loaded.finish()?;
    let documents = Value::Object(std::mem::take(&mut loaded.data));
    let data = Data::from_json(&json::compact(&documents))?;
    lap(metrics, "timer_rego_load_files_ns", started);
    // Documents of this size are read sooner by code that takes longer to make.
    let is_much = data.size() + input.as_ref().map_or(0, |text| text.len()) > MUCH;
    let compilation = if is_much { Compilation::Optimized } else { Compilation::Baseline };
    let input = match input {
        Some(text) => Input::from_checked_json(text.as_bytes()),
        None => Input::undefined(),
    };
    match module {
        Some(module) => {
            let mut instance = instance(arguments, &module, &data, compilation, started, metrics)?;
            ask_entrypoint(arguments, &mut instance, &input, metrics)
        }
        None => {
            loaded.check_rego()?;
            let mut request = request(arguments)?;
            request.base_data = Some(compile::base_data(documents));
            let compiling = Instant::now();
            let compiled = compile::compile(loaded, &request)?;
            lap(metrics, "timer_rego_query_compile_ns", compiling);
            let mut instance = instance(arguments, &compiled.wasm, &data, compilation, started, metrics)?;
            ask_query(&compiled, &mut instance, &input, metrics)
        }
    }
}

/// The module of a file, or of a bundle, whose data is loaded then.
fn read_module(path: &str, loaded: &mut Loaded, loading: &Loading) -> Result<Vec<u8>, Failure> {
    if let Some(policy) = loaded.policies.first() {
        let name = &loaded.sources.get(policy.file).name;
        let message = format!("{name}: --wasm evaluates a module that was built; --data can only give it data");
        return Err(Failure::message(message));
    }
    let bytes =
        std::fs::read(path).map_err(|error| Failure::message(format!("open {path}: {}", files::reason(&error))))?;
    if !path.ends_with(".tar.gz") {
        return Ok(bytes);
    }
    loaded.add_archive(path, &bytes, loading);
    let modules = loaded.bundles.pop().map(|bundle| bundle.modules);
    // A bundle that could not be read is a problem of its own.
    match modules.map(|modules| modules.into_iter().next()) {
        Some(Some(module)) => Ok(module.bytes),
        Some(None) => Err(Failure::message(format!("bundle {path} holds no module"))),
        None => Ok(Vec::new()),
    }
}

fn request(arguments: &Arguments) -> Result<Request, Failure> {
    let text = match &arguments.query {
        Some(query) => query.clone(),
        None if arguments.stdin => read_stdin().map_err(Failure::message)?,
        None => return Err(Failure::message("specify a query, --stdin, or --wasm")),
    };
    let query = QueryText {
        text,
        version: arguments.language.version(),
        package: arguments.package.clone(),
        imports: arguments.imports.clone(),
    };
    Ok(Request {
        keep_print: true,
        strict_builtin_errors: arguments.strict_builtin_errors,
        query: Some(query),
        ..arguments.schema.add_to(Request::new(&arguments.language)?)?
    })
}

#[expect(unsafe_code, reason = "code of a file")]
fn load_precompiled(runtime: &Runtime, file: &[u8]) -> Result<Policy, regoc_runtime::Error> {
    // SAFETY: `regoc build --aot` made it, if it is what it says; the user names it to be run, as one names a program.
    unsafe { runtime.load_precompiled(file) }
}

/// Loads a module with what is left of the time.
fn instance(
    arguments: &Arguments,
    module: &[u8],
    data: &Data,
    compilation: Compilation,
    started: Instant,
    metrics: &mut Metrics,
) -> Result<Instance, Failure> {
    let loading = Instant::now();
    let limits = Limits {
        memory: arguments.memory_limit,
        time: arguments.timeout.filter(|time| !time.is_zero()).map(|time| time.saturating_sub(started.elapsed())),
    };
    let capabilities = capabilities::load(arguments.language.capabilities.as_deref()).map_err(Failure::message)?;
    // As `opa eval`, which keeps nothing between decisions: there is one.
    let http =
        HttpClient::builder().cache_between_decisions(false).max_body(MAX_BODY.min(arguments.memory_limit)).build();
    let mut builder = Runtime::builder()
        .limits(limits)
        .compilation(compilation)
        .effects(move || SystemEffects::with_runtime_info(runtime_info()).with_http(http.clone()))
        .strict_builtin_errors(arguments.strict_builtin_errors);
    if let Some(hosts) = capabilities.allow_net {
        builder = builder.allow_net(hosts);
    }
    let runtime = builder.build()?;
    let policy = if is_precompiled(module) { load_precompiled(&runtime, module)? } else { runtime.load(module)? };
    let instance = policy.instance_over(data)?;
    lap(metrics, "timer_regoc_module_load_ns", loading);
    Ok(instance)
}

/// What `opa.runtime` answers: the environment and the version, as `opa eval` gives it.
pub(crate) fn runtime_info() -> regoc_runtime::Value {
    let environment = std::env::vars_os().map(|(name, value)| {
        (name.to_string_lossy().into_owned(), regoc_runtime::Value::from(value.to_string_lossy().into_owned()))
    });
    regoc_runtime::Value::object([
        ("authorization_enabled", regoc_runtime::Value::from(false)),
        ("commit", regoc_runtime::Value::from("")),
        ("env", regoc_runtime::Value::object(environment)),
        ("skip_known_schema_check", regoc_runtime::Value::from(false)),
        ("version", regoc_runtime::Value::from(super::version::OPA_VERSION)),
    ])
}

fn ask_entrypoint(
    arguments: &Arguments,
    instance: &mut Instance,
    input: &Input<'_>,
    metrics: &mut Metrics,
) -> Result<Vec<Solution>, Failure> {
    let policy = instance.policy();
    let name = match (&arguments.entrypoint, policy.entrypoints().collect::<Vec<_>>().as_slice()) {
        (Some(name), _) => name.clone(),
        (None, [only]) => (*only).to_owned(),
        (None, several) => {
            let message = format!("the module has {} entrypoints; choose one with --entrypoint: ", several.len());
            return Err(Failure::message(message + &several.join(", ")));
        }
    };
    let entrypoint = policy.entrypoint(&name)?;
    let evaluating = Instant::now();
    let decision = instance.evaluate(entrypoint, input)?;
    lap(metrics, "timer_rego_query_eval_ns", evaluating);
    let text = format!("data.{}", name.replace('/', "."));
    let solution =
        |value| Solution { expressions: vec![Expression { value, text, row: 1, col: 1 }], bindings: Map::new() };
    Ok(decision.into_value().map(solution).into_iter().collect())
}

fn ask_query(
    compiled: &Compiled,
    instance: &mut Instance,
    input: &Input<'_>,
    metrics: &mut Metrics,
) -> Result<Vec<Solution>, Failure> {
    let entrypoint = instance.policy().entrypoint(QUERY_ENTRYPOINT)?;
    let evaluating = Instant::now();
    let results = instance.evaluate_results(entrypoint, input)?;
    lap(metrics, "timer_rego_query_eval_ns", evaluating);
    results
        .into_iter()
        .map(|result| {
            solution(compiled, result)
                .ok_or_else(|| Problem::Message("the query gave no solutions but something else".to_owned()).into())
        })
        .collect()
}

/// Takes a solution apart: an object with the variables and the values of the statements.
fn solution(compiled: &Compiled, result: Value) -> Option<Solution> {
    let Value::Object(mut result) = result else { return None };
    let (Value::Object(bindings), Value::Array(values)) =
        (result.swap_remove("bindings")?, result.swap_remove("expressions")?)
    else {
        return None;
    };
    let statements = values.into_iter().zip(&compiled.statements);
    let expressions = statements
        .map(|(value, (text, row, col))| Expression { value, text: text.clone(), row: *row, col: *col })
        .collect();
    Some(Solution { expressions, bindings })
}

/// Notes how long a step took.
fn lap(metrics: &mut Metrics, name: &'static str, since: Instant) {
    metrics.push((name, u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)));
}
