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

/// The same as [`equal`], sooner for strings.
#[must_use]
pub fn equal_often(a: Value, b: Value) -> bool {
    if is_text(a) && is_text(b) {
        return a.to_word() == b.to_word() || raw::is_same_text(a, b);
    }
    equal(a, b)
}

/// The same as [`Value::is_string`], sooner.
#[inline(always)]
fn is_text(value: Value) -> bool {
    raw::tag_word(value) == Tag::String as u32
}

/// The order as a sign: negative, 0 or positive.
#[inline(never)]
pub(crate) fn order(a: Value, b: Value) -> i32 {
    if a.to_word() == b.to_word() {
        return 0;
    }
    // Most of what is compared are strings.
    if is_text(a) && is_text(b) {
        return raw::compare_texts(a, b);
    }
    let (tag_a, tag_b) = (a.tag() as i32, b.tag() as i32);
    let (rank_a, rank_b) = (rank(tag_a), rank(tag_b));
    if rank_a != rank_b {
        return rank_a - rank_b;
    }
    if rank_a > STRING {
        return order_elements(a, b);
    }
    if rank_a == NUMBER {
        return number::order(a, b, tag_a | tag_b == NUMBER);
    }
    // Of constants, which are small.
    a.to_word() as i32 - b.to_word() as i32
}

const NUMBER: i32 = Tag::Number as i32;
const STRING: i32 = Tag::String as i32;
// What a number is that is kept as its text shows when the tags are laid over each other.
const _: () = assert!(Tag::Integer as i32 & 1 == 0 && NUMBER == Tag::Integer as i32 | 1);

/// The place of a type in the order. Both kinds of numbers have one.
fn rank(tag: i32) -> i32 {
    tag | i32::from(tag == Tag::Integer as i32)
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
    raw::len(a) as i32 - raw::len(b) as i32
}
