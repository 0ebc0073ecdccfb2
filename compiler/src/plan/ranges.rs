//! Where the variables of a function are needed: for each the block and the range of statements, and whether it must be undefined at the
//! beginning. For code generation, which lets variables share places, and for the optimizer, which moves statements elsewhere.
//!
//! Needs a valid plan. Decides nothing.

use super::ir::{Block, Builtin, BuiltinId, Function, Local, Operand, Stmt, StmtKind};
use super::visit;
use crate::index::{Id, IndexVec};

/// How a statement uses a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// It reads the variable.
    Read,
    /// It gives the variable a value, or ends its block.
    Write,
}

/// A position among the statements of a block: 0 is before the first.
pub(crate) type Position = u32;

/// Where a variable is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    /// The innermost block that holds all its uses, as a number in the order in which blocks begin.
    pub(crate) block: u32,
    /// The statement of that block with the first use.
    pub(crate) first: Position,
    /// The statement of that block with the last use.
    pub(crate) last: Position,
    /// Whether the first use is one that must find it undefined: its wasm local has to be cleared when it had another use before.
    pub(crate) clear: bool,
}

/// A block of the function, as the walk sees it.
struct BlockNode {
    /// The block around it and the position of its statement in there.
    parent: Option<(u32, Position)>,
    depth: u32,
    /// The outermost loop that the block lies in, as the block and position of its statement.
    outermost_loop: Option<(u32, Position)>,
}

/// What is known of the variables of a function.
#[derive(Debug)]
pub(crate) struct Ranges {
    /// Where each variable is needed; none for those that nothing uses.
    pub(crate) ranges: IndexVec<Local, Option<Range>>,
    /// Whether each variable is ever read.
    pub(crate) read: IndexVec<Local, bool>,
}

impl Ranges {
    /// Walks a function. Parameters and the result have ranges like all others; that they are needed before and behind the body is for the
    /// caller to know.
    pub(crate) fn of(function: &Function, builtins: &IndexVec<BuiltinId, Builtin>) -> Self {
        let count = function.locals as usize;
        let mut walk = Walk {
            builtins,
            blocks: Vec::new(),
            ranges: (0..count).map(|_| None).collect(),
            read: (0..count).map(|_| false).collect(),
        };
        walk.block(&function.body, None);
        Self { ranges: walk.ranges, read: walk.read }
    }
}

struct Walk<'a> {
    builtins: &'a IndexVec<BuiltinId, Builtin>,
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
            let around = Around { block: node, position, repeats: false };
            match &stmt.kind {
                StmtKind::Scan { key, value, body, .. } => {
                    let body_node = self.enter(Some(Around { repeats: true, ..around }));
                    self.access(*key, Access::Write, body_node, 0);
                    self.access(*value, Access::Write, body_node, 0);
                    self.stmts(body, body_node);
                }
                _ => visit::blocks(&stmt.kind).for_each(|inner| self.block(inner, Some(around))),
            }
        }
    }

    fn access(&mut self, local: Local, access: Access, block: u32, position: Position) {
        if access == Access::Read
            && let Some(read) = self.read.iter_mut().nth(local.index())
        {
            *read = true;
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
        StmtKind::Select { source, keys, target, .. } => {
            operand(source);
            keys.iter().for_each(operand);
            visit(*target, Access::Write);
        }
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
        StmtKind::ObjectDefault { object, key, value, target } => {
            operand(key);
            operand(value);
            visit(*object, Access::Read);
            visit(*target, Access::Write);
        }
        StmtKind::ResultSet { key, value, target } => {
            operand(key);
            visit(*value, Access::Read);
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
