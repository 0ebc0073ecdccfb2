//! References into values: a bound operand is looked up, an unbound one is scanned for. References into `data` begin in [`super::data`].

use super::Planner;
use crate::hir::{Ref, RefBase, Term};
use crate::plan::ir::{Local, Operand, StmtKind};
use crate::source::Span;

impl<'p> Planner<'p> {
    /// Plans the value of a reference.
    pub(super) fn reference(&mut self, reference: &'p Ref, span: Span) -> Operand {
        match reference.base {
            RefBase::Input if reference.path.is_empty() => self.document(Local::INPUT),
            RefBase::Input => self.steps(Local::INPUT.into(), &reference.path),
            RefBase::Data => self.data(&reference.path),
            RefBase::Local(variable) => match self.frame.binding(variable) {
                Some(source) => self.steps(source, &reference.path),
                None => self.unbound(span),
            },
        }
    }

    /// A whole document, in a local of its own: `with` replaces what the document's local holds.
    pub(super) fn document(&mut self, document: Local) -> Operand {
        let target = self.frame.new_local();
        self.push(StmtKind::IsDefined(document));
        self.push(StmtKind::Assign { target, source: document.into() });
        target.into()
    }

    /// Follows the operands of a path from a value.
    pub(super) fn steps(&mut self, mut value: Operand, path: &'p [Term]) -> Operand {
        for operand in path {
            value = self.step(value, operand);
        }
        value
    }

    /// Follows an operand from a value.
    pub(super) fn step(&mut self, source: Operand, operand: &'p Term) -> Operand {
        if self.is_pattern(operand) {
            let (key, value) = self.frame.open_scan(source);
            self.frame.note_member(value, source, None);
            self.match_value(key.into(), operand);
            value.into()
        } else {
            let key = self.term(operand);
            self.dot(source, key)
        }
    }
}
