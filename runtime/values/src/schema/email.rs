//! Mail addresses, as Go's `mail.ParseAddress` takes them (RFC 5322 and 6532): with a name or without, also as a group of one.

use alloc::vec::Vec;

use super::format::is_ip_address;
use crate::utf8;

/// Whether a text is one address.
pub(super) fn is_address(text: &[u8]) -> bool {
    let mut parser = Parser { rest: text };
    let Some(count) = parser.address(true) else { return false };
    parser.comments().is_some() && parser.rest.is_empty() && count == 1
}

/// What is left of a text.
#[derive(Clone, Copy)]
struct Parser<'t> {
    rest: &'t [u8],
}

/// Whether a character may stand in a word.
fn is_word_character(character: char) -> bool {
    !matches!(character, '(' | ')' | '<' | '>' | '[' | ']' | ':' | ';' | '@' | '\\' | ',' | '"')
        && is_visible(character)
}

fn is_visible(character: char) -> bool {
    matches!(character, '!'..='~') || !character.is_ascii()
}

impl<'t> Parser<'t> {
    fn skip_blanks(&mut self) {
        let blanks = self.rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.rest = self.rest.get(blanks..).unwrap_or_default();
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.rest.first() == Some(&byte);
        self.rest = self.rest.get(usize::from(is_there)..).unwrap_or_default();
        is_there
    }

    /// An address or, if that is allowed, a group; returns how many addresses.
    fn address(&mut self, may_be_group: bool) -> Option<usize> {
        self.skip_blanks();
        if self.plain_address().is_some() {
            self.skip_blanks();
            if self.take(b'(') {
                self.name_comment()?;
            }
            return Some(1);
        }
        if self.rest.first()? != &b'<' {
            self.phrase()?;
        }
        self.skip_blanks();
        if may_be_group && self.take(b':') {
            return self.group();
        }
        if !self.take(b'<') {
            return None;
        }
        self.plain_address()?;
        self.take(b'>').then_some(1)
    }

    fn group(&mut self) -> Option<usize> {
        let mut count = 0;
        self.skip_blanks();
        if self.take(b';') {
            self.comments()?;
            return Some(count);
        }
        loop {
            count += self.address(false)?;
            self.comments()?;
            if self.take(b';') {
                self.comments()?;
                return Some(count);
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    /// `local@domain`; nothing is taken if that is not there.
    fn plain_address(&mut self) -> Option<()> {
        let mut parser = *self;
        parser.skip_blanks();
        if parser.rest.first() == Some(&b'"') {
            parser.quoted().filter(|length| *length > 0)?;
        } else {
            parser.dotted_word()?;
        }
        if !parser.take(b'@') {
            return None;
        }
        parser.skip_blanks();
        if parser.take(b'[') {
            parser.domain_literal()?;
        } else {
            parser.dotted_word()?;
        }
        *self = parser;
        Some(())
    }

    /// What stands between brackets, which must be the address of a machine.
    fn domain_literal(&mut self) -> Option<()> {
        let end = self.rest.iter().position(|byte| *byte == b']')?;
        let (address, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.get(1..)?;
        is_ip_address(address).then_some(())
    }

    /// A word in which a point stands neither at an end nor beside another.
    fn dotted_word(&mut self) -> Option<()> {
        let word = self.word()?;
        let is_good = word.split(|byte| *byte == b'.').all(|part| !part.is_empty());
        is_good.then_some(())
    }

    fn word(&mut self) -> Option<&'t [u8]> {
        let length: usize = utf8::chars(self.rest)
            .take_while(|(character, _)| is_word_character(*character))
            .map(|(_, b)| b.len())
            .sum();
        let (word, rest) = self.rest.split_at_checked(length).filter(|(word, _)| !word.is_empty())?;
        self.rest = rest;
        Some(word)
    }

    /// A text in quotes; returns how many characters it has.
    fn quoted(&mut self) -> Option<usize> {
        let (mut is_escaped, mut count, mut at) = (false, 0, 1);
        for (character, bytes) in utf8::chars(self.rest.get(1..)?) {
            at += bytes.len();
            let is_good = is_visible(character) || matches!(character, ' ' | '\t');
            match character {
                '\\' if !is_escaped => {
                    is_escaped = true;
                    continue;
                }
                '"' if !is_escaped => {
                    self.rest = self.rest.get(at..)?;
                    return Some(count);
                }
                _ if is_good => count += 1,
                _ => return None,
            }
            is_escaped = false;
        }
        None
    }

    /// The words of a name. What follows the last one is not taken. Encoded words count together, and not at all if they are empty.
    fn phrase(&mut self) -> Option<()> {
        let (mut has_words, mut has_encoded) = (false, false);
        loop {
            if has_words {
                self.comments()?;
            }
            self.skip_blanks();
            if self.rest.is_empty() {
                return Some(());
            }
            let word = if self.rest.first() == Some(&b'"') {
                self.quoted().map(|_| Word::Plain)
            } else {
                self.word().map(kind_of)
            };
            match word {
                Some(Word::Plain) => has_words = true,
                Some(Word::Encoded(is_empty)) => has_encoded |= !is_empty,
                // A word in a character set that is not known ends the name, taken though it is.
                Some(Word::Unknown) | None => return (has_words || has_encoded).then_some(()),
            }
        }
    }

    /// Comments in parentheses and blanks.
    fn comments(&mut self) -> Option<()> {
        self.skip_blanks();
        while self.take(b'(') {
            self.comment()?;
            self.skip_blanks();
        }
        Some(())
    }

    /// A comment behind an address, which is a name.
    fn name_comment(&mut self) -> Option<()> {
        let comment = self.comment()?;
        let is_good = |word: &[u8]| kind_of(word) != Word::Unknown;
        comment.split(|byte| matches!(byte, b' ' | b'\t')).all(is_good).then_some(())
    }

    /// What stands up to the closing parenthesis.
    fn comment(&mut self) -> Option<Vec<u8>> {
        let (mut depth, mut comment) = (1_usize, Vec::new());
        while depth > 0 {
            let mut byte = *self.rest.first()?;
            match byte {
                b'\\' if self.rest.len() > 1 => {
                    self.rest = self.rest.get(1..)?;
                    byte = *self.rest.first()?;
                }
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            comment.push(byte);
            self.rest = self.rest.get(1..)?;
        }
        comment.pop();
        Some(comment)
    }
}

/// How a word of a name is written (RFC 2047).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Plain,
    /// `=?charset?q?text?=`; whether the text is empty.
    Encoded(bool),
    /// The same in a character set that Go does not know, which is a fault.
    Unknown,
}

fn kind_of(word: &[u8]) -> Word {
    encoded(word).unwrap_or(Word::Plain)
}

fn encoded(word: &[u8]) -> Option<Word> {
    let inside = word.strip_prefix(b"=?")?.strip_suffix(b"?=")?;
    if word.len() < 8 || inside.iter().filter(|byte| **byte == b'?').count() != 2 {
        return None;
    }
    let mut parts = inside.split(|byte| *byte == b'?');
    let (charset, [encoding], text) = (parts.next()?, parts.next()?, parts.next()?) else { return None };
    let is_text = match encoding.to_ascii_lowercase() {
        b'q' => is_quoted_printable(text),
        b'b' => data_encoding::BASE64.decode(text).is_ok(),
        _ => false,
    };
    if charset.is_empty() || !is_text {
        return None;
    }
    let is_known = [&b"utf-8"[..], b"iso-8859-1", b"us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known));
    Some(if is_known { Word::Encoded(text.is_empty()) } else { Word::Unknown })
}

/// Whether a text is in the encoding Q of RFC 2047, as Go takes it.
fn is_quoted_printable(text: &[u8]) -> bool {
    let is_hex = |at: usize| text.get(at).is_some_and(u8::is_ascii_hexdigit);
    text.iter().enumerate().all(|(at, byte)| match byte {
        b'=' => is_hex(at + 1) && is_hex(at + 2),
        b'\n' | b'\r' | b'\t' | b' '..=b'~' => true,
        _ => false,
    })
}
