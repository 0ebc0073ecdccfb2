//! Graphs: `graph.reachable`, `graph.reachable_paths`, `walk`.

use alloc::vec;
use alloc::vec::Vec;

use super::operand;
use crate::{Array, Object, Set, Tag, Value, error, keyed, rt};

/// The elements of an array or a set; of anything else none.
fn vertices(collection: Value) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator {
    let count = if matches!(collection.tag(), Tag::Array | Tag::Set) { rt::scan(collection) } else { 0 };
    (0..count).map(move |index| rt::scan_value(collection, index))
}

fn operands(graph: Value, initial: Value) -> Option<Object> {
    let graph = operand::object(1, graph)?;
    if !matches!(initial.tag(), Tag::Array | Tag::Set) {
        error::operand_type(2, initial, "{array, set}");
        return None;
    }
    Some(graph)
}

/// `graph.reachable(graph, initial)`: the vertices of the graph that can be reached
///
/// A vertex is known by the place that its key has in the graph: a bit each says which have been reached, and the bits are in the order of
/// the set.
#[must_use]
pub fn reachable(graph: Value, initial: Value) -> Value {
    let Some(keys) = operands(graph, initial).map(Object::len) else { return Value::UNDEFINED };
    keyed::settle(graph);
    let mut reached = vec![0_u64; keys.div_ceil(64)];
    let mut count = 0;
    // Vertices as the edges give them, where that may be another text than that of the key: 1.0 and 1.
    let written = Object::new(0);
    let waiting: Array = vertices(initial).collect();
    while let Some(vertex) = waiting.pop() {
        let slot = keyed::look_up(graph, vertex);
        if !slot.exists() {
            continue;
        }
        let place = slot.place(graph);
        let bit = 1 << (place % 64);
        if let Some(bits) = reached.get_mut(place / 64).filter(|bits| **bits & bit == 0) {
            *bits |= bit;
            count += 1;
            if !vertex.is_string() {
                written.insert(vertex, vertex);
            }
            vertices(slot.get()).for_each(|neighbor| waiting.push(neighbor));
        }
    }
    let set: Value = Set::new(count).into();
    for (at, mut bits) in reached.into_iter().enumerate() {
        while bits != 0 {
            let key = rt::scan_key(graph, at * 64 + bits.trailing_zeros() as usize);
            let vertex = if key.is_string() { key } else { written.get(key) };
            keyed::append(set, vertex, vertex);
            bits &= bits - 1;
        }
    }
    set
}

/// A vertex on the present path, and its neighbors that are still to be visited.
struct Step {
    vertex: Value,
    edges: Value,
    next: usize,
}

/// `graph.reachable_paths(graph, initial)`: the longest paths without a repeated vertex
#[must_use]
pub fn reachable_paths(graph: Value, initial: Value) -> Value {
    let Some(graph) = operands(graph, initial) else { return Value::UNDEFINED };
    let paths = Set::new(0);
    for root in vertices(initial) {
        let edges = graph.get(root);
        if !edges.is_undefined() {
            paths_from(graph, root, edges, paths);
        }
    }
    paths.into()
}

fn paths_from(graph: Object, root: Value, edges: Value, paths: Set) {
    let mut steps = vec![Step { vertex: root, edges, next: 0 }];
    let commit = |steps: &[Step]| {
        paths.add(steps.iter().map(|step| step.vertex).collect::<Array>().into());
    };
    if vertices(edges).len() == 0 {
        commit(&steps);
    }
    while let Some(step) = steps.last_mut() {
        let Some(neighbor) = vertices(step.edges).nth(step.next) else {
            steps.pop();
            continue;
        };
        step.next += 1;
        let edges = graph.get(neighbor);
        // A vertex that is not in the graph ends the path before it, so does one that is on the path. OPA does not look whether the root
        // is its own neighbor.
        let is_loop = steps.len() > 1 && steps.iter().any(|step| step.vertex == neighbor);
        if edges.is_undefined() || is_loop {
            commit(&steps);
            continue;
        }
        steps.push(Step { vertex: neighbor, edges, next: 0 });
        if vertices(edges).len() == 0 {
            commit(&steps);
        }
    }
}

/// `walk(value)`: an array of `[path, value]` for the value itself and everything inside it
#[must_use]
pub fn walk(value: Value) -> Value {
    let found = Array::new(0);
    let mut path: Vec<Value> = Vec::new();
    let mut open: Vec<(Value, usize)> = vec![(value, 0)];
    visit(found, &path, value);
    while let Some((value, next)) = open.last_mut() {
        if *next >= rt::scan(*value) {
            open.pop();
            path.pop();
            continue;
        }
        let (key, child) = (rt::scan_key(*value, *next), rt::scan_value(*value, *next));
        *next += 1;
        path.push(key);
        visit(found, &path, child);
        open.push((child, 0));
    }
    found.into()
}

fn visit(found: Array, path: &[Value], value: Value) {
    let path: Array = path.iter().copied().collect();
    found.push([path.into(), value].into_iter().collect::<Array>().into());
}
