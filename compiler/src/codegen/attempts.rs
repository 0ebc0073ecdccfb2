//! Functions that try others ([`FunctionKind::Attempt`]): wasm without exceptions cannot catch what ends an evaluation.
//!
//! While one runs, a conflict is only noted, and what was to be evaluated goes on with the first of the values. The result, and whatever was
//! made since the conflict, is not used. What is noted belongs to the innermost attempt.

use wasm_encoder::BlockType;

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
    /// Begins a function that tries another. Returns the wasm local of what was noted in the attempt around it.
    pub(super) fn begin_attempt(&mut self) -> Option<u32> {
        let Attempts(atom) = self.module.attempts.filter(|_| self.function.kind == FunctionKind::Attempt)?;
        let around = self.take_local();
        self.code.op().i32_const(0);
        self.code.load(atom, FAILED);
        self.code.op().local_set(around).i32_const(0).i32_const(0);
        self.code.store(atom, FAILED);
        self.count_attempts(atom, 1);
        Some(around)
    }

    /// Ends it: a result after a conflict is none.
    pub(super) fn end_attempt(&mut self, around: u32) {
        let Some(Attempts(atom)) = self.module.attempts else { return };
        self.count_attempts(atom, -1);
        self.code.op().i32_const(0);
        self.code.load(atom, FAILED);
        self.code.op().if_(BlockType::Empty).i32_const(0);
        self.set(self.function.result);
        self.code.op().end().i32_const(0).local_get(around);
        self.code.store(atom, FAILED);
        self.give_back(around);
    }

    fn count_attempts(&mut self, atom: AtomId, change: i32) {
        self.code.op().i32_const(0).i32_const(0);
        self.code.load(atom, RUNNING);
        self.code.op().i32_const(change).i32_add();
        self.code.store(atom, RUNNING);
    }

    /// Notes a conflict in an attempt; what follows, up to [`Self::attempt_goes_on`], is done where there is none.
    pub(super) fn note_in_attempt(&mut self) -> bool {
        let Some(Attempts(atom)) = self.module.attempts else { return false };
        self.code.op().i32_const(0);
        self.code.load(atom, RUNNING);
        self.code.op().if_(BlockType::Empty).i32_const(0).i32_const(1);
        self.code.store(atom, FAILED);
        self.code.op().else_();
        true
    }

    /// Ends what is done where nothing is tried.
    pub(super) fn attempt_goes_on(&mut self, is_attempt: bool) {
        if is_attempt {
            self.code.op().end();
        }
    }

    /// Begins what is done unless the attempt around has come upon a conflict. Whether there is something to end.
    pub(super) fn unless_failed(&mut self) -> bool {
        let Some(Attempts(atom)) = self.module.attempts.filter(|_| self.function.kind != FunctionKind::Attempt) else {
            return false;
        };
        self.code.op().i32_const(0);
        self.code.load(atom, FAILED);
        self.code.op().i32_eqz().if_(BlockType::Empty);
        true
    }
}
