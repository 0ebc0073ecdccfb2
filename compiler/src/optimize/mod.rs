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
mod memoize;
mod rule_index;
mod scan_index;
mod single_value;
mod split;
#[cfg(test)]
mod tests;
mod unused;

pub use split::{Limits, split};

use std::collections::BTreeSet;

use fold::Known;

use crate::plan::ir::{FuncId, Program};
use crate::plan::validate::validate;

/// The name under which code generation is told to read inputs whole. It runs no pass over plans.
pub const INPUT_SHAPES: &str = "input-shapes";

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
    Pass { name: "rule-index", run: Run::Function(rule_index::run) },
    Pass { name: "single-value", run: Run::Function(single_value::run) },
    Pass { name: "case-tables", run: Run::Plan(case_tables::run) },
    Pass { name: "early-exit", run: Run::Function(early_exit::run) },
    Pass { name: "invariants", run: Run::Plan(invariants::run) },
    Pass { name: "scan-index", run: Run::Plan(scan_index::run) },
    Pass { name: "memoize", run: Run::Plan(memoize::run) },
    Pass { name: "unused", run: Run::Plan(unused::run) },
    Pass { name: "split", run: Run::Plan(split::run) },
    Pass { name: INPUT_SHAPES, run: Run::Generator },
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

fn run_on_functions(program: &mut Program, passes: &[Pass], known: &mut Known) {
    for id in program.functions.ids() {
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
