//! Calls the compiler with what was loaded.

use std::collections::BTreeSet;
use std::sync::Arc;

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::cost::Report;
use regoc_compiler::optimize::PASSES;
use regoc_compiler::plan::ir::{Constant, Probe};
use regoc_compiler::plan::opa::read_plan;
use regoc_compiler::plan::to_opa::write_plan;
use regoc_compiler::resolve::{BaseData, EntrypointSelection, TestRule, TestSelection};
use regoc_compiler::source::{Name, RegoVersion, SourceSet, Span};
use regoc_compiler::types::SchemaSet;
use regoc_compiler::{Coverage, CoverageMode, Options, QuerySource};
use serde_json::{Map, Value};

use crate::args::Language;
use crate::capabilities;
use crate::failure::Failure;
use crate::files::Loaded;
use crate::testing::result::Test;

/// What a command wants of the compiler.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// What the policy may use.
    pub(crate) capabilities: Arc<Capabilities>,
    /// Whether unused imports and variables and deprecated builtins are errors.
    pub(crate) strict: bool,
    /// Whether calls of `print` are kept.
    pub(crate) keep_print: bool,
    /// Whether the first error of a builtin ends a decision.
    pub(crate) strict_builtin_errors: bool,
    /// The documents that the module answers for.
    pub(crate) entrypoints: EntrypointSelection,
    /// Whether the data becomes part of the module.
    pub(crate) embed_data: bool,
    /// The data, if it is an error that rules define what it has.
    pub(crate) base_data: Option<BaseData>,
    /// A query to compile instead of entrypoints.
    pub(crate) query: Option<QueryText>,
    /// The schemas that types are checked against.
    pub(crate) schemas: Option<SchemaSet>,
    /// Whether the schemas of metadata count.
    pub(crate) schema_annotations: bool,
    /// Tests to compile instead of entrypoints.
    pub(crate) tests: Option<TestSelection>,
    /// Whether the module tells what of it runs.
    pub(crate) coverage: Option<CoverageMode>,
    /// Whether the module tells of the statements of tests.
    pub(crate) trace: bool,
    /// Whether to make declarations of TypeScript.
    pub(crate) typescript: bool,
    /// The names of optimizer passes to leave out.
    pub(crate) skip_passes: BTreeSet<String>,
}

/// A query with what its names are looked up in.
#[derive(Clone, Debug)]
pub(crate) struct QueryText {
    /// The query.
    pub(crate) text: String,
    /// How it is read.
    pub(crate) version: RegoVersion,
    /// The package that it is asked in.
    pub(crate) package: Option<String>,
    /// The imports that it can use.
    pub(crate) imports: Vec<String>,
}

impl QueryText {
    /// The text of a module that has the package and the imports.
    fn context(&self) -> Option<String> {
        if self.package.is_none() && self.imports.is_empty() {
            return None;
        }
        // Without a package, names are looked up in one that nobody has.
        let package = self.package.as_deref().unwrap_or("regoc_query_without_package");
        let package = package.strip_prefix("data.").unwrap_or(package);
        let imports: String = self.imports.iter().map(|import| format!("import {import}\n")).collect();
        Some(format!("package {package}\n{imports}"))
    }
}

/// A module with what a command needs to know of it.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// The names of its entrypoints.
    pub(crate) entrypoints: Vec<String>,
    /// The metadata of each of them, texts of JSON.
    pub(crate) annotations: Vec<Vec<String>>,
    /// The statements of the query, each with its row and column.
    pub(crate) statements: Vec<(String, u32, u32)>,
    /// The tests, each with its place.
    pub(crate) tests: Vec<Test>,
    /// What coverage counts.
    pub(crate) coverage: Coverage,
    /// The statements of tests that the module tells of.
    pub(crate) probes: Vec<Probe>,
    /// Declarations of TypeScript, if they were asked for.
    pub(crate) typescript: Option<String>,
    /// The texts, in which the places lie.
    pub(crate) sources: SourceSet,
}

impl Compiled {
    fn of(compiled: regoc_compiler::Compiled, sources: SourceSet) -> Self {
        let statement = |span: &Span| {
            let position = sources.position(*span);
            (sources.text(*span).to_owned(), position.row, position.col)
        };
        Self {
            wasm: compiled.module.wasm,
            entrypoints: compiled.plan.entrypoints.iter().map(|entrypoint| entrypoint.name.clone()).collect(),
            annotations: compiled.annotations,
            statements: compiled.captured.iter().map(statement).collect(),
            tests: compiled.tests.into_iter().map(|rule| placed(rule, &sources)).collect(),
            coverage: compiled.coverage,
            probes: compiled.plan.probes,
            typescript: compiled.typescript,
            sources,
        }
    }
}

impl Request {
    /// What the options of the language say, and nothing else.
    ///
    /// # Errors
    ///
    /// When the capabilities file cannot be read.
    pub(crate) fn new(language: &Language) -> Result<Self, Failure> {
        Ok(Self {
            capabilities: Arc::new(capabilities::load(language.capabilities.as_deref()).map_err(Failure::message)?),
            strict: language.strict,
            keep_print: false,
            strict_builtin_errors: false,
            entrypoints: EntrypointSelection::default(),
            embed_data: false,
            base_data: None,
            query: None,
            schemas: None,
            schema_annotations: false,
            tests: None,
            coverage: None,
            trace: false,
            typescript: false,
            skip_passes: BTreeSet::new(),
        })
    }
}

/// Says what is wrong with the policies.
///
/// # Errors
///
/// Everything that is wrong with them.
pub(crate) fn check(loaded: &Loaded, request: &Request) -> Result<(), Failure> {
    let options = options(request, &Map::new());
    let diagnostics = regoc_compiler::check(&loaded.sources, &options);
    if diagnostics.is_empty() { Ok(()) } else { Err(Failure::diagnostics(loaded.sources.clone(), diagnostics)) }
}

/// Says what the rules of the policies cost, with the texts in which its places lie.
///
/// # Errors
///
/// Everything that is wrong with the policies.
pub(crate) fn explain(loaded: &Loaded, request: &Request) -> Result<(Report, SourceSet), Failure> {
    let sources = sorted(&loaded.sources);
    match regoc_compiler::explain(&sources, &options(request, &loaded.data)) {
        Ok(report) => Ok((report, sources)),
        Err(diagnostics) => Err(Failure::diagnostics(sources, diagnostics)),
    }
}

/// Compiles what was loaded.
///
/// # Errors
///
/// Everything that is wrong with the policies or the query.
pub(crate) fn compile(loaded: Loaded, request: &Request) -> Result<Compiled, Failure> {
    let mut options = options(request, &loaded.data);
    if let Some((name, plan)) = loaded.plans.first() {
        let program = read_plan(plan).map_err(|error| Failure::message(format!("{name}: {error}")))?;
        let compiled = regoc_compiler::compile_plan(program, &options);
        return compiled
            .map(|compiled| Compiled::of(compiled, SourceSet::new()))
            .map_err(|diagnostics| Failure::diagnostics(SourceSet::new(), diagnostics));
    }
    let mut sources = sorted(&loaded.sources);
    options.query = request.query.as_ref().map(|query| QuerySource {
        // OPA gives the places in a query no file.
        file: sources.add("", query.text.as_str(), query.version),
        context: query.context().map(|text| sources.add("--package and --import", text, RegoVersion::V1)),
    });
    match regoc_compiler::compile(&sources, &options) {
        Ok(compiled) => Ok(Compiled::of(compiled, sources)),
        Err(diagnostics) => Err(Failure::diagnostics(sources, diagnostics)),
    }
}

/// Plans what was loaded, as OPA writes plans. A plan that was loaded is its own.
///
/// # Errors
///
/// Everything that is wrong with the policies.
pub(crate) fn plan(loaded: Loaded, request: &Request) -> Result<Value, Failure> {
    if let Some((_, plan)) = loaded.plans.into_iter().next() {
        return Ok(plan);
    }
    let sources = sorted(&loaded.sources);
    let mut options = options(request, &loaded.data);
    options.skip_passes = PASSES.iter().map(|pass| pass.name.to_owned()).collect();
    match regoc_compiler::compile_to_plan(&sources, &options) {
        Ok(program) => write_plan(&program, &sources).map_err(Failure::message),
        Err(diagnostics) => Err(Failure::diagnostics(sources, diagnostics)),
    }
}

/// A test with its place.
fn placed(rule: TestRule, sources: &SourceSet) -> Test {
    let position = sources.position(rule.span);
    Test { file: sources.get(rule.span.file).name.clone(), row: position.row, col: position.col, rule }
}

/// The same texts in the order of their names: the order in which they were given must not reach the module.
fn sorted(sources: &SourceSet) -> SourceSet {
    let mut texts: Vec<_> = sources.iter().map(|(_, source)| source).collect();
    texts.sort_by(|a, b| a.name.cmp(&b.name));
    let mut sorted = SourceSet::new();
    for source in texts {
        sorted.add(source.name.as_str(), source.text.as_str(), source.version);
    }
    sorted
}

fn options(request: &Request, data: &Map<String, Value>) -> Options {
    let mut entrypoints = request.entrypoints.clone();
    // Documents of the data may be asked for as rules may: tell which of those that are named there are.
    entrypoints.base_documents = entrypoints
        .names
        .iter()
        .map(|name| name.split('/').map(Name::from).collect::<Vec<_>>())
        .filter(|path| has(data, path))
        .collect();
    Options {
        capabilities: Arc::clone(&request.capabilities),
        strict: request.strict,
        keep_print: request.keep_print,
        strict_builtin_errors: request.strict_builtin_errors,
        entrypoints,
        base_data: request.base_data.clone(),
        schemas: request.schemas.clone(),
        schema_annotations: request.schema_annotations,
        tests: request.tests.clone(),
        coverage: request.coverage,
        trace: request.trace,
        typescript: request.typescript,
        skip_passes: request.skip_passes.clone(),
        embedded_data: request.embed_data.then(|| object(data)),
        query: None,
        guest_names: false,
    }
}

/// The data as what rules must not define. A value on the way to a path that is no object stands for all that would be below it.
pub(crate) fn base_data(data: Value) -> BaseData {
    BaseData::new(move |path| {
        let mut value = &data;
        for step in path {
            let Value::Object(entries) = value else { return true };
            let Some(next) = entries.get(&**step) else { return false };
            value = next;
        }
        true
    })
}

fn has(data: &Map<String, Value>, path: &[Name]) -> bool {
    match path.split_first() {
        None => true,
        Some((first, rest)) => match data.get(&**first) {
            Some(Value::Object(inner)) => has(inner, rest),
            found => found.is_some() && rest.is_empty(),
        },
    }
}

/// A JSON value as a constant of the plan.
fn constant(value: &Value) -> Constant {
    match value {
        Value::Null => Constant::Null,
        Value::Bool(value) => Constant::Boolean(*value),
        Value::Number(number) => Constant::Number(number.as_str().into()),
        Value::String(text) => Constant::String(text.as_str().into()),
        Value::Array(items) => Constant::Array(items.iter().map(constant).collect()),
        Value::Object(entries) => object(entries),
    }
}

fn object(entries: &Map<String, Value>) -> Constant {
    let mut entries: Vec<_> = entries.iter().collect();
    // OPA orders strings by their bytes.
    entries.sort_unstable_by_key(|(key, _)| *key);
    let entries = entries.into_iter().map(|(key, value)| (Constant::String(key.as_str().into()), constant(value)));
    Constant::Object(entries.collect())
}
