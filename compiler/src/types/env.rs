//! What is known of the types of variables and documents while a body is checked.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::tree::{TypeTree, select};
use super::ty::{Key, Type};
use crate::hir::{Local, LocalId, LocalOrigin, Program, Ref, RefBase, RuleSetId, Term, TermKind};
use crate::index::{Id, IndexVec};

/// The types of the variables of one rule or query, and of documents.
pub(super) struct Env<'p> {
    pub(super) program: &'p Program,
    /// What rules make.
    pub(super) documents: TypeTree,
    /// What `with` puts over it, the innermost last.
    pub(super) replaced: Vec<Rc<TypeTree>>,
    vars: Vec<Option<Type>>,
    changed: Vec<(LocalId, Option<Type>)>,
    /// The types of the comprehensions of the rule, by their addresses: a body is checked once, not once for each
    /// question.
    pub(super) comprehensions: BTreeMap<*const Term, Option<Type>>,
    /// The first parts of paths: `input`, `data`.
    roots: [Key; 2],
    /// The type of anything.
    any: Type,
}

impl<'p> Env<'p> {
    /// Nothing is known yet.
    pub(super) fn new(program: &'p Program, input: Option<Type>) -> Self {
        let mut documents = TypeTree::new();
        let roots = ["input", "data"].map(|root| Key::String(root.into()));
        if let Some(input) = input {
            documents.put(roots.get(..1).unwrap_or_default(), input);
        }
        Self {
            program,
            documents,
            replaced: Vec::new(),
            vars: Vec::new(),
            changed: Vec::new(),
            comprehensions: BTreeMap::new(),
            roots,
            any: Type::any(),
        }
    }

    /// The type of anything.
    pub(super) fn any(&self) -> Type {
        self.any.clone()
    }

    /// The first part of a path in a [`TypeTree`].
    pub(super) fn root(&self, base: RefBase) -> Key {
        let [input, data] = &self.roots;
        if base == RefBase::Input { input.clone() } else { data.clone() }
    }

    /// Forgets the variables of the last rule. A variable that nothing declares and that is named like a builtin has the type of that.
    pub(super) fn enter(&mut self, locals: &IndexVec<LocalId, Local>) {
        self.vars.clear();
        let builtins = &self.program.builtins;
        self.vars.extend(locals.iter().map(|local| {
            let name = local.name.as_ref().filter(|_| local.origin == LocalOrigin::Implicit)?;
            builtins.iter().find(|it| it.name == *name).map(Type::of_builtin)
        }));
        self.changed.clear();
        self.comprehensions.clear();
        self.replaced.clear();
    }

    /// The state of the variables to come back to.
    pub(super) fn mark(&self) -> usize {
        self.changed.len()
    }

    /// Forgets what was found out of variables since a state: it is known only in the body of a comprehension.
    pub(super) fn undo(&mut self, mark: usize) {
        for (local, before) in self.changed.drain(mark.min(self.changed.len())..).rev() {
            if let Some(var) = self.vars.get_mut(local.index()) {
                *var = before;
            }
        }
    }

    /// The type of a variable.
    pub(super) fn local(&self, local: LocalId) -> Option<Type> {
        self.vars.get(local.index()).cloned().flatten()
    }

    /// Sets the type of a variable.
    pub(super) fn set_local(&mut self, local: LocalId, ty: Option<Type>) {
        if let Some(var) = self.vars.get_mut(local.index()) {
            self.changed.push((local, std::mem::replace(var, ty)));
        }
    }

    /// The type of a term, as far as it is known.
    pub(super) fn type_of(&self, term: &Term) -> Option<Type> {
        match &term.kind {
            TermKind::Null => Some(Type::Null),
            TermKind::Boolean(_) => Some(Type::Boolean),
            TermKind::Number(_) => Some(Type::Number),
            TermKind::String(_) => Some(Type::String),
            TermKind::Local(local) => self.local(*local),
            TermKind::Ref(reference) => self.type_of_reference(reference),
            TermKind::Array(items) => Some(Type::array(items.iter().map(|item| self.type_of(item)).collect(), None)),
            TermKind::Object(entries) => {
                let mut fixed: BTreeMap<Key, Option<Type>> = BTreeMap::new();
                let mut rest = None;
                for (key, value) in entries {
                    match Key::of(key) {
                        Some(key) => {
                            fixed.insert(key, self.type_of(value));
                        }
                        None => rest = Some((self.type_of(key), self.type_of(value))),
                    }
                }
                Some(Type::object(fixed.into_iter().collect(), rest))
            }
            TermKind::Set(items) => Some(Type::set(Type::union(items.iter().map(|item| self.type_of(item))))),
            TermKind::ArrayComprehension(..) | TermKind::SetComprehension(..) | TermKind::ObjectComprehension(..) => {
                self.comprehensions.get(&std::ptr::from_ref(term)).cloned().flatten()
            }
        }
    }

    /// The type of what a reference leads to.
    pub(super) fn type_of_reference(&self, reference: &Ref) -> Option<Type> {
        if let RefBase::Local(local) = reference.base {
            return select(self.local(local), &reference.path);
        }
        let root = self.root(reference.base);
        let found = self.replaced.iter().rev().map(Rc::as_ref).chain([&self.documents]);
        let found = found.filter_map(|tree| tree.get(&root, &reference.path)).next();
        found.unwrap_or_else(|| Some(self.any()))
    }

    /// The type of a function of the policy.
    pub(super) fn type_of_function(&self, set: RuleSetId) -> Option<Type> {
        let set = &self.program.sets[set];
        let span = self.program.rules.get(*set.rules.first().or(set.default.as_ref())?)?.span;
        let path = self.program.tree.path(set.node);
        let path = path.into_iter().map(|key| key.term(span)).collect();
        self.type_of_reference(&Ref { base: RefBase::Data, path })
    }
}
