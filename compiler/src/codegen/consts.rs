//! Constants as static data, each once, in the layout that the guest library reads ([`regoc_abi::layout`]).

use regoc_abi::layout::{self, Tag};
use regoc_abi::{runtime, strings};
use regoc_values::interned;
use rustc_hash::FxHashMap;

use super::link::Linker;
use super::link::object::{AtomId, Field, Relocation, Target};
use crate::plan::ir::Constant;

/// The word of a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// The value is in the word.
    Immediate(u32),
    /// The word is the address of an atom.
    Atom(AtomId),
}

/// The constants that were laid out so far.
#[derive(Debug, Default)]
pub(super) struct Constants {
    words: FxHashMap<Constant, Word>,
    texts: FxHashMap<String, AtomId>,
    /// The strings among them.
    strings: Vec<(String, AtomId)>,
}

/// The word of a constant that fits it.
fn immediate(constant: &Constant) -> Option<u32> {
    match constant {
        Constant::Null => Some(layout::NULL),
        Constant::Boolean(false) => Some(layout::FALSE),
        Constant::Boolean(true) => Some(layout::TRUE),
        Constant::Number(text) => {
            let value = canonical_integer(text)?;
            let is_small = (layout::SMALL_INT_MIN..=layout::SMALL_INT_MAX).contains(&value);
            is_small.then_some(((value as i32) << 1 | 1).cast_unsigned())
        }
        _ => None,
    }
}

/// The value of a number that is written as an integer is, and fits 64 bits: neither `-0` nor `007` nor `1e3`.
fn canonical_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.starts_with('0') && text != "0" || digits.starts_with('+') {
        return None;
    }
    text.parse().ok()
}

impl Constants {
    /// The word of a constant; static data is added for what does not fit the word.
    pub(super) fn word(&mut self, linker: &mut Linker<'_>, constant: &Constant) -> Word {
        if let Some(word) = immediate(constant) {
            return Word::Immediate(word);
        }
        if let Some(word) = self.words.get(constant) {
            return *word;
        }
        let word = match constant {
            Constant::Null | Constant::Boolean(_) => Word::Immediate(layout::UNDEFINED),
            Constant::Number(text) => Word::Atom(number(linker, text)),
            Constant::String(text) => {
                let atom = text_value(linker, Tag::String, text);
                self.strings.push((text.to_string(), atom));
                Word::Atom(atom)
            }
            Constant::Array(items) => {
                let words: Vec<Word> = items.iter().map(|item| self.word(linker, item)).collect();
                Word::Atom(collection(linker, Tag::Array, items.len(), &words))
            }
            Constant::Set(items) => {
                let words: Vec<Word> = items.iter().map(|item| self.word(linker, item)).collect();
                Word::Atom(collection(linker, Tag::Set, items.len(), &words))
            }
            Constant::Object(items) => {
                let mut words = Vec::with_capacity(items.len() * 2);
                for (key, value) in items {
                    words.push(self.word(linker, key));
                    words.push(self.word(linker, value));
                }
                Word::Atom(collection(linker, Tag::Object, items.len(), &words))
            }
        };
        self.words.insert(constant.clone(), word);
        word
    }

    /// The table in which readers of documents find the strings ([`regoc_abi::runtime::STRINGS`]).
    pub(super) fn strings_table(&self, linker: &mut Linker<'_>) -> AtomId {
        let slots = (self.strings.len() * 2).next_power_of_two().max(2);
        let mut best = hashed(&self.strings, 0, slots);
        for seed in 1..SEEDS {
            if best.longest <= SHORT_PROBE {
                break;
            }
            let other = hashed(&self.strings, seed, slots);
            best = if other.longest < best.longest { other } else { best };
        }
        let Hashed { seed, places, .. } = best;
        let mut bytes = vec![0; runtime::STRINGS_SLOTS as usize + slots * 4];
        put(&mut bytes, runtime::STRINGS_MASK, &length(slots - 1).to_le_bytes());
        put(&mut bytes, runtime::STRINGS_SEED, &seed.to_le_bytes());
        let longest = self.strings.iter().map(|(text, _)| text.len()).max();
        put(&mut bytes, runtime::STRINGS_LONGEST, &length(longest.unwrap_or(0)).to_le_bytes());
        let bit = |text: &str| strings::filter(text.bytes().next().unwrap_or(0), text.len());
        let filter = self.strings.iter().fold(0, |filter, (text, _)| filter | bit(text));
        put(&mut bytes, runtime::STRINGS_FILTER, &filter.to_le_bytes());
        let mut relocations: Vec<Relocation> = Vec::with_capacity(self.strings.len());
        for (slot, string) in places.iter().enumerate() {
            let Some((_, atom)) = string.and_then(|string| self.strings.get(string)) else { continue };
            let at = runtime::STRINGS_SLOTS.saturating_add(length(slot * 4));
            relocations.push(Relocation { at, width: 4, field: Field::Word, target: Target::Atom(*atom), addend: 0 });
        }
        linker.atom("strings", 4, bytes, relocations)
    }

    /// The address of a NUL-terminated text.
    pub(super) fn text(&mut self, linker: &mut Linker<'_>, text: String) -> AtomId {
        if let Some(atom) = self.texts.get(&text) {
            return *atom;
        }
        // A NUL inside would end the text early, so it is left out.
        let mut bytes: Vec<u8> = text.bytes().filter(|byte| *byte != 0).collect();
        bytes.push(0);
        let atom = linker.atom(shorten(&text), 1, bytes, Vec::new());
        self.texts.insert(text, atom);
        atom
    }
}

/// So few keys of a constant object are looked at one after the other.
const FEW_KEYS: usize = 8;

/// How many seeds are tried.
const SEEDS: u32 = 8;

/// A string that is found in so many steps is found soon.
const SHORT_PROBE: usize = 16;

/// Strings in the slots of a table.
struct Hashed {
    seed: u32,
    /// By slot: the place of the string in the list.
    places: Vec<Option<usize>>,
    /// The most steps that it takes to find one.
    longest: usize,
}

/// Puts strings into so many slots, which are a power of two and more than the strings.
fn hashed(strings: &[(String, AtomId)], seed: u32, slots: usize) -> Hashed {
    let mut hashed = Hashed { seed, places: vec![None; slots], longest: 0 };
    for (place, (text, _)) in strings.iter().enumerate() {
        let first = interned::hash(seed, text.as_bytes()) as usize;
        for step in 0..slots {
            if let Some(slot) = hashed.places.get_mut((first + step) & (slots - 1))
                && slot.is_none()
            {
                *slot = Some(place);
                hashed.longest = hashed.longest.max(step);
                break;
            }
        }
    }
    hashed
}

/// The name of an atom in listings of sizes: the beginning of its text.
fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    text.chars().take(SHOWN).collect()
}

fn header(tag: Tag, flags: u32) -> [u8; 4] {
    (tag as u32 | flags | layout::FLAG_STATIC).to_le_bytes()
}

/// A number that does not fit the word: a boxed integer, or its text.
fn number(linker: &mut Linker<'_>, text: &str) -> AtomId {
    let Some(value) = canonical_integer(text) else {
        return text_value(linker, Tag::Number, text);
    };
    let mut bytes = vec![0; layout::INTEGER_SIZE as usize];
    put(&mut bytes, 0, &header(Tag::Integer, 0));
    put(&mut bytes, layout::INTEGER_VALUE, &value.to_le_bytes());
    linker.atom(text, layout::ALIGN, bytes, Vec::new())
}

fn text_value(linker: &mut Linker<'_>, tag: Tag, text: &str) -> AtomId {
    let mut bytes = vec![0; layout::TEXT_BYTES as usize];
    let flags = if matches!(tag, Tag::String) { layout::FLAG_RESOLVED } else { 0 };
    put(&mut bytes, 0, &header(tag, flags));
    put(&mut bytes, layout::TEXT_LEN, &length(text.len()).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(0);
    linker.atom(shorten(text), layout::ALIGN, bytes, Vec::new())
}

/// A collection with its elements directly behind it.
fn collection(linker: &mut Linker<'_>, tag: Tag, len: usize, words: &[Word]) -> AtomId {
    let (size, flags) = match tag {
        Tag::Array => (layout::ARRAY_SIZE, 0),
        Tag::Object if len <= FEW_KEYS => (layout::KEYED_SIZE, layout::FLAG_SORTED | layout::FLAG_KNOWN_KEYS),
        _ => (layout::KEYED_SIZE, layout::FLAG_SORTED),
    };
    let mut bytes = vec![0; size as usize];
    put(&mut bytes, 0, &header(tag, flags));
    put(&mut bytes, layout::COLLECTION_LEN, &length(len).to_le_bytes());
    put(&mut bytes, layout::COLLECTION_CAPACITY, &length(len).to_le_bytes());
    let mut relocations = Vec::new();
    let point = |at: u32, atom, addend: u32| Relocation {
        at,
        width: 4,
        field: Field::Word,
        target: Target::Atom(atom),
        addend: addend.cast_signed(),
    };
    // Its own id is the next one that the linker gives out.
    let own = linker.next_atom();
    relocations.push(point(layout::COLLECTION_ITEMS, own, size));
    for word in words {
        match word {
            Word::Immediate(value) => bytes.extend_from_slice(&value.to_le_bytes()),
            Word::Atom(atom) => {
                relocations.push(point(length(bytes.len()), *atom, 0));
                bytes.extend_from_slice(&[0; 4]);
            }
        }
    }
    linker.atom(format!("{tag:?} of {len}"), layout::ALIGN, bytes, relocations)
}

fn length(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Writes bytes at an offset.
fn put(bytes: &mut [u8], at: u32, value: &[u8]) {
    let at = at as usize;
    if let Some(place) = bytes.get_mut(at..at + value.len()) {
        place.copy_from_slice(value);
    }
}
