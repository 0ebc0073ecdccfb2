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

/// What is read next, or has just been: where in the innermost open collection the cursor is.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Place {
    /// Outside of collections.
    Top,
    /// An element of an array.
    Element,
    /// The first thing after an opening brace: a key or, in value syntax, the element of a set.
    First,
    /// A key of an object.
    Key,
    /// The value of a key.
    Entry,
    /// An element of a set.
    Member,
}

/// What a separator does that closes a collection: this, and the collection's tag.
const CLOSES: u8 = 8;
const ARRAY: u8 = CLOSES + Tag::Array as u8;
const OBJECT: u8 = CLOSES + Tag::Object as u8;
const SET: u8 = CLOSES + Tag::Set as u8;

/// What a separator does where it may not be.
const FAIL: u8 = 7;

/// What is read behind a separator, or what the separator closes.
fn step(place: Place, separator: u8) -> u8 {
    /// The separators by their highest four bits, which differ, and what each does at each place.
    const SEPARATORS: [u8; 8] = *b"\0\0,:\0]\0}";
    const MEMBER: u8 = Place::Member as u8;
    const KEY: u8 = Place::Key as u8;
    const ENTRY: u8 = Place::Entry as u8;
    const STEPS: [[u8; 8]; 8] = [
        [FAIL; 8],
        [FAIL, FAIL, Place::Element as u8, FAIL, FAIL, ARRAY, FAIL, FAIL],
        [FAIL, FAIL, MEMBER, ENTRY, FAIL, FAIL, FAIL, SET],
        [FAIL, FAIL, FAIL, ENTRY, FAIL, FAIL, FAIL, FAIL],
        [FAIL, FAIL, KEY, FAIL, FAIL, FAIL, FAIL, OBJECT],
        [FAIL, FAIL, MEMBER, FAIL, FAIL, FAIL, FAIL, SET],
        [FAIL; 8],
        [FAIL; 8],
    ];
    let class = usize::from(separator >> 4 & 7);
    if SEPARATORS[class] == separator { STEPS[place as usize & 7][class] } else { FAIL }
}

/// The values that wait for their collection to close, and what went wrong.
struct Parser {
    end: *const u8,
    grammar: Grammar,
    words: *mut Value,
    len: usize,
    capacity: usize,
    failure: (*const u8, ErrorKind),
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
    let mut parser = Parser {
        end: start.wrapping_add(text.len()),
        grammar,
        words: core::ptr::null_mut(),
        len: 0,
        capacity: 0,
        failure: (start, ErrorKind::Value),
    };
    // SAFETY: the caller's.
    let value = unsafe { parser.parse(start) };
    if value.is_undefined() {
        let (at, kind) = parser.failure;
        return Err(Error { offset: at as usize - start as usize, kind });
    }
    Ok(value)
}

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
#[inline(never)]
unsafe fn skip_space(mut at: *const u8) -> *const u8 {
    // SAFETY: the NUL byte is not space, so the end is not passed.
    unsafe {
        while matches!(byte(at), b' ' | b'\n' | b'\r' | b'\t') {
            at = at.add(1);
        }
    }
    at
}

/// Every function below takes the place where its token begins, pushes the token's value and returns the place behind it, or null
/// after a failure.
///
/// # Safety
/// The place is in the text, which ends at `end` with a NUL byte. Only bytes that are not NUL are passed.
impl Parser {
    #[inline(never)]
    fn push(&mut self, value: Value) {
        if self.len == self.capacity {
            self.grow();
        }
        // SAFETY: there is room for one more.
        unsafe { self.words.add(self.len).write(value) };
        self.len += 1;
    }

    fn grow(&mut self) {
        self.capacity = (self.capacity * 2).max(64);
        let words: *mut Value = arena::allocate(self.capacity * size_of::<Value>()).cast();
        if self.len > 0 {
            // SAFETY: the new memory is larger than the old, and apart from it.
            unsafe { words.copy_from_nonoverlapping(self.words, self.len) };
        }
        self.words = words;
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, at: *const u8, kind: ErrorKind) -> *const u8 {
        self.failure = (at, kind);
        core::ptr::null()
    }

    /// Reads the whole text. Undefined after a failure.
    unsafe fn parse(&mut self, mut at: *const u8) -> Value {
        let mut place = Place::Top;
        // Where the elements of the innermost open collection begin on the stack; below lies what was open around it.
        let mut base = 0;
        let mut depth = 0;
        // SAFETY: no step goes past the NUL byte at the end.
        unsafe {
            loop {
                at = skip_space(at);
                let first = byte(at);
                let is_open = first == b'{' || first == b'[';
                if self.grammar == Grammar::Json && matches!(place, Place::First | Place::Key) && first != b'"' {
                    self.fail(at, ErrorKind::Key);
                    return Value::UNDEFINED;
                }
                if is_open {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        self.fail(at, ErrorKind::TooDeep);
                        return Value::UNDEFINED;
                    }
                    // Not a value: only this loop reads the word.
                    self.push(Value::from_word(base << 3 | place as usize));
                    base = self.len;
                    place = if first == b'[' { Place::Element } else { Place::First };
                    at = skip_space(at.add(1));
                    // The brackets of one kind are two apart.
                    if byte(at) != first + 2 {
                        continue;
                    }
                } else {
                    at = self.parse_token(at);
                    if at.is_null() {
                        return Value::UNDEFINED;
                    }
                    at = skip_space(at);
                }
                // A value has ended, or an empty collection ends here. Close what closes here, outwards.
                loop {
                    if place == Place::Top {
                        if at == self.end {
                            return self.words.read();
                        }
                        self.fail(at, ErrorKind::Trailing);
                        return Value::UNDEFINED;
                    }
                    let mut next = step(place, byte(at));
                    if place == Place::First && next == SET && self.len == base {
                        next = OBJECT;
                    }
                    if next == FAIL || self.grammar == Grammar::Json && (next == SET || next == Place::Member as u8) {
                        self.fail(at, misplaced(place));
                        return Value::UNDEFINED;
                    }
                    if next < CLOSES {
                        place = core::mem::transmute::<u8, Place>(next);
                        break;
                    }
                    let tag = core::mem::transmute::<u8, Tag>(next - CLOSES);
                    let value = keyed::from_elements(tag, self.words.add(base), self.len - base);
                    self.len = base - 1;
                    let outer = self.words.add(self.len).read().to_word();
                    self.push(value);
                    base = outer >> 3;
                    place = core::mem::transmute::<u8, Place>((outer & 7) as u8);
                    depth -= 1;
                    at = skip_space(at.add(1));
                }
                at = at.add(1);
            }
        }
    }

    /// Reads a string, a number or a word.
    unsafe fn parse_token(&mut self, at: *const u8) -> *const u8 {
        // SAFETY: the caller's.
        unsafe {
            match byte(at) {
                b'"' => self.parse_string(at.add(1)),
                b'-' | b'0'..=b'9' => self.parse_number(at),
                _ => self.parse_word(at),
            }
        }
    }

    unsafe fn parse_word(&mut self, at: *const u8) -> *const u8 {
        // SAFETY: the bytes of a word that were compared are those of the word, so none of them is the NUL byte at the end.
        unsafe {
            let (word, value) = match byte(at) {
                b'n' => (&b"null"[..], Value::NULL),
                b't' => (&b"true"[..], Value::TRUE),
                b'f' => (&b"false"[..], Value::FALSE),
                b's' if self.grammar == Grammar::Syntax => (&b"set()"[..], raw::new_collection(Tag::Set, 0)),
                _ => return self.fail(at, ErrorKind::Value),
            };
            let mut next = at;
            for &expected in word {
                if byte(next) != expected {
                    return self.fail(next, ErrorKind::Literal);
                }
                next = next.add(1);
            }
            self.push(value);
            next
        }
    }

    #[inline(never)]
    unsafe fn parse_number(&mut self, start: *const u8) -> *const u8 {
        // SAFETY: only bytes that are not NUL are passed.
        unsafe {
            let negative = byte(start) == b'-';
            let digits = start.add(usize::from(negative));
            let mut at = digits;
            let mut magnitude = 0_u64;
            while byte(at).is_ascii_digit() {
                magnitude = magnitude.wrapping_mul(10).wrapping_add(u64::from(byte(at) & 15));
                at = at.add(1);
                // A zero is the whole integer; a digit behind it belongs to nothing.
                if byte(digits) == b'0' {
                    break;
                }
            }
            let whole = at;
            let mut last = digits;
            let mut in_range = true;
            if at != last && byte(at) == b'.' {
                last = at.add(1);
                at = skip_digits(last);
            }
            if at != last && byte(at) | 0x20 == b'e' {
                last = at.add(1);
                if matches!(byte(last), b'+' | b'-') {
                    last = last.add(1);
                }
                at = skip_digits(last);
                in_range = number::is_in_range(start);
            }
            // No digit where there must be one.
            if at == last {
                return self.fail(at, ErrorKind::Number);
            }
            if !in_range {
                return self.fail(start, ErrorKind::NumberTooBig);
            }
            let value = match number::signed(negative, magnitude) {
                // Nineteen digits never pass 64 bits without sign; -0 is kept as it is.
                Some(integer) if at == whole && at as usize - digits as usize <= 19 && (!negative || integer != 0) => {
                    Value::integer(integer)
                }
                _ => raw::new_text(Tag::Number, core::slice::from_raw_parts(start, at as usize - start as usize)),
            };
            self.push(value);
            at
        }
    }

    /// Reads a string after its first quote.
    #[inline(never)]
    unsafe fn parse_string(&mut self, start: *const u8) -> *const u8 {
        // SAFETY: the run lies in the text.
        unsafe {
            let at = skip_plain(start, self.end);
            if byte(at) != b'"' {
                return self.parse_escaped(start);
            }
            let run = core::slice::from_raw_parts(start, at as usize - start as usize);
            self.push(raw::new_text(Tag::String, run));
            at.add(1)
        }
    }

    /// Reads a string with escapes or characters beyond ASCII, after its first quote.
    #[inline(never)]
    unsafe fn parse_escaped(&mut self, mut at: *const u8) -> *const u8 {
        let mut text = arena::TextBuilder::new();
        let kind = loop {
            // SAFETY: all slices lie in the text.
            unsafe {
                let run = skip_plain(at, self.end);
                text.extend(core::slice::from_raw_parts(at, run as usize - at as usize));
                at = run;
                match byte(at) {
                    b'"' => {
                        self.push(text.finish());
                        return at.add(1);
                    }
                    b'\\' => {
                        let (code, next) = parse_escape(at.add(1));
                        if next.is_null() {
                            at = at.add(1);
                            break ErrorKind::Escape;
                        }
                        push_character(&mut text, code);
                        at = next;
                    }
                    0x80.. => {
                        let len = utf8::sequence_len(at);
                        if len == 0 {
                            push_character(&mut text, REPLACEMENT);
                        }
                        text.extend(core::slice::from_raw_parts(at, len));
                        at = at.add(len.max(1));
                    }
                    _ => break ErrorKind::String,
                }
            }
        };
        // Finished all the same: the arena must be left as it was found.
        let _unfinished = text.finish();
        self.fail(at, kind)
    }
}

#[cold]
fn misplaced(place: Place) -> ErrorKind {
    match place {
        Place::First | Place::Key => ErrorKind::AfterKey,
        Place::Entry => ErrorKind::AfterEntry,
        _ => ErrorKind::AfterElement,
    }
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

/// The code of [`utf8::REPLACEMENT`].
const REPLACEMENT: u32 = utf8::REPLACEMENT as u32;

/// Appends a character; a surrogate becomes U+FFFD.
#[inline(never)]
fn push_character(text: &mut arena::TextBuilder, code: u32) {
    let code = if code & 0xffff_f800 == 0xd800 { REPLACEMENT } else { code };
    if code < 0x80 {
        return text.push(code as u8);
    }
    let mut continued = if code < 0x800 {
        1
    } else if code < 0x1_0000 {
        2
    } else {
        3
    };
    // The first byte begins with as many ones as there are bytes.
    let mut byte = 0xff00_u32 >> (continued + 1) & 0xff | code >> (6 * continued);
    while continued > 0 {
        text.push(byte as u8);
        continued -= 1;
        byte = 0x80 | code >> (6 * continued) & 0x3f;
    }
    text.push(byte as u8);
}

/// Reads an escape after its backslash: the code of its character and the place behind it, or null. A pair of surrogates is one character.
///
/// # Safety
/// As [`byte`].
unsafe fn parse_escape(at: *const u8) -> (u32, *const u8) {
    // SAFETY: only bytes that are not NUL are passed.
    unsafe {
        let next = at.add(1);
        let code = match byte(at) {
            b'u' => {
                let first = parse_hex(next);
                if first > 0xffff {
                    return (0, core::ptr::null());
                }
                let next = next.add(4);
                if first & 0xfc00 == 0xd800 && byte(next) == b'\\' && byte(next.add(1)) == b'u' {
                    let second = parse_hex(next.add(2));
                    if second & 0xffff_fc00 == 0xdc00 {
                        return (0x1_0000 + ((first & 0x3ff) << 10 | second & 0x3ff), next.add(6));
                    }
                }
                return (first, next);
            }
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            other @ (b'"' | b'\\' | b'/') => other,
            _ => return (0, core::ptr::null()),
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
        let digit = unsafe { byte(at.add(index)) };
        let value = match digit | 0x20 {
            b'0'..=b'9' if digit & 0x10 != 0 => digit & 15,
            letter @ b'a'..=b'f' => letter - b'a' + 10,
            _ => return u32::MAX,
        };
        code = code << 4 | u32::from(value);
    }
    code
}
