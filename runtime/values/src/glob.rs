//! Glob patterns as OPA's `glob.match` has them (gobwas/glob 1.0). A pattern becomes a small program that all its ways run through
//! at once, so matching takes at most (length of pattern × length of text), whatever the pattern.
//!
//! | pattern | matches |
//! |---|---|
//! | `*`, `**` | any run of characters but separators; any run of characters |
//! | `?` | one character but a separator |
//! | `[abc]`, `[a-c]`, `[!…]` | one character of these; of this range; none of them |
//! | `{a,b*}` | one of these patterns |
//! | `\c` | the character c |

use alloc::vec;
use alloc::vec::Vec;

use crate::unicode;

/// What is said of a pattern that ends too early.
const UNEXPECTED_END: &str = "unexpected end of input";

/// A pattern that is none: the place in bytes, and why, in OPA's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// How many bytes were read.
    pub offset: usize,
    /// Why.
    pub reason: &'static str,
}

/// A compiled pattern.
pub struct Glob {
    steps: Vec<Step>,
    separators: Vec<char>,
}

/// A step of the program. Places are indexes into the program.
enum Step {
    /// This character.
    Char(char),
    /// Any character but a separator.
    One,
    /// Any character.
    Any,
    /// A character between two, or outside of them.
    Range { low: char, high: char, negated: bool },
    /// One of these characters, or none of them.
    List { chars: Vec<char>, negated: bool },
    /// Goes on at the next step and at this one.
    Fork(usize),
    /// Goes on at this one.
    Jump(usize),
    /// The pattern ends.
    End,
}

impl Glob {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// What OPA refuses: unclosed brackets and braces, a backslash at the end, bytes that are not UTF-8.
    pub fn new(pattern: &[u8], separators: &[char]) -> Result<Self, Error> {
        let mut compiler = Compiler { pattern, at: 0, steps: Vec::new(), open: Vec::new() };
        compiler.run()?;
        Ok(Self { steps: compiler.steps, separators: separators.to_vec() })
    }

    /// Whether the whole text matches.
    #[must_use]
    pub fn is_match(&self, text: &[u8]) -> bool {
        if self.steps.len() <= u64::BITS as usize { self.is_match_of_few(text) } else { self.is_match_of_many(text) }
    }

    /// The same for a program of at most 64 steps: those that are alive are bits of a word.
    fn is_match_of_few(&self, text: &[u8]) -> bool {
        let mut ways = Ways::new(self.steps.len());
        let mut word = |at: usize| {
            ways.clear();
            ways.add(&self.steps, at);
            ways.list.iter().fold(0_u64, |word, at| word | 1 << at)
        };
        // What is alive behind each step when it takes a character.
        let behind: Vec<u64> = (1..=self.steps.len()).map(&mut word).collect();
        let mut now = word(0);
        for (c, width) in unicode::chars(text) {
            let (mut left, mut next) = (now, 0);
            if left == 0 {
                return false;
            }
            while left != 0 {
                let at = left.trailing_zeros() as usize;
                left &= left - 1;
                if let (Some(step), Some(behind)) = (self.steps.get(at), behind.get(at))
                    && self.takes(step, c, width)
                {
                    next |= behind;
                }
            }
            now = next;
        }
        // The last step is the end.
        now >> (self.steps.len() - 1) & 1 != 0
    }

    fn is_match_of_many(&self, text: &[u8]) -> bool {
        let mut now = Ways::new(self.steps.len());
        let mut next = Ways::new(self.steps.len());
        now.add(&self.steps, 0);
        for (c, width) in unicode::chars(text) {
            if now.list.is_empty() {
                return false;
            }
            next.clear();
            for at in &now.list {
                if self.steps.get(*at).is_some_and(|step| self.takes(step, c, width)) {
                    next.add(&self.steps, at + 1);
                }
            }
            core::mem::swap(&mut now, &mut next);
        }
        now.list.iter().any(|at| matches!(self.steps.get(*at), Some(Step::End)))
    }

    fn takes(&self, step: &Step, c: char, width: usize) -> bool {
        match step {
            // An invalid byte reads as U+FFFD, but is not the text of one.
            Step::Char(wanted) => c == *wanted && width == c.len_utf8(),
            Step::One => !self.separators.contains(&c),
            Step::Any => true,
            Step::Range { low, high, negated } => (*low..=*high).contains(&c) != *negated,
            Step::List { chars, negated } => chars.contains(&c) != *negated,
            Step::Fork(_) | Step::Jump(_) | Step::End => false,
        }
    }
}

/// Whether a whole text matches a pattern.
///
/// # Errors
/// As [`Glob::new`].
pub fn is_match(pattern: &[u8], separators: &[char], text: &[u8]) -> Result<bool, Error> {
    match simple_match(pattern, separators, text) {
        Some(answer) => Ok(answer),
        None => Ok(Glob::new(pattern, separators)?.is_match(text)),
    }
}

/// So many steps may be taken without a program for each byte of pattern and text.
const MOST_STEPS: usize = 8;

/// The answer for a pattern and a text of ASCII without brackets, braces and backslashes, without compiling; none for others, and where that
/// would take many steps.
///
/// A star takes as little as it can. When what follows does not fit, the last `*` takes one character more, or else the last `**`: earlier
/// ones have no better choice, for what is between two of them lies as early as it can.
fn simple_match(pattern: &[u8], separators: &[char], text: &[u8]) -> Option<bool> {
    let is_simple = |byte: &u8| byte.is_ascii() && !matches!(byte, b'[' | b'{' | b'\\');
    if !pattern.iter().all(is_simple) {
        return None;
    }
    let is_separator = |byte: u8| separators.contains(&char::from(byte));
    // The last `*`, which is none once a `**` comes, and the last `**`.
    let [mut star, mut stars]: [Option<Star>; 2] = [None; 2];
    let (mut at, mut place) = (0, 0);
    for _ in 0..MOST_STEPS * (pattern.len() + text.len() + 1) {
        let byte = text.get(place).copied();
        if byte.is_some_and(|byte| !byte.is_ascii()) {
            return None;
        }
        match (pattern.get(at), byte) {
            (Some(b'*'), _) if pattern.get(at + 1) == Some(&b'*') => {
                at += 2;
                (star, stars) = (None, Some(Star { behind: at, next: place }));
            }
            (Some(b'*'), _) => {
                at += 1;
                star = Some(Star { behind: at, next: place });
            }
            (None, None) => return Some(true),
            (Some(wanted), Some(byte)) if *wanted == byte || *wanted == b'?' && !is_separator(byte) => {
                at += 1;
                place += 1;
            }
            _ => {
                let is_last = |star: &Star| text.get(star.next).is_none_or(|byte| is_separator(*byte));
                let one_more = |star: Star| Star { next: star.next + 1, ..star };
                star = star.filter(|star| !is_last(star)).map(one_more);
                if star.is_none() {
                    stars = stars.filter(|stars| stars.next < text.len()).map(one_more);
                }
                let Some(again) = star.or(stars) else { return Some(false) };
                (at, place) = (again.behind, again.next);
            }
        }
    }
    None
}

/// A star of a pattern while a text is matched.
#[derive(Clone, Copy)]
struct Star {
    /// Where the pattern goes on.
    behind: usize,
    /// What it takes next of the text.
    next: usize,
}

/// The pattern that matches just this text.
#[must_use]
pub fn quote(text: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(text.len());
    for byte in text {
        if matches!(byte, b'*' | b'?' | b'\\' | b'[' | b']' | b'{' | b'}') {
            quoted.push(b'\\');
        }
        quoted.push(*byte);
    }
    quoted
}

/// The steps that are alive at one place of the text, each once.
struct Ways {
    list: Vec<usize>,
    seen: Vec<bool>,
    todo: Vec<usize>,
}

impl Ways {
    fn new(steps: usize) -> Self {
        Self { list: Vec::new(), seen: vec![false; steps], todo: Vec::new() }
    }

    fn clear(&mut self) {
        self.list.clear();
        self.seen.fill(false);
    }

    /// Adds a step, or where it leads to without a character.
    fn add(&mut self, steps: &[Step], at: usize) {
        self.todo.push(at);
        while let Some(at) = self.todo.pop() {
            let Some(seen) = self.seen.get_mut(at) else { continue };
            if core::mem::replace(seen, true) {
                continue;
            }
            match steps.get(at) {
                Some(Step::Fork(other)) => self.todo.extend([*other, at + 1]),
                Some(Step::Jump(other)) => self.todo.push(*other),
                _ => self.list.push(at),
            }
        }
    }
}

/// A group in braces that is being read.
struct Group {
    /// The fork before the current alternative.
    fork: usize,
    /// The jumps at the ends of the alternatives before it.
    ends: Vec<usize>,
}

struct Compiler<'p> {
    pattern: &'p [u8],
    at: usize,
    steps: Vec<Step>,
    open: Vec<Group>,
}

impl Compiler<'_> {
    fn run(&mut self) -> Result<(), Error> {
        while let Some(c) = self.next()? {
            match c {
                '*' => self.star(),
                '?' => self.steps.push(Step::One),
                '[' => self.class()?,
                '{' => {
                    self.open.push(Group { fork: self.steps.len(), ends: Vec::new() });
                    self.steps.push(Step::Fork(0));
                }
                ',' if !self.open.is_empty() => self.next_alternative(),
                '}' if !self.open.is_empty() => self.close(),
                '\\' => match self.next()? {
                    Some(c) => self.steps.push(Step::Char(c)),
                    None => return Err(self.error("trailing backslash")),
                },
                _ => self.steps.push(Step::Char(c)),
            }
        }
        if !self.open.is_empty() {
            return Err(self.error("unclosed `{`"));
        }
        self.steps.push(Step::End);
        Ok(())
    }

    fn error(&self, reason: &'static str) -> Error {
        Error { offset: self.at, reason }
    }

    fn peek(&self) -> Result<Option<(char, usize)>, Error> {
        match self.pattern.get(self.at..).and_then(unicode::decode) {
            Some((char::REPLACEMENT_CHARACTER, 1)) => Err(self.error("invalid UTF-8 sequence")),
            other => Ok(other),
        }
    }

    fn next(&mut self) -> Result<Option<char>, Error> {
        Ok(self.peek()?.map(|(c, width)| {
            self.at += width;
            c
        }))
    }

    fn star(&mut self) {
        let mut one = Step::One;
        if self.pattern.get(self.at) == Some(&b'*') {
            self.at += 1;
            one = Step::Any;
        }
        let start = self.steps.len();
        self.steps.extend([Step::Fork(start + 3), one, Step::Jump(start)]);
    }

    /// Ends an alternative: it jumps behind the group, and the fork before it leads to the next one.
    fn next_alternative(&mut self) {
        let Some(group) = self.open.last_mut() else { return };
        group.ends.push(self.steps.len());
        let fork = core::mem::replace(&mut group.fork, self.steps.len() + 1);
        self.steps.push(Step::Jump(0));
        let next = self.steps.len();
        if let Some(step) = self.steps.get_mut(fork) {
            *step = Step::Fork(next);
        }
        self.steps.push(Step::Fork(0));
    }

    fn close(&mut self) {
        let Some(group) = self.open.pop() else { return };
        let end = self.steps.len();
        for (at, step) in
            core::iter::once((group.fork, group.fork + 1)).chain(group.ends.into_iter().map(|jump| (jump, end)))
        {
            // The fork of the last alternative has no other to lead to.
            if let Some(place) = self.steps.get_mut(at) {
                *place = Step::Jump(step);
            }
        }
    }

    /// Reads what follows a `[`.
    fn class(&mut self) -> Result<(), Error> {
        let mut negated = false;
        let mut before = self.at;
        let mut first = self.next()?.ok_or(Error { offset: self.at, reason: UNEXPECTED_END })?;
        if first == '!' {
            negated = true;
            before = self.at;
            first = self.next()?.ok_or(Error { offset: self.at, reason: UNEXPECTED_END })?;
        }
        if let Some(('-', width)) = self.peek()? {
            self.at += width;
            let high = self.next()?.ok_or(Error { offset: self.at, reason: UNEXPECTED_END })?;
            // What is wrong with the end comes before what is wrong with the range.
            self.class_end()?;
            if high < first {
                return Err(self.error("range hi character is less than lo"));
            }
            self.steps.push(Step::Range { low: first, high, negated });
            Ok(())
        } else {
            self.at = before;
            let chars = self.listed()?;
            self.class_end()?;
            if chars.is_empty() {
                return Err(self.error("could not parse range"));
            }
            self.steps.push(Step::List { chars, negated });
            Ok(())
        }
    }

    /// Takes the `]` of a class.
    fn class_end(&mut self) -> Result<(), Error> {
        match self.next()? {
            Some(']') => Ok(()),
            Some(_) => Err(self.error("expected close range character")),
            None => Err(self.error(UNEXPECTED_END)),
        }
    }

    /// Reads the characters of a list up to its `]`.
    fn listed(&mut self) -> Result<Vec<char>, Error> {
        let mut chars = Vec::new();
        while let Some((c, width)) = self.peek()? {
            if c == ']' {
                break;
            }
            self.at += width;
            if c != '\\' {
                chars.push(c);
                continue;
            }
            chars.push(self.next()?.ok_or(Error { offset: self.at, reason: UNEXPECTED_END })?);
        }
        Ok(chars)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, separators: &[char], text: &str) -> bool {
        let glob = Glob::new(pattern.as_bytes(), separators).expect(pattern);
        let matches = glob.is_match(text.as_bytes());
        assert_eq!(glob.is_match_of_many(text.as_bytes()), matches, "{pattern} and {text}");
        let simple = simple_match(pattern.as_bytes(), separators, text.as_bytes());
        assert_eq!(simple.unwrap_or(matches), matches, "{pattern} and {text}");
        assert_eq!(is_match(pattern.as_bytes(), separators, text.as_bytes()), Ok(matches));
        matches
    }

    #[test]
    fn patterns_that_need_no_program_answer_alike() {
        let (pattern_bytes, text_bytes) = (b"a/?**/b", b"ab/.");
        let texts: Vec<alloc::string::String> = (0..4_usize.pow(6))
            .map(|number| (0..number % 7).map(|at| char::from(text_bytes[number >> (2 * at) & 3])).collect())
            .collect();
        let mut number = 1_u64;
        for _ in 0..400 {
            number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23) ^ 0x5bd1_e995;
            let bytes = (0..number % 9).map(|at| char::from(pattern_bytes[(number >> (4 * at + 8)) as usize % 7]));
            let pattern: alloc::string::String = bytes.collect();
            let glob = Glob::new(pattern.as_bytes(), &['/', '.']).expect("it is a pattern");
            for text in texts.iter().step_by(7) {
                let simple = simple_match(pattern.as_bytes(), &['/', '.'], text.as_bytes());
                let wanted = glob.is_match(text.as_bytes());
                assert_eq!(simple.unwrap_or(wanted), wanted, "{pattern} and {text}");
            }
        }
        assert_eq!(simple_match(b"/a/**/b*", &['/'], b"/a/x/y/bc"), Some(true));
        assert_eq!(simple_match("é*".as_bytes(), &[], b"x"), None);
        assert_eq!(simple_match(b"*x", &[], "é".as_bytes()), None);
    }

    #[test]
    fn stars_and_separators() {
        assert!(matches("*.github.com", &['.'], "api.github.com"));
        assert!(!matches("*.github.com", &['.'], "api.cdn.github.com"));
        assert!(matches("**.github.com", &['.'], "api.cdn.github.com"));
        assert!(matches("*hub.com", &[], "api.cdn.github.com"));
        assert!(!matches("a?c", &['/'], "a/c"));
        assert!(matches("a?c", &['/'], "aéc"));
    }

    #[test]
    fn classes_and_alternatives() {
        assert!(matches("[a-c]at{,s,{x,y}z}", &[], "cats"));
        assert!(matches("[a-c]at{,s,{x,y}z}", &[], "bat"));
        assert!(matches("[a-c]at{,s,{x,y}z}", &[], "batyz"));
        assert!(!matches("[a-c]at{,s,{x,y}z}", &[], "batz"));
        assert!(matches("[!a]", &[], "b"));
        assert!(!matches("[!-a]x", &[], "-x"));
        assert!(matches("a,b}]", &[], "a,b}]"));
        assert!(matches(r"\*\{", &[], "*{"));
        assert!(matches("{}", &[], ""));
        assert!(matches("*{*0,}", &[], "a"));
    }

    #[test]
    fn what_opa_refuses() {
        for pattern in ["{a", "[a", "[]", "[!]", "a\\", "[z-a]", "[a-b", "[a-bc]"] {
            assert!(Glob::new(pattern.as_bytes(), &[]).is_err(), "{pattern}");
        }
        assert!(Glob::new(b"\xff", &[]).is_err());
    }

    #[test]
    fn many_stars_and_alternatives_stay_fast() {
        let stars = alloc::format!("{}b", "a*".repeat(2000));
        assert!(!matches(&stars, &[], &"a".repeat(2000)));
    }

    #[test]
    fn quoting() {
        assert_eq!(quote(b"*.a{b}[c]\\?"), br"\*.a\{b\}\[c\]\\\?");
    }
}
