//! What a case is but for its own names of locals and labels, and for the constants in which it may differ from others. Changes no plan.

use std::mem::{Discriminant, discriminant};

use rustc_hash::FxHashMap;

use super::{for_each_local, holes};
use crate::index::Id as _;
use crate::plan::ir::{Block, ConstId, Label, Local, Operand, Stmt, StmtKind};
use crate::plan::visit;

/// The statements of a case, written down so that cases are alike where their forms are equal: counts stand before what they count.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Form {
    /// What each statement is.
    kinds: Vec<Discriminant<StmtKind>>,
    /// What each has beside: for each kind always in the same order.
    words: Vec<u32>,
}

/// The word for an operand that is a local, or a constant that was taken out.
const LOCAL: u32 = u32::MAX;
const HOLE: u32 = u32::MAX - 1;

/// The word before the number of one of the case's own locals and labels, which are numbered as they are met.
const OWN: u32 = u32::MAX - 2;

/// Writes the form of one case after the other.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) form: Form,
    /// The constants that were taken out.
    pub(super) holes: Vec<ConstId>,
    /// By local.
    locals: Vec<Named>,
    /// The locals that the case names.
    named: Vec<Local>,
    /// How many of them were numbered.
    own: u32,
    labels: FxHashMap<Label, u32>,
}

/// What is known of a local of a case.
#[derive(Clone, Copy, Default)]
struct Named {
    /// How often the case names it.
    count: u32,
    /// Its number, from 1, if it is the case's own and was met.
    number: u32,
}

impl Writer {
    /// Writes the form of a case. `mentions` says how often the whole function names each local.
    pub(super) fn case(&mut self, block: &Block, mentions: &[u32]) {
        self.form.kinds.clear();
        self.form.words.clear();
        self.holes.clear();
        self.labels.clear();
        self.own = 0;
        visit::for_each_stmt(block, &mut |stmt| for_each_local(&stmt.kind, |local| self.count(local)));
        self.block(block, mentions);
        for local in self.named.drain(..) {
            if let Some(named) = self.locals.get_mut(local.index()) {
                *named = Named::default();
            }
        }
    }

    fn count(&mut self, local: Local) {
        if local.index() >= self.locals.len() {
            self.locals.resize(local.index() + 1, Named::default());
        }
        if let Some(named) = self.locals.get_mut(local.index()) {
            if named.count == 0 {
                self.named.push(local);
            }
            named.count += 1;
        }
    }

    fn block(&mut self, block: &Block, mentions: &[u32]) {
        let number = self.labels.len() as u32;
        self.labels.insert(block.label, number);
        self.form.words.push(block.stmts.len() as u32);
        for stmt in &block.stmts {
            self.stmt(stmt, mentions);
            visit::blocks(&stmt.kind).for_each(|inner| self.block(inner, mentions));
        }
    }

    fn stmt(&mut self, stmt: &Stmt, mentions: &[u32]) {
        self.form.kinds.push(discriminant(&stmt.kind));
        let (count, holes) = (self.form.words.len(), holes(&stmt.kind));
        self.form.words.push(0);
        let mut operands = 0;
        visit::for_each_operand(&stmt.kind, |operand| {
            let is_hole = operands < holes;
            operands += 1;
            self.form.words.push(match operand {
                Operand::Local(_) => LOCAL,
                Operand::Const(constant) if is_hole => {
                    self.holes.push(constant);
                    HOLE
                }
                Operand::Const(constant) => constant.0,
            });
        });
        if let Some(count) = self.form.words.get_mut(count) {
            *count = operands as u32;
        }
        for_each_local(&stmt.kind, |local| self.local(local, mentions));
        self.rest(stmt);
    }

    /// A local is the case's own if nothing else names it. What has no count yet was added by the pass, inside of this case.
    fn local(&mut self, local: Local, mentions: &[u32]) {
        let all = mentions.get(local.index());
        match self.locals.get_mut(local.index()) {
            Some(named) if all.is_none_or(|all| *all == named.count) => {
                if named.number == 0 {
                    self.own += 1;
                    named.number = self.own;
                }
                self.form.words.extend([OWN, named.number]);
            }
            _ => self.form.words.push(local.0),
        }
    }

    fn label(&mut self, label: Label) {
        match self.labels.get(&label) {
            Some(own) => self.form.words.extend([OWN, *own]),
            None => self.form.words.push(label.0),
        }
    }

    /// What a statement has beside operands, locals and blocks. Where it comes from counts for those that tell it: calls of builtins, and what
    /// may conflict. To which rule it belongs does not, as no code depends on it.
    fn rest(&mut self, stmt: &Stmt) {
        let words = &mut self.form.words;
        match &stmt.kind {
            StmtKind::IsType { test, .. } => words.push(*test as u32),
            StmtKind::MakeArray { capacity, .. } => words.push(*capacity),
            StmtKind::Select { index, .. } => words.push(index.0),
            StmtKind::With { path, .. } => {
                words.push(path.len() as u32);
                words.extend(path.iter().map(|key| key.0));
            }
            StmtKind::Call { function, .. } => words.push(function.0),
            StmtKind::CallDynamic { table, path, if_undefined, .. } => {
                words.extend([table.0, path.len() as u32]);
                self.label(*if_undefined);
            }
            StmtKind::Break(label) => self.label(*label),
            StmtKind::Switch { cases, default, .. } => {
                words.extend([cases.len() as u32, u32::from(default.is_some())]);
                words.extend(cases.iter().map(|(case, _)| case.0));
            }
            StmtKind::CallBuiltin { builtin, .. } => {
                words.push(builtin.0);
                self.place(stmt);
            }
            StmtKind::AssignOnce { .. } | StmtKind::ObjectInsertOnce { .. } => self.place(stmt),
            _ => {}
        }
    }

    fn place(&mut self, stmt: &Stmt) {
        let span = stmt.span.map(|span| [span.file.index() as u32, span.start, span.end]);
        self.form.words.extend(span.into_iter().flatten());
    }
}
