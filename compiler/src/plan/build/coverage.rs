//! Coverage: a plan that tells the host of each statement before it runs, and of each rule when it has given a value.
//!
//! Only plans that ask for it ([`CoverageOptions`]) have these calls; every other plan is what it was. What counts as run is what
//! OPA's evaluator does (`v1/cover`): it leaves out rules that its index rules out (`v1/ast/index.go`), and stops at the first
//! value where all values are one. The index is not rebuilt here: a rule begins with the statements that the index knows, and only
//! if they hold its statements are told. What is told is a place by its number in [`crate::plan::ir::Program::places`].

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Planner;
use crate::hir::visit::is_constant;
use crate::hir::{self, Body, Callee, Expr, ExprKind, LocalId, RefBase, Term, TermKind, Tree};
use crate::plan::ir::{Builtin, StmtKind};
use crate::source::{FileId, Span};

/// The host builtin that is told of a place: one argument, its number.
pub const COVERED: &str = "regoc.covered";

/// The builtins that are not statements of the policy.
const HIDDEN: &[&str] = &["internal.test_case"];

/// The builtins of affixes that OPA's index knows: of a text first, and of what it begins or ends with.
const AFFIXES: &[&str] = &["startswith", "endswith", "strings.any_prefix_match", "strings.any_suffix_match"];

/// How the coverage of a run is counted.
#[derive(Clone, Debug, Default)]
pub struct CoverageOptions {
    /// By the first byte of a rule or branch: the place of its head, and that of its body where none is written.
    pub heads: BTreeMap<(FileId, u32), HeadPlaces>,
    /// Whether statements count although OPA's rule index rules their rule out.
    pub without_index: bool,
    /// Whether statements count that are only reached if the first value does not end a document.
    pub without_early_exit: bool,
}

/// The places of a rule that have no statement of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadPlaces {
    /// The head.
    pub head: Span,
    /// The body that stands for one that is not written.
    pub body: Option<Span>,
}

/// The places told so far.
#[derive(Default)]
pub(super) struct Coverage {
    options: CoverageOptions,
    ids: HashMap<Span, usize>,
    pub(super) places: Vec<Span>,
}

impl Coverage {
    pub(super) fn new(options: CoverageOptions) -> Self {
        Self { options, ..Self::default() }
    }

    fn places_of(&self, rule: Span) -> Option<HeadPlaces> {
        self.options.heads.get(&(rule.file, rule.start)).copied()
    }

    fn id(&mut self, span: Span) -> usize {
        *self.ids.entry(span).or_insert_with(|| {
            self.places.push(span);
            self.places.len() - 1
        })
    }
}

impl<'p> Planner<'p> {
    /// Whether a document may end at its first value.
    pub(super) fn exits_early(&self) -> bool {
        self.coverage.as_ref().is_none_or(|coverage| !coverage.options.without_early_exit)
    }

    /// Tells the host that a statement runs.
    pub(super) fn cover_expr(&mut self, expr: &'p Expr) {
        if self.coverage.is_none() {
            return;
        }
        if let ExprKind::Call { callee: Callee::Builtin(builtin), .. } = expr.kind
            && HIDDEN.contains(&&*self.hir.builtins[builtin].name)
        {
            return;
        }
        self.cover(expr.span);
    }

    /// Tells the host that the body of a rule runs, if it is not written. Calls in the head take its place.
    pub(super) fn cover_body(&mut self, rule: Span, body: &Body) {
        let Some(coverage) = &self.coverage else { return };
        if body.exprs.iter().any(|expr| matches!(expr.kind, ExprKind::Call { .. })) {
            return;
        }
        if let Some(place) = coverage.places_of(rule).and_then(|places| places.body) {
            self.cover(place);
        }
    }

    /// Tells the host that a rule gave a value.
    pub(super) fn cover_head(&mut self, rule: Span) {
        let Some(coverage) = &self.coverage else { return };
        let place = coverage.places_of(rule).map_or(rule, |places| places.head);
        self.cover(place);
    }

    fn cover(&mut self, span: Span) {
        let Some(coverage) = &mut self.coverage else { return };
        let id = coverage.id(span);
        let number = self.constants.integer(id);
        let builtin = self.add_builtin(Builtin { name: COVERED.into(), arity: 1, has_result: false, host: true });
        let target = self.frame.new_local();
        self.push(StmtKind::CallBuiltin { builtin, args: vec![number.into()], target });
    }

    /// Plans the statements of a body that OPA's index knows. Binds nothing.
    pub(super) fn cover_index(&mut self, rule: &'p hir::Rule, body: &'p Body) {
        if self.coverage.as_ref().is_none_or(|coverage| coverage.options.without_index) || self.skips_index(body) {
            return;
        }
        let bound = self.frame.bound();
        let mut index = Index { hir: self.hir, params: params(rule), known: HashSet::new(), constants: HashSet::new() };
        for expr in &body.exprs {
            match index.read(expr) {
                Reading::Nothing => {}
                Reading::Holds => {
                    let depth = self.frame.depth();
                    self.expr_kind(&expr.kind);
                    if self.frame.depth() > depth {
                        let truth = self.constants.boolean(true);
                        self.frame.close_scans_at_first(depth, truth);
                    }
                }
                Reading::Defined(term) => {
                    let value = self.term(term);
                    if let ExprKind::Unify(target, _) = &expr.kind
                        && let TermKind::Local(variable) = target.kind
                        && self.frame.binding(variable).is_none()
                    {
                        self.frame.bind(variable, value);
                    }
                }
            }
        }
        self.frame.unbind(bound);
    }

    /// Whether a body prints: the index does not rule such rules out.
    fn skips_index(&self, body: &Body) -> bool {
        struct Effect<'h>(&'h hir::Program, bool);
        impl hir::visit::Visitor<'_> for Effect<'_> {
            fn expr(&mut self, expr: &Expr) -> bool {
                if let ExprKind::Call { callee: Callee::Builtin(builtin), .. } = expr.kind {
                    self.1 |= self.0.builtins[builtin].result.is_none();
                }
                true
            }
            fn term(&mut self, _: &Term) -> bool {
                false
            }
        }
        let mut effect = Effect(self.hir, false);
        hir::visit::walk_body(&mut effect, body);
        effect.1
    }
}

/// The parameters of a function that are variables.
fn params(rule: &hir::Rule) -> HashSet<LocalId> {
    rule.params.iter().filter_map(local).collect()
}

fn local(term: &Term) -> Option<LocalId> {
    match term.kind {
        TermKind::Local(local) => Some(local),
        _ => None,
    }
}

/// What the index makes of a statement.
enum Reading<'p> {
    /// It does not know it.
    Nothing,
    /// It must hold.
    Holds,
    /// The term must be defined.
    Defined(&'p Term),
}

/// What the index knows on the way through a body.
struct Index<'p> {
    hir: &'p hir::Program,
    /// The parameters. The index knows them whole, but nothing in them.
    params: HashSet<LocalId>,
    /// The variables that stand for references it knows.
    known: HashSet<LocalId>,
    /// The variables that stand for constants.
    constants: HashSet<LocalId>,
}

impl<'p> Index<'p> {
    fn read(&mut self, expr: &'p Expr) -> Reading<'p> {
        if !expr.with.is_empty() {
            return Reading::Nothing;
        }
        match &expr.kind {
            ExprKind::Term(term) if self.is_reference(term) => Reading::Defined(term),
            ExprKind::Unify(left, right) => match self.equality(left, right) {
                Reading::Nothing => self.equality(right, left),
                reading => reading,
            },
            ExprKind::Call { callee: Callee::Builtin(builtin), args, output: None }
                if self.is_indexed_call(&self.hir.builtins[*builtin].name, args) =>
            {
                Reading::Holds
            }
            _ => Reading::Nothing,
        }
    }

    fn is_indexed_call(&self, name: &str, args: &[Term]) -> bool {
        match (name, args) {
            ("internal.member_2", [element, collection]) => {
                (self.is_variable(element) && self.is_known_constant(collection))
                    || (self.is_known_constant(element) && is_scalar(element) && self.is_reference(collection))
            }
            ("glob.match", [pattern, delimiters, text]) => {
                self.is_known_constant(pattern) && is_constant(delimiters) && self.is_variable(text)
            }
            (name, [text, affix]) => {
                AFFIXES.contains(&name) && self.is_reference(text) && self.is_known_constant(affix)
            }
            _ => false,
        }
    }

    /// Whether a term is a variable for a parameter or a reference.
    fn is_variable(&self, term: &Term) -> bool {
        local(term).is_some_and(|local| self.params.contains(&local) || self.known.contains(&local))
    }

    /// `left = right`, where `left` is what the index looks at.
    fn equality(&mut self, left: &'p Term, right: &'p Term) -> Reading<'p> {
        if let Some(variable) = local(left)
            && !self.is_variable(left)
        {
            // `x := "a"` and `x := input.a` give the variable a meaning.
            if is_constant(right) || local(right).is_some_and(|other| self.constants.contains(&other)) {
                self.constants.insert(variable);
                return Reading::Holds;
            }
            if self.is_reference(right) && local(right).is_none() {
                self.known.insert(variable);
                return Reading::Defined(right);
            }
            return Reading::Nothing;
        }
        if self.is_element(left) && self.is_known_constant(right) && is_scalar(right) {
            return Reading::Holds;
        }
        if !self.is_reference(left) && !self.is_variable(left) {
            return Reading::Nothing;
        }
        if self.is_known_constant(right) && is_flat(right) {
            return Reading::Holds;
        }
        if local(right).is_some() && local(left).is_none() { Reading::Defined(left) } else { Reading::Nothing }
    }

    fn is_known_constant(&self, term: &Term) -> bool {
        is_constant(term) || local(term).is_some_and(|local| self.constants.contains(&local))
    }

    /// Whether a term stands for any element of a part of the input or of base data.
    fn is_element(&self, term: &Term) -> bool {
        let TermKind::Ref(reference) = &term.kind else { return false };
        let Some((last, path)) = reference.path.split_last() else { return false };
        let free = local(last).is_some_and(|local| !self.known.contains(&local) && !self.constants.contains(&local));
        free && self.is_ground(reference.base, path) && !self.is_virtual(reference.base, path)
    }

    /// Whether a term stands for a part of the input or of base data.
    fn is_reference(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Local(local) => self.known.contains(local),
            TermKind::Ref(reference) => {
                self.is_ground(reference.base, &reference.path) && !self.is_virtual(reference.base, &reference.path)
            }
            _ => false,
        }
    }

    fn is_ground(&self, base: RefBase, path: &[Term]) -> bool {
        let starts = match base {
            RefBase::Input | RefBase::Data => true,
            RefBase::Local(local) => self.known.contains(&local),
        };
        starts && path.iter().all(is_constant)
    }

    fn is_virtual(&self, base: RefBase, path: &[Term]) -> bool {
        if base != RefBase::Data {
            return false;
        }
        let tree = &self.hir.tree;
        let mut node = Tree::ROOT;
        for step in path {
            if tree.nodes[node].set.is_some() {
                return true;
            }
            let TermKind::String(name) = &step.kind else { return false };
            match tree.child(node, name) {
                Some(child) => node = child,
                None => return false,
            }
        }
        true
    }
}

/// Whether a constant, or what a variable stands for, may be a scalar.
const fn is_scalar(term: &Term) -> bool {
    matches!(
        term.kind,
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Local(_)
    )
}

/// Whether a constant is a scalar or an array of scalars.
fn is_flat(term: &Term) -> bool {
    match &term.kind {
        TermKind::Array(items) => items.iter().all(is_scalar),
        _ => is_scalar(term),
    }
}
