//! Meets a document with a compiled schema. What looks at one value only is in [`super::scalars`].

use alloc::vec::Vec;

use super::node::{DENY, Dependency, List, NONE, Node, One};
use super::outcome::{Outcome, Problem};
use super::scalars::Simple;
use super::{Fault, MAX_DEPTH, MAX_STEPS, Schema};
use crate::{Tag, Value};

/// Validates a document.
///
/// # Errors
/// When that takes too long, or a number is too large to be looked at.
pub(super) fn validate(schema: Schema, document: Value) -> Result<Vec<Problem>, Fault> {
    let root = schema.root;
    let mut validator = Validator {
        schema,
        outcomes: alloc::vec![Outcome::default()],
        best: Vec::new(),
        steps: alloc::vec![(NONE, Value::UNDEFINED)],
        depth: 0,
        work: 0,
        fault: None,
    };
    validator.meet(root, document, 0);
    match validator.fault {
        Some(fault) => Err(fault),
        None => Ok(validator.outcomes.pop().unwrap_or_default().problems),
    }
}

/// A validation that is going on.
pub(super) struct Validator {
    pub(super) schema: Schema,
    /// What the open validations found, the innermost last.
    pub(super) outcomes: Vec<Outcome>,
    /// What fits best among the alternatives of the open keywords.
    best: Vec<Option<Outcome>>,
    /// The ways to the open places of the document: the place around it, and the key or the index in that. The first is the root.
    steps: Vec<(u32, Value)>,
    depth: u32,
    work: u32,
    fault: Option<Fault>,
}

impl Validator {
    pub(super) fn node(&self, node: u32) -> Option<&Node> {
        self.schema.nodes.get(node as usize)
    }

    #[cold]
    #[inline(never)]
    pub(super) fn stop(&mut self, why: &str) {
        self.fault.get_or_insert_with(|| why.as_bytes().into());
    }

    /// Whether the validation goes on.
    #[inline(never)]
    pub(super) fn go_on(&mut self) -> bool {
        self.work += 1;
        if self.work > MAX_STEPS {
            self.stop("schema validation takes too long");
        }
        self.fault.is_none()
    }

    /// Validates a value at a place of the document; what is found is added to the innermost outcome.
    pub(super) fn meet(&mut self, node: u32, value: Value, place: u32) {
        if self.depth >= MAX_DEPTH * 2 {
            return self.stop("schema validation nests too deeply");
        }
        let node = self.enter(node, place);
        if node == NONE || !self.has_type(node, value, place) {
            return;
        }
        self.depth += 1;
        self.alternatives(node, value, place);
        match value.tag() {
            Tag::Array => {
                self.array(node, value, place);
                self.common(node, value, place);
            }
            Tag::Object => {
                self.object(node, value, place);
                self.common(node, value, place);
                self.properties(node, value, place);
            }
            Tag::Integer | Tag::Number => {
                self.number(node, value, place);
                self.common(node, value, place);
            }
            Tag::String => {
                self.common(node, value, place);
                self.string(node, value, place);
            }
            _ => self.common(node, value, place),
        }
        self.depth -= 1;
        self.score();
    }

    /// Follows references to the schema that counts; [`NONE`] when nothing is left to do.
    #[inline(never)]
    fn enter(&mut self, mut node: u32, place: u32) -> u32 {
        while self.go_on() {
            let pass = self.node(node).and_then(|node| node.pass);
            if let Some(pass) = pass {
                if !pass {
                    self.simple(Simple::False, place);
                }
                return NONE;
            }
            match self.one(node, One::Reference) {
                NONE => return node,
                next => node = next,
            }
        }
        NONE
    }

    /// Validates apart: begins an outcome of its own.
    pub(super) fn apart(&mut self, node: u32, value: Value, place: u32) {
        self.begin();
        self.meet(node, value, place);
    }

    #[inline(never)]
    fn begin(&mut self) {
        self.outcomes.push(Outcome::default());
    }

    /// Drops the innermost outcome; whether it was without problems.
    #[inline(never)]
    fn finish(&mut self) -> bool {
        self.outcomes.pop().is_some_and(|outcome| outcome.problems.is_empty())
    }

    /// Adds the innermost outcome to the one around it; whether it was without problems.
    #[inline(never)]
    pub(super) fn merge(&mut self) -> bool {
        let Some(outcome) = self.outcomes.pop() else { return false };
        let is_valid = outcome.problems.is_empty();
        if let Some(around) = self.outcomes.last_mut() {
            around.merge(outcome);
        }
        is_valid
    }

    #[inline(never)]
    pub(super) fn begin_best(&mut self) {
        self.best.push(None);
    }

    /// Ends the innermost outcome, and keeps it if it is wrong and fits better than the others. Whether it was without problems.
    #[inline(never)]
    pub(super) fn offer(&mut self, is_wanted: bool) -> bool {
        let Some(outcome) = self.outcomes.pop() else { return false };
        let is_valid = outcome.problems.is_empty();
        if let Some(best) = self.best.last_mut()
            && is_wanted
            && !is_valid
            && best.as_ref().is_none_or(|best| outcome.score > best.score)
        {
            *best = Some(outcome);
        }
        is_valid
    }

    /// Ends the choice of the best, which is added to the innermost outcome if it is wanted.
    #[inline(never)]
    pub(super) fn end_best(&mut self, is_wanted: bool) {
        if let (Some(best), Some(around), true) = (self.best.pop().flatten(), self.outcomes.last_mut(), is_wanted) {
            around.merge(best);
        }
    }

    /// A place within another.
    #[inline(never)]
    pub(super) fn step(&mut self, around: u32, key: Value) -> u32 {
        self.steps.push((around, key));
        self.steps.len() as u32 - 1
    }

    #[inline(never)]
    pub(super) fn step_back(&mut self) {
        self.steps.pop();
    }

    /// The text of a place: names and indexes with dots between them.
    pub(super) fn field(&self, mut place: u32) -> Vec<u8> {
        let mut keys = Vec::new();
        while let Some((around, key)) = self.steps.get(place as usize).filter(|(around, _)| *around != NONE) {
            keys.push(*key);
            place = *around;
        }
        if keys.is_empty() {
            return Vec::from(b"(Root)");
        }
        let mut text = Vec::new();
        for (index, key) in keys.iter().rev().enumerate() {
            if index > 0 {
                text.push(b'.');
            }
            match key.as_str() {
                Some(name) => text.extend_from_slice(name),
                None => text.extend_from_slice(crate::json::write(*key)),
            }
        }
        text
    }

    #[inline(never)]
    pub(super) fn one(&self, node: u32, which: One) -> u32 {
        self.node(node).map_or(NONE, |node| node.one(which))
    }

    /// The sub-schema of a list; [`NONE`] behind the last.
    #[inline(never)]
    pub(super) fn in_list(&self, node: u32, which: List, index: usize) -> u32 {
        self.node(node).and_then(|node| node.list(which).get(index)).copied().unwrap_or(NONE)
    }

    /// The keywords that hold alternatives and conditions.
    fn alternatives(&mut self, node: u32, value: Value, place: u32) {
        if self.in_list(node, List::AnyOf, 0) != NONE {
            self.any_of(node, value, place);
        }
        if self.in_list(node, List::OneOf, 0) != NONE {
            self.one_of(node, value, place);
        }
        if self.in_list(node, List::AllOf, 0) != NONE {
            self.all_of(node, value, place);
        }
        let not = self.one(node, One::Not);
        if not != NONE {
            self.apart(not, value, place);
            if self.finish() {
                self.simple(Simple::Not, place);
            }
        }
        if value.tag() == Tag::Object {
            self.dependencies(node, value, place);
        }
        if self.one(node, One::If) != NONE {
            self.condition(node, value, place);
        }
        self.score();
    }

    fn any_of(&mut self, node: u32, value: Value, place: u32) {
        self.begin_best();
        let (mut index, mut is_valid) = (0, false);
        loop {
            let schema = self.in_list(node, List::AnyOf, index);
            if schema == NONE || is_valid {
                break;
            }
            self.apart(schema, value, place);
            is_valid = self.offer(true);
            index += 1;
        }
        if !is_valid {
            self.simple(Simple::AnyOf, place);
        }
        self.end_best(!is_valid);
    }

    fn one_of(&mut self, node: u32, value: Value, place: u32) {
        self.begin_best();
        let (mut index, mut valid) = (0, 0);
        loop {
            let schema = self.in_list(node, List::OneOf, index);
            if schema == NONE {
                break;
            }
            self.apart(schema, value, place);
            valid += u32::from(self.offer(valid == 0));
            index += 1;
        }
        if valid != 1 {
            self.simple(Simple::OneOf, place);
        }
        self.end_best(valid == 0);
    }

    fn all_of(&mut self, node: u32, value: Value, place: u32) {
        let (mut index, mut is_valid) = (0, true);
        loop {
            let schema = self.in_list(node, List::AllOf, index);
            if schema == NONE {
                break;
            }
            self.apart(schema, value, place);
            is_valid &= self.merge();
            index += 1;
        }
        if !is_valid {
            self.simple(Simple::AllOf, place);
        }
    }

    fn condition(&mut self, node: u32, value: Value, place: u32) {
        let condition = self.one(node, One::If);
        self.apart(condition, value, place);
        let holds = self.finish();
        let branch = self.one(node, if holds { One::Then } else { One::Else });
        if branch == NONE {
            return;
        }
        self.begin_best();
        self.apart(branch, value, place);
        let is_valid = self.offer(true);
        if !is_valid {
            self.simple(if holds { Simple::Then } else { Simple::Else }, place);
        }
        self.end_best(!is_valid);
    }

    fn dependencies(&mut self, node: u32, value: Value, place: u32) {
        let mut index = 0;
        loop {
            let schema = self.dependency(node, index, value, place);
            if schema == NONE {
                break;
            }
            if schema != DENY {
                self.meet(schema, value, place);
            }
            index += 1;
        }
    }

    /// The schema that the i-th dependency demands of an object. [`DENY`] if it demands none, [`NONE`] behind the last one. Keys that it
    /// demands are looked for here.
    #[inline(never)]
    fn dependency(&mut self, node: u32, index: usize, value: Value, place: u32) -> u32 {
        let Some(object) = value.as_object() else { return NONE };
        let Some((key, dependency)) = self.node(node).and_then(|node| node.dependencies.get(index)) else {
            return NONE;
        };
        if !object.contains_key(*key) {
            return DENY;
        }
        match dependency {
            Dependency::Schema(schema) => *schema,
            Dependency::Keys(keys) => {
                let missing: Vec<Value> = keys.iter().copied().filter(|key| !object.contains_key(*key)).collect();
                for key in missing {
                    self.missing_dependency(key, place);
                }
                DENY
            }
        }
    }
}
