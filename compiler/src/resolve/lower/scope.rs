//! What each name means at a place of a rule: which names a body declares, and in what order it met them.
//!
//! Two questions are kept apart, as in OPA. Whether a name is *hidden* from imports and rules of the package is decided by all
//! declarations of the surrounding bodies, wherever they stand. What a declaration or a use *refers to* is decided by what was
//! met before, scope by scope. Knows no tree of rules.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::hir::{Local, LocalId, LocalOrigin, Name};
use crate::index::IndexVec;
use crate::source::Span;

/// How a name was met first in a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occurrence {
    /// A parameter.
    Argument,
    /// A use without a declaration.
    Seen,
    /// `:=`
    Assigned,
    /// `some`, `every`
    Declared,
}

/// A name in a scope.
#[derive(Clone, Debug)]
struct Entry {
    /// None while the name was met only where it is no variable.
    local: Option<LocalId>,
    occurrence: Occurrence,
    /// How often it was met, the first time included.
    count: u32,
    /// The statement that an unused declaration is reported at.
    statement: Span,
    /// Whether it is named like a builtin and hides it, although nothing declares it.
    hides_builtin: bool,
}

/// The names met in one body, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    entries: BTreeMap<Name, Entry>,
    /// The variables of the names that stand in parameters and are declared by none.
    free: BTreeMap<Name, LocalId>,
    /// The names that negated blocks in it met and did not declare.
    negated: BTreeMap<Name, Span>,
}

/// A declaration that nothing uses.
pub(super) struct Unused {
    /// The name.
    pub(super) name: Name,
    /// The statement to report.
    pub(super) statement: Span,
    /// Whether it was declared by `:=`.
    pub(super) assigned: bool,
}

/// The scopes around a place of one rule branch, and the variables of the rule.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    frames: Vec<Frame>,
    hidden: Vec<BTreeSet<Name>>,
    implicit: FxHashMap<Name, LocalId>,
    locals: IndexVec<LocalId, Local>,
    used: Vec<bool>,
}

impl Scopes {
    /// Begins a branch: the parameters are known, everything else is forgotten.
    pub(super) fn begin_branch(&mut self, parameters: Frame, hidden: BTreeSet<Name>) {
        self.implicit.clear();
        self.implicit.extend(parameters.free.iter().map(|(name, local)| (name.clone(), *local)));
        self.frames.clear();
        self.frames.push(parameters);
        self.hidden.clear();
        self.hidden.push(hidden);
    }

    /// The outermost scope, to keep the parameters for the next branch.
    pub(super) fn outermost(&self) -> Frame {
        self.frames.first().cloned().unwrap_or_default()
    }

    /// The variables of the rule.
    pub(super) fn take_locals(&mut self) -> IndexVec<LocalId, Local> {
        self.used.clear();
        self.locals.shrink_to_fit();
        std::mem::take(&mut self.locals)
    }

    /// Opens a scope.
    pub(super) fn open(&mut self) {
        self.frames.push(Frame::default());
    }

    /// Closes the innermost scope.
    pub(super) fn close(&mut self) {
        self.frames.pop();
    }

    /// Closes the scope of a block that `not` stands before, or that is an operand of `and` or `or`. OPA walks such operands once more
    /// in the scope around them, so that what they met and did not declare, blocks behind `not` in them included, was met there
    /// (`rewriteLogicalStatement` in `v1/ast/compile.go`).
    pub(super) fn close_block(&mut self, is_operand: bool) {
        let Some(Frame { entries, mut negated, .. }) = self.frames.pop() else { return };
        let met = entries.into_iter().filter(|(_, entry)| entry.occurrence == Occurrence::Seen);
        negated.extend(met.map(|(name, entry)| (name, entry.statement)));
        if is_operand {
            negated.iter().for_each(|(name, span)| self.meet(name, *span));
        } else if let Some(frame) = self.frames.last_mut() {
            frame.negated.append(&mut negated);
        }
    }

    /// Hides names from imports and rules until [`Self::reveal`].
    pub(super) fn hide(&mut self, names: BTreeSet<Name>) {
        self.hidden.push(names);
    }

    /// Ends the last [`Self::hide`].
    pub(super) fn reveal(&mut self) {
        self.hidden.pop();
    }

    /// Whether a name cannot mean an import or a rule here.
    pub(super) fn is_hidden(&self, name: &str) -> bool {
        self.hidden.iter().any(|names| names.contains(name))
    }

    /// A variable.
    pub(super) fn local(&self, local: LocalId) -> Option<&Local> {
        self.locals.get(local)
    }

    /// Where a variable comes from.
    pub(super) fn origin(&self, local: LocalId) -> Option<LocalOrigin> {
        self.local(local).map(|local| local.origin)
    }

    /// A new variable.
    pub(super) fn fresh(&mut self, name: Option<Name>, span: Span, origin: LocalOrigin) -> LocalId {
        self.used.push(false);
        // Names that begin so are OPA's own: it shows them to nobody.
        let name = name.filter(|name| !name.starts_with("__local"));
        self.locals.push(Local { name, span, origin })
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.frames.iter().rev().find_map(|frame| frame.entries.get(name))
    }

    fn find_mut(&mut self, name: &str) -> Option<&mut Entry> {
        self.frames.iter_mut().rev().find_map(|frame| frame.entries.get_mut(name))
    }

    /// The variable of a name that is declared here, parameters included.
    pub(super) fn declared(&self, name: &str) -> Option<LocalId> {
        let is_declared = |entry: &&Entry| entry.occurrence != Occurrence::Seen || entry.hides_builtin;
        self.find(name).filter(is_declared).and_then(|entry| entry.local)
    }

    /// Whether the innermost scope declares a name.
    pub(super) fn declares(&self, name: &str) -> bool {
        let entry = self.frames.last().and_then(|frame| frame.entries.get(name));
        entry.is_some_and(|entry| entry.occurrence != Occurrence::Seen)
    }

    /// The variables that the innermost scope declares, each behind the one that its name stood for where nothing had declared it.
    pub(super) fn declared_late(&self) -> Vec<(LocalId, LocalId)> {
        let entries = self.frames.last().into_iter().flat_map(|frame| &frame.entries);
        let declared = entries.filter(|(_, entry)| entry.occurrence != Occurrence::Seen);
        declared.filter_map(|(name, entry)| Some((*self.implicit.get(name)?, entry.local?))).collect()
    }

    /// Whether a name is known in the outermost scope and in none within.
    pub(super) fn is_outermost(&self, name: &str) -> bool {
        self.frames.iter().skip(1).all(|frame| !frame.entries.contains_key(name))
    }

    /// The variable of a declared name, for a use that does not count as one in strict mode.
    pub(super) fn glance(&mut self, name: &str) -> Option<LocalId> {
        let local = self.declared(name)?;
        self.mark_used(local);
        Some(local)
    }

    /// How often a name was met in the innermost scope that knows it.
    pub(super) fn count(&self, name: &str) -> u32 {
        self.find(name).map_or(0, |entry| entry.count)
    }

    /// The variable that a use of a name refers to; made when it is met for the first time.
    pub(super) fn use_name(&mut self, name: &Name, span: Span) -> LocalId {
        self.meet(name, span);
        let known = self.find(name).and_then(|entry| entry.local);
        let local = known.unwrap_or_else(|| {
            let local = match self.implicit.get(name) {
                Some(local) => *local,
                None => self.fresh(Some(name.clone()), span, LocalOrigin::Implicit),
            };
            self.implicit.insert(name.clone(), local);
            if let Some(entry) = self.find_mut(name) {
                entry.local = Some(local);
            }
            local
        });
        self.mark_used(local);
        local
    }

    fn mark_used(&mut self, local: LocalId) {
        if let Some(used) = self.used.get_mut(local.0 as usize) {
            *used = true;
        }
    }

    /// Notes that a name was met, be it where it is no variable: the name of a function, `input`, `data`.
    pub(super) fn meet(&mut self, name: &Name, span: Span) {
        if let Some(entry) = self.find_mut(name) {
            entry.count += 1;
        } else {
            self.insert(name, None, Occurrence::Seen, span);
        }
    }

    fn insert(&mut self, name: &Name, local: Option<LocalId>, occurrence: Occurrence, statement: Span) {
        if let Some(frame) = self.frames.last_mut() {
            frame.entries.insert(name.clone(), Entry { local, occurrence, count: 1, statement, hides_builtin: false });
        }
    }

    /// Declares a name in the innermost scope.
    ///
    /// # Errors
    /// What is wrong, when the scope has met the name before.
    pub(super) fn declare(
        &mut self,
        name: &Name,
        span: Span,
        statement: Span,
        occurrence: Occurrence,
    ) -> Result<LocalId, String> {
        if let Some(entry) = self.frames.last().and_then(|frame| frame.entries.get(name)) {
            return Err(match entry.occurrence {
                Occurrence::Argument => format!("arg {name} redeclared"),
                Occurrence::Seen => format!("var {name} referenced above"),
                Occurrence::Assigned => format!("var {name} assigned above"),
                Occurrence::Declared => format!("var {name} declared above"),
            });
        }
        let origin = match occurrence {
            Occurrence::Argument => LocalOrigin::Param,
            Occurrence::Seen => LocalOrigin::Implicit,
            Occurrence::Assigned | Occurrence::Declared => LocalOrigin::Declared,
        };
        let local = self.fresh(Some(name.clone()), span, origin);
        self.insert(name, Some(local), occurrence, statement);
        Ok(local)
    }

    /// Lets a variable that nothing declares hide the builtin of its name. To OPA it is a declared one from then on.
    pub(super) fn hide_builtin(&mut self, name: &Name, span: Span) {
        let local = self.fresh(Some(name.clone()), span, LocalOrigin::Declared);
        self.insert(name, Some(local), Occurrence::Seen, span);
        if let Some(entry) = self.find_mut(name) {
            entry.hides_builtin = true;
        }
        self.mark_used(local);
    }

    /// The variable of a name in the parameters that is no parameter: a body that does not declare it means the same.
    pub(super) fn free_variable(&mut self, name: &Name, span: Span) -> LocalId {
        if let Some(known) = self.frames.last().and_then(|frame| frame.free.get(name)) {
            return *known;
        }
        let local = self.fresh(Some(name.clone()), span, LocalOrigin::Implicit);
        if let Some(frame) = self.frames.last_mut() {
            frame.free.insert(name.clone(), local);
        }
        local
    }

    /// Declares a parameter, or meets one again.
    pub(super) fn parameter(&mut self, name: &Name, span: Span) -> LocalId {
        match self.declare(name, span, span, Occurrence::Argument) {
            Ok(local) => local,
            Err(_) => self.use_name(name, span),
        }
    }

    /// The declarations of the innermost scope that nothing uses. Those by `:=` count only in strict mode.
    pub(super) fn unused(&self, strict: bool) -> Vec<Unused> {
        let Some(frame) = self.frames.last() else { return Vec::new() };
        let of = |assigned: bool| {
            frame.entries.iter().filter(move |(_, entry)| {
                if assigned {
                    strict && entry.occurrence == Occurrence::Assigned && entry.count <= 1
                } else {
                    entry.occurrence == Occurrence::Declared
                        && entry.local.is_some_and(|local| !self.used.get(local.0 as usize).copied().unwrap_or(true))
                }
            })
        };
        for assigned in [true, false] {
            let found: Vec<Unused> = of(assigned)
                .map(|(name, entry)| Unused { name: name.clone(), statement: entry.statement, assigned })
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }
}
