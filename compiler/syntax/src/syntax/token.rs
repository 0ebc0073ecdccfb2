//! Tokens: what the lexer hands to the parser. Knows names and spellings, not grammar.

/// The kind of a token.
///
/// Keywords that only some files know (`in`, `every`, `contains`, `if`, `and`, `or`) have kinds of their own; whether a
/// file knows them depends on its version and on the imports above, so the parser turns the others back into
/// [`TokenKind::Identifier`] (see [`SoftKeywords`]). So it does with `not`, which every file knows, but which is a name in the path of an
/// import, as all that can be imported is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Something that begins no token, or a token that is not well-formed.
    Illegal,
    /// The end of the text.
    End,
    /// A space where there must be none; the lexer makes no such token.
    Space,
    /// A name.
    Identifier,
    /// `package`
    Package,
    /// `import`
    Import,
    /// `as`
    As,
    /// `default`
    Default,
    /// `else`
    Else,
    /// `not`
    Not,
    /// `some`
    Some,
    /// `with`
    With,
    /// `null`
    Null,
    /// `true`
    True,
    /// `false`
    False,
    /// `in`
    In,
    /// `every`
    Every,
    /// `contains`
    Contains,
    /// `if`
    If,
    /// `and`
    LogicalAnd,
    /// `or`
    LogicalOr,
    /// A number, without a sign.
    Number,
    /// `"…"`
    String,
    /// `` `…` ``
    RawString,
    /// A part of `$"…"` that ends at a `{`.
    TemplatePart,
    /// The last part of `$"…"`.
    TemplateEnd,
    /// A part of `` $`…` `` that ends at a `{`.
    RawTemplatePart,
    /// The last part of `` $`…` ``.
    RawTemplateEnd,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `{`
    LeftBrace,
    /// `}`
    RightBrace,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `;`
    Semicolon,
    /// `.`
    Dot,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// `&`
    Ampersand,
    /// `|`
    Bar,
    /// `=`
    Unify,
    /// `:=`
    Assign,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl TokenKind {
    /// The kind of a word.
    pub(super) fn of_word(word: &str) -> Self {
        match word {
            "package" => Self::Package,
            "import" => Self::Import,
            "as" => Self::As,
            "default" => Self::Default,
            "else" => Self::Else,
            "not" => Self::Not,
            "some" => Self::Some,
            "with" => Self::With,
            "null" => Self::Null,
            "true" => Self::True,
            "false" => Self::False,
            "in" => Self::In,
            "every" => Self::Every,
            "contains" => Self::Contains,
            "if" => Self::If,
            "and" => Self::LogicalAnd,
            "or" => Self::LogicalOr,
            _ => Self::Identifier,
        }
    }

    /// The name that OPA's messages use for a token of this kind.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Illegal => "illegal",
            Self::End => "eof",
            Self::Space => "whitespace",
            Self::Identifier => "identifier",
            Self::Package => "package",
            Self::Import => "import",
            Self::As => "as",
            Self::Default => "default",
            Self::Else => "else",
            Self::Not => "not",
            Self::Some => "some",
            Self::With => "with",
            Self::Null => "null",
            Self::True => "true",
            Self::False => "false",
            Self::In => "in",
            Self::Every => "every",
            Self::Contains => "contains",
            Self::If => "if",
            Self::LogicalAnd | Self::Ampersand => "and",
            Self::LogicalOr | Self::Bar => "or",
            Self::Number => "number",
            Self::String | Self::RawString => "string",
            Self::TemplatePart => "template-string-part",
            Self::TemplateEnd => "template-string-end",
            Self::RawTemplatePart => "raw-template-string-part",
            Self::RawTemplateEnd => "raw-template-string-end",
            Self::LeftBracket => "[",
            Self::RightBracket => "]",
            Self::LeftBrace => "{",
            Self::RightBrace => "}",
            Self::LeftParen => "(",
            Self::RightParen => ")",
            Self::Comma => ",",
            Self::Colon => ":",
            Self::Semicolon => ";",
            Self::Dot => ".",
            Self::Plus => "plus",
            Self::Minus => "minus",
            Self::Star => "mul",
            Self::Slash => "div",
            Self::Percent => "rem",
            Self::Unify => "eq",
            Self::Assign => "assign",
            Self::Equal => "equal",
            Self::NotEqual => "neq",
            Self::Less => "lt",
            Self::LessEqual => "lte",
            Self::Greater => "gt",
            Self::GreaterEqual => "gte",
        }
    }

    /// Whether this is a word of the language, in whatever version.
    pub(super) const fn is_keyword(self) -> bool {
        (self as u8) >= (Self::Package as u8) && (self as u8) <= (Self::LogicalOr as u8)
    }
}

/// A token: what it is, where it is, and what stood before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Whether a line ends between the token before and this one.
    pub(super) after_newline: bool,
    /// Whether anything at all stands between the token before and this one.
    pub(super) after_gap: bool,
    /// The first byte.
    pub(super) start: u32,
    /// The byte after the last.
    pub(super) end: u32,
}

/// A set of the keywords that can be imported; the empty one is what the path of an import is read with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SoftKeywords(u8);

impl SoftKeywords {
    /// The keywords that v0 files import and v1 files know.
    pub(super) const V0: [&'static str; 4] = ["contains", "every", "if", "in"];
    /// The keywords that v1 files import.
    pub(super) const V1: [&'static str; 3] = ["and", "not", "or"];

    /// What every file knows: importing `not` only adds to what it means.
    pub(super) const ALWAYS: Self = Self(Self::bit(TokenKind::Not));

    const fn bit(kind: TokenKind) -> u8 {
        match kind {
            TokenKind::In => 1,
            TokenKind::Every => 2,
            TokenKind::Contains => 4,
            TokenKind::If => 8,
            TokenKind::LogicalAnd => 16,
            TokenKind::LogicalOr => 32,
            TokenKind::Not => 64,
            _ => 0,
        }
    }

    /// Adds the keyword of a name; `every` brings `in` with it. Other words are left alone.
    pub(super) fn add(&mut self, name: &str) {
        let kind = TokenKind::of_word(name);
        self.0 |= Self::bit(kind);
        if kind == TokenKind::Every {
            self.0 |= Self::bit(TokenKind::In);
        }
    }

    /// Whether a keyword of this kind is known.
    pub(super) const fn contains(self, kind: TokenKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// What a token is to a file that knows these keywords.
    pub(super) const fn classify(self, kind: TokenKind) -> TokenKind {
        if Self::bit(kind) != 0 && !self.contains(kind) { TokenKind::Identifier } else { kind }
    }
}
