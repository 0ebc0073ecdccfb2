//! Constants as static data, each once, in the layout that the guest library reads ([`regoc_abi::layout`]).

use std::collections::HashMap;

use regoc_abi::layout::{self, Tag};

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
    words: HashMap<Constant, Word>,
    texts: HashMap<String, AtomId>,
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
            Constant::String(text) => Word::Atom(text_value(linker, Tag::String, text)),
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
    put(&mut bytes, 0, &header(tag, 0));
    put(&mut bytes, layout::TEXT_LEN, &length(text.len()).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(0);
    linker.atom(shorten(text), layout::ALIGN, bytes, Vec::new())
}

/// A collection with its elements directly behind it.
fn collection(linker: &mut Linker<'_>, tag: Tag, len: usize, words: &[Word]) -> AtomId {
    let (size, flags) = match tag {
        Tag::Array => (layout::ARRAY_SIZE, 0),
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
