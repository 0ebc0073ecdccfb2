//! Which module it is: what belongs to one, such as an image of data, is refused by any other.

use regoc_abi::sections;
use sha2::{Digest, Sha256};
use wasmparser::{Parser, Payload};

/// The bytes of a hash.
pub(crate) const HASH: usize = 32;

/// The SHA-256 of a module that this version of regoc built, and that so keeps values as this crate knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity([u8; HASH]);

impl Identity {
    /// That of a module; none for what another compiler or another version has built.
    pub(crate) fn of(module: &[u8]) -> Option<Self> {
        let mut payloads = Parser::new(0).parse_all(module).map_while(Result::ok);
        let producer = payloads.find_map(|payload| match payload {
            Payload::CustomSection(section) if section.name() == sections::PRODUCER => {
                serde_json::from_slice::<serde_json::Value>(section.data()).ok()
            }
            _ => None,
        })?;
        let is_ours = producer.get("regoc").and_then(serde_json::Value::as_str) == Some(env!("CARGO_PKG_VERSION"));
        is_ours.then(|| Self(Sha256::digest(module).into()))
    }

    /// As a file has it: zeros for none.
    pub(crate) fn to_bytes(this: Option<&Self>) -> [u8; HASH] {
        this.map_or([0; HASH], |identity| identity.0)
    }

    /// What begins with an identity as a file has it, and the rest; `None` when it is too short for one.
    pub(crate) fn split(bytes: &[u8]) -> Option<(Option<Self>, &[u8])> {
        let (identity, rest) = bytes.split_first_chunk()?;
        Some(((*identity != [0; HASH]).then_some(Self(*identity)), rest))
    }
}
