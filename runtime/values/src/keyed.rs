//! What objects and sets have in common: elements that begin with a key, found by their key.
//!
//! Read from a text, elements are sorted at once; large objects get an index by hash besides. Built key by key, most come in
//! order and are appended. Those that do not go to a second ordered run behind the first; both are searched by halves. When
//! the second has grown too long, or the collection is read in order, the two become one. So building is never quadratic,
//! whatever the keys are, and needs no hash.
#![expect(unsafe_code, reason = "reads and writes the slots of an index, and moves words among raw elements")]

use crate::raw::Slot;
use crate::{Tag, Value, arena, compare, raw};

/// How many keys the second run may hold, beside a part of the first.
const SHORTEST_RUN: usize = 16;

/// From this many keys on, objects that are read from a text get an index.
const INDEXED: usize = 32;

/// How many slots of an index are looked at before it is given up: an index is half empty, so only keys that were chosen to collide get
/// that far.
const LONGEST_PROBE: u32 = 128;

/// The number of words of an element: 2 for an object, 1 for a set or an array.
pub(crate) fn stride(value: Value) -> usize {
    1 + usize::from(matches!(raw::tag(value), Tag::Object))
}

/// Brings a collection's elements into order, if they are not; arrays are left alone.
#[inline(never)]
pub(crate) fn put_in_order(value: Value) {
    if !matches!(raw::tag(value), Tag::Array) && !raw::is_sorted(value) {
        // SAFETY: the first run has so many of the collection's elements.
        unsafe {
            let (items, stride) = (raw::items(value), stride(value));
            merge_runs(items, items.add(raw::index(value) * stride), items.add(raw::len(value) * stride), stride);
        }
        raw::set_sorted(value, true, 0);
    }
}

/// Makes one ordered run of two that lie side by side, from `items` to `middle` and from there to `end`; equal elements keep their order.
/// The second run is copied aside, and both are merged from their ends. Returns whether there were equal ones.
///
/// # Safety
/// Elements of `stride` words lie there, and nothing else reads them meanwhile.
#[inline(never)]
unsafe fn merge_runs(items: *mut Value, middle: *mut Value, end: *mut Value, stride: usize) -> bool {
    let mut has_equal = false;
    // SAFETY: all places are among the elements, or in the scratch memory, which holds the second run.
    unsafe {
        let order = compare::order(middle.sub(stride).read(), middle.read());
        if order <= 0 {
            return order == 0;
        }
        let right = end as usize - middle as usize;
        let mut scratch = arena::Scratch::new(right);
        let run: *mut Value = scratch.start().cast();
        run.cast::<u8>().copy_from_nonoverlapping(middle.cast(), right);
        let mut left_end = middle;
        let mut right_end = run.byte_add(right);
        let mut to = end;
        while right_end > run {
            let mut from = right_end.sub(stride);
            let order = if left_end > items { compare::order(left_end.sub(stride).read(), from.read()) } else { -1 };
            has_equal |= order == 0;
            if order > 0 {
                left_end = left_end.sub(stride);
                from = left_end;
            } else {
                right_end = from;
            }
            to = to.sub(stride);
            to.write(from.read());
            to.add(stride - 1).write(from.add(stride - 1).read());
        }
    }
    has_equal
}

/// Puts elements into order; equal ones keep theirs. Returns whether there are equal ones.
///
/// # Safety
/// So many elements of `stride` words lie there, and nothing else reads them meanwhile.
unsafe fn sort(items: *mut Value, count: usize, stride: usize) -> bool {
    if count < 2 {
        return false;
    }
    let first = count / 2;
    // SAFETY: the caller's.
    unsafe {
        let middle = items.add(first * stride);
        let left = sort(items, first, stride);
        let right = sort(middle, count - first, stride);
        merge_runs(items, middle, items.add(count * stride), stride) | left | right
    }
}

/// Drops all but the last of equal neighbors, and that too if its value is undefined. Returns how many are left.
///
/// # Safety
/// As [`sort`].
unsafe fn keep_last(items: *mut Value, count: usize, stride: usize) -> usize {
    let mut to = items;
    let mut from = items;
    // SAFETY: all places are among the elements.
    unsafe {
        let end = items.add(count * stride);
        while from < end {
            if to > items && compare::order(to.sub(stride).read(), from.read()) == 0 {
                to = to.sub(stride);
            }
            let value = from.add(stride - 1).read();
            to.write(from.read());
            to.add(stride - 1).write(value);
            from = from.add(stride);
            if !value.is_undefined() {
                to = to.add(stride);
            }
        }
    }
    (to as usize - items as usize) / size_of::<Value>() / stride
}

/// Searches for a key among the elements from `low` to `high`, which are in order: twice where it is, plus 1, or twice where it belongs.
fn search(value: Value, stride: usize, key: Value, mut low: usize, mut high: usize) -> usize {
    while low < high {
        let middle = (low + high) / 2;
        let order = compare::order(raw::item(value, middle * stride), key);
        if order == 0 {
            return middle * 2 + 1;
        }
        if order < 0 {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low * 2
}

/// How many elements the first run has.
fn first_run(value: Value) -> usize {
    if raw::is_sorted(value) { raw::len(value) } else { raw::index(value) }
}

/// Searches for a key in both runs; where it belongs is a place in the second.
#[inline(never)]
fn locate(value: Value, stride: usize, key: Value) -> usize {
    let first = first_run(value);
    let found = search(value, stride, key, 0, first);
    if found & 1 != 0 { found } else { search(value, stride, key, first, raw::len(value)) }
}

/// Finds a key in a collection that may still grow.
pub(crate) fn find(value: Value, key: Value) -> Slot {
    if raw::is_sorted(value) {
        return find_in_order(value, key);
    }
    let stride = stride(value);
    slot(value, stride, locate(value, stride, key))
}

/// Finds a key in a collection that grows no more, and is brought into order for that.
pub(crate) fn settle_and_find(value: Value, key: Value) -> Slot {
    settle(value);
    find_in_order(value, key)
}

/// Finds a key in a collection whose elements are in order.
#[inline(never)]
fn find_in_order(value: Value, key: Value) -> Slot {
    let stride = stride(value);
    let found = if raw::index(value) != 0 {
        linked::index_find(value, key)
    } else {
        search(value, stride, key, 0, raw::len(value))
    };
    slot(value, stride, found)
}

/// The element that a search has found.
fn slot(value: Value, stride: usize, found: usize) -> Slot {
    if found & 1 != 0 { Slot::new(value, stride, found / 2) } else { Slot::NOWHERE }
}

/// Finds or makes the element of a key. The value of a new key of an object is undefined.
#[inline(never)]
pub(crate) fn find_or_insert(value: Value, key: Value) -> Slot {
    let stride = stride(value);
    let len = raw::len(value);
    let first = first_run(value);
    let in_order = first == len && (len == 0 || compare::order(raw::item(value, (len - 1) * stride), key) < 0);
    let mut at = len;
    if !in_order {
        linked::makes_disorder();
        let found = locate(value, stride, key);
        at = found / 2;
        if found & 1 != 0 {
            return Slot::new(value, stride, at);
        }
        if len - first >= SHORTEST_RUN + first / 32 {
            put_in_order(value);
            return find_or_insert(value, key);
        }
    }
    raw::reserve_one(value, stride);
    raw::move_items(value, at * stride, (at + 1) * stride, (len - at) * stride);
    raw::set_len(value, len + 1);
    raw::set_sorted(value, in_order, if in_order { 0 } else { first });
    let slot = Slot::new(value, stride, at);
    slot.set(Value::UNDEFINED);
    raw::set_item(value, at * stride, key);
    slot
}

/// Makes a collection of elements that may repeat: the last of equal keys is kept.
///
/// # Safety
/// So many words, which make elements of the tag, lie at `elements`.
#[inline(never)]
pub(crate) unsafe fn from_elements(tag: Tag, elements: *const Value, words: usize) -> Value {
    let stride = 1 + usize::from(matches!(tag, Tag::Object));
    let count = words / stride;
    let value = raw::new_collection(tag, count);
    let items = raw::items(value);
    let mut kept = count;
    // SAFETY: the caller's; the collection has room for its elements, and is new.
    unsafe {
        items.copy_from_nonoverlapping(elements, words);
        if !matches!(tag, Tag::Array) && sort(items, count, stride) {
            kept = keep_last(items, count, stride);
        }
    }
    raw::set_len(value, kept);
    if matches!(tag, Tag::Object) && kept >= INDEXED {
        raw::set_sorted(value, true, linked::index_build(value));
    }
    value
}

/// Replaces what an object has under a key, or adds it. A key that is there goes if the value is undefined. The object is made anew,
/// whatever its order was.
pub(crate) fn replace(object: Value, key: Value, value: Value) {
    let words = raw::len(object) * 2;
    let elements: *mut Value = arena::allocate((words + 2) * size_of::<Value>()).cast();
    // SAFETY: the memory is new and has room for all elements and one more.
    unsafe {
        elements.copy_from_nonoverlapping(raw::items(object), words);
        elements.add(words).write(key);
        elements.add(words + 1).write(value);
        raw::assume(object, from_elements(Tag::Object, elements, words + 2));
    }
}

/// Adds the first element to a collection that has room for it and none yet. In a set, the key is the element.
pub(crate) fn insert_first(value: Value, key: Value, element: Value) {
    raw::set_item(value, 0, key);
    raw::set_item(value, stride(value) - 1, element);
    raw::set_len(value, 1);
}

/// Brings a collection's elements into order, if they are not; arrays are left alone.
pub(crate) fn settle(value: Value) {
    linked::settle(value);
}

/// What the linker decides: in a module where nothing makes disorder nothing is put into order, and where a policy looks only constant
/// keys up there are no indexes.
#[cfg(target_arch = "wasm32")]
mod linked {
    use crate::Value;

    #[link(wasm_import_module = "regoc")]
    unsafe extern "C" {
        /// `regoc_abi::runtime::INDEX_BUILD`
        pub(super) safe fn index_build(object: Value) -> usize;
        /// `regoc_abi::runtime::INDEX_FIND`
        pub(super) safe fn index_find(object: Value, key: Value) -> usize;
        /// `regoc_abi::runtime::SETTLE`
        pub(super) safe fn settle(value: Value);
        /// `regoc_abi::runtime::MAKES_DISORDER`
        pub(super) safe fn makes_disorder();
    }
}
#[cfg(not(target_arch = "wasm32"))]
mod linked {
    pub(super) use super::{build_index as index_build, find_by_index as index_find, put_in_order as settle};

    pub(super) fn makes_disorder() {}
}

/// An index over the text keys of a settled object: a mask, then one slot more than that, each 0 or a place plus 1.
type Index = *mut u32;

/// Makes an index, or 0 when a key is not a string or the keys collide too much.
#[inline(never)]
pub(crate) fn build_index(object: Value) -> usize {
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
        let slot = if key.is_string() { slot_of(object, index, key) } else { core::ptr::null_mut() };
        if slot.is_null() {
            return 0;
        }
        // SAFETY: the slot is one of the index.
        unsafe { slot.write(place as u32 + 1) };
    }
    index.expose_provenance()
}

/// The slot that holds the place of a key, or the empty one where it would be; null when it would be too far from where the search begins.
#[inline(never)]
fn slot_of(object: Value, index: Index, key: Value) -> *mut u32 {
    let hash = raw::hash_text(key);
    for step in 0..LONGEST_PROBE {
        // SAFETY: the index begins with its mask, and has one slot more than that.
        unsafe {
            let slot = index.add(1 + (hash.wrapping_add(step) & index.read()) as usize);
            let place = slot.read() as usize;
            if place == 0 || raw::compare_texts(raw::item(object, (place - 1) * 2), key) == 0 {
                return slot;
            }
        }
    }
    core::ptr::null_mut()
}

/// Finds a key by the index of an object: twice its place, plus 1, or 0.
pub(crate) fn find_by_index(object: Value, key: Value) -> usize {
    if !key.is_string() {
        return 0;
    }
    let index: Index = core::ptr::with_exposed_provenance_mut(raw::index(object));
    let slot = slot_of(object, index, key);
    // SAFETY: the slot is one of the index; in it is 0 or a place plus 1.
    if slot.is_null() { 0 } else { (unsafe { slot.read() } as usize * 2).saturating_sub(1) }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::vec::Vec;

    use super::{find_by_index, locate, stride};
    use crate::{Value, json, raw};

    #[test]
    fn large_objects_have_an_index_and_it_finds_what_a_search_finds() {
        for prefix in ["user", "a-much-longer-prefix-of-keys-", ""] {
            let keys: Vec<_> = (0..100_000).map(|key| format!("\"{prefix}{key}\":{key}")).collect();
            let object = json::parse(format!("{{{}}}", keys.join(",")).as_bytes()).unwrap_or(Value::UNDEFINED);
            assert_ne!(raw::index(object), 0, "{prefix}: the index was given up");
            for key in (0..100_010).step_by(97) {
                let key = Value::string(format!("{prefix}{key}").as_bytes());
                let (found, wanted) = (find_by_index(object, key), locate(object, stride(object), key));
                assert_eq!(found, if wanted & 1 == 1 { wanted } else { 0 });
            }
        }
    }
}
