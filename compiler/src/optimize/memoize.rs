//! Keeps the value of a rule set for the rest of the decision only where it may be asked twice.
//!
//! Needs the flags that the planner sets on every function without parameters; takes away those that cost more than they
//! save, adds none. Keeps every answer, and how often each rule is evaluated.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::index::Id as _;
use crate::plan::attempts::{attempts, drop_attempts};
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
    // Of what only one look-up asks for, the whole is not made.
    let asked_once = attempts(program, |function| !function.memoize);
    drop_attempts(program, &asked_once);
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
    /// By function: its place in an order in which callers come first.
    places: Vec<usize>,
    /// By function: the count for the entrypoint at hand.
    asked: Vec<Times>,
    /// By function: the highest count for any entrypoint.
    most: Vec<Times>,
}

impl<'p> Counter<'p> {
    fn new(program: &'p Program, calls: &'p [Vec<(FuncId, Times)>]) -> Self {
        let count = calls.len();
        let mut places = vec![usize::MAX; count];
        for (place, function) in callers_first(program, calls).into_iter().enumerate() {
            if let Some(slot) = places.get_mut(function.index()) {
                *slot = place;
            }
        }
        Self { program, calls, places, asked: vec![0; count], most: vec![0; count] }
    }

    /// The highest count of each function for any entrypoint.
    fn count(mut self) -> Vec<Times> {
        // A decision is of one entrypoint, so each counts by itself. Those that reach others come first: see `entrypoint`.
        let mut entrypoints: Vec<FuncId> = self.program.entrypoints.iter().map(|it| it.function).collect();
        entrypoints.sort_by_key(|entrypoint| {
            let called = self.calls.get(entrypoint.index()).into_iter().flatten();
            called.filter_map(|(called, _)| self.places.get(called.index())).copied().min()
        });
        for entrypoint in entrypoints {
            self.entrypoint(entrypoint);
        }
        self.most
    }

    /// Counts for an entrypoint.
    ///
    /// Where all that is still to come is reached through one function, and an entrypoint before asked for that at least as often,
    /// nothing new can come: so entrypoints that share rules do not walk them again. Calls by path can make circles, for which that
    /// does not hold.
    fn entrypoint(&mut self, entrypoint: FuncId) {
        let mut reached = Vec::new();
        let mut open = BinaryHeap::new();
        self.ask(entrypoint, 1, &mut reached, &mut open);
        while let Some(Reverse((_, caller))) = open.pop() {
            let asked = get(&self.asked, caller);
            if open.is_empty() && self.program.tables.is_empty() && get(&self.most, caller) >= asked {
                break;
            }
            let memoized = self.program.functions.get(caller).is_some_and(|function| function.memoize);
            let runs = if memoized { 1 } else { asked };
            let calls = self.calls;
            for (function, times) in calls.get(caller.index()).into_iter().flatten() {
                self.ask(*function, times.saturating_mul(runs), &mut reached, &mut open);
            }
        }
        for function in reached {
            if let (Some(most), Some(asked)) =
                (self.most.get_mut(function.index()), self.asked.get_mut(function.index()))
            {
                *most = (*most).max(std::mem::take(asked));
            }
        }
    }

    /// Asks for a function so many times more; what is asked for the first time is still to be looked into.
    fn ask(&mut self, function: FuncId, times: Times, reached: &mut Vec<FuncId>, open: &mut Open) {
        if let (Some(asked), Some(place)) = (self.asked.get_mut(function.index()), self.places.get(function.index())) {
            if *asked == 0 {
                reached.push(function);
                open.push(Reverse((*place, function)));
            }
            *asked = asked.saturating_add(times).min(MANY);
        }
    }
}

/// Functions to be looked into, with their places: the one that comes first is the next.
type Open = BinaryHeap<Reverse<(usize, FuncId)>>;

/// The functions that the entrypoints reach, each after all that call it. Calls by path can make circles, of which one arc then
/// points backward; such calls count as many, so the order among them is of no matter.
fn callers_first(program: &Program, calls: &[Vec<(FuncId, Times)>]) -> Vec<FuncId> {
    let mut seen = vec![false; calls.len()];
    let mut visit = |function: FuncId, stack: &mut Vec<(FuncId, usize)>| {
        if let Some(seen) = seen.get_mut(function.index())
            && !std::mem::replace(seen, true)
        {
            stack.push((function, 0));
        }
    };
    let mut order = Vec::new();
    let mut stack = Vec::new();
    for entrypoint in &program.entrypoints {
        visit(entrypoint.function, &mut stack);
        while let Some((function, next)) = stack.pop() {
            let Some((called, _)) = calls.get(function.index()).and_then(|calls| calls.get(next)) else {
                order.push(function);
                continue;
            };
            stack.push((function, next + 1));
            visit(*called, &mut stack);
        }
    }
    order.reverse();
    order
}

fn get(counts: &[Times], function: FuncId) -> Times {
    counts.get(function.index()).copied().unwrap_or(MANY)
}
