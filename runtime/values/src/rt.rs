//! What generated code calls beside the builtins: `regoc_abi::runtime` as plain functions. Those that touch the module's own
//! memory or its host (memo slots, conflicts, strict errors) are the guest crate's.

pub use crate::raw::Slot;
use crate::{Object, Tag, Value, keyed, number, parser, raw};

/// The element of a collection under a key, undefined when there is none or the value is a scalar. A set holds its
/// elements under themselves. The collection may be undefined.
#[must_use]
#[inline(never)]
pub fn dot(value: Value, key: Value) -> Value {
    if raw::tag_word(value) != Tag::Array as u32 {
        let found = dot_text(value, key);
        // Of an element that is written in two ways, OPA gives what was asked for: `{3}[3.0]` is `3.0`.
        return if matches!(value.tag(), Tag::Set) && !found.is_undefined() { key } else { found };
    }
    let index = array_index(key);
    if index < raw::len(value) { raw::item(value, index) } else { Value::UNDEFINED }
}

/// The same for a key that is a string: no array has an element under it.
#[must_use]
#[inline(never)]
pub fn dot_text(value: Value, key: Value) -> Value {
    if raw::tag_often(value) as u32 > Tag::Array as u32 { keyed::look_up(value, key).get() } else { Value::UNDEFINED }
}

/// The same for a key that is a constant string of the module.
#[must_use]
pub fn dot_known(value: Value, key: Value) -> Value {
    if keyed::has_known_keys(value) { keyed::find_known(value, key) } else { dot_text(value, key) }
}

/// The same for a key that has a slot in records, if the value is one.
#[must_use]
pub fn dot_slot(value: Value, key: Value, slot: usize) -> Value {
    if raw::is_record(value) { raw::slot(value, slot) } else { dot_text(value, key) }
}

/// What OPA's storage finds in base data under a key that is not there as it is: in an object what a number's text is the key of, in an array
/// what is at the place that a text is the number of.
#[must_use]
pub fn storage_dot(value: Value, key: Value) -> Value {
    if key.is_number() && matches!(value.tag(), Tag::Object) {
        return dot_text(value, Value::string(number::text_in(key, &mut number::Digits::default())));
    }
    match (value.as_array(), key.as_str()) {
        (Some(array), Some(text)) => array.get(index_of(text)),
        _ => Value::UNDEFINED,
    }
}

/// The number that a text is, as numbers are written, if it is so short that an array can have an element there; else a large one.
fn index_of(text: &[u8]) -> usize {
    let is_written = !matches!(text, [] | [b'0', _, ..]) && text.len() < 10 && text.iter().all(u8::is_ascii_digit);
    if is_written { text.iter().fold(0, |index, digit| index * 10 + usize::from(digit & 15)) } else { usize::MAX }
}

/// Reads a value whole from that place of a text, at that depth. Returns the place behind it, or null.
///
/// # Safety
/// The reader of documents is at that place.
#[expect(unsafe_code, reason = "part of a reader whose cursor is an address")]
#[must_use]
pub unsafe fn parse(at: *const u8, depth: u32) -> *const u8 {
    // SAFETY: the caller's.
    unsafe { parser::parse_value(at, depth) }
}

/// The same, an input by the shapes of its parts.
///
/// # Safety
/// As [`parse`]; the shapes are as `regoc_abi::runtime::SHAPES` says.
#[expect(unsafe_code, reason = "part of a reader whose cursor is an address")]
#[must_use]
pub unsafe fn parse_by_shapes(at: *const u8, depth: u32, shapes: Value) -> *const u8 {
    // SAFETY: the caller's.
    unsafe { parser::parse_by_shapes(at, depth, shapes) }
}

/// The index that a key of an array is: an integer, or one with a fraction of zeros. Any other is beyond all arrays.
fn array_index(key: Value) -> usize {
    if key.is_small() {
        return key.small_value() as usize;
    }
    let text = key.as_number_text().and_then(number::parse_i64);
    text.and_then(|index| usize::try_from(index).ok()).unwrap_or(usize::MAX)
}

/// Adds an element behind all others to a set or an object that was made with room for it. In a set, key and value are the element.
pub fn append(value: Value, key: Value, element: Value) {
    keyed::append(value, key, element);
}

/// Brings a collection's elements into order, if they are not.
pub fn settle(value: Value) {
    keyed::put_in_order(value);
}

/// The same, also for an object that is as it was read.
pub fn settle_as_read(value: Value) {
    keyed::put_in_order_as_read(value);
}

/// Gives a collection, which is in order and has no index, an index by hash if it is a large object.
pub fn index_build(value: Value) {
    keyed::build_index(value);
}

/// Finds a key of an object or a set.
#[must_use]
pub fn find(value: Value, key: Value) -> Slot {
    keyed::find_in_order(value, key)
}

/// The same, by the index of the object if it has one.
#[must_use]
pub fn index_find(value: Value, key: Value) -> Slot {
    keyed::find_by_index(value, key)
}

/// The same; strings are found in an object that is as it was read without bringing it into order.
#[must_use]
pub fn find_as_read(value: Value, key: Value) -> Slot {
    keyed::find_as_read(value, key)
}

/// Makes a collection of what was read: of elements that repeat the last one counts.
///
/// # Safety
/// So many words, which make elements of the tag, lie at `elements`.
#[expect(unsafe_code, reason = "reads words in memory")]
#[must_use]
pub unsafe fn read(tag: Tag, elements: *const Value, words: usize) -> Value {
    // SAFETY: the caller's.
    unsafe { keyed::from_elements(tag, elements, words) }
}

/// The same; a small object is left as it is until somebody asks for its order.
///
/// # Safety
/// As [`read`].
#[expect(unsafe_code, reason = "reads words in memory")]
#[must_use]
pub unsafe fn read_unordered(tag: Tag, elements: *const Value, words: usize) -> Value {
    // SAFETY: the caller's.
    unsafe { keyed::read_unordered(tag, elements, words) }
}

/// Readies a collection for iteration in OPA's order, and counts its elements; 0 for scalars and undefined.
#[must_use]
pub fn scan(value: Value) -> usize {
    if !is_collection(value) {
        return 0;
    }
    keyed::settle(value);
    raw::len(value)
}

fn is_collection(value: Value) -> bool {
    raw::tag_word(value) >= Tag::Array as u32
}

/// The i-th key after [`scan`]: the index of an array, the key of an object, the element of a set. `index` is below the count.
#[must_use]
pub fn scan_key(value: Value, index: usize) -> Value {
    match raw::tag(value) {
        Tag::Array => Value::count(index),
        Tag::Object => raw::item(value, index * 2),
        _ => raw::item(value, index),
    }
}

/// The i-th value after [`scan`]. `index` is below the count.
#[must_use]
pub fn scan_value(value: Value, index: usize) -> Value {
    raw::item(value, if matches!(raw::tag(value), Tag::Object) { index * 2 + 1 } else { index })
}

/// How many bytes lie between the values of a collection after [`scan`], of which the first lies so many less one word behind the beginning of
/// its elements.
#[must_use]
pub fn scan_step(value: Value) -> usize {
    keyed::stride(value) * size_of::<Value>()
}

/// The number of elements as a value; undefined for scalars.
#[must_use]
pub fn len(value: Value) -> Value {
    if is_collection(value) { Value::count(keyed::count(value)) } else { Value::UNDEFINED }
}

/// A new object with the keys of both, merged recursively where both hold objects, else with the first one's value. Either
/// may be undefined. When one is not an object, the result is the first, or the second if the first is undefined.
#[must_use]
pub fn object_merge(a: Value, b: Value) -> Value {
    if a.as_object().is_some() && b.as_object().is_some() {
        keyed::union(a, b, object_merge)
    } else if a.is_undefined() {
        b
    } else {
        a
    }
}

/// An object with a value under a key, a string, if it has none there, else as it is. What is no object stays as it is.
#[must_use]
pub fn object_default(object: Value, key: Value, value: Value) -> Value {
    if object.as_object().is_some() && dot_text(object, key).is_undefined() {
        return keyed::replaced(object, key, value);
    }
    object
}

/// The answer of an entrypoint: a set of the object `{key: value}`, or an empty set when the value is undefined.
#[must_use]
pub fn result_set(key: Value, value: Value) -> Value {
    keyed::singleton(key, value)
}

/// A copy of an object (not of what it holds) with room for some more keys.
pub(crate) fn copy(object: Object, more: usize) -> Object {
    let copy = Object::new(object.len() + more);
    object.entries().for_each(|(key, value)| copy.insert(key, value));
    copy
}

/// A copy of the document with the value at the path (an array of keys); whatever is not an object on the way becomes one. The
/// document may be undefined.
#[must_use]
pub fn upsert(document: Value, path: Value, new: Value) -> Value {
    match path.as_array() {
        Some(path) => upsert_at(document, path.as_slice(), new),
        None => document,
    }
}

fn upsert_at(document: Value, path: &[Value], new: Value) -> Value {
    let Some((&key, rest)) = path.split_first() else { return new };
    let object = document.as_object().unwrap_or_else(|| Object::new(0));
    keyed::replaced(object.into(), key, upsert_at(keyed::look_up(object.into(), key).get(), rest, new))
}
