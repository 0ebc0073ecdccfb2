//! Divides the statements of one block into chunks, and finds out what goes from chunk to chunk.
//!
//! A local that only this block needs goes into the frame of the chunk that made it, and stays there until a later chunk asks for it. A
//! local that is needed elsewhere as well is given to the chunk and, if that assigns it, taken back at once.

use std::collections::{BTreeMap, BTreeSet};

use super::Splitter;
use super::part::{Content, Element, Keep, Load};
use crate::plan::ir::{Label, Local, Stmt, StmtKind};
use crate::plan::visit;

/// The most parameters of a part; engines take 1,000.
const MAX_PARAMS: usize = 300;

/// A statement of the block, after those inside of it were split.
pub(super) struct Piece {
    pub(super) stmt: Stmt,
    pub(super) weight: usize,
    /// Its place in the block, from 1.
    pub(super) position: u32,
    /// The numbers of the blocks inside of it.
    pub(super) blocks: std::ops::Range<u32>,
}

/// What a statement does with the locals that others use too.
#[derive(Default)]
pub(super) struct Uses {
    /// By local: whether the statement, or one inside of it, assigns it.
    assigns: BTreeMap<Local, bool>,
}

/// What a chunk does with a local: the places of its statements.
#[derive(Clone, Copy)]
struct Use {
    /// The first that uses it.
    first: usize,
    /// The last that assigns it, or has a statement inside that does.
    assigned: Option<usize>,
}

/// Statements that follow each other.
#[derive(Default)]
pub(super) struct Chunk {
    stmts: Vec<Stmt>,
    weight: usize,
    first: u32,
    last: u32,
    uses: BTreeMap<Local, Use>,
    /// The locals, or the frames that hold them, that the chunk is given.
    params: BTreeSet<Local>,
}

/// Where a local that only this block needs is kept behind the chunk that made it.
#[derive(Clone, Copy)]
struct Home {
    frame: Local,
    element: Element,
}

/// A block while it is divided.
pub(super) struct Division<'s, 'c> {
    splitter: &'s mut Splitter<'c>,
    /// The block's number.
    block: u32,
    homes: BTreeMap<Local, Home>,
    /// What is left of the block so far.
    pub(super) stmts: Vec<Stmt>,
}

impl<'s, 'c> Division<'s, 'c> {
    pub(super) fn new(splitter: &'s mut Splitter<'c>, block: u32) -> Self {
        Self { splitter, block, homes: BTreeMap::new(), stmts: Vec::new() }
    }

    /// The locals of a statement that other statements use too.
    pub(super) fn uses(&self, piece: &Piece) -> Uses {
        let mut uses = Uses::default();
        self.note(&piece.stmt, piece, &mut uses);
        for block in visit::blocks(&piece.stmt.kind) {
            visit::for_each_stmt(block, &mut |stmt| self.note(stmt, piece, &mut uses));
        }
        uses
    }

    fn note(&self, stmt: &Stmt, piece: &Piece, uses: &mut Uses) {
        visit::for_each_read(&stmt.kind, |local| {
            if !self.is_private(local, piece) {
                uses.assigns.entry(local).or_default();
            }
        });
        visit::for_each_assigned(&stmt.kind, |local| {
            if !self.is_private(local, piece) {
                uses.assigns.insert(local, true);
            }
        });
        if let StmtKind::AssignOnce { target, .. } = &stmt.kind
            && let Some(assigns) = uses.assigns.get_mut(target)
        {
            *assigns = true;
        }
    }

    /// Whether only this statement, or one inside of it, uses a local; or it is a document, which every function has.
    fn is_private(&self, local: Local, piece: &Piece) -> bool {
        if local == Local::INPUT || local == Local::DATA || local.0 as usize >= self.splitter.ranges.len() {
            return true;
        }
        self.splitter.range(local).is_some_and(|range| {
            let here = range.block == self.block && range.first == piece.position && range.last == piece.position;
            here || piece.blocks.contains(&range.block)
        })
    }

    /// Whether only this block needs a local. Returns the positions of the first and the last statement that do.
    fn within(&self, local: Local) -> Option<(u32, u32)> {
        let range = self.splitter.range(local).filter(|range| range.block == self.block)?;
        Some((range.first, range.last))
    }

    /// What a chunk that begins at a position must be given for a local; none if the chunk makes it.
    fn param(&self, local: Local, first: u32) -> Option<Local> {
        if self.within(local).is_some_and(|(begin, _)| begin >= first) {
            return None;
        }
        Some(self.homes.get(&local).map_or(local, |home| home.frame))
    }

    /// Whether a statement may join a chunk.
    pub(super) fn fits(&self, chunk: &Chunk, piece: &Piece, uses: &Uses) -> bool {
        if chunk.stmts.is_empty() {
            return true;
        }
        let params = uses.assigns.keys().filter_map(|local| self.param(*local, chunk.first));
        let new = params.filter(|param| !chunk.params.contains(param)).count();
        chunk.weight + piece.weight <= self.splitter.limits.part && chunk.params.len() + new <= MAX_PARAMS
    }

    pub(super) fn add(&self, chunk: &mut Chunk, piece: Piece, uses: Uses) {
        if chunk.stmts.is_empty() {
            chunk.first = piece.position;
        }
        for (local, assigns) in uses.assigns {
            chunk.params.extend(self.param(local, chunk.first));
            let first = chunk.stmts.len();
            let known = chunk.uses.entry(local).or_insert(Use { first, assigned: None });
            known.assigned = assigns.then_some(first).or(known.assigned);
        }
        chunk.last = piece.position;
        chunk.weight += piece.weight;
        chunk.stmts.push(piece.stmt);
    }

    /// Ends a chunk: it becomes a part, or stays where that would not make the function smaller.
    pub(super) fn end(&mut self, chunk: Chunk) {
        if chunk.stmts.is_empty() {
            return;
        }
        let labels = outer_labels(&chunk.stmts);
        let mut content = Content {
            fails: chunk.stmts.iter().any(|stmt| visit::may_fail(&stmt.kind)),
            params: chunk.params.iter().copied().collect(),
            labels,
            ..Content::default()
        };
        let mut homes = Vec::new();
        for (local, found) in &chunk.uses {
            let within = self.within(*local);
            if within.is_none_or(|(begin, _)| begin < chunk.first)
                && let Some(home) = self.homes.get(local)
            {
                content.loads.push(Load { before: found.first, frame: home.frame, element: home.element });
            }
            match (within, found.assigned) {
                (Some((_, end)), Some(behind)) if end > chunk.last => homes.push((*local, behind)),
                (None, Some(_)) => content.returns.push(*local),
                _ => {}
            }
        }
        if content.params.len() > MAX_PARAMS || chunk.weight < 2 * content.call_weight() {
            self.keep(chunk);
            return;
        }
        for (local, behind) in homes {
            // Not by a statement inside of another, which may not be reached.
            let direct = chunk.stmts.get(behind).is_some_and(|stmt| visit::target(&stmt.kind) == Some(local));
            let sure = direct && self.splitter.writes.is_sure(local);
            let element = self.splitter.parts.element(&mut content, local, sure);
            content.keeps.push(Keep { behind, element });
        }
        let keeps: Vec<Element> = content.keeps.iter().map(|keep| keep.element).collect();
        let (frame, call) = self.splitter.parts.part(content, chunk.stmts);
        self.stmts.extend(call);
        for element in keeps {
            self.homes.insert(element.local, Home { frame, element });
        }
    }

    /// Leaves statements where they are, behind what fetches their locals from frames.
    fn keep(&mut self, chunk: Chunk) {
        for (local, found) in &chunk.uses {
            if let Some(home) = self.homes.get(local).copied() {
                let load = self.splitter.parts.load(home.frame, home.element);
                self.stmts.extend(load);
                if found.assigned.is_some() {
                    self.homes.remove(local);
                }
            }
        }
        self.stmts.extend(chunk.stmts);
    }
}

/// The labels of blocks outside of the statements that they may leave.
fn outer_labels(stmts: &[Stmt]) -> Vec<Label> {
    let (mut left, mut inside) = (BTreeSet::new(), BTreeSet::new());
    let mut note = |stmt: &Stmt| {
        if let StmtKind::Break(label) | StmtKind::CallDynamic { if_undefined: label, .. } = &stmt.kind {
            left.insert(*label);
        }
        inside.extend(visit::blocks(&stmt.kind).map(|block| block.label));
    };
    for stmt in stmts {
        note(stmt);
        for block in visit::blocks(&stmt.kind) {
            visit::for_each_stmt(block, &mut note);
        }
    }
    left.difference(&inside).copied().collect()
}
