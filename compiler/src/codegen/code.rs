//! The code of one function while it is written: instructions, and the places that the linker fills in.

use wasm_encoder::{Encode, InstructionSink};

use super::link::object::{AtomId, Field, FunctionId, Relocation, SignatureId, Target};

const OP_CALL: u8 = 0x10;
const OP_CALL_INDIRECT: u8 = 0x11;
const OP_I32_LOAD: u8 = 0x28;
const OP_I32_STORE: u8 = 0x36;
const OP_I32_CONST: u8 = 0x41;
const TYPE_I32: u8 = 0x7f;
/// The alignment hint of a 32-bit access, as a power of two.
const ALIGN_WORD: u8 = 2;

/// The instructions of a function.
#[derive(Debug, Default)]
pub(super) struct Code {
    bytes: Vec<u8>,
    relocations: Vec<Relocation>,
}

impl Code {
    /// The instructions, to append one whose operands are known.
    pub(super) fn op(&mut self) -> InstructionSink<'_> {
        InstructionSink::new(&mut self.bytes)
    }

    /// The count of bytes so far.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Calls a function.
    pub(super) fn call(&mut self, function: FunctionId) {
        self.bytes.push(OP_CALL);
        self.place(Field::Unsigned, Target::Function(function), 0);
    }

    /// Calls the function in the row of the table that is on the stack.
    pub(super) fn call_indirect(&mut self, signature: SignatureId) {
        self.bytes.push(OP_CALL_INDIRECT);
        self.place(Field::Unsigned, Target::Signature(signature), 0);
        self.bytes.push(0); // The number of the table; engines without reference types want one byte.
    }

    /// Pushes an address inside an atom.
    pub(super) fn address(&mut self, atom: AtomId) {
        self.bytes.push(OP_I32_CONST);
        self.place(Field::Signed, Target::Atom(atom), 0);
    }

    /// Loads the word at a place in an atom; the base, usually 0, is on the stack.
    pub(super) fn load(&mut self, atom: AtomId, offset: i32) {
        self.bytes.extend([OP_I32_LOAD, ALIGN_WORD]);
        self.place(Field::Unsigned, Target::Atom(atom), offset);
    }

    /// Stores the word on the stack at a place in an atom; the base is below it.
    pub(super) fn store(&mut self, atom: AtomId, offset: i32) {
        self.bytes.extend([OP_I32_STORE, ALIGN_WORD]);
        self.place(Field::Unsigned, Target::Atom(atom), offset);
    }

    fn place(&mut self, field: Field, target: Target, addend: i32) {
        let at = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.relocations.push(Relocation { at, width: 0, field, target, addend });
    }

    /// Ends the function: the body with its declaration of so many 32-bit locals beside the parameters, and the places in it.
    pub(super) fn finish(mut self, locals: u32) -> (Vec<u8>, Vec<Relocation>) {
        self.op().end();
        let mut body = Vec::with_capacity(self.bytes.len() + 8);
        if locals == 0 {
            body.push(0);
        } else {
            body.push(1);
            locals.encode(&mut body);
            body.push(TYPE_I32);
        }
        let shift = u32::try_from(body.len()).unwrap_or(u32::MAX);
        body.append(&mut self.bytes);
        for relocation in &mut self.relocations {
            relocation.at = relocation.at.saturating_add(shift);
        }
        (body, self.relocations)
    }
}
