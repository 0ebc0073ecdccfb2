//! Whether two globs have a text in common, as OPA's `regex.globs_match` tells: characters, `.`, sets in brackets, `*` and `+` behind them.
//! The answers are those of the library that OPA takes (`gintersect`), which are not always the true ones: what a `*` has begun to take, it
//! may not leave to the other glob.
//!
//! That library tries and goes back, which can take exponential time. Here each pair of ends of the globs is looked at once.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::utf8;

/// How many pairs of ends may be looked at.
const MAX_PAIRS: usize = 1 << 22;

/// Why there is no answer, as a message.
pub type Fault = String;

/// How often a token may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flag {
    Once,
    Plus,
    Star,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Character(char),
    Dot,
    /// Ranges of code points in order, which do not touch.
    Set(Vec<(u32, u32)>),
}

#[derive(Clone)]
struct Token {
    kind: Kind,
    flag: Flag,
}

impl Token {
    /// Whether one character fits both tokens.
    fn matches(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Dot, _) | (_, Kind::Dot) => true,
            (Kind::Character(a), Kind::Character(b)) => a == b,
            (Kind::Set(set), Kind::Character(character)) | (Kind::Character(character), Kind::Set(set)) => {
                overlap(set, &[(*character as u32, *character as u32)])
            }
            (Kind::Set(a), Kind::Set(b)) => overlap(a, b),
        }
    }

    fn is_flagged(&self) -> bool {
        self.flag != Flag::Once
    }
}

/// Whether two lists of ranges have a code point in common.
fn overlap(mut a: &[(u32, u32)], mut b: &[(u32, u32)]) -> bool {
    while let (Some(((a_start, a_end), a_rest)), Some(((b_start, b_end), b_rest))) = (a.split_first(), b.split_first())
    {
        if a_end < b_start {
            a = a_rest;
        } else if b_end < a_start {
            b = b_rest;
        } else {
            return true;
        }
    }
    false
}

/// Whether two globs have a text in common.
///
/// # Errors
/// When one of them is none, or both are very long.
pub fn have_common_text(a: &[u8], b: &[u8]) -> Result<bool, Fault> {
    let (a, b) = (tokens(a)?, tokens(b)?);
    let Some((a, b)) = trimmed(&a, &b) else { return Ok(false) };
    if (a.len() + 1).saturating_mul(b.len() + 1) > MAX_PAIRS {
        return Err("the globs are too long".into());
    }
    Ok(Pairs::new([a, b]).is_common())
}

/// Both globs without what is at their ends without flags, but for one token each; `None` when that does not fit.
fn trimmed<'t>(a: &'t [Token], b: &'t [Token]) -> Option<(&'t [Token], &'t [Token])> {
    let plain = |pair: &(&Token, &Token)| !pair.0.is_flagged() && !pair.1.is_flagged();
    let mut front = 0;
    for (a, b) in a.iter().zip(b).take_while(plain) {
        if !a.matches(b) {
            return None;
        }
        front += 1;
    }
    let front = front.max(1) - 1;
    let (a, b) = (a.get(front..)?, b.get(front..)?);
    let mut back = 0;
    for (a, b) in a.iter().rev().zip(b.iter().rev()).take_while(plain) {
        if !a.matches(b) {
            return None;
        }
        back += 1;
    }
    let back: usize = back.max(1) - 1;
    Some((a.get(..a.len() - back)?, b.get(..b.len() - back)?))
}

/// What is known of each pair of ends of two globs.
struct Pairs<'t> {
    globs: [&'t [Token]; 2],
    /// For each pair the answers of [`Pairs::normal`] and [`Pairs::star`], with the first glob as the one that leads and with the second.
    known: Vec<u8>,
}

/// The bit of an answer.
const fn bit(leader: usize, is_star: bool) -> u8 {
    1 << (leader * 2 + is_star as usize)
}

impl<'t> Pairs<'t> {
    fn new(globs: [&'t [Token]; 2]) -> Self {
        let [a, b] = globs;
        Self { globs, known: vec![0; (a.len() + 1) * (b.len() + 1)] }
    }

    fn place(&self, ends: [usize; 2]) -> usize {
        let [a, b] = ends;
        a * (self.globs[1].len() + 1) + b
    }

    fn is_known(&self, ends: [usize; 2], leader: usize, is_star: bool) -> bool {
        self.known.get(self.place(ends)).is_some_and(|known| known & bit(leader, is_star) != 0)
    }

    /// The answer for the whole globs, found from the ends on.
    fn is_common(&mut self) -> bool {
        let [a, b] = self.globs;
        for at in (0..=a.len()).rev() {
            for beside in (0..=b.len()).rev() {
                let ends = [at, beside];
                let mut known = 0;
                for leader in [0, 1] {
                    if self.star(ends, leader) {
                        known |= bit(leader, true);
                    }
                    if self.normal(ends, leader) {
                        known |= bit(leader, false);
                    }
                }
                let place = self.place(ends);
                if let Some(answer) = self.known.get_mut(place) {
                    *answer = known;
                }
            }
        }
        self.is_known([0, 0], 0, false)
    }

    /// The tokens at two ends, that of the leader first.
    fn tokens(&self, ends: [usize; 2], leader: usize) -> (Option<&'t Token>, Option<&'t Token>) {
        let token = |glob: usize| self.globs.get(glob).zip(ends.get(glob)).and_then(|(glob, end)| glob.get(*end));
        (token(leader), token(1 - leader))
    }

    fn next(ends: [usize; 2], glob: usize) -> [usize; 2] {
        let [a, b] = ends;
        if glob == 0 { [a + 1, b] } else { [a, b + 1] }
    }

    /// Whether what is left of both has a text in common.
    fn normal(&self, ends: [usize; 2], leader: usize) -> bool {
        let (Some(first), Some(second)) = self.tokens(ends, leader) else {
            return self.tokens(ends, leader) == (None, None);
        };
        let (flag, leader) = match (first.flag, second.flag) {
            (Flag::Once, Flag::Once) => {
                let [a, b] = ends;
                return first.matches(second) && self.is_known([a + 1, b + 1], leader, false);
            }
            (Flag::Once, flag) => (flag, 1 - leader),
            (flag, _) => (flag, leader),
        };
        if flag == Flag::Star {
            return self.star(ends, leader);
        }
        let (_, other) = self.tokens(ends, leader);
        // The token takes one of the other, or, if that can stand repeatedly, goes into it.
        first.matches(second)
            && (self.is_known(Self::next(ends, 1 - leader), leader, true)
                || other.is_some_and(Token::is_flagged) && self.is_known(Self::next(ends, leader), leader, false))
    }

    /// Whether what is left has a text in common, if the leader's token may stand as often as it likes.
    fn star(&self, ends: [usize; 2], leader: usize) -> bool {
        let (Some(token), other) = self.tokens(ends, leader) else { return false };
        let behind = Self::next(ends, leader);
        let (next, _) = self.tokens(behind, leader);
        let Some(other) = other else { return next.is_none() };
        let is_next = next.is_some_and(|next| other.matches(next));
        is_next && self.is_known(behind, leader, false)
            || other.matches(token) && self.is_known(Self::next(ends, 1 - leader), leader, true)
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.flag == other.flag
    }
}

/// Reads a glob. Of equal tokens with flags beside each other, one is kept.
fn tokens(text: &[u8]) -> Result<Vec<Token>, Fault> {
    let mut reader = Reader { input: utf8::chars(text).map(|(character, _)| character).collect(), at: 0 };
    let mut tokens: Vec<Token> = Vec::new();
    while let Some(token) = reader.token()? {
        match tokens.last_mut() {
            Some(last) if last.is_flagged() && token.is_flagged() && last.kind == token.kind => {
                if token.flag == Flag::Plus {
                    last.flag = Flag::Plus;
                }
            }
            _ => tokens.push(token),
        }
    }
    Ok(tokens)
}

/// The characters of a glob.
struct Reader {
    input: Vec<char>,
    at: usize,
}

impl Reader {
    fn fault<T>(&self, why: &str) -> Result<T, Fault> {
        let input: String = self.input.iter().collect();
        Err(alloc::format!("input:{input}, pos:{}, {why}: the input provided is invalid", self.at))
    }

    /// The next character, and whether a backslash stands before it.
    fn character(&mut self) -> Result<Option<(char, bool)>, Fault> {
        let Some(first) = self.input.get(self.at).copied() else { return Ok(None) };
        if first != '\\' {
            self.at += 1;
            return Ok(Some((first, false)));
        }
        let Some(second) = self.input.get(self.at + 1).copied() else {
            return self.fault("input ends with a \\ (escape) character");
        };
        self.at += 2;
        Ok(Some((second, true)))
    }

    fn token(&mut self) -> Result<Option<Token>, Fault> {
        let Some((character, is_escaped)) = self.character()? else { return Ok(None) };
        let kind = match character {
            _ if is_escaped => Kind::Character(character),
            '.' => Kind::Dot,
            '[' => self.set()?,
            ']' => return self.fault("set-close ']' with no preceding '['"),
            '+' | '*' => return self.fault(&alloc::format!("flag '{character}' must be preceded by a non-flag")),
            _ => Kind::Character(character),
        };
        Ok(Some(Token { kind, flag: self.flag()? }))
    }

    fn flag(&mut self) -> Result<Flag, Fault> {
        let before = self.at;
        match self.character()? {
            Some(('+', false)) => Ok(Flag::Plus),
            Some(('*', false)) => Ok(Flag::Star),
            _ => {
                self.at = before;
                Ok(Flag::Once)
            }
        }
    }

    fn set(&mut self) -> Result<Kind, Fault> {
        let mut ranges = Vec::new();
        let mut previous = None;
        while let Some((character, is_escaped)) = self.character()? {
            if is_escaped || !matches!(character, '-' | ']') {
                ranges.push((character as u32, character as u32));
                previous = Some(character);
                continue;
            }
            if character == ']' {
                return Ok(Kind::Set(joined(ranges)));
            }
            let Some(start) = previous.take() else {
                return self.fault("range character '-' must be preceded by a Unicode character");
            };
            ranges.push((start as u32, self.range_end(start)? as u32));
        }
        self.fault("found [ without matching ]")
    }

    /// What stands behind the `-` of a range.
    fn range_end(&mut self, start: char) -> Result<char, Fault> {
        if self.at + 1 >= self.input.len() {
            return self.fault("range character '-' must be followed by a Unicode character");
        }
        let Some((end, is_escaped)) = self.character()? else { return Ok(start) };
        if !is_escaped && matches!(end, ']' | '-') {
            return self.fault("range character '-' cannot be followed by a special symbol");
        }
        if end < start {
            let why = alloc::format!("range is out of order: '{end}' comes before '{start}' in Unicode");
            return self.fault(&why);
        }
        Ok(end)
    }
}

/// Ranges in order, those that touch as one.
fn joined(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::new();
    for (start, end) in ranges {
        match joined.last_mut() {
            Some((_, last)) if start <= *last + 1 => *last = end.max(*last),
            _ => joined.push((start, end)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::have_common_text;

    #[test]
    fn common_texts() {
        for (a, b, want) in [
            ("a.c", "abc", true),
            ("[a-c]+", "[c-e]*", true),
            ("[a-c]+", "[d-e]+", false),
            ("a*b", "aaab", true),
            ("a.+d", "ab*cd", true),
            ("a*", "b", false),
            ("", "", true),
            ("\\*", "*".replace('*', "\\*").as_str(), true),
            ("[]", ".", true),
            ("[]", "a", false),
        ] {
            assert_eq!(have_common_text(a.as_bytes(), b.as_bytes()), Ok(want), "{a} {b}");
        }
    }

    #[test]
    fn what_would_take_exponential_time_ends() {
        let a = "a*b*".repeat(300);
        let b = "a*c*".repeat(300) + "d";
        assert_eq!(have_common_text(a.as_bytes(), b.as_bytes()), Ok(false));
        let long = "a*b".repeat(3000);
        assert!(have_common_text(long.as_bytes(), long.as_bytes()).is_err());
    }

    #[test]
    fn faults() {
        for (glob, want) in [
            ("a**", "input:a**, pos:3, flag '*' must be preceded by a non-flag: the input provided is invalid"),
            ("a\\", "input:a\\, pos:1, input ends with a \\ (escape) character: the input provided is invalid"),
            ("[a", "input:[a, pos:2, found [ without matching ]: the input provided is invalid"),
        ] {
            assert_eq!(have_common_text(glob.as_bytes(), b""), Err(want.into()), "{glob}");
        }
    }
}
