//! What OPA orders the elements of a set and the items of an object by when it makes them (`v1/ast/compare.go`), when calls in them have
//! become variables: equal elements are the first of them, and of equal keys the last value counts.
//!
//! OPA's compiler has made variables of calls first and of references and comprehensions then (`rewriteExprTerms`,
//! `rewriteDynamicTerms`), in the order in which it came to them, and named them by numbers. The names are taken to be in the order of
//! these numbers, which is not so between the ninth and the tenth variable of all modules: how many there are before is not known here.

use std::cmp::Ordering;

use crate::hir::number::compare_numbers;
use crate::hir::visit::is_constant;
use crate::hir::{Local, LocalId, LocalOrigin, RefBase, Term, TermKind};
use crate::source::Name;

use super::scope::Scopes;

/// A term as OPA compares it. The kinds are in OPA's order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Null,
    Boolean(bool),
    Number(Number),
    String(Name),
    Variable(VariableName),
    /// By what it begins with.
    Reference(VariableName),
    Array(Vec<SortKey>),
    Object(Vec<(SortKey, SortKey)>),
    Set(Vec<SortKey>),
    ArrayComprehension,
    ObjectComprehension,
    SetComprehension,
}

/// The name of a variable in OPA: as it is written, or made up of an underscore and what numbers it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct VariableName {
    text: Name,
    made: Made,
}

/// Which step of OPA's compiler names a variable, in the order of the steps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Made {
    Written,
    Declared(LocalId),
    Call(LocalId),
    /// For a reference or a comprehension: how many it found before.
    Lookup(usize),
}

/// A number as written, which is compared by its value.
#[derive(Clone, Debug)]
struct Number(Name);

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        compare_numbers(&self.0, &other.0)
    }
}

/// Brings items into the order in which OPA adds them to a set or an object; `term` gives the element or the key.
pub(super) fn sort_as_added<T>(items: &mut Vec<T>, term: impl Fn(&T) -> &Term, scopes: &Scopes) {
    if items.len() < 2 || items.iter().all(|item| is_constant(term(item))) {
        return;
    }
    let mut keyed: Vec<(SortKey, T)> = items.drain(..).map(|item| (SortKey::of(term(&item), scopes), item)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut lookups = 0;
    keyed.iter_mut().for_each(|(key, _)| key.name_lookups(&mut lookups));
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    items.extend(keyed.into_iter().map(|(_, item)| item));
}

impl SortKey {
    /// References that begin alike are equal, and comprehensions are, before OPA names what they find.
    fn of(term: &Term, scopes: &Scopes) -> SortKey {
        let key_of = |term: &Term| SortKey::of(term, scopes);
        match &term.kind {
            TermKind::Null => SortKey::Null,
            TermKind::Boolean(value) => SortKey::Boolean(*value),
            TermKind::Number(number) => SortKey::Number(Number(number.clone())),
            TermKind::String(text) => SortKey::String(text.clone()),
            TermKind::Local(local) => SortKey::Variable(VariableName::of(*local, scopes)),
            TermKind::Ref(reference) => SortKey::Reference(match reference.base {
                RefBase::Local(local) => VariableName::of(local, scopes),
                RefBase::Data => VariableName::written("data".into()),
                RefBase::Input => VariableName::written("input".into()),
            }),
            TermKind::Array(terms) => SortKey::Array(terms.iter().map(key_of).collect()),
            TermKind::Object(items) => {
                SortKey::Object(items.iter().map(|(key, value)| (key_of(key), key_of(value))).collect())
            }
            TermKind::Set(terms) => SortKey::Set(terms.iter().map(key_of).collect()),
            TermKind::ArrayComprehension(..) => SortKey::ArrayComprehension,
            TermKind::ObjectComprehension(..) => SortKey::ObjectComprehension,
            TermKind::SetComprehension(..) => SortKey::SetComprehension,
        }
    }

    /// Puts variables in the places of references and comprehensions; `lookups` counts them.
    fn name_lookups(&mut self, lookups: &mut usize) {
        match self {
            SortKey::Null | SortKey::Boolean(_) | SortKey::Number(_) | SortKey::String(_) | SortKey::Variable(_) => {}
            SortKey::Array(keys) | SortKey::Set(keys) => keys.iter_mut().for_each(|key| key.name_lookups(lookups)),
            SortKey::Object(items) => items.iter_mut().for_each(|(key, value)| {
                key.name_lookups(lookups);
                value.name_lookups(lookups);
            }),
            SortKey::Reference(_)
            | SortKey::ArrayComprehension
            | SortKey::ObjectComprehension
            | SortKey::SetComprehension => {
                *self = SortKey::Variable(VariableName::made(Made::Lookup(*lookups)));
                *lookups += 1;
            }
        }
    }
}

impl VariableName {
    fn of(local: LocalId, scopes: &Scopes) -> VariableName {
        match scopes.local(local) {
            Some(Local { name: Some(name), origin: LocalOrigin::Implicit, .. }) => VariableName::written(name.clone()),
            Some(Local { origin: LocalOrigin::Hoisted, .. }) => VariableName::made(Made::Call(local)),
            _ => VariableName::made(Made::Declared(local)),
        }
    }

    fn written(text: Name) -> VariableName {
        VariableName { text, made: Made::Written }
    }

    fn made(made: Made) -> VariableName {
        VariableName { text: "_".into(), made }
    }
}
