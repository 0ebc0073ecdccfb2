//! What objects and sets have in common: elements that begin with a key, found by their key.
//!
//! Most keys come in order and are appended. Those that do not go to a second ordered run behind the first; both are
//! searched by halves. When the second has grown too long, or the collection is read in order, the two become one. So
//! building is never quadratic, whatever the keys are, and needs no hash. Large objects that were read from a text get
//! an index by hash besides.
#![expect(unsafe_code, reason = "reads and writes the slots of an index, and moves words among raw elements")]

use crate::{Tag, Value, arena, compare, raw};

/// How many keys the second run may hold, beside a part of the first.
const SHORTEST_RUN: usize = 16;

/// From this many keys on, objects that are read from a text get an index.
const INDEXED: usize = 32;

/// How many slots of an index are looked at before it is given up. Keys that were chosen to collide get that far.
const LONGEST_PROBE: usize = 32;

/// The number of words of an element: 2 for an object, 1 for a set or an array.
pub(crate) fn stride(value: Value) -> usize {
    1 + usize::from(matches!(raw::tag(value), Tag::Object))
}

/// Brings a collection's elements into order, if they are not; arrays are left alone.
#[inline(never)]
pub(crate) fn settle(value: Value) {
    if !matches!(raw::tag(value), Tag::Array) && !raw::is_sorted(value) {
        merge_runs(value, raw::index(value), stride(value));
        raw::set_sorted(value, true, 0);
    }
}

/// Makes one run of the first `first` elements and those behind them, from the end: the second run is copied aside.
fn merge_runs(value: Value, first: usize, stride: usize) {
    let size = size_of::<Value>() * stride;
    let items = raw::items(value).cast::<u8>();
    let mut count = raw::len(value);
    let mut left = first;
    let mut right = count - first;
    let mut scratch = arena::Scratch::new(right * size);
    let run = scratch.start();
    // SAFETY: all places are among the elements of the collection or of the scratch memory, which holds the second run.
    unsafe {
        run.copy_from_nonoverlapping(items.add(first * size), right * size);
        while right > 0 {
            count -= 1;
            let (a, b) = (items.wrapping_add(left * size).wrapping_sub(size), run.add((right - 1) * size));
            let from = if left > 0 && compare::order(a.cast::<Value>().read(), b.cast::<Value>().read()) > 0 {
                left -= 1;
                a
            } else {
                right -= 1;
                b
            };
            items.add(count * size).copy_from(from, size);
        }
    }
}

/// Searches for a key among the elements from `low` to `high`, which are in order: where it is, or where it belongs.
fn search(value: Value, key: Value, mut low: usize, mut high: usize) -> Result<usize, usize> {
    let stride = stride(value);
    while low < high {
        let middle = (low + high) / 2;
        let order = compare::order(raw::item(value, middle * stride), key);
        if order == 0 {
            return Ok(middle);
        }
        if order < 0 {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Err(low)
}

/// How many elements the first run has.
fn first_run(value: Value) -> usize {
    if raw::is_sorted(value) { raw::len(value) } else { raw::index(value) }
}

/// Where a key is, or where it belongs in the second run.
fn locate(value: Value, key: Value) -> Result<usize, usize> {
    let first = first_run(value);
    match search(value, key, 0, first) {
        Err(_) => search(value, key, first, raw::len(value)),
        found => found,
    }
}

/// The place of a key.
#[inline(never)]
pub(crate) fn find(value: Value, key: Value) -> Option<usize> {
    if raw::is_sorted(value) && raw::index(value) != 0 {
        return if key.is_string() { probe(value, key) } else { None };
    }
    locate(value, key).ok()
}

/// Finds or makes the element of a key. Returns its place and whether it was there; a new object element has no value yet.
#[inline(never)]
pub(crate) fn find_or_insert(value: Value, key: Value) -> (usize, bool) {
    let len = raw::len(value);
    let first = first_run(value);
    let in_order = first == len && (len == 0 || compare::order(raw::item(value, (len - 1) * stride(value)), key) < 0);
    let at = if in_order {
        len
    } else {
        match locate(value, key) {
            Ok(at) => return (at, true),
            Err(at) => at,
        }
    };
    if len - first >= SHORTEST_RUN + first / 32 {
        settle(value);
        return find_or_insert(value, key);
    }
    let stride = stride(value);
    raw::reserve_one(value, stride);
    raw::move_items(value, at * stride, (at + 1) * stride, (len - at) * stride);
    raw::set_item(value, at * stride, key);
    raw::set_item(value, (at + 1) * stride - 1, key);
    raw::set_len(value, len + 1);
    raw::set_sorted(value, in_order, if in_order { 0 } else { first });
    (at, false)
}

/// Removes an element.
pub(crate) fn remove_at(value: Value, at: usize) {
    settle(value);
    let stride = stride(value);
    let len = raw::len(value);
    raw::move_items(value, (at + 1) * stride, at * stride, (len - at - 1) * stride);
    raw::set_len(value, len - 1);
    raw::set_sorted(value, true, 0);
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
    for index in 0..count {
        // SAFETY: the caller's.
        let (key, last) = unsafe { (elements.add(index * stride).read(), elements.add((index + 1) * stride - 1).read()) };
        let at = if matches!(tag, Tag::Array) {
            raw::set_len(value, index + 1);
            index
        } else {
            find_or_insert(value, key).0
        };
        raw::set_item(value, (at + 1) * stride - 1, last);
    }
    if matches!(tag, Tag::Object) && count >= INDEXED {
        settle(value);
        raw::set_sorted(value, true, build_index(value));
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
        let free = if key.is_string() { slot_of(index, key, |place| place == 0) } else { None };
        match free {
            // SAFETY: the slot is one of the index.
            Some(slot) => unsafe { slot.write(place as u32 + 1) },
            None => return 0,
        }
    }
    index.expose_provenance()
}

/// The first slot for a key that passes, among the few in which it may be.
fn slot_of(index: Index, key: Value, passes: impl Fn(u32) -> bool) -> Option<*mut u32> {
    let hash = raw::hash_text(key);
    for step in 0..LONGEST_PROBE {
        // SAFETY: the index begins with its mask, and has one slot more than that.
        unsafe {
            let slot = index.add(1 + (hash.wrapping_add(step as u32) & index.read()) as usize);
            if passes(slot.read()) {
                return Some(slot);
            }
        }
    }
    None
}

/// Finds a string by the index of an object.
fn probe(object: Value, key: Value) -> Option<usize> {
    let index: Index = core::ptr::with_exposed_provenance_mut(raw::index(object));
    let is_key = |place| place == 0 || raw::compare_texts(raw::item(object, (place as usize - 1) * 2), key) == 0;
    let slot = slot_of(index, key, is_key)?;
    // SAFETY: the slot is one of the index.
    let place = unsafe { slot.read() } as usize;
    place.checked_sub(1)
}
