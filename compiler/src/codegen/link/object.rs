//! The unit that the linker works on: functions and data with relocations, wherever they come from.
//!
//! The guest library becomes an [`Object`] by reading; generated code is added to the linker piece by piece in the same
//! form. Nothing here knows Rego or what a function does.

use std::borrow::Cow;

use crate::index::define_index;

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

impl ValType {
    /// The type that a byte stands for.
    #[must_use]
    pub const fn of_code(code: u8) -> Option<Self> {
        match code {
            0x7f => Some(Self::I32),
            0x7e => Some(Self::I64),
            0x7d => Some(Self::F32),
            0x7c => Some(Self::F64),
            _ => None,
        }
    }
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
    /// The name that the name section shows, in UTF-8. Not an identity.
    pub name: Cow<'a, [u8]>,
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
        relocations: Relocations<'a>,
    },
}

impl Function<'_> {
    /// The same function without a copy of what it consists of.
    #[must_use]
    pub fn borrowed(&self) -> Function<'_> {
        let body = match &self.body {
            Body::Import { module, name } => Body::Import { module: Cow::Borrowed(module), name: Cow::Borrowed(name) },
            Body::Declared => Body::Declared,
            Body::Inert => Body::Inert,
            Body::Code { bytes, relocations } => {
                Body::Code { bytes: Cow::Borrowed(bytes), relocations: relocations.borrowed() }
            }
        };
        Function { name: Cow::Borrowed(&self.name), signature: self.signature, body }
    }
}

/// A stretch of static data.
#[derive(Clone, Debug)]
pub struct Atom<'a> {
    /// The name, for listings of sizes, in UTF-8. Not an identity.
    pub name: Cow<'a, [u8]>,
    /// The alignment in bytes, a power of two.
    pub align: u32,
    /// The bytes.
    pub bytes: Cow<'a, [u8]>,
    /// What has to be filled in, in order of place.
    pub relocations: Relocations<'a>,
}

impl Atom<'_> {
    /// The same data without a copy of what they consist of.
    #[must_use]
    pub fn borrowed(&self) -> Atom<'_> {
        let (bytes, relocations) = (Cow::Borrowed(self.bytes.as_ref()), self.relocations.borrowed());
        Atom { name: Cow::Borrowed(&self.name), align: self.align, bytes, relocations }
    }
}

/// The places in a function or an atom, as they are kept.
#[derive(Clone, Debug)]
pub enum Relocations<'a> {
    /// One by one.
    Listed(Cow<'a, [Relocation]>),
    /// As the rows of a library have them ([`Relocation::to_words`]).
    Packed(Rows<'a, RELOCATION_WORDS>),
}

impl<'a> Relocations<'a> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Listed(relocations) => relocations.len(),
            Self::Packed(rows) => rows.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one at a position.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Relocation> {
        match self {
            Self::Listed(relocations) => relocations.get(position).copied(),
            Self::Packed(rows) => rows.get(position).and_then(Relocation::from_words),
        }
    }

    /// All of them, in order of place.
    pub fn iter(&self) -> impl Iterator<Item = Relocation> {
        (0..self.len()).filter_map(|position| self.get(position))
    }

    fn borrowed(&self) -> Relocations<'_> {
        match self {
            Self::Listed(relocations) => Relocations::Listed(Cow::Borrowed(relocations)),
            Self::Packed(rows) => Relocations::Packed(*rows),
        }
    }
}

impl From<Vec<Relocation>> for Relocations<'_> {
    fn from(relocations: Vec<Relocation>) -> Self {
        Self::Listed(Cow::Owned(relocations))
    }
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

/// How many words a relocation has in a table.
pub const RELOCATION_WORDS: usize = 4;

impl Relocation {
    /// The relocation as a row of a table.
    #[must_use]
    pub fn to_words(self) -> [u32; RELOCATION_WORDS] {
        let (kind, id) = match self.target {
            Target::Function(id) => (0, id.0),
            Target::Slot(id) => (1, id.0),
            Target::Atom(id) => (2, id.0),
            Target::HeapBase => (3, 0),
            Target::Signature(id) => (4, id.0),
            Target::StackPointer => (5, 0),
            Target::Global(id) => (6, id.0),
        };
        let field = match self.field {
            Field::Unsigned => 0,
            Field::Signed => 1,
            Field::Word => 2,
            Field::GlobalGet => 3,
            Field::GlobalSet => 4,
        };
        [self.at, u32::from_le_bytes([self.width, field, kind, 0]), id, self.addend.cast_unsigned()]
    }

    /// The relocation of a row; none for what [`Relocation::to_words`] does not make.
    #[must_use]
    pub fn from_words([at, kinds, id, addend]: [u32; RELOCATION_WORDS]) -> Option<Self> {
        let [width, field, kind, _] = kinds.to_le_bytes();
        let target = match kind {
            0 => Target::Function(FunctionId(id)),
            1 => Target::Slot(FunctionId(id)),
            2 => Target::Atom(AtomId(id)),
            3 => Target::HeapBase,
            4 => Target::Signature(SignatureId(id)),
            5 => Target::StackPointer,
            6 => Target::Global(GlobalId(id)),
            _ => return None,
        };
        let field = match field {
            0 => Field::Unsigned,
            1 => Field::Signed,
            2 => Field::Word,
            3 => Field::GlobalGet,
            4 => Field::GlobalSet,
            _ => return None,
        };
        Some(Self { at, width, field, target, addend: addend.cast_signed() })
    }
}

/// The rows of a table in bytes, each so many words, lowest byte first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows<'a, const WORDS: usize> {
    bytes: &'a [u8],
}

impl<'a, const WORDS: usize> Rows<'a, WORDS> {
    /// The size in bytes of a row.
    const SIZE: usize = WORDS * size_of::<u32>();

    /// The rows that lie in these bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.bytes.len() / Self::SIZE
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A row.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<[u32; WORDS]> {
        let start = position.checked_mul(Self::SIZE)?;
        let (words, _) = self.bytes.get(start..start.checked_add(Self::SIZE)?)?.as_chunks();
        let mut row = [0; WORDS];
        for (word, bytes) in row.iter_mut().zip(words) {
            *word = u32::from_le_bytes(*bytes);
        }
        Some(row)
    }

    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = [u32; WORDS]> {
        (0..self.len()).filter_map(|position| self.get(position))
    }

    /// A stretch of the rows.
    #[must_use]
    pub fn part(&self, first: usize, count: usize) -> Option<Self> {
        let start = first.checked_mul(Self::SIZE)?;
        let end = count.checked_mul(Self::SIZE)?.checked_add(start)?;
        Some(Self { bytes: self.bytes.get(start..end)? })
    }
}
