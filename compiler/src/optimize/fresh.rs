//! Locals and labels that a function does not have yet, for passes that add statements. Changes no function.

use crate::plan::ir::{Block, Function, Label, Local, Stmt, StmtKind};
use crate::plan::visit;
use crate::source::Span;

/// What is free in one function.
pub(super) struct Fresh {
    next_local: u32,
    next_label: u32,
}

impl Fresh {
    pub(super) fn of(function: &Function) -> Self {
        Self { next_local: function.locals, next_label: visit::free_label(&function.body).0 }
    }

    /// The same where a walk over the function found the first free label on its way: each walk over a large plan counts.
    pub(super) fn behind(locals: u32, label: Label) -> Self {
        Self { next_local: locals, next_label: label.0 }
    }

    /// How many locals the function has with those that were given out.
    pub(super) fn locals(&self) -> u32 {
        self.next_local
    }

    pub(super) fn local(&mut self) -> Local {
        let local = Local(self.next_local);
        self.next_local = self.next_local.saturating_add(1);
        local
    }

    pub(super) fn label(&mut self) -> Label {
        let label = Label(self.next_label);
        self.next_label = self.next_label.saturating_add(1);
        label
    }

    /// Runs statements that may be undefined; then their target is, too.
    pub(super) fn try_all(&mut self, stmts: Vec<Stmt>, target: Local, span: Option<Span>, into: &mut Vec<Stmt>) {
        into.push(Stmt { kind: StmtKind::Reset { target }, span });
        into.push(Stmt { kind: StmtKind::Block(Block { label: self.label(), stmts }), span });
    }
}
