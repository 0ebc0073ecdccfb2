//! The digits of 64-bit integers: part of every module, so written for size.
#![expect(unsafe_code, reason = "writes its few bytes by a cursor, and leaves the others as they are")]

use core::mem::MaybeUninit;

/// Room for the digits of a 64-bit integer, and a NUL byte behind them.
#[derive(Clone, Copy)]
pub struct Digits([MaybeUninit<u8>; 24]);

impl Default for Digits {
    fn default() -> Self {
        Self([MaybeUninit::uninit(); 24])
    }
}

impl Digits {
    /// Writes an integer.
    pub fn write(&mut self, value: i64) -> &[u8] {
        let start = self.write_up_to_end(value);
        // SAFETY: the text begins there and ends before the last byte.
        unsafe { core::slice::from_raw_parts(start, self.end() as usize - start as usize) }
    }

    /// Where the last byte lies, which is behind every text.
    fn end(&self) -> *const u8 {
        self.0.as_ptr().wrapping_add(self.0.len() - 1).cast()
    }

    /// Writes an integer. Returns where its text begins; a NUL byte follows it.
    #[inline(never)]
    pub(super) fn write_up_to_end(&mut self, value: i64) -> *const u8 {
        let mut left = value.unsigned_abs();
        // SAFETY: no integer of 64 bits has more than 19 digits and a sign.
        unsafe {
            let end: *mut u8 = self.0.as_mut_ptr().add(self.0.len() - 1).cast();
            end.write(0);
            let mut start = end;
            loop {
                start = start.sub(1);
                start.write(b'0' + (left % 10) as u8);
                left /= 10;
                if left == 0 {
                    break;
                }
            }
            if value < 0 {
                start = start.sub(1);
                start.write(b'-');
            }
            start
        }
    }

    /// So many bytes of what was written last, from its end.
    ///
    /// # Safety
    /// So many were written.
    pub(super) unsafe fn last(&self, len: usize) -> &[u8] {
        // SAFETY: the caller's.
        unsafe { core::slice::from_raw_parts(self.end().sub(len), len) }
    }
}
