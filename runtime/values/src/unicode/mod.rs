//! Characters as Go has them: the simple case mappings, and what counts as printable, of Unicode 15.0 (Go 1.26's),
//! where the standard library has a newer Unicode. Knows nothing of values.

pub(crate) mod table;

use alloc::vec::Vec;

use crate::utf8;

/// The first character of some bytes and its width in bytes; none at the end. A byte that begins no character is U+FFFD of
/// width 1 (Go's `utf8.DecodeRune`).
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    let (c, width) = utf8::decode(bytes);
    (width > 0).then_some((c.unwrap_or(utf8::REPLACEMENT), width))
}

/// The characters of some bytes, each with its width; see [`decode`].
pub fn chars(bytes: &[u8]) -> impl Iterator<Item = (char, usize)> {
    utf8::chars(bytes).map(|(c, bytes)| (c, bytes.len()))
}

/// Some bytes with each character replaced by another; invalid bytes become U+FFFD.
pub fn map(bytes: &[u8], mut with: impl FnMut(char) -> char) -> Vec<u8> {
    let mut mapped = Vec::with_capacity(bytes.len());
    for (c, _) in chars(bytes) {
        mapped.extend_from_slice(with(c).encode_utf8(&mut [0; 4]).as_bytes());
    }
    mapped
}

/// The lower case of a character (Go's `unicode.ToLower`).
#[must_use]
pub fn to_lower(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    if c == '\u{130}' {
        return 'i';
    }
    simple(c, c.to_lowercase())
}

/// The upper case of a character (Go's `unicode.ToUpper`).
#[must_use]
pub fn to_upper(c: char) -> char {
    // Greek letters with iota subscript: their upper case in full is two letters, the simple one is the title-case letter.
    let title = match u32::from(c) {
        0x1f80..=0x1f87 | 0x1f90..=0x1f97 | 0x1fa0..=0x1fa7 => 8,
        0x1fb3 | 0x1fc3 | 0x1ff3 => 9,
        _ => 0,
    };
    if title != 0 {
        return char::from_u32(u32::from(c) + title).unwrap_or(c);
    }
    simple(c, c.to_uppercase())
}

/// A mapping to one character that Unicode 15 has too, else the character itself.
fn simple(c: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(other), None) if !is_newer(c) && !is_newer(other) => other,
        _ => c,
    }
}

/// Letters with case that came after Unicode 15.0.
fn is_newer(c: char) -> bool {
    matches!(
        u32::from(c),
        0x1c89..=0x1c8a | 0xa7cb..=0xa7cf | 0xa7d2..=0xa7d5 | 0xa7da..=0xa7dc | 0x10d50..=0x10d85 | 0x16ea0..=0x16ed3
    )
}

/// The inclusive ranges of a packed class of the table.
pub(crate) fn unpack(mut bytes: &[u8]) -> impl Iterator<Item = (u32, u32)> {
    let mut next = 0;
    core::iter::from_fn(move || {
        let low = next + number(&mut bytes)?;
        let high = low + number(&mut bytes)?;
        next = high + 1;
        Some((low, high))
    })
}

/// Takes a number in base 128 off the front.
fn number(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0;
    let mut shift = 0;
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}

/// Whether Go prints a character as it is in quoted text (`strconv.IsPrint`).
#[must_use]
pub fn is_print(c: char) -> bool {
    match c {
        ' '..='~' => true,
        '\0'..='\u{9f}' => false,
        _ => unpack(table::PRINTABLE).any(|(low, high)| (low..=high).contains(&u32::from(c))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_are_one_replacement_each() {
        let read: Vec<_> = chars(b"a\xc3\xa9\xef\x8e\xff").collect();
        assert_eq!(read, [('a', 1), ('é', 2), ('\u{fffd}', 1), ('\u{fffd}', 1), ('\u{fffd}', 1)]);
        assert_eq!(chars(b"\xed\xa0\x80").count(), 3, "a surrogate is three invalid bytes");
    }

    #[test]
    fn what_go_prints() {
        for (c, printed) in
            [('é', true), ('\u{a0}', false), ('\u{ad}', false), ('世', true), ('\u{2028}', false), ('\u{e000}', false)]
        {
            assert_eq!(is_print(c), printed, "{c:?}");
        }
    }

    #[test]
    fn case_mappings_are_simple_and_of_unicode_15() {
        assert_eq!(to_upper('ß'), 'ß');
        assert_eq!(to_upper('\u{1f80}'), '\u{1f88}');
        assert_eq!(to_upper('\u{1ff3}'), '\u{1ffc}');
        assert_eq!(to_lower('\u{130}'), 'i');
        assert_eq!(to_upper('\u{19b}'), '\u{19b}', "its upper case came with Unicode 16");
        assert_eq!(to_upper('ǆ'), 'Ǆ');
    }
}
