//! Constants of the plan: each once, whatever the number of places it is written at.

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::hir::{Key, Term, TermKind};
use crate::index::IndexVec;
use crate::plan::ir::{ConstId, Constant};
use crate::plan::order::compare;
use crate::source::Name;

/// The constants so far.
pub(super) struct Constants {
    values: IndexVec<ConstId, Constant>,
    ids: FxHashMap<Constant, ConstId>,
    /// The ids of the first whole numbers: indices and lengths, which are asked for very often.
    integers: [Option<ConstId>; 16],
}

impl Constants {
    /// No constants yet, and room for so many.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self {
            values: IndexVec::with_capacity(count),
            ids: FxHashMap::with_capacity_and_hasher(count, FxBuildHasher),
            integers: [None; 16],
        }
    }

    /// The id of a constant.
    pub(super) fn add(&mut self, constant: Constant) -> ConstId {
        match self.ids.get(&constant) {
            Some(id) => *id,
            None => {
                let id = self.values.push(constant.clone());
                self.ids.insert(constant, id);
                id
            }
        }
    }

    /// The id of a string.
    pub(super) fn string(&mut self, text: &Name) -> ConstId {
        self.add(Constant::String(text.clone()))
    }

    /// The id of a key of the tree.
    pub(super) fn key(&mut self, key: &Key) -> ConstId {
        self.add(match key {
            Key::Null => Constant::Null,
            Key::Boolean(value) => Constant::Boolean(*value),
            Key::Number(text) => Constant::Number(text.clone()),
            Key::String(text) => Constant::String(text.clone()),
        })
    }

    /// The id of a whole number.
    pub(super) fn integer(&mut self, value: usize) -> ConstId {
        if let Some(Some(id)) = self.integers.get(value) {
            return *id;
        }
        let id = self.add(Constant::Number(value.to_string().into()));
        if let Some(known) = self.integers.get_mut(value) {
            *known = Some(id);
        }
        id
    }

    /// The id of a boolean.
    pub(super) fn boolean(&mut self, value: bool) -> ConstId {
        self.add(Constant::Boolean(value))
    }

    /// A constant.
    pub(super) fn get(&self, id: ConstId) -> &Constant {
        &self.values[id]
    }

    /// All constants.
    pub(super) fn into_values(self) -> IndexVec<ConstId, Constant> {
        self.values
    }
}

/// The value of a term that holds no variables, references or comprehensions; none for others.
pub(super) fn constant(term: &Term) -> Option<Constant> {
    match &term.kind {
        TermKind::Null => Some(Constant::Null),
        TermKind::Boolean(value) => Some(Constant::Boolean(*value)),
        TermKind::Number(text) => Some(Constant::Number(text.clone())),
        TermKind::String(text) => Some(Constant::String(text.clone())),
        TermKind::Array(elements) => elements.iter().map(constant).collect::<Option<_>>().map(Constant::Array),
        TermKind::Set(elements) => elements.iter().map(constant).collect::<Option<_>>().map(set),
        TermKind::Object(entries) => entries
            .iter()
            .map(|(key, value)| Some((constant(key)?, constant(value)?)))
            .collect::<Option<_>>()
            .map(object),
        TermKind::Local(_)
        | TermKind::Ref(_)
        | TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..) => None,
    }
}

/// A set of these elements. Of equal ones (`1` and `1.0`) the first stays, as in OPA.
fn set(mut elements: Vec<Constant>) -> Constant {
    elements.sort_by(compare);
    elements.dedup_by(|later, first| compare(later, first).is_eq());
    Constant::Set(elements)
}

/// An object of these entries. Of equal keys the first stays, with the last value, as in OPA.
fn object(mut entries: Vec<(Constant, Constant)>) -> Constant {
    entries.sort_by(|a, b| compare(&a.0, &b.0));
    entries.dedup_by(|later, first| {
        let same = compare(&later.0, &first.0).is_eq();
        if same {
            std::mem::swap(&mut later.1, &mut first.1);
        }
        same
    });
    Constant::Object(entries)
}
