//! Keeps the value of a rule set for the rest of the decision only where it may be asked twice.
//!
//! Needs the flags that the planner sets on every function without parameters; takes away those that cost more than they
//! save, adds none. Keeps every answer, and how often each rule is evaluated.

use std::collections::BTreeMap;

use crate::index::Id as _;
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
    let asked = Counter::new(program, &calls).count();
    for id in program.functions.ids() {
        if asked.get(id.index()).copied().unwrap_or(0) < MANY {
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

/// Counts how often each function may be asked for in a decision. A function whose value is kept runs once, however often it is
/// asked for; those reached from it count from there.
struct Counter<'p> {
    program: &'p Program,
    calls: &'p [Vec<(FuncId, Times)>],
    /// By function: the count for the entrypoint at hand.
    asked: Vec<Times>,
    /// By function: the highest count for any entrypoint.
    most: Vec<Times>,
    seen: Vec<bool>,
}

impl<'p> Counter<'p> {
    fn new(program: &'p Program, calls: &'p [Vec<(FuncId, Times)>]) -> Self {
        let count = calls.len();
        Self { program, calls, asked: vec![0; count], most: vec![0; count], seen: vec![false; count] }
    }

    /// The highest count of each function for any entrypoint.
    fn count(mut self) -> Vec<Times> {
        // A decision is of one entrypoint, so each counts by itself. Those that reach others come first: most of the others are
        // then covered, so that the work is about that of one walk and not that of a walk for each.
        let mut entrypoints: Vec<FuncId> = self.program.entrypoints.iter().map(|it| it.function).collect();
        let mut places = vec![0; self.calls.len()];
        for (place, function) in self.callers_first(&entrypoints).into_iter().enumerate() {
            if let Some(slot) = places.get_mut(function.index()) {
                *slot = place;
            }
        }
        entrypoints.sort_by_key(|entrypoint| {
            let called = self.calls_of(*entrypoint).iter().filter_map(|(called, _)| places.get(called.index()));
            called.copied().min()
        });
        for entrypoint in entrypoints {
            if !self.is_covered(entrypoint) {
                self.entrypoint(entrypoint);
            }
        }
        self.most
    }

    /// Whether an entrypoint only calls one function, and an earlier one asks for that at least as often: then all that is reached
    /// from there was asked for at least as often, too. Calls by path can make circles, for which that does not hold.
    fn is_covered(&self, entrypoint: FuncId) -> bool {
        match self.calls_of(entrypoint) {
            [(called, times)] if self.program.tables.is_empty() => get(&self.most, *called) >= *times,
            _ => false,
        }
    }

    /// Counts for an entrypoint.
    fn entrypoint(&mut self, entrypoint: FuncId) {
        let order = self.callers_first(&[entrypoint]);
        more(&mut self.asked, entrypoint, 1);
        for caller in &order {
            let memoized = self.program.functions.get(*caller).is_some_and(|function| function.memoize);
            let runs = if memoized { 1 } else { get(&self.asked, *caller) };
            for (function, times) in self.calls.get(caller.index()).into_iter().flatten() {
                more(&mut self.asked, *function, times.saturating_mul(runs));
            }
        }
        for function in order {
            let asked = get(&self.asked, function);
            if let (Some(most), Some(slot)) =
                (self.most.get_mut(function.index()), self.asked.get_mut(function.index()))
            {
                *most = asked.max(*most);
                *slot = 0;
            }
        }
    }

    fn calls_of(&self, caller: FuncId) -> &'p [(FuncId, Times)] {
        self.calls.get(caller.index()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The functions reached from some, each after all that call it. Calls by path can make circles, of which one arc then points
    /// backward; such calls count as many, so the order among them is of no matter.
    fn callers_first(&mut self, from: &[FuncId]) -> Vec<FuncId> {
        let mut order = Vec::new();
        let mut stack = Vec::new();
        for root in from {
            self.visit(*root, &mut stack);
            while let Some((function, next)) = stack.pop() {
                let Some((called, _)) = self.calls_of(function).get(next) else {
                    order.push(function);
                    continue;
                };
                stack.push((function, next + 1));
                self.visit(*called, &mut stack);
            }
        }
        for function in &order {
            if let Some(seen) = self.seen.get_mut(function.index()) {
                *seen = false;
            }
        }
        order.reverse();
        order
    }

    /// Puts a function on the stack of a walk, unless it was there before.
    fn visit(&mut self, function: FuncId, stack: &mut Vec<(FuncId, usize)>) {
        if let Some(seen) = self.seen.get_mut(function.index())
            && !std::mem::replace(seen, true)
        {
            stack.push((function, 0));
        }
    }
}

fn get(counts: &[Times], function: FuncId) -> Times {
    counts.get(function.index()).copied().unwrap_or(MANY)
}

fn more(counts: &mut [Times], function: FuncId, times: Times) {
    if let Some(count) = counts.get_mut(function.index()) {
        *count = count.saturating_add(times).min(MANY);
    }
}
