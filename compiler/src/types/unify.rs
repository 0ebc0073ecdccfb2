//! Whether values of two types can be equal, and what that says of variables without a type.

use super::env::Env;
use super::ty::{Key, Type, is_unknown};
use crate::hir::visit::{is_alike, is_constant};
use crate::hir::{Term, TermKind};

/// Whether some value may be of both types. What is not known is of no type.
#[must_use]
pub(super) fn unifies(a: Option<&Type>, b: Option<&Type>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    if a.is_same(b) && !a.has_unknown() {
        return true;
    }
    if let Type::Any(any) = a
        && union_unifies(&any.of, b)
    {
        return true;
    }
    if let Type::Any(any) = b
        && union_unifies(&any.of, a)
    {
        return true;
    }
    match (a, b) {
        (Type::Null, Type::Null)
        | (Type::Boolean, Type::Boolean)
        | (Type::Number, Type::Number)
        | (Type::String, Type::String) => true,
        (Type::Array(a), Type::Array(b)) => {
            let longest = a.fixed.len().max(b.fixed.len());
            let fit = (0..longest).all(|at| {
                let a = a.fixed.get(at).unwrap_or(&a.rest);
                let b = b.fixed.get(at).unwrap_or(&b.rest);
                unifies(a.as_ref(), b.as_ref())
            });
            fit && rests_unify(a.rest.as_ref(), b.rest.as_ref())
        }
        (Type::Object(of_a), Type::Object(of_b)) => {
            let rest = |rest: &Option<(Option<Type>, Option<Type>)>| rest.as_ref().and_then(|(_, value)| value.clone());
            let (a_rest, b_rest) = (rest(&of_a.rest), rest(&of_b.rest));
            let is_open = a_rest.is_some() || b_rest.is_some();
            let fit = |keys: &[(Key, Option<Type>)], other: &Type| {
                keys.iter().all(|(key, value)| match other.select(key) {
                    None => is_open,
                    of_other => unifies(value.as_ref(), of_other.as_ref()),
                })
            };
            fit(&of_a.fixed, b) && fit(&of_b.fixed, a) && rests_unify(a_rest.as_ref(), b_rest.as_ref())
        }
        // A set without an element type is the empty set, and that is a value of each set type.
        (Type::Set(a), Type::Set(b)) => rests_unify(a.of.as_ref(), b.of.as_ref()),
        (Type::Function(a), Type::Function(b)) => {
            a.params.len() == b.params.len()
                && a.params.iter().zip(&b.params).all(|(a, b)| unifies(a.as_ref(), b.as_ref()))
        }
        _ => false,
    }
}

fn rests_unify(a: Option<&Type>, b: Option<&Type>) -> bool {
    a.is_none() || b.is_none() || unifies(a, b)
}

fn union_unifies(of: &[Type], ty: &Type) -> bool {
    !matches!(ty, Type::Function(_)) && (of.is_empty() || of.iter().any(|member| unifies(Some(member), Some(ty))))
}

impl Env<'_> {
    /// Whether two terms can be equal; gives variables without a type that of the other side.
    pub(super) fn unify_terms(&mut self, a: &Term, a_type: &Option<Type>, b: &Term, b_type: &Option<Type>) -> bool {
        match (is_unknown(a_type), is_unknown(b_type)) {
            (true, false) => return self.unify_with(a, b_type.as_ref(), false),
            (false, true) => return self.unify_with(b, a_type.as_ref(), false),
            (false, false) => return unifies(a_type.as_ref(), b_type.as_ref()),
            (true, true) => {}
        }
        match (&a.kind, &b.kind) {
            (TermKind::Array(a), TermKind::Array(b)) => a.len() == b.len() && self.unify_pairs(a.iter().zip(b)),
            (TermKind::Object(a), TermKind::Object(b)) => a.len() == b.len() && self.unify_entries(a, b),
            (TermKind::Local(_), TermKind::Local(_) | TermKind::Array(_) | TermKind::Object(_)) => {
                self.unify_unknown(b, a)
            }
            (TermKind::Array(_) | TermKind::Object(_), TermKind::Local(_)) => self.unify_unknown(a, b),
            (TermKind::Local(_), _) if a_type.is_none() && b_type.is_some() => {
                self.unify_with(a, b_type.as_ref(), false)
            }
            (_, TermKind::Local(_)) if b_type.is_none() && a_type.is_some() => {
                self.unify_with(b, a_type.as_ref(), false)
            }
            _ => false,
        }
    }

    /// Two sides of which nothing is known are of any type.
    fn unify_unknown(&mut self, pattern: &Term, variable: &Term) -> bool {
        self.unify_with(pattern, Some(&Type::any()), false) && {
            let ty = self.type_of(pattern);
            self.unify_with(variable, ty.as_ref(), false)
        }
    }

    fn unify_pairs<'t>(&mut self, mut pairs: impl Iterator<Item = (&'t Term, &'t Term)>) -> bool {
        pairs.all(|(a, b)| {
            let (a_type, b_type) = (self.type_of(a), self.type_of(b));
            self.unify_terms(a, &a_type, b, &b_type)
        })
    }

    fn unify_entries(&mut self, a: &[(Term, Term)], b: &[(Term, Term)]) -> bool {
        let by_key: std::collections::BTreeMap<Key, &Term> =
            b.iter().filter_map(|(key, value)| Some((Key::of(key)?, value))).collect();
        // Of keys that are no constants, those are the same that are written alike.
        let others: Vec<_> = b.iter().filter(|(key, _)| Key::of(key).is_none()).collect();
        let alike = |key: &Term| others.iter().find(|(other, _)| is_alike(key, other)).map(|(_, value)| value);
        let pairs: Option<Vec<(&Term, &Term)>> = a
            .iter()
            .map(|(key, value)| match Key::of(key) {
                Some(key) => Some((value, *by_key.get(&key)?)),
                None => Some((value, alike(key)?)),
            })
            .collect();
        pairs.is_some_and(|pairs| self.unify_pairs(pairs.into_iter()))
    }

    /// Whether a term can be of a type; gives variables without a type that type, or, inside a union, adds it to
    /// theirs.
    pub(super) fn unify_with(&mut self, term: &Term, ty: Option<&Type>, in_union: bool) -> bool {
        match &term.kind {
            TermKind::Array(_) | TermKind::Object(_) | TermKind::Set(_) => self.unify_composite(term, ty, in_union),
            TermKind::Local(local) => {
                let exists = self.local(*local);
                if in_union {
                    self.set_local(*local, Type::or(exists, ty.cloned()));
                    return true;
                }
                if exists.is_some() {
                    return unifies(exists.as_ref(), ty);
                }
                self.set_local(*local, ty.cloned());
                true
            }
            _ => {
                let of_term = self.type_of(term);
                unifies(of_term.as_ref(), ty)
            }
        }
    }

    fn unify_composite(&mut self, term: &Term, ty: Option<&Type>, in_union: bool) -> bool {
        match (&term.kind, ty) {
            (_, Some(Type::Any(any))) if any.of.is_empty() => {
                self.unify_members_with_any(term);
                true
            }
            (_, Some(Type::Any(any))) => {
                let of = any.of.clone();
                // All of them are looked at: each may say something of a variable.
                let mut unified = false;
                for member in &of {
                    unified |= self.unify_with(term, Some(member), true);
                }
                unified
            }
            (TermKind::Array(items), Some(Type::Array(array))) => {
                (items.len() == array.fixed.len() || array.rest.is_some())
                    && items.iter().enumerate().all(|(at, item)| {
                        self.unify_with(item, array.fixed.get(at).unwrap_or(&array.rest).as_ref(), in_union)
                    })
            }
            (TermKind::Object(entries), Some(ty @ Type::Object(object))) => {
                let is_open = object.rest.as_ref().is_some_and(|(_, value)| value.is_some());
                (entries.len() == object.fixed.len() || is_open)
                    && entries.iter().all(|(key, value)| match Key::of(key) {
                        Some(key) => {
                            let child = ty.select(&key);
                            child.is_some() && self.unify_with(value, child.as_ref(), in_union)
                        }
                        // Which of the values it is cannot be said.
                        None => {
                            self.unify_with(value, Some(&Type::any()), in_union);
                            true
                        }
                    })
            }
            (TermKind::Set(items), Some(Type::Set(set))) => {
                items.iter().all(|item| self.unify_with(item, set.of.as_ref(), in_union))
            }
            _ => false,
        }
    }

    fn unify_members_with_any(&mut self, term: &Term) {
        let any = Type::any();
        match &term.kind {
            TermKind::Array(items) | TermKind::Set(items) => {
                for item in items.iter().filter(|item| !is_constant(item)) {
                    self.unify_with(item, Some(&any), true);
                }
            }
            TermKind::Object(entries) => {
                for part in entries.iter().flat_map(|(key, value)| [key, value]).filter(|part| !is_constant(part)) {
                    self.unify_with(part, Some(&any), true);
                }
            }
            _ => {}
        }
    }
}
