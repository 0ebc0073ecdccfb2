//! Regular expressions as Go has them: its syntax, its leftmost-first answers, linear time. The search is regex-automata's; the
//! syntax, the classes (Unicode 15) and the loops over matches are ours, because Go's differ.
//!
//! Strings are bytes. Go reads an invalid byte as one U+FFFD, and so does this: such a text is searched in a repaired copy, and
//! the places are mapped back.

mod class;
mod parse;
pub mod table;

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use regex_automata::nfa::thompson::pikevm::{Cache, PikeVM};
use regex_automata::nfa::thompson::{Compiler, Config};
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::{Anchored, Input};

pub(crate) use class::is_letter_or_digit;

/// Why a pattern is refused, as Go's `syntax.ErrorCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `\p{…}` or a range that is none.
    InvalidCharRange,
    /// `\q`.
    InvalidEscape,
    /// `(?P<1>`.
    InvalidNamedCapture,
    /// `(?k`.
    InvalidPerlOperator,
    /// `a**`.
    InvalidRepeatOperator,
    /// `a{1001}`.
    InvalidRepeatSize,
    /// The pattern is not UTF-8.
    InvalidUtf8,
    /// `[a`.
    MissingBracket,
    /// `(a`.
    MissingParen,
    /// `*`.
    MissingRepeatArgument,
    /// `a\`.
    TrailingBackslash,
    /// `a)`.
    UnexpectedParen,
    /// Too many groups inside each other.
    NestingDepth,
    /// The compiled pattern would be too large.
    Large,
}

impl ErrorKind {
    /// Go's words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::InvalidCharRange => "invalid character class range",
            Self::InvalidEscape => "invalid escape sequence",
            Self::InvalidNamedCapture => "invalid named capture",
            Self::InvalidPerlOperator => "invalid or unsupported Perl syntax",
            Self::InvalidRepeatOperator => "invalid nested repetition operator",
            Self::InvalidRepeatSize => "invalid repeat count",
            Self::InvalidUtf8 => "invalid UTF-8",
            Self::MissingBracket => "missing closing ]",
            Self::MissingParen => "missing closing )",
            Self::MissingRepeatArgument => "missing argument to repetition operator",
            Self::TrailingBackslash => "trailing backslash at end of expression",
            Self::UnexpectedParen => "unexpected )",
            Self::NestingDepth => "expression nests too deeply",
            Self::Large => "expression too large",
        }
    }

    /// Whether it is that the pattern ends too early.
    const fn is_about_the_end(self) -> bool {
        matches!(self, Self::MissingBracket | Self::MissingParen | Self::TrailingBackslash)
    }
}

/// Why a pattern is refused, and the part of it that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Why.
    pub kind: ErrorKind,
    /// The part of the pattern that Go names.
    pub part: Vec<u8>,
}

impl Error {
    fn new(kind: ErrorKind, part: &str) -> Self {
        Self { kind, part: Vec::from(part) }
    }

    /// Why Go refuses a pattern that is UTF-8 up to a place only: it reads from the left, so another fault may come first.
    fn invalid_utf8(pattern: &[u8], place: usize) -> Self {
        const NOWHERE: char = '\u{10ffff}';
        let (before, rest) = pattern.split_at_checked(place).unwrap_or_default();
        let mut text = String::from(core::str::from_utf8(before).unwrap_or_default());
        text.push(NOWHERE);
        let is_later = |fault: &Self| core::str::from_utf8(&fault.part).is_ok_and(|part| part.contains(NOWHERE));
        match parse::parse(&text) {
            // About the whole pattern.
            Err(fault) if matches!(fault.kind, ErrorKind::UnexpectedParen | ErrorKind::NestingDepth) => {
                Self { part: if fault.part.is_empty() { fault.part } else { pattern.to_vec() }, ..fault }
            }
            Err(fault) if !fault.kind.is_about_the_end() && !is_later(&fault) => fault,
            _ => Self { kind: ErrorKind::InvalidUtf8, part: rest.to_vec() },
        }
    }
}

/// The most memory, in bytes, that a compiled pattern may take.
const SIZE_LIMIT: usize = 16 << 20;

/// A compiled pattern.
pub struct Regex {
    engine: PikeVM,
    cache: Cache,
    /// The names of the groups from group 1 on.
    names: Vec<String>,
    /// Whether the pattern's text is empty.
    empty_text: bool,
}

/// The places of one match: start and end of the match and of each group, in bytes; none for a group that took no part.
pub type Places = Vec<Option<(usize, usize)>>;

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// What Go's `regexp.Compile` refuses.
    pub fn new(pattern: &[u8]) -> Result<Self, Error> {
        let pattern =
            core::str::from_utf8(pattern).map_err(|fault| Error::invalid_utf8(pattern, fault.valid_up_to()))?;
        let parsed = parse::parse(pattern)?;
        let config = Config::new().utf8(false).nfa_size_limit(Some(SIZE_LIMIT));
        let large = |_| Error::new(ErrorKind::Large, pattern);
        let nfa = Compiler::new().configure(config).build_from_hir(&parsed.hir).map_err(large)?;
        let engine = PikeVM::new_from_nfa(nfa).map_err(large)?;
        let cache = engine.create_cache();
        Ok(Self { engine, cache, names: parsed.names, empty_text: pattern.is_empty() })
    }

    /// Whether a pattern is one. Unlike [`Regex::new`], does not compile it.
    #[must_use]
    pub fn is_valid(pattern: &[u8]) -> bool {
        core::str::from_utf8(pattern).is_ok_and(|pattern| parse::parse(pattern).is_ok())
    }

    /// Whether the pattern occurs in a text.
    pub fn is_match(&mut self, text: &[u8]) -> bool {
        let text = Text::new(text);
        self.engine.is_match(&mut self.cache, Input::new(text.bytes()).anchored(Anchored::No))
    }

    /// The places of all matches, at most `limit`, as Go's `FindAllSubmatchIndex` finds them.
    pub fn find_all(&mut self, text: &[u8], limit: usize) -> Vec<Places> {
        let text = Text::new(text);
        let bytes = text.bytes();
        let mut found = Vec::new();
        let mut slots = vec![None; (self.names.len() + 1) * 2];
        let (mut position, mut previous_end) = (0, None);
        while found.len() < limit && position <= bytes.len() {
            slots.fill(None);
            if !self.search(bytes, position, &mut slots) {
                break;
            }
            let (Some(start), Some(end)) = (place(&slots, 0), place(&slots, 1)) else { break };
            let mut accept = true;
            if end == position {
                // An empty match; right after a match it does not count.
                accept = Some(start) != previous_end;
                position += width(bytes, position).max(1);
            } else {
                position = end;
            }
            previous_end = Some(end);
            if accept {
                found.push(text.places(&slots));
            }
        }
        found
    }

    /// The pieces of a text between the matches, as Go's `Split` with no limit has them: pairs of start and end.
    pub fn split(&mut self, text: &[u8]) -> Vec<(usize, usize)> {
        if !self.empty_text && text.is_empty() {
            return vec![(0, 0)];
        }
        let mut pieces = Vec::new();
        let (mut begin, mut end) = (0, 0);
        for places in self.find_all(text, usize::MAX) {
            let Some(Some((start, stop))) = places.first().copied() else { continue };
            end = start;
            if stop != 0 {
                pieces.push((begin, end));
            }
            begin = stop;
        }
        if end != text.len() {
            pieces.push((begin, text.len()));
        }
        pieces
    }

    /// The text with each match replaced by the template, in which `$1`, `${name}` stand for groups, as Go's `ReplaceAllString`.
    pub fn replace_all(&mut self, text: &[u8], template: &[u8]) -> Vec<u8> {
        let mut replaced = Vec::with_capacity(text.len());
        let mut last = 0;
        for places in self.find_all(text, usize::MAX) {
            let Some(Some((start, end))) = places.first().copied() else { continue };
            replaced.extend_from_slice(text.get(last..start).unwrap_or_default());
            self.expand(&mut replaced, template, text, &places);
            last = end;
        }
        replaced.extend_from_slice(text.get(last..).unwrap_or_default());
        replaced
    }

    fn search(&mut self, bytes: &[u8], from: usize, slots: &mut [Option<NonMaxUsize>]) -> bool {
        let input = Input::new(bytes).span(from..bytes.len());
        self.engine.search_slots(&mut self.cache, &input, slots).is_some()
    }

    /// Appends a template with its groups filled in.
    fn expand(&self, out: &mut Vec<u8>, mut template: &[u8], text: &[u8], places: &Places) {
        while let Some(dollar) = template.iter().position(|byte| *byte == b'$') {
            let (before, after) = template.split_at(dollar);
            out.extend_from_slice(before);
            template = after.get(1..).unwrap_or_default();
            if template.first() == Some(&b'$') {
                out.push(b'$');
                template = template.get(1..).unwrap_or_default();
                continue;
            }
            let Some((name, rest)) = group_name(template) else {
                out.push(b'$');
                continue;
            };
            template = rest;
            let group = match group_number(name) {
                Some(number) => Some(number),
                None => self.names.iter().position(|other| other.as_bytes() == name).map(|index| index + 1),
            };
            if let Some(Some((start, end))) = group.and_then(|group| places.get(group)).copied() {
                out.extend_from_slice(text.get(start..end).unwrap_or_default());
            }
        }
        out.extend_from_slice(template);
    }
}

/// Takes `name` or `{name}` off the front of what follows a `$`.
fn group_name(template: &[u8]) -> Option<(&[u8], &[u8])> {
    let brace = template.first() == Some(&b'{');
    let inside = if brace { template.get(1..)? } else { template };
    let mut length = 0;
    while let Some((c, width)) = crate::unicode::decode(inside.get(length..)?) {
        if c != '_' && !class::is_letter_or_digit(c) {
            break;
        }
        length += width;
    }
    if length == 0 {
        return None;
    }
    let (name, rest) = inside.split_at(length);
    if brace { Some((name, rest.strip_prefix(b"}")?)) } else { Some((name, rest)) }
}

/// The number of a group written in digits without leading zeros.
fn group_number(name: &[u8]) -> Option<usize> {
    let plain = name.iter().all(u8::is_ascii_digit) && (name.len() == 1 || name.first() != Some(&b'0'));
    if !plain || name.len() > 8 {
        return None;
    }
    Some(name.iter().fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}

fn place(slots: &[Option<NonMaxUsize>], index: usize) -> Option<usize> {
    slots.get(index).copied().flatten().map(NonMaxUsize::get)
}

/// The width in bytes of the character at a place of valid UTF-8; 0 at the end.
fn width(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).and_then(crate::unicode::decode).map_or(0, |(_, width)| width)
}

/// A text to search: valid UTF-8, with the way back to the places of the original.
enum Text<'t> {
    Valid(&'t [u8]),
    /// The repaired copy, and for each of its bytes (and its end) the place in the original.
    Repaired(Vec<u8>, Vec<usize>),
}

impl<'t> Text<'t> {
    fn new(text: &'t [u8]) -> Self {
        if core::str::from_utf8(text).is_ok() {
            return Self::Valid(text);
        }
        let (mut copy, mut origins, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some((c, width)) = text.get(at..).and_then(crate::unicode::decode) {
            let mut buffer = [0; 4];
            let encoded = c.encode_utf8(&mut buffer).as_bytes();
            copy.extend_from_slice(encoded);
            origins.resize(copy.len(), at);
            at += width;
        }
        origins.push(at);
        Self::Repaired(copy, origins)
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Valid(bytes) => bytes,
            Self::Repaired(copy, _) => copy,
        }
    }

    fn places(&self, slots: &[Option<NonMaxUsize>]) -> Places {
        let back = |at: usize| match self {
            Self::Valid(_) => at,
            Self::Repaired(_, origins) => origins.get(at).copied().unwrap_or_default(),
        };
        (0..slots.len() / 2)
            .map(|group| Some((back(place(slots, group * 2)?), back(place(slots, group * 2 + 1)?))))
            .collect()
    }
}

#[cfg(test)]
mod tests;
