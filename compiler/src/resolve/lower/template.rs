//! Template strings: a call of `internal.template_string` with an array of texts and of sets with at most one element.

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Callee, Expr, ExprKind, Name, RuleId, Term, TermKind, With};
use crate::resolve::stage::Stage;
use crate::source::Span;
use crate::syntax::ast::{self, LiteralKind, TemplatePart};

use super::call::{Target, call_parts};
use super::{Lowerer, body_of, hoisted, local_term, string_term};

/// The builtin that puts template strings together.
pub(super) const BUILTIN: &str = "internal.template_string";

impl Lowerer<'_> {
    /// Lowers a template string to a call whose result a variable stands for.
    pub(super) fn template(&mut self, parts: &[TemplatePart], span: Span, out: &mut Vec<Expr>) -> Term {
        let output = self.fresh(span);
        let builtin = self.builtins.intern(BUILTIN);
        let supported = self.unit.capabilities.features.contains("template_strings");
        let Some(builtin) = builtin.filter(|_| supported) else {
            let message = "template-strings are not supported";
            self.reports.fatal(Stage::Templates, Diagnostic::new(Code::Compile, span, message));
            return local_term(output, span);
        };
        let mut elements: Vec<Term> = parts.iter().filter_map(|part| self.template_part(part, span)).collect();
        if elements.is_empty() {
            elements.push(string_term(Name::from(""), span));
        }
        let array = Term { kind: TermKind::Array(elements), span };
        let callee = Callee::Builtin(builtin);
        let output = local_term(output, span);
        out.push(hoisted(ExprKind::Call { callee, args: vec![array], output: Some(output.clone()) }, span));
        output
    }

    fn template_part(&mut self, part: &TemplatePart, span: Span) -> Option<Term> {
        let literal = match part {
            TemplatePart::Text(text) => return Some(string_term(text.clone(), span)),
            TemplatePart::Expr(literal) => literal,
        };
        let LiteralKind::Expr(term) = &literal.kind else {
            let message = "unexpected template-string expression type";
            self.reports.fatal(Stage::Templates, Diagnostic::new(Code::Compile, literal.span, message));
            return None;
        };
        if let Some(parts) = call_parts(term)
            && let Target::Callee(Callee::Builtin(builtin), _) = self.target(&parts)
            && self.builtins.get(builtin).relation
        {
            let name = &self.builtins.get(builtin).name;
            let message = format!("illegal call to relation built-in '{name}' that may cause multiple outputs");
            self.reports.fatal(Stage::Templates, Diagnostic::without_place(Code::Compile, message));
            return None;
        }
        let mut exprs = Vec::new();
        let with = self.with_clauses(&literal.with, &mut exprs);
        let before = exprs.len();
        self.placeless_call = call_parts(term).is_some();
        let value = self.term(term, &mut exprs);
        // OPA forgets the `with` clauses of such a value.
        if exprs.len() == before && self.is_always_defined(&value) {
            return Some(Term { span: value.span, kind: TermKind::Set(vec![value]) });
        }
        for expr in exprs.iter_mut().skip(before) {
            expr.with.clone_from(&with);
        }
        Some(self.optional(exprs, value, &with))
    }

    /// `{x | …; x = value}`: the value in a set, or the empty set when it is undefined.
    pub(super) fn optional(&mut self, mut exprs: Vec<Expr>, value: Term, with: &[With]) -> Term {
        let span = value.span;
        let local = self.fresh(span);
        let capture = ExprKind::Unify(local_term(local, span), value);
        exprs.push(Expr { with: with.to_vec(), ..hoisted(capture, span) });
        let head = Box::new(local_term(local, span));
        Term { kind: TermKind::SetComprehension(head, Box::new(body_of(exprs))), span }
    }

    /// Whether a term of a template needs no comprehension: a variable, or a rule that always has a value.
    fn is_always_defined(&self, value: &Term) -> bool {
        match &value.kind {
            TermKind::Local(_) => true,
            TermKind::Ref(reference) if reference.base == crate::hir::RefBase::Data => {
                let keys: Option<Vec<&Name>> = reference
                    .path
                    .iter()
                    .map(|key| match &key.kind {
                        TermKind::String(name) => Some(name),
                        _ => None,
                    })
                    .collect();
                let node = keys.filter(|keys| !keys.is_empty()).and_then(|keys| self.unit.tree.find(keys));
                node.is_some_and(|node| self.rules_always_give(&self.unit.tree.nodes[node].rules))
            }
            _ => false,
        }
    }

    fn rules_always_give(&self, rules: &[RuleId]) -> bool {
        let source = |rule: &RuleId| &self.unit.sources[*rule];
        match rules {
            [] => false,
            [first, ..] if !source(first).shape.params.is_empty() => false,
            [first, ..] if source(first).shape.element.is_some() => true,
            [only] if !source(only).rule.default => {
                let source = source(only);
                source.rule.body.is_none() && source.shape.value.is_none_or(is_constant)
            }
            rules => rules.iter().any(|rule| source(rule).rule.default),
        }
    }
}

/// Whether a value has no variables, references, calls or comprehensions.
pub(super) fn is_constant(term: &ast::Term) -> bool {
    match &term.kind {
        ast::TermKind::Null | ast::TermKind::Boolean(_) | ast::TermKind::Number(_) | ast::TermKind::String(_) => true,
        ast::TermKind::Array(terms) | ast::TermKind::Set(terms) => terms.iter().all(is_constant),
        ast::TermKind::Object(items) => items.iter().all(|(key, value)| is_constant(key) && is_constant(value)),
        _ => false,
    }
}
