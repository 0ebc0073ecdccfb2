//! What the metadata blocks of all files say about rules and packages, as constants for `rego.metadata` calls.

use crate::hir::{Name, RuleId, Term, TermKind};
use crate::index::IndexVec;
use crate::resolve::tree::RuleSource;
use crate::source::Span;

/// The metadata of all rules.
#[derive(Debug, Default)]
pub(super) struct Metadata {}

impl Metadata {
    /// What `rego.metadata.chain()` gives in a rule.
    pub(super) fn chain(&self, _rule: RuleId, _sources: &IndexVec<RuleId, RuleSource<'_>>, span: Span) -> Term {
        Term { kind: TermKind::Array(Vec::new()), span }
    }

    /// What `rego.metadata.rule()` gives in a rule.
    pub(super) fn of_rule(&self, _rule: RuleId, span: Span) -> Term {
        let _: Option<Name> = None;
        Term { kind: TermKind::Object(Vec::new()), span }
    }
}
