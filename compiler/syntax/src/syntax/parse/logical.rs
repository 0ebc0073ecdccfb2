//! `and` and `or` (`future.keywords`): chains, operands, groups in parentheses.
//!
//! In an operand position `{` opens a body and `(` may open a group; elsewhere both open terms. Where it takes more than
//! the bracket to tell, the one is tried, and the place is remembered if it fails.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use regoc_abi::builtins::BUILTINS;

use crate::source::Span;
use crate::syntax::ast::{
    Body, InfixOperator, Literal, LiteralKind, Logical, LogicalOperator, Operand, Term, TermKind,
};
use crate::syntax::parse::cursor::{Parsed, Parser, Stop};
use crate::syntax::parse::state::Refuted;
use crate::syntax::print;
use crate::syntax::token::TokenKind;

const fn word(operator: LogicalOperator) -> &'static str {
    match operator {
        LogicalOperator::And => "and",
        LogicalOperator::Or => "or",
    }
}

impl Parser<'_, '_, '_> {
    /// Whether the file knows `and` or `or`.
    pub(super) fn knows_logical(&mut self) -> bool {
        let keywords = self.state().keywords;
        keywords.contains(TokenKind::LogicalAnd) || keywords.contains(TokenKind::LogicalOr)
    }

    fn at_logical(&self) -> bool {
        matches!(self.kind(), TokenKind::LogicalAnd | TokenKind::LogicalOr)
    }

    /// A statement that begins with a body or a group; none if the bracket opens a term.
    #[inline(never)]
    pub(super) fn logical_statement(&mut self) -> Parsed<Option<Box<Literal>>> {
        let start = self.start();
        match self.kind() {
            TokenKind::LeftBrace => {
                let Some(body) = self.operand_body()? else { return Ok(None) };
                let literal = self.logical_chain(Operand::Braces(body), start)?;
                self.attach_with(literal).map(Some)
            }
            TokenKind::LeftParen => match self.group(false, "")? {
                Some(group) if self.at_logical() => {
                    let literal = self.logical_chain(group, start)?;
                    self.attach_with(literal).map(Some)
                }
                Some(Operand::Bare(mut literal) | Operand::Group(mut literal)) => {
                    literal.span = self.span_from(start);
                    self.attach_with(literal).map(Some)
                }
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// A body that `and` or `or` follows.
    #[inline(never)]
    fn operand_body(&mut self) -> Parsed<Option<Body>> {
        let brace = self.token_span();
        if self.is_refuted(brace.start, Refuted::OperandBody) {
            return Ok(None);
        }
        let before = self.mark();
        self.advance();
        if let Ok(body) = self.body(TokenKind::RightBrace) {
            self.advance();
            if self.at_logical() {
                return if self.refuse_ambiguous_union(&body, brace, "") { Err(Stop) } else { Ok(Some(body)) };
            }
        }
        self.rewind(before);
        self.refute(brace.start, Refuted::OperandBody);
        Ok(None)
    }

    /// Continues a finished literal with `and`, `or` and `with`.
    pub(super) fn fold_logical(&mut self, literal: Box<Literal>, start: u32) -> Parsed<Box<Literal>> {
        let literal = if self.at_logical() { self.logical_chain(Operand::Bare(literal), start)? } else { literal };
        self.attach_with(literal)
    }

    fn attach_with(&mut self, mut literal: Box<Literal>) -> Parsed<Box<Literal>> {
        if self.kind() == TokenKind::With {
            literal.with = self.with_clauses()?;
            literal.span = self.span_from(literal.span.start);
        }
        Ok(literal)
    }

    /// `left or …`, with what `and` binds more tightly; the current token is one of both.
    #[inline(never)]
    fn logical_chain(&mut self, left: Operand, start: u32) -> Parsed<Box<Literal>> {
        self.nested(|p| {
            let mut left =
                if p.kind() == TokenKind::LogicalAnd { Operand::Bare(p.and_chain(left, start)?) } else { left };
            while p.take(TokenKind::LogicalOr) {
                let (mut right, right_start) = p.operand("or")?;
                if p.kind() == TokenKind::LogicalAnd {
                    right = Operand::Bare(p.and_chain(right, right_start)?);
                }
                left = Operand::Bare(p.logical(LogicalOperator::Or, left, right, start)?);
            }
            match left {
                Operand::Bare(literal) => Ok(literal),
                Operand::Group(_) | Operand::Braces(_) => Err(Stop),
            }
        })
    }

    #[inline(never)]
    fn and_chain(&mut self, left: Operand, start: u32) -> Parsed<Box<Literal>> {
        let mut left = left;
        loop {
            if !self.take(TokenKind::LogicalAnd) {
                return match left {
                    Operand::Bare(literal) => Ok(literal),
                    Operand::Group(_) | Operand::Braces(_) => Err(Stop),
                };
            }
            let (right, _) = self.operand("and")?;
            left = Operand::Bare(self.logical(LogicalOperator::And, left, right, start)?);
        }
    }

    #[inline(never)]
    fn logical(
        &mut self,
        operator: LogicalOperator,
        left: Operand,
        right: Operand,
        start: u32,
    ) -> Parsed<Box<Literal>> {
        self.grow()?;
        self.refuse_void_calls(&left, operator);
        self.refuse_void_calls(&right, operator);
        let span = self.span_from(start);
        Ok(Box::new(Literal {
            kind: LiteralKind::Logical(Box::new(Logical { operator, left, right })),
            with: Vec::new(),
            span,
        }))
    }

    /// An operand and where it begins. `of` is the operator it belongs to; empty where a group is only tried.
    fn operand(&mut self, of: &str) -> Parsed<(Operand, u32)> {
        let start = self.start();
        if self.kind() == TokenKind::LeftBrace {
            return Ok((Operand::Braces(self.required_body(of)?), start));
        }
        let negation = self.negation();
        let not_bodies = self.state().not_bodies;
        if negation.is_some() && not_bodies && self.kind() == TokenKind::LeftBrace {
            return Ok((Operand::Bare(self.not_body(start)?), start));
        }
        if self.kind() == TokenKind::LeftParen && self.knows_logical() && (negation.is_none() || not_bodies) {
            let prefix = if negation.is_some() { "not " } else { "" };
            if let Some(group) = self.group(true, prefix)? {
                if negation.is_none() {
                    return Ok((group, start));
                }
                return Ok((Operand::Bare(self.not_literal(group, start)), start));
            }
        }
        let inner_start = self.start();
        let term = self.top_expression()?;
        let mut literal = self.expression_literal(term, inner_start);
        if negation.is_some() {
            literal = self.not_literal(Operand::Bare(literal), start);
        }
        Ok((Operand::Bare(literal), start))
    }

    /// A body where one is required.
    #[inline(never)]
    fn required_body(&mut self, of: &str) -> Parsed<Body> {
        let brace = self.token_span();
        let before = self.mark();
        self.advance();
        let empty = self.kind() == TokenKind::RightBrace;
        let Ok(body) = self.body(TokenKind::RightBrace) else {
            if !empty && !of.is_empty() {
                let errors = self.state().pending.clone();
                let failed = self.mark();
                self.rewind(before);
                if self.expression().is_ok() {
                    let value = self.span_from(brace.start);
                    self.refuse_brace_led_operand(value, of);
                } else {
                    self.rewind(failed);
                    self.state().pending = errors;
                }
            }
            return Err(Stop);
        };
        self.advance();
        // The body is given back nevertheless: where a group is only tried, the error goes with it.
        self.refuse_ambiguous_union(&body, brace, "");
        Ok(body)
    }

    /// A group in parentheses; none if they belong to a term. `in_operand`: whether an operand must stand here.
    #[inline(never)]
    pub(super) fn group(&mut self, in_operand: bool, prefix: &str) -> Parsed<Option<Operand>> {
        let what = if in_operand { Refuted::OperandGroup } else { Refuted::Group };
        let open = self.token_span();
        if self.is_refuted(open.start, what) {
            return Ok(None);
        }
        let before = self.mark();
        let group = self.nested(|p| p.group_inner(in_operand, prefix, open))?;
        if group.is_none() {
            self.rewind(before);
            self.refute(open.start, what);
        }
        Ok(group)
    }

    fn group_inner(&mut self, in_operand: bool, prefix: &str, open: Span) -> Parsed<Option<Operand>> {
        let before = self.mark();
        self.advance();
        if self.kind() == TokenKind::RightParen {
            return if in_operand { self.fail(open, "empty parenthesized group") } else { Ok(None) };
        }
        let Ok((left, start)) = self.operand("") else { return Ok(None) };
        if self.at_logical() {
            let literal = self.logical_chain(left, start)?;
            let literal = self.attach_with(literal)?;
            return self.close_group(literal);
        }
        match left {
            Operand::Braces(_) => {
                let braces = self.span_from(start);
                let braces = self.text_of(braces);
                self.rewind(before);
                self.refuse_body_in_parens(open, braces, prefix)
            }
            Operand::Bare(literal) | Operand::Group(literal) if self.kind() == TokenKind::With => {
                self.group_with(literal, in_operand)
            }
            Operand::Group(literal) | Operand::Bare(literal)
                if matches!(literal.kind, LiteralKind::Logical(_) | LiteralKind::Not(_)) =>
            {
                self.close_group(literal)
            }
            Operand::Bare(_) | Operand::Group(_) => Ok(None),
        }
    }

    /// `(a with x as y)`: a group where an operand must stand, or before `and` and `or`.
    #[inline(never)]
    fn group_with(&mut self, literal: Box<Literal>, in_operand: bool) -> Parsed<Option<Operand>> {
        let with = self.token_span();
        let literal = self.attach_with(literal)?;
        if self.at_logical() {
            return self.refuse_with_on_operand(with);
        }
        let group = self.close_group(literal)?;
        Ok(group.filter(|_| in_operand || self.at_logical()))
    }

    fn close_group(&mut self, literal: Box<Literal>) -> Parsed<Option<Operand>> {
        if !self.take(TokenKind::RightParen) {
            let span = self.token_span();
            return self.fail(span, "expected ) to close parenthesized group");
        }
        Ok(Some(Operand::Group(literal)))
    }

    /// `({ … })`: the braces must hold a value.
    fn refuse_body_in_parens(&mut self, open: Span, braces: &str, prefix: &str) -> Parsed<Option<Operand>> {
        let before = self.mark();
        self.advance();
        let is_term = self.term().is_ok();
        self.rewind(before);
        if is_term {
            return Ok(None);
        }
        self.hint(format!("drop the parens to keep the body: `{prefix}{braces}`"));
        self.fail(open, "`(...)` in an operand position cannot contain a body")
    }

    pub(super) fn refuse_with_on_operand<T>(&mut self, span: Span) -> Parsed<T> {
        let operator = self.kind().name();
        self.hint(format!(
            "Wrap the operand in `(...)` or `{{...}}` to scope, or move `with` after the `{operator}` expression to apply it to the whole expression"
        ));
        self.fail(span, format!("`with` modifier is not allowed on operand of `{operator}`"))
    }

    /// Refuses an operand that begins with `{` and is a value.
    pub(super) fn refuse_brace_led(&mut self, literal: &Literal) -> Parsed<()> {
        if !self.text_of(literal.span).starts_with('{') {
            return Ok(());
        }
        let is_empty = |term: &Term| matches!(&term.kind, TermKind::Object(pairs) if pairs.is_empty());
        if matches!(&literal.kind, LiteralKind::Expr(term) if is_empty(term)) {
            return self.fail(literal.span, "found empty body");
        }
        let operator = self.kind().name();
        self.refuse_brace_led_operand(literal.span, operator);
        Err(Stop)
    }

    fn refuse_brace_led_operand(&mut self, operand: Span, operator: &str) {
        let text = self.text_of(operand);
        self.hint(format!("wrap the operand to keep the value: `({text}) {operator} ...`"));
        self.error(operand, format!("operand of `{operator}` cannot begin with `{{` unless the braces hold a body"));
    }

    /// Refuses `{x | y}` as a body, which reads as a comprehension; says whether it did.
    pub(super) fn refuse_ambiguous_union(&mut self, body: &Body, brace: Span, prefix: &str) -> bool {
        let Some(first) = body.literals.first() else { return false };
        let is_union =
            matches!(&first.kind, LiteralKind::Expr(Term { kind: TermKind::Infix(InfixOperator::Or, ..), .. }));
        if !is_union || self.text_of(first.span).starts_with('(') {
            return false;
        }
        let braces = self.span_from(brace.start);
        let (text, union) = (self.text_of(braces), self.text_of(first.span));
        let before = self.text(braces.start, first.span.start);
        let after = self.text(first.span.end, braces.end);
        self.hint(format!(
            "write `{prefix}({text})` for the comprehension, or `{prefix}{before}({union}){after}` for the set union"
        ));
        self.error(
            brace,
            "ambiguous `{ ... | ... }` operand: read as a body holding a set-union expression, not as a comprehension",
        );
        true
    }

    /// Refuses an operand that only calls builtins without a result: it could never fail.
    fn refuse_void_calls(&mut self, operand: &Operand, operator: LogicalOperator) {
        let literals = match operand {
            Operand::Bare(literal) | Operand::Group(literal) => core::slice::from_ref(&**literal),
            Operand::Braces(body) => &body.literals,
        };
        let mut first = None;
        for literal in literals {
            let Some(name) = void_call(literal) else { return };
            first = first.or(Some((name, literal.span)));
        }
        let Some((name, span)) = first else { return };
        self.hint(format!(
            "`{name}` produces no value and always succeeds, so the operand can never fail; move it out of the operand, or add an expression that can fail"
        ));
        let operator = word(operator);
        self.error(span, format!("operand of `{operator}` cannot consist only of calls to `{name}`"));
    }
}

/// The name of the builtin without a result that a literal calls.
fn void_call(literal: &Literal) -> Option<&'static str> {
    let LiteralKind::Expr(Term { kind: TermKind::Call(call), .. }) = &literal.kind else { return None };
    let name = print::reference(&call.operator);
    BUILTINS.iter().find(|builtin| builtin.result.is_none() && builtin.name == name).map(|builtin| builtin.name)
}
