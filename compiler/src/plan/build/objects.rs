//! Partial objects: rules that put values under paths of keys, and sets under paths of keys.
//!
//! The objects on the way are made by the rules and changed in place; a value that a rule puts there is not. So where a path may go
//! through another rule's value, which is a conflict in OPA, the paths are remembered and looked up first.

use std::collections::BTreeSet;

use super::Planner;
use super::body::Solutions;
use super::context::ContextId;
use super::parts::Part;
use crate::hir::visit::is_constant;
use crate::hir::{self, RuleSetId, Term};
use crate::plan::ir::{ConstId, Function, Local, Operand, StmtKind, TypeTest};

/// What the rules of a partial object know of each other.
struct Shape {
    /// The lengths of the paths.
    lengths: BTreeSet<usize>,
    /// Whether some rules give values and others elements of sets.
    mixed: bool,
    /// Whether all keys are constants. The sets are documents of their own then, which are there even when they are empty.
    ground: bool,
}

/// The locals that go from rule to rule.
#[derive(Clone, Copy)]
struct Accumulators {
    /// The object.
    object: Local,
    /// The paths of the shorter lengths, as keys of an object; only where lengths differ.
    paths: Local,
}

impl<'p> Planner<'p> {
    /// Plans what rules of a partial object define together, under the keys of a part.
    pub(super) fn partial_object(
        &mut self,
        set: RuleSetId,
        mut rules: Vec<hir::RuleId>,
        context: ContextId,
        part: Part,
    ) -> Function {
        // Default rules come last: they hold where no other rule gave a value to their path.
        rules.sort_by_key(|rule| self.hir.rules[*rule].default);
        let shape = Shape {
            lengths: rules.iter().map(|rule| self.hir.rules[*rule].suffix.len()).collect(),
            mixed: rules.iter().any(|rule| self.hir.rules[*rule].element.is_some())
                && rules.iter().any(|rule| self.hir.rules[*rule].element.is_none()),
            ground: rules.iter().all(|rule| self.hir.rules[*rule].suffix.iter().all(is_constant)),
        };
        let name = self.node_name(self.hir.sets[set].node);
        let object = self.begin_part(set, &rules, context, part);
        // Only where paths differ in length there is something to tell apart.
        let paths = if shape.lengths.len() > 1 { self.frame.new_local() } else { object };
        self.push(StmtKind::MakeObject { target: object });
        if paths != object {
            self.push(StmtKind::MakeObject { target: paths });
        }
        for rule in rules {
            self.object_rule(rule, &shape, Accumulators { object, paths }, part);
        }
        self.end(name, part.kind(), object)
    }

    fn object_rule(&mut self, id: hir::RuleId, shape: &Shape, accumulators: Accumulators, part: Part) {
        let rule = &self.hir.rules[id];
        let leaf = rule.element.as_ref().unwrap_or(&rule.value);
        if shape.ground && rule.element.is_some() {
            let keys: Vec<Operand> = rule.suffix.iter().map(|key| self.term(key)).collect();
            self.leaf_set(accumulators.object, &keys);
        }
        let mut head: Vec<&Term> = rule.suffix.iter().collect();
        head.push(leaf);
        self.rule_body(id, Solutions::Distinct, &head, part, |planner, _| {
            let keys: Vec<Operand> = rule.suffix.iter().map(|key| planner.term(key)).collect();
            if rule.default {
                planner.is_absent(accumulators.object, &keys);
            }
            let value = planner.term(leaf);
            planner.frame.span = Some(rule.span);
            planner.claim_path(&keys, shape, accumulators.paths);
            planner.put(accumulators.object, &keys, value, rule.element.is_some(), shape.mixed);
        });
    }

    /// No rule has given a value to the path.
    fn is_absent(&mut self, object: Local, keys: &[Operand]) {
        self.frame.open_guard();
        keys.iter().fold(Operand::from(object), |value, key| self.dot(value, *key));
        let present = self.frame.close_block();
        self.push(StmtKind::Not(present));
    }

    /// A conflict if a shorter path that begins this one has a value already.
    fn claim_path(&mut self, keys: &[Operand], shape: &Shape, paths: Local) {
        if shape.lengths.len() < 2 {
            return;
        }
        let (yes, no) = (self.constants.boolean(true), self.constants.boolean(false));
        for length in shape.lengths.range(..keys.len()) {
            let prefix = self.array_of(keys.get(..*length).unwrap_or_default());
            self.block(|planner, _| {
                planner.dot(paths.into(), prefix.into());
                planner.conflict(paths, prefix.into(), no);
            });
        }
        if shape.lengths.range(keys.len() + 1..).next().is_some() {
            let path = self.array_of(keys);
            self.push(StmtKind::ObjectInsert { object: paths, key: path.into(), value: yes.into() });
        }
    }

    /// An evaluation error: the key has another value.
    fn conflict(&mut self, object: Local, key: Operand, value: ConstId) {
        self.push(StmtKind::ObjectInsertOnce { object, key, value: value.into() });
    }

    /// Puts a value, or an element of a set, under a path.
    fn put(&mut self, object: Local, keys: &[Operand], value: Operand, is_element: bool, mixed: bool) {
        let Some((last, inner)) = keys.split_last() else { return };
        if is_element && !mixed {
            let set = self.leaf_set(object, keys);
            self.push(StmtKind::SetAdd { set, value });
            return;
        }
        let object = self.leaf_object(object, inner);
        if is_element {
            self.put_element_beside_values(object, *last, value);
        } else {
            self.push(StmtKind::ObjectInsertOnce { object, key: *last, value });
        }
    }

    /// The object under a path.
    fn leaf_object(&mut self, object: Local, keys: &[Operand]) -> Local {
        keys.iter().fold(object, |object, key| self.get_or_make(object, *key, |target| StmtKind::MakeObject { target }))
    }

    /// The set under a path.
    fn leaf_set(&mut self, object: Local, keys: &[Operand]) -> Local {
        let Some((last, inner)) = keys.split_last() else { return object };
        let object = self.leaf_object(object, inner);
        self.get_or_make(object, *last, |target| StmtKind::MakeSet { target })
    }

    /// The collection under a key, which is made if there is none.
    fn get_or_make(&mut self, object: Local, key: Operand, make: impl FnOnce(Local) -> StmtKind) -> Local {
        let target = self.frame.new_local();
        self.block(|planner, found| {
            planner.block(|planner, _| {
                planner.push(StmtKind::Dot { source: object.into(), key, target });
                planner.push(StmtKind::Break(found));
            });
            planner.push(make(target));
            planner.push(StmtKind::ObjectInsert { object, key, value: target.into() });
        });
        target
    }

    /// Adds an element to the set under a key where another rule may have put a whole value there: a set is extended in a copy, since
    /// it may be anyone's; anything else is a conflict.
    fn put_element_beside_values(&mut self, object: Local, key: Operand, value: Operand) {
        let (set, old) = (self.frame.new_local(), self.frame.new_local());
        self.push(StmtKind::MakeSet { target: set });
        self.block(|planner, copied| {
            planner.push(StmtKind::Dot { source: object.into(), key, target: old });
            planner.block(|planner, _| {
                planner.push(StmtKind::IsType { source: old.into(), test: TypeTest::Set });
                let depth = planner.frame.depth();
                let (_, element) = planner.frame.open_scan(old.into());
                planner.push(StmtKind::SetAdd { set, value: element.into() });
                planner.frame.close_scans(depth);
                planner.push(StmtKind::Break(copied));
            });
            planner.push(StmtKind::ObjectInsertOnce { object, key, value: set.into() });
        });
        self.push(StmtKind::SetAdd { set, value });
        self.push(StmtKind::ObjectInsert { object, key, value: set.into() });
    }
}
