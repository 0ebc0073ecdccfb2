//! What passes tell of the rules and scans that they leave as they are, and why. A pass writes notes only for who explains a plan
//! ([`super::explain`]); whoever reads them puts them into words ([`crate::cost`]).

use rustc_hash::FxHashMap;

use crate::plan::ir::{BuiltinId, ConstId, FuncId, Local, Operand, RuleId};
use crate::source::Span;

/// The notes of all passes.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// By function and the local of the value: why a scan looks at each element.
    pub scans: FxHashMap<(FuncId, Local), Refusal>,
    /// Why a rule is not chosen among those around it. Says nothing of rules that have too few around them, or are chosen.
    pub rules: FxHashMap<RuleId, Unchosen>,
}

/// Why a scan looks at each element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The collection is no base data of which the path is known, and it is scanned once.
    Once {
        /// A key that elements are asked for, so that an index could tell which they are.
        asked: Option<AskedFor>,
    },
    /// The scan runs many times, each time over another collection.
    Varies {
        /// See [`Refusal::Once`].
        asked: Option<AskedFor>,
    },
    /// Too many scans stand around it.
    Deep,
    /// No element is asked for a key that is known before the scan.
    Unasked(Vec<Miss>),
}

/// A key that elements are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedFor {
    /// The names under which a part of the element lies in it.
    pub part: Vec<ConstId>,
    /// What the part is compared with: what lies in this...
    pub from: Operand,
    /// ... under these names.
    pub keys: Vec<ConstId>,
}

/// A test of an element that selects nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// What it is.
    pub kind: MissKind,
    /// Where it stands.
    pub span: Option<Span>,
}

/// The kinds of tests that select nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissKind {
    /// A key is asked for, but only behind something that does more than leave the element.
    Behind,
    /// A part of the element is only asked for not being `false`.
    Truth(Operand),
    /// A part of the element is asked for being in a collection.
    Within {
        /// The part of the element.
        part: Operand,
        /// The collection.
        collection: Operand,
    },
    /// The key of the element, in the scanned collection, is compared, but not where it could be looked up.
    Key(Operand),
    /// A part of the element is compared with what is not known before the scan.
    Unknown {
        /// The part of the element.
        part: Operand,
        /// What it is compared with.
        other: Operand,
    },
    /// What is compared is made of the element, and is not in it under constant keys.
    Made {
        /// What is made of the element.
        part: Operand,
        /// What it is compared with.
        other: Operand,
    },
    /// A builtin tests the element.
    Builtin(BuiltinId),
    /// A function of the policy tests the element.
    Function(FuncId),
    /// The element is looked at in a body of its own: of `not`, `every` or a comprehension.
    Inner,
}

/// Why a rule is not chosen among those around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unchosen {
    /// It compares nothing with a constant before it does more than that.
    Untested {
        /// What it does then, if that is a call of a builtin.
        builtin: Option<BuiltinId>,
        /// Where.
        span: Option<Span>,
    },
    /// The rules around it were chosen among too often already.
    Deep,
    /// Of the rules next to it that nothing else chooses, too few compare the same place with constants that differ.
    Alone {
        /// The document.
        document: Local,
        /// The keys under which the place lies in it.
        keys: Vec<ConstId>,
    },
}
