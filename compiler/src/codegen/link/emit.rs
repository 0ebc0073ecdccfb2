//! Writes a module whose numbers and addresses are known.

use std::borrow::Cow;

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, ElementSection, Elements, Encode, EntityType,
    ExportKind, ExportSection, FunctionSection, GlobalSection, GlobalType, ImportSection, InstructionSink, MemoryType,
    Module, NameMap, NameSection, RefType, StartSection, TableSection, TableType, TypeSection,
};

use super::layout::Layout;
use super::object::{Body, Field, FunctionId, Relocation, Relocations, Signature, Target, ValType};
use super::reach::Reached;
use super::{LinkError, LinkOptions, Linked, Linker, Piece, SizeReport};
use crate::index::Id;

/// The name under which a module exports its memory, as all toolchains have it.
const MEMORY_EXPORT: &str = "memory";

/// Writes the module.
///
/// # Errors
/// The module has more functions or larger data than its numbers can say.
pub(super) fn emit(
    linker: &Linker<'_>,
    reached: &Reached,
    layout: &Layout,
    options: &LinkOptions,
) -> Result<Linked, LinkError> {
    let mut sizes = SizeReport::default();
    // Data beyond the memory that hosts are known to give are copied by a start function, which grows the memory first.
    let passive = layout.pages() > options.initial_pages;
    let first_entry = linker_count(layout)?;
    let entries = entries(linker, reached);
    let start = first_entry.saturating_add(u32::try_from(entries.len()).unwrap_or(u32::MAX));
    let mut module = Module::new();
    types(layout, passive, &mut module);
    imports(linker, layout, options, &mut module);
    let mut section = FunctionSection::new();
    for id in &layout.functions {
        section.function(layout.signature(linker.function_of(*id).signature));
    }
    for entry in &entries {
        section.function(layout.signature(linker.function_of(*entry).signature));
    }
    if passive {
        section.function(start_signature(layout));
    }
    module.section(&section);
    let table_rows = u64::try_from(layout.table.len()).unwrap_or(0) + u64::from(Linker::FIRST_ROW);
    if reached.table {
        let element_type = RefType::FUNCREF;
        let table =
            TableType { element_type, minimum: table_rows, maximum: Some(table_rows), table64: false, shared: false };
        module.section(TableSection::new().table(table));
    }
    globals(linker, reached, layout, &mut module);
    exports(linker, reached, layout, first_entry, &mut module);
    if passive {
        module.section(&StartSection { function_index: start });
    }
    if !layout.table.is_empty() {
        let indices: Vec<u32> = layout.table.iter().map(|id| layout.index(*id)).collect();
        let first = ConstExpr::i32_const(Linker::FIRST_ROW.cast_signed());
        module.section(ElementSection::new().active(None, &first, Elements::Functions(indices.into())));
    }
    if passive {
        module.section(&DataCountSection { count: 1 });
    }
    let wrappers: Vec<_> = entries.iter().map(|entry| entry_function(linker, layout, *entry)).collect();
    let start = passive.then(|| start_function(layout));
    code(linker, layout, wrappers.iter().chain(&start), &mut sizes, &mut module);
    data(linker, layout, passive, &mut sizes, &mut module);
    names(linker, layout, options, &mut module);
    for (name, bytes) in &linker.sections {
        module.section(&CustomSection { name: name.into(), data: bytes.into() });
    }
    let bytes = module.finish();
    sizes.total = bytes.len();
    Ok(Linked { bytes, sizes })
}

/// The count of all functions, imported ones included.
fn linker_count(layout: &Layout) -> Result<u32, LinkError> {
    u32::try_from(layout.imports.len() + layout.functions.len())
        .map_err(|_| LinkError::TooLarge("too many functions".to_owned()))
}

/// The number of the type of the start function, which is written behind all others.
fn start_signature(layout: &Layout) -> u32 {
    u32::try_from(layout.signatures.len()).unwrap_or(u32::MAX)
}

pub(super) fn val_type(ty: ValType) -> wasm_encoder::ValType {
    match ty {
        ValType::I32 => wasm_encoder::ValType::I32,
        ValType::I64 => wasm_encoder::ValType::I64,
        ValType::F32 => wasm_encoder::ValType::F32,
        ValType::F64 => wasm_encoder::ValType::F64,
    }
}

fn types(layout: &Layout, passive: bool, module: &mut Module) {
    let mut section = TypeSection::new();
    for signature in &layout.signatures {
        let params: Vec<_> = signature.params.iter().map(|ty| val_type(*ty)).collect();
        let results: Vec<_> = signature.results.iter().map(|ty| val_type(*ty)).collect();
        section.ty().function(params, results);
    }
    if passive {
        section.ty().function([], []);
    }
    module.section(&section);
}

fn imports(linker: &Linker<'_>, layout: &Layout, options: &LinkOptions, module: &mut Module) {
    let mut section = ImportSection::new();
    let minimum = u64::from(layout.pages().min(options.initial_pages));
    let memory = MemoryType { minimum, maximum: None, memory64: false, shared: false, page_size_log2: None };
    section.import(&options.memory.0, &options.memory.1, memory);
    for id in &layout.imports {
        let function = linker.function_of(*id);
        if let Body::Import { module, name } = &function.body {
            section.import(module, name, EntityType::Function(layout.signature(function.signature)));
        }
    }
    module.section(&section);
}

fn globals(linker: &Linker<'_>, reached: &Reached, layout: &Layout, module: &mut Module) {
    let mut section = GlobalSection::new();
    let global = |mutable| GlobalType { val_type: wasm_encoder::ValType::I32, mutable, shared: false };
    if reached.stack {
        // The stack grows down from where the data begin.
        section.global(global(true), &ConstExpr::i32_const(layout.data_start.cast_signed()));
    }
    for (_, value) in &linker.constants {
        section.global(global(false), &ConstExpr::i32_const(*value));
    }
    for id in &layout.globals {
        let from_heap_base = linker.library.globals.get(*id).is_some_and(|global| global.from_heap_base);
        let first = if from_heap_base { layout.heap_base.cast_signed() } else { 0 };
        section.global(global(true), &ConstExpr::i32_const(first));
    }
    if !section.is_empty() {
        module.section(&section);
    }
}

/// The exported functions whose calls begin with an empty stack, if there is a stack.
fn entries(linker: &Linker<'_>, reached: &Reached) -> Vec<FunctionId> {
    let entries = linker.exports.iter().filter(|export| export.fresh_stack && reached.stack);
    entries.map(|export| linker.bound(export.function)).collect()
}

fn exports(linker: &Linker<'_>, reached: &Reached, layout: &Layout, first_entry: u32, module: &mut Module) {
    let mut section = ExportSection::new();
    section.export(MEMORY_EXPORT, ExportKind::Memory, 0);
    let mut entry = first_entry;
    for export in &linker.exports {
        let index = if export.fresh_stack && reached.stack {
            entry += 1;
            entry - 1
        } else {
            layout.index(linker.bound(export.function))
        };
        section.export(&export.name, ExportKind::Func, index);
    }
    for (index, (name, _)) in (u32::from(reached.stack)..).zip(&linker.constants) {
        section.export(name, ExportKind::Global, index);
    }
    for (name, global) in &linker.exported_globals {
        let used =
            layout.globals.iter().find(|id| linker.library.globals.get(**id).is_some_and(|is| is.name == *global));
        if let Some(id) = used {
            section.export(name, ExportKind::Global, layout.value(linker, Target::Global(*id), 0));
        }
    }
    module.section(&section);
}

fn code<'c>(
    linker: &Linker<'_>,
    layout: &Layout,
    more: impl Iterator<Item = &'c Vec<u8>>,
    sizes: &mut SizeReport,
    module: &mut Module,
) {
    let mut section = CodeSection::new();
    for id in &layout.functions {
        let function = linker.function_of(*id);
        let Body::Code { bytes, relocations } = &function.body else { continue };
        let body = fill(linker, layout, bytes, relocations);
        sizes.pieces.push(Piece {
            name: String::from_utf8_lossy(&function.name).into_owned(),
            size: body.len(),
            data: false,
            library: id.index() < linker.library.function_count(),
        });
        section.raw(&body);
    }
    for body in more {
        section.raw(body);
    }
    module.section(&section);
}

/// Empties the stack, then goes on with an exported function.
fn entry_function(linker: &Linker<'_>, layout: &Layout, function: FunctionId) -> Vec<u8> {
    let mut body = vec![0]; // No locals.
    let mut sink = InstructionSink::new(&mut body);
    // The stack pointer is the first global.
    sink.i32_const(layout.data_start.cast_signed()).global_set(0);
    let params = linker.signature_of(linker.function_of(function).signature).params.len();
    for param in 0..u32::try_from(params).unwrap_or(u32::MAX) {
        sink.local_get(param);
    }
    sink.call(layout.index(function)).end();
    body
}

/// The type of the function that a call is for, if it does nothing.
fn inert<'l>(linker: &'l Linker<'_>, relocation: &Relocation) -> Option<&'l Signature> {
    let Target::Function(id) = relocation.target else { return None };
    let bound = linker.bound(id);
    if bound.index() < linker.library.function_count() {
        return None;
    }
    let function = linker.function_of(bound);
    matches!(function.body, Body::Inert).then(|| linker.signature_of(function.signature))
}

/// Copies bytes and fills the places of relocations in. LEB128 numbers become as short as they can be.
fn fill(linker: &Linker<'_>, layout: &Layout, bytes: &[u8], relocations: &Relocations<'_>) -> Vec<u8> {
    let mut filled = Vec::with_capacity(bytes.len() + relocations.len() * 2);
    let mut done = 0;
    for relocation in relocations.iter() {
        let at = relocation.at as usize;
        filled.extend_from_slice(bytes.get(done..at).unwrap_or_default());
        done = at + usize::from(relocation.width);
        if let Some(signature) = inert(linker, &relocation) {
            // The opcode of the call stands before the place.
            filled.pop();
            let mut sink = InstructionSink::new(&mut filled);
            signature.params.iter().for_each(|_| {
                sink.drop();
            });
            signature.results.iter().for_each(|_| {
                sink.i32_const(0);
            });
            continue;
        }
        let value = layout.value(linker, relocation.target, relocation.addend);
        match relocation.field {
            Field::Unsigned => value.encode(&mut filled),
            Field::Signed => value.cast_signed().encode(&mut filled),
            Field::GlobalGet => {
                InstructionSink::new(&mut filled).global_get(value);
            }
            Field::GlobalSet => {
                InstructionSink::new(&mut filled).global_set(value);
            }
            Field::Word => filled.extend_from_slice(&value.to_le_bytes()),
        }
    }
    filled.extend_from_slice(bytes.get(done..).unwrap_or_default());
    filled
}

/// Grows the memory to what the data need, then copies them in.
fn start_function(layout: &Layout) -> Vec<u8> {
    let mut body = vec![0]; // No locals.
    let mut sink = InstructionSink::new(&mut body);
    let pages = layout.pages().cast_signed();
    // if memory.size < pages && memory.grow(pages - memory.size) == -1 then unreachable
    sink.memory_size(0).i32_const(pages).i32_lt_u().if_(wasm_encoder::BlockType::Empty);
    sink.i32_const(pages).memory_size(0).i32_sub().memory_grow(0);
    sink.i32_const(-1).i32_eq().if_(wasm_encoder::BlockType::Empty).unreachable().end().end();
    sink.i32_const(layout.data_start.cast_signed()).i32_const(0);
    sink.i32_const((layout.data_end - layout.data_start).cast_signed());
    sink.memory_init(0, 0).data_drop(0).end();
    body
}

fn data(linker: &Linker<'_>, layout: &Layout, passive: bool, sizes: &mut SizeReport, module: &mut Module) {
    let mut bytes: Vec<u8> = Vec::with_capacity((layout.data_end - layout.data_start) as usize);
    for id in &layout.data {
        let atom = linker.atom_of(*id);
        bytes.resize((layout.address(*id) - layout.data_start) as usize, 0);
        let filled = fill(linker, layout, &atom.bytes, &atom.relocations);
        sizes.pieces.push(Piece {
            name: String::from_utf8_lossy(&atom.name).into_owned(),
            size: filled.len(),
            data: true,
            library: id.index() < linker.library.atom_count(),
        });
        bytes.extend_from_slice(&filled);
    }
    if bytes.is_empty() && !passive {
        return;
    }
    let mut section = DataSection::new();
    if passive {
        section.passive(bytes);
    } else {
        section.active(0, &ConstExpr::i32_const(layout.data_start.cast_signed()), bytes);
    }
    module.section(&section);
}

/// A name in ASCII: Chicory (1.7.5) refuses modules in which a name has characters beyond it that are no letters.
fn ascii(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return name.into();
    }
    let shown = |character: char| {
        if character.is_ascii() { character.to_string() } else { character.escape_unicode().to_string() }
    };
    name.chars().map(shown).collect::<String>().into()
}

fn names(linker: &Linker<'_>, layout: &Layout, options: &LinkOptions, module: &mut Module) {
    let mut functions = NameMap::new();
    // What is exported has its name there.
    let exported = |id: FunctionId| linker.exports.iter().any(|export| linker.bound(export.function) == id);
    let named = |id: FunctionId| {
        options.library_names
            || id.index() >= linker.library.function_count() && !linker.has_no_name(id) && !exported(id)
    };
    for id in layout.functions.iter().filter(|id| named(**id)) {
        functions.append(layout.index(*id), &ascii(&String::from_utf8_lossy(&linker.function_of(*id).name)));
    }
    if functions.is_empty() {
        return;
    }
    let mut section = NameSection::new();
    section.functions(&functions);
    module.section(&section);
}
