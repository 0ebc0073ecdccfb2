//! Expressions: infix operators by precedence, and `in`.
//!
//! Where the right side of an operator is wrong, the left side is returned and the errors stay: that is how OPA comes to
//! its second message about the same token ("unexpected ] token", then "unexpected ] token: expected …").

use crate::syntax::ast::{InfixOperator, Term, TermKind};
use crate::syntax::parse::cursor::{Parsed, Parser, Stop};
use crate::syntax::token::TokenKind;
use alloc::boxed::Box;

/// How tightly an operator binds; `in` binds less than all of them.
type Precedence = u8;

const RELATION: Precedence = 1;

const fn infix(kind: TokenKind) -> Option<(Precedence, InfixOperator)> {
    Some(match kind {
        TokenKind::Equal => (RELATION, InfixOperator::Equal),
        TokenKind::NotEqual => (RELATION, InfixOperator::NotEqual),
        TokenKind::Less => (RELATION, InfixOperator::Less),
        TokenKind::LessEqual => (RELATION, InfixOperator::LessEqual),
        TokenKind::Greater => (RELATION, InfixOperator::Greater),
        TokenKind::GreaterEqual => (RELATION, InfixOperator::GreaterEqual),
        TokenKind::Bar => (2, InfixOperator::Or),
        TokenKind::Ampersand => (3, InfixOperator::And),
        TokenKind::Plus => (4, InfixOperator::Plus),
        TokenKind::Minus => (4, InfixOperator::Minus),
        TokenKind::Star => (5, InfixOperator::Times),
        TokenKind::Slash => (5, InfixOperator::Divide),
        TokenKind::Percent => (5, InfixOperator::Remainder),
        _ => return None,
    })
}

impl Parser<'_, '_, '_> {
    /// An expression where a comma may belong to `k, v in xs`.
    pub(super) fn expression(&mut self) -> Parsed<Term> {
        self.nested(|p| p.membership(None, true))
    }

    /// An expression of a list: a comma ends it.
    pub(super) fn element(&mut self) -> Parsed<Term> {
        self.nested(|p| p.membership(None, false))
    }

    /// An expression of a list whose first term was read already.
    pub(super) fn element_from(&mut self, first: Term) -> Parsed<Term> {
        self.nested(|p| p.membership(Some(first), false))
    }

    fn membership(&mut self, first: Option<Term>, with_key: bool) -> Parsed<Term> {
        let left = self.operation(first, RELATION)?;
        if with_key && self.kind() == TokenKind::Comma {
            return self.keyed_member(left);
        }
        self.keyword_may_begin_ref();
        if self.kind() == TokenKind::In { self.member(left) } else { Ok(left) }
    }

    /// What follows the left side of `in`, which is the current token.
    #[inline(never)]
    fn member(&mut self, mut left: Term) -> Parsed<Term> {
        loop {
            self.keyword_may_begin_ref();
            if !self.take(TokenKind::In) {
                return Ok(left);
            }
            match self.operation(None, RELATION) {
                Ok(collection) => left = self.in_term(None, left, collection)?,
                Err(Stop) => return Ok(left),
            }
        }
    }

    /// What may be the key of `k, v in xs`; the comma is the current token.
    #[inline(never)]
    fn keyed_member(&mut self, left: Term) -> Parsed<Term> {
        match self.attempt(Self::value_in_collection) {
            Some((value, collection)) => {
                let term = self.in_term(Some(left), value, collection)?;
                self.member(term)
            }
            None => Ok(left),
        }
    }

    /// `, v in xs`
    #[inline(never)]
    fn value_in_collection(&mut self) -> Parsed<(Term, Term)> {
        self.advance();
        let value = self.operation(None, RELATION)?;
        if !self.take(TokenKind::In) {
            return Err(Stop);
        }
        Ok((value, self.operation(None, RELATION)?))
    }

    #[inline(never)]
    fn in_term(&mut self, key: Option<Term>, value: Term, collection: Term) -> Parsed<Term> {
        self.grow()?;
        let span = key.as_ref().unwrap_or(&value).span.to(collection.span);
        let kind = TermKind::In { key: key.map(Box::new), value: Box::new(value), collection: Box::new(collection) };
        Ok(Term { kind, span })
    }

    /// Operators of at least this precedence, all left-associative.
    fn operation(&mut self, first: Option<Term>, least: Precedence) -> Parsed<Term> {
        let mut left = match first {
            Some(term) => term,
            None => self.term()?,
        };
        let mut most = Precedence::MAX;
        while let Some((precedence, operator)) = infix(self.kind())
            && precedence >= least
            && precedence <= most
        {
            self.advance();
            match self.operation(None, precedence + 1) {
                Ok(right) => {
                    self.grow()?;
                    left = infix_term(operator, left, right);
                }
                // Only what binds less tightly may still go on behind an error.
                Err(_) => most = precedence - 1,
            }
        }
        Ok(left)
    }
}

/// Out of line, so that the frames of the recursion stay small.
#[inline(never)]
pub(super) fn infix_term(operator: InfixOperator, left: Term, right: Term) -> Term {
    let span = left.span.to(right.span);
    Term { kind: TermKind::Infix(operator, Box::new(left), Box::new(right)), span }
}
