//! Which variables a statement binds, given those that are bound already.

use std::collections::BTreeSet;

use super::unify::unify;
use super::vars::{Reach, VarSet, collect, term_vars, with_vars};
use crate::hir::{Expr, ExprKind, ExprOrigin, LocalId, RefBase, Term, TermKind, WithValue};

/// The variables that a statement binds, sorted; some may be bound already.
pub(super) fn of(expr: &Expr, safe: &VarSet) -> Vec<LocalId> {
    let mut with_is_safe = true;
    with_vars(&expr.with, Reach::VISIBLE, &mut |local| with_is_safe &= safe.contains(local));
    if !with_is_safe {
        return Vec::new();
    }
    match &expr.kind {
        ExprKind::Not(_) | ExprKind::And(..) | ExprKind::Or(..) => Vec::new(),
        ExprKind::Unify(left, right) => equation(expr, left, right, safe),
        ExprKind::Call { args, output, .. } => call(expr, args, output.as_ref(), safe),
        ExprKind::Term(_) => of_references(expr, safe),
        ExprKind::Every { domain, .. } => collect(|found| term_outputs(domain, safe, found)),
    }
}

/// What OPA has in its hands when it has looked at a statement: it goes on collecting there what an `every` binds, so that this binds
/// what a call before it did, be it one that could not stand yet. An equation leaves nothing, other statements what there was.
pub(super) fn leave(expr: &Expr, outputs: &mut Vec<LocalId>, safe: &VarSet, left: &mut Vec<LocalId>) {
    let mut with_is_safe = true;
    with_vars(&expr.with, Reach::VISIBLE, &mut |local| with_is_safe &= safe.contains(local));
    match &expr.kind {
        _ if !with_is_safe => {}
        ExprKind::Unify(..) => left.clear(),
        ExprKind::Call { .. } if outputs.is_empty() => *left = of_references(expr, safe),
        ExprKind::Call { .. } => left.clone_from(outputs),
        ExprKind::Every { .. } => {
            left.append(outputs);
            left.sort_unstable();
            left.dedup();
            outputs.clone_from(left);
        }
        ExprKind::Term(_) | ExprKind::Not(_) | ExprKind::And(..) | ExprKind::Or(..) => {}
    }
}

/// The variables that choose in the references of a statement, sorted; some may be bound already.
pub(super) fn of_references(expr: &Expr, safe: &VarSet) -> Vec<LocalId> {
    collect(|found| reference_outputs(expr, safe, found))
}

/// The variables that an equation binds and that are not bound yet, sorted.
///
/// The left side of `:=` counts as unbound whatever else binds it, so that the right side is never bound backwards
/// through it.
pub(super) fn equation(expr: &Expr, left: &Term, right: &Term, safe: &VarSet) -> Vec<LocalId> {
    let mut outputs = BTreeSet::new();
    reference_outputs(expr, safe, &mut |local| {
        outputs.insert(local);
    });
    let mut assigned = BTreeSet::new();
    if expr.origin == ExprOrigin::Assignment {
        term_vars(left, Reach::ALL, &mut |local| {
            assigned.insert(local);
        });
        outputs.retain(|local| !assigned.contains(local));
    }
    let is_bound = |local| (safe.contains(local) || outputs.contains(&local)) && !assigned.contains(&local);
    let unified = unify(&is_bound, left, right);
    outputs.extend(unified);
    outputs.into_iter().filter(|local| !safe.contains(*local)).collect()
}

fn call(expr: &Expr, args: &[Term], output: Option<&Term>, safe: &VarSet) -> Vec<LocalId> {
    let mut outputs = collect(|found| reference_outputs(expr, safe, found));
    let Some(output) = output else { return outputs };
    let mut inputs_are_bound = true;
    for arg in args {
        term_vars(arg, Reach::PATTERN, &mut |local| {
            inputs_are_bound &= safe.contains(local) || outputs.binary_search(&local).is_ok();
        });
    }
    if !inputs_are_bound {
        return Vec::new();
    }
    term_vars(output, Reach::PATTERN, &mut |local| outputs.push(local));
    outputs.sort_unstable();
    outputs.dedup();
    outputs
}

/// The operands of the references in a statement whose beginning is bound.
fn reference_outputs(expr: &Expr, safe: &VarSet, found: &mut dyn FnMut(LocalId)) {
    match &expr.kind {
        ExprKind::Term(term) => term_outputs(term, safe, found),
        ExprKind::Unify(left, right) => {
            term_outputs(left, safe, found);
            term_outputs(right, safe, found);
        }
        ExprKind::Call { args, output, .. } => {
            args.iter().chain(output).for_each(|term| term_outputs(term, safe, found));
        }
        ExprKind::Not(_) | ExprKind::Every { .. } | ExprKind::And(..) | ExprKind::Or(..) => {}
    }
    for clause in &expr.with {
        if let WithValue::Term(value) = &clause.value {
            term_outputs(value, safe, found);
        }
    }
}

fn term_outputs(term: &Term, safe: &VarSet, found: &mut dyn FnMut(LocalId)) {
    match &term.kind {
        TermKind::Ref(reference) => {
            if let RefBase::Local(local) = reference.base
                && !safe.contains(local)
            {
                return;
            }
            for operand in &reference.path {
                term_vars(operand, Reach::OPERANDS, found);
                term_outputs(operand, safe, found);
            }
        }
        TermKind::Array(items) | TermKind::Set(items) => items.iter().for_each(|item| term_outputs(item, safe, found)),
        TermKind::Object(entries) => {
            for (key, value) in entries {
                term_outputs(key, safe, found);
                term_outputs(value, safe, found);
            }
        }
        TermKind::Null
        | TermKind::Boolean(_)
        | TermKind::Number(_)
        | TermKind::String(_)
        | TermKind::Local(_)
        | TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..) => {}
    }
}
