//! `with`: a statement under replacements.
//!
//! Documents are replaced while the statement runs, and only then: the statements after it see the original ones. So the solutions
//! of a statement that may have several are gathered in an array, and the rest of the body runs for each element of it. Callees
//! that are replaced, and rules that a replaced document hides, change what is planned: see [`super::context`].

use std::collections::BTreeMap;

use super::Planner;
use super::constants::constant;
use super::context::{ContextId, Mock};
use crate::hir::{Callee, Expr, NodeId, Tree, WithTarget, WithValue};
use crate::plan::ir::{ConstId, Local, Operand, StmtKind};
use crate::source::Name;

/// A document to replace.
struct Replaced {
    document: Local,
    path: Vec<ConstId>,
    value: Operand,
}

impl<'p> Planner<'p> {
    /// Plans a statement with replacements.
    pub(super) fn with(&mut self, expr: &'p Expr) {
        // All values are computed outside of all replacements.
        let mut replaced = Vec::new();
        let mut context = self.contexts.get(self.frame.context).clone();
        let mut mocks = self.frame.mocks.clone();
        for with in &expr.with {
            let value = match &with.value {
                WithValue::Callee(callee) => {
                    if let WithTarget::Callee(target) = with.target {
                        context.mocks.insert(target, Mock::Callee(*callee));
                        mocks.remove(&target);
                    }
                    continue;
                }
                WithValue::Term(value) => value,
            };
            let known = constant(value).is_some();
            let value = self.term(value);
            match &with.target {
                WithTarget::Input(path) => replaced.push(self.replaced(Local::INPUT, path, value)),
                WithTarget::Data(path) => {
                    replaced.push(self.replaced(Local::DATA, path, value));
                    context.shadows.extend(self.hidden_node(path));
                    context.replaced.insert(self.contexts.document(path));
                }
                WithTarget::Callee(target) => {
                    let mock = match value {
                        Operand::Const(value) if known => Mock::Constant(value),
                        _ => Mock::Value,
                    };
                    context.mocks.insert(*target, mock);
                    if mock == Mock::Value {
                        mocks.insert(*target, value)
                    } else {
                        mocks.remove(target)
                    };
                }
            }
        }
        let context = self.contexts.intern(context);
        self.under(expr, context, mocks, replaced);
    }

    /// Plans the statement, in a context and with documents replaced.
    fn under(&mut self, expr: &'p Expr, context: ContextId, mocks: BTreeMap<Callee, Operand>, replaced: Vec<Replaced>) {
        let outer_context = std::mem::replace(&mut self.frame.context, context);
        let outer_mocks = std::mem::replace(&mut self.frame.mocks, mocks);
        let (bound, position) = (self.frame.bound(), self.frame.position());
        for _ in &replaced {
            self.frame.open_guard();
        }
        let depth = self.frame.depth();
        self.try_pending(expr);
        self.expr_kind(&expr.kind);
        let many = self.frame.depth() > depth && !replaced.is_empty();
        let variables = self.frame.bound_since(bound).to_vec();
        let solutions = self.frame.new_local();
        if many {
            let values: Vec<Operand> = variables.iter().filter_map(|variable| self.frame.binding(*variable)).collect();
            let solution = self.array_of(&values);
            self.push(StmtKind::ArrayAppend { array: solutions, value: solution.into() });
        }
        for Replaced { document, path, value } in replaced.into_iter().rev() {
            let body = self.frame.close_block();
            self.push(StmtKind::With { document, path, value, body });
        }
        self.frame.context = outer_context;
        self.frame.mocks = outer_mocks;
        if many {
            self.frame.insert(position, StmtKind::MakeArray { target: solutions, capacity: 0 });
            self.frame.unbind(bound);
            let (_, solution) = self.frame.open_scan(solutions.into());
            for (index, variable) in variables.into_iter().enumerate() {
                let key = self.constants.integer(index);
                let value = self.dot(solution.into(), key.into());
                self.frame.bind(variable, value);
            }
        }
    }

    fn replaced(&mut self, document: Local, path: &[Name], value: Operand) -> Replaced {
        let path = path.iter().map(|step| self.constants.string(step)).collect();
        Replaced { document, path, value }
    }

    /// The node whose rules a replaced path below `data` hides, if there is one.
    fn hidden_node(&self, path: &[Name]) -> Option<NodeId> {
        path.iter().try_fold(Tree::ROOT, |node, step| self.hir.tree.child(node, step))
    }
}
