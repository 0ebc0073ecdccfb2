//! Sets and objects in the head of a rule that OPA takes for constant: those whose references have no variables among their operands,
//! whatever they look into. It renames no variables there, so that nothing binds what a comprehension in them declares
//! (`v1/ast/compile.go`, `rewriteNestedHeadVarLocalTransform`).

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Expr, Name, Term};
use crate::resolve::declared;
use crate::resolve::stage::Stage;
use crate::syntax::ast::{self, LiteralKind, RefOperand, TermKind};

use super::Lowerer;

impl Lowerer<'_> {
    /// Lowers the value or the element of a head.
    pub(super) fn head_term(&mut self, term: &ast::Term, out: &mut Vec<Expr>) -> Term {
        self.report_constants(term);
        self.term(term, out)
    }

    /// Reports what is declared inside constant sets and objects.
    fn report_constants(&mut self, term: &ast::Term) {
        match &term.kind {
            TermKind::Set(_) | TermKind::Object(_) if self.is_constant(term) => self.report_below(term),
            TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..)
            | TermKind::Template(_) => {}
            _ => declared::each_part(term, &mut |part| self.report_constants(part)),
        }
    }

    /// Whether OPA takes a term for constant.
    fn is_constant(&self, term: &ast::Term) -> bool {
        match &term.kind {
            TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) => true,
            TermKind::Var(name) => !self.scopes.is_hidden(name) && self.globals.get(name).is_some(),
            TermKind::Ref(reference) => reference.operands.iter().all(|operand| match operand {
                RefOperand::Field(..) => true,
                RefOperand::Index(index) => self.is_constant(index),
            }),
            TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..)
            | TermKind::Template(_) => false,
            _ => {
                let mut constant = true;
                declared::each_part(term, &mut |part| constant &= self.is_constant(part));
                constant
            }
        }
    }

    fn report_below(&mut self, term: &ast::Term) {
        if let TermKind::ArrayComprehension(_, body)
        | TermKind::SetComprehension(_, body)
        | TermKind::ObjectComprehension(_, _, body) = &term.kind
        {
            self.report_body(body);
        }
        declared::each_part(term, &mut |part| self.report_below(part));
    }

    fn report_body(&mut self, body: &ast::Body) {
        for literal in &body.literals {
            let mut names: BTreeSet<Name> = BTreeSet::new();
            match &literal.kind {
                LiteralKind::Expr(term) => {
                    let target = declared::assignment_target(term);
                    target.into_iter().for_each(|target| declared::pattern_names(target, &mut names));
                }
                LiteralKind::SomeIn(some) => {
                    let terms = some.key.iter().chain([&some.value]);
                    terms.for_each(|term| declared::pattern_names(term, &mut names));
                }
                LiteralKind::Every(every) => self.report_body(&every.body),
                LiteralKind::Some(_) | LiteralKind::Not(_) | LiteralKind::Logical(_) => {}
            }
            for name in names.iter().filter(|name| &***name != "_") {
                let diagnostic = Diagnostic::new(Code::UnsafeVar, literal.span, format!("var {name} is unsafe"));
                self.reports.fatal(Stage::Safety, diagnostic);
            }
        }
    }
}
