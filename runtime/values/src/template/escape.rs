//! Texts as HTML and JavaScript take them (the functions `html` and `js`).

use alloc::vec::Vec;

use crate::format::{Argument, sprintf};
use crate::unicode;

/// A text inside of HTML.
pub(super) fn html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        let escaped: &[u8] = match byte {
            0 => "\u{fffd}".as_bytes(),
            b'"' => b"&#34;",
            b'\'' => b"&#39;",
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            _ => core::slice::from_ref(byte),
        };
        out.extend_from_slice(escaped);
    }
    out
}

/// A text inside of a string of JavaScript.
pub(super) fn js(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    for (c, width) in unicode::chars(text) {
        match c {
            '\\' | '\'' | '"' => out.extend_from_slice(&[b'\\', c as u8]),
            '<' | '>' | '&' | '=' | '\0'..' ' => out.extend_from_slice(&by_number(c)),
            _ if c.is_ascii() || unicode::is_print(c) => {
                out.extend_from_slice(text.get(at..at + width).unwrap_or_default());
            }
            _ => out.extend_from_slice(&by_number(c)),
        }
        at += width;
    }
    out
}

fn by_number(c: char) -> Vec<u8> {
    sprintf(b"\\u%04X", &[Argument::Integer(i64::from(u32::from(c)))])
}
