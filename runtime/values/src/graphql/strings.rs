//! What stands in strings of GraphQL: escape sequences, and the indentation of block strings.

use alloc::vec::Vec;

use crate::utf8;

/// Appends a character.
pub(super) fn push(text: &mut Vec<u8>, character: char) {
    let (bytes, len) = utf8::encode(character);
    text.extend_from_slice(bytes.get(..len).unwrap_or_default());
}

/// A control character as messages show it: `\u0001`.
pub(super) fn escape(byte: u8) -> [u8; 6] {
    let digit = |value: u8| if value < 10 { b'0' + value } else { b'a' + (value - 10) };
    [b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]
}

/// The character of an escape sequence behind its backslash, and how many bytes it takes; or what of it messages show.
pub(super) fn escaped(rest: &[u8]) -> Result<(char, usize), Option<Vec<u8>>> {
    let Some(first) = rest.first() else { return Err(None) };
    let character = match first {
        b'"' | b'/' | b'\\' => char::from(*first),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            // A sequence that ends the input is refused whatever its digits.
            let (Some(digits), true) = (rest.get(1..5), rest.len() > 5) else { return Err(Some(rest.to_vec())) };
            let digits = digits.iter().map(|digit| char::from(*digit).to_digit(16));
            let code = digits.reduce(|code, digit| Some(code? * 16 + digit?)).flatten();
            let Some(code) = code else { return Err(Some(rest.get(..5).unwrap_or_default().to_vec())) };
            return Ok((char::from_u32(code).unwrap_or(utf8::REPLACEMENT), 5));
        }
        other => {
            let mut shown = Vec::new();
            push(&mut shown, char::from(*other));
            return Err(Some(shown));
        }
    };
    Ok((character, 1))
}

/// The value of a block string: common indentation and empty lines at both ends go (GraphQL's `BlockStringValue`).
pub(super) fn block_value(raw: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = raw.split(|byte| *byte == b'\n').collect();
    let indentation = |line: &&[u8]| line.iter().position(|byte| !matches!(byte, b' ' | b'\t'));
    if let Some(common) = lines.iter().filter_map(indentation).min() {
        for line in lines.iter_mut().skip(1) {
            *line = line.get(common..).unwrap_or_default();
        }
    }
    let start = lines.iter().position(|line| indentation(line).is_some()).unwrap_or(lines.len());
    let end = lines.iter().rposition(|line| indentation(line).is_some()).map_or(start, |last| last + 1);
    lines.get(start..end).unwrap_or_default().join(&b'\n')
}
