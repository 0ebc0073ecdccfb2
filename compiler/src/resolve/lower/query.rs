//! Ad hoc queries: which statements have a value that a result shows, and which variables it shows.

use std::collections::BTreeMap;

use crate::capabilities::Capabilities;
use crate::hir::{
    Body, Callee, Captured, Expr, ExprKind, ExprOrigin, LocalId, LocalOrigin, Name, Query, RefBase, RuleKind, Term,
    TermKind, WithValue,
};
use crate::resolve::declared;
use crate::source::Span;
use crate::syntax::ast::{self, LiteralKind, RefOperand};

use super::{Lowerer, body_of, hoisted, local_term};

/// Which variable of a query holds the value of which statement.
#[derive(Debug)]
pub(in crate::resolve) struct Captures {
    locals: BTreeMap<Span, LocalId>,
}

impl Lowerer<'_> {
    /// Lowers a query. What its results show is known once its statements are ordered: [`Captures::show`].
    pub(in crate::resolve) fn query(&mut self, body: &ast::Body) -> (Query, Captures) {
        self.rule = None;
        self.errors = 0;
        self.unused_reported = false;
        self.scopes.begin_branch(super::scope::Frame::default(), declared::names_of_body(body));
        let checks_value = body.literals.len() > 1 || iterates(body, self.unit.capabilities);
        let mut captures = BTreeMap::new();
        let mut checks = Vec::new();
        let mut exprs = Vec::new();
        for literal in &body.literals {
            let first = exprs.len();
            exprs.extend(self.literals(std::slice::from_ref(literal)));
            if !matches!(literal.kind, LiteralKind::Expr(_)) {
                continue;
            }
            let own = exprs.iter_mut().skip(first).find(|expr| expr.origin == ExprOrigin::Written);
            if let Some(own) = own
                && let Some(local) = self.capture(own)
            {
                captures.insert(literal.span, local);
                if checks_value {
                    checks.push(hoisted(ExprKind::Term(local_term(local, literal.span)), literal.span));
                }
            }
        }
        exprs.append(&mut checks);
        self.report_unused();
        let locals = self.take_locals();
        let query = Query { body: body_of(exprs), locals, bindings: Vec::new(), values: Vec::new() };
        (query, Captures { locals: captures })
    }

    /// Gives the value of a statement a variable, which messages call `_` as OPA does. Unifications and calls that bind their result
    /// have none.
    fn capture(&mut self, expr: &mut Expr) -> Option<LocalId> {
        let local = match &expr.kind {
            ExprKind::Term(_) => self.scopes.fresh(None, expr.span, LocalOrigin::Wildcard),
            ExprKind::Call { callee, args, output: None } if self.has_value(*callee, args.len()) => {
                self.scopes.fresh(None, expr.span, LocalOrigin::Wildcard)
            }
            _ => return None,
        };
        let variable = local_term(local, expr.span);
        match &mut expr.kind {
            ExprKind::Call { output, .. } => *output = Some(variable),
            kind => {
                let taken = std::mem::replace(kind, ExprKind::Not(Body::default()));
                *kind = match taken {
                    ExprKind::Term(term) => ExprKind::Unify(term, variable),
                    other => other,
                };
            }
        }
        Some(local)
    }

    fn has_value(&self, callee: Callee, args: usize) -> bool {
        match callee {
            Callee::Builtin(builtin) => {
                let row = self.builtins.get(builtin);
                row.result.is_some() && row.params.len() == args
            }
            Callee::Function(set) => match self.unit.sets[set].kind {
                RuleKind::Function(arity) => arity == args,
                _ => false,
            },
        }
    }
}

impl Captures {
    /// Writes down what the results of an ordered query show: values stand in that order, as in OPA.
    pub(in crate::resolve) fn show(&self, query: &mut Query) {
        for expr in query.body.exprs.iter().filter(|expr| expr.origin != ExprOrigin::Hoisted) {
            let kind = match self.locals.get(&expr.span) {
                Some(local) => TermKind::Local(*local),
                None => TermKind::Boolean(true),
            };
            query.values.push(Captured { span: expr.span, value: Term { kind, span: expr.span } });
        }
        let mut shown: BTreeMap<Name, LocalId> = BTreeMap::new();
        let mut visible = Vec::new();
        for expr in &query.body.exprs {
            visible_in_expr(expr, &mut visible);
        }
        for local in visible {
            if let Some(name) = &query.locals[local].name {
                shown.entry(name.clone()).or_insert(local);
            }
        }
        query.bindings = shown.into_iter().collect();
    }
}

/// The variables of a statement that leave it: not those inside bodies.
fn visible_in_expr(expr: &Expr, found: &mut Vec<LocalId>) {
    match &expr.kind {
        ExprKind::Term(term) => visible_in_term(term, found),
        ExprKind::Unify(left, right) => {
            visible_in_term(left, found);
            visible_in_term(right, found);
        }
        ExprKind::Call { args, output, .. } => {
            args.iter().chain(output).for_each(|term| visible_in_term(term, found));
        }
        ExprKind::Every { domain, .. } => visible_in_term(domain, found),
        ExprKind::Not(_) | ExprKind::And(..) | ExprKind::Or(..) => {}
    }
    for with in &expr.with {
        if let WithValue::Term(term) = &with.value {
            visible_in_term(term, found);
        }
    }
}

fn visible_in_term(term: &Term, found: &mut Vec<LocalId>) {
    match &term.kind {
        TermKind::Local(local) => found.push(*local),
        TermKind::Ref(reference) => {
            if let RefBase::Local(local) = reference.base {
                found.push(local);
            }
            reference.path.iter().for_each(|term| visible_in_term(term, found));
        }
        TermKind::Array(terms) | TermKind::Set(terms) => {
            terms.iter().for_each(|term| visible_in_term(term, found));
        }
        TermKind::Object(items) => {
            for (key, value) in items {
                visible_in_term(key, found);
                visible_in_term(value, found);
            }
        }
        TermKind::Null
        | TermKind::Boolean(_)
        | TermKind::Number(_)
        | TermKind::String(_)
        | TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..) => {}
    }
}

/// Whether a query can have several results: a variable stands in a reference, or a relation is called.
fn iterates(body: &ast::Body, capabilities: &Capabilities) -> bool {
    let in_literal = |literal: &ast::Literal| match &literal.kind {
        LiteralKind::Expr(term) => iterates_in_term(term, capabilities),
        LiteralKind::Every(every) => {
            iterates_in_term(&every.domain, capabilities) || iterates(&every.body, capabilities)
        }
        LiteralKind::SomeIn(some) => {
            some.key.iter().chain([&some.value, &some.collection]).any(|term| iterates_in_term(term, capabilities))
        }
        LiteralKind::Not(ast::Operand::Bare(literal) | ast::Operand::Group(literal)) => {
            matches!(&literal.kind, LiteralKind::Expr(term) if iterates_in_term(term, capabilities))
        }
        LiteralKind::Not(ast::Operand::Braces(body)) => iterates(body, capabilities),
        LiteralKind::Some(_) | LiteralKind::Logical(_) => false,
    };
    body.literals.iter().any(in_literal)
}

fn iterates_in_term(term: &ast::Term, capabilities: &Capabilities) -> bool {
    let mut found = false;
    match &term.kind {
        ast::TermKind::Ref(reference) => {
            found = reference
                .operands
                .iter()
                .any(|operand| matches!(operand, RefOperand::Index(ast::Term { kind: ast::TermKind::Var(_), .. })));
        }
        ast::TermKind::Call(call) => {
            let name = crate::resolve::text::reference(&call.operator);
            found = capabilities.builtins.get(name.as_str()).is_some_and(|builtin| builtin.relation);
        }
        ast::TermKind::ArrayComprehension(..)
        | ast::TermKind::SetComprehension(..)
        | ast::TermKind::ObjectComprehension(..) => return false,
        _ => {}
    }
    declared::each_part(term, &mut |part| found = found || iterates_in_term(part, capabilities));
    found
}
