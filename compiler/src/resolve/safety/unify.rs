//! Which variables an equation binds: knowledge passes from either side to the other, and through patterns.

use std::collections::{BTreeMap, BTreeSet};

use super::vars::{Reach, collect, term_vars};
use crate::hir::visit::is_alike;
use crate::hir::{LocalId, RefBase, Term, TermKind};

/// The variables that are known once two terms were unified, given those that are bound already.
pub(super) fn unify(is_bound: &dyn Fn(LocalId) -> bool, left: &Term, right: &Term) -> BTreeSet<LocalId> {
    let mut unifier =
        Unifier { is_bound, unified: BTreeSet::new(), waiting: BTreeMap::new(), waited_for_by: BTreeMap::new() };
    unifier.unify(left, right);
    unifier.unified
}

struct Unifier<'a> {
    is_bound: &'a dyn Fn(LocalId) -> bool,
    unified: BTreeSet<LocalId>,
    /// Variables that are known as soon as all of these are. Also the other way round: if the variable is known, so are
    /// these.
    waiting: BTreeMap<LocalId, BTreeSet<LocalId>>,
    /// The keys of `waiting` by the variables they wait for.
    waited_for_by: BTreeMap<LocalId, Vec<LocalId>>,
}

impl Unifier<'_> {
    fn unify(&mut self, left: &Term, right: &Term) {
        use TermKind::{Array, ArrayComprehension, Local, Object, ObjectComprehension, Ref, SetComprehension};
        match (&left.kind, &right.kind) {
            (Local(a), Local(b)) => self.unify_locals(*a, *b),
            (Local(a), Array(_) | Object(_)) => self.unify_pattern(*a, right),
            (Array(_) | Object(_), Local(b)) => self.unify_pattern(*b, left),
            (Local(_) | Array(_) | Object(_), Ref(_)) => self.mark_from(right, left),
            (Ref(_), Local(_) | Array(_) | Object(_)) => self.mark_from(left, right),
            (Local(a), _) => self.mark(*a),
            (_, Local(b)) => self.mark(*b),
            (Array(_), ArrayComprehension(..) | SetComprehension(..) | ObjectComprehension(..)) => {
                self.mark_pattern(left)
            }
            (ArrayComprehension(..), Array(_)) | (ObjectComprehension(..), Object(_)) => self.mark_pattern(right),
            (Array(a), Array(b)) if a.len() == b.len() => {
                for (a, b) in a.iter().zip(b) {
                    self.unify(a, b);
                }
            }
            (Object(a), Object(b)) if a.len() == b.len() => self.unify_objects(a, b),
            _ => {}
        }
    }

    fn unify_objects(&mut self, left: &[(Term, Term)], right: &[(Term, Term)]) {
        let by_key: BTreeMap<Key<'_>, &Term> =
            right.iter().filter_map(|(key, value)| Some((Key::of(key)?, value))).collect();
        for (key, value) in left {
            let other = match Key::of(key) {
                Some(key) => by_key.get(&key).copied(),
                None => right.iter().find(|(other, _)| is_alike(key, other)).map(|(_, value)| value),
            };
            if let Some(other) = other {
                self.unify(value, other);
            }
        }
    }

    fn unify_locals(&mut self, a: LocalId, b: LocalId) {
        if self.is_known(b) {
            self.mark(a);
        } else if self.is_known(a) {
            self.mark(b);
        } else {
            self.wait(a, b);
            self.wait(b, a);
        }
    }

    fn unify_pattern(&mut self, local: LocalId, pattern: &Term) {
        if self.is_known(local) {
            self.mark_pattern(pattern);
            return;
        }
        let mut unknown = pattern_vars(pattern);
        unknown.retain(|var| !self.is_known(*var));
        if unknown.is_empty() {
            self.mark(local);
        }
        for var in unknown {
            self.wait(local, var);
        }
    }

    fn is_known(&self, local: LocalId) -> bool {
        (self.is_bound)(local) || self.unified.contains(&local)
    }

    /// Whether the beginning of a reference is bound; what this equation itself makes known does not count.
    fn is_ref_bound(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Ref(reference) => match reference.base {
                RefBase::Local(local) => (self.is_bound)(local),
                RefBase::Input | RefBase::Data => true,
            },
            _ => false,
        }
    }

    /// Marks what a pattern binds, if the reference on the other side is bound.
    fn mark_from(&mut self, reference: &Term, pattern: &Term) {
        if self.is_ref_bound(reference) {
            self.mark_pattern(pattern);
        }
    }

    fn mark_pattern(&mut self, pattern: &Term) {
        for local in pattern_vars(pattern) {
            self.mark(local);
        }
    }

    fn mark(&mut self, local: LocalId) {
        let mut known = vec![local];
        while let Some(local) = known.pop() {
            self.unified.insert(local);
            known.extend(self.waiting.remove(&local).into_iter().flatten());
            for waiter in self.waited_for_by.remove(&local).into_iter().flatten() {
                if let Some(left) = self.waiting.get_mut(&waiter) {
                    left.remove(&local);
                    if left.is_empty() {
                        known.push(waiter);
                    }
                }
            }
        }
    }

    fn wait(&mut self, local: LocalId, for_local: LocalId) {
        self.waiting.entry(local).or_default().insert(for_local);
        self.waited_for_by.entry(for_local).or_default().push(local);
    }
}

/// The variables of an array or object, those in sets included: to OPA they are bound, though no value is such a set.
fn pattern_vars(pattern: &Term) -> Vec<LocalId> {
    collect(|found| term_vars(pattern, Reach { sets: true, ..Reach::PATTERN }, found))
}

/// The key of an object pattern, where it can be compared with another.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Null,
    Boolean(bool),
    Number(&'a str),
    String(&'a str),
    Local(LocalId),
    Array(Vec<Key<'a>>),
}

impl<'a> Key<'a> {
    fn of(term: &'a Term) -> Option<Self> {
        Some(match &term.kind {
            TermKind::Null => Self::Null,
            TermKind::Boolean(value) => Self::Boolean(*value),
            TermKind::Number(text) => Self::Number(text),
            TermKind::String(text) => Self::String(text),
            TermKind::Local(local) => Self::Local(*local),
            TermKind::Array(items) => Self::Array(items.iter().map(Self::of).collect::<Option<_>>()?),
            TermKind::Ref(_)
            | TermKind::Object(_)
            | TermKind::Set(_)
            | TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..) => return None,
        })
    }
}
