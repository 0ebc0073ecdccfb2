//! Values of Rust as a module keeps them, without a text in between. What they become is what their JSON text would be read as; what has no
//! place here (raw JSON, keys that are no strings or numbers, what nests too deeply) is left to that text, and so are its errors.

use std::fmt;

use regoc_abi::layout::{self, Tag};
use regoc_abi::{runtime, strings};
use serde::ser::{self, Serialize};

use crate::address::HeapPointer;
use crate::blocks::{Blocks, WORD};

/// The value is one for its JSON text.
#[derive(Debug)]
pub(crate) struct Unfit;

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value is one for its JSON text")
    }
}

impl std::error::Error for Unfit {}

impl ser::Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// As what `serde_json` serializes a number whose text it keeps: a structure of that name, with the text as its only field.
const NUMBER: &str = "$serde_json::private::Number";
/// As what it serializes a text that is JSON already.
const RAW: &str = "$serde_json::private::RawValue";

/// Objects with so many keys are searched by halves, as those that a module reads.
const KNOWN_KEYS: usize = 32;

/// How many digits an exponent may have; OPA's limits are near.
const EXPONENT: usize = 5;

/// What is known of the memory that a value is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room<'m> {
    /// What lies below `base`: the module's constants.
    pub(crate) memory: &'m [u8],
    /// Where the value is written to.
    pub(crate) base: HeapPointer,
    /// The address of the table of constant strings, if the module has one.
    pub(crate) strings: Option<u32>,
}

/// Writes a value for a room. Gives its word and the bytes from the base on.
pub(crate) fn write<T: Serialize + ?Sized>(room: Room<'_>, value: &T) -> Result<(u32, Vec<u8>), Unfit> {
    let mut writer = Writer { room, blocks: Blocks::new(room.base.0, Vec::new()), items: Vec::new(), depth: 0 };
    let word = value.serialize(&mut writer)?;
    Ok((word, writer.blocks.bytes))
}

impl Room<'_> {
    fn word_at(&self, address: u32) -> Option<u32> {
        self.memory.get(address as usize..)?.first_chunk().copied().map(u32::from_le_bytes)
    }

    /// The constant that has a text, `Some(None)` if no constant has it, or nothing where that is not known.
    fn constant(&self, text: &[u8]) -> Option<Option<u32>> {
        let table = self.strings.filter(|_| strings::is_searched(text))?;
        // A module may say anything of its table: what leads out of memory is not known.
        let field = |at: u32| self.word_at(table.checked_add(at)?);
        if text.len() > field(runtime::STRINGS_LONGEST)? as usize {
            return Some(None);
        }
        let mask = field(runtime::STRINGS_MASK)?;
        let first = strings::hash(field(runtime::STRINGS_SEED)?, text);
        for slot in first..=first.saturating_add(mask) {
            let offset = (slot & mask).checked_mul(WORD as u32)?.checked_add(runtime::STRINGS_SLOTS)?;
            let candidate = field(offset)?;
            if candidate == layout::UNDEFINED {
                return Some(None);
            }
            if self.text_of(candidate)? == text {
                return Some(Some(candidate));
            }
        }
        None
    }

    /// The text of a constant.
    fn text_of(&self, word: u32) -> Option<&[u8]> {
        let len = self.word_at(word.checked_add(layout::TEXT_LEN)?)? as usize;
        let start = word.checked_add(layout::TEXT_BYTES)? as usize;
        self.memory.get(start..start.checked_add(len)?)
    }
}

struct Writer<'m> {
    room: Room<'m>,
    blocks: Blocks,
    /// The words of collections that are open.
    items: Vec<u32>,
    depth: u32,
}

impl<'m> Writer<'m> {
    fn string(&mut self, text: &str) -> u32 {
        match self.room.constant(text.as_bytes()) {
            Some(Some(constant)) => constant,
            Some(None) => self.blocks.text(Tag::String as u32 | layout::FLAG_RESOLVED, text.as_bytes()),
            None => self.blocks.text(Tag::String as u32, text.as_bytes()),
        }
    }

    /// A number of its text.
    fn number(&mut self, text: &str) -> Result<u32, Unfit> {
        // As integers are kept that have no other text.
        let is_canonical = match text.as_bytes() {
            [b'0'] => true,
            [b'-', digits @ ..] | digits => digits.first().is_some_and(|first| (b'1'..=b'9').contains(first)),
        };
        if is_canonical && let Ok(value) = text.parse() {
            return Ok(self.blocks.integer(value));
        }
        match text.split_once(['e', 'E']) {
            Some((_, exponent)) if exponent.len() > EXPONENT => Err(Unfit),
            _ => Ok(self.blocks.text(Tag::Number as u32, text.as_bytes())),
        }
    }

    /// A number as JSON has it; what is none there is null.
    fn float(&mut self, text: serde_json::Result<String>) -> Result<u32, Unfit> {
        match text.as_deref() {
            Ok("null") => Ok(layout::NULL),
            Ok(text) => self.number(text),
            Err(_) => Err(Unfit),
        }
    }

    /// The text of a string.
    fn text_of(&self, word: u32) -> &[u8] {
        if word < self.room.base.0 {
            return self.room.text_of(word).unwrap_or_default();
        }
        let start = self.blocks.place(word) + layout::TEXT_BYTES as usize;
        let len = self.word_at(word + layout::TEXT_LEN).unwrap_or(0) as usize;
        self.blocks.bytes.get(start..start + len).unwrap_or_default()
    }

    /// The header of an object with these entries: whether constants are found among its keys by their addresses.
    fn object_header(&self, entries: &[u32]) -> u32 {
        let mut keys = entries.iter().step_by(2);
        let is_resolved = |key: &u32| self.word_at(*key).is_some_and(|header| header & layout::FLAG_RESOLVED != 0);
        let is_known = (1..KNOWN_KEYS).contains(&keys.len()) && keys.all(is_resolved);
        Tag::Object as u32 | layout::FLAG_SORTED | if is_known { layout::FLAG_KNOWN_KEYS } else { 0 }
    }

    /// The key that a value is: strings, and what JSON makes strings of.
    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<u32, Unfit> {
        let before = self.blocks.bytes.len();
        let word = key.serialize(&mut *self)?;
        if self.is_string(word) {
            return Ok(word);
        }
        self.blocks.bytes.truncate(before);
        match serde_json::to_value(key).map_err(|_| Unfit)? {
            serde_json::Value::Number(number) => Ok(self.string(&number.to_string())),
            serde_json::Value::Bool(value) => Ok(self.string(if value { "true" } else { "false" })),
            _ => Err(Unfit),
        }
    }

    /// The number that a string is the text of, in its place.
    fn number_of(&mut self, word: u32) -> Result<u32, Unfit> {
        if !self.is_string(word) {
            return Err(Unfit);
        }
        let text = str::from_utf8(self.text_of(word)).map_err(|_| Unfit)?.to_owned();
        if word >= self.room.base.0 {
            self.blocks.bytes.truncate(self.blocks.place(word));
        }
        self.number(&text)
    }

    /// Whether a word that was given is that of a string.
    fn is_string(&self, word: u32) -> bool {
        let tag = self.word_at(word).map(|header| header & layout::TAG_MASK);
        word.is_multiple_of(WORD as u32) && tag == Some(Tag::String as u32)
    }

    fn word_at(&self, address: u32) -> Option<u32> {
        if address < self.room.base.0 {
            return self.room.word_at(address);
        }
        let bytes = self.blocks.bytes.get(self.blocks.place(address)..)?;
        bytes.first_chunk().copied().map(u32::from_le_bytes)
    }

    /// Begins a collection.
    fn open(&mut self, variant: Option<&'static str>) -> Result<Open<'_, 'm>, Unfit> {
        self.depth += 1 + u32::from(variant.is_some());
        if self.depth > layout::MAX_DEPTH {
            return Err(Unfit);
        }
        let first = self.items.len();
        Ok(Open { writer: self, first, variant, kind: Kind::Collection })
    }

    /// Brings the entries of an object into the order of their keys, from the item at `first` on; of equal keys the last one counts.
    fn put_in_order(&mut self, first: usize) {
        let mut items = std::mem::take(&mut self.items);
        let entries = items.get_mut(first..).unwrap_or_default().as_chunks_mut::<2>().0;
        let text = |entry: &[u32; 2]| self.text_of(entry[0]);
        if !entries.is_sorted_by(|one, other| text(one) < text(other)) {
            entries.reverse();
            entries.sort_by(|one, other| text(one).cmp(text(other)));
            let mut kept = entries.to_vec();
            kept.dedup_by(|later, earlier| text(later) == text(earlier));
            items.truncate(first);
            items.extend_from_slice(kept.as_flattened());
        }
        self.items = items;
    }

    /// An object with one key.
    fn tagged(&mut self, variant: &str, value: u32) -> u32 {
        let key = self.string(variant);
        let entries = [key, value];
        self.blocks.collection(self.object_header(&entries), &entries)
    }
}

/// A collection whose elements come.
struct Open<'w, 'm> {
    writer: &'w mut Writer<'m>,
    first: usize,
    /// The variant of an enumeration that the collection is the value of.
    variant: Option<&'static str>,
    kind: Kind,
}

/// What an open structure becomes.
enum Kind {
    Collection,
    /// A number, once its text has come.
    Number(Option<u32>),
}

impl Open<'_, '_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        let word = value.serialize(&mut *self.writer)?;
        self.writer.items.push(word);
        Ok(())
    }

    fn close(self, tag: Tag) -> u32 {
        let Self { writer, first, variant, .. } = self;
        let mut header = tag as u32;
        if tag == Tag::Object {
            writer.put_in_order(first);
            header = writer.object_header(writer.items.get(first..).unwrap_or_default());
        }
        let Writer { blocks, items, depth, .. } = &mut *writer;
        *depth -= 1 + u32::from(variant.is_some());
        let word = blocks.collection(header, items.get(first..).unwrap_or_default());
        items.truncate(first);
        variant.map_or(word, |variant| writer.tagged(variant, word))
    }

    fn close_array(self) -> u32 {
        self.close(Tag::Array)
    }

    fn close_object(self) -> u32 {
        self.close(Tag::Object)
    }
}

impl<'w, 'm> ser::Serializer for &'w mut Writer<'m> {
    type Ok = u32;
    type Error = Unfit;
    type SerializeSeq = Open<'w, 'm>;
    type SerializeTuple = Open<'w, 'm>;
    type SerializeTupleStruct = Open<'w, 'm>;
    type SerializeTupleVariant = Open<'w, 'm>;
    type SerializeMap = Open<'w, 'm>;
    type SerializeStruct = Open<'w, 'm>;
    type SerializeStructVariant = Open<'w, 'm>;

    fn serialize_bool(self, value: bool) -> Result<u32, Unfit> {
        Ok(if value { layout::TRUE } else { layout::FALSE })
    }

    fn serialize_i8(self, value: i8) -> Result<u32, Unfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<u32, Unfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<u32, Unfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<u32, Unfit> {
        Ok(self.blocks.integer(value))
    }

    fn serialize_i128(self, value: i128) -> Result<u32, Unfit> {
        self.number(&value.to_string())
    }

    fn serialize_u8(self, value: u8) -> Result<u32, Unfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<u32, Unfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<u32, Unfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<u32, Unfit> {
        match i64::try_from(value) {
            Ok(value) => self.serialize_i64(value),
            Err(_) => self.number(&value.to_string()),
        }
    }

    fn serialize_u128(self, value: u128) -> Result<u32, Unfit> {
        self.number(&value.to_string())
    }

    fn serialize_f32(self, value: f32) -> Result<u32, Unfit> {
        self.float(serde_json::to_string(&value))
    }

    fn serialize_f64(self, value: f64) -> Result<u32, Unfit> {
        self.float(serde_json::to_string(&value))
    }

    fn serialize_char(self, value: char) -> Result<u32, Unfit> {
        Ok(self.string(value.encode_utf8(&mut [0; 4])))
    }

    fn serialize_str(self, value: &str) -> Result<u32, Unfit> {
        Ok(self.string(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<u32, Unfit> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<u32, Unfit> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<u32, Unfit> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<u32, Unfit> {
        Ok(layout::NULL)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<u32, Unfit> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<u32, Unfit> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<u32, Unfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<u32, Unfit> {
        let mut open = self.open(None)?;
        open.element(value)?;
        let Open { writer, .. } = open;
        writer.depth -= 1;
        let value = writer.items.pop().ok_or(Unfit)?;
        Ok(writer.tagged(variant, value))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'w, 'm>, Unfit> {
        self.open(None)
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'w, 'm>, Unfit> {
        self.open(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Open<'w, 'm>, Unfit> {
        self.open(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'w, 'm>, Unfit> {
        self.open(Some(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'w, 'm>, Unfit> {
        self.open(None)
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Open<'w, 'm>, Unfit> {
        match name {
            RAW => Err(Unfit),
            NUMBER => Ok(Open { kind: Kind::Number(None), ..self.open(None)? }),
            _ => self.open(None),
        }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'w, 'm>, Unfit> {
        self.open(Some(variant))
    }
}

impl ser::SerializeSeq for Open<'_, '_> {
    type Ok = u32;
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.element(value)
    }

    fn end(self) -> Result<u32, Unfit> {
        Ok(self.close_array())
    }
}

impl ser::SerializeTuple for Open<'_, '_> {
    type Ok = u32;
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.element(value)
    }

    fn end(self) -> Result<u32, Unfit> {
        Ok(self.close_array())
    }
}

impl ser::SerializeTupleStruct for Open<'_, '_> {
    type Ok = u32;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.element(value)
    }

    fn end(self) -> Result<u32, Unfit> {
        Ok(self.close_array())
    }
}

impl ser::SerializeTupleVariant for Open<'_, '_> {
    type Ok = u32;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.element(value)
    }

    fn end(self) -> Result<u32, Unfit> {
        Ok(self.close_array())
    }
}

impl ser::SerializeMap for Open<'_, '_> {
    type Ok = u32;
    type Error = Unfit;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        let key = self.writer.key(key)?;
        self.writer.items.push(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.element(value)
    }

    fn end(self) -> Result<u32, Unfit> {
        Ok(self.close_object())
    }
}

impl ser::SerializeStruct for Open<'_, '_> {
    type Ok = u32;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Unfit> {
        if let Kind::Number(number) = &mut self.kind {
            let text = value.serialize(&mut *self.writer)?;
            *number = Some(self.writer.number_of(text)?);
            return Ok(());
        }
        let key = self.writer.string(key);
        self.writer.items.push(key);
        self.element(value)
    }

    fn end(self) -> Result<u32, Unfit> {
        match self.kind {
            Kind::Number(number) => {
                self.writer.depth -= 1;
                number.ok_or(Unfit)
            }
            Kind::Collection => Ok(self.close_object()),
        }
    }
}

impl ser::SerializeStructVariant for Open<'_, '_> {
    type Ok = u32;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Unfit> {
        ser::SerializeStruct::serialize_field(self, key, value)
    }

    fn end(self) -> Result<u32, Unfit> {
        Ok(self.close_object())
    }
}

#[cfg(test)]
mod tests {
    use regoc_abi::runtime;

    use super::Room;
    use crate::address::HeapPointer;

    #[test]
    fn a_table_that_leads_out_of_memory_is_none() {
        let mut memory = vec![0xff; 64];
        for strings in [0, 60, 1 << 20, u32::MAX - 8, u32::MAX] {
            let room = Room { memory: &memory, base: HeapPointer(64), strings: Some(strings) };
            assert_eq!(room.constant(b"text"), None, "{strings}");
        }
        // A slot that holds no address of a text.
        memory[runtime::STRINGS_MASK as usize..][..4].fill(0);
        let room = Room { memory: &memory, base: HeapPointer(64), strings: Some(0) };
        assert_eq!(room.constant(b"text"), None);
    }
}
