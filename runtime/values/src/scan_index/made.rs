//! Indexes of what is scanned again and again in a decision: parts of the input, values of rules. Each is made when its collection is scanned
//! for the third time, because to make one costs about as much as two scans; until then, and where nothing can be indexed, the scan
//! looks at everything.
#![expect(unsafe_code, reason = "an index is words in memory, and is found by the address of its collection")]

use super::{FEWEST, Index, build, is_fit};
use crate::interned::step;
use crate::{Value, arena, module_words};

/// At which scan an index is made.
const MADE_AT: u32 = 3;

/// How many collections are noted before the table grows.
const FIRST_SLOTS: usize = 16;

module_words! {
    /// The address of the table of scanned collections, 0 if there is none.
    table: usize = "made_index.get", set_table = "made_index.set";
}

/// The scanned collections, by a hash of their addresses; behind it lie its slots, each the address of a [`Scanned`] or 0.
#[repr(C)]
struct Table {
    /// The number of slots less one.
    mask: usize,
    /// How many slots are taken, at most half of them.
    taken: usize,
}

/// A collection that was scanned.
#[repr(C)]
struct Scanned {
    index: Index,
    times: u32,
}

/// Notes that a collection is scanned for keys in the columns of an index. The address of its index, which may be one that knows nothing; 0
/// for what is no collection, or too small.
#[must_use]
pub fn find(collection: Value, says: Value) -> usize {
    if !is_fit(collection, says, FEWEST) {
        return 0;
    }
    let scanned = noted(collection, says);
    // SAFETY: what the table has lies where it was put.
    unsafe {
        (*scanned).times = (*scanned).times.saturating_add(1);
        if (*scanned).times == MADE_AT {
            (*scanned).index = build(collection, says);
        }
    }
    scanned.expose_provenance()
}

/// The elements of the collection of an index that was found that may have keys with that hash, in their order.
#[must_use]
pub fn select(found: usize, hash: u32) -> Value {
    // SAFETY: the address is one that `find` gave, of this decision.
    unsafe { (*core::ptr::with_exposed_provenance::<Scanned>(found)).index.select(hash) }
}

/// Forgets all collections: their memory is used for something else, or they change.
pub fn forget() {
    set_table(0);
}

/// What is noted of a collection; from now on if it was not.
fn noted(collection: Value, says: Value) -> *mut Scanned {
    if table() == 0 {
        set_table(new_table(FIRST_SLOTS));
    }
    let (is_same, mut slot) = look_up(collection, says);
    // SAFETY: the slot is one of the table's, and what it has lies where it was put.
    unsafe {
        if is_same {
            return core::ptr::with_exposed_provenance_mut(*slot);
        }
        if (*head()).taken * 2 > (*head()).mask {
            grow();
            slot = look_up(collection, says).1;
        }
        let scanned: *mut Scanned = arena::allocate(size_of::<Scanned>()).cast();
        let ends = core::ptr::null_mut();
        let index = Index { collection, says, mask: 0, ends, items: core::ptr::null_mut() };
        scanned.write(Scanned { index, times: 0 });
        *slot = scanned.expose_provenance();
        (*head()).taken += 1;
        scanned
    }
}

fn head() -> *mut Table {
    core::ptr::with_exposed_provenance_mut(table())
}

/// The slot of a collection, and whether it is there; else the slot is free.
fn look_up(collection: Value, says: Value) -> (bool, *mut usize) {
    // SAFETY: slots lie behind the head, and half of them are free.
    unsafe {
        let mask = (*head()).mask;
        let slots: *mut usize = head().add(1).cast();
        let mut place = step(step(0, collection.to_word() as u64), says.to_word() as u64) as usize;
        loop {
            let slot = slots.add(place & mask);
            if *slot == 0 {
                return (false, slot);
            }
            let noted = &(*core::ptr::with_exposed_provenance::<Scanned>(*slot)).index;
            if noted.collection.to_word() == collection.to_word() && noted.says.to_word() == says.to_word() {
                return (true, slot);
            }
            place += 1;
        }
    }
}

fn new_table(slots: usize) -> usize {
    let table: *mut Table = arena::allocate(size_of::<Table>() + slots * size_of::<usize>()).cast();
    // SAFETY: the memory is new and large enough.
    unsafe {
        table.write(Table { mask: slots - 1, taken: 0 });
        table.add(1).cast::<usize>().write_bytes(0, slots);
    }
    table.expose_provenance()
}

/// Makes the table twice as large.
fn grow() {
    let old = head();
    // SAFETY: the old table's slots are read before anything else uses their memory.
    unsafe {
        set_table(new_table(((*old).mask + 1) * 2));
        let slots: *const usize = old.add(1).cast();
        for place in 0..=(*old).mask {
            let address = *slots.add(place);
            if address != 0 {
                let noted = &(*core::ptr::with_exposed_provenance::<Scanned>(address)).index;
                *look_up(noted.collection, noted.says).1 = address;
                (*head()).taken += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::vec::Vec;

    use super::{FIRST_SLOTS, find, forget, select};
    use crate::scan_index::hash;
    use crate::{Value, raw, syntax};

    fn value(text: &str) -> Value {
        syntax::parse(text.as_bytes()).expect("it is a value")
    }

    fn rows(count: usize) -> Value {
        let rows: Vec<_> = (0..count).map(|id| format!(r#"{{"key":{id}}}"#)).collect();
        value(&format!("[{}]", rows.join(",")))
    }

    fn selected(collection: Value, says: Value) -> usize {
        raw::len(select(find(collection, says), hash(0, value("7"))))
    }

    #[test]
    fn a_collection_is_indexed_when_it_is_scanned_for_the_third_time() {
        let (rows, says) = (rows(20), value(r#"[null, [["key"]], false]"#));
        assert_eq!([0; 2].map(|_| selected(rows, says)), [20; 2]);
        assert!(selected(rows, says) < 20);
        assert_eq!(selected(rows, value(r#"[null, [["key"]], false]"#)), 20, "another index");
        forget();
        assert_eq!(selected(rows, says), 20, "forgotten");
        forget();
    }

    #[test]
    fn small_collections_and_scalars_are_not_noted() {
        let says = value(r#"[null, [["key"]], true]"#);
        for collection in [rows(15), rows(20), value("\"text\""), Value::UNDEFINED, value("7")] {
            assert_eq!(find(collection, says), 0);
        }
    }

    #[test]
    fn the_table_grows() {
        let says = value(r#"[null, [["key"]], false]"#);
        let many: Vec<Value> = (0..FIRST_SLOTS * 20).map(|_| rows(16)).collect();
        for expected in [16, 16, 1] {
            for rows in &many {
                let count = selected(*rows, says);
                assert!(if expected == 1 { count < 16 } else { count == expected }, "{count}");
            }
        }
        forget();
    }
}
