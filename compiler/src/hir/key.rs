//! Keys of the tree of virtual documents.

use std::cmp::Ordering;

use super::number::compare_numbers;
use super::{Name, Term, TermKind};
use crate::source::Span;

/// A scalar in the path of a document, in OPA's order of values. Numbers are one key when they have one value, however they are written.
#[derive(Clone, Debug)]
pub enum Key {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A number, as written.
    Number(Name),
    /// A string.
    String(Name),
}

impl Key {
    /// The key that a term stands for; none for terms that are no scalars.
    #[must_use]
    pub fn of(term: &Term) -> Option<Self> {
        match &term.kind {
            TermKind::Null => Some(Self::Null),
            TermKind::Boolean(value) => Some(Self::Boolean(*value)),
            TermKind::Number(number) => Some(Self::Number(number.clone())),
            TermKind::String(name) => Some(Self::String(name.clone())),
            _ => None,
        }
    }

    /// The key as a term at a place.
    #[must_use]
    pub fn term(self, span: Span) -> Term {
        let kind = match self {
            Self::Null => TermKind::Null,
            Self::Boolean(value) => TermKind::Boolean(value),
            Self::Number(number) => TermKind::Number(number),
            Self::String(name) => TermKind::String(name),
        };
        Term { kind, span }
    }

    /// The text of a key that is a string.
    #[must_use]
    pub const fn name(&self) -> Option<&Name> {
        match self {
            Self::String(name) => Some(name),
            Self::Null | Self::Boolean(_) | Self::Number(_) => None,
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Boolean(_) => 1,
            Self::Number(_) => 2,
            Self::String(_) => 3,
        }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => compare_numbers(a, b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

impl From<Name> for Key {
    fn from(name: Name) -> Self {
        Self::String(name)
    }
}

impl From<&Name> for Key {
    fn from(name: &Name) -> Self {
        Self::String(name.clone())
    }
}

impl From<&str> for Key {
    fn from(name: &str) -> Self {
        Self::String(name.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_opas_order_and_numbers_by_value() {
        let number = |text: &str| Key::Number(text.into());
        let ascending = [
            Key::Null,
            Key::Boolean(false),
            Key::Boolean(true),
            number("2"),
            number("10"),
            Key::from(""),
            Key::from("a"),
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(a.cmp(b), i.cmp(&j), "{a:?} and {b:?}");
            }
        }
        assert_eq!(number("1.0"), number("1"));
        assert_ne!(number("1"), Key::from("1"));
    }
}
