//! Collects what the stages of resolution report, and decides what of it is shown together. Finds nothing itself.
//!
//! Resolution walks each rule once, while OPA runs one stage after the other over all rules and stops after the first stage that
//! leaves the tree unusable. So each finding carries its stage, and those behind the first fatal stage are dropped at the end.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::source::SourceSet;

/// The stages that report, in OPA's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Metadata blocks are read; to OPA that is parsing.
    Metadata,
    /// Names are resolved against imports and rules of the package.
    References,
    /// Imports that nothing uses.
    UnusedImports,
    /// Rules and variables named like the root documents.
    RootOverrides,
    /// Imports that shadow others.
    DuplicateImports,
    /// Declarations and their uses.
    LocalVariables,
    /// Expressions inside template strings.
    Templates,
    /// Calls that have no value used as one.
    VoidCalls,
    /// Arguments of `print`.
    PrintCalls,
    /// Metadata blocks of one path are brought together.
    Annotations,
    /// `with` targets and values.
    With,
    /// Rules that cannot stand together.
    Conflicts,
    /// Calls of functions that do not exist or take another count of arguments.
    Functions,
    /// Variables that nothing binds.
    Safety,
    /// Rules that reach themselves.
    Recursion,
    /// Types that do not fit; most of them are found later, by `types`.
    Types,
    /// Deprecated builtins.
    Deprecated,
}

#[derive(Debug)]
struct Finding {
    stage: Stage,
    /// Whether later stages must not run.
    fatal: bool,
    diagnostic: Diagnostic,
}

/// The findings of all stages so far.
#[derive(Debug, Default)]
pub(super) struct Reports {
    found: Vec<Finding>,
}

impl Reports {
    /// Reports what lets no later stage run.
    pub(super) fn fatal(&mut self, stage: Stage, diagnostic: Diagnostic) {
        self.found.push(Finding { stage, fatal: true, diagnostic });
    }

    /// Reports what later stages add to.
    pub(super) fn recoverable(&mut self, stage: Stage, diagnostic: Diagnostic) {
        self.found.push(Finding { stage, fatal: false, diagnostic });
    }

    /// Takes in the findings of a stage that collects them itself.
    pub(super) fn fatal_all(&mut self, stage: Stage, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            self.fatal(stage, diagnostic);
        }
    }

    /// Whether later stages must not run.
    pub(super) fn is_fatal(&self) -> bool {
        self.found.iter().any(|finding| finding.fatal)
    }

    /// Whether a stage and those behind it must not run: what is known already of a later stage waits for what it finds.
    pub(super) fn is_fatal_before(&self, stage: Stage) -> bool {
        self.found.iter().any(|finding| finding.fatal && finding.stage < stage)
    }

    /// How many findings there are, for [`Self::forget_later`].
    pub(super) fn mark(&self) -> usize {
        self.found.len()
    }

    /// Forgets the findings since a mark of the stages behind `last`: the text they are about is erased by then.
    pub(super) fn forget_later(&mut self, mark: usize, last: Stage) {
        let mut index = 0;
        self.found.retain(|finding| {
            index += 1;
            index <= mark || finding.stage <= last
        });
    }

    /// Forgets the findings of a stage.
    pub(super) fn forget(&mut self, stage: Stage) {
        self.found.retain(|finding| finding.stage != stage);
    }

    /// What is shown, in the order of files and places.
    pub(super) fn into_diagnostics(self, sources: &SourceSet) -> Vec<Diagnostic> {
        let last = self.found.iter().filter(|finding| finding.fatal).map(|finding| finding.stage).min();
        let shown = self.found.into_iter().filter(|finding| last.is_none_or(|last| finding.stage <= last));
        let mut shown: Vec<Diagnostic> = shown.map(|finding| finding.diagnostic).collect();
        let place = |diagnostic: &Diagnostic| diagnostic.span.map(|span| (&sources.get(span.file).name, span.start));
        // Stable: of one place, the first that was found comes first.
        shown.sort_by(|a, b| place(a).cmp(&place(b)));
        let mut seen = BTreeSet::new();
        shown.retain(|diagnostic| seen.insert((diagnostic.span, diagnostic.message.clone())));
        shown
    }
}
