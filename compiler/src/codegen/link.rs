//! The linker: takes what is reached from a library and from generated code, and numbers, places and writes it.
//!
//! A policy that uses no regular expression has no regex engine in its module: everything is found by following
//! relocations from the exports. The linker knows WebAssembly, but neither Rego nor what a function does.
//!
//! Deterministic: the output depends on the library, on what was added and in which order, and on nothing else.

mod emit;
mod error;
mod inline;
mod layout;
pub mod library;
pub mod object;
#[cfg(test)]
mod pack;
mod reach;
#[cfg(test)]
mod read;
mod recursion;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use rustc_hash::FxHashMap;

pub use self::error::LinkError;
use self::library::Library;
use self::object::{Atom, AtomId, Body, Function, FunctionId, Relocation, Relocations, Signature, SignatureId};
use crate::index::{Id, IndexVec};

/// The size in bytes of a page of linear memory.
pub const PAGE: u32 = 65_536;

/// How the module is laid out.
#[derive(Clone, Debug)]
pub struct LinkOptions {
    /// The size in bytes of the stack, which lies below all data: an overflow traps instead of writing over data.
    pub stack_size: u32,
    /// The same where functions that use the stack call themselves.
    pub deep_stack_size: u32,
    /// The largest minimum, in pages, that the imported memory declares. Where static data need more, the module grows its
    /// memory when it is started.
    pub initial_pages: u32,
    /// The module and the name under which the memory is imported.
    pub memory: (String, String),
    /// Whether the name section names the functions of the library too, and not only those that were added.
    pub library_names: bool,
    /// Whether small functions of the library are put where they are called.
    pub inline: bool,
}

/// How many functions that only call the next one are passed.
const LONGEST_CHAIN: usize = 8;

/// Collects what goes into a module besides the library.
#[derive(Debug)]
pub struct Linker<'a> {
    library: &'a Library<'a>,
    /// What was added; ids go on where the library's end.
    signatures: IndexVec<SignatureId, Signature>,
    functions: IndexVec<FunctionId, Function<'a>>,
    atoms: IndexVec<AtomId, Atom<'a>>,
    signature_ids: FxHashMap<Signature, SignatureId>,
    imports: FxHashMap<(Cow<'a, str>, Cow<'a, str>), FunctionId>,
    /// For each function of the library the one that stands for it: itself, or another one where it is an import that was bound or only calls
    /// the other.
    bindings: Vec<FunctionId>,
    exports: Vec<Export>,
    constants: Vec<(String, i32)>,
    /// The names under which globals of the library are exported, and their own.
    exported_globals: Vec<(String, &'static str)>,
    /// Functions that lie in the table in this order, one behind the other.
    rows: Vec<FunctionId>,
    sections: Vec<(String, Vec<u8>)>,
    /// The code of functions that others were put into.
    inlined: FxHashMap<FunctionId, inline::Code>,
}

/// An exported function.
#[derive(Debug)]
struct Export {
    name: String,
    function: FunctionId,
    /// Whether a call begins with an empty stack.
    fresh_stack: bool,
}

/// What a linked module consists of, for those who look for bytes.
#[derive(Clone, Debug, Default)]
pub struct SizeReport {
    /// Every function and every stretch of data in the module, in the module's order.
    pub pieces: Vec<Piece>,
    /// The size in bytes of the whole module.
    pub total: usize,
}

/// A function or a stretch of data in a linked module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its name: for functions of the library as the compiler of that library named it.
    pub name: String,
    /// The size in bytes.
    pub size: usize,
    /// Whether it is data.
    pub data: bool,
    /// Whether it comes from the library.
    pub library: bool,
}

/// A linked module.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The module.
    pub bytes: Vec<u8>,
    /// What it consists of.
    pub sizes: SizeReport,
}

impl<'a> Linker<'a> {
    /// A linker over a library.
    #[must_use]
    pub fn new(library: &'a Library<'a>) -> Self {
        let mut signature_ids = FxHashMap::default();
        for (id, signature) in library.signatures.enumerate() {
            signature_ids.entry(signature.clone()).or_insert(id);
        }
        let mut imports = FxHashMap::default();
        for (id, module, name) in library.imports() {
            imports.entry((module, name)).or_insert(id);
        }
        let mut bindings: Vec<_> = (0..library.function_count()).map(FunctionId::from_usize).collect();
        for (id, callee) in library.forwards() {
            if let Some(bound) = bindings.get_mut(id.index()) {
                *bound = callee;
            }
        }
        Self {
            library,
            signatures: IndexVec::new(),
            functions: IndexVec::new(),
            atoms: IndexVec::new(),
            signature_ids,
            imports,
            bindings,
            exports: Vec::new(),
            constants: Vec::new(),
            exported_globals: Vec::new(),
            rows: Vec::new(),
            sections: Vec::new(),
            inlined: FxHashMap::default(),
        }
    }

    /// The id of a function type.
    pub fn signature(&mut self, signature: &Signature) -> SignatureId {
        if let Some(id) = self.signature_ids.get(signature) {
            return *id;
        }
        let id = SignatureId::from_usize(self.library.signatures.len() + self.signatures.len());
        self.signatures.push(signature.clone());
        self.signature_ids.insert(signature.clone(), id);
        id
    }

    /// The function that the library exports under a name.
    #[must_use]
    pub fn library_function(&self, name: &str) -> Option<FunctionId> {
        self.library.export(name)
    }

    /// Whether a function has that type.
    #[must_use]
    pub fn has_signature(&self, function: FunctionId, signature: &Signature) -> bool {
        self.signature_of(self.function_of(function).signature) == signature
    }

    /// A function that the host supplies; the same names give the same function.
    pub fn import(&mut self, module: &str, name: &str, signature: &Signature) -> FunctionId {
        if let Some(id) = self.imports.get(&(module.into(), name.into())) {
            return *id;
        }
        let key: (Cow<'a, str>, Cow<'a, str>) = (Cow::Owned(module.to_owned()), Cow::Owned(name.to_owned()));
        let body = Body::Import { module: key.0.clone(), name: key.1.clone() };
        let id = self.push_function(name.to_owned(), signature, body);
        self.imports.insert(key, id);
        id
    }

    /// Promises a function, so that others can call it.
    pub fn declare(&mut self, name: impl Into<String>, signature: &Signature) -> FunctionId {
        self.push_function(name.into(), signature, Body::Declared)
    }

    /// A function that does nothing: it takes values and gives 0.
    pub fn inert(&mut self, signature: &Signature) -> FunctionId {
        self.push_function(String::new(), signature, Body::Inert)
    }

    fn push_function(&mut self, name: String, signature: &Signature, body: Body<'a>) -> FunctionId {
        let signature = self.signature(signature);
        let id = FunctionId::from_usize(self.library.function_count() + self.functions.len());
        self.functions.push(Function { name: Cow::Owned(name.into_bytes()), signature, body });
        id
    }

    /// Supplies the code of a declared function: the declaration of locals and the instructions, and what has to be
    /// filled in, in order of place.
    pub fn define(&mut self, id: FunctionId, bytes: Vec<u8>, relocations: Vec<Relocation>) {
        let position = id.index().checked_sub(self.library.function_count());
        let Some(position) = position.filter(|position| *position < self.functions.len()) else { return };
        self.functions[FunctionId::from_usize(position)].body =
            Body::Code { bytes: Cow::Owned(bytes), relocations: relocations.into() };
    }

    /// Adds static data. Data that is all zero and has nothing to fill in takes no room in the module.
    pub fn atom(
        &mut self,
        name: impl Into<String>,
        align: u32,
        bytes: Vec<u8>,
        relocations: Vec<Relocation>,
    ) -> AtomId {
        let id = self.next_atom();
        let (bytes, relocations) = (Cow::Owned(bytes), Relocations::from(relocations));
        self.atoms.push(Atom { name: Cow::Owned(name.into().into_bytes()), align, bytes, relocations });
        id
    }

    /// The id that the next atom will have, for data that points into itself.
    #[must_use]
    pub fn next_atom(&self) -> AtomId {
        AtomId::from_usize(self.library.atom_count() + self.atoms.len())
    }

    /// Lets the library's import of those names be that function. Without an import of those names nothing happens.
    pub fn bind(&mut self, module: &str, name: &str, function: FunctionId) {
        if let Some(import) = self.imports.get(&(module.into(), name.into()))
            && let Some(bound) = self.bindings.get_mut(import.index())
        {
            *bound = function;
        }
    }

    /// Exports a function.
    pub fn export(&mut self, name: impl Into<String>, function: FunctionId) {
        self.exports.push(Export { name: name.into(), function, fresh_stack: false });
    }

    /// Exports a function that is never called while another one runs. Each call begins with an empty stack: one that ended with a
    /// trap or an abort has left its frames there.
    pub fn export_entry(&mut self, name: impl Into<String>, function: FunctionId) {
        self.exports.push(Export { name: name.into(), function, fresh_stack: true });
    }

    /// Exports an immutable 32-bit global.
    pub fn export_constant(&mut self, name: impl Into<String>, value: i32) {
        self.constants.push((name.into(), value));
    }

    /// Exports a global of the library under a name, in modules where it is used.
    pub fn export_global(&mut self, name: impl Into<String>, global: &'static str) {
        self.exported_globals.push((name.into(), global));
    }

    /// Adds rows to the front of the table and returns the first of these rows' place among them. All rows that were added lie in the table in
    /// this order from [`Self::FIRST_ROW`] on, whether they are reached otherwise or not.
    pub fn table_rows(&mut self, functions: &[FunctionId]) -> u32 {
        let first = self.rows.len();
        self.rows.extend_from_slice(functions);
        u32::try_from(first).unwrap_or(u32::MAX).saturating_add(Self::FIRST_ROW)
    }

    /// The first place in the table that is used: 0 is no function.
    pub const FIRST_ROW: u32 = 1;

    /// Adds a custom section.
    pub fn custom_section(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.sections.push((name.into(), bytes));
    }

    /// The library's imports from a module that are reached from the exports and not bound, with their names and types.
    ///
    /// # Errors
    /// A declared function was not defined.
    pub fn unbound_imports(&self, from: &str) -> Result<Vec<(String, Signature)>, LinkError> {
        let open = self.library.imports().filter(|(id, module, _)| *module == from && self.bound(*id) == *id);
        let imports: Vec<_> = open.collect();
        if imports.is_empty() {
            return Ok(Vec::new());
        }
        let reached = reach::reach(self)?;
        let reached = imports.into_iter().filter(|(id, _, _)| reached.has_function(*id));
        let signature = |id| self.signature_of(self.function_of(id).signature).clone();
        Ok(reached.map(|(id, _, name)| (name.to_string(), signature(id))).collect())
    }

    /// Links the module.
    ///
    /// # Errors
    /// A function is missing, or the module would be larger than a module can be.
    pub fn link(&mut self, options: &LinkOptions) -> Result<Linked, LinkError> {
        let mut reached = reach::reach(self)?;
        if options.inline {
            self.inlined = inline::inline(self, &reached);
            reached = reach::reach(self)?;
        }
        let layout = layout::lay_out(self, &reached, options)?;
        emit::emit(self, &reached, &layout, options)
    }

    fn function_of(&self, id: FunctionId) -> Function<'_> {
        let added = |position| self.functions[FunctionId::from_usize(position)].borrowed();
        let function = self.library.function(id).unwrap_or_else(|| added(id.index() - self.library.function_count()));
        match self.inlined.get(&id) {
            Some(code) => Function { body: code.body(), ..function },
            None => function,
        }
    }

    fn atom_of(&self, id: AtomId) -> Atom<'_> {
        let added = |position| self.atoms[AtomId::from_usize(position)].borrowed();
        self.library.atom(id).unwrap_or_else(|| added(id.index() - self.library.atom_count()))
    }

    fn signature_of(&self, id: SignatureId) -> &Signature {
        let library = &self.library.signatures;
        library.get(id).unwrap_or_else(|| &self.signatures[SignatureId::from_usize(id.index() - library.len())])
    }

    /// Whether a function was declared without a name.
    fn has_no_name(&self, id: FunctionId) -> bool {
        self.function_of(id).name.is_empty()
    }

    /// The function that stands for a function after binding. It is no import that was bound, nor calls only another one.
    fn bound(&self, mut id: FunctionId) -> FunctionId {
        // Functions that forward to each other in a circle stand for each other.
        for _ in 0..LONGEST_CHAIN {
            match self.bindings.get(id.index()) {
                Some(other) if *other != id => id = *other,
                _ => break,
            }
        }
        id
    }
}
