//! A library as it was read, and its image ([`super::library`]). Part of the build of the compiler and of its tests, not of the compiler.

use std::borrow::Cow;

use super::LinkError;
use super::library::{DEFINED, IMPORTED, Table};
use super::object::{Atom, AtomId, Body, Field, Function, FunctionId, Global, GlobalId, Relocation, Relocations};
use super::object::{Signature, SignatureId, Target};
use crate::index::IndexVec;

/// How a body without locals begins.
const NO_LOCALS: u8 = 0;
/// The opcode of `local.get`.
const LOCAL_GET: u8 = 0x20;
/// The opcode of `call`.
pub(super) const CALL: u8 = 0x10;
/// The opcode of `end`.
const END: u8 = 0x0b;
/// The width of a number that a compiler padded.
const PADDED: u8 = 5;

/// A library to link from.
#[derive(Clone, Debug, Default)]
pub(super) struct Object<'a> {
    /// The function types.
    pub signatures: IndexVec<SignatureId, Signature>,
    /// The functions, imports first.
    pub functions: IndexVec<FunctionId, Function<'a>>,
    /// The static data.
    pub atoms: IndexVec<AtomId, Atom<'a>>,
    /// The globals, in the order of their names.
    pub globals: IndexVec<GlobalId, Global<'a>>,
    /// The exported functions, sorted by name.
    pub exports: Vec<(Cow<'a, str>, FunctionId)>,
}

impl Object<'_> {
    /// The function that stands for a function which only calls it with all its parameters, in their order.
    fn forwarded(&self, id: FunctionId) -> Option<FunctionId> {
        let function = self.functions.get(id)?;
        let Body::Code { bytes, relocations } = &function.body else { return None };
        let Relocation { at, width: PADDED, field: Field::Unsigned, target: Target::Function(callee), addend: 0 } =
            relocations.get(0).filter(|_| relocations.len() == 1)?
        else {
            return None;
        };
        let params = self.signatures.get(function.signature)?.params.len();
        let [NO_LOCALS, gets @ ..] = bytes.get(..at as usize)? else { return None };
        let (gets, [CALL]) = gets.split_at_checked(2 * params)? else { return None };
        let is_in_order = gets.chunks(2).enumerate().all(|(index, get)| *get == [LOCAL_GET, index as u8]);
        let ends = bytes.get(at as usize + PADDED as usize..)? == [END];
        let is_same = self.functions.get(callee)?.signature == function.signature;
        (is_in_order && ends && is_same && params < 128 && callee != id).then_some(callee)
    }
}

/// Writes the image of a library.
///
/// # Errors
/// The library is larger than an image can be.
pub(super) fn pack(object: &Object<'_>) -> Result<Vec<u8>, LinkError> {
    let mut image = Image::default();
    for signature in object.signatures.iter() {
        let types: Vec<u8> = signature.params.iter().chain(&signature.results).map(|ty| *ty as u8).collect();
        let [start, _] = image.bytes(&types)?;
        image.row(Table::Signatures, &[start, number(signature.params.len())?, number(signature.results.len())?]);
    }
    for (id, function) in object.functions.enumerate() {
        image.function(function)?;
        if let Some(callee) = object.forwarded(id) {
            image.row(Table::Forwards, &[id.0, callee.0]);
        }
    }
    for atom in object.atoms.iter() {
        let ([start, size], [first, count]) = (image.bytes(&atom.bytes)?, image.relocations(&atom.relocations)?);
        let [name, name_size] = image.bytes(&atom.name)?;
        image.row(Table::Atoms, &[name, name_size, atom.align, start, size, first, count]);
    }
    for global in object.globals.iter() {
        let [name, size] = image.name(&global.name)?;
        image.row(Table::Globals, &[name, size, u32::from(global.from_heap_base)]);
    }
    for (name, function) in &object.exports {
        let [name, size] = image.name(name)?;
        image.row(Table::Exports, &[name, size, function.0]);
    }
    image.finish()
}

/// How many tables there are.
const TABLES: usize = Table::Bytes as usize + 1;

/// The tables of an image that is being written.
#[derive(Default)]
struct Image {
    tables: [Vec<u8>; TABLES],
    relocations: usize,
}

impl Image {
    fn row(&mut self, table: Table, words: &[u32]) {
        let bytes = words.iter().flat_map(|word| word.to_le_bytes());
        self.tables[table as usize].extend(bytes);
    }

    fn function(&mut self, function: &Function<'_>) -> Result<(), LinkError> {
        let (kind, [start, size], [first, count]) = match &function.body {
            Body::Import { module, .. } => (IMPORTED, self.name(module)?, [0, 0]),
            Body::Code { bytes, relocations } => (DEFINED, self.bytes(bytes)?, self.relocations(relocations)?),
            Body::Declared | Body::Inert => {
                return Err(LinkError::Library(format!(
                    "the function {} has no code",
                    String::from_utf8_lossy(&function.name)
                )));
            }
        };
        // What an import is called is its name.
        let [name, name_size] = match &function.body {
            Body::Import { name, .. } => self.name(name)?,
            _ => self.bytes(&function.name)?,
        };
        self.row(Table::Functions, &[name, name_size, function.signature.0, kind, start, size, first, count]);
        Ok(())
    }

    fn name(&mut self, name: &str) -> Result<[u32; 2], LinkError> {
        self.bytes(name.as_bytes())
    }

    /// Keeps bytes; gives their place and size.
    fn bytes(&mut self, bytes: &[u8]) -> Result<[u32; 2], LinkError> {
        let kept = &mut self.tables[Table::Bytes as usize];
        let place = [number(kept.len())?, number(bytes.len())?];
        kept.extend_from_slice(bytes);
        Ok(place)
    }

    /// Keeps relocations; gives the first one's position and how many they are.
    fn relocations(&mut self, relocations: &Relocations<'_>) -> Result<[u32; 2], LinkError> {
        let place = [number(self.relocations)?, number(relocations.len())?];
        self.relocations += relocations.len();
        relocations.iter().for_each(|relocation| self.row(Table::Relocations, &relocation.to_words()));
        Ok(place)
    }

    fn finish(self) -> Result<Vec<u8>, LinkError> {
        let mut image = Vec::new();
        let mut start = TABLES * 2 * size_of::<u32>();
        for table in &self.tables {
            image.extend(number(start)?.to_le_bytes());
            image.extend(number(table.len())?.to_le_bytes());
            start += table.len();
        }
        number(start)?;
        image.extend(self.tables.concat());
        Ok(image)
    }
}

fn number(count: usize) -> Result<u32, LinkError> {
    u32::try_from(count).map_err(|_| LinkError::TooLarge("the image of the library".to_owned()))
}
