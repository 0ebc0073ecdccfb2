//! The reader of JSON and of value syntax. What it needs to know lies in words that exist once: it is never entered twice.
//!
//! What it accepts is what Go's `encoding/json` accepts with `UseNumber`, which is how OPA reads its documents; value
//! syntax adds sets and keys of any type. Here is no allocation per element: the values of open collections wait on a
//! stack of words, and a collection is made when it closes.
#![expect(unsafe_code, reason = "the cursor is an address: the text ends with a NUL byte, which no token contains")]

use regoc_abi::layout::{self, MAX_DEPTH};

use crate::{Tag, Value, arena, interned, keyed, module_words, number, raw, shaped, utf8};

/// Why a text is not a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// The byte at which it was noticed, from 0.
    pub offset: usize,
    /// What is wrong there.
    pub kind: ErrorKind,
}

/// What is wrong at a place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No value begins here (also: the text ends).
    Value,
    /// After a value in an array or a set comes neither a comma nor the end.
    AfterElement,
    /// After a key comes no colon.
    AfterKey,
    /// After an entry of an object comes neither a comma nor the end.
    AfterEntry,
    /// A key that is not a string; `}` after a comma.
    Key,
    /// After the value comes something else.
    Trailing,
    /// A word that is none of `null`, `true`, `false` (and `set()`).
    Literal,
    /// A number that ends too early or begins with a zero.
    Number,
    /// A number whose exponent is beyond OPA's limits.
    NumberTooBig,
    /// A control character in a string, or no end of it.
    String,
    /// An escape that does not exist.
    Escape,
    /// Collections that nest deeper than [`MAX_DEPTH`].
    TooDeep,
}

/// Which texts are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// JSON.
    Json,
    /// JSON with sets and with keys of any type.
    Syntax,
    /// The same, read by the shape that the module's policy gives, see [`crate::shaped`].
    Input,
}

module_words! {
    /// Where the values lie that wait for their collection to close.
    waiting: usize = "waiting.get", set_waiting = "waiting.set";
    /// How many wait.
    count: usize = "waiting_count.get", set_count = "waiting_count.set";
    /// How many could lie there.
    capacity: usize = "waiting_capacity.get", set_capacity = "waiting_capacity.set";
    /// Which texts are accepted, see [`Grammar`].
    grammar: u32 = "grammar.get", set_grammar = "grammar.set";
    /// Where the text is wrong.
    failed_at: usize = "failed_at.get", set_failed_at = "failed_at.set";
    /// What is wrong there, see [`ErrorKind`].
    failure: u32 = "failure.get", set_failure = "failure.set";
}

/// Reads a value that takes the whole text.
pub(crate) fn parse(text: &[u8], grammar: Grammar) -> Result<Value, Error> {
    // A string that is a copy of the text ends with a NUL byte.
    let copy = raw::text(Value::string(text));
    // SAFETY: the copy does.
    unsafe { parse_terminated(copy, grammar) }
}

/// Reads a value that takes the whole text.
///
/// # Safety
/// A NUL byte follows the text.
pub(crate) unsafe fn parse_terminated(text: &[u8], grammar: Grammar) -> Result<Value, Error> {
    // SAFETY: the caller's.
    let value = unsafe { parse_or_undefined(text, grammar) };
    // No value has a NUL byte in its text, so that one ends the value before the text ends.
    let nul = text.iter().position(|byte| *byte == 0);
    if !value.is_undefined() {
        return nul.map_or(Ok(value), |offset| Err(Error { offset, kind: ErrorKind::Trailing }));
    }
    // SAFETY: what is wrong was noted.
    let kind = unsafe { core::mem::transmute::<u8, ErrorKind>(failure() as u8) };
    Err(Error { offset: failed_at() - text.as_ptr().addr(), kind })
}

/// Reads a value that takes the whole text up to a NUL byte, or gives undefined and notes what is wrong.
///
/// # Safety
/// A NUL byte follows the text.
#[inline(never)]
pub(crate) unsafe fn parse_or_undefined(text: &[u8], grammar: Grammar) -> Value {
    // SAFETY: the caller's.
    unsafe { read_document(text, grammar, |at| linked::parse_document(at, 0)) }
}

/// The same, by a reader of its value; see the functions of tokens below.
///
/// # Safety
/// A NUL byte follows the text.
#[expect(clippy::inline_always, reason = "a module has one reader")]
#[inline(always)]
pub(crate) unsafe fn read_document(text: &[u8], grammar: Grammar, read: impl FnOnce(*const u8) -> *const u8) -> Value {
    set_grammar(grammar as u32);
    set_count(0);
    set_capacity(0);
    // SAFETY: the caller's.
    unsafe {
        let mut at = read(skip_space(text.as_ptr()));
        if !at.is_null() {
            at = skip_space(at);
            // The NUL byte behind the text, or one that the host counts to it: OPA's crate for Rust does, and OPA's own modules end there.
            if byte(at) == '\0' {
                return waiting_from(0).read();
            }
            fail(at, ErrorKind::Trailing);
        }
    }
    Value::UNDEFINED
}

/// Reads a value that takes a whole document, at its depth: the input by the policy's shapes, others whole.
///
/// # Safety
/// As [`byte`].
pub(crate) unsafe fn parse_by_shapes(at: *const u8, depth: u32, shapes: Value) -> *const u8 {
    // SAFETY: the caller's.
    unsafe {
        if grammar() == Grammar::Input as u32 {
            shaped::read(at, depth, shapes, raw::item(shapes, 0))
        } else {
            parse_value(at, depth)
        }
    }
}

/// What the linker decides: whether inputs are read by shapes.
#[cfg(target_arch = "wasm32")]
mod linked {
    #[link(wasm_import_module = "regoc")]
    unsafe extern "C" {
        /// `regoc_abi::runtime::PARSE_IMPORT`
        pub(super) fn parse_document(at: *const u8, depth: u32) -> *const u8;
    }
}
#[cfg(not(target_arch = "wasm32"))]
mod linked {
    pub(super) use super::parse_value as parse_document;
}

impl Grammar {
    /// Reads a value that takes the whole text, without copying the text first. Undefined if it is malformed.
    ///
    /// # Safety
    /// A NUL byte follows the text.
    #[must_use]
    pub unsafe fn parse_terminated(self, text: &[u8]) -> Value {
        // SAFETY: the caller's.
        unsafe { parse_or_undefined(text, self) }
    }
}

/// Whether the text is JSON, not value syntax.
fn is_json() -> bool {
    grammar() == Grammar::Json as u32
}

/// Where the values lie that wait from that one on.
pub(crate) fn waiting_from(index: usize) -> *mut Value {
    core::ptr::with_exposed_provenance_mut::<Value>(waiting()).wrapping_add(index)
}

/// Lets a value wait for its collection.
#[inline(never)]
fn push(value: Value) {
    if count() == capacity() {
        grow();
    }
    // SAFETY: there is room for one more.
    unsafe { waiting_from(count()).write(value) };
    set_count(count() + 1);
}

/// The same, mostly without a call.
#[expect(clippy::inline_always, reason = "calls would cost more than what they do")]
#[inline(always)]
pub(crate) fn push_here(value: Value) {
    if count() == capacity() {
        return push(value);
    }
    // SAFETY: there is room for one more.
    unsafe { waiting_from(count()).write(value) };
    set_count(count() + 1);
}

/// Takes the value that began to wait last.
#[expect(clippy::inline_always, reason = "calls would cost more than what they do")]
#[inline(always)]
pub(crate) fn pop() -> Value {
    set_count(count() - 1);
    // SAFETY: the value waits.
    unsafe { waiting_from(count()).read() }
}

fn grow() {
    set_capacity((count() * 2).max(64));
    let more: *mut Value = arena::allocate(capacity() * size_of::<Value>()).cast();
    // SAFETY: the new memory is larger than the old, if there is any, and apart from it.
    unsafe { more.copy_from_nonoverlapping(waiting_from(0), count()) };
    set_waiting(more.expose_provenance());
}

/// Notes what is wrong. Returns null.
#[cold]
#[inline(never)]
pub(crate) fn fail(at: *const u8, kind: ErrorKind) -> *const u8 {
    set_failed_at(at.addr());
    set_failure(kind as u32);
    core::ptr::null()
}

/// The byte at a place of the text, or the NUL byte behind it; as a character, because wasm has no smaller numbers.
///
/// # Safety
/// The place is in the text or at its end.
pub(crate) unsafe fn byte(at: *const u8) -> char {
    // SAFETY: the caller's.
    char::from(unsafe { at.read() })
}

/// # Safety
/// As [`byte`].
#[inline(never)]
pub(crate) unsafe fn skip_space(mut at: *const u8) -> *const u8 {
    // SAFETY: the NUL byte is not space, so the end is not passed.
    unsafe {
        while matches!(byte(at), ' ' | '\n' | '\r' | '\t') {
            at = at.add(1);
        }
    }
    at
}

// Every function below takes the place where its token begins, lets the token's value wait and returns the place behind it, or null
// after a failure.

/// # Safety
/// As [`byte`].
#[inline(never)]
pub(crate) unsafe fn parse_value(at: *const u8, depth: u32) -> *const u8 {
    // SAFETY: the caller's.
    unsafe {
        match byte(at) {
            '"' => parse_string(at.add(1)),
            '-' | '0'..='9' => parse_number(at),
            '[' | '{' => parse_collection(at, depth + 1),
            _ => parse_word(at),
        }
    }
}

/// Reads an array, an object or a set.
///
/// # Safety
/// As [`byte`].
unsafe fn parse_collection(mut at: *const u8, depth: u32) -> *const u8 {
    if depth > MAX_DEPTH {
        return fail(at, ErrorKind::TooDeep);
    }
    let base = count();
    // SAFETY: only bytes that are not NUL are passed.
    unsafe {
        // The brackets of one kind are two apart.
        let (open, close) = (byte(at), byte(at) as u32 + 2);
        let mut tag = if open == '[' { Tag::Array } else { Tag::Object };
        at = skip_space(at.add(1));
        if byte(at) as u32 != close {
            loop {
                let mut is_key = matches!(tag, Tag::Object) && (count() - base) & 1 == 0;
                if is_key && is_json() && byte(at) != '"' {
                    return fail(at, ErrorKind::Key);
                }
                at = parse_value(at, depth);
                if at.is_null() {
                    return at;
                }
                at = skip_space(at);
                let separator = byte(at);
                if is_key && separator != ':' && !is_json() && count() - base == 1 {
                    tag = Tag::Set;
                    is_key = false;
                }
                if !is_key && separator as u32 == close {
                    break;
                }
                if separator != if is_key { ':' } else { ',' } {
                    return fail(at, misplaced(tag, is_key));
                }
                at = skip_space(at.add(1));
            }
        }
        let value = keyed::read(tag, waiting_from(base), count() - base);
        set_count(base);
        push(value);
        at.add(1)
    }
}

#[cold]
fn misplaced(tag: Tag, is_key: bool) -> ErrorKind {
    if is_key {
        ErrorKind::AfterKey
    } else if matches!(tag, Tag::Object) {
        ErrorKind::AfterEntry
    } else {
        ErrorKind::AfterElement
    }
}

/// The words that are values, each behind its value's word and filled up with NUL bytes. JSON knows all but the last one.
const WORDS: &[[u8; WORD_SIZE]; 4] = &[
    [layout::NULL as u8, b'n', b'u', b'l', b'l', 0, 0],
    [layout::TRUE as u8, b't', b'r', b'u', b'e', 0, 0],
    [layout::FALSE as u8, b'f', b'a', b'l', b's', b'e', 0],
    [layout::UNDEFINED as u8, b's', b'e', b't', b'(', b')', 0],
];
const WORD_SIZE: usize = 7;

/// # Safety
/// As [`byte`].
unsafe fn parse_word(mut at: *const u8) -> *const u8 {
    // SAFETY: the bytes of a word that were compared are those of the word, so none of them is the NUL byte at the end.
    unsafe {
        let mut word = WORDS.as_ptr().cast::<u8>();
        let mut left = if is_json() { 3 } else { 4 };
        while byte(word.add(1)) != byte(at) {
            left -= 1;
            if left == 0 {
                return fail(at, ErrorKind::Value);
            }
            word = word.add(WORD_SIZE);
        }
        let mut value = Value::from_word(usize::from(word.read()));
        loop {
            word = word.add(1);
            at = at.add(1);
            if byte(word.add(1)) == '\0' {
                break;
            }
            if byte(word.add(1)) != byte(at) {
                return fail(at, ErrorKind::Literal);
            }
        }
        if value.is_undefined() {
            value = raw::new_collection(Tag::Set, 0);
        }
        push(value);
        at
    }
}

/// # Safety
/// As [`byte`].
unsafe fn parse_number(start: *const u8) -> *const u8 {
    // SAFETY: only bytes that are not NUL are passed.
    unsafe {
        let is_negative = byte(start) == '-';
        let digits = start.add(usize::from(is_negative));
        let mut at = digits;
        let mut magnitude = 0_u64;
        while byte(at).is_ascii_digit() {
            magnitude = magnitude.wrapping_mul(10).wrapping_add(u64::from(byte(at) as u32 & 15));
            at = at.add(1);
            // A zero is the whole integer; a digit behind it belongs to nothing.
            if byte(digits) == '0' {
                break;
            }
        }
        let whole = at;
        let mut last = digits;
        if at != last && byte(at) == '.' {
            last = at.add(1);
            at = skip_digits(last);
        }
        if at != last && matches!(byte(at), 'e' | 'E') {
            last = at.add(1);
            if matches!(byte(last), '+' | '-') {
                last = last.add(1);
            }
            at = skip_digits(last);
            if at != last && !number::is_in_range(start) {
                return fail(start, ErrorKind::NumberTooBig);
            }
        }
        // No digit where there must be one.
        if at == last {
            return fail(at, ErrorKind::Number);
        }
        let integer = if is_negative { magnitude.wrapping_neg() } else { magnitude }.cast_signed();
        // Nineteen digits never pass 64 bits without sign. A sign that differs tells that 63 bits were passed, or -0, which is kept as it
        // is.
        let is_integer = at == whole && at as usize - digits as usize <= 19 && (integer < 0) == is_negative;
        push(if is_integer {
            Value::integer(integer)
        } else {
            raw::new_text(Tag::Number as u32, core::slice::from_raw_parts(start, at as usize - start as usize))
        });
        at
    }
}

/// Reads a string after its first quote.
///
/// # Safety
/// As [`byte`].
unsafe fn parse_string(start: *const u8) -> *const u8 {
    // SAFETY: the run lies in the text.
    unsafe {
        let at = skip_plain(start);
        if byte(at) != '"' {
            return parse_escaped(start);
        }
        push(interned::string(core::slice::from_raw_parts(start, at as usize - start as usize)));
        at.add(1)
    }
}

/// Reads a string with escapes or characters beyond ASCII, after its first quote.
///
/// # Safety
/// As [`byte`].
#[inline(never)]
pub(crate) unsafe fn parse_escaped(mut at: *const u8) -> *const u8 {
    let mut text = arena::TextBuilder::new();
    let kind = loop {
        // SAFETY: all slices lie in the text.
        unsafe {
            let run = skip_plain(at);
            text.extend(core::slice::from_raw_parts(at, run as usize - at as usize));
            at = run;
            match byte(at) {
                '"' => {
                    push(text.finish());
                    return at.add(1);
                }
                '\\' => {
                    let (code, next) = parse_escape(at.add(1));
                    if next.is_null() {
                        at = at.add(1);
                        break ErrorKind::Escape;
                    }
                    push_character(&mut text, code);
                    at = next;
                }
                '\u{80}'.. => {
                    let len = utf8::sequence_len(at);
                    let taken = len.max(1);
                    if len == 0 && is_json() {
                        push_character(&mut text, REPLACEMENT);
                    } else {
                        // What builtins of the host give is value syntax, and its strings are bytes.
                        text.extend(core::slice::from_raw_parts(at, taken));
                    }
                    at = at.add(taken);
                }
                _ => break ErrorKind::String,
            }
        }
    };
    // Finished all the same: the arena must be left as it was found.
    let _unfinished = text.finish();
    fail(at, kind)
}

/// # Safety
/// As [`byte`].
#[inline(never)]
unsafe fn skip_digits(mut at: *const u8) -> *const u8 {
    // SAFETY: the NUL byte is no digit.
    unsafe {
        while byte(at).is_ascii_digit() {
            at = at.add(1);
        }
    }
    at
}

/// In each byte of eight the highest bit, where the byte ends a plain run of a string: a quote, a backslash, a control character or
/// not ASCII. Bits above the lowest one that is set may be wrong.
pub(crate) fn stops(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let quote = (word ^ (ONES * 0x22)).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
    (word | word.wrapping_sub(ONES * 0x20) | quote | backslash) & (ONES * 0x80)
}

/// Passes plain characters of a string.
///
/// # Safety
/// As [`byte`].
#[cfg(target_arch = "wasm32")]
#[inline(never)]
pub(crate) unsafe fn skip_plain(mut at: *const u8) -> *const u8 {
    loop {
        // SAFETY: the NUL byte at the end of the text is not plain, and the seven bytes behind it are memory, see `arena::reserve`.
        let stops = stops(unsafe { at.cast::<u64>().read_unaligned() });
        if stops != 0 {
            return at.wrapping_add((stops.trailing_zeros() / 8) as usize);
        }
        at = at.wrapping_add(8);
    }
}

/// Passes plain characters of a string.
///
/// # Safety
/// As [`byte`].
#[cfg(not(target_arch = "wasm32"))]
pub(crate) unsafe fn skip_plain(mut at: *const u8) -> *const u8 {
    // SAFETY: the NUL byte at the end of the text is not plain.
    unsafe {
        while stops(u64::from(byte(at) as u32)) & 0x80 == 0 {
            at = at.add(1);
        }
    }
    at
}

/// How many plain characters of a string a text begins with: ASCII, and neither quotes, backslashes nor control characters.
pub(crate) fn plain_len(text: &[u8]) -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    return text.iter().position(|byte| stops(u64::from(*byte)) & 0x80 != 0).unwrap_or(text.len());
    // SAFETY: a text is part of a value or of static data, so that a NUL byte lies somewhere behind it.
    #[cfg(target_arch = "wasm32")]
    return unsafe { skip_plain(text.as_ptr()) as usize - text.as_ptr() as usize }.min(text.len());
}

/// The code of [`utf8::REPLACEMENT`].
const REPLACEMENT: u32 = utf8::REPLACEMENT as u32;

/// Appends a character; a surrogate becomes U+FFFD.
#[inline(never)]
fn push_character(text: &mut arena::TextBuilder, code: u32) {
    let mut rest = if code & 0xffff_f800 == 0xd800 { REPLACEMENT } else { code };
    // The bytes of the character, the first one lowest.
    let mut bytes = 0;
    if rest >= 0x80 {
        // What the first byte can hold: a bit less for each byte that follows.
        let mut limit = 0x40;
        while rest >= limit {
            bytes = bytes << 8 | 0x80 | rest & 0x3f;
            rest >>= 6;
            limit = (limit >> 1).min(0x20);
        }
        // It begins with as many ones as there are bytes.
        rest |= !(limit * 2 - 1) & 0xff;
    }
    bytes = bytes << 8 | rest;
    loop {
        text.push(bytes as u8);
        bytes >>= 8;
        if bytes == 0 {
            return;
        }
    }
}

/// What is written behind a backslash, and what is meant by it. What the writer escapes so comes first.
pub(crate) const ESCAPES: &[u8] = b"n\nr\rt\t\"\"\\\\//b\x08f\x0c";

/// Reads an escape after its backslash: the code of its character and the place behind it, or null. A pair of surrogates is one character.
///
/// # Safety
/// As [`byte`].
unsafe fn parse_escape(at: *const u8) -> (u32, *const u8) {
    // SAFETY: only bytes that are not NUL are passed.
    unsafe {
        let next = at.add(1);
        let code = match byte(at) {
            'u' => {
                let first = parse_hex(next);
                if first > 0xffff {
                    return (0, core::ptr::null());
                }
                let next = next.add(4);
                if first & 0xfc00 == 0xd800 && byte(next) == '\\' && byte(next.add(1)) == 'u' {
                    let second = parse_hex(next.add(2));
                    if second & 0xffff_fc00 == 0xdc00 {
                        return (0x1_0000 + ((first & 0x3ff) << 10 | second & 0x3ff), next.add(6));
                    }
                }
                return (first, next);
            }
            letter => {
                let mut left = ESCAPES;
                loop {
                    let [written, meant, rest @ ..] = left else { return (0, core::ptr::null()) };
                    if char::from(*written) == letter {
                        break *meant;
                    }
                    left = rest;
                }
            }
        };
        (u32::from(code), next)
    }
}

/// Reads four hexadecimal digits; more than 16 bits when there are not so many.
///
/// # Safety
/// As [`byte`].
#[inline(never)]
unsafe fn parse_hex(at: *const u8) -> u32 {
    let mut code = 0;
    for index in 0..4 {
        // SAFETY: the bytes before were digits.
        let digit = unsafe { byte(at.add(index)) } as u32;
        let mut value = digit.wrapping_sub(u32::from(b'0'));
        if value > 9 {
            value = (digit | 0x20).wrapping_sub(u32::from(b'a'));
            if value > 5 {
                return u32::MAX;
            }
            value += 10;
        }
        code = code << 4 | value;
    }
    code
}
