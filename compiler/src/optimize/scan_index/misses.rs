//! What of a scan's body selects nothing although it tests the element, for who is told why a scan is not indexed. Reads the body to its end,
//! where the pass itself stops at the first statement that does more than leave the element. Decides nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Asked, Column, is_string};
use crate::optimize::notes::{Miss, MissKind};
use crate::plan::ir::{Block, Constant, Local, Operand, Stmt, StmtKind};
use crate::plan::visit;

/// What was read so far.
pub(super) struct Misses {
    /// The local of the key of the scan.
    key: Local,
    /// The locals that hold what is made of the element, or looked up with it.
    made: FxHashSet<Local>,
    /// The locals that hold a part of the element which is looked up in front of an inner scan, where the pass does not see it.
    moved: FxHashSet<Local>,
    /// The locals that hold what a test gave.
    tests: FxHashMap<Local, MissKind>,
    /// The locals that the body reads.
    read: FxHashSet<Local>,
    /// How many columns were found when a statement did more than leave the element.
    ended: Option<usize>,
    found: Vec<Miss>,
}

impl Misses {
    pub(super) fn of(key: Local, body: &Block) -> Self {
        let (made, moved) = (FxHashSet::from_iter([key]), FxHashSet::default());
        let mut read = FxHashSet::default();
        visit::for_each_stmt(body, &mut |stmt| {
            visit::for_each_read(&stmt.kind, |local| {
                read.insert(local);
            });
        });
        Self { key, made, moved, tests: FxHashMap::default(), read, ended: None, found: Vec::new() }
    }

    /// What was found; leaves those columns that the pass would have found by itself.
    pub(super) fn found(self, columns: &mut Vec<Column>) -> Vec<Miss> {
        columns.truncate(self.ended.unwrap_or(usize::MAX));
        self.found
    }
}

impl Asked<'_> {
    /// Whether a body is read on behind a statement that does more than leave the element.
    pub(super) fn reads_on(&mut self) -> bool {
        let columns = self.columns.len();
        let Some(misses) = &mut self.misses else { return false };
        misses.ended.get_or_insert(columns);
        true
    }

    /// Notes what of a statement selects nothing. `columns` is how many were found before it was read.
    pub(super) fn note_miss(&mut self, stmt: &Stmt, columns: usize) {
        let Some(mut misses) = self.misses.take() else { return };
        let kind = if self.columns.len() > columns {
            misses.ended.map(|_| MissKind::Behind)
        } else {
            self.miss(&mut misses, &stmt.kind)
        };
        misses.found.extend(kind.map(|kind| Miss { kind, span: stmt.span }));
        self.follow(&mut misses, stmt);
        self.misses = Some(misses);
    }

    /// Notes that the elements of another collection are scanned.
    pub(super) fn note_inner(&mut self, source: Operand, value: Local) {
        let Some(misses) = &mut self.misses else { return };
        if matches!(source, Operand::Local(source) if misses.made.contains(&source)) {
            misses.made.insert(value);
        }
    }

    /// Follows what is made of the element.
    fn follow(&self, misses: &mut Misses, stmt: &Stmt) {
        if let Some(target) = visit::target(&stmt.kind)
            && !self.parts.contains_key(&target)
            && self.is_of_element(misses, &stmt.kind)
        {
            let holds = if self.is_step(misses, &stmt.kind) { &mut misses.moved } else { &mut misses.made };
            holds.insert(target);
        }
        let inner = visit::blocks(&stmt.kind).flat_map(|block| &block.stmts);
        inner.for_each(|stmt| self.follow(misses, stmt));
    }

    /// Whether a statement looks up a name in a part of the element.
    fn is_step(&self, misses: &Misses, kind: &StmtKind) -> bool {
        match kind {
            StmtKind::Dot { source: Operand::Local(source), key: Operand::Const(key), .. } => {
                let is_part = self.parts.contains_key(source) || misses.moved.contains(source);
                is_part && is_string(self.constants, *key)
            }
            _ => false,
        }
    }

    fn is_looked_at(&self, misses: &Misses, body: &Block) -> bool {
        let mut found = false;
        visit::for_each_stmt(body, &mut |stmt| found |= self.is_of_element(misses, &stmt.kind));
        found
    }

    fn miss(&self, misses: &mut Misses, kind: &StmtKind) -> Option<MissKind> {
        match kind {
            StmtKind::Equal(a, b) => self.unequal(misses, *a, *b).or_else(|| self.unequal(misses, *b, *a)),
            StmtKind::NotEqual(Operand::Local(local), Operand::Const(constant)) => {
                let is_truth = matches!(self.constants.get(*constant), Some(Constant::Boolean(false)));
                let is_part = self.parts.contains_key(local);
                let truth = || is_part.then_some(MissKind::Truth((*local).into()));
                misses.tests.get(local).cloned().or_else(truth).filter(|_| is_truth)
            }
            StmtKind::CallBuiltin { builtin, args, target } if self.is_of_element(misses, kind) => {
                let test = match args.as_slice() {
                    [part, collection] if Some(*builtin) == self.member && self.key(*collection).is_some() => {
                        MissKind::Within { part: *part, collection: *collection }
                    }
                    _ => MissKind::Builtin(*builtin),
                };
                // A member of the element's own collections is a column.
                if !self.members.contains_key(target) {
                    misses.tests.insert(*target, test);
                }
                None
            }
            StmtKind::Call { function, target, .. } if self.is_of_element(misses, kind) => {
                misses.tests.insert(*target, MissKind::Function(*function));
                // What is known to be true is not compared any more.
                (!misses.read.contains(target)).then_some(MissKind::Function(*function))
            }
            StmtKind::Not(body) => self.is_looked_at(misses, body).then_some(MissKind::Inner),
            // Without a scan it looks something up.
            StmtKind::Block(body) => {
                let has_scan = body.stmts.iter().any(|stmt| matches!(stmt.kind, StmtKind::Scan { .. }));
                (has_scan && self.is_looked_at(misses, body)).then_some(MissKind::Inner)
            }
            _ => None,
        }
    }

    /// Why a comparison selects nothing, seen from one of its sides.
    fn unequal(&self, misses: &Misses, part: Operand, other: Operand) -> Option<MissKind> {
        let Operand::Local(local) = part else { return None };
        let is_made = misses.made.contains(&local);
        let is_moved = misses.moved.contains(&local);
        if !is_made && !is_moved && !self.parts.contains_key(&local) {
            return None;
        }
        Some(match self.key(other) {
            None => MissKind::Unknown { part, other },
            Some(_) if local == misses.key => MissKind::Key(other),
            Some(_) if is_made => MissKind::Made { part, other },
            Some(_) => MissKind::Behind,
        })
    }

    /// Whether a statement reads something of the element or its key.
    fn is_of_element(&self, misses: &Misses, kind: &StmtKind) -> bool {
        let mut found = false;
        visit::for_each_read(kind, |local| {
            found |= self.parts.contains_key(&local) || misses.moved.contains(&local) || misses.made.contains(&local);
        });
        found
    }
}
