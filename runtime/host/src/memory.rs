//! Reading and writing a module's linear memory. Every address comes from the module and is checked against the memory's bounds.

use std::ffi::CStr;

use crate::address::TextAddress;
use crate::state::Stop;

/// The size of a page of linear memory.
pub(crate) const PAGE: u64 = 1 << 16;

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
