//! Values of rules that cannot conflict are assigned without being compared with another one: those of the cases of one switch, of which only
//! one is reached, and those that nothing precedes.
//!
//! Needs the switches of the rule index. Keeps every answer and every error: where two values of a document may meet, all of its rules
//! go on to compare, as the error names each that gave a value.

use std::collections::BTreeSet;

use crate::optimize::fold::Known;
use crate::plan::ir::{Block, FuncId, Local, Program, StmtKind};
use crate::plan::visit;

/// Runs the pass.
pub(super) fn run(program: &mut Program, id: FuncId, _: &mut Known) {
    let body = &mut program.functions[id].body;
    let mut search = Search::default();
    visit::for_each_stmt(body, &mut |stmt| {
        if let StmtKind::AssignOnce { target, .. } = stmt.kind {
            search.values.insert(target);
        }
    });
    if search.values.is_empty() {
        return;
    }
    search.block(body, &mut BTreeSet::new());
    visit::for_each_stmt_mut(body, &mut |stmt| {
        if let StmtKind::AssignOnce { target, source } = stmt.kind
            && !search.contested.contains(&target)
        {
            stmt.kind = StmtKind::Assign { target, source };
        }
    });
}

#[derive(Default)]
struct Search {
    /// The locals that hold values of rules.
    values: BTreeSet<Local>,
    /// The locals to which a second value may be given.
    contested: BTreeSet<Local>,
}

impl Search {
    /// Looks at a block. `given` are those that may have a value when it begins, and then those that may have one when it ends.
    fn block(&mut self, block: &Block, given: &mut BTreeSet<Local>) {
        for stmt in &block.stmts {
            match &stmt.kind {
                StmtKind::AssignOnce { target, .. } if given.contains(target) => {
                    self.contested.insert(*target);
                }
                StmtKind::Switch { cases, default, .. } => {
                    let before = given.clone();
                    for block in cases.iter().map(|(_, block)| block).chain(default) {
                        let mut inside = before.clone();
                        self.block(block, &mut inside);
                        given.extend(inside);
                    }
                    continue;
                }
                StmtKind::Scan { body, .. } => {
                    // What a turn gives, the next one finds.
                    visit::for_each_stmt(body, &mut |stmt| self.give(&stmt.kind, given));
                }
                _ => {}
            }
            visit::blocks(&stmt.kind).for_each(|inner| self.block(inner, given));
            self.give(&stmt.kind, given);
        }
    }

    fn give(&self, kind: &StmtKind, given: &mut BTreeSet<Local>) {
        given.extend(visit::target(kind).filter(|target| self.values.contains(target)));
    }
}
