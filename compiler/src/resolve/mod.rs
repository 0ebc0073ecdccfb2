//! From the trees of all files to the resolved tree: imports, names, conflicts, safety, recursion.
//!
//! The stages are those of OPA's compiler up to type checking, so that the same texts give the same errors together. Emits no
//! plan, evaluates nothing, and keeps no name as an identity: what leaves here is in typed ids.

mod builtins;
mod conflicts;
mod declared;
mod entrypoints;
mod finish;
mod head;
mod imports;
mod lower;
mod metadata;
mod prune;
mod recursion;
mod safety;
mod stage;
mod test_rules;
mod text;
mod tree;

use crate::capabilities::Capabilities;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Name, Program, Rule, RuleId, RuleSetId};
use crate::index::IndexVec;
use crate::source::{FileId, RegoVersion, SourceSet, Span};
use crate::syntax::ast;

pub use conflicts::BaseData;
use head::Shape;
use imports::Globals;
use lower::{Captures, Lowerer, Unit};
use metadata::Metadata;
pub use metadata::metadata_faults;
pub use prune::{documents, prune};
use stage::{Reports, Stage};
pub(crate) use test_rules::find as find_tests;
pub use test_rules::{TestKind, TestRule, TestSelection};
use tree::{KeyTree, RuleSource};

/// Which documents the module answers for.
#[derive(Clone, Debug, Default)]
pub struct EntrypointSelection {
    /// Paths such as `example/violation`; `pkg/*` stands for the rules of a package.
    pub names: Vec<String>,
    /// Whether rules and packages with `entrypoint: true` in their metadata are taken too.
    pub annotated: bool,
    /// Whether the documents whose rules need one of these are taken too: where the module stands for the rules of its entrypoints, as in
    /// OPA's bundles, whoever asks cannot evaluate what needs them with another input.
    pub dependents: bool,
    /// The paths of the base documents that are known: they may be named, too.
    pub base_documents: Vec<Vec<Name>>,
    /// The paths of the test rules to run: the module answers for exactly them, and those with cases tell the host of each
    /// (`internal.test_case`).
    pub tests: Option<Vec<Vec<Name>>>,
}

/// What to resolve for, and how strictly.
#[derive(Clone, Debug)]
pub struct ResolveOptions<'a> {
    /// What the policy may use.
    pub capabilities: &'a Capabilities,
    /// Whether unused imports and variables and deprecated builtins are errors.
    pub strict: bool,
    /// Whether `print` calls are kept.
    pub keep_print: bool,
    /// The documents that the module answers for. With neither names nor annotations, each package and each of its rules.
    pub entrypoints: EntrypointSelection,
    /// The base data, if rules must not define what it has.
    pub base_data: Option<BaseData>,
}

/// An ad hoc query with what its names are resolved against.
#[derive(Clone, Copy, Debug)]
pub struct QueryInput<'a> {
    /// The file of the query in the source set.
    pub file: FileId,
    /// The query.
    pub body: &'a ast::Body,
    /// The package whose rules can be named without a path; none: full paths only.
    pub package: Option<&'a ast::Package>,
    /// The imports.
    pub imports: &'a [ast::Import],
}

/// A resolved program with what is wrong in it although it could be resolved.
#[derive(Debug)]
pub struct Resolution {
    /// The program.
    pub program: Program,
    /// Violations that do not keep types from being checked: OPA reports those of both together.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether some call has another count of arguments than what it calls takes. OPA then reports nothing that comes later, so
    /// that bodies are not ordered and nothing but these calls is worth checking. Their arguments all stand among the arguments.
    pub arity_differs: bool,
}

/// Resolves the modules, and the query if there is one.
///
/// # Errors
/// All violations, as far as OPA reports them without looking at types.
pub fn resolve(
    sources: &SourceSet,
    modules: Vec<(FileId, ast::Module)>,
    query: Option<QueryInput<'_>>,
    options: &ResolveOptions<'_>,
) -> Result<Program, Vec<Diagnostic>> {
    let resolution = resolve_leniently(sources, modules, query, options)?;
    if resolution.diagnostics.is_empty() { Ok(resolution.program) } else { Err(resolution.diagnostics) }
}

/// Resolves the modules, and the query if there is one, and keeps the violations that let types be checked. The modules are
/// taken over, so that their memory is free again as soon as they are lowered.
///
/// # Errors
/// All violations that OPA reports together, when they leave nothing to check types in.
pub fn resolve_leniently(
    sources: &SourceSet,
    modules: Vec<(FileId, ast::Module)>,
    query: Option<QueryInput<'_>>,
    options: &ResolveOptions<'_>,
) -> Result<Resolution, Vec<Diagnostic>> {
    let mut reports = Reports::default();
    let lowered = lower(sources, &modules, query, options, &mut reports);
    drop(modules);
    let Lowered { mut program, unplaced, packages, metadata, captures, arity_differs } = lowered;
    let undeclared = safety::undeclared::check(&program, &unplaced);
    drop(unplaced);
    reports.fatal_all(Stage::Templates, undeclared.templates);
    reports.fatal_all(Stage::PrintCalls, undeclared.prints);
    if reports.is_fatal_before(Stage::Safety) {
        return Err(reports.into_diagnostics(sources));
    }
    if arity_differs {
        reports.forget(Stage::Safety);
        return Ok(Resolution { program, diagnostics: reports.into_diagnostics(sources), arity_differs });
    }
    let mut found = Vec::new();
    safety::check_and_order(&mut program, sources, &mut found);
    reports.fatal_all(Stage::Safety, std::mem::take(&mut found));
    if reports.is_fatal() {
        return Err(reports.into_diagnostics(sources));
    }
    if let (Some(captures), Some(query)) = (&captures, &mut program.query) {
        captures.show(query);
    }
    recursion::check(&program, &mut found);
    finish::rewrite(&mut program);
    reports.fatal_all(Stage::Recursion, std::mem::take(&mut found));
    let packages = packages.into_iter().collect();
    program.entrypoints = entrypoints::choose(&program, packages, &options.entrypoints, &metadata, &mut found);
    reports.fatal_all(Stage::Recursion, found);
    if reports.is_fatal() {
        return Err(reports.into_diagnostics(sources));
    }
    Ok(Resolution { program, diagnostics: reports.into_diagnostics(sources), arity_differs })
}

/// What is left of the trees of all files.
struct Lowered {
    program: Program,
    /// The rules that conflict with others and have no place. What is wrong in their texts is reported before that.
    unplaced: Vec<Rule>,
    /// The path of each package.
    packages: Vec<Vec<Name>>,
    metadata: Metadata,
    captures: Option<Captures>,
    arity_differs: bool,
}

/// The stages that look at the trees of the files.
fn lower(
    sources: &SourceSet,
    modules: &[(FileId, ast::Module)],
    query: Option<QueryInput<'_>>,
    options: &ResolveOptions<'_>,
    reports: &mut Reports,
) -> Lowered {
    let mut modules: Vec<(FileId, &ast::Module)> = modules.iter().map(|(file, module)| (*file, module)).collect();
    // The order of files must not matter.
    modules.sort_by(|(a, _), (b, _)| sources.get(*a).name.cmp(&sources.get(*b).name));
    let packages: Vec<Vec<Name>> = modules.iter().map(|(_, module)| imports::package_path(&module.package)).collect();
    let rules = rule_sources(sources, &modules, &packages);
    check_modules(&modules, &rules, options.strict, reports);
    let mut tree = KeyTree::build(&modules, &rules);
    let mut program = Program::default();
    tree.fill(&mut program, &rules);
    let base_data = options.base_data.as_ref();
    conflicts::Conflicts { sources, modules: &modules, rules: &rules, tree: &tree, base_data }.check(reports);
    let metadata = Metadata::read(sources, &modules, &rules, reports);
    let (captures, unplaced, arity_differs) =
        lower_all(&mut program, &modules, &rules, &tree, &metadata, query, options, reports);
    if !metadata.is_empty() {
        let schemas = rules.enumerate().map(|(id, source)| (id, metadata.schemas(source)));
        program.schemas = schemas.filter(|(_, schemas)| !schemas.is_empty()).collect();
    }
    Lowered { program, unplaced, packages, metadata, captures, arity_differs }
}

/// Whether a file must be valid in Rego v1.
fn is_v1(module: &ast::Module) -> bool {
    !matches!(module.version, RegoVersion::V0)
}

/// The rules of all modules, each body of a chain for itself.
fn rule_sources<'a>(
    sources: &SourceSet,
    modules: &[(FileId, &'a ast::Module)],
    packages: &'a [Vec<Name>],
) -> IndexVec<RuleId, RuleSource<'a>> {
    let mut rules = IndexVec::with_capacity(modules.iter().map(|(_, module)| module.rules.len()).sum());
    for (module_index, (file, module)) in modules.iter().enumerate() {
        for (index, rule) in module.rules.iter().enumerate() {
            let shape = Shape::of(rule);
            let package = &packages[module_index];
            let source = |chained, shape, span| RuleSource {
                file: *file,
                module: module_index,
                package,
                rule,
                index,
                chained,
                shape,
                span,
            };
            let chained = rule
                .chained
                .iter()
                .enumerate()
                .map(|(chained, body)| source(Some(chained), shape.clone(), brace_before(sources, body.span)));
            let chained: Vec<_> = chained.collect();
            rules.push(source(None, shape, rule.span));
            for source in chained {
                rules.push(source);
            }
        }
    }
    rules
}

/// The place of a chained body: OPA's begins at the brace.
fn brace_before(sources: &SourceSet, body: Span) -> Span {
    let before = sources.get(body.file).text.get(..body.start as usize).unwrap_or_default();
    let start = before.rfind('{').map_or(body.start, |at| at as u32);
    Span { start, ..body }
}

/// The checks that look at heads and imports alone.
fn check_modules(
    modules: &[(FileId, &ast::Module)],
    rules: &IndexVec<RuleId, RuleSource<'_>>,
    strict: bool,
    reports: &mut Reports,
) {
    for (_, module) in modules.iter().filter(|(_, module)| strict || is_v1(module)) {
        imports::check_duplicates(module, reports);
    }
    for rule in rules.iter().filter(|rule| strict || is_v1(modules[rule.module].1)) {
        if let Some(name) = rule.shape.name().filter(|name| matches!(&***name, "input" | "data")) {
            let message = format!("rules must not shadow {name} (use a different rule name)");
            reports.recoverable(Stage::RootOverrides, Diagnostic::new(Code::Compile, rule.span, message));
        }
        for param in rule.shape.params {
            if let ast::TermKind::Var(name) = &param.kind
                && matches!(&**name, "input" | "data")
            {
                let message = format!("args must not shadow {name} (use a different variable name)");
                reports.recoverable(Stage::RootOverrides, Diagnostic::new(Code::Compile, param.span, message));
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the whole state of resolution, used once")]
fn lower_all(
    program: &mut Program,
    modules: &[(FileId, &ast::Module)],
    rules: &IndexVec<RuleId, RuleSource<'_>>,
    tree: &KeyTree,
    metadata: &Metadata,
    query: Option<QueryInput<'_>>,
    options: &ResolveOptions<'_>,
    reports: &mut Reports,
) -> (Option<Captures>, Vec<Rule>, bool) {
    let exports = imports::exports(modules, rules);
    let globals: Vec<Globals> = modules
        .iter()
        .map(|(_, module)| Globals::new(Some(imports::package_path(&module.package)), &module.imports, &exports))
        .collect();
    let query_globals = Globals::new(
        query.and_then(|query| query.package).map(imports::package_path),
        query.map(|query| query.imports).unwrap_or_default(),
        &exports,
    );
    let unit = Unit {
        capabilities: options.capabilities,
        strict: options.strict,
        keep_print: options.keep_print,
        test_cases: options.entrypoints.tests.is_some(),
        tree,
        sources: rules,
        sets: &program.sets,
        metadata,
        no_globals: Globals::new(None, &[], &exports),
    };
    let mut lowered = IndexVec::with_capacity(rules.len());
    let mut lowerer = Lowerer::new(&unit, &query_globals, reports);
    let (mut entered, mut unplaced) = (None, Vec::new());
    for (id, source) in rules.enumerate() {
        if entered != Some(source.module) {
            let (_, module) = modules[source.module];
            lowerer.enter_file(&globals[source.module], imports::imports_new_not(&module.imports), is_v1(module));
            entered = Some(source.module);
        }
        let package = modules[source.module].1.package.path.len();
        match tree.set_of(id) {
            Some(set) => {
                let ground = program.tree.path(program.sets[set].node);
                lowered.push(lowerer.rule(id, set, &ground, package));
            }
            None => unplaced.push(lowerer.rule(id, RuleSetId(0), &[], package)),
        }
    }
    let parts = query.map(|query| {
        lowerer.enter_file(&query_globals, imports::imports_new_not(query.imports), false);
        lowerer.query(query.body)
    });
    lowerer.settle_deprecated();
    let arity_differs = lowerer.arity_differs();
    program.builtins = lowerer.into_builtins();
    program.rules = lowered;
    if options.strict {
        for ((_, module), globals) in modules.iter().zip(&globals) {
            globals.report_unused(&module.imports, reports);
        }
    }
    let captures = parts.map(|(query, captures)| {
        program.query = Some(query);
        captures
    });
    (captures, unplaced, arity_differs)
}
