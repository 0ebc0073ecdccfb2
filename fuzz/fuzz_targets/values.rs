//! Readers and writers of values: any bytes end in a value or an error, and what is written reads as the same value.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use regoc_fuzz::mutate;
use regoc_values::arena::{mark, reset};
use regoc_values::{json, syntax, yaml};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::change(data, size, max_size, seed, mutate::text::change_behind_first_byte)
});

fuzz_target!(|input: &[u8]| {
    let Some((reader, text)) = input.split_first() else { return };
    let start = mark();
    let value = match reader % 3 {
        0 => json::parse(text).ok(),
        1 => syntax::parse(text).ok(),
        _ => yaml::parse(text).ok(),
    };
    if let Some(value) = value {
        let written = syntax::write(value);
        let again = syntax::parse(written).expect("what was written is a value");
        assert_eq!(written, syntax::write(again), "value syntax is not stable");
        let written = json::write(value);
        let again = json::parse(written).expect("what was written is JSON");
        assert_eq!(written, json::write(again), "JSON is not stable");
    }
    // SAFETY: no value that was made since is used any more.
    unsafe { reset(start) };
});
