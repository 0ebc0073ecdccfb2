//! A YAML document as a value: scalars by their meaning, merges and aliases followed, within bounds. Needs no stack.

use alloc::vec::Vec;

use regoc_abi::layout::MAX_DEPTH;

use super::Error;
use super::scalar::{self, Scalar};
use super::tree::Node;
use crate::format::append_float;
use crate::number::double;
use crate::{Array, Object, Tag, Value, display, rt};

const TAG_PREFIX: &[u8] = b"tag:yaml.org,2002:";

/// The value of a document: that of its last node.
///
/// The nodes of a collection come before it, so one pass makes all values, and an alias costs nothing: it shares the value. What
/// go-yaml would count is counted all the same, so that a document is refused when OPA refuses it.
pub(super) fn value(nodes: &[Node]) -> Result<Value, Error> {
    let mut converter = Converter { nodes, made: Vec::with_capacity(nodes.len()) };
    for node in 0..nodes.len() {
        let made = converter.make(node)?;
        converter.made.push(made);
    }
    let Some(root) = nodes.len().checked_sub(1) else { return Ok(Value::NULL) };
    if converter.made.last().is_some_and(Made::is_bomb) {
        return Err(Error::new("document contains excessive aliasing"));
    }
    converter.value(root)
}

/// What was made of a node.
#[derive(Clone, Copy)]
struct Made {
    /// The value of a collection; undefined for scalars, which may be keys.
    value: Value,
    depth: u32,
    /// How many nodes there are in it, aliases followed, and how many of these below an alias.
    nodes: u64,
    aliased: u64,
}

impl Made {
    const SCALAR: Self = Self { value: Value::UNDEFINED, depth: 1, nodes: 1, aliased: 0 };

    /// Go-yaml's bound: up to 400,000 nodes 99 of 100 may come from aliases, from 4,000,000 on 10 of 100, in between in proportion.
    fn is_bomb(&self) -> bool {
        let over = self.nodes.clamp(400_000, 4_000_000) - 400_000;
        // In units of 1 / 360,000,000: a hundredth of the range.
        let allowed = 99 * 3_600_000 - 89 * over;
        let ratio = u128::from(self.aliased) * 360_000_000 > u128::from(self.nodes) * u128::from(allowed);
        self.aliased > 100 && self.nodes > 1000 && ratio
    }

    /// Counts a child in.
    fn add(&mut self, child: Self) {
        self.depth = self.depth.max(child.depth + 1);
        self.nodes = self.nodes.saturating_add(child.nodes);
        self.aliased = self.aliased.saturating_add(child.aliased);
    }
}

struct Converter<'n> {
    nodes: &'n [Node],
    /// What was made of the nodes so far.
    made: Vec<Made>,
}

impl Converter<'_> {
    fn make(&self, node: usize) -> Result<Made, Error> {
        let mut made = Made::SCALAR;
        match self.nodes.get(node) {
            Some(Node::Sequence(items)) => {
                let array = Array::new(items.len());
                for item in items {
                    made.add(self.made(*item)?);
                    array.push(self.value(*item)?);
                }
                made.value = array.into();
            }
            Some(Node::Mapping(pairs)) => made.value = self.mapping(pairs, &mut made)?,
            // The place holder of an anchor leads forward; it is nobody's child, only aliases lead to it.
            Some(Node::Alias(target, _)) if *target > node => {}
            Some(Node::Alias(_, name)) => {
                let Some(target) = self.made.get(self.target(node)) else {
                    return Err(Error::yaml(0, &[b"anchor '", name, b"' value contains itself"]));
                };
                made.add(Made { depth: target.depth - 1, aliased: target.nodes, ..*target });
                made.value = target.value;
            }
            _ => {}
        }
        if made.depth > MAX_DEPTH {
            return Err(Error::new("exceeded the maximum depth of 1000"));
        }
        Ok(made)
    }

    fn made(&self, node: usize) -> Result<Made, Error> {
        self.made.get(node).copied().ok_or_else(|| Error::new("a node contains itself"))
    }

    /// The node that an alias stands for, or the node itself.
    fn target(&self, mut node: usize) -> usize {
        while let Some(Node::Alias(target, _)) = self.nodes.get(node) {
            node = *target;
        }
        node
    }

    /// The value of a node that was made.
    fn value(&self, node: usize) -> Result<Value, Error> {
        let node = self.target(node);
        match self.nodes.get(node) {
            Some(Node::Scalar { value, tag, plain }) => value_of(&resolve(value, tag.as_deref(), *plain)?, value),
            _ => Ok(self.made(node)?.value),
        }
    }

    fn mapping(&self, pairs: &[(usize, usize)], made: &mut Made) -> Result<Value, Error> {
        let object = Object::new(pairs.len());
        for (key, value) in pairs {
            made.add(self.made(*key)?);
            made.add(self.made(*value)?);
            if let Some(key) = self.key(*key, *value)? {
                object.insert(key, self.value(*value)?);
            }
        }
        for (key, value) in pairs {
            if self.key(*key, *value)?.is_none() {
                self.merge(object, *value)?;
            }
        }
        Ok(object.into())
    }

    /// Adds what a merge key brings, but nothing that is there.
    fn merge(&self, object: Object, node: usize) -> Result<(), Error> {
        match self.nodes.get(node) {
            Some(Node::Sequence(items)) => items.iter().try_for_each(|item| self.merge_one(object, *item)),
            _ => self.merge_one(object, node),
        }
    }

    fn merge_one(&self, object: Object, node: usize) -> Result<(), Error> {
        let Some(source) = self.value(node)?.as_object() else {
            return Err(Error::new("map merge requires map or sequence of maps as the value"));
        };
        for (key, value) in source.entries() {
            if !object.contains_key(key) {
                object.insert(key, value);
            }
        }
        Ok(())
    }

    /// The key of an object, none for a merge key; messages also show its value.
    fn key(&self, node: usize, value_node: usize) -> Result<Option<Value>, Error> {
        let Some(Node::Scalar { value, tag, plain }) = self.nodes.get(self.target(node)) else {
            let key = self.value(node)?;
            return Err(Error::yaml(0, &[b"invalid map key: ", &go_syntax(key)]));
        };
        Ok(Some(match resolve(value, tag.as_deref(), *plain)? {
            Resolved::Scalar(Scalar::Merge) => return Ok(None),
            Resolved::Scalar(Scalar::Null) => {
                let value = self.value(value_node)?;
                let shown = if value.is_null() { b"<nil>".to_vec() } else { go_syntax(value) };
                let message =
                    [b"unsupported map key of type: %!s(<nil>), key: <nil>, value: ", shown.as_slice()].concat();
                return Err(Error::json(&alloc::string::String::from_utf8_lossy(&message)));
            }
            Resolved::Scalar(Scalar::Boolean(value)) => Value::string(if value { b"true" } else { b"false" }),
            Resolved::Scalar(Scalar::Integer(number)) => Value::string(alloc::format!("{number}").as_bytes()),
            Resolved::Scalar(Scalar::Float(number)) => Value::string(&float_key(number)),
            Resolved::Scalar(Scalar::Text) => Value::string(value),
            Resolved::Bytes(bytes) => Value::string(&bytes),
        }))
    }
}

/// A key that is a float: the shortest text of the 32-bit float, as go-yaml writes it.
fn float_key(number: f64) -> Vec<u8> {
    let single = number as f32;
    if single.is_nan() {
        return Vec::from(b".nan");
    }
    if single.is_infinite() {
        return Vec::from(if single > 0.0 { &b".inf"[..] } else { b"-.inf" });
    }
    let mut text = Vec::new();
    append_float(&mut text, single.is_sign_negative(), &double::shortest_single(single));
    text
}

/// A scalar with its tag applied.
enum Resolved {
    Scalar(Scalar),
    /// The bytes of a `!!binary`.
    Bytes(Vec<u8>),
}

fn resolve(text: &[u8], tag: Option<&[u8]>, plain: bool) -> Result<Resolved, Error> {
    let Some(tag) = tag else {
        let meaning = if plain { scalar::resolve(text) } else { Scalar::Text };
        return Ok(Resolved::Scalar(meaning));
    };
    let Some(short) = tag.strip_prefix(TAG_PREFIX) else { return Ok(Resolved::Scalar(Scalar::Text)) };
    let meaning = scalar::resolve(text);
    let fits = match (short, meaning) {
        (b"str", _) => return Ok(Resolved::Scalar(Scalar::Text)),
        (b"binary", _) => {
            let spaceless: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
            let bytes = data_encoding::BASE64.decode(&spaceless);
            return bytes.map(Resolved::Bytes).map_err(|_| Error::new("!!binary value contains invalid base64 data"));
        }
        (b"float", Scalar::Integer(number)) => return Ok(Resolved::Scalar(Scalar::Float(number as f64))),
        (b"null", Scalar::Null) | (b"bool", Scalar::Boolean(_)) | (b"int", Scalar::Integer(_)) => true,
        (b"float", Scalar::Float(_)) | (b"merge", _) => true,
        (b"null" | b"bool" | b"int" | b"float" | b"timestamp", _) => false,
        _ => return Ok(Resolved::Scalar(Scalar::Text)),
    };
    if fits {
        return Ok(Resolved::Scalar(meaning));
    }
    let meant: &[u8] = match meaning {
        Scalar::Null => b"!!null `",
        Scalar::Boolean(_) => b"!!bool `",
        Scalar::Integer(_) => b"!!int `",
        Scalar::Float(_) => b"!!float `",
        Scalar::Merge => b"!!merge `",
        Scalar::Text => b"!!str `",
    };
    Err(Error::yaml(0, &[b"cannot decode ", meant, text, b"` as a !!", short]))
}

/// A value as Go's `%#v` prints it.
fn go_syntax(value: Value) -> Vec<u8> {
    let mut text = Vec::new();
    let (open, count): (&[u8], usize) = match value.tag() {
        Tag::Null => return Vec::from(b"interface {}(nil)"),
        Tag::Array => (b"[]interface {}{", rt::scan(value)),
        Tag::Object => (b"map[string]interface {}{", rt::scan(value)),
        _ => return display(value),
    };
    text.extend_from_slice(open);
    for index in 0..count {
        if index > 0 {
            text.extend_from_slice(b", ");
        }
        if value.tag() == Tag::Object {
            text.extend_from_slice(&display(rt::scan_key(value, index)));
            text.push(b':');
        }
        text.extend_from_slice(&go_syntax(rt::scan_value(value, index)));
    }
    text.push(b'}');
    text
}

fn value_of(resolved: &Resolved, text: &[u8]) -> Result<Value, Error> {
    Ok(match resolved {
        Resolved::Scalar(Scalar::Null) => Value::NULL,
        Resolved::Scalar(Scalar::Boolean(value)) => Value::boolean(*value),
        Resolved::Scalar(Scalar::Integer(number)) => Value::number(alloc::format!("{number}").as_bytes()),
        Resolved::Scalar(Scalar::Float(number)) if !number.is_finite() => {
            let name = if number.is_nan() {
                "NaN"
            } else if *number > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            };
            return Err(Error::json(&alloc::format!("json: unsupported value: {name}")));
        }
        Resolved::Scalar(Scalar::Float(number)) => scalar::float_value(*number),
        Resolved::Scalar(Scalar::Merge | Scalar::Text) => Value::string(text),
        Resolved::Bytes(bytes) => Value::string(bytes),
    })
}
