//! The pipeline: texts in, a module or diagnostics out. Holds no phase's logic.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::capabilities::Capabilities;
use crate::codegen::{CodegenOptions, Generated, generate_with_sizes};
use crate::cost::{Parameters, Report};
use crate::countable::Countable;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Program, TermKind};
use crate::optimize::{INLINE_LIBRARY, INPUT_SHAPES, OptimizeOptions, explain as explain_plan, optimize};
use crate::plan::build::{CoverageOptions, PlanOptions, build};
use crate::plan::embed::embed;
use crate::plan::ir;
use crate::plan::validate::validate;
use crate::resolve::{
    BaseData, EntrypointSelection, QueryInput, ResolveOptions, TestRule, TestSelection, find_tests, metadata_faults,
    resolve_leniently,
};
use crate::source::{FileId, RegoVersion, SourceSet, Span};
use crate::syntax::{ParseOptions, ast, parse_module, parse_query};
use crate::types;

/// What to compile for, and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the policy may use.
    pub capabilities: Arc<Capabilities>,
    /// Whether unused imports and variables and deprecated builtins are errors (`--strict`).
    pub strict: bool,
    /// Whether `print` calls are kept; the host must then answer `internal.print`.
    pub keep_print: bool,
    /// Whether the first failure of a builtin ends a decision; otherwise the call is undefined.
    pub strict_builtin_errors: bool,
    /// The documents that the module answers for. With neither names nor annotations, each package and each of its rules.
    pub entrypoints: EntrypointSelection,
    /// An ad hoc query; the module then answers for it alone.
    pub query: Option<QuerySource>,
    /// Whether the module tells its host what of it runs, and how that is counted.
    pub coverage: Option<CoverageMode>,
    /// Whether the module tells its host of each statement of a test before it is tried.
    pub trace: bool,
    /// Which test rules to run, if that is what the module is for; it then answers for them alone.
    pub tests: Option<TestSelection>,
    /// A base document that the module carries; what the host passes is laid over it.
    pub embedded_data: Option<ir::Constant>,
    /// The base data, if it is an error that rules define what it has.
    pub base_data: Option<BaseData>,
    /// JSON Schemas that types are checked against (`--schema`); none: only those that stand in metadata.
    pub schemas: Option<types::SchemaSet>,
    /// Whether the schemas of metadata count; OPA looks at them when it checks, evaluates and tests, not when it builds.
    pub schema_annotations: bool,
    /// Whether to make declarations of TypeScript for the entrypoints.
    pub typescript: bool,
    /// Names of optimizer passes to leave out; see [`crate::optimize::PASSES`].
    pub skip_passes: BTreeSet<String>,
    /// Whether the name section names the functions of the guest library too.
    pub guest_names: bool,
}

/// An ad hoc query. Its texts are files of the source set, but no modules.
#[derive(Clone, Copy, Debug)]
pub struct QuerySource {
    /// The query.
    pub file: FileId,
    /// What its names are resolved against: a text with a package clause and imports; none: full paths only.
    pub context: Option<FileId>,
}

/// A compiled policy.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The module and what takes how many bytes in it.
    pub module: Generated,
    /// The plan that it was made from.
    pub plan: ir::Program,
    /// The statements of the query, in the order of the values that each of its results shows.
    pub captured: Vec<Span>,
    /// The tests that were chosen, in the order of files and lines. Those that run are entrypoints, in the same order.
    pub tests: Vec<TestRule>,
    /// What coverage counts, if the module tells of it.
    pub coverage: Coverage,
    /// Declarations of TypeScript for the entrypoints, if they were asked for ([`types::declarations`]).
    pub typescript: Option<String>,
    /// The metadata of each entrypoint, texts of JSON, in the order of the entrypoints; none for a plan that came from elsewhere.
    pub annotations: Vec<Vec<String>>,
}

/// How coverage is counted: as OPA's evaluator runs, or without one of the two things that make it leave out statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverageMode {
    /// As OPA runs.
    Plain,
    /// Rules that the rule index rules out run, too.
    WithoutIndex,
    /// Documents do not end at their first value.
    WithoutEarlyExit,
}

/// What coverage counts.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// The places that the module tells of, by number ([`crate::plan::build::COVERED`]).
    pub told: Vec<Span>,
    /// The heads of rules and the statements of the text, those in other statements included.
    pub countable: Vec<Span>,
}

/// Compiles the modules of a source set.
///
/// # Errors
/// Everything that is wrong with them, as far as OPA would report it together.
pub fn compile(sources: &SourceSet, options: &Options) -> Result<Compiled, Vec<Diagnostic>> {
    let Checked { program, tests, countable } = resolve_and_check(sources, options)?;
    let captured = program.query.iter().flat_map(|query| &query.values).map(|value| value.span).collect();
    let typescript = options.typescript.then(|| {
        // Metadata counts here even where it does not when types are checked: nothing is refused because of it.
        let schemas = options.schemas.clone();
        types::declarations(&program, sources, &types::TypeOptions { schemas, annotations: true, calls_fit: true })
    });
    let annotations = program.entrypoints.iter().map(|entrypoint| entrypoint.annotations.clone()).collect();
    let compiled = generated(plan_of(program, &countable, options)?, sources, captured, options)?;
    let coverage = Coverage { told: compiled.plan.places.clone(), countable: countable.places };
    Ok(Compiled { tests, coverage, typescript, annotations, ..compiled })
}

/// Compiles a plan that comes from elsewhere, see [`crate::plan::opa`], to a module for its entrypoints: those that the options name, or
/// all. Of the options, those that concern Rego mean nothing here.
///
/// # Errors
/// When it is no plan that can be run, or has not the entrypoints that are asked for.
pub fn compile_plan(mut plan: ir::Program, options: &Options) -> Result<Compiled, Vec<Diagnostic>> {
    let refused = |message: String| vec![Diagnostic::without_place(Code::Compile, message)];
    if let Some(first) = validate(&plan).err().unwrap_or_default().first() {
        return Err(refused(format!("the plan cannot be run: {first}")));
    }
    let names = &options.entrypoints.names;
    let known: Vec<&str> = plan.entrypoints.iter().map(|entrypoint| entrypoint.name.as_str()).collect();
    if let Some(missing) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(refused(format!("the plan has no entrypoint {missing}: it has {}", known.join(", "))));
    }
    if !names.is_empty() {
        plan.entrypoints.retain(|entrypoint| names.contains(&entrypoint.name));
    }
    let plan = optimize(embedded(plan, options), &OptimizeOptions { skip: options.skip_passes.clone() });
    generated(plan, &SourceSet::new(), Vec::new(), options)
}

fn generated(
    plan: ir::Program,
    sources: &SourceSet,
    captured: Vec<Span>,
    options: &Options,
) -> Result<Compiled, Vec<Diagnostic>> {
    let codegen = CodegenOptions {
        strict_builtin_errors: options.strict_builtin_errors,
        guest_names: options.guest_names,
        whole_input: options.skip_passes.contains(INPUT_SHAPES),
        keep_calls: options.skip_passes.contains(INLINE_LIBRARY),
    };
    match generate_with_sizes(&plan, sources, &codegen) {
        Ok(module) => {
            let coverage = Coverage::default();
            let (tests, annotations) = (Vec::new(), Vec::new());
            Ok(Compiled { module, plan, captured, tests, coverage, typescript: None, annotations })
        }
        Err(error) => Err(vec![Diagnostic::without_place(Code::Compile, error.to_string())]),
    }
}

/// Compiles up to the optimized plan.
///
/// # Errors
/// See [`compile`].
pub fn plan(sources: &SourceSet, options: &Options) -> Result<ir::Program, Vec<Diagnostic>> {
    let Checked { program, countable, .. } = resolve_and_check(sources, options)?;
    plan_of(program, &countable, options)
}

/// Says what the rules of a policy cost as its documents grow, see [`Report`]. All passes count as on.
///
/// # Errors
/// See [`compile`].
pub fn explain(sources: &SourceSet, options: &Options) -> Result<Report, Vec<Diagnostic>> {
    let Checked { program, countable, .. } = resolve_and_check(sources, options)?;
    let parameters = parameters(&program);
    let (plan, notes) = explain_plan(built(program, &countable, options)?);
    Ok(Report::of(&plan, &notes, &parameters, sources))
}

/// The names of the parameters of functions, by the places of their rules.
fn parameters(program: &Program) -> Parameters {
    let mut found = Parameters::new();
    for rule in program.rules.iter().filter(|rule| !rule.params.is_empty()) {
        let name = |kind: &TermKind| match kind {
            TermKind::Local(local) => rule.locals[*local].name.as_ref().map(|name| name.to_string()),
            _ => None,
        };
        let names: Vec<_> = rule.params.iter().map(|param| name(&param.kind)).collect();
        for span in rule.branches.iter().map(|branch| branch.span).chain([rule.span]) {
            found.insert(span, names.clone());
        }
    }
    found
}

fn plan_of(program: Program, countable: &Countable, options: &Options) -> Result<ir::Program, Vec<Diagnostic>> {
    let plan = built(program, countable, options)?;
    Ok(optimize(plan, &OptimizeOptions { skip: options.skip_passes.clone() }))
}

/// The plan as it is before the passes.
fn built(program: Program, countable: &Countable, options: &Options) -> Result<ir::Program, Vec<Diagnostic>> {
    let coverage = options.coverage.map(|mode| CoverageOptions {
        heads: countable.heads.clone(),
        without_index: mode == CoverageMode::WithoutIndex,
        without_early_exit: mode == CoverageMode::WithoutEarlyExit,
    });
    // No phase sees the tree of an earlier one: it is gone before the next one begins.
    Ok(embedded(build(&program, &PlanOptions { coverage, trace: options.trace })?, options))
}

fn embedded(mut plan: ir::Program, options: &Options) -> ir::Program {
    if let Some(document) = &options.embedded_data {
        embed(&mut plan, document.clone());
    }
    plan
}

/// Checks the modules of a source set without making anything.
#[must_use]
pub fn check(sources: &SourceSet, options: &Options) -> Vec<Diagnostic> {
    resolve_and_check(sources, options).err().unwrap_or_default()
}

/// A program without errors.
struct Checked {
    program: Program,
    tests: Vec<TestRule>,
    countable: Countable,
}

fn resolve_and_check(sources: &SourceSet, options: &Options) -> Result<Checked, Vec<Diagnostic>> {
    let mut parsed = Parsed::new(sources, options)?;
    let mut modules = std::mem::take(&mut parsed.modules);
    let mut entrypoints = options.entrypoints.clone();
    let mut tests = Vec::new();
    if let Some(selection) = &options.tests {
        tests = find_tests(sources, &mut modules, selection);
        entrypoints.tests = Some(tests.iter().filter(|test| test.runs()).map(|test| test.path.clone()).collect());
    }
    let countable = match options.coverage {
        Some(_) => Countable::of(&modules),
        None => Countable::default(),
    };
    let resolve_options = ResolveOptions {
        capabilities: &options.capabilities,
        strict: options.strict,
        keep_print: options.keep_print,
        entrypoints,
        base_data: options.base_data.clone(),
    };
    let resolution = resolve_leniently(sources, modules, parsed.query(options), &resolve_options)?;
    let type_options = types::TypeOptions {
        schemas: options.schemas.clone(),
        annotations: options.schema_annotations,
        calls_fit: !resolution.arity_differs,
    };
    let mut diagnostics = resolution.diagnostics;
    diagnostics.extend(types::check(&resolution.program, sources, &type_options));
    diagnostics.sort_by(|a, b| (a.span, a.code.as_str(), &a.message).cmp(&(b.span, b.code.as_str(), &b.message)));
    if diagnostics.is_empty() {
        Ok(Checked { program: resolution.program, tests, countable })
    } else {
        Err(diagnostics)
    }
}

/// The trees of all texts.
struct Parsed {
    modules: Vec<(FileId, ast::Module)>,
    query: Option<ast::Body>,
    context: Option<ast::Module>,
}

impl Parsed {
    fn new(sources: &SourceSet, options: &Options) -> Result<Self, Vec<Diagnostic>> {
        let parse = ParseOptions { capabilities: &options.capabilities };
        let mut diagnostics = Vec::new();
        let mut parsed = Self { modules: Vec::new(), query: None, context: None };
        for (file, _) in sources.iter() {
            if options.query.is_some_and(|query| query.file == file) {
                let (body, errors) = parse_query(sources, file, RegoVersion::V1, &parse);
                parsed.query = body;
                diagnostics.extend(errors);
                continue;
            }
            let (module, mut errors) = parse_module(sources, file, &parse);
            if let Some(module) = &module {
                // What is wrong with metadata OPA finds before what is wrong with rules as a whole, and behind what cannot be read.
                let mut faults = metadata_faults(sources, module);
                if !module.is_complete {
                    errors.append(&mut faults);
                } else if !faults.is_empty() {
                    errors = faults;
                }
            }
            diagnostics.extend(errors);
            if options.query.is_some_and(|query| query.context == Some(file)) {
                parsed.context = module;
            } else {
                parsed.modules.extend(module.map(|module| (file, module)));
            }
        }
        if diagnostics.is_empty() { Ok(parsed) } else { Err(diagnostics) }
    }

    fn query(&self, options: &Options) -> Option<QueryInput<'_>> {
        let source = options.query?;
        let context = self.context.as_ref();
        Some(QueryInput {
            file: source.file,
            body: self.query.as_ref()?,
            package: context.map(|module| &module.package),
            imports: context.map_or(&[], |module| &module.imports),
        })
    }
}
