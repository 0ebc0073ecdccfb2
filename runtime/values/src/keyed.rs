//! What objects and sets have in common: elements that begin with a key, found by their key.
//!
//! Read from a text, elements are sorted at once; large objects get an index by hash besides. In some modules, small objects stay as they
//! were read until somebody asks for their order. Built key by key, most elements come in order and are appended. Those that do not go to a second ordered run behind the first; both are searched by halves. When
//! the second has grown too long, or the collection is read in order, the two become one. So building is never quadratic,
//! whatever the keys are, and needs no hash.
#![expect(unsafe_code, reason = "reads and writes the slots of an index, and moves words among raw elements")]

use regoc_abi::layout::{FLAG_KNOWN_KEYS, FLAG_RESOLVED};

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
        take_in_second_run(value, stride(value));
        raw::set_sorted(value, true, 0);
    }
}

/// Whether the elements of an object lie as they were read: in any order, and of equal keys the last one counts.
fn is_as_read(value: Value) -> bool {
    !raw::is_sorted(value) && raw::index(value) == 0
}

/// Brings a collection's elements into order, if they are not, also those of an object that is as it was read.
#[inline(never)]
pub(crate) fn put_in_order_as_read(value: Value) {
    if matches!(raw::tag(value), Tag::Object) && is_as_read(value) {
        let items = raw::items(value);
        // SAFETY: those are its elements.
        let end = unsafe { sort(items, raw::len(value), 2).offset_from_unsigned(items) };
        raw::set_len(value, end / 2);
        raw::set_sorted(value, true, 0);
    } else {
        put_in_order(value);
    }
}

/// The number of elements of a collection that grows no more.
pub(crate) fn count(value: Value) -> usize {
    settle(value);
    raw::len(value)
}

/// Makes one run of the two that a collection has. They have no key in common, and the second one is short: each of its elements is searched
/// for in the first one, from the last element on, so that of the first run everything is moved at most once, and in pieces.
fn take_in_second_run(value: Value, stride: usize) {
    let mut end = raw::index(value);
    let mut count = raw::len(value) - end;
    let words = count * stride;
    let mut scratch = arena::Scratch::new(words * size_of::<Value>());
    let second: *mut Value = scratch.start().cast();
    // SAFETY: the scratch memory has room for the second run, and all places are among the elements.
    unsafe {
        second.copy_from_nonoverlapping(raw::items(value).add(end * stride), words);
        while count > 0 {
            count -= 1;
            let element = second.add(count * stride);
            let (Ok(place) | Err(place)) = search(value, stride, element.read(), 0, end);
            raw::move_items(value, place * stride, (place + count + 1) * stride, (end - place) * stride);
            raw::items(value).add((place + count) * stride).copy_from_nonoverlapping(element, stride);
            end = place;
        }
    }
}

/// Makes one ordered run of two: one from `items` to `left_end`, one behind it from `right` to `right_end`. Of equal keys, the element of
/// the second run is kept, or none if its value is undefined. Returns where the new run, which begins at `items`, ends. The first run is
/// copied aside for that.
///
/// # Safety
/// Elements of `stride` words lie there, and nothing else reads them meanwhile.
#[inline(never)]
unsafe fn merge_runs(
    items: *mut Value,
    left_end: *mut Value,
    mut right: *mut Value,
    right_end: *mut Value,
    stride: usize,
) -> *mut Value {
    // SAFETY: all places are among the elements, or in the scratch memory, which holds the first run. What is written never passes what
    // is read of the second run.
    unsafe {
        if left_end == right && compare::order(left_end.sub(stride).read(), right.read()) < 0 {
            return right_end;
        }
        let size = left_end as usize - items as usize;
        let mut scratch = arena::Scratch::new(size);
        let mut left: *mut Value = scratch.start().cast();
        left.cast::<u8>().copy_from_nonoverlapping(items.cast(), size);
        let left_end = left.byte_add(size);
        let mut to = items;
        while left < left_end {
            let order = if right == right_end { -1 } else { compare::order(left.read(), right.read()) };
            let mut from = right;
            if order > 0 {
                right = right.add(stride);
            } else {
                from = left;
                left = left.add(stride);
                if order == 0 {
                    if right.add(stride - 1).read().is_undefined() {
                        right = right.add(stride);
                    }
                    continue;
                }
            }
            to.write(from.read());
            to.add(stride - 1).write(from.add(stride - 1).read());
            to = to.add(stride);
        }
        // What is left of the second run lies there already, but for what was dropped.
        let rest = right_end as usize - right as usize;
        to.cast::<u8>().copy_from(right.cast(), rest);
        to.byte_add(rest)
    }
}

/// Puts elements into order and keeps the last of equal ones, see [`merge_runs`]. Returns where they end.
///
/// # Safety
/// So many elements of `stride` words lie there, and nothing else reads them meanwhile.
unsafe fn sort(items: *mut Value, count: usize, stride: usize) -> *mut Value {
    let first = count / 2;
    // SAFETY: the caller's.
    unsafe {
        if first == 0 {
            return items.add(count * stride);
        }
        let middle = items.add(first * stride);
        let left_end = sort(items, first, stride);
        let right_end = sort(middle, count - first, stride);
        merge_runs(items, left_end, middle, right_end, stride)
    }
}

/// Searches for a key among the elements from `low` to `high`, which are in order: where it is, or where it belongs.
#[inline(always)]
fn search(value: Value, stride: usize, key: Value, mut low: usize, mut high: usize) -> Result<usize, usize> {
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

/// Searches for a key in both runs: twice where it is, plus 1, or twice where it belongs, which is a place in the second one.
#[inline(never)]
fn locate(value: Value, stride: usize, key: Value) -> usize {
    let (mut low, mut high) = (0, first_run(value));
    loop {
        match search(value, stride, key, low, high) {
            Ok(place) => return place * 2 + 1,
            Err(place) if high == raw::len(value) => return place * 2,
            Err(_) => {}
        }
        low = high;
        high = raw::len(value);
    }
}

/// Finds a key in a collection that may still grow.
pub(crate) fn find(value: Value, key: Value) -> Slot {
    if raw::is_sorted(value) || is_as_read(value) {
        return linked::find(value, key);
    }
    let stride = stride(value);
    let found = locate(value, stride, key);
    if found & 1 != 0 { Slot::new(value, stride, found / 2) } else { Slot::NOWHERE }
}

/// Finds a key in a collection that grows no more.
pub(crate) fn look_up(value: Value, key: Value) -> Slot {
    linked::find(value, key)
}

/// Finds a key in a collection that grows no more; strings in an object that is as it was read without bringing it into order.
pub(crate) fn find_as_read(value: Value, key: Value) -> Slot {
    if !is_as_read(value) || !key.is_string() {
        return find_by_index(value, key);
    }
    let mut at = raw::len(value);
    while at > 0 {
        at -= 1;
        let other = raw::item(value, at * 2);
        if other.to_word() == key.to_word() || other.is_string() && raw::compare_texts(other, key) == 0 {
            return Slot::new(value, 2, at);
        }
    }
    Slot::NOWHERE
}

/// Whether a constant string of the module is found by its address in a value.
pub(crate) fn has_known_keys(value: Value) -> bool {
    raw::word(value) & FLAG_KNOWN_KEYS != 0
}

/// The value of a constant string of the module in an object with known keys, or undefined.
pub(crate) fn find_known(object: Value, key: Value) -> Value {
    let first = raw::items(object);
    let mut at = raw::len(object) * 2;
    while at > 0 {
        at -= 2;
        // SAFETY: the words are among those in use.
        unsafe {
            if first.add(at).read().to_word() == key.to_word() {
                return first.add(at + 1).read();
            }
        }
    }
    Value::UNDEFINED
}

/// Finds a key in a collection that grows no more, and is brought into order for that.
#[inline(never)]
pub(crate) fn find_in_order(value: Value, key: Value) -> Slot {
    settle(value);
    let stride = stride(value);
    match search(value, stride, key, 0, raw::len(value)) {
        Ok(place) => Slot::new(value, stride, place),
        Err(_) => Slot::NOWHERE,
    }
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
    let mut end = words;
    // SAFETY: the caller's; the collection has room for its elements, and is new.
    unsafe {
        items.copy_from_nonoverlapping(elements, words);
        if !matches!(tag, Tag::Array) {
            end = sort(items, count, stride).offset_from_unsigned(items);
        }
    }
    raw::set_len(value, end / stride);
    linked::index_build(value);
    value
}

/// Makes a collection of what was read; a small object is left as it is, and it is noted whether its keys are known.
///
/// # Safety
/// As [`from_elements`].
pub(crate) unsafe fn read_unordered(tag: Tag, elements: *const Value, words: usize) -> Value {
    if !matches!(tag, Tag::Object) || words >= 2 * INDEXED {
        // SAFETY: the caller's.
        return unsafe { from_elements(tag, elements, words) };
    }
    let object = raw::new_collection(tag, words / 2);
    let mut common = FLAG_RESOLVED;
    for at in (0..words).step_by(2) {
        // SAFETY: the caller's; the object has room for its elements.
        unsafe {
            let key = elements.add(at).read();
            common &= raw::word(key);
            raw::items(object).add(at).write(key);
            raw::items(object).add(at + 1).write(elements.add(at + 1).read());
        }
    }
    raw::set_len(object, words / 2);
    if words > 2 {
        raw::set_sorted(object, false, 0);
    }
    if common != 0 {
        raw::set_flags(object, FLAG_KNOWN_KEYS);
    }
    object
}

/// A set of values that may repeat: the last of equal ones is kept. Fast where they come in runs that are in order.
pub(crate) fn set_of(elements: &[Value]) -> Value {
    // SAFETY: an element of a set is one word.
    unsafe { from_elements(Tag::Set, elements.as_ptr(), elements.len()) }
}

/// An object that has another value under a key. A key that is there goes if the value is undefined.
pub(crate) fn replaced(object: Value, key: Value, value: Value) -> Value {
    let words = raw::len(object) * 2;
    let elements: *mut Value = arena::allocate((words + 2) * size_of::<Value>()).cast();
    // SAFETY: the memory is new and has room for all elements and one more.
    unsafe {
        elements.copy_from_nonoverlapping(raw::items(object), words);
        elements.add(words).write(key);
        elements.add(words + 1).write(value);
        from_elements(Tag::Object, elements, words + 2)
    }
}

/// Makes a collection of what was read: of elements that repeat the last one counts.
///
/// # Safety
/// As [`from_elements`].
pub(crate) unsafe fn read(tag: Tag, elements: *const Value, words: usize) -> Value {
    // SAFETY: the caller's.
    unsafe { linked::read(tag, elements, words) }
}

/// A set of an object with one key, or an empty set when its value is undefined.
pub(crate) fn singleton(key: Value, value: Value) -> Value {
    let elements: *mut Value = arena::allocate(2 * size_of::<Value>()).cast();
    // SAFETY: the memory is new and has room for a key and a value.
    unsafe {
        elements.write(key);
        elements.add(1).write(value);
        elements.write(from_elements(Tag::Object, elements, 2));
        from_elements(Tag::Set, elements, usize::from(!value.is_undefined()))
    }
}

/// A new object with the keys of two; `combine` makes the value of a key from what the first and the second object have there, which may
/// be undefined in the second.
pub(crate) fn union(first: Value, second: Value, combine: fn(Value, Value) -> Value) -> Value {
    let (words, more) = (raw::len(second) * 2, raw::len(first) * 2);
    let elements: *mut Value = arena::allocate((words + more) * size_of::<Value>()).cast();
    // SAFETY: the memory is new and has room for all elements.
    unsafe {
        elements.copy_from_nonoverlapping(raw::items(second), words);
        for index in (0..more).step_by(2) {
            let key = raw::item(first, index);
            let value = combine(raw::item(first, index + 1), look_up(second, key).get());
            elements.add(words + index).write(key);
            elements.add(words + index + 1).write(value);
        }
        from_elements(Tag::Object, elements, words + more)
    }
}

/// Adds an element behind all others to a collection that is in order and has room for it. In a set, the key is the element.
pub(crate) fn append(value: Value, key: Value, element: Value) {
    let (len, stride) = (raw::len(value), stride(value));
    // SAFETY: there is room for one more element.
    unsafe {
        let place = raw::items(value).add(len * stride);
        place.write(key);
        place.add(stride - 1).write(element);
    }
    raw::set_len(value, len + 1);
}

/// Brings a collection's elements into order, if they are not; arrays are left alone.
pub(crate) fn settle(value: Value) {
    linked::settle(value);
}

/// What the linker decides: how documents are read, in a module where nothing makes disorder nothing is put into order, and where a policy
/// looks only constant keys up there are no indexes.
#[cfg(target_arch = "wasm32")]
mod linked {
    use crate::raw::Slot;
    use crate::{Tag, Value};

    #[link(wasm_import_module = "regoc")]
    unsafe extern "C" {
        /// `regoc_abi::runtime::INDEX_BUILD`
        pub(super) safe fn index_build(value: Value);
        /// `regoc_abi::runtime::READ_IMPORT`
        pub(super) fn read(tag: Tag, elements: *const Value, words: usize) -> Value;
        /// `regoc_abi::runtime::FIND_IMPORT`
        pub(super) safe fn find(value: Value, key: Value) -> Slot;
        /// `regoc_abi::runtime::SETTLE_IMPORT`
        pub(super) safe fn settle(value: Value);
        /// `regoc_abi::runtime::MAKES_DISORDER`
        pub(super) safe fn makes_disorder();
    }
}
#[cfg(not(target_arch = "wasm32"))]
mod linked {
    pub(super) use super::{
        build_index as index_build, find_by_index as find, from_elements as read, put_in_order as settle,
    };

    pub(super) fn makes_disorder() {}
}

/// An index over the text keys of a settled object: a mask, then one slot more than that, each 0 or a place plus 1.
type Index = *mut u32;

/// Gives a value an index if it is a large object, in order, without an index.
#[inline(never)]
pub(crate) fn build_index(value: Value) {
    if matches!(raw::tag(value), Tag::Object) && raw::len(value) >= INDEXED {
        raw::set_sorted(value, true, index_of(value));
    }
}

/// Makes an index, or 0 when a key is not a string or the keys collide too much.
fn index_of(object: Value) -> usize {
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
            if place == 0 || raw::is_same_text(raw::item(object, (place - 1) * 2), key) {
                return slot;
            }
        }
    }
    core::ptr::null_mut()
}

/// Finds a key in a collection that grows no more, and is brought into order for that, by its index if it has one.
#[inline(never)]
pub(crate) fn find_by_index(value: Value, key: Value) -> Slot {
    settle(value);
    let index: Index = core::ptr::with_exposed_provenance_mut(raw::index(value));
    if index.is_null() {
        return find_in_order(value, key);
    }
    if !key.is_string() {
        return Slot::NOWHERE;
    }
    let slot = slot_of(value, index, key);
    // SAFETY: the slot is one of the index; in it is 0 or a place plus 1.
    match if slot.is_null() { 0 } else { unsafe { slot.read() as usize } } {
        0 => Slot::NOWHERE,
        place => Slot::new(value, 2, place - 1),
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::vec::Vec;

    use super::*;
    use crate::{equal, json};

    #[test]
    fn what_is_left_as_it_was_read_is_what_would_have_been_sorted() {
        for count in 0..40_usize {
            let words: Vec<Value> = (0..count)
                .flat_map(|at| [Value::string(format!("{}", at * 7 % 5).as_bytes()), Value::count(at)])
                .collect();
            // SAFETY: those are keys and values.
            let [sorted, read] = unsafe {
                [
                    from_elements(Tag::Object, words.as_ptr(), words.len()),
                    read_unordered(Tag::Object, words.as_ptr(), words.len()),
                ]
            };
            assert_eq!(raw::is_sorted(read), !(2..INDEXED).contains(&count), "{count}");
            for key in ["0", "3", "4", "5", ""] {
                let key = Value::string(key.as_bytes());
                assert_eq!(
                    find_as_read(read, key).get().to_word(),
                    find_in_order(sorted, key).get().to_word(),
                    "{count}"
                );
            }
            put_in_order_as_read(read);
            assert!(raw::is_sorted(read) && equal(read, sorted), "{count}");
        }
    }

    #[test]
    fn only_resolved_keys_are_known() {
        for (flags, is_known) in [([0, 0], false), ([FLAG_RESOLVED, 0], false), ([FLAG_RESOLVED, FLAG_RESOLVED], true)]
        {
            let keys = ["b", "a"].map(|key| Value::string(key.as_bytes()));
            for (key, flags) in keys.into_iter().zip(flags) {
                raw::set_flags(key, flags);
            }
            let words = [keys[0], Value::TRUE, keys[1], Value::FALSE];
            // SAFETY: those are keys and values.
            let object = unsafe { read_unordered(Tag::Object, words.as_ptr(), words.len()) };
            assert_eq!(has_known_keys(object), is_known);
            assert_eq!(find_known(object, keys[1]).to_word(), Value::FALSE.to_word());
            assert!(find_known(object, Value::string(b"a")).is_undefined());
        }
    }

    #[test]
    fn large_objects_have_an_index_and_it_finds_what_a_search_finds() {
        for prefix in ["user", "a-much-longer-prefix-of-keys-", ""] {
            let keys: Vec<_> = (0..100_000).map(|key| format!("\"{prefix}{key}\":{key}")).collect();
            let object = json::parse(format!("{{{}}}", keys.join(",")).as_bytes()).unwrap_or(Value::UNDEFINED);
            assert_ne!(raw::index(object), 0, "{prefix}: the index was given up");
            for key in (0..100_010).step_by(97) {
                let key = Value::string(format!("{prefix}{key}").as_bytes());
                let (found, wanted) = (find_by_index(object, key), find_in_order(object, key));
                assert_eq!(found.exists(), wanted.exists());
                assert_eq!(found.get(), wanted.get());
            }
        }
    }
}
