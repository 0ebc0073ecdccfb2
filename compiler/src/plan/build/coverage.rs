//! Coverage: a plan that tells the host of each statement before it runs, and of each rule when it has given a value.
//!
//! Only plans that ask for it ([`CoverageOptions`]) have these calls; every other plan is what it was. What counts as run is what
//! OPA's evaluator does (`v1/cover`): it leaves out rules that its index rules out, for which each rule here begins with what the index
//! knows ([`super::indexed`]), and stops at the first value where all values are one. What is told is a place by its number in
//! [`crate::plan::ir::Program::places`].

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Planner;
use crate::hir::{Body, Callee, Expr, ExprKind};
use crate::plan::ir::{Builtin, StmtKind};
use crate::source::{FileId, Span};

/// The host builtin that is told of a place: one argument, its number.
pub const COVERED: &str = "regoc.covered";

/// The builtins that are not statements of the policy.
const HIDDEN: &[&str] = &["internal.test_case"];

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
    ids: FxHashMap<Span, usize>,
    pub(super) places: Vec<Span>,
}

impl Coverage {
    pub(super) fn new(options: CoverageOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// Whether statements count although OPA's rule index rules their rule out.
    pub(super) const fn is_without_index(&self) -> bool {
        self.options.without_index
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
}
