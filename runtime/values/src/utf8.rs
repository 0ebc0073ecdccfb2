//! UTF-8 as Go reads it: what is not valid counts as one U+FFFD per byte.

/// The character that stands for an invalid byte.
pub const REPLACEMENT: char = '\u{fffd}';

/// The first character of a text and how many bytes it takes. An invalid byte gives `None` and 1, the end `None` and 0.
#[must_use]
#[inline(never)]
pub fn decode(bytes: &[u8]) -> (Option<char>, usize) {
    let Some(&first) = bytes.first() else { return (None, 0) };
    let (len, low) = match first {
        0..=0x7f => return (Some(first as char), 1),
        0xc0..=0xdf => (2, 0x80),
        0xe0..=0xef => (3, 0x800),
        0xf0..=0xf7 => (4, 0x1_0000),
        _ => return (None, 1),
    };
    let mut code = u32::from(first) & (0x7f >> len);
    for at in 1..len {
        match bytes.get(at) {
            Some(&byte) if byte & 0xc0 == 0x80 => code = code << 6 | u32::from(byte & 0x3f),
            _ => return (None, 1),
        }
    }
    match char::from_u32(code) {
        Some(character) if code >= low => (Some(character), len),
        _ => (None, 1),
    }
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
