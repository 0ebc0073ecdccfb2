//! Objects: `object.filter`, `object.get`, `object.keys`, `object.remove`, `object.subset`, `object.union`, `object.union_n`.

use alloc::collections::BTreeSet;

use super::operand;
use crate::{Array, Object, Set, Tag, Value, equal, error, keyed, rt};

/// `object.get(object, key or path, default)`
#[must_use]
pub fn get(object: Value, path: Value, default: Value) -> Value {
    let Some(typed) = operand::object(1, object) else { return Value::UNDEFINED };
    let found = match path.as_array() {
        Some(path) => path.iter().fold(object, rt::dot),
        None => typed.get(path),
    };
    found.defined().unwrap_or(default)
}

/// `object.keys(object)`
#[must_use]
pub fn keys(object: Value) -> Value {
    match operand::object(1, object) {
        Some(object) => object.keys().collect::<Set>().into(),
        None => Value::UNDEFINED,
    }
}

/// `object.filter(object, keys)`: the entries with these keys
#[must_use]
pub fn filter(object: Value, keys: Value) -> Value {
    select(object, keys, true)
}

/// `object.remove(object, keys)`: the entries without these keys
#[must_use]
pub fn remove(object: Value, keys: Value) -> Value {
    select(object, keys, false)
}

fn select(object: Value, keys: Value, wanted: bool) -> Value {
    let Some(object) = operand::object(1, object) else { return Value::UNDEFINED };
    let keys: Set = match keys.tag() {
        Tag::Array | Tag::Set => (0..rt::scan(keys)).map(|index| rt::scan_value(keys, index)).collect(),
        Tag::Object => (0..rt::scan(keys)).map(|index| rt::scan_key(keys, index)).collect(),
        _ => return error::operand_type(2, keys, "one of {object, set, array}"),
    };
    // Of two keys that are equal, such as `1` and `1.0`, OPA takes that of the smaller collection.
    if wanted && object.len() < keys.len() {
        let found = keys.elements().map(|key| (key, object.get(key)));
        return found.filter(|(_, value)| !value.is_undefined()).collect::<Object>().into();
    }
    object.entries().filter(|&(key, _)| keys.contains(key) == wanted).collect::<Object>().into()
}

/// `object.union(a, b)`: objects merged recursively, else the second one's value
#[must_use]
pub fn union(a: Value, b: Value) -> Value {
    match operand::pair(operand::object, a, b) {
        // Equal values can be written otherwise, as `1` and `1.0`.
        Some(_) if equal(a, b) => a,
        Some(_) => overlay(a, b),
        None => Value::UNDEFINED,
    }
}

/// Objects merged recursively, else the second value, or the first if there is no second.
fn overlay(a: Value, b: Value) -> Value {
    if a.as_object().is_some() && b.as_object().is_some() {
        keyed::union(a, b, overlay)
    } else {
        b.defined().unwrap_or(a)
    }
}

/// `object.union_n(objects)`
#[must_use]
pub fn union_n(objects: Value) -> Value {
    let Some(array) = operand::array(1, objects) else { return Value::UNDEFINED };
    if let Some(other) = array.iter().find(|element| element.as_object().is_none()) {
        return error::operand_element(1, objects, other, "objects");
    }
    let merged = Object::new(0);
    let mut copies = BTreeSet::new();
    for object in array.iter().filter_map(Value::as_object) {
        merge_into(merged, object, &mut copies);
    }
    merged.into()
}

/// Merges an object into one that was made here. `copies` are the words of the objects inside it that were made here, too.
fn merge_into(target: Object, source: Object, copies: &mut BTreeSet<usize>) {
    for (key, value) in source.entries() {
        let (Some(inner), Some(source)) = (target.get(key).as_object(), value.as_object()) else {
            target.insert(key, value);
            continue;
        };
        let mut inner = inner;
        if !copies.contains(&Value::from(inner).to_word()) {
            inner = rt::copy(inner, source.len());
            copies.insert(Value::from(inner).to_word());
            target.insert(key, inner.into());
        }
        merge_into(inner, source, copies);
    }
}

/// `object.subset(super, sub)`
#[must_use]
pub fn subset(all: Value, part: Value) -> Value {
    match (all.tag(), part.tag()) {
        (Tag::Object, Tag::Object) | (Tag::Set, Tag::Set) | (Tag::Array, Tag::Array) => {
            Value::boolean(is_subset(all, part))
        }
        (Tag::Array, Tag::Set) => Value::boolean(holds_all(all, part)),
        _ => error::raise(error::Error {
            kind: error::Kind::Operand,
            operand: None,
            parts: &[error::Part::Text("both arguments object.subset must be of the same type or array and set")],
        }),
    }
}

fn is_subset(all: Value, part: Value) -> bool {
    if equal(all, part) {
        return true;
    }
    if let (Some(all), Some(part)) = (all.as_object(), part.as_object()) {
        return part.entries().all(|(key, part)| all.get(key).defined().is_some_and(|all| is_subset(all, part)));
    }
    if let (Some(all), Some(part)) = (all.as_set(), part.as_set()) {
        return part.elements().all(|element| all.contains(element));
    }
    match (all.as_array(), part.as_array()) {
        (Some(all), Some(part)) => has_run(all, part),
        _ => false,
    }
}

/// Whether the elements of one array stand side by side in another (Knuth, Morris and Pratt).
fn has_run(all: Array, part: Array) -> bool {
    let mut borders: alloc::vec::Vec<usize> = alloc::vec![0];
    let step = |borders: &[usize], mut matched: usize, element: Value| {
        while matched > 0 && !equal(part.get(matched), element) {
            matched = borders.get(matched - 1).copied().unwrap_or(0);
        }
        matched + usize::from(equal(part.get(matched), element))
    };
    for element in part.iter().skip(1) {
        let border = step(&borders, borders.last().copied().unwrap_or(0), element);
        borders.push(border);
    }
    let mut matched = 0;
    for element in all.iter() {
        if matched == part.len() {
            break;
        }
        matched = step(&borders, matched, element);
    }
    matched == part.len()
}

/// Whether an array holds so many elements of a set as it has, as OPA counts them: a repeated one counts again.
fn holds_all(all: Value, part: Value) -> bool {
    let (Some(all), Some(part)) = (all.as_array(), part.as_set()) else { return false };
    let found = all.iter().filter(|&element| part.contains(element)).count();
    if part.is_empty() { !all.is_empty() } else { found >= part.len() }
}
