//! The reader of JSON and of value syntax: one loop over the text, with open collections on a stack of its own.
//!
//! What it accepts is what Go's `encoding/json` accepts with `UseNumber`, which is how OPA reads its documents; value
//! syntax adds sets and keys of any type. Here is no allocation per element: the values of open collections wait on a
//! stack of words, and a collection is made when it closes.
#![expect(unsafe_code, reason = "the cursor is an address: the text ends with a NUL byte, which no token contains")]

use regoc_abi::layout::MAX_DEPTH;

use crate::{Tag, Value, arena, keyed, number, raw, utf8};

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
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grammar {
    /// JSON.
    Json,
    /// JSON with sets and with keys of any type.
    Syntax,
}

/// The innermost open collection.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Open {
    Nothing,
    Array,
    /// An object or, in value syntax, a set: which one, the first separator says.
    Brace,
    /// An object after its first key: keys are at the even places.
    Object,
    Set,
}

/// The values that wait for their collection to close.
struct Stack {
    words: *mut Value,
    len: usize,
    capacity: usize,
}

impl Stack {
    fn push(&mut self, value: Value) {
        if self.len == self.capacity {
            self.grow();
        }
        // SAFETY: there is room for one more.
        unsafe { self.words.add(self.len).write(value) };
        self.len += 1;
    }

    #[inline(never)]
    fn grow(&mut self) {
        let capacity = (self.capacity * 2).max(64);
        let words: *mut Value = arena::allocate(capacity * size_of::<Value>()).cast();
        // SAFETY: the new memory is larger; the old may be null only when its length is 0.
        unsafe {
            if self.len > 0 {
                words.copy_from_nonoverlapping(self.words, self.len);
            }
        }
        self.words = words;
        self.capacity = capacity;
    }
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
    let start = text.as_ptr();
    let mut stack = Stack { words: core::ptr::null_mut(), len: 0, capacity: 0 };
    let end = start.wrapping_add(text.len());
    // SAFETY: the caller's.
    match unsafe { parse_values(start, end, grammar, &mut stack) } {
        Ok(value) => Ok(value),
        Err((at, kind)) => Err(Error { offset: at as usize - start as usize, kind }),
    }
}

type Failure = (*const u8, ErrorKind);

/// The byte at a place of the text, or the NUL byte behind it.
///
/// # Safety
/// The place is in the text or at its end.
unsafe fn byte(at: *const u8) -> u8 {
    // SAFETY: the caller's.
    unsafe { at.read() }
}

/// # Safety
/// As [`byte`].
unsafe fn skip_space(mut at: *const u8) -> *const u8 {
    // SAFETY: the NUL byte is not space, so the end is not passed.
    unsafe {
        while matches!(byte(at), b' ' | b'\n' | b'\r' | b'\t') {
            at = at.add(1);
        }
    }
    at
}

/// The loop.
///
/// # Safety
/// `at` to `end` is the text, and a NUL byte lies at `end`.
unsafe fn parse_values(
    mut at: *const u8,
    end: *const u8,
    grammar: Grammar,
    stack: &mut Stack,
) -> Result<Value, Failure> {
    let mut open = Open::Nothing;
    // Where the elements of the innermost open collection begin on the stack; below lies what was open around it.
    let mut base = 0;
    let mut depth = 0;
    loop {
        // A value begins.
        // SAFETY: no step goes past the NUL byte at the end: only bytes that are not NUL are passed.
        let (mut value, next) = unsafe {
            at = skip_space(at);
            let first = byte(at);
            match first {
                b'{' | b'[' => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err((at, ErrorKind::TooDeep));
                    }
                    stack.push(Value::count(base << 3 | open as usize));
                    base = stack.len;
                    open = if first == b'[' { Open::Array } else { Open::Brace };
                    at = skip_space(at.add(1));
                    if byte(at) != if first == b'[' { b']' } else { b'}' } {
                        continue;
                    }
                    (Value::UNDEFINED, at)
                }
                b'"' => parse_string(at.add(1), end)?,
                b'-' | b'0'..=b'9' => parse_number(at)?,
                _ => parse_word(at, grammar)?,
            }
        };
        at = next;
        // A value has ended; an empty collection has none. Close what closes here, outwards.
        loop {
            if !value.is_undefined() {
                if open == Open::Brace && grammar == Grammar::Json && !value.is_string() {
                    return Err((at, ErrorKind::Key));
                }
                stack.push(value);
                // SAFETY: as above.
                at = unsafe { skip_space(at) };
            }
            // SAFETY: as above.
            let separator = unsafe { byte(at) };
            let is_key = open == Open::Object && (stack.len - base) % 2 == 1;
            let tag = match (open, separator) {
                (Open::Nothing, _) => {
                    return if at == end { Ok(value) } else { Err((at, ErrorKind::Trailing)) };
                }
                (Open::Brace, b':') => {
                    open = Open::Object;
                    break;
                }
                (Open::Object, b':') if is_key => break,
                (Open::Object, b',') if !is_key => break,
                (Open::Array | Open::Set, b',') => break,
                (Open::Brace, b',') if grammar == Grammar::Syntax => {
                    open = Open::Set;
                    break;
                }
                (Open::Array, b']') => Tag::Array,
                (Open::Object, b'}') if !is_key => Tag::Object,
                (Open::Brace, b'}') if stack.len == base => Tag::Object,
                (Open::Brace, b'}') if grammar == Grammar::Syntax => Tag::Set,
                (Open::Set, b'}') => Tag::Set,
                _ => return Err((at, misplaced(open, is_key))),
            };
            at = at.wrapping_add(1);
            let count = stack.len - base;
            let stride = if matches!(tag, Tag::Object) { 2 } else { 1 };
            // SAFETY: the elements lie on the stack from the base on, and below them what was open around them.
            unsafe {
                value = keyed::from_elements(tag, stack.words.add(base), count / stride);
                stack.len = base - 1;
                let outer = stack.words.add(base - 1).read().small_value() as usize;
                base = outer >> 3;
                open = core::mem::transmute::<u8, Open>((outer & 7) as u8);
            }
            depth -= 1;
        }
        at = at.wrapping_add(1);
        // In an object of JSON, a key must follow the comma.
        if open == Open::Object && grammar == Grammar::Json && (stack.len - base) % 2 == 0 {
            // SAFETY: as above.
            unsafe {
                at = skip_space(at);
                if byte(at) != b'"' {
                    return Err((at, ErrorKind::Key));
                }
            }
        }
    }
}

#[cold]
fn misplaced(open: Open, is_key: bool) -> ErrorKind {
    match open {
        Open::Brace => ErrorKind::AfterKey,
        Open::Object if is_key => ErrorKind::AfterKey,
        Open::Object => ErrorKind::AfterEntry,
        _ => ErrorKind::AfterElement,
    }
}

/// # Safety
/// As [`byte`].
unsafe fn parse_word(at: *const u8, grammar: Grammar) -> Result<(Value, *const u8), Failure> {
    // SAFETY: the caller's.
    let (word, value): (&[u8], Value) = match unsafe { byte(at) } {
        b'n' => (b"null", Value::NULL),
        b't' => (b"true", Value::TRUE),
        b'f' => (b"false", Value::FALSE),
        b's' if grammar == Grammar::Syntax => (b"set()", Value::UNDEFINED),
        _ => return Err((at, ErrorKind::Value)),
    };
    for (index, &expected) in word.iter().enumerate() {
        // SAFETY: the bytes before are those of the word, so none of them is the NUL byte at the end.
        if unsafe { byte(at.add(index)) } != expected {
            return Err((at.wrapping_add(index), ErrorKind::Literal));
        }
    }
    let value = if value.is_undefined() { raw::new_collection(Tag::Set, 0) } else { value };
    Ok((value, at.wrapping_add(word.len())))
}

/// # Safety
/// As [`byte`].
unsafe fn skip_digits(mut at: *const u8) -> *const u8 {
    // SAFETY: the NUL byte is no digit.
    unsafe {
        while byte(at).is_ascii_digit() {
            at = at.add(1);
        }
    }
    at
}

/// # Safety
/// As [`byte`].
unsafe fn parse_number(start: *const u8) -> Result<(Value, *const u8), Failure> {
    // SAFETY: only bytes that are not NUL are passed, and all slices lie in the text.
    unsafe {
        let negative = byte(start) == b'-';
        let digits = if negative { start.add(1) } else { start };
        let mut at = digits;
        let mut magnitude = 0_u64;
        while byte(at).is_ascii_digit() {
            magnitude = magnitude.wrapping_mul(10).wrapping_add(u64::from(byte(at) & 15));
            at = at.add(1);
        }
        let count = at as usize - digits as usize;
        if count == 0 {
            return Err((at, ErrorKind::Number));
        }
        if byte(digits) == b'0' && count > 1 {
            return Err((digits.add(1), ErrorKind::Number));
        }
        let mut is_integer = count <= 19 && !(negative && magnitude == 0);
        if byte(at) == b'.' {
            is_integer = false;
            at = digits_after(at.add(1))?;
        }
        let has_exponent = byte(at) | 0x20 == b'e';
        if has_exponent {
            is_integer = false;
            at = at.add(1);
            if matches!(byte(at), b'+' | b'-') {
                at = at.add(1);
            }
            at = digits_after(at)?;
        }
        if is_integer && let Some(integer) = number::signed(negative, magnitude) {
            return Ok((Value::integer(integer), at));
        }
        let text = core::slice::from_raw_parts(start, at as usize - start as usize);
        if has_exponent && !number::is_in_range(text) {
            return Err((start, ErrorKind::NumberTooBig));
        }
        Ok((raw::new_text(Tag::Number, text), at))
    }
}

/// Passes at least one digit.
///
/// # Safety
/// As [`byte`].
unsafe fn digits_after(at: *const u8) -> Result<*const u8, Failure> {
    // SAFETY: the caller's.
    let end = unsafe { skip_digits(at) };
    if end == at { Err((at, ErrorKind::Number)) } else { Ok(end) }
}

/// In each byte of eight the highest bit, where the byte ends a plain run of a string: a quote, a backslash, a control character or
/// not ASCII. Bits above the lowest one that is set may be wrong.
fn stops(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let quote = (word ^ (ONES * 0x22)).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
    (word | word.wrapping_sub(ONES * 0x20) | quote | backslash) & (ONES * 0x80)
}

/// Passes plain characters of a string.
///
/// # Safety
/// The text goes from `at` to `end`, where a NUL byte lies.
unsafe fn skip_plain(mut at: *const u8, end: *const u8) -> *const u8 {
    // SAFETY: whole words are read before the end only, and the NUL byte at the end is not plain.
    unsafe {
        while end as usize - at as usize >= 8 {
            let stops = stops(u64::from_le(at.cast::<u64>().read_unaligned()));
            if stops != 0 {
                return at.add((stops.trailing_zeros() / 8) as usize);
            }
            at = at.add(8);
        }
        while matches!(byte(at), 0x20..=0x7f) && byte(at) != b'"' && byte(at) != b'\\' {
            at = at.add(1);
        }
    }
    at
}

/// Reads a string after its first quote.
///
/// # Safety
/// The text goes from `start` to `end`, where a NUL byte lies.
#[inline(never)]
unsafe fn parse_string(start: *const u8, end: *const u8) -> Result<(Value, *const u8), Failure> {
    // SAFETY: the caller's; the run lies in the text.
    unsafe {
        let at = skip_plain(start, end);
        if byte(at) == b'"' {
            let run = core::slice::from_raw_parts(start, at as usize - start as usize);
            return Ok((raw::new_text(Tag::String, run), at.add(1)));
        }
        parse_escaped(start, end)
    }
}

/// Reads a string with escapes or characters beyond ASCII.
///
/// # Safety
/// As [`parse_string`].
#[inline(never)]
unsafe fn parse_escaped(start: *const u8, end: *const u8) -> Result<(Value, *const u8), Failure> {
    let mut text = arena::TextBuilder::new();
    let mut at = start;
    loop {
        // SAFETY: all slices lie in the text; only bytes that are not NUL are passed.
        unsafe {
            let run = skip_plain(at, end);
            text.extend(core::slice::from_raw_parts(at, run as usize - at as usize));
            at = run;
            match byte(at) {
                b'"' => return Ok((text.finish(), at.add(1))),
                b'\\' => {
                    let (character, next) = parse_escape(at.add(1))?;
                    let (bytes, len) = utf8::encode(character);
                    text.extend(bytes.get(..len).unwrap_or_default());
                    at = next;
                }
                0x80.. => {
                    let rest = core::slice::from_raw_parts(at, end as usize - at as usize);
                    let (character, len) = utf8::decode(rest);
                    match character {
                        Some(_) => text.extend(rest.get(..len).unwrap_or_default()),
                        None => text.extend(b"\xef\xbf\xbd"),
                    }
                    at = at.add(len);
                }
                _ => return Err((at, ErrorKind::String)),
            }
        }
    }
}

/// Reads an escape after its backslash. A half of a surrogate pair without the other is U+FFFD.
///
/// # Safety
/// As [`byte`].
unsafe fn parse_escape(at: *const u8) -> Result<(char, *const u8), Failure> {
    // SAFETY: only bytes that are not NUL are passed.
    unsafe {
        let character = match byte(at) {
            b'u' => {
                let (first, next) = parse_hex(at.add(1))?;
                if first & 0xfc00 == 0xd800 && byte(next) == b'\\' && byte(next.add(1)) == b'u' {
                    let (second, after) = parse_hex(next.add(2))?;
                    if second & 0xfc00 == 0xdc00 {
                        let code = 0x1_0000 + ((first & 0x3ff) << 10 | second & 0x3ff);
                        return Ok((char::from_u32(code).unwrap_or(utf8::REPLACEMENT), after));
                    }
                }
                return Ok((char::from_u32(first).unwrap_or(utf8::REPLACEMENT), next));
            }
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            other @ (b'"' | b'\\' | b'/') => other as char,
            _ => return Err((at, ErrorKind::Escape)),
        };
        Ok((character, at.add(1)))
    }
}

/// Reads four hexadecimal digits.
///
/// # Safety
/// As [`byte`].
unsafe fn parse_hex(at: *const u8) -> Result<(u32, *const u8), Failure> {
    let mut code = 0;
    for index in 0..4 {
        // SAFETY: the bytes before were digits.
        let digit = unsafe { byte(at.add(index)) };
        match (digit as char).to_digit(16) {
            Some(digit) => code = code << 4 | digit,
            None => return Err((at.wrapping_add(index), ErrorKind::Escape)),
        }
    }
    Ok((code, at.wrapping_add(4)))
}
