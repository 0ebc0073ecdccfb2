//! Tables by which a constant pattern is looked for without the engine: made when a policy is compiled, followed by its module.
//!
//! A table is what is left of a deterministic automaton over bytes when only one thing is asked: whether the pattern occurs in a text of valid
//! UTF-8. All its words are little-endian and have 16 bits: the number of all words, the state in which a search begins, and the number of classes of bytes;
//! then 128 words with the class of each byte, and a row for each state from number 2 on: the next state for each class, then whether the
//! pattern occurs where the text ends. State 0 is left by nothing, in state 1 the pattern was found.

use crate::utf8;

/// The words before the classes.
const HEADER: usize = 3;
/// The words that hold the classes of all bytes.
const CLASSES: usize = 128;
/// The state that nothing leaves.
const DEAD: u16 = 0;
/// The state in which the pattern was found.
const FOUND: u16 = 1;
/// What an invalid byte of a text is looked at as.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Whether a pattern occurs in a text: what its table says. A table of another making gives any answer.
#[must_use]
pub fn occurs(table: &[u8], text: &[u8]) -> bool {
    let word = |index: usize| {
        table.get(2 * index..).and_then(<[u8]>::first_chunk).map_or(DEAD, |word| u16::from_le_bytes(*word))
    };
    let (start, classes) = (word(1), usize::from(word(2)));
    let row = |state: u16| HEADER + CLASSES + usize::from(state - 2) * (classes + 1);
    let step = |state: u16, byte: &u8| {
        let class = table.get(2 * HEADER + usize::from(*byte)).copied().unwrap_or(0);
        if state > FOUND { word(row(state) + usize::from(class)) } else { state }
    };
    let (mut state, mut rest) = (start, text);
    while let Some((byte, behind)) = rest.split_first().filter(|_| state > FOUND) {
        if byte.is_ascii() {
            state = step(state, byte);
            rest = behind;
        } else {
            let (character, len) = utf8::decode(rest);
            let (bytes, behind) = rest.split_at_checked(len).unwrap_or_default();
            let bytes = if character.is_some() { bytes } else { REPLACEMENT };
            state = bytes.iter().fold(state, step);
            rest = behind;
        }
    }
    state == FOUND || state > FOUND && word(row(state) + classes) != 0
}

/// The length in bytes of a table that lies at an address.
///
/// # Safety
/// A table lies there.
#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "the linker puts tables into static data")]
#[must_use]
pub unsafe fn at(address: *const u8) -> &'static [u8] {
    // SAFETY: the caller's; a table is never written to.
    unsafe { core::slice::from_raw_parts(address, 2 * usize::from(address.cast::<u16>().read())) }
}

#[cfg(not(target_arch = "wasm32"))]
pub use making::make;

#[cfg(not(target_arch = "wasm32"))]
mod making {
    use alloc::vec;
    use alloc::vec::Vec;
    use std::collections::{BTreeMap, HashMap};

    use regex_automata::Input;
    use regex_automata::dfa::{Automaton, StartKind, dense};
    use regex_automata::nfa::thompson::{Compiler, Config, WhichCaptures};
    use regex_automata::util::primitives::StateID;

    use super::{CLASSES, DEAD, FOUND, HEADER};
    use crate::regex::parse;

    /// The most bytes that the automaton may take while it is made.
    const AUTOMATON_LIMIT: usize = 1 << 20;

    /// The table of a pattern, if it is one and its table is not larger than so many bytes.
    #[must_use]
    pub fn make(pattern: &[u8], limit: usize) -> Option<Vec<u8>> {
        let parsed = parse::parse(core::str::from_utf8(pattern).ok()?).ok()?;
        let config =
            Config::new().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(Some(AUTOMATON_LIMIT));
        let nfa = Compiler::new().configure(config).build_from_hir(&parsed.hir).ok()?;
        let config = dense::Config::new()
            .start_kind(StartKind::Unanchored)
            .dfa_size_limit(Some(AUTOMATON_LIMIT))
            .determinize_size_limit(Some(AUTOMATON_LIMIT));
        let automaton = dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()?;
        let states = States::of(&automaton)?;
        let table = states.table()?;
        (table.len() <= limit).then_some(table)
    }

    /// What follows on each state from number 2 on.
    struct States {
        start: u16,
        /// For each byte the next state.
        next: Vec<[u16; 256]>,
        /// Whether the pattern occurs where the text ends.
        ends: Vec<bool>,
    }

    impl States {
        fn of(automaton: &dense::DFA<Vec<u32>>) -> Option<Self> {
            let first = automaton.start_state_forward(&Input::new("")).ok()?;
            let mut numbers = HashMap::new();
            let mut order = Vec::new();
            let mut number = |state: StateID, order: &mut Vec<StateID>| -> Option<u16> {
                if automaton.is_match_state(state) {
                    return Some(FOUND);
                }
                if automaton.is_dead_state(state) {
                    return Some(DEAD);
                }
                let next = u16::try_from(numbers.len()).ok()?.checked_add(FOUND + 1)?;
                let known = *numbers.entry(state).or_insert(next);
                if known == next {
                    order.push(state);
                }
                // Where it would give up, it does not know the answer.
                (!automaton.is_quit_state(state)).then_some(known)
            };
            let start = number(first, &mut order)?;
            let mut states = Self { start, next: Vec::new(), ends: Vec::new() };
            while let Some(state) = order.get(states.next.len()).copied() {
                let mut row = [DEAD; 256];
                for (byte, next) in (0..=u8::MAX).zip(&mut row) {
                    *next = number(automaton.next_state(state, byte), &mut order)?;
                }
                states.next.push(row);
                states.ends.push(automaton.is_match_state(automaton.next_eoi_state(state)));
            }
            Some(states)
        }

        /// The classes of bytes on which all states go on alike: of each byte its class, of each class one byte.
        fn classes(&self) -> (Vec<u8>, Vec<u8>) {
            let mut known = BTreeMap::new();
            let (mut classes, mut bytes) = (Vec::new(), Vec::new());
            for byte in 0..=u8::MAX {
                let column: Vec<u16> = self.next.iter().filter_map(|row| row.get(usize::from(byte)).copied()).collect();
                let count = known.len();
                let class = *known.entry(column).or_insert(count);
                if class == count {
                    bytes.push(byte);
                }
                // There are at most as many classes as bytes.
                classes.push(class as u8);
            }
            (classes, bytes)
        }

        /// None when the words are too many to be counted in one.
        fn table(&self) -> Option<Vec<u8>> {
            let (classes, bytes) = self.classes();
            let count = HEADER + CLASSES + self.next.len() * (bytes.len() + 1);
            let mut table = vec![u16::try_from(count).ok()?, self.start, u16::try_from(bytes.len()).ok()?];
            table.extend(classes.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair)));
            for (row, ends) in self.next.iter().zip(&self.ends) {
                table.extend(bytes.iter().filter_map(|byte| row.get(usize::from(*byte))));
                table.push(u16::from(*ends));
            }
            Some(table.into_iter().flat_map(u16::to_le_bytes).collect())
        }
    }
}
