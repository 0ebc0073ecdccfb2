//! Numbers: their texts, their order, and (in the submodules) arithmetic as OPA does it.
//!
//! A number is a 64-bit integer or the text of a JSON number, which is kept as it was written. Numbers are compared by their
//! exact value, digit by digit, whatever their length and exponent.

mod arithmetic;
mod digits;
pub(crate) mod double;
mod expansion;
mod float;
mod integer;
mod natural;
mod order;
mod text;

pub use arithmetic::{absolute, add, ceil, divide, floor, multiply, product, remainder, round, subtract, sum};
pub use digits::Digits;
pub(crate) use expansion::{Expansion, write_exponent};
pub(crate) use float::{Float, PRECISION, scaled};
pub(crate) use integer::{Integer, integer_operand};
pub(crate) use natural::{MAX_BITS, Natural};
pub(crate) use order::{fits_double, is_in_range};
pub(crate) use text::{Decimal, to_i64 as parse_i64};
pub use text::{Integer64, canonical_integer};

use crate::{Tag, Value, error, raw};

/// The text of a number, in memory of its own when it is an integer.
#[derive(Clone, Copy)]
pub enum Text {
    /// The text of a `Number`.
    Kept(&'static [u8]),
    /// The digits of an `Integer`.
    Made(Integer64),
}

impl Text {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Kept(bytes) => bytes,
            Self::Made(digits) => digits.bytes(),
        }
    }
}

/// The text of a number; `None` for other values.
#[must_use]
pub fn text(value: Value) -> Option<Text> {
    match value.as_integer() {
        Some(integer) => Some(Text::Made(Integer64::new(integer))),
        None => value.as_number_text().map(Text::Kept),
    }
}

/// The order of two numbers as a sign. `has_text`: whether one of them is kept as its text.
pub(crate) fn order(a: Value, b: Value, has_text: bool) -> i32 {
    if has_text {
        return order::order(a, b);
    }
    let (a, b) = (integer(a), integer(b));
    i32::from(a > b) - i32::from(a < b)
}

/// Whether a number is kept as its text.
fn is_text(number: Value) -> bool {
    matches!(number.tag(), Tag::Number)
}

/// The value of a number that is not kept as its text.
#[inline(never)]
fn integer(number: Value) -> i64 {
    if number.is_small() { number.small_value() } else { raw::integer(number) }
}

/// The text of a number that is known to be one, in `digits` if it is an integer.
#[expect(clippy::inline_always, reason = "a function of its own costs every module 31 bytes")]
#[inline(always)]
pub(crate) fn text_in(number: Value, digits: &mut Digits) -> &[u8] {
    if is_text(number) { raw::text(number) } else { digits.write(integer(number)) }
}

/// Where the text of a number begins, as [`text_in`] gives it. A NUL byte follows it.
#[inline(never)]
fn text_start(number: Value, digits: &mut Digits) -> *const u8 {
    if is_text(number) { raw::text(number).as_ptr() } else { digits.write_up_to_end(integer(number)) }
}

/// The integer that OPA takes a number for where it wants one: `1.0` is one, `1e0` is not. `None` also for other values.
#[must_use]
pub fn to_i64(value: Value) -> Option<i64> {
    match value.as_integer() {
        Some(integer) => Some(integer),
        None => text::to_i64(value.as_number_text()?),
    }
}

/// The integer of 64 bits that a number becomes when it is rounded to a float of [`PRECISION`] bits (Go's `big.Float`), whatever its
/// text. `None` also for other values.
pub(crate) fn rounded_i64(value: Value) -> Option<i64> {
    if let Some(integer) = value.as_integer() {
        return Some(integer);
    }
    // What is too large or below a tenth cannot be one: no power of ten has to be made.
    let exponent = text::Decimal::new(value.as_number_text()?).exponent;
    if (0..=19).contains(&exponent) { Float::of(value)?.to_i64() } else { None }
}

/// Fails because a number is too big.
#[cold]
pub(crate) fn too_big() -> Value {
    error::fail("number too big")
}
