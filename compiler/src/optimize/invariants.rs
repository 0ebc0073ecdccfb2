//! Takes out of a scan's body what it looks up again for each element: keys of what the body does not change, such as `input.user` or
//! `data.teams[input.team]`.
//!
//! Looks up only what cannot end an evaluation, so that it does not matter that a scan over nothing, or a body that is left before, would
//! not have looked. Where the element was left because nothing was found, it is still left there. Needs nothing; keeps every answer.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::optimize::fresh::Fresh;
use crate::plan::ir::{Block, FuncId, FunctionKind, Local, Operand, Program, Stmt, StmtKind};
use crate::plan::visit;

/// Only so many scans, and blocks in their bodies, are looked at inside of each other, so that no statement is read more often.
const DEEPEST: usize = 8;

/// So many look-ups are taken out of one scan: each holds a local from there on, and functions with many cannot be split.
const MOST: usize = 64;

/// Runs the pass.
pub(super) fn run(program: &mut Program) {
    // Other functions may end an evaluation, or cost more than what a body left early would have saved.
    let harmless = program.functions.enumerate().filter(|(_, function)| function.kind == FunctionKind::Storage);
    let harmless: FxHashSet<FuncId> = harmless.map(|(id, _)| id).collect();
    for function in program.functions.iter_mut() {
        let mut is_scanned = false;
        visit::for_each_stmt(&function.body, &mut |stmt| is_scanned |= matches!(stmt.kind, StmtKind::Scan { .. }));
        if is_scanned {
            let uses = Uses::of(&function.body.stmts);
            let mut pass = Pass { harmless: &harmless, uses, fresh: Fresh::of(function), left: 0 };
            pass.block(&mut function.body, DEEPEST);
            function.locals = pass.fresh.locals();
        }
    }
}

/// How often statements assign and read locals.
#[derive(Default)]
struct Uses {
    assigned: BTreeMap<Local, u32>,
    read: BTreeMap<Local, u32>,
}

impl Uses {
    fn of(stmts: &[Stmt]) -> Self {
        let mut uses = Self::default();
        for_all(stmts, &mut |stmt| {
            visit::for_each_assigned(&stmt.kind, |local| *uses.assigned.entry(local).or_default() += 1);
            visit::for_each_read(&stmt.kind, |local| *uses.read.entry(local).or_default() += 1);
        });
        uses
    }
}

/// Whether a statement, beside what is inside of it, looks something up, tests or copies it.
const fn is_test(kind: &StmtKind) -> bool {
    matches!(
        kind,
        StmtKind::Assign { .. }
            | StmtKind::Reset { .. }
            | StmtKind::Dot { .. }
            | StmtKind::Equal(..)
            | StmtKind::NotEqual(..)
            | StmtKind::IsType { .. }
            | StmtKind::IsDefined(_)
            | StmtKind::IsUndefined(_)
            | StmtKind::Block(_)
    )
}

struct Pass<'p> {
    /// The functions of which a call ends no evaluation.
    harmless: &'p FxHashSet<FuncId>,
    /// What is used in the whole function.
    uses: Uses,
    fresh: Fresh,
    /// How many more look-ups may be taken out of the scan at hand.
    left: usize,
}

impl Pass<'_> {
    fn block(&mut self, block: &mut Block, deepest: usize) {
        let mut written = Vec::with_capacity(block.stmts.len());
        for mut stmt in std::mem::take(&mut block.stmts) {
            let is_scan = matches!(stmt.kind, StmtKind::Scan { .. });
            let inside = deepest.saturating_sub(usize::from(is_scan));
            visit::blocks_mut(&mut stmt.kind).for_each(|inner| self.block(inner, inside));
            if let StmtKind::Scan { key, value, body, .. } = &mut stmt.kind
                && deepest > 0
            {
                let mut varying = visit::changed(*key, *value, body);
                self.left = MOST;
                self.take_out(body, &mut varying, &mut written, DEEPEST);
            }
            written.push(stmt);
        }
        block.stmts = written;
    }

    /// Takes what does not vary, and is used nowhere else, out of a scan's body or a block in it.
    fn take_out(&mut self, block: &mut Block, varying: &mut FxHashSet<Local>, out: &mut Vec<Stmt>, deepest: usize) {
        let inside = Uses::of(&block.stmts).read;
        let mut left = Vec::with_capacity(block.stmts.len());
        let mut stmts = std::mem::take(&mut block.stmts).into_iter().peekable();
        while let Some(mut stmt) = stmts.next() {
            let mut group = Vec::new();
            let found = match stmt.kind {
                StmtKind::Dot { target, .. } => (!reads(&stmt.kind, varying)).then_some(target),
                StmtKind::Reset { target } => {
                    while let Some(next) = stmts.next_if(|next| self.is_part(next, target, varying)) {
                        group.push(next);
                    }
                    (!group.is_empty()).then_some(target)
                }
                _ => None,
            };
            if let Some(target) = found.filter(|target| inside.get(target) == self.uses.read.get(target)) {
                let is_single = group.is_empty();
                let resets = u32::from(!is_single);
                let given = if is_single { vec![stmt.clone()] } else { group };
                let times = Uses::of(&given).assigned.get(&target).copied().unwrap_or(0) + resets;
                if self.uses.assigned.get(&target) == Some(&times) && self.left > 0 {
                    self.left -= 1;
                    varying.remove(&target);
                    self.look_up(target, given, out);
                    if is_single {
                        // It is reset in front of the scan, and tested here.
                        *self.uses.assigned.entry(target).or_default() += 1;
                        *self.uses.read.entry(target).or_default() += 1;
                        left.push(Stmt { kind: StmtKind::IsDefined(target), span: stmt.span });
                    }
                    continue;
                }
                group = if is_single { Vec::new() } else { given };
            }
            if let StmtKind::Block(inner) = &mut stmt.kind
                && deepest > 0
            {
                self.take_out(inner, varying, out, deepest - 1);
            }
            left.push(stmt);
            left.append(&mut group);
        }
        block.stmts = left;
    }

    /// Puts statements that give a local its value in front of a scan.
    fn look_up(&mut self, target: Local, stmts: Vec<Stmt>, out: &mut Vec<Stmt>) {
        let span = stmts.first().and_then(|stmt| stmt.span);
        let before = Uses::of(&stmts);
        let stmts = tested(stmts, &before.assigned);
        for (local, times) in Uses::of(&stmts).read {
            let more = times - before.read.get(&local).copied().unwrap_or(0);
            *self.uses.read.entry(local).or_default() += more;
        }
        self.fresh.try_all(stmts, target, span, out);
    }

    /// Whether a statement behind `target = undefined` does nothing but give the target a value that does not vary.
    fn is_part(&self, stmt: &Stmt, target: Local, varying: &FxHashSet<Local>) -> bool {
        let StmtKind::Block(block) = &stmt.kind else { return false };
        let mut own = FxHashSet::from_iter([target]);
        let mut labels = FxHashSet::from_iter([block.label]);
        visit::for_each_stmt(block, &mut |stmt| {
            visit::for_each_assigned(&stmt.kind, |local| {
                own.insert(local);
            });
            labels.extend(visit::blocks(&stmt.kind).map(|inner| inner.label));
        });
        let is_assigned_once = |local: &Local| self.uses.assigned.get(local) == Some(&1);
        let mut is_part = own.iter().all(|local| *local == target || is_assigned_once(local));
        visit::for_each_stmt(block, &mut |stmt| {
            visit::for_each_read(&stmt.kind, |local| is_part &= own.contains(&local) || !varying.contains(&local));
            is_part &= match &stmt.kind {
                StmtKind::Call { function, .. } => self.harmless.contains(function),
                StmtKind::Break(label) => labels.contains(label),
                kind => is_test(kind),
            };
        });
        is_part
    }
}

/// Statements that also test what they use, which may not have been found.
fn tested(stmts: Vec<Stmt>, own: &BTreeMap<Local, u32>) -> Vec<Stmt> {
    let mut written = Vec::with_capacity(stmts.len() + 1);
    for mut stmt in stmts {
        let span = stmt.span;
        for_each_needed(&stmt.kind, &mut |local| {
            if !own.contains_key(&local) {
                written.push(Stmt { kind: StmtKind::IsDefined(local), span });
            }
        });
        for inner in visit::blocks_mut(&mut stmt.kind) {
            inner.stmts = tested(std::mem::take(&mut inner.stmts), own);
        }
        written.push(stmt);
    }
    written
}

fn for_all<'s>(stmts: &'s [Stmt], f: &mut impl FnMut(&'s Stmt)) {
    for stmt in stmts {
        f(stmt);
        visit::blocks(&stmt.kind).for_each(|inner| visit::for_each_stmt(inner, f));
    }
}

fn reads(kind: &StmtKind, varying: &FxHashSet<Local>) -> bool {
    let mut found = false;
    visit::for_each_read(kind, |local| found |= varying.contains(&local));
    found
}

/// Calls `f` with each local that a statement needs to be defined.
fn for_each_needed(kind: &StmtKind, f: &mut impl FnMut(Local)) {
    match kind {
        StmtKind::Dot { key: Operand::Local(key), .. } => f(*key),
        StmtKind::Equal(..) | StmtKind::NotEqual(..) | StmtKind::Call { .. } => {
            visit::for_each_read(kind, f);
        }
        _ => {}
    }
}
