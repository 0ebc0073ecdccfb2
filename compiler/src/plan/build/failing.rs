//! Which rules may end an evaluation with an error, and so which statements must run for each element of a scan.
//!
//! Rules fail where they give two values, or two values for one key of an object. A scan may be left early only where what is left out
//! could not fail: OPA leaves rules whose values are all the same constant, and nothing else. Overestimates; looks at no base data.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::constants::constant;
use crate::hir::visit::{Visitor, own_local, walk_expr, walk_term};
use crate::hir::{
    Callee, Expr, ExprKind, Key, LocalId, Program, Ref, RefBase, Rule, RuleId, RuleKind, RuleSetId, Term, TermKind,
    Tree, WithValue,
};
use crate::index::Id as _;
use crate::plan::order::compare;

/// A rule set, or (behind all of them) a node of the tree with what is below it.
type Vertex = usize;

/// What may fail in a program.
#[derive(Default)]
pub(super) struct Failing {
    /// By vertex; made when it is asked for first, because many policies have no statement that needs it.
    by_vertex: OnceCell<Vec<bool>>,
}

impl Failing {
    /// Whether a statement of a body may fail for a later element of a scan though it did not for an earlier one. What it refers to
    /// without a variable was evaluated by then.
    pub(super) fn fails_again(&self, program: &Program, expr: &Expr) -> bool {
        let mut needs = Needs::new(program, expr.with.is_empty());
        walk_expr(&mut needs, expr);
        let may_fail = |vertex: &Vertex| self.by_vertex(program).get(*vertex) == Some(&true);
        needs.makes_object || needs.found.iter().any(may_fail)
    }

    /// Whether computing a term may fail.
    pub(super) fn fails(&self, program: &Program, term: &Term) -> bool {
        let mut needs = Needs::new(program, false);
        walk_term(&mut needs, term);
        needs.makes_object || needs.found.iter().any(|vertex| self.by_vertex(program).get(*vertex) == Some(&true))
    }

    /// Whether a rule of a set may fail.
    pub(super) fn fails_in(&self, program: &Program, set: RuleSetId) -> bool {
        self.by_vertex(program).get(set.index()) == Some(&true)
    }

    /// What may fail. The first time it looks at all rules, in time about linear in their size.
    fn by_vertex(&self, program: &Program) -> &[bool] {
        self.by_vertex.get_or_init(|| Self::find(program))
    }

    fn find(program: &Program) -> Vec<bool> {
        let sets = program.sets.len();
        // By vertex: those that fail when it does.
        let mut users: Vec<Vec<Vertex>> = vec![Vec::new(); sets + program.tree.nodes.len()];
        let mut add = |vertex: Vertex, user: Vertex| users.get_mut(vertex).into_iter().for_each(|list| list.push(user));
        let mut failing = Vec::new();
        for (id, node) in program.tree.nodes.enumerate() {
            let below = node.set.map(|set| set.index()).into_iter();
            let below = below.chain(node.children.values().map(|child| sets + child.index()));
            below.for_each(|vertex| add(vertex, sets + id.index()));
        }
        for (id, set) in program.sets.enumerate() {
            let mut needs = Needs::new(program, false);
            set.rules.iter().chain(&set.default).for_each(|rule| needs.rule(&program.rules[*rule]));
            if needs.makes_object || contradicts(program, set.kind, &set.rules) {
                failing.push(id.index());
            }
            needs.found.into_iter().for_each(|vertex| add(vertex, id.index()));
        }
        let mut by_vertex = vec![false; users.len()];
        while let Some(vertex) = failing.pop() {
            if let Some(may_fail) = by_vertex.get_mut(vertex).filter(|may_fail| !**may_fail) {
                *may_fail = true;
                failing.extend(users.get(vertex).into_iter().flatten());
            }
        }
        by_vertex
    }
}

/// Collects what statements need that may fail.
struct Needs<'p> {
    program: &'p Program,
    /// Whether references without variables do not count.
    only_dynamic: bool,
    found: BTreeSet<Vertex>,
    /// Whether there is a comprehension of an object, which may be given two values for a key.
    makes_object: bool,
}

impl<'p> Needs<'p> {
    fn new(program: &'p Program, only_dynamic: bool) -> Self {
        Self { program, only_dynamic, found: BTreeSet::new(), makes_object: false }
    }

    fn rule(&mut self, rule: &'p Rule) {
        rule.params.iter().chain(&rule.suffix).chain(&rule.element).for_each(|term| walk_term(self, term));
        for (value, body) in clauses(rule) {
            walk_term(self, value);
            body.iter().for_each(|expr| walk_expr(self, expr));
        }
    }

    /// Adds the rules that a reference into `data` may reach.
    fn reference(&mut self, reference: &Ref) {
        let tree = &self.program.tree;
        let mut node = Tree::ROOT;
        let mut is_dynamic = false;
        for key in &reference.path {
            if tree.nodes[node].set.is_some() {
                break;
            }
            let Some(key) = Key::of(key) else {
                is_dynamic = constant(key).is_none();
                break;
            };
            let Some(child) = tree.child(node, key) else { return };
            node = child;
        }
        if is_dynamic || !self.only_dynamic {
            self.found.insert(self.program.sets.len() + node.index());
        }
    }
}

impl<'p> Visitor<'p> for Needs<'p> {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        if let ExprKind::Call { callee: Callee::Function(set), .. } = &expr.kind {
            self.found.insert(set.index());
        }
        for with in &expr.with {
            if let WithValue::Callee(Callee::Function(set)) = &with.value {
                self.found.insert(set.index());
            }
        }
        // What is inside another body need not have run for an earlier element.
        self.only_dynamic &= matches!(expr.kind, ExprKind::Term(_) | ExprKind::Unify(..) | ExprKind::Call { .. });
        true
    }

    fn term(&mut self, term: &'p Term) -> bool {
        match &term.kind {
            TermKind::Ref(reference) if reference.base == RefBase::Data => self.reference(reference),
            TermKind::ObjectComprehension(..) => self.makes_object = true,
            _ => {}
        }
        self.only_dynamic &= !is_comprehension(term);
        true
    }
}

/// The value and the statements of a rule, and of each of its branches.
fn clauses(rule: &Rule) -> impl Iterator<Item = (&Term, &[Expr])> {
    let branches = rule.branches.iter().map(|branch| (&branch.value, branch.body.exprs.as_slice()));
    std::iter::once((&rule.value, rule.body.exprs.as_slice())).chain(branches)
}

/// Whether rules of a set may give two values by themselves.
fn contradicts(program: &Program, kind: RuleKind, rules: &[RuleId]) -> bool {
    match kind {
        RuleKind::PartialSet => false,
        RuleKind::PartialObject => {
            rules.len() > 1 || rules.iter().any(|rule| repeats_keys(program, &program.rules[*rule]))
        }
        RuleKind::Complete | RuleKind::Function(_) => {
            let mut clauses = rules.iter().flat_map(|rule| clauses(&program.rules[*rule]));
            let first = clauses.next().and_then(|(value, _)| constant(value));
            let agrees = |value| first.as_ref().zip(constant(value)).is_some_and(|(a, b)| compare(a, &b).is_eq());
            let agree = first.is_some() && clauses.all(|(value, _)| agrees(value));
            !agree && (rules.len() > 1 || rules.iter().any(|rule| varies(program, &program.rules[*rule])))
        }
    }
}

/// Whether a rule may have several solutions with different values.
fn varies(program: &Program, rule: &Rule) -> bool {
    is_scanned(program, rule, &rule.params)
}

/// Whether a rule of a partial object may have several solutions with different values for the same keys.
fn repeats_keys(program: &Program, rule: &Rule) -> bool {
    rule.element.is_none() && is_scanned(program, rule, &rule.suffix)
}

/// Whether a rule may have several solutions with different values where the variables of some terms are known.
fn is_scanned(program: &Program, rule: &Rule, known: &[Term]) -> bool {
    clauses(rule).filter(|(value, _)| constant(value).is_none()).any(|(value, body)| {
        let mut scans = Scans { program, bound: BTreeSet::new(), met: Vec::new(), found: false };
        known.iter().for_each(|term| walk_term(&mut scans, term));
        scans.bind();
        for expr in body {
            walk_expr(&mut scans, expr);
            scans.bind();
        }
        walk_term(&mut scans, value);
        scans.found
    })
}

/// Looks for references with variables that no statement before them binds, and for relations. Bodies are ordered, so these are scans.
struct Scans<'p> {
    program: &'p Program,
    bound: BTreeSet<LocalId>,
    /// The variables of the statement that is walked.
    met: Vec<LocalId>,
    found: bool,
}

impl Scans<'_> {
    /// What was met is bound for the next statement.
    fn bind(&mut self) {
        self.bound.extend(self.met.drain(..));
    }
}

impl<'p> Visitor<'p> for Scans<'p> {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        if let ExprKind::Call { callee: Callee::Builtin(builtin), .. } = &expr.kind {
            self.found |= self.program.builtins[*builtin].relation;
        }
        matches!(expr.kind, ExprKind::Term(_) | ExprKind::Unify(..) | ExprKind::Call { .. })
    }

    fn term(&mut self, term: &'p Term) -> bool {
        self.met.extend(own_local(term));
        if let TermKind::Ref(reference) = &term.kind {
            let mut unbound = Unbound { bound: &self.bound, found: false };
            reference.path.iter().for_each(|operand| walk_term(&mut unbound, operand));
            self.found |= unbound.found;
        }
        !is_comprehension(term)
    }
}

/// Looks for variables that are not bound.
struct Unbound<'s> {
    bound: &'s BTreeSet<LocalId>,
    found: bool,
}

impl<'p> Visitor<'p> for Unbound<'_> {
    fn term(&mut self, term: &'p Term) -> bool {
        self.found |= own_local(term).is_some_and(|local| !self.bound.contains(&local));
        !is_comprehension(term)
    }
}

fn is_comprehension(term: &Term) -> bool {
    use TermKind::{ArrayComprehension, ObjectComprehension, SetComprehension};
    matches!(term.kind, ArrayComprehension(..) | SetComprehension(..) | ObjectComprehension(..))
}
