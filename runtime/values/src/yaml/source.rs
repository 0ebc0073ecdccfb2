//! What go-yaml's scanner reads otherwise than libyaml's, seen to before and behind libyaml: nothing here scans YAML.
//!
//! - In flow collections, `[a:]` and `{a:, b}` hold plain scalars with a colon, which libyaml refuses. So such a colon is another character
//!   while libyaml reads the text.
//! - In flow collections, `?` ends a plain scalar, and nothing may follow it there.
//! - `\/` is no escape.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::utf8;

/// A text as libyaml is given it.
pub(super) struct Source<'t> {
    /// The text.
    pub(super) text: Cow<'t, [u8]>,
    /// What stands for colons in it.
    colon: Option<[u8; 3]>,
    /// Where `\/` stands that was not met yet, the last one first: the characters and the lines before it.
    slashes: Vec<(u64, u64)>,
}

impl<'t> Source<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        let places = colons(text);
        let colon = if places.is_empty() { None } else { unused(text) };
        let slashes = slashes(text);
        let Some(replacement) = colon else { return Self { text: Cow::Borrowed(text), colon, slashes } };
        let mut replaced = Vec::with_capacity(text.len() + places.len() * 2);
        let mut from = 0;
        for place in places {
            replaced.extend_from_slice(text.get(from..place).unwrap_or_default());
            replaced.extend_from_slice(&replacement);
            from = place + 1;
        }
        replaced.extend_from_slice(text.get(from..).unwrap_or_default());
        Self { text: Cow::Owned(replaced), colon, slashes }
    }

    /// A scalar as it was written.
    pub(super) fn restored(&self, scalar: &[u8]) -> Vec<u8> {
        let Some(colon) = self.colon else { return scalar.into() };
        let mut restored = Vec::with_capacity(scalar.len());
        let mut rest = scalar;
        while let Some((first, tail)) = rest.split_first() {
            if let Some(tail) = rest.strip_prefix(&colon) {
                restored.push(b':');
                rest = tail;
            } else {
                restored.push(*first);
                rest = tail;
            }
        }
        restored
    }

    /// The line of the first `\/` between two places, which lie behind those of all calls before.
    pub(super) fn line_of_slash(&mut self, start: u64, end: u64) -> Option<u64> {
        while let Some((place, line)) = self.slashes.pop_if(|(place, _)| *place < end) {
            if place > start {
                return Some(line);
            }
        }
        None
    }
}

/// The places of colons that a plain scalar goes on behind in a flow collection, if it is in one. Elsewhere it does not matter that they are
/// replaced; where an anchor, an alias or a tag begins, it would.
fn colons(text: &[u8]) -> Vec<usize> {
    let mut places = Vec::new();
    let (mut is_plain, mut is_scalar) = (false, false);
    for (place, byte) in text.iter().enumerate() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']' | b'{' | b'}' | b'"' | b'\'' => is_plain = false,
            b':' if !is_plain => {}
            b':' => {
                if is_scalar && matches!(text.get(place + 1), Some(b',' | b'?' | b'[' | b']' | b'{' | b'}')) {
                    places.push(place);
                }
            }
            _ => {
                if !is_plain {
                    is_scalar = !matches!(byte, b'&' | b'*' | b'!');
                }
                is_plain = true;
            }
        }
    }
    places
}

/// A character for private use that the text does not have.
fn unused(text: &[u8]) -> Option<[u8; 3]> {
    let mut used = [0_u64; 64];
    for three in text.windows(3) {
        if let [0xee, second, third] = three
            && let Some(row) = used.get_mut(usize::from(second & 0x3f))
        {
            *row |= 1 << (third & 0x3f);
        }
    }
    let row = used.iter().position(|row| *row != u64::MAX)?;
    let column = used.get(row)?.trailing_ones();
    Some([0xee, 0x80 | row as u8, 0x80 | column as u8])
}

/// Where `\/` stands and the backslash is not itself escaped, the last one first: the characters and the lines before it.
fn slashes(text: &[u8]) -> Vec<(u64, u64)> {
    let mut places = Vec::new();
    if !text.windows(2).any(|pair| pair == b"\\/") {
        return places;
    }
    // libyaml does not count a byte order mark.
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let (mut is_escaped, mut line) = (false, 0);
    for (place, (character, _)) in utf8::chars(text).enumerate() {
        if character == '/' && is_escaped {
            places.push((place as u64, line));
        }
        line += u64::from(character == '\n');
        is_escaped = character == '\\' && !is_escaped;
    }
    places.reverse();
    places
}
