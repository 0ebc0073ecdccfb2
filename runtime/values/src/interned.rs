//! Strings of documents that are constants of the module: while a document is read, a string becomes the constant that has its text, and
//! any other is marked, so that keys and values are compared with constants by their addresses.
//!
//! The table of the constants is made by the compiler, with the hash that stands in the contract. Strings with escapes or characters beyond ASCII are
//! not looked up, and so not marked. Outside of modules there is no table.
#![cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "reads the table of constants, and whole words of texts")
)]

#[cfg(target_arch = "wasm32")]
pub use in_module::known_string;
#[cfg(target_arch = "wasm32")]
pub(crate) use in_module::string;

#[cfg(target_arch = "wasm32")]
use regoc_abi::strings::filter;
pub use regoc_abi::strings::hash;
pub(crate) use regoc_abi::strings::step;

use crate::{Value, raw};

/// Whether a value is equal to a constant string of the module.
#[must_use]
pub fn equal_known(value: Value, constant: Value) -> bool {
    value.to_word() == constant.to_word() || raw::is_unresolved(value) && raw::is_same_text(value, constant)
}

/// A string of a document.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn string(bytes: &[u8]) -> Value {
    Value::string(bytes)
}

#[cfg(target_arch = "wasm32")]
mod in_module {
    use regoc_abi::layout::FLAG_RESOLVED;
    use regoc_abi::runtime::{STRINGS_FILTER, STRINGS_LONGEST, STRINGS_MASK, STRINGS_SEED, STRINGS_SLOTS};

    use super::{filter, step};
    use crate::{Tag, Value, raw};

    #[link(wasm_import_module = "regoc")]
    unsafe extern "C" {
        /// `regoc_abi::runtime::STRINGS`
        safe fn strings() -> *const u8;
        /// `regoc_abi::runtime::STRING_IMPORT`
        #[link_name = "string"]
        fn linked_string(start: *const u8, len: usize) -> Value;
    }

    /// A string of a document.
    pub(crate) fn string(bytes: &[u8]) -> Value {
        // SAFETY: those are bytes.
        unsafe { linked_string(bytes.as_ptr(), bytes.len()) }
    }

    /// The constant that has a text, or a string that is marked because none has it.
    #[must_use]
    pub fn known_string(bytes: &[u8]) -> Value {
        // SAFETY: the table is laid out as `regoc_abi::runtime` says; at least one of its slots is empty.
        unsafe {
            let table = strings();
            let word = |at: u32| table.add(at as usize).cast::<u32>().read();
            // The empty text has a byte behind it.
            let bit = filter(bytes.as_ptr().read(), bytes.len());
            let is_likely = table.add(STRINGS_FILTER as usize).cast::<u64>().read_unaligned() & bit != 0;
            if is_likely && bytes.len() <= word(STRINGS_LONGEST) as usize {
                let mut slot = hash_words(word(STRINGS_SEED), bytes);
                loop {
                    let place =
                        table.add(STRINGS_SLOTS as usize).cast::<Value>().add((slot & word(STRINGS_MASK)) as usize);
                    let candidate = place.read();
                    if candidate.is_undefined() {
                        break;
                    }
                    if raw::len(candidate) == bytes.len() && raw::begins_with(bytes.as_ptr(), candidate) {
                        return candidate;
                    }
                    slot = slot.wrapping_add(1);
                }
            }
        }
        raw::new_text(Tag::String as u32 | FLAG_RESOLVED, bytes)
    }

    /// Eight bytes of a text from `at`, which is below its length, little-endian, with zeros behind its end.
    ///
    /// # Safety
    /// The text begins at `start`, and seven bytes behind its end are memory, as is so of all texts, see `arena::reserve`.
    unsafe fn text_word(start: *const u8, len: usize, at: usize) -> u64 {
        // SAFETY: the caller's.
        let word = unsafe { start.add(at).cast::<u64>().read_unaligned() };
        let beyond = 8 * (at + 8).saturating_sub(len) as u32;
        word << beyond >> beyond
    }

    /// [`super::hash`] in whole words.
    unsafe fn hash_words(seed: u32, text: &[u8]) -> u32 {
        let mut hash = u64::from(seed);
        let mut at = 0;
        while at < text.len() {
            // SAFETY: the caller's.
            hash = step(hash, unsafe { text_word(text.as_ptr(), text.len(), at) });
            at += 8;
        }
        hash as u32
    }
}
