//! Splits functions that are too large for engines: statements that follow each other become functions of their own, so that no function
//! takes an engine longer than its size (compilers need more than twice the time for twice the code) or has more locals than it allows.
//!
//! Needs to be the last pass: what it makes looks up values by number, which no other pass sees through. Keeps every answer. A
//! [part](part) gets what the statements before it made as parameters and passes on what those behind it need in a *frame*, an object
//! by numbers, that goes from part to part: the function that is left holds the frames only.

mod chunk;
mod part;
mod switch;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chunk::{Chunk, Piece};
use part::Parts;
use switch::Grouping;

use crate::index::{Id as _, IndexVec};
use crate::optimize::constants::Constants;
use crate::plan::ir::{Block, FuncId, Function, Label, Local, PART_SUFFIX, Program, Stmt, StmtKind};
use crate::plan::ranges::{Range, Ranges};
use crate::plan::visit;

/// How large a function and its parts may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The weight, about the number of statements, from which a function is split.
    pub function: usize,
    /// The weight that a part should have.
    pub part: usize,
}

impl Limits {
    /// A statement takes some 10 to 20 bytes, so this is some 50 KB of code.
    const USUAL: Self = Self { function: 4_000, part: 1_000 };
}

/// How often a function is split again. Each time leaves a few statements for each part, so the bound is never reached; it is there
/// for functions that cannot be split.
const ROUNDS: usize = 8;

/// Runs the pass.
pub(super) fn run(program: &mut Program) {
    split(program, Limits::USUAL);
}

/// Splits the functions of a plan by these limits.
pub fn split(program: &mut Program, limits: Limits) {
    let mut constants = Constants::default();
    for id in program.functions.ids() {
        for _ in 0..ROUNDS {
            if !split_function(program, id, limits, &mut constants) {
                break;
            }
        }
    }
}

/// Splits a function once; whether there was something to split.
fn split_function(program: &mut Program, id: FuncId, limits: Limits, constants: &mut Constants) -> bool {
    if weight(&program.functions[id].body) <= limits.function {
        return false;
    }
    constants.learn(&program.constants);
    let grouping = Grouping::new(limits.function, limits.part, constants, &program.constants);
    let groups = grouping.divide(&mut program.functions[id]);
    let function = &program.functions[id];
    let ranges = Ranges::of(function, &program.builtins).ranges;
    let writes = Writes::of(function);
    let mut splitter = Splitter {
        limits,
        groups,
        ranges,
        writes,
        outside: 2 + function.params,
        result: function.result,
        blocks: 0,
        parts: Parts {
            name: part_name(&function.name),
            first: program.functions.len(),
            functions: Vec::new(),
            next_local: function.locals,
            next_label: visit::free_label(&program.functions[id].body),
            constants,
        },
    };
    let function = &mut program.functions[id];
    splitter.block(&mut function.body);
    function.locals = splitter.parts.next_local;
    let parts = splitter.parts.functions;
    let has_parts = !parts.is_empty();
    parts.into_iter().for_each(|part| {
        program.functions.push(part);
    });
    constants.add_to(&mut program.constants);
    has_parts
}

/// The name of the parts of a function, or of a part of it.
fn part_name(function: &str) -> String {
    if function.ends_with(PART_SUFFIX) { function.to_owned() } else { function.to_owned() + PART_SUFFIX }
}

/// How much code a block becomes, roughly in statements.
fn weight(block: &Block) -> usize {
    let mut weight = 0;
    visit::for_each_stmt(block, &mut |stmt| weight += own_weight(&stmt.kind));
    weight
}

/// How much code a statement becomes without what is inside of it.
fn own_weight(kind: &StmtKind) -> usize {
    match kind {
        StmtKind::Call { args, .. } | StmtKind::CallBuiltin { args, .. } => 1 + args.len() / 4,
        StmtKind::CallDynamic { path, args, .. } => 1 + path.len() + args.len() / 4,
        StmtKind::Switch { cases, .. } => 1 + cases.len(),
        _ => 1,
    }
}

/// How a function writes its locals.
struct Writes {
    /// By local: how many statements assign it, and whether the last of them leaves it defined when it does not fail.
    by_local: Vec<(u32, bool)>,
}

impl Writes {
    fn of(function: &Function) -> Self {
        let mut by_local = vec![(0, false); function.locals as usize];
        visit::for_each_stmt(&function.body, &mut |stmt| {
            let defines = match &stmt.kind {
                StmtKind::Assign { source, .. } => matches!(source, crate::plan::ir::Operand::Const(_)),
                StmtKind::AssignOnce { .. } | StmtKind::Reset { .. } | StmtKind::ObjectMerge { .. } => false,
                // A builtin without a result leaves its target alone.
                StmtKind::CallBuiltin { .. } => false,
                _ => true,
            };
            visit::for_each_assigned(&stmt.kind, |local| {
                if let Some((count, sure)) = by_local.get_mut(local.index()) {
                    *count += 1;
                    *sure = defines;
                }
            });
        });
        Self { by_local }
    }

    /// Whether the only statement that assigns a local leaves it defined when it does not fail.
    fn is_sure(&self, local: Local) -> bool {
        self.by_local.get(local.index()) == Some(&(1, true))
    }
}

/// A function while it is split.
struct Splitter<'c> {
    limits: Limits,
    /// The blocks that become parts whatever their size.
    groups: BTreeSet<Label>,
    /// Where each local of the function is needed; the locals that splitting adds have no range.
    ranges: IndexVec<Local, Option<Range>>,
    writes: Writes,
    /// Locals below this are documents or parameters.
    outside: u32,
    result: Local,
    /// How many blocks have begun, as [`Ranges`] numbers them.
    blocks: u32,
    parts: Parts<'c>,
}

impl Splitter<'_> {
    /// Splits a block and those inside of it. Returns its weight.
    fn block(&mut self, block: &mut Block) -> usize {
        let number = self.blocks;
        self.blocks += 1;
        let mut pieces = Vec::with_capacity(block.stmts.len());
        let mut total = 0;
        for (position, mut stmt) in (1..).zip(std::mem::take(&mut block.stmts)) {
            let first_block = self.blocks;
            let mut weight = own_weight(&stmt.kind);
            for inner in visit::blocks_mut(&mut stmt.kind) {
                weight += self.block(inner);
            }
            total += weight;
            pieces.push(Piece { stmt, weight, position, blocks: first_block..self.blocks });
        }
        if total <= self.limits.function && !self.groups.contains(&block.label) {
            block.stmts = pieces.into_iter().map(|piece| piece.stmt).collect();
            return total;
        }
        block.stmts = self.divide(number, pieces);
        weight(block)
    }

    /// The statements that are left of a block when parts were made of it.
    fn divide(&mut self, number: u32, pieces: Vec<Piece>) -> Vec<Stmt> {
        let mut division = chunk::Division::new(self, number);
        let mut chunk = Chunk::default();
        for piece in pieces {
            let uses = division.uses(&piece);
            if !division.fits(&chunk, &piece, &uses) {
                division.end(std::mem::take(&mut chunk));
            }
            division.add(&mut chunk, piece, uses);
        }
        division.end(chunk);
        division.stmts
    }

    /// Where a local is needed if it is one of the function's own.
    fn range(&self, local: Local) -> Option<Range> {
        let own = local.0 >= self.outside && local != self.result;
        self.ranges.get(local).copied().flatten().filter(|_| own)
    }
}

/// A block with a label of its own around statements.
fn labeled(label: Label, stmts: Vec<Stmt>) -> Stmt {
    plain(StmtKind::Block(Block { label, stmts }))
}

/// A statement that no text stands for.
fn plain(kind: StmtKind) -> Stmt {
    Stmt { kind, span: None }
}
