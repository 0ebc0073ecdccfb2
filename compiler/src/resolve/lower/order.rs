//! The order in which OPA looks at elements of sets and keys of objects (`v1/ast/compare.go`): calls in them are made in that order, and
//! of keys that are written alike the last one counts. Terms whose order only bodies of comprehensions decide stay as they are written.
//! In which order the values are added then is said by [`super::sort_key`].

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use crate::hir::number::compare_numbers;
use crate::resolve::text;
use crate::source::Name;
use crate::syntax::ast::{RefOperand, Term, TermKind};

use super::Lowerer;
use super::call::{Argument, CallParts, call_parts};
use super::template::is_constant;

/// An item of an object.
type Item = (Term, Term);

/// A part of a reference or a call as OPA compares it, when names have become paths.
enum Step<'t> {
    /// What a path begins with: a document, a builtin, or a variable that nothing declares.
    Root(Name),
    /// A declared variable, which OPA gives a name of its own.
    Local,
    /// A name in a path.
    Key(Name),
    /// The zero of `-x`.
    Zero,
    /// Any other.
    Term(&'t Term),
}

impl Lowerer<'_> {
    /// Compares two terms as they are written.
    pub(super) fn compare(&self, a: &Term, b: &Term) -> Ordering {
        match (&a.kind, &b.kind) {
            (TermKind::Boolean(a), TermKind::Boolean(b)) => a.cmp(b),
            (TermKind::Number(a), TermKind::Number(b)) => compare_numbers(a, b),
            (TermKind::String(a), TermKind::String(b)) => a.cmp(b),
            (TermKind::Array(a), TermKind::Array(b)) => first_difference(a, b, |a, b| self.compare(a, b)),
            (TermKind::Set(a), TermKind::Set(b)) => {
                first_difference(&self.sorted(a), &self.sorted(b), |a, b| self.compare(a, b))
            }
            (TermKind::Object(a), TermKind::Object(b)) => {
                let compare = |a: &&Item, b: &&Item| self.compare(&a.0, &b.0).then_with(|| self.compare(&a.1, &b.1));
                first_difference(&self.sorted_items(a), &self.sorted_items(b), compare)
            }
            _ => self.compare_paths(a, b),
        }
    }

    /// The elements of a set in the order in which OPA looks at them, if that makes a difference.
    pub(super) fn elements_in_order<'t>(&self, elements: &'t [Term]) -> Vec<&'t Term> {
        if elements.iter().all(is_constant) { elements.iter().collect() } else { self.sorted(elements) }
    }

    /// The items of an object in the order in which OPA looks at them, if that makes a difference.
    pub(super) fn items_in_order<'t>(&self, items: &'t [Item]) -> Vec<&'t Item> {
        let is_constant = |(key, value): &Item| is_constant(key) && is_constant(value);
        if items.iter().all(is_constant) { distinct(items) } else { self.sorted_items(items) }
    }

    fn sorted<'t>(&self, elements: &'t [Term]) -> Vec<&'t Term> {
        let mut sorted: Vec<&Term> = elements.iter().collect();
        sorted.sort_by(|a, b| self.compare(a, b));
        sorted
    }

    fn sorted_items<'t>(&self, items: &'t [Item]) -> Vec<&'t Item> {
        let mut sorted = distinct(items);
        sorted.sort_by(|a, b| self.compare(&a.0, &b.0));
        sorted
    }

    /// Compares calls and references; other terms by their kind.
    fn compare_paths(&self, a: &Term, b: &Term) -> Ordering {
        if let (Some(a), Some(b)) = (call_parts(a), call_parts(b)) {
            let operators = self.compare_steps(&self.operator(&a), &self.operator(&b));
            return operators.then_with(|| self.compare_steps(&arguments(&a), &arguments(&b)));
        }
        match (self.path(a), self.path(b)) {
            (Some(a), Some(b)) => self.compare_steps(&a, &b),
            _ => self.rank(a).cmp(&self.rank(b)),
        }
    }

    fn compare_steps(&self, a: &[Step<'_>], b: &[Step<'_>]) -> Ordering {
        first_difference(a, b, |a, b| self.compare_step(a, b))
    }

    fn compare_step(&self, a: &Step<'_>, b: &Step<'_>) -> Ordering {
        match (a, b) {
            (Step::Root(a), Step::Root(b)) | (Step::Key(a), Step::Key(b)) => a.cmp(b),
            // The names that OPA makes up begin with an underscore.
            (Step::Local, Step::Root(name)) => "_".cmp(&**name),
            (Step::Root(name), Step::Local) => (**name).cmp("_"),
            (Step::Term(a), Step::Term(b)) => self.compare(a, b),
            (Step::Key(a), Step::Term(Term { kind: TermKind::String(b), .. })) => a.cmp(b),
            (Step::Term(Term { kind: TermKind::String(a), .. }), Step::Key(b)) => a.cmp(b),
            (Step::Zero, Step::Term(Term { kind: TermKind::Number(b), .. })) => compare_numbers("0", b),
            (Step::Term(Term { kind: TermKind::Number(a), .. }), Step::Zero) => compare_numbers(a, "0"),
            _ => self.step_rank(a).cmp(&self.step_rank(b)),
        }
    }

    fn step_rank(&self, step: &Step<'_>) -> u8 {
        match step {
            Step::Root(_) | Step::Local => VARIABLE,
            Step::Key(_) => STRING,
            Step::Zero => NUMBER,
            Step::Term(term) => self.rank(term),
        }
    }

    /// What a name stands for: the path of a document, or the name alone.
    fn name<'t>(&self, name: &Name) -> Vec<Step<'t>> {
        match self.globals.get(name).filter(|_| !self.scopes.is_hidden(name)) {
            Some(path) => std::iter::once(Step::Root(path.root)).chain(path.keys.into_iter().map(Step::Key)).collect(),
            None if self.scopes.declared(name).is_some() => vec![Step::Local],
            None => vec![Step::Root(name.clone())],
        }
    }

    /// A reference as a path, and a name that stands for one; none for other terms.
    fn path<'t>(&self, term: &'t Term) -> Option<Vec<Step<'t>>> {
        let (head, operands): (_, &[RefOperand]) = match &term.kind {
            TermKind::Var(_) => (term, &[]),
            TermKind::Ref(reference) => (&reference.head, &reference.operands),
            _ => return None,
        };
        let mut steps = match &head.kind {
            TermKind::Var(name) => self.name(name),
            _ => vec![Step::Term(head)],
        };
        let is_document = matches!(&steps[..], [Step::Root(root), ..] if matches!(&**root, "data" | "input"));
        if operands.is_empty() && !is_document {
            return None;
        }
        steps.extend(operands.iter().map(|operand| match operand {
            RefOperand::Field(name, _) => Step::Key(name.clone()),
            RefOperand::Index(term) => Step::Term(term),
        }));
        Some(steps)
    }

    /// The operator of a call as a path.
    fn operator<'t>(&self, call: &CallParts<'t>) -> Vec<Step<'t>> {
        let mut steps =
            if call.operator.is_some() { self.name(&call.head) } else { vec![Step::Root(call.head.clone())] };
        steps.extend(call.keys.iter().flatten().cloned().map(Step::Key));
        steps
    }

    fn rank(&self, term: &Term) -> u8 {
        match &term.kind {
            TermKind::Null => 0,
            TermKind::Boolean(_) => 1,
            TermKind::Number(_) => NUMBER,
            TermKind::String(_) => STRING,
            TermKind::Var(_) if self.path(term).is_none() => VARIABLE,
            TermKind::Var(_) | TermKind::Ref(_) => REFERENCE,
            TermKind::Array(_) => 6,
            TermKind::Object(_) => 7,
            TermKind::Set(_) => 8,
            TermKind::ArrayComprehension(..) => 9,
            TermKind::ObjectComprehension(..) => 10,
            TermKind::SetComprehension(..) => 11,
            TermKind::Call(_) | TermKind::Infix(..) | TermKind::In { .. } | TermKind::Negate(_) => 12,
            TermKind::Template(_) => 13,
        }
    }
}

const NUMBER: u8 = 2;
const STRING: u8 = 3;
const VARIABLE: u8 = 4;
const REFERENCE: u8 = 5;

fn arguments<'t>(call: &CallParts<'t>) -> Vec<Step<'t>> {
    let step = |argument: &Argument<'t>| match argument {
        Argument::Written(term) => Step::Term(term),
        Argument::Zero(_) => Step::Zero,
    };
    call.args.iter().map(step).collect()
}

/// The items of an object: of those with the same key as written, the last one counts.
fn distinct(items: &[Item]) -> Vec<&Item> {
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut kept: Vec<&Item> = Vec::with_capacity(items.len());
    for item in items {
        let place = *places.entry(text::term(&item.0)).or_insert(kept.len());
        match kept.get_mut(place) {
            Some(earlier) => *earlier = item,
            None => kept.push(item),
        }
    }
    kept
}

/// The order of two lists: that of the first parts that differ, else that of their lengths.
fn first_difference<T>(a: &[T], b: &[T], compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    let first = a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne());
    first.unwrap_or_else(|| a.len().cmp(&b.len()))
}
