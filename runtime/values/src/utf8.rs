//! UTF-8 as Go reads it: what is not valid counts as one U+FFFD per byte.
#![expect(unsafe_code, reason = "texts of the parser are read by a cursor up to their NUL byte")]

use alloc::borrow::Cow;

/// The character that stands for an invalid byte.
pub const REPLACEMENT: char = '\u{fffd}';

/// How many bytes the character takes that begins at an address; 0 when it is not valid.
///
/// # Safety
/// A byte that continues no character, such as NUL, follows the text.
#[inline(never)]
pub(crate) unsafe fn sequence_len(at: *const u8) -> usize {
    // SAFETY: nothing is read behind a byte that continues no character.
    unsafe {
        let first = u32::from(at.read());
        // Less begins ASCII, follows, or would be overlong; more would lie beyond U+10FFFF.
        if !matches!(first, 0xc2..=0xf4) {
            return usize::from(first < 0x80);
        }
        let len = 2 + usize::from(first >= 0xe0) + usize::from(first >= 0xf0);
        let mut code = first & (0x7f >> len);
        for offset in 1..len {
            let next = u32::from(at.add(offset).read());
            if next >> 6 != 2 {
                return 0;
            }
            code = code << 6 | next & 0x3f;
        }
        // Overlong forms of three and four bytes, surrogates, and what lies beyond U+10FFFF.
        if code >> (5 * len - 4) == 0 || code >> 11 == 0x1b || code > 0x10_ffff { 0 } else { len }
    }
}

/// The first character of a text and how many bytes it takes. An invalid byte gives `None` and 1, the end `None` and 0.
#[must_use]
pub fn decode(bytes: &[u8]) -> (Option<char>, usize) {
    if let Some(first @ 0..0x80) = bytes.first() {
        return (Some(char::from(*first)), 1);
    }
    // One byte more than any character has ends the text.
    let mut head = [0; 5];
    head.iter_mut().zip(bytes.iter().take(4)).for_each(|(place, byte)| *place = *byte);
    // SAFETY: the last byte is NUL.
    let len = if bytes.is_empty() { 0 } else { unsafe { sequence_len(head.as_ptr()) } };
    let Some((&first, rest)) = bytes.get(..len).unwrap_or_default().split_first() else {
        return (None, usize::from(!bytes.is_empty()));
    };
    let lead = if len == 1 { u32::from(first) } else { u32::from(first) & (0x7f >> len) };
    (char::from_u32(rest.iter().fold(lead, |code, byte| code << 6 | u32::from(byte & 0x3f))), len)
}

/// The characters of a text with their bytes; an invalid byte is [`REPLACEMENT`] with that one byte.
pub fn chars(mut bytes: &[u8]) -> impl Iterator<Item = (char, &[u8])> {
    core::iter::from_fn(move || {
        let (character, len) = decode(bytes);
        let (head, tail) = bytes.split_at_checked(len).filter(|_| len > 0)?;
        bytes = tail;
        Some((character.unwrap_or(REPLACEMENT), head))
    })
}

/// A text with [`REPLACEMENT`] for each invalid byte, as Go's JSON has it.
#[must_use]
pub(crate) fn replace_invalid(text: &[u8]) -> Cow<'_, str> {
    core::str::from_utf8(text).map_or_else(|_| chars(text).map(|(character, _)| character).collect(), Cow::Borrowed)
}

/// The number of characters of a text, each invalid byte counting as one.
#[must_use]
pub fn count(bytes: &[u8]) -> usize {
    let mut at = 0;
    let mut count = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        at += decode(rest).1;
        count += 1;
    }
    count
}

/// The bytes of a character.
#[must_use]
pub fn encode(character: char) -> ([u8; 4], usize) {
    let mut bytes = [0; 4];
    let len = character.encode_utf8(&mut bytes).len();
    (bytes, len)
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    #[test]
    fn decodes_as_the_standard_library_where_that_is_valid() {
        for code in (0..0x11_0000).step_by(7).chain([0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x1_0000, 0x10_ffff]) {
            let Some(character) = char::from_u32(code) else { continue };
            let (bytes, len) = super::encode(character);
            assert_eq!(super::decode(&bytes[..len]), (Some(character), len));
        }
    }

    #[test]
    fn an_invalid_byte_counts_as_one_character() {
        for (text, count) in [
            (&b""[..], 0),
            (b"a\xc3\xa9", 2),
            (b"\xff\xfe", 2),
            (b"\xc0\x80", 2),
            (b"\xef\x8e", 2),
            (b"\xed\xa0\x80", 3),
            (b"\xf4\x90\x80\x80", 4),
            (b"\xe2\x82a", 3),
        ] {
            assert_eq!(super::count(text), count, "{text:?}");
            assert_eq!(super::chars(text).count(), count, "{text:?}");
            let bytes: Vec<u8> = super::chars(text).flat_map(|(_, bytes)| bytes.to_vec()).collect();
            assert_eq!(bytes, text);
        }
    }
}
