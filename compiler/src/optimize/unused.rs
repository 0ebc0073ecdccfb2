//! Removes what no entrypoint reaches: functions, tables, rules, builtins and constants, and numbers the rest anew in the old order.
//!
//! Needs nothing; keeps every answer. A builtin that only removed functions called is not asked of the host any more.

use rustc_hash::FxHashSet;

use crate::index::{Id, IndexVec};
use crate::plan::ir::{BuiltinId, ConstId, FuncId, Operand, Program, RuleId, StmtKind, TableId};
use crate::plan::visit;

/// Runs the pass.
pub(super) fn run(program: &mut Program) {
    let mut reached = Reached::new(program);
    for entrypoint in &program.entrypoints {
        reached.functions.reach(entrypoint.function);
    }
    while let Some(function) = reached.functions.pending.pop() {
        reached.function(program, function);
    }
    reached.rest_of_documents(program);
    reached.renumber(program);
}

/// Ids that are reached so far.
struct Marks<I> {
    reached: Vec<bool>,
    /// Reached, but not looked into yet.
    pending: Vec<I>,
}

impl<I: Id> Marks<I> {
    fn new(count: usize) -> Self {
        Self { reached: vec![false; count], pending: Vec::new() }
    }

    /// Marks an id.
    fn reach(&mut self, id: I) {
        let _ = self.reach_first(id);
    }

    /// Marks an id; whether it was reached for the first time.
    fn reach_first(&mut self, id: I) -> bool {
        match self.reached.get_mut(id.index()) {
            Some(reached) if !*reached => {
                *reached = true;
                self.pending.push(id);
                true
            }
            _ => false,
        }
    }

    /// Takes out what is not reached; the new id of each, which means nothing where it is not reached.
    fn retain<T>(&self, items: &mut IndexVec<I, T>) -> IndexVec<I, I> {
        let mut next = 0;
        let ids = self.reached.iter().map(|reached| {
            let id = I::from_usize(next);
            next += usize::from(*reached);
            id
        });
        let ids = ids.collect();
        if next < items.len() {
            let kept = std::mem::take(items).into_iter().zip(&self.reached).filter(|(_, reached)| **reached);
            *items = kept.map(|(item, _)| item).collect();
        }
        ids
    }
}

/// All that is reached.
struct Reached {
    functions: Marks<FuncId>,
    tables: Marks<TableId>,
    rules: Marks<RuleId>,
    builtins: Marks<BuiltinId>,
    constants: Marks<ConstId>,
}

impl Reached {
    fn new(program: &Program) -> Self {
        Self {
            functions: Marks::new(program.functions.len()),
            tables: Marks::new(program.tables.len()),
            rules: Marks::new(program.rules.len()),
            builtins: Marks::new(program.builtins.len()),
            constants: Marks::new(program.constants.len()),
        }
    }

    fn function(&mut self, program: &Program, function: FuncId) {
        let Some(function) = program.functions.get(function) else { return };
        visit::for_each_stmt(&function.body, &mut |stmt| self.stmt(program, &stmt.kind));
    }

    fn stmt(&mut self, program: &Program, kind: &StmtKind) {
        visit::for_each_operand(kind, |operand| {
            if let Operand::Const(id) = operand {
                self.constants.reach(id);
            }
        });
        match kind {
            StmtKind::Call { function, .. } => self.functions.reach(*function),
            StmtKind::CallBuiltin { builtin, .. } => self.builtins.reach(*builtin),
            StmtKind::CallDynamic { table, .. } => self.table(program, *table),
            StmtKind::Rule { rule, .. } => self.rules.reach(*rule),
            StmtKind::With { path, .. } => path.iter().for_each(|step| self.constants.reach(*step)),
            StmtKind::Select { index, .. } => self.constants.reach(*index),
            StmtKind::Switch { cases, .. } => cases.iter().for_each(|(id, _)| self.constants.reach(*id)),
            _ => {}
        }
    }

    fn table(&mut self, program: &Program, table: TableId) {
        if !self.tables.reach_first(table) {
            return;
        }
        let rows = program.tables.get(table).into_iter().flat_map(|table| &table.rows);
        for (path, function) in rows {
            path.iter().for_each(|step| self.constants.reach(*step));
            self.functions.reach(*function);
        }
    }

    /// The rules of a document are told of together, also those whose code is gone, or has become one with that of others.
    fn rest_of_documents(&mut self, program: &Program) {
        let is_reached = |id: RuleId| self.rules.reached.get(id.index()) == Some(&true);
        let reached = program.rules.enumerate().filter(|(id, _)| is_reached(*id));
        let documents: FxHashSet<&str> = reached.map(|(_, rule)| rule.path.as_str()).collect();
        for (id, rule) in program.rules.enumerate() {
            if documents.contains(rule.path.as_str()) {
                self.rules.reach(id);
            }
        }
    }

    fn renumber(&self, program: &mut Program) {
        let functions = self.functions.retain(&mut program.functions);
        let tables = self.tables.retain(&mut program.tables);
        let rules = self.rules.retain(&mut program.rules);
        let builtins = self.builtins.retain(&mut program.builtins);
        let constants = self.constants.retain(&mut program.constants);
        for entrypoint in &mut program.entrypoints {
            rename(&functions, &mut entrypoint.function);
        }
        for table in program.tables.iter_mut() {
            for (path, function) in &mut table.rows {
                path.iter_mut().for_each(|step| rename(&constants, step));
                rename(&functions, function);
            }
        }
        for function in program.functions.iter_mut() {
            visit::for_each_stmt_mut(&mut function.body, &mut |stmt| {
                visit::for_each_constant_mut(&mut stmt.kind, |id| rename(&constants, id));
                match &mut stmt.kind {
                    StmtKind::Call { function, .. } => rename(&functions, function),
                    StmtKind::CallBuiltin { builtin, .. } => rename(&builtins, builtin),
                    StmtKind::CallDynamic { table, .. } => rename(&tables, table),
                    StmtKind::Rule { rule, .. } => rename(&rules, rule),
                    _ => {}
                }
            });
        }
    }
}

fn rename<I: Id>(names: &IndexVec<I, I>, id: &mut I) {
    if let Some(new) = names.get(*id) {
        *id = *new;
    }
}
