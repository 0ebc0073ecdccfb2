//! `with` clauses: what is replaced, by what, and what may not be.

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{BuiltinId, Callee, Expr, Key, Name, RuleKind, With, WithTarget, WithValue};
use crate::resolve::stage::Stage;
use crate::resolve::tree::KeyTree;
use crate::source::Span;
use crate::syntax::ast::{self, RefOperand};

use super::call::{Target, constant_keys};
use super::{Lowerer, requires_eval};

/// What the targets of a statement's clauses mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Targets {
    /// Variables that are declared, where there are such; what they name is met there.
    Met,
    /// Never a variable: OPA does not look at the targets behind an assignment while it gives variables their names.
    Unseen,
}

impl Lowerer<'_> {
    /// Lowers the clauses of a statement. What their values need stands in `out`, before the statement and without the clauses.
    pub(super) fn with_clauses(&mut self, clauses: &[ast::With], out: &mut Vec<Expr>) -> Vec<With> {
        self.with_clauses_of(clauses, Targets::Met, out)
    }

    /// The same where it depends on the statement what its targets mean.
    pub(super) fn with_clauses_of(
        &mut self,
        clauses: &[ast::With],
        targets: Targets,
        out: &mut Vec<Expr>,
    ) -> Vec<With> {
        let clauses = clauses.iter().filter_map(|clause| self.with_clause(clause, targets, out));
        let mut lowered: Vec<With> = clauses.collect();
        // What documents the values are comes behind the calls in all of them.
        for clause in &mut lowered {
            if let WithValue::Term(value) = &mut clause.value
                && requires_eval(value)
            {
                let hoisted = self.hoist(value.clone(), out);
                *value = hoisted;
            }
        }
        lowered
    }

    fn with_error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        if !std::mem::replace(&mut self.with_failed, true) {
            self.reports.fatal(Stage::With, Diagnostic::new(code, span, message));
        }
    }

    fn with_clause(&mut self, clause: &ast::With, targets: Targets, out: &mut Vec<Expr>) -> Option<With> {
        self.refers = true;
        let target = self.with_target(&clause.target, targets);
        let replaces_function = match &target {
            Some(WithTarget::Callee(_)) => true,
            Some(WithTarget::Input(_) | WithTarget::Data(_)) | None => false,
        };
        let callee = if replaces_function { self.callee_of_value(&clause.value) } else { None };
        let value = match callee {
            Some(callee) => WithValue::Callee(callee),
            None => WithValue::Term(self.term(&clause.value, out)),
        };
        Some(With { target: target?, value, span: clause.span })
    }

    fn with_target(&mut self, target: &ast::Term, targets: Targets) -> Option<WithTarget> {
        let (head, operands): (&Name, &[RefOperand]) = match &target.kind {
            ast::TermKind::Var(name) => (name, &[]),
            ast::TermKind::Ref(reference) => match &reference.head.kind {
                ast::TermKind::Var(name) => (name, &reference.operands),
                _ => return self.bad_target(target),
            },
            _ => return self.bad_target(target),
        };
        let global = if self.scopes.is_hidden(head) { None } else { self.globals.get(head) };
        let Some(keys) = constant_keys(operands) else {
            self.with_error(Code::Compile, target.span, "invalid with target");
            return None;
        };
        let (root, keys) = match global {
            Some(path) => (path.root, path.keys.into_iter().chain(keys).collect()),
            None => (head.clone(), keys),
        };
        match &*root {
            // A variable named `input` is not what is replaced, whatever it shadows.
            "input" => {
                if !keys.is_empty() && targets == Targets::Met {
                    self.scopes.meet(&root, target.span);
                }
                Some(WithTarget::Input(keys))
            }
            "data" if targets == Targets::Unseen || self.scopes.declared("data").is_none() => {
                self.data_target(keys, target.span)
            }
            _ => match self.replaceable_builtin(&root, &keys, targets, target.span) {
                Some(Target::Callee(Callee::Builtin(builtin), _)) => self.builtin_target(builtin, target.span),
                Some(Target::Metadata(which)) => {
                    let name = ["rego.metadata.chain", "rego.metadata.rule"][which];
                    self.refuse_builtin(name, target.span)
                }
                _ => self.bad_target(target),
            },
        }
    }

    /// The builtin that a target names. To OPA its name was met here, so that nothing can declare it behind.
    fn replaceable_builtin(&mut self, head: &Name, keys: &[Name], targets: Targets, span: Span) -> Option<Target> {
        match targets {
            Targets::Met => {
                self.scopes.meet(head, span);
                self.builtin(head, keys)
            }
            Targets::Unseen => self.builtin_named(head, keys),
        }
    }

    fn bad_target(&mut self, target: &ast::Term) -> Option<WithTarget> {
        let message = "with keyword target must reference existing input, data, or a function";
        self.with_error(Code::Type, target.span, message);
        None
    }

    fn refuse_builtin(&mut self, name: &str, span: Span) -> Option<WithTarget> {
        let message = format!("with keyword replacing built-in function: replacement of \"{name}\" invalid");
        self.with_error(Code::Compile, span, message);
        None
    }

    fn data_target(&mut self, keys: Vec<Name>, span: Span) -> Option<WithTarget> {
        let tree = self.unit.tree;
        let mut node = Some(KeyTree::ROOT);
        for (depth, key) in keys.iter().enumerate() {
            node = node.and_then(|node| tree.nodes[node].children.get(&Key::String(key.clone())).copied());
            let Some(found) = node else { break };
            let last = depth + 1 == keys.len();
            if !last && !tree.nodes[found].rules.is_empty() {
                self.with_error(Code::Compile, span, "with keyword cannot partially replace virtual document(s)");
                return None;
            }
        }
        let set = node.filter(|node| !tree.nodes[*node].rules.is_empty()).and_then(|node| tree.nodes[node].set);
        match set {
            Some(set) if matches!(self.unit.sets[set].kind, RuleKind::Function(_)) => {
                Some(WithTarget::Callee(Callee::Function(set)))
            }
            _ => Some(WithTarget::Data(keys)),
        }
    }

    fn builtin_target(&mut self, builtin: BuiltinId, span: Span) -> Option<WithTarget> {
        let row = self.builtins.get(builtin);
        let name = row.name.clone();
        let message = match &*name {
            "eq" | "rego.metadata.chain" | "rego.metadata.rule" => return self.refuse_builtin(&name, span),
            internal if internal.starts_with("internal.") => format!(
                "with keyword replacing built-in function: replacement of internal function \"{internal}\" invalid"
            ),
            _ if row.relation => "with keyword replacing built-in function: target must not be a relation".to_owned(),
            _ if row.result.is_none() => {
                "with keyword replacing built-in function: target must not be a void function".to_owned()
            }
            _ => return Some(WithTarget::Callee(Callee::Builtin(builtin))),
        };
        self.with_error(Code::Compile, span, message);
        None
    }
}
