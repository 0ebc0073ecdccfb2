//! From a plan to a plan with the same answers that asks less.
//!
//! An ordered list of passes, each a file whose first lines say what it needs and what it keeps. Works on meaning: what rules,
//! scans and constants are, never on instructions. With debug assertions the plan is validated after every pass.

mod case_tables;
mod constants;
mod dead;
mod early_exit;
mod fold;
mod fresh;
mod invariants;
mod key_lookup;
mod memoize;
pub mod notes;
mod rule_index;
mod scan_index;
mod single_value;
mod split;
#[cfg(test)]
mod tests;
mod unused;

pub use rule_index::FEW as FEWEST_RULES;
pub use split::{Limits, split};

use std::collections::BTreeSet;

use fold::Known;
use notes::Notes;

use crate::plan::ir::{BuiltinId, FuncId, Program};
use crate::plan::validate::validate;

/// The name under which code generation is told to read inputs whole. It runs no pass over plans.
pub const INPUT_SHAPES: &str = "input-shapes";
/// The name under which the linker is told to let calls of small functions of the guest library be calls. It runs no pass over plans.
pub const INLINE_LIBRARY: &str = "inline-library";

/// Passes that tell of what they leave as it is, and one that would leave nothing to tell of.
const RULE_INDEX: &str = "rule-index";
const SCAN_INDEX: &str = "scan-index";
const CASE_TABLES: &str = "case-tables";

/// A pass that adds scans of which nobody need be told.
const KEY_LOOKUP: &str = "key-lookup";

/// The builtin of `x in y`, which never fails, if the plan has it.
fn member(program: &Program) -> Option<BuiltinId> {
    program.builtins.enumerate().find(|(_, builtin)| &*builtin.name == "internal.member_2").map(|(id, _)| id)
}

/// What to leave out.
#[derive(Clone, Debug, Default)]
pub struct OptimizeOptions {
    /// The names of passes that do not run; see [`PASSES`].
    pub skip: BTreeSet<String>,
}

/// A pass over the whole plan.
#[derive(Clone, Copy)]
pub struct Pass {
    /// The name by which it can be left out.
    pub name: &'static str,
    run: Run,
}

/// What a pass does.
#[derive(Clone, Copy)]
enum Run {
    /// It looks at the whole plan.
    Plan(fn(&mut Program)),
    /// It changes one function and looks at no other's body. Such passes run on a function one behind the other while it is in the
    /// caches, before the next function comes.
    Function(fn(&mut Program, FuncId, &mut Known)),
    /// It is done when code is generated, see [`crate::codegen::CodegenOptions`].
    Generator,
}

/// The passes, in the order in which they run.
pub const PASSES: &[Pass] = &[
    Pass { name: "fold", run: Run::Function(fold::run) },
    Pass { name: "dead", run: Run::Function(dead::run) },
    Pass { name: RULE_INDEX, run: Run::Function(rule_index::run) },
    Pass { name: "single-value", run: Run::Function(single_value::run) },
    Pass { name: CASE_TABLES, run: Run::Plan(case_tables::run) },
    Pass { name: "early-exit", run: Run::Function(early_exit::run) },
    Pass { name: "invariants", run: Run::Plan(invariants::run) },
    Pass { name: KEY_LOOKUP, run: Run::Plan(key_lookup::run) },
    Pass { name: "memoize", run: Run::Plan(memoize::run) },
    Pass { name: SCAN_INDEX, run: Run::Plan(scan_index::run) },
    Pass { name: "unused", run: Run::Plan(unused::run) },
    Pass { name: "split", run: Run::Plan(split::run) },
    Pass { name: INPUT_SHAPES, run: Run::Generator },
    Pass { name: INLINE_LIBRARY, run: Run::Generator },
];

/// Runs the passes.
#[must_use]
pub fn optimize(mut program: Program, options: &OptimizeOptions) -> Program {
    let passes: Vec<Pass> = PASSES.iter().filter(|pass| !options.skip.contains(pass.name)).copied().collect();
    let mut known = Known::of(&program.functions);
    // With debug assertions each pass runs over all functions before the next, so that it can be blamed.
    for passes in passes.chunk_by(|a, b| !cfg!(debug_assertions) && a.is_of_functions() && b.is_of_functions()) {
        if let [Pass { run: Run::Plan(run), .. }] = passes {
            run(&mut program);
        } else {
            run_on_functions(&mut program, passes, &mut known);
        }
        debug_assert_eq!(validate(&program), Ok(()), "after the pass {:?}", passes.first().map(|pass| pass.name));
    }
    program
}

/// Runs the passes up to the last one that indexes something, and tells why rules and scans are not. Rules that differ in constants only stay
/// apart, so that each can be named.
#[must_use]
pub fn explain(mut program: Program) -> (Program, Notes) {
    let mut notes = Notes::default();
    let mut known = Known::of(&program.functions);
    for pass in PASSES {
        match (pass.name, pass.run) {
            (CASE_TABLES, _) | (_, Run::Generator) => {}
            (RULE_INDEX, _) => {
                program.functions.ids().rev().for_each(|id| rule_index::explain(&mut program, id, &mut notes));
            }
            (KEY_LOOKUP, _) => key_lookup::explain(&mut program),
            (SCAN_INDEX, _) => {
                scan_index::explain(&mut program, &mut notes);
                break;
            }
            (_, Run::Plan(run)) => run(&mut program),
            (_, Run::Function(_)) => run_on_functions(&mut program, &[*pass], &mut known),
        }
    }
    (program, notes)
}

fn run_on_functions(program: &mut Program, passes: &[Pass], known: &mut Known) {
    // Functions are planned before those that they call: what a rule always gives is known when its callers come.
    for id in program.functions.ids().rev() {
        for pass in passes {
            if let Run::Function(run) = pass.run {
                run(program, id, known);
            }
        }
    }
}

impl Pass {
    const fn is_of_functions(&self) -> bool {
        matches!(self.run, Run::Function(_))
    }
}
