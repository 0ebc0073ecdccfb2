//! The replacements (`with`) under which something is planned, and which of them matter to what.
//!
//! A rule is planned once for each set of replacements that it can notice: those of callees it reaches, and those of documents
//! that hide rules it reaches. What replaces `input` or base data is no concern of a plan, only of the evaluation. Emits nothing.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::hir::visit::{self, Visitor};
use crate::hir::{
    Callee, Expr, ExprKind, Key, NodeId, Program, RefBase, Rule, RuleKind, RuleSetId, Term, TermKind, Tree, WithValue,
};
use crate::index::Id as _;
use crate::plan::ir::ConstId;

/// A context of [`Contexts`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ContextId(usize);

impl ContextId {
    /// The context without replacements.
    pub(super) const NONE: Self = Self(0);
}

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
    ids: HashMap<Context, ContextId>,
    graph: OnceCell<Graph>,
    reach: HashMap<Item, Vec<bool>>,
    recursive: HashMap<RuleSetId, bool>,
}

/// Something that a replacement changes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Item {
    Callee(Callee),
    Shadow(NodeId),
}

impl<'p> Contexts<'p> {
    /// Only the context without replacements.
    pub(super) fn new(program: &'p Program) -> Self {
        let mut contexts = Self {
            program,
            all: Vec::new(),
            ids: HashMap::new(),
            graph: OnceCell::new(),
            reach: HashMap::new(),
            recursive: HashMap::new(),
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
        let shadows = self.all[id.0].shadows.clone();
        self.intern(Context { mocks: BTreeMap::new(), shadows })
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
            }
            graph.reaching(sources)
        });
        sets.iter().any(|set| reach.get(set.index()).copied().unwrap_or(false))
    }
}

/// Which rule sets use which.
struct Graph {
    /// By rule set: the sets that refer to it or call it.
    users: Vec<Vec<RuleSetId>>,
    /// By callee: the sets that call it.
    callers: HashMap<Callee, Vec<RuleSetId>>,
}

impl Graph {
    fn new(program: &Program) -> Self {
        let mut graph = Self { users: vec![Vec::new(); program.sets.len()], callers: HashMap::new() };
        for (id, set) in program.sets.enumerate() {
            let mut uses = Uses { program, sets: BTreeSet::new(), callees: BTreeSet::new() };
            for rule in set.rules.iter().chain(&set.default) {
                uses.rule(&program.rules[*rule]);
            }
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
}

impl<'p> Uses<'p> {
    fn rule(&mut self, rule: &'p Rule) {
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

impl Visitor<'_> for Uses<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
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

    fn term(&mut self, term: &Term) -> bool {
        if let TermKind::Ref(reference) = &term.kind
            && reference.base == RefBase::Data
        {
            self.data(&reference.path);
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
