//! The functions of the guest library that generated code calls, beside the builtins.
//!
//! The guest exports each under its name here; the linker takes only those that are called. None of them is visible in a
//! finished module. A `v` is a value word; 0 (undefined) goes in only where the description says so.

use crate::Function;
use crate::ValueType::{self, I32, I64};

const fn function(name: &'static str, params: &'static [ValueType], result: bool) -> Function {
    Function { name, params, result: if result { Some(I32) } else { None } }
}

/// The function that the guest imports and the compiler defines: `policy_eval(entrypoint, input, data) -> v`, the result
/// set of that entrypoint. Input and data may be undefined. The compiler also resets the memo slots there.
pub const POLICY_EVAL: Function = Function { name: "policy_eval", params: &[I32, I32, I32], result: Some(I32) };

/// The module name under which the guest imports what the linker supplies.
pub const POLICY_MODULE: &str = "regoc";

/// What the names of functions begin with that the linker puts where they are called, unless the module is small. One that only forwards
/// to another function marks the calls of that one which are frequent.
pub const HOT_PREFIX: &str = "hot.";

/// The module name under which the guest imports, as `NAME.get` and `NAME.set`, what the linker turns into reading and writing a global
/// that begins as 0.
pub const GLOBAL_MODULE: &str = "regoc.global";

/// The same for a global that begins as the address behind all static data.
pub const HEAP_GLOBAL_MODULE: &str = "regoc.global.heap";

/// The function that the guest imports and calls when a builtin fails: `builtin_error(address of the error)`. The linker binds it to
/// nothing (the call is undefined, OPA's default) or to [`STRICT_ERROR`].
pub const BUILTIN_ERROR: Function = Function { name: "builtin_error", params: &[I32], result: None };

/// The function that the guest imports and calls when an operand of a builtin has the wrong type. The linker binds it to nothing, or to
/// [`OPERAND_TYPE_ERROR`] with strict builtin errors.
pub const OPERAND_TYPE_IMPORT: &str = "operand_type_error";
/// The function that the guest imports to give large objects an index by hash. The linker binds it to [`INDEX_BUILD`], or to nothing where
/// no key but constant ones is looked up.
pub const INDEX_IMPORT: &str = "index_build";
/// The function that the guest imports to find a key in a collection that grows no more. The linker binds it to [`FIND`], to
/// [`INDEX_FIND`] where there are indexes, or to [`FIND_AS_READ`] where documents are read by [`READ_UNORDERED`].
pub const FIND_IMPORT: &str = "find";

/// The function that the guest imports to bring an object or a set into order. The linker binds it to [`SETTLE`], to [`SETTLE_AS_READ`]
/// where documents are read by [`READ_UNORDERED`], or to nothing where neither that nor [`MAKES_DISORDER`] is reached.
pub const SETTLE_IMPORT: &str = "settle";
/// The function that the guest imports to make a collection of what it read. The linker binds it to [`READ`] or [`READ_UNORDERED`].
pub const READ_IMPORT: &str = "read";
/// The function that the guest imports to make a string of a text without escapes. The linker binds it to [`STRING`], or to
/// [`KNOWN_STRING`] where constants are looked up often.
pub const STRING_IMPORT: &str = "string";
/// The function that the guest imports for the array of all indexes of base data that the module uses: of each the path of the collection, an
/// array of strings; its columns, an array of arrays of keys and of `null` for each element; whether the places of elements in arrays are
/// seen. A key is a string, or an array of a string and its slot in records. Indexes of other collections ([`FIND_INDEX`]) have the path `null`.
pub const INDEXES: Function = Function { name: "indexes", params: &[], result: Some(I32) };
/// The function that the guest imports to index a document that the host gave. The linker binds it to [`INDEX_DOCUMENT`], or to nothing where
/// nothing is selected.
pub const INDEX_DOCUMENT_IMPORT: &str = "index_document";
/// The function that the guest imports when memory is given back or a document changes in place. The linker binds it to
/// [`FORGET_INDEXES`], or to nothing where nothing is selected.
pub const FORGET_INDEXES_IMPORT: &str = "forget_indexes";
/// The function that the guest imports to read the value of a document. The linker binds it to [`PARSE`], or to [`PARSE_BY_SHAPES`] where
/// only a part of the input is looked at.
pub const PARSE_IMPORT: &str = "parse_document";
/// The function that the guest imports for the shapes of the input and of what is in it: an array, of which the first element is the shape of
/// the input. A shape is `true` where everything may be looked at; `null` where a collection is only told from other values; the number of
/// another shape, which that of all elements is; or an array of keys (strings of plain ASCII), each before the number of its value's shape,
/// where of an object only their values are looked at.
pub const SHAPES: Function = Function { name: "shapes", params: &[], result: Some(I32) };
/// The function that the guest imports for the address of the [table of constants](STRINGS_MASK).
pub const STRINGS: Function = Function { name: "strings", params: &[], result: Some(I32) };
/// Where the table of constant strings has the mask of a hash; the slots, one more than the mask, hold addresses of strings or 0.
pub const STRINGS_MASK: u32 = 0;
/// Where the table of constant strings has what hashes begin with.
pub const STRINGS_SEED: u32 = 4;
/// Where the table of constant strings has the length of the longest one, in bytes.
pub const STRINGS_LONGEST: u32 = 8;
/// Where the table of constant strings has eight bytes in which [a bit](crate::strings::filter) is set for each of them.
pub const STRINGS_FILTER: u32 = 12;
/// Where the slots of the table of constant strings begin.
pub const STRINGS_SLOTS: u32 = 20;
/// The function that the guest imports and calls before it puts an element where it breaks the order. The linker binds it to nothing.
pub const MAKES_DISORDER: Function = Function { name: "makes_disorder", params: &[], result: None };

/// `rt.dot(v, key) -> v`: the element of a collection under a key, undefined when there is none or `v` is a scalar. A set holds its
/// elements under themselves. `v` may be undefined.
pub const DOT: Function = function("rt.dot", &[I32, I32], true);
/// `rt.storage_dot(v, key) -> v`: what OPA's storage finds in base data under a key that is not there as it is: in an object what a number's
/// text is the key of, in an array what is at the place that a text is the number of.
pub const STORAGE_DOT: Function = function("rt.storage_dot", &[I32, I32], true);
/// `rt.dot_text(v, key) -> v`: the same for a key that is a string, so that `v` need not be an array.
pub const DOT_TEXT: Function = function("rt.dot_text", &[I32, I32], true);
/// `rt.dot_known(v, key) -> v`: the same for a constant string of the module, where documents are read by [`READ_UNORDERED`].
pub const DOT_KNOWN: Function = function("rt.dot_known", &[I32, I32], true);
/// `rt.equal_known(v, string) -> 0 or 1`: equality with a constant string of the module, where [`KNOWN_STRING`] reads strings.
pub const EQUAL_KNOWN: Function = function("rt.equal_known", &[I32, I32], true);
/// `rt.dot_slot(v, key, slot) -> v`: the same as [`DOT_TEXT`] for a value that was read by a shape, in which the key has that slot; or else was
/// read or made whole.
pub const DOT_SLOT: Function = function("rt.dot_slot", &[I32, I32, I32], true);
/// `rt.parse(address, depth) -> address`: reads a value whole; the place behind it, or 0.
pub const PARSE: Function = function("rt.parse", &[I32, I32], true);
/// `rt.parse_by_shapes(address, depth) -> address`: the same; an input by its [shapes](SHAPES).
pub const PARSE_BY_SHAPES: Function = function("rt.parse_by_shapes", &[I32, I32], true);
/// `rt.equal(v, v) -> 0 or 1`: equality by value; numbers by their exact value.
pub const EQUAL: Function = function("rt.equal", &[I32, I32], true);
/// `rt.equal_often(v, v) -> 0 or 1`: the same, sooner for strings.
pub const EQUAL_OFTEN: Function = function("rt.equal_often", &[I32, I32], true);
/// `rt.compare(v, v) -> negative, 0 or positive`: OPA's order of values.
pub const COMPARE: Function = function("rt.compare", &[I32, I32], true);
/// `rt.scan(v) -> count`: readies a collection for iteration in OPA's order; 0 for scalars and undefined.
pub const SCAN: Function = function("rt.scan", &[I32], true);
/// `rt.scan_key(v, i) -> v`: the i-th key after `rt.scan`: the index of an array, the key of an object, the element of a set.
pub const SCAN_KEY: Function = function("rt.scan_key", &[I32, I32], true);
/// `rt.scan_step(v) -> bytes`: how far the values of a collection lie from each other after `rt.scan`. The first lies so far less four bytes
/// behind the first of [`crate::layout::COLLECTION_ITEMS`].
pub const SCAN_STEP: Function = function("rt.scan_step", &[I32], true);
/// `rt.select_hash(hash, key) -> hash`: the hash of one key more, the first one from 0. Undefined leaves it as it is, for then nothing is found
/// anyway; behind a key that has no hash, everything is selected.
pub const SELECT_HASH: Function = function("rt.select_hash", &[I32, I32], true);
/// `rt.select(v, index, hash) -> v`: the elements of a collection that may have keys with that hash in the columns of an index (see
/// [`INDEXES`]), in their order, or the collection itself where there is no index. `v` may be undefined.
pub const SELECT: Function = function("rt.select", &[I32, I32, I32], true);
/// `rt.find_index(v, index) -> address`: notes that a collection is scanned for keys in the columns of an index, and makes that index when it is
/// scanned for the third time in a decision. What [`SELECT_FOUND`] selects from; 0 for scalars, undefined and small collections.
pub const FIND_INDEX: Function = function("rt.find_index", &[I32, I32], true);
/// `rt.select_found(address, hash) -> v`: the elements of the collection that [`FIND_INDEX`] noted that may have keys with that hash, in their
/// order; all of them while it has no index.
pub const SELECT_FOUND: Function = function("rt.select_found", &[I32, I32], true);
/// `rt.forget_found()`: what [`FIND_INDEX`] noted belongs to a decision that is over.
pub const FORGET_FOUND: Function = function("rt.forget_found", &[], false);
/// The word of the guest library that holds the address of the youngest index of base data.
pub const BASE_INDEX_WORD: &str = "base_index";
/// `rt.index_document(v)`: builds all indexes of a document that was read.
pub const INDEX_DOCUMENT: Function = function("rt.index_document", &[I32], false);
/// `rt.forget_indexes(address)`: the memory from that address on is used for something else.
pub const FORGET_INDEXES: Function = function("rt.forget_indexes", &[I32], false);
/// `rt.regex_match(table, v) -> v`: what `regex.match` answers for a constant pattern, by the table at that address
/// (`regoc_values::regex::table`).
pub const REGEX_MATCH: Function = function("rt.regex_match", &[I32, I32], true);
/// `rt.sprintf_plain(format, v) -> v`: `sprintf` with a constant format of plain verbs (`regoc_values::builtins::sprintf::is_plain`).
pub const SPRINTF_PLAIN: Function = function("rt.sprintf_plain", &[I32, I32], true);
/// `rt.len(v) -> v`: the number of elements as a value; undefined for scalars.
pub const LEN: Function = function("rt.len", &[I32], true);
/// `rt.tag(v) -> tag`: the [`crate::layout::Tag`] of a value; small integers are `Integer`.
pub const TAG: Function = function("rt.tag", &[I32], true);
/// `rt.integer(i64) -> v`: the integer as a value.
pub const INTEGER: Function = function("rt.integer", &[I64], true);
/// `rt.array(capacity) -> v`: an empty array.
pub const ARRAY: Function = function("rt.array", &[I32], true);
/// `rt.array_push(array, v)`.
pub const ARRAY_PUSH: Function = function("rt.array_push", &[I32, I32], false);
/// `rt.object(capacity) -> v`: an empty object.
pub const OBJECT: Function = function("rt.object", &[I32], true);
/// `rt.object_insert(object, key, v)`: adds or replaces.
pub const OBJECT_INSERT: Function = function("rt.object_insert", &[I32, I32, I32], false);
/// `rt.object_insert_once(object, key, v) -> 1`, or 0 when the key has another value already.
pub const OBJECT_INSERT_ONCE: Function = function("rt.object_insert_once", &[I32, I32, I32], true);
/// `rt.object_merge(a, b) -> v`: a new object with the keys of both, merged recursively where both are objects, else `a`'s value. Either
/// may be undefined. When one is not an object, the result is `a`, or `b` if `a` is undefined.
pub const OBJECT_MERGE: Function = function("rt.object_merge", &[I32, I32], true);
/// `rt.object_default(object, key, v) -> v`: the object with a value under the key if it has none there, else as it is. What is no object
/// stays as it is.
pub const OBJECT_DEFAULT: Function = function("rt.object_default", &[I32, I32, I32], true);
/// `rt.result_set(key, v) -> set`: a set of the object `{key: v}`, empty when the value is undefined.
pub const RESULT_SET: Function = function("rt.result_set", &[I32, I32], true);
/// `rt.set(capacity) -> v`: an empty set.
pub const SET: Function = function("rt.set", &[I32], true);
/// `rt.set_add(set, v)`.
pub const SET_ADD: Function = function("rt.set_add", &[I32, I32], false);
/// `rt.upsert(v, path, new) -> v`: a copy of the document with the value at the path (an array of keys), objects made on the way
/// and in place of scalars. The document may be undefined. Used by `with`.
pub const UPSERT: Function = function("rt.upsert", &[I32, I32, I32], true);
/// `rt.append(v, key, v)`: adds an element behind all others to an object or a set that was made with room for it. In a set, key and value
/// are both the element.
pub const APPEND: Function = function("rt.append", &[I32, I32, I32], false);
/// `rt.settle(v)`: brings the elements of a collection into OPA's order.
pub const SETTLE: Function = function("rt.settle", &[I32], false);
/// `rt.index_build(v)`: gives an object with many keys, all strings, an index by hash. Other collections are left alone.
pub const INDEX_BUILD: Function = function("rt.index_build", &[I32], false);
/// `rt.settle_as_read(v)`: the same, also for what [`READ_UNORDERED`] made.
pub const SETTLE_AS_READ: Function = function("rt.settle_as_read", &[I32], false);
/// `rt.read(tag, words, count) -> v`: a collection of so many words, which are its elements and may repeat: the last of equal keys counts.
pub const READ: Function = function("rt.read", &[I32, I32, I32], true);
/// `rt.read_unordered(tag, words, count) -> v`: the same; the elements of a small object are left as they are until somebody asks for their
/// order.
pub const READ_UNORDERED: Function = function("rt.read_unordered", &[I32, I32, I32], true);
/// `rt.string(bytes, length) -> v`: a string of that text, valid UTF-8.
pub const STRING: Function = function("rt.string", &[I32, I32], true);
/// `rt.known_string(bytes, length) -> v`: the same; a constant of the module if one has that text, else a string that is marked as none of them.
pub const KNOWN_STRING: Function = function("rt.known_string", &[I32, I32], true);
/// `rt.find(v, key) -> address`: of the word that is the value of a key (in a set, of the element) in an object or a set, which is brought
/// into order for that, or 0.
pub const FIND: Function = function("rt.find", &[I32, I32], true);
/// `rt.index_find(v, key) -> address`: the same, by the index of the object if it has one.
pub const INDEX_FIND: Function = function("rt.index_find", &[I32, I32], true);
/// `rt.find_as_read(v, key) -> address`: the same; strings are found in what [`READ_UNORDERED`] made without bringing it into order.
pub const FIND_AS_READ: Function = function("rt.find_as_read", &[I32, I32], true);
/// `rt.conflict(document, place, first, v)`: a rule gave `v`, another value than the first one that its document (a complete rule or a
/// function) was given. The document is the address of a word, the number of the place of the rule that gave the first value, and of a
/// NUL-terminated text behind it: what is wrong, and on a line each the places of the rules (`FILE:ROW:COL`), which are counted from 0.
pub const CONFLICT: Function = function("rt.conflict", &[I32, I32, I32, I32], false);
/// `rt.conflict_end(document)`: all rules of the document were evaluated; aborts with `eval_conflict_error` if there was a conflict.
pub const CONFLICT_END: Function = function("rt.conflict_end", &[I32], false);
/// `rt.conflict_first()`: aborts with the conflict that was noted, if there is one.
pub const CONFLICT_FIRST: Function = function("rt.conflict_first", &[], false);
/// `rt.conflict_forget()`: a decision begins.
pub const CONFLICT_FORGET: Function = function("rt.conflict_forget", &[], false);
/// `rt.abort(message)`: aborts with a NUL-terminated text `FILE:ROW:COL: CODE: MESSAGE`. Does not return.
pub const ABORT: Function = function("rt.abort", &[I32], false);
/// `rt.call_site(address)`: notes the location and name of the builtin about to be called, a NUL-terminated text
/// `FILE:ROW:COL: NAME`. Only emitted with strict builtin errors.
pub const CALL_SITE: Function = function("rt.call_site", &[I32], false);
/// The strict form of [`BUILTIN_ERROR`]: notes the first error of a decision, to be raised when evaluation has ended.
pub const STRICT_ERROR: Function = function("rt.strict_error", &[I32], false);
/// `rt.operand_type_error(position, v, text, length) -> undefined`: notes that the operand at a position is not of the types that the text names.
pub const OPERAND_TYPE_ERROR: Function = function("rt.operand_type_error", &[I64, I32, I32, I32], true);
/// `rt.strict_check()`: raises the noted error, if there is one. Called at the end of `policy_eval`, with strict builtin errors only.
pub const STRICT_CHECK: Function = function("rt.strict_check", &[], false);

/// Every function above that the guest exports.
pub const RUNTIME: &[Function] = &[
    DOT,
    EQUAL,
    COMPARE,
    SCAN,
    SCAN_KEY,
    SCAN_STEP,
    EQUAL_OFTEN,
    REGEX_MATCH,
    SPRINTF_PLAIN,
    LEN,
    SELECT_HASH,
    SELECT,
    FIND_INDEX,
    SELECT_FOUND,
    FORGET_FOUND,
    INDEX_DOCUMENT,
    FORGET_INDEXES,
    TAG,
    INTEGER,
    ARRAY,
    ARRAY_PUSH,
    OBJECT,
    OBJECT_INSERT,
    OBJECT_INSERT_ONCE,
    OBJECT_MERGE,
    OBJECT_DEFAULT,
    RESULT_SET,
    SET,
    SET_ADD,
    UPSERT,
    APPEND,
    DOT_TEXT,
    STORAGE_DOT,
    DOT_KNOWN,
    DOT_SLOT,
    PARSE,
    PARSE_BY_SHAPES,
    EQUAL_KNOWN,
    SETTLE,
    SETTLE_AS_READ,
    INDEX_BUILD,
    FIND,
    INDEX_FIND,
    FIND_AS_READ,
    READ,
    READ_UNORDERED,
    STRING,
    KNOWN_STRING,
    CONFLICT,
    CONFLICT_END,
    CONFLICT_FIRST,
    CONFLICT_FORGET,
    ABORT,
    CALL_SITE,
    STRICT_ERROR,
    STRICT_CHECK,
    OPERAND_TYPE_ERROR,
];

/// The prefix of the guest's exports that are builtins: `builtin.` and the builtin's name in Rego. Parameters are value words, never
/// undefined; the result is a value word, 0 when the call is undefined or failed.
pub const BUILTIN_PREFIX: &str = "builtin.";
