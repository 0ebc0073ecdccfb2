//! Keeps the value of a rule set for the rest of the decision only where it may be asked twice.
//!
//! Needs the flags that the planner sets on every function without parameters; takes away those that cost more than they
//! save, adds none. Keeps every answer, and how often each rule is evaluated.

use std::collections::BTreeMap;

use crate::plan::ir::{Block, FuncId, Program, StmtKind};
use crate::plan::visit;

/// How often something may run within one decision; two means many times.
type Times = u8;

/// Many times.
const MANY: Times = 2;

/// Runs the pass.
pub(super) fn run(program: &mut Program) {
    let calls: Vec<Vec<(FuncId, Times)>> =
        program.functions.iter().map(|function| calls(program, &function.body)).collect();
    let mut asked: BTreeMap<FuncId, Times> = BTreeMap::new();
    // A decision is of one entrypoint, so each counts by itself.
    for entrypoint in &program.entrypoints {
        for (function, times) in count(program, &calls, entrypoint.function) {
            let most = asked.entry(function).or_default();
            *most = (*most).max(times);
        }
    }
    for id in program.functions.ids() {
        if asked.get(&id).copied().unwrap_or(0) < MANY {
            program.functions[id].memoize = false;
        }
    }
}

/// The functions that a body calls, each with how often one run of the body may call it.
fn calls(program: &Program, body: &Block) -> Vec<(FuncId, Times)> {
    let mut found = BTreeMap::new();
    gather(program, body, 1, &mut found);
    found.into_iter().collect()
}

fn gather(program: &Program, block: &Block, times: Times, found: &mut BTreeMap<FuncId, Times>) {
    for stmt in &block.stmts {
        match &stmt.kind {
            StmtKind::Call { function, .. } => add(found, *function, times),
            StmtKind::CallDynamic { table, .. } => {
                // Which function it is, and how often the same, is known only at run time.
                let rows = program.tables.get(*table).into_iter().flat_map(|table| &table.rows);
                rows.for_each(|(_, function)| add(found, *function, MANY));
            }
            _ => {}
        }
        let inside = if matches!(stmt.kind, StmtKind::Scan { .. }) { MANY } else { times };
        for inner in visit::blocks(&stmt.kind) {
            gather(program, inner, inside, found);
        }
    }
}

fn add(times: &mut BTreeMap<FuncId, Times>, function: FuncId, more: Times) {
    let sum = times.entry(function).or_default();
    *sum = sum.saturating_add(more).min(MANY);
}

/// How often each function may be asked for in a decision of an entrypoint. A function whose value is kept runs once, however often
/// it is asked for; those reached from it count from there.
fn count(program: &Program, calls: &[Vec<(FuncId, Times)>], entrypoint: FuncId) -> BTreeMap<FuncId, Times> {
    let mut asked = BTreeMap::from([(entrypoint, 1)]);
    for caller in callers_first(calls, entrypoint) {
        let memoized = program.functions.get(caller).is_some_and(|function| function.memoize);
        let runs = if memoized { 1 } else { asked.get(&caller).copied().unwrap_or(MANY) };
        for (function, times) in calls_of(calls, caller) {
            add(&mut asked, *function, times.saturating_mul(runs));
        }
    }
    asked
}

fn calls_of(calls: &[Vec<(FuncId, Times)>], caller: FuncId) -> &[(FuncId, Times)] {
    calls.get(caller.0 as usize).map(Vec::as_slice).unwrap_or_default()
}

/// The functions reached from one, each after all that call it. Calls by path can make circles, of which one arc then points
/// backward; such calls count as many, so the order among them is of no matter.
fn callers_first(calls: &[Vec<(FuncId, Times)>], from: FuncId) -> Vec<FuncId> {
    let mut seen = vec![false; calls.len()];
    let mut order = Vec::new();
    let mut stack = vec![(from, 0)];
    if let Some(seen) = seen.get_mut(from.0 as usize) {
        *seen = true;
    }
    while let Some((function, next)) = stack.pop() {
        let Some((called, _)) = calls_of(calls, function).get(next) else {
            order.push(function);
            continue;
        };
        stack.push((function, next + 1));
        if let Some(seen) = seen.get_mut(called.0 as usize)
            && !*seen
        {
            *seen = true;
            stack.push((*called, 0));
        }
    }
    order.reverse();
    order
}
