//! The functions that generated code calls beside the builtins (`regoc_abi::runtime`).

use regoc_values::regex::table;
use regoc_values::rt::Slot;
use regoc_values::{Array, Object, Set, Tag, Value, interned, rt, scan_index};

use crate::imports;

/// The handle of a collection that generated code has made: it never passes another value here.
macro_rules! made {
    ($value:expr) => {
        match $value {
            Some(collection) => collection,
            None => core::arch::wasm32::unreachable(),
        }
    };
}

#[unsafe(export_name = "rt.dot")]
extern "C" fn dot(value: Value, key: Value) -> Value {
    rt::dot(value, key)
}

#[unsafe(export_name = "rt.dot_text")]
extern "C" fn dot_text(value: Value, key: Value) -> Value {
    rt::dot_text(value, key)
}

#[unsafe(export_name = "rt.storage_dot")]
extern "C" fn storage_dot(value: Value, key: Value) -> Value {
    rt::storage_dot(value, key)
}

#[unsafe(export_name = "rt.equal")]
extern "C" fn equal(a: Value, b: Value) -> bool {
    regoc_values::equal(a, b)
}

#[unsafe(export_name = "rt.equal_often")]
extern "C" fn equal_often(a: Value, b: Value) -> bool {
    regoc_values::equal_often(a, b)
}

#[unsafe(export_name = "rt.dot_known")]
extern "C" fn dot_known(value: Value, key: Value) -> Value {
    rt::dot_known(value, key)
}

#[unsafe(export_name = "rt.dot_slot")]
extern "C" fn dot_slot(value: Value, key: Value, slot: usize) -> Value {
    rt::dot_slot(value, key, slot)
}

// SAFETY (of both): the reader of documents calls them with its place.

#[unsafe(export_name = "rt.parse")]
unsafe extern "C" fn parse(at: *const u8, depth: u32) -> *const u8 {
    // SAFETY: see above.
    unsafe { rt::parse(at, depth) }
}

#[unsafe(export_name = "rt.parse_by_shapes")]
unsafe extern "C" fn parse_by_shapes(at: *const u8, depth: u32) -> *const u8 {
    // SAFETY: see above.
    unsafe { rt::parse_by_shapes(at, depth, imports::shapes()) }
}

#[unsafe(export_name = "rt.equal_known")]
extern "C" fn equal_known(value: Value, constant: Value) -> bool {
    interned::equal_known(value, constant)
}

#[unsafe(export_name = "rt.compare")]
extern "C" fn compare(a: Value, b: Value) -> i32 {
    regoc_values::compare(a, b) as i32
}

#[unsafe(export_name = "rt.scan")]
extern "C" fn scan(value: Value) -> usize {
    rt::scan(value)
}

#[unsafe(export_name = "rt.scan_key")]
extern "C" fn scan_key(value: Value, index: usize) -> Value {
    rt::scan_key(value, index)
}

#[unsafe(export_name = "rt.scan_step")]
extern "C" fn scan_step(value: Value) -> usize {
    rt::scan_step(value)
}

#[unsafe(export_name = "rt.regex_match")]
unsafe extern "C" fn regex_match(table: *const u8, text: Value) -> Value {
    // SAFETY: generated code passes the address of a table.
    regoc_values::builtins::regex::matches_by_table(unsafe { table::at(table) }, text)
}

#[unsafe(export_name = "rt.sprintf_plain")]
extern "C" fn sprintf_plain(format: Value, arguments: Value) -> Value {
    regoc_values::builtins::sprintf::sprintf_plain(format, arguments)
}

#[unsafe(export_name = "rt.select_hash")]
extern "C" fn select_hash(before: u32, key: Value) -> u32 {
    scan_index::hash(before, key)
}

#[unsafe(export_name = "rt.select")]
extern "C" fn select(collection: Value, index: Value, hash: u32) -> Value {
    scan_index::base::select(collection, index, hash)
}

#[unsafe(export_name = "rt.index_document")]
extern "C" fn index_document(document: Value) {
    scan_index::base::build_all(document, imports::indexes());
}

#[unsafe(export_name = "rt.forget_indexes")]
extern "C" fn forget_indexes(address: usize) {
    scan_index::base::forget(address);
}

#[unsafe(export_name = "rt.find_index")]
extern "C" fn find_index(collection: Value, index: Value) -> usize {
    scan_index::made::find(collection, index)
}

#[unsafe(export_name = "rt.select_found")]
extern "C" fn select_found(found: usize, hash: u32) -> Value {
    scan_index::made::select(found, hash)
}

#[unsafe(export_name = "rt.forget_found")]
extern "C" fn forget_found() {
    scan_index::made::forget();
}

#[unsafe(export_name = "rt.len")]
extern "C" fn len(value: Value) -> Value {
    rt::len(value)
}

#[unsafe(export_name = "rt.tag")]
extern "C" fn tag(value: Value) -> u32 {
    value.tag() as u32
}

#[unsafe(export_name = "rt.integer")]
extern "C" fn integer(value: i64) -> Value {
    Value::integer(value)
}

#[unsafe(export_name = "rt.array")]
extern "C" fn array(capacity: usize) -> Value {
    Array::new(capacity).into()
}

#[unsafe(export_name = "rt.array_push")]
extern "C" fn array_push(array: Value, element: Value) {
    made!(array.as_array()).push(element);
}

#[unsafe(export_name = "rt.object")]
extern "C" fn object(capacity: usize) -> Value {
    Object::new(capacity).into()
}

#[unsafe(export_name = "rt.object_insert")]
extern "C" fn object_insert(object: Value, key: Value, value: Value) {
    made!(object.as_object()).insert(key, value);
}

#[unsafe(export_name = "rt.object_insert_once")]
extern "C" fn object_insert_once(object: Value, key: Value, value: Value) -> bool {
    made!(object.as_object()).insert_once(key, value)
}

#[unsafe(export_name = "rt.object_merge")]
extern "C" fn object_merge(a: Value, b: Value) -> Value {
    rt::object_merge(a, b)
}

#[unsafe(export_name = "rt.object_default")]
extern "C" fn object_default(object: Value, key: Value, value: Value) -> Value {
    rt::object_default(object, key, value)
}

#[unsafe(export_name = "rt.result_set")]
extern "C" fn result_set(key: Value, value: Value) -> Value {
    rt::result_set(key, value)
}

#[unsafe(export_name = "rt.set")]
extern "C" fn set(capacity: usize) -> Value {
    Set::new(capacity).into()
}

#[unsafe(export_name = "rt.set_add")]
extern "C" fn set_add(set: Value, element: Value) {
    made!(set.as_set()).add(element);
}

#[unsafe(export_name = "rt.append")]
extern "C" fn append(value: Value, key: Value, element: Value) {
    rt::append(value, key, element);
}

#[unsafe(export_name = "rt.settle")]
extern "C" fn settle(value: Value) {
    rt::settle(value);
}

#[unsafe(export_name = "rt.settle_as_read")]
extern "C" fn settle_as_read(value: Value) {
    rt::settle_as_read(value);
}

#[unsafe(export_name = "rt.read")]
unsafe extern "C" fn read(tag: Tag, elements: *const Value, words: usize) -> Value {
    // SAFETY: the caller's.
    unsafe { rt::read(tag, elements, words) }
}

#[unsafe(export_name = "rt.read_unordered")]
unsafe extern "C" fn read_unordered(tag: Tag, elements: *const Value, words: usize) -> Value {
    // SAFETY: the caller's.
    unsafe { rt::read_unordered(tag, elements, words) }
}

#[unsafe(export_name = "rt.string")]
unsafe extern "C" fn string(start: *const u8, len: usize) -> Value {
    // SAFETY: the caller's.
    Value::string(unsafe { core::slice::from_raw_parts(start, len) })
}

#[unsafe(export_name = "rt.known_string")]
unsafe extern "C" fn known_string(start: *const u8, len: usize) -> Value {
    // SAFETY: the caller's.
    interned::known_string(unsafe { core::slice::from_raw_parts(start, len) })
}

#[unsafe(export_name = "rt.index_build")]
extern "C" fn index_build(value: Value) {
    rt::index_build(value);
}

#[unsafe(export_name = "rt.index_find")]
extern "C" fn index_find(value: Value, key: Value) -> Slot {
    rt::index_find(value, key)
}

#[unsafe(export_name = "rt.find")]
extern "C" fn find(value: Value, key: Value) -> Slot {
    rt::find(value, key)
}

#[unsafe(export_name = "rt.upsert")]
extern "C" fn upsert(document: Value, path: Value, new: Value) -> Value {
    rt::upsert(document, path, new)
}

#[unsafe(export_name = "rt.find_as_read")]
extern "C" fn find_as_read(value: Value, key: Value) -> Slot {
    rt::find_as_read(value, key)
}
