//! Quoted texts and characters as Go writes them (`strconv.Quote` and its like).

use alloc::vec::Vec;

use super::push;
use crate::unicode;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The text in double quotes, as Go's `strconv.Quote`.
#[must_use]
pub fn quote(text: &[u8]) -> Vec<u8> {
    quoted(text, '"', false)
}

/// Writes a text in double quotes, as [`quote`] gives it.
pub(crate) fn append_quoted(out: &mut Vec<u8>, text: &[u8]) {
    append(out, text, '"', false);
}

/// The text in quotes; with `ascii`, everything else is escaped.
pub(super) fn quoted(text: &[u8], mark: char, ascii: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    append(&mut out, text, mark, ascii);
    out
}

fn append(out: &mut Vec<u8>, text: &[u8], mark: char, ascii: bool) {
    push(out, mark);
    let mut at = 0;
    for (c, width) in unicode::chars(text) {
        match text.get(at) {
            Some(byte) if c == char::REPLACEMENT_CHARACTER && width == 1 => hex_byte(out, *byte),
            _ => escaped(out, c, mark, ascii),
        }
        at += width;
    }
    push(out, mark);
}

/// Writes a character in single quotes.
pub(super) fn append_char(out: &mut Vec<u8>, c: char, ascii: bool) {
    out.push(b'\'');
    escaped(out, c, '\'', ascii);
    out.push(b'\'');
}

/// A character in single quotes.
pub(super) fn quoted_char(c: char, ascii: bool) -> Vec<u8> {
    let mut out = Vec::new();
    append_char(&mut out, c, ascii);
    out
}

/// Whether a text can stand between backquotes as it is.
pub(super) fn can_backquote(text: &[u8]) -> bool {
    unicode::chars(text).all(|(c, width)| match c {
        char::REPLACEMENT_CHARACTER => width > 1,
        '\t' => true,
        '`' | '\u{7f}' | '\u{feff}' => false,
        c => c >= ' ',
    })
}

fn escaped(out: &mut Vec<u8>, c: char, mark: char, ascii: bool) {
    if c == mark || c == '\\' {
        out.push(b'\\');
        push(out, c);
        return;
    }
    if (c.is_ascii() || !ascii) && unicode::is_print(c) {
        push(out, c);
        return;
    }
    let short = match c {
        '\u{07}' => b'a',
        '\u{08}' => b'b',
        '\u{0c}' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\u{0b}' => b'v',
        _ => return escaped_by_number(out, c),
    };
    out.extend_from_slice(&[b'\\', short]);
}

fn escaped_by_number(out: &mut Vec<u8>, c: char) {
    let code = u32::from(c);
    let (letter, digits) = match code {
        0..0x20 | 0x7f => return hex_byte(out, code as u8),
        0..0x1_0000 => (b'u', 4),
        _ => (b'U', 8),
    };
    out.extend_from_slice(&[b'\\', letter]);
    for digit in (0..digits).rev() {
        out.push(DIGITS[(code >> (digit * 4) & 0xf) as usize]);
    }
}

fn hex_byte(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(&[b'\\', b'x', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 0xf)]]);
}
