//! How a Rego value lies in linear memory, for the guest library that makes values and for the compiler that writes
//! constants into the data section.
//!
//! A value is one 32-bit word:
//!
//! | low bits | meaning |
//! |---|---|
//! | the word 0 | undefined |
//! | `…1` | a small integer: `word >> 1`, signed, 31 bits |
//! | `…10` | an immediate: [`NULL`], [`FALSE`], [`TRUE`] |
//! | `…00` | the address of a heap object, aligned to [`ALIGN`], or to a word in a packed document if it is no integer |
//!
//! A heap object begins with a header word: the tag in its low 8 bits, flags above. Text follows its header directly;
//! collections point to their elements, so that they can grow. Natively (tests, constant folding) the same
//! structures have pointers of the machine's width; the offsets below are those of wasm32, and the guest library checks
//! them with `offset_of!`.

/// The word for undefined.
pub const UNDEFINED: u32 = 0;
/// The word for `null`.
pub const NULL: u32 = 0b0010;
/// The word for `false`.
pub const FALSE: u32 = 0b0110;
/// The word for `true`.
pub const TRUE: u32 = 0b1010;

/// The smallest integer that is kept inside the word.
pub const SMALL_INT_MIN: i64 = -(1 << 30);
/// The largest integer that is kept inside the word.
pub const SMALL_INT_MAX: i64 = (1 << 30) - 1;

/// The alignment in bytes of heap objects.
pub const ALIGN: u32 = 8;

/// The type of a value, in OPA's order of types.
///
/// `Integer` and `Number` are both numbers of Rego: the first is a canonical integer that fits 64 bits (no leading
/// zero, not `-0`), the second any other number, kept as its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Tag {
    /// `null`; never in a header.
    Null = 0,
    /// `true` or `false`; never in a header.
    Boolean = 1,
    /// A 64-bit integer that does not fit the word.
    Integer = 2,
    /// A number kept as its decimal text.
    Number = 3,
    /// A string: any bytes, usually UTF-8.
    String = 4,
    /// An array.
    Array = 5,
    /// An object.
    Object = 6,
    /// A set.
    Set = 7,
}

/// Header flag of strings: it is a constant of the module, or no constant has its text. Readers of documents find that out.
pub const FLAG_RESOLVED: u32 = 0x400;

/// Header flag of objects with few keys: each key has [`FLAG_RESOLVED`], so that an address is enough to find a constant.
pub const FLAG_KNOWN_KEYS: u32 = 0x800;

/// Header flag of objects that were read by a shape of which the keys are known ([`crate::runtime::SHAPES`]): the header, the count of
/// slots, then the values in the order of the shape, undefined where the object has no such key.
pub const FLAG_RECORD: u32 = 0x1000;
/// Where the values of such an object begin.
pub const RECORD_SLOTS: u32 = 8;

/// The part of the header word that holds the [`Tag`].
pub const TAG_MASK: u32 = 0xff;

/// Header flag of objects and sets: the elements lie in OPA's order of values, without repetition.
/// Without it they lie as [`COLLECTION_INDEX`] says.
pub const FLAG_SORTED: u32 = 0x100;

/// Header flag: the object lies in the module's data section and must not be written to.
pub const FLAG_STATIC: u32 = 0x200;

/// `Integer`: header, 4 bytes of padding, then the 64-bit value.
pub const INTEGER_VALUE: u32 = 8;
/// The size of an `Integer`.
pub const INTEGER_SIZE: u32 = 16;

/// `Number` and `String`: header, length in bytes, then the bytes, followed by one NUL byte that is not counted. Texts are
/// read eight bytes at a time, so memory must be readable up to a multiple of [`ALIGN`]; what lies there does not matter.
pub const TEXT_LEN: u32 = 4;
/// Where the bytes of a `Number` or `String` begin.
pub const TEXT_BYTES: u32 = 8;

/// `Array`, `Object`, `Set`: header, count of elements, capacity in elements, address of the elements.
pub const COLLECTION_LEN: u32 = 4;
/// See [`COLLECTION_LEN`].
pub const COLLECTION_CAPACITY: u32 = 8;
/// See [`COLLECTION_LEN`]. An element is one word in an array or a set, two words (key, value) in an object.
pub const COLLECTION_ITEMS: u32 = 12;
/// `Object`, `Set`: address of the hash index over the elements, or 0. Absent in arrays. Constants have 0. While a collection is not
/// sorted: how many of its elements at the beginning are in order (none of the others repeats one of them), or 0: the elements of an object
/// lie as they were read, and of those with the same key the last one counts.
pub const COLLECTION_INDEX: u32 = 16;
/// The size of an `Array` without its elements.
pub const ARRAY_SIZE: u32 = 16;
/// The size of an `Object` or a `Set` without its elements.
pub const KEYED_SIZE: u32 = 24;

/// The hash index over the elements of an object ([`COLLECTION_INDEX`]): a mask, then one word more than that, each 0 or the place of an
/// element plus 1.
pub const HASH_INDEX_SLOTS: u32 = 4;

/// An index of base data, for scans: the word of its collection, that of the constant that says what is indexed, a mask, the address of
/// [`BASE_INDEX_ENDS`], that of [`BASE_INDEX_ITEMS`], and the address of the next older index, or 0.
pub const BASE_INDEX_SIZE: u32 = 24;
/// See [`BASE_INDEX_SIZE`].
pub const BASE_INDEX_SAYS: u32 = 4;
/// See [`BASE_INDEX_SIZE`]: the number of buckets less one.
pub const BASE_INDEX_MASK: u32 = 8;
/// See [`BASE_INDEX_SIZE`]: 0, then of each bucket where its elements end among the items.
pub const BASE_INDEX_ENDS: u32 = 12;
/// See [`BASE_INDEX_SIZE`]: elements of the collection, bucket by bucket.
pub const BASE_INDEX_ITEMS: u32 = 16;
/// See [`BASE_INDEX_SIZE`].
pub const BASE_INDEX_OLDER: u32 = 20;

/// The depth to which JSON, value syntax and literals may nest.
pub const MAX_DEPTH: u32 = 1000;
