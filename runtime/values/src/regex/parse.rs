//! Reads a pattern in Go's syntax (RE2's, <https://pkg.go.dev/regexp/syntax>, with the flags that `regexp.Compile` sets) into the form that the
//! regex library compiles. Refuses what Go refuses. Needs no stack: groups are kept in a list.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use regex_syntax::hir::{Capture, Hir, Look, Repetition};

use super::class::{self, Ranges};
use super::{Error, ErrorKind};

/// The most that a counted repetition may ask for, also as a product of nested ones (Go's limit).
const MAX_REPEAT: u32 = 1000;

/// How deep groups and repetitions may nest (Go's limit).
const MAX_NESTING: u32 = 1000;

/// A pattern that was read.
pub(super) struct Parsed {
    /// The pattern.
    pub(super) hir: Hir,
    /// The names of the groups from group 1 on, empty where there is none.
    pub(super) names: Vec<String>,
}

/// Reads a pattern.
pub(super) fn parse(pattern: &str) -> Result<Parsed, Error> {
    let mut parser =
        Parser { rest: pattern, flags: Flags::default(), groups: Vec::new(), top: Group::default(), names: Vec::new() };
    parser.run(pattern)?;
    if !parser.groups.is_empty() {
        return Err(Error::new(ErrorKind::MissingParen, pattern));
    }
    Ok(Parsed { hir: parser.top.finish().hir, names: parser.names })
}

/// The flags of `(?ims-U)`.
#[derive(Clone, Copy, Default)]
struct Flags {
    fold_case: bool,
    multi_line: bool,
    dot_newline: bool,
    swap_greed: bool,
}

/// A piece of a pattern with what its limits need.
struct Piece {
    hir: Hir,
    /// The largest product of nested counted repetitions in it.
    repeats: u32,
    height: u32,
}

impl Piece {
    fn leaf(hir: Hir) -> Self {
        Self { hir, repeats: 1, height: 1 }
    }
}

/// A group being read: the alternatives that are complete and the one that is not.
#[derive(Default)]
struct Group {
    /// The number of the group; none when it does not capture.
    capture: Option<u32>,
    /// The flags to go back to when it ends.
    outer: Flags,
    alternatives: Vec<Hir>,
    current: Vec<Hir>,
    /// The last piece of the current alternative, kept apart because a repetition may take it.
    last: Option<Piece>,
    repeats: u32,
    height: u32,
}

impl Group {
    fn push(&mut self, piece: Piece) {
        self.flush();
        self.last = Some(piece);
    }

    fn flush(&mut self) {
        if let Some(piece) = self.last.take() {
            self.repeats = self.repeats.max(piece.repeats);
            self.height = self.height.max(piece.height);
            self.current.push(piece.hir);
        }
    }

    fn next_alternative(&mut self) {
        self.flush();
        let current = core::mem::take(&mut self.current);
        self.alternatives.push(Hir::concat(current));
    }

    fn finish(mut self) -> Piece {
        self.next_alternative();
        let hir = Hir::alternation(self.alternatives);
        let hir = match self.capture {
            // The name is kept apart: the library refuses one that Go accepts twice.
            Some(index) => Hir::capture(Capture { index, name: None, sub: Box::new(hir) }),
            None => hir,
        };
        Piece { hir, repeats: self.repeats.max(1), height: self.height + 1 }
    }
}

struct Parser<'p> {
    rest: &'p str,
    flags: Flags,
    groups: Vec<Group>,
    top: Group,
    names: Vec<String>,
}

impl<'p> Parser<'p> {
    fn run(&mut self, pattern: &'p str) -> Result<(), Error> {
        let mut last_repeat: Option<&'p str> = None;
        while let Some(first) = self.rest.bytes().next() {
            let before = self.rest;
            let mut repeat = None;
            match first {
                b'(' if before.starts_with("(?") => self.perl_group()?,
                b'(' => {
                    self.skip(1);
                    self.open(Some(""))?;
                }
                b'|' => {
                    self.skip(1);
                    self.top.next_alternative();
                }
                b')' => {
                    self.skip(1);
                    self.close(pattern)?;
                }
                b'^' => self.anchor(1, if self.flags.multi_line { Look::StartLF } else { Look::Start }),
                b'$' => self.anchor(1, if self.flags.multi_line { Look::EndLF } else { Look::End }),
                b'.' => self.dot(),
                b'[' => self.bracket()?,
                b'*' | b'+' | b'?' => {
                    self.skip(1);
                    let (min, max) = match first {
                        b'*' => (0, None),
                        b'+' => (1, None),
                        _ => (0, Some(1)),
                    };
                    self.repeat(before, last_repeat, min, max, false)?;
                    repeat = Some(before);
                }
                b'{' => match counted(before) {
                    Some((min, max, length)) => {
                        self.skip(length);
                        self.counted_repeat(before, last_repeat, min, max)?;
                        repeat = Some(before);
                    }
                    None => self.literal_char(),
                },
                b'\\' => self.escape()?,
                _ => self.literal_char(),
            }
            last_repeat = repeat;
        }
        Ok(())
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn next_char(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.skip(c.len_utf8());
        Some(c)
    }

    /// The text between a former rest and now.
    fn since(&self, before: &'p str) -> &'p str {
        before.get(..before.len() - self.rest.len()).unwrap_or_default()
    }

    fn literal_char(&mut self) {
        if let Some(c) = self.next_char() {
            self.literal(c);
        }
    }

    fn literal(&mut self, c: char) {
        let mut folds = Ranges::default();
        let mut folded = false;
        if self.flags.fold_case {
            class::for_each_fold(c, |other| {
                folds.add(u32::from(other), u32::from(other));
                folded = true;
            });
        }
        let hir = if folded {
            folds.add(u32::from(c), u32::from(c));
            folds.into_hir()
        } else {
            Hir::literal(c.encode_utf8(&mut [0; 4]).as_bytes())
        };
        self.top.push(Piece::leaf(hir));
    }

    fn anchor(&mut self, length: usize, look: Look) {
        self.skip(length);
        self.top.push(Piece::leaf(Hir::look(look)));
    }

    fn dot(&mut self) {
        self.skip(1);
        let mut any = Ranges::default();
        if !self.flags.dot_newline {
            any.add(0x0a, 0x0a);
        }
        any.negate();
        self.top.push(Piece::leaf(any.into_hir()));
    }

    /// Begins a group; with a name (perhaps empty) it captures.
    fn open(&mut self, name: Option<&str>) -> Result<(), Error> {
        if self.groups.len() as u32 >= MAX_NESTING {
            return Err(Error::new(ErrorKind::NestingDepth, ""));
        }
        let capture = name.map(|name| {
            self.names.push(String::from(name));
            self.names.len() as u32
        });
        let group = Group { capture, outer: self.flags, ..Group::default() };
        self.groups.push(core::mem::replace(&mut self.top, group));
        Ok(())
    }

    fn close(&mut self, pattern: &str) -> Result<(), Error> {
        let Some(outer) = self.groups.pop() else {
            return Err(Error::new(ErrorKind::UnexpectedParen, pattern));
        };
        let group = core::mem::replace(&mut self.top, outer);
        self.flags = group.outer;
        let piece = group.finish();
        if piece.height > MAX_NESTING {
            return Err(Error::new(ErrorKind::NestingDepth, pattern));
        }
        self.top.push(piece);
        Ok(())
    }

    /// `(?P<name>…`, `(?<name>…`, `(?flags)`, `(?flags:…`.
    fn perl_group(&mut self) -> Result<(), Error> {
        let before = self.rest;
        for opening in ["(?P<", "(?<"] {
            // Go wants something behind it.
            if let Some(named) = before.strip_prefix(opening).filter(|named| !named.is_empty()) {
                let Some(end) = named.find('>') else {
                    return Err(Error::new(ErrorKind::InvalidNamedCapture, before));
                };
                let name = named.get(..end).unwrap_or_default();
                self.skip(opening.len() + end + 1);
                if name.is_empty() || !name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()) {
                    return Err(Error::new(ErrorKind::InvalidNamedCapture, self.since(before)));
                }
                return self.open(Some(name));
            }
        }
        self.skip(2);
        let mut flags = self.flags;
        let (mut negative, mut saw_flag) = (false, false);
        while let Some(c) = self.next_char() {
            match c {
                'i' => flags.fold_case = !negative,
                'm' => flags.multi_line = !negative,
                's' => flags.dot_newline = !negative,
                'U' => flags.swap_greed = !negative,
                '-' if !negative => {
                    negative = true;
                    saw_flag = false;
                    continue;
                }
                ':' | ')' if !negative || saw_flag => {
                    if c == ':' {
                        self.open(None)?;
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => break,
            }
            saw_flag = true;
        }
        Err(Error::new(ErrorKind::InvalidPerlOperator, self.since(before)))
    }

    fn counted_repeat(
        &mut self,
        before: &'p str,
        last: Option<&'p str>,
        min: Option<u32>,
        max: Option<Option<u32>>,
    ) -> Result<(), Error> {
        let (Some(min), Some(max)) = (min, max) else {
            return Err(Error::new(ErrorKind::InvalidRepeatSize, self.since(before)));
        };
        if min > MAX_REPEAT || max.is_some_and(|max| max > MAX_REPEAT || min > max) {
            return Err(Error::new(ErrorKind::InvalidRepeatSize, self.since(before)));
        }
        self.repeat(before, last, min, max, true)
    }

    /// Puts a repetition around the last piece.
    fn repeat(
        &mut self,
        before: &'p str,
        last: Option<&'p str>,
        min: u32,
        max: Option<u32>,
        counted: bool,
    ) -> Result<(), Error> {
        let mut greedy = !self.flags.swap_greed;
        if self.rest.starts_with('?') {
            self.skip(1);
            greedy = !greedy;
        }
        if let Some(last) = last {
            return Err(Error::new(ErrorKind::InvalidRepeatOperator, self.since(last)));
        }
        let Some(piece) = self.top.last.take() else {
            return Err(Error::new(ErrorKind::MissingRepeatArgument, self.since(before)));
        };
        // A count of zero hides what it repeats, an open upper bound counts as its lower one.
        let count = if counted { max.unwrap_or(min) } else { 1 };
        let repeats = if count == 0 { 1 } else { count.saturating_mul(piece.repeats) };
        if counted && (min >= 2 || max.is_some_and(|max| max >= 2)) && repeats > MAX_REPEAT {
            return Err(Error::new(ErrorKind::InvalidRepeatSize, self.since(before)));
        }
        let height = piece.height + 1;
        if height > MAX_NESTING {
            return Err(Error::new(ErrorKind::NestingDepth, before));
        }
        let hir = Hir::repetition(Repetition { min, max, greedy, sub: Box::new(piece.hir) });
        self.top.last = Some(Piece { hir, repeats, height });
        Ok(())
    }

    /// What follows a backslash outside of brackets.
    fn escape(&mut self) -> Result<(), Error> {
        match self.rest.as_bytes().get(1) {
            Some(b'A') => self.anchor(2, Look::Start),
            Some(b'z') => self.anchor(2, Look::End),
            Some(b'b') => self.anchor(2, Look::WordAscii),
            Some(b'B') => self.anchor(2, Look::WordAsciiNegate),
            Some(b'C') => return Err(Error::new(ErrorKind::InvalidEscape, "\\C")),
            Some(b'Q') => {
                let quoted = self.rest.get(2..).unwrap_or_default();
                let (quoted, rest) = quoted.split_once("\\E").unwrap_or((quoted, ""));
                quoted.chars().for_each(|c| self.literal(c));
                self.rest = rest;
            }
            _ => {
                let mut ranges = Ranges::default();
                if self.class_escape(&mut ranges)? {
                    self.top.push(Piece::leaf(ranges.into_hir()));
                } else {
                    let c = self.char_escape()?;
                    self.literal_code(c);
                }
            }
        }
        Ok(())
    }

    /// A literal by its code point; a surrogate matches nothing.
    fn literal_code(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(c) => self.literal(c),
            None => self.top.push(Piece::leaf(Hir::fail())),
        }
    }

    /// Reads `\p{…}`, `\d` and their like into a class, if that is what comes.
    fn class_escape(&mut self, ranges: &mut Ranges) -> Result<bool, Error> {
        let Some(b'\\') = self.rest.bytes().next() else { return Ok(false) };
        let Some(letter) = self.rest.as_bytes().get(1).copied() else { return Ok(false) };
        if let Some((mut perl, negated)) = class::perl_class(letter) {
            if self.flags.fold_case {
                perl.fold();
            }
            ranges.add_all(perl, negated);
            self.skip(2);
            return Ok(true);
        }
        if !matches!(letter, b'p' | b'P') {
            return Ok(false);
        }
        let before = self.rest;
        self.skip(2);
        let mut name = match self.next_char() {
            Some('{') => {
                let Some(end) = self.rest.find('}') else {
                    return Err(Error::new(ErrorKind::InvalidCharRange, before));
                };
                let name = self.rest.get(..end).unwrap_or_default();
                self.skip(end + 1);
                name
            }
            _ => self.since(before).get(2..).unwrap_or_default(),
        };
        let mut negated = letter == b'P';
        if let Some(inner) = name.strip_prefix('^') {
            negated = !negated;
            name = inner;
        }
        let Some((mut class, inverted)) = class::unicode_class(name) else {
            return Err(Error::new(ErrorKind::InvalidCharRange, self.since(before)));
        };
        if self.flags.fold_case {
            class.fold();
        }
        ranges.add_all(class, negated != inverted);
        Ok(true)
    }

    /// Reads an escaped character: its code point.
    fn char_escape(&mut self) -> Result<u32, Error> {
        let before = self.rest;
        self.skip(1);
        let Some(c) = self.next_char() else { return Err(Error::new(ErrorKind::TrailingBackslash, "")) };
        let octal = |byte: Option<&u8>| byte.copied().filter(|byte| matches!(byte, b'0'..=b'7'));
        match c {
            '1'..='7' if octal(self.rest.as_bytes().first()).is_none() => {}
            '0'..='7' => {
                let mut code = u32::from(c) - 0x30;
                for _ in 1..3 {
                    let Some(digit) = octal(self.rest.as_bytes().first()) else { break };
                    code = code * 8 + u32::from(digit - b'0');
                    self.skip(1);
                }
                return Ok(code);
            }
            'x' => {
                if let Some(code) = self.hex_escape() {
                    return Ok(code);
                }
            }
            'a' => return Ok(0x07),
            'f' => return Ok(0x0c),
            'n' => return Ok(0x0a),
            'r' => return Ok(0x0d),
            't' => return Ok(0x09),
            'v' => return Ok(0x0b),
            _ if c.is_ascii() && !c.is_ascii_alphanumeric() => return Ok(u32::from(c)),
            _ => {}
        }
        Err(Error::new(ErrorKind::InvalidEscape, self.since(before)))
    }

    /// Reads what follows `\x`: two digits, or any number of them in braces.
    fn hex_escape(&mut self) -> Option<u32> {
        let first = self.next_char()?;
        if first != '{' {
            let second = self.next_char()?;
            return Some(first.to_digit(16)? * 16 + second.to_digit(16)?);
        }
        let (mut code, mut digits) = (0, 0);
        loop {
            match self.next_char()? {
                '}' => return (digits > 0).then_some(code),
                c => {
                    code = code * 16 + c.to_digit(16)?;
                    digits += 1;
                    if code > 0x10_ffff {
                        return None;
                    }
                }
            }
        }
    }

    /// Reads `[…]`.
    fn bracket(&mut self) -> Result<(), Error> {
        let whole = self.rest;
        self.skip(1);
        let negated = self.rest.starts_with('^');
        if negated {
            self.skip(1);
        }
        let mut ranges = Ranges::default();
        let mut first = true;
        while first || !self.rest.starts_with(']') {
            first = false;
            if self.posix_class(&mut ranges)? || self.class_escape(&mut ranges)? {
                continue;
            }
            let before = self.rest;
            let low = self.class_char(whole)?;
            let mut high = low;
            if self.rest.starts_with('-') && self.rest.len() >= 2 && !self.rest.starts_with("-]") {
                self.skip(1);
                high = self.class_char(whole)?;
                if high < low {
                    return Err(Error::new(ErrorKind::InvalidCharRange, self.since(before)));
                }
            }
            if self.flags.fold_case {
                ranges.add_folded(low, high);
            } else {
                ranges.add(low, high);
            }
        }
        self.skip(1);
        if negated {
            ranges.negate();
        }
        self.top.push(Piece::leaf(ranges.into_hir()));
        Ok(())
    }

    fn class_char(&mut self, whole: &str) -> Result<u32, Error> {
        match self.rest.bytes().next() {
            None => Err(Error::new(ErrorKind::MissingBracket, whole)),
            Some(b'\\') => self.char_escape(),
            Some(_) => Ok(self.next_char().map_or(0, u32::from)),
        }
    }

    /// Reads `[:alpha:]` inside brackets, if that is what comes.
    fn posix_class(&mut self, ranges: &mut Ranges) -> Result<bool, Error> {
        let before = self.rest;
        let Some(inside) = before.strip_prefix("[:") else { return Ok(false) };
        let Some(end) = inside.find(":]") else { return Ok(false) };
        self.skip(end + 4);
        let name = inside.get(..end).unwrap_or_default();
        let (name, negated) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
        let Some(mut class) = class::posix_class(name.as_bytes()) else {
            return Err(Error::new(ErrorKind::InvalidCharRange, self.since(before)));
        };
        if self.flags.fold_case {
            class.fold();
        }
        ranges.add_all(class, negated);
        Ok(true)
    }
}

/// Reads `{min}`, `{min,}`, `{min,max}`: the bounds (none when too large to read; the inner none of `max` is unbounded) and the
/// length. None when it is something else; the brace then stands for itself.
fn counted(text: &str) -> Option<(Option<u32>, Option<Option<u32>>, usize)> {
    let (min, rest) = integer(text.strip_prefix('{')?)?;
    let (max, rest) = match rest.strip_prefix(',') {
        None => (min.map(Some), rest),
        Some(rest) if rest.starts_with('}') => (Some(None), rest),
        Some(rest) => {
            let (max, rest) = integer(rest)?;
            (max.map(Some), rest)
        }
    };
    let rest = rest.strip_prefix('}')?;
    Some((min, max, text.len() - rest.len()))
}

/// Reads digits without leading zeros: the number, none when it is too large.
fn integer(text: &str) -> Option<(Option<u32>, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    if number.is_empty() || (number.len() > 1 && number.starts_with('0')) {
        return None;
    }
    Some((number.parse().ok().filter(|number| *number < 1_000_000_000), rest))
}
