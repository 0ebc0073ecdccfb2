//! Extents: the whole document at a node, rules' values and base data together.
//!
//! Where both define a key and not both values are objects, base data wins, as in OPA. What rules below a node define is one function
//! for each node, so an extent of `data` and one of a package share it.

use super::context::{ContextId, is_function};
use super::{FunctionKey, Planner};
use crate::hir::{Key, NodeId, RuleKind, Term, TermKind, Tree};
use crate::plan::ir::{Constant, Function, FunctionKind, Operand, StmtKind};

/// The package whose documents show in no extent, as in OPA.
const HIDDEN: &str = "system";

/// Of how many rules a document is made without a merge of objects, see [`Planner::few_rules`].
const FEW_RULES: usize = 4;

/// Whether a term can be seen to be something else than an object.
fn is_no_object(term: &Term) -> bool {
    !matches!(
        term.kind,
        TermKind::Local(_) | TermKind::Ref(_) | TermKind::Object(_) | TermKind::ObjectComprehension(..)
    )
}

impl<'p> Planner<'p> {
    /// The document at a node that holds no rules itself.
    pub(super) fn extent(&mut self, node: NodeId) -> Operand {
        let context = self.contexts.restrict_to_node(self.frame.context, node);
        self.call_key(FunctionKey::Extent(node, context), context, &[])
    }

    /// Plans a [`FunctionKey::Extent`].
    pub(super) fn extent_function(&mut self, node: NodeId, context: ContextId) -> Function {
        self.begin(context, 0);
        let few = self.few_rules(node);
        let result = self.frame.new_local();
        let defined = match few {
            Some(_) => None,
            None => Some(self.call_key(FunctionKey::Virtual(node, context), context, &[])),
        };
        let base = self.frame.new_local();
        self.block(|planner, _| {
            let value = planner.base_value(node, &[]);
            planner.push(StmtKind::Assign { target: base, source: value });
        });
        if let Some(Operand::Local(defined)) = defined {
            self.push(StmtKind::ObjectMerge { a: base, b: defined, target: result });
        }
        if let Some(children) = few {
            let empty = self.constants.add(Constant::Object(Vec::new()));
            self.push(StmtKind::Assign { target: result, source: empty.into() });
            self.block(|planner, _| {
                planner.push(StmtKind::IsDefined(base));
                planner.push(StmtKind::Assign { target: result, source: base.into() });
            });
            for (key, child) in children {
                self.with_value_of_child(key, child, |planner, key, value| {
                    planner.push(StmtKind::ObjectDefault { object: result, key, value, target: result });
                });
            }
        }
        self.end(self.node_name(node), FunctionKind::Extent, result)
    }

    /// The rule sets below a node if they are few and none has an object as its value. Then the base document gets their values one by
    /// one: much less code than the merge of documents, for which the time to copy the document so often is well spent.
    fn few_rules(&self, node: NodeId) -> Option<Vec<(&'p Key, NodeId)>> {
        let children = &self.hir.tree.nodes[node].children;
        let few = children.len() <= FEW_RULES && children.iter().all(|(_, child)| self.is_never_object(*child));
        few.then(|| children.iter().map(|(key, child)| (key, *child)).collect())
    }

    /// Whether what the rules of a node make can be seen to be no object.
    fn is_never_object(&self, node: NodeId) -> bool {
        let Some(set) = self.hir.tree.nodes[node].set else { return false };
        let set = &self.hir.sets[set];
        let mut rules = set.default.iter().chain(&set.rules).map(|rule| &self.hir.rules[*rule]);
        match set.kind {
            RuleKind::PartialSet | RuleKind::Function(_) => true,
            RuleKind::PartialObject => false,
            RuleKind::Complete => rules.all(|rule| {
                let branches = rule.branches.iter().map(|branch| &branch.value);
                [&rule.value].into_iter().chain(branches).all(is_no_object)
            }),
        }
    }

    /// Plans the value of a rule set or of the documents below a node, and what is done with its key and its value.
    fn with_value_of_child(&mut self, key: &Key, child: NodeId, then: impl FnOnce(&mut Self, Operand, Operand)) {
        let set = self.hir.tree.nodes[child].set;
        if self.is_shadowed(child) || set.is_some_and(|set| is_function(self.hir, set)) {
            return;
        }
        let key = self.constants.key(key).into();
        self.block(|planner, _| {
            let context = planner.frame.context;
            let value = match set {
                Some(set) => planner.call_set(set, context, &[]),
                None => {
                    let context = planner.contexts.restrict_to_node(context, child);
                    planner.call_key(FunctionKey::Virtual(child, context), context, &[])
                }
            };
            then(planner, key, value);
        });
    }

    /// Plans a [`FunctionKey::Virtual`].
    pub(super) fn virtual_function(&mut self, node: NodeId, context: ContextId) -> Function {
        let name = self.node_name(node) + "{rules}";
        self.begin(context, 0);
        let object = self.frame.new_local();
        self.push(StmtKind::MakeObject { target: object });
        for (key, child) in &self.hir.tree.nodes[node].children {
            if node == Tree::ROOT && key.name().is_some_and(|name| &**name == HIDDEN) {
                continue;
            }
            self.with_value_of_child(key, *child, |planner, key, value| {
                planner.push(StmtKind::ObjectInsert { object, key, value });
            });
        }
        self.end(name, FunctionKind::Extent, object)
    }
}
