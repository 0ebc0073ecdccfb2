//! From a plan to a plan with the same answers that asks less.
//!
//! An ordered list of passes, each a file whose first lines say what it needs and what it keeps. Works on meaning: what rules,
//! scans and constants are, never on instructions. With debug assertions the plan is validated after every pass.

mod dead;
mod early_exit;
mod fold;
mod memoize;
mod split;
#[cfg(test)]
mod tests;
mod unused;

pub use split::{Limits, split};

use std::collections::BTreeSet;

use crate::plan::ir::Program;
use crate::plan::validate::validate;

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
    run: fn(&mut Program),
}

/// The passes, in the order in which they run.
pub const PASSES: &[Pass] = &[
    Pass { name: "fold", run: fold::run },
    Pass { name: "dead", run: dead::run },
    Pass { name: "early-exit", run: early_exit::run },
    Pass { name: "memoize", run: memoize::run },
    Pass { name: "unused", run: unused::run },
    Pass { name: "split", run: split::run },
];

/// Runs the passes.
#[must_use]
pub fn optimize(mut program: Program, options: &OptimizeOptions) -> Program {
    for pass in PASSES {
        if !options.skip.contains(pass.name) {
            (pass.run)(&mut program);
            debug_assert_eq!(validate(&program), Ok(()), "after the pass {}", pass.name);
        }
    }
    program
}
