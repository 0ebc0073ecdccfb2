//! Changes of modules of WebAssembly: one section changes and its length is put right, so that most modules remain modules.

use super::{Random, bytes};

/// The magic number and the version.
const HEADER: usize = 8;

/// How often a section changes: what the loader reads itself more often than what only wasmtime reads.
fn weight(id: u8) -> usize {
    match id {
        0 | 7 | 11 => 4,
        2 | 6 => 2,
        _ => 1,
    }
}

/// A number in LEB128 and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0_usize;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        number |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(index + 1..)?));
        }
    }
    None
}

/// The sections: their numbers and contents.
fn sections(module: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut rest = module.get(HEADER..)?;
    let mut sections = Vec::new();
    while let Some((id, behind)) = rest.split_first() {
        let (length, behind) = number(behind)?;
        sections.push((*id, behind.get(..length)?));
        rest = behind.get(length..)?;
    }
    Some(sections)
}

/// A module, changed; `None` when the bytes are not divided into sections.
#[must_use]
pub fn change(module: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let sections = sections(module)?;
    let weights: Vec<_> = sections.iter().enumerate().map(|(index, (id, _))| (weight(*id), index)).collect();
    let changed = random.weighted(&weights)?;
    let mut written = module.get(..HEADER)?.to_vec();
    for (index, (id, content)) in sections.into_iter().enumerate() {
        let content = if index == changed { change_content(content, random) } else { content.to_vec() };
        written.push(id);
        let mut length = content.len();
        while length >= 0x80 {
            written.push(length as u8 | 0x80);
            length >>= 7;
        }
        written.push(length as u8);
        written.extend(content);
    }
    Some(written)
}

/// Some bytes in the middle, in most cases as many as before, so that numbers of lengths and places remain true.
fn change_content(content: &[u8], random: &mut Random) -> Vec<u8> {
    let start = random.below(content.len());
    let end = content.len().min(start + random.times(7));
    let Some(window) = content.get(start..end) else { return bytes(content, 8) };
    let mut changed = bytes(window, 8);
    if random.below(5) != 0 {
        changed.resize(window.len(), 0);
    }
    [&content[..start], &changed, &content[end..]].concat()
}
