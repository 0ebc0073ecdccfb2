//! Arrays.

#![expect(unsafe_code, reason = "sorts raw elements in place")]

use crate::{Tag, Value, arena, compare, raw};

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

    /// Takes the last element away.
    pub(crate) fn pop(self) -> Option<Value> {
        let last = self.len().checked_sub(1)?;
        raw::set_len(self.0, last);
        Some(raw::item(self.0, last))
    }

    /// Brings the elements into OPA's order; equal ones stay in theirs. No slice of them may be in use.
    pub(crate) fn sort(self) {
        let count = self.len();
        let mut scratch = arena::Scratch::new(count / 2 * size_of::<Value>());
        // SAFETY: the array has so many elements, and the scratch memory has room for half of them.
        unsafe { merge_sort(raw::items(self.0), count, scratch.start().cast()) };
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

/// Sorts values: each half first, then both are merged. The standard library's sorts are ten times as large.
///
/// # Safety
/// So many values lie at `items`, nothing else reads them meanwhile, and there is room for half of them at `scratch`.
unsafe fn merge_sort(items: *mut Value, count: usize, scratch: *mut Value) {
    let half = count / 2;
    if half == 0 {
        return;
    }
    // SAFETY: all places are among the values, or in the scratch memory. What is written never passes what is read of the second half.
    unsafe {
        let (mut right, end) = (items.add(half), items.add(count));
        merge_sort(items, half, scratch);
        merge_sort(right, count - half, scratch);
        if compare::order(right.sub(1).read(), right.read()) <= 0 {
            return;
        }
        scratch.copy_from_nonoverlapping(items, half);
        let (mut left, left_end) = (scratch, scratch.add(half));
        let mut to = items;
        while left < left_end {
            if right < end && compare::order(left.read(), right.read()) > 0 {
                to.write(right.read());
                right = right.add(1);
            } else {
                to.write(left.read());
                left = left.add(1);
            }
            to = to.add(1);
        }
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
