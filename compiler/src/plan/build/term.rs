//! Terms as values: constants, variables, composites, comprehensions.

use super::Planner;
use super::body::Solutions;
use super::constants::constant;
use crate::diagnostic::Code;
use crate::hir::{Body, LocalId, RefBase, Term, TermKind};
use crate::plan::ir::{ConstId, Local, Operand, StmtKind};
use crate::plan::order::compare;
use crate::source::Span;

impl<'p> Planner<'p> {
    /// Plans the value of a term. References in it may open scans.
    pub(super) fn term(&mut self, term: &'p Term) -> Operand {
        if let Some(constant) = constant(term) {
            return self.constants.add(constant).into();
        }
        match &term.kind {
            TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) => {
                self.unbound(term.span)
            }
            TermKind::Local(variable) => self.frame.binding(*variable).unwrap_or_else(|| self.unbound(term.span)),
            TermKind::Ref(reference) => self.reference(reference, term.span),
            TermKind::Array(elements) => self.array(elements),
            TermKind::Object(entries) => self.object(entries),
            TermKind::Set(elements) => self.set(elements),
            TermKind::ArrayComprehension(element, body) => self.array_comprehension(element, body),
            TermKind::SetComprehension(element, body) => self.set_comprehension(element, body),
            TermKind::ObjectComprehension(key, value, body) => self.object_comprehension(key, value, body),
        }
    }

    /// A variable that nothing has bound: `resolve` orders bodies so that this does not happen, unless another error has cut one
    /// short.
    pub(super) fn unbound(&mut self, span: Span) -> Operand {
        if self.diagnostics.is_empty() {
            self.error(Code::UnsafeVar, Some(span), "variable is used before it is bound");
        }
        self.constants.boolean(false).into()
    }

    /// Whether the plan already knows that a value differs from a constant.
    pub(super) fn is_known_to_differ(&self, value: Operand, from: ConstId) -> bool {
        match value {
            Operand::Const(value) => compare(self.constants.get(value), self.constants.get(from)).is_ne(),
            Operand::Local(_) => false,
        }
    }

    fn array(&mut self, elements: &'p [Term]) -> Operand {
        // The elements come first: a reference in them may open a scan, and each of its elements makes an array of its own.
        let values: Vec<Operand> = elements.iter().map(|element| self.term(element)).collect();
        self.array_of(&values).into()
    }

    /// An array of values.
    pub(super) fn array_of(&mut self, values: &[Operand]) -> Local {
        let array = self.frame.new_local();
        self.push(StmtKind::MakeArray { target: array, capacity: u32::try_from(values.len()).unwrap_or(0) });
        for value in values {
            self.push(StmtKind::ArrayAppend { array, value: *value });
        }
        array
    }

    fn object(&mut self, entries: &'p [(Term, Term)]) -> Operand {
        let mut values = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let known = constant(key).is_some();
            values.push((known, self.term(key), self.term(value)));
        }
        // OPA writes the constant keys first, so that an equal key known only at run time replaces them.
        values.sort_by_key(|(known, ..)| !known);
        let object = self.frame.new_local();
        self.push(StmtKind::MakeObject { target: object });
        for (_, key, value) in values {
            self.push(StmtKind::ObjectInsert { object, key, value });
        }
        object.into()
    }

    fn set(&mut self, elements: &'p [Term]) -> Operand {
        let values: Vec<Operand> = elements.iter().map(|element| self.term(element)).collect();
        let set = self.frame.new_local();
        self.push(StmtKind::MakeSet { target: set });
        for value in values {
            self.push(StmtKind::SetAdd { set, value });
        }
        set.into()
    }

    fn array_comprehension(&mut self, element: &'p Term, body: &'p Body) -> Operand {
        let array = self.frame.new_local();
        self.push(StmtKind::MakeArray { target: array, capacity: 0 });
        self.closure(|planner| {
            planner.body(body, Solutions::Each, &[element]);
            let value = planner.term(element);
            planner.push(StmtKind::ArrayAppend { array, value });
        });
        array.into()
    }

    fn set_comprehension(&mut self, element: &'p Term, body: &'p Body) -> Operand {
        let set = self.frame.new_local();
        self.push(StmtKind::MakeSet { target: set });
        self.closure(|planner| {
            planner.body(body, Solutions::Distinct, &[element]);
            let value = planner.term(element);
            planner.push(StmtKind::SetAdd { set, value });
        });
        set.into()
    }

    fn object_comprehension(&mut self, key: &'p Term, value: &'p Term, body: &'p Body) -> Operand {
        let object = self.frame.new_local();
        self.push(StmtKind::MakeObject { target: object });
        self.closure(|planner| {
            planner.body(body, Solutions::Distinct, &[key, value]);
            let span = Some(key.span);
            let key = planner.term(key);
            let value = planner.term(value);
            planner.frame.push_at(StmtKind::ObjectInsertOnce { object, key, value }, span);
        });
        object.into()
    }

    /// Plans something in a block of its own, whose variables do not leave it.
    fn closure(&mut self, inner: impl FnOnce(&mut Self)) {
        let (bound, span) = (self.frame.bound(), self.frame.span);
        let around = self.enter_inner_body();
        self.block(|planner, _| inner(planner));
        self.leave_body(around);
        self.frame.unbind(bound);
        self.frame.span = span;
    }

    /// Whether a term must be matched rather than computed: it is a variable that is not bound, or has one inside.
    pub(super) fn is_pattern(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Local(variable) => !self.is_bound(*variable),
            TermKind::Array(elements) => elements.iter().any(|element| self.is_pattern(element)),
            TermKind::Object(entries) => entries.iter().any(|(_, value)| self.is_pattern(value)),
            _ => false,
        }
    }

    /// Whether computing a term needs a variable that is not bound and that the term itself does not bind.
    pub(super) fn is_ready(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Local(variable) => self.is_bound(*variable),
            TermKind::Ref(reference) => match reference.base {
                RefBase::Local(variable) => self.is_bound(variable),
                RefBase::Input | RefBase::Data => true,
            },
            TermKind::Array(elements) | TermKind::Set(elements) => {
                elements.iter().all(|element| self.is_ready(element))
            }
            TermKind::Object(entries) => entries.iter().all(|(key, value)| self.is_ready(key) && self.is_ready(value)),
            _ => true,
        }
    }

    /// Whether computing a term opens no scan.
    pub(super) fn is_single(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Ref(reference) => {
                reference.path.iter().all(|operand| !self.is_pattern(operand) && self.is_single(operand))
            }
            TermKind::Array(elements) | TermKind::Set(elements) => {
                elements.iter().all(|element| self.is_single(element))
            }
            TermKind::Object(entries) => {
                entries.iter().all(|(key, value)| self.is_single(key) && self.is_single(value))
            }
            _ => true,
        }
    }

    fn is_bound(&self, variable: LocalId) -> bool {
        self.frame.binding(variable).is_some()
    }
}
