//! Bodies that are put where they are called, and the writing of bodies that have others put into them.

use std::ops::Range;

use wasm_encoder::{BlockType, Encode, InstructionSink};
use wasmparser::{BinaryReader, FunctionBody, Operator};

use super::super::object::{Relocation, Signature, Target, ValType};
use super::{Code, TYPES};

const OP_LOCAL_TEE: u8 = 0x22;

/// A function that can be put where it is called.
#[derive(Debug)]
pub(super) struct Inlinable {
    params: usize,
    result: Option<ValType>,
    /// The types of its locals, the parameters first.
    locals: Vec<ValType>,
    /// The locals that must be 0 when it begins.
    zeroed: Vec<usize>,
    bytes: Vec<u8>,
    relocations: Vec<Relocation>,
    pieces: Vec<Piece>,
    /// Whether something leaves it before its end.
    leaves: bool,
}

/// A part of a body.
#[derive(Debug)]
enum Piece {
    /// Instructions as they are, by their place in the body, and what has to be filled in, by its place among the relocations.
    Bytes(Range<usize>, Range<usize>),
    Local(Access, usize),
    /// `return`, so many blocks deep.
    Return(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Get,
    Set,
    Tee,
}

impl Inlinable {
    /// Reads a body; none if it cannot be put elsewhere.
    pub(super) fn read(signature: &Signature, bytes: &[u8], relocations: &[Relocation]) -> Option<Self> {
        if signature.results.len() > 1
            || relocations.iter().any(|it| it.width == 0 || it.target == Target::StackPointer)
        {
            return None;
        }
        let body = FunctionBody::new(BinaryReader::new(bytes, 0));
        let mut locals = signature.params.clone();
        for declared in body.get_locals_reader().ok()? {
            let (count, ty) = declared.ok()?;
            locals.extend(std::iter::repeat_n(val_type(ty)?, count as usize));
        }
        let mut reading = Reading::new(relocations, locals.len());
        let mut operators = body.get_operators_reader().ok()?;
        while !operators.eof() {
            let start = operators.original_position();
            let operator = operators.read().ok()?;
            reading.operator(&operator, start..operators.original_position());
        }
        let params = signature.params.len();
        let zeroed = (params..locals.len()).filter(|local| reading.uses.get(*local).is_some_and(Use::needs_zero));
        Some(Self {
            params,
            result: signature.results.first().copied(),
            zeroed: zeroed.collect(),
            locals,
            leaves: reading.leaves,
            pieces: reading.finish()?,
            bytes: bytes.to_vec(),
            relocations: relocations.to_vec(),
        })
    }

    pub(super) const fn size(&self) -> usize {
        self.bytes.len()
    }
}

/// A body while it is read.
struct Reading<'a> {
    relocations: &'a [Relocation],
    /// How many of them lie before what is in no piece yet.
    filled: usize,
    pieces: Vec<Piece>,
    /// What has been read and is in no piece yet begins here.
    done: usize,
    /// The blocks that are open, the function itself first, by numbers that are never given again.
    open: Vec<usize>,
    blocks: usize,
    uses: Vec<Use>,
    leaves: bool,
    /// Whether the operator before was `unreachable`.
    diverges: bool,
    /// Whether there was something that cannot be put elsewhere.
    unfit: bool,
}

/// How a local is used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Use {
    /// The block in which it is first used, and is set there.
    set_in: Option<usize>,
    used: bool,
    /// Whether it may be read before it is set.
    unset: bool,
}

impl Use {
    /// Whether it must be 0 when the function begins.
    pub(super) const fn needs_zero(&self) -> bool {
        self.unset
    }

    /// Notes a use, which sets it or reads it. What is set first in a block is set wherever it is used later in that block.
    pub(super) fn note(&mut self, sets: bool, open: &[usize]) {
        match self.set_in {
            None if !self.used && sets => self.set_in = open.last().copied(),
            None => self.unset = true,
            Some(block) => self.unset |= !open.contains(&block),
        }
        self.used = true;
    }
}

impl<'a> Reading<'a> {
    fn new(relocations: &'a [Relocation], locals: usize) -> Self {
        Self {
            relocations,
            filled: 0,
            pieces: Vec::new(),
            done: 0,
            open: vec![0],
            blocks: 1,
            uses: vec![Use::default(); locals],
            leaves: false,
            diverges: false,
            unfit: false,
        }
    }

    fn operator(&mut self, operator: &Operator<'_>, place: Range<usize>) {
        if self.done == 0 {
            self.done = place.start;
        }
        let function = self.open.len().saturating_sub(1);
        let ends_at = |depth: u32| depth as usize == function;
        match operator {
            Operator::LocalGet { local_index } => self.local(Access::Get, *local_index, place),
            Operator::LocalSet { local_index } => self.local(Access::Set, *local_index, place),
            Operator::LocalTee { local_index } => self.local(Access::Tee, *local_index, place),
            Operator::Return => {
                self.leaves = true;
                self.piece(Piece::Return(u32::try_from(function).unwrap_or(u32::MAX)), place);
            }
            Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                self.unfit |= matches!(blockty, wasmparser::BlockType::FuncType(_));
                self.open_block();
            }
            Operator::Else => {
                self.open.pop();
                self.open_block();
            }
            Operator::End => {
                self.open.pop();
                if self.open.is_empty() {
                    // That of the function.
                    self.unfit |= self.diverges;
                    self.take_bytes(place.start);
                }
            }
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                self.leaves |= ends_at(*relative_depth);
            }
            Operator::BrTable { targets } => {
                let mut depths = targets.targets().chain([Ok(targets.default())]);
                self.leaves |= depths.any(|depth| depth.is_ok_and(ends_at));
            }
            _ => {}
        }
        self.diverges = matches!(operator, Operator::Unreachable);
    }

    fn open_block(&mut self) {
        self.open.push(self.blocks);
        self.blocks += 1;
    }

    fn local(&mut self, access: Access, local: u32, place: Range<usize>) {
        let local = local as usize;
        if let Some(used) = self.uses.get_mut(local) {
            used.note(access != Access::Get, &self.open);
        }
        self.piece(Piece::Local(access, local), place);
    }

    fn piece(&mut self, piece: Piece, place: Range<usize>) {
        self.take_bytes(place.start);
        self.pieces.push(piece);
        self.done = place.end;
    }

    /// Makes a piece of what has been read up to a place.
    fn take_bytes(&mut self, end: usize) {
        let start = self.done;
        if start >= end {
            return;
        }
        let filled = self.filled_before(start)..self.filled_before(end);
        self.pieces.push(Piece::Bytes(start..end, filled));
        self.done = end;
    }

    /// How many relocations, which are in order of place, lie before one.
    fn filled_before(&mut self, end: usize) -> usize {
        while self.relocations.get(self.filled).is_some_and(|it| (it.at as usize) < end) {
            self.filled += 1;
        }
        self.filled
    }

    fn finish(self) -> Option<Vec<Piece>> {
        (!self.unfit && self.open.is_empty()).then_some(self.pieces)
    }
}

/// A body while others are put into it.
pub(super) struct Writer<'a> {
    from: &'a [u8],
    done: usize,
    /// The first of the locals of each type that what is put in place has in common.
    first: [usize; TYPES.len()],
    bytes: Vec<u8>,
    relocations: Vec<Relocation>,
    /// The last instruction that sets a local.
    set: Option<Set>,
}

/// An instruction that sets a local, from its first byte to its end.
struct Set {
    local: usize,
    start: usize,
    end: usize,
}

impl<'a> Writer<'a> {
    /// Begins with the declaration of the locals: those of the function, and those of the largest of what is put into it.
    pub(super) fn new(from: &'a [u8], params: usize, put: &[&Inlinable]) -> Option<Self> {
        let reader = FunctionBody::new(BinaryReader::new(from, 0));
        let mut groups: Vec<(u32, u8)> = Vec::new();
        for declared in reader.get_locals_reader().ok()? {
            let (count, ty) = declared.ok()?;
            groups.push((count, val_type(ty)? as u8));
        }
        let done = reader.get_binary_reader_for_operators().ok()?.original_position();
        let mut next = params + groups.iter().map(|(count, _)| *count as usize).sum::<usize>();
        let mut first = [0; TYPES.len()];
        for (ty, first) in TYPES.into_iter().zip(&mut first) {
            let most = put.iter().map(|it| it.locals.iter().filter(|local| **local == ty).count()).max().unwrap_or(0);
            *first = next;
            next += most;
            if most > 0 {
                groups.push((u32::try_from(most).ok()?, ty as u8));
            }
        }
        let mut bytes = Vec::with_capacity(from.len() * 2);
        groups.len().encode(&mut bytes);
        for (count, ty) in groups {
            count.encode(&mut bytes);
            bytes.push(ty);
        }
        Some(Self { from, done, first, bytes, relocations: Vec::new(), set: None })
    }

    fn copy(&mut self, end: usize) {
        self.bytes.extend_from_slice(self.from.get(self.done..end).unwrap_or_default());
        self.done = end;
    }

    /// Goes on behind what a relocation fills in.
    pub(super) fn keep(&mut self, relocation: &Relocation) {
        let at = relocation.at as usize;
        self.copy(at);
        self.relocations.push(Relocation { at: offset(&self.bytes), ..*relocation });
        self.copy(at + usize::from(relocation.width));
    }

    /// Puts a function in the place of the call that a relocation belongs to.
    pub(super) fn put(&mut self, relocation: &Relocation, function: &Inlinable) {
        let at = relocation.at as usize;
        // The opcode stands before the number.
        self.copy(at.saturating_sub(1));
        self.done = at + usize::from(relocation.width);
        let locals = self.places(function);
        for local in locals.iter().take(function.params).rev() {
            self.local(Access::Set, *local);
        }
        for (local, place) in function.zeroed.iter().filter_map(|local| Some((*local, *locals.get(*local)?))) {
            self.zero(function.locals.get(local).copied());
            self.local(Access::Set, place);
        }
        if function.leaves {
            let result =
                function.result.map_or(BlockType::Empty, |ty| BlockType::Result(super::super::emit::val_type(ty)));
            InstructionSink::new(&mut self.bytes).block(result);
        }
        for piece in &function.pieces {
            match piece {
                Piece::Bytes(place, filled) => {
                    let relocations = function.relocations.get(filled.clone()).unwrap_or_default();
                    let start = offset(&self.bytes);
                    let moved = |it: &Relocation| Relocation { at: it.at - position(place.start) + start, ..*it };
                    self.relocations.extend(relocations.iter().map(moved));
                    self.bytes.extend_from_slice(function.bytes.get(place.clone()).unwrap_or_default());
                }
                Piece::Local(access, local) => self.local(*access, locals.get(*local).copied().unwrap_or_default()),
                Piece::Return(depth) => {
                    InstructionSink::new(&mut self.bytes).br(*depth);
                }
            }
        }
        if function.leaves {
            InstructionSink::new(&mut self.bytes).end();
        }
    }

    /// Where the locals of a function go.
    fn places(&self, function: &Inlinable) -> Vec<usize> {
        let mut next = self.first;
        let place = |ty: &ValType| {
            let next = TYPES.iter().zip(&mut next).find_map(|(other, next)| (other == ty).then_some(next))?;
            *next += 1;
            Some(*next - 1)
        };
        function.locals.iter().filter_map(place).collect()
    }

    fn local(&mut self, access: Access, local: usize) {
        if access == Access::Get
            && let Some(set) = self.set.take_if(|set| set.local == local && set.end == self.bytes.len())
            && let Some(opcode) = self.bytes.get_mut(set.start)
        {
            *opcode = OP_LOCAL_TEE;
            return;
        }
        let start = self.bytes.len();
        let index = u32::try_from(local).unwrap_or(u32::MAX);
        let mut sink = InstructionSink::new(&mut self.bytes);
        match access {
            Access::Get => sink.local_get(index),
            Access::Set => sink.local_set(index),
            Access::Tee => sink.local_tee(index),
        };
        self.set = (access == Access::Set).then_some(Set { local, start, end: self.bytes.len() });
    }

    fn zero(&mut self, ty: Option<ValType>) {
        let mut sink = InstructionSink::new(&mut self.bytes);
        match ty {
            Some(ValType::I64) => sink.i64_const(0),
            Some(ValType::F32) => sink.f32_const(0.0.into()),
            Some(ValType::F64) => sink.f64_const(0.0.into()),
            _ => sink.i32_const(0),
        };
    }

    pub(super) fn finish(mut self) -> Code {
        self.copy(self.from.len());
        Code { bytes: self.bytes, relocations: self.relocations }
    }
}

fn offset(bytes: &[u8]) -> u32 {
    position(bytes.len())
}

fn position(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn val_type(ty: wasmparser::ValType) -> Option<ValType> {
    match ty {
        wasmparser::ValType::I32 => Some(ValType::I32),
        wasmparser::ValType::I64 => Some(ValType::I64),
        wasmparser::ValType::F32 => Some(ValType::F32),
        wasmparser::ValType::F64 => Some(ValType::F64),
        _ => None,
    }
}
