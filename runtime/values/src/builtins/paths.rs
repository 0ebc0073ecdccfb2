//! Parts of documents by their paths: `json.filter` and `json.remove`, and the paths of `json.patch`.

use alloc::vec::Vec;

use super::operand;
use crate::error::{self, Part};
use crate::number::Integer64;
use crate::{Array, Object, Set, Tag, Value, rt};

/// `json.filter(object, paths)`
#[must_use]
pub fn filter(object: Value, paths: Value) -> Value {
    if operand::object(1, object).is_none() {
        return Value::UNDEFINED;
    }
    match tree(paths) {
        Some(tree) => keep(object, tree.into()),
        None => Value::UNDEFINED,
    }
}

/// `json.remove(object, paths)`
#[must_use]
pub fn remove(object: Value, paths: Value) -> Value {
    if operand::object(1, object).is_none() {
        return Value::UNDEFINED;
    }
    match tree(paths) {
        Some(tree) => drop_paths(object, tree.into()),
        None => Value::UNDEFINED,
    }
}

/// The keys of a path: a JSON pointer without need of its first slash, or an array of keys.
pub(super) fn keys(path: Value) -> Option<Vec<Value>> {
    if let Some(keys) = path.as_array() {
        return Some(keys.iter().collect());
    }
    let Some(text) = path.as_str() else {
        error::operand(
            2,
            &[
                Part::Text("must be one of {set, array} containing string paths or array of path segments but got "),
                Part::TypeOf(path),
            ],
        );
        return None;
    };
    if text.is_empty() {
        return Some(Vec::new());
    }
    let start = text.iter().position(|&byte| byte != b'/').unwrap_or(text.len());
    let pointer = text.get(start..).unwrap_or_default();
    Some(pointer.split(|&byte| byte == b'/').map(unescaped).collect())
}

/// A key of a JSON pointer: first `~1` becomes `/`, then `~0` becomes `~`.
fn unescaped(key: &[u8]) -> Value {
    let mut text = key.to_vec();
    for (escape, byte) in [(b"~1", b'/'), (b"~0", b'~')] {
        let mut at = 0;
        while at + 1 < text.len() {
            if text.get(at..at + 2) == Some(escape) {
                text.splice(at..at + 2, [byte]);
            }
            at += 1;
        }
    }
    Value::string(&text)
}

/// The paths as one object: a key leads on to an object, or ends a path with `null`.
fn tree(paths: Value) -> Option<Object> {
    if !matches!(paths.tag(), Tag::Array | Tag::Set) {
        error::operand_type(2, paths, "one of {set, array}");
        return None;
    }
    let root = Object::new(0);
    for index in 0..rt::scan(paths) {
        let path = keys(rt::scan_value(paths, index))?;
        let Some((&last, inner)) = path.split_last() else { continue };
        let node = inner.iter().try_fold(root, |node, &key| {
            let next = node.get(key);
            if next.is_undefined() {
                let made = Object::new(0);
                node.insert(key, made.into());
                return Some(made);
            }
            next.as_object()
        });
        if let Some(node) = node {
            node.insert(last, Value::NULL);
        }
    }
    Some(root)
}

/// The index of an array as a key of a path.
fn index_key(index: usize) -> Value {
    Value::string(Integer64::new(index as i64).bytes())
}

/// The part of a value that a tree of paths names.
fn keep(value: Value, tree: Value) -> Value {
    let Some(paths) = tree.as_object() else { return value };
    if let Some(array) = value.as_array() {
        let kept = array.iter().enumerate().filter_map(|(index, element)| {
            let paths = paths.get(index_key(index)).defined()?;
            Some(keep(element, paths))
        });
        return kept.collect::<Array>().into();
    }
    if let Some(set) = value.as_set() {
        let kept = set.elements().filter_map(|element| Some(keep(element, paths.get(element).defined()?)));
        return kept.collect::<Set>().into();
    }
    if let Some(object) = value.as_object() {
        let kept = object.entries().filter_map(|(key, value)| Some((key, keep(value, paths.get(key).defined()?))));
        return kept.collect::<Object>().into();
    }
    value
}

/// A value without the parts that a tree of paths names; undefined when it is one of them itself.
fn drop_paths(value: Value, tree: Value) -> Value {
    if tree.is_null() {
        return Value::UNDEFINED;
    }
    let Some(paths) = tree.as_object() else { return value };
    if let Some(array) = value.as_array() {
        let kept = array.iter().enumerate();
        let kept = kept.filter_map(|(index, element)| drop_paths(element, paths.get(index_key(index))).defined());
        return kept.collect::<Array>().into();
    }
    if let Some(set) = value.as_set() {
        let kept = set.elements().filter_map(|element| drop_paths(element, paths.get(element)).defined());
        return kept.collect::<Set>().into();
    }
    if let Some(object) = value.as_object() {
        let kept = object.entries();
        let kept = kept.filter_map(|(key, value)| Some((key, drop_paths(value, paths.get(key)).defined()?)));
        return kept.collect::<Object>().into();
    }
    value
}
