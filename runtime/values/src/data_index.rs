//! Indexes of base data: which elements of a collection have a key in a column, so that a rule that scans the collection for the key looks at
//! those only.
//!
//! An index is built when the host gives a document, and lies behind it; it is found by the address of its collection. It says too much
//! rather than too little: who selects asks each element for the keys again. Collections in which a column holds something without a
//! hash (a number that is kept as its text, a collection) have no index, and are scanned.
#![expect(unsafe_code, reason = "an index is words in memory, and is found by the address of its collection")]

use crate::interned::step;
use crate::{Array, Tag, Value, arena, keyed, module_words, raw, rt};

/// Collections with fewer elements are scanned.
const FEWEST: usize = 16;

/// The hash of keys of which one has none.
const UNKNOWN: u32 = u32::MAX;

module_words! {
    /// The address of the youngest index, 0 if there is none. Older ones lie below.
    youngest: usize = "data_index.get", set_youngest = "data_index.set";
}

/// What an index begins with.
#[repr(C)]
#[derive(Clone, Copy)]
struct Head {
    /// The address of the next older one, or 0.
    older: usize,
    collection: Value,
    /// The constant that says what is indexed.
    index: Value,
    /// The number of buckets less one.
    mask: u32,
    /// Behind the first word, which is 0, where each bucket ends among the places.
    ends: *mut u32,
    /// Places of elements in their order. One may be there twice, one behind the other.
    places: *mut u32,
}

/// The hash of one key more. What is undefined has every hash.
#[must_use]
pub fn hash(before: u32, key: Value) -> u32 {
    if before == UNKNOWN || key.is_undefined() {
        return before;
    }
    hash_of(key).map_or(UNKNOWN, |own| step(u64::from(before), own) as u32 & (UNKNOWN >> 1))
}

/// Equal values have equal hashes, or one of them has none.
fn hash_of(key: Value) -> Option<u64> {
    match key.tag() {
        Tag::Null | Tag::Boolean => Some(key.to_word() as u64),
        Tag::Integer => key.as_integer().map(i64::cast_unsigned),
        Tag::String => Some(u64::from(raw::hash_text(key))),
        _ => None,
    }
}

/// Builds all indexes (see `regoc_abi::runtime::INDEXES`) of a document.
pub fn build_all(document: Value, indexes: Value) {
    for &index in elements(indexes) {
        let [path, columns, is_keyed] = elements(index) else { continue };
        let mut collection = document;
        for &key in elements(*path) {
            collection = if collection.is_undefined() { collection } else { rt::dot_text(collection, key) };
        }
        let is_fit = match collection.tag() {
            Tag::Array => is_keyed.to_word() == Value::FALSE.to_word(),
            Tag::Object => true,
            _ => false,
        };
        if !collection.is_undefined() && is_fit && keyed::count(collection) >= FEWEST {
            build(collection, index, elements(*columns));
        }
    }
}

fn elements(array: Value) -> &'static [Value] {
    array.as_array().map_or(&[], Array::as_slice)
}

/// The element at a place of an array or an object that is in order.
fn element(collection: Value, place: usize) -> Value {
    rt::scan_value(collection, place)
}

/// Calls `found` with the hash of each choice of one key from each column of an element. False where a key has no hash.
fn for_each_hash(element: Value, columns: &[Value], before: u32, found: &mut dyn FnMut(u32)) -> bool {
    let Some((column, rest)) = columns.split_first() else {
        found(before);
        return true;
    };
    for_each_key(element, elements(*column), &mut |key| {
        let hash = hash(before, key);
        hash != UNKNOWN && for_each_hash(element, rest, hash, found)
    })
}

/// Calls `found` with each key in a column of an element, until it gives false.
fn for_each_key(value: Value, column: &[Value], found: &mut dyn FnMut(Value) -> bool) -> bool {
    let Some((&key, rest)) = column.split_first() else { return found(value) };
    if !key.is_string() {
        return (0..rt::scan(value)).all(|place| for_each_key(element(value, place), rest, found));
    }
    let value = rt::dot_text(value, key);
    value.is_undefined() || for_each_key(value, rest, found)
}

/// Builds the index of a collection in order, unless a key has no hash.
fn build(collection: Value, index: Value, columns: &[Value]) {
    let len = raw::len(collection);
    let mut count = 0_usize;
    if !(0..len).all(|place| for_each_hash(element(collection, place), columns, 0, &mut |_| count += 1)) {
        return;
    }
    let buckets = count.next_power_of_two();
    let head: *mut Head = arena::allocate(size_of::<Head>() + (buckets + 1 + count) * size_of::<u32>()).cast();
    // SAFETY: the memory is new and has room for the head, the ends of all buckets and all places.
    let (ends, places) = unsafe {
        let ends: *mut u32 = head.add(1).cast();
        ends.write_bytes(0, buckets + 1);
        (ends, ends.add(buckets + 1))
    };
    let mask = buckets as u32 - 1;
    // SAFETY: a bucket is below the number of buckets.
    let end_of = |hash: u32| unsafe { ends.add((hash & mask) as usize + 1) };
    let for_all = |found: &mut dyn FnMut(usize, u32)| {
        for place in 0..len {
            for_each_hash(element(collection, place), columns, 0, &mut |hash| found(place, hash));
        }
    };
    // SAFETY: the second time as many places are written as were counted the first time, each in its own bucket.
    unsafe {
        for_all(&mut |_, hash| *end_of(hash) += 1);
        let mut begin = 0;
        for bucket in 0..buckets {
            let end = ends.add(bucket + 1);
            let count = end.replace(begin);
            begin += count;
        }
        for_all(&mut |place, hash| {
            let end = end_of(hash);
            places.add(*end as usize).write(place as u32);
            *end += 1;
        });
        head.write(Head { older: youngest(), collection, index, mask, ends, places });
    }
    set_youngest(head.expose_provenance());
}

/// The elements of a collection that may have keys with that hash, in their order; the collection itself where it has no such index.
#[must_use]
pub fn select(collection: Value, index: Value, hash: u32) -> Value {
    let mut next = if hash == UNKNOWN { 0 } else { youngest() };
    while next != 0 {
        // SAFETY: an index that was forgotten is not found, and the others begin with a head.
        let head = unsafe { core::ptr::with_exposed_provenance::<Head>(next).read() };
        if head.collection.to_word() == collection.to_word() && head.index.to_word() == index.to_word() {
            return selected(&head, hash);
        }
        next = head.older;
    }
    collection
}

fn selected(head: &Head, hash: u32) -> Value {
    let bucket = (hash & head.mask) as usize;
    // SAFETY: there is such a bucket.
    let (mut at, end) = unsafe { (*head.ends.add(bucket), *head.ends.add(bucket + 1)) };
    let is_object = matches!(head.collection.tag(), Tag::Object);
    let selected = raw::new_collection(head.collection.tag(), (end - at) as usize);
    let mut last = u32::MAX;
    while at < end {
        // SAFETY: the place is one of the bucket's.
        let place = unsafe { *head.places.add(at as usize) };
        at += 1;
        if place != last {
            let value = element(head.collection, place as usize);
            keyed::append(
                selected,
                if is_object { raw::item(head.collection, place as usize * 2) } else { value },
                value,
            );
            last = place;
        }
    }
    selected
}

/// Forgets the indexes that lie at or above an address.
pub fn forget(address: usize) {
    while youngest() != 0 && youngest() >= address {
        // SAFETY: as in `select`.
        set_youngest(unsafe { core::ptr::with_exposed_provenance::<Head>(youngest()).read() }.older);
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;
    use std::vec::Vec;

    use super::{FEWEST, build_all, forget, hash, select};
    use crate::{Value, json};

    fn value(text: &str) -> Value {
        json::parse(text.as_bytes()).expect("it is JSON")
    }

    /// What is selected of the rows of a document with this key in the column `key`, shown as JSON.
    fn selected(rows: &str, key: &str) -> String {
        let document = value(&format!(r#"{{"rows": {rows}}}"#));
        let indexes = value(r#"[[["rows"], [["key"]], false]]"#);
        let index = indexes.as_array().expect("an array").get(0);
        build_all(document, indexes);
        let rows = document.as_object().expect("an object").get(Value::string(b"rows"));
        let selected = select(rows, index, hash(0, value(key)));
        forget(0);
        assert_eq!(select(rows, index, hash(0, value(key))).to_word(), rows.to_word(), "forgotten");
        String::from_utf8(json::write(selected).to_vec()).expect("it is text")
    }

    fn rows(key: impl Fn(usize) -> String, count: usize) -> String {
        let rows: Vec<String> = (0..count).map(|id| format!(r#"{{"id":{id},"key":{}}}"#, key(id))).collect();
        format!("[{}]", rows.join(","))
    }

    #[test]
    fn all_elements_with_a_key_are_selected_in_their_order() {
        let keys = [r#""a""#, r#""b""#, "1", "-7", "null", "true", r#""1""#];
        let rows = rows(|id| keys[id % keys.len()].into(), 100);
        for (first, key) in keys.iter().enumerate() {
            let selected = selected(&rows, key);
            let ids: Vec<&str> = selected.split(r#""id":"#).skip(1).filter_map(|rest| rest.split(',').next()).collect();
            let wanted = (first..100).step_by(keys.len());
            let found = wanted.clone().filter(|id| ids.contains(&format!("{id}").as_str())).count();
            assert_eq!(found, wanted.count(), "{key}: {selected}");
            assert!(ids.is_sorted_by_key(|id| id.parse::<usize>().unwrap_or_default()) && ids.len() < 100, "{key}");
        }
    }

    #[test]
    fn rows_without_the_key_are_left_out() {
        let mut rows = rows(|_| r#""a""#.into(), 20);
        rows.insert_str(1, r#"{"id": 99}, 7, null, [1], "#);
        assert!(!selected(&rows, r#""a""#).contains("99"));
    }

    #[test]
    fn what_has_no_hash_is_looked_at() {
        let with = |odd: &str| rows(|id| if id == 7 { odd.into() } else { r#""a""#.into() }, 20);
        // One row of all is selected where there is an index; 1.5 and collections have no hash, in rows and as keys.
        assert!(!selected(&with("1"), "1").contains(r#""id":8,"#));
        for (odd, key) in [("1.5", "1"), ("1.0", "1"), ("[1]", "1"), ("{}", r#""a""#), ("1", "1.0"), ("1", "[1]")] {
            assert_eq!(selected(&with(odd), key).matches("id").count(), 20, "{odd} {key}");
        }
        let few = rows(|_| r#""a""#.into(), FEWEST - 1);
        assert_eq!(selected(&few, r#""b""#).matches("id").count(), FEWEST - 1);
    }
}
