//! The tokens of a template, cut as Go's `text/template/parse` cuts them: text up to `{{`, and words, numbers, quoted texts, blanks and
//! signs inside of an action. Blanks beside a trim marker and comments never become tokens. Knows no grammar.

use alloc::vec::Vec;

use crate::Value;
use crate::format::{Argument, sprintf};
use crate::regex::is_letter_or_digit;
use crate::unicode;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The text is no template; the token's text says why.
    Error,
    Boolean,
    /// Any other printable ASCII character.
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    End,
    /// `.name`
    Field,
    Identifier,
    LeftDelimiter,
    LeftParenthesis,
    Number,
    Pipe,
    /// A text in double quotes or backquotes.
    Quoted,
    RightDelimiter,
    RightParenthesis,
    Space,
    /// What stands outside of actions.
    Text,
    /// `$` or `$name`
    Variable,
    Keyword(Keyword),
}

/// A word with a meaning of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    Block,
    Break,
    Continue,
    /// `.`
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// A token and where it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The first byte, from 0.
    pub(super) position: usize,
    pub(super) text: &'static [u8],
    /// The line of the first byte, from 1.
    pub(super) line: usize,
}

impl Token {
    /// Before the first token is read.
    pub(super) const NONE: Self = Self { kind: Kind::End, position: 0, text: b"", line: 0 };

    /// The token as messages show it.
    pub(super) fn show(&self) -> Vec<u8> {
        match self.kind {
            Kind::End => b"EOF".to_vec(),
            Kind::Error => self.text.to_vec(),
            Kind::Keyword(_) => [b"<", self.text, b">"].concat(),
            _ if self.text.len() > 10 => sprintf(b"%.10q...", &[Argument::Text(self.text)]),
            _ => sprintf(b"%q", &[Argument::Text(self.text)]),
        }
    }
}

/// Where the text is being read. It goes on at each call, so that what was read before an error counts first.
pub(super) struct Lexer {
    input: &'static [u8],
    position: usize,
    /// Where the token that is being read begins.
    start: usize,
    at_end: bool,
    parentheses: usize,
    /// The line of `position`, from 1.
    line: usize,
    /// The line of `start`.
    start_line: usize,
    in_action: bool,
}

impl Lexer {
    pub(super) fn new(input: &'static [u8]) -> Self {
        Self { input, position: 0, start: 0, at_end: false, parentheses: 0, line: 1, start_line: 1, in_action: false }
    }

    /// The next token; [`Kind::End`] again and again when there is none.
    pub(super) fn token(&mut self) -> Token {
        if self.in_action { self.action() } else { self.text() }
    }

    fn rest(&self) -> &'static [u8] {
        self.input.get(self.position..).unwrap_or_default()
    }

    fn pending(&self) -> &'static [u8] {
        self.input.get(self.start..self.position).unwrap_or_default()
    }

    /// Takes a character; none at the end.
    fn next(&mut self) -> Option<char> {
        let Some((c, width)) = unicode::decode(self.rest()) else {
            self.at_end = true;
            return None;
        };
        self.position += width;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn peek(&mut self) -> Option<char> {
        let next = unicode::decode(self.rest());
        self.at_end |= next.is_none();
        next.map(|(c, _)| c)
    }

    /// Gives back the character that was taken last, if one was.
    fn back(&mut self, taken: Option<char>) {
        let Some(c) = taken.filter(|_| !self.at_end) else { return };
        let before = self.input.get(..self.position).unwrap_or_default();
        // A byte that begins no character was taken alone.
        let invalid = c == char::REPLACEMENT_CHARACTER && !before.ends_with("\u{fffd}".as_bytes());
        self.position -= if invalid { 1 } else { c.len_utf8() };
        self.line -= usize::from(c == '\n');
    }

    fn emit(&mut self, kind: Kind) -> Token {
        let token = Token { kind, position: self.start, text: self.pending(), line: self.start_line };
        self.start = self.position;
        self.start_line = self.line;
        token
    }

    /// Drops what was passed without [`Lexer::next`].
    fn ignore(&mut self) {
        self.count_lines();
        self.start = self.position;
        self.start_line = self.line;
    }

    fn count_lines(&mut self) {
        self.line += self.pending().iter().filter(|byte| **byte == b'\n').count();
    }

    /// Ends the text with a message.
    fn fail(&mut self, message: &[u8]) -> Token {
        let text = Value::string(message).as_str().unwrap_or_default();
        let token = Token { kind: Kind::Error, position: self.start, text, line: self.start_line };
        self.input = b"";
        self.start = 0;
        self.position = 0;
        token
    }

    fn accept(&mut self, valid: &[u8]) -> bool {
        let next = self.next();
        let accepted = next.is_some_and(|c| u8::try_from(c).is_ok_and(|byte| valid.contains(&byte)));
        if !accepted {
            self.back(next);
        }
        accepted
    }

    fn accept_run(&mut self, valid: &[u8]) {
        while self.accept(valid) {}
    }

    /// Text up to the next action or the end.
    fn text(&mut self) -> Token {
        loop {
            let Some(length) = find(self.rest(), b"{{") else {
                self.position = self.input.len();
                if self.position > self.start {
                    self.count_lines();
                    return self.emit(Kind::Text);
                }
                return Token { kind: Kind::End, position: self.position, text: b"EOF", line: self.start_line };
            };
            if length > 0 {
                let end = self.position + length;
                self.position = end;
                if has_left_trim(self.input.get(end + 2..).unwrap_or_default()) {
                    self.position = self.start + trim_end(self.pending()).len();
                }
                self.count_lines();
                let token = self.emit(Kind::Text);
                self.position = end;
                self.ignore();
                if !token.text.is_empty() {
                    return token;
                }
            }
            if let Some(token) = self.left_delimiter() {
                return token;
            }
        }
    }

    /// `{{` or a comment, which is no token unless it is wrong.
    fn left_delimiter(&mut self) -> Option<Token> {
        self.position += 2;
        let marker = if has_left_trim(self.rest()) { 2 } else { 0 };
        if self.rest().get(marker..).unwrap_or_default().starts_with(b"/*") {
            self.position += marker;
            self.ignore();
            return self.comment();
        }
        let token = self.emit(Kind::LeftDelimiter);
        self.in_action = true;
        self.position += marker;
        self.ignore();
        self.parentheses = 0;
        Some(token)
    }

    fn comment(&mut self) -> Option<Token> {
        self.position += 2;
        let Some(length) = find(self.rest(), b"*/") else { return Some(self.fail(b"unclosed comment")) };
        self.position += length + 2;
        let Some(trim) = self.at_right_delimiter() else {
            return Some(self.fail(b"comment ends before closing delimiter"));
        };
        self.count_lines();
        self.emit(Kind::Text);
        self.pass_right_delimiter(trim);
        self.ignore();
        None
    }

    /// Whether `}}` comes, and if so, whether with a trim marker.
    fn at_right_delimiter(&self) -> Option<bool> {
        match self.rest() {
            [blank, b'-', b'}', b'}', ..] if is_blank(*blank) => Some(true),
            [b'}', b'}', ..] => Some(false),
            _ => None,
        }
    }

    fn pass_right_delimiter(&mut self, trim: bool) {
        self.position += 2;
        if trim {
            self.position += 2;
            self.position += self.rest().iter().take_while(|byte| is_blank(**byte)).count();
        }
    }

    fn right_delimiter(&mut self, trim: bool) -> Token {
        if trim {
            self.position += 2;
            self.ignore();
        }
        self.position += 2;
        let token = self.emit(Kind::RightDelimiter);
        if trim {
            self.position += self.rest().iter().take_while(|byte| is_blank(**byte)).count();
            self.ignore();
        }
        self.in_action = false;
        token
    }

    fn action(&mut self) -> Token {
        if let Some(trim) = self.at_right_delimiter() {
            return if self.parentheses == 0 { self.right_delimiter(trim) } else { self.fail(b"unclosed left paren") };
        }
        let next = self.next();
        let Some(c) = next else { return self.fail(b"unclosed action") };
        match c {
            ' ' | '\t' | '\r' | '\n' => {
                self.back(next);
                self.space()
            }
            '=' => self.emit(Kind::Assign),
            ':' if self.next() == Some('=') => self.emit(Kind::Declare),
            ':' => self.fail(b"expected :="),
            '|' => self.emit(Kind::Pipe),
            '"' => self.quoted(b'"'),
            '`' => self.raw_quoted(),
            '\'' => self.quoted(b'\''),
            '$' => self.name(Kind::Variable),
            '.' if self.rest().first().is_some_and(|byte| !byte.is_ascii_digit()) => self.name(Kind::Field),
            '.' | '+' | '-' | '0'..='9' => {
                self.back(next);
                self.number()
            }
            '(' => {
                self.parentheses += 1;
                self.emit(Kind::LeftParenthesis)
            }
            ')' if self.parentheses == 0 => self.fail(b"unexpected right paren"),
            ')' => {
                self.parentheses -= 1;
                self.emit(Kind::RightParenthesis)
            }
            c if is_alphanumeric(c) => {
                self.back(next);
                self.identifier()
            }
            ' '..='~' => self.emit(Kind::Char),
            c => self.fail_at(b"unrecognized character in action: %#U", c),
        }
    }

    fn fail_at(&mut self, format: &[u8], c: char) -> Token {
        let message = sprintf(format, &[Argument::Integer(i64::from(u32::from(c)))]);
        self.fail(&message)
    }

    /// Blanks; the one before a trim marker belongs to that.
    fn space(&mut self) -> Token {
        let mut count = 0;
        while self.peek().is_some_and(is_space) {
            self.next();
            count += 1;
        }
        let last = self.position.saturating_sub(1);
        let rest = self.input.get(last..).unwrap_or_default();
        if matches!(rest, [blank, b'-', b'}', b'}', ..] if is_blank(*blank)) {
            self.back(rest.first().map(|byte| char::from(*byte)));
            if count == 1 {
                return self.right_delimiter(true);
            }
        }
        self.emit(Kind::Space)
    }

    fn identifier(&mut self) -> Token {
        while self.peek().is_some_and(is_alphanumeric) {
            self.next();
        }
        if let Err(token) = self.terminated() {
            return token;
        }
        let kind = match self.pending() {
            b"true" | b"false" => Kind::Boolean,
            word => keyword(word).map_or(Kind::Identifier, Kind::Keyword),
        };
        self.emit(kind)
    }

    /// The name of a field or variable, whose first sign was taken.
    fn name(&mut self, kind: Kind) -> Token {
        if self.at_terminator() {
            return self.emit(if kind == Kind::Field { Kind::Keyword(Keyword::Dot) } else { kind });
        }
        while self.peek().is_some_and(is_alphanumeric) {
            self.next();
        }
        match self.terminated() {
            Ok(()) => self.emit(kind),
            Err(token) => token,
        }
    }

    /// That a name ends where it may.
    fn terminated(&mut self) -> Result<(), Token> {
        if self.at_terminator() {
            return Ok(());
        }
        let c = self.peek().unwrap_or(char::REPLACEMENT_CHARACTER);
        Err(self.fail_at(b"bad character %#U", c))
    }

    fn at_terminator(&mut self) -> bool {
        match self.peek() {
            None | Some(' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(') => true,
            _ => self.rest().starts_with(b"}}"),
        }
    }

    /// A text or character in quotes, whose first was taken.
    fn quoted(&mut self, mark: u8) -> Token {
        loop {
            let next = match self.next() {
                Some('\\') => self.next().filter(|c| *c != '\n').and(Some('\\')),
                other => other.filter(|c| *c != '\n'),
            };
            match next {
                None if mark == b'"' => return self.fail(b"unterminated quoted string"),
                None => return self.fail(b"unterminated character constant"),
                Some(c) if c == char::from(mark) => break,
                Some(_) => {}
            }
        }
        self.emit(if mark == b'"' { Kind::Quoted } else { Kind::CharConstant })
    }

    fn raw_quoted(&mut self) -> Token {
        loop {
            match self.next() {
                None => return self.fail(b"unterminated raw quoted string"),
                Some('`') => return self.emit(Kind::Quoted),
                Some(_) => {}
            }
        }
    }

    /// Whatever looks like a number; the parser finds out whether it is one.
    fn number(&mut self) -> Token {
        if !self.scan_number() {
            return self.bad_number();
        }
        if !matches!(self.peek(), Some('+' | '-')) {
            return self.emit(Kind::Number);
        }
        if !self.scan_number() || !self.pending().ends_with(b"i") {
            return self.bad_number();
        }
        self.emit(Kind::Complex)
    }

    fn bad_number(&mut self) -> Token {
        let message = sprintf(b"bad number syntax: %q", &[Argument::Text(self.pending())]);
        self.fail(&message)
    }

    fn scan_number(&mut self) -> bool {
        self.accept(b"+-");
        let mut digits: &[u8] = b"0123456789_";
        let mut exponent: &[u8] = b"eE";
        if self.accept(b"0") {
            if self.accept(b"xX") {
                (digits, exponent) = (b"0123456789abcdefABCDEF_", b"pP");
            } else if self.accept(b"oO") {
                (digits, exponent) = (b"01234567_", b"");
            } else if self.accept(b"bB") {
                (digits, exponent) = (b"01_", b"");
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        if self.accept(exponent) {
            self.accept(b"+-");
            self.accept_run(b"0123456789_");
        }
        self.accept(b"i");
        // The character behind it belongs to the message.
        if self.peek().is_some_and(is_alphanumeric) {
            self.next();
            return false;
        }
        true
    }
}

fn keyword(word: &[u8]) -> Option<Keyword> {
    Some(match word {
        b"block" => Keyword::Block,
        b"break" => Keyword::Break,
        b"continue" => Keyword::Continue,
        b"define" => Keyword::Define,
        b"else" => Keyword::Else,
        b"end" => Keyword::End,
        b"if" => Keyword::If,
        b"nil" => Keyword::Nil,
        b"range" => Keyword::Range,
        b"template" => Keyword::Template,
        b"with" => Keyword::With,
        _ => return None,
    })
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_blank(byte: u8) -> bool {
    is_space(char::from(byte))
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || is_letter_or_digit(c)
}

/// Whether a trim marker comes behind `{{`.
fn has_left_trim(rest: &[u8]) -> bool {
    matches!(rest, [b'-', blank, ..] if is_blank(*blank))
}

fn trim_end(text: &[u8]) -> &[u8] {
    let blanks = text.iter().rev().take_while(|byte| is_blank(**byte)).count();
    text.get(..text.len() - blanks).unwrap_or_default()
}

fn find(text: &[u8], pair: &[u8; 2]) -> Option<usize> {
    text.windows(2).position(|window| window == pair)
}
