//! The arena outside wasm: one allocation per object, kept in a list per thread.
#![expect(unsafe_code, reason = "setting the arena back frees memory that copyable handles may still point to")]

use core::cell::RefCell;
use std::boxed::Box;
use std::sync::Mutex;
use std::vec::Vec;

use super::{ALIGN, round_up};
use crate::Value;

/// An object of the arena: whole words, so that texts can be read a word at a time up to their end.
type Block = Box<[u64]>;

struct Blocks(Vec<Block>);

/// What threads left behind when they ended. Texts of values are `&'static`, so they may outlive their thread.
static ENDED: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

impl Drop for Blocks {
    fn drop(&mut self) {
        let blocks = core::mem::take(&mut self.0);
        match ENDED.lock() {
            Ok(mut ended) => ended.push(blocks),
            Err(poisoned) => poisoned.into_inner().push(blocks),
        }
    }
}

std::thread_local! {
    static BLOCKS: RefCell<Blocks> = const { RefCell::new(Blocks(Vec::new())) };
}

/// Zeroed memory of at least that many bytes, aligned to [`ALIGN`].
pub(crate) fn allocate(size: usize) -> *mut u8 {
    let words = round_up(size.max(1)) / ALIGN;
    let mut block: Block = std::vec![0_u64; words].into_boxed_slice();
    let address = block.as_mut_ptr();
    address.expose_provenance();
    BLOCKS.with_borrow_mut(|blocks| blocks.0.push(block));
    address.cast()
}

/// Panics: an answer is too large for any memory. What calls builtins natively has small operands.
#[expect(clippy::panic, reason = "the allocator panics too when it is asked for too much")]
pub(crate) fn exhaust() -> ! {
    panic!("an answer that no memory can hold")
}

/// Memory for a moment, freed when it is dropped. While a text is being written, this is the only thing that may be made.
pub(crate) struct Scratch(Vec<u64>);

impl Scratch {
    /// Memory of at least that many bytes, aligned to [`ALIGN`].
    pub(crate) fn new(size: usize) -> Self {
        Self(std::vec![0; round_up(size) / ALIGN])
    }

    /// Where it begins.
    pub(crate) fn start(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }
}

/// The present state of this thread's arena, for [`reset`].
#[must_use]
pub fn mark() -> usize {
    BLOCKS.with_borrow(|blocks| blocks.0.len())
}

/// Frees everything that this thread made since the mark.
///
/// # Safety
/// No value, handle or text made after the mark may be used any more, nor any older collection that was given one.
pub unsafe fn reset(mark: usize) {
    BLOCKS.with_borrow_mut(|blocks| blocks.0.truncate(mark));
}

/// A string that is being written. Nothing else may be made in the arena before it is finished (in wasm it grows at the
/// arena's end).
#[derive(Default)]
pub struct TextBuilder {
    bytes: Vec<u8>,
}

impl TextBuilder {
    /// Begins an empty text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends one byte.
    pub fn push(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Appends some bytes.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The number of bytes so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing was appended yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Ends the text and makes it a string.
    #[must_use]
    pub fn finish(self) -> Value {
        Value::string(&self.bytes)
    }
}
