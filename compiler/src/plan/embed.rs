//! Puts a base document into a plan: what the host passes is laid over it.

use crate::index::Id;
use crate::plan::ir::{Constant, Local, Operand, Program, Stmt, StmtKind};

/// Makes each entrypoint begin with the host's base document laid over `document`.
pub fn embed(program: &mut Program, document: Constant) {
    let constant = program.constants.push(document);
    for entrypoint in 0..program.entrypoints.len() {
        let Some(entrypoint) = program.entrypoints.get(entrypoint) else { continue };
        let function = &mut program.functions[entrypoint.function];
        let embedded = Local::from_usize(function.locals as usize);
        function.locals += 1;
        let stmts = [
            StmtKind::Assign { target: embedded, source: Operand::Const(constant) },
            StmtKind::ObjectMerge { a: Local::DATA, b: embedded, target: Local::DATA },
        ];
        function.body.stmts.splice(0..0, stmts.map(|kind| Stmt { kind, span: None }));
    }
}
