//! `json.patch`: JSON Patch (RFC 6902), also on sets, and with paths that are arrays of keys.
//!
//! A document is unfolded along the paths that change it, and put together once at the end.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{operand, paths};
use crate::error::{self, Part};
use crate::{Array, Object, Set, Tag, Value, equal, number, rt};

/// `json.patch(document, operations)`
#[must_use]
pub fn patch(document: Value, operations: Value) -> Value {
    let Some(operations) = operand::array(2, operations) else { return Value::UNDEFINED };
    let mut root = Node::Whole(document);
    for operation in operations.iter() {
        if apply(&mut root, operation).is_err() {
            return Value::UNDEFINED;
        }
    }
    root.render()
}

/// The failure has been noted.
struct Failed;

type Outcome<T> = Result<T, Failed>;

fn fail<T>(parts: &[Part<'_>]) -> Outcome<T> {
    error::fail_with(parts);
    Err(Failed)
}

/// A document, unfolded where a path went. `Whole(UNDEFINED)` is one that was removed.
///
/// What it was before is kept, because OPA's messages show that, and because OPA looks there for an element of an array.
enum Node {
    Whole(Value),
    Array(Array, Vec<Element>),
    Object(Value, BTreeMap<Value, Node>),
    /// The value of a key that was removed; whether it was a collection.
    Removed(bool),
}

/// An element of an array.
struct Element {
    node: Node,
    /// Whether a path led to it, or an operation put it there.
    is_known: bool,
}

fn attribute(operation: Object, name: &str) -> Value {
    operation.get(Value::string(name.as_bytes()))
}

fn required(operation: Object, name: &str) -> Outcome<Value> {
    match attribute(operation, name).defined() {
        Some(value) => Ok(value),
        None => fail(&[Part::Text("missing required attribute '"), Part::Text(name), Part::Text("'")]),
    }
}

fn keys(path: Value) -> Outcome<Vec<Value>> {
    paths::keys(path).ok_or(Failed)
}

fn apply(root: &mut Node, operation: Value) -> Outcome<()> {
    let Some(operation) = operation.as_object() else {
        return fail(&[Part::Text(
            "must be an array of JSON-Patch objects, but at least one element is not an object",
        )]);
    };
    let path = required(operation, "path")?;
    let name = required(operation, "op")?;
    let Some(name) = name.as_str() else {
        return fail(&[Part::Text("attribute 'op' must be a string but found: "), Part::TypeOf(name)]);
    };
    let path = keys(path)?;
    match name {
        b"add" => root.insert(&path, required(operation, "value")?),
        b"remove" => root.remove(&path),
        b"replace" => {
            root.remove(&path)?;
            root.insert(&path, required(operation, "value")?)
        }
        b"move" => {
            let from = keys(required(operation, "from")?)?;
            let value = root.at(&from)?;
            root.remove(&from)?;
            root.insert(&path, value)
        }
        b"copy" => {
            let from = keys(required(operation, "from")?)?;
            let value = root.at(&from)?;
            root.insert(&path, value)
        }
        b"test" => {
            let found = root.at(&path)?;
            let value = required(operation, "value")?;
            if equal(found, value) {
                return Ok(());
            }
            fail(&[
                Part::Text("value from EditTree != patch value.\n\nExpected: "),
                Part::Value(value),
                Part::Text("\n\nFound: "),
                if found.is_undefined() { Part::Text("<nil>") } else { Part::Value(found) },
            ])
        }
        _ => fail(&[Part::Text("unrecognized op: '"), Part::Bytes(name), Part::Text("'")]),
    }
}

impl Node {
    /// The value with all changes.
    fn render(&self) -> Value {
        match self {
            Self::Whole(value) => *value,
            Self::Array(_, elements) => elements.iter().map(|element| element.node.render()).collect::<Array>().into(),
            Self::Object(_, entries) => {
                let entries = entries.iter().map(|(key, node)| (*key, node.render()));
                entries.filter(|(_, value)| !value.is_undefined()).collect::<Object>().into()
            }
            Self::Removed(_) => Value::UNDEFINED,
        }
    }

    /// Unfolds an array or an object by one level.
    fn unfold(&mut self) {
        if let Self::Whole(value) = self {
            if let Some(array) = value.as_array() {
                let element = |value| Element { node: Self::Whole(value), is_known: false };
                *self = Self::Array(array, array.iter().map(element).collect());
            } else if let Some(object) = value.as_object() {
                let entries = object.entries().map(|(key, value)| (key, Self::Whole(value)));
                *self = Self::Object(*value, entries.collect());
            }
        }
    }

    /// Whether it is an array, an object or a set.
    fn is_collection(&self) -> bool {
        match self {
            Self::Whole(value) => value.tag() as u32 >= Tag::Array as u32,
            Self::Array(..) | Self::Object(..) => true,
            Self::Removed(was_collection) => *was_collection,
        }
    }

    /// The value at a path.
    fn at(&mut self, path: &[Value]) -> Outcome<Value> {
        let Some((&key, rest)) = path.split_first() else { return Ok(self.render()) };
        self.unfold();
        match self {
            Self::Array(original, elements) => known(*original, elements, key)?.at(rest),
            Self::Object(original, entries) => entry(*original, entries, key)?.at(rest),
            Self::Whole(value) => match child(*value, key)?.defined() {
                Some(child) => Self::Whole(child).at(rest),
                None => missing(key, *value),
            },
            Self::Removed(_) => Ok(Value::UNDEFINED),
        }
    }

    /// Puts a value at a path: into an array before the index, into an object under the key, into a set under itself.
    fn insert(&mut self, path: &[Value], value: Value) -> Outcome<()> {
        if value.is_undefined() {
            return fail(&[Part::Text("cannot insert nil value into EditTree")]);
        }
        let Some((&key, rest)) = path.split_first() else {
            *self = Self::Whole(value);
            return Ok(());
        };
        if !rest.is_empty() {
            return self.change(key, |child| child.insert(rest, value));
        }
        self.unfold();
        match self {
            Self::Array(_, elements) => match usize::try_from(index(key, elements.len())?) {
                Ok(at) if at <= elements.len() => {
                    elements.insert(at, Element { node: Self::Whole(value), is_known: true });
                }
                _ => return fail(&[Part::Text("index for array insertion out of bounds")]),
            },
            Self::Object(_, entries) => {
                entries.insert(key, Self::Whole(value));
            }
            Self::Removed(_) => {}
            Self::Whole(whole) => {
                let set = set_of(*whole, "insert")?;
                if !equal(key, value) {
                    return fail(&[
                        Part::Text("set key "),
                        Part::Value(key),
                        Part::Text(" does not equal value to be inserted "),
                        Part::Value(value),
                    ]);
                }
                *whole = set.elements().chain([value]).collect::<Set>().into();
            }
        }
        Ok(())
    }

    /// Removes what is at a path.
    fn remove(&mut self, path: &[Value]) -> Outcome<()> {
        let Some((&key, rest)) = path.split_first() else {
            if matches!(self, Self::Whole(value) if value.is_undefined()) {
                return fail(&[Part::Text("deleted node encountered during delete operation")]);
            }
            *self = Self::Whole(Value::UNDEFINED);
            return Ok(());
        };
        if !rest.is_empty() {
            return self.change(key, |child| child.remove(rest));
        }
        self.unfold();
        match self {
            Self::Array(_, elements) => {
                let at = index(key, elements.len())?;
                return remove_element(elements, at).map(|_| ());
            }
            Self::Object(_, entries) => match entries.get_mut(&key) {
                Some(Self::Removed(was_collection)) => return removed("delete", *was_collection, key),
                Some(node) => {
                    *node = Self::Removed(node.is_collection());
                    return Ok(());
                }
                None => {}
            },
            Self::Removed(_) => {}
            Self::Whole(whole) => {
                let set = set_of(*whole, "delete")?;
                if set.contains(key) {
                    *whole = without(set, key).into();
                    return Ok(());
                }
            }
        }
        fail(&[Part::Text("cannot delete child key "), Part::Value(key), Part::Text(" that does not exist")])
    }

    /// Changes what lies under a key.
    fn change(&mut self, key: Value, change: impl FnOnce(&mut Self) -> Outcome<()>) -> Outcome<()> {
        self.unfold();
        match self {
            Self::Array(original, elements) => change(known(*original, elements, key)?),
            Self::Object(original, entries) => change(entry(*original, entries, key)?),
            Self::Removed(_) => Ok(()),
            Self::Whole(whole) => {
                if let Some(element) = child(*whole, key)?.defined()
                    && let Some(set) = whole.as_set()
                {
                    let mut node = Self::Whole(element);
                    change(&mut node)?;
                    *whole = without(set, element).elements().chain([node.render()]).collect::<Set>().into();
                    return Ok(());
                }
                missing(key, *whole)
            }
        }
    }
}

/// The element of an array that a key of a path names. One that no path led to and no operation put there, OPA takes from where it stood in
/// the array as it was, whatever has been inserted or removed before it meanwhile.
fn known(original: Array, elements: &mut Vec<Element>, key: Value) -> Outcome<&mut Node> {
    let at = index(key, elements.len())?;
    let place = usize::try_from(at).unwrap_or(usize::MAX);
    if !elements.get(place).is_some_and(|element| element.is_known) {
        let value = original.get(place);
        if value.is_undefined() {
            return missing(Value::integer(at), original.into());
        }
        remove_element(elements, at)?;
        elements.insert(place, Element { node: Node::Whole(value), is_known: true });
    }
    match elements.get_mut(place) {
        Some(element) => Ok(&mut element.node),
        None => missing(Value::integer(at), original.into()),
    }
}

fn remove_element(elements: &mut Vec<Element>, at: i64) -> Outcome<Element> {
    match usize::try_from(at) {
        Ok(at) if at < elements.len() => Ok(elements.remove(at)),
        _ => fail(&[Part::Text("index for array delete out of bounds")]),
    }
}

/// The value of a key of an object.
fn entry(original: Value, entries: &mut BTreeMap<Value, Node>, key: Value) -> Outcome<&mut Node> {
    match entries.get_mut(&key) {
        Some(Node::Removed(was_collection)) => removed("unfold", *was_collection, key),
        Some(node) => Ok(node),
        None => missing(key, original),
    }
}

fn removed<T>(operation: &str, was_collection: bool, key: Value) -> Outcome<T> {
    fail(&[
        Part::Text("cannot "),
        Part::Text(operation),
        Part::Text(" the already deleted "),
        Part::Text(if was_collection { "composite" } else { "scalar" }),
        Part::Text(" node for key "),
        Part::Value(key),
    ])
}

fn without(set: Set, element: Value) -> Set {
    set.elements().filter(|&other| !equal(other, element)).collect()
}

/// The element of a collection under a key of a path; undefined when there is none.
fn child(value: Value, key: Value) -> Outcome<Value> {
    if let Some(array) = value.as_array() {
        let at = usize::try_from(index(key, array.len())?).unwrap_or(usize::MAX);
        return Ok(array.get(at));
    }
    if value.is_undefined() {
        return fail(&[Part::Text("nil value encountered where composite value was expected")]);
    }
    if value.as_object().is_none() && value.as_set().is_none() {
        return fail(&[
            Part::Text("expected composite type for path "),
            Part::Value(key),
            Part::Text(", found value: "),
            Part::Value(value),
            Part::Text(" (type: ast."),
            Part::Text(go_type(value)),
            Part::Text(")"),
        ]);
    }
    Ok(rt::dot(value, key))
}

/// OPA's name for the type of a scalar.
fn go_type(value: Value) -> &'static str {
    if value.is_null() {
        "Null"
    } else if value.is_number() {
        "Number"
    } else if value.is_string() {
        "String"
    } else {
        "Boolean"
    }
}

fn set_of(value: Value, operation: &str) -> Outcome<Set> {
    if let Some(set) = value.as_set() {
        return Ok(set);
    }
    if value.is_undefined() {
        return fail(&[
            Part::Text("deleted node encountered during "),
            Part::Text(operation),
            Part::Text(" operation"),
        ]);
    }
    fail(&[
        Part::Text("expected composite type, found value: "),
        Part::Value(value),
        Part::Text(" (type: ast."),
        Part::Text(go_type(value)),
        Part::Text(")"),
    ])
}

fn missing<T>(key: Value, collection: Value) -> Outcome<T> {
    let kind = error::type_name(collection);
    // Of a set OPA shows the key as the head of a reference, which has no quotes.
    let shown = key.as_str().filter(|_| kind == "set").map_or(Part::Value(key), Part::Bytes);
    fail(&[
        Part::Text("path "),
        shown,
        Part::Text(" does not exist in "),
        Part::Text(kind),
        Part::Text(" term "),
        Part::Value(collection),
    ])
}

/// The index that a key of a path is: a number, the text of one without leading zeros, or `-` for the end.
fn index(key: Value, len: usize) -> Outcome<i64> {
    if key.is_number() {
        return match number::to_i64(key) {
            Some(index) => Ok(index),
            None => fail(&[Part::Text("invalid number type for indexing")]),
        };
    }
    let Some(text) = key.as_str() else { return fail(&[Part::Text("invalid type for indexing")]) };
    if text == b"-" {
        return Ok(len as i64);
    }
    let Some(index) = number::parse_i64(text) else { return fail(&[Part::Text("invalid string for indexing")]) };
    if text.starts_with(b"0") && text != b"0" {
        return fail(&[Part::Text("leading zeros are not allowed in JSON paths")]);
    }
    Ok(index)
}
