//! Puts a variable in the place of another one in what is lowered already.

use crate::hir::{Body, Expr, ExprKind, LocalId, RefBase, Term, TermKind, WithValue};

/// Puts a variable in the place of another one in a statement.
pub(super) fn in_expr(expr: &mut Expr, from: LocalId, to: LocalId) {
    match &mut expr.kind {
        ExprKind::Term(term) => in_term(term, from, to),
        ExprKind::Unify(left, right) => {
            in_term(left, from, to);
            in_term(right, from, to);
        }
        ExprKind::Call { args, output, .. } => args.iter_mut().chain(output).for_each(|term| in_term(term, from, to)),
        ExprKind::Not(body) => in_body(body, from, to),
        ExprKind::Every { domain, body, .. } => {
            in_term(domain, from, to);
            in_body(body, from, to);
        }
        ExprKind::And(left, right) | ExprKind::Or(left, right) => {
            in_body(left, from, to);
            in_body(right, from, to);
        }
    }
    for clause in &mut expr.with {
        if let WithValue::Term(value) = &mut clause.value {
            in_term(value, from, to);
        }
    }
}

fn in_body(body: &mut Body, from: LocalId, to: LocalId) {
    body.exprs.iter_mut().for_each(|expr| in_expr(expr, from, to));
}

/// Puts a variable in the place of another one in a term.
pub(super) fn in_term(term: &mut Term, from: LocalId, to: LocalId) {
    match &mut term.kind {
        TermKind::Local(local) if *local == from => *local = to,
        TermKind::Ref(reference) => {
            if reference.base == RefBase::Local(from) {
                reference.base = RefBase::Local(to);
            }
            reference.path.iter_mut().for_each(|operand| in_term(operand, from, to));
        }
        TermKind::Array(items) | TermKind::Set(items) => items.iter_mut().for_each(|item| in_term(item, from, to)),
        TermKind::Object(entries) => {
            for (key, value) in entries {
                in_term(key, from, to);
                in_term(value, from, to);
            }
        }
        TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => {
            in_term(head, from, to);
            in_body(body, from, to);
        }
        TermKind::ObjectComprehension(key, value, body) => {
            in_term(key, from, to);
            in_term(value, from, to);
            in_body(body, from, to);
        }
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Local(_) => {}
    }
}
