//! Packs a document: copies what it needs, and nothing else, out of the memory in which a module has read it.
//!
//! The values lie one behind the other then, and equal texts, numbers and arrays are there once. Equal objects stay apart: a document is
//! changed in place, by paths through its objects, and no path leads through an array. Indexes of base data are copied with what they select.
//! Knows how values lie in memory ([`regoc_abi::layout`]); calls no module, and relies on nothing that a memory holds: whatever is not laid out
//! like that is an error.

use std::collections::HashMap;

use regoc_abi::layout::{self, Tag};
use regoc_abi::strings;

use crate::blocks::{Blocks, WORD};

/// A document, packed.
#[derive(Debug)]
pub(super) struct Packed {
    /// What lies from the address on that everything was packed for.
    pub(super) bytes: Vec<u8>,
    /// The word of the document.
    pub(super) data: u32,
    /// The address of its youngest index, or 0.
    pub(super) indexes: u32,
}

/// An index of base data in memory ([`layout::BASE_INDEX_SIZE`]).
struct BaseIndex {
    collection: u32,
    says: u32,
    mask: u32,
    ends: u32,
    items: u32,
    /// The number of words among the items.
    count: u32,
}

/// Why a document cannot be packed: the address at which no value of ours lies.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) u32);

/// How many values a memory can hold. What refers to the same arrays again and again, as only a forged file does, is given up there.
const MOST_VALUES: u32 = 1 << 29;

/// How many pairs of texts, numbers and arrays are remembered, to find equal ones. A table of all of them is larger than any
/// cache: with one, an image of 194 MB of JSON took 12 s instead of 7, and was 1 % smaller.
const KNOWN: usize = 1 << 16;

/// Packs the document at `data`, and the indexes from the one at `indexes` on, for memory from `base` on; what lies below (the module's
/// constants) stays where it is.
pub(super) fn pack(memory: &[u8], base: u32, data: u32, indexes: u32) -> Result<Packed, Malformed> {
    // What is packed takes less than half of what a module leaves behind.
    let room = memory.len().saturating_sub(base as usize) / 2;
    let mut packer = Packer {
        memory,
        base,
        blocks: Blocks::new(base, Vec::with_capacity(room)),
        items: Vec::new(),
        indexed: HashMap::new(),
        left: MOST_VALUES,
        known: vec![[(0, 0); 2]; KNOWN],
    };
    let found = packer.find_indexes(indexes)?;
    let data = packer.value(data, 0)?;
    let indexes = found.iter().rev().try_fold(0, |older, index| packer.base_index(index, older))?;
    packer.blocks.align(layout::ALIGN as usize);
    Ok(Packed { bytes: packer.blocks.bytes, data, indexes })
}

struct Packer<'m> {
    memory: &'m [u8],
    base: u32,
    blocks: Blocks,
    /// The new words of the elements of collections that are being copied.
    items: Vec<u32>,
    /// Where collections lie now that indexes speak of; 0 before they are copied.
    indexed: HashMap<u32, u32>,
    /// How many values may still be copied.
    left: u32,
    /// Texts, numbers and arrays by their hashes, each its hash and its address: one that came again, and the last one that came.
    known: Vec<[(u32, u32); 2]>,
}

impl<'m> Packer<'m> {
    /// The new word of a value.
    fn value(&mut self, word: u32, depth: u32) -> Result<u32, Malformed> {
        if !word.is_multiple_of(WORD as u32) || word < self.base {
            return Ok(word);
        }
        if let Some(moved) = self.indexed.get(&word).filter(|moved| **moved != 0) {
            return Ok(*moved);
        }
        self.left -= 1;
        let header = self.word(word)?;
        let tag = header & layout::TAG_MASK;
        let is = |other: Tag| tag == other as u32;
        if self.left == 0 || depth > layout::MAX_DEPTH || header & layout::FLAG_RECORD != 0 {
            Err(Malformed(word))
        } else if is(Tag::Integer) {
            self.blocks.align(layout::ALIGN as usize);
            self.scalar(word, layout::INTEGER_SIZE as usize)
        } else if is(Tag::Number) || is(Tag::String) {
            let len = self.word(word + layout::TEXT_LEN)? as usize;
            // The NUL byte behind the text is a part of it.
            self.scalar(word, (layout::TEXT_BYTES as usize).checked_add(len + 1).ok_or(Malformed(word))?)
        } else if is(Tag::Array) || is(Tag::Object) || is(Tag::Set) {
            let moved = self.collection(word, header, depth)?;
            self.indexed.entry(word).and_modify(|place| *place = moved);
            Ok(moved)
        } else {
            Err(Malformed(word))
        }
    }

    /// Copies a text or a number.
    fn scalar(&mut self, word: u32, size: usize) -> Result<u32, Malformed> {
        let start = self.blocks.begin();
        let from = self.slice(word, size)?;
        self.blocks.bytes.extend_from_slice(from);
        Ok(self.once(start, size))
    }

    /// Copies an array, an object or a set, its elements first.
    fn collection(&mut self, word: u32, header: u32, depth: u32) -> Result<u32, Malformed> {
        let is = |tag: Tag| header & layout::TAG_MASK == tag as u32;
        let len = self.word(word + layout::COLLECTION_LEN)?;
        let items = self.word(word + layout::COLLECTION_ITEMS)?;
        let count = len.checked_mul(1 + u32::from(is(Tag::Object))).ok_or(Malformed(word))?;
        let first = self.items.len();
        for at in 0..count {
            let item = self.word(at_word(items, at)?)?;
            let item = self.value(item, depth + 1)?;
            self.items.push(item);
        }
        let items = self.items.split_off(first);
        let start = self.blocks.collection(header, &items);
        if is(Tag::Array) {
            return Ok(self.once(start, layout::COLLECTION_ITEMS as usize));
        }
        let index = self.word(word + layout::COLLECTION_INDEX)?;
        // The word of a collection that is not in order is a count.
        let is_address = header & layout::FLAG_SORTED != 0 && index != 0;
        let index = if is_address { self.hash_index(index)? } else { index };
        self.blocks.set_word(start + layout::COLLECTION_INDEX, index);
        Ok(start)
    }

    /// Copies the index of an object, which says nothing of addresses.
    fn hash_index(&mut self, index: u32) -> Result<u32, Malformed> {
        let slots = self.word(index)?.checked_add(1).ok_or(Malformed(index))? as usize;
        let start = self.blocks.end();
        let from = self.slice(index, (slots + 1) * WORD)?;
        self.blocks.bytes.extend_from_slice(from);
        Ok(start)
    }

    /// Reads the indexes of base data, the youngest first, and notes the collections that they speak of.
    fn find_indexes(&mut self, youngest: u32) -> Result<Vec<BaseIndex>, Malformed> {
        let mut found = Vec::new();
        let mut next = youngest;
        while next != 0 {
            let [collection, says, mask, ends, items, older] = self.words(next)?;
            // A module finds out by their addresses which are the older ones.
            if older >= next {
                return Err(Malformed(next));
            }
            let stride = 1 + u32::from(self.word(collection)? & layout::TAG_MASK == Tag::Object as u32);
            let buckets = mask.checked_add(1).ok_or(Malformed(next))?;
            let count = self.word(at_word(ends, buckets)?)?.checked_mul(stride).ok_or(Malformed(next))?;
            self.indexed.insert(collection, 0);
            for at in 0..count {
                self.indexed.insert(self.word(at_word(items, at)?)?, 0);
            }
            found.push(BaseIndex { collection, says, mask, ends, items, count });
            next = older;
        }
        Ok(found)
    }

    /// Copies an index.
    fn base_index(&mut self, index: &BaseIndex, older: u32) -> Result<u32, Malformed> {
        let collection = self.value(index.collection, 0)?;
        let ends = self.blocks.begin();
        let from = self.slice(index.ends, (index.mask as usize + 2) * WORD)?;
        self.blocks.bytes.extend_from_slice(from);
        let first = self.items.len();
        for at in 0..index.count {
            let item = self.word(at_word(index.items, at)?)?;
            let item = self.value(item, 1)?;
            self.items.push(item);
        }
        let items = self.blocks.begin();
        let words = self.items.split_off(first);
        self.blocks.push(&words);
        let start = self.blocks.begin();
        self.blocks.push(&[collection, index.says, index.mask, ends, items, older]);
        Ok(start)
    }

    /// Keeps the block from `start` on, unless the same is known. The word at `hole` says where the block itself lies and does not count.
    fn once(&mut self, start: u32, hole: usize) -> u32 {
        let Blocks { bytes, .. } = &self.blocks;
        let from = self.blocks.place(start);
        let block = bytes.get(from..).unwrap_or_default();
        let hash = hash(around(block, hole));
        let Some([again, last]) = self.known.get_mut(hash as usize % KNOWN) else { return start };
        let is_equal = |(other_hash, other): (u32, u32)| {
            let at = self.blocks.place(other);
            let equal = |other| around(other, hole) == around(block, hole);
            other != 0 && other_hash == hash && bytes.get(at..at + block.len()).is_some_and(equal)
        };
        if is_equal(*last) {
            std::mem::swap(again, last);
        }
        if is_equal(*again) {
            self.blocks.bytes.truncate(from);
            return again.1;
        }
        *last = (hash, start);
        start
    }

    /// A word of the memory that is packed.
    fn word(&self, address: u32) -> Result<u32, Malformed> {
        let bytes = self.slice(address, WORD)?;
        bytes.try_into().map(u32::from_le_bytes).map_err(|_| Malformed(address))
    }

    /// Words that lie one behind the other.
    fn words<const N: usize>(&self, address: u32) -> Result<[u32; N], Malformed> {
        let mut words = [0; N];
        for (at, word) in (0..).zip(&mut words) {
            *word = self.word(at_word(address, at)?)?;
        }
        Ok(words)
    }

    fn slice(&self, address: u32, size: usize) -> Result<&'m [u8], Malformed> {
        let start = address as usize;
        start.checked_add(size).and_then(|end| self.memory.get(start..end)).ok_or(Malformed(address))
    }
}

/// A block without the word at `hole`.
fn around(block: &[u8], hole: usize) -> (&[u8], &[u8]) {
    let (head, rest) = block.split_at(hole.min(block.len()));
    (head, rest.get(WORD..).unwrap_or_default())
}

/// The hash of a block.
fn hash((head, rest): (&[u8], &[u8])) -> u32 {
    let chunks = head.chunks(8).chain(rest.chunks(8));
    (chunks.fold(0, |hash, chunk| strings::step(hash, strings::word(chunk))) >> 16) as u32
}

/// The address of a word among others.
fn at_word(first: u32, at: u32) -> Result<u32, Malformed> {
    at.checked_mul(WORD as u32).and_then(|offset| first.checked_add(offset)).ok_or(Malformed(first))
}

#[cfg(test)]
mod tests {
    use regoc_abi::layout::{self, Tag};

    use super::{Malformed, Packed, pack};
    use crate::blocks::Blocks;

    /// Where documents of the tests begin.
    const BASE: u32 = 64;

    /// Memory with a document, after bytes that are not packed.
    fn memory(write: impl FnOnce(&mut Blocks) -> u32) -> (Vec<u8>, u32) {
        let mut blocks = Blocks::new(0, vec![0xee; BASE as usize]);
        let data = write(&mut blocks);
        (blocks.bytes, data)
    }

    fn packed(memory: &[u8], data: u32) -> Result<Packed, Malformed> {
        pack(memory, BASE, data, 0)
    }

    #[test]
    fn equal_parts_are_there_once_but_objects() {
        let (memory, data) = memory(|blocks| {
            let pair = |blocks: &mut Blocks| {
                let text = blocks.text(Tag::String as u32, b"the same");
                let array = blocks.collection(Tag::Array as u32, &[text, layout::TRUE]);
                let object = Tag::Object as u32 | layout::FLAG_SORTED;
                blocks.collection(object, &[text, array])
            };
            let objects = [pair(blocks), pair(blocks)];
            blocks.collection(Tag::Array as u32, &objects)
        });
        let packed = packed(&memory, data).expect("it is packed");
        let count = |part: &[u8]| packed.bytes.windows(part.len()).filter(|window| *window == part).count();
        assert_eq!(count(b"the same"), 1);
        // Two objects with one entry each, and one array beside the outer one.
        assert_eq!(count(&[&1_u32.to_le_bytes()[..], &1_u32.to_le_bytes()].concat()), 2);
        assert_eq!(count(&layout::TRUE.to_le_bytes()), 1);
    }

    #[test]
    fn what_is_no_document_is_refused() {
        let array = |blocks: &mut Blocks, item: u32| blocks.collection(Tag::Array as u32, &[item]);
        for item in [u32::MAX - 3, 1 << 20] {
            let (memory, data) = memory(|blocks| array(blocks, item));
            assert_eq!(packed(&memory, data).map(drop), Err(Malformed(item)));
        }
        // An array in itself: its only item lies behind its header.
        let (mut memory, data) = memory(|blocks| array(blocks, 0));
        let item = (data + layout::ARRAY_SIZE) as usize;
        memory[item..item + 4].copy_from_slice(&data.to_le_bytes());
        assert_eq!(packed(&memory, data).map(drop), Err(Malformed(data)));
    }

    #[test]
    fn noise_is_no_reason_to_panic() {
        let mut state = 1_u64;
        for _ in 0..2000 {
            let noise: Vec<u8> = (0..400)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    // Small numbers make tags, lengths and addresses that lead somewhere.
                    (state >> 33) as u8 & if state >> 60 == 0 { 0xff } else { 0x0f }
                })
                .collect();
            for data in (BASE..BASE + 40).step_by(4) {
                let _ = pack(&noise, BASE, data, data + 4);
            }
        }
    }
}
