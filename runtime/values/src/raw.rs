//! The objects behind the addresses: how they lie in memory, and the only functions that touch it.
//!
//! Every value whose word is an address points to a valid object of the tag in its header: values are made here and in
//! the compiler only, and nothing is freed while a handle is used (see [`crate::arena::reset`]). All functions below
//! rely on that.
#![expect(unsafe_code, reason = "values are addresses: this module reads and writes what lies there")]

#[cfg(target_arch = "wasm32")]
use core::mem::offset_of;

use regoc_abi::layout::{FLAG_RECORD, FLAG_RESOLVED, FLAG_SORTED, TAG_MASK, TEXT_BYTES};

use crate::arena::{allocate, allocate_often};
use crate::{Tag, Value, interned};

/// What every object begins with. The length is in bytes for texts, in elements for collections.
#[repr(C)]
struct Header {
    word: u32,
    len: u32,
}

#[repr(C)]
struct IntegerObject {
    header: Header,
    value: i64,
}

/// An array, an object or a set; the last field is absent in arrays.
#[repr(C)]
struct Collection {
    header: Header,
    capacity: u32,
    items: *mut Value,
    /// Sorted objects: the address of a [`crate::keyed::Index`] or 0. Unsorted ones: how many elements at the beginning are
    /// in order, see [`crate::keyed`].
    index: usize,
}

#[cfg(target_arch = "wasm32")]
const _: () = {
    use regoc_abi::layout as l;
    assert!(offset_of!(IntegerObject, value) == l::INTEGER_VALUE as usize);
    assert!(size_of::<IntegerObject>() == l::INTEGER_SIZE as usize);
    assert!(offset_of!(Header, len) == l::TEXT_LEN as usize && size_of::<Header>() == TEXT_BYTES as usize);
    assert!(offset_of!(Header, len) == l::COLLECTION_LEN as usize);
    assert!(offset_of!(Collection, capacity) == l::COLLECTION_CAPACITY as usize);
    assert!(offset_of!(Collection, items) == l::COLLECTION_ITEMS as usize);
    assert!(offset_of!(Collection, index) == l::COLLECTION_INDEX as usize);
    assert!(offset_of!(Collection, index) == l::ARRAY_SIZE as usize);
    assert!(size_of::<Collection>() <= l::KEYED_SIZE as usize);
};

fn header(value: Value) -> *mut Header {
    value.address().cast()
}

fn collection(value: Value) -> *mut Collection {
    value.address().cast()
}

/// The tag in the header of a value that is an address.
pub(crate) fn tag(value: Value) -> Tag {
    // SAFETY: the value is an address, so a header lies there, and its low byte is a tag.
    unsafe { core::mem::transmute::<u32, Tag>((*header(value)).word & TAG_MASK) }
}

/// The same as [`Value::tag`], where it is called often: see [`regoc_abi::runtime::HOT_PREFIX`].
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", unsafe(export_name = "hot.tag"))]
pub(crate) fn tag_often(value: Value) -> Tag {
    value.tag()
}

/// The tag of a value that is an address, as a word; 0 of any other. Sooner than [`Value::tag`] where only tags of objects in memory count.
pub(crate) fn tag_word(value: Value) -> u32 {
    word(value) & TAG_MASK
}

/// The header word of a value that is an address; 0 of any other.
pub(crate) fn word(value: Value) -> u32 {
    // SAFETY: a header lies at an address.
    if value.is_address() { unsafe { (*header(value)).word } } else { 0 }
}

/// Sets flags of an object in memory.
pub(crate) fn set_flags(value: Value, flags: u32) {
    // SAFETY: the value is an address, so a header lies there.
    unsafe { (*header(value)).word |= flags }
}

/// Whether a value is a string of which it is not known which constant of the module it is.
pub(crate) fn is_unresolved(value: Value) -> bool {
    word(value) & (TAG_MASK | FLAG_RESOLVED) == Tag::String as u32
}

/// The length: bytes of a text, elements of a collection.
pub(crate) fn len(value: Value) -> usize {
    // SAFETY: the value is an address, so a header lies there.
    unsafe { (*header(value)).len as usize }
}

/// The value of an `Integer` object.
pub(crate) fn integer(value: Value) -> i64 {
    // SAFETY: callers have seen the tag.
    unsafe { (*value.address().cast::<IntegerObject>()).value }
}

/// Makes an `Integer` object.
#[inline(never)]
pub(crate) fn new_integer(value: i64) -> Value {
    let address: *mut IntegerObject = allocate(size_of::<IntegerObject>()).cast();
    // SAFETY: the memory is new, large enough and aligned.
    unsafe {
        address.write(IntegerObject { header: Header { word: Tag::Integer as u32, len: 0 }, value });
        Value::from_address(address.cast())
    }
}

/// Makes a text (a string or a number) of these bytes, with a tag and flags.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", unsafe(export_name = "hot.new_text"))]
pub(crate) fn new_text(word: u32, bytes: &[u8]) -> Value {
    // One byte more, and so many that whole words can be written.
    let address = allocate_often(TEXT_BYTES as usize + bytes.len() + 1);
    // SAFETY: the memory is new, aligned and has room for the header, the bytes and the final NUL byte.
    unsafe {
        let start = address.add(TEXT_BYTES as usize);
        copy(bytes.as_ptr(), start, bytes.len());
        start.add(bytes.len()).write(0);
        address.cast::<Header>().write(Header { word, len: bytes.len() as u32 });
        Value::from_address(address)
    }
}

/// Copies bytes to new memory, of which whole words may be written.
///
/// # Safety
/// So many bytes lie at `from`, and there is room for as many at `to`, and for seven more.
#[cfg(target_arch = "wasm32")]
#[inline(never)]
#[unsafe(export_name = "hot.copy")]
pub(crate) unsafe fn copy(from: *const u8, to: *mut u8, len: usize) {
    // Most texts are short, for which `memory.copy` is slow. Whatever is copied lies below the new memory, so the words that reach
    // beyond its end are in memory, too.
    let mut at = 0;
    while at < len {
        // SAFETY: the caller's, and see above.
        unsafe { to.add(at).cast::<u64>().write_unaligned(from.add(at).cast::<u64>().read_unaligned()) };
        at += 8;
    }
}

/// Copies bytes to new memory.
///
/// # Safety
/// So many bytes lie at `from`, and there is room for as many at `to`.
#[cfg(not(target_arch = "wasm32"))]
unsafe fn copy(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: the caller's.
    unsafe { to.copy_from_nonoverlapping(from, len) }
}

/// Makes a string of a text that was written after a place for its header.
///
/// # Safety
/// `len` bytes and a NUL byte lie at `address + TEXT_BYTES`, and the address is aligned and of the arena.
#[cfg(target_arch = "wasm32")]
pub(crate) unsafe fn finish_text(address: *mut u8, len: usize) -> Value {
    // SAFETY: the caller's.
    unsafe {
        address.cast::<Header>().write(Header { word: Tag::String as u32, len: len as u32 });
        Value::from_address(address)
    }
}

/// The bytes of a text.
pub(crate) fn text(value: Value) -> &'static [u8] {
    // SAFETY: callers have seen the tag; texts never change, and live until the arena is set back.
    unsafe { core::slice::from_raw_parts(text_start(value), len(value)) }
}

fn text_start(value: Value) -> *const u8 {
    value.address().wrapping_add(TEXT_BYTES as usize)
}

/// Eight bytes of a text from `at`, which is a multiple of eight below its length, as a little-endian word. What lies
/// beyond the length is garbage.
fn text_word(value: Value, at: usize) -> u64 {
    // SAFETY: objects are aligned to eight and take whole words, so the last word of a text is readable to its end.
    let word = unsafe { text_start(value).add(at).cast::<u64>().read_unaligned() };
    u64::from_le(word)
}

/// The first so many bytes of a word, of which it has eight.
fn first_bytes(word: u64, count: usize) -> u64 {
    if count < 8 { word & ((1 << (8 * count)) - 1) } else { word }
}

/// The order of two texts by bytes: negative, 0 or positive.
#[inline(never)]
pub(crate) fn compare_texts(a: Value, b: Value) -> i32 {
    let (len_a, len_b) = (len(a), len(b));
    let shorter = len_a.min(len_b);
    let mut at = 0;
    while at < shorter {
        let (word_a, word_b) = (text_word(a, at), text_word(b, at));
        let difference = first_bytes(word_a ^ word_b, shorter - at);
        if difference != 0 {
            let shift = difference.trailing_zeros() & 56;
            return ((word_a >> shift) & 0xff) as i32 - ((word_b >> shift) & 0xff) as i32;
        }
        at += 8;
    }
    i32::from(len_a > len_b) - i32::from(len_a < len_b)
}

/// Whether the text at an address begins with that of a string.
///
/// # Safety
/// The text is as long as the string's, or it ends with a NUL byte and the string has none. Seven bytes behind its end are memory, as is so of
/// all texts, see `arena::reserve`.
#[cfg(target_arch = "wasm32")]
#[unsafe(export_name = "hot.begins_with")]
pub(crate) unsafe fn begins_with(text: *const u8, string: Value) -> bool {
    let len = len(string);
    let mut at = 0;
    while at < len {
        // SAFETY: the caller's; what was read before equals the string.
        let word = unsafe { text.add(at).cast::<u64>().read_unaligned() };
        if first_bytes(word ^ text_word(string, at), len - at) != 0 {
            return false;
        }
        at += 8;
    }
    true
}

/// Whether the text at an address begins with that of a string.
///
/// # Safety
/// The text is as long as the string's, or it ends with a NUL byte and the string has none.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) unsafe fn begins_with(at: *const u8, string: Value) -> bool {
    // SAFETY: the caller's; a NUL byte differs from all bytes of the string.
    text(string).iter().enumerate().all(|(index, byte)| unsafe { at.add(index).read() } == *byte)
}

/// Whether two texts are the same.
pub(crate) fn is_same_text(a: Value, b: Value) -> bool {
    // SAFETY: so many bytes lie there, so that none behind the text are compared.
    len(a) == len(b) && unsafe { begins_with(text_start(a), b) }
}

/// A hash of a text; equal texts have equal hashes.
pub(crate) fn hash_text(value: Value) -> u32 {
    let len = len(value);
    let mut hash = 0_u64;
    let mut at = 0;
    while at < len {
        hash = interned::step(hash, first_bytes(text_word(value, at), len - at));
        at += 8;
    }
    hash as u32
}

/// Makes an empty collection with room for that many elements.
#[inline(never)]
pub(crate) fn new_collection(tag: Tag, capacity: usize) -> Value {
    let words = capacity << u32::from(matches!(tag, Tag::Object));
    let flags = if matches!(tag, Tag::Array) { 0 } else { FLAG_SORTED };
    let address = allocate_often(size_of::<Collection>() + words * size_of::<Value>());
    // SAFETY: the memory is new, aligned and large enough; the elements follow the collection.
    unsafe {
        address.cast::<Collection>().write(Collection {
            header: Header { word: tag as u32 | flags, len: 0 },
            capacity: capacity as u32,
            items: address.add(size_of::<Collection>()).cast(),
            index: 0,
        });
        Value::from_address(address)
    }
}

/// Makes a collection of elements that lie elsewhere and stay there, in order. It is not to grow.
///
/// # Safety
/// So many elements lie there.
pub(crate) unsafe fn part(tag: Tag, first: *mut Value, len: usize) -> Value {
    let part = new_collection(tag, 0);
    // SAFETY: the collection was just made.
    unsafe { (*collection(part)).items = first };
    set_len(part, len);
    part
}

/// Makes a record of undefined values; see [`crate::shaped`].
pub(crate) fn new_record(slots: usize) -> Value {
    let address = allocate_often(size_of::<Header>() + slots * size_of::<Value>());
    // SAFETY: the memory is new, aligned and large enough; undefined is the word 0.
    unsafe {
        address.cast::<Header>().write(Header { word: Tag::Object as u32 | FLAG_RECORD, len: slots as u32 });
        address.add(size_of::<Header>()).cast::<Value>().write_bytes(0, slots);
        Value::from_address(address)
    }
}

/// Whether a value is a record.
pub(crate) fn is_record(value: Value) -> bool {
    word(value) & FLAG_RECORD != 0
}

/// A value in a record.
pub(crate) fn slot(record: Value, slot: usize) -> Value {
    // SAFETY: code that the compiler made for the record asks for slots that it has.
    unsafe { record.address().add(size_of::<Header>()).cast::<Value>().add(slot).read() }
}

/// Overwrites a value in a record.
pub(crate) fn set_slot(record: Value, slot: usize, value: Value) {
    // SAFETY: the reader made the record, and has as many slots.
    unsafe { record.address().add(size_of::<Header>()).cast::<Value>().add(slot).write(value) }
}

/// Makes an array of words that lie elsewhere.
///
/// # Safety
/// So many values lie there.
pub(crate) unsafe fn array_of(words: *const Value, count: usize) -> Value {
    let array = new_collection(Tag::Array, count);
    let items = items(array);
    for index in 0..count {
        // SAFETY: the caller's; the array has room for its elements.
        unsafe { items.add(index).write(words.add(index).read()) };
    }
    set_len(array, count);
    array
}

/// The words of a collection's elements. Only as many as its length are there.
pub(crate) fn items(value: Value) -> *mut Value {
    // SAFETY: callers have seen the tag of a collection.
    unsafe { (*collection(value)).items }
}

/// The word at an index, which is below the number of words in use.
pub(crate) fn item(value: Value, index: usize) -> Value {
    // SAFETY: see above.
    unsafe { items(value).add(index).read() }
}

/// Overwrites the word at an index, which is below the number of words in use.
pub(crate) fn set_item(value: Value, index: usize, item: Value) {
    // SAFETY: see above. Slices that were handed out cover arrays only, see `crate::path` for those.
    unsafe { items(value).add(index).write(item) }
}

/// Where the value of an element lies (in a set the element itself), or nowhere.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Slot(*mut Value);

impl Slot {
    pub(crate) const NOWHERE: Self = Self(core::ptr::null_mut());

    /// The last word of the element at a place, which is below the length.
    pub(crate) fn new(value: Value, stride: usize, at: usize) -> Self {
        // SAFETY: the word is among those in use.
        Self(unsafe { items(value).add((at + 1) * stride - 1) })
    }

    /// Whether there is such an element.
    pub(crate) fn exists(self) -> bool {
        !self.0.is_null()
    }

    /// The place of the element in an object, in which it is somewhere.
    pub(crate) fn place(self, object: Value) -> usize {
        (self.0.addr() - items(object).addr()) / (2 * size_of::<Value>())
    }

    /// The value, or undefined if the slot is nowhere.
    pub(crate) fn get(self) -> Value {
        if self.exists() {
            // SAFETY: slots are used right after they were made: the word is still there.
            unsafe { self.0.read() }
        } else {
            Value::UNDEFINED
        }
    }

    /// Overwrites the value; the slot is somewhere.
    pub(crate) fn set(self, value: Value) {
        // SAFETY: as in `get`.
        unsafe { self.0.write(value) }
    }
}

/// Lets a collection have the elements of another one of its tag.
pub(crate) fn assume(value: Value, other: Value) {
    // SAFETY: both are collections with an index.
    unsafe { collection(value).copy_from(collection(other), 1) }
}

/// Sets the number of elements, all of which have been written.
pub(crate) fn set_len(value: Value, len: usize) {
    // SAFETY: callers have seen the tag of a collection.
    unsafe { (*header(value)).len = len as u32 }
}

/// Whether the elements of an object or a set are in order.
pub(crate) fn is_sorted(value: Value) -> bool {
    // SAFETY: callers have seen the tag of a collection.
    unsafe { (*header(value)).word & FLAG_SORTED != 0 }
}

/// Notes whether the elements of an object or a set are in order; the index is dropped.
pub(crate) fn set_sorted(value: Value, sorted: bool, index: usize) {
    // SAFETY: callers have seen the tag of an object or a set.
    unsafe {
        let word = &raw mut (*header(value)).word;
        *word = if sorted { *word | FLAG_SORTED } else { *word & !FLAG_SORTED };
        (*collection(value)).index = index;
    }
}

/// The index of an object or a set: see [`Collection::index`].
pub(crate) fn index(value: Value) -> usize {
    // SAFETY: callers have seen the tag of an object or a set.
    unsafe { (*collection(value)).index }
}

/// Makes room for one more element of that many words, at the end.
pub(crate) fn reserve_one(value: Value, stride: usize) {
    // SAFETY: callers have seen the tag of a collection.
    let (len, capacity) = unsafe { ((*header(value)).len, (*collection(value)).capacity) };
    if len == capacity {
        grow(value, stride);
    }
}

/// Doubles the room for elements. The old elements stay where they are, for slices of them may be in use.
#[inline(never)]
fn grow(value: Value, stride: usize) {
    let len = len(value);
    let capacity = (2 * len).max(4);
    let new: *mut Value = allocate(capacity * stride * size_of::<Value>()).cast();
    // SAFETY: the new memory is larger than the old and apart from it.
    unsafe {
        new.copy_from_nonoverlapping(items(value), len * stride);
        (*collection(value)).items = new;
        (*collection(value)).capacity = capacity as u32;
    }
}

/// Moves `count` words from one place among a collection's words to another.
pub(crate) fn move_items(value: Value, from: usize, to: usize, count: usize) {
    let items = items(value);
    // SAFETY: callers stay within the room that the collection has.
    unsafe { items.add(from).copy_to(items.add(to), count) }
}

/// The elements of an array.
pub(crate) fn slice(value: Value) -> &'static [Value] {
    // SAFETY: the elements of an array never change but by `crate::path`, which says so, and are never freed.
    unsafe { core::slice::from_raw_parts(items(value), len(value)) }
}
