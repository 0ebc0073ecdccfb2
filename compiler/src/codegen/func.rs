//! The code of one function of the plan: its frame, its locals and how statements leave blocks.

use regoc_abi::Function as AbiFunction;
use wasm_encoder::BlockType;

use super::code::Code;
use super::locals::{Pool, Usage};
use super::module::{Memo, ModuleBuilder};
use super::{CodegenError, stmt};
use crate::index::Id;
use crate::plan::ir::{Block, FuncId, Function, FunctionKind, Label, Local, Operand};

/// How many locals a function has before they are used again: so many have numbers of one byte.
const FRESH_LOCALS: u32 = 100;

/// The size in bytes above which engines refuse a function; V8 takes 7,654,321.
const MAX_SIZE: usize = 7_000_000;

/// A function while its code is written.
pub(super) struct FunctionBuilder<'b, 'a> {
    pub(super) module: &'b mut ModuleBuilder<'a>,
    pub(super) function: &'a Function,
    pub(super) id: FuncId,
    pub(super) code: Code,
    usage: Usage,
    pool: Pool,
    /// The wasm local of each variable.
    slots: Vec<u32>,
    /// The number of the next block, in the order in which blocks begin; as [`Usage`] counts them.
    next_block: u32,
    /// The count of wasm blocks around the code that is being written.
    depth: u32,
    /// The wasm block of each block of the plan that is being written, from the outside in.
    labels: Vec<(Label, u32)>,
    /// The `with`s around the code that is being written, from the outside in.
    withs: Vec<With>,
}

/// A `with` whose body is being written.
#[derive(Clone, Copy, Debug)]
pub(super) struct With {
    /// The count of wasm blocks around it.
    pub(super) depth: u32,
    /// The document that it replaces.
    pub(super) document: Local,
    /// The wasm local that holds what was in the document.
    pub(super) saved: u32,
    /// The wasm local that holds the generation of kept values, if values are kept.
    pub(super) generation: Option<u32>,
}

/// Writes a function. Returns its instructions and the count of locals beside the parameters.
///
/// # Errors
/// It calls what is not there, or it is too large for engines.
pub(super) fn function<'a>(
    module: &mut ModuleBuilder<'a>,
    id: FuncId,
    function: &'a Function,
) -> Result<(Code, u32), CodegenError> {
    let params = 2 + function.params;
    let mut slots = vec![0; function.locals as usize];
    for (slot, index) in slots.iter_mut().zip(0..params) {
        *slot = index;
    }
    let mut pool = Pool::new(params, FRESH_LOCALS);
    if function.result.0 >= params
        && let Some(slot) = slots.get_mut(function.result.index())
    {
        *slot = pool.take().0;
    }
    let usage = Usage::of(function, module.program);
    let mut builder = FunctionBuilder {
        module,
        function,
        id,
        code: Code::default(),
        usage,
        pool,
        slots,
        next_block: 0,
        depth: 0,
        labels: Vec::new(),
        withs: Vec::new(),
    };
    if function.kind == FunctionKind::Storage {
        // The guest says it with less.
        builder.code.op().local_get(Local::INPUT.0 + 2).local_get(Local::INPUT.0 + 3);
        builder.runtime(&regoc_abi::runtime::STORAGE_DOT)?;
        return Ok((builder.code, 0));
    }
    let slot = builder.module.memo.slot(id);
    if let Some(slot) = slot {
        builder.return_kept(slot);
    }
    builder.attempted(|builder| {
        builder.block(&function.body)?;
        builder.end_document()
    })?;
    if let Some(slot) = slot {
        builder.unless_failed(|builder| builder.keep(slot));
    }
    builder.get(function.result);
    let size = builder.code.len();
    if size > MAX_SIZE {
        return Err(CodegenError::FunctionTooLarge { name: function.name.clone(), size });
    }
    Ok((builder.code, builder.pool.count() - params))
}

impl FunctionBuilder<'_, '_> {
    /// Returns the value in the slot if it is one of this generation.
    fn return_kept(&mut self, slot: i32) {
        let Some(memo) = self.module.memo.atom else { return };
        self.code.op().i32_const(0);
        self.code.load(memo, slot);
        self.code.op().i32_const(0);
        self.code.load(memo, Memo::CURRENT);
        self.code.op().i32_eq().if_(BlockType::Empty).i32_const(0);
        self.code.load(memo, slot + Memo::VALUE);
        self.code.op().return_().end();
    }

    /// Puts the result into the slot. The generation is the same as when the function began: each `with` goes back to it.
    fn keep(&mut self, slot: i32) {
        let Some(memo) = self.module.memo.atom else { return };
        self.code.op().i32_const(0).i32_const(0);
        self.code.load(memo, Memo::CURRENT);
        self.code.store(memo, slot);
        self.code.op().i32_const(0);
        self.get(self.function.result);
        self.code.store(memo, slot + Memo::VALUE);
    }

    /// Writes a block that ends where one of its statements is undefined.
    pub(super) fn block(&mut self, block: &Block) -> Result<(), CodegenError> {
        self.open(BlockType::Empty);
        self.body(block, |_| Ok(()))?;
        self.close();
        Ok(())
    }

    /// Writes the statements of a block inside of the wasm block that was opened for it, `before` them what belongs to the block
    /// without being one of its statements.
    pub(super) fn body(
        &mut self,
        block: &Block,
        before: impl FnOnce(&mut Self) -> Result<(), CodegenError>,
    ) -> Result<(), CodegenError> {
        let number = self.next_block;
        self.next_block += 1;
        self.labels.push((block.label, self.depth));
        self.begin(number, 0);
        before(self)?;
        self.end(number, 0);
        for (position, statement) in (1..).zip(&block.stmts) {
            self.begin(number, position);
            stmt::stmt(self, statement)?;
            self.end(number, position);
        }
        self.labels.pop();
        Ok(())
    }

    /// Gives wasm locals to the variables that begin with a statement.
    fn begin(&mut self, block: u32, position: u32) {
        for (local, clear) in self.usage.starting(block, position) {
            let (wasm, used) = self.pool.take();
            if let Some(slot) = self.slots.get_mut(local.index()) {
                *slot = wasm;
            }
            if clear && used {
                self.code.op().i32_const(0).local_set(wasm);
            }
        }
    }

    fn end(&mut self, block: u32, position: u32) {
        for local in self.usage.ending(block, position) {
            self.pool.give_back(self.slots.get(local.index()).copied().unwrap_or(0));
        }
    }

    /// A wasm local for a value that the plan does not know of, until it is given back.
    pub(super) fn take_local(&mut self) -> u32 {
        self.pool.take().0
    }

    /// Gives a wasm local back.
    pub(super) fn give_back(&mut self, local: u32) {
        self.pool.give_back(local);
    }

    /// The wasm local of a variable.
    pub(super) fn slot(&self, local: Local) -> u32 {
        self.slots.get(local.index()).copied().unwrap_or(0)
    }

    /// Pushes a variable.
    pub(super) fn get(&mut self, local: Local) {
        let slot = self.slot(local);
        self.code.op().local_get(slot);
    }

    /// Pops into a variable.
    pub(super) fn set(&mut self, local: Local) {
        let slot = self.slot(local);
        self.code.op().local_set(slot);
    }

    /// Whether anything reads the variable.
    pub(super) fn is_read(&self, local: Local) -> bool {
        self.usage.is_read(local)
    }

    /// If the variable is an object or a set whose elements come in order: how many come at the most.
    pub(super) fn ordered(&self, local: Local) -> Option<u32> {
        self.usage.ordered(local)
    }

    /// The slot of a key in the records that an operand may be.
    pub(super) fn record_slot(&self, source: Operand, key: Operand) -> Option<usize> {
        match (source, key) {
            (Operand::Local(source), Operand::Const(key)) => self.module.shapes.as_ref()?.slot(self.id, source, key),
            _ => None,
        }
    }

    /// Calls a function of the guest library.
    pub(super) fn runtime(&mut self, function: &AbiFunction) -> Result<(), CodegenError> {
        let id = self.module.runtime(function)?;
        self.code.call(id);
        Ok(())
    }

    /// Opens a wasm block.
    pub(super) fn open(&mut self, ty: BlockType) {
        self.code.op().block(ty);
        self.depth += 1;
    }

    /// Opens a wasm block that runs when the word on the stack is not 0.
    pub(super) fn open_if(&mut self) {
        self.code.op().if_(BlockType::Empty);
        self.depth += 1;
    }

    /// Opens a wasm block whose branches go back to its beginning.
    pub(super) fn open_loop(&mut self) {
        self.code.op().loop_(BlockType::Empty);
        self.depth += 1;
    }

    /// Closes the innermost wasm block.
    pub(super) fn close(&mut self) {
        self.code.op().end();
        self.depth -= 1;
    }

    /// The count of wasm blocks around the code that is being written: the name of the innermost one.
    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    /// The operand of a branch that leaves the wasm block which is the `depth`-th from the outside.
    pub(super) fn branch(&self, depth: u32) -> u32 {
        self.depth - depth
    }

    /// The operand of a branch out of the innermost block of the plan. No `with` lies between.
    fn undefined_branch(&self) -> u32 {
        self.labels.last().map_or(0, |(_, depth)| self.branch(*depth))
    }

    /// Leaves the innermost block: the statement is undefined.
    pub(super) fn undefined(&mut self) {
        let branch = self.undefined_branch();
        self.code.op().br(branch);
    }

    /// Leaves the innermost block if the word on the stack is not 0.
    pub(super) fn undefined_if(&mut self) {
        let branch = self.undefined_branch();
        self.code.op().br_if(branch);
    }

    /// Leaves the innermost block if the word on the stack is 0.
    pub(super) fn undefined_unless(&mut self) {
        self.code.op().i32_eqz();
        self.undefined_if();
    }

    /// Pops into a variable, and leaves the innermost block if the value is undefined.
    pub(super) fn set_defined(&mut self, local: Local) {
        let slot = self.slot(local);
        self.code.op().local_tee(slot);
        self.undefined_unless();
    }

    /// Leaves the block of that label, and every `with` on the way.
    pub(super) fn leave(&mut self, label: Label) -> Result<(), CodegenError> {
        let found = self.labels.iter().rev().find(|(open, _)| *open == label);
        let (_, depth) = *found
            .ok_or_else(|| CodegenError::Plan(format!("{}: {label} is not around its break", self.function.name)))?;
        let crossed: Vec<With> = self.withs.iter().rev().take_while(|with| with.depth >= depth).copied().collect();
        for with in crossed {
            self.restore(with);
        }
        let branch = self.branch(depth);
        self.code.op().br(branch);
        Ok(())
    }

    /// Begins the body of a `with`.
    pub(super) fn enter_with(&mut self, with: With) {
        self.withs.push(with);
    }

    /// Ends the body of the innermost `with`.
    pub(super) fn leave_with(&mut self) {
        if let Some(with) = self.withs.pop() {
            self.restore(with);
            self.give_back(with.saved);
            if let Some(generation) = with.generation {
                self.give_back(generation);
            }
        }
    }

    /// Puts the document and the generation back.
    fn restore(&mut self, with: With) {
        self.code.op().local_get(with.saved);
        self.set(with.document);
        if let (Some(memo), Some(generation)) = (self.module.memo.atom, with.generation) {
            self.code.op().i32_const(0).local_get(generation);
            self.code.store(memo, Memo::CURRENT);
        }
    }
}
