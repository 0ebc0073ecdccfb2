//! The hash by which a module's table of constant strings ([`crate::runtime::STRINGS_MASK`]) is searched: by the guest library, and by hosts that
//! write values themselves. Which strings are searched for is part of it: [`is_searched`].

/// A step of the hash: eight bytes of a text, little-endian, the last ones filled up with zeros.
///
/// A product's lower half knows nothing of the upper half of its factor, and the upper half little of its last bytes, where the names of
/// many things differ (`group1`, `group2`): the halves are laid over each other before and after.
#[must_use]
pub const fn step(hash: u64, word: u64) -> u64 {
    let hash = hash ^ word;
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 32)
}

/// The bit that stands for a text, which begins with that byte, in what tells most strings from the constants ([`crate::runtime::STRINGS_FILTER`]).
/// The empty text has all bits.
#[must_use]
pub const fn filter(first: u8, len: usize) -> u64 {
    if len == 0 { u64::MAX } else { 1 << (len.wrapping_mul(5).wrapping_add(first as usize) & 63) }
}

/// Eight bytes of a text as a word, or fewer at its end.
#[must_use]
pub fn word(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// The hash of a text that begins with a seed.
#[must_use]
pub fn hash(seed: u32, text: &[u8]) -> u32 {
    text.chunks(8).fold(u64::from(seed), |hash, chunk| step(hash, word(chunk))) as u32
}

/// Whether a string of a document is searched for in the table: one that stands in JSON as it is, in ASCII.
#[must_use]
pub fn is_searched(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b' '..=b'~' | 0x7f) && !matches!(byte, b'"' | b'\\'))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::{format, vec};

    use super::hash;

    #[test]
    fn names_that_differ_in_their_last_bytes_lie_apart() {
        for prefix in ["", "u", "doc", "user", "group", "node-", "policy", "resource", "/api/v1/users/"] {
            for count in [500_u32, 5_000, 50_000] {
                let mut taken = vec![false; (count as usize * 2).next_power_of_two()];
                let mut probes = 0;
                for number in 0..count {
                    let mut slot = hash(0, format!("{prefix}{number}").as_bytes()) as usize % taken.len();
                    while taken[slot] {
                        slot = (slot + 1) % taken.len();
                        probes += 1;
                    }
                    taken[slot] = true;
                }
                assert!(probes < 2 * count, "{prefix}: {probes} probes for {count} names");
            }
        }
    }

    #[test]
    fn each_byte_counts() {
        let text = b"a text of more than sixteen bytes";
        for at in 0..text.len() {
            let mut other = *text;
            other[at] ^= 1;
            assert_ne!(hash(0, text), hash(0, &other), "{at}");
        }
        assert_ne!(hash(0, text), hash(1, text));
    }
}
