//! The order of values: `null` < `false` < `true` < numbers < strings < arrays < objects < sets.
//!
//! Strings are ordered by bytes; arrays and sets by their elements, the shorter first; objects by key and value in turn, the
//! keys in order, then the smaller first (as `v1/ast/compare.go`).

use core::cmp::Ordering;

use crate::{Tag, Value, keyed, number, raw};

/// OPA's order of values. Undefined lies before everything.
#[must_use]
pub fn compare(a: Value, b: Value) -> Ordering {
    order(a, b).cmp(&0)
}

/// Whether two values are equal; numbers by their exact value. Undefined equals undefined only.
#[must_use]
pub fn equal(a: Value, b: Value) -> bool {
    if a.to_word() == b.to_word() {
        return true;
    }
    // Undefined has the tag of `null`.
    !a.is_undefined() && !b.is_undefined() && order(a, b) == 0
}

/// The order as a sign: negative, 0 or positive.
#[inline(never)]
pub(crate) fn order(a: Value, b: Value) -> i32 {
    if a.to_word() == b.to_word() {
        return 0;
    }
    let (rank_a, rank_b) = (rank(a), rank(b));
    if rank_a != rank_b {
        return rank_a - rank_b;
    }
    match a.tag() {
        Tag::Integer | Tag::Number => number::order(a, b),
        Tag::String => raw::compare_texts(a, b),
        Tag::Null | Tag::Boolean => sign(a.to_word(), b.to_word()),
        _ => order_elements(a, b),
    }
}

/// The place of a value's type in the order. Both kinds of numbers have one.
fn rank(value: Value) -> i32 {
    match value.tag() {
        Tag::Integer => Tag::Number as i32,
        tag => tag as i32,
    }
}

fn sign(a: usize, b: usize) -> i32 {
    i32::from(a > b) - i32::from(a < b)
}

fn order_elements(a: Value, b: Value) -> i32 {
    keyed::settle(a);
    keyed::settle(b);
    let shorter = raw::len(a).min(raw::len(b)) * keyed::stride(a);
    for index in 0..shorter {
        let difference = order(raw::item(a, index), raw::item(b, index));
        if difference != 0 {
            return difference;
        }
    }
    sign(raw::len(a), raw::len(b))
}
