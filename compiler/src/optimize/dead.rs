//! Removes what only sets locals that nothing reads. Needs nothing; keeps every answer.

use crate::index::Id as _;
use crate::optimize::fold::Known;
use crate::plan::ir::{Block, FuncId, Function, Program, StmtKind};
use crate::plan::visit;

/// How often a function is looked at again: what is removed may have been the last to read something else.
const ROUNDS: usize = 8;

/// Runs the pass.
pub(super) fn run(program: &mut Program, id: FuncId, _: &mut Known) {
    let function = &mut program.functions[id];
    for _ in 0..ROUNDS {
        let read = reads(function);
        if !sweep(&mut function.body, &read) {
            break;
        }
    }
}

/// By local: whether anything reads it.
fn reads(function: &Function) -> Vec<bool> {
    let mut read = vec![false; function.locals as usize];
    let mut mark = |local: crate::plan::ir::Local| {
        if let Some(read) = read.get_mut(local.index()) {
            *read = true;
        }
    };
    mark(function.result);
    visit::for_each_stmt(&function.body, &mut |stmt| visit::for_each_read(&stmt.kind, &mut mark));
    read
}

/// Removes the statements; whether there were any.
fn sweep(block: &mut Block, read: &[bool]) -> bool {
    let before = block.stmts.len();
    block.stmts.retain(|stmt| match &stmt.kind {
        StmtKind::Assign { target, .. }
        | StmtKind::Reset { target }
        | StmtKind::MakeArray { target, .. }
        | StmtKind::MakeObject { target }
        | StmtKind::MakeSet { target }
        | StmtKind::ObjectMerge { target, .. }
        | StmtKind::ObjectDefault { target, .. }
        | StmtKind::ResultSet { target, .. } => read.get(target.index()) != Some(&false),
        StmtKind::Block(body) => !body.stmts.is_empty(),
        _ => true,
    });
    let mut removed = block.stmts.len() != before;
    for stmt in &mut block.stmts {
        for inner in visit::blocks_mut(&mut stmt.kind) {
            removed |= sweep(inner, read);
        }
    }
    removed
}
