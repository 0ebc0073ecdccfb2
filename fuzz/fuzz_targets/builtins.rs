//! The builtins, all or those of the category in the environment's `FAMILY`: any operands end in a value, in undefined or in an error.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use regoc_abi::builtins::Builtin;
use regoc_fuzz::{family, is_endless, operands};
use regoc_values::arena::{mark, reset};
use regoc_values::{builtins, error, syntax};

static FAMILY: LazyLock<Vec<&'static Builtin>> = LazyLock::new(|| {
    let name = std::env::var("FAMILY").ok();
    let family = family(name.as_deref());
    assert!(!family.is_empty(), "no builtin of the category {name:?}");
    family
});

fuzz_target!(|input: &[u8]| {
    let Some((number, input)) = input.split_first() else { return };
    let Some(builtin) = FAMILY.get(usize::from(*number) % FAMILY.len()) else { return };
    let start = mark();
    if let Some(operands) = operands(input)
        && !is_endless(builtin.name, &operands)
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
