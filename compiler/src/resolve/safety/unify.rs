//! Which variables an equation binds: knowledge passes from either side to the other, and through patterns.

use std::collections::{BTreeMap, BTreeSet};

use super::vars::{Reach, collect, term_vars};
use crate::hir::visit::is_alike;
use crate::hir::{LocalId, RefBase, Term, TermKind};

/// A side of an equation, in whatever tree it stands.
pub(super) trait Side: Sized {
    /// What the unifier takes it for.
    fn shape(&self) -> Shape<'_, Self>;
    /// Calls `found` with each variable of a pattern that unifying binds, those in sets included: to OPA they are bound, though no value is
    /// such a set.
    fn pattern_vars(&self, found: &mut dyn FnMut(LocalId));
    /// Whether what a reference or call begins with is bound.
    fn is_reached(&self, is_bound: &dyn Fn(LocalId) -> bool) -> bool;
    /// For each entry of the left object, the value under the same key of the right one.
    fn entries_alike<'a>(left: &'a [(Self, Self)], right: &'a [(Self, Self)]) -> Vec<(&'a Self, &'a Self)>;
}

/// What the unifier takes a side for.
pub(super) enum Shape<'a, S> {
    /// A variable.
    Local(LocalId),
    /// An array.
    Array(&'a [S]),
    /// An object.
    Object(&'a [(S, S)]),
    /// A reference, or a call.
    Reference,
    /// A comprehension of an array.
    ArrayComprehension,
    /// A comprehension of a set.
    SetComprehension,
    /// A comprehension of an object.
    ObjectComprehension,
    /// Anything else.
    Other,
}

/// The variables that are known once two terms were unified, given those that are bound already.
pub(super) fn unify<S: Side>(is_bound: &dyn Fn(LocalId) -> bool, left: &S, right: &S) -> BTreeSet<LocalId> {
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
    fn unify<S: Side>(&mut self, left: &S, right: &S) {
        use Shape::{Array, ArrayComprehension, Local, Object, ObjectComprehension, Reference, SetComprehension};
        match (left.shape(), right.shape()) {
            (Local(a), Local(b)) => self.unify_locals(a, b),
            (Local(a), Array(_) | Object(_)) => self.unify_pattern(a, right),
            (Array(_) | Object(_), Local(b)) => self.unify_pattern(b, left),
            (Local(_) | Array(_) | Object(_), Reference) => self.mark_from(right, left),
            (Reference, Local(_) | Array(_) | Object(_)) => self.mark_from(left, right),
            (Local(a), _) => self.mark(a),
            (_, Local(b)) => self.mark(b),
            (Array(_), ArrayComprehension | SetComprehension | ObjectComprehension) => self.mark_pattern(left),
            (ArrayComprehension, Array(_)) | (ObjectComprehension, Object(_)) => self.mark_pattern(right),
            (Array(a), Array(b)) if a.len() == b.len() => {
                for (a, b) in a.iter().zip(b) {
                    self.unify(a, b);
                }
            }
            (Object(a), Object(b)) if a.len() == b.len() => {
                for (a, b) in S::entries_alike(a, b) {
                    self.unify(a, b);
                }
            }
            _ => {}
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

    fn unify_pattern<S: Side>(&mut self, local: LocalId, pattern: &S) {
        if self.is_known(local) {
            self.mark_pattern(pattern);
            return;
        }
        let mut unknown = collect(|found| pattern.pattern_vars(found));
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

    /// Marks what a pattern binds, if the reference on the other side is bound; what this equation itself makes known does not count.
    fn mark_from<S: Side>(&mut self, reference: &S, pattern: &S) {
        if reference.is_reached(self.is_bound) {
            self.mark_pattern(pattern);
        }
    }

    fn mark_pattern<S: Side>(&mut self, pattern: &S) {
        for local in collect(|found| pattern.pattern_vars(found)) {
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

impl Side for Term {
    fn shape(&self) -> Shape<'_, Self> {
        match &self.kind {
            TermKind::Local(local) => Shape::Local(*local),
            TermKind::Array(items) => Shape::Array(items),
            TermKind::Object(entries) => Shape::Object(entries),
            TermKind::Ref(_) => Shape::Reference,
            TermKind::ArrayComprehension(..) => Shape::ArrayComprehension,
            TermKind::SetComprehension(..) => Shape::SetComprehension,
            TermKind::ObjectComprehension(..) => Shape::ObjectComprehension,
            TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Set(_) => {
                Shape::Other
            }
        }
    }

    fn pattern_vars(&self, found: &mut dyn FnMut(LocalId)) {
        term_vars(self, Reach { sets: true, ..Reach::PATTERN }, found);
    }

    fn is_reached(&self, is_bound: &dyn Fn(LocalId) -> bool) -> bool {
        match &self.kind {
            TermKind::Ref(reference) => match reference.base {
                RefBase::Local(local) => is_bound(local),
                RefBase::Input | RefBase::Data => true,
            },
            _ => false,
        }
    }

    fn entries_alike<'a>(left: &'a [(Self, Self)], right: &'a [(Self, Self)]) -> Vec<(&'a Self, &'a Self)> {
        let by_key: BTreeMap<Key<'_>, &Self> =
            right.iter().filter_map(|(key, value)| Some((Key::of(key)?, value))).collect();
        let other = |key: &Self| match Key::of(key) {
            Some(key) => by_key.get(&key).copied(),
            None => right.iter().find(|(other, _)| is_alike(key, other)).map(|(_, value)| value),
        };
        left.iter().filter_map(|(key, value)| Some((value, other(key)?))).collect()
    }
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
