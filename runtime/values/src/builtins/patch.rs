//! `json.patch`: JSON Patch (RFC 6902), also on sets, and with paths that are arrays of keys.
//!
//! A document is unfolded along the paths that change it, and put together once at the end.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{operand, paths};
use crate::error::{self, Part};
use crate::{Array, Object, Set, Value, equal, number, rt};

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

/// A document, unfolded where it changes. `Whole(UNDEFINED)` is one that was removed.
enum Node {
    Whole(Value),
    Array(Vec<Node>),
    Object(BTreeMap<Value, Node>),
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
                Part::Value(found),
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
            Self::Array(elements) => elements.iter().map(Self::render).collect::<Array>().into(),
            Self::Object(entries) => entries.iter().map(|(key, node)| (*key, node.render())).collect::<Object>().into(),
        }
    }

    /// Unfolds an array or an object by one level.
    fn unfold(&mut self) {
        if let Self::Whole(value) = self {
            if let Some(array) = value.as_array() {
                *self = Self::Array(array.iter().map(Self::Whole).collect());
            } else if let Some(object) = value.as_object() {
                *self = Self::Object(object.entries().map(|(key, value)| (key, Self::Whole(value))).collect());
            }
        }
    }

    /// The value at a path.
    fn at(&self, path: &[Value]) -> Outcome<Value> {
        let Some((&key, rest)) = path.split_first() else { return Ok(self.render()) };
        match self {
            Self::Array(elements) => match elements.get(index(key, elements.len())?) {
                Some(element) => element.at(rest),
                None => missing(key, self),
            },
            Self::Object(entries) => match entries.get(&key) {
                Some(entry) => entry.at(rest),
                None => missing(key, self),
            },
            Self::Whole(value) => match child(*value, key)?.defined() {
                Some(child) => Self::Whole(child).at(rest),
                None => missing(key, self),
            },
        }
    }

    /// Puts a value at a path: into an array before the index, into an object under the key, into a set under itself.
    fn insert(&mut self, path: &[Value], value: Value) -> Outcome<()> {
        let Some((&key, rest)) = path.split_first() else {
            *self = Self::Whole(value);
            return Ok(());
        };
        if !rest.is_empty() {
            return self.change(key, |child| child.insert(rest, value));
        }
        self.unfold();
        match self {
            Self::Array(elements) => {
                let at = index(key, elements.len())?;
                if at > elements.len() {
                    return fail(&[Part::Text("index for array insertion out of bounds")]);
                }
                elements.insert(at, Self::Whole(value));
            }
            Self::Object(entries) => {
                entries.insert(key, Self::Whole(value));
            }
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
            Self::Array(elements) => {
                let at = index(key, elements.len())?;
                if at >= elements.len() {
                    return fail(&[Part::Text("index for array delete out of bounds")]);
                }
                elements.remove(at);
                return Ok(());
            }
            Self::Object(entries) => {
                if entries.remove(&key).is_some() {
                    return Ok(());
                }
            }
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
            Self::Array(elements) => {
                let at = index(key, elements.len())?;
                if let Some(element) = elements.get_mut(at) {
                    return change(element);
                }
            }
            Self::Object(entries) => {
                if let Some(entry) = entries.get_mut(&key) {
                    return change(entry);
                }
            }
            Self::Whole(whole) => {
                if let Some(element) = child(*whole, key)?.defined()
                    && let Some(set) = whole.as_set()
                {
                    let mut node = Self::Whole(element);
                    change(&mut node)?;
                    *whole = without(set, element).elements().chain([node.render()]).collect::<Set>().into();
                    return Ok(());
                }
            }
        }
        missing(key, self)
    }
}

fn without(set: Set, element: Value) -> Set {
    set.elements().filter(|&other| !equal(other, element)).collect()
}

/// The element of a collection under a key of a path; undefined when there is none.
fn child(value: Value, key: Value) -> Outcome<Value> {
    if let Some(array) = value.as_array() {
        return Ok(array.get(index(key, array.len())?));
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

fn missing<T>(key: Value, node: &Node) -> Outcome<T> {
    let kind = match node {
        Node::Array(_) => "array",
        Node::Object(_) => "object",
        Node::Whole(value) => error::type_name(*value),
    };
    // Of a set OPA shows the key as the head of a reference, which has no quotes.
    let shown = key.as_str().filter(|_| kind == "set").map_or(Part::Value(key), Part::Bytes);
    fail(&[
        Part::Text("path "),
        shown,
        Part::Text(" does not exist in "),
        Part::Text(kind),
        Part::Text(" term "),
        Part::Value(node.render()),
    ])
}

/// The index that a key of a path is: a number, the text of one without leading zeros, or `-` for the end.
fn index(key: Value, len: usize) -> Outcome<usize> {
    if key.is_number() {
        return match number::to_i64(key) {
            // A negative index is out of bounds, as one that is far too large.
            Some(index) => Ok(usize::try_from(index).unwrap_or(usize::MAX)),
            None => fail(&[Part::Text("invalid number type for indexing")]),
        };
    }
    let Some(text) = key.as_str() else { return fail(&[Part::Text("invalid type for indexing")]) };
    if text == b"-" {
        return Ok(len);
    }
    let Some(index) = number::parse_i64(text) else { return fail(&[Part::Text("invalid string for indexing")]) };
    if text.starts_with(b"0") && text != b"0" {
        return fail(&[Part::Text("leading zeros are not allowed in JSON paths")]);
    }
    Ok(usize::try_from(index).unwrap_or(usize::MAX))
}
