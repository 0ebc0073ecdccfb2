//! Where the variables of a plan function live: the range of statements in which each is needed, and the wasm locals they share.
//!
//! Engines take at most 50,000 locals per function, clear all of them on each call, and grow slow long before. The
//! planner gives each intermediate result a variable of its own, so most are needed for two statements: once a function
//! has many, later ones move into the wasm locals of those that are done.

use crate::index::{Id, IndexVec};
use crate::plan::ir::{
    Block, ConstId, Constant, FuncId, Function, FunctionKind, Local, Operand, Program, Stmt, StmtKind,
};
use crate::plan::ranges::{Position, Ranges};
use crate::plan::visit;

/// What is known of the variables of a function.
#[derive(Debug)]
pub(super) struct Usage {
    /// Whether each variable is ever read.
    read: IndexVec<Local, bool>,
    /// For each variable that is an object or a set whose elements come in order: how many come at the most.
    ordered: Vec<Option<u32>>,
    /// The variables by the block and the statement where they begin, sorted.
    starts: Vec<(u32, Position, Local, bool)>,
    /// The variables by the block and the statement where they end, sorted.
    ends: Vec<(u32, Position, Local)>,
}

impl Usage {
    /// Walks a function.
    pub(super) fn of(function: &Function, program: &Program) -> Self {
        let Ranges { ranges, mut read } = Ranges::of(function, &program.builtins);
        if let Some(read) = read.iter_mut().nth(function.result.index()) {
            *read = true;
        }
        let ordered = Fillings::of(function, program).iter().map(Filling::ordered).collect();
        let mut usage = Self { read, ordered, starts: Vec::new(), ends: Vec::new() };
        // Parameters and the result are needed from the beginning to the end, so they have no range.
        for (local, range) in ranges.enumerate() {
            let Some(range) = range.filter(|_| local.0 >= 2 + function.params && local != function.result) else {
                continue;
            };
            usage.starts.push((range.block, range.first, local, range.clear));
            usage.ends.push((range.block, range.last, local));
        }
        usage.starts.sort_unstable();
        usage.ends.sort_unstable();
        usage
    }

    /// Whether the variable is ever read.
    pub(super) fn is_read(&self, local: Local) -> bool {
        self.read.get(local).copied().unwrap_or(true)
    }

    /// If the variable is an object or a set whose elements come in order after it was made: how many come at the most.
    pub(super) fn ordered(&self, local: Local) -> Option<u32> {
        self.ordered.get(local.index()).copied().flatten()
    }

    /// The variables that begin at a statement, with whether they must be undefined there.
    pub(super) fn starting(&self, block: u32, position: Position) -> impl Iterator<Item = (Local, bool)> + use<'_> {
        let from = self.starts.partition_point(|row| (row.0, row.1) < (block, position));
        let rows = self.starts.get(from..).unwrap_or_default().iter();
        rows.take_while(move |row| (row.0, row.1) == (block, position)).map(|row| (row.2, row.3))
    }

    /// The variables that end with a statement.
    pub(super) fn ending(&self, block: u32, position: Position) -> impl Iterator<Item = Local> + use<'_> {
        let from = self.ends.partition_point(|row| (row.0, row.1) < (block, position));
        let rows = self.ends.get(from..).unwrap_or_default().iter();
        rows.take_while(move |row| (row.0, row.1) == (block, position)).map(|row| row.2)
    }
}

/// What happens to a variable that may be an object or a set.
#[derive(Clone, Copy, Debug, Default)]
struct Filling {
    /// How many statements write it, make another variable the same collection, or let a part of the function fill it.
    writes: u32,
    /// How many statements put an element into it.
    inserts: u32,
    /// The innermost scan around the statement that makes it.
    made: Option<u32>,
    /// The innermost scan around the last statement that puts an element into it.
    filled: u32,
    /// The key that the last of those statements has, if it is a constant.
    last_key: Option<ConstId>,
    /// Whether it is not known that the keys come in order, each once.
    disordered: bool,
}

impl Filling {
    /// How many elements it gets at the most if they come in order: none of the statements is executed more often than the one that makes it.
    fn ordered(&self) -> Option<u32> {
        let ordered = self.writes == 1 && self.inserts > 0 && !self.disordered && self.made == Some(self.filled);
        ordered.then_some(self.inserts)
    }
}

struct Fillings<'p> {
    program: &'p Program,
    fillings: Vec<Filling>,
    /// The number of the innermost scan that is walked; 0 for none.
    scan: u32,
    scans: u32,
}

impl<'p> Fillings<'p> {
    fn of(function: &Function, program: &'p Program) -> Vec<Filling> {
        let fillings = vec![Filling::default(); function.locals as usize];
        let mut walk = Self { program, fillings, scan: 0, scans: 0 };
        walk.block(&function.body);
        walk.fillings
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
            let outer = self.scan;
            if matches!(stmt.kind, StmtKind::Scan { .. }) {
                self.scans += 1;
                self.scan = self.scans;
            }
            visit::blocks(&stmt.kind).for_each(|inner| self.block(inner));
            self.scan = outer;
        }
    }

    /// Notes what a statement does to variables as collections.
    fn stmt(&mut self, stmt: &Stmt) {
        let scan = self.scan;
        let writes = |filling: &mut Filling| filling.writes += 1;
        let no_result = |builtin| self.program.builtins.get(builtin).is_some_and(|builtin| !builtin.has_result);
        // A builtin without a result leaves its target alone.
        if !matches!(stmt.kind, StmtKind::CallBuiltin { builtin, .. } if no_result(builtin)) {
            visit::for_each_assigned(&stmt.kind, |local| self.change(local, writes));
        }
        match &stmt.kind {
            StmtKind::MakeObject { target } | StmtKind::MakeSet { target } => {
                self.change(*target, |filling| filling.made = Some(scan));
            }
            StmtKind::SetAdd { set: collection, value: key }
            | StmtKind::ObjectInsert { object: collection, key, .. }
            | StmtKind::ObjectInsertOnce { object: collection, key, .. } => {
                let key = if let Operand::Const(key) = key { Some(*key) } else { None };
                let program = self.program;
                self.change(*collection, |filling| {
                    let follows = filling.filled == scan && is_before(&program.constants, filling.last_key, key);
                    filling.disordered |= filling.inserts > 0 && !follows;
                    filling.inserts += 1;
                    filling.filled = scan;
                    filling.last_key = key;
                });
            }
            StmtKind::Assign { source: Operand::Local(source), .. }
            | StmtKind::AssignOnce { source: Operand::Local(source), .. } => self.change(*source, writes),
            StmtKind::Call { function, args, .. } if self.is_part(*function) => {
                for arg in args {
                    if let Operand::Local(local) = arg {
                        self.change(*local, writes);
                    }
                }
            }
            _ => {}
        }
    }

    fn is_part(&self, function: FuncId) -> bool {
        self.program.functions.get(function).is_some_and(|function| function.kind == FunctionKind::Part)
    }

    fn change(&mut self, local: Local, change: impl FnOnce(&mut Filling)) {
        if let Some(filling) = self.fillings.get_mut(local.index()) {
            change(filling);
        }
    }
}

/// Whether both are strings, the first before the second.
fn is_before(constants: &IndexVec<ConstId, Constant>, first: Option<ConstId>, second: Option<ConstId>) -> bool {
    let constant = |id: Option<ConstId>| id.and_then(|id| constants.get(id));
    match (constant(first), constant(second)) {
        (Some(Constant::String(first)), Some(Constant::String(second))) => first < second,
        _ => false,
    }
}

/// Hands out wasm locals.
#[derive(Debug)]
pub(super) struct Pool {
    /// The first index that was never handed out.
    next: u32,
    /// While there are fewer than this, each use gets one of its own: their numbers take one byte anyway.
    fresh: u32,
    free: Vec<u32>,
}

impl Pool {
    /// A pool whose first local is `next`; below `fresh` none is used twice.
    pub(super) fn new(next: u32, fresh: u32) -> Self {
        Self { next, fresh, free: Vec::new() }
    }

    /// A wasm local, and whether it had another use before.
    pub(super) fn take(&mut self) -> (u32, bool) {
        if self.next >= self.fresh
            && let Some(local) = self.free.pop()
        {
            return (local, true);
        }
        self.next += 1;
        (self.next - 1, false)
    }

    /// Gives a wasm local back.
    pub(super) fn give_back(&mut self, local: u32) {
        self.free.push(local);
    }

    /// How many there are, those below the first one included.
    pub(super) fn count(&self) -> u32 {
        self.next
    }
}
