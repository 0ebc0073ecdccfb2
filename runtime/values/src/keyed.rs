//! What objects and sets have in common: elements that begin with a key, found by their key.
//!
//! Read from a text, they lie in order, and are searched by halves; large objects get an index by hash besides. While one is
//! built key by key, most keys come in order and are appended. Those that do not go to a second ordered run behind the
//! first; when that has grown too long, or the collection is read in order, both become one.
//! So building is never quadratic, whatever the keys are, and needs no hash of a value.
#![expect(unsafe_code, reason = "reads and writes the slots of an index")]

use crate::{Tag, Value, arena, raw, sort};

/// How many keys the second run may hold, beside a part of the first.
const SHORTEST_RUN: usize = 16;

/// From this many keys on, objects that are read from a text get an index.
const INDEXED: usize = 16;

/// How many slots of an index are looked at before it is given up. Keys that were chosen to collide get that far.
const LONGEST_PROBE: usize = 32;

/// The number of words of an element: 2 for an object, 1 for a set or an array.
pub(crate) fn stride(value: Value) -> usize {
    if matches!(raw::tag(value), Tag::Object) { 2 } else { 1 }
}

/// Brings a collection's elements into order, if they are not; arrays are left alone.
pub(crate) fn settle(value: Value) {
    if !matches!(raw::tag(value), Tag::Array) && !raw::is_sorted(value) {
        sort::sort_collection(value, stride(value));
        raw::set_sorted(value, true, 0);
    }
}

/// Searches for a key among the elements from `low` to `high`, which are in order: where it is or belongs, and whether it is there.
fn search(value: Value, stride: usize, key: Value, mut low: usize, mut high: usize) -> (usize, bool) {
    while low < high {
        let middle = (low + high) / 2;
        let order = crate::compare::order(raw::item(value, middle * stride), key);
        if order == 0 {
            return (middle, true);
        }
        if order < 0 {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low, false)
}

/// The place of a key, after settling the collection.
pub(crate) fn find(value: Value, key: Value) -> Option<usize> {
    settle(value);
    let index = raw::index(value);
    if index != 0 {
        return if key.is_string() { probe(value, index, key) } else { None };
    }
    match search(value, stride(value), key, 0, raw::len(value)) {
        (at, true) => Some(at),
        _ => None,
    }
}

/// Finds or makes the element of a key. Returns its place and whether it was there; a new object element has no value yet.
pub(crate) fn find_or_insert(value: Value, key: Value) -> (usize, bool) {
    let stride = stride(value);
    let len = raw::len(value);
    // The first run: all elements in order, or as many as the collection says.
    let first = if raw::is_sorted(value) { len } else { raw::index(value) };
    if first == len && (len == 0 || crate::compare::order(raw::item(value, (len - 1) * stride), key) < 0) {
        insert_at(value, stride, len, key);
        raw::set_sorted(value, true, 0);
        return (len, false);
    }
    let (at, found) = search(value, stride, key, 0, first);
    if found {
        return (at, true);
    }
    let (at, found) = search(value, stride, key, first, len);
    if found {
        return (at, true);
    }
    if len - first >= SHORTEST_RUN + first / 64 {
        raw::set_sorted(value, false, first);
        settle(value);
        return find_or_insert(value, key);
    }
    insert_at(value, stride, at, key);
    raw::set_sorted(value, false, first);
    (at, false)
}

/// Makes a place for an element before the `at`-th and writes its key.
fn insert_at(value: Value, stride: usize, at: usize, key: Value) {
    let len = raw::len(value);
    raw::reserve_one(value, stride);
    raw::move_items(value, at * stride, (at + 1) * stride, (len - at) * stride);
    raw::set_item(value, at * stride, key);
    raw::set_item(value, (at + 1) * stride - 1, key);
    raw::set_len(value, len + 1);
}

/// Inserts a key into a settled collection at the place where it belongs, keeping it settled. Costs as much as the collection has
/// elements behind it: for single changes of a document.
pub(crate) fn insert_in_order(value: Value, key: Value) -> (usize, bool) {
    settle(value);
    let stride = stride(value);
    let (at, found) = search(value, stride, key, 0, raw::len(value));
    if !found {
        insert_at(value, stride, at, key);
        raw::set_sorted(value, true, 0);
    }
    (at, found)
}

/// Removes an element of a settled collection.
pub(crate) fn remove_at(value: Value, at: usize) {
    let stride = stride(value);
    let len = raw::len(value);
    raw::move_items(value, (at + 1) * stride, at * stride, (len - at - 1) * stride);
    raw::set_len(value, len - 1);
    if !matches!(raw::tag(value), Tag::Array) {
        raw::set_sorted(value, true, 0);
    }
}

/// Makes a collection of elements that may repeat: the last of equal keys is kept.
///
/// # Safety
/// So many elements of the tag's stride lie at `elements`.
pub(crate) unsafe fn from_elements(tag: Tag, elements: *const Value, count: usize) -> Value {
    let stride = if matches!(tag, Tag::Object) { 2 } else { 1 };
    let value = raw::new_collection(tag, count * stride);
    let items = raw::items(value);
    // SAFETY: the collection has room for all elements; they lie in new memory that nothing else reads.
    unsafe {
        items.copy_from_nonoverlapping(elements, count * stride);
        let kept = if matches!(tag, Tag::Array) {
            count
        } else {
            sort::sort(items, count, stride);
            sort::keep_last(items, count, stride)
        };
        raw::set_len(value, kept);
        if matches!(tag, Tag::Object) && kept >= INDEXED {
            raw::set_sorted(value, true, build_index(value));
        }
    }
    value
}

/// An index over the text keys of a settled object: a mask, then one slot more than that, each 0 or a place plus 1.
type Index = *mut u32;

/// Makes an index, or 0 when a key is not a string or the keys collide too much.
#[inline(never)]
fn build_index(object: Value) -> usize {
    let len = raw::len(object);
    let slots = (len * 2).next_power_of_two();
    let index: Index = arena::allocate((slots + 1) * size_of::<u32>()).cast();
    // SAFETY: the memory is new and has room for the mask and all slots.
    unsafe {
        index.write_bytes(0, slots + 1);
        index.write(slots as u32 - 1);
    }
    for place in 0..len {
        let key = raw::item(object, place * 2);
        if !key.is_string() {
            return 0;
        }
        match free_slot(index, key) {
            // SAFETY: the slot is one of the index.
            Some(slot) => unsafe { slot.write(place as u32 + 1) },
            None => return 0,
        }
    }
    index.expose_provenance()
}

fn free_slot(index: Index, key: Value) -> Option<*mut u32> {
    let hash = raw::hash_text(key);
    (0..LONGEST_PROBE).map(|step| slot_at(index, hash, step)).find(|slot| {
        // SAFETY: the slot is one of the index.
        unsafe { slot.read() == 0 }
    })
}

/// The slot that is looked at in the `step`-th place for a hash.
fn slot_at(index: Index, hash: u32, step: usize) -> *mut u32 {
    // SAFETY: the index begins with its mask, and has one slot more than that.
    unsafe { index.add(1 + (hash.wrapping_add(step as u32) & index.read()) as usize) }
}

/// Finds a string by an index.
fn probe(object: Value, index: usize, key: Value) -> Option<usize> {
    let index: Index = core::ptr::with_exposed_provenance_mut(index);
    let hash = raw::hash_text(key);
    for step in 0..LONGEST_PROBE {
        // SAFETY: the slot is one of the index.
        let place = unsafe { slot_at(index, hash, step).read() } as usize;
        if place == 0 {
            return None;
        }
        if raw::compare_texts(raw::item(object, (place - 1) * 2), key) == 0 {
            return Some(place - 1);
        }
    }
    None
}
