//! Bodies: statements in order, and where their scans end.
//!
//! A scan that a statement opens stays open for the statements after it. Where only the existence of a solution counts, it ends as
//! soon as nothing that it bound is used any more: two independent iterations then cost their sum, not their product.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::Planner;
use crate::diagnostic::Code;
use crate::hir::visit::{self, Visitor};
use crate::hir::{Body, Callee, Expr, ExprKind, LocalId, Program, Term};
use crate::plan::ir::{Operand, StmtKind};

/// How many blocks of a function may be open at once: what comes after recurses on them, and engines bound them too.
const MAX_DEPTH: usize = 400;

/// Which solutions of a body count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Solutions {
    /// Each, in order: their number can be seen.
    Each,
    /// Those that differ in what the head makes of them.
    Distinct,
    /// The first: whoever asks stops there.
    First,
}

impl<'p> Planner<'p> {
    /// Plans a body. Scans may be open when it returns; `head` are the terms that will be planned in them.
    pub(super) fn body(&mut self, body: &'p Body, solutions: Solutions, head: &[&Term]) {
        self.body_but(body, &BTreeSet::new(), solutions, head);
    }

    /// The same without some statements, by number, which bind nothing and are known to hold.
    pub(super) fn body_but(&mut self, body: &'p Body, done: &BTreeSet<usize>, solutions: Solutions, head: &[&Term]) {
        let last_use = match solutions {
            Solutions::Each => None,
            // Each solution may run what the others do not.
            _ if self.coverage.is_some() || self.trace.is_some() => None,
            _ => LastUse::of(self.hir, body, head),
        };
        // Where scans were opened that are not closed yet: the number of blocks and of bound variables before.
        let mut regions: Vec<(usize, usize)> = Vec::new();
        // Up to which of them a scan may not be left early, because a statement since then may fail for another element.
        let mut kept = 0;
        for (index, expr) in body.exprs.iter().enumerate() {
            let before = (self.frame.depth(), self.frame.bound());
            if before.0 > MAX_DEPTH {
                self.error(Code::Compile, Some(expr.span), "too many nested iterations in one rule");
                return;
            }
            if !done.contains(&index) {
                self.try_expr(body, index);
                self.expr(expr);
            }
            if self.frame.depth() > before.0 {
                regions.push(before);
            }
            if regions.len() > kept && self.failing.fails_again(self.hir, expr) {
                kept = regions.len();
            }
            let Some(last_use) = &last_use else { continue };
            if solutions == Solutions::First && index + 1 == body.exprs.len() {
                continue;
            }
            while let Some((depth, bound)) = regions.get(kept..).and_then(<[_]>::last).copied() {
                if self.frame.bound_since(bound).iter().rev().any(|variable| last_use.is_after(*variable, index)) {
                    break;
                }
                let truth = self.constants.boolean(true);
                self.frame.close_scans_at_first(depth, truth);
                regions.pop();
            }
        }
    }

    /// Whether a body may fail for a later solution though it did not for the first.
    pub(super) fn fails_again(&self, body: &Body) -> bool {
        body.exprs.iter().any(|expr| self.failing.fails_again(self.hir, expr))
    }

    /// Plans a statement. It may leave scans open.
    fn expr(&mut self, expr: &'p Expr) {
        self.frame.span = Some(expr.span);
        self.cover_expr(expr);
        if expr.with.is_empty() { self.expr_kind(&expr.kind) } else { self.with(expr) }
    }

    /// Plans what a statement says.
    pub(super) fn expr_kind(&mut self, kind: &'p ExprKind) {
        match kind {
            ExprKind::Term(term) => self.truth(term),
            ExprKind::Unify(a, b) => self.unify(a, b),
            ExprKind::Call { callee, args, output } => self.call(*callee, args, output.as_ref()),
            ExprKind::Not(body) => self.not(body),
            ExprKind::Every { key, value, domain, body } => self.every(*key, *value, domain, body),
            ExprKind::And(left, right) => self.and(left, right),
            ExprKind::Or(left, right) => self.or(left, right),
        }
    }

    /// The term is defined and not `false`.
    fn truth(&mut self, term: &'p Term) {
        let value = self.term(term);
        self.is_true(value);
    }

    /// The value is not `false`.
    pub(super) fn is_true(&mut self, value: Operand) {
        let no = self.constants.boolean(false);
        if !self.is_known_to_differ(value, no) {
            self.push(StmtKind::NotEqual(value, no.into()));
        }
    }
}

/// The last statement that uses each variable of a body.
struct LastUse<'p> {
    hir: &'p Program,
    index: usize,
    uses: FxHashMap<LocalId, usize>,
    /// Whether a statement does something that can be seen from outside (`print`): it must run for each solution.
    effect: bool,
}

impl<'p> LastUse<'p> {
    fn of(hir: &'p Program, body: &Body, head: &[&Term]) -> Option<Self> {
        let mut last = Self { hir, index: 0, uses: FxHashMap::default(), effect: false };
        for (index, expr) in body.exprs.iter().enumerate() {
            last.index = index;
            visit::walk_expr(&mut last, expr);
        }
        last.index = usize::MAX;
        for term in head {
            visit::walk_term(&mut last, term);
        }
        (!last.effect).then_some(last)
    }

    fn is_after(&self, variable: LocalId, index: usize) -> bool {
        self.uses.get(&variable).is_some_and(|last| *last > index)
    }
}

impl Visitor<'_> for LastUse<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Every { key, value, .. } => {
                for variable in key.iter().chain([value]) {
                    self.uses.insert(*variable, self.index);
                }
            }
            ExprKind::Call { callee: Callee::Builtin(builtin), .. } => {
                self.effect |= self.hir.builtins[*builtin].result.is_none();
            }
            _ => {}
        }
        true
    }

    fn term(&mut self, term: &Term) -> bool {
        if let Some(variable) = visit::own_local(term) {
            self.uses.insert(variable, self.index);
        }
        true
    }
}
