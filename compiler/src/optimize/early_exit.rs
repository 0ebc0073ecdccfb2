//! Leaves a stretch of code as soon as nothing it could still do matters: rules that all give the same value after the first that
//! holds, scans that only look for one element after the first they find, `every` after the first element that fails.
//!
//! After `t = c` (a constant), code whose only lasting effect would be `t = c` again need not run. An effect lasts beyond a statement when
//! a local that the statement assigns is read outside of it. Needs nothing; keeps every answer but for errors in code that
//! need not run, which OPA's evaluator does not run either: it leaves rules that all give the same value, and nothing else, so that a
//! call that may fail stays where only a scan would be left. Leaves `with` and `not` alone: their bodies say something by how they end.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::index::{Id as _, IndexVec};
use crate::optimize::fold::Known;
use crate::plan::ir::{
    Block, Builtin, BuiltinId, ConstId, FuncId, Function, Label, Local, Operand, Program, Stmt, StmtKind,
};
use crate::plan::visit;

/// Runs the pass.
pub(super) fn run(program: &mut Program, id: FuncId, known: &mut Known) {
    let function = &program.functions[id];
    let mut search = Search::new(id, function, &program.builtins, known);
    let root = search.block(&function.body);
    let mut path = Vec::new();
    search.sites(&function.body, &root, End::Function, &mut path);
    let exits = search.exits;
    if !exits.is_empty() {
        apply(&mut program.functions[id].body, &exits);
    }
}

/// What a statement does to a local that is read outside of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Nothing but assigning this constant.
    Sets(ConstId),
    /// Anything.
    Other,
}

/// Where a local is read and assigned, as positions of statements in order of the text.
#[derive(Clone, Copy)]
struct Uses {
    first_write: usize,
    first_read: usize,
    last: usize,
}

/// What is known of a statement and of those inside of it.
struct Summary {
    /// What it does to locals that are read outside of it, each once.
    effects: Vec<(Local, Effect)>,
    /// The blocks outside of it that it may leave, each once.
    leaves: Vec<Label>,
    /// Whether it does something that no local shows: a builtin that is called for its effect.
    speaks: bool,
    /// Whether it may end in an error.
    may_fail: bool,
    /// The blocks inside, each with its statements.
    blocks: Vec<Vec<Summary>>,
}

/// What it means to come to the end of a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The function ends.
    Function,
    /// What follows the block is next; leaving the block means the same.
    Next,
    /// The next element is next; leaving the block means the same.
    Element,
    /// Something that leaving the block does not mean.
    Success,
}

/// The place of a statement: its block, what the end of that means, its index.
#[derive(Clone, Copy)]
struct Place<'f> {
    block: &'f Block,
    summaries: &'f [Summary],
    end: End,
    index: usize,
    /// The local that may be left to itself even where calls may fail: the only value of rules, where the place is one.
    value: Option<Local>,
}

impl Place<'_> {
    /// Whether the statement at an index need not run once `local` is the constant.
    fn is_idle(&self, index: usize, local: Local, constant: ConstId) -> bool {
        let (Some(stmt), Some(summary)) = (self.block.stmts.get(index), self.summaries.get(index)) else {
            return false;
        };
        let only_sets = summary.effects.iter().all(|(key, effect)| *key == local && *effect == Effect::Sets(constant));
        let is_silent = !summary.speaks && (!summary.may_fail || self.value == Some(local));
        summary.leaves.is_empty() && is_silent && only_sets || waits_for_undefined(stmt, local)
    }

    /// From which statement of the block on nothing needs to run.
    fn idle_from(&self, local: Local, constant: ConstId) -> usize {
        let count = self.block.stmts.len();
        (0..count).rev().take_while(|index| self.is_idle(*index, local, constant)).last().unwrap_or(count)
    }

    /// Whether the statement at an index can be left together with others: it is never undefined itself, and idle.
    fn joins(&self, index: usize, local: Local, constant: ConstId) -> bool {
        self.block.stmts.get(index).is_some_and(never_fails) && self.is_idle(index, local, constant)
    }

    /// Whether any of the statements is worth leaving out.
    fn has_work(&self, indexes: std::ops::Range<usize>) -> bool {
        self.block.stmts.get(indexes).unwrap_or_default().iter().any(|stmt| {
            let is_call = matches!(
                stmt.kind,
                StmtKind::Call { .. } | StmtKind::CallBuiltin { .. } | StmtKind::CallDynamic { .. }
            );
            is_call || visit::blocks(&stmt.kind).next().is_some()
        })
    }

    /// The statements around the place that can be left together.
    fn run(&self, local: Local, constant: ConstId) -> (usize, usize) {
        let (mut first, mut last) = (self.index, self.index);
        while first > 0 && self.joins(first - 1, local, constant) {
            first -= 1;
        }
        while self.joins(last + 1, local, constant) {
            last += 1;
        }
        (first, last)
    }
}

/// The changes to one block, by index of statement.
#[derive(Default)]
struct Exits {
    /// After this statement, leave that block; what follows never runs.
    breaks: BTreeMap<usize, Label>,
    /// From this statement to that one: a new block of that label around them.
    wraps: BTreeMap<usize, (usize, Label)>,
}

impl Exits {
    /// The label of a block around the statements; none when it would overlap with another.
    fn wrap(&mut self, first: usize, last: usize, next_label: &mut u32) -> Option<Label> {
        if let Some((old_last, label)) = self.wraps.get(&first) {
            return (*old_last == last).then_some(*label);
        }
        if self.wraps.iter().any(|(old_first, (old_last, _))| *old_first <= last && first <= *old_last) {
            return None;
        }
        let label = Label(*next_label);
        *next_label = next_label.saturating_add(1);
        self.wraps.insert(first, (last, label));
        Some(label)
    }
}

struct Search<'p> {
    uses: Vec<Uses>,
    builtins: &'p IndexVec<BuiltinId, Builtin>,
    /// By function: whether a call may fail.
    failing: &'p [bool],
    /// See [`Place::value`].
    value: Option<Local>,
    position: usize,
    next_label: u32,
    exits: BTreeMap<Label, Exits>,
    /// What [`Place::idle_from`] and [`Place::run`] said of a block: a function may have as many sites as statements.
    idle_from: FxHashMap<(Label, Local, ConstId, bool), usize>,
    runs: FxHashMap<(Label, Local, ConstId, bool), (usize, usize)>,
}

impl<'p> Search<'p> {
    fn new(id: FuncId, function: &Function, builtins: &'p IndexVec<BuiltinId, Builtin>, known: &'p Known) -> Self {
        let never = Uses { first_write: usize::MAX, first_read: usize::MAX, last: 0 };
        let mut uses = vec![never; function.locals as usize];
        let mut position = 0;
        visit::for_each_stmt(&function.body, &mut |stmt| {
            position += 1;
            visit::for_each_read(&stmt.kind, |local| {
                if let Some(uses) = uses.get_mut(local.index()) {
                    uses.first_read = uses.first_read.min(position);
                    uses.last = position;
                }
            });
            visit::for_each_assigned(&stmt.kind, |local| {
                if let Some(uses) = uses.get_mut(local.index()) {
                    uses.first_write = uses.first_write.min(position);
                    uses.last = position;
                }
            });
        });
        // Parameters come from outside, the result goes there.
        for uses in uses.iter_mut().take(function.params as usize + 2) {
            uses.first_write = 0;
        }
        if let Some(uses) = uses.get_mut(function.result.index()) {
            uses.last = usize::MAX;
        }
        let next_label = visit::free_label(&function.body).0;
        Self {
            uses,
            builtins,
            failing: &known.failing,
            value: (known.several.get(id.index()) == Some(&false)).then_some(function.result),
            position: 0,
            next_label,
            exits: BTreeMap::new(),
            idle_from: FxHashMap::default(),
            runs: FxHashMap::default(),
        }
    }

    fn block(&mut self, block: &Block) -> Vec<Summary> {
        block.stmts.iter().map(|stmt| self.stmt(stmt)).collect()
    }

    fn stmt(&mut self, stmt: &Stmt) -> Summary {
        self.position += 1;
        let first = self.position;
        let speaks = self.speaks(&stmt.kind);
        let may_fail = match &stmt.kind {
            StmtKind::Call { function, .. } => self.failing.get(function.index()) != Some(&false),
            StmtKind::CallDynamic { .. } | StmtKind::ObjectInsertOnce { .. } => true,
            _ => false,
        };
        let mut summary = Summary { effects: Vec::new(), leaves: Vec::new(), speaks, may_fail, blocks: Vec::new() };
        if let StmtKind::Break(label) | StmtKind::CallDynamic { if_undefined: label, .. } = &stmt.kind {
            summary.leaves.push(*label);
        }
        for block in visit::blocks(&stmt.kind) {
            let summaries = self.block(block);
            summary.speaks |= summaries.iter().any(|inner| inner.speaks);
            summary.may_fail |= summaries.iter().any(|inner| inner.may_fail);
            let leaves = summaries.iter().flat_map(|inner| &inner.leaves);
            summary.leaves.extend(leaves.filter(|label| **label != block.label));
            summary.blocks.push(summaries);
        }
        let last = self.position;
        let (uses, effects) = (&self.uses, &mut summary.effects);
        let mut add = |local, effect| {
            if !is_private(uses, local, first, last) {
                effects.push((local, effect));
            }
        };
        if let Some((local, constant)) = constant_assignment(&stmt.kind) {
            add(local, Effect::Sets(constant));
        } else {
            visit::for_each_assigned(&stmt.kind, |local| add(local, Effect::Other));
            visit::grown(&stmt.kind).into_iter().for_each(|local| add(local, Effect::Other));
        }
        for (local, effect) in summary.blocks.iter().flatten().flat_map(|inner| &inner.effects) {
            add(*local, *effect);
        }
        join(&mut summary.effects);
        summary.leaves.sort_unstable();
        summary.leaves.dedup();
        summary
    }

    fn speaks(&self, kind: &StmtKind) -> bool {
        match kind {
            StmtKind::CallBuiltin { builtin, .. } => {
                self.builtins.get(*builtin).is_none_or(|builtin| !builtin.has_result)
            }
            _ => false,
        }
    }

    /// Looks for assignments of constants below a block and for the way out from each.
    fn sites<'f>(&mut self, block: &'f Block, summaries: &'f [Summary], end: End, path: &mut Vec<Place<'f>>) {
        for (index, (stmt, summary)) in block.stmts.iter().zip(summaries).enumerate() {
            let in_rule = path.last().is_some_and(|around| around.value.is_some());
            let value = self.value.filter(|_| in_rule || matches!(stmt.kind, StmtKind::Rule { .. }));
            path.push(Place { block, summaries, end, index, value });
            if let Some((local, constant)) = constant_assignment(&stmt.kind) {
                self.site(path, local, constant);
            }
            let inner_end = match &stmt.kind {
                StmtKind::Scan { .. } => End::Element,
                StmtKind::Not(_) | StmtKind::With { .. } => End::Success,
                _ => End::Next,
            };
            for (inner, summaries) in visit::blocks(&stmt.kind).zip(&summary.blocks) {
                self.sites(inner, summaries, inner_end, path);
            }
            path.pop();
        }
    }

    /// Whether nothing behind a place needs to run.
    fn is_rest_idle(&mut self, place: &Place<'_>, local: Local, constant: ConstId) -> bool {
        let key = (place.block.label, local, constant, place.value.is_some());
        let from = self.idle_from.entry(key).or_insert_with(|| place.idle_from(local, constant));
        place.index + 1 >= *from
    }

    /// See [`Place::run`].
    fn run(&mut self, place: &Place<'_>, local: Local, constant: ConstId) -> (usize, usize) {
        let key = (place.block.label, local, constant, place.value.is_some());
        // Of two places in one run both find the same, if they can be left themselves.
        let joins = place.joins(place.index, local, constant);
        match self.runs.get(&key) {
            Some((first, last)) if joins && (*first..=*last).contains(&place.index) => (*first, *last),
            _ => {
                let run = place.run(local, constant);
                if joins {
                    self.runs.insert(key, run);
                }
                run
            }
        }
    }

    /// Finds the outermost block that can be left after the assignment at the end of the path.
    fn site(&mut self, path: &[Place<'_>], local: Local, constant: ConstId) {
        let mut target = None;
        let mut saves_work = false;
        // Whether the statement at the place is a scan that is to be left with all its further elements.
        let mut leaves_scan = false;
        for (depth, place) in path.iter().enumerate().rev() {
            if !self.is_rest_idle(place, local, constant) {
                let is_site = depth + 1 == path.len();
                let (first, last) = self.run(place, local, constant);
                if !is_site && (leaves_scan || place.has_work(place.index + 1..last + 1)) {
                    let exits = self.exits.entry(place.block.label).or_default();
                    if let Some(label) = exits.wrap(first, last, &mut self.next_label) {
                        (target, saves_work) = (Some(label), true);
                    }
                }
                break;
            }
            let rest_has_work = place.has_work(place.index + 1..place.block.stmts.len());
            match place.end {
                End::Function | End::Next => {
                    target = Some(place.block.label);
                    saves_work |= leaves_scan || rest_has_work;
                    leaves_scan = false;
                }
                End::Element => {
                    let scan = depth.checked_sub(1).and_then(|depth| path.get(depth));
                    if !scan.is_some_and(|scan| scan.is_idle(scan.index, local, constant)) {
                        break;
                    }
                    leaves_scan = true;
                }
                End::Success => break,
            }
        }
        if let (Some(target), true, Some(site)) = (target, saves_work, path.last()) {
            self.exits.entry(site.block.label).or_default().breaks.insert(site.index, target);
        }
    }
}

/// The local and the constant of an assignment of a constant.
fn constant_assignment(kind: &StmtKind) -> Option<(Local, ConstId)> {
    match kind {
        StmtKind::Assign { target, source: Operand::Const(id) }
        | StmtKind::AssignOnce { target, source: Operand::Const(id) } => Some((*target, *id)),
        _ => None,
    }
}

/// Whether a statement does nothing when a local is defined: the value of a default rule.
fn waits_for_undefined(stmt: &Stmt, local: Local) -> bool {
    let (StmtKind::Block(body) | StmtKind::Rule { body, .. }) = &stmt.kind else { return false };
    matches!(body.stmts.first().map(|stmt| &stmt.kind), Some(StmtKind::IsUndefined(tested)) if *tested == local)
}

/// Whether what follows a statement always runs after it, unless it is left by a label.
fn never_fails(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Block(_) | StmtKind::Rule { .. } | StmtKind::Scan { .. } | StmtKind::Switch { .. })
}

/// Whether a local matters only between two positions: it is used nowhere else, and assigned there before it is read.
fn is_private(uses: &[Uses], local: Local, first: usize, last: usize) -> bool {
    let uses = uses.get(local.index());
    uses.is_some_and(|uses| uses.first_write >= first && uses.last <= last && uses.first_write < uses.first_read)
}

/// Leaves one effect for each local: different ones are anything.
fn join(effects: &mut Vec<(Local, Effect)>) {
    effects.sort_unstable_by_key(|(local, _)| *local);
    effects.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same && later.1 != first.1 {
            first.1 = Effect::Other;
        }
        same
    });
}

fn apply(block: &mut Block, exits: &BTreeMap<Label, Exits>) {
    for stmt in &mut block.stmts {
        visit::blocks_mut(&mut stmt.kind).for_each(|inner| apply(inner, exits));
    }
    let Some(exits) = exits.get(&block.label) else { return };
    let mut stmts = Vec::new();
    // The ends of the new blocks that are open: the index of the last statement, the label, where its statements begin.
    let mut open: Option<(usize, Label, usize)> = None;
    for (index, stmt) in std::mem::take(&mut block.stmts).into_iter().enumerate() {
        if let Some((last, label)) = exits.wraps.get(&index) {
            open = Some((*last, *label, stmts.len()));
        }
        let span = stmt.span;
        stmts.push(stmt);
        let exit = exits.breaks.get(&index);
        if let Some(label) = exit {
            stmts.push(Stmt { kind: StmtKind::Break(*label), span });
        }
        if let Some((_, label, start)) = open.take_if(|(last, ..)| *last == index || exit.is_some()) {
            let wrapped = stmts.split_off(start);
            stmts.push(Stmt { kind: StmtKind::Block(Block { label, stmts: wrapped }), span: None });
        }
        if exit.is_some() {
            break;
        }
    }
    block.stmts = stmts;
}
