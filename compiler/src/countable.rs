//! What coverage counts: the heads of rules and the statements of the text, by the places that OPA gives them (`v1/cover`).
//!
//! Looks at the trees as written and decides nothing: what runs is told by the module.

use std::collections::BTreeMap;

use crate::plan::build::HeadPlaces;
use crate::source::{FileId, Span};
use crate::syntax::ast::{
    Body, Else, Literal, LiteralKind, Module, Operand, RefOperand, Rule, TemplatePart, Term, TermKind,
};

/// The places of a program.
#[derive(Debug, Default)]
pub(crate) struct Countable {
    /// By the first byte of a rule or branch: its head, and the body that stands for one that is not written.
    pub(crate) heads: BTreeMap<(FileId, u32), HeadPlaces>,
    /// All places.
    pub(crate) places: Vec<Span>,
}

impl Countable {
    /// The places of all modules.
    pub(crate) fn of(modules: &[(FileId, Module)]) -> Self {
        let mut countable = Self::default();
        for rule in modules.iter().flat_map(|(_, module)| &module.rules) {
            countable.rule(rule);
        }
        countable
    }

    fn rule(&mut self, rule: &Rule) {
        let head = rule.head.span;
        let body = match (&rule.body, &rule.head.value) {
            (Some(_), _) => None,
            // `default` alone.
            (None, _) if rule.default => Some(Span { end: rule.span.start + 7, ..rule.span }),
            (None, Some((_, value))) => Some(value.span),
            (None, None) => Some(rule.head.reference.head.span),
        };
        self.head(rule.span, HeadPlaces { head, body });
        for chained in &rule.chained_spans {
            self.head(*chained, HeadPlaces { head, body: None });
        }
        let reference = rule.head.reference.operands.iter().filter_map(|operand| match operand {
            RefOperand::Index(index) => Some(index),
            RefOperand::Field(..) => None,
        });
        let params = rule.head.params.iter().flatten();
        for term in
            reference.chain(params).chain(&rule.head.contains).chain(rule.head.value.iter().map(|(_, value)| value))
        {
            self.term(term);
        }
        rule.body.iter().chain(&rule.chained).for_each(|body| self.body(body));
        rule.branches.iter().for_each(|branch| self.branch(branch));
    }

    fn branch(&mut self, branch: &Else) {
        // `else` alone, or with its value.
        let end = branch.value.as_ref().map_or(branch.span.start + 4, |(_, value)| value.span.end);
        self.head(branch.span, HeadPlaces { head: Span { end, ..branch.span }, body: None });
        branch.value.iter().for_each(|(_, value)| self.term(value));
        branch.body.iter().for_each(|body| self.body(body));
    }

    fn head(&mut self, rule: Span, places: HeadPlaces) {
        self.heads.insert((rule.file, rule.start), places);
        self.places.push(places.head);
        self.places.extend(places.body);
    }

    fn body(&mut self, body: &Body) {
        body.literals.iter().for_each(|literal| self.literal(literal));
    }

    fn literal(&mut self, literal: &Literal) {
        if !matches!(literal.kind, LiteralKind::Some(_) | LiteralKind::SomeIn(_)) {
            self.places.push(literal.span);
        }
        match &literal.kind {
            LiteralKind::Expr(term) => self.term(term),
            LiteralKind::Some(_) => {}
            LiteralKind::SomeIn(some) => {
                some.key.iter().chain([&some.value, &some.collection]).for_each(|term| self.term(term));
            }
            LiteralKind::Every(every) => {
                self.term(&every.domain);
                self.body(&every.body);
            }
            LiteralKind::Not(operand) => self.operand(operand),
            LiteralKind::Logical(logical) => {
                self.operand(&logical.left);
                self.operand(&logical.right);
            }
        }
        for with in &literal.with {
            self.term(&with.value);
        }
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Bare(literal) | Operand::Group(literal) => match &literal.kind {
                // The statement is the operand's: it is counted with it.
                LiteralKind::Expr(term) => self.term(term),
                _ => self.literal(literal),
            },
            Operand::Braces(body) => self.body(body),
        }
    }

    /// The statements in a term.
    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Var(_) => {}
            TermKind::Template(parts) => parts.iter().for_each(|part| {
                if let TemplatePart::Expr(literal) = part {
                    self.literal(literal);
                }
            }),
            TermKind::Ref(reference) => {
                self.term(&reference.head);
                for operand in &reference.operands {
                    if let RefOperand::Index(index) = operand {
                        self.term(index);
                    }
                }
            }
            TermKind::Array(terms) | TermKind::Set(terms) => terms.iter().for_each(|term| self.term(term)),
            TermKind::Object(items) => items.iter().for_each(|(key, value)| {
                self.term(key);
                self.term(value);
            }),
            TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => {
                self.term(head);
                self.body(body);
            }
            TermKind::ObjectComprehension(key, value, body) => {
                self.term(key);
                self.term(value);
                self.body(body);
            }
            TermKind::Call(call) => call.args.iter().for_each(|term| self.term(term)),
            TermKind::Infix(_, left, right) => {
                self.term(left);
                self.term(right);
            }
            TermKind::In { key, value, collection } => {
                key.iter().for_each(|key| self.term(key));
                self.term(value);
                self.term(collection);
            }
            TermKind::Negate(inner) => self.term(inner),
        }
    }
}
