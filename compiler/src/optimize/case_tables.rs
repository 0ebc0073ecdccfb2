//! Makes one of the cases of a switch that differ in constants only: a table says which constants belong to which case, and the code is there
//! once. Policies that list many like things, such as the routes of a service, are made of such rules.
//!
//! Needs the switches of the rule index, and runs before what looks at all statements, of which it leaves few. Keeps every answer and every
//! error: statements that tell their place (calls of builtins, what may conflict) are alike in themselves only.

mod form;

use std::hash::{Hash as _, Hasher as _};

use form::{Form, Writer};

use rustc_hash::{FxHashMap, FxHasher};

use crate::index::{Id as _, IndexVec};
use crate::optimize::constants::Constants;
use crate::optimize::fresh::Fresh;
use crate::plan::ir::{Block, ConstId, Constant, FuncId, Function, Label, Local, Operand, Program, Stmt, StmtKind};
use crate::plan::visit;

/// So many cases that are alike are worth a table.
const FEWEST: usize = 4;

/// Runs the pass.
pub(super) fn run(program: &mut Program) {
    let mut constants = Constants::default();
    for id in program.functions.ids() {
        if has_many_cases(&program.functions[id].body) {
            constants.learn(&program.constants);
            function(program, id, &mut constants);
            constants.add_to(&mut program.constants);
        }
    }
}

fn has_many_cases(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| {
        matches!(&stmt.kind, StmtKind::Switch { cases, .. } if cases.len() >= FEWEST)
            || visit::blocks(&stmt.kind).any(has_many_cases)
    })
}

fn function(program: &mut Program, id: FuncId, constants: &mut Constants) {
    let function = &mut program.functions[id];
    let (mentions, label) = mentions(function);
    let fresh = Fresh::behind(function.locals, label);
    let mut merger = Merger { mentions, fresh, known: &program.constants, constants };
    merger.block(&mut function.body);
    function.locals = merger.fresh.locals();
}

/// By local: how often the statements of a function name it. Documents, parameters and the result are named from outside as well.
/// Also the first label that is free.
fn mentions(function: &Function) -> (Vec<u32>, Label) {
    let mut mentions = vec![0; function.locals as usize];
    let outside = (0..2 + function.params).map(Local).chain([function.result]);
    outside.for_each(|local| add(&mut mentions, local));
    let label = visit::free_label_while(&function.body, |stmt| {
        for_each_local(&stmt.kind, |local| add(&mut mentions, local));
    });
    (mentions, label)
}

/// Calls `f` with each local that a statement names, with some more than once.
fn for_each_local(kind: &StmtKind, mut f: impl FnMut(Local)) {
    visit::for_each_read(kind, &mut f);
    visit::for_each_assigned(kind, f);
}

fn add(mentions: &mut [u32], local: Local) {
    if let Some(count) = mentions.get_mut(local.index()) {
        *count = count.saturating_add(1);
    }
}

/// Calls `f` with each operand in which cases may differ, to change it; see [`holes`].
fn for_each_hole(block: &mut Block, mut f: impl FnMut(&mut Operand)) {
    visit::for_each_stmt_mut(block, &mut |stmt| {
        let holes = holes(&stmt.kind);
        let mut number = 0;
        visit::for_each_operand_mut(&mut stmt.kind, |operand| {
            if number < holes {
                f(operand);
            }
            number += 1;
        });
    });
}

/// In how many of its first operands a statement may differ from others: not in keys, by which the input is read, nor in what builtins are
/// given, of which code generation knows some when it is constant.
fn holes(kind: &StmtKind) -> usize {
    match kind {
        StmtKind::Dot { .. } => 1,
        StmtKind::CallBuiltin { .. } | StmtKind::CallDynamic { .. } => 0,
        _ => usize::MAX,
    }
}

/// Cases that are alike.
struct Group {
    form: Form,
    /// Each by its place among the cases, with the constants that were taken out.
    members: Vec<(usize, Vec<ConstId>)>,
}

struct Merger<'p> {
    mentions: Vec<u32>,
    fresh: Fresh,
    known: &'p IndexVec<ConstId, Constant>,
    constants: &'p mut Constants,
}

impl Merger<'_> {
    /// The switches inside of others come first: their tables may be what the outer ones differ in.
    fn block(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            visit::blocks_mut(&mut stmt.kind).for_each(|inner| self.block(inner));
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        let StmtKind::Switch { on: Operand::Local(on), cases, default } = &mut stmt.kind else { return };
        let mut groups = if cases.len() < FEWEST { Vec::new() } else { self.groups(cases) };
        groups.retain(|group| group.members.len() >= FEWEST);
        if groups.is_empty() {
            return;
        }
        let (on, default) = (*on, default.take());
        let mut cases: Vec<Option<(ConstId, Block)>> = std::mem::take(cases).into_iter().map(Some).collect();
        let outer = self.fresh.label();
        let mut stmts = Vec::new();
        for group in groups {
            let mut found = self.table(on, &group.members, &mut cases);
            found.push(plain(StmtKind::Break(outer)));
            stmts.push(plain(StmtKind::Block(Block { label: self.fresh.label(), stmts: found })));
        }
        let cases: Vec<_> = cases.into_iter().flatten().collect();
        if cases.is_empty() {
            stmts.extend(default.map(|default| plain(StmtKind::Block(default))));
        } else {
            stmts.push(plain(StmtKind::Switch { on: on.into(), cases, default }));
        }
        stmt.kind = StmtKind::Block(Block { label: outer, stmts });
    }

    fn groups(&self, cases: &[(ConstId, Block)]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut by_hash: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        let mut writer = Writer::default();
        for (place, (_, block)) in cases.iter().enumerate() {
            writer.case(block, &self.mentions);
            let mut hasher = FxHasher::default();
            writer.form.hash(&mut hasher);
            let same_hash = by_hash.entry(hasher.finish()).or_default();
            let holes = std::mem::take(&mut writer.holes);
            let known = same_hash.iter().find(|group| groups.get(**group).is_some_and(|it| it.form == writer.form));
            if let Some(group) = known.and_then(|group| groups.get_mut(*group)) {
                group.members.push((place, holes));
            } else {
                same_hash.push(groups.len());
                groups.push(Group { form: writer.form.clone(), members: vec![(place, holes)] });
            }
        }
        groups
    }

    /// What a switch does in the cases of a group, which are taken: `row = table[on]`, then the first case with its constants from the row.
    fn table(
        &mut self,
        on: Local,
        members: &[(usize, Vec<ConstId>)],
        cases: &mut [Option<(ConstId, Block)>],
    ) -> Vec<Stmt> {
        let mut keys = Vec::new();
        let mut first = None;
        for (place, _) in members {
            let Some((key, block)) = cases.get_mut(*place).and_then(Option::take) else { continue };
            keys.push(key);
            first.get_or_insert(block);
        }
        let Some(mut body) = first else { return Vec::new() };
        let mut columns = Columns::default();
        let holes = members.first().map_or(0, |(_, holes)| holes.len());
        let reads = (0..holes).map(|hole| {
            let column = members.iter().filter_map(|(_, holes)| holes.get(hole).copied()).collect();
            columns.read(column)
        });
        let reads: Vec<Option<usize>> = reads.collect();
        let (row, fetch, locals) = self.fetch(columns.0.len());
        let mut reads = reads.into_iter();
        for_each_hole(&mut body, |operand| {
            if matches!(operand, Operand::Const(_))
                && let Some(column) = reads.next().flatten()
                && let Some(local) = locals.get(column)
            {
                *operand = (*local).into();
            }
        });
        let table = self.rows(&keys, &columns.0);
        let mut stmts = vec![plain(StmtKind::IsDefined(on))];
        stmts.push(plain(StmtKind::Dot { source: table.into(), key: on.into(), target: row }));
        stmts.extend(fetch);
        stmts.push(plain(StmtKind::Block(body)));
        stmts
    }

    /// The local of a row, what fetches the constants of that many columns out of it, and their locals. The row of one column is its constant.
    fn fetch(&mut self, columns: usize) -> (Local, Vec<Stmt>, Vec<Local>) {
        let row = self.fresh.local();
        if columns < 2 {
            return (row, Vec::new(), vec![row]);
        }
        let locals: Vec<Local> = (0..columns).map(|_| self.fresh.local()).collect();
        let fetch = locals.iter().enumerate().map(|(column, target)| {
            let key = self.constants.number(column).into();
            plain(StmtKind::Dot { source: row.into(), key, target: *target })
        });
        (row, fetch.collect(), locals)
    }

    /// The table: a set where there are no columns, else an object of the cases' rows.
    fn rows(&mut self, keys: &[ConstId], columns: &[Vec<ConstId>]) -> ConstId {
        let row = |place: usize| -> Constant {
            let mut values: Vec<Constant> =
                columns.iter().filter_map(|column| self.constant(*column.get(place)?)).collect();
            if values.len() == 1 { values.swap_remove(0) } else { Constant::Array(values) }
        };
        let keyed = keys.iter().enumerate().filter_map(|(place, key)| Some((place, self.constant(*key)?)));
        let table = if columns.is_empty() {
            Constant::Set(keyed.map(|(_, key)| key).collect())
        } else {
            Constant::Object(keyed.map(|(place, key)| (key, row(place))).collect())
        };
        self.constants.id(table)
    }

    fn constant(&self, id: ConstId) -> Option<Constant> {
        self.known.get(id).or_else(|| self.constants.added(id)).cloned()
    }
}

/// What the cases of a group differ in: for each case a constant, no two columns alike.
#[derive(Default)]
struct Columns(Vec<Vec<ConstId>>);

impl Columns {
    /// From which column a place is read; none if all cases have the same constant there.
    fn read(&mut self, column: Vec<ConstId>) -> Option<usize> {
        if column.iter().all(|constant| Some(constant) == column.first()) {
            return None;
        }
        let known = self.0.iter().position(|other| *other == column);
        Some(known.unwrap_or_else(|| {
            self.0.push(column);
            self.0.len() - 1
        }))
    }
}

fn plain(kind: StmtKind) -> Stmt {
    Stmt { kind, span: None }
}
