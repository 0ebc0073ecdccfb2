//! Numbers and addresses: the order of functions, types, globals and rows of the table, and the places of data.
//!
//! Linear memory holds the stack, then the data of the module, then data that begins as zero, then the heap.

use rustc_hash::FxHashMap;

use super::object::{AtomId, Body, FunctionId, GlobalId, Signature, SignatureId, Target};
use super::reach::Reached;
use super::recursion::recurses_on_stack;
use super::{LinkError, LinkOptions, Linker, PAGE};
use crate::index::Id;

/// Where everything went.
#[derive(Debug)]
pub(super) struct Layout {
    /// The imported functions, in order of their numbers.
    pub(super) imports: Vec<FunctionId>,
    /// The functions of the module, in order of their numbers, which go on behind the imports'.
    pub(super) functions: Vec<FunctionId>,
    indices: Vec<u32>,
    /// The function types, in order of their numbers.
    pub(super) signatures: Vec<Signature>,
    signature_indices: Vec<Option<u32>>,
    /// The functions in the table, from row [`Linker::FIRST_ROW`] on.
    pub(super) table: Vec<FunctionId>,
    slots: FxHashMap<FunctionId, u32>,
    /// The data that the module carries, in order of address.
    pub(super) data: Vec<AtomId>,
    /// The data that begins as zero, in order of address.
    pub(super) zeros: Vec<AtomId>,
    addresses: Vec<u32>,
    /// The globals of the library that are used, in the order of their numbers, which go on behind those of the stack pointer and of the
    /// exported constants.
    pub(super) globals: Vec<GlobalId>,
    first_global: u32,
    /// The address of the first data, where the stack begins that grows down.
    pub(super) data_start: u32,
    /// The address behind the data that the module carries.
    pub(super) data_end: u32,
    /// The address behind all data.
    pub(super) heap_base: u32,
}

impl Layout {
    pub(super) fn address(&self, id: AtomId) -> u32 {
        self.addresses.get(id.index()).copied().unwrap_or(0)
    }

    pub(super) fn index(&self, id: FunctionId) -> u32 {
        self.indices.get(id.index()).copied().unwrap_or(0)
    }

    pub(super) fn signature(&self, id: SignatureId) -> u32 {
        self.signature_indices.get(id.index()).copied().flatten().unwrap_or(0)
    }

    /// The value that belongs in the place of a relocation. The stack pointer is always the first global.
    pub(super) fn value(&self, linker: &Linker<'_>, target: Target, addend: i32) -> u32 {
        match target {
            Target::Function(id) => self.index(linker.bound(id)),
            Target::Slot(id) => self.slots.get(&linker.bound(id)).copied().unwrap_or(0),
            Target::Atom(id) => self.address(id).wrapping_add_signed(addend),
            Target::HeapBase => self.heap_base.wrapping_add_signed(addend),
            Target::Signature(id) => self.signature(id),
            Target::StackPointer => 0,
            Target::Global(id) => {
                let place = self.globals.binary_search(&id).unwrap_or_default();
                self.first_global.saturating_add(u32::try_from(place).unwrap_or(u32::MAX))
            }
        }
    }

    /// How many pages of memory the data take. A word behind the data can be read: the library reads texts word by word.
    pub(super) fn pages(&self) -> u32 {
        self.heap_base.saturating_add(8).div_ceil(PAGE)
    }
}

/// Numbers and places what is reached.
///
/// # Errors
/// The data do not fit the address space.
pub(super) fn lay_out(linker: &Linker<'_>, reached: &Reached, options: &LinkOptions) -> Result<Layout, LinkError> {
    let mut layout = Layout {
        imports: Vec::new(),
        functions: Vec::new(),
        indices: vec![0; linker.library.function_count() + linker.functions.len()],
        signatures: Vec::new(),
        signature_indices: vec![None; linker.library.signatures.len() + linker.signatures.len()],
        table: Vec::new(),
        slots: FxHashMap::default(),
        data: Vec::new(),
        zeros: Vec::new(),
        addresses: vec![0; linker.library.atom_count() + linker.atoms.len()],
        globals: linker.library.globals.enumerate().map(|(id, _)| id).filter(|id| reached.has_global(*id)).collect(),
        first_global: u32::from(reached.stack) + u32::try_from(linker.constants.len()).unwrap_or(u32::MAX),
        data_start: if recurses_on_stack(linker, reached) { options.deep_stack_size } else { options.stack_size },
        data_end: 0,
        heap_base: 0,
    };
    number_functions(linker, reached, &mut layout);
    number_signatures(linker, &mut layout);
    fill_table(linker, reached, &mut layout);
    place_data(linker, reached, &mut layout)?;
    Ok(layout)
}

fn number_functions(linker: &Linker<'_>, reached: &Reached, layout: &mut Layout) {
    let all = linker.library.function_count() + linker.functions.len();
    for id in (0..all).map(FunctionId::from_usize).filter(|id| reached.has_function(*id)) {
        match linker.function_of(id).body {
            Body::Import { .. } => layout.imports.push(id),
            Body::Declared | Body::Code { .. } => layout.functions.push(id),
            Body::Inert => {}
        }
    }
    // The functions that are called most get the numbers that fit one byte.
    layout.functions.sort_by_key(|id| (u32::MAX - reached.calls(*id), *id));
    let numbered = layout.imports.iter().chain(&layout.functions);
    for (index, id) in (0u32..).zip(numbered) {
        if let Some(slot) = layout.indices.get_mut(id.index()) {
            *slot = index;
        }
    }
}

/// Numbers the function types in the order in which functions use them, then those that only indirect calls name.
fn number_signatures(linker: &Linker<'_>, layout: &mut Layout) {
    let mut numbers: FxHashMap<Signature, u32> = FxHashMap::default();
    let mut used: Vec<SignatureId> = Vec::new();
    for id in layout.imports.iter().chain(&layout.functions) {
        let function = linker.function_of(*id);
        used.push(function.signature);
        if let Body::Code { relocations, .. } = &function.body {
            used.extend(relocations.iter().filter_map(|relocation| match relocation.target {
                Target::Signature(signature) => Some(signature),
                _ => None,
            }));
        }
    }
    for id in used {
        if layout.signature_indices.get(id.index()).is_none_or(Option::is_some) {
            continue;
        }
        let signature = linker.signature_of(id);
        let number = match numbers.get(signature) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(layout.signatures.len()).unwrap_or(u32::MAX);
                numbers.insert(signature.clone(), number);
                layout.signatures.push(signature.clone());
                number
            }
        };
        if let Some(slot) = layout.signature_indices.get_mut(id.index()) {
            *slot = Some(number);
        }
    }
}

fn fill_table(linker: &Linker<'_>, reached: &Reached, layout: &mut Layout) {
    // The rows that were asked for come first and stay together; a function may be there twice.
    layout.table = linker.rows.iter().map(|id| linker.bound(*id)).collect();
    for (row, id) in (Linker::FIRST_ROW..).zip(&layout.table) {
        layout.slots.entry(*id).or_insert(row);
    }
    for id in &reached.slots {
        if !layout.slots.contains_key(id) {
            let row = u32::try_from(layout.table.len()).unwrap_or(u32::MAX).saturating_add(Linker::FIRST_ROW);
            layout.slots.insert(*id, row);
            layout.table.push(*id);
        }
    }
}

fn place_data(linker: &Linker<'_>, reached: &Reached, layout: &mut Layout) -> Result<(), LinkError> {
    let all = linker.library.atom_count() + linker.atoms.len();
    for id in (0..all).map(AtomId::from_usize).filter(|id| reached.has_atom(*id)) {
        let atom = linker.atom_of(id);
        if atom.relocations.is_empty() && atom.bytes.iter().all(|byte| *byte == 0) {
            layout.zeros.push(id);
        } else {
            layout.data.push(id);
        }
    }
    // The widest alignment first: then nearly no byte is lost between two atoms.
    layout.data.sort_by_cached_key(|id| (u32::MAX - linker.atom_of(*id).align, *id));
    layout.zeros.sort_by_cached_key(|id| (u32::MAX - linker.atom_of(*id).align, *id));
    let mut address = layout.data_start;
    for (count, id) in layout.data.iter().chain(&layout.zeros).enumerate() {
        let atom = linker.atom_of(*id);
        let too_large = || LinkError::TooLarge("static data do not fit the address space".to_owned());
        let start = address.checked_next_multiple_of(atom.align).ok_or_else(too_large)?;
        let size = u32::try_from(atom.bytes.len()).map_err(|_| too_large())?;
        address = start.checked_add(size).filter(|end| *end <= i32::MAX as u32).ok_or_else(too_large)?;
        if let Some(slot) = layout.addresses.get_mut(id.index()) {
            *slot = start;
        }
        if count < layout.data.len() {
            layout.data_end = address;
        }
    }
    layout.data_end = layout.data_end.max(layout.data_start);
    layout.heap_base = address.next_multiple_of(16);
    Ok(())
}
