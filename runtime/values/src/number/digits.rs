//! The digits of 64-bit integers: part of every module, so written for size.
#![expect(unsafe_code, reason = "writes its few bytes by a cursor")]

/// Room for the digits of a 64-bit integer, and a NUL byte behind them.
#[derive(Clone, Copy, Default)]
pub struct Digits([u8; 24]);

impl Digits {
    /// Writes an integer. A NUL byte follows the text.
    #[inline(never)]
    pub fn write(&mut self, value: i64) -> &[u8] {
        let mut left = value.unsigned_abs();
        // SAFETY: no integer of 64 bits has more than 19 digits and a sign.
        unsafe {
            let end = self.0.as_mut_ptr().add(self.0.len() - 1);
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
            core::slice::from_raw_parts(start, end as usize - start as usize)
        }
    }

    /// So many bytes of what was written last, from its end.
    pub(super) fn last(&self, len: usize) -> &[u8] {
        let end = self.0.len() - 1;
        self.0.get(end - len..end).unwrap_or_default()
    }
}
