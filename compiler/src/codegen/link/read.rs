//! Reads a module that was built with `--emit-relocs` into an [`Object`].
//!
//! The format is the tool conventions' (<https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md>). Only what `rustc`
//! and `wasm-ld` write for the guest is understood; anything else is an error, never a guess: a relocation that is
//! left out would give a module that computes something else.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use wasmparser::{
    DataKind, ExternalKind, KnownCustom, Linking, Operator, Parser, Payload, RelocationEntry, RelocationType,
    SymbolFlags, SymbolInfo, TypeRef,
};

use regoc_abi::runtime::{GLOBAL_MODULE, HEAP_GLOBAL_MODULE};

use super::LinkError;
use super::object::{Atom, AtomId, Body, Field, Function, FunctionId, Global, GlobalId, Relocation};
use super::object::{Relocations, Signature, SignatureId, Target, ValType};
use super::pack::{CALL, Object};
use crate::index::Id;

/// What is known of the module after its sections have been walked.
#[derive(Default)]
struct Sections<'a> {
    signatures: Vec<Signature>,
    imports: Vec<(&'a str, &'a str, u32)>,
    functions: Vec<u32>,
    bodies: Vec<Range<usize>>,
    exports: Vec<(&'a str, u32)>,
    globals: u32,
    segments: Vec<Segment<'a>>,
    code_start: usize,
    data_start: usize,
    code_relocations: Vec<RelocationEntry>,
    data_relocations: Vec<RelocationEntry>,
    alignments: Vec<u32>,
    symbols: Vec<Symbol<'a>>,
    globals_used: Vec<Global<'a>>,
    /// The imported functions that read or write a global, by index.
    global_accesses: HashMap<u32, (GlobalId, Field)>,
}

/// A data segment.
struct Segment<'a> {
    bytes: &'a [u8],
    /// Where the bytes begin in the file.
    start: usize,
}

/// A row of the symbol table, as far as it matters.
enum Symbol<'a> {
    Function {
        index: u32,
        name: &'a str,
    },
    Data {
        name: &'a str,
        segment: u32,
        start: u32,
        end: u32,
    },
    HeapBase,
    Global {
        index: u32,
    },
    /// A symbol that nothing may refer to.
    Other {
        name: &'a str,
    },
}

/// Where the data symbols went: the atom and the offset in it, by symbol.
type Placements = Vec<Option<(AtomId, u32)>>;

/// Reads the module.
///
/// # Errors
/// The bytes are no module, have no relocations, or use what the linker does not know.
pub(super) fn read(bytes: &[u8]) -> Result<Object<'_>, LinkError> {
    let mut sections = walk(bytes)?;
    sections.find_globals()?;
    let (mut atoms, placements) = split_segments(&sections)?;
    let mut object = Object {
        signatures: sections.signatures.iter().cloned().collect(),
        globals: sections.globals_used.iter().cloned().collect(),
        ..Object::default()
    };
    for (module, name, signature) in &sections.imports {
        let body = Body::Import { module: Cow::Borrowed(module), name: Cow::Borrowed(name) };
        object.functions.push(Function {
            name: Cow::Borrowed(name.as_bytes()),
            signature: SignatureId(*signature),
            body,
        });
    }
    let mut names = vec![""; sections.imports.len() + sections.functions.len()];
    for symbol in &sections.symbols {
        if let Symbol::Function { index, name } = symbol
            && let Some(slot) = names.get_mut(*index as usize)
        {
            *slot = name;
        }
    }
    let mut relocations = sections.code_relocations.iter().peekable();
    for (position, (signature, range)) in sections.functions.iter().zip(&sections.bodies).enumerate() {
        let start = range.start - sections.code_start;
        let mut own = Vec::new();
        while let Some(entry) = relocations.next_if(|entry| (entry.offset as usize) < range.end - sections.code_start) {
            let relocation = sections.relocation(entry, start, &placements)?;
            own.push(sections.global_access(relocation, slice(bytes, range.clone())?)?);
        }
        let name = names.get(sections.imports.len() + position).copied().unwrap_or_default();
        let body = Body::Code { bytes: Cow::Borrowed(slice(bytes, range.clone())?), relocations: own.into() };
        object.functions.push(Function {
            name: Cow::Borrowed(name.as_bytes()),
            signature: SignatureId(*signature),
            body,
        });
    }
    relocate_data(&sections, &placements, &mut atoms)?;
    object.atoms = atoms.into_iter().map(|piece| piece.atom).collect();
    object.exports = sections.exports.iter().map(|(name, index)| (Cow::Borrowed(*name), FunctionId(*index))).collect();
    object.exports.sort();
    Ok(object)
}

impl From<wasmparser::BinaryReaderError> for LinkError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self::Library(error.to_string())
    }
}

fn slice(bytes: &[u8], range: Range<usize>) -> Result<&[u8], LinkError> {
    bytes.get(range).ok_or_else(|| malformed("a range lies outside of the file"))
}

fn malformed(what: impl Into<String>) -> LinkError {
    LinkError::Library(what.into())
}

/// Collects the sections that matter.
fn walk(bytes: &[u8]) -> Result<Sections<'_>, LinkError> {
    let mut sections = Sections::default();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::TypeSection(reader) => {
                for function in reader.into_iter_err_on_gc_types() {
                    let function = function?;
                    sections.signatures.push(Signature {
                        params: function.params().iter().map(|ty| val_type(*ty)).collect::<Result<_, _>>()?,
                        results: function.results().iter().map(|ty| val_type(*ty)).collect::<Result<_, _>>()?,
                    });
                }
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    let import = import?;
                    match import.ty {
                        TypeRef::Func(signature) => sections.imports.push((import.module, import.name, signature)),
                        TypeRef::Memory(_) => {}
                        _ => return Err(malformed(format!("the import {} is no function", import.name))),
                    }
                }
            }
            Payload::FunctionSection(reader) => sections.functions = reader.into_iter().collect::<Result<_, _>>()?,
            Payload::GlobalSection(reader) => sections.globals = reader.count(),
            Payload::ExportSection(reader) => {
                for export in reader {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        sections.exports.push((export.name, export.index));
                    }
                }
            }
            Payload::CodeSectionStart { range, .. } => sections.code_start = range.start,
            Payload::CodeSectionEntry(body) => sections.bodies.push(body.range()),
            Payload::DataSection(reader) => {
                sections.data_start = reader.range().start;
                for data in reader {
                    let data = data?;
                    let start = data.range.end - data.data.len();
                    check_segment(&data.kind)?;
                    sections.segments.push(Segment { bytes: data.data, start });
                }
            }
            Payload::StartSection { .. } => return Err(malformed("a start function would not be run")),
            Payload::CustomSection(custom) => match custom.as_known() {
                KnownCustom::Linking(reader) => read_linking(&mut sections, reader)?,
                KnownCustom::Reloc(reader) => {
                    let entries = reader.entries().into_iter().collect::<Result<Vec<_>, _>>()?;
                    match custom.name() {
                        "reloc.CODE" => sections.code_relocations = entries,
                        "reloc.DATA" => sections.data_relocations = entries,
                        // Relocations of custom sections (debugging) are of no use here.
                        _ => {}
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    if sections.symbols.is_empty() {
        return Err(malformed("no symbol table: it was not linked with --emit-relocs"));
    }
    Ok(sections)
}

fn val_type(ty: wasmparser::ValType) -> Result<ValType, LinkError> {
    match ty {
        wasmparser::ValType::I32 => Ok(ValType::I32),
        wasmparser::ValType::I64 => Ok(ValType::I64),
        wasmparser::ValType::F32 => Ok(ValType::F32),
        wasmparser::ValType::F64 => Ok(ValType::F64),
        other => Err(malformed(format!("a function takes or returns {other}"))),
    }
}

/// Checks that a segment is active at a constant address: its place is then the linker's to choose.
fn check_segment(kind: &DataKind<'_>) -> Result<(), LinkError> {
    let DataKind::Active { memory_index: 0, offset_expr } = kind else {
        return Err(malformed("a data segment is not active"));
    };
    match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { .. } => Ok(()),
        _ => Err(malformed("a data segment has no constant address")),
    }
}

fn read_linking<'a>(
    sections: &mut Sections<'a>,
    reader: wasmparser::LinkingSectionReader<'a>,
) -> Result<(), LinkError> {
    for subsection in reader.subsections() {
        match subsection? {
            Linking::SegmentInfo(segments) => {
                for segment in segments {
                    sections.alignments.push(segment?.alignment);
                }
            }
            Linking::SymbolTable(symbols) => {
                for symbol in symbols {
                    sections.symbols.push(read_symbol(symbol?));
                }
            }
            Linking::InitFuncs(functions) if functions.count() > 0 => {
                return Err(malformed("constructors would not be run"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn read_symbol(symbol: SymbolInfo<'_>) -> Symbol<'_> {
    match symbol {
        SymbolInfo::Func { index, name, .. } => Symbol::Function { index, name: name.unwrap_or_default() },
        SymbolInfo::Global { index, .. } => Symbol::Global { index },
        SymbolInfo::Data { flags, name, .. } if flags.contains(SymbolFlags::ABSOLUTE) => match name {
            "__heap_base" => Symbol::HeapBase,
            _ => Symbol::Other { name },
        },
        SymbolInfo::Data { name, symbol: Some(place), .. } => Symbol::Data {
            name,
            segment: place.index,
            start: place.offset,
            end: place.offset.saturating_add(place.size),
        },
        SymbolInfo::Data { name, symbol: None, .. } => Symbol::Other { name },
        SymbolInfo::Section { .. } | SymbolInfo::Event { .. } | SymbolInfo::Table { .. } => Symbol::Other { name: "" },
    }
}

/// An atom and where it was in the library.
struct Piece<'a> {
    atom: Atom<'a>,
    segment: u32,
    start: u32,
}

/// Cuts the segments into atoms along the symbols. Symbols that overlap stay together: `wasm-ld` lets the text "b" lie at the
/// end of the text "ab".
fn split_segments<'a>(sections: &Sections<'a>) -> Result<(Vec<Piece<'a>>, Placements), LinkError> {
    let mut order: Vec<(u32, u32, u32, usize)> = Vec::new();
    for (position, symbol) in sections.symbols.iter().enumerate() {
        if let Symbol::Data { segment, start, end, .. } = symbol {
            order.push((*segment, *start, *end, position));
        }
    }
    // The longest first among those that begin together: the others lie inside of it.
    order.sort_by_key(|(segment, start, end, position)| (*segment, *start, u32::MAX - *end, *position));

    let mut placements: Placements = vec![None; sections.symbols.len()];
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    let mut last_end = 0;
    for (segment, start, end, position) in order {
        let source = sections.segments.get(segment as usize).ok_or_else(|| malformed("a symbol has no segment"))?;
        let inside = pieces
            .last()
            .is_some_and(|piece| piece.segment == segment && (start < last_end || (start == end && start == last_end)));
        if !inside {
            let Some(Symbol::Data { name, .. }) = sections.symbols.get(position) else { continue };
            let shift = sections.alignments.get(segment as usize).copied().unwrap_or(0).min(16);
            let align = (1u32 << shift).min(if start == 0 { u32::MAX } else { 1 << start.trailing_zeros() });
            let (bytes, relocations) = (Cow::Borrowed([].as_slice()), Relocations::from(Vec::new()));
            let atom = Atom { name: Cow::Borrowed(name.as_bytes()), align, bytes, relocations };
            pieces.push(Piece { atom, segment, start });
            last_end = start;
        }
        let id = AtomId::from_usize(pieces.len() - 1);
        if let Some(piece) = pieces.last_mut() {
            last_end = last_end.max(end);
            piece.atom.bytes = Cow::Borrowed(slice(source.bytes, piece.start as usize..last_end as usize)?);
            if let Some(placement) = placements.get_mut(position) {
                *placement = Some((id, start - piece.start));
            }
        }
    }
    Ok((pieces, placements))
}

/// Gives each atom the relocations that lie in it.
fn relocate_data(sections: &Sections<'_>, placements: &Placements, pieces: &mut [Piece<'_>]) -> Result<(), LinkError> {
    let mut entries = sections.data_relocations.iter().peekable();
    for piece in pieces {
        let segment = sections.segments.get(piece.segment as usize);
        let start = segment.map_or(0, |segment| segment.start) + piece.start as usize - sections.data_start;
        let end = start + piece.atom.bytes.len();
        // Bytes between two atoms belong to no symbol, so nothing can reach them.
        while entries.next_if(|entry| (entry.offset as usize) < start).is_some() {}
        let mut own = Vec::new();
        while let Some(entry) = entries.next_if(|entry| (entry.offset as usize) < end) {
            own.push(sections.relocation(entry, start, placements)?);
        }
        piece.atom.relocations = own.into();
    }
    Ok(())
}

impl<'a> Sections<'a> {
    /// Finds the functions that stand for reading or writing a global: Rust has no globals of WebAssembly, so the library imports
    /// `NAME.get` and `NAME.set` from [`GLOBAL_MODULE`] (or, for a word that begins as the heap base, [`HEAP_GLOBAL_MODULE`]) and
    /// calls them, and each call becomes the instruction.
    fn find_globals(&mut self) -> Result<(), LinkError> {
        let accesses: Vec<_> = (0..)
            .zip(&self.imports)
            .filter(|(_, (module, _, _))| *module == GLOBAL_MODULE || *module == HEAP_GLOBAL_MODULE)
            .map(|(index, (module, name, _))| (index, *module == HEAP_GLOBAL_MODULE, name.rsplit_once('.')))
            .collect();
        let names: BTreeSet<&'a str> =
            accesses.iter().filter_map(|(_, _, parts)| parts.map(|(name, _)| name)).collect();
        for name in &names {
            let from_heap_base =
                accesses.iter().any(|(_, heap, parts)| *heap && parts.is_some_and(|(own, _)| own == *name));
            self.globals_used.push(Global { name: Cow::Borrowed(name), from_heap_base });
        }
        for (index, _, parts) in accesses {
            let (name, field) = match parts {
                Some((name, "get")) => (name, Field::GlobalGet),
                Some((name, "set")) => (name, Field::GlobalSet),
                _ => return Err(malformed("a function for a global neither reads nor writes it")),
            };
            let place = names.range(..name).count();
            self.global_accesses.insert(index, (GlobalId::from_usize(place), field));
        }
        Ok(())
    }

    /// Lets the call of a function that stands for a global be the instruction.
    fn global_access(&self, relocation: Relocation, body: &[u8]) -> Result<Relocation, LinkError> {
        let (Target::Function(id) | Target::Slot(id)) = relocation.target else { return Ok(relocation) };
        let Some((global, field)) = self.global_accesses.get(&id.0) else { return Ok(relocation) };
        let opcode = relocation.at.checked_sub(1);
        match opcode.filter(|at| body.get(*at as usize) == Some(&CALL) && relocation.field == Field::Unsigned) {
            Some(at) => Ok(Relocation {
                at,
                width: relocation.width + 1,
                field: *field,
                target: Target::Global(*global),
                addend: 0,
            }),
            None => Err(malformed("a function for a global is used otherwise than by a call")),
        }
    }

    /// Turns a relocation entry into ours; `start` is where its function or atom begins in the section.
    fn relocation(
        &self,
        entry: &RelocationEntry,
        start: usize,
        placements: &Placements,
    ) -> Result<Relocation, LinkError> {
        let field = match entry.ty {
            RelocationType::FunctionIndexLeb
            | RelocationType::TypeIndexLeb
            | RelocationType::GlobalIndexLeb
            | RelocationType::MemoryAddrLeb => Field::Unsigned,
            RelocationType::TableIndexSleb | RelocationType::MemoryAddrSleb => Field::Signed,
            RelocationType::TableIndexI32 | RelocationType::MemoryAddrI32 => Field::Word,
            other => return Err(malformed(format!("the relocation {other:?} is not known"))),
        };
        let mut addend = i32::try_from(entry.addend).map_err(|_| malformed("an addend is too large"))?;
        let target = if entry.ty == RelocationType::TypeIndexLeb {
            Target::Signature(SignatureId(entry.index))
        } else {
            let (target, offset) = self.target(entry, placements)?;
            addend = addend.wrapping_add(offset as i32);
            target
        };
        let at = u32::try_from(entry.offset as usize - start).map_err(|_| malformed("an offset is too large"))?;
        let width = u8::try_from(entry.ty.extent()).unwrap_or(0);
        Ok(Relocation { at, width, field, target, addend })
    }

    /// What the symbol of a relocation is, and the offset in it.
    fn target(&self, entry: &RelocationEntry, placements: &Placements) -> Result<(Target, u32), LinkError> {
        let symbol = self.symbols.get(entry.index as usize).ok_or_else(|| malformed("a relocation has no symbol"))?;
        let indirect = matches!(entry.ty, RelocationType::TableIndexSleb | RelocationType::TableIndexI32);
        match symbol {
            Symbol::Function { index, .. } if indirect => Ok((Target::Slot(FunctionId(*index)), 0)),
            Symbol::Function { index, .. } => Ok((Target::Function(FunctionId(*index)), 0)),
            Symbol::HeapBase => Ok((Target::HeapBase, 0)),
            // The only global that rustc makes code refer to is the stack pointer, the first one.
            Symbol::Global { index: 0 } if self.globals > 0 => Ok((Target::StackPointer, 0)),
            Symbol::Data { .. } => placements
                .get(entry.index as usize)
                .copied()
                .flatten()
                .map(|(atom, offset)| (Target::Atom(atom), offset))
                .ok_or_else(|| malformed("a data symbol was not placed")),
            Symbol::Global { .. } => Err(malformed("a global other than the stack pointer is used")),
            Symbol::Other { name } => Err(malformed(format!("the symbol {name:?} is not defined"))),
        }
    }
}
