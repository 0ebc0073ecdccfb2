//! Which values are sets whatever the documents are, so that builtins that take sets and others bring only what sets need.

use rustc_hash::FxHashMap;

use crate::plan::ir::{Block, Constant, FuncId, Local, Operand, Program, StmtKind};
use crate::plan::visit;

/// Builtins whose results are sets.
const GIVE_SETS: [&str; 8] =
    ["and", "or", "set_diff", "intersection", "union", "object.keys", "graph.reachable", "cast_set"];

/// What is known of a program; found when it is asked for.
#[derive(Debug, Default)]
pub(super) struct Sets<'a> {
    /// The statements that assign each local of a function.
    assigning: FxHashMap<FuncId, FxHashMap<Local, Vec<&'a StmtKind>>>,
    known: FxHashMap<(FuncId, Local), bool>,
}

impl<'a> Sets<'a> {
    /// Whether an operand in a function is a set, or undefined.
    pub(super) fn is_set(&mut self, program: &'a Program, function: FuncId, operand: Operand) -> bool {
        match operand {
            Operand::Const(id) => matches!(program.constants.get(id), Some(Constant::Set(_))),
            Operand::Local(local) => self.holds_set(program, function, local),
        }
    }

    fn holds_set(&mut self, program: &'a Program, function: FuncId, local: Local) -> bool {
        if let Some(known) = self.known.get(&(function, local)) {
            return *known;
        }
        // What depends on itself counts as unknown.
        self.known.insert((function, local), false);
        let assigning = self.assigning.entry(function).or_insert_with(|| {
            let mut assigning = FxHashMap::default();
            if let Some(function) = program.functions.get(function) {
                collect(&function.body, &mut assigning);
            }
            assigning
        });
        // Nothing assigns parameters and documents.
        let statements = assigning.get(&local).cloned().unwrap_or_default();
        let is_set = !statements.is_empty() && statements.iter().all(|kind| self.gives_set(program, function, kind));
        self.known.insert((function, local), is_set);
        is_set
    }

    fn gives_set(&mut self, program: &'a Program, function: FuncId, kind: &StmtKind) -> bool {
        match kind {
            StmtKind::Reset { .. } | StmtKind::MakeSet { .. } => true,
            StmtKind::Assign { source, .. } | StmtKind::AssignOnce { source, .. } | StmtKind::Select { source, .. } => {
                self.is_set(program, function, *source)
            }
            StmtKind::Call { function, .. } => {
                let result = program.functions.get(*function).map(|callee| callee.result);
                result.is_some_and(|result| self.holds_set(program, *function, result))
            }
            StmtKind::CallBuiltin { builtin, args, .. } => program.builtins.get(*builtin).is_some_and(|builtin| {
                let is_difference = &*builtin.name == "minus";
                GIVE_SETS.contains(&&*builtin.name)
                    || is_difference && args.iter().any(|arg| self.is_set(program, function, *arg))
            }),
            _ => false,
        }
    }
}

fn collect<'a>(block: &'a Block, assigning: &mut FxHashMap<Local, Vec<&'a StmtKind>>) {
    for stmt in &block.stmts {
        visit::for_each_assigned(&stmt.kind, |local| assigning.entry(local).or_default().push(&stmt.kind));
        visit::blocks(&stmt.kind).for_each(|inner| collect(inner, assigning));
    }
}
