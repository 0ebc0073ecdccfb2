//! Which rules a rule needs: through references, calls, comprehensions and `with`.
//!
//! A reference with a variable in it may reach very many rules, and many rules may hold the same reference. So rules
//! are not linked with rules but with *patterns* (a node of the tree and what is left of a reference), and patterns
//! with patterns and rules: the graph stays about as large as the text. Values of variables that are known from the
//! text narrow a pattern, as in OPA (`v1/ast/compile.go`, `NewGraph`), so that `some x in ["a", "b"]; data[x].p` does
//! not reach everything.

mod narrow;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::visit::{Visitor, is_constant, own_local, walk_expr, walk_term};
use super::{
    Body, Callee, Expr, ExprKind, ExprOrigin, LocalId, Name, Program, Ref, RefBase, Rule, RuleId, RuleSetId, Term,
    TermKind, WithTarget, WithValue, text,
};
use crate::index::Id;
use crate::source::Span;

use narrow::Known;
pub use narrow::members;

/// A rule (branch 0) or one of its `else` branches (from 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clause {
    /// The rule.
    pub rule: RuleId,
    /// 0 for the rule itself, otherwise the place of the branch, from 1.
    pub branch: usize,
}

/// A vertex of the graph: clauses first, then rules, then patterns.
type Vertex = usize;

/// An edge of the graph.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// Where it leads.
    pub to: usize,
    /// Whether it depends on a value known only when the policy runs.
    pub dynamic: bool,
    /// For an edge that leaves a clause by a reference: its place in [`Dependencies::uses`].
    pub reference: Option<usize>,
}

/// A reference in a clause.
#[derive(Clone, Debug)]
pub struct Use<'p> {
    /// The reference.
    pub reference: &'p Ref,
    /// Its operands with known values in the place of variables, where exactly one value is known.
    pub selected: Vec<&'p Term>,
    /// The place of the statement in the body in the order of the text.
    pub at: usize,
}

/// What the operand of a reference can be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    /// The constant; none: anything.
    constant: Option<String>,
    /// Whether it is known only when the policy runs which one it is.
    dynamic: bool,
}

/// The graph of a program.
#[derive(Debug)]
pub struct Dependencies<'p> {
    program: &'p Program,
    /// The vertex of the first clause of each rule.
    first_clause: Vec<Vertex>,
    clauses: Vec<Clause>,
    trie: Trie,
    /// An edge to each clause: those of a rule leave the vertex of the rule.
    to_clauses: Vec<Edge>,
    /// The edges that leave clauses, then those that leave patterns.
    edges: Vec<Vec<Edge>>,
    patterns: BTreeMap<(usize, Vec<Part>), Vertex>,
    uses: Vec<Use<'p>>,
    reversed: OnceCell<Vec<Vec<Vertex>>>,
}

impl<'p> Dependencies<'p> {
    /// The graph of the rules of a program.
    #[must_use]
    pub fn of(program: &'p Program) -> Self {
        let mut first_clause = Vec::with_capacity(program.rules.len());
        let mut clauses = Vec::with_capacity(program.rules.len());
        for (id, rule) in program.rules.enumerate() {
            first_clause.push(clauses.len());
            clauses.extend((0..=rule.branches.len()).map(|branch| Clause { rule: id, branch }));
        }
        let to_clauses = (0..clauses.len()).map(|to| Edge { to, dynamic: false, reference: None }).collect();
        let edges = vec![Vec::new(); clauses.len()];
        let mut this = Self {
            program,
            first_clause,
            clauses,
            trie: Trie::of(program),
            to_clauses,
            edges,
            patterns: BTreeMap::new(),
            uses: Vec::new(),
            reversed: OnceCell::new(),
        };
        for index in 0..this.clauses.len() {
            this.add_clause(index);
        }
        this
    }

    /// The clauses, in the order of files and lines; the place of each is its vertex.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The edges that leave a vertex.
    #[must_use]
    pub fn edges(&self, vertex: usize) -> &[Edge] {
        if let Some(rule) = self.rule_of_vertex(vertex) {
            let first = self.first_clause.get(rule).copied().unwrap_or_default();
            let next = self.first_clause.get(rule + 1).copied().unwrap_or(self.clauses.len());
            return self.to_clauses.get(first..next).unwrap_or_default();
        }
        self.edges.get(self.list(vertex)).map_or(&[], Vec::as_slice)
    }

    /// The clauses that some rules need, their own among them.
    #[must_use]
    pub fn reachable(&self, rules: impl Iterator<Item = RuleId>) -> BTreeSet<Clause> {
        let mut work: Vec<Vertex> = rules.map(|rule| self.clauses.len() + rule.index()).collect();
        let mut seen: BTreeSet<Vertex> = work.iter().copied().collect();
        while let Some(vertex) = work.pop() {
            work.extend(self.edges(vertex).iter().map(|edge| edge.to).filter(|to| seen.insert(*to)));
        }
        seen.into_iter().filter_map(|vertex| self.clauses.get(vertex).copied()).collect()
    }

    /// The place in the program of the rule that a vertex stands for; none for clauses and patterns.
    fn rule_of_vertex(&self, vertex: Vertex) -> Option<usize> {
        vertex.checked_sub(self.clauses.len()).filter(|rule| *rule < self.first_clause.len())
    }

    /// The place of the edges of a clause or a pattern.
    fn list(&self, vertex: Vertex) -> usize {
        if vertex < self.clauses.len() { vertex } else { vertex.saturating_sub(self.first_clause.len()) }
    }

    /// The count of vertices.
    #[must_use]
    pub fn len(&self) -> usize {
        self.edges.len() + self.first_clause.len()
    }

    /// Whether there are no rules.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// The references that edges name.
    #[must_use]
    pub fn uses(&self) -> &[Use<'p>] {
        &self.uses
    }

    /// The clauses in an order in which each comes after all that it needs (unless they are recursive).
    #[must_use]
    pub fn ordered(&self) -> Vec<Clause> {
        let mut state = vec![Visit::New; self.len()];
        let mut order = Vec::with_capacity(self.clauses.len());
        let mut stack = Vec::new();
        for start in 0..self.clauses.len() {
            stack.push((start, 0));
            while let Some((vertex, next)) = stack.pop() {
                if next == 0 {
                    if state.get(vertex) != Some(&Visit::New) {
                        continue;
                    }
                    set(&mut state, vertex, Visit::Open);
                }
                if let Some(edge) = self.edges(vertex).get(next) {
                    stack.push((vertex, next + 1));
                    if state.get(edge.to) == Some(&Visit::New) {
                        stack.push((edge.to, 0));
                    }
                } else {
                    set(&mut state, vertex, Visit::Done);
                    order.extend(self.clauses.get(vertex));
                }
            }
        }
        order
    }

    /// The rules that a path below `data` may reach, and all rules that need one of them, however indirectly.
    #[must_use]
    pub fn dependents(&self, path: &[Name]) -> BTreeSet<RuleId> {
        self.found_backwards(self.rules_below(path).collect())
    }

    /// The rules that need one that a path below `data` may reach, however indirectly.
    #[must_use]
    pub fn needing<'a>(&self, paths: impl Iterator<Item = &'a [Name]>) -> BTreeSet<RuleId> {
        let needing = |vertex: Vertex| self.reversed().get(vertex).into_iter().flatten().copied();
        self.found_backwards(paths.flat_map(|path| self.rules_below(path)).flat_map(needing).collect())
    }

    /// The rules that a path may reach, as vertices.
    fn rules_below(&self, path: &[Name]) -> impl Iterator<Item = Vertex> {
        let parts: Vec<Part> =
            path.iter().map(|name| Part { constant: Some(text::string(name)), dynamic: false }).collect();
        self.rules_reached(&parts).into_iter().map(|rule| self.rule_vertex(rule))
    }

    /// The rules among some vertices and all from which edges lead there.
    fn found_backwards(&self, mut work: Vec<Vertex>) -> BTreeSet<RuleId> {
        let reversed = self.reversed();
        let mut found = BTreeSet::new();
        let mut seen = vec![false; self.len()];
        while let Some(vertex) = work.pop() {
            match seen.get_mut(vertex) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            if let Some(clause) = self.clauses.get(vertex) {
                found.insert(clause.rule);
                work.push(self.rule_vertex(clause.rule));
            } else if let Some(rule) = self.rule_of_vertex(vertex) {
                found.insert(RuleId::from_usize(rule));
            }
            work.extend(reversed.get(vertex).into_iter().flatten());
        }
        found
    }

    fn rule_vertex(&self, rule: RuleId) -> Vertex {
        self.clauses.len() + rule.index()
    }

    fn reversed(&self) -> &Vec<Vec<Vertex>> {
        self.reversed.get_or_init(|| self.reverse())
    }

    fn reverse(&self) -> Vec<Vec<Vertex>> {
        let mut reversed = vec![Vec::new(); self.len()];
        for from in 0..self.len() {
            for edge in self.edges(from) {
                if let Some(into) = reversed.get_mut(edge.to) {
                    into.push(from);
                }
            }
        }
        reversed
    }

    /// The rules that a path may reach.
    fn rules_reached(&self, parts: &[Part]) -> Vec<RuleId> {
        let mut rules = Vec::new();
        let mut work = vec![(Trie::ROOT, 0)];
        while let Some((node, at)) = work.pop() {
            rules.extend(self.trie.rules(node));
            match parts.get(at) {
                Some(part) => work.extend(self.trie.step(node, part).into_iter().map(|(node, _)| (node, at + 1))),
                None => work.extend(self.trie.children(node).map(|node| (node, at))),
            }
        }
        rules
    }

    fn add_clause(&mut self, index: Vertex) {
        let program = self.program;
        let Some(clause) = self.clauses.get(index).copied() else { return };
        let rule = &program.rules[clause.rule];
        if !rule.refers {
            return;
        }
        let (exprs, _) = in_text_order(clause, rule);
        let known = Known::of(&exprs);
        let head = head(clause, rule);
        let mut collector = Collector::default();
        let mut bound = bound_before(clause, rule, 0);
        for (at, expr) in exprs.iter().enumerate() {
            walk_expr(&mut collector, expr);
            self.link(index, &mut collector, at, &bound, &known);
            add_locals(&mut bound, |visitor| walk_expr(visitor, expr));
        }
        head.iter().for_each(|term| walk_term(&mut collector, term));
        clause.forgotten(rule).iter().for_each(|expr| walk_expr(&mut collector, expr));
        self.link(index, &mut collector, exprs.len(), &bound, &known);
    }

    /// Links a clause with what was collected.
    fn link(
        &mut self,
        from: Vertex,
        collector: &mut Collector<'p>,
        at: usize,
        bound: &BTreeSet<LocalId>,
        known: &Known<'p>,
    ) {
        for path in collector.paths.drain(..) {
            let parts = path.iter().map(|name| Part { constant: Some(text::string(name)), dynamic: false }).collect();
            let to = self.pattern(Trie::ROOT, parts);
            self.add_edge(from, Edge { to, dynamic: false, reference: None });
        }
        for set in collector.functions.drain(..) {
            let parts = self.program.tree.path(self.program.sets[set].node);
            let parts = parts.iter().map(|key| Part { constant: Some(text::key(key)), dynamic: false }).collect();
            let to = self.pattern(Trie::ROOT, parts);
            self.add_edge(from, Edge { to, dynamic: false, reference: None });
        }
        for reference in collector.references.drain(..) {
            let expanded = known.expand(reference, at);
            let selected = match expanded.as_slice() {
                [only] => only.clone(),
                _ => reference.path.iter().collect(),
            };
            let used = self.uses.len();
            let is_dynamic = !reference.path.iter().all(is_constant);
            if is_dynamic {
                self.uses.push(Use { reference, selected: selected.clone(), at });
            }
            for operands in expanded {
                let parts = operands
                    .iter()
                    .zip(&selected)
                    .map(|(operand, selected)| part(operand, selected, reference, bound))
                    .collect();
                let to = self.pattern(Trie::ROOT, parts);
                self.add_edge(from, Edge { to, dynamic: false, reference: is_dynamic.then_some(used) });
            }
        }
    }

    fn add_edge(&mut self, from: Vertex, edge: Edge) {
        let list = self.list(from);
        if let Some(edges) = self.edges.get_mut(list)
            && edges.last().is_none_or(|last| last.to != edge.to)
        {
            edges.push(edge);
        }
    }

    /// The vertex of a pattern, made with all that it reaches if it is new.
    fn pattern(&mut self, node: usize, parts: Vec<Part>) -> Vertex {
        let (start, is_new) = self.intern(node, parts.clone());
        let mut work = if is_new { vec![(start, node, parts)] } else { Vec::new() };
        while let Some((vertex, node, parts)) = work.pop() {
            let rules: Vec<RuleId> = self.trie.rules(node).to_vec();
            for rule in rules {
                let to = self.rule_vertex(rule);
                self.add_edge(vertex, Edge { to, dynamic: false, reference: None });
            }
            let next = match parts.first() {
                Some(part) => self.trie.step(node, part),
                None => self.trie.children(node).map(|child| (child, false)).collect(),
            };
            for (child, dynamic) in next {
                let rest: Vec<Part> = parts.iter().skip(1).cloned().collect();
                let (to, is_new) = self.intern(child, rest.clone());
                self.add_edge(vertex, Edge { to, dynamic, reference: None });
                if is_new {
                    work.push((to, child, rest));
                }
            }
        }
        start
    }

    fn intern(&mut self, node: usize, parts: Vec<Part>) -> (Vertex, bool) {
        let next = self.len();
        let vertex = *self.patterns.entry((node, parts)).or_insert(next);
        if vertex == next {
            self.edges.push(Vec::new());
        }
        (vertex, vertex == next)
    }
}

impl Clause {
    /// The body and the value of the clause.
    #[must_use]
    pub fn parts(self, rule: &Rule) -> (&Body, &Term) {
        match self.branch.checked_sub(1).and_then(|branch| rule.branches.get(branch)) {
            Some(branch) => (&branch.body, &branch.value),
            None => (&rule.body, &rule.value),
        }
    }

    /// The statements of the clause that are not evaluated.
    fn forgotten(self, rule: &Rule) -> &[Expr] {
        match self.branch.checked_sub(1).and_then(|branch| rule.branches.get(branch)) {
            Some(branch) => &branch.forgotten,
            None => &rule.forgotten,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    New,
    Open,
    Done,
}

/// The statements of a clause as they stand in the text: they are in evaluation order by now, but what narrows a
/// reference is what stands before it. A hoisted expression ends with the statement it was taken from, or before. What
/// was hoisted out of the head comes last; the second value says how many statements do not.
#[must_use]
pub fn in_text_order(clause: Clause, rule: &Rule) -> (Vec<&Expr>, usize) {
    let head: Vec<Span> =
        head(clause, rule).into_iter().filter(|term| !is_constant(term)).map(|term| term.span).collect();
    let is_of_head = |expr: &Expr| {
        expr.origin == ExprOrigin::Hoisted
            && head.iter().any(|span| span.start <= expr.span.start && expr.span.end <= span.end)
    };
    let (of_head, mut exprs): (Vec<&Expr>, Vec<&Expr>) =
        clause.parts(rule).0.exprs.iter().partition(|expr| is_of_head(expr));
    exprs.sort_by_key(|expr| (expr.span.end, std::cmp::Reverse(expr.span.start)));
    let of_body = exprs.len();
    exprs.extend(of_head);
    (exprs, of_body)
}

/// The terms of the head of a clause.
#[must_use]
pub fn head(clause: Clause, rule: &Rule) -> Vec<&Term> {
    let element = rule.element.iter().filter(|_| clause.branch == 0);
    rule.params.iter().chain(&rule.suffix).chain(element).chain([clause.parts(rule).1]).collect()
}

/// The variables that may have a value before a statement: those of the head, which a caller can bind, and those of the
/// statements before it in the text.
#[must_use]
pub fn bound_before(clause: Clause, rule: &Rule, at: usize) -> BTreeSet<LocalId> {
    let mut bound = BTreeSet::new();
    head(clause, rule).into_iter().for_each(|term| add_locals(&mut bound, |visitor| walk_term(visitor, term)));
    let (exprs, of_body) = in_text_order(clause, rule);
    for expr in exprs.iter().take(at.min(of_body)).chain(exprs.iter().skip(of_body)) {
        add_locals(&mut bound, |visitor| walk_expr(visitor, expr));
    }
    bound
}

fn set(state: &mut [Visit], vertex: Vertex, visit: Visit) {
    if let Some(state) = state.get_mut(vertex) {
        *state = visit;
    }
}

/// What an operand can be. A variable that has no value yet and stands only once takes every value there is, whatever
/// it is when the policy runs: nothing dynamic about it.
fn part(operand: &Term, selected: &Term, reference: &Ref, bound: &BTreeSet<LocalId>) -> Part {
    if is_constant(operand) {
        return Part { constant: Some(text::constant(operand)), dynamic: !is_constant(selected) };
    }
    let enumerates = match operand.kind {
        TermKind::Local(local) => {
            !bound.contains(&local) && reference.path.iter().filter(|other| other.kind_is_local(local)).count() == 1
        }
        _ => false,
    };
    Part { constant: None, dynamic: !enumerates }
}

impl Term {
    /// Whether the term is that variable.
    fn kind_is_local(&self, local: LocalId) -> bool {
        matches!(self.kind, TermKind::Local(other) if other == local)
    }
}

fn add_locals(into: &mut BTreeSet<LocalId>, walk: impl FnOnce(&mut Locals<'_>)) {
    walk(&mut Locals(into));
}

/// Collects every variable.
struct Locals<'s>(&'s mut BTreeSet<LocalId>);

impl Visitor<'_> for Locals<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        if let ExprKind::Every { key, value, .. } = &expr.kind {
            self.0.extend(key);
            self.0.insert(*value);
        }
        true
    }

    fn term(&mut self, term: &Term) -> bool {
        self.0.extend(own_local(term));
        true
    }
}

/// Collects what a clause refers to.
#[derive(Default)]
struct Collector<'p> {
    references: Vec<&'p Ref>,
    functions: Vec<RuleSetId>,
    paths: Vec<&'p [Name]>,
}

impl Collector<'_> {
    fn callee(&mut self, callee: Callee) {
        if let Callee::Function(set) = callee {
            self.functions.push(set);
        }
    }
}

impl<'p> Visitor<'p> for Collector<'p> {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        if let ExprKind::Call { callee, .. } = expr.kind {
            self.callee(callee);
        }
        for clause in &expr.with {
            match &clause.target {
                WithTarget::Data(path) => self.paths.push(path),
                WithTarget::Callee(callee) => self.callee(*callee),
                WithTarget::Input(_) => {}
            }
            if let WithValue::Callee(callee) = clause.value {
                self.callee(callee);
            }
        }
        true
    }

    fn term(&mut self, term: &'p Term) -> bool {
        if let TermKind::Ref(reference) = &term.kind
            && reference.base == RefBase::Data
        {
            self.references.push(reference);
        }
        true
    }
}

/// The paths of all rules, variables in them included.
#[derive(Debug)]
struct Trie {
    nodes: Vec<TrieNode>,
}

#[derive(Debug, Default)]
struct TrieNode {
    constants: BTreeMap<String, usize>,
    any: Option<usize>,
    rules: Vec<RuleId>,
}

impl Trie {
    const ROOT: usize = 0;

    fn of(program: &Program) -> Self {
        let mut this = Self { nodes: vec![TrieNode::default()] };
        // Rules of one document are many.
        let mut of_sets = vec![None; program.sets.len()];
        for (id, rule) in program.rules.enumerate() {
            let known = of_sets.get(rule.set.index()).copied().flatten();
            let mut node = known.unwrap_or_else(|| {
                let path = program.tree.path(program.sets[rule.set].node);
                path.iter().fold(Self::ROOT, |node, key| this.child(node, Some(text::key(key))))
            });
            if let Some(of_set) = of_sets.get_mut(rule.set.index()) {
                *of_set = Some(node);
            }
            for operand in &rule.suffix {
                node = this.child(node, is_constant(operand).then(|| text::constant(operand)));
            }
            if let Some(node) = this.nodes.get_mut(node) {
                node.rules.push(id);
            }
        }
        this
    }

    fn child(&mut self, node: usize, part: Option<String>) -> usize {
        let next = self.nodes.len();
        let Some(parent) = self.nodes.get_mut(node) else { return node };
        let child = match part {
            Some(constant) => *parent.constants.entry(constant).or_insert(next),
            None => *parent.any.get_or_insert(next),
        };
        if child == next {
            self.nodes.push(TrieNode::default());
        }
        child
    }

    fn rules(&self, node: usize) -> &[RuleId] {
        self.nodes.get(node).map_or(&[], |node| &node.rules)
    }

    fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        self.nodes.get(node).into_iter().flat_map(|node| node.constants.values().chain(&node.any).copied())
    }

    /// The nodes that an operand leads to, each with whether that is known only when the policy runs.
    fn step(&self, node: usize, part: &Part) -> Vec<(usize, bool)> {
        let Some(node) = self.nodes.get(node) else { return Vec::new() };
        let mut next: Vec<(usize, bool)> = match &part.constant {
            Some(constant) => node.constants.get(constant).map(|child| (*child, part.dynamic)).into_iter().collect(),
            None => node.constants.values().map(|child| (*child, part.dynamic)).collect(),
        };
        // A variable in the path of the rule takes any value.
        next.extend(node.any.map(|child| (child, false)));
        next
    }
}
