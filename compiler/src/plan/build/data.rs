//! References into `data`: virtual documents over base documents.
//!
//! A path of known names ends at a rule (its value, then the rest of the path), at a package (its extent) or outside of the tree (base
//! data only). A key known only at run time chooses among the children of a node: in a `Lookup` function, which all references share
//! that choose at the same node in the same way, so only the rules on the chosen path run. A key that is to be enumerated is
//! taken from an array of keys: those of the base document, then those of children that the base document lacks.

use std::collections::BTreeSet;

use super::candidates::Origin;
use super::constants::constant;
use super::context::{ContextId, is_function};
use super::{FunctionKey, Planner};
use crate::hir::{Entrypoint, Key, NodeId, Term, TermKind, Tree};
use crate::plan::ir::{ConstId, Constant, Function, FunctionKind, Local, Operand, StmtKind, TypeTest};

/// What the function that looks something up knows of a key.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// Nothing: it is a parameter.
    Any,
    /// A parameter that is one of these.
    OneOf(Vec<ConstId>),
    /// The key.
    Is(ConstId),
}

impl<'p> Planner<'p> {
    /// Plans the value of a path below `data`.
    pub(super) fn data(&mut self, path: &'p [Term]) -> Operand {
        let mut node = Tree::ROOT;
        if self.is_shadowed(node) || self.hir.tree.nodes[node].children.is_empty() {
            return self.base(path);
        }
        for (index, operand) in path.iter().enumerate() {
            if self.hir.tree.nodes[node].set.is_some() {
                let rest = &path[index..];
                let keys = self.keys_into(node, rest);
                let value = self.set_value(node, &keys);
                let bound: Vec<Operand> = keys.into_iter().map_while(|key| key).collect();
                let value = self.dots(value, &bound);
                return self.steps(value, &rest[bound.len()..]);
            }
            let Some(key) = self.known(operand) else { return self.dynamic(node, &path[index..]) };
            match self.child(node, key) {
                Some(child) => node = child,
                None => return self.base(path),
            }
        }
        self.node_value(node)
    }

    /// Plans the value of the document of an entrypoint.
    pub(super) fn document_at(&mut self, asked: &Entrypoint) -> Operand {
        let mut node = Tree::ROOT;
        let reference = asked.reference();
        let constants = reference.path.iter().filter_map(constant);
        let keys: Vec<Operand> = constants.map(|key| self.constants.add(key).into()).collect();
        for (index, step) in asked.path.iter().enumerate() {
            if self.hir.tree.nodes[node].set.is_some() {
                let rest = &keys[index..];
                let value = self.set_value(node, &all_bound(rest));
                return self.dots(value, rest);
            }
            match self.hir.tree.child(node, step) {
                Some(child) => node = child,
                None => {
                    let base = |value, key: &Operand| self.base_dot(value, *key);
                    return keys.iter().fold(Local::DATA.into(), base);
                }
            }
        }
        self.node_value(node)
    }

    /// A path in base data.
    fn base(&mut self, path: &'p [Term]) -> Operand {
        if path.is_empty() {
            return self.document(Local::DATA);
        }
        let stored = self.contexts.stored(self.frame.context, path);
        let mut value = Operand::from(Local::DATA);
        for (index, operand) in path.iter().enumerate() {
            value = match self.known(operand) {
                Some(key) if index < stored => self.base_dot(value, key.into()),
                Some(key) => self.dot(value, key.into()),
                None if index >= stored || self.is_pattern(operand) => self.step(value, operand),
                None => {
                    let key = self.term(operand);
                    self.base_dot(value, key)
                }
            };
        }
        value
    }

    /// `target = source[key]` in base data, where OPA's storage takes paths of texts: a number finds the key of an object that
    /// reads like it, and a text finds the element of an array at the number that it reads like.
    fn base_dot(&mut self, source: Operand, key: Operand) -> Operand {
        let other = match key {
            Operand::Local(_) => None,
            Operand::Const(known) => match storage_twin(self.constants.get(known)) {
                Some(other) => Some(self.constants.add(other)),
                None => return self.dot(source, key),
            },
        };
        let target = self.frame.new_local();
        self.push(StmtKind::Reset { target });
        self.block(|planner, _| planner.push(StmtKind::Dot { source, key, target }));
        self.block(|planner, _| {
            planner.push(StmtKind::IsUndefined(target));
            let value = match other {
                Some(other) => planner.dot(source, other.into()),
                None => planner.call_key(FunctionKey::StorageDot, ContextId::NONE, &[source, key]),
            };
            planner.push(StmtKind::Assign { target, source: value });
        });
        self.push(StmtKind::IsDefined(target));
        target.into()
    }

    /// Plans [`FunctionKey::StorageDot`]: the same for a key that is not known and that the source does not have as it is.
    pub(super) fn storage_dot_function(&mut self) -> Function {
        self.begin(ContextId::NONE, 2);
        let (source, key) = (self.frame.argument(2, 0), self.frame.argument(2, 1));
        let result = self.frame.new_local();
        let no = self.constants.boolean(false);
        self.block(|planner, _| {
            planner.push(StmtKind::IsType { source: source.into(), test: TypeTest::Object });
            let is_number = planner.call_guest("is_number", key.into());
            planner.push(StmtKind::NotEqual(is_number, no.into()));
            let text = planner.call_guest("json.marshal", key.into());
            let value = planner.dot(source.into(), text);
            planner.push(StmtKind::Assign { target: result, source: value });
        });
        self.block(|planner, _| {
            planner.push(StmtKind::IsType { source: source.into(), test: TypeTest::Array });
            let is_text = planner.call_guest("is_string", key.into());
            planner.push(StmtKind::NotEqual(is_text, no.into()));
            let depth = planner.frame.depth();
            let (index, value) = planner.frame.open_scan(source.into());
            let text = planner.call_guest("json.marshal", index.into());
            planner.push(StmtKind::Equal(text, key.into()));
            planner.push(StmtKind::Assign { target: result, source: value.into() });
            planner.frame.close_scans(depth);
        });
        self.end("data[...]".to_owned(), FunctionKind::Storage, result)
    }

    /// The value of the rules at a node, or enough of it to look up keys, as far as those are known. A function is no value: a
    /// reference to it is undefined, whatever the base data.
    fn set_value(&mut self, node: NodeId, keys: &[Option<Operand>]) -> Operand {
        match self.hir.tree.nodes[node].set {
            Some(set) if !is_function(self.hir, set) => self.part_value(set, keys),
            _ => {
                self.fail();
                self.constants.add(Constant::Null).into()
            }
        }
    }

    /// The keys of a path into the value of the rules at a node, as far as they are known. Those that are known only at run time are
    /// planned where they may matter, if no key before them is to be enumerated.
    fn keys_into(&mut self, node: NodeId, path: &'p [Term]) -> Vec<Option<Operand>> {
        let set = self.hir.tree.nodes[node].set;
        let mut by_key = set.map_or(0, |set| self.longest_key(set));
        let mut key_of = |(index, operand): (usize, &'p Term)| {
            if index < by_key && !self.is_pattern(operand) {
                return Some(self.term(operand));
            }
            by_key = 0;
            self.known(operand).map(Operand::from)
        };
        path.iter().enumerate().map(&mut key_of).collect()
    }

    /// The whole document at a node.
    fn node_value(&mut self, node: NodeId) -> Operand {
        if self.hir.tree.nodes[node].set.is_some() { self.set_value(node, &[]) } else { self.extent(node) }
    }

    /// A path below a node that begins with a key that is not known.
    fn dynamic(&mut self, node: NodeId, path: &'p [Term]) -> Operand {
        let (mut keys, mut steps): (Vec<Operand>, Vec<Step>) = (Vec::new(), Vec::new());
        // The packages that the keys so far may have led to. Where none is left, the rest of the path is within a value.
        let mut packages = vec![node];
        let (mut is_virtual, mut is_recursive, mut by_key) = (false, false, 0);
        for operand in path {
            if packages.is_empty() {
                break;
            }
            let key = if self.is_pattern(operand) {
                let all = self.call_node(node, &keys, &steps, FunctionKey::Keys);
                let (_, key) = self.frame.open_scan(all);
                self.match_value(key.into(), operand);
                key.into()
            } else {
                self.term(operand)
            };
            let step = self.step_below(&packages, key);
            let children = packages.iter().flat_map(|package| self.children(*package, &step)).collect::<Vec<_>>();
            keys.push(key);
            steps.push(step);
            let (rules, inner): (Vec<_>, Vec<_>) =
                children.into_iter().partition(|child| self.hir.tree.nodes[*child].set.is_some());
            is_virtual |= !rules.is_empty();
            for set in rules.into_iter().filter_map(|child| self.hir.tree.nodes[child].set) {
                is_recursive |= self.contexts.is_recursive(set);
                by_key = by_key.max(keys.len() + self.longest_key(set));
            }
            packages = inner;
        }
        // Where rules refer to other parts of what they define, or may fail, what is known of the rest says which parts.
        for operand in &path[keys.len()..] {
            let key = match self.known(operand) {
                Some(known) if is_recursive || keys.len() < by_key => Operand::Const(known),
                None if keys.len() < by_key && !self.is_pattern(operand) => self.term(operand),
                _ => break,
            };
            steps.push(match key {
                Operand::Const(known) => Step::Is(known),
                Operand::Local(_) => Step::Any,
            });
            keys.push(key);
        }
        let rest = &path[keys.len()..];
        let value = if is_virtual || !packages.is_empty() {
            self.call_node(node, &keys, &steps, FunctionKey::Lookup)
        } else {
            self.base_value(node, &keys)
        };
        self.steps(value, rest)
    }

    /// Calls the function that finds something below a node under keys.
    fn call_node(
        &mut self,
        node: NodeId,
        keys: &[Operand],
        steps: &[Step],
        function: impl FnOnce(NodeId, Vec<Step>, ContextId) -> FunctionKey,
    ) -> Operand {
        let context = self.contexts.restrict_to_node(self.frame.context, node);
        let arguments: Vec<Operand> = keys.iter().filter(|key| matches!(key, Operand::Local(_))).copied().collect();
        self.call_key(function(node, steps.to_vec(), context), context, &arguments)
    }

    /// What is known of a key that chooses among the children of packages.
    fn step_below(&mut self, packages: &[NodeId], key: Operand) -> Step {
        let local = match key {
            Operand::Const(known) => return Step::Is(known),
            Operand::Local(local) => local,
        };
        let Some(candidates) = self.candidates(local) else { return Step::Any };
        let mut chosen: Vec<Constant> = Vec::new();
        let mut children = BTreeSet::new();
        for candidate in candidates {
            let below: Vec<NodeId> =
                packages.iter().filter_map(|package| self.child_under(*package, candidate)).collect();
            if !below.is_empty() {
                chosen.push(candidate.clone());
                children.extend(below);
            }
        }
        let all: usize = packages.iter().map(|package| self.hir.tree.nodes[*package].children.len()).sum();
        // A function that chooses among all is shared by more.
        if children.len() == all {
            return Step::Any;
        }
        Step::OneOf(chosen.into_iter().map(|key| self.constants.add(key)).collect())
    }

    /// Plans a [`FunctionKey::Lookup`].
    pub(super) fn lookup_function(&mut self, node: NodeId, shape: &[Step], context: ContextId) -> Function {
        let keys = self.begin_with_keys(shape, context);
        let result = self.frame.new_local();
        self.choose(node, &keys, &mut |planner, found| {
            let value = match found {
                Found::Rules(node, rest) => {
                    let value = planner.set_value(node, &all_bound(rest));
                    planner.dots(value, rest)
                }
                Found::Package(node) => planner.extent(node),
                Found::Base(node, rest) => planner.base_value(node, rest),
            };
            planner.push(StmtKind::Assign { target: result, source: value });
        });
        self.end(self.node_name(node) + "[...]", FunctionKind::Lookup, result)
    }

    /// Plans a [`FunctionKey::Keys`].
    pub(super) fn keys_function(&mut self, node: NodeId, shape: &[Step], context: ContextId) -> Function {
        let keys = self.begin_with_keys(shape, context);
        let result = self.frame.new_local();
        self.push(StmtKind::MakeArray { target: result, capacity: 0 });
        self.choose(node, &keys, &mut |planner, found| match found {
            Found::Rules(node, rest) => {
                let value = planner.set_value(node, &all_bound(rest));
                let value = planner.dots(value, rest);
                planner.append_keys(result, value);
            }
            Found::Package(node) => planner.append_package_keys(result, node),
            Found::Base(node, rest) => {
                let value = planner.base_value(node, rest);
                planner.append_keys(result, value);
            }
        });
        self.end(self.node_name(node) + "[keys]", FunctionKind::Part, result)
    }

    fn begin_with_keys(&mut self, shape: &[Step], context: ContextId) -> Vec<Operand> {
        let count = shape.iter().filter(|step| !matches!(step, Step::Is(_))).count();
        let arguments = u32::try_from(count).unwrap_or(u32::MAX);
        self.begin(context, arguments);
        let mut next = 0;
        let mut keys = Vec::with_capacity(shape.len());
        for step in shape {
            if let Step::Is(known) = step {
                keys.push((*known).into());
                continue;
            }
            let argument = self.frame.argument(arguments, next);
            if let Step::OneOf(known) = step {
                self.frame.note_origin(argument, Origin::OneOf(known.clone()));
            }
            keys.push(argument.into());
            next += 1;
        }
        keys
    }

    /// Plans what is to be done with whatever the keys lead to.
    fn choose(&mut self, node: NodeId, keys: &[Operand], each: &mut impl FnMut(&mut Self, Found<'_>)) {
        if self.hir.tree.nodes[node].set.is_some() {
            return each(self, Found::Rules(node, keys));
        }
        match keys {
            [] => each(self, Found::Package(node)),
            [Operand::Const(key), rest @ ..] => match self.child(node, *key) {
                Some(child) => self.choose(child, rest, each),
                None => each(self, Found::Base(node, keys)),
            },
            [key @ Operand::Local(_), rest @ ..] => {
                let mut cases = Vec::new();
                let step = self.step_below(&[node], *key);
                let chosen: BTreeSet<NodeId> = self.children(node, &step).into_iter().collect();
                for (key, child) in &self.hir.tree.nodes[node].children {
                    if chosen.contains(child) && self.is_virtual(*child, rest) {
                        self.frame.open_block();
                        self.choose(*child, rest, each);
                        let case = self.frame.close_block();
                        cases.push((self.constants.key(key), case));
                    }
                }
                self.frame.open_block();
                each(self, Found::Base(node, keys));
                let default = Some(self.frame.close_block());
                self.push(StmtKind::Switch { on: *key, cases, default });
            }
        }
    }

    /// Whether keys may lead from a node to rules or packages, rather than to base data.
    fn is_virtual(&self, node: NodeId, keys: &[Operand]) -> bool {
        if self.hir.tree.nodes[node].set.is_some() {
            return true;
        }
        match keys {
            [] | [Operand::Local(_), ..] => true,
            [Operand::Const(key), rest @ ..] => {
                self.child(node, *key).is_some_and(|child| self.is_virtual(child, rest))
            }
        }
    }

    /// The base data below a node under keys.
    pub(super) fn base_value(&mut self, node: NodeId, keys: &[Operand]) -> Operand {
        let mut value = Operand::from(Local::DATA);
        for step in self.hir.tree.path(node) {
            let key = self.constants.key(&step);
            value = self.base_dot(value, key.into());
        }
        keys.iter().fold(value, |value, key| self.base_dot(value, *key))
    }

    pub(super) fn dots(&mut self, value: Operand, keys: &[Operand]) -> Operand {
        keys.iter().fold(value, |value, key| self.dot(value, *key))
    }

    /// Appends the keys of a value to an array.
    fn append_keys(&mut self, array: Local, value: Operand) {
        let depth = self.frame.depth();
        let (key, _) = self.frame.open_scan(value);
        self.push(StmtKind::ArrayAppend { array, value: key.into() });
        self.frame.close_scans(depth);
    }

    /// Appends the keys of a package: those of its base document, then those of its children that the base document lacks.
    fn append_package_keys(&mut self, array: Local, node: NodeId) {
        let base = self.frame.new_local();
        self.block(|planner, _| {
            let value = planner.base_value(node, &[]);
            planner.push(StmtKind::Assign { target: base, source: value });
            planner.append_keys(array, value);
        });
        for (key, child) in &self.hir.tree.nodes[node].children {
            let function = self.hir.tree.nodes[*child].set.is_some_and(|set| is_function(self.hir, set));
            if function || self.is_shadowed(*child) {
                continue;
            }
            let key = self.constants.key(key).into();
            self.block(|planner, _| {
                planner.frame.open_guard();
                planner.dot(base.into(), key);
                let present = planner.frame.close_block();
                planner.push(StmtKind::Not(present));
                planner.push(StmtKind::ArrayAppend { array, value: key });
            });
        }
    }

    /// The constant that an operand is already known to be.
    fn known(&mut self, operand: &Term) -> Option<ConstId> {
        if let TermKind::Local(variable) = operand.kind {
            return match self.frame.binding(variable) {
                Some(Operand::Const(known)) => Some(known),
                _ => None,
            };
        }
        constant(operand).map(|constant| self.constants.add(constant))
    }

    /// The child of a package under a constant key, if there is one whose rules are in force.
    fn child(&self, node: NodeId, key: ConstId) -> Option<NodeId> {
        self.child_under(node, self.constants.get(key))
    }

    fn child_under(&self, node: NodeId, key: &Constant) -> Option<NodeId> {
        let key = match key {
            Constant::Null => Key::Null,
            Constant::Boolean(value) => Key::Boolean(*value),
            Constant::Number(text) => Key::Number(text.clone()),
            Constant::String(text) => Key::String(text.clone()),
            Constant::Array(_) | Constant::Object(_) | Constant::Set(_) => return None,
        };
        self.hir.tree.child(node, key).filter(|child| !self.is_shadowed(*child))
    }

    /// The children of a package that a key may stand for.
    fn children(&self, node: NodeId, key: &Step) -> Vec<NodeId> {
        match key {
            Step::Is(key) => self.child(node, *key).into_iter().collect(),
            Step::OneOf(keys) => keys.iter().filter_map(|key| self.child(node, *key)).collect(),
            Step::Any => {
                let children = self.hir.tree.nodes[node].children.values().copied();
                children.filter(|child| !self.is_shadowed(*child)).collect()
            }
        }
    }

    /// Whether a replaced document hides the rules of a node. Only asked on the way down from `data`.
    pub(super) fn is_shadowed(&self, node: NodeId) -> bool {
        self.contexts.get(self.frame.context).shadows.contains(&node)
    }
}

/// Keys that are all known, now or at run time.
fn all_bound(keys: &[Operand]) -> Vec<Option<Operand>> {
    keys.iter().copied().map(Some).collect()
}

/// The other key that finds the same in base data, if there is one.
pub(super) fn storage_twin(key: &Constant) -> Option<Constant> {
    match key {
        Constant::Number(text) => Some(Constant::String(text.clone())),
        Constant::String(text) => array_index(text).map(|index| Constant::Number(index.to_string().into())),
        _ => None,
    }
}

/// The place in an array that OPA's storage reads in a text: up to 19 characters behind a sign, digits and then zeros behind a point,
/// any of which may be missing.
fn array_index(text: &str) -> Option<u64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (digits, zeros) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_number = digits.bytes().all(|it| it.is_ascii_digit()) && zeros.bytes().all(|it| it == b'0');
    let index = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    let is_place = index == 0 || !text.starts_with('-');
    (is_number && is_place && (1..=19).contains(&unsigned.len())).then_some(index)
}

/// What keys below a package lead to.
enum Found<'k> {
    /// The rules of a node, and the keys within their value.
    Rules(NodeId, &'k [Operand]),
    /// A package.
    Package(NodeId),
    /// Base data below a node, under keys.
    Base(NodeId, &'k [Operand]),
}
