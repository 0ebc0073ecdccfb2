//! Where the variables of a plan function live: the range of statements in which each is needed, and the wasm locals they share.
//!
//! Engines take at most 50,000 locals per function, clear all of them on each call, and grow slow long before. The
//! planner gives each intermediate result a variable of its own, so most are needed for two statements: once a function
//! has many, later ones move into the wasm locals of those that are done.

use crate::index::{Id, IndexVec};
use crate::plan::ir::{
    Block, Builtin, BuiltinId, ConstId, Constant, Function, Local, Operand, Program, Stmt, StmtKind,
};

/// How a statement uses a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// It reads the variable.
    Read,
    /// It gives the variable a value, or ends its block.
    Write,
}

/// A position among the statements of a block: 0 is before the first.
type Position = u32;

/// Where a variable is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    /// The innermost block that holds all its uses, as a number in the order in which blocks begin.
    block: u32,
    /// The statement of that block with the first use.
    first: Position,
    /// The statement of that block with the last use.
    last: Position,
    /// Whether the first use is one that must find it undefined: its wasm local has to be cleared when it had another use before.
    clear: bool,
}

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
        let count = function.locals as usize;
        let mut walk = Walk {
            builtins: &program.builtins,
            constants: &program.constants,
            blocks: Vec::new(),
            ranges: (0..count).map(|_| None).collect(),
            read: (0..count).map(|_| false).collect(),
            fillings: vec![Filling::default(); count],
            scan: 0,
        };
        walk.block(&function.body, None);
        if let Some(read) = walk.read.iter_mut().nth(function.result.index()) {
            *read = true;
        }
        let ordered = walk.fillings.iter().map(Filling::ordered).collect();
        let mut usage = Self { read: std::mem::take(&mut walk.read), ordered, starts: Vec::new(), ends: Vec::new() };
        // Parameters and the result are needed from the beginning to the end, so they have no range.
        for (local, range) in walk.ranges.enumerate() {
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

/// A block of the function, as the walk sees it.
struct BlockNode {
    /// The block around it and the position of its statement in there.
    parent: Option<(u32, Position)>,
    depth: u32,
    /// The outermost loop that the block lies in, as the block and position of its statement.
    outermost_loop: Option<(u32, Position)>,
}

/// What happens to a variable that may be an object or a set.
#[derive(Clone, Copy, Debug, Default)]
struct Filling {
    /// How many statements write it, or make another variable the same collection.
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

struct Walk<'a> {
    builtins: &'a IndexVec<BuiltinId, Builtin>,
    constants: &'a IndexVec<ConstId, Constant>,
    fillings: Vec<Filling>,
    /// The block of the innermost scan that is walked, or the function's.
    scan: u32,
    blocks: Vec<BlockNode>,
    ranges: IndexVec<Local, Option<Range>>,
    read: IndexVec<Local, bool>,
}

/// What encloses a block: the block and the position of the statement that holds it, and whether that statement repeats it.
#[derive(Clone, Copy)]
struct Around {
    block: u32,
    position: Position,
    repeats: bool,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block, around: Option<Around>) {
        let node = self.enter(around);
        self.stmts(block, node);
    }

    fn enter(&mut self, around: Option<Around>) -> u32 {
        let node = u32::try_from(self.blocks.len()).unwrap_or(u32::MAX);
        let parent = around.and_then(|around| self.blocks.get(around.block as usize));
        let depth = parent.map_or(0, |parent| parent.depth + 1);
        let outer = parent.and_then(|parent| parent.outermost_loop);
        let own = around.filter(|around| around.repeats).map(|around| (around.block, around.position));
        self.blocks.push(BlockNode {
            parent: around.map(|around| (around.block, around.position)),
            depth,
            outermost_loop: outer.or(own),
        });
        node
    }

    fn stmts(&mut self, block: &Block, node: u32) {
        for (position, stmt) in (1..).zip(&block.stmts) {
            let builtins = self.builtins;
            for_each_access(stmt, builtins, &mut |local, access| self.access(local, access, node, position));
            self.fill(stmt);
            let around = Around { block: node, position, repeats: false };
            match &stmt.kind {
                StmtKind::Scan { key, value, body, .. } => {
                    let body_node = self.enter(Some(Around { repeats: true, ..around }));
                    self.access(*key, Access::Write, body_node, 0);
                    self.access(*value, Access::Write, body_node, 0);
                    let outer = std::mem::replace(&mut self.scan, body_node);
                    self.stmts(body, body_node);
                    self.scan = outer;
                }
                _ => for_each_block(stmt, &mut |inner| self.block(inner, Some(around))),
            }
        }
    }

    /// Notes what a statement does to a variable as a collection, beside giving it a value.
    fn fill(&mut self, stmt: &Stmt) {
        let (scan, constants) = (self.scan, self.constants);
        let mut change = |local: Local, change: &dyn Fn(&mut Filling)| {
            self.fillings.get_mut(local.index()).into_iter().for_each(change);
        };
        match &stmt.kind {
            StmtKind::MakeObject { target } | StmtKind::MakeSet { target } => {
                change(*target, &|filling| filling.made = Some(scan));
            }
            StmtKind::SetAdd { set: collection, value: key }
            | StmtKind::ObjectInsert { object: collection, key, .. }
            | StmtKind::ObjectInsertOnce { object: collection, key, .. } => {
                let key = if let Operand::Const(key) = key { Some(*key) } else { None };
                change(*collection, &|filling| {
                    let follows = filling.filled == scan && is_before(constants, filling.last_key, key);
                    filling.disordered |= filling.inserts > 0 && !follows;
                    filling.inserts += 1;
                    filling.filled = scan;
                    filling.last_key = key;
                });
            }
            StmtKind::Assign { source: Operand::Local(source), .. } => change(*source, &|filling| filling.writes += 1),
            StmtKind::AssignOnce { target, source } => {
                change(*target, &|filling| filling.writes += 1);
                if let Operand::Local(source) = source {
                    change(*source, &|filling| filling.writes += 1);
                }
            }
            StmtKind::ArrayAppend { array, .. } => change(*array, &|filling| filling.writes += 1),
            _ => {}
        }
    }

    fn access(&mut self, local: Local, access: Access, block: u32, position: Position) {
        if access == Access::Read
            && let Some(read) = self.read.iter_mut().nth(local.index())
        {
            *read = true;
        }
        if access == Access::Write
            && let Some(filling) = self.fillings.get_mut(local.index())
        {
            filling.writes += 1;
        }
        let Some(range) = self.ranges.get(local).copied() else { return };
        let mut range = match range {
            None => Range { block, first: position, last: position, clear: access == Access::Read },
            Some(range) => self.join(range, block, position),
        };
        if range.clear {
            // It may be read before it is written, so what the round before left must still be there.
            if let Some((outer, at)) = self.blocks.get(range.block as usize).and_then(|node| node.outermost_loop) {
                range = Range { block: outer, first: at, last: at, clear: true };
            }
        }
        if let Some(slot) = self.ranges.iter_mut().nth(local.index()) {
            *slot = Some(range);
        }
    }

    /// The range that holds another use too.
    fn join(&self, mut range: Range, mut block: u32, mut position: Position) -> Range {
        let depth = |block: u32| self.blocks.get(block as usize).map_or(0, |node| node.depth);
        let parent = |block: u32| self.blocks.get(block as usize).and_then(|node| node.parent);
        while range.block != block {
            let lift_range = depth(range.block) >= depth(block);
            if depth(block) >= depth(range.block) {
                let Some((outer, at)) = parent(block) else { break };
                (block, position) = (outer, at);
            }
            if lift_range {
                let Some((outer, at)) = parent(range.block) else { break };
                // The write that came first may not have been reached when what follows reads.
                range = Range { block: outer, first: at, last: at, clear: true };
            }
        }
        range.last = range.last.max(position);
        range
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

/// Calls `visit` with each block directly inside of a statement, in the order in which code is written for them.
fn for_each_block(stmt: &Stmt, visit: &mut dyn FnMut(&Block)) {
    match &stmt.kind {
        StmtKind::Block(body)
        | StmtKind::Rule { body, .. }
        | StmtKind::Not(body)
        | StmtKind::Scan { body, .. }
        | StmtKind::With { body, .. } => visit(body),
        StmtKind::Switch { cases, default, .. } => {
            cases.iter().map(|(_, body)| body).chain(default).for_each(visit);
        }
        _ => {}
    }
}

/// Calls `visit` with each variable that the statement itself reads, then with each that it writes. The variables of a scan are
/// written inside of it.
fn for_each_access(stmt: &Stmt, builtins: &IndexVec<BuiltinId, Builtin>, visit: &mut dyn FnMut(Local, Access)) {
    let mut operand = |operand: &Operand| {
        if let Operand::Local(local) = operand {
            visit(*local, Access::Read);
        }
    };
    match &stmt.kind {
        StmtKind::Assign { target, source } => {
            operand(source);
            visit(*target, Access::Write);
        }
        StmtKind::AssignOnce { target, source } => {
            operand(source);
            visit(*target, Access::Read);
        }
        StmtKind::Reset { target } | StmtKind::MakeArray { target, .. } => visit(*target, Access::Write),
        StmtKind::MakeObject { target } | StmtKind::MakeSet { target } => visit(*target, Access::Write),
        StmtKind::Dot { source, key, target } => {
            operand(source);
            operand(key);
            visit(*target, Access::Write);
        }
        StmtKind::Equal(a, b) | StmtKind::NotEqual(a, b) => [a, b].into_iter().for_each(operand),
        StmtKind::IsType { source, .. } | StmtKind::Scan { source, .. } => operand(source),
        StmtKind::IsDefined(local) | StmtKind::IsUndefined(local) => visit(*local, Access::Read),
        StmtKind::Len { source, target } => {
            operand(source);
            visit(*target, Access::Write);
        }
        StmtKind::ArrayAppend { array: collection, value } | StmtKind::SetAdd { set: collection, value } => {
            operand(value);
            visit(*collection, Access::Read);
        }
        StmtKind::ObjectInsert { object, key, value } | StmtKind::ObjectInsertOnce { object, key, value } => {
            operand(key);
            operand(value);
            visit(*object, Access::Read);
        }
        StmtKind::ObjectMerge { a, b, target } => {
            visit(*a, Access::Read);
            visit(*b, Access::Read);
            visit(*target, Access::Write);
        }
        StmtKind::Call { args, target, .. } => {
            args.iter().for_each(operand);
            visit(*target, Access::Write);
        }
        StmtKind::CallBuiltin { builtin, args, target } => {
            args.iter().for_each(operand);
            // A builtin without a result leaves its target alone.
            if builtins.get(*builtin).is_none_or(|builtin| builtin.has_result) {
                visit(*target, Access::Write);
            }
        }
        StmtKind::CallDynamic { path, args, target, .. } => {
            path.iter().chain(args).for_each(operand);
            visit(*target, Access::Write);
        }
        StmtKind::With { document, value, .. } => {
            operand(value);
            visit(*document, Access::Read);
        }
        StmtKind::Switch { on, .. } => operand(on),
        StmtKind::Block(_) | StmtKind::Rule { .. } | StmtKind::Not(_) | StmtKind::Break(_) => {}
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
