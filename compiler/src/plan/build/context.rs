//! The replacements (`with`) under which something is planned, and which of them matter to what.
//!
//! A rule is planned once for each set of replacements that it can notice: those of callees it reaches, those of documents that hide
//! rules it reaches, and those of base data in which it looks for keys that OPA's storage reads otherwise than a value does. What else
//! replaces `input` or base data is no concern of a plan, only of the evaluation. Emits nothing.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::hir::visit::{self, Visitor};
use crate::hir::{
    Callee, Expr, ExprKind, Key, Local, LocalId, LocalOrigin, NodeId, Program, RefBase, Rule, RuleKind, RuleSetId,
    Term, TermKind, Tree, WithValue,
};
use crate::index::{Id as _, IndexVec};
use crate::plan::ir::ConstId;
use crate::source::Name;

use super::constants::constant;
use super::data::storage_twin;

/// A context of [`Contexts`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ContextId(usize);

impl ContextId {
    /// The context without replacements.
    pub(super) const NONE: Self = Self(0);
}

/// A path below `data` that is replaced, of [`Contexts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct DocumentId(usize);

/// What a callee is replaced by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Mock {
    /// Another callee. While it runs, no callee is replaced.
    Callee(Callee),
    /// A constant result.
    Constant(ConstId),
    /// A result known at run time, which functions get as a parameter.
    Value,
}

/// Replacements that are in force together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Context {
    /// The callees replaced.
    pub(super) mocks: BTreeMap<Callee, Mock>,
    /// The nodes whose rules a replaced document hides.
    pub(super) shadows: BTreeSet<NodeId>,
    /// The documents that are replaced, as far as it matters that none of them is read from storage.
    pub(super) replaced: BTreeSet<DocumentId>,
}

impl Context {
    /// The callees whose replacements are parameters, in the order of the parameters.
    pub(super) fn parameters(&self) -> Vec<Callee> {
        self.mocks.iter().filter(|(_, mock)| **mock == Mock::Value).map(|(callee, _)| *callee).collect()
    }
}

/// The contexts of a program, each once.
pub(super) struct Contexts<'p> {
    program: &'p Program,
    all: Vec<Context>,
    ids: FxHashMap<Context, ContextId>,
    documents: Vec<&'p [Name]>,
    graph: OnceCell<Graph<'p>>,
    reach: FxHashMap<Item, Vec<bool>>,
    recursive: FxHashMap<RuleSetId, bool>,
}

/// Something that a replacement changes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Item {
    Callee(Callee),
    Shadow(NodeId),
    Replaced(DocumentId),
}

impl<'p> Contexts<'p> {
    /// Only the context without replacements.
    pub(super) fn new(program: &'p Program) -> Self {
        let mut contexts = Self {
            program,
            all: Vec::new(),
            ids: FxHashMap::default(),
            documents: Vec::new(),
            graph: OnceCell::new(),
            reach: FxHashMap::default(),
            recursive: FxHashMap::default(),
        };
        contexts.intern(Context::default());
        contexts
    }

    /// The id of a context.
    pub(super) fn intern(&mut self, context: Context) -> ContextId {
        if let Some(id) = self.ids.get(&context) {
            return *id;
        }
        let id = ContextId(self.all.len());
        self.all.push(context.clone());
        self.ids.insert(context, id);
        id
    }

    /// A context.
    pub(super) fn get(&self, id: ContextId) -> &Context {
        &self.all[id.0]
    }

    /// The part of a context that matters to a rule set.
    pub(super) fn restrict_to_set(&mut self, id: ContextId, set: RuleSetId) -> ContextId {
        self.restrict(id, &[set])
    }

    /// The part of a context that matters to the rules below a node.
    pub(super) fn restrict_to_node(&mut self, id: ContextId, node: NodeId) -> ContextId {
        if id == ContextId::NONE {
            return id;
        }
        let mut sets = Vec::new();
        sets_below(&self.program.tree, node, &mut |set| sets.push(set));
        self.restrict(id, &sets)
    }

    /// The context inside of a replacement: documents stay replaced, callees do not.
    pub(super) fn without_mocks(&mut self, id: ContextId) -> ContextId {
        self.intern(Context { mocks: BTreeMap::new(), ..self.all[id.0].clone() })
    }

    /// The id of a path that is replaced.
    pub(super) fn document(&mut self, path: &'p [Name]) -> DocumentId {
        let known = self.documents.iter().position(|known| *known == path);
        DocumentId(known.unwrap_or_else(|| {
            self.documents.push(path);
            self.documents.len() - 1
        }))
    }

    /// How many operands of a path below `data` OPA's storage reads: what is replaced is a value, and the others are looked for in it.
    pub(super) fn stored(&self, id: ContextId, path: &[Term]) -> usize {
        let replaced = self.get(id).replaced.iter().filter_map(|document| self.documents.get(document.0));
        let around = replaced.filter(|replaced| is_below(path, replaced)).map(|replaced| replaced.len());
        around.min().unwrap_or(path.len())
    }

    /// Whether the rules of a set refer to the document they define.
    pub(super) fn is_recursive(&mut self, set: RuleSetId) -> bool {
        let program = self.program;
        let graph = self.graph.get_or_init(|| Graph::new(program));
        *self.recursive.entry(set).or_insert_with(|| {
            let users = graph.users.get(set.index()).cloned().unwrap_or_default();
            graph.reaching(users).get(set.index()).copied().unwrap_or(false)
        })
    }

    fn restrict(&mut self, id: ContextId, sets: &[RuleSetId]) -> ContextId {
        if id == ContextId::NONE {
            return id;
        }
        let context = self.all[id.0].clone();
        let mut kept = Context::default();
        // The functions that replace others are reached too, but in them no callee is replaced.
        let mut replacements = Vec::new();
        for (callee, mock) in context.mocks {
            if self.reached(Item::Callee(callee), sets) {
                kept.mocks.insert(callee, mock);
                if let Mock::Callee(Callee::Function(function)) = mock {
                    replacements.push(function);
                }
            }
        }
        for node in context.shadows {
            let item = Item::Shadow(node);
            if self.reached(item, sets) || self.reached(item, &replacements) {
                kept.shadows.insert(node);
            }
        }
        for document in context.replaced {
            let item = Item::Replaced(document);
            if self.reached(item, sets) || self.reached(item, &replacements) {
                kept.replaced.insert(document);
            }
        }
        self.intern(kept)
    }

    /// Whether one of the sets reaches what the item changes.
    fn reached(&mut self, item: Item, sets: &[RuleSetId]) -> bool {
        let program = self.program;
        let graph = self.graph.get_or_init(|| Graph::new(program));
        let reach = self.reach.entry(item).or_insert_with(|| {
            let mut sources = Vec::new();
            match item {
                Item::Callee(callee) => sources.extend(graph.callers.get(&callee).into_iter().flatten()),
                Item::Shadow(node) => sets_below(&program.tree, node, &mut |set| sources.push(set)),
                Item::Replaced(document) => {
                    let path = self.documents.get(document.0).copied().unwrap_or_default();
                    sources.extend(graph.readers.iter().filter(|(_, of)| reads_storage(of, path)).map(|(set, _)| *set));
                }
            }
            graph.reaching(sources)
        });
        sets.iter().any(|set| reach.get(set.index()).copied().unwrap_or(false))
    }
}

/// Which rule sets use which.
struct Graph<'p> {
    /// By rule set: the sets that refer to it or call it.
    users: Vec<Vec<RuleSetId>>,
    /// By callee: the sets that call it.
    callers: FxHashMap<Callee, Vec<RuleSetId>>,
    /// The paths below `data` that a set refers to.
    readers: Vec<(RuleSetId, &'p [Term])>,
}

impl<'p> Graph<'p> {
    fn new(program: &'p Program) -> Self {
        let users = vec![Vec::new(); program.sets.len()];
        let mut graph = Self { users, callers: FxHashMap::default(), readers: Vec::new() };
        for (id, set) in program.sets.enumerate() {
            let mut uses = Uses::new(program);
            for rule in set.rules.iter().chain(&set.default) {
                uses.rule(&program.rules[*rule]);
            }
            graph.readers.extend(uses.paths.iter().map(|path| (id, *path)));
            for callee in uses.callees {
                graph.callers.entry(callee).or_default().push(id);
                if let Callee::Function(function) = callee {
                    uses.sets.insert(function);
                }
            }
            for used in uses.sets {
                if let Some(users) = graph.users.get_mut(used.index()) {
                    users.push(id);
                }
            }
        }
        graph
    }

    /// By rule set: whether it reaches one of the sources.
    fn reaching(&self, sources: Vec<RuleSetId>) -> Vec<bool> {
        let mut reaching = vec![false; self.users.len()];
        let mut queue = sources;
        while let Some(set) = queue.pop() {
            if let Some(seen) = reaching.get_mut(set.index())
                && !std::mem::replace(seen, true)
            {
                queue.extend(self.users.get(set.index()).into_iter().flatten());
            }
        }
        reaching
    }
}

/// What a rule set uses.
struct Uses<'p> {
    program: &'p Program,
    sets: BTreeSet<RuleSetId>,
    callees: BTreeSet<Callee>,
    /// The paths below `data` with a key that OPA's storage may read otherwise than a value does.
    paths: Vec<&'p [Term]>,
    /// The variables of the rule at hand.
    locals: Option<&'p IndexVec<LocalId, Local>>,
}

impl<'p> Uses<'p> {
    fn new(program: &'p Program) -> Self {
        Self { program, sets: BTreeSet::new(), callees: BTreeSet::new(), paths: Vec::new(), locals: None }
    }

    /// Whether a key stands for any: then it is none that is looked for.
    fn is_wildcard(&self, key: &Term) -> bool {
        let TermKind::Local(local) = key.kind else { return false };
        self.locals.and_then(|locals| locals.get(local)).is_some_and(|local| local.origin == LocalOrigin::Wildcard)
    }

    fn rule(&mut self, rule: &'p Rule) {
        self.locals = Some(&rule.locals);
        for term in rule.params.iter().chain(&rule.suffix).chain(&rule.element).chain([&rule.value]) {
            visit::walk_term(self, term);
        }
        visit::walk_body(self, &rule.body);
        for branch in &rule.branches {
            visit::walk_term(self, &branch.value);
            visit::walk_body(self, &branch.body);
        }
    }
}

impl<'p> Visitor<'p> for Uses<'p> {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        if let ExprKind::Call { callee, .. } = expr.kind {
            self.callees.insert(callee);
        }
        for with in &expr.with {
            if let WithValue::Callee(callee) = with.value {
                self.callees.insert(callee);
            }
        }
        true
    }

    fn term(&mut self, term: &'p Term) -> bool {
        if let TermKind::Ref(reference) = &term.kind
            && reference.base == RefBase::Data
        {
            self.data(&reference.path);
            let mut looked_for = reference.path.iter().filter(|key| !self.is_wildcard(key));
            if looked_for.any(may_be_stored) {
                self.paths.push(&reference.path);
            }
        }
        true
    }
}

impl Uses<'_> {
    /// The sets that a path below `data` may reach.
    fn data(&mut self, path: &[Term]) {
        let tree = &self.program.tree;
        let mut node = Tree::ROOT;
        for operand in path {
            let Some(key) = Key::of(operand) else { break };
            match tree.child(node, key) {
                Some(child) => node = child,
                // A base document, which rules do not touch.
                None if tree.nodes[node].set.is_none() => return,
                None => break,
            }
        }
        sets_below(tree, node, &mut |set| {
            self.sets.insert(set);
        });
    }
}

/// Whether a path is that of a document or leads into it.
fn is_below(path: &[Term], document: &[Name]) -> bool {
    let is_name = |(operand, name): (&Term, &Name)| matches!(&operand.kind, TermKind::String(text) if text == name);
    path.len() >= document.len() && path.iter().zip(document).all(is_name)
}

/// Whether a path leads into a document by a key that OPA's storage may read otherwise than a value does.
fn reads_storage(path: &[Term], document: &[Name]) -> bool {
    is_below(path, document) && path.iter().skip(document.len()).any(may_be_stored)
}

/// Whether OPA's storage may read a key otherwise than a value does.
fn may_be_stored(key: &Term) -> bool {
    constant(key).is_none_or(|key| storage_twin(&key).is_some())
}

/// Calls a function with each rule set at and below a node.
pub(super) fn sets_below(tree: &Tree, node: NodeId, each: &mut impl FnMut(RuleSetId)) {
    let mut queue = vec![node];
    while let Some(node) = queue.pop() {
        let node = &tree.nodes[node];
        node.set.iter().for_each(|set| each(*set));
        queue.extend(node.children.values().rev());
    }
}

/// Whether a rule set is a function.
pub(super) fn is_function(program: &Program, set: RuleSetId) -> bool {
    matches!(program.sets[set].kind, RuleKind::Function(_))
}
