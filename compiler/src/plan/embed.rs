//! Puts a base document into a plan: what the host passes is laid over it.

use crate::index::Id;
use crate::plan::ir::{Block, Constant, Local, Operand, Program, Stmt, StmtKind};
use crate::plan::visit::free_label;

/// Makes each entrypoint run with the host's base document laid over `document`.
pub fn embed(program: &mut Program, document: Constant) {
    let constant = program.constants.push(document);
    for entrypoint in &program.entrypoints {
        let function = &mut program.functions[entrypoint.function];
        let label = free_label(&function.body);
        let (embedded, merged) =
            (Local::from_usize(function.locals as usize), Local::from_usize(function.locals as usize + 1));
        function.locals += 2;
        let body = Block { label, stmts: std::mem::take(&mut function.body.stmts) };
        let stmts = [
            StmtKind::Assign { target: embedded, source: Operand::Const(constant) },
            StmtKind::ObjectMerge { a: Local::DATA, b: embedded, target: merged },
            StmtKind::With { document: Local::DATA, path: Vec::new(), value: Operand::Local(merged), body },
        ];
        function.body.stmts = stmts.map(|kind| Stmt { kind, span: None }).into();
    }
}
