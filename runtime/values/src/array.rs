//! Arrays.

use crate::{Tag, Value, raw};

/// A handle to an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Array(pub(crate) Value);

impl Array {
    /// An empty array with room for that many elements.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self(raw::new_collection(Tag::Array, capacity))
    }

    /// Appends an element.
    pub fn push(self, element: Value) {
        raw::reserve_one(self.0, 1);
        let len = raw::len(self.0);
        raw::set_item(self.0, len, element);
        raw::set_len(self.0, len + 1);
    }

    /// The element at an index, or undefined.
    #[must_use]
    pub fn get(self, index: usize) -> Value {
        if index < self.len() { raw::item(self.0, index) } else { Value::UNDEFINED }
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

    /// The elements that are there now; later ones are not seen.
    #[must_use]
    pub fn as_slice(self) -> &'static [Value] {
        raw::slice(self.0)
    }

    /// The elements that are there now.
    pub fn iter(self) -> impl ExactSizeIterator<Item = Value> + DoubleEndedIterator {
        self.as_slice().iter().copied()
    }
}

impl FromIterator<Value> for Array {
    fn from_iter<I: IntoIterator<Item = Value>>(elements: I) -> Self {
        let elements = elements.into_iter();
        let array = Self::new(elements.size_hint().0);
        elements.for_each(|element| array.push(element));
        array
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        array.0
    }
}
