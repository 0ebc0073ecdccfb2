//! Keys that a mapping has more than once. Reading takes the last of them; whoever gives fields to a struct refuses them, as go-yaml does.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::events::{Event, Events};
use super::{Error, RepeatedKey};

/// Of the keys of one mapping, so many that are repeated are reported.
const MOST: usize = 64;

/// A mapping or a sequence that is being read.
#[derive(Default)]
struct Open {
    mapping: bool,
    /// The keys that are scalars, with their lines from 1.
    keys: Vec<(Vec<u8>, u64)>,
    /// How many nodes it has so far: in a mapping, every second one is a key.
    nodes: usize,
    /// What is repeated in its values.
    inside: Vec<RepeatedKey>,
}

/// The repeated keys of the first document's outermost mapping, or else those in the values of its keys of these names. What is in the
/// values of a mapping with repeated keys is not looked at.
pub(super) fn find(text: &[u8], fields: &[&str]) -> Result<Vec<RepeatedKey>, Error> {
    let mut events = Events::new(text)?;
    let mut open: Vec<Open> = Vec::new();
    loop {
        let found = match events.next()? {
            Event::StreamStart | Event::DocumentStart { .. } => continue,
            Event::StreamEnd | Event::DocumentEnd => return Ok(Vec::new()),
            Event::SequenceStart(..) => {
                open.push(Open::default());
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open { mapping: true, ..Open::default() });
                continue;
            }
            Event::Scalar { value, line, .. } => {
                if let Some(collection) = open.last_mut()
                    && collection.mapping
                    && collection.nodes % 2 == 0
                {
                    collection.keys.push((value, line));
                }
                Vec::new()
            }
            Event::Alias(_) => Vec::new(),
            Event::End => open.pop().map(Open::close).unwrap_or_default(),
        };
        let is_outermost = open.len() == 1;
        let Some(collection) = open.last_mut() else { return Ok(found) };
        let is_field = |(name, _): &(Vec<u8>, u64)| fields.iter().any(|field| field.as_bytes() == name);
        if !is_outermost || collection.keys.last().is_some_and(is_field) {
            collection.inside.extend(found);
        }
        collection.nodes += 1;
    }
}

impl Open {
    fn close(self) -> Vec<RepeatedKey> {
        let mut names = BTreeSet::new();
        if self.keys.iter().all(|(name, _)| names.insert(name)) {
            return self.inside;
        }
        let pairs = self.keys.iter().enumerate().flat_map(|(at, (name, first))| {
            let others = self.keys.iter().skip(at + 1).filter(move |(other, _)| other == name);
            others.map(|(name, line)| RepeatedKey {
                key: alloc::string::String::from_utf8_lossy(name).into_owned(),
                line: *line,
                first: *first,
            })
        });
        pairs.take(MOST).collect()
    }
}
