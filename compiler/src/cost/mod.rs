//! What a policy costs as its documents grow: which rules are chosen and which scans are looked up, and what neither serves.
//!
//! Reads a plan as the passes left it ([`crate::optimize::explain`]): a rule is chosen if it stands in a switch, a scan is looked up if it scans
//! what is selected. Why one is not, the passes themselves say in their notes; here they are only put into words. Needs a plan in which
//! rules are still apart; changes nothing, and decides nothing about the module.

mod names;
mod walk;
mod warnings;
mod words;

use std::collections::BTreeMap;

use crate::optimize::notes::Notes;
use crate::plan::ir::Program;
use crate::source::{SourceSet, Span};

pub use warnings::Warning;

/// When a collection is indexed in a decision (`FEWEST` and `MADE_AT` of the values' `scan_index`).
pub const INDEXED_IN_DECISION: &str = "from 16 elements on, at the third scan";

/// By the place of a rule: the names of a function's parameters, none for those that are patterns.
pub type Parameters = BTreeMap<Span, Vec<Option<String>>>;

/// What each rule of a policy costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The rules, in the order of files and lines.
    pub rules: Vec<RuleCost>,
    /// The rules whose time grows with documents.
    pub warnings: Vec<Warning>,
}

/// What one rule costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCost {
    /// The path, such as `data.example.violation`.
    pub path: String,
    /// Where it is.
    pub span: Option<Span>,
    /// What chooses it among the rules of its document.
    pub choice: Choice,
    /// The scans in it, in the order in which they begin.
    pub scans: Vec<Scan>,
}

/// What chooses a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is evaluated only for one constant at each of these places, from the outside in.
    Switches(Vec<Switch>),
    /// It is evaluated only where nothing else gave a value: a default, or an `else`.
    Fallback,
    /// Nothing chooses it: it is evaluated unless what stands before it has decided.
    None(Reason),
}

/// A choice by what is at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// The place, such as `input.method`.
    pub on: String,
    /// The number of constants.
    pub cases: usize,
}

/// Something that looks at the elements of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The statement that begins it.
    pub span: Option<Span>,
    /// The collection, such as `input.servers[_].ports`.
    pub of: String,
    /// Whether it is the collection behind `in` that is asked for one value.
    pub is_member: bool,
    /// What the collection is a part of.
    pub origin: Origin,
    /// How elements are found.
    pub lookup: Lookup,
    /// Which scan of the rule it runs in for each element.
    pub inside: Option<usize>,
}

/// What a collection is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The input.
    Input,
    /// Base data.
    Data,
    /// The value of a rule.
    Rule,
    /// An argument of the function, by its number from 0.
    Argument(u32),
    /// What the rule makes itself, or what a call gives.
    Made,
    /// A constant of the policy.
    Constant,
}

/// How the elements are found that a scan wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// In an index that is made when data are given.
    Data(Vec<Key>),
    /// In an index that is made in the decision, if the collection is scanned again and again there.
    Decision(Vec<Key>),
    /// The scan around it already selects by what it asks.
    Outside,
    /// Each element is looked at.
    None(Reason),
}

/// What elements are looked up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The part of the element, such as `name` or `sites[_].host`; empty for the element itself.
    pub part: String,
    /// What it is asked for, such as `input.user`.
    pub key: String,
}

/// Why something is not indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Why.
    pub text: String,
    /// What to write instead, if there is something.
    pub help: Option<String>,
}

impl Report {
    /// Reads a plan with the notes of its passes. `parameters` names the arguments of functions.
    #[must_use]
    pub fn of(program: &Program, notes: &Notes, parameters: &Parameters, sources: &SourceSet) -> Self {
        let mut found = walk::rules(program, notes, parameters, sources);
        let warnings = warnings::of(&found);
        found.sort_by_key(|found| found.cost.span);
        Self { rules: found.into_iter().map(|found| found.cost).collect(), warnings }
    }
}
