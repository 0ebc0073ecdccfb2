//! Terms: what can stand in a statement once every call has been moved out of it.

use crate::hir::{Body, Expr, ExprKind, Ref, RefBase, Term, TermKind};
use crate::resolve::declared;
use crate::source::Span;
use crate::syntax::ast::{self, RefOperand};

use super::sort_key::sort_as_added;
use super::{Lowerer, Meaning, body_of, hoisted, local_term, string_term};

impl Lowerer<'_> {
    /// Lowers a term. The calls in it become statements in `out`.
    pub(super) fn term(&mut self, term: &ast::Term, out: &mut Vec<Expr>) -> Term {
        let span = term.span;
        let kind = match &term.kind {
            ast::TermKind::Null => TermKind::Null,
            ast::TermKind::Boolean(value) => TermKind::Boolean(*value),
            ast::TermKind::Number(number) => TermKind::Number(number.clone()),
            ast::TermKind::String(string) => TermKind::String(string.clone()),
            ast::TermKind::Template(parts) => return self.template(parts, span, out),
            ast::TermKind::Var(name) => self.variable(name, span),
            ast::TermKind::Ref(reference) => return self.reference(reference, span, out),
            ast::TermKind::Array(terms) => TermKind::Array(self.terms(terms, out)),
            ast::TermKind::Set(terms) => {
                let elements = self.elements_in_order(terms).into_iter();
                let mut elements: Vec<_> = elements.map(|term| self.term(term, out)).collect();
                sort_as_added(&mut elements, |element| element, &self.scopes);
                TermKind::Set(elements)
            }
            ast::TermKind::Object(items) => {
                let items = self.items_in_order(items).into_iter();
                let mut items: Vec<_> =
                    items.map(|(key, value)| (self.term(key, out), self.term(value, out))).collect();
                sort_as_added(&mut items, |(key, _)| key, &self.scopes);
                TermKind::Object(items)
            }
            ast::TermKind::ArrayComprehension(head, body) => {
                let (head, body) = self.comprehension(head, body);
                TermKind::ArrayComprehension(Box::new(head), Box::new(body))
            }
            ast::TermKind::SetComprehension(head, body) => {
                let (head, body) = self.comprehension(head, body);
                TermKind::SetComprehension(Box::new(head), Box::new(body))
            }
            ast::TermKind::ObjectComprehension(key, value, body) => {
                let (key, value, body) = self.object_comprehension(key, value, body);
                TermKind::ObjectComprehension(Box::new(key), Box::new(value), Box::new(body))
            }
            ast::TermKind::Call(_) | ast::TermKind::Infix(..) | ast::TermKind::In { .. } | ast::TermKind::Negate(_) => {
                return self.nested_call(term, out);
            }
        };
        Term { kind, span }
    }

    /// Lowers terms in order.
    pub(super) fn terms(&mut self, terms: &[ast::Term], out: &mut Vec<Expr>) -> Vec<Term> {
        terms.iter().map(|term| self.term(term, out)).collect()
    }

    fn variable(&mut self, name: &crate::hir::Name, span: Span) -> TermKind {
        match self.meaning(name, span, true) {
            Meaning::Local(local) => TermKind::Local(local),
            Meaning::Document(base, keys) => {
                let path = keys.into_iter().map(|key| string_term(key, span)).collect();
                TermKind::Ref(Box::new(Ref { base, path }))
            }
        }
    }

    /// Lowers a reference. What is looked into, if it is no name, becomes a variable.
    pub(super) fn reference(&mut self, reference: &ast::Ref, span: Span, out: &mut Vec<Expr>) -> Term {
        let head_span = reference.head.span;
        let mut path = Vec::with_capacity(reference.operands.len());
        let (base, composite) = match &reference.head.kind {
            ast::TermKind::Var(name) => match self.meaning(name, head_span, reference.operands.is_empty()) {
                Meaning::Local(local) => (Some(RefBase::Local(local)), None),
                Meaning::Document(base, keys) => {
                    path.reserve_exact(keys.len() + reference.operands.len());
                    path.extend(keys.into_iter().map(|key| string_term(key, head_span)));
                    (Some(base), None)
                }
            },
            _ => match self.term(&reference.head, out) {
                Term { kind: TermKind::Local(local), .. } => (Some(RefBase::Local(local)), None),
                Term { kind: TermKind::Ref(inner), .. } => {
                    path = inner.path;
                    (Some(inner.base), None)
                }
                composite => (None, Some(composite)),
            },
        };
        for operand in &reference.operands {
            path.push(match operand {
                RefOperand::Field(name, span) => string_term(name.clone(), *span),
                RefOperand::Index(index) => self.term(index, out),
            });
        }
        let base = base.unwrap_or_else(|| {
            let local = self.fresh(head_span);
            if let Some(composite) = composite {
                out.push(hoisted(ExprKind::Unify(local_term(local, head_span), composite), head_span));
            }
            RefBase::Local(local)
        });
        match base {
            RefBase::Local(local) if path.is_empty() => local_term(local, span),
            base => Term { kind: TermKind::Ref(Box::new(Ref { base, path })), span },
        }
    }

    fn comprehension(&mut self, head: &ast::Term, body: &ast::Body) -> (Term, Body) {
        let is_unchecked = std::mem::replace(&mut self.is_unchecked, false);
        let mut exprs = self.open_comprehension(body);
        let of_body = exprs.len();
        let head = self.term(head, &mut exprs);
        let of_calls = exprs.len();
        let head = self.hoist_if_evaluated(head, &mut exprs);
        self.forget_true(body, of_body..of_calls, &mut exprs);
        self.is_unchecked = is_unchecked;
        (head, self.close_comprehension(exprs))
    }

    fn object_comprehension(&mut self, key: &ast::Term, value: &ast::Term, body: &ast::Body) -> (Term, Term, Body) {
        let is_unchecked = std::mem::replace(&mut self.is_unchecked, false);
        let mut exprs = self.open_comprehension(body);
        let of_body = exprs.len();
        let key = self.term(key, &mut exprs);
        let value = self.term(value, &mut exprs);
        let of_calls = exprs.len();
        let key = self.hoist_if_evaluated(key, &mut exprs);
        let value = self.hoist_if_evaluated(value, &mut exprs);
        self.forget_true(body, of_body..of_calls, &mut exprs);
        self.is_unchecked = is_unchecked;
        (key, value, self.close_comprehension(exprs))
    }

    fn open_comprehension(&mut self, body: &ast::Body) -> Vec<Expr> {
        self.scopes.hide(declared::names_of_body(body));
        self.scopes.open();
        self.literals(&body.literals)
    }

    fn close_comprehension(&mut self, exprs: Vec<Expr>) -> Body {
        self.report_unused();
        self.scopes.close();
        self.scopes.reveal();
        body_of(exprs)
    }
}
