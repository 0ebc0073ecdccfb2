//! Bodies and their literals: expressions, `some`, `every`, `not`, `with`.

use crate::source::Span;
use crate::syntax::ast::{
    Body, Every, InfixOperator, Literal, LiteralKind, Name, Operand, SomeIn, Term, TermKind, With,
};
use crate::syntax::parse::cursor::{Mark, Parsed, Parser, Stop};
use crate::syntax::parse::expr::infix_term;
use crate::syntax::parse::hint::is_name;
use crate::syntax::parse::rule::is_root;
use crate::syntax::print::{self, kind_name};
use crate::syntax::token::TokenKind;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

/// A `not` that was read: where it stands.
pub(super) type Negation = Option<Span>;

impl<'t: 'p, 'p> Parser<'_, 't, 'p> {
    /// The literals up to a closing bracket, which becomes the current token.
    pub(super) fn body(&mut self, end: TokenKind) -> Parsed<Body> {
        self.nested(|p| p.literals(false, end))
    }

    /// The literals of a query: up to the first that no semicolon follows.
    pub(super) fn query(&mut self) -> Parsed<Body> {
        self.nested(|p| p.literals(true, TokenKind::End))
    }

    fn literals(&mut self, needs_semicolon: bool, end: TokenKind) -> Parsed<Body> {
        if self.kind() == end {
            let span = self.token_span();
            return self.fail(span, "found empty body");
        }
        let start = self.start();
        let mut literals = Vec::with_capacity(1);
        loop {
            literals.push(*self.statement()?);
            if self.take(TokenKind::Semicolon) {
                continue;
            }
            if self.kind() == end || needs_semicolon {
                literals.shrink_to_fit();
                return Ok(Body { literals, span: self.span_from(start) });
            }
            if !self.token().after_newline {
                if !self.has_errors() {
                    self.hint_missing_keyword();
                    self.unexpected(&format!("expected \\n or ; or {}", end.name()));
                }
                return Err(Stop);
            }
        }
    }

    /// One literal.
    pub(super) fn statement(&mut self) -> Parsed<Box<Literal>> {
        self.nested(Self::statement_inner)
    }

    fn statement_inner(&mut self) -> Parsed<Box<Literal>> {
        if self.knows_logical()
            && let Some(literal) = self.logical_statement()?
        {
            return Ok(literal);
        }
        let start = self.start();
        if self.keyword_may_begin_ref() {
            return self.expression_statement(start, None);
        }
        let negation = self.negation();
        if negation.is_some() && self.state().not_bodies && self.kind() == TokenKind::LeftBrace {
            let literal = self.not_body(start)?;
            return self.fold_logical(literal, start);
        }
        match self.kind() {
            TokenKind::Some if negation.is_some() => self.fail_unexpected("illegal negation of 'some'"),
            TokenKind::Every if negation.is_some() => self.fail_unexpected("illegal negation of 'every'"),
            TokenKind::Some => self.some(start),
            TokenKind::Every => self.every(start),
            _ => self.expression_statement(start, negation),
        }
    }

    /// Takes a `not` that is no name.
    pub(super) fn negation(&mut self) -> Negation {
        if self.kind() != TokenKind::Not {
            return None;
        }
        let next = self.peek_second();
        if !next.after_gap && matches!(next.kind, TokenKind::Dot | TokenKind::LeftBracket) {
            return None;
        }
        let span = self.token_span();
        self.advance();
        Some(span)
    }

    /// A literal without `with`, from a byte to the end of what was read last.
    ///
    /// Literals are large: made here and passed in boxes, they take no room in the frames of the recursion.
    #[inline(never)]
    pub(super) fn expression_literal(&mut self, term: Term, start: u32) -> Box<Literal> {
        Box::new(Literal { kind: LiteralKind::Expr(term), with: Vec::new(), span: self.span_from(start) })
    }

    /// `not …`, from a byte to the end of what was read last.
    #[inline(never)]
    pub(super) fn not_literal(&mut self, operand: Operand, start: u32) -> Box<Literal> {
        Box::new(Literal { kind: LiteralKind::Not(operand), with: Vec::new(), span: self.span_from(start) })
    }

    /// `not { … }`, the `not` being read.
    #[inline(never)]
    pub(super) fn not_body(&mut self, start: u32) -> Parsed<Box<Literal>> {
        let brace = self.token_span();
        let before = self.mark();
        self.advance();
        let empty = self.kind() == TokenKind::RightBrace;
        let Ok(body) = self.body(TokenKind::RightBrace) else {
            if !empty {
                self.explain_value_in_braces(before, brace);
            }
            return Err(Stop);
        };
        self.advance();
        if self.refuse_ambiguous_union(&body, brace, "not ") {
            return Err(Stop);
        }
        Ok(self.not_literal(Operand::Braces(body), start))
    }

    /// The braces are no body. If they hold a value, that is what is wrong; else the errors of the body stand.
    #[inline(never)]
    fn explain_value_in_braces(&mut self, before: Mark<'t, 'p>, brace: Span) {
        let errors = self.state().pending.clone();
        let failed = self.mark();
        self.rewind(before);
        if let Ok(term) = self.expression() {
            let value = self.span_from(brace.start);
            let text = self.text_of(value);
            self.hint(format!("write `not ({text})` to negate the value, or `not {{{text}}}` for a body holding it"));
            let what = kind_name(first_operand(&term));
            self.error(brace, format!("`{{...}}` in an operand position must contain expression(s), got: {what}"));
        } else {
            self.rewind(failed);
            self.state().pending = errors;
        }
    }

    /// An expression with what may follow it: `with`, and `and` or `or`.
    fn expression_statement(&mut self, start: u32, negation: Negation) -> Parsed<Box<Literal>> {
        if negation.is_some()
            && self.state().not_bodies
            && self.kind() == TokenKind::LeftParen
            && let Some(group) = self.group(true, "not ")?
        {
            let literal = self.not_literal(group, start);
            return self.fold_logical(literal, start);
        }
        let inner_start = self.start();
        let plain_every = self.is_plain_every();
        let term = self.top_expression()?;
        let hinted = plain_every && is_name(&term, "every");
        let mut literal = self.expression_literal(term, inner_start);
        let with_at = (self.kind() == TokenKind::With).then(|| self.token_span());
        let with = if with_at.is_some() { self.with_clauses()? } else { Vec::new() };
        if hinted {
            self.hint("`import future.keywords.every` for `every x in xs { ... }` expressions");
        }
        if negation.is_some() {
            literal = self.not_literal(Operand::Bare(literal), start);
        }
        literal.with = with;
        literal.span = self.span_from(start);
        if !matches!(self.kind(), TokenKind::LogicalAnd | TokenKind::LogicalOr) {
            return Ok(literal);
        }
        if let Some(span) = with_at {
            return self.refuse_with_on_operand(span);
        }
        if negation.is_none() {
            self.refuse_brace_led(&literal)?;
        }
        self.fold_logical(literal, start)
    }

    /// An expression; only here may `=` and `:=` stand.
    pub(super) fn top_expression(&mut self) -> Parsed<Term> {
        let left = self.expression()?;
        let operator = match self.kind() {
            TokenKind::Assign => InfixOperator::Assign,
            TokenKind::Unify => InfixOperator::Unify,
            _ => return Ok(left),
        };
        self.advance();
        let right = self.expression()?;
        Ok(infix_term(operator, left, right))
    }

    #[inline(never)]
    fn some(&mut self, start: u32) -> Parsed<Box<Literal>> {
        let before = self.mark();
        self.advance();
        if let Ok(term) = self.expression()
            && is_call(&term)
        {
            let (key, value, collection) = self.membership_of(term, "expected `x in xs` or `x, y in xs` expression")?;
            let kind = LiteralKind::SomeIn(Box::new(SomeIn { key, value, collection }));
            let with = if self.kind() == TokenKind::With { self.with_clauses()? } else { Vec::new() };
            return Ok(Box::new(Literal { kind, with, span: self.span_from(start) }));
        }
        self.rewind(before);
        self.hint_some_in();
        let mut names: Vec<(Name, Span)> = Vec::new();
        loop {
            self.advance();
            if self.kind() != TokenKind::Identifier {
                return self.fail_unexpected("expected var");
            }
            let (name, span) = (self.name(), self.token_span());
            self.advance();
            names.push((name, span));
            if self.kind() != TokenKind::Comma {
                break;
            }
        }
        Ok(Box::new(Literal { kind: LiteralKind::Some(names), with: Vec::new(), span: self.span_from(start) }))
    }

    /// The key, the value and the collection of `in`, which OPA also takes by the name of its builtin.
    #[inline(never)]
    fn membership_of(&mut self, term: Term, expected: &str) -> Parsed<(Option<Term>, Term, Term)> {
        let call = match term.kind {
            TermKind::In { key, value, collection } => return Ok((key.map(|key| *key), *value, *collection)),
            TermKind::Call(call) => call,
            _ => return self.fail_unexpected(expected),
        };
        let with_key = match print::reference(&call.operator).as_str() {
            "internal.member_2" => false,
            "internal.member_3" => true,
            _ => return self.fail_unexpected(expected),
        };
        let mut args = call.args.into_iter();
        let key = if with_key { args.next() } else { None };
        match (args.next(), args.next(), args.next()) {
            (Some(value), Some(collection), None) => Ok((key, value, collection)),
            _ => self.fail_unexpected("illegal domain"),
        }
    }

    #[inline(never)]
    pub(super) fn every(&mut self, start: u32) -> Parsed<Box<Literal>> {
        self.advance();
        let term = self.expression()?;
        let (key, value, domain) = self.membership_of(term, "expected `x[, y] in xs { ... }` expression")?;
        // The documents `input` and `data` are none.
        let is_variable = |term: &Term| matches!(&term.kind, TermKind::Var(name) if !is_root(name));
        if key.as_ref().is_some_and(|key| !is_variable(key)) {
            return self.fail_unexpected("expected key to be a variable");
        }
        if !is_variable(&value) {
            return self.fail_unexpected("expected value to be a variable");
        }
        if !self.take(TokenKind::LeftBrace) {
            return self.fail_unexpected("missing body");
        }
        let body = self.body(TokenKind::RightBrace)?;
        self.advance();
        let kind = LiteralKind::Every(Box::new(Every { key, value, domain, body }));
        let with = if self.kind() == TokenKind::With { self.with_clauses()? } else { Vec::new() };
        Ok(Box::new(Literal { kind, with, span: self.span_from(start) }))
    }

    /// One or more `with` clauses; the current token is the first `with`.
    #[inline(never)]
    pub(super) fn with_clauses(&mut self) -> Parsed<Vec<With>> {
        let mut clauses = Vec::new();
        while self.kind() == TokenKind::With {
            let start = self.start();
            self.advance();
            if self.kind() != TokenKind::Identifier {
                return self.fail_unexpected("expected ident");
            }
            let target = self.term()?;
            if !matches!(target.kind, TermKind::Var(_) | TermKind::Ref(_)) {
                self.unexpected("expected with target path");
            }
            if !self.take(TokenKind::As) {
                return self.fail_unexpected("expected as keyword");
            }
            let value = self.expression()?;
            clauses.push(With { target, value, span: self.span_from(start) });
        }
        Ok(clauses)
    }
}

/// Whether OPA holds a term for a call: operators are calls to it.
pub(super) fn is_call(term: &Term) -> bool {
    matches!(term.kind, TermKind::Call(_) | TermKind::Infix(..) | TermKind::In { .. } | TermKind::Negate(_))
}

/// The term that an expression begins with.
fn first_operand(term: &Term) -> &Term {
    let mut first = term;
    loop {
        first = match &first.kind {
            TermKind::Infix(_, left, _) => left,
            TermKind::In { key: Some(key), .. } => key,
            TermKind::In { value, .. } => value,
            _ => return first,
        };
    }
}
