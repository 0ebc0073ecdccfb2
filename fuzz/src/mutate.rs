//! Changes of inputs that keep their form, because bytes that change at random seldom get past the first check of a reader.
//! Half of all changes are libFuzzer's own ([`change`]); knows nothing of what is tested.

pub mod module;
pub mod operands;
pub mod text;

use libfuzzer_sys::fuzzer_mutate;

/// Random numbers that depend on a seed only, as libFuzzer wants it (xorshift64*).
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self(u64::from(seed) << 1 | 1)
    }

    /// A number below a limit; 0 when the limit is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        (number as usize).checked_rem(limit).unwrap_or(0)
    }

    /// A number from 1 to a power of two; small ones are more frequent.
    pub fn times(&mut self, bits: usize) -> usize {
        let bits = self.below(bits);
        1 + self.below(1 << bits)
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, several: &[T]) -> Option<T> {
        several.get(self.below(several.len())).copied()
    }

    /// One of several, as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, several: &[(usize, T)]) -> Option<T> {
        let mut left = self.below(several.iter().map(|(weight, _)| weight).sum());
        for (weight, one) in several {
            match left.checked_sub(*weight) {
                None => return Some(*one),
                Some(rest) => left = rest,
            }
        }
        None
    }
}

/// Changes an input in place: by libFuzzer, or by a function that knows its form and gives `None` where it has not got it.
/// Returns the new length.
pub fn change(
    input: &mut [u8],
    length: usize,
    limit: usize,
    seed: u32,
    formed: impl FnOnce(&[u8], &mut Random) -> Option<Vec<u8>>,
) -> usize {
    let mut random = Random::new(seed);
    let changed = input.get(..length).filter(|_| random.below(2) == 0).and_then(|bytes| formed(bytes, &mut random));
    match changed.filter(|changed| !changed.is_empty() && changed.len() <= limit) {
        Some(changed) => {
            input[..changed.len()].copy_from_slice(&changed);
            changed.len()
        }
        None => fuzzer_mutate(input, length, limit),
    }
}

/// Bytes as libFuzzer changes them, up to `more` bytes longer.
#[must_use]
pub fn bytes(bytes: &[u8], more: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed.resize(bytes.len() + more, 0);
    let limit = changed.len();
    if limit == 0 {
        return changed;
    }
    let length = fuzzer_mutate(&mut changed, bytes.len(), limit);
    changed.truncate(length);
    changed
}
