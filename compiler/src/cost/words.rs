//! Why something is not indexed, and what to write instead, in words.

use super::names::Names;
use super::{Lookup, Reason, Scan};
use crate::optimize::FEWEST_RULES;
use crate::optimize::notes::{AskedFor, Miss, MissKind, Refusal, Unchosen};
use crate::plan::ir::Operand;
use crate::source::{SourceSet, Span};

impl Reason {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), help: None }
    }

    /// Why a question whether something is in a collection looks at each element.
    pub(super) fn of_member(of: &str) -> Self {
        Self::new("`in` compares one element after the other")
            .with_help(format!("if `{of}` were an object with these values as keys, a key would be looked up"))
    }

    fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// What the words are about.
pub(super) struct Words<'w, 'p> {
    pub(super) names: &'w Names<'p>,
    pub(super) sources: &'w SourceSet,
    /// The scans found so far in the rule at hand.
    pub(super) scans: &'w [Scan],
}

impl Words<'_, '_> {
    fn row(&self, span: Option<Span>) -> String {
        span.map_or_else(|| "a later row".to_owned(), |span| format!("row {}", self.sources.position(span).row))
    }

    fn text(&self, operand: Operand) -> String {
        self.names.operand(operand).text
    }

    /// Why a rule is not chosen; `None`: there are too few.
    pub(super) fn unchosen(&self, unchosen: Option<&Unchosen>) -> Reason {
        match unchosen {
            None => Reason::new(format!("fewer than {FEWEST_RULES} rules to choose among")),
            Some(Unchosen::Deep) => Reason::new("the rules around it are chosen among as often as they may be"),
            Some(Unchosen::Untested { builtin, span }) => {
                let before = match (builtin, span) {
                    (Some(builtin), _) => {
                        format!(" before `{}` in {}", self.names.builtin(*builtin), self.row(*span))
                    }
                    (None, Some(_)) => format!(" before {}", self.row(*span)),
                    (None, None) => String::new(),
                };
                let reason = Reason::new(format!("it compares nothing in a document with a constant{before}"));
                match builtin {
                    Some(_) => {
                        reason.with_help("rules are chosen by `==` with constants: begin with such a comparison")
                    }
                    None => reason,
                }
            }
            Some(Unchosen::Alone { document, keys }) => {
                let place = self.names.place((*document).into(), keys);
                Reason::new(format!(
                    "of the rules that nothing else chooses, fewer than {FEWEST_RULES} in a row compare `{place}` with constants that differ"
                ))
            }
        }
    }

    /// Why each element of a collection is looked at. None: nothing is noted, because nothing is there to index.
    pub(super) fn refused(&self, of: &str, refusal: Option<&Refusal>) -> Reason {
        match refusal {
            None => Reason::new("it is a constant"),
            Some(Refusal::Once { asked }) => {
                let reason = Reason::new("this scan runs once in a decision, and to index for it would take longer");
                self.by_key(reason, of, asked.as_ref())
            }
            Some(Refusal::Varies { asked }) => {
                let reason = Reason::new("it may be another collection each time, and to index each would take longer");
                self.by_key(reason, of, asked.as_ref())
            }
            Some(Refusal::Deep) => Reason::new("too many scans stand around it")
                .with_help("move the inner ones into a rule or function of their own"),
            Some(Refusal::Unasked(misses)) => self.unasked(of, misses),
        }
    }

    fn by_key(&self, reason: Reason, of: &str, asked: Option<&AskedFor>) -> Reason {
        let Some(AskedFor { part, from, keys }) = asked.filter(|asked| !asked.part.is_empty()) else { return reason };
        let part = self.names.path(part);
        let key = self.names.place(*from, keys);
        reason
            .with_help(format!("if `{of}` were an object by `{part}`, `{of}[{key}]` would be looked up without a scan"))
    }

    fn unasked(&self, of: &str, misses: &[Miss]) -> Reason {
        let Some(miss) = misses.iter().min_by_key(|miss| rank(&miss.kind)) else {
            return Reason::new("no element is compared with anything that is known before the scan");
        };
        match &miss.kind {
            MissKind::Behind => Reason::new(format!(
                "what could be looked up is compared in {}, behind more than comparisons",
                self.row(miss.span)
            ))
            .with_help("write that comparison first, right behind what begins the scan"),
            MissKind::Key(key) => Reason::new(format!(
                "the key of each element is compared in {}, behind more than comparisons",
                self.row(miss.span)
            ))
            .with_help(format!("write that comparison first, or look the key up: `{of}[{}]`", self.text(*key))),
            MissKind::Within { part, collection } => {
                let (part, collection) = (self.text(*part), self.text(*collection));
                Reason::new(format!("`{part} in {collection}` asks for several keys, and only one can be looked up"))
                    .with_help(format!("begin with `some x in {collection}`, and compare `{part} == x` in the scan"))
            }
            MissKind::Unknown { part, other } => {
                let (part, other) = (self.text(*part), self.text(*other));
                let is_joined = self.scans.iter().any(|scan| {
                    matches!(scan.lookup, Lookup::Data(_)) && other.starts_with(&format!("{}[_]", scan.of))
                });
                if is_joined {
                    let text = format!("`{part}` is compared with `{other}`, which is looked up for each element");
                    return Reason::new(text);
                }
                let reason =
                    Reason::new(format!("`{part}` is compared with `{other}`, which is not known before the scan"));
                let is_of_element = other.contains(&format!("{of}[_]")) || other.contains(&format!("key of {of}"));
                if is_of_element {
                    reason
                } else if other.contains("[_]") {
                    reason.with_help(format!("begin with the scan that gives `{other}`, and scan `{of}` in it"))
                } else {
                    reason.with_help(format!("assign `{other}` to a variable in front of the scan, and compare that"))
                }
            }
            MissKind::Made { part, other } => {
                let (part, other) = (self.text(*part), self.text(*other));
                Reason::new(format!(
                    "`{part}` is compared with `{other}`, and is not in the element under constant names"
                ))
                .with_help("compare something that is in the element as it is, under names that are constants")
            }
            MissKind::Truth(part) => {
                let part = self.text(*part);
                Reason::new(format!("`{part}` is only tested for being there and not `false`"))
                    .with_help(format!("if it is a boolean, write `{part} == true`"))
            }
            MissKind::Builtin(builtin) => {
                let name = self.names.builtin(*builtin);
                Reason::new(format!(
                    "elements are tested by `{name}` in {}, which cannot be looked up",
                    self.row(miss.span)
                ))
                .with_help("a comparison of the element with `==` in front of it would be looked up")
            }
            MissKind::Function(function) => {
                let name = self.names.function(*function);
                Reason::new(format!(
                    "elements are tested in the function `{name}` in {}, and what a function compares is not looked up",
                    self.row(miss.span)
                ))
                .with_help("move a comparison with `==` out of the function, in front of the call")
            }
            MissKind::Inner => Reason::new(format!(
                "what is asked of elements in {} stands in a body of its own (`not`, `every`, a comprehension)",
                self.row(miss.span)
            )),
        }
    }
}

/// What says most comes first.
fn rank(kind: &MissKind) -> u32 {
    match kind {
        MissKind::Behind => 0,
        MissKind::Key(_) => 1,
        MissKind::Unknown { .. } => 2,
        MissKind::Within { .. } => 3,
        MissKind::Made { .. } => 4,
        MissKind::Function(_) => 5,
        MissKind::Builtin(_) => 6,
        MissKind::Truth(_) => 7,
        MissKind::Inner => 8,
    }
}
