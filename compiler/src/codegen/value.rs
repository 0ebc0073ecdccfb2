//! Values in generated code: operands, and the tests that need no call.

use regoc_abi::layout::Tag;
use regoc_abi::runtime;

use super::CodegenError;
use super::consts::Word;
use super::func::FunctionBuilder;
use crate::plan::ir::{Constant, Operand, TypeTest};

impl FunctionBuilder<'_, '_> {
    /// Pushes the word of an operand.
    pub(super) fn operand(&mut self, operand: Operand) -> Result<(), CodegenError> {
        match operand {
            Operand::Local(local) => self.get(local),
            Operand::Const(constant) => {
                let word = self.module.word(constant)?;
                self.word(word);
            }
        }
        Ok(())
    }

    /// Pushes a word.
    pub(super) fn word(&mut self, word: Word) {
        match word {
            Word::Immediate(value) => {
                self.code.op().i32_const(value.cast_signed());
            }
            Word::Atom(atom) => self.code.address(atom),
        }
    }

    /// Whether an operand is a constant string.
    pub(super) fn is_text(&self, operand: Operand) -> bool {
        let Operand::Const(id) = operand else { return false };
        matches!(self.module.program.constants.get(id), Some(Constant::String(_)))
    }

    /// The word of an operand whose value is equal to another exactly when the words are: `null` and the booleans. (An
    /// integer may have an equal that is kept as text, such as `1.0`.)
    fn unique_word(&mut self, operand: Operand) -> Result<Option<Word>, CodegenError> {
        let Operand::Const(constant) = operand else { return Ok(None) };
        let word = self.module.word(constant)?;
        Ok(Some(word).filter(|word| matches!(word, Word::Immediate(value) if value & 1 == 0)))
    }

    /// Pushes 1 if the two are equal, else 0. Both are defined.
    pub(super) fn equal(&mut self, a: Operand, b: Operand) -> Result<(), CodegenError> {
        let unique = self.unique_word(a)?.is_some() || self.unique_word(b)?.is_some();
        let (a, constant) = if self.is_text(a) { (b, a) } else { (a, b) };
        self.operand(a)?;
        self.operand(constant)?;
        if unique {
            self.code.op().i32_eq();
            return Ok(());
        }
        self.runtime(match (self.is_text(constant), self.module.recognises, self.module.loops) {
            (true, true, _) => &runtime::EQUAL_KNOWN,
            (_, _, true) => &runtime::EQUAL_OFTEN,
            _ => &runtime::EQUAL,
        })
    }

    /// Leaves the block unless the two are equal, or unless they differ.
    pub(super) fn require(&mut self, a: Operand, b: Operand, equal: bool) -> Result<(), CodegenError> {
        if self.unique_word(a)?.is_some() || self.unique_word(b)?.is_some() {
            self.operand(a)?;
            self.operand(b)?;
            if equal {
                self.code.op().i32_ne();
            } else {
                self.code.op().i32_eq();
            }
            self.undefined_if();
            return Ok(());
        }
        self.equal(a, b)?;
        if equal {
            self.undefined_unless();
        } else {
            self.undefined_if();
        }
        Ok(())
    }

    /// Leaves the block unless the value has the type.
    pub(super) fn require_type(&mut self, source: Operand, test: TypeTest) -> Result<(), CodegenError> {
        let tag = match test {
            TypeTest::Array => Tag::Array,
            TypeTest::Object => Tag::Object,
            TypeTest::Set => Tag::Set,
            TypeTest::String => Tag::String,
        };
        if matches!(source, Operand::Local(_)) {
            // Undefined has no tag.
            self.operand(source)?;
            self.undefined_unless();
        }
        self.operand(source)?;
        self.runtime(&runtime::TAG)?;
        self.code.op().i32_const(tag as i32).i32_ne();
        self.undefined_if();
        Ok(())
    }
}
