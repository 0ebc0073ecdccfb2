//! The place in the tokens: looking, advancing, going back, complaining. Knows no grammar.

use alloc::format;
use alloc::string::String;
use chumsky::input::{Checkpoint, InputRef};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::MAX_DEPTH;
use crate::syntax::ast::Name;
use crate::syntax::parse::state::{Extra, Refuted, State, StateMark, Tokens};
use crate::syntax::token::{SoftKeywords, Token, TokenKind};

/// A production failed, and has said why.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop;

/// What a production gives: a node, or [`Stop`].
pub(super) type Parsed<T> = Result<T, Stop>;

/// A recursive-descent parser on chumsky's input.
///
/// The current token is kept at hand, since nearly every production begins by looking at it.
pub(super) struct Parser<'i, 't: 'p, 'p> {
    input: &'i mut InputRef<'t, 'p, Tokens<'t>, Extra<'t>>,
    /// The current token, as this file's keywords have it.
    token: Token,
    /// Where the token before ends.
    previous_end: u32,
    /// The height of the highest tree finished within the current production.
    height: u32,
}

/// A place to go back to.
#[derive(Clone)]
pub(super) struct Mark<'t: 'p, 'p> {
    checkpoint: Checkpoint<'t, 'p, Tokens<'t>, StateMark>,
    token: Token,
    previous_end: u32,
    height: u32,
}

impl<'i, 't: 'p, 'p> Parser<'i, 't, 'p> {
    /// A parser at the place of an input.
    pub(super) fn new(input: &'i mut InputRef<'t, 'p, Tokens<'t>, Extra<'t>>) -> Self {
        let end = Token { kind: TokenKind::End, after_newline: false, after_gap: false, start: 0, end: 0 };
        let mut parser = Self { input, token: end, previous_end: 0, height: 0 };
        parser.load();
        parser
    }

    pub(super) fn state(&mut self) -> &mut State<'t> {
        self.input.state()
    }

    pub(super) fn token(&self) -> Token {
        self.token
    }

    pub(super) fn kind(&self) -> TokenKind {
        self.token.kind
    }

    /// Reads the current token as a name, whatever it is.
    pub(super) fn take_as_identifier(&mut self) {
        self.token.kind = TokenKind::Identifier;
    }

    /// Where the current token begins.
    pub(super) fn start(&self) -> u32 {
        self.token.start
    }

    pub(super) fn token_span(&mut self) -> Span {
        let Token { start, end, .. } = self.token;
        self.span(start, end)
    }

    /// From a byte to the end of what was read last.
    pub(super) fn span_from(&mut self, start: u32) -> Span {
        let end = self.previous_end.max(start);
        self.span(start, end)
    }

    pub(super) fn span(&mut self, start: u32, end: u32) -> Span {
        Span { file: self.state().file, start, end }
    }

    pub(super) fn text(&mut self, start: u32, end: u32) -> &'t str {
        let text: &'t str = self.state().text;
        text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The text of a span of this file.
    pub(super) fn text_of(&mut self, span: Span) -> &'t str {
        self.text(span.start, span.end)
    }

    pub(super) fn token_text(&mut self) -> &'t str {
        let Token { start, end, .. } = self.token;
        self.text(start, end)
    }

    /// The text of the current token as a name.
    pub(super) fn name(&mut self) -> Name {
        let text = self.token_text();
        self.state().names.name(text)
    }

    fn load(&mut self) {
        let next = self.input.peek();
        let keywords = self.state().keywords;
        let unclassified = self.state().unclassified;
        if let Some(next) = next {
            let mut kind = keywords.classify(next.kind);
            if unclassified == Some(next.start) {
                kind = SoftKeywords::default().classify(next.kind);
            }
            self.token = Token { kind, ..next };
        }
    }

    /// Looks at the current token again: a keyword may have been added.
    pub(super) fn reclassify(&mut self) {
        self.load();
    }

    /// Goes to the next token. What is wrong with that token is reported now.
    pub(super) fn advance(&mut self) {
        self.previous_end = self.token.end;
        match self.token.kind {
            TokenKind::End => return,
            // The token behind the space was not left yet.
            TokenKind::Space => {}
            _ => self.input.skip(),
        }
        self.load();
        if self.token.kind == TokenKind::Illegal {
            self.report_faults();
        }
    }

    /// Reports what is wrong with the current token.
    pub(super) fn report_faults(&mut self) {
        let start = self.token.start;
        let span = self.token_span();
        let faults = self.state().faults;
        let first = faults.partition_point(|(at, _)| *at < start);
        for (_, message) in faults.iter().skip(first).take_while(|(at, _)| *at == start) {
            self.error(span, *message);
        }
    }

    /// The token behind the current one.
    pub(super) fn peek_second(&mut self) -> Token {
        let current = self.token;
        let before = self.input.save();
        self.input.skip();
        let second = self.input.peek().unwrap_or(current);
        self.input.rewind(before);
        let keywords = self.state().keywords;
        Token { kind: keywords.classify(second.kind), ..second }
    }

    /// Whether the current token stands directly behind the one before and is of this kind.
    pub(super) fn glued(&self, kind: TokenKind) -> bool {
        self.token.kind == kind && !self.token.after_gap
    }

    /// Takes the current token if it is of this kind.
    pub(super) fn take(&mut self, kind: TokenKind) -> bool {
        let found = self.token.kind == kind;
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn mark(&self) -> Mark<'t, 'p> {
        Mark { checkpoint: self.input.save(), token: self.token, previous_end: self.previous_end, height: self.height }
    }

    /// Goes back, forgetting all errors since.
    pub(super) fn rewind(&mut self, mark: Mark<'t, 'p>) {
        self.input.rewind(mark.checkpoint);
        self.token = mark.token;
        self.previous_end = mark.previous_end;
        self.height = mark.height;
    }

    /// Tries a production; goes back where it fails.
    pub(super) fn attempt<T>(&mut self, production: impl FnOnce(&mut Self) -> Parsed<T>) -> Option<T> {
        let before = self.mark();
        match production(self) {
            Ok(node) => Some(node),
            Err(Stop) => {
                self.rewind(before);
                None
            }
        }
    }

    pub(super) fn is_refuted(&mut self, at: u32, what: Refuted) -> bool {
        let refuted = &self.state().refuted;
        !refuted.is_empty() && refuted.contains(&(at, what))
    }

    pub(super) fn refute(&mut self, at: u32, what: Refuted) {
        self.state().refuted.insert((at, what));
    }

    /// Reads a production one level deeper.
    ///
    /// Both the depth of the calls and the height of the tree are limited: a tree may also grow to the left, without
    /// calls (`1 + 1 + 1 …`), and those who read it later call themselves once a level.
    pub(super) fn nested<T>(&mut self, production: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.state().depth += 1;
        let siblings = core::mem::replace(&mut self.height, 0);
        let node = self.check_depth().and_then(|()| production(self));
        self.height = siblings.max(self.height + 1);
        self.state().depth -= 1;
        node
    }

    /// Notes that a node was put on top of a finished one without a call.
    pub(super) fn grow(&mut self) -> Parsed<()> {
        self.height += 1;
        self.check_depth()
    }

    fn check_depth(&mut self) -> Parsed<()> {
        if self.state().depth + self.height <= MAX_DEPTH {
            return Ok(());
        }
        let span = self.token_span();
        self.state().too_deep.get_or_insert(span);
        Err(Stop)
    }

    /// An error at a place, with the hints noted since the last one.
    pub(super) fn error(&mut self, span: Span, message: impl Into<String>) {
        let mut message = message.into();
        let state = self.state();
        let hints = core::mem::take(&mut state.hints);
        if let [hint] = hints.as_slice() {
            message.push_str(&format!(" (hint: {hint})"));
        } else if !hints.is_empty() {
            message.push_str(&format!(" (hints: {})", hints.join(", ")));
        }
        state.pending.push(Diagnostic::new(Code::Parse, span, message));
    }

    /// An error at a place; the production ends.
    pub(super) fn fail<T>(&mut self, span: Span, message: impl Into<String>) -> Parsed<T> {
        self.error(span, message);
        Err(Stop)
    }

    /// Notes a hint for the next error.
    pub(super) fn hint(&mut self, hint: impl Into<String>) {
        self.state().hints.push(hint.into());
    }

    /// Says that the current token must not stand here.
    pub(super) fn unexpected(&mut self, note: &str) {
        let span = self.token_span();
        let kind = self.kind();
        if kind == TokenKind::Illegal {
            return self.error(span, "illegal token");
        }
        let what = if kind.is_keyword() { "keyword" } else { "token" };
        let note = if note.is_empty() { String::new() } else { format!(": {note}") };
        self.error(span, format!("unexpected {} {what}{note}", kind.name()));
    }

    /// Says that the current token must not stand here; the production ends.
    pub(super) fn fail_unexpected<T>(&mut self, note: &str) -> Parsed<T> {
        self.unexpected(note);
        Err(Stop)
    }

    /// Says that no term may begin with the current token, unless that is the last thing that was said; the production ends.
    pub(super) fn fail_unexpected_once<T>(&mut self) -> Parsed<T> {
        self.unexpected("");
        let pending = &mut self.state().pending;
        if matches!(pending.as_slice(), [.., before, last] if before == last) {
            pending.pop();
        }
        Err(Stop)
    }

    /// Whether a space or a line end stands before the current token; a comment at the end of the text is neither.
    pub(super) fn after_space(&mut self) -> bool {
        let gap = self.text(self.previous_end, self.token.start);
        !gap.is_empty() && (!gap.starts_with('#') || gap.contains('\n'))
    }

    /// Says that there must be no space before the current token; the production ends, with the space as the current token.
    pub(super) fn fail_space<T>(&mut self, note: &str) -> Parsed<T> {
        let start = self.previous_end;
        let gap = self.text(start, self.token.start);
        // A comment is not space; the line end behind it is.
        let start = if gap.starts_with('#') { start + gap.find('\n').unwrap_or(0) as u32 } else { start };
        let before = self.token;
        self.token = Token { kind: TokenKind::Space, start, end: start + 1, ..before };
        self.fail_unexpected(note)
    }

    /// Whether an error was reported and not taken back.
    pub(super) fn has_errors(&mut self) -> bool {
        let state = self.state();
        !state.pending.is_empty() || state.too_deep.is_some()
    }

    /// Whether the current token is a keyword that may stand for a name within a reference.
    pub(super) fn at_keyword_for_ref(&mut self) -> bool {
        self.kind().is_keyword() && self.state().keywords_in_refs
    }

    /// A keyword directly before `.` or `[` is a name.
    pub(super) fn keyword_may_begin_ref(&mut self) -> bool {
        if !self.at_keyword_for_ref() {
            return false;
        }
        let next = self.peek_second();
        let begins = !next.after_gap && matches!(next.kind, TokenKind::Dot | TokenKind::LeftBracket);
        if begins {
            self.take_as_identifier();
        }
        begins
    }
}
