//! The statements of a body: declarations, `not`, `and`, `or`, `every`, `some … in`, assignments and plain expressions.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Body, BodyForm, Expr, ExprKind, ExprOrigin, LocalOrigin, Name, Ref, RefBase, Term, TermKind, With};
use crate::resolve::declared;
use crate::resolve::stage::Stage;
use crate::source::Span;
use crate::syntax::ast::{self, InfixOperator, LiteralKind, LogicalOperator, Operand};

use super::call::{CallParts, call_parts};
use super::scope::Occurrence;
use super::with_::Targets;
use super::{Lowerer, body_of, hoisted, local_term, rename, written};

/// The message for `:=` where a bare operand may declare nothing.
const fn assignment_message(operator: Option<LogicalOperator>) -> &'static str {
    match operator {
        None => "cannot assign vars inside negated expression",
        Some(LogicalOperator::And) => "cannot assign vars inside implicit and operand",
        Some(LogicalOperator::Or) => "cannot assign vars inside implicit or operand",
    }
}

/// What the names of the functions begin with that a term calls, bodies of comprehensions and templates left out.
fn called_outside_closures(term: &ast::Term, names: &mut BTreeSet<Name>) {
    if !declared::is_closure(term) {
        names.extend(call_parts(term).map(|parts| parts.head));
        declared::each_part(term, &mut |part| called_outside_closures(part, names));
    }
}

/// Both sides of a unification at the top of a statement.
fn unification(term: &ast::Term) -> Option<(&ast::Term, &ast::Term)> {
    match &term.kind {
        ast::TermKind::Infix(InfixOperator::Unify, left, right) => Some((left, right)),
        ast::TermKind::Call(call) => match (&call.operator.head.kind, call.args.as_slice()) {
            (ast::TermKind::Var(name), [left, right]) if &**name == "eq" && call.operator.operands.is_empty() => {
                Some((left, right))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Both sides of an assignment at the top of a statement.
fn assignment(term: &ast::Term) -> Option<(&ast::Term, &ast::Term)> {
    let target = declared::assignment_target(term)?;
    match &term.kind {
        ast::TermKind::Infix(_, _, value) => Some((target, value)),
        ast::TermKind::Call(call) => call.args.get(1).map(|value| (target, value)),
        _ => None,
    }
}

/// Puts `with` clauses on the statements made of one statement: those from `first` on.
fn apply_with(exprs: &mut [Expr], first: usize, with: &[With]) {
    if !with.is_empty() {
        for expr in exprs.iter_mut().skip(first) {
            expr.with = with.to_vec();
        }
    }
}

impl Lowerer<'_> {
    /// Lowers the statements of a body in order.
    pub(super) fn literals(&mut self, literals: &[ast::Literal]) -> Vec<Expr> {
        let mut out = Vec::with_capacity(literals.len());
        let with_failed = std::mem::replace(&mut self.with_failed, false);
        for literal in literals {
            self.literal(literal, literal.span, &mut out);
        }
        self.with_failed = with_failed;
        out
    }

    /// Lowers a block behind `not`, or one that is an operand of `and` or `or`, in a scope of its own.
    fn block(&mut self, body: &ast::Body, is_operand: bool) -> Body {
        self.scopes.open();
        let exprs = self.literals(&body.literals);
        self.report_unused();
        self.scopes.close_block(is_operand);
        body_of(exprs)
    }

    fn literal(&mut self, literal: &ast::Literal, span: Span, out: &mut Vec<Expr>) {
        match &literal.kind {
            LiteralKind::Some(names) => {
                for (name, _) in names {
                    if let Err(message) = self.scopes.declare(name, span, span, Occurrence::Declared) {
                        self.declaration_error(span, message);
                    }
                }
            }
            LiteralKind::SomeIn(some) => {
                self.some_in(some.key.as_ref(), &some.value, &some.collection, literal, out);
            }
            LiteralKind::Expr(term) => {
                if let Some(parts) = self.print_call(term) {
                    // OPA drops the clauses behind `print`.
                    self.with_clauses(&literal.with, &mut Vec::new());
                    self.print(&parts, span, out);
                    return;
                }
                let targets = if assignment(term).is_some() { Targets::Unseen } else { Targets::Met };
                let with = self.with_clauses_of(&literal.with, targets, out);
                let first = out.len();
                self.expression(term, span, out);
                apply_with(out, first, &with);
            }
            LiteralKind::Every(every) => {
                self.every(every, literal, span, out);
            }
            LiteralKind::Not(operand) => {
                let with = self.with_clauses(&literal.with, out);
                let first = out.len();
                self.not(operand, span, out);
                apply_with(out, first, &with);
            }
            LiteralKind::Logical(logical) => {
                let ast::Logical { operator, left, right } = &**logical;
                let with = self.with_clauses(&literal.with, out);
                let left = self.operand(left, Some(*operator), None);
                let right = self.operand(right, Some(*operator), None);
                let kind = match operator {
                    LogicalOperator::And => ExprKind::And(left, right),
                    LogicalOperator::Or => ExprKind::Or(left, right),
                };
                out.push(Expr { kind, with, span, origin: ExprOrigin::Written });
            }
        }
    }

    /// Lowers the expression of a statement; the statement itself comes last in `out`.
    fn expression(&mut self, term: &ast::Term, span: Span, out: &mut Vec<Expr>) {
        if let Some((target, value)) = assignment(term) {
            self.assign(target, value, span, out);
            return;
        }
        let kind = if let Some((left, right)) = unification(term) {
            let left = self.term(left, out);
            let right = self.term(right, out);
            ExprKind::Unify(left, right)
        } else if let Some(parts) = call_parts(term) {
            self.statement_call(&parts, span, out)
        } else {
            ExprKind::Term(self.term(term, out))
        };
        out.push(written(kind, span));
    }

    /// Reports a variable named like a root document, where the file must be valid in Rego v1.
    fn check_root_override(&mut self, target: &ast::Term, span: Span) {
        if let ast::TermKind::Var(name) = &target.kind
            && self.is_guarded
            && matches!(&**name, "input" | "data")
        {
            let message = format!("variables must not shadow {name} (use a different variable name)");
            self.reports.recoverable(Stage::RootOverrides, Diagnostic::new(Code::Compile, span, message));
        }
    }

    fn assign(&mut self, target: &ast::Term, value: &ast::Term, span: Span, out: &mut Vec<Expr>) {
        self.check_root_override(target, span);
        // The right side is met first: `x := x` speaks of another `x`.
        let value = self.term(value, out);
        let target = self.assigned(target, span);
        let kind = ExprKind::Unify(target, value);
        out.push(Expr { kind, with: Vec::new(), span, origin: ExprOrigin::Assignment });
    }

    /// Lowers the left side of `:=`, which declares every name in it.
    fn assigned(&mut self, target: &ast::Term, statement: Span) -> Term {
        let span = target.span;
        let kind = match &target.kind {
            ast::TermKind::Var(name) if &**name == "_" => {
                TermKind::Local(self.scopes.fresh(None, span, LocalOrigin::Wildcard))
            }
            ast::TermKind::Var(name) => match self.scopes.declare(name, span, statement, Occurrence::Assigned) {
                Ok(local) => TermKind::Local(local),
                Err(message) => {
                    self.declaration_error(span, message);
                    TermKind::Null
                }
            },
            ast::TermKind::Array(terms) => {
                TermKind::Array(terms.iter().map(|term| self.assigned(term, statement)).collect())
            }
            ast::TermKind::Object(items) => TermKind::Object(
                items
                    .iter()
                    .map(|(key, value)| (self.term(key, &mut Vec::new()), self.assigned(value, statement)))
                    .collect(),
            ),
            other => {
                let message = format!("cannot assign to {}", crate::resolve::text::kind_name(other));
                self.declaration_error(span, message);
                TermKind::Null
            }
        };
        Term { kind, span }
    }

    fn some_in(
        &mut self,
        key: Option<&ast::Term>,
        value: &ast::Term,
        collection: &ast::Term,
        literal: &ast::Literal,
        out: &mut Vec<Expr>,
    ) {
        let span = literal.span;
        if !self.declare_some_in(key, value, collection, literal) {
            return;
        }
        let with = self.with_clauses(&literal.with, out);
        let first = out.len();
        let value = self.term(value, out);
        let container = self.term(collection, out);
        let key = match key {
            Some(key) => self.term(key, out),
            None => local_term(self.scopes.fresh(None, span, LocalOrigin::Hoisted), span),
        };
        let reference = match container.kind {
            TermKind::Ref(mut reference) => {
                reference.path.push(key);
                reference
            }
            TermKind::Local(local) => Box::new(Ref { base: RefBase::Local(local), path: vec![key] }),
            kind => {
                let local = self.fresh(container.span);
                let domain = Term { kind, span: container.span };
                out.push(hoisted(ExprKind::Unify(local_term(local, container.span), domain), container.span));
                Box::new(Ref { base: RefBase::Local(local), path: vec![key] })
            }
        };
        let element = Term { kind: TermKind::Ref(reference), span: collection.span };
        out.push(written(ExprKind::Unify(value, element), span));
        apply_with(out, first, &with);
    }

    /// Declares what `some k, v in xs` binds. Gives false when a name of it stands in `xs`, too.
    fn declare_some_in(
        &mut self,
        key: Option<&ast::Term>,
        value: &ast::Term,
        collection: &ast::Term,
        literal: &ast::Literal,
    ) -> bool {
        let span = literal.span;
        let mut bound = BTreeSet::new();
        let mut domain = BTreeSet::new();
        for pattern in key.into_iter().chain([value]) {
            declared::names_in_pattern(pattern, &mut bound);
        }
        bound.retain(|name| self.document_of(name) == *name && !matches!(&**name, "input" | "data"));
        declared::variables_outside_closures(collection, &mut domain);
        called_outside_closures(collection, &mut domain);
        let mut fits = true;
        for name in bound.intersection(&domain).filter(|name| &***name != "_") {
            self.declaration_error(span, format!("var {name} assigned before"));
            fits = false;
        }
        if !fits {
            return false;
        }
        let mut names: BTreeSet<Name> = BTreeSet::new();
        declared::pattern_names(value, &mut names);
        if let Some(key) = key {
            declared::variables(key, &mut names);
        }
        declared::variables(collection, &mut domain);
        // OPA takes what chooses within documents for declared, too, where the collection has the same document: in the pattern and in the
        // values of `with`.
        let documents: BTreeSet<Name> = domain.iter().map(|name| self.document_of(name)).collect();
        let is_document = |name: &Name| documents.contains(&self.document_of(name));
        let values = literal.with.iter().map(|clause| &clause.value);
        values.chain([value]).for_each(|term| declared::operand_names(term, &is_document, &mut names));
        // The root documents are no variables here, other than behind `some` without `in`.
        for name in names.difference(&domain).filter(|name| !matches!(&***name, "_" | "input" | "data")) {
            if let Err(message) = self.scopes.declare(name, span, span, Occurrence::Declared) {
                self.declaration_error(span, message);
                return false;
            }
        }
        true
    }

    /// The root of the document that a name stands for, or the name itself.
    fn document_of(&self, name: &Name) -> Name {
        let global = if self.scopes.is_hidden(name) { None } else { self.globals.get(name) };
        global.map_or_else(|| name.clone(), |path| path.root)
    }

    fn every(&mut self, every: &ast::Every, literal: &ast::Literal, span: Span, out: &mut Vec<Expr>) {
        let ast::Every { key, value, domain, body } = every;
        let key = key.as_ref();
        let name_of = |term: &ast::Term| match &term.kind {
            ast::TermKind::Var(name) if &**name != "_" => Some(name.clone()),
            _ => None,
        };
        let key_name = key.and_then(name_of);
        let value_name = name_of(value);
        self.scopes.hide(key_name.iter().chain(&value_name).cloned().collect());
        let mut exprs_of_domain = Vec::new();
        let domain = self.term(domain, &mut exprs_of_domain);
        let mut domain = self.hoist(domain, &mut exprs_of_domain);
        self.scopes.open();
        // An unused key or value is reported at the first statement of the body.
        let statement = body.literals.first().map_or(span, |literal| literal.span);
        let mut declare = |name: Option<Name>, place: Span| {
            let name = name?;
            match self.scopes.declare(&name, place, statement, Occurrence::Declared) {
                Ok(local) => Some(local),
                Err(message) => {
                    self.declaration_error(span, message);
                    None
                }
            }
        };
        let key = declare(key_name, key.map_or(span, |key| key.span));
        let value_local = declare(value_name, value.span);
        let value = value_local.unwrap_or_else(|| self.scopes.fresh(None, value.span, LocalOrigin::Wildcard));
        let is_unchecked = std::mem::replace(&mut self.is_unchecked, true);
        let mut exprs = self.literals(&body.literals);
        self.is_unchecked = is_unchecked;
        self.report_unused();
        // OPA goes over the whole statement again: where nothing had declared a name, it means what the body declares, be it behind.
        self.report_declared_calls(&every.domain);
        for (implicit, declared) in self.scopes.declared_late() {
            exprs_of_domain.iter_mut().chain(&mut exprs).for_each(|expr| rename::in_expr(expr, implicit, declared));
            rename::in_term(&mut domain, implicit, declared);
        }
        self.scopes.reveal();
        // To OPA the clauses stand inside: they see what is declared there, and nothing around sees them.
        let with = self.with_clauses(&literal.with, out);
        self.scopes.close();
        let first = out.len();
        out.append(&mut exprs_of_domain);
        out.push(written(ExprKind::Every { key, value, domain, body: body_of(exprs) }, span));
        apply_with(out, first, &with);
    }

    /// Reports calls of what the innermost scope declares.
    fn report_declared_calls(&mut self, term: &ast::Term) {
        if let Some(parts) = call_parts(term)
            && self.scopes.declares(&parts.head)
        {
            self.declaration_error(term.span, format!("called function {} shadowed", parts.text()));
        }
        declared::each_part(term, &mut |part| self.report_declared_calls(part));
    }

    fn not(&mut self, operand: &Operand, span: Span, out: &mut Vec<Expr>) {
        if !self.new_not
            && let Operand::Bare(literal) = operand
            && let LiteralKind::Expr(term) = &literal.kind
        {
            self.legacy_not(term, span, out);
            return;
        }
        let body = self.operand(operand, None, Some(span));
        out.push(written(ExprKind::Not(body), span));
    }

    /// Lowers `not` as it always was: what is hoisted out of the expression stands before it and is not negated.
    fn legacy_not(&mut self, term: &ast::Term, span: Span, out: &mut Vec<Expr>) {
        if let Some((target, _)) = assignment(term) {
            self.check_root_override(target, span);
            self.declaration_error(span, assignment_message(None));
            return;
        }
        if let Some(parts) = self.print_call(term) {
            // OPA forgets the negation of a kept `print`.
            self.print(&parts, span, out);
            return;
        }
        self.expression(term, span, out);
        if let Some(negated) = out.pop() {
            let body = Body { exprs: vec![negated], form: BodyForm::Negated };
            out.push(written(ExprKind::Not(body), span));
        }
    }

    /// Lowers the operand of `not` (without an operator), `and` or `or`. A bare operand of `not` is located like the whole.
    fn operand(&mut self, operand: &Operand, operator: Option<LogicalOperator>, whole: Option<Span>) -> Body {
        let is_unchecked = std::mem::replace(&mut self.is_unchecked, true);
        let body = self.body_of_operand(operand, operator, whole);
        self.is_unchecked = is_unchecked;
        body
    }

    fn body_of_operand(&mut self, operand: &Operand, operator: Option<LogicalOperator>, whole: Option<Span>) -> Body {
        let (literal, span) = match operand {
            Operand::Braces(body) => return self.block(body, operator.is_some()),
            Operand::Bare(literal) => (literal, whole.unwrap_or(literal.span)),
            Operand::Group(literal) => (literal, literal.span),
        };
        let mut exprs = Vec::new();
        match &literal.kind {
            LiteralKind::Expr(term) if let Some((target, _)) = assignment(term) => {
                self.check_root_override(target, span);
                self.declaration_error(span, assignment_message(operator));
            }
            _ => self.literal(literal, span, &mut exprs),
        }
        Body { exprs, form: BodyForm::Operand }
    }

    /// Lowers a `print` statement, or drops it.
    fn print(&mut self, parts: &CallParts<'_>, span: Span, out: &mut Vec<Expr>) {
        let mark = self.reports.mark();
        let arguments = self.print_arguments(parts);
        if !self.unit.keep_print {
            self.reports.forget_later(mark, Stage::PrintCalls);
            return;
        }
        let parts = arguments.into_iter().map(|(exprs, argument)| self.optional(exprs, argument, &[])).collect();
        let array = Term { kind: TermKind::Array(parts), span };
        if let Some(builtin) = self.builtins.intern("internal.print") {
            let callee = crate::hir::Callee::Builtin(builtin);
            out.push(written(ExprKind::Call { callee, args: vec![array], output: None }, span));
        }
    }
}
