//! Which variables occur in a statement, and how far one looks for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::{Body, BodyForm, Expr, ExprKind, LocalId, RefBase, Term, TermKind, With, WithValue};
use crate::index::Id;

/// How far a walk over terms looks for variables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// The variable that a reference begins with.
    pub(super) ref_base: bool,
    /// The keys of object literals.
    pub(super) object_keys: bool,
    /// The elements of set literals.
    pub(super) sets: bool,
    /// Comprehensions and the bodies of `every`, `not`, `and`, `or`.
    pub(super) closures: bool,
}

impl Reach {
    /// Everything.
    pub(super) const ALL: Self = Self { ref_base: true, object_keys: true, sets: true, closures: true };
    /// What a statement itself reads and binds.
    pub(super) const VISIBLE: Self = Self { closures: false, ..Self::ALL };
    /// What a pattern binds when the other side is known: neither keys nor elements of sets can be.
    pub(super) const PATTERN: Self = Self { ref_base: false, object_keys: false, sets: false, closures: false };
    /// What the operands of a reference can bind.
    pub(super) const OPERANDS: Self = Self { ref_base: false, ..Self::ALL };
}

/// A set of variables that can be put back to an earlier state.
#[derive(Debug)]
pub(super) struct VarSet {
    members: Vec<bool>,
    added: Vec<LocalId>,
}

impl VarSet {
    /// The empty set for so many variables.
    pub(super) fn new(locals: usize) -> Self {
        Self { members: vec![false; locals], added: Vec::new() }
    }

    /// Whether a variable is in the set.
    pub(super) fn contains(&self, local: LocalId) -> bool {
        self.members.get(local.index()).copied().unwrap_or(false)
    }

    /// Adds a variable; whether it was not there.
    pub(super) fn insert(&mut self, local: LocalId) -> bool {
        match self.members.get_mut(local.index()) {
            Some(member) if !*member => {
                *member = true;
                self.added.push(local);
                true
            }
            _ => false,
        }
    }

    /// The state to come back to.
    pub(super) fn mark(&self) -> usize {
        self.added.len()
    }

    /// Goes back to a state.
    pub(super) fn undo(&mut self, mark: usize) {
        for local in self.added.drain(mark.min(self.added.len())..) {
            if let Some(member) = self.members.get_mut(local.index()) {
                *member = false;
            }
        }
    }
}

/// Calls `found` with each variable of a term.
pub(super) fn term_vars(term: &Term, reach: Reach, found: &mut dyn FnMut(LocalId)) {
    match &term.kind {
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) => {}
        TermKind::Local(local) => found(*local),
        TermKind::Ref(reference) => {
            if let (RefBase::Local(local), true) = (reference.base, reach.ref_base) {
                found(local);
            }
            reference.path.iter().for_each(|operand| term_vars(operand, reach, found));
        }
        TermKind::Array(items) => items.iter().for_each(|item| term_vars(item, reach, found)),
        TermKind::Set(items) => {
            if reach.sets {
                items.iter().for_each(|item| term_vars(item, reach, found));
            }
        }
        TermKind::Object(entries) => {
            for (key, value) in entries {
                if reach.object_keys {
                    term_vars(key, reach, found);
                }
                term_vars(value, reach, found);
            }
        }
        TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => {
            if reach.closures {
                term_vars(head, reach, found);
                all_body_vars(body, found);
            }
        }
        TermKind::ObjectComprehension(key, value, body) => {
            if reach.closures {
                term_vars(key, reach, found);
                term_vars(value, reach, found);
                all_body_vars(body, found);
            }
        }
    }
}

/// Calls `found` with each variable of the values of `with` clauses.
pub(super) fn with_vars(with: &[With], reach: Reach, found: &mut dyn FnMut(LocalId)) {
    for clause in with {
        if let WithValue::Term(value) = &clause.value {
            term_vars(value, reach, found);
        }
    }
}

/// Calls `found` with each variable that a statement itself reads or binds, and with those of bare operands of `not`,
/// `and`, `or` that must come from outside.
pub(super) fn visible_vars(expr: &Expr, found: &mut dyn FnMut(LocalId)) {
    expr_vars(expr, true, found);
}

/// Calls `found` with each variable that a statement itself reads or binds, operands of `not`, `and` and `or` left out.
pub(super) fn own_vars(expr: &Expr, found: &mut dyn FnMut(LocalId)) {
    expr_vars(expr, false, found);
}

/// The variables of [`visible_vars`], sorted, each once.
pub(super) fn sorted_visible_vars(expr: &Expr) -> Vec<LocalId> {
    collect(|found| visible_vars(expr, found))
}

/// The variables that the closures of a statement mention anywhere, sorted, each once.
pub(super) fn closure_vars(expr: &Expr) -> Vec<LocalId> {
    collect(|found| {
        match &expr.kind {
            ExprKind::Term(term) => term_closure_vars(term, found),
            ExprKind::Unify(left, right) => {
                term_closure_vars(left, found);
                term_closure_vars(right, found);
            }
            ExprKind::Call { args, output, .. } => {
                args.iter().chain(output).for_each(|term| term_closure_vars(term, found));
            }
            ExprKind::Not(body) if body.form == BodyForm::Negated => {
                body.exprs.iter().for_each(|inner| closure_vars(inner).into_iter().for_each(&mut *found));
            }
            ExprKind::Not(body) => all_body_vars(body, found),
            ExprKind::Every { body, .. } => all_body_vars(body, found),
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                all_body_vars(left, found);
                all_body_vars(right, found);
            }
        }
        for clause in &expr.with {
            if let WithValue::Term(value) = &clause.value {
                term_closure_vars(value, found);
            }
        }
    })
}

/// What `walk` finds, sorted, each once.
pub(super) fn collect(walk: impl FnOnce(&mut dyn FnMut(LocalId))) -> Vec<LocalId> {
    let mut vars = Vec::new();
    walk(&mut |local| vars.push(local));
    vars.sort_unstable();
    vars.dedup();
    vars
}

fn expr_vars(expr: &Expr, promote: bool, found: &mut dyn FnMut(LocalId)) {
    match &expr.kind {
        ExprKind::Term(term) => term_vars(term, Reach::VISIBLE, found),
        ExprKind::Unify(left, right) => {
            term_vars(left, Reach::VISIBLE, found);
            term_vars(right, Reach::VISIBLE, found);
        }
        ExprKind::Call { args, output, .. } => {
            args.iter().chain(output).for_each(|term| term_vars(term, Reach::VISIBLE, found));
        }
        ExprKind::Not(body) => outside_vars(body, promote, found),
        ExprKind::Every { domain, .. } => term_vars(domain, Reach::VISIBLE, found),
        ExprKind::And(left, right) | ExprKind::Or(left, right) => {
            outside_vars(left, promote, found);
            outside_vars(right, promote, found);
        }
    }
    with_vars(&expr.with, Reach::VISIBLE, found);
}

/// The variables of an operand that must come from outside. A legacy `not` is part of its statement; a body in braces
/// is not.
fn outside_vars(body: &Body, promote: bool, found: &mut dyn FnMut(LocalId)) {
    match body.form {
        BodyForm::Negated => body.exprs.iter().for_each(|inner| expr_vars(inner, promote, found)),
        BodyForm::Operand if promote => operand_vars(body, found),
        BodyForm::Operand | BodyForm::Written => {}
    }
}

/// The variables of a bare operand that nothing inside both binds and uses.
///
/// With one statement that is all of them. With more, a variable is the operand's own when an equation or the output of
/// a call binds it and another statement uses it: that is how hoisted variables look.
fn operand_vars(body: &Body, found: &mut dyn FnMut(LocalId)) {
    let mut uses: BTreeMap<LocalId, usize> = BTreeMap::new();
    for expr in &body.exprs {
        for local in collect(|found| expr_vars(expr, false, found)) {
            *uses.entry(local).or_default() += 1;
        }
    }
    if body.exprs.len() == 1 {
        uses.into_keys().for_each(found);
        return;
    }
    let bound = operand_bindings(body, &uses);
    for (local, count) in uses {
        if count == 1 || !bound.contains(&local) {
            found(local);
        }
    }
}

/// The variables that the equations and the outputs of calls of an operand bind.
fn operand_bindings(body: &Body, uses: &BTreeMap<LocalId, usize>) -> BTreeSet<LocalId> {
    let equations: Vec<(&Expr, &Term, &Term)> = body
        .exprs
        .iter()
        .filter_map(|expr| match &expr.kind {
            ExprKind::Unify(left, right) => Some((expr, left, right)),
            _ => None,
        })
        .collect();
    // What is no side of an equation comes from outside.
    let mut safe = VarSet::new(uses.keys().next_back().map_or(0, |last| last.index() + 1));
    let sides: BTreeSet<LocalId> = equations
        .iter()
        .flat_map(|(_, left, right)| [left, right])
        .filter_map(|side| match side.kind {
            TermKind::Local(local) => Some(local),
            _ => None,
        })
        .collect();
    uses.keys().filter(|local| !sides.contains(local)).for_each(|local| {
        safe.insert(*local);
    });
    let mut bound = BTreeSet::new();
    loop {
        let before = bound.len();
        for (expr, left, right) in &equations {
            for local in super::outputs::equation(expr, left, right, &safe) {
                bound.insert(local);
                safe.insert(local);
            }
        }
        if bound.len() == before {
            break;
        }
    }
    for expr in &body.exprs {
        if let ExprKind::Call { output: Some(output), .. } = &expr.kind {
            term_vars(output, Reach::PATTERN, &mut |local| {
                bound.insert(local);
            });
        }
    }
    bound
}

/// Every variable of a body, however deep.
fn all_body_vars(body: &Body, found: &mut dyn FnMut(LocalId)) {
    for expr in &body.exprs {
        match &expr.kind {
            ExprKind::Term(term) => all_term_vars(term, found),
            ExprKind::Unify(left, right) => {
                all_term_vars(left, found);
                all_term_vars(right, found);
            }
            ExprKind::Call { args, output, .. } => {
                args.iter().chain(output).for_each(|term| all_term_vars(term, found));
            }
            ExprKind::Not(inner) => all_body_vars(inner, found),
            ExprKind::Every { key, value, domain, body } => {
                key.iter().for_each(|key| found(*key));
                found(*value);
                all_term_vars(domain, found);
                all_body_vars(body, found);
            }
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                all_body_vars(left, found);
                all_body_vars(right, found);
            }
        }
        with_vars(&expr.with, Reach::ALL, found);
    }
}

fn all_term_vars(term: &Term, found: &mut dyn FnMut(LocalId)) {
    term_vars(term, Reach::ALL, found);
}

/// The variables of the comprehensions in a term.
fn term_closure_vars(term: &Term, found: &mut dyn FnMut(LocalId)) {
    match &term.kind {
        TermKind::ArrayComprehension(..) | TermKind::SetComprehension(..) | TermKind::ObjectComprehension(..) => {
            term_vars(term, Reach::ALL, found);
        }
        TermKind::Ref(reference) => reference.path.iter().for_each(|operand| term_closure_vars(operand, found)),
        TermKind::Array(items) | TermKind::Set(items) => items.iter().for_each(|item| term_closure_vars(item, found)),
        TermKind::Object(entries) => {
            for (key, value) in entries {
                term_closure_vars(key, found);
                term_closure_vars(value, found);
            }
        }
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Local(_) => {}
    }
}
