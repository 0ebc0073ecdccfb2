//! Extents: the whole document at a node, rules' values and base data together.
//!
//! Where both define a key and not both values are objects, base data wins, as in OPA. What rules below a node define is one function
//! for each node, so an extent of `data` and one of a package share it.

use super::context::{ContextId, is_function};
use super::rules::Parts;
use super::{FunctionKey, Planner};
use crate::hir::{NodeId, Tree};
use crate::plan::ir::{Function, FunctionKind, Local, Operand, StmtKind};

/// The package whose documents show in no extent, as in OPA.
const HIDDEN: &str = "system";

impl Planner<'_> {
    /// The document at a node that holds no rules itself.
    pub(super) fn extent(&mut self, node: NodeId) -> Operand {
        let context = self.contexts.restrict_to_node(self.frame.context, node);
        self.call_key(FunctionKey::Extent(node, context), context, &[])
    }

    /// Plans a [`FunctionKey::Extent`].
    pub(super) fn extent_function(&mut self, node: NodeId, context: ContextId) -> Function {
        self.begin(context, 0);
        let result = self.frame.new_local();
        let defined = self.call_key(FunctionKey::Virtual(node, context), context, &[]);
        let base = self.frame.new_local();
        self.block(|planner, _| {
            let mut value = Operand::from(Local::DATA);
            for step in planner.hir.tree.path(node) {
                let key = planner.constants.string(&step);
                value = planner.dot(value, key.into());
            }
            planner.push(StmtKind::Assign { target: base, source: value });
        });
        if let Operand::Local(defined) = defined {
            self.push(StmtKind::ObjectMerge { a: base, b: defined, target: result });
        }
        self.end(self.node_name(node), FunctionKind::Extent, result)
    }

    /// Plans a [`FunctionKey::Virtual`].
    pub(super) fn virtual_function(&mut self, node: NodeId, context: ContextId) -> Function {
        let name = self.node_name(node) + "{rules}";
        let children: Vec<_> = self.hir.tree.nodes[node].children.iter().collect();
        let parts = Parts { name: name.clone(), context, arguments: 0, accumulators: 1, stops: false };
        let make = |planner: &mut Self, accumulators: &[Local]| {
            accumulators.iter().for_each(|target| planner.push(StmtKind::MakeObject { target: *target }));
        };
        let accumulators = self.in_parts(&parts, &children, make, |planner, accumulators, (name, child)| {
            let hidden = node == Tree::ROOT && &***name == HIDDEN;
            if hidden || planner.is_shadowed(**child) {
                return;
            }
            let Some(object) = accumulators.first().copied() else { return };
            let set = planner.hir.tree.nodes[**child].set;
            if set.is_some_and(|set| is_function(planner.hir, set)) {
                return;
            }
            let key = planner.constants.string(name).into();
            planner.block(|planner, _| {
                let context = planner.frame.context;
                let value = match set {
                    Some(set) => planner.call_set(set, context, &[]),
                    None => {
                        let context = planner.contexts.restrict_to_node(context, **child);
                        planner.call_key(FunctionKey::Virtual(**child, context), context, &[])
                    }
                };
                planner.push(StmtKind::ObjectInsert { object, key, value });
            });
        });
        let result = accumulators.first().copied().unwrap_or(Local::DATA);
        self.end(name, FunctionKind::Extent, result)
    }
}
