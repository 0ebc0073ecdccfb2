//! Text to tokens: spellings, escapes, template strings, comments. Knows nothing of grammar.
//!
//! A text always gives tokens: what is not well-formed becomes an [`TokenKind::Illegal`] token with messages, which the
//! parser reports if it gets there. The messages are those of OPA's scanner (`v1/ast/internal/scanner`).

use crate::source::{FileId, Span};
use crate::syntax::ast::Comment;
use crate::syntax::token::{Token, TokenKind};
use alloc::borrow::ToOwned as _;
use alloc::vec::Vec;

/// The tokens of a text.
pub(super) struct Lexed {
    /// The tokens; the last is [`TokenKind::End`].
    pub(super) tokens: Vec<Token>,
    /// The comments, in order.
    pub(super) comments: Vec<Comment>,
    /// What is wrong with [`TokenKind::Illegal`] tokens: where the token begins, and a message; in order.
    pub(super) faults: Vec<(u32, &'static str)>,
}

/// Splits a text into tokens.
pub(super) fn lex(file: FileId, text: &str) -> Lexed {
    let mut lexer = Lexer {
        file,
        text,
        bytes: text.as_bytes(),
        at: if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 },
        start: 0,
        forbidden: text.contains('\0') || text.char_indices().any(|(at, c)| at > 0 && c == BYTE_ORDER_MARK),
        templates: Vec::new(),
        out: Lexed { tokens: Vec::with_capacity(text.len() / 4 + 1), comments: Vec::new(), faults: Vec::new() },
    };
    lexer.run();
    lexer.out
}

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A template string whose expression is being read.
struct Template {
    raw: bool,
    /// How many braces are open inside the expression.
    braces: u32,
}

struct Lexer<'t> {
    file: FileId,
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where the token being read begins.
    start: usize,
    /// Whether the text holds characters that are illegal everywhere.
    forbidden: bool,
    templates: Vec<Template>,
    out: Lexed,
}

impl Lexer<'_> {
    fn run(&mut self) {
        let mut previous_end = self.at;
        let mut after_newline = false;
        loop {
            self.start = self.at;
            let Some(byte) = self.byte() else { break };
            let faults = self.out.faults.len();
            let kind = match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {
                    self.at += 1;
                    if byte == b'\n' {
                        after_newline = true;
                    }
                    None
                }
                b'#' => {
                    self.at = self.rest().find('\n').map_or(self.text.len(), |length| self.at + length);
                    None
                }
                _ => Some(self.token(byte)),
            };
            if self.forbidden {
                self.forbid();
            }
            let illegal = self.out.faults.len() > faults;
            if byte == b'#' && !illegal {
                self.comment();
            }
            if illegal || kind.is_some() {
                self.out.tokens.push(Token {
                    kind: kind.filter(|_| !illegal).unwrap_or(TokenKind::Illegal),
                    after_newline,
                    after_gap: self.start > previous_end,
                    start: self.start as u32,
                    end: self.at as u32,
                });
                previous_end = self.at;
                after_newline = false;
            }
        }
        self.out.tokens.push(Token {
            kind: TokenKind::End,
            after_newline,
            after_gap: self.at > previous_end,
            start: self.at as u32,
            end: self.at as u32,
        });
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Steps over a character, of however many bytes.
    fn skip_character(&mut self) {
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    fn fault(&mut self, message: &'static str) {
        self.out.faults.push((self.start as u32, message));
    }

    /// Blames the token for the forbidden characters in it and right behind it, as OPA's scanner does, which reads one
    /// character ahead.
    fn forbid(&mut self) {
        let first = if self.start == 0 { 0 } else { self.start + 1 };
        let from = (first..=self.at).find(|at| self.text.is_char_boundary(*at)).unwrap_or(self.at);
        let to = self.at + self.rest().chars().next().map_or(0, char::len_utf8);
        for (at, c) in self.text.get(from..to).unwrap_or_default().char_indices() {
            match c {
                '\0' => self.out.faults.push((self.start as u32, "illegal null character")),
                BYTE_ORDER_MARK if from + at > 0 => {
                    self.out.faults.push((self.start as u32, "illegal byte-order mark"))
                }
                _ => {}
            }
        }
    }

    fn comment(&mut self) {
        let start = self.start;
        let text = self.text.get(start + 1..self.at).unwrap_or_default().trim_end_matches('\r');
        let span = Span { file: self.file, start: start as u32, end: (start + 1 + text.len()) as u32 };
        self.out.comments.push(Comment { text: text.to_owned(), span });
    }

    fn token(&mut self, byte: u8) -> TokenKind {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => return self.word(),
            b'0'..=b'9' => return self.number(),
            _ => self.skip_character(),
        }
        match byte {
            b'"' => self.string(),
            b'`' => self.raw_string(),
            b'$' => self.dollar(),
            b'{' => {
                if let Some(template) = self.templates.last_mut() {
                    template.braces += 1;
                }
                TokenKind::LeftBrace
            }
            b'}' => self.right_brace(),
            b'[' => TokenKind::LeftBracket,
            b']' => TokenKind::RightBracket,
            b'(' => TokenKind::LeftParen,
            b')' => TokenKind::RightParen,
            b',' => TokenKind::Comma,
            b';' => TokenKind::Semicolon,
            b'.' => TokenKind::Dot,
            b'+' => TokenKind::Plus,
            b'-' => TokenKind::Minus,
            b'*' => TokenKind::Star,
            b'/' => TokenKind::Slash,
            b'%' => TokenKind::Percent,
            b'&' => TokenKind::Ampersand,
            b'|' => TokenKind::Bar,
            b':' => self.with_equals(TokenKind::Colon, TokenKind::Assign),
            b'=' => self.with_equals(TokenKind::Unify, TokenKind::Equal),
            b'<' => self.with_equals(TokenKind::Less, TokenKind::LessEqual),
            b'>' => self.with_equals(TokenKind::Greater, TokenKind::GreaterEqual),
            b'!' => {
                let kind = self.with_equals(TokenKind::Illegal, TokenKind::NotEqual);
                if kind == TokenKind::Illegal {
                    self.fault("illegal ! character");
                }
                kind
            }
            _ => {
                if self.text.get(self.start..self.at) == Some("\u{A0}") {
                    self.fault("illegal non-breaking space character, use a regular space instead");
                }
                TokenKind::Illegal
            }
        }
    }

    fn with_equals(&mut self, without: TokenKind, with: TokenKind) -> TokenKind {
        if self.byte() == Some(b'=') {
            self.at += 1;
            with
        } else {
            without
        }
    }

    fn word(&mut self) -> TokenKind {
        self.skip_word();
        TokenKind::of_word(self.text.get(self.start..self.at).unwrap_or_default())
    }

    fn skip_word(&mut self) {
        loop {
            match self.byte() {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9') => self.at += 1,
                Some(0x80..) if self.rest().chars().next().is_some_and(is_decimal_digit) => self.skip_character(),
                _ => return,
            }
        }
    }

    fn skip_digits(&mut self) -> bool {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at > start
    }

    fn number(&mut self) -> TokenKind {
        self.skip_digits();
        if self.byte() == Some(b'.') {
            self.at += 1;
            if !self.skip_digits() {
                self.fault("expected fraction");
            }
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !self.skip_digits() {
                self.fault("expected exponent");
            }
        }
        // `0a2b` is one bad number, not a number and a name.
        if self.byte().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_') {
            self.fault("illegal number format");
            self.skip_word();
        }
        TokenKind::Number
    }

    fn string(&mut self) -> TokenKind {
        loop {
            match self.byte() {
                None | Some(b'\n') => {
                    self.fault("non-terminated string");
                    return TokenKind::String;
                }
                Some(b'"') => {
                    self.at += 1;
                    return TokenKind::String;
                }
                Some(b'\\') => self.escape(false),
                Some(_) => self.skip_plain(),
            }
        }
    }

    /// Steps over characters that mean nothing in any kind of string.
    fn skip_plain(&mut self) {
        let stop = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n' | b'{' | b'`');
        self.at += 1;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(stop).unwrap_or(rest.len());
    }

    /// Steps over an escape sequence. Four digits behind `\u` are stepped over unseen, as OPA does; whether they are
    /// digits is found out when the string is unescaped.
    fn escape(&mut self, in_template: bool) {
        self.at += 1;
        match self.byte() {
            Some(b'\\' | b'"' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'{') if in_template => self.at += 1,
            Some(b'u') => {
                for _ in 0..4 {
                    self.skip_character();
                }
            }
            _ => self.fault("illegal escape sequence"),
        }
    }

    fn raw_string(&mut self) -> TokenKind {
        if let Some(length) = self.rest().find('`') {
            self.at += length + 1;
        } else {
            self.at = self.text.len();
            self.fault("non-terminated string");
        }
        TokenKind::RawString
    }

    fn dollar(&mut self) -> TokenKind {
        match self.byte() {
            Some(b'"') => {
                self.at += 1;
                self.template_part()
            }
            Some(b'`') => {
                self.at += 1;
                self.raw_template_part()
            }
            _ => {
                self.fault("illegal $ character");
                TokenKind::Illegal
            }
        }
    }

    /// A `}`: where it ends the expression of a template string, the next token is that string's next part.
    fn right_brace(&mut self) -> TokenKind {
        let Some(template) = self.templates.last_mut() else { return TokenKind::RightBrace };
        if template.braces > 0 {
            template.braces -= 1;
            return TokenKind::RightBrace;
        }
        let raw = template.raw;
        self.templates.pop();
        let brace = self.at - 1;
        let previous = self.out.tokens.last().map_or(0, |token| token.end as usize);
        self.out.tokens.push(Token {
            kind: TokenKind::RightBrace,
            after_newline: self.bytes.get(previous..brace).unwrap_or_default().contains(&b'\n'),
            after_gap: brace > previous,
            start: brace as u32,
            end: self.at as u32,
        });
        self.start = self.at;
        if raw { self.raw_template_part() } else { self.template_part() }
    }

    fn template_part(&mut self) -> TokenKind {
        loop {
            match self.byte() {
                None | Some(b'\n') => {
                    self.fault("non-terminated string");
                    return TokenKind::TemplatePart;
                }
                Some(b'"') => {
                    self.at += 1;
                    return TokenKind::TemplateEnd;
                }
                Some(b'{') => {
                    self.at += 1;
                    self.templates.push(Template { raw: false, braces: 0 });
                    return TokenKind::TemplatePart;
                }
                Some(b'\\') => self.escape(true),
                Some(_) => self.skip_plain(),
            }
        }
    }

    fn raw_template_part(&mut self) -> TokenKind {
        loop {
            match self.byte() {
                None => {
                    self.fault("non-terminated string");
                    return TokenKind::RawTemplatePart;
                }
                Some(b'`') => {
                    self.at += 1;
                    return TokenKind::RawTemplateEnd;
                }
                Some(b'{') => {
                    self.at += 1;
                    self.templates.push(Template { raw: true, braces: 0 });
                    return TokenKind::RawTemplatePart;
                }
                Some(b'\\') => {
                    self.at += 1;
                    if self.byte() == Some(b'{') {
                        self.at += 1;
                    }
                }
                Some(_) => self.skip_plain(),
            }
        }
    }
}

/// The zeros of the decimal digits of Unicode 15.0 outside ASCII; nine digits follow each. A name may hold such digits.
const DECIMAL_ZEROS: &[u32] = &[
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
    0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0,
    0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0,
    0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60,
    0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0,
];

fn is_decimal_digit(c: char) -> bool {
    let code = c as u32;
    let after = DECIMAL_ZEROS.partition_point(|zero| *zero <= code);
    after.checked_sub(1).and_then(|at| DECIMAL_ZEROS.get(at)).is_some_and(|zero| code - zero < 10)
}
