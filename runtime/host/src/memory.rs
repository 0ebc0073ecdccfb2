//! Reading and writing a module's linear memory. Every address comes from the module and is checked against the memory's bounds.

use std::ffi::CStr;
use std::ptr::NonNull;
use std::slice;

use wasmtime::{AsContext, AsContextMut, Memory, StoreContext, StoreContextMut};

use crate::address::TextAddress;
use crate::limits::Hidden;
use crate::state::{State, Stop};

/// The size of a page of linear memory.
pub(crate) const PAGE: u64 = 1 << 16;

/// The memory of an instance as its module sees it: some of the engine's is hidden, where calls have a limit in time.
#[derive(Clone, Copy)]
pub(crate) struct Linear {
    memory: Memory,
    hidden: Hidden,
}

impl Linear {
    /// A memory of which some is hidden. It has more.
    pub(crate) fn new(memory: Memory, hidden: Hidden) -> Self {
        Self { memory, hidden }
    }

    /// How many bytes it has.
    pub(crate) fn size(self, store: impl AsContext) -> usize {
        self.memory.data_size(store).saturating_sub(self.hidden.all)
    }

    /// Lets it grow by so many pages.
    pub(crate) fn grow(self, store: impl AsContextMut, pages: u64) -> wasmtime::Result<()> {
        self.memory.grow(store, pages).map(drop)
    }

    /// Its bytes. Not a part of all bytes: the watchdog may write to those that are hidden.
    #[expect(unsafe_code, reason = "a slice may not hold what another thread writes")]
    pub(crate) fn data<'s>(self, store: impl Into<StoreContext<'s, State>>) -> &'s [u8] {
        let store = store.into();
        // SAFETY: this is a part of the engine's memory, which stays as it is while the store is borrowed.
        unsafe { slice::from_raw_parts(self.memory.data_ptr(&store).add(self.hidden.start), self.size(&store)) }
    }

    /// Its bytes, to be written.
    #[expect(unsafe_code, reason = "a slice may not hold what another thread writes")]
    pub(crate) fn data_mut<'s>(self, store: impl Into<StoreContextMut<'s, State>>) -> &'s mut [u8] {
        let store = store.into();
        // SAFETY: this is a part of the engine's memory, which stays as it is while the store is borrowed, and nobody else has it.
        unsafe { slice::from_raw_parts_mut(self.memory.data_ptr(&store).add(self.hidden.start), self.size(&store)) }
    }

    /// The word in what is hidden that says which call runs. Memories do not move in engines of a runtime that limits time.
    pub(crate) fn word(self, store: impl AsContext) -> Option<NonNull<u64>> {
        NonNull::new(self.memory.data_ptr(store).cast()).filter(|_| self.hidden.start != 0)
    }
}

/// The bytes from an address up to the next NUL byte.
pub(crate) fn text(memory: &[u8], address: TextAddress) -> Result<&[u8], Stop> {
    let rest = memory.get(address.0 as usize..).unwrap_or_default();
    match CStr::from_bytes_until_nul(rest) {
        Ok(text) => Ok(text.to_bytes()),
        Err(_) => Err(Stop::Protocol(format!("the text at address {} leaves the memory", address.0))),
    }
}

/// Writes bytes to an address.
pub(crate) fn write(memory: &mut [u8], address: TextAddress, bytes: &[u8]) -> Result<(), Stop> {
    let start = address.0 as usize;
    match start.checked_add(bytes.len()).and_then(|end| memory.get_mut(start..end)) {
        Some(target) => {
            target.copy_from_slice(bytes);
            Ok(())
        }
        None => Err(Stop::Protocol(format!("{} bytes at address {start} leave the memory", bytes.len()))),
    }
}

#[cfg(test)]
mod tests {
    use super::{text, write};
    use crate::address::TextAddress;

    #[test]
    fn nothing_is_read_or_written_outside() {
        let mut memory = *b"ab\0cd";
        assert_eq!(text(&memory, TextAddress(0)).ok(), Some(b"ab".as_slice()));
        assert_eq!(text(&memory, TextAddress(2)).ok(), Some(b"".as_slice()));
        for address in [3, 5, 6, u32::MAX] {
            assert!(text(&memory, TextAddress(address)).is_err());
        }
        assert!(write(&mut memory, TextAddress(3), b"xy").is_ok());
        assert_eq!(&memory, b"ab\0xy");
        assert!(write(&mut memory, TextAddress(4), b"xy").is_err());
        assert!(write(&mut memory, TextAddress(u32::MAX), b"x").is_err());
    }
}
