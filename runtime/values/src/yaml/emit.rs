//! Writes YAML as OPA does: go-yaml's emitter with an indentation of two, in blocks, keys in its natural order. Lines are never folded.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::order;
use super::quote::{Style, style_of};
use crate::builtins::json::marshal;
use crate::format::append_float;
use crate::{Tag, Value, json, number, rt, utf8};

/// What a key may be long in JSON, in characters with its quotes, so that OPA can read its own JSON as YAML.
const MAX_KEY: usize = 1024;

/// The YAML of a value.
///
/// # Errors
/// OPA's message for what it cannot write: control characters, very long keys, and values that nest too deeply.
pub fn write(value: Value) -> Result<Vec<u8>, &'static str> {
    let value = json::parse_string(marshal(value)).map_err(|_| "exceeded max depth")?;
    let mut emitter = Emitter { out: Vec::new(), fault: None };
    emitter.node(value, Place::Root, 0);
    emitter.new_line(0);
    emitter.fault.map_or(Ok(emitter.out), Err)
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is the document.
    Root,
    /// Behind `-`, or behind the `:` of a key with a line of its own: a block begins in the same line.
    Item,
    /// Behind a key: a block begins in the next line.
    Value,
}

struct Emitter {
    out: Vec<u8>,
    fault: Option<&'static str>,
}

impl Emitter {
    /// Begins a line with so many blanks, unless one has just begun.
    #[inline(never)]
    fn new_line(&mut self, indent: usize) {
        // A literal text may end with any line break.
        let breaks: [&[u8]; 3] = [b"\n", "\u{2028}".as_bytes(), "\u{2029}".as_bytes()];
        if !self.out.is_empty() && !breaks.iter().any(|end| self.out.ends_with(end)) {
            self.out.push(b'\n');
        }
        self.blanks(indent);
    }

    fn blanks(&mut self, count: usize) {
        self.out.resize(self.out.len() + count, b' ');
    }

    /// Writes a node; `indent` is that of the block around it. Values do not nest deeper than JSON may.
    fn node(&mut self, value: Value, place: Place, indent: usize) {
        let count = rt::scan(value);
        if count == 0 {
            return self.leaf(value, place, indent);
        }
        let indent = if place == Place::Root { 0 } else { indent + 2 };
        let is_object = value.tag() == Tag::Object;
        let value = if is_object { order::sorted(value) } else { value };
        for index in 0..count {
            match place {
                Place::Item if index == 0 => self.blanks(1),
                _ => self.new_line(indent),
            }
            if !is_object {
                self.out.push(b'-');
                self.node(rt::scan_value(value, index), Place::Item, indent);
                continue;
            }
            // The sorted object is an array of keys and values in turn.
            let is_simple = self.key(rt::scan_value(value, index * 2), indent);
            let place = if is_simple { Place::Value } else { Place::Item };
            self.node(rt::scan_value(value, index * 2 + 1), place, indent);
        }
    }

    /// Writes a key with its colon; whether it is on the line of its value.
    #[inline(never)]
    fn key(&mut self, key: Value, indent: usize) -> bool {
        let text = key.as_str().unwrap_or_default();
        if text.windows(2).any(|two| two == NEXT_LINE) {
            self.fault.get_or_insert("yaml: line 1: did not find expected ',' or '}'");
        } else if json_length(text) > MAX_KEY {
            self.fault.get_or_insert("yaml: did not find expected ',' or '}'");
        }
        let has_breaks = utf8::chars(text).any(|(character, _)| is_break(character));
        let is_simple = !has_breaks && text.len() <= 128;
        if is_simple {
            self.string(text, indent, true);
        } else {
            self.out.extend_from_slice(b"? ");
            self.string(text, indent + 2, false);
            self.new_line(indent);
        }
        self.out.push(b':');
        is_simple
    }

    /// Writes what is no block.
    #[inline(never)]
    fn leaf(&mut self, value: Value, place: Place, indent: usize) {
        if place != Place::Root {
            self.out.push(b' ');
        }
        match value.tag() {
            Tag::Null => self.out.extend_from_slice(b"null"),
            Tag::Boolean => {
                self.out.extend_from_slice(if value.as_boolean() == Some(true) { b"true" } else { b"false" });
            }
            Tag::Integer | Tag::Number => self.number(value),
            Tag::String => {
                let text = value.as_str().unwrap_or_default();
                if has_document_mark(text) {
                    self.fault.get_or_insert("yaml: line 2: found unexpected document indicator");
                }
                self.string(&folded(text), indent + 2, false);
            }
            Tag::Object => self.out.extend_from_slice(b"{}"),
            Tag::Array | Tag::Set => self.out.extend_from_slice(b"[]"),
        }
    }

    /// A number as YAML reads its JSON: an integer of 64 bits, else a float; what is too large for one is a text.
    fn number(&mut self, value: Value) {
        let Some(text) = number::text(value) else { return };
        let text = core::str::from_utf8(text.bytes()).unwrap_or_default();
        if text == "-0" {
            self.out.push(b'0');
        } else if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
            self.out.extend_from_slice(text.as_bytes());
        } else {
            match number::double::shortest_of(text.as_bytes()) {
                Some(digits) => append_float(&mut self.out, text.starts_with('-'), &digits),
                None => self.out.extend_from_slice(text.as_bytes()),
            }
        }
    }

    /// Writes a string; further lines of it stand behind so many blanks.
    fn string(&mut self, text: &[u8], indent: usize, is_simple_key: bool) {
        if utf8::chars(text).any(|(character, _)| is_refused(character)) {
            self.fault.get_or_insert("yaml: control characters are not allowed");
        }
        match style_of(text, is_simple_key) {
            Style::Plain => self.out.extend_from_slice(text),
            Style::Single => {
                self.out.push(b'\'');
                self.lines(text, indent, false, b"'");
                self.out.push(b'\'');
            }
            Style::Double => self.double_quoted(text),
            Style::Literal => self.literal(text, indent),
        }
    }

    /// Writes a text that may have several lines. A quote is written twice.
    fn lines(&mut self, text: &[u8], indent: usize, mut is_start: bool, quote: &[u8]) {
        for (character, bytes) in utf8::chars(text) {
            let is_break = is_break(character);
            if is_start && !is_break {
                self.blanks(indent);
            }
            if bytes == quote {
                self.out.extend_from_slice(quote);
            }
            self.out.extend_from_slice(bytes);
            is_start = is_break;
        }
    }

    /// `|`, how far the text is indented if it does not show, what becomes of the last line break, and the text.
    fn literal(&mut self, text: &[u8], indent: usize) {
        self.out.push(b'|');
        let mut characters = utf8::chars(text).map(|(character, _)| character);
        if characters.next().is_some_and(|first| first == ' ' || is_break(first)) {
            self.out.push(b'2');
        }
        let characters: Vec<char> = utf8::chars(text).map(|(character, _)| character).collect();
        match characters.as_slice() {
            [.., before, last] if is_break(*last) => {
                if is_break(*before) {
                    self.out.push(b'+');
                }
            }
            [last] if is_break(*last) => self.out.push(b'+'),
            _ => self.out.push(b'-'),
        }
        self.out.push(b'\n');
        self.lines(text, indent, true, b"");
    }

    fn double_quoted(&mut self, text: &[u8]) {
        // The emitter looks for a byte order mark at the beginning of the text at each character.
        let all = text.starts_with("\u{feff}".as_bytes());
        self.out.push(b'"');
        for (character, bytes) in utf8::chars(text) {
            if !all && is_printable(character) && !is_break(character) && !matches!(character, '"' | '\\') {
                self.out.extend_from_slice(bytes);
                continue;
            }
            self.out.push(b'\\');
            let short = SHORT.iter().find(|(known, _)| *known == character);
            let code = character as u32;
            let escaped = match short {
                Some((_, letter)) => alloc::format!("{letter}"),
                None if code <= 0xff => alloc::format!("x{code:02X}"),
                None if code <= 0xffff => alloc::format!("u{code:04X}"),
                None => alloc::format!("U{code:08X}"),
            };
            self.out.extend_from_slice(escaped.as_bytes());
        }
        self.out.push(b'"');
    }
}

/// The characters with an escape of one letter.
const SHORT: [(char, char); 15] = [
    ('\0', '0'),
    ('\u{7}', 'a'),
    ('\u{8}', 'b'),
    ('\t', 't'),
    ('\n', 'n'),
    ('\u{b}', 'v'),
    ('\u{c}', 'f'),
    ('\r', 'r'),
    ('\u{1b}', 'e'),
    ('"', '"'),
    ('\\', '\\'),
    ('\u{85}', 'N'),
    ('\u{a0}', '_'),
    ('\u{2028}', 'L'),
    ('\u{2029}', 'P'),
];

/// Whether a character ends a line.
pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether the emitter writes a character as it is.
pub(super) fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Whether OPA cannot read a character in its own JSON.
fn is_refused(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// The bytes of U+0085, the one line break that OPA's JSON does not escape.
const NEXT_LINE: &[u8] = "\u{85}".as_bytes();

/// Whether a line of a text looks like the end of a document, which OPA refuses in its JSON.
fn has_document_mark(text: &[u8]) -> bool {
    let is_mark = |line: &[u8]| line.starts_with(b"---") || line.starts_with(b"...");
    let is_end = |rest: &[u8]| rest.starts_with(b" ") || rest.starts_with(NEXT_LINE);
    let lines = text.windows(2).enumerate().filter(|(_, two)| *two == NEXT_LINE);
    let mut lines = lines.filter_map(|(at, _)| text.get(at + 2..));
    lines.any(|line| is_mark(line) && line.get(3..).is_some_and(is_end))
}

/// A text as OPA reads it back: line breaks of its JSON are folded, with the blanks around them.
fn folded(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.windows(2).any(|two| two == NEXT_LINE) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut breaks) = (Vec::new(), 0);
    for (character, bytes) in utf8::chars(text) {
        match character {
            '\u{85}' => {
                if breaks == 0 {
                    let end = out.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
                    out.truncate(end);
                }
                breaks += 1;
            }
            ' ' if breaks > 0 => {}
            _ => {
                end_of_breaks(&mut out, &mut breaks);
                out.extend_from_slice(bytes);
            }
        }
    }
    end_of_breaks(&mut out, &mut breaks);
    Cow::Owned(out)
}

/// One break is a blank, of several each but the first remains.
fn end_of_breaks(out: &mut Vec<u8>, breaks: &mut usize) {
    match core::mem::take(breaks) {
        0 => {}
        1 => out.push(b' '),
        more => out.resize(out.len() + more - 1, b'\n'),
    }
}

/// How many characters a string has in Go's JSON.
fn json_length(text: &[u8]) -> usize {
    let length = |character| match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    2 + utf8::chars(text).map(|(character, _)| length(character)).sum::<usize>()
}
