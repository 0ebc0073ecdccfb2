//! Reading DER as Go's `encoding/asn1` does, with its messages: other tags and lengths than [`super::der`] takes, and elements of which each
//! is told what it must be.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::der::{self, BIT_STRING, BOOLEAN, Bits, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING};
use super::public::Algorithm;
use super::{Fault, oid};

/// The numbers of tags.
const SEQUENCE: u32 = 16;
const SET: u32 = 17;

/// The class of tags that mean the same everywhere, and of those that a structure gives a meaning.
const UNIVERSAL: u8 = 0;
const CONTEXT: u8 = 2;

/// Elements that follow one another.
#[derive(Clone, Copy)]
pub(crate) struct Asn1<'a> {
    bytes: &'a [u8],
    offset: usize,
}

/// What an element must be, its type aside.
#[derive(Clone, Copy)]
pub(crate) struct Field {
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
    pub(crate) const fn new(type_name: &'static str) -> Self {
        Self { type_name, tag: None, is_explicit: false, is_set: false, is_optional: false }
    }

    /// A field with a tag around it.
    pub(crate) const fn explicit(tag: u32) -> Self {
        Self { tag: Some(tag), is_explicit: true, ..Self::new("") }
    }

    /// A list with a tag of its own.
    pub(crate) const fn tagged(tag: u32) -> Self {
        Self { tag: Some(tag), ..Self::new("") }
    }

    /// A set.
    pub(crate) const SET: Self = Self { is_set: true, ..Self::new("") };

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
pub(crate) struct Element<'a> {
    header: Header,
    /// With its tag and length, and those around it.
    pub(crate) whole: &'a [u8],
    /// What is in it.
    pub(crate) contents: &'a [u8],
}

impl<'a> Element<'a> {
    /// The number of its tag, if that means the same everywhere and the element holds no others.
    pub(crate) fn simple_tag(self) -> Option<u8> {
        let Header { class, tag, is_compound, .. } = self.header;
        u8::try_from(tag).ok().filter(|_| class == UNIVERSAL && !is_compound)
    }

    /// The elements in it.
    pub(crate) const fn parts(self) -> Asn1<'a> {
        Asn1::new(self.contents)
    }
}

/// A fault of the bytes.
pub(crate) fn syntax(why: &str) -> Fault {
    format!("asn1: syntax error: {why}").into()
}

/// A fault of what the bytes say.
fn structure(why: &str) -> Fault {
    format!("asn1: structure error: {why}").into()
}

impl<'a> Asn1<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    /// Whether nothing is left.
    pub(crate) const fn is_empty(self) -> bool {
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
    pub(crate) fn structure(&mut self, field: Field) -> Result<Self, Fault> {
        self.element(field).map(Element::parts)
    }

    /// The next element, a structure.
    pub(crate) fn element(&mut self, field: Field) -> Result<Element<'a>, Fault> {
        self.required(field, Some((SEQUENCE, true)))
    }

    /// The next element, of any type.
    pub(crate) fn raw(&mut self) -> Result<Element<'a>, Fault> {
        self.required(Field::new("RawValue"), None)
    }

    /// The elements of the next one, a list; each a list or structure with the tag of a sequence or, where wanted, of a set, or anything.
    pub(crate) fn list(&mut self, field: Field, elements: Elements) -> Result<Vec<Element<'a>>, Fault> {
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
    pub(crate) fn identifier(&mut self) -> Result<&'a [u8], Fault> {
        let kind = (u32::from(OBJECT_IDENTIFIER), false);
        let contents = self.required(Field::new("ObjectIdentifier"), Some(kind))?.contents;
        check_identifier(contents)?;
        Ok(contents)
    }

    /// The next element, an algorithm.
    pub(crate) fn algorithm(&mut self, field: Field) -> Result<Algorithm<'a>, Fault> {
        let mut parts = self.structure(Field { type_name: "AlgorithmIdentifier", ..field })?;
        let name = parts.identifier()?;
        let parameters = parts.field(Field::new("RawValue").optional(), None)?;
        Ok(Algorithm { name, parameters: parameters.map_or(b"", |parameters| parameters.whole) })
    }

    /// The next element, bits.
    pub(crate) fn bits(&mut self) -> Result<Bits<'a>, Fault> {
        let kind = (u32::from(BIT_STRING), false);
        bits(self.required(Field::new("BitString"), Some(kind))?.contents)
    }

    /// The next element, bytes.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let kind = (u32::from(OCTET_STRING), false);
        Ok(self.required(Field::new(""), Some(kind))?.contents)
    }

    /// The next element, an integer of 64 bits.
    pub(crate) fn integer(&mut self, field: Field) -> Result<i64, Fault> {
        let field = Field { type_name: "int", ..field };
        integer(self.required(field, Some((u32::from(INTEGER), false)))?.contents)
    }

    /// The contents of the next element, an integer of any size.
    pub(crate) fn long_integer(&mut self) -> Result<&'a [u8], Fault> {
        let contents = self.required(Field::new(""), Some((u32::from(INTEGER), false)))?.contents;
        check_integer(contents).map(|()| contents)
    }

    /// The contents of the next element if it is an integer.
    pub(crate) fn optional_long_integer(&mut self) -> Result<Option<&'a [u8]>, Fault> {
        let found = self.field(Field::new("").optional(), Some((u32::from(INTEGER), false)))?;
        found.map(|element| check_integer(element.contents).map(|()| element.contents)).transpose()
    }

    /// The next element if it is a list.
    pub(crate) fn optional_list(&mut self) -> Result<Option<Element<'a>>, Fault> {
        self.field(Field::new("").optional(), Some((SEQUENCE, true)))
    }

    /// The contents of the next element if it is an object identifier with a tag around it.
    pub(crate) fn optional_identifier(&mut self, tag: u32) -> Result<Option<&'a [u8]>, Fault> {
        let found = self.field(Field::explicit(tag).optional(), Some((u32::from(OBJECT_IDENTIFIER), false)))?;
        found.map(|element| check_identifier(element.contents).map(|()| element.contents)).transpose()
    }

    /// The next element if it is bits with a tag around it.
    pub(crate) fn optional_bits(&mut self, tag: u32) -> Result<Option<Bits<'a>>, Fault> {
        let found = self.field(Field::explicit(tag).optional(), Some((u32::from(BIT_STRING), false)))?;
        found.map(|element| bits(element.contents)).transpose()
    }

    /// The next element, an integer of 64 bits, or a number if it is another element.
    pub(crate) fn optional_integer(&mut self, field: Field, default: i64) -> Result<i64, Fault> {
        let found = self.field(field.optional(), Some((u32::from(INTEGER), false)))?;
        found.map_or(Ok(default), |element| integer(element.contents))
    }

    /// The next element, a truth value, false if it is another element.
    pub(crate) fn optional_boolean(&mut self) -> Result<bool, Fault> {
        let found = self.field(Field::new("bool").optional(), Some((u32::from(BOOLEAN), false)))?;
        found.map_or(Ok(false), |element| boolean(element.contents))
    }
}

/// What the elements of a list must be.
#[derive(Clone, Copy)]
pub(crate) enum Elements {
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

/// The truth value of an element's contents.
pub(crate) fn boolean(contents: &[u8]) -> Result<bool, Fault> {
    match contents {
        [0] => Ok(false),
        [0xff] => Ok(true),
        _ => Err(syntax("invalid boolean")),
    }
}

/// The integer of 64 bits of an element's contents.
pub(crate) fn integer(contents: &[u8]) -> Result<i64, Fault> {
    check_integer(contents)?;
    der::to_i64(contents).ok_or_else(|| structure("integer too large"))
}

fn check_integer(contents: &[u8]) -> Result<(), Fault> {
    match contents {
        [] => Err(structure("empty integer")),
        _ if der::is_integer(contents) => Ok(()),
        _ => Err(structure("integer not minimally-encoded")),
    }
}

/// The bits of an element's contents.
pub(crate) fn bits(contents: &[u8]) -> Result<Bits<'_>, Fault> {
    let why = if contents.is_empty() { "zero length BIT STRING" } else { "invalid padding bits in BIT STRING" };
    Bits::new(contents).ok_or_else(|| syntax(why))
}

/// Checks an element's contents, an object identifier of components of 31 bits.
pub(crate) fn check_identifier(contents: &[u8]) -> Result<(), Fault> {
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
