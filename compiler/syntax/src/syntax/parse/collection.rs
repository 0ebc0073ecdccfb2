//! Arrays, sets, objects and their comprehensions.
//!
//! `[x | y]` and `{x | y}` are comprehensions where they can be, else a list with a set union. So the part behind the bar
//! is tried as a body first; where that fails, the bracket is remembered and never tried again.

use crate::source::Name;
use crate::syntax::ast::{Body, Term, TermKind};
use crate::syntax::parse::cursor::{Parsed, Parser, Stop};
use crate::syntax::parse::state::Refuted;
use crate::syntax::print;
use crate::syntax::token::TokenKind;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

impl Parser<'_, '_, '_> {
    #[inline(never)]
    pub(super) fn array(&mut self) -> Parsed<Term> {
        let start = self.start();
        self.advance();
        if self.kind() == TokenKind::RightBracket {
            return Ok(self.close(start, TermKind::Array(Vec::new())));
        }
        // OPA takes a comma before the first element.
        let may_be_comprehension = !self.take(TokenKind::Comma);
        let first = self.term()?;
        if may_be_comprehension
            && self.kind() == TokenKind::Bar
            && let Some(body) = self.try_comprehension(start, TokenKind::RightBracket)?
        {
            return Ok(self.close(start, TermKind::ArrayComprehension(Box::new(first), Box::new(body))));
        }
        let elements = self.list_from(first, TokenKind::RightBracket)?;
        Ok(self.close(start, TermKind::Array(elements)))
    }

    /// A set, an object, or a comprehension of either.
    #[inline(never)]
    pub(super) fn braces(&mut self) -> Parsed<Term> {
        let start = self.start();
        self.advance();
        if self.kind() == TokenKind::RightBrace {
            return Ok(self.close(start, TermKind::Object(Vec::new())));
        }
        let may_be_comprehension = !self.take(TokenKind::Comma);
        let first = self.term()?;
        match self.kind() {
            TokenKind::Bar if may_be_comprehension => {
                return match self.try_comprehension(start, TokenKind::RightBrace)? {
                    Some(body) => Ok(self.close(start, TermKind::SetComprehension(Box::new(first), Box::new(body)))),
                    None => self.set(start, first),
                };
            }
            TokenKind::RightBrace | TokenKind::Comma => return self.set(start, first),
            TokenKind::Colon => return self.object(start, first, may_be_comprehension),
            _ => {}
        }
        let first = self.element_from(first)?;
        match self.kind() {
            TokenKind::RightBrace | TokenKind::Comma => self.set(start, first),
            TokenKind::Colon => self.object(start, first, may_be_comprehension),
            _ => self.fail_unexpected("non-terminated set"),
        }
    }

    #[inline(never)]
    fn set(&mut self, start: u32, first: Term) -> Parsed<Term> {
        let elements = self.list_from(first, TokenKind::RightBrace)?;
        Ok(self.close(start, TermKind::Set(elements)))
    }

    #[inline(never)]
    fn object(&mut self, start: u32, key: Term, may_be_comprehension: bool) -> Parsed<Term> {
        self.advance();
        let value = self.term()?;
        if may_be_comprehension && self.kind() == TokenKind::Bar {
            let before = self.mark();
            match self.try_comprehension(start, TokenKind::RightBrace) {
                Ok(Some(body)) => {
                    let kind = TermKind::ObjectComprehension(Box::new(key), Box::new(value), Box::new(body));
                    return Ok(self.close(start, kind));
                }
                Ok(None) => {}
                Err(Stop) => {
                    self.rewind(before);
                    self.refute(start, Refuted::Comprehension);
                }
            }
        }
        let value = self.element_from(value)?;
        if !matches!(self.kind(), TokenKind::RightBrace | TokenKind::Comma) {
            return self.fail_unexpected("non-terminated object");
        }
        let mut pairs = vec![(key, value)];
        self.list_separator(TokenKind::RightBrace)?;
        while self.kind() != TokenKind::RightBrace {
            let key = self.element()?;
            if !self.take(TokenKind::Colon) {
                return self.fail_unexpected("expected \":\"");
            }
            let value = self.element()?;
            pairs.push((key, value));
            self.list_separator(TokenKind::RightBrace)?;
        }
        let mut pairs = if self.state().keeps_items { pairs } else { distinct(pairs) };
        pairs.shrink_to_fit();
        Ok(self.close(start, TermKind::Object(pairs)))
    }

    /// The rest of a list whose first element begins with a term that was read already.
    #[inline(never)]
    fn list_from(&mut self, first: Term, end: TokenKind) -> Parsed<Vec<Term>> {
        let first = self.element_from(first)?;
        self.list_separator(end)?;
        self.list(end, vec![first])
    }

    /// Takes the closing bracket.
    fn close(&mut self, start: u32, kind: TermKind) -> Term {
        self.advance();
        Term { kind, span: self.span_from(start) }
    }

    /// The body behind the bar of a comprehension; where it is none, the bar is the current token again.
    #[inline(never)]
    fn try_comprehension(&mut self, start: u32, end: TokenKind) -> Parsed<Option<Body>> {
        if self.is_refuted(start, Refuted::Comprehension) {
            return Ok(None);
        }
        let before = self.mark();
        self.advance();
        if let Ok(body) = self.body(end) {
            return Ok(Some(body));
        }
        // Only at a comma can the whole still be a list; elsewhere the errors of the body are the ones to give.
        if self.kind() != TokenKind::Comma {
            return Err(Stop);
        }
        self.rewind(before);
        self.refute(start, Refuted::Comprehension);
        Ok(None)
    }
}

/// The items of an object that OPA's compiler keeps: of those with the same key as written, the last one.
fn distinct(items: Vec<(Term, Term)>) -> Vec<(Term, Term)> {
    if items.len() == 1 {
        return items;
    }
    let mut places: BTreeMap<(bool, Name), usize> = BTreeMap::new();
    let mut kept: Vec<(Term, Term)> = Vec::with_capacity(items.len());
    for item in items {
        let written = match &item.0.kind {
            TermKind::String(text) => (true, text.clone()),
            _ => (false, print::term(&item.0).into()),
        };
        let place = *places.entry(written).or_insert(kept.len());
        match kept.get_mut(place) {
            Some(earlier) => *earlier = item,
            None => kept.push(item),
        }
    }
    kept
}
