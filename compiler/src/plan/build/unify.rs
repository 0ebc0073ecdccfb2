//! Unification: what two terms must be for a statement to hold, and which variables that binds.
//!
//! A work list of pairs. Pairs that can be decided without a scan come first, then those that need one; a pair whose two sides both
//! wait for variables (`[x, y] = [y, 1]`) waits for the pairs that bind them. Arrays and objects are taken apart in the list, not by
//! recursion.

use super::Planner;
use super::constants::constant;
use super::context::sets_below;
use crate::hir::{Key, LocalId, RefBase, Term, TermKind, Tree};
use crate::plan::ir::{Constant, Operand, StmtKind, TypeTest};
use crate::plan::order::compare;

/// One side of a pair.
#[derive(Clone, Copy)]
enum Side<'p> {
    Value(Operand),
    Term(&'p Term),
}

/// Two sides that must be equal.
type Pair<'p> = (Side<'p>, &'p Term);

/// How far a pair may go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effort {
    /// Only what opens no scan.
    Single,
    /// Scans too.
    Scan,
}

impl<'p> Planner<'p> {
    /// Plans `a = b`.
    pub(super) fn unify(&mut self, a: &'p Term, b: &'p Term) {
        // A scan of rules may end in an error: OPA comes upon it before it looks at the right side, and looks at that only for what it finds.
        let are_references = matches!((&a.kind, &b.kind), (TermKind::Ref(_), TermKind::Ref(_)));
        // It looks at comprehensions behind references.
        let is_behind = type_of_comprehension(a).is_some() && matches!(b.kind, TermKind::Ref(_));
        if are_references && self.is_ready(a) && (self.scans_rules(a) || self.failing.fails(self.hir, b)) {
            let value = self.term(a);
            self.solve((Side::Value(value), b));
        } else if is_behind && self.is_ready(b) && self.failing.fails(self.hir, a) {
            let value = self.term(b);
            self.solve((Side::Value(value), a));
        } else {
            self.solve((Side::Term(a), b));
        }
    }

    /// Whether a term is a reference that goes through rules and opens a scan.
    fn scans_rules(&self, term: &Term) -> bool {
        let TermKind::Ref(reference) = &term.kind else { return false };
        if reference.base != RefBase::Data || self.is_single(term) {
            return false;
        }
        let mut node = Tree::ROOT;
        for key in &reference.path {
            let Some(key) = Key::of(key) else { break };
            match self.hir.tree.child(node, key) {
                Some(child) => node = child,
                None => return self.hir.tree.nodes[node].set.is_some(),
            }
        }
        let mut any = false;
        sets_below(&self.hir.tree, node, &mut |_| any = true);
        any
    }

    /// Plans that a value is what a term says, binding the variables in it.
    pub(super) fn match_value(&mut self, value: Operand, term: &'p Term) {
        self.solve((Side::Value(value), term));
    }

    fn solve(&mut self, pair: Pair<'p>) {
        let mut pending = vec![pair];
        loop {
            pending = self.advance_all(pending);
            if pending.is_empty() {
                return;
            }
            // Nothing goes without a scan any more. One pair may scan; what it binds may help the others.
            let Some(stuck) = self.advance_one(&mut pending) else { continue };
            self.unbound(stuck.span);
            return;
        }
    }

    /// Advances pairs without scans until none moves; returns those left. What a pair is taken apart into comes before the pairs behind.
    fn advance_all(&mut self, mut pending: Vec<Pair<'p>>) -> Vec<Pair<'p>> {
        loop {
            let mut next = Vec::new();
            let mut moved = false;
            pending.reverse();
            while let Some(pair) = pending.pop() {
                let mut parts = Vec::new();
                if self.advance(pair, Effort::Single, &mut parts) {
                    moved = true;
                    pending.extend(parts.into_iter().rev());
                } else if next.is_empty() && !self.waits_for_scan(pair.0) && self.is_too_early(pair.1) {
                    moved = true;
                    self.give_up(&[pair.1]);
                } else {
                    next.push(pair);
                }
            }
            if !moved || next.is_empty() {
                return next;
            }
            pending = next;
        }
    }

    /// Whether a scan gives a side its value, and variables of it theirs.
    fn waits_for_scan(&self, side: Side<'p>) -> bool {
        matches!(side, Side::Term(term) if self.can_compute(term, Effort::Scan))
    }

    /// Whether a set or the keys of an object need a variable that has no value yet. What would give it one later comes too late: no value
    /// is such a set or object.
    fn is_too_early(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Set(elements) => !elements.iter().all(|element| self.is_ready(element)),
            TermKind::Object(entries) => !entries.iter().all(|(key, _)| self.is_ready(key)),
            _ => false,
        }
    }

    /// Advances the first pair that a scan helps; returns a side of the first pair when there is none.
    fn advance_one(&mut self, pending: &mut Vec<Pair<'p>>) -> Option<&'p Term> {
        for index in 0..pending.len() {
            let mut parts = Vec::new();
            if self.advance(pending[index], Effort::Scan, &mut parts) {
                pending.splice(index..=index, parts);
                return None;
            }
        }
        pending.first().map(|(_, term)| *term)
    }

    /// Does what can be done for a pair; pushes what is left of it. False when nothing could be done.
    fn advance(&mut self, (left, right): Pair<'p>, effort: Effort, parts: &mut Vec<Pair<'p>>) -> bool {
        let left_term = match left {
            Side::Value(value) => return self.advance_value(value, right, effort, parts),
            Side::Term(term) => term,
        };
        if let (TermKind::Array(a), TermKind::Array(b)) = (&left_term.kind, &right.kind)
            && (self.is_pattern(left_term) || self.is_pattern(right))
        {
            if a.len() == b.len() {
                parts.extend(a.iter().map(Side::Term).zip(b));
            } else {
                self.give_up(&[left_term, right]);
            }
            return true;
        }
        for (computed, other) in [(left_term, right), (right, left_term)] {
            if self.can_compute(computed, effort) {
                let value = self.term(computed);
                if !self.advance_value(value, other, effort, parts) {
                    parts.push((Side::Value(value), other));
                }
                return true;
            }
        }
        match (&left_term.kind, &right.kind) {
            (TermKind::Object(a), TermKind::Object(b)) => self.advance_objects(a, b, [left_term, right], parts),
            (TermKind::Array(_), TermKind::Object(_)) | (TermKind::Object(_), TermKind::Array(_)) => {
                self.give_up(&[left_term, right]);
                true
            }
            _ => false,
        }
    }

    /// Whether a term has a value that can be planned now.
    fn can_compute(&self, term: &Term, effort: Effort) -> bool {
        !self.is_pattern(term) && self.is_ready(term) && (effort == Effort::Scan || self.is_single(term))
    }

    fn advance_value(&mut self, value: Operand, term: &'p Term, effort: Effort, parts: &mut Vec<Pair<'p>>) -> bool {
        if let Some(constant) = constant(term) {
            let constant = self.constants.add(constant);
            self.equal(value, constant.into());
            return true;
        }
        match &term.kind {
            TermKind::Local(variable) => match self.frame.binding(*variable) {
                Some(bound) => self.equal(value, bound),
                None => self.frame.bind(*variable, value),
            },
            TermKind::Array(elements) => {
                self.is_collection(value, TypeTest::Array, elements.len());
                for (index, element) in elements.iter().enumerate() {
                    let key = self.constants.integer(index);
                    let part = self.dot(value, key.into());
                    parts.push((Side::Value(part), element));
                }
            }
            TermKind::Object(entries) => {
                if !entries.iter().all(|(key, _)| self.can_compute(key, effort)) {
                    return false;
                }
                let entries = distinct(entries);
                self.is_collection(value, TypeTest::Object, entries.len());
                for (key, entry) in entries {
                    let key = self.term(key);
                    let part = self.dot(value, key);
                    parts.push((Side::Value(part), entry));
                }
            }
            _ if self.can_compute(term, effort) => {
                // OPA makes no collection for what is none of its type.
                if let Some(test) = type_of_comprehension(term).filter(|_| self.failing.fails(self.hir, term)) {
                    self.push(StmtKind::IsType { source: value, test });
                }
                let other = self.term(term);
                self.equal(value, other);
            }
            _ => return false,
        }
        true
    }

    /// Two objects that both hold variables to bind.
    fn advance_objects(
        &mut self,
        a: &'p [(Term, Term)],
        b: &'p [(Term, Term)],
        whole: [&'p Term; 2],
        parts: &mut Vec<Pair<'p>>,
    ) -> bool {
        let all = || a.iter().chain(b);
        if !all().all(|(key, _)| self.can_compute(key, Effort::Single)) {
            return false;
        }
        let (a, b) = (distinct(a), distinct(b));
        if all().any(|(key, _)| constant(key).is_none()) {
            self.match_objects(&a, &b, parts);
        } else if a.len() == b.len() && a.iter().all(|(key, _)| find(&b, key).is_some()) {
            parts.extend(a.iter().filter_map(|(key, value)| Some((Side::Term(value), find(&b, key)?))));
        } else {
            self.give_up(&whole);
        }
        true
    }

    /// Two objects with keys known only at run time: the keys must be the same, the variables of one get the values of the other.
    fn match_objects(&mut self, a: &[Entry<'p>], b: &[Entry<'p>], parts: &mut Vec<Pair<'p>>) {
        let a = self.object_side(a);
        let b = self.object_side(b);
        self.equal(a.keys, b.keys);
        for (side, other) in [(&a, &b), (&b, &a)] {
            for (key, pattern) in &side.patterns {
                let part = self.dot(other.known, *key);
                parts.push((Side::Value(part), pattern));
            }
        }
        for (key, value) in a.entries {
            self.frame.open_guard();
            let other = self.dot(b.known, key);
            self.push(StmtKind::NotEqual(other, value));
            let differs = self.frame.close_block();
            self.push(StmtKind::Not(differs));
        }
    }

    fn object_side(&mut self, entries: &[Entry<'p>]) -> ObjectSide<'p> {
        let (known, keys) = (self.frame.new_local(), self.frame.new_local());
        self.push(StmtKind::MakeObject { target: known });
        self.push(StmtKind::MakeSet { target: keys });
        let mut side = ObjectSide { known: known.into(), keys: keys.into(), entries: Vec::new(), patterns: Vec::new() };
        for (key, term) in entries {
            let key = self.term(key);
            self.push(StmtKind::SetAdd { set: keys, value: key });
            if self.can_compute(term, Effort::Single) {
                let value = self.term(term);
                self.push(StmtKind::ObjectInsert { object: known, key, value });
                side.entries.push((key, value));
            } else {
                side.patterns.push((key, *term));
            }
        }
        side
    }

    /// The value is a collection of that type and length.
    fn is_collection(&mut self, source: Operand, test: TypeTest, length: usize) {
        self.push(StmtKind::IsType { source, test });
        let target = self.frame.new_local();
        self.push(StmtKind::Len { source, target });
        let length = self.constants.integer(length);
        self.push(StmtKind::Equal(target.into(), length.into()));
    }

    /// The two values are equal.
    fn equal(&mut self, a: Operand, b: Operand) {
        match (a, b) {
            (Operand::Const(known), Operand::Const(other)) => {
                if compare(self.constants.get(known), self.constants.get(other)).is_ne() {
                    self.fail();
                }
            }
            _ if a == b => {}
            _ => self.push(StmtKind::Equal(a, b)),
        }
    }

    /// The terms can never be equal. Their variables get a value, for the statements after this one that nothing will reach.
    fn give_up(&mut self, terms: &[&Term]) {
        self.fail();
        let mut variables = Vec::new();
        terms.iter().for_each(|term| pattern_variables(term, &mut variables));
        let value = self.constants.add(Constant::Null);
        for variable in variables {
            if self.frame.binding(variable).is_none() {
                self.frame.bind(variable, value.into());
            }
        }
    }
}

/// A key and a value.
type Entry<'p> = (&'p Term, &'p Term);

/// One of two objects with keys known only at run time.
struct ObjectSide<'p> {
    /// The object of the entries whose values are known.
    known: Operand,
    /// The set of all keys.
    keys: Operand,
    entries: Vec<(Operand, Operand)>,
    patterns: Vec<(Operand, &'p Term)>,
}

/// The entries of an object, of those with the same constant key the last.
fn distinct<'p>(entries: &'p [(Term, Term)]) -> Vec<Entry<'p>> {
    let mut sorted: Vec<(Option<Constant>, Entry<'p>)> =
        entries.iter().rev().map(|(key, value)| (constant(key), (key, value))).collect();
    sorted.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        _ => a.is_some().cmp(&b.is_some()).reverse(),
    });
    sorted.dedup_by(|(later, _), (first, _)| match (later, first) {
        (Some(later), Some(first)) => compare(later, first).is_eq(),
        _ => false,
    });
    sorted.into_iter().map(|(_, entry)| entry).collect()
}

/// The value of a constant key.
fn find<'p>(entries: &[Entry<'p>], key: &Term) -> Option<&'p Term> {
    let key = constant(key)?;
    let same = |other: &Term| constant(other).is_some_and(|other| compare(&key, &other).is_eq());
    entries.iter().find(|(other, _)| same(other)).map(|(_, value)| *value)
}

/// The variables that matching a term could bind.
fn pattern_variables(term: &Term, variables: &mut Vec<LocalId>) {
    match &term.kind {
        TermKind::Local(variable) => variables.push(*variable),
        TermKind::Array(elements) | TermKind::Set(elements) => {
            elements.iter().for_each(|element| pattern_variables(element, variables));
        }
        TermKind::Object(entries) => entries.iter().for_each(|(key, value)| {
            pattern_variables(key, variables);
            pattern_variables(value, variables);
        }),
        _ => {}
    }
}

/// The type of the values of a comprehension; none of any other term.
const fn type_of_comprehension(term: &Term) -> Option<TypeTest> {
    match term.kind {
        TermKind::ArrayComprehension(..) => Some(TypeTest::Array),
        TermKind::SetComprehension(..) => Some(TypeTest::Set),
        TermKind::ObjectComprehension(..) => Some(TypeTest::Object),
        _ => None,
    }
}
