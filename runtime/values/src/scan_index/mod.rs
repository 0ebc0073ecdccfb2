//! Indexes of collections: which elements have a key in a column, so that a rule that scans a collection for the key looks at those only.
//!
//! An index says too much rather than too little: who selects asks each element for the keys again. Collections in which a column holds
//! something without a hash (a number that is kept as its text) have no index, and are scanned. [`base`] indexes documents
//! when the host gives them; [`made`] indexes what is scanned again and again in a decision.
#![expect(unsafe_code, reason = "an index is words in memory, and is found by the address of its collection")]

pub mod base;
pub mod made;

use crate::interned::step;
use crate::{Array, Tag, Value, arena, keyed, raw, rt};

/// Collections with fewer elements are scanned where a decision would make the index; base data have a number of their own ([`base`]).
const FEWEST: usize = 16;

/// The hash of keys of which one has none.
const UNKNOWN: u32 = u32::MAX;

/// Of collections that are keys, so many keys and values make the hash.
const HASHED_WORDS: usize = 16;

/// An index, by buckets of the hashes of keys.
#[repr(C)]
#[derive(Clone, Copy)]
struct Index {
    collection: Value,
    /// The constant that says what is indexed, see `regoc_abi::runtime::INDEXES`.
    says: Value,
    /// The number of buckets less one.
    mask: u32,
    /// Behind the first word, which is 0, where each bucket ends among the items; null while nothing was built.
    ends: *mut u32,
    /// The elements, bucket by bucket, in the order of the collection; of objects each behind its key.
    items: *mut Value,
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
        Tag::Integer => key.as_integer().map(i64::cast_unsigned),
        Tag::Array | Tag::Object | Tag::Set => {
            let words = rt::scan(key) * keyed::stride(key);
            Some(
                (0..words.min(HASHED_WORDS))
                    .fold(words as u64, |hash, at| step(hash, hash_of_part(raw::item(key, at)))),
            )
        }
        Tag::Null | Tag::Boolean | Tag::String => Some(hash_of_part(key)),
        _ => None,
    }
}

/// What a value adds to the hash of the collection that it is in. Numbers add the same, however they are written, and so do collections.
fn hash_of_part(value: Value) -> u64 {
    match value.tag() {
        Tag::String => u64::from(raw::hash_text(value)),
        Tag::Null | Tag::Boolean => value.to_word() as u64,
        _ => 0,
    }
}

fn elements(array: Value) -> &'static [Value] {
    array.as_array().map_or(&[], Array::as_slice)
}

/// Whether a collection is large enough for an index, and selecting from it keeps what the scan sees. It is put into order.
fn is_fit(collection: Value, says: Value, fewest: usize) -> bool {
    rt::scan(collection) >= fewest && (!matches!(collection.tag(), Tag::Array) || !are_places_seen(says))
}

/// Whether the scan that an index is for looks at the places of elements in arrays.
fn are_places_seen(says: Value) -> bool {
    elements(says).get(2).is_some_and(|seen| seen.to_word() == Value::TRUE.to_word())
}

/// The hashes of a collection's elements: of each element that of each choice of one key from each column.
struct Hashes<'c> {
    columns: &'c [Value],
    /// Where they go; null while they are counted.
    pairs: *mut Pair,
    count: usize,
}

/// An element's place and one of its hashes.
#[repr(C)]
#[derive(Clone, Copy)]
struct Pair {
    place: u32,
    hash: u32,
}

impl Hashes<'_> {
    /// Takes those of all elements. False where a key has no hash.
    fn take(&mut self, collection: Value) -> bool {
        self.count = 0;
        (0..raw::len(collection)).all(|place| {
            let element = rt::scan_value(collection, place);
            self.column(Pair { place: place as u32, hash: 0 }, element, self.columns)
        })
    }

    /// Takes those of the columns that are left, behind the hash of those before.
    fn column(&mut self, before: Pair, element: Value, columns: &[Value]) -> bool {
        let Some((column, rest)) = columns.split_first() else {
            if !self.pairs.is_null() {
                // SAFETY: there is room for as many as were counted.
                unsafe { self.pairs.add(self.count).write(before) };
            }
            self.count += 1;
            return true;
        };
        self.keys(before, element, element, elements(*column), rest)
    }

    /// Takes those of each key under the steps that are left of a column.
    fn keys(&mut self, before: Pair, element: Value, value: Value, steps: &[Value], columns: &[Value]) -> bool {
        let Some((&step, rest)) = steps.split_first() else {
            let hash = hash(before.hash, value);
            return hash != UNKNOWN && self.column(Pair { hash, ..before }, element, columns);
        };
        if matches!(step.tag(), Tag::Null) {
            return (0..rt::scan(value))
                .all(|place| self.keys(before, element, rt::scan_value(value, place), rest, columns));
        }
        let value = under(value, step);
        value.is_undefined() || self.keys(before, element, value, rest, columns)
    }
}

/// What lies under a key: a string, or an array of one and its slot in records.
fn under(value: Value, step: Value) -> Value {
    match elements(step) {
        &[key, slot] => rt::dot_slot(value, key, slot.small_value() as usize),
        _ => rt::dot_text(value, step),
    }
}

/// The index of a collection that is fit for it. Nothing is built where a key has no hash.
fn build(collection: Value, says: Value) -> Index {
    let mut index = Index { collection, says, mask: 0, ends: core::ptr::null_mut(), items: core::ptr::null_mut() };
    let columns = elements(says).get(1).map_or(&[][..], |columns| elements(*columns));
    let mut hashes = Hashes { columns, pairs: core::ptr::null_mut(), count: 0 };
    if hashes.take(collection) {
        let count = hashes.count;
        let buckets = count.next_power_of_two();
        index.mask = buckets as u32 - 1;
        index.ends = words(buckets + 1).cast();
        index.items = words(count * keyed::stride(collection));
        hashes.pairs = words(count * 2).cast();
        hashes.take(collection);
        // SAFETY: so many pairs were written.
        index.fill(unsafe { core::slice::from_raw_parts(hashes.pairs, count) });
    }
    index
}

fn words(count: usize) -> *mut Value {
    arena::allocate(count * size_of::<Value>()).cast()
}

impl Index {
    /// Puts the elements into their buckets, each only once into the same.
    fn fill(&self, pairs: &[Pair]) {
        let Self { collection, mask, ends, items, .. } = *self;
        let stride = keyed::stride(collection);
        // SAFETY: there are a word of `ends` more than buckets, and room for as many elements as there are pairs; a bucket is below their number.
        unsafe {
            ends.write_bytes(0, mask as usize + 2);
            let end_of = |pair: &Pair| ends.add((pair.hash & mask) as usize + 1);
            for pair in pairs {
                *end_of(pair) += 1;
            }
            let mut begin = 0;
            for bucket in 0..=mask as usize {
                begin += ends.add(bucket + 1).replace(begin);
            }
            for pair in pairs {
                let end = end_of(pair);
                items.add(*end as usize * stride).cast::<u32>().write(pair.place);
                *end += 1;
            }
            // What stands where the elements will stand are their places so far; an element's follow each other.
            let (mut from, mut to) = (0, 0);
            for bucket in 0..=mask as usize {
                let end = ends.add(bucket + 1);
                let mut last = u32::MAX;
                while from < *end as usize {
                    let place = items.add(from * stride).cast::<u32>().read();
                    if place != last {
                        let item = items.add(to * stride);
                        item.write(rt::scan_key(collection, place as usize));
                        item.add(stride - 1).write(rt::scan_value(collection, place as usize));
                        to += 1;
                    }
                    last = place;
                    from += 1;
                }
                *end = to as u32;
            }
        }
    }

    /// The elements that may have keys with that hash, in their order; the collection itself if nothing is known of them.
    fn select(&self, hash: u32) -> Value {
        if self.ends.is_null() || hash == UNKNOWN {
            return self.collection;
        }
        let bucket = (hash & self.mask) as usize;
        // SAFETY: there is such a bucket, and its elements stay where they are as long as the index.
        unsafe {
            let (begin, end) = (*self.ends.add(bucket) as usize, *self.ends.add(bucket + 1) as usize);
            let first = self.items.add(begin * keyed::stride(self.collection));
            raw::part(self.collection.tag(), first, end - begin)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;
    use std::vec::Vec;

    use super::{FEWEST, Index, build, hash, is_fit};
    use crate::{Value, syntax};

    fn value(text: &str) -> Value {
        syntax::parse(text.as_bytes()).expect("it is a value")
    }

    /// The index of a collection by the column `key` of its elements.
    fn index(collection: &str) -> Index {
        indexed(collection, r#"[null, [["key"]], false]"#)
    }

    fn indexed(collection: &str, says: &str) -> Index {
        let (collection, says) = (value(collection), value(says));
        assert!(is_fit(collection, says, FEWEST), "{collection:?}");
        build(collection, says)
    }

    /// What is selected by a key.
    fn selected(index: &Index, key: &str) -> String {
        String::from_utf8(syntax::write(index.select(hash(0, value(key)))).to_vec()).expect("it is text")
    }

    fn rows(key: impl Fn(usize) -> String, count: usize) -> String {
        let rows: Vec<String> = (0..count).map(|id| format!(r#"{{"id":{id},"key":{}}}"#, key(id))).collect();
        format!("[{}]", rows.join(","))
    }

    #[test]
    fn all_elements_with_a_key_are_selected_in_their_order() {
        let keys = [r#""a""#, r#""b""#, "1", "-7", "null", "true", r#""1""#];
        let index = index(&rows(|id| keys[id % keys.len()].into(), 100));
        for (first, key) in keys.iter().enumerate() {
            let selected = selected(&index, key);
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
        assert!(!selected(&index(&rows), r#""a""#).contains("99"));
    }

    #[test]
    fn what_has_no_hash_is_looked_at() {
        let with = |odd: &str| index(&rows(|id| if id == 7 { odd.into() } else { r#""a""#.into() }, 20));
        // One row of all is selected where there is an index; 1.5 has no hash, in rows and as a key.
        assert!(!selected(&with("1"), "1").contains(r#""id":8,"#));
        for (odd, key) in [("1.5", "1"), ("1.0", "1"), ("1", "1.0")] {
            assert_eq!(selected(&with(odd), key).matches("id").count(), 20, "{odd} {key}");
        }
    }

    #[test]
    fn collections_are_keys() {
        let keys = [r#"["x"]"#, r#"["y"]"#, "[1]", "{}", r#"{"k":1}"#, r#"{"a","b"}"#];
        let rows = index(&rows(|id| keys[id % keys.len()].into(), 60));
        for (at, key) in keys.iter().enumerate() {
            let selected = selected(&rows, key);
            assert!(selected.matches("id").count() < 60, "{key}");
            assert_eq!(
                (at..60).step_by(keys.len()).filter(|id| selected.contains(&format!("\"id\":{id},"))).count(),
                10
            );
        }
        assert_eq!(selected(&rows, "[1.0]"), selected(&rows, "[1]"), "equal numbers in collections");
        assert_eq!(selected(&rows, r#"{"k":1.0}"#), selected(&rows, r#"{"k":1}"#));
    }

    #[test]
    fn equal_elements_are_selected_as_often_as_they_are_there() {
        let ones = indexed(&format!("[{}2]", "1,".repeat(20)), "[null, [[]], false]");
        assert_eq!(selected(&ones, "1").matches('1').count(), 20);
        assert_eq!(selected(&ones, "2"), "[2]");
    }

    #[test]
    fn an_element_with_a_key_twice_is_selected_once() {
        let tags = |id: usize| if id == 3 { r#"["x", "y", "x", 1]"# } else { r#"["z"]"# };
        let rows: Vec<String> = (0..20).map(|id| format!(r#"{{"id":{id},"tags":{}}}"#, tags(id))).collect();
        let index = indexed(&format!("[{}]", rows.join(",")), r#"[null, [["tags", null]], false]"#);
        assert_eq!(selected(&index, r#""x""#).matches(r#""id":3,"#).count(), 1);
        assert_eq!(selected(&index, r#""z""#).matches(r#"["z"]"#).count(), 19);
    }

    #[test]
    fn objects_keep_their_keys_and_sets_their_elements() {
        let entries: Vec<String> = (0..20).map(|id| format!(r#""k{id:02}":{{"key":{}}}"#, id % 10)).collect();
        let object = index(&format!("{{{}}}", entries.join(",")));
        assert_eq!(selected(&object, "3"), r#"{"k03":{"key":3},"k13":{"key":3}}"#);
        let elements: Vec<String> = (0..20).map(|id| format!("[{id},{}]", id % 10)).collect();
        let set = indexed(&format!("{{{}}}", elements.join(",")), "[null, [[null]], false]");
        assert_eq!(selected(&set, "13"), "{[13,3]}");
    }
}
