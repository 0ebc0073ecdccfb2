//! Objects.

use crate::{Tag, Value, equal, keyed, raw};

/// A handle to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object(pub(crate) Value);

impl Object {
    /// An empty object with room for that many keys.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self(raw::new_collection(Tag::Object, capacity))
    }

    /// Adds a key with its value, or replaces the value.
    pub fn insert(self, key: Value, value: Value) {
        keyed::find_or_insert(self.0, key).set(value);
    }

    /// Adds a key with its value; false when it is there with another value, which then stays.
    #[must_use]
    pub fn insert_once(self, key: Value, value: Value) -> bool {
        let slot = keyed::find_or_insert(self.0, key);
        let old = slot.get();
        if old.is_undefined() {
            slot.set(value);
            return true;
        }
        equal(old, value)
    }

    /// The value of a key, or undefined.
    #[must_use]
    pub fn get(self, key: Value) -> Value {
        keyed::find(self.0, key).get()
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn contains_key(self, key: Value) -> bool {
        keyed::find(self.0, key).exists()
    }

    /// The number of keys.
    #[must_use]
    pub fn len(self) -> usize {
        keyed::count(self.0)
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(self) -> bool {
        raw::len(self.0) == 0
    }

    /// The keys with their values, in the order of keys. The object must not change meanwhile.
    pub fn entries(self) -> impl ExactSizeIterator<Item = (Value, Value)> + DoubleEndedIterator {
        keyed::settle(self.0);
        (0..self.len()).map(move |at| (raw::item(self.0, at * 2), raw::item(self.0, at * 2 + 1)))
    }

    /// The keys in order. The object must not change meanwhile.
    pub fn keys(self) -> impl ExactSizeIterator<Item = Value> + DoubleEndedIterator {
        self.entries().map(|(key, _)| key)
    }

    /// The values in the order of their keys. The object must not change meanwhile.
    pub fn values(self) -> impl ExactSizeIterator<Item = Value> + DoubleEndedIterator {
        self.entries().map(|(_, value)| value)
    }
}

impl FromIterator<(Value, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (Value, Value)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let object = Self::new(entries.size_hint().0);
        entries.for_each(|(key, value)| object.insert(key, value));
        object
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        object.0
    }
}
