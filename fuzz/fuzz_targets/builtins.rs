//! The builtins, all or those of the category in the environment's `FAMILY`: any operands end in a value, in undefined or in an error.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use regoc_abi::builtins::Builtin;
use regoc_fuzz::{family, is_endless, mutate, operands};
use regoc_values::arena::{mark, reset};
use regoc_values::{builtins, error, syntax};

static FAMILY: LazyLock<Vec<&'static Builtin>> = LazyLock::new(|| {
    let name = std::env::var("FAMILY").ok();
    let family = family(name.as_deref());
    assert!(!family.is_empty(), "no builtin of the category {name:?}");
    family
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let start = mark();
    let length =
        mutate::change(data, size, max_size, seed, |call, random| mutate::operands::change(call, &FAMILY, random));
    // SAFETY: no value that was made since is used any more.
    unsafe { reset(start) };
    length
});

fuzz_target!(|input: &[u8]| {
    let Some((number, input)) = input.split_first() else { return };
    let Some(builtin) = FAMILY.get(usize::from(*number) % FAMILY.len()) else { return };
    let start = mark();
    let operands: Vec<_> = operands(input).into_iter().cycle().take(builtin.params.len()).collect();
    if !is_endless(builtin.name, &operands)
        && let Some(result) = builtins::call(builtin.name, &operands)
        && !result.is_undefined()
    {
        let written = syntax::write(result);
        syntax::parse(written).expect("a result is a value");
    }
    // What a failed call leaves behind must not reach the next.
    error::take();
    // SAFETY: no value that was made since is used any more.
    unsafe { reset(start) };
});
