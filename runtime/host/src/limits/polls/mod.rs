//! Polls: what the code of a module asks, often enough, so that a call can be ended whose time is over.
//!
//! A runtime with a limit in time rewrites modules before it compiles them. A poll reads one byte and traps when it is set; the
//! [watchdog](super::watchdog) sets it. Polls stand in each loop, where functions call themselves in a circle, and wherever else more than so much
//! could happen without one (`work.rs`), so that no module, however it was made, can go on for long without a poll.
//!
//! The byte lies in a memory that the rewritten module has besides its own ([`MEMORY`]). No code of the module can name it, so none can reach it.
//! A start function would run before the host knows where that is; so the host calls it instead of the engine, when the module is instantiated
//! ([`START`]).
//!
//! | file | does |
//! |---|---|
//! | `outline.rs` | reads of a module what the others need to know |
//! | `circles.rs` | finds where calls go round in circles |
//! | `work.rs` | says where polls go |
//! | `rewrite.rs` | writes the module with polls |
//!
//! Compiles and runs nothing, and changes nothing else of what a module does: what it answers, and the traps it ends with, are the same.

mod circles;
mod outline;
mod rewrite;
mod work;

use wasmparser::{BinaryReaderError, Validator, WasmFeatures};

use self::outline::Outline;
use crate::error::{Error, ErrorKind};

/// The export of the memory that polls read. It begins with the word of the call that runs ([`super::watchdog`]).
pub(crate) const MEMORY: &str = "regoc.poll";

/// The export of the start function, in a module with polls.
pub(crate) const START: &str = "regoc.start";

/// What a module may be made of: what the engine takes of it without a limit in time. Threads are not among it: the code of polls is, which the
/// engine has to be told to take, and a module that waits for another thread could not be ended.
const FEATURES: WasmFeatures = WasmFeatures::WASM3
    .difference(WasmFeatures::GC_TYPES)
    .difference(WasmFeatures::EXCEPTIONS)
    .difference(WasmFeatures::THREADS);

/// A module with polls.
///
/// # Errors
///
/// When it is not a valid module, or exports something by a name that is needed here.
pub(crate) fn insert(module: &[u8]) -> Result<Vec<u8>, Error> {
    Validator::new_with_features(FEATURES).validate_all(module).map_err(|error| invalid(&error))?;
    let outline = Outline::read(module).map_err(|error| invalid(&error))?;
    if let Some(name) = outline.reserved {
        let message = format!("the module exports `{name}`, a name that this host needs to limit its time");
        return Err(Error::new(ErrorKind::NotAPolicy, message));
    }
    let polled = work::polls(&outline).and_then(|polls| rewrite::rewrite(module, &outline, &polls));
    polled.map_err(|error| invalid(&error))
}

fn invalid(error: &BinaryReaderError) -> Error {
    Error::new(ErrorKind::InvalidModule, format!("not a valid WebAssembly module: {error}"))
}

#[cfg(test)]
mod tests {
    use wasmparser::{Parser, Payload, Validator, WasmFeatures};

    use super::{FEATURES, insert};

    const MODULES: [&[u8]; 2] =
        [include_bytes!("../../../tests/fixtures/opa.wasm"), include_bytes!("../../../tests/fixtures/http.wasm")];

    /// What the engine takes, told to.
    const WRITTEN: WasmFeatures = FEATURES.union(WasmFeatures::THREADS);

    #[test]
    fn names_and_other_sections_for_tools_stay() {
        let custom = |module: &[u8]| -> Vec<(String, Vec<u8>)> {
            let payloads = Parser::new(0).parse_all(module).map_while(Result::ok);
            let sections = payloads.filter_map(|payload| match payload {
                Payload::CustomSection(section) => Some((section.name().to_owned(), section.data().to_vec())),
                _ => None,
            });
            sections.collect()
        };
        for module in MODULES {
            let polled = insert(module).unwrap();
            assert!(!custom(module).is_empty());
            assert_eq!(custom(&polled), custom(module));
            assert!(Validator::new_with_features(FEATURES).validate_all(&polled).is_err(), "there are no polls");
        }
    }

    #[test]
    fn what_was_valid_stays_valid() {
        let mut valid = 0;
        let mut seed = 1u64;
        for module in MODULES {
            for _ in 0..80 {
                let mut changed = module.to_vec();
                // Most of a module is code, and most changes of an immediate leave it valid.
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let place = usize::try_from(seed >> 33).unwrap() % changed.len();
                changed[place] = changed[place].wrapping_add(1 + (seed >> 29) as u8 % 7);
                let was_valid = Validator::new_with_features(FEATURES).validate_all(&changed).is_ok();
                let polled = insert(&changed);
                assert_eq!(was_valid, polled.is_ok(), "at {place}: {polled:?}");
                if let Ok(polled) = polled {
                    Validator::new_with_features(WRITTEN).validate_all(&polled).unwrap();
                    valid += 1;
                }
            }
        }
        assert!(valid > 20, "{valid}");
    }
}
