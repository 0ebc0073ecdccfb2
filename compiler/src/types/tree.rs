//! The types of documents by path: what rules make below `data`, and what `with` puts in their place.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::ty::{Key, Object, Set, Type};
use crate::hir::Term;

/// Types by path. The first part of a path is `data` or `input`.
#[derive(Debug)]
pub(super) struct TypeTree {
    nodes: Vec<Node>,
}

/// A node of a [`TypeTree`].
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The type of the document; none while only documents below it are known.
    pub(super) value: Option<Type>,
    children: BTreeMap<Key, usize>,
    /// The type of the whole document with all below it.
    extent: OnceCell<Option<Type>>,
}

/// Deeper than this, a whole document is of any type.
const MAX_DEPTH: usize = 64;

impl TypeTree {
    /// The node above `data` and `input`.
    pub(super) const ROOT: usize = 0;

    /// A tree without types.
    pub(super) fn new() -> Self {
        Self { nodes: vec![Node::default()] }
    }

    /// A node by its id.
    pub(super) fn node(&self, node: usize) -> Option<&Node> {
        self.nodes.get(node)
    }

    /// The node below a node.
    pub(super) fn child(&self, node: usize, key: &Key) -> Option<usize> {
        self.nodes.get(node)?.children.get(key).copied()
    }

    /// The type that a path leads to; the outer option is none when the tree knows nothing of it.
    pub(super) fn get(&self, root: &Key, path: &[Term]) -> Option<Option<Type>> {
        let mut node = self.child(Self::ROOT, root)?;
        for (index, operand) in path.iter().enumerate() {
            let tail = path.get(index..).unwrap_or_default();
            let key = Key::of(operand);
            let child = key.as_ref().and_then(|key| self.child(node, key));
            let value = &self.nodes.get(node)?.value;
            node = match (value, key, child) {
                (Some(_), _, Some(child)) => child,
                (Some(value), _, None) => return Some(select(Some(value.clone()), tail)),
                (None, None, _) => return Some(select(self.extent(node), tail)),
                (None, Some(_), None) => return None,
                (None, Some(_), Some(child)) => child,
            };
        }
        Some(self.extent(node))
    }

    /// Sets the type at a path.
    pub(super) fn put(&mut self, path: &[Key], ty: Type) {
        let node = path.iter().fold(Self::ROOT, |node, key| self.child_or_new(node, key));
        if let Some(node) = self.nodes.get_mut(node) {
            node.value = Some(ty);
        }
    }

    /// Adds a type at a path to what is there: types above take it in as a further value, and so does it what lies
    /// below.
    pub(super) fn insert(&mut self, path: &[Key], ty: Type) {
        let mut node = Self::ROOT;
        for (index, key) in path.iter().enumerate() {
            node = self.child_or_new(node, key);
            let rest = path.get(index + 1..).unwrap_or_default();
            if let (Some(node), false) = (self.nodes.get_mut(node), rest.is_empty())
                && let Some(Type::Object(_)) = node.value
            {
                node.value = node.value.take().map(|value| insert_below(&value, rest, ty.clone()));
            }
        }
        let leaves = if matches!(ty, Type::Object(_)) { self.leaves(node) } else { Vec::new() };
        if let Some(node) = self.nodes.get_mut(node) {
            let mut merged = merge(node.value.take(), Some(ty));
            for (path, leaf) in leaves {
                if let Some(Type::Object(_)) = merged {
                    merged = merged.map(|value| insert_below(&value, &path, leaf));
                }
            }
            node.value = merged;
        }
    }

    /// The type of a document with all below it.
    pub(super) fn extent(&self, node: usize) -> Option<Type> {
        self.extent_at(node, 0)
    }

    fn extent_at(&self, id: usize, depth: usize) -> Option<Type> {
        let node = self.nodes.get(id)?;
        if node.value.is_some() {
            return node.value.clone();
        }
        if depth > MAX_DEPTH {
            return Some(Type::any());
        }
        let compute = || {
            let of_children = node.children.iter().filter(|(key, _)| is_scalar(key));
            let fixed = of_children.map(|(key, child)| (key.clone(), self.extent_at(*child, depth + 1))).collect();
            // Base documents may stand beside the rules.
            Some(Type::object(fixed, Some((Some(Type::String), Some(Type::any())))))
        };
        node.extent.get_or_init(compute).clone()
    }

    /// The type of the keys of a document without a type of its own.
    pub(super) fn keys(&self, node: usize) -> Option<Type> {
        let node = self.nodes.get(node)?;
        match &node.value {
            Some(value) => value.keys(),
            None => {
                let has = |is: fn(&Key) -> bool| node.children.keys().any(is);
                let numbers = has(|key| matches!(key, Key::Number(_))).then_some(Type::Number);
                let booleans = has(|key| matches!(key, Key::Boolean(_))).then_some(Type::Boolean);
                Type::union([Some(Type::String), numbers, booleans])
            }
        }
    }

    /// The nodes below a node, by key.
    pub(super) fn children(&self, node: usize) -> impl Iterator<Item = (&Key, usize)> {
        self.nodes.get(node).into_iter().flat_map(|node| node.children.iter().map(|(key, child)| (key, *child)))
    }

    fn child_or_new(&mut self, node: usize, key: &Key) -> usize {
        let next = self.nodes.len();
        let Some(parent) = self.nodes.get_mut(node) else { return node };
        parent.extent.take();
        let child = *parent.children.entry(key.clone()).or_insert(next);
        if child == next {
            self.nodes.push(Node::default());
        }
        if let Some(child) = self.nodes.get_mut(child) {
            child.extent.take();
        }
        child
    }

    /// The types below a node with their paths.
    fn leaves(&self, node: usize) -> Vec<(Vec<Key>, Type)> {
        let mut leaves = Vec::new();
        let mut work: Vec<(Vec<Key>, usize)> =
            self.children(node).map(|(key, child)| (vec![key.clone()], child)).collect();
        while let Some((path, node)) = work.pop() {
            if let Some(value) = self.nodes.get(node).and_then(|node| node.value.clone()) {
                leaves.push((path, value));
                continue;
            }
            for (key, child) in self.children(node) {
                let mut path = path.clone();
                path.push(key.clone());
                work.push((path, child));
            }
        }
        leaves
    }
}

fn is_scalar(key: &Key) -> bool {
    matches!(key, Key::String(_) | Key::Number(_) | Key::Boolean(_))
}

/// The type that operands lead to below a type. An operand that is not a scalar may select anything.
pub(super) fn select(ty: Option<Type>, path: &[Term]) -> Option<Type> {
    let mut ty = ty?;
    for operand in path {
        ty = match Key::of(operand) {
            Some(key) if !matches!(key, Key::Array(_) | Key::Object(_)) => ty.select(&key)?,
            _ => ty.values()?,
        };
    }
    Some(ty)
}

/// An object type with a further value below it.
fn insert_below(object: &Type, path: &[Key], ty: Type) -> Type {
    let (Type::Object(object), Some((first, _))) = (object, path.split_first()) else { return object.clone() };
    let below =
        path.iter().skip(1).rev().fold(ty, |ty, key| Type::object(Vec::new(), Some((Some(key.ty()), Some(ty)))));
    let key = Some(first.ty());
    let rest = match &object.rest {
        Some((keys, values)) => (Type::or(keys.clone(), key), Type::or(values.clone(), Some(below))),
        None => (key, Some(below)),
    };
    Type::object(object.fixed.clone(), Some(rest))
}

/// The type of a document to which two rules contribute. Sets take in each other's elements; objects without known keys
/// each other's keys and values; anything else becomes a union.
fn merge(a: Option<Type>, b: Option<Type>) -> Option<Type> {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (a, b) => return a.or(b),
    };
    if let (Type::Object(object), Type::Any(any)) | (Type::Any(any), Type::Object(object)) = (&a, &b)
        && let (true, Some((key, value))) = (object.fixed.is_empty(), &object.rest)
        && let Some(merged) = merge_into_union(&any.of, key, value)
    {
        return Some(merged);
    }
    match (a, b) {
        (Type::Object(of_a), Type::Object(of_b)) if of_a.fixed.is_empty() && of_b.fixed.is_empty() => {
            // The empty object is covered by any other.
            if of_a.rest.is_none() || of_b.rest.is_none() {
                return Some(Type::Object(if of_a.rest.is_none() { of_b } else { of_a }));
            }
            let ((a_key, a_value), (b_key, b_value)) = (rest(of_a), rest(of_b));
            Some(Type::object(Vec::new(), Some((Type::or(a_key, b_key), merge(a_value, b_value)))))
        }
        (Type::Set(a), Type::Set(b)) => Some(Type::set(Type::or(elements(a), elements(b)))),
        (a, b) => Type::or(Some(a), Some(b)),
    }
}

/// The types of the further keys and values of an object; taken out of it where nobody else holds it, so that they can grow in place.
fn rest(object: Rc<Object>) -> (Option<Type>, Option<Type>) {
    Rc::try_unwrap(object).map_or_else(|shared| shared.rest.clone(), |own| own.rest).unwrap_or_default()
}

/// The type of the elements of a set; see [`rest`].
fn elements(set: Rc<Set>) -> Option<Type> {
    Rc::try_unwrap(set).map_or_else(|shared| shared.of.clone(), |own| own.of)
}

/// A union with further keys and values for its first object without known keys, if it has one.
fn merge_into_union(of: &[Type], key: &Option<Type>, value: &Option<Type>) -> Option<Type> {
    let position = of
        .iter()
        .position(|ty| matches!(ty, Type::Object(object) if object.fixed.is_empty() && object.rest.is_some()))?;
    let merged = of.iter().enumerate().map(|(index, ty)| match ty {
        Type::Object(object) if index == position => {
            let (keys, values) = object.rest.clone().unwrap_or_default();
            Some(Type::object(Vec::new(), Some((Type::or(keys, key.clone()), Type::or(values, value.clone())))))
        }
        ty => Some(ty.clone()),
    });
    Type::union(merged)
}
