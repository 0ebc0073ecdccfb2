//! Sets: `&`, `|`, `-`, `intersection`, `union`.

use super::operand;
use crate::{Set, Value};

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
    let Some((a, b)) = operand::pair(operand::set, a, b) else { return Value::UNDEFINED };
    unite([a, b].into_iter(), a.len() + b.len())
}

/// `set_diff(a, b)`, and `a - b` for sets
#[must_use]
pub fn difference(a: Value, b: Value) -> Value {
    let Some((a, b)) = operand::pair(operand::set, a, b) else { return Value::UNDEFINED };
    let rest = Set::new(a.len());
    add_all(rest, a.elements().filter(|&element| !b.contains(element)));
    rest.into()
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
    let mut total = 0;
    for set in sets.elements() {
        let Some(set) = operand::set(1, set) else { return Value::UNDEFINED };
        total += set.len();
    }
    unite(sets.elements().filter_map(Value::as_set), total)
}

fn unite(sets: impl Iterator<Item = Set>, total: usize) -> Value {
    let all = Set::new(total);
    sets.for_each(|set| add_all(all, set.elements()));
    all.into()
}

fn add_all(set: Set, elements: impl Iterator<Item = Value>) {
    elements.for_each(|element| {
        set.add(element);
    });
}

/// Of two elements that are equal, such as `1` and `1.0`, that of the smaller set stays, or else the first one's.
fn intersect(a: Set, b: Set) -> Set {
    let (small, large) = if b.len() < a.len() { (b, a) } else { (a, b) };
    let common = Set::new(small.len());
    add_all(common, small.elements().filter(|&element| large.contains(element)));
    common
}
