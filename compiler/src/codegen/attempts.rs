//! Functions that try others ([`FunctionKind::Attempt`]): wasm without exceptions cannot catch what ends an evaluation.
//!
//! While one runs, a conflict is only noted, and what was to be evaluated goes on with the first of the values. The result, and whatever was
//! made since the conflict, is not used. What is noted belongs to the innermost attempt.

use wasm_encoder::BlockType;

use super::CodegenError;
use super::code::Code;
use super::func::FunctionBuilder;
use super::link::Linker;
use super::link::object::AtomId;
use crate::plan::ir::{FunctionKind, Program};

/// Two words in memory: how many attempts run, and whether the innermost has come upon a conflict.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempts(AtomId);

const RUNNING: i32 = 0;
const FAILED: i32 = 4;

impl Attempts {
    /// None where nothing is tried.
    pub(super) fn new(program: &Program, linker: &mut Linker<'_>) -> Option<Self> {
        let tries = program.functions.iter().any(|function| function.kind == FunctionKind::Attempt);
        tries.then(|| Self(linker.atom("attempts", 4, vec![0; 8], Vec::new())))
    }

    /// A decision begins. One that was ended from outside may have left attempts.
    pub(super) fn forget(self, code: &mut Code) {
        for word in [RUNNING, FAILED] {
            code.op().i32_const(0).i32_const(0);
            code.store(self.0, word);
        }
    }
}

impl FunctionBuilder<'_, '_> {
    /// The body of a function that tries another: what was noted in the attempt around it is kept meanwhile, and a result after a conflict
    /// is none. Any other body as it is.
    pub(super) fn attempted(
        &mut self,
        body: impl FnOnce(&mut Self) -> Result<(), CodegenError>,
    ) -> Result<(), CodegenError> {
        let attempts = self.module.attempts.filter(|_| self.function.kind == FunctionKind::Attempt);
        let Some(Attempts(atom)) = attempts else { return body(self) };
        let around = self.take_local();
        self.code.op().i32_const(0);
        self.code.load(atom, FAILED);
        self.code.op().local_set(around).i32_const(0).i32_const(0);
        self.code.store(atom, FAILED);
        self.count_attempts(atom, 1);
        body(self)?;
        self.count_attempts(atom, -1);
        self.code.op().i32_const(0);
        self.code.load(atom, FAILED);
        self.code.op().if_(BlockType::Empty).i32_const(0);
        self.set(self.function.result);
        self.code.op().end().i32_const(0).local_get(around);
        self.code.store(atom, FAILED);
        self.give_back(around);
        Ok(())
    }

    fn count_attempts(&mut self, atom: AtomId, change: i32) {
        self.code.op().i32_const(0).i32_const(0);
        self.code.load(atom, RUNNING);
        self.code.op().i32_const(change).i32_add();
        self.code.store(atom, RUNNING);
    }

    /// What raises a conflict, unless an attempt runs, in which it is noted.
    pub(super) fn raised_or_noted(
        &mut self,
        raise: impl FnOnce(&mut Self) -> Result<(), CodegenError>,
    ) -> Result<(), CodegenError> {
        let Some(Attempts(atom)) = self.module.attempts else { return raise(self) };
        self.code.op().i32_const(0);
        self.code.load(atom, RUNNING);
        self.code.op().if_(BlockType::Empty).i32_const(0).i32_const(1);
        self.code.store(atom, FAILED);
        self.code.op().else_();
        raise(self)?;
        self.code.op().end();
        Ok(())
    }

    /// What is done unless the attempt around has come upon a conflict.
    pub(super) fn unless_failed(&mut self, then: impl FnOnce(&mut Self)) {
        let attempts = self.module.attempts.filter(|_| self.function.kind != FunctionKind::Attempt);
        let Some(Attempts(atom)) = attempts else { return then(self) };
        self.code.op().i32_const(0);
        self.code.load(atom, FAILED);
        self.code.op().i32_eqz().if_(BlockType::Empty);
        then(self);
        self.code.op().end();
    }
}
