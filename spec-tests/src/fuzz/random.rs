//! A small generator of numbers (xorshift64*, Vigna 2016): the same seed, the same run.

/// The state of a generator.
pub struct Random(u64);

impl Random {
    /// A generator of a seed and the number of what is made with it; neighbours have nothing in common.
    #[must_use]
    pub fn new(seed: u64, number: u64) -> Self {
        // The finalizer of splitmix64 spreads neighbouring seeds over all words; a state of zero would stay there.
        let mut word = seed ^ number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self((word ^ (word >> 31)) | 1)
    }

    /// A number below a bound; 0 below 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of some things, of which there is at least one.
    pub fn pick<'t, T: ?Sized>(&mut self, things: &'t [&'t T]) -> &'t T {
        things[self.below(things.len())]
    }

    /// One of some things, unless there is none.
    pub fn choose<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        things.get(self.below(things.len()))
    }

    /// Brings some things into another order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}
