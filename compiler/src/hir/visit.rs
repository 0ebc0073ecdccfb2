//! Walks of the resolved tree. Looks, and decides nothing.

use super::{Body, Expr, ExprKind, LocalId, Term, TermKind, WithValue};

/// What a walk does at each statement and term, outer before inner.
pub trait Visitor<'p> {
    /// Looks at a statement; whether to go on below it.
    fn expr(&mut self, _expr: &'p Expr) -> bool {
        true
    }
    /// Looks at a term; whether to go on below it.
    fn term(&mut self, _term: &'p Term) -> bool {
        true
    }
}

/// Walks the statements of a body.
pub fn walk_body<'p>(visitor: &mut impl Visitor<'p>, body: &'p Body) {
    for expr in &body.exprs {
        walk_expr(visitor, expr);
    }
}

/// Walks a statement and its `with` clauses.
pub fn walk_expr<'p>(visitor: &mut impl Visitor<'p>, expr: &'p Expr) {
    if !visitor.expr(expr) {
        return;
    }
    match &expr.kind {
        ExprKind::Term(term) => walk_term(visitor, term),
        ExprKind::Unify(left, right) => {
            walk_term(visitor, left);
            walk_term(visitor, right);
        }
        ExprKind::Call { args, output, .. } => {
            for term in args.iter().chain(output) {
                walk_term(visitor, term);
            }
        }
        ExprKind::Not(body) => walk_body(visitor, body),
        ExprKind::Every { domain, body, .. } => {
            walk_term(visitor, domain);
            walk_body(visitor, body);
        }
        ExprKind::And(left, right) | ExprKind::Or(left, right) => {
            walk_body(visitor, left);
            walk_body(visitor, right);
        }
    }
    for with in &expr.with {
        if let WithValue::Term(value) = &with.value {
            walk_term(visitor, value);
        }
    }
}

/// Walks a term.
pub fn walk_term<'p>(visitor: &mut impl Visitor<'p>, term: &'p Term) {
    if !visitor.term(term) {
        return;
    }
    match &term.kind {
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Local(_) => {}
        TermKind::Ref(reference) => walk_terms(visitor, &reference.path),
        TermKind::Array(items) | TermKind::Set(items) => walk_terms(visitor, items),
        TermKind::Object(entries) => {
            for (key, value) in entries {
                walk_term(visitor, key);
                walk_term(visitor, value);
            }
        }
        TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => {
            walk_term(visitor, head);
            walk_body(visitor, body);
        }
        TermKind::ObjectComprehension(key, value, body) => {
            walk_term(visitor, key);
            walk_term(visitor, value);
            walk_body(visitor, body);
        }
    }
}

fn walk_terms<'p>(visitor: &mut impl Visitor<'p>, terms: &'p [Term]) {
    for term in terms {
        walk_term(visitor, term);
    }
}

/// Whether the value of a term is known when it is compiled: no variable, reference or comprehension in it.
#[must_use]
pub fn is_constant(term: &Term) -> bool {
    struct Constant(bool);
    impl Visitor<'_> for Constant {
        fn term(&mut self, term: &Term) -> bool {
            self.0 &= !matches!(
                term.kind,
                TermKind::Local(_)
                    | TermKind::Ref(_)
                    | TermKind::ArrayComprehension(..)
                    | TermKind::SetComprehension(..)
                    | TermKind::ObjectComprehension(..)
            );
            self.0
        }
    }
    let mut constant = Constant(true);
    walk_term(&mut constant, term);
    constant.0
}

/// The variables that stand in a term itself, not below it.
#[must_use]
pub fn own_local(term: &Term) -> Option<LocalId> {
    match &term.kind {
        TermKind::Local(local) => Some(*local),
        TermKind::Ref(reference) => match reference.base {
            super::RefBase::Local(local) => Some(local),
            super::RefBase::Input | super::RefBase::Data => None,
        },
        _ => None,
    }
}

/// Whether two terms are written alike: without comprehensions, they have the same value then.
#[must_use]
pub fn is_alike(a: &Term, b: &Term) -> bool {
    let all_alike = |a: &[Term], b: &[Term]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_alike(a, b));
    match (&a.kind, &b.kind) {
        (TermKind::Null, TermKind::Null) => true,
        (TermKind::Boolean(a), TermKind::Boolean(b)) => a == b,
        (TermKind::Number(a), TermKind::Number(b)) | (TermKind::String(a), TermKind::String(b)) => a == b,
        (TermKind::Local(a), TermKind::Local(b)) => a == b,
        (TermKind::Ref(a), TermKind::Ref(b)) => a.base == b.base && all_alike(&a.path, &b.path),
        (TermKind::Array(a), TermKind::Array(b)) | (TermKind::Set(a), TermKind::Set(b)) => all_alike(a, b),
        _ => false,
    }
}
