//! Where values live: memory that only grows until it is set back to an earlier mark.
//!
//! In wasm it is the module's linear memory above its static data, taken by moving a pointer. Natively each object is an
//! allocation of its own, so that AddressSanitizer sees an access beyond its end.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{Scratch, allocate};
#[cfg(not(target_arch = "wasm32"))]
pub use native::{TextBuilder, mark, reset};
#[cfg(target_arch = "wasm32")]
pub(crate) use wasm::Scratch;
#[cfg(target_arch = "wasm32")]
pub use wasm::{Bump, TextBuilder, abort, allocate, mark, reserve, reset};

/// The alignment of everything in the arena, in bytes.
pub(crate) const ALIGN: usize = regoc_abi::layout::ALIGN as usize;

/// A size rounded up to a multiple of [`ALIGN`].
pub(crate) const fn round_up(size: usize) -> usize {
    (size + ALIGN - 1) & !(ALIGN - 1)
}

/// How many bytes JSON grows by when it becomes a string of JSON: it holds no control characters.
fn added_by_quotes(json: &[u8]) -> usize {
    2 + json.iter().filter(|byte| is_escaped(**byte)).count()
}

const fn is_escaped(byte: u8) -> bool {
    byte == b'"' || byte == b'\\'
}

/// Makes a string of the JSON in the first `len` bytes, in place, from the end; the text is as long as the string.
fn quote(text: &mut [u8], len: usize) {
    let mut to = text.len();
    let mut put = |text: &mut [u8], byte| {
        to -= 1;
        if let Some(place) = text.get_mut(to) {
            *place = byte;
        }
    };
    put(text, b'"');
    for at in (0..len).rev() {
        let byte = text.get(at).copied().unwrap_or_default();
        put(text, byte);
        if is_escaped(byte) {
            put(text, b'\\');
        }
    }
    put(text, b'"');
}
