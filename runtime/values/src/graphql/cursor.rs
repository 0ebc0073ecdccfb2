//! The tokens of a document with one token of lookahead and the comments before it; what both parsers share.
//!
//! Comments are kept as gqlparser keeps them: those before the token that was looked at last, gone when it is taken.

use alloc::vec::Vec;

use super::ast::{Comments, Text};
use super::lexer::{Lexer, Token, TokenKind};
use super::{Failure, MAX_LEVELS, located};
use crate::format;

/// A failure carries the text of the whole error.
pub(super) type Parsed<T> = Result<T, Failure>;

/// The cursor of a parser.
pub(super) struct Cursor {
    lexer: Lexer,
    peeked: Option<Token>,
    pub(super) previous: Token,
    /// The comments before the token that was looked at.
    pub(super) comment: Comments,
    /// How deep the tree is here, in levels of the value that shows it.
    depth: u32,
}

impl Cursor {
    pub(super) fn new(input: Text) -> Self {
        let previous = Token { kind: TokenKind::End, value: b"", position: super::ast::Position::default() };
        Self { lexer: Lexer::new(input), peeked: None, previous, comment: Vec::new(), depth: 0 }
    }

    /// The next token, which stays.
    pub(super) fn peek(&mut self) -> Token {
        if let Some(token) = self.peeked {
            return token;
        }
        let mut token = self.lexer.read();
        if token.kind == TokenKind::Comment {
            self.comment.clear();
            while token.kind == TokenKind::Comment {
                self.comment.push(token.value);
                self.previous = token;
                token = self.lexer.read();
            }
        }
        self.peeked = Some(token);
        token
    }

    /// Whether the next token is of that kind.
    pub(super) fn is(&mut self, kind: TokenKind) -> bool {
        self.peek().kind == kind
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Parsed<Token> {
        let token = self.peek();
        self.peeked = None;
        self.comment.clear();
        self.previous = token;
        if token.kind == TokenKind::Invalid {
            return Err(located(token.position, &[&self.lexer.message]));
        }
        Ok(token)
    }

    /// Takes the next token if it is of that kind.
    pub(super) fn skip(&mut self, kind: TokenKind) -> Parsed<bool> {
        let found = self.is(kind);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// Takes a token of that kind.
    pub(super) fn expect(&mut self, kind: TokenKind) -> Parsed<Token> {
        let token = self.peek();
        if token.kind == kind {
            return self.next();
        }
        let (wanted, found) = (kind.name().as_bytes(), token.kind.name().as_bytes());
        Err(located(token.position, &[b"Expected ", wanted, b", found ", found]))
    }

    /// Takes a keyword; gives the comments before it.
    pub(super) fn keyword(&mut self, keyword: &str) -> Parsed<Comments> {
        let token = self.peek();
        if token.kind == TokenKind::Name && token.value == keyword.as_bytes() {
            let comments = self.comment.clone();
            self.next()?;
            return Ok(comments);
        }
        let parts: [&[u8]; 4] = [b"Expected \"", keyword.as_bytes(), b"\", found ", &shown(token)];
        Err(located(token.position, &parts))
    }

    pub(super) fn name(&mut self) -> Parsed<Text> {
        Ok(self.expect(TokenKind::Name)?.value)
    }

    /// The failure that a token cannot stand here.
    #[cold]
    pub(super) fn unexpected(token: Token) -> Failure {
        located(token.position, &[b"Unexpected ", &shown(token)])
    }

    /// Items between two tokens, any number of them; none when the first token is not there.
    pub(super) fn many<T>(
        &mut self,
        (start, end): (TokenKind, TokenKind),
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        if self.skip(start)? {
            while !self.is(end) {
                items.push(item(self)?);
            }
            self.next()?;
        }
        Ok(items)
    }

    /// As `many`, but not an empty list; also gives the comments before its end.
    pub(super) fn some<T>(
        &mut self,
        (start, end): (TokenKind, TokenKind),
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<(Vec<T>, Comments)> {
        let mut items = Vec::new();
        if !self.skip(start)? {
            return Ok((items, Vec::new()));
        }
        while !self.is(end) {
            items.push(item(self)?);
        }
        if items.is_empty() {
            let found = self.peek();
            let parts: [&[u8]; 2] = [b"expected at least one definition, found ", found.kind.name().as_bytes()];
            return Err(located(found.position, &parts));
        }
        let comments = self.comment.clone();
        self.next()?;
        Ok((items, comments))
    }

    /// Reads something that lies that many levels deeper in the value that shows the tree.
    pub(super) fn nested<T>(&mut self, levels: u32, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += levels;
        if self.depth > MAX_LEVELS {
            return Err(located(self.peek().position, &[b"GraphQL document nests too deeply"]));
        }
        let read = read(self);
        self.depth -= levels;
        read
    }
}

/// A token in messages: its kind and its text.
fn shown(token: Token) -> Vec<u8> {
    let mut shown = token.kind.name().as_bytes().to_vec();
    if !token.value.is_empty() {
        shown.push(b' ');
        shown.extend_from_slice(&format::quote(token.value));
    }
    shown
}
