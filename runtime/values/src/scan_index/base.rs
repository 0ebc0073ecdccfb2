//! Indexes of base data. They are built when the host gives a document, and lie behind it; each is found by the address of its collection.
#![expect(unsafe_code, reason = "an index is words in memory, and is found by the address of its collection")]

use super::{Index, build, elements, is_fit};
use crate::{Value, arena, module_words, rt};

module_words! {
    /// The address of the youngest index, 0 if there is none. Older ones lie below.
    youngest: usize = "base_index.get", set_youngest = "base_index.set";
}

/// Collections with fewer elements are scanned. They are fewer than where a decision makes the index.
const FEWEST: usize = 4;

/// An index among others.
#[repr(C)]
#[derive(Clone, Copy)]
struct Linked {
    index: Index,
    /// The address of the next older one, or 0.
    older: usize,
}

#[cfg(target_arch = "wasm32")]
const _: () = {
    use core::mem::offset_of;
    use regoc_abi::layout as l;
    assert!(size_of::<Linked>() == l::BASE_INDEX_SIZE as usize && offset_of!(Index, collection) == 0);
    assert!(
        offset_of!(Index, says) == l::BASE_INDEX_SAYS as usize
            && offset_of!(Index, mask) == l::BASE_INDEX_MASK as usize
    );
    assert!(
        offset_of!(Index, ends) == l::BASE_INDEX_ENDS as usize
            && offset_of!(Index, items) == l::BASE_INDEX_ITEMS as usize
    );
    assert!(offset_of!(Linked, older) == l::BASE_INDEX_OLDER as usize);
};

/// Builds all indexes (see `regoc_abi::runtime::INDEXES`) of a document.
pub fn build_all(document: Value, indexes: Value) {
    for &says in elements(indexes) {
        let [path, ..] = elements(says) else { continue };
        let mut collection = document;
        for &key in elements(*path) {
            collection = if collection.is_undefined() { collection } else { rt::dot_text(collection, key) };
        }
        if !is_fit(collection, says, FEWEST) {
            continue;
        }
        let index = build(collection, says);
        if !index.ends.is_null() {
            let place: *mut Linked = arena::allocate(size_of::<Linked>()).cast();
            // SAFETY: the memory is new and large enough.
            unsafe { place.write(Linked { index, older: youngest() }) };
            set_youngest(place.expose_provenance());
        }
    }
}

/// The elements of a collection that may have keys with that hash, in their order; the collection itself where it has no such index.
#[must_use]
pub fn select(collection: Value, says: Value, hash: u32) -> Value {
    let mut next = youngest();
    while next != 0 {
        let Linked { index, older } = linked(next);
        if index.collection.to_word() == collection.to_word() && index.says.to_word() == says.to_word() {
            return index.select(hash);
        }
        next = older;
    }
    collection
}

/// Forgets the indexes that lie at or above an address.
pub fn forget(address: usize) {
    while youngest() != 0 && youngest() >= address {
        set_youngest(linked(youngest()).older);
    }
}

fn linked(address: usize) -> Linked {
    // SAFETY: an index that was forgotten is not found, and the others lie where they were put.
    unsafe { core::ptr::with_exposed_provenance::<Linked>(address).read() }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::{build_all, forget, select};
    use crate::scan_index::hash;
    use crate::{Value, json, raw};

    fn value(text: &str) -> Value {
        json::parse(text.as_bytes()).expect("it is JSON")
    }

    #[test]
    fn a_document_has_its_indexes_until_they_are_forgotten() {
        let rows = (0..20).map(|id| format!(r#"{{"key":{id}}}"#)).collect::<std::vec::Vec<_>>().join(",");
        let document = value(&format!(r#"{{"few": [{{"key": 1}}], "rows": [{rows}]}}"#));
        let indexes =
            value(r#"[[["rows"], [["key"]], false], [["few"], [["key"]], false], [["none"], [["key"]], false]]"#);
        let says = |at| indexes.as_array().expect("an array").get(at);
        build_all(document, indexes);
        let part = |name: &[u8]| document.as_object().expect("an object").get(Value::string(name));
        let (rows, few) = (part(b"rows"), part(b"few"));
        assert!(raw::len(select(rows, says(0), hash(0, value("7")))) < 20);
        assert_eq!(select(rows, says(1), hash(0, value("7"))).to_word(), rows.to_word(), "another index");
        assert_eq!(select(few, says(1), hash(0, value("7"))).to_word(), few.to_word(), "too few");
        forget(0);
        assert_eq!(select(rows, says(0), hash(0, value("7"))).to_word(), rows.to_word(), "forgotten");
    }
}
