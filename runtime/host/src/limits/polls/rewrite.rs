//! Writes a module anew, with polls and with a memory that begins a little later. Everything else stays what it is.

use std::convert::Infallible;

use regoc_abi::imports;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, CustomSection, DataSection, EntityType, Function, ImportSection, Instruction,
    MemArg, MemorySection, MemoryType, Module, SectionId, ValType,
};
use wasmparser::{CustomSectionReader, Data, DataKind, FunctionBody, MemorySectionReader, Operator, Parser};

use super::outline::Outline;
use super::work::Polls;
use super::{HIDDEN, PAGES};
use crate::memory::PAGE;

type Result<T> = std::result::Result<T, Error<Infallible>>;

/// The byte of the word that polls read.
const FLAG: u64 = if cfg!(target_endian = "big") { 7 } else { 0 };

/// What is hidden, as an operand.
const SHIFT: i32 = HIDDEN as i32;

/// The last address that has another one so much further.
const LAST: i32 = -1 - SHIFT;

/// Addresses in the code mean what they say to somebody else there: hints at branches are found by them.
const BRANCH_HINTS: &str = "metadata.code.branch_hint";

/// The module with polls in these places.
pub(super) fn rewrite(module: &[u8], outline: &Outline<'_>, polls: Polls) -> Result<Vec<u8>> {
    let Some(memory) = outline.memory else {
        // Without a memory it is no policy, and so never runs.
        return Ok(module.to_vec());
    };
    let mut written = Module::new();
    let import = (!outline.imports_memory).then_some(memory);
    let mut rewriter = Rewriter { outline, polls: polls.into_iter(), function: 0, import, memories: 0 };
    rewriter.parse_core_module(&mut written, Parser::new(0), module)?;
    Ok(written.finish())
}

struct Rewriter<'o, 'm> {
    outline: &'o Outline<'m>,
    polls: std::vec::IntoIter<Vec<usize>>,
    /// How many functions are written.
    function: usize,
    /// The memory, where the module has it of its own: it is imported instead, so that the host knows where it lies before any code runs.
    import: Option<wasmparser::MemoryType>,
    /// How many memories are written.
    memories: u32,
}

impl Reencode for Rewriter<'_, '_> {
    type Error = Infallible;

    fn memory_type(&mut self, memory: wasmparser::MemoryType) -> Result<MemoryType> {
        let mut memory = utils::memory_type(self, memory);
        if self.memories == 0 {
            // What is larger than any memory is refused when it is made.
            let most = (1 << 32) / PAGE;
            memory.minimum = (memory.minimum + PAGES).min(most);
            memory.maximum = memory.maximum.map(|maximum| (maximum + PAGES).min(most));
        }
        self.memories += 1;
        Ok(memory)
    }

    fn mem_arg(&mut self, argument: wasmparser::MemArg) -> Result<MemArg> {
        let mut written = utils::mem_arg(self, argument)?;
        if written.memory_index == 0 {
            // No memory reaches so far: the host keeps the last page from being there ([`super::super::MemoryLimiter`]).
            written.offset = (written.offset + HIDDEN).min(u32::MAX.into());
        }
        Ok(written)
    }

    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result<()> {
        if !matches!(before, Some(SectionId::Type | SectionId::Import)) && self.import.is_some() && self.memories == 0 {
            let mut imports = ImportSection::new();
            self.import_memory(&mut imports)?;
            module.section(&imports);
        }
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<()> {
        utils::parse_import_section(self, imports, section)?;
        self.import_memory(imports)
    }

    fn parse_memory_section(&mut self, memories: &mut MemorySection, section: MemorySectionReader<'_>) -> Result<()> {
        let imported = usize::from(self.import.is_some());
        for memory in section.into_iter().skip(imported) {
            memories.memory(self.memory_type(memory?)?);
        }
        Ok(())
    }

    fn parse_data(&mut self, data: &mut DataSection, datum: Data<'_>) -> Result<()> {
        match datum.kind {
            DataKind::Active { memory_index: 0, offset_expr } => {
                let start = self.shifted(offset_expr)?;
                data.active(0, &start, datum.data.iter().copied());
                Ok(())
            }
            _ => utils::parse_data(self, data, datum),
        }
    }

    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Result<()> {
        match section.name() {
            BRANCH_HINTS => {}
            // As it is: no index that it may name is another one.
            name => drop(module.section(&CustomSection { name: name.into(), data: section.data().into() })),
        }
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<()> {
        let polls = self.polls.next().unwrap_or_default();
        let mut polls = polls.into_iter().peekable();
        let (mut function, spare) = self.begin(&body)?;
        for (place, operator) in body.get_operators_reader()?.into_iter().enumerate() {
            while polls.next_if_eq(&place).is_some() {
                poll(&mut function);
            }
            let operator = operator?;
            match shifting(&operator) {
                Some(shifting) => shifting.write(&mut function, spare, &self.instruction(operator)?),
                None => drop(function.instruction(&self.instruction(operator)?)),
            }
        }
        code.function(&function);
        Ok(())
    }
}

impl Rewriter<'_, '_> {
    /// Imports the memory, if the module has it of its own.
    fn import_memory(&mut self, imports: &mut ImportSection) -> Result<()> {
        if let Some(memory) = self.import {
            let memory = self.memory_type(memory)?;
            imports.import(imports::MODULE, imports::MEMORY, EntityType::Memory(memory));
        }
        Ok(())
    }

    /// Begins a function; gives the first of the locals that are its own in addition.
    fn begin(&mut self, body: &FunctionBody<'_>) -> Result<(Function, u32)> {
        let mut spare = u32::try_from(self.outline.parameters(self.function)).unwrap_or(u32::MAX);
        self.function += 1;
        let mut locals = Vec::new();
        for local in body.get_locals_reader()? {
            let (count, ty) = local?;
            spare = spare.saturating_add(count);
            locals.push((count, self.val_type(ty)?));
        }
        for operator in body.get_operators_reader()? {
            if shifting(&operator?).is_some() {
                locals.push((SPARE, ValType::I32));
                break;
            }
        }
        Ok((Function::new(locals), spare))
    }

    /// An address as constants are written, further by what is hidden.
    fn shifted(&mut self, address: wasmparser::ConstExpr<'_>) -> Result<ConstExpr> {
        let mut operators = address.get_operators_reader();
        if let Operator::I32Const { value } = operators.read()?
            && matches!(operators.read()?, Operator::End)
        {
            return Ok(ConstExpr::i32_const(further(value)));
        }
        Ok(self.const_expr(address)?.with_i32_const(SHIFT).with_i32_add())
    }
}

/// An address further by what is hidden. Where there is none, one behind all memory.
fn further(address: i32) -> i32 {
    address.cast_unsigned().checked_add(SHIFT.cast_unsigned()).map_or(-1, u32::cast_signed)
}

/// How many locals are needed to move addresses about.
const SPARE: u32 = 3;

/// What must be written around an instruction of the first memory that has no address of its own.
enum Shifting {
    /// Three operands, of which the last is a count, and the first and the second are addresses in it or not.
    Addresses(bool, bool),
    /// The size counts what is hidden.
    Size,
    /// So does what growing gives, unless it failed.
    Grow,
}

/// How an instruction must be written.
fn shifting(operator: &Operator<'_>) -> Option<Shifting> {
    match *operator {
        Operator::MemorySize { mem: 0 } => Some(Shifting::Size),
        Operator::MemoryGrow { mem: 0 } => Some(Shifting::Grow),
        Operator::MemoryFill { mem: 0 } | Operator::MemoryInit { mem: 0, .. } => Some(Shifting::Addresses(true, false)),
        Operator::MemoryCopy { dst_mem, src_mem } if dst_mem == 0 || src_mem == 0 => {
            Some(Shifting::Addresses(dst_mem == 0, src_mem == 0))
        }
        _ => None,
    }
}

impl Shifting {
    fn write(&self, function: &mut Function, spare: u32, instruction: &Instruction<'_>) {
        match self {
            Self::Size => {
                function.instruction(instruction).instructions().i32_const(PAGES as i32).i32_sub();
            }
            Self::Grow => {
                function.instruction(instruction).instructions().local_tee(spare).local_get(spare);
                function.instructions().i32_const(-1).i32_ne().i32_const(PAGES as i32).i32_mul().i32_sub();
            }
            Self::Addresses(first, second) => {
                function.instructions().local_set(spare + 2).local_set(spare + 1).local_set(spare);
                operand(function, spare, *first);
                operand(function, spare + 1, *second);
                function.instructions().local_get(spare + 2);
                function.instruction(instruction);
            }
        }
    }
}

/// An operand again. An address goes further by what is hidden, and where there is none, behind all memory.
fn operand(function: &mut Function, local: u32, is_address: bool) {
    let mut instructions = function.instructions();
    instructions.local_get(local);
    if is_address {
        instructions.i32_const(SHIFT).i32_add().i32_const(-1);
        instructions.local_get(local).i32_const(LAST).i32_le_u().select();
    }
}

/// Asks whether the time is over.
fn poll(function: &mut Function) {
    // An atomic load, because another thread writes it: compilers may not take what an earlier one gave.
    let flag = MemArg { offset: FLAG, align: 0, memory_index: 0 };
    function.instructions().i32_const(0).i32_atomic_load8_u(flag).if_(BlockType::Empty).unreachable().end();
}
