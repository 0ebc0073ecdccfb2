//! Reading DER as Go's `encoding/asn1` does, with its messages: other tags and lengths than [`crate::keys::der`] takes, elements of which
//! each is told what it must be, and values of any type.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::name::{self, AttributeValue};
use super::time::{GENERALIZED_TIME, Time, UTC_TIME};
use super::{Fault, marshal, oid};
use crate::Value;
use crate::keys::der::{self, BIT_STRING, BOOLEAN, Bits, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING};
use crate::keys::public::Algorithm;

/// The numbers of tags.
const SEQUENCE: u32 = 16;
const SET: u32 = 17;

/// The class of tags that mean the same everywhere, and of those that a structure gives a meaning.
const UNIVERSAL: u8 = 0;
const CONTEXT: u8 = 2;

/// Elements that follow one another.
#[derive(Clone, Copy)]
pub(super) struct Asn1<'a> {
    bytes: &'a [u8],
    offset: usize,
}

/// What an element must be, its type aside.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// Go's name of its type, for messages.
    type_name: &'static str,
    /// Its tag, where that is not its type's.
    tag: Option<u32>,
    /// Whether the tag is that of an element around it.
    is_explicit: bool,
    is_set: bool,
    is_optional: bool,
}

impl Field {
    /// A field of a type.
    pub(super) const fn new(type_name: &'static str) -> Self {
        Self { type_name, tag: None, is_explicit: false, is_set: false, is_optional: false }
    }

    /// A field with a tag around it.
    pub(super) const fn explicit(tag: u32) -> Self {
        Self { tag: Some(tag), is_explicit: true, ..Self::new("") }
    }

    /// A list with a tag of its own.
    pub(super) const fn tagged(tag: u32) -> Self {
        Self { tag: Some(tag), ..Self::new("") }
    }

    /// A set.
    pub(super) const SET: Self = Self { is_set: true, ..Self::new("") };

    const fn optional(self) -> Self {
        Self { is_optional: true, ..self }
    }
}

/// A tag and a length.
#[derive(Clone, Copy)]
struct Header {
    class: u8,
    tag: u32,
    length: usize,
    is_compound: bool,
}

/// An element.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    header: Header,
    /// With its tag and length.
    pub(super) whole: &'a [u8],
    /// What is in it.
    pub(super) contents: &'a [u8],
}

impl<'a> Element<'a> {
    /// The elements in it.
    pub(super) const fn parts(self) -> Asn1<'a> {
        Asn1::new(self.contents)
    }
}

/// A fault of the bytes.
fn syntax(why: &str) -> Fault {
    format!("asn1: syntax error: {why}").into()
}

/// A fault of what the bytes say.
fn structure(why: &str) -> Fault {
    format!("asn1: structure error: {why}").into()
}

impl<'a> Asn1<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    /// Whether nothing is left.
    pub(super) const fn is_empty(self) -> bool {
        self.offset >= self.bytes.len()
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.offset).copied()?;
        self.offset += 1;
        Some(byte)
    }

    fn header(&mut self) -> Result<Header, Fault> {
        const TRUNCATED: &str = "truncated tag or length";
        let first = self.byte().ok_or_else(|| syntax(TRUNCATED))?;
        let mut tag = u32::from(first & 0x1f);
        if tag == 0x1f {
            tag = self.long_tag()?;
        }
        let header = Header { class: first >> 6, tag, length: 0, is_compound: first & 0x20 != 0 };
        let byte = self.byte().ok_or_else(|| syntax(TRUNCATED))?;
        if byte < 0x80 {
            return Ok(Header { length: usize::from(byte), ..header });
        }
        if byte == 0x80 {
            return Err(syntax("indefinite length found (not DER)"));
        }
        let mut length = 0_usize;
        for _ in 0..byte & 0x7f {
            let byte = self.byte().ok_or_else(|| syntax(TRUNCATED))?;
            if length >= 1 << 23 {
                return Err(structure("length too large"));
            }
            length = length << 8 | usize::from(byte);
            if length == 0 {
                return Err(structure("superfluous leading zeros in length"));
            }
        }
        if length < 0x80 { Err(structure("non-minimal length")) } else { Ok(Header { length, ..header }) }
    }

    /// A tag of more than one byte.
    fn long_tag(&mut self) -> Result<u32, Fault> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        let length = rest.iter().position(|byte| byte & 0x80 == 0).map_or(rest.len(), |last| last + 1);
        let number = rest.get(..length).unwrap_or_default();
        check_number(number)?;
        self.offset += length;
        let tag = number.iter().fold(0, |tag, byte| tag << 7 | u32::from(byte & 0x7f));
        if tag < 0x1f { Err(syntax("non-minimal tag")) } else { Ok(tag) }
    }

    /// The contents that a header announces.
    fn contents(&mut self, header: Header, why: &str) -> Result<&'a [u8], Fault> {
        let end = self.offset.checked_add(header.length);
        let contents = end.and_then(|end| self.bytes.get(self.offset..end)).ok_or_else(|| syntax(why))?;
        self.offset += header.length;
        Ok(contents)
    }

    /// The next element, whose type has a tag (any if it has none) and is compound or not. None if it is optional and not there.
    fn field(&mut self, field: Field, kind: Option<(u32, bool)>) -> Result<Option<Element<'a>>, Fault> {
        let start = self.offset;
        if self.is_empty() {
            return if field.is_optional { Ok(None) } else { Err(syntax("sequence truncated")) };
        }
        let mut header = self.header()?;
        if field.is_explicit {
            if self.is_empty() {
                return Err(structure("explicit tag has no child"));
            }
            let is_around = header.class == CONTEXT && Some(header.tag) == field.tag;
            if !is_around || (header.length > 0 && !header.is_compound) {
                self.offset = start;
                let fault = || structure("explicitly tagged member didn't match");
                return if field.is_optional { Ok(None) } else { Err(fault()) };
            }
            if header.length == 0 {
                return Err(structure("zero length explicit tag was not an asn1.Flag"));
            }
            header = self.header()?;
        }
        let expected = match (field.tag, kind) {
            (Some(tag), _) if !field.is_explicit => Some((CONTEXT, tag)),
            (_, Some((tag, _))) => Some((UNIVERSAL, if field.is_set { SET } else { tag })),
            (_, None) => None,
        };
        let is_expected = expected.is_none_or(|expected| expected == (header.class, header.tag));
        if !is_expected || kind.is_some_and(|(_, is_compound)| is_compound != header.is_compound) {
            if field.is_optional {
                self.offset = start;
                return Ok(None);
            }
            return Err(mismatch(field, expected.map_or(0, |(_, tag)| tag), header, self.offset));
        }
        let contents = self.contents(header, "data truncated")?;
        let whole = self.bytes.get(start..self.offset).unwrap_or_default();
        Ok(Some(Element { header, whole, contents }))
    }

    fn required(&mut self, field: Field, kind: Option<(u32, bool)>) -> Result<Element<'a>, Fault> {
        self.field(field, kind)?.ok_or_else(|| syntax("sequence truncated"))
    }

    /// The elements of the next one, a structure.
    pub(super) fn structure(&mut self, field: Field) -> Result<Self, Fault> {
        self.element(field).map(Element::parts)
    }

    /// The next element, a structure.
    pub(super) fn element(&mut self, field: Field) -> Result<Element<'a>, Fault> {
        self.required(field, Some((SEQUENCE, true)))
    }

    /// The next element, of any type.
    pub(super) fn raw(&mut self) -> Result<Element<'a>, Fault> {
        self.required(Field::new("RawValue"), None)
    }

    /// The elements of the next one, a list; each a list or structure with the tag of a sequence or, where wanted, of a set, or anything.
    pub(super) fn list(&mut self, field: Field, elements: Elements) -> Result<Vec<Element<'a>>, Fault> {
        let mut list = self.structure(field)?;
        let mut found = Vec::new();
        while !list.is_empty() {
            let start = list.offset;
            let header = list.header()?;
            let is_right = match elements {
                Elements::Any => true,
                Elements::Sequences => (header.class, header.tag, header.is_compound) == (UNIVERSAL, SEQUENCE, true),
                Elements::Sets => (header.class, header.tag, header.is_compound) == (UNIVERSAL, SET, true),
            };
            if !is_right {
                return Err(structure("sequence tag mismatch"));
            }
            let contents = list.contents(header, "truncated sequence")?;
            let whole = list.bytes.get(start..list.offset).unwrap_or_default();
            found.push(Element { header, whole, contents });
        }
        Ok(found)
    }

    /// The next element, an object identifier: its contents.
    pub(super) fn identifier(&mut self) -> Result<&'a [u8], Fault> {
        let kind = (u32::from(OBJECT_IDENTIFIER), false);
        let contents = self.required(Field::new("ObjectIdentifier"), Some(kind))?.contents;
        check_identifier(contents)?;
        Ok(contents)
    }

    /// The next element, an algorithm.
    pub(super) fn algorithm(&mut self, field: Field) -> Result<Algorithm<'a>, Fault> {
        let mut parts = self.structure(Field { type_name: "AlgorithmIdentifier", ..field })?;
        let name = parts.identifier()?;
        let parameters = parts.field(Field::new("RawValue").optional(), None)?;
        Ok(Algorithm { name, parameters: parameters.map_or(b"", |parameters| parameters.whole) })
    }

    /// The next element, bits.
    pub(super) fn bits(&mut self) -> Result<Bits<'a>, Fault> {
        let kind = (u32::from(BIT_STRING), false);
        bits(self.required(Field::new("BitString"), Some(kind))?.contents)
    }

    /// The next element, bytes.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let kind = (u32::from(OCTET_STRING), false);
        Ok(self.required(Field::new(""), Some(kind))?.contents)
    }

    /// The next element, an integer of 64 bits.
    pub(super) fn integer(&mut self, field: Field) -> Result<i64, Fault> {
        let field = Field { type_name: "int", ..field };
        integer(self.required(field, Some((u32::from(INTEGER), false)))?.contents)
    }

    /// The next element, an integer of 64 bits, or a number if it is another element.
    pub(super) fn optional_integer(&mut self, field: Field, default: i64) -> Result<i64, Fault> {
        let found = self.field(field.optional(), Some((u32::from(INTEGER), false)))?;
        found.map_or(Ok(default), |element| integer(element.contents))
    }

    /// The next element, a truth value, false if it is another element.
    pub(super) fn optional_boolean(&mut self) -> Result<bool, Fault> {
        let found = self.field(Field::new("bool").optional(), Some((u32::from(BOOLEAN), false)))?;
        found.map_or(Ok(false), |element| boolean(element.contents))
    }

    /// The next element, whatever it is, as Go decodes it where it is not told a type.
    pub(super) fn any(&mut self) -> Result<AttributeValue, Fault> {
        let Element { header, contents, .. } = self.raw()?;
        let tag = u8::try_from(header.tag).unwrap_or(0);
        if header.is_compound || header.class != UNIVERSAL {
            return Ok(AttributeValue::Other(Value::NULL));
        }
        Ok(AttributeValue::Other(match tag {
            BOOLEAN => Value::boolean(boolean(contents)?),
            INTEGER => Value::integer(integer(contents)?),
            BIT_STRING => {
                let bits = bits(contents)?;
                marshal::object([("Bytes", marshal::bytes(bits.bytes)), ("BitLength", Value::count(bits.len()))])
            }
            OCTET_STRING => marshal::bytes(contents),
            OBJECT_IDENTIFIER => {
                check_identifier(contents)?;
                marshal::identifier(contents)
            }
            UTC_TIME => time(Time::of_short(contents), b"060102150405Z0700", contents)?,
            GENERALIZED_TIME => time(Time::of_long(contents, true), b"20060102150405.999999999Z0700", contents)?,
            name::UTF8_STRING | name::NUMERIC_STRING | name::PRINTABLE_STRING => return string(tag, contents),
            name::T61_STRING | name::IA5_STRING | name::BMP_STRING => return string(tag, contents),
            _ => Value::NULL,
        }))
    }
}

/// What the elements of a list must be.
#[derive(Clone, Copy)]
pub(super) enum Elements {
    Any,
    Sequences,
    Sets,
}

fn mismatch(field: Field, expected: u32, found: Header, offset: usize) -> Fault {
    let Header { class, tag, length, is_compound } = found;
    // Go prints where the tag lies in memory.
    let own_tag = field.tag.map_or_else(|| String::from("<nil>"), |tag| format!("{tag}"));
    structure(&format!(
        "tags don't match ({expected} vs {{class:{class} tag:{tag} length:{length} isCompound:{is_compound}}}) \
         {{optional:{} explicit:{} application:false private:false defaultValue:<nil> tag:{own_tag} stringType:0 \
         timeType:0 set:{} omitEmpty:false}} {} @{offset}",
        field.is_optional, field.is_explicit, field.is_set, field.type_name
    ))
}

fn boolean(contents: &[u8]) -> Result<bool, Fault> {
    match contents {
        [0] => Ok(false),
        [0xff] => Ok(true),
        _ => Err(syntax("invalid boolean")),
    }
}

fn integer(contents: &[u8]) -> Result<i64, Fault> {
    if contents.is_empty() {
        return Err(structure("empty integer"));
    }
    if !der::is_integer(contents) {
        return Err(structure("integer not minimally-encoded"));
    }
    der::to_i64(contents).ok_or_else(|| structure("integer too large"))
}

fn bits(contents: &[u8]) -> Result<Bits<'_>, Fault> {
    let why = if contents.is_empty() { "zero length BIT STRING" } else { "invalid padding bits in BIT STRING" };
    Bits::new(contents).ok_or_else(|| syntax(why))
}

fn check_identifier(contents: &[u8]) -> Result<(), Fault> {
    if contents.is_empty() {
        return Err(syntax("zero length OBJECT IDENTIFIER"));
    }
    if oid::is_small(contents) {
        return Ok(());
    }
    contents.split_inclusive(|byte| byte & 0x80 == 0).try_for_each(check_number)
}

/// Checks a number of seven bits a byte, of which only the last has its highest bit clear.
fn check_number(bytes: &[u8]) -> Result<(), Fault> {
    match bytes {
        [0x80, ..] => Err(syntax("integer is not minimally encoded")),
        [_, _, _, _, _, _, ..] | [0x88..=0xff, _, _, _, 0..=0x7f] => Err(structure("base 128 integer too large")),
        [.., 0..=0x7f] => Ok(()),
        [_, _, _, _, _] => Err(structure("base 128 integer too large")),
        _ => Err(syntax("truncated base 128 integer")),
    }
}

fn string(tag: u8, contents: &[u8]) -> Result<AttributeValue, Fault> {
    let text = name::string(tag, contents).ok_or_else(|| match tag {
        name::UTF8_STRING => Fault::Borrowed("asn1: invalid UTF-8 string"),
        name::NUMERIC_STRING => syntax("NumericString contains invalid character"),
        name::PRINTABLE_STRING => syntax("PrintableString contains invalid character"),
        name::IA5_STRING => syntax("IA5String contains invalid character"),
        _ => Fault::Borrowed("invalid BMPString"),
    })?;
    Ok(AttributeValue::Text(text))
}

/// A time as JSON has it.
fn time(time: Option<Time>, layout: &[u8], text: &[u8]) -> Result<Value, Fault> {
    match time {
        Some(time) => Ok(Value::string(&time.text().ok_or(marshal::ZONE)?)),
        None => Err(match crate::time::parse(layout, text) {
            Err(why) => String::from_utf8_lossy(&why).into_owned().into(),
            Ok(_) => Fault::Borrowed("asn1: time did not serialize back to the original value and may be invalid"),
        }),
    }
}
