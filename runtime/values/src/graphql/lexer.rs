//! Tokens of GraphQL documents. Reads every byte once; may not know what a document is.

use alloc::vec::Vec;

use super::ast::{Position, Text};
use super::strings::{block_value, escape, escaped, push};
use crate::{Value, utf8};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Invalid,
    End,
    Bang,
    Dollar,
    Ampersand,
    ParenthesisLeft,
    ParenthesisRight,
    Spread,
    Colon,
    Equals,
    At,
    BracketLeft,
    BracketRight,
    BraceLeft,
    BraceRight,
    Pipe,
    Name,
    Int,
    Float,
    String,
    BlockString,
    Comment,
}

impl TokenKind {
    /// The kind as messages name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Invalid => "<Invalid>",
            Self::End => "<EOF>",
            Self::Bang => "!",
            Self::Dollar => "$",
            Self::Ampersand => "&",
            Self::ParenthesisLeft => "(",
            Self::ParenthesisRight => ")",
            Self::Spread => "...",
            Self::Colon => ":",
            Self::Equals => "=",
            Self::At => "@",
            Self::BracketLeft => "[",
            Self::BracketRight => "]",
            Self::BraceLeft => "{",
            Self::BraceRight => "}",
            Self::Pipe => "|",
            Self::Name => "Name",
            Self::Int => "Int",
            Self::Float => "Float",
            Self::String => "String",
            Self::BlockString => "BlockString",
            Self::Comment => "Comment",
        }
    }
}

/// A token: its text is that of names, numbers, strings and comments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) value: Text,
    pub(super) position: Position,
}

/// Reads tokens.
pub(super) struct Lexer {
    input: Text,
    /// Where the token begins and how far it was read, in bytes.
    start: usize,
    end: usize,
    /// The same in characters, in which columns are counted.
    start_characters: i32,
    end_characters: i32,
    line: i32,
    line_start: i32,
    /// Why the last token is invalid.
    pub(super) message: Vec<u8>,
}

impl Lexer {
    pub(super) fn new(input: Text) -> Self {
        let (message, line) = (Vec::new(), 1);
        Self { input, start: 0, end: 0, start_characters: 0, end_characters: 0, line, line_start: 0, message }
    }

    fn next_byte(&self) -> Option<u8> {
        self.input.get(self.end).copied()
    }

    fn rest(&self) -> Text {
        self.input.get(self.end..).unwrap_or_default()
    }

    /// Goes on by a character of that many bytes.
    fn step(&mut self, bytes: usize) {
        self.end += bytes;
        self.end_characters = self.end_characters.wrapping_add(1);
    }

    /// Goes on by bytes of ASCII.
    fn step_ascii(&mut self, bytes: usize) {
        self.end += bytes;
        self.end_characters = self.end_characters.wrapping_add(bytes as i32);
    }

    fn new_line(&mut self) {
        self.line = self.line.wrapping_add(1);
        self.line_start = self.end_characters;
    }

    /// The token of the text that was read.
    fn text_token(&self, kind: TokenKind) -> Token {
        self.token(kind, self.input.get(self.start..self.end).unwrap_or_default())
    }

    fn token(&self, kind: TokenKind, value: Text) -> Token {
        let column = self.start_characters.wrapping_sub(self.line_start).wrapping_add(1);
        Token { kind, value, position: Position { line: self.line, column } }
    }

    fn invalid(&mut self, parts: &[&[u8]]) -> Token {
        self.message = parts.concat();
        let column = self.end_characters.wrapping_sub(self.line_start).wrapping_add(1);
        Token { kind: TokenKind::Invalid, value: b"", position: Position { line: self.line, column } }
    }

    /// The next token; `End` at the end, again and again.
    pub(super) fn read(&mut self) -> Token {
        self.skip_space();
        self.start = self.end;
        self.start_characters = self.end_characters;
        let Some(byte) = self.next_byte() else { return self.token(TokenKind::End, b"") };
        let kind = match byte {
            b'!' => TokenKind::Bang,
            b'$' => TokenKind::Dollar,
            b'&' => TokenKind::Ampersand,
            b'(' => TokenKind::ParenthesisLeft,
            b')' => TokenKind::ParenthesisRight,
            b':' => TokenKind::Colon,
            b'=' => TokenKind::Equals,
            b'@' => TokenKind::At,
            b'[' => TokenKind::BracketLeft,
            b']' => TokenKind::BracketRight,
            b'{' => TokenKind::BraceLeft,
            b'}' => TokenKind::BraceRight,
            b'|' => TokenKind::Pipe,
            b'.' if self.rest().starts_with(b"...") => {
                self.step_ascii(3);
                return self.token(TokenKind::Spread, b"");
            }
            b'#' => return self.comment(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => return self.name(),
            b'-' | b'0'..=b'9' => return self.number(),
            b'"' if self.rest().starts_with(b"\"\"\"") => return self.block_string(),
            b'"' => return self.string(),
            _ => return self.unexpected(byte),
        };
        self.step(1);
        self.token(kind, b"")
    }

    fn unexpected(&mut self, byte: u8) -> Token {
        let (character, len) = utf8::encode(char::from(byte));
        match byte {
            0..0x20 => self.invalid(&[b"Cannot contain the invalid character \"", &escape(byte), b"\""]),
            b'\'' => {
                self.invalid(&[b"Unexpected single quote character ('), did you mean to use a double quote (\")?"])
            }
            _ => self.invalid(&[
                b"Cannot parse the unexpected character \"",
                character.get(..len).unwrap_or_default(),
                b"\".",
            ]),
        }
    }

    /// White space, commas and byte order marks. A line that ends with both characters begins at the second, as in gqlparser.
    fn skip_space(&mut self) {
        while let Some(byte) = self.next_byte() {
            match byte {
                b'\t' | b' ' | b',' => self.step(1),
                b'\n' | b'\r' => {
                    self.step(1);
                    self.new_line();
                    if byte == b'\r' && self.next_byte() == Some(b'\n') {
                        self.step(1);
                    }
                }
                0xef if self.rest().starts_with(b"\xef\xbb\xbf") => self.step(3),
                _ => return,
            }
        }
    }

    fn comment(&mut self) -> Token {
        self.step(1);
        while let Some(byte) = self.next_byte()
            && (byte > 0x1f || byte == b'\t')
        {
            self.character();
        }
        self.text_token(TokenKind::Comment)
    }

    /// Goes over a character; one byte where the text is no UTF-8.
    fn character(&mut self) -> char {
        let (character, len) = utf8::decode(self.rest());
        self.step(len);
        character.unwrap_or(utf8::REPLACEMENT)
    }

    fn name(&mut self) -> Token {
        while self.next_byte().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.step(1);
        }
        self.text_token(TokenKind::Name)
    }

    fn accept(&mut self, bytes: &[u8]) -> bool {
        let accepted = self.next_byte().is_some_and(|byte| bytes.contains(&byte));
        if accepted {
            self.step(1);
        }
        accepted
    }

    fn has_digits(&mut self) -> bool {
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.step_ascii(digits);
        digits != 0
    }

    fn number(&mut self) -> Token {
        let mut kind = TokenKind::Int;
        self.accept(b"-");
        if self.accept(b"0") {
            if self.next_byte().is_some_and(|byte| byte.is_ascii_digit()) {
                return self.bad_number(b"unexpected digit after 0");
            }
        } else if !self.has_digits() {
            return self.bad_number(b"expected digit but got");
        }
        if self.accept(b".") {
            kind = TokenKind::Float;
            if !self.has_digits() {
                return self.bad_number(b"expected digit but got");
            }
        }
        if self.accept(b"eE") {
            kind = TokenKind::Float;
            self.accept(b"-+");
            if !self.has_digits() {
                return self.bad_number(b"expected digit but got");
            }
        }
        self.text_token(kind)
    }

    fn bad_number(&mut self, why: &[u8]) -> Token {
        let next = match self.next_byte() {
            Some(byte) => {
                let (character, len) = utf8::encode(char::from(byte));
                [b"\"", character.get(..len).unwrap_or_default(), b"\""].concat()
            }
            None => b"<EOF>".to_vec(),
        };
        self.invalid(&[b"Invalid number, ", why, b": ", &next, b"."])
    }

    fn string(&mut self) -> Token {
        self.step(1);
        self.start = self.end;
        self.start_characters = self.end_characters;
        let mut written: Option<Vec<u8>> = None;
        while let Some(byte) = self.next_byte() {
            match byte {
                b'\n' | b'\r' => break,
                b'"' => {
                    let mut token = self.text_token(TokenKind::String);
                    if let Some(text) = &written {
                        token.value = keep(text);
                    }
                    self.step(1);
                    return token;
                }
                0..0x20 if byte != b'\t' => {
                    return self.invalid(&[b"Invalid character within String: \"", &escape(byte), b"\"."]);
                }
                b'\\' => {
                    let before = self.input.get(self.start..self.end).unwrap_or_default();
                    let text = written.get_or_insert_with(|| before.to_vec());
                    match escaped(self.input.get(self.end + 1..).unwrap_or_default()) {
                        Ok((character, len)) => {
                            push(text, character);
                            self.step_ascii(len + 1);
                        }
                        Err(bad) => {
                            self.step(1);
                            return match bad {
                                Some(bad) => self.invalid(&[b"Invalid character escape sequence: \\", &bad, b"."]),
                                None => self.invalid(&[b"Invalid character escape sequence."]),
                            };
                        }
                    }
                }
                _ => {
                    let character = self.character();
                    if let Some(text) = &mut written {
                        push(text, character);
                    }
                }
            }
        }
        self.invalid(&[b"Unterminated string."])
    }

    fn block_string(&mut self) -> Token {
        self.step_ascii(3);
        self.start = self.end;
        self.start_characters = self.end_characters;
        let mut text = Vec::new();
        while let Some(byte) = self.next_byte() {
            if byte == b'"' {
                let quotes = self.rest().iter().take_while(|byte| **byte == b'"').count();
                if quotes >= 3 {
                    text.resize(text.len() + quotes - 3, b'"');
                    let token = self.token(TokenKind::BlockString, keep(&block_value(&text)));
                    self.step_ascii(quotes);
                    return token;
                }
            }
            match byte {
                b'\\' if self.rest().starts_with(b"\\\"\"\"") => {
                    text.extend_from_slice(b"\"\"\"");
                    self.step_ascii(4);
                }
                b'\r' => {
                    if self.rest().starts_with(b"\r\n") {
                        self.step(1);
                    }
                    text.push(b'\n');
                    self.step(1);
                    self.new_line();
                }
                0..0x20 if byte != b'\t' && byte != b'\n' => {
                    return self.invalid(&[b"Invalid character within String: \"", &escape(byte), b"\"."]);
                }
                _ => {
                    let character = self.character();
                    push(&mut text, character);
                    if byte == b'\n' {
                        self.new_line();
                    }
                }
            }
        }
        self.invalid(&[b"Unterminated string."])
    }
}

/// Keeps a text in the arena.
fn keep(text: &[u8]) -> Text {
    Value::string(text).as_str().unwrap_or_default()
}
