//! Calls of functions and builtins, and what replaces them.

use regoc_abi::builtins::Placement;

use super::Planner;
use super::context::{ContextId, Mock};
use crate::hir::{self, Callee, Term, TermKind};
use crate::plan::ir::{Builtin, BuiltinId, Operand, StmtKind};

impl<'p> Planner<'p> {
    /// Plans a call as a statement.
    pub(super) fn call(&mut self, callee: Callee, args: &'p [Term], output: Option<&'p Term>) {
        let args: Vec<Operand> = args.iter().map(|arg| self.term(arg)).collect();
        let context = self.frame.context;
        match self.contexts.get(context).mocks.get(&callee).copied() {
            None => self.call_original(callee, context, &args, output),
            Some(Mock::Callee(replacement)) => {
                let inside = self.contexts.without_mocks(context);
                self.call_original(replacement, inside, &args, output);
            }
            Some(Mock::Constant(value)) => self.result(value.into(), output),
            Some(Mock::Value) => match self.frame.mocks.get(&callee).copied() {
                Some(value) => self.result(value, output),
                None => self.fail(),
            },
        }
    }

    fn call_original(&mut self, callee: Callee, context: ContextId, args: &[Operand], output: Option<&'p Term>) {
        match callee {
            Callee::Function(set) => {
                let result = self.call_set(set, context, args);
                self.result(result, output);
            }
            Callee::Builtin(builtin) => match (&*self.hir.builtins[builtin].name, args, output.map(|it| &it.kind)) {
                ("walk", [document], Some(TermKind::Array(pair))) => self.walk(builtin, *document, pair, output),
                _ => self.call_builtin(builtin, args, output),
            },
        }
    }

    /// Plans a call of `walk`. A path that is written as an array only matches what lies that deep: no more is looked at.
    fn walk(&mut self, walk: hir::BuiltinId, document: Operand, pair: &'p [Term], output: Option<&'p Term>) {
        match pair {
            [Term { kind: TermKind::Array(path), .. }, value] => {
                let found = self.steps(document, path);
                self.match_value(found, value);
            }
            _ => self.call_builtin(walk, &[document], output),
        }
    }

    fn call_builtin(&mut self, callee: hir::BuiltinId, args: &[Operand], output: Option<&'p Term>) {
        let declared = &self.hir.builtins[callee];
        let (has_result, relation) = (declared.result.is_some(), declared.relation);
        let builtin = self.builtin(callee);
        let target = self.frame.new_local();
        self.push(StmtKind::CallBuiltin { builtin, args: args.to_vec(), target });
        match output {
            _ if !has_result => {}
            // The result holds all values that the call stands for.
            Some(output) if relation => {
                let (_, value) = self.frame.open_scan(target.into());
                self.match_value(value.into(), output);
            }
            None if relation => {
                let length = self.frame.new_local();
                self.push(StmtKind::Len { source: target.into(), target: length });
                let zero = self.constants.integer(0);
                self.push(StmtKind::NotEqual(length.into(), zero.into()));
            }
            _ => self.result(target.into(), output),
        }
    }

    /// What a call must satisfy: with an output, its result unifies with it; without, it is not `false`.
    fn result(&mut self, result: Operand, output: Option<&'p Term>) {
        match output {
            Some(output) => self.match_value(result, output),
            None => self.is_true(result),
        }
    }

    /// The builtin of the plan for one of the program.
    fn builtin(&mut self, callee: hir::BuiltinId) -> BuiltinId {
        if let Some(id) = self.builtin_ids.get(&callee) {
            return *id;
        }
        let declared = &self.hir.builtins[callee];
        let builtin = Builtin {
            name: declared.name.clone(),
            arity: declared.params.len(),
            has_result: declared.result.is_some(),
            host: declared.placement == Placement::Host,
        };
        let id = self.add_builtin(builtin);
        self.builtin_ids.insert(callee, id);
        id
    }

    /// `target = name(value)` of a builtin in the guest library, whether or not the policy calls it too.
    pub(super) fn call_guest(&mut self, name: &str, value: Operand) -> Operand {
        let builtin = self.add_builtin(Builtin { name: name.into(), arity: 1, has_result: true, host: false });
        let target = self.frame.new_local();
        self.push(StmtKind::CallBuiltin { builtin, args: vec![value], target });
        target.into()
    }

    /// Adds a builtin unless the plan has it already.
    pub(super) fn add_builtin(&mut self, builtin: Builtin) -> BuiltinId {
        let known = self.builtins.enumerate().find(|(_, known)| **known == builtin).map(|(id, _)| id);
        known.unwrap_or_else(|| self.builtins.push(builtin))
    }
}
