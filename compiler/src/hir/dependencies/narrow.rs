//! The values that variables of a body can have, where the text says so.

use std::collections::BTreeMap;

use crate::hir::visit::is_constant;
use crate::hir::{Expr, ExprKind, LocalId, Ref, RefBase, Term, TermKind, text};

/// The most values that are followed. A longer list is as good as unknown.
const MAX_VALUES: usize = 64;

/// The variables of a body with known values.
#[derive(Debug)]
pub(super) struct Known<'p> {
    /// By variable: the place of the statement that binds it, and the values.
    values: BTreeMap<LocalId, (usize, Vec<&'p Term>)>,
}

impl<'p> Known<'p> {
    /// What the statements of a body say, in the order of the text. A statement counts only if what it reads is known
    /// before it: then it stays before all that follow it however the body is reordered.
    pub(super) fn of(exprs: &[&'p Expr]) -> Self {
        let mut this = Self { values: BTreeMap::new() };
        for (at, expr) in exprs.iter().enumerate() {
            let ExprKind::Unify(left, right) = &expr.kind else { continue };
            if !expr.with.is_empty() {
                continue;
            }
            let binding = [(left, right), (right, left)].into_iter().find_map(|(side, other)| match side.kind {
                TermKind::Local(local) => Some((local, this.term(other, at)?)),
                _ => None,
            });
            if let Some((local, values)) = binding {
                this.values.entry(local).or_insert((at, values));
            }
        }
        this
    }

    /// The operands of a reference, once for each combination of known values of its variables. Never empty.
    pub(super) fn expand(&self, reference: &'p Ref, at: usize) -> Vec<Vec<&'p Term>> {
        let mut expanded: Vec<Vec<&'p Term>> = vec![Vec::with_capacity(reference.path.len())];
        for operand in &reference.path {
            let values = if is_constant(operand) { None } else { self.term(operand, at) };
            // No value at all means that the body has no solution; it is not for this analysis to say so.
            let values = values.filter(|values| !values.is_empty() && expanded.len() * values.len() <= MAX_VALUES);
            let values = values.unwrap_or_else(|| vec![operand]);
            expanded = expanded
                .into_iter()
                .flat_map(|operands| values.iter().map(move |value| [operands.as_slice(), &[*value]].concat()))
                .collect();
        }
        expanded
    }

    /// The values of a term before a statement; none if they are not known.
    fn term(&self, term: &'p Term, at: usize) -> Option<Vec<&'p Term>> {
        match &term.kind {
            TermKind::Local(local) => self.local(*local, at),
            TermKind::Ref(reference) => self.reference(reference, at),
            _ => is_constant(term).then(|| vec![term]),
        }
    }

    fn local(&self, local: LocalId, at: usize) -> Option<Vec<&'p Term>> {
        self.values.get(&local).filter(|(bound_at, _)| *bound_at < at).map(|(_, values)| values.clone())
    }

    fn reference(&self, reference: &'p Ref, at: usize) -> Option<Vec<&'p Term>> {
        let RefBase::Local(base) = reference.base else { return None };
        let mut values = self.local(base, at)?;
        for operand in &reference.path {
            let mut next = Vec::new();
            for value in values {
                if is_constant(operand) {
                    next.extend(member(value, operand));
                } else {
                    next.extend(members(value)?);
                }
            }
            if next.len() > MAX_VALUES {
                return None;
            }
            values = next;
        }
        Some(values)
    }
}

/// Every member of a constant collection: the elements of arrays and sets, the values of objects.
pub fn members(collection: &Term) -> Option<Vec<&Term>> {
    match &collection.kind {
        TermKind::Array(items) | TermKind::Set(items) => Some(items.iter().collect()),
        TermKind::Object(entries) => Some(entries.iter().map(|(_, value)| value).collect()),
        _ => None,
    }
}

/// The member of a constant collection below a constant operand.
fn member<'p>(collection: &'p Term, operand: &Term) -> Option<&'p Term> {
    match (&collection.kind, &operand.kind) {
        (TermKind::Array(items), TermKind::Number(index)) => items.get(index.parse::<usize>().ok()?),
        (TermKind::Object(entries), _) => {
            let key = text::constant(operand);
            entries.iter().rev().find(|(other, _)| text::constant(other) == key).map(|(_, value)| value)
        }
        (TermKind::Set(items), _) => {
            let key = text::constant(operand);
            items.iter().find(|item| text::constant(item) == key)
        }
        _ => None,
    }
}
