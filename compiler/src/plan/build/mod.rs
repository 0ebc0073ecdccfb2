//! From the resolved tree to the plan: one file per construct.
//!
//! Decides how a document is computed, not how well: the optimizer comes after. Functions are planned from a queue, so the depth of
//! rules that refer to rules costs no stack; a function is planned for each rule set and each set of replacements that matters to
//! it, and only if something refers to it. Bodies are planned behind a cursor, see [`frame`].

mod body;
mod call;
mod candidates;
mod constants;
mod context;
mod coverage;
mod data;
mod extent;
mod failing;
mod frame;
mod indexed;
mod logical;
mod objects;
mod parts;
mod query;
mod reference;
mod rules;
mod term;
mod trace;
mod unify;
mod with_;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use constants::Constants;
use context::{ContextId, Contexts};
use coverage::Coverage;
use failing::Failing;
use frame::Frame;
use parts::Part;
use trace::Trace;

pub use coverage::{COVERED, CoverageOptions, HeadPlaces};
pub use query::QUERY_ENTRYPOINT;
pub use trace::TRIED;

use rustc_hash::FxHashMap;

use super::ir::{
    Block, Builtin, BuiltinId, FuncId, Function, FunctionKind, Label, Local, Operand, Program, RuleId, StmtKind,
};
use super::visit;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir;
use crate::index::{Id as _, IndexVec};
use crate::source::Span;

/// What to plan for, beside what the program says.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Whether the plan tells its host what of it runs; none: it does not.
    pub coverage: Option<CoverageOptions>,
    /// Whether the plan tells its host of each statement of a test before it is tried.
    pub trace: bool,
}

/// Plans the entrypoints of a program, or its query.
///
/// # Errors
/// What the plan cannot express: rules that refer into the document they define, calls of builtins that nobody answers, bodies with
/// more nested iterations than a function can hold.
pub fn build(program: &hir::Program, options: &PlanOptions) -> Result<Program, Vec<Diagnostic>> {
    let mut planner = Planner::new(program);
    planner.coverage = options.coverage.clone().map(Coverage::new);
    planner.trace = options.trace.then(|| Trace::new(program));
    planner.entrypoints();
    planner.work();
    planner.finish()
}

/// What a function of the plan answers.
#[derive(Clone, PartialEq, Eq, Hash)]
enum FunctionKey {
    /// The value of a rule set, or a function of the policy.
    Set(hir::RuleSetId, ContextId),
    /// What some of the rules of a partial object or set define.
    Some(hir::RuleSetId, Vec<hir::RuleId>, ContextId),
    /// The document at a node: what its rules define with base data.
    Extent(hir::NodeId, ContextId),
    /// What the rules below a node define, without base data.
    Virtual(hir::NodeId, ContextId),
    /// The same, undefined where it would end in an evaluation error.
    Attempt(hir::RuleSetId, Vec<hir::RuleId>, ContextId),
    /// What some of the rules of a partial object or set define under the first so many keys, which are parameters, and maybe more.
    Keyed(hir::RuleSetId, Vec<hir::RuleId>, ContextId, u32),
    /// The element below a node under some keys; those known only at run time are parameters.
    Lookup(hir::NodeId, Vec<data::Step>, ContextId),
    /// The element of base data under a key that OPA's storage reads in another way: a number as a text, a text as a number.
    StorageDot,
    /// An array of the keys below a node under some keys.
    Keys(hir::NodeId, Vec<data::Step>, ContextId),
}

/// A function that was asked for.
struct Requested {
    /// None until it is planned.
    function: Option<Function>,
    /// How often it may be called from what is planned so far; two means many times.
    calls: u8,
    /// The functions that it calls, once it is planned.
    callees: Vec<FuncId>,
}

struct Planner<'p> {
    hir: &'p hir::Program,
    contexts: Contexts<'p>,
    failing: Failing,
    constants: Constants,
    builtins: IndexVec<BuiltinId, Builtin>,
    builtin_ids: FxHashMap<hir::BuiltinId, BuiltinId>,
    rules: IndexVec<RuleId, super::ir::Rule>,
    /// The first of the ids of each rule: those of its branches follow.
    rule_ids: FxHashMap<hir::RuleId, RuleId>,
    /// The paths of documents that were named, which many rules may define.
    set_names: FxHashMap<hir::RuleSetId, String>,
    functions: IndexVec<FuncId, Requested>,
    function_ids: FxHashMap<FunctionKey, FuncId>,
    queue: VecDeque<(FunctionKey, FuncId)>,
    entrypoints: Vec<super::ir::Entrypoint>,
    diagnostics: Vec<Diagnostic>,
    frame: Frame,
    /// Whether the function being planned may call others.
    calls: bool,
    coverage: Option<Coverage>,
    trace: Option<Trace>,
    /// The rule whose body is planned, for the names of its variables.
    traced_rule: Option<hir::RuleId>,
}

impl<'p> Planner<'p> {
    fn new(hir: &'p hir::Program) -> Self {
        Self {
            hir,
            contexts: Contexts::new(hir),
            failing: Failing::default(),
            // Many rules have a constant of their own.
            constants: Constants::with_capacity(hir.rules.len()),
            builtins: IndexVec::new(),
            builtin_ids: FxHashMap::default(),
            rules: IndexVec::new(),
            rule_ids: FxHashMap::default(),
            set_names: FxHashMap::default(),
            functions: IndexVec::new(),
            function_ids: FxHashMap::default(),
            queue: VecDeque::new(),
            entrypoints: Vec::new(),
            diagnostics: Vec::new(),
            frame: Frame::new(ContextId::NONE, &[], 0, Vec::new()),
            calls: false,
            coverage: None,
            trace: None,
            traced_rule: None,
        }
    }

    /// Plans all functions that were asked for, and those that they ask for.
    fn work(&mut self) {
        while let Some((key, id)) = self.queue.pop_front() {
            self.calls = false;
            let function = match key {
                FunctionKey::Set(set, context) => self.rule_set(set, context),
                FunctionKey::Some(set, rules, context) => self.some_rules(set, rules, context, Part::WHOLE),
                FunctionKey::Attempt(set, rules, context) => self.attempt_function(set, rules, context),
                FunctionKey::Keyed(set, rules, context, keys) => {
                    self.some_rules(set, rules, context, Part::under(keys))
                }
                FunctionKey::Extent(node, context) => self.extent_function(node, context),
                FunctionKey::Virtual(node, context) => self.virtual_function(node, context),
                FunctionKey::Lookup(node, shape, context) => self.lookup_function(node, &shape, context),
                FunctionKey::StorageDot => self.storage_dot_function(),
                FunctionKey::Keys(node, shape, context) => self.keys_function(node, &shape, context),
            };
            // Many functions call none, and a walk over a large one reads all of it from memory again.
            if self.calls {
                self.functions[id].callees = callees(&function.body);
            }
            self.functions[id].function = Some(function);
        }
    }

    fn finish(mut self) -> Result<Program, Vec<Diagnostic>> {
        if self.diagnostics.is_empty() {
            self.diagnostics.extend(recursion(&self.functions));
        }
        let mut functions = IndexVec::with_capacity(self.functions.len());
        for requested in &mut self.functions.iter_mut() {
            if let Some(mut function) = requested.function.take() {
                let keeps = matches!(function.kind, FunctionKind::Rules | FunctionKind::Extent | FunctionKind::Attempt);
                function.memoize = keeps && function.params == 0 && requested.calls > 1;
                functions.push(function);
            }
        }
        let program = Program {
            constants: self.constants.into_values(),
            builtins: self.builtins,
            rules: self.rules,
            functions,
            tables: IndexVec::new(),
            entrypoints: self.entrypoints,
            probes: self.trace.map(|trace| trace.probes).unwrap_or_default(),
            places: self.coverage.map(|coverage| coverage.places).unwrap_or_default(),
        };
        if self.diagnostics.is_empty() { Ok(program) } else { Err(self.diagnostics) }
    }

    fn push(&mut self, kind: StmtKind) {
        self.frame.push(kind);
    }

    /// Fails, whatever the data: what follows in the block does not run.
    fn fail(&mut self) {
        let (yes, no) = (self.constants.boolean(true), self.constants.boolean(false));
        self.push(StmtKind::Equal(yes.into(), no.into()));
    }

    /// Runs what `inner` plans in a block, so that its failure ends no more than that.
    fn block(&mut self, inner: impl FnOnce(&mut Self, Label)) {
        let label = self.frame.open_block();
        inner(self, label);
        let block = self.frame.close_block();
        self.push(StmtKind::Block(block));
    }

    /// `target = source[key]`, in a new local.
    fn dot(&mut self, source: Operand, key: Operand) -> Operand {
        let target = self.frame.new_local();
        self.push(StmtKind::Dot { source, key, target });
        let known = match key {
            Operand::Const(known) => Some(known),
            Operand::Local(_) => None,
        };
        self.frame.note_member(target, source, known);
        target.into()
    }

    fn error(&mut self, code: Code, span: Option<Span>, message: impl Into<String>) {
        let diagnostic = Diagnostic { span, ..Diagnostic::without_place(code, message) };
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Starts a function. Its arguments are the last of its parameters.
    fn begin(&mut self, context: ContextId, arguments: u32) {
        let parameters = self.contexts.get(context).parameters();
        let spare = self.frame.take_spare();
        self.frame = Frame::new(context, &parameters, arguments, spare);
    }

    /// Ends the function begun last.
    fn end(&mut self, name: String, kind: FunctionKind, result: Local) -> Function {
        let body = self.frame.close_block();
        self.function(name, kind, result, body)
    }

    fn function(&self, name: String, kind: FunctionKind, result: Local, body: Block) -> Function {
        Function { name, kind, params: self.frame.params(), locals: self.frame.locals(), memoize: false, body, result }
    }

    /// Adds a function that no key stands for.
    fn add_function(&mut self, function: Function) -> FuncId {
        let callees = callees(&function.body);
        self.functions.push(Requested { function: Some(function), calls: 1, callees })
    }

    /// The function of a key; planned later if it is new.
    fn request(&mut self, key: FunctionKey) -> FuncId {
        if let Some(id) = self.function_ids.get(&key) {
            return *id;
        }
        let id = self.functions.push(Requested { function: None, calls: 0, callees: Vec::new() });
        self.function_ids.insert(key.clone(), id);
        self.queue.push_back((key, id));
        id
    }

    /// Calls a function planned in a context, with the values of the replacements that it needs before its arguments.
    fn call_key(&mut self, key: FunctionKey, context: ContextId, arguments: &[Operand]) -> Operand {
        let function = self.request(key);
        self.calls = true;
        let weight = if self.frame.repeated || self.frame.in_scan() { 2 } else { 1 };
        let requested = &mut self.functions[function];
        requested.calls = requested.calls.saturating_add(weight);
        let parameters = self.contexts.get(context).parameters();
        let mocks = parameters.iter().filter_map(|callee| self.frame.mocks.get(callee)).copied();
        let args = mocks.chain(arguments.iter().copied()).collect();
        let target = self.frame.new_local();
        self.push(StmtKind::Call { function, args, target });
        target.into()
    }

    /// Calls a rule set; `context` is what is in force for it.
    fn call_set(&mut self, set: hir::RuleSetId, context: ContextId, arguments: &[Operand]) -> Operand {
        let context = self.contexts.restrict_to_set(context, set);
        self.call_key(FunctionKey::Set(set, context), context, arguments)
    }

    /// The name of a node, such as `data.example["a b"]`.
    fn node_name(&self, node: hir::NodeId) -> String {
        let mut name = String::from("data");
        for step in self.hir.tree.path(node) {
            match &step {
                hir::Key::String(step) => push_step(&mut name, step),
                other => name.push_str(&format!("[{}]", hir::text::key(other))),
            }
        }
        name
    }
}

/// Adds a step to the text of a path, as OPA writes references.
fn push_step(path: &mut String, step: &str) {
    let mut characters = step.chars();
    let starts = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if starts && characters.all(|character| character.is_ascii_alphanumeric() || character == '_') {
        path.push('.');
        path.push_str(step);
    } else {
        path.push_str(&format!("[{step:?}]"));
    }
}

/// Rules that refer into the document they define. `resolve` sees to it that no rule reaches itself; but rules with variables in
/// their heads are one function, and cannot be asked for a part of it.
fn recursion(functions: &IndexVec<FuncId, Requested>) -> Option<Diagnostic> {
    let mut state = vec![0_u8; functions.len()];
    // A path of calls, each with the callees still to be looked at.
    let mut path: Vec<(FuncId, &[FuncId])> = Vec::new();
    for root in functions.ids() {
        if state[root.index()] != 0 {
            continue;
        }
        path.push((root, &functions[root].callees));
        state[root.index()] = 1;
        while let Some((function, open)) = path.last_mut() {
            let Some(callee) = open.split_off_last().copied() else {
                state[function.index()] = 2;
                path.pop();
                continue;
            };
            match state[callee.index()] {
                0 => {
                    state[callee.index()] = 1;
                    path.push((callee, &functions[callee].callees));
                }
                1 => {
                    let name = functions[callee].function.as_ref().map_or("", |function| &function.name);
                    let message = format!(
                        "reference to {name} is not supported: rules sharing that path prefix are planned as a single function"
                    );
                    return Some(Diagnostic::without_place(Code::Recursion, message));
                }
                _ => {}
            }
        }
    }
    None
}

/// The functions that a body calls.
fn callees(body: &Block) -> Vec<FuncId> {
    let mut callees = Vec::new();
    let mut open = vec![body];
    while let Some(block) = open.pop() {
        for stmt in &block.stmts {
            if let StmtKind::Call { function, .. } = &stmt.kind {
                callees.push(*function);
            }
            open.extend(visit::blocks(&stmt.kind));
        }
    }
    callees
}
