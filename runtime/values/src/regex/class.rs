//! Character classes while a pattern is read: sets of code points as ranges, with Go's folding. Knows nothing of patterns.

use alloc::vec::Vec;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir};

use crate::unicode::table::{self, ORBITS};
use crate::unicode::unpack;

/// The largest code point.
const MAX: u32 = 0x10_ffff;

/// The code points between which folding changes anything (Go's `minFold` and `maxFold`).
const FOLDING: core::ops::RangeInclusive<u32> = 0x41..=0x1_e943;

/// A set of code points: inclusive ranges in any order, overlaps allowed until [`Ranges::normalize`].
#[derive(Clone, Default)]
pub(super) struct Ranges {
    ranges: Vec<(u32, u32)>,
}

impl Ranges {
    /// The set of these ranges.
    pub(super) fn of(ranges: &[(u32, u32)]) -> Self {
        Self { ranges: ranges.to_vec() }
    }

    /// Adds a range.
    pub(super) fn add(&mut self, low: u32, high: u32) {
        self.ranges.push((low, high));
    }

    /// Adds a range with everything that folds to a member of it.
    pub(super) fn add_folded(&mut self, low: u32, high: u32) {
        self.add(low, high);
        for code in low.max(*FOLDING.start())..=high.min(*FOLDING.end()) {
            if let Some(c) = char::from_u32(code) {
                for_each_fold(c, |other| self.add(u32::from(other), u32::from(other)));
            }
        }
    }

    /// Adds the members of another set, or all that are not members of it.
    pub(super) fn add_all(&mut self, mut other: Self, negated: bool) {
        if negated {
            other.negate();
        }
        self.ranges.append(&mut other.ranges);
    }

    /// Adds what every member folds to.
    pub(super) fn fold(&mut self) {
        for (low, high) in core::mem::take(&mut self.ranges) {
            self.add_folded(low, high);
        }
    }

    /// The complement.
    pub(super) fn negate(&mut self) {
        self.normalize();
        let mut next = 0;
        let mut gaps = Vec::new();
        for (low, high) in &self.ranges {
            if *low > next {
                gaps.push((next, low - 1));
            }
            next = high + 1;
        }
        if next <= MAX {
            gaps.push((next, MAX));
        }
        self.ranges = gaps;
    }

    /// Sorts the ranges and merges those that touch.
    fn normalize(&mut self) {
        self.ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(self.ranges.len());
        for (low, high) in &self.ranges {
            match merged.last_mut() {
                Some(last) if *low <= last.1.saturating_add(1) => last.1 = last.1.max(*high),
                _ => merged.push((*low, *high)),
            }
        }
        self.ranges = merged;
    }

    /// The class as the regex library has it. Surrogates are left out: they are in no text.
    pub(super) fn into_hir(mut self) -> Hir {
        self.normalize();
        let mut class = ClassUnicode::empty();
        for (low, high) in self.ranges {
            for (low, high) in [(low, high.min(0xd7ff)), (low.max(0xe000), high)] {
                if let (true, Some(low), Some(high)) = (low <= high, char::from_u32(low), char::from_u32(high)) {
                    class.push(ClassUnicodeRange::new(low, high));
                }
            }
        }
        Hir::class(Class::Unicode(class))
    }
}

/// Calls `add` with each character that folds to the same as `c`, but `c` itself.
pub(super) fn for_each_fold(c: char, mut add: impl FnMut(char)) {
    if let Some(orbit) = ORBITS.iter().find(|orbit| orbit.contains(&c)) {
        orbit.iter().filter(|other| **other != c).for_each(|other| add(*other));
        return;
    }
    for other in [crate::unicode::to_lower(c), crate::unicode::to_upper(c)] {
        if other != c {
            add(other);
        }
    }
}

/// The class of that name, such as `Greek`, `Lu`, `any`, and whether it is to be negated. None when Go knows no such name.
pub(super) fn unicode_class(name: &str) -> Option<(Ranges, bool)> {
    let name = canonical(name);
    let name = core::str::from_utf8(&name).ok()?;
    match name {
        "Any" => return Some((Ranges::of(&[(0, MAX)]), false)),
        "Ascii" => return Some((Ranges::of(&[(0, 0x7f)]), false)),
        "Assigned" => return Some((packed("Cn")?, true)),
        "Lc" => return Some((packed("LC")?, false)),
        _ => {}
    }
    Some((packed(name)?, false))
}

/// Whether a character is a letter or a decimal digit (Go's `unicode.IsLetter` and `unicode.IsDigit`).
pub(crate) fn is_letter_or_digit(c: char) -> bool {
    let code = u32::from(c);
    if code < 0x80 {
        return c.is_ascii_alphanumeric();
    }
    let has =
        |name| packed(name).is_some_and(|class| class.ranges.iter().any(|(low, high)| (*low..=*high).contains(&code)));
    has("L") || has("Nd")
}

/// A name without separators, in lower case after its first letter, as Go's tables spell it.
fn canonical(name: &str) -> Vec<u8> {
    let mut spelled = Vec::with_capacity(name.len());
    for byte in name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' ')) {
        spelled.push(if spelled.is_empty() { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() });
    }
    spelled
}

/// The class of a name of the table.
fn packed(name: &str) -> Option<Ranges> {
    table::class(name.as_bytes()).map(|class| Ranges { ranges: unpack(class).collect() })
}

/// The ASCII class of a Perl escape (`\d`, `\s`, `\w` and their negations), and whether it is negated.
pub(super) fn perl_class(letter: u8) -> Option<(Ranges, bool)> {
    let ranges: &[(u32, u32)] = match letter.to_ascii_lowercase() {
        b'd' => &[(0x30, 0x39)],
        b's' => &[(0x09, 0x0a), (0x0c, 0x0d), (0x20, 0x20)],
        b'w' => &[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)],
        _ => return None,
    };
    Some((Ranges::of(ranges), letter.is_ascii_uppercase()))
}

/// The ASCII class of a POSIX name (`alpha` in `[[:alpha:]]`).
pub(super) fn posix_class(name: &[u8]) -> Option<Ranges> {
    let ranges: &[(u32, u32)] = match name {
        b"alnum" => &[(0x30, 0x39), (0x41, 0x5a), (0x61, 0x7a)],
        b"alpha" => &[(0x41, 0x5a), (0x61, 0x7a)],
        b"ascii" => &[(0x00, 0x7f)],
        b"blank" => &[(0x09, 0x09), (0x20, 0x20)],
        b"cntrl" => &[(0x00, 0x1f), (0x7f, 0x7f)],
        b"digit" => &[(0x30, 0x39)],
        b"graph" => &[(0x21, 0x7e)],
        b"lower" => &[(0x61, 0x7a)],
        b"print" => &[(0x20, 0x7e)],
        b"punct" => &[(0x21, 0x2f), (0x3a, 0x40), (0x5b, 0x60), (0x7b, 0x7e)],
        b"space" => &[(0x09, 0x0d), (0x20, 0x20)],
        b"upper" => &[(0x41, 0x5a)],
        b"word" => &[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)],
        b"xdigit" => &[(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
        _ => return None,
    };
    Some(Ranges::of(ranges))
}
