//! Writes a module anew, with polls and what they read. Everything else is copied as it is, byte by byte: no index means anything else.

use wasm_encoder::{
    BlockType, CodeSection, Encode, ExportKind, InstructionSink, MemArg, MemoryType, Module, RawSection, SectionId,
};
use wasmparser::{BinaryReaderError, FromReader, Parser, Payload, SectionLimited};

use super::outline::Outline;
use super::work::Polls;
use super::{MEMORY, START};

/// The byte of the word that polls read.
const FLAG: u64 = if cfg!(target_endian = "big") { 7 } else { 0 };

/// What polls read: a memory that never grows, and so never moves.
const WORD: MemoryType =
    MemoryType { minimum: 1, maximum: Some(1), memory64: false, shared: false, page_size_log2: None };

/// Addresses in the code mean what they say to somebody else there: hints at branches are found by them.
const BRANCH_HINTS: &str = "metadata.code.branch_hint";

/// The module with polls in these places.
pub(super) fn rewrite(module: &[u8], outline: &Outline<'_>, polls: &Polls) -> Result<Vec<u8>, BinaryReaderError> {
    let mut writer = Writer { module, outline, written: Module::new(), has_memories: false };
    for payload in Parser::new(0).parse_all(module) {
        writer.payload(payload?, polls);
    }
    Ok(writer.written.finish())
}

struct Writer<'o, 'm> {
    module: &'m [u8],
    outline: &'o Outline<'m>,
    written: Module,
    /// Whether its memories are written.
    has_memories: bool,
}

impl<'m> Writer<'_, 'm> {
    fn payload(&mut self, payload: Payload<'m>, polls: &Polls) {
        let section = payload.as_section();
        // Each section that stands behind the memories has a greater number.
        if !self.has_memories && section.as_ref().is_some_and(|(id, _)| *id > SectionId::Memory as u8) {
            self.memories(1, &[]);
        }
        match payload {
            Payload::MemorySection(section) => self.memories(section.count() + 1, self.items(&section)),
            Payload::ExportSection(section) => self.exports(section.count(), self.items(&section)),
            // The host calls it.
            Payload::StartSection { .. } => {}
            Payload::CodeSectionStart { .. } => self.code(polls),
            Payload::CustomSection(section) if section.name() == BRANCH_HINTS => {}
            _ => {
                if let Some((id, range)) = section {
                    self.written.section(&RawSection { id, data: part(self.module, range) });
                }
            }
        }
    }

    /// The items of a section, as they are written.
    fn items<T: FromReader<'m>>(&self, section: &SectionLimited<'m, T>) -> &'m [u8] {
        part(self.module, section.original_position()..section.range().end)
    }

    /// So many memories: these, and behind them what polls read.
    fn memories(&mut self, count: u32, items: &[u8]) {
        self.has_memories = true;
        let mut data = Vec::new();
        count.encode(&mut data);
        data.extend(items);
        WORD.encode(&mut data);
        self.written.section(&RawSection { id: SectionId::Memory.into(), data: &data });
    }

    /// So many exports: these, and what the host needs of a module with polls.
    fn exports(&mut self, count: u32, items: &[u8]) {
        let start = self.outline.start.map(|function| (START, ExportKind::Func, function));
        let mut data = Vec::new();
        (count + 1 + u32::from(start.is_some())).encode(&mut data);
        data.extend(items);
        for (name, kind, index) in [(MEMORY, ExportKind::Memory, self.outline.memories)].into_iter().chain(start) {
            name.encode(&mut data);
            kind.encode(&mut data);
            index.encode(&mut data);
        }
        self.written.section(&RawSection { id: SectionId::Export.into(), data: &data });
    }

    fn code(&mut self, polls: &Polls) {
        let poll = poll(self.outline.memories);
        let mut code = CodeSection::new();
        for (body, places) in self.outline.bodies.iter().zip(polls) {
            let mut written = Vec::new();
            let mut begin = body.range().start;
            for place in places {
                written.extend(part(self.module, begin..*place));
                written.extend(&poll);
                begin = *place;
            }
            written.extend(part(self.module, begin..body.range().end));
            code.raw(&written);
        }
        self.written.section(&code);
    }
}

fn part(module: &[u8], range: std::ops::Range<usize>) -> &[u8] {
    module.get(range).unwrap_or_default()
}

/// Asks whether the time is over.
fn poll(memory: u32) -> Vec<u8> {
    let mut poll = Vec::new();
    // An atomic load, because another thread writes it: compilers may not take what an earlier one gave.
    let flag = MemArg { offset: FLAG, align: 0, memory_index: memory };
    InstructionSink::new(&mut poll).i32_const(0).i32_atomic_load8_u(flag).if_(BlockType::Empty).unreachable().end();
    poll
}
