//! The tree of all rules by path: first as OPA keeps it, then as the HIR wants it (sets and documents).
//!
//! Knows heads only; bodies are not looked at. Conflicts are found in the first form, by `conflicts`.

use std::collections::BTreeMap;

use crate::hir::{Key, Name, Node, NodeId, Program, RuleId, RuleKind, RuleSet, RuleSetId, Tree};
use crate::index::{IndexVec, define_index};
use crate::resolve::head::Shape;
use crate::resolve::text;
use crate::source::{FileId, Span};
use crate::syntax::ast;

define_index! {
    /// A node of the [`KeyTree`].
    KeyId, "k"
}

/// A rule before its body is looked at: one body of a rule as written.
#[derive(Clone, Debug)]
pub(super) struct RuleSource<'a> {
    /// The file.
    pub(super) file: FileId,
    /// The place of the module among the sorted modules.
    pub(super) module: usize,
    /// The path of the package below `data`.
    pub(super) package: &'a [Name],
    /// The rule as written.
    pub(super) rule: &'a ast::Rule,
    /// The place of the rule in its module.
    pub(super) index: usize,
    /// Which chained body; none for the first.
    pub(super) chained: Option<usize>,
    /// The meaning of the head.
    pub(super) shape: Shape<'a>,
    /// The rule as OPA locates it.
    pub(super) span: Span,
}

impl RuleSource<'_> {
    /// The whole reference of the head, as messages write it.
    pub(super) fn path_text(&self) -> String {
        self.shape.text(text::path("data", self.package))
    }
}

/// A node of the [`KeyTree`].
#[derive(Debug, Default)]
pub(super) struct KeyNode {
    /// What is below.
    pub(super) children: BTreeMap<Key, KeyId>,
    /// The rules whose scalar prefix ends here.
    pub(super) rules: Vec<RuleId>,
    /// The modules whose package this is, by their place among the sorted modules.
    pub(super) modules: Vec<usize>,
    /// What the HIR has here, once it is built.
    pub(super) set: Option<RuleSetId>,
}

/// All rules by the scalar prefix of their path.
#[derive(Debug)]
pub(super) struct KeyTree {
    /// The nodes.
    pub(super) nodes: IndexVec<KeyId, KeyNode>,
    places: IndexVec<RuleId, KeyId>,
}

impl KeyTree {
    /// The node of `data`.
    pub(super) const ROOT: KeyId = KeyId(0);

    /// The tree of packages and rules.
    pub(super) fn build(modules: &[(FileId, &ast::Module)], rules: &IndexVec<RuleId, RuleSource<'_>>) -> Self {
        let nodes = std::iter::once(KeyNode::default()).collect();
        let mut tree = Self { nodes, places: IndexVec::new() };
        let mut packages = Vec::with_capacity(modules.len());
        for (index, (_, module)) in modules.iter().enumerate() {
            let mut node = Self::ROOT;
            for (name, _) in &module.package.path {
                node = tree.child_or_insert(node, Key::String(name.clone()));
            }
            tree.nodes[node].modules.push(index);
            packages.push(node);
        }
        for (id, rule) in rules.enumerate() {
            let mut node = packages[rule.module];
            for key in rule.shape.parts.iter().map_while(super::head::Part::key) {
                node = tree.child_or_insert(node, key);
            }
            tree.nodes[node].rules.push(id);
            tree.places.push(node);
        }
        tree
    }

    fn child_or_insert(&mut self, node: KeyId, key: Key) -> KeyId {
        if let Some(child) = self.nodes[node].children.get(&key) {
            return *child;
        }
        let child = self.nodes.push(KeyNode::default());
        self.nodes[node].children.insert(key, child);
        child
    }

    /// The node of a path of names below `data`.
    pub(super) fn find<'n>(&self, names: impl IntoIterator<Item = &'n Name>) -> Option<KeyId> {
        let mut node = Self::ROOT;
        for name in names {
            node = *self.nodes[node].children.get(&Key::String(name.clone()))?;
        }
        Some(node)
    }

    /// The nodes below a node, itself included, parents first and in the order of keys.
    pub(super) fn walk(&self, from: KeyId) -> Vec<KeyId> {
        let mut found = Vec::new();
        let mut pending = vec![from];
        while let Some(node) = pending.pop() {
            found.push(node);
            pending.extend(self.nodes[node].children.values().rev());
        }
        found
    }

    /// Fills the tree and the sets of a program. `rules` tells the shapes; the rules themselves are lowered later.
    pub(super) fn fill(&mut self, program: &mut Program, rules: &IndexVec<RuleId, RuleSource<'_>>) {
        let mut pending = vec![(Self::ROOT, Tree::ROOT)];
        while let Some((key_node, node)) = pending.pop() {
            if !self.nodes[key_node].rules.is_empty() {
                let set = self.make_set(key_node, node, rules, &mut program.sets);
                program.tree.nodes[node].set = Some(set);
                continue;
            }
            let children: Vec<(Key, KeyId)> =
                self.nodes[key_node].children.iter().map(|(key, child)| (key.clone(), *child)).collect();
            // Sets and nodes are numbered in the order of paths.
            let first = pending.len();
            for (key, child) in children {
                let id = program.tree.nodes.push(Node { parent: Some(node), key: key.clone(), ..Node::default() });
                program.tree.nodes[node].children.insert(key, id);
                pending.push((child, id));
            }
            pending[first..].reverse();
        }
    }

    /// The node where the scalar prefix of a rule's path ends.
    pub(super) fn place(&self, rule: RuleId) -> Option<KeyId> {
        self.places.get(rule).copied()
    }

    /// The set that a rule is of, once the sets are made.
    pub(super) fn set_of(&self, rule: RuleId) -> Option<RuleSetId> {
        self.places.get(rule).and_then(|node| self.nodes[*node].set)
    }

    fn make_set(
        &mut self,
        key_node: KeyId,
        node: NodeId,
        rules: &IndexVec<RuleId, RuleSource<'_>>,
        sets: &mut IndexVec<RuleSetId, RuleSet>,
    ) -> RuleSetId {
        let own = &self.nodes[key_node].rules;
        let absorbs = own.iter().any(|rule| !rules[*rule].shape.is_ground());
        let covered = if absorbs { self.walk(key_node) } else { vec![key_node] };
        let mut members: Vec<RuleId> =
            covered.iter().flat_map(|covered| self.nodes[*covered].rules.iter().copied()).collect();
        members.sort_unstable();
        let (defaults, members): (Vec<_>, Vec<_>) = members.into_iter().partition(|rule| rules[*rule].rule.default);
        let first = members.first().or(defaults.first()).map(|rule| &rules[*rule].shape);
        let kind = match first {
            _ if absorbs => RuleKind::PartialObject,
            Some(shape) if !shape.params.is_empty() => RuleKind::Function(shape.params.len()),
            Some(shape) if shape.element.is_some() => RuleKind::PartialSet,
            _ => RuleKind::Complete,
        };
        // A default that a set with variables took in never applies.
        let default = if absorbs { None } else { defaults.first().copied() };
        let set = sets.push(RuleSet { node, kind, rules: members, default });
        for covered in covered {
            self.nodes[covered].set = Some(set);
        }
        set
    }
}
