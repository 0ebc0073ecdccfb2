//! Sets.

use crate::{Tag, Value, keyed, raw};

/// A handle to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set(pub(crate) Value);

impl Set {
    /// An empty set with room for that many elements.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self(raw::new_collection(Tag::Set, capacity))
    }

    /// Adds an element; false when it was there.
    #[expect(clippy::should_implement_trait, reason = "what Rego calls it; it is not `+`")]
    pub fn add(self, element: Value) -> bool {
        let len = self.len();
        keyed::find_or_insert(self.0, element);
        self.len() > len
    }

    /// The element that equals a value, or undefined.
    #[must_use]
    pub fn get(self, element: Value) -> Value {
        keyed::find(self.0, element).get()
    }

    /// Whether the set has such an element.
    #[must_use]
    pub fn contains(self, element: Value) -> bool {
        keyed::find(self.0, element).exists()
    }

    /// The number of elements.
    #[must_use]
    pub fn len(self) -> usize {
        raw::len(self.0)
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The elements in order. The set must not change meanwhile.
    pub fn elements(self) -> impl ExactSizeIterator<Item = Value> + DoubleEndedIterator {
        keyed::settle(self.0);
        (0..self.len()).map(move |at| raw::item(self.0, at))
    }
}

impl FromIterator<Value> for Set {
    fn from_iter<I: IntoIterator<Item = Value>>(elements: I) -> Self {
        let elements = elements.into_iter();
        let set = Self::new(elements.size_hint().0);
        elements.for_each(|element| {
            set.add(element);
        });
        set
    }
}

impl From<Set> for Value {
    fn from(set: Set) -> Self {
        set.0
    }
}
