//! Terms, literals and bodies as values, in the order in which they are written: wildcards are named in that order.

use alloc::format;
use alloc::vec::Vec;
use core::cmp::Ordering;

use regoc_syntax::source::{Name, Span};
use regoc_syntax::syntax::ast::{
    Body, Call, Every, Literal, LiteralKind, Logical, LogicalOperator, Operand, Ref, RefOperand, TemplatePart, Term,
    TermKind, With,
};
use regoc_syntax::syntax::print::operator_name;

use super::node::{list, object, text};
use super::{Failure, Tree};
use crate::{Object, Value};

impl Tree<'_> {
    /// A term.
    pub(super) fn term(&mut self, term: &Term) -> Result<Value, Failure> {
        self.deeper(2, |tree| tree.term_inside(term))
    }

    fn term_inside(&mut self, term: &Term) -> Result<Value, Failure> {
        let (kind, value) = match &term.kind {
            // OPA's `null` is a structure without fields.
            TermKind::Null => ("null", Object::new(0).into()),
            TermKind::Boolean(value) => ("boolean", Value::boolean(*value)),
            TermKind::Number(number) => ("number", json_number(number)?),
            TermKind::String(string) => ("string", text(string)),
            TermKind::Template(parts) => ("templatestring", self.template(parts, term.span)?),
            TermKind::Var(name) if is_root(name) => ("ref", list([self.variable(name)])),
            TermKind::Var(name) => return Ok(self.variable(name)),
            TermKind::Ref(reference) => ("ref", list(self.reference(reference)?)),
            TermKind::Array(terms) => ("array", list(self.terms(terms)?)),
            TermKind::Object(pairs) => ("object", self.object(pairs)?),
            TermKind::Set(terms) => ("set", self.set(terms)?),
            TermKind::ArrayComprehension(element, body) => ("arraycomprehension", self.comprehension(element, body)?),
            TermKind::SetComprehension(element, body) => ("setcomprehension", self.comprehension(element, body)?),
            TermKind::ObjectComprehension(key, value, body) => {
                let (key, value, body) = (self.term(key)?, self.term(value)?, self.body(body)?);
                let fields = [("key", Some(key)), ("value", Some(value)), ("body", Some(body))];
                ("objectcomprehension", object(fields))
            }
            TermKind::Call(_) | TermKind::Infix(..) | TermKind::In { .. } | TermKind::Negate(_) => {
                ("call", list(self.call(term)?))
            }
        };
        Ok(self.words.node(kind, value))
    }

    pub(super) fn terms(&mut self, terms: &[Term]) -> Result<Vec<Value>, Failure> {
        terms.iter().map(|term| self.term(term)).collect()
    }

    /// A name as a variable.
    pub(super) fn variable(&mut self, name: &str) -> Value {
        let name = self.variable_name(name);
        self.words.node("var", name)
    }

    /// The name of a variable; each wildcard gets one of its own.
    pub(super) fn variable_name(&mut self, name: &str) -> Value {
        if name != "_" {
            return text(name);
        }
        let name = format!("${}", self.wildcards);
        self.wildcards += 1;
        text(&name)
    }

    /// The parts of a reference.
    pub(super) fn reference(&mut self, reference: &Ref) -> Result<Vec<Value>, Failure> {
        let head = match &reference.head.kind {
            TermKind::Var(name) => self.variable(name),
            _ => self.term(&reference.head)?,
        };
        let mut parts = Vec::with_capacity(reference.operands.len() + 1);
        parts.push(head);
        for operand in &reference.operands {
            parts.push(match operand {
                RefOperand::Field(name, _) => self.words.node("string", text(name)),
                RefOperand::Index(term) => self.term(term)?,
            });
        }
        Ok(parts)
    }

    /// The name of a builtin as a reference.
    fn operator(&self, parts: &[&str]) -> Value {
        let kinds = ["var", "string"];
        let parts = parts.iter().zip(kinds).map(|(part, kind)| self.words.node(kind, text(part)));
        self.words.node("ref", list(parts))
    }

    /// What is a call to OPA: the function and its operands.
    fn call(&mut self, term: &Term) -> Result<Vec<Value>, Failure> {
        match &term.kind {
            TermKind::Call(call) => self.written_call(call),
            TermKind::Infix(operator, left, right) => {
                let operator = self.operator(&[operator_name(*operator)]);
                Ok([operator, self.term(left)?, self.term(right)?].into())
            }
            TermKind::In { key, value, collection } => self.membership(key.as_deref(), value, collection),
            TermKind::Negate(operand) => {
                let zero = self.words.node("number", Value::integer(0));
                Ok([self.operator(&["minus"]), zero, self.term(operand)?].into())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn written_call(&mut self, call: &Call) -> Result<Vec<Value>, Failure> {
        let operator = self.deeper(2, |tree| tree.reference(&call.operator))?;
        let mut terms = Vec::with_capacity(call.args.len() + 1);
        terms.push(self.words.node("ref", list(operator)));
        terms.extend(self.terms(&call.args)?);
        Ok(terms)
    }

    fn membership(&mut self, key: Option<&Term>, value: &Term, collection: &Term) -> Result<Vec<Value>, Failure> {
        let name = if key.is_some() { "member_3" } else { "member_2" };
        let mut terms = Vec::with_capacity(4);
        terms.push(self.operator(&["internal", name]));
        for term in key.into_iter().chain([value, collection]) {
            terms.push(self.term(term)?);
        }
        Ok(terms)
    }

    /// The elements of a set in order, each once: the first of those that are equal.
    fn set(&mut self, terms: &[Term]) -> Result<Value, Failure> {
        let mut elements = self.terms(terms)?;
        elements.sort_by(|a, b| self.words.order(*a, *b));
        elements.dedup_by(|a, b| self.words.order(*a, *b) == Ordering::Equal);
        Ok(list(elements))
    }

    /// The pairs of an object in the order of their keys; OPA's tree keeps pairs of the same key.
    fn object(&mut self, pairs: &[(Term, Term)]) -> Result<Value, Failure> {
        let mut entries = self.list(pairs, |tree, (key, value)| Ok([tree.term(key)?, tree.term(value)?]))?;
        entries.sort_by(|a, b| self.words.order(a[0], b[0]));
        Ok(list(entries.into_iter().map(list)))
    }

    fn comprehension(&mut self, element: &Term, body: &Body) -> Result<Value, Failure> {
        let (element, body) = (self.term(element)?, self.body(body)?);
        Ok(object([("term", Some(element)), ("body", Some(body))]))
    }

    fn template(&mut self, parts: &[TemplatePart], span: Span) -> Result<Value, Failure> {
        let several_lines = self.text.as_bytes().get(span.start as usize + 1) == Some(&b'`');
        let parts = self.list(parts, |tree, part| match part {
            TemplatePart::Text(part) => Ok(tree.words.node("string", text(part))),
            TemplatePart::Expr(literal) => match scalar(literal) {
                Some(term) if !tree.has_comment_before(literal.span.start) => tree.term(term),
                _ => tree.literal(literal, 0),
            },
        })?;
        // A list that OPA never adds to is `null`.
        let parts = if parts.is_empty() { Value::NULL } else { list(parts) };
        Ok(object([("multi_line", Some(Value::boolean(several_lines))), ("parts", Some(parts))]))
    }

    /// Whether only space stands between a comment and what begins at a byte.
    fn has_comment_before(&self, start: u32) -> bool {
        let comments = &self.module.comments;
        let before = comments.partition_point(|comment| comment.span.end <= start);
        let Some(comment) = before.checked_sub(1).and_then(|last| comments.get(last)) else { return false };
        let between = self.text.get(comment.span.end as usize..start as usize).unwrap_or_default();
        between.bytes().all(|byte| byte.is_ascii_whitespace())
    }

    /// The expressions of a body.
    pub(super) fn body(&mut self, body: &Body) -> Result<Value, Failure> {
        let mut index = 0;
        let expressions = self.list(&body.literals, |tree, literal| {
            index += 1;
            tree.literal(literal, index - 1)
        })?;
        Ok(list(expressions))
    }

    /// A body of one expression.
    fn body_of(&mut self, literal: &Literal) -> Result<Value, Failure> {
        Ok(list([self.deeper(1, |tree| tree.literal(literal, 0))?]))
    }

    /// An expression, and its place in its body.
    fn literal(&mut self, literal: &Literal, index: i64) -> Result<Value, Failure> {
        self.deeper(1, |tree| {
            let (terms, negated) = match &literal.kind {
                LiteralKind::Not(Operand::Bare(inner)) if !tree.module.not_bodies => (tree.statement(inner)?, true),
                _ => (tree.statement(literal)?, false),
            };
            let with = if literal.with.is_empty() { None } else { Some(tree.list(&literal.with, Self::with)?) };
            Ok(object([
                ("index", Some(Value::integer(index))),
                ("negated", negated.then_some(Value::TRUE)),
                ("terms", Some(terms)),
                ("with", with.map(list)),
            ]))
        })
    }

    /// What an expression consists of.
    fn statement(&mut self, literal: &Literal) -> Result<Value, Failure> {
        match &literal.kind {
            LiteralKind::Expr(term) if is_call(term) => Ok(list(self.deeper(1, |tree| tree.call(term))?)),
            LiteralKind::Expr(term) => self.term(term),
            LiteralKind::Some(names) => self.deeper(4, |tree| Ok(tree.some(names))),
            LiteralKind::SomeIn(some) => self.deeper(4, |tree| {
                let call = tree.membership(some.key.as_ref(), &some.value, &some.collection)?;
                Ok(object([("symbols", Some(list([tree.words.node("call", list(call))])))]))
            }),
            LiteralKind::Every(every) => self.deeper(1, |tree| tree.every(every)),
            LiteralKind::Not(operand) => self.deeper(1, |tree| {
                let (body, explicit) = tree.operand(operand)?;
                Ok(object([
                    ("type", Some(text("not"))),
                    ("body", Some(body)),
                    ("explicit_body", Some(Value::boolean(explicit))),
                ]))
            }),
            LiteralKind::Logical(logical) => self.deeper(1, |tree| tree.logical(logical)),
        }
    }

    fn some(&mut self, names: &[(Name, Span)]) -> Value {
        let names: Vec<Value> = names.iter().map(|(name, _)| self.variable(name)).collect();
        object([("symbols", Some(list(names)))])
    }

    fn every(&mut self, every: &Every) -> Result<Value, Failure> {
        let key = every.key.as_ref().map(|key| self.term(key)).transpose()?;
        Ok(object([
            ("key", Some(key.unwrap_or(Value::NULL))),
            ("value", Some(self.term(&every.value)?)),
            ("domain", Some(self.term(&every.domain)?)),
            ("body", Some(self.body(&every.body)?)),
        ]))
    }

    fn logical(&mut self, logical: &Logical) -> Result<Value, Failure> {
        let operator = match logical.operator {
            LogicalOperator::And => "and",
            LogicalOperator::Or => "or",
        };
        let (left, left_explicit) = self.operand(&logical.left)?;
        let (right, right_explicit) = self.operand(&logical.right)?;
        Ok(object([
            ("type", Some(text(operator))),
            ("lhs", Some(left)),
            ("rhs", Some(right)),
            ("explicit_lhs", left_explicit.then_some(Value::TRUE)),
            ("explicit_rhs", right_explicit.then_some(Value::TRUE)),
        ]))
    }

    /// The body of an operand of `not`, `and`, `or`, and whether it was written in braces.
    fn operand(&mut self, operand: &Operand) -> Result<(Value, bool), Failure> {
        match operand {
            Operand::Bare(literal) | Operand::Group(literal) => Ok((self.body_of(literal)?, false)),
            Operand::Braces(body) => Ok((self.body(body)?, true)),
        }
    }

    fn with(&mut self, with: &With) -> Result<Value, Failure> {
        self.deeper(1, |tree| {
            let (target, value) = (tree.term(&with.target)?, tree.term(&with.value)?);
            Ok(object([("target", Some(target)), ("value", Some(value))]))
        })
    }
}

/// Whether OPA reads a name alone as a reference.
fn is_root(name: &str) -> bool {
    name == "input" || name == "data"
}

/// Whether OPA holds a term for a call: operators are calls to it.
fn is_call(term: &Term) -> bool {
    matches!(term.kind, TermKind::Call(_) | TermKind::Infix(..) | TermKind::In { .. } | TermKind::Negate(_))
}

/// The term of an expression that is only `null`, a boolean, a number or a string.
fn scalar(literal: &Literal) -> Option<&Term> {
    match &literal.kind {
        LiteralKind::Expr(term) => {
            matches!(term.kind, TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_))
                .then_some(term)
        }
        _ => None,
    }
}

/// A number as written. Rego's `.5` is no number of JSON, and OPA fails at it.
fn json_number(number: &str) -> Result<Value, Failure> {
    if number.trim_start_matches('-').starts_with('.') {
        return Err(Failure(format!("json: invalid number literal {number:?}")));
    }
    Ok(Value::number(number.as_bytes()))
}
