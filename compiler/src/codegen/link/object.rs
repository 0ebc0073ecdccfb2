//! The unit that the linker works on: functions and data with relocations, wherever they come from.
//!
//! The guest library becomes an [`Object`] by reading; generated code is added to the linker piece by piece in the same
//! form. Nothing here knows Rego or what a function does.

use std::borrow::Cow;

use crate::index::{IndexVec, define_index};

define_index! {
    /// A function: of the guest, of the generated code, or imported from the host.
    FunctionId, "fn"
}
define_index! {
    /// A stretch of static data that is kept or dropped as a whole.
    AtomId, "atom"
}
define_index! {
    /// A function type.
    SignatureId, "sig"
}
define_index! {
    /// A mutable global of 32 bits that the library uses.
    GlobalId, "global"
}

/// A number type of WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ValType {
    /// A 32-bit integer.
    I32 = 0x7f,
    /// A 64-bit integer.
    I64 = 0x7e,
    /// A 32-bit float.
    F32 = 0x7d,
    /// A 64-bit float.
    F64 = 0x7c,
}

/// A function type.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    /// The types of the parameters.
    pub params: Vec<ValType>,
    /// The types of the results.
    pub results: Vec<ValType>,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function<'a> {
    /// The name that the name section shows. Not an identity.
    pub name: Cow<'a, str>,
    /// Its type.
    pub signature: SignatureId,
    /// What it does.
    pub body: Body<'a>,
}

/// Where a function's code is.
#[derive(Clone, Debug)]
pub enum Body<'a> {
    /// Outside: supplied by the host, or bound to another function before linking.
    Import {
        /// The module name of the import.
        module: Cow<'a, str>,
        /// The name of the import.
        name: Cow<'a, str>,
    },
    /// Promised, not yet supplied.
    Declared,
    /// Nothing: a call drops its arguments and gives 0, without a function. Not for the table.
    Inert,
    /// Here: the declaration of locals and the instructions, without the size in front.
    Code {
        /// The bytes.
        bytes: Cow<'a, [u8]>,
        /// What has to be filled in, in order of place.
        relocations: Cow<'a, [Relocation]>,
    },
}

/// A stretch of static data.
#[derive(Clone, Debug)]
pub struct Atom<'a> {
    /// The name, for listings of sizes. Not an identity.
    pub name: Cow<'a, str>,
    /// The alignment in bytes, a power of two.
    pub align: u32,
    /// The bytes.
    pub bytes: Cow<'a, [u8]>,
    /// What has to be filled in, in order of place.
    pub relocations: Cow<'a, [Relocation]>,
}

/// A place whose value is known only when all numbers and addresses are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relocation {
    /// The offset in the bytes of the function or the atom.
    pub at: u32,
    /// How many bytes there are replaced: those that a compiler left as padding, or none.
    pub width: u8,
    /// How the value is written.
    pub field: Field,
    /// What the value is.
    pub target: Target,
    /// What is added to an address, in bytes. May be negative.
    pub addend: i32,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// As an unsigned LEB128, as short as it gets.
    Unsigned,
    /// As a signed LEB128, as short as it gets.
    Signed,
    /// As four bytes, the lowest first.
    Word,
    /// As the whole instruction that reads a global.
    GlobalGet,
    /// As the whole instruction that writes a global.
    GlobalSet,
}

/// What a relocation points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The index of a function.
    Function(FunctionId),
    /// The place of a function in the table, for indirect calls.
    Slot(FunctionId),
    /// The address of an atom.
    Atom(AtomId),
    /// The first address behind all static data.
    HeapBase,
    /// The index of a function type.
    Signature(SignatureId),
    /// The index of the global that holds the stack pointer.
    StackPointer,
    /// The index of another global.
    Global(GlobalId),
}

/// A global of the library: a word that begins as 0 or as [`Target::HeapBase`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Global<'a> {
    /// Its name, by which the functions that read and write it are imported.
    pub name: Cow<'a, str>,
    /// Whether it begins as the heap base.
    pub from_heap_base: bool,
}

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
pub struct Object<'a> {
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
    #[must_use]
    pub fn forwarded(&self, id: FunctionId) -> Option<FunctionId> {
        let function = self.functions.get(id)?;
        let Body::Code { bytes, relocations } = &function.body else { return None };
        let [Relocation { at, width: PADDED, field: Field::Unsigned, target: Target::Function(callee), addend: 0 }] =
            relocations.as_ref()
        else {
            return None;
        };
        let params = self.signatures.get(function.signature)?.params.len();
        let [NO_LOCALS, gets @ ..] = bytes.get(..*at as usize)? else { return None };
        let (gets, [CALL]) = gets.split_at_checked(2 * params)? else { return None };
        let is_in_order = gets.chunks(2).enumerate().all(|(index, get)| *get == [LOCAL_GET, index as u8]);
        let ends = bytes.get(*at as usize + PADDED as usize..)? == [END];
        let is_same = self.functions.get(*callee)?.signature == function.signature;
        (is_in_order && ends && is_same && params < 128 && *callee != id).then_some(*callee)
    }

    /// The function exported under a name.
    #[must_use]
    pub fn export(&self, name: &str) -> Option<FunctionId> {
        let row = self.exports.binary_search_by(|(export, _)| export.as_ref().cmp(name)).ok()?;
        self.exports.get(row).map(|(_, function)| *function)
    }
}
