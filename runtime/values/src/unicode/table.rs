//! Unicode's tables as Go has them (package `unicode`, version 15.0.0), written by `tables/main.go`. Holds data, and how it is read.
//!
//! A class is a sequence of gaps and lengths minus one, in base 128.

/// The characters that Go prints as they are (`strconv.IsPrint`): a class.
pub(crate) const PRINTABLE: &[u8] = include_bytes!("printable.bin");

/// All classes behind their names: how many names there are, each with its length in front; then the class with its length, two bytes,
/// the lower one first.
const CLASSES: &[u8] = include_bytes!("classes.bin");

/// The class of a name as Go's package `regexp/syntax` spells it, such as `Greek` or `Lu`.
pub(crate) fn class(name: &[u8]) -> Option<&'static [u8]> {
    let mut rest = CLASSES;
    loop {
        let (names, behind) = rest.split_first()?;
        rest = behind;
        let mut found = false;
        for _ in 0..*names {
            let (length, behind) = rest.split_first()?;
            let (known, behind) = behind.split_at_checked(usize::from(*length))?;
            found |= known == name;
            rest = behind;
        }
        let (length, behind) = rest.split_first_chunk()?;
        let (class, behind) = behind.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        if found {
            return Some(class);
        }
        rest = behind;
    }
}

/// Characters that fold to others beyond their simple lower and upper case: Go's case orbits, each in a cycle of at least three.
pub(crate) const ORBITS: &[&[char]] = &[
    &['\u{4b}', '\u{6b}', '\u{212a}'],
    &['\u{53}', '\u{73}', '\u{17f}'],
    &['\u{b5}', '\u{39c}', '\u{3bc}'],
    &['\u{c5}', '\u{e5}', '\u{212b}'],
    &['\u{df}', '\u{1e9e}'],
    &['\u{1c4}', '\u{1c5}', '\u{1c6}'],
    &['\u{1c7}', '\u{1c8}', '\u{1c9}'],
    &['\u{1ca}', '\u{1cb}', '\u{1cc}'],
    &['\u{1f1}', '\u{1f2}', '\u{1f3}'],
    &['\u{345}', '\u{399}', '\u{3b9}', '\u{1fbe}'],
    &['\u{392}', '\u{3b2}', '\u{3d0}'],
    &['\u{395}', '\u{3b5}', '\u{3f5}'],
    &['\u{398}', '\u{3b8}', '\u{3d1}', '\u{3f4}'],
    &['\u{39a}', '\u{3ba}', '\u{3f0}'],
    &['\u{3a0}', '\u{3c0}', '\u{3d6}'],
    &['\u{3a1}', '\u{3c1}', '\u{3f1}'],
    &['\u{3a3}', '\u{3c2}', '\u{3c3}'],
    &['\u{3a6}', '\u{3c6}', '\u{3d5}'],
    &['\u{3a9}', '\u{3c9}', '\u{2126}'],
    &['\u{412}', '\u{432}', '\u{1c80}'],
    &['\u{414}', '\u{434}', '\u{1c81}'],
    &['\u{41e}', '\u{43e}', '\u{1c82}'],
    &['\u{421}', '\u{441}', '\u{1c83}'],
    &['\u{422}', '\u{442}', '\u{1c84}', '\u{1c85}'],
    &['\u{42a}', '\u{44a}', '\u{1c86}'],
    &['\u{462}', '\u{463}', '\u{1c87}'],
    &['\u{1c88}', '\u{a64a}', '\u{a64b}'],
    &['\u{1e60}', '\u{1e61}', '\u{1e9b}'],
];
