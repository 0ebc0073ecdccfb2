//! Functions that look for keys in the whole of what rules define, as far as it can be made, before they make what lies under the keys
//! alone. The attempt at the whole comes first in them; without it they give the same.

use std::collections::BTreeSet;

use super::ir::{Block, FuncId, Function, FunctionKind, Program, Stmt, StmtKind};

/// The attempts of a plan that pass a test.
pub(crate) fn attempts(program: &Program, test: impl Fn(&Function) -> bool) -> BTreeSet<FuncId> {
    let is_one = |function: &Function| function.kind == FunctionKind::Attempt && test(function);
    program.functions.enumerate().filter(|(_, function)| is_one(function)).map(|(id, _)| id).collect()
}

/// Whether a function begins with one of some attempts.
pub(crate) fn begins_with(function: &Function, attempts: &BTreeSet<FuncId>) -> bool {
    match function.body.stmts.first() {
        Some(Stmt { kind: StmtKind::Block(Block { stmts, .. }), .. }) => matches!(
            stmts.first(),
            Some(Stmt { kind: StmtKind::Call { function, .. }, .. }) if attempts.contains(function)
        ),
        _ => false,
    }
}

/// Takes attempts out of the functions that begin with them.
pub(crate) fn drop_attempts(program: &mut Program, attempts: &BTreeSet<FuncId>) {
    if attempts.is_empty() {
        return;
    }
    for function in program.functions.iter_mut().filter(|function| begins_with(function, attempts)) {
        function.body.stmts.remove(0);
    }
}
