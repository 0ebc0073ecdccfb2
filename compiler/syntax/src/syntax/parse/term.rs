//! Terms: scalars, names, references, calls, parentheses.

use crate::syntax::ast::{Call, Ref, RefOperand, Term, TermKind};
use crate::syntax::parse::cursor::{Parsed, Parser, Stop};
use crate::syntax::parse::rule::is_root;
use crate::syntax::print::kind_name;
use crate::syntax::token::TokenKind;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

impl Parser<'_, '_, '_> {
    /// A term without infix operators.
    pub(super) fn term(&mut self) -> Parsed<Term> {
        self.nested(Self::term_inner)
    }

    fn term_inner(&mut self) -> Parsed<Term> {
        self.and_or_may_be_called();
        match self.kind() {
            TokenKind::Identifier | TokenKind::Contains => {
                let name = self.variable();
                self.operands(name)
            }
            TokenKind::Minus => self.negative(),
            kind => {
                let head = self.atom(kind)?;
                self.operands(head)
            }
        }
    }

    /// Anything that is not a name.
    #[inline(never)]
    fn atom(&mut self, kind: TokenKind) -> Parsed<Term> {
        match kind {
            TokenKind::Null => Ok(self.scalar(TermKind::Null)),
            TokenKind::True => Ok(self.scalar(TermKind::Boolean(true))),
            TokenKind::False => Ok(self.scalar(TermKind::Boolean(false))),
            TokenKind::Dot | TokenKind::Number => self.number(),
            TokenKind::String => self.string(),
            TokenKind::RawString => Ok(self.raw_string()),
            TokenKind::TemplatePart | TokenKind::TemplateEnd => self.template(false),
            TokenKind::RawTemplatePart | TokenKind::RawTemplateEnd => self.template(true),
            TokenKind::LeftBracket => self.array(),
            TokenKind::LeftBrace => self.braces(),
            TokenKind::LeftParen => self.parenthesized(),
            _ => self.fail_unexpected_once(),
        }
    }

    /// The current token as a term.
    pub(super) fn scalar(&mut self, kind: TermKind) -> Term {
        let span = self.token_span();
        self.advance();
        Term { kind, span }
    }

    /// The current token as a variable.
    pub(super) fn variable(&mut self) -> Term {
        let name = self.name();
        self.scalar(TermKind::Var(name))
    }

    /// `and(x, y)` and `or(x, y)` are calls of set functions where a term must stand.
    fn and_or_may_be_called(&mut self) {
        if matches!(self.kind(), TokenKind::LogicalAnd | TokenKind::LogicalOr) {
            let next = self.peek_second();
            if next.kind == TokenKind::LeftParen && !next.after_gap {
                self.take_as_identifier();
            }
        }
    }

    /// A number with its sign, or a minus before a reference.
    #[inline(never)]
    fn negative(&mut self) -> Parsed<Term> {
        let start = self.start();
        if !matches!(self.peek_second().kind, TokenKind::Identifier | TokenKind::Contains) {
            let number = self.number()?;
            return self.operands(number);
        }
        self.advance();
        let name = self.variable();
        let term = self.operands(name)?;
        self.grow()?;
        Ok(Term { kind: TermKind::Negate(Box::new(term)), span: self.span_from(start) })
    }

    fn parenthesized(&mut self) -> Parsed<Term> {
        self.advance();
        let term = self.expression()?;
        if self.take(TokenKind::RightParen) {
            let is_document = matches!(&term.kind, TermKind::Var(name) if is_root(name));
            if is_document && self.at_operand() {
                self.error(term.span, "illegal ref (head cannot be ref)");
            }
            return Ok(term);
        }
        let span = self.token_span();
        self.fail(span, "non-terminated expression")
    }

    fn at_operand(&self) -> bool {
        !self.token().after_gap && self.at_spaced_operand()
    }

    fn at_spaced_operand(&self) -> bool {
        matches!(self.kind(), TokenKind::LeftParen | TokenKind::Dot | TokenKind::LeftBracket)
    }

    /// What follows a term without a space: fields, indices, arguments.
    fn operands(&mut self, head: Term) -> Parsed<Term> {
        if self.at_operand() { self.reference(head) } else { Ok(head) }
    }

    /// The same behind the name of a rule, where a space may stand before the first operand.
    pub(super) fn head_operands(&mut self, head: Term) -> Parsed<Term> {
        if self.at_spaced_operand() { self.reference(head) } else { Ok(head) }
    }

    #[inline(never)]
    fn reference(&mut self, head: Term) -> Parsed<Term> {
        if !matches!(
            head.kind,
            TermKind::Var(_)
                | TermKind::Array(_)
                | TermKind::Object(_)
                | TermKind::Set(_)
                | TermKind::ArrayComprehension(..)
                | TermKind::ObjectComprehension(..)
                | TermKind::SetComprehension(..)
                | TermKind::Call(_)
                | TermKind::Infix(..)
                | TermKind::In { .. }
                | TermKind::Negate(_)
        ) {
            // The reference is read to its end nevertheless, so that only this is said of it.
            self.error(head.span, format!("illegal ref (head cannot be {})", kind_name(&head)));
        }
        let start = head.span;
        let mut reference = Ref { head, operands: Vec::with_capacity(1), span: start };
        // The first operand may stand behind a space in the head of a rule; it was looked at before.
        loop {
            match self.kind() {
                TokenKind::Dot => self.field(&mut reference)?,
                TokenKind::LeftBracket => self.index(&mut reference)?,
                TokenKind::LeftParen => {
                    let call = self.call(reference)?;
                    let again = self.glued(TokenKind::Dot) || self.glued(TokenKind::LeftBracket);
                    if !again {
                        return Ok(call);
                    }
                    self.grow()?;
                    reference = Ref { head: call, operands: Vec::new(), span: start };
                }
                _ => break,
            }
            if self.token().after_gap {
                break;
            }
        }
        let span = start.to(self.span_from(start.start));
        reference.span = span;
        reference.operands.shrink_to_fit();
        Ok(Term { kind: TermKind::Ref(Box::new(reference)), span })
    }

    fn field(&mut self, reference: &mut Ref) -> Parsed<()> {
        self.advance();
        if self.after_space() {
            return self.fail_space("expected identifier");
        }
        if self.kind() != TokenKind::Identifier && !self.at_keyword_for_ref() {
            return self.fail_unexpected("expected identifier");
        }
        let (name, span) = (self.name(), self.token_span());
        self.advance();
        reference.operands.push(RefOperand::Field(name, span));
        Ok(())
    }

    fn index(&mut self, reference: &mut Ref) -> Parsed<()> {
        self.advance();
        let index = self.expression()?;
        if !self.take(TokenKind::RightBracket) {
            return self.fail_unexpected("expected [");
        }
        reference.operands.push(RefOperand::Index(index));
        Ok(())
    }

    #[inline(never)]
    fn call(&mut self, mut operator: Ref) -> Parsed<Term> {
        let start = operator.span;
        operator.span = start.to(self.span_from(start.start));
        self.advance();
        let args = self.list(TokenKind::RightParen, Vec::new())?;
        self.advance();
        let span = start.to(self.span_from(start.start));
        let is_set =
            operator.operands.is_empty() && matches!(&operator.head.kind, TermKind::Var(name) if **name == *"set");
        let kind = if is_set && args.is_empty() {
            TermKind::Set(args)
        } else {
            TermKind::Call(Box::new(Call { operator, args }))
        };
        Ok(Term { kind, span })
    }

    /// The elements of a list up to its end, which becomes the current token; a comma may stand behind the last.
    pub(super) fn list(&mut self, end: TokenKind, mut elements: Vec<Term>) -> Parsed<Vec<Term>> {
        while self.kind() != end {
            elements.push(self.element()?);
            self.list_separator(end)?;
        }
        elements.shrink_to_fit();
        Ok(elements)
    }

    /// A comma, or the end of the list, which stays the current token.
    pub(super) fn list_separator(&mut self, end: TokenKind) -> Parsed<()> {
        if self.kind() == end || self.take(TokenKind::Comma) {
            return Ok(());
        }
        self.unexpected(&format!("expected \",\" or \"{}\"", end.name()));
        Err(Stop)
    }
}
