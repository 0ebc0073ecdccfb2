//! Numbers that a seed gives: the same ones everywhere.

/// SplitMix64, which is enough for data that nobody attacks.
pub(super) struct Random(u64);

impl Random {
    /// A sequence of its own for each name and size.
    pub(super) fn new(seed: u64, name: &str, size: u64) -> Self {
        let mix = |state: u64, part: u64| state.wrapping_mul(0x0100_0000_01b3) ^ part;
        Self(name.bytes().map(u64::from).fold(mix(mix(0, seed), size), mix))
    }

    /// A number below a limit, which is not 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    /// Whether something happens that happens once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of some.
    pub(super) fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}
