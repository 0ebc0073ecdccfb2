//! Distinguished names and the strings in them.

use alloc::format;
use alloc::vec::Vec;

use crate::Value;
use crate::keys::der::{Reader, SEQUENCE, SET};
use crate::keys::{Fault, oid};
use crate::utf8;

/// The tags of strings.
pub(super) const UTF8_STRING: u8 = 0x0c;
pub(super) const NUMERIC_STRING: u8 = 0x12;
pub(super) const PRINTABLE_STRING: u8 = 0x13;
pub(super) const T61_STRING: u8 = 0x14;
pub(super) const IA5_STRING: u8 = 0x16;
pub(super) const BMP_STRING: u8 = 0x1e;

/// The attributes of a name, one behind the other.
pub(super) type Name<'a> = Vec<Attribute<'a>>;

/// An attribute of a name.
pub(super) struct Attribute<'a> {
    /// The contents of its object identifier.
    pub(super) kind: &'a [u8],
    /// Its value.
    pub(super) value: AttributeValue,
}

/// What an attribute says.
pub(super) enum AttributeValue {
    /// A string, in UTF-8.
    Text(Vec<u8>),
    /// Something else, as JSON has it; only in requests.
    Other(Value),
}

/// The attributes of a name that is a whole element.
pub(super) fn read(der: &[u8]) -> Result<Name<'_>, Fault> {
    const INVALID: &str = "x509: invalid RDNSequence";
    let mut parts = Reader(der).sequence().ok_or(INVALID)?;
    let mut name = Vec::new();
    while !parts.is_empty() {
        let mut set = Reader(parts.expect(SET).ok_or(INVALID)?);
        while !set.is_empty() {
            name.push(attribute(Reader(set.expect(SEQUENCE).ok_or("x509: invalid RDNSequence: invalid attribute")?))?);
        }
    }
    Ok(name)
}

fn attribute(mut parts: Reader<'_>) -> Result<Attribute<'_>, Fault> {
    let kind = oid::read(&mut parts).ok_or("x509: invalid RDNSequence: invalid attribute type")?;
    let (tag, contents) = parts.element().ok_or("x509: invalid RDNSequence: invalid attribute value")?;
    let fault = |why: Fault| format!("x509: invalid RDNSequence: invalid attribute value: {why}");
    let text = match tag {
        UTF8_STRING | NUMERIC_STRING | PRINTABLE_STRING | T61_STRING | IA5_STRING | BMP_STRING => string(tag, contents),
        _ => return Err(fault(format!("unsupported string type: {tag}").into()).into()),
    };
    let text = text.ok_or_else(|| {
        fault(Fault::Borrowed(match tag {
            UTF8_STRING => "invalid UTF-8 string",
            NUMERIC_STRING => "invalid NumericString",
            PRINTABLE_STRING => "invalid PrintableString",
            IA5_STRING => "invalid IA5String",
            _ => "invalid BMPString",
        }))
    })?;
    Ok(Attribute { kind, value: AttributeValue::Text(text) })
}

/// The contents of a string of one of the tags above, in UTF-8.
pub(super) fn string(tag: u8, contents: &[u8]) -> Option<Vec<u8>> {
    let is_right = match tag {
        UTF8_STRING => core::str::from_utf8(contents).is_ok(),
        NUMERIC_STRING => contents.iter().all(|byte| byte.is_ascii_digit() || *byte == b' '),
        PRINTABLE_STRING => contents.iter().copied().all(is_printable),
        IA5_STRING => contents.is_ascii(),
        T61_STRING => return Some(encoded(contents.iter().map(|byte| char::from(*byte)))),
        _ => return basic_plane(contents),
    };
    is_right.then(|| contents.into())
}

/// Whether a `PrintableString` may have a byte. Two of them are there because certificates have them.
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&byte)
}

/// The characters of a `BMPString`, two bytes each. One of zeros at the end is dropped.
fn basic_plane(contents: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = contents.as_chunks();
    let pairs = pairs.strip_suffix(&[[0, 0]]).unwrap_or(pairs);
    let character = |pair: &[u8; 2]| {
        let code = u32::from(u16::from_be_bytes(*pair));
        // Not even the characters that never will be any.
        char::from_u32(code).filter(|_| !matches!(code, 0xfdd0..=0xfdef | 0xfffe | 0xffff))
    };
    let characters: Option<Vec<char>> = pairs.iter().map(character).collect();
    characters.filter(|_| rest.is_empty()).map(|characters| encoded(characters.into_iter()))
}

fn encoded(characters: impl Iterator<Item = char>) -> Vec<u8> {
    let mut text = Vec::new();
    for character in characters {
        let (bytes, length) = utf8::encode(character);
        text.extend(bytes.into_iter().take(length));
    }
    text
}
