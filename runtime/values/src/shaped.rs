//! Reads of an input what the policy can reach, and passes the rest.
//!
//! A *shape* says what of a value is looked at; the compiler knows it from the plan ([`regoc_abi::runtime::SHAPES`]). Where only some keys of
//! an object can be asked for, it becomes a *record*: their values in a fixed order, and nothing else. Only code that the compiler wrote for
//! its shape looks into a record. All that is passed is checked as if it were read. What is no object of string keys where an object was
//! expected (hosts that write value syntax may give sets) is read whole.
//!
//! Modules have this reader where they run through something in their input, or ask for many keys of it: the small functions of
//! [`crate::parser`] stand here once more where they are called for each character or value, so that no call is needed.
#![expect(unsafe_code, reason = "the cursor is an address, see the reader of whole values")]

use regoc_abi::layout::MAX_DEPTH;

#[cfg(target_arch = "wasm32")]
use crate::parser;
use crate::parser::{
    ErrorKind, byte, count, fail, parse_escaped, parse_value, pop, push_here, set_count, skip_space, waiting_from,
};
use crate::{Tag, Value, interned, keyed, raw};

/// Reads a value by its shape; see the functions of [`crate::parser`] for what is given and returned.
///
/// # Safety
/// As [`byte`]; the shape is one of `shapes`.
pub(crate) unsafe fn read(at: *const u8, depth: u32, shapes: Value, shape: Value) -> *const u8 {
    // SAFETY: the caller's.
    unsafe {
        let open = byte(at);
        if open == '"' {
            return string(at.add(1), is_whole(shape));
        }
        if matches!(open, '[' | '{') {
            let is_too_deep = depth >= MAX_DEPTH;
            return if is_too_deep { fail(at, ErrorKind::TooDeep) } else { collection(at, depth + 1, shapes, shape) };
        }
        parse_value(at, depth)
    }
}

/// Whether everything in a value may be looked at.
fn is_whole(shape: Value) -> bool {
    shape.to_word() == Value::TRUE.to_word()
}

/// Where the next token begins: mostly at once.
#[expect(clippy::inline_always, reason = "calls would cost more than what they do")]
#[inline(always)]
unsafe fn past_space(at: *const u8) -> *const u8 {
    // SAFETY: the caller's.
    unsafe { if byte(at) > ' ' { at } else { skip_space(at) } }
}

/// Reads a string after its first quote. One that is compared with constants is looked up among them if it may be compared often.
#[expect(clippy::inline_always, reason = "calls would cost more than what they do")]
#[inline(always)]
unsafe fn string(start: *const u8, is_known: bool) -> *const u8 {
    // SAFETY: the run lies in the text.
    unsafe {
        let end = past_plain(start);
        if byte(end) != '"' {
            return parse_escaped(start);
        }
        let text = core::slice::from_raw_parts(start, end as usize - start as usize);
        push_here(if is_known { interned::string(text) } else { raw::new_text(Tag::String as u32, text) });
        end.add(1)
    }
}

/// Passes plain characters of a string.
#[cfg(target_arch = "wasm32")]
#[expect(clippy::inline_always, reason = "calls would cost more than what they do")]
#[inline(always)]
unsafe fn past_plain(start: *const u8) -> *const u8 {
    // SAFETY: as in `skip_plain`.
    let stops = parser::stops(unsafe { start.cast::<u64>().read_unaligned() });
    if stops == 0 {
        // SAFETY: the caller's.
        return unsafe { parser::skip_plain(start.add(8)) };
    }
    start.wrapping_add((stops.trailing_zeros() / 8) as usize)
}
#[cfg(not(target_arch = "wasm32"))]
use crate::parser::skip_plain as past_plain;

/// Reads an array or an object, of which the elements lie so deep. Here and below, nothing is passed that does not fit a word: that would need
/// a frame on the stack in memory for each level of the text.
unsafe fn collection(at: *const u8, depth: u32, shapes: Value, shape: Value) -> *const u8 {
    // SAFETY: the caller's.
    unsafe {
        let is_object = byte(at) == '{';
        let first = past_space(at.add(1));
        if is_object && !matches!(byte(first), '"' | '}') {
            return parse_value(at, depth - 1);
        }
        if is_whole(shape) {
            return elements(at, first, depth, shapes, shape);
        }
        if shape.is_small() {
            return elements(at, first, depth, shapes, numbered(shapes, shape));
        }
        if is_object && shape.is_address() {
            return record(at, first, depth, shapes, shape);
        }
        let tag = if is_object { Tag::Object } else { Tag::Array };
        let at = skip_collection(at, depth);
        if !at.is_null() {
            push_here(raw::new_collection(tag, 0));
        }
        at
    }
}

/// The shape of that number.
fn numbered(shapes: Value, number: Value) -> Value {
    raw::item(shapes, number.small_value() as usize)
}

/// Reads the elements of a collection, each by one shape, from the first one on.
unsafe fn elements(open: *const u8, mut at: *const u8, depth: u32, shapes: Value, shape: Value) -> *const u8 {
    let base = count();
    // SAFETY: the caller's.
    unsafe {
        let is_object = byte(open) == '{';
        let close = byte(open) as u32 + 2;
        if byte(at) as u32 != close {
            loop {
                if is_object {
                    at = if byte(at) == '"' { string(at.add(1), true) } else { parse_value(at, depth) };
                    if at.is_null() {
                        return at;
                    }
                    at = past_space(at);
                    if byte(at) != ':' {
                        if count() == base + 1 {
                            // A set of strings.
                            set_count(base);
                            return parse_value(open, depth - 1);
                        }
                        return fail(at, ErrorKind::AfterKey);
                    }
                    at = past_space(at.add(1));
                }
                at = read(at, depth, shapes, shape);
                if at.is_null() {
                    return at;
                }
                at = past_space(at);
                if byte(at) as u32 == close {
                    break;
                }
                if byte(at) != ',' {
                    return fail(at, if is_object { ErrorKind::AfterEntry } else { ErrorKind::AfterElement });
                }
                at = past_space(at.add(1));
            }
        }
        let (elements, words) = (waiting_from(base), count() - base);
        let value = if is_object { keyed::read(Tag::Object, elements, words) } else { raw::array_of(elements, words) };
        set_count(base);
        push_here(value);
        at.add(1)
    }
}

/// Reads an object as a record from its first key on.
unsafe fn record(open: *const u8, first: *const u8, depth: u32, shapes: Value, shape: Value) -> *const u8 {
    let slots = raw::len(shape) / 2;
    let record = raw::new_record(slots);
    let (mut at, mut likely) = (first, 0);
    // SAFETY: the caller's.
    unsafe {
        if byte(at) != '}' {
            loop {
                let mut slot = plain_slot(at, shape, likely);
                let behind =
                    if slot < slots { at.add(2 + raw::len(raw::item(shape, slot * 2))) } else { skip_value(at, depth) };
                if behind.is_null() {
                    return behind;
                }
                if slot == slots && byte(at) == '"' {
                    slot = escaped_slot(at.add(1), shape);
                }
                let colon = past_space(behind);
                if byte(colon) != ':' {
                    // The other one is a set of strings.
                    let is_object = at != first;
                    return if is_object { fail(colon, ErrorKind::AfterKey) } else { parse_value(open, depth - 1) };
                }
                at = past_space(colon.add(1));
                at = if slot < slots {
                    read(at, depth, shapes, numbered(shapes, raw::item(shape, slot * 2 + 1)))
                } else {
                    skip_value(at, depth)
                };
                if at.is_null() {
                    return at;
                }
                if slot < slots {
                    raw::set_slot(record, slot, pop());
                    likely = slot + 1;
                }
                at = past_space(at);
                if byte(at) == '}' {
                    break;
                }
                if byte(at) != ',' {
                    return fail(at, ErrorKind::AfterEntry);
                }
                at = past_space(at.add(1));
            }
        }
        push_here(record);
        at.add(1)
    }
}

/// The slot of a key that stands there as it is in the shape, or a number beyond all slots. Objects mostly have their keys in one order, so the
/// likely slot is looked at first.
unsafe fn plain_slot(at: *const u8, shape: Value, likely: usize) -> usize {
    let slots = raw::len(shape) / 2;
    let mut slot = likely;
    // SAFETY: the caller's.
    unsafe {
        if byte(at) != '"' {
            return slots;
        }
        for _ in 0..slots {
            slot = if slot < slots { slot } else { 0 };
            let key = raw::item(shape, slot * 2);
            if raw::begins_with(at.add(1), key) && byte(at.add(1 + raw::len(key))) == '"' {
                return slot;
            }
            slot += 1;
        }
    }
    slots
}

/// The slot of a key that is no plain text, behind its first quote, or a number beyond all slots. The key is well-formed.
unsafe fn escaped_slot(text: *const u8, shape: Value) -> usize {
    let slots = raw::len(shape) / 2;
    // SAFETY: the caller's.
    unsafe {
        if byte(past_plain(text)) == '"' || parse_escaped(text).is_null() {
            return slots;
        }
    }
    let key = pop();
    let is_key = |slot: &usize| raw::compare_texts(raw::item(shape, slot * 2), key) == 0;
    (0..slots).find(is_key).unwrap_or(slots)
}

/// Passes a value.
///
/// # Safety
/// As [`byte`].
unsafe fn skip_value(at: *const u8, depth: u32) -> *const u8 {
    // SAFETY: the caller's.
    unsafe {
        let end = match byte(at) {
            '"' => {
                let end = past_plain(at.add(1));
                if byte(end) == '"' {
                    return end.add(1);
                }
                parse_value(at, depth)
            }
            '[' | '{' if depth < MAX_DEPTH => return skip_collection(at, depth + 1),
            _ => parse_value(at, depth),
        };
        if !end.is_null() {
            pop();
        }
        end
    }
}

/// Passes a collection, of which the elements lie so deep.
///
/// # Safety
/// As [`byte`].
unsafe fn skip_collection(mut at: *const u8, depth: u32) -> *const u8 {
    // SAFETY: only bytes that are not NUL are passed.
    unsafe {
        let close = byte(at) as u32 + 2;
        let mut tag = if byte(at) == '[' { Tag::Array } else { Tag::Object };
        let mut is_first = true;
        at = past_space(at.add(1));
        if byte(at) as u32 == close {
            return at.add(1);
        }
        loop {
            at = skip_value(at, depth);
            if at.is_null() {
                return at;
            }
            at = past_space(at);
            if matches!(tag, Tag::Object) {
                if byte(at) == ':' {
                    at = skip_value(past_space(at.add(1)), depth);
                    if at.is_null() {
                        return at;
                    }
                    at = past_space(at);
                } else if is_first {
                    tag = Tag::Set;
                } else {
                    return fail(at, ErrorKind::AfterKey);
                }
            }
            is_first = false;
            if byte(at) as u32 == close {
                return at.add(1);
            }
            if byte(at) != ',' {
                let kind = match tag {
                    Tag::Array | Tag::Set => ErrorKind::AfterElement,
                    _ => ErrorKind::AfterEntry,
                };
                return fail(at, kind);
            }
            at = past_space(at.add(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;

    use crate::parser::{Grammar, parse_by_shapes, read_document};
    use crate::{Value, json, raw, syntax};

    fn text(value: Value) -> String {
        String::from_utf8_lossy(syntax::write(value)).into_owned()
    }

    /// What is read by shapes, which are written as JSON.
    fn read(shapes: &str, text: &str) -> Option<Value> {
        let shapes = json::parse(shapes.as_bytes()).unwrap_or(Value::UNDEFINED);
        let text = raw::text(Value::string(text.as_bytes()));
        // SAFETY: the shapes are as they must be, and a NUL byte follows the bytes of a string.
        let value = unsafe { read_document(text, Grammar::Input, |at| parse_by_shapes(at, 0, shapes)) };
        (!value.is_undefined()).then_some(value)
    }

    const ITEMS: &str = r#"[["items", 1, "name", 3], 2, ["id", 3, "kind", 4], true, null]"#;

    fn slots(record: Value) -> String {
        let slot = |slot| {
            let value = raw::slot(record, slot);
            if value.is_undefined() { "-".into() } else { text(value) }
        };
        assert!(raw::is_record(record));
        (0..raw::len(record)).map(slot).collect::<std::vec::Vec<_>>().join(" ")
    }

    #[test]
    fn records_hold_what_is_asked_for() {
        let written = r#" {"other": {"id": [1, {}]}, "n\u0061me": "x", "items": [{"kind": ["a"], "z": 1, "id": {"k": 1}}, {}, 7, [1]]} "#;
        let Some(input) = read(ITEMS, written) else { panic!("it is read") };
        assert_eq!(text(raw::slot(input, 1)), "\"x\"");
        let items = raw::slice(raw::slot(input, 0));
        assert_eq!(slots(items[0]), r#"{"k":1} []"#);
        assert_eq!(slots(items[1]), "- -");
        assert_eq!([text(items[2]), text(items[3])], ["7", "[]"]);
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let Some(input) = read(ITEMS, r#"{"name": 1, "name": 2, "items": [], "items": null}"#) else {
            panic!("it is read")
        };
        assert_eq!(slots(input), "null 2");
    }

    #[test]
    fn what_is_malformed_is_refused_wherever_it_stands() {
        for bad in ["", "[1,]", "{\"a\" 1}", "\"\u{1}\"", "01", "tru", "{\"a\":1,}", "[1", "{\"a\":1,\"b\"}"] {
            for text in [
                format!(r#"{{"other": {bad}}}"#),
                format!(r#"{{"items": [{{"kind": {bad}}}]}}"#),
                format!(r#"{{"items": [{{"id": {bad}}}]}}"#),
                format!(r#"{{"items": {bad}}}"#),
            ] {
                assert!(read(ITEMS, &text).is_none(), "{text}");
            }
        }
    }

    #[test]
    fn sets_and_odd_keys_are_read_whole() {
        for (written, want) in
            [("{1, 2}", "{1,2}"), (r#"{"a", "b"}"#, r#"{"a","b"}"#), ("{1: 2}", "{1:2}"), ("set()", "set()")]
        {
            let value = read(ITEMS, written).map(text);
            assert_eq!(value.as_deref(), Some(want));
        }
        let input = read(ITEMS, r#"{"name": 1, 2: {3}, "items": {"x": {"id": {4}}}}"#);
        assert_eq!(input.map(|input| text(raw::slot(input, 1))).as_deref(), Some("1"));
    }
}
