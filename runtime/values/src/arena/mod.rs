//! Where values live: memory that only grows until it is set back to an earlier mark.
//!
//! In wasm it is the module's linear memory above its static data, taken by moving a pointer. Natively each object is an
//! allocation of its own, so that AddressSanitizer sees an access beyond its end.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{Scratch, allocate, allocate as allocate_often, exhaust};
#[cfg(not(target_arch = "wasm32"))]
pub use native::{TextBuilder, mark, reset};
#[cfg(target_arch = "wasm32")]
pub use wasm::{Bump, TextBuilder, abort, allocate, mark, reserve, reset};
#[cfg(target_arch = "wasm32")]
pub(crate) use wasm::{Scratch, allocate_often, exhaust};

/// The alignment of everything in the arena, in bytes.
pub(crate) const ALIGN: usize = regoc_abi::layout::ALIGN as usize;

/// A size rounded up to a multiple of [`ALIGN`].
pub(crate) const fn round_up(size: usize) -> usize {
    (size + ALIGN - 1) & !(ALIGN - 1)
}
