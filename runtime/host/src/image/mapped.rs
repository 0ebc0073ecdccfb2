//! A memory that begins with a packed document: a module without code, whose memory the engine maps into each instance, copy on write, so that
//! all instances share what none of them has changed.

use wasm_encoder::{
    ConstExpr, DataSection, ExportKind, ExportSection, MemorySection, MemoryType, Module as WasmModule,
};
use wasmtime::{Engine, Memory, Module, Store};

use crate::address::{HeapPointer, ValueAddress};
use crate::error::{Error, ErrorKind};
use crate::memory::PAGE;
use crate::state::State;

use super::pack::Packed;

/// The name under which the module has its memory.
const MEMORY: &str = "memory";

/// A document in memory, ready to be mapped.
pub(crate) struct Mapped {
    module: Module,
    /// Where the module's own data end, and the document begins.
    pub(crate) base: HeapPointer,
    /// Where the document ends.
    pub(crate) heap: HeapPointer,
    pub(crate) data: ValueAddress,
    /// The address of the youngest of the document's indexes, or 0.
    pub(crate) indexes: u32,
}

impl Mapped {
    /// Memory of `pages` at least, with a document from `base` on.
    pub(super) fn new(engine: &Engine, pages: u64, base: HeapPointer, packed: &Packed) -> Result<Self, Error> {
        let heap = u64::from(base.0) + packed.bytes.len() as u64;
        // What is behind the last text is read with it, so there is a word more.
        let pages = pages.max((heap + u64::from(regoc_abi::layout::ALIGN)).div_ceil(PAGE));
        let heap = u32::try_from(heap).map(HeapPointer);
        let heap = heap.map_err(|_| Error::new(ErrorKind::MemoryLimit, "the data needs more than 4 GiB of memory"))?;
        let memory = MemoryType { minimum: pages, maximum: None, memory64: false, shared: false, page_size_log2: None };
        let mut wasm = WasmModule::new();
        wasm.section(MemorySection::new().memory(memory));
        wasm.section(ExportSection::new().export(MEMORY, ExportKind::Memory, 0));
        let start = ConstExpr::i32_const(base.0.cast_signed());
        wasm.section(DataSection::new().active(0, &start, packed.bytes.iter().copied()));
        let module = load(engine, &wasm.finish()).map_err(|error| {
            Error::new(ErrorKind::Internal, format!("the data cannot be mapped: {}", error.root_cause()))
        })?;
        Ok(Self { module, base, heap, data: ValueAddress(packed.data), indexes: packed.indexes })
    }

    /// A memory of its own for an instance.
    pub(crate) fn memory(&self, store: &mut Store<State>) -> wasmtime::Result<Memory> {
        let instance = wasmtime::Instance::new(&mut *store, &self.module, &[])?;
        instance.get_memory(store, MEMORY).ok_or_else(|| wasmtime::Error::msg("the mapped module has no memory"))
    }
}

/// Loads the module out of a file in memory, from where the engine maps the document, and keeps no other copy. Where the system has no such
/// files (or forbids them), as it is.
#[cfg(target_os = "linux")]
fn load(engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Module> {
    let compiled = engine.precompile_module(wasm)?;
    match sealed_file(&compiled) {
        Ok(file) => {
            #[expect(unsafe_code, reason = "the engine reads its own file back")]
            // SAFETY: this engine has just made what is in the file, and nobody can change it there.
            unsafe {
                Module::deserialize_open_file(engine, file)
            }
        }
        Err(_) => Module::new(engine, wasm),
    }
}

/// A file in memory that nothing can change, in this process or another.
#[cfg(target_os = "linux")]
fn sealed_file(bytes: &[u8]) -> std::io::Result<std::fs::File> {
    use std::io::Write;

    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

    let mut file = std::fs::File::from(memfd_create(c"regoc-data", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?);
    file.write_all(bytes)?;
    fcntl_add_seals(&file, SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
    Ok(file)
}

/// Loads the module.
#[cfg(not(target_os = "linux"))]
fn load(engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Module> {
    Module::new(engine, wasm)
}
