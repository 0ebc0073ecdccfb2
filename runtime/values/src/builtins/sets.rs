//! Sets: `&`, `|`, `-`, `intersection`, `union`.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::operand;
use crate::{Set, Value, compare, keyed};

/// `a & b`
#[must_use]
pub fn and(a: Value, b: Value) -> Value {
    match operand::pair(operand::set, a, b) {
        Some((a, b)) => intersect(a, b).into(),
        None => Value::UNDEFINED,
    }
}

/// `a | b`
#[must_use]
pub fn or(a: Value, b: Value) -> Value {
    match operand::pair(operand::set, a, b) {
        Some((a, b)) => unite(&[a, b]),
        None => Value::UNDEFINED,
    }
}

/// `set_diff(a, b)`, and `a - b` for sets
#[must_use]
pub fn difference(a: Value, b: Value) -> Value {
    let Some((a, b)) = operand::pair(operand::set, a, b) else { return Value::UNDEFINED };
    select(a, b, false).into()
}

/// `intersection(sets)`
#[must_use]
pub fn intersection(sets: Value) -> Value {
    let Some(sets) = operand::set(1, sets) else { return Value::UNDEFINED };
    let mut common: Option<Set> = None;
    for set in sets.elements() {
        let Some(set) = operand::set(1, set) else { return Value::UNDEFINED };
        common = Some(common.map_or(set, |common| intersect(common, set)));
    }
    common.unwrap_or_else(|| Set::new(0)).into()
}

/// `union(sets)`
#[must_use]
pub fn union(sets: Value) -> Value {
    let Some(sets) = operand::set(1, sets) else { return Value::UNDEFINED };
    let mut all = Vec::with_capacity(sets.len());
    for set in sets.elements() {
        let Some(set) = operand::set(1, set) else { return Value::UNDEFINED };
        all.push(set);
    }
    unite(&all)
}

/// Of elements that are equal, such as `1` and `1.0`, that of the first set stays.
fn unite(sets: &[Set]) -> Value {
    let elements: Vec<Value> = sets.iter().rev().flat_map(|set| set.elements()).collect();
    keyed::set_of(&elements)
}

/// Of two elements that are equal, such as `1` and `1.0`, that of the smaller set stays, or else the first one's.
fn intersect(a: Set, b: Set) -> Set {
    let (small, large) = if b.len() < a.len() { (b, a) } else { (a, b) };
    select(small, large, true)
}

/// How many times larger a set must be for searching it for each element of another to be faster than going through both.
const MUCH_LARGER: usize = 16;

/// The elements of a set that another one has, or that it has not.
fn select(set: Set, other: Set, wanted: bool) -> Set {
    let selected = Set::new(set.len());
    let search = other.len() / MUCH_LARGER > set.len();
    let mut others = other.elements();
    let mut next = others.next().filter(|_| !search);
    for element in set.elements() {
        let mut is_in = search && other.contains(element);
        while let Some(other) = next {
            let order = compare(other, element);
            if order != Ordering::Less {
                is_in = order == Ordering::Equal;
                break;
            }
            next = others.next();
        }
        if is_in == wanted {
            keyed::append(selected.into(), element, element);
        }
    }
    selected
}
