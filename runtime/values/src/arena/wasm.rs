//! The arena in wasm: linear memory above the static data, taken by moving a pointer.
#![expect(unsafe_code, reason = "this is the allocator: it hands out linear memory by address")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};

use super::{ALIGN, round_up};
use crate::Value;
use crate::raw;
use regoc_abi::layout::TEXT_BYTES;

const PAGE_SHIFT: usize = 16;

unsafe extern "C" {
    /// Tells the host why the module cannot go on; the guest crate defines it. The message ends with a NUL byte.
    fn regoc_abort(message: *const u8) -> !;
}

#[link(wasm_import_module = "regoc.global.heap")]
unsafe extern "C" {
    /// The first free byte: a global of the module (`regoc_abi::runtime::HEAP_GLOBAL_MODULE`), which begins as the address behind all
    /// static data, so that no start function is needed.
    #[link_name = "heap.get"]
    safe fn heap() -> *mut u8;
    #[link_name = "heap.set"]
    safe fn set_heap(address: *mut u8);
}

/// Ends the evaluation with a message, which must end with a NUL byte.
pub fn abort(message: &'static core::ffi::CStr) -> ! {
    // SAFETY: the message is terminated and static.
    unsafe { regoc_abort(message.as_ptr().cast()) }
}

/// Makes sure that `size` bytes above the arena's end can be written to, and that the [`ALIGN`] bytes behind them are memory, so that texts
/// can be read a word at a time; aborts when memory cannot grow.
#[inline(never)]
#[unsafe(export_name = "hot.reserve")]
pub fn reserve(size: usize) {
    let size = size + ALIGN;
    let room = (memory_size::<0>() << PAGE_SHIFT).wrapping_sub(heap() as usize);
    if size > room {
        grow(size - room);
    }
}

fn grow(missing: usize) {
    let pages = (missing >> PAGE_SHIFT) + 1;
    if memory_grow::<0>(pages) == usize::MAX {
        abort(c"opa_malloc: failed");
    }
}

/// Ends the evaluation as one whose memory is used up: for an answer that no memory can hold.
pub(crate) fn exhaust() -> ! {
    reserve(usize::MAX - 2 * ALIGN);
    abort(c"opa_malloc: failed")
}

/// Memory of at least that many bytes, aligned to 8, not cleared. Aborts when memory cannot grow.
#[inline(never)]
pub fn allocate(size: usize) -> *mut u8 {
    let size = round_up(size);
    reserve(size);
    let start = heap();
    set_heap(start.wrapping_add(size));
    start
}

/// The same, where it is called often: see [`regoc_abi::runtime::HOT_PREFIX`].
#[inline(never)]
#[unsafe(export_name = "hot.allocate")]
pub(crate) fn allocate_often(size: usize) -> *mut u8 {
    allocate(size)
}

/// Memory for a moment, given back when it is dropped. While a text is being written, this is the only thing that may be made.
pub(crate) struct Scratch {
    heap: *mut u8,
    start: *mut u8,
}

impl Scratch {
    /// Memory of at least that many bytes, aligned to 8.
    #[expect(clippy::inline_always, reason = "a call of it costs every module 53 bytes")]
    #[inline(always)]
    pub(crate) fn new(size: usize) -> Self {
        let heap = heap();
        set_heap(round_up(heap as usize) as *mut u8);
        Self { heap, start: allocate(size) }
    }

    /// Where it begins.
    pub(crate) fn start(&mut self) -> *mut u8 {
        self.start
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        set_heap(self.heap);
    }
}

/// The first free address, for [`reset`] and for `opa_heap_ptr_get`.
#[must_use]
pub fn mark() -> usize {
    heap() as usize
}

/// Sets the first free address, rounded up to the arena's alignment.
///
/// # Safety
/// No value, handle or text that lies above the address may be used any more, nor any collection below it that was given one.
pub unsafe fn reset(mark: usize) {
    set_heap(round_up(mark) as *mut u8);
}

/// Rust's allocator over the arena, for the guest crate's `#[global_allocator]`. Only the youngest allocation is ever
/// given back or grown in place.
pub struct Bump;

// SAFETY: `allocate` gives memory that nothing else uses, aligned to `ALIGN`; larger alignments are made up for here.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() <= ALIGN {
            return allocate(layout.size());
        }
        let start = allocate(layout.size() + layout.align());
        start.wrapping_add(start.align_offset(layout.align()))
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if block.wrapping_add(round_up(layout.size())) == heap() {
            set_heap(block);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if block.wrapping_add(round_up(layout.size())) == heap() {
            set_heap(block);
            reserve(round_up(new_size));
            set_heap(block.wrapping_add(round_up(new_size)));
            return block;
        }
        if new_size <= layout.size() {
            return block;
        }
        let new = allocate(new_size);
        // SAFETY: the new block is apart from the old one and larger.
        unsafe { new.copy_from_nonoverlapping(block, layout.size()) };
        new
    }
}

/// A string that is being written at the arena's end. Nothing else may be made in the arena before it is finished.
pub struct TextBuilder {
    start: *mut u8,
}

impl TextBuilder {
    /// Begins an empty text.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "beginning a text has an effect on the arena")]
    pub fn new() -> Self {
        Self { start: allocate(TEXT_BYTES as usize) }
    }

    /// Appends one byte.
    #[inline(never)]
    pub fn push(&mut self, byte: u8) {
        reserve(1);
        let end = heap();
        // SAFETY: there is room for the byte.
        unsafe { end.write(byte) };
        set_heap(end.wrapping_add(1));
    }

    /// Appends some bytes.
    #[inline(never)]
    pub fn extend(&mut self, bytes: &[u8]) {
        reserve(bytes.len());
        let end = heap();
        // SAFETY: there is room for the bytes, above everything that exists.
        unsafe { raw::copy(bytes.as_ptr(), end, bytes.len()) };
        set_heap(end.wrapping_add(bytes.len()));
    }

    /// The number of bytes so far.
    #[must_use]
    pub fn len(&self) -> usize {
        heap() as usize - self.start as usize - TEXT_BYTES as usize
    }

    /// Whether nothing was appended yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Ends the text and makes it a string.
    #[must_use]
    pub fn finish(self) -> Value {
        let len = self.len();
        // SAFETY: the text begins after its header, and there is room for the final NUL byte, see `reserve`.
        unsafe {
            heap().write(0);
            set_heap(round_up(heap() as usize + 1) as *mut u8);
            raw::finish_text(self.start, len)
        }
    }
}
