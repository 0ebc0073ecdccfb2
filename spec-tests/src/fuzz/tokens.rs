//! A text of Rego as a list of tokens, space among them, so that joining them gives the text again. For mutating and shrinking: knows
//! no grammar but brackets and rules that begin at the start of a line.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line end.
    Line,
    /// Other space, or a comment.
    Space,
    /// A name or a keyword.
    Word,
    /// A number.
    Number,
    /// A string, raw or not, or a template.
    Text,
    /// An operator or a separator.
    Sign,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// What it is.
    pub kind: Kind,
    /// The text.
    pub text: &'t str,
}

/// The tokens of a text.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = measure(rest, first);
        let (token, after) = rest.split_at(length);
        tokens.push(Token { kind, text: token });
        rest = after;
    }
    tokens
}

fn measure(text: &str, first: char) -> (Kind, usize) {
    let run = |belongs: &dyn Fn(char) -> bool| text.find(|c| !belongs(c)).unwrap_or(text.len());
    match first {
        '\n' => (Kind::Line, 1),
        '#' => (Kind::Space, run(&|c| c != '\n')),
        c if c.is_whitespace() => (Kind::Space, run(&|c| c.is_whitespace() && c != '\n').max(1)),
        '0'..='9' => (Kind::Number, run(&|c| c.is_ascii_alphanumeric() || c == '.')),
        c if c.is_alphanumeric() || c == '_' => (Kind::Word, run(&|c| c.is_alphanumeric() || c == '_')),
        '"' => (Kind::Text, quoted(text, 1, b'"')),
        '`' => (Kind::Text, quoted(text, 1, b'`')),
        '$' if text[1..].starts_with(['"', '`']) => (Kind::Text, quoted(text, 2, text.as_bytes()[1])),
        '(' | '[' | '{' => (Kind::Open, 1),
        ')' | ']' | '}' => (Kind::Close, 1),
        _ if [":=", "==", "!=", "<=", ">="].iter().any(|sign| text.starts_with(sign)) => (Kind::Sign, 2),
        other => (Kind::Sign, other.len_utf8()),
    }
}

/// The length of a string that begins with the text, whose opening quote ends at `from`.
fn quoted(text: &str, from: usize, quote: u8) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(from) {
        if byte == quote && !escaped {
            return at + 1;
        }
        escaped = byte == b'\\' && !escaped && quote == b'"';
    }
    text.len()
}

/// Joins tokens to a text.
#[must_use]
pub fn join(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.text).collect()
}

/// The pairs of brackets: the places of the opening and the closing one.
#[must_use]
pub fn groups(tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut groups = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => open.push(at),
            Kind::Close => groups.extend(open.pop().map(|start| (start, at))),
            _ => {}
        }
    }
    groups
}

/// The statements at the start of a line (package, imports, rules), each to the start of the next one.
#[must_use]
pub fn blocks(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let begins = |at: usize| {
        let starts_line = at == 0 || tokens[at - 1].kind == Kind::Line;
        starts_line && matches!(tokens[at].kind, Kind::Word)
    };
    let mut starts: Vec<usize> = (0..tokens.len()).filter(|at| begins(*at) && tokens[*at].text != "else").collect();
    starts.push(tokens.len());
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// The lines, each with its end.
#[must_use]
pub fn lines(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == Kind::Line {
            lines.push(start..at + 1);
            start = at + 1;
        }
    }
    lines.push(start..tokens.len());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_join_to_the_text() {
        let text = "package a\n\np[x] := $\"a{1}\" if { # x\n\tx := {1.5, `a\\`, \"\\\"\"}[_]\n}\nelse := 1\n\nq := 2";
        let tokens = tokens(text);
        assert_eq!(join(&tokens), text);
        let blocks: Vec<String> = blocks(&tokens).into_iter().map(|it| join(&tokens[it])).collect();
        assert_eq!(blocks.len(), 3);
        assert!(blocks[1].starts_with("p[x]") && blocks[1].contains("else"));
    }
}
