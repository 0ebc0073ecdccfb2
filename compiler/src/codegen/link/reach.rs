//! What a module needs: everything that can be reached from its exports over relocations.

use super::object::{AtomId, Body, FunctionId, GlobalId, Relocations, Target};
use super::{LinkError, Linker};
use crate::index::Id;

/// What is reached.
#[derive(Debug)]
pub(super) struct Reached {
    functions: Vec<bool>,
    atoms: Vec<bool>,
    /// How often each function is named in code: those named most get the shortest numbers.
    calls: Vec<u32>,
    /// The functions that are reached through the table, each once, in the order in which they were found.
    pub(super) slots: Vec<FunctionId>,
    in_table: Vec<bool>,
    /// Whether something is called through the table.
    pub(super) table: bool,
    globals: Vec<bool>,
    /// Whether something uses the stack.
    pub(super) stack: bool,
}

impl Reached {
    pub(super) fn has_function(&self, id: FunctionId) -> bool {
        self.functions.get(id.index()).copied().unwrap_or(false)
    }

    pub(super) fn has_atom(&self, id: AtomId) -> bool {
        self.atoms.get(id.index()).copied().unwrap_or(false)
    }

    pub(super) fn has_global(&self, id: GlobalId) -> bool {
        self.globals.get(id.index()).copied().unwrap_or(false)
    }

    pub(super) fn calls(&self, id: FunctionId) -> u32 {
        self.calls.get(id.index()).copied().unwrap_or(0)
    }
}

/// Finds what is reached from the exports and from the rows of the table.
///
/// # Errors
/// A function is reached that was declared, but never defined, or is to be bound and was not.
pub(super) fn reach(linker: &Linker<'_>) -> Result<Reached, LinkError> {
    let functions = linker.library.function_count() + linker.functions.len();
    let mut walk = Walk {
        linker,
        reached: Reached {
            functions: vec![false; functions],
            atoms: vec![false; linker.library.atom_count() + linker.atoms.len()],
            calls: vec![0; functions],
            slots: Vec::new(),
            in_table: vec![false; functions],
            table: false,
            globals: vec![false; linker.library.globals.len()],
            stack: false,
        },
        functions: Vec::new(),
        atoms: Vec::new(),
    };
    for export in &linker.exports {
        walk.visit_function(export.function);
    }
    for function in &linker.rows {
        walk.visit_slot(*function);
    }
    loop {
        if let Some(id) = walk.functions.pop() {
            walk.function(id)?;
        } else if let Some(id) = walk.atoms.pop() {
            walk.relocations(&linker.atom_of(id).relocations);
        } else {
            break;
        }
    }
    check_slots(linker, &walk.reached)?;
    Ok(walk.reached)
}

/// Refuses functions in the table that are none.
fn check_slots(linker: &Linker<'_>, reached: &Reached) -> Result<(), LinkError> {
    let mut slots = reached.slots.iter().map(|id| linker.function_of(*id));
    match slots.find(|function| matches!(function.body, Body::Inert)) {
        Some(function) => {
            Err(LinkError::Undefined(format!("{} in the table", String::from_utf8_lossy(&function.name))))
        }
        None => Ok(()),
    }
}

struct Walk<'a> {
    linker: &'a Linker<'a>,
    reached: Reached,
    functions: Vec<FunctionId>,
    atoms: Vec<AtomId>,
}

impl Walk<'_> {
    fn visit_function(&mut self, id: FunctionId) {
        let id = self.linker.bound(id);
        if let Some(calls) = self.reached.calls.get_mut(id.index()) {
            *calls += 1;
        }
        if let Some(seen) = self.reached.functions.get_mut(id.index())
            && !*seen
        {
            *seen = true;
            self.functions.push(id);
        }
    }

    fn visit_slot(&mut self, id: FunctionId) {
        self.visit_function(id);
        self.reached.table = true;
        let id = self.linker.bound(id);
        if let Some(seen) = self.reached.in_table.get_mut(id.index())
            && !*seen
        {
            *seen = true;
            self.reached.slots.push(id);
        }
    }

    fn function(&mut self, id: FunctionId) -> Result<(), LinkError> {
        let linker = self.linker;
        let function = linker.function_of(id);
        match &function.body {
            Body::Import { .. } | Body::Inert => Ok(()),
            Body::Declared => Err(LinkError::Undefined(String::from_utf8_lossy(&function.name).into_owned())),
            Body::Code { relocations, .. } => {
                self.relocations(relocations);
                Ok(())
            }
        }
    }

    fn relocations(&mut self, relocations: &Relocations<'_>) {
        for relocation in relocations.iter() {
            match relocation.target {
                Target::Function(id) => self.visit_function(id),
                Target::Slot(id) => self.visit_slot(id),
                Target::Atom(id) => {
                    if let Some(seen) = self.reached.atoms.get_mut(id.index())
                        && !*seen
                    {
                        *seen = true;
                        self.atoms.push(id);
                    }
                }
                // A function type is named only where something is called through the table.
                Target::Signature(_) => self.reached.table = true,
                Target::StackPointer => self.reached.stack = true,
                Target::Global(id) => {
                    if let Some(seen) = self.reached.globals.get_mut(id.index()) {
                        *seen = true;
                    }
                }
                Target::HeapBase => {}
            }
        }
    }
}
