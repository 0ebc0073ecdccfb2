//! Writes values as a module keeps them ([`regoc_abi::layout`]), for a place in its memory. Knows no module.

use regoc_abi::layout::{self, Tag};

/// The bytes of a word.
pub(crate) const WORD: usize = 4;

/// What is written for memory from an address on.
#[derive(Debug)]
pub(crate) struct Blocks {
    base: u32,
    pub(crate) bytes: Vec<u8>,
}

impl Blocks {
    /// Nothing yet.
    pub(crate) fn new(base: u32, bytes: Vec<u8>) -> Self {
        Self { base, bytes }
    }

    /// The address behind everything; none is right beyond 4 GiB, and what becomes too large is refused by who takes it.
    pub(crate) fn end(&self) -> u32 {
        self.base.saturating_add(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX))
    }

    /// Where an address lies among the bytes.
    pub(crate) fn place(&self, address: u32) -> usize {
        address.wrapping_sub(self.base) as usize
    }

    /// Goes on at a multiple of so many bytes.
    pub(crate) fn align(&mut self, to: usize) {
        self.bytes.resize(self.bytes.len().next_multiple_of(to), 0);
    }

    /// The address of what comes next: a whole word, which is what the address of anything but a 64-bit integer must be.
    pub(crate) fn begin(&mut self) -> u32 {
        self.align(WORD);
        self.end()
    }

    /// Writes words.
    pub(crate) fn push(&mut self, words: &[u32]) {
        words.iter().for_each(|word| self.bytes.extend_from_slice(&word.to_le_bytes()));
    }

    /// Writes a word over another one.
    pub(crate) fn set_word(&mut self, address: u32, word: u32) {
        let at = self.place(address);
        if let Some(place) = self.bytes.get_mut(at..at + WORD) {
            place.copy_from_slice(&word.to_le_bytes());
        }
    }

    /// Writes a string or a number that is kept as its text, with a header of its tag and flags.
    pub(crate) fn text(&mut self, header: u32, text: &[u8]) -> u32 {
        let start = self.begin();
        self.push(&[header, u32::try_from(text.len()).unwrap_or(u32::MAX)]);
        self.bytes.extend_from_slice(text);
        // The byte that ends each text.
        self.bytes.push(0);
        start
    }

    /// The word of an integer, which is written where it does not fit the word.
    pub(crate) fn integer(&mut self, value: i64) -> u32 {
        if (layout::SMALL_INT_MIN..=layout::SMALL_INT_MAX).contains(&value) {
            // It has 31 bits.
            return (value as i32).cast_unsigned() << 1 | 1;
        }
        self.align(layout::ALIGN as usize);
        let start = self.end();
        self.push(&[Tag::Integer as u32, 0]);
        self.bytes.extend_from_slice(&value.to_le_bytes());
        start
    }

    /// Writes an array, an object or a set with a header of its tag and flags, and its elements, of one word or two.
    pub(crate) fn collection(&mut self, header: u32, items: &[u32]) -> u32 {
        let is = |tag: Tag| header & layout::TAG_MASK == tag as u32;
        let start = self.begin();
        let count = u32::try_from(items.len() / (1 + usize::from(is(Tag::Object)))).unwrap_or(u32::MAX);
        let size = if is(Tag::Array) { layout::ARRAY_SIZE } else { layout::COLLECTION_INDEX + WORD as u32 };
        self.push(&[header, count, count, start.saturating_add(size)]);
        if !is(Tag::Array) {
            self.push(&[0]);
        }
        self.push(items);
        start
    }
}
