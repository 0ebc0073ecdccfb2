//! A library in the form in which it is part of the compiler: tables that are read where they lie, so that a build of a small policy
//! pays for the functions that it links and not for all that there are. `pack` writes it when the compiler itself is built.

use std::borrow::Cow;

use super::LinkError;
use super::object::{
    Atom, AtomId, Body, Function, FunctionId, Global, GlobalId, RELOCATION_WORDS, Relocations, Rows, Signature,
    SignatureId, ValType,
};
use crate::index::{Id, IndexVec};

/// The tables of an image. It begins with the place and the size in bytes of each, two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    /// For each function type the place of its value types, and how many are parameters and results.
    Signatures,
    /// For each function its name, its type, its bytes and its relocations; for an import, its module instead of bytes.
    Functions,
    /// The functions that only call another one, in order, each with that one.
    Forwards,
    /// For each atom its name, its alignment, its bytes and its relocations.
    Atoms,
    /// For each global its name and whether it begins as the heap base.
    Globals,
    /// For each export its name and the function, in order of names.
    Exports,
    /// All relocations, those of one function or atom side by side.
    Relocations,
    /// What the others name by place and size: code, data and names.
    Bytes,
}

pub(super) const SIGNATURE_WORDS: usize = 3;
pub(super) const FUNCTION_WORDS: usize = 8;
pub(super) const FORWARD_WORDS: usize = 2;
pub(super) const ATOM_WORDS: usize = 7;
pub(super) const GLOBAL_WORDS: usize = 3;
pub(super) const EXPORT_WORDS: usize = 3;
/// What a function of the library is, a word of its row.
pub(super) const IMPORTED: u32 = 0;
pub(super) const DEFINED: u32 = 1;

/// A library to link from.
#[derive(Clone, Debug, Default)]
pub struct Library<'a> {
    /// The function types.
    pub signatures: IndexVec<SignatureId, Signature>,
    /// The globals, in the order of their names.
    pub globals: IndexVec<GlobalId, Global<'a>>,
    functions: Rows<'a, FUNCTION_WORDS>,
    forwards: Rows<'a, FORWARD_WORDS>,
    atoms: Rows<'a, ATOM_WORDS>,
    exports: Rows<'a, EXPORT_WORDS>,
    relocations: Rows<'a, RELOCATION_WORDS>,
    bytes: &'a [u8],
}

impl<'a> Library<'a> {
    /// A library over its image.
    ///
    /// # Errors
    /// The bytes are no image of a library.
    pub fn open(image: &'a [u8]) -> Result<Self, LinkError> {
        Self::of(image).ok_or_else(|| LinkError::Library("its image ends early".to_owned()))
    }

    fn of(image: &'a [u8]) -> Option<Self> {
        let header: Rows<'a, 2> = Rows::new(image);
        let table = |table: Table| {
            let [start, size] = header.get(table as usize)?;
            stretch(image, start, size)
        };
        let bytes = table(Table::Bytes)?;
        let signatures: Rows<'a, SIGNATURE_WORDS> = Rows::new(table(Table::Signatures)?);
        let globals: Rows<'a, GLOBAL_WORDS> = Rows::new(table(Table::Globals)?);
        Some(Self {
            signatures: signatures.iter().map(|row| signature(bytes, row)).collect::<Option<_>>()?,
            globals: globals.iter().map(|row| global(bytes, row)).collect::<Option<_>>()?,
            functions: Rows::new(table(Table::Functions)?),
            forwards: Rows::new(table(Table::Forwards)?),
            atoms: Rows::new(table(Table::Atoms)?),
            exports: Rows::new(table(Table::Exports)?),
            relocations: Rows::new(table(Table::Relocations)?),
            bytes,
        })
    }

    /// How many functions there are; the imported ones come first.
    #[must_use]
    pub const fn function_count(&self) -> usize {
        self.functions.len()
    }

    /// A function.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> Option<Function<'a>> {
        let [name, name_size, signature, kind, start, size, first, count] = self.functions.get(id.index())?;
        let body = match kind {
            IMPORTED => Body::Import {
                module: Cow::Borrowed(text(self.bytes, start, size)?),
                name: Cow::Borrowed(text(self.bytes, name, name_size)?),
            },
            DEFINED => Body::Code {
                bytes: Cow::Borrowed(stretch(self.bytes, start, size)?),
                relocations: self.relocations(first, count)?,
            },
            _ => return None,
        };
        let name = Cow::Borrowed(stretch(self.bytes, name, name_size)?);
        Some(Function { name, signature: SignatureId(signature), body })
    }

    /// The imported functions, each with the names of the module and its own.
    pub fn imports(&self) -> impl Iterator<Item = (FunctionId, Cow<'a, str>, Cow<'a, str>)> {
        (0..self.function_count()).map(FunctionId::from_usize).map_while(|id| match self.function(id)?.body {
            Body::Import { module, name } => Some((id, module, name)),
            _ => None,
        })
    }

    /// The functions that only call another one with all their parameters, each with that one.
    pub fn forwards(&self) -> impl Iterator<Item = (FunctionId, FunctionId)> {
        self.forwards.iter().map(|[from, to]| (FunctionId(from), FunctionId(to)))
    }

    /// How many atoms there are.
    #[must_use]
    pub const fn atom_count(&self) -> usize {
        self.atoms.len()
    }

    /// A stretch of static data.
    #[must_use]
    pub fn atom(&self, id: AtomId) -> Option<Atom<'a>> {
        let [name, name_size, align, start, size, first, count] = self.atoms.get(id.index())?;
        Some(Atom {
            name: Cow::Borrowed(stretch(self.bytes, name, name_size)?),
            align,
            bytes: Cow::Borrowed(stretch(self.bytes, start, size)?),
            relocations: self.relocations(first, count)?,
        })
    }

    /// The function exported under a name.
    #[must_use]
    pub fn export(&self, name: &str) -> Option<FunctionId> {
        let (mut low, mut high) = (0, self.exports.len());
        while low < high {
            let middle = low.midpoint(high);
            let (export, function) = self.export_at(middle)?;
            match export.cmp(name) {
                std::cmp::Ordering::Equal => return Some(function),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The exported functions, in order of names.
    pub fn exports(&self) -> impl Iterator<Item = (&'a str, FunctionId)> {
        (0..self.exports.len()).filter_map(|position| self.export_at(position))
    }

    fn export_at(&self, position: usize) -> Option<(&'a str, FunctionId)> {
        let [name, size, function] = self.exports.get(position)?;
        Some((text(self.bytes, name, size)?, FunctionId(function)))
    }

    fn relocations(&self, first: u32, count: u32) -> Option<Relocations<'a>> {
        self.relocations.part(first as usize, count as usize).map(Relocations::Packed)
    }
}

fn stretch(bytes: &[u8], start: u32, size: u32) -> Option<&[u8]> {
    bytes.get(start as usize..start.checked_add(size)? as usize)
}

fn text(bytes: &[u8], start: u32, size: u32) -> Option<&str> {
    std::str::from_utf8(stretch(bytes, start, size)?).ok()
}

fn signature(bytes: &[u8], [start, params, results]: [u32; SIGNATURE_WORDS]) -> Option<Signature> {
    let types = |start, count| -> Option<Vec<ValType>> {
        stretch(bytes, start, count)?.iter().map(|code| ValType::of_code(*code)).collect()
    };
    Some(Signature { params: types(start, params)?, results: types(start.checked_add(params)?, results)? })
}

fn global(bytes: &[u8], [name, size, from_heap_base]: [u32; GLOBAL_WORDS]) -> Option<Global<'_>> {
    Some(Global { name: Cow::Borrowed(text(bytes, name, size)?), from_heap_base: from_heap_base != 0 })
}
