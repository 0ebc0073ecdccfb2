//! The rule that fields of one response name can be merged (GraphQL, section 5.3.2), by the algorithm of gqlparser, which is that of
//! graphql-js: fields are compared within each selection, with those of its fragments, and fragments with each other.
//!
//! Comparisons are counted, because their number can grow faster than the query, and so is their depth: with fragments that spread
//! themselves the algorithm need not end.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::ast::{Argument, Child, Field, Fragment, Kind, Literal, OBJECT, Position, Selection, Spread, Text, Type};
use super::schema::Schema;
use super::walk::Walker;

/// How many steps the rules of a query may take that are not linear.
const BUDGET: u32 = 2_000_000;

/// What was compared.
pub(super) struct Overlap {
    /// Pairs of fragments, and whether their fields cannot meet in one response.
    pairs: BTreeMap<(Text, Text), bool>,
    /// Fragments that the fields at hand were compared with.
    compared: BTreeSet<Text>,
    budget: u32,
}

impl Overlap {
    pub(super) fn new() -> Self {
        Self { pairs: BTreeMap::new(), compared: BTreeSet::new(), budget: BUDGET }
    }
}

/// Two fields that cannot be merged.
struct Conflict {
    name: Text,
    why: Vec<u8>,
    position: Position,
}

/// The fields of a selection by response name in the order of their first appearance, and the spreads in it.
#[derive(Default)]
struct Collected<'a> {
    names: BTreeMap<Text, usize>,
    fields: Vec<(Text, Vec<&'a Field<'a>>)>,
    spreads: Vec<&'a Spread<'a>>,
}

impl<'a> Collected<'a> {
    fn of(selections: &'a [Selection<'a>]) -> Self {
        let mut collected = Self::default();
        collected.add(selections);
        collected
    }

    fn add(&mut self, selections: &'a [Selection<'a>]) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let name = response_name(field);
                    let index = *self.names.entry(name).or_insert(self.fields.len());
                    match self.fields.get_mut(index) {
                        Some((_, fields)) => fields.push(field),
                        None => self.fields.push((name, Vec::from([field]))),
                    }
                }
                // Trees are not deep.
                Selection::Inline(inline) => self.add(&inline.selections),
                Selection::Spread(spread) => self.spreads.push(spread),
            }
        }
    }

    fn named(&self, name: &[u8]) -> &[&'a Field<'a>] {
        self.names.get(name).and_then(|index| self.fields.get(*index)).map_or(&[], |(_, fields)| fields)
    }

    fn is_same(&self, other: &Self) -> bool {
        let same = |a: &[&Field<'a>], b: &[&Field<'a>]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| core::ptr::eq(*a, *b))
        };
        self.fields.len() == other.fields.len()
            && self.fields.iter().zip(&other.fields).all(|((_, a), (_, b))| same(a, b))
    }
}

fn response_name(field: &Field<'_>) -> Text {
    if field.alias.is_empty() { field.name } else { field.alias }
}

impl<'a> Walker<'a> {
    /// Takes a step of those that are counted; false when there were too many.
    pub(super) fn spend(&mut self, position: Position) -> bool {
        match self.overlap.budget.checked_sub(1) {
            Some(rest) => self.overlap.budget = rest,
            None if !self.errors.stop => self.errors.give_up(position, "GraphQL query takes too many comparisons"),
            None => {}
        }
        !self.errors.stop
    }

    /// Reports what conflicts within a selection.
    pub(super) fn check_overlap(&mut self, selections: &'a [Selection<'a>], position: Position) {
        if selections.is_empty() || !self.spend(position) {
            return;
        }
        let own = Collected::of(selections);
        let mut conflicts = Vec::new();
        for (_, fields) in &own.fields {
            for (index, field) in fields.iter().enumerate() {
                for other in fields.iter().skip(index + 1) {
                    if self.errors.stop {
                        return;
                    }
                    conflicts.extend(self.compare(false, field, other));
                }
            }
        }
        self.overlap.compared.clear();
        for (index, spread) in own.spreads.iter().enumerate() {
            self.compare_with_fragment(&mut conflicts, false, &own, spread);
            for other in own.spreads.iter().skip(index + 1) {
                self.compare_fragments(&mut conflicts, false, spread, other);
            }
        }
        for conflict in conflicts {
            let rest = b". Use different aliases on the fields to fetch both if this was intentional.";
            let parts: [&[u8]; 5] = [b"Fields \"", conflict.name, b"\" conflict because ", &conflict.why, rest];
            self.errors.add(conflict.position, &parts);
        }
    }

    fn compare_all(&mut self, conflicts: &mut Vec<Conflict>, exclusive: bool, a: &Collected<'a>, b: &Collected<'a>) {
        for (name, fields) in &a.fields {
            for field in fields {
                for other in b.named(name) {
                    if self.errors.stop {
                        return;
                    }
                    conflicts.extend(self.compare(exclusive, field, other));
                }
            }
        }
    }

    fn compare_with_fragment(
        &mut self,
        conflicts: &mut Vec<Conflict>,
        exclusive: bool,
        own: &Collected<'a>,
        spread: &'a Spread<'a>,
    ) {
        if !self.overlap.compared.insert(spread.name) {
            return;
        }
        let Some(fragment) = spread.definition.get() else { return };
        let other = Collected::of(&fragment.selections);
        if own.is_same(&other) {
            return;
        }
        if self.enter(spread.position) && self.spend(spread.position) {
            self.compare_all(conflicts, exclusive, own, &other);
            for inner in other.spreads.iter().filter(|inner| inner.name != spread.name) {
                self.compare_with_fragment(conflicts, exclusive, own, inner);
            }
        }
        self.leave();
    }

    fn compare_fragments(
        &mut self,
        conflicts: &mut Vec<Conflict>,
        exclusive: bool,
        a: &'a Spread<'a>,
        b: &'a Spread<'a>,
    ) {
        // That their fields can meet is the stricter comparison, which stands for the other.
        let done = self.overlap.pairs.get(&(a.name, b.name)).is_some_and(|was| exclusive || !was);
        if a.name == b.name || done {
            return;
        }
        self.overlap.pairs.insert((a.name, b.name), exclusive);
        self.overlap.pairs.insert((b.name, a.name), exclusive);
        let (Some(first), Some(second)) = (a.definition.get(), b.definition.get()) else { return };
        if self.enter(b.position) && self.spend(b.position) {
            self.compare_definitions(conflicts, exclusive, (a, first), (b, second));
        }
        self.leave();
    }

    fn compare_definitions(
        &mut self,
        conflicts: &mut Vec<Conflict>,
        exclusive: bool,
        (a, first): (&'a Spread<'a>, &'a Fragment<'a>),
        (b, second): (&'a Spread<'a>, &'a Fragment<'a>),
    ) {
        let (first, second) = (Collected::of(&first.selections), Collected::of(&second.selections));
        self.compare_all(conflicts, exclusive, &first, &second);
        for inner in &second.spreads {
            self.compare_fragments(conflicts, exclusive, a, inner);
        }
        for inner in &first.spreads {
            self.compare_fragments(conflicts, exclusive, inner, b);
        }
    }

    /// Why two fields of one response name cannot be merged, if so.
    fn compare(&mut self, exclusive: bool, a: &'a Field<'a>, b: &'a Field<'a>) -> Option<Conflict> {
        let (parent, other) = (a.parent.get()?, b.parent.get()?);
        if !self.spend(b.position) {
            return None;
        }
        let (definition, second) = (a.definition.get(), b.definition.get());
        let exclusive = exclusive
            || parent.name != other.name
                && parent.kind == OBJECT
                && other.kind == OBJECT
                && definition.is_some()
                && second.is_some();
        let conflict = |why| Some(Conflict { name: response_name(a), why, position: b.position });
        if !exclusive && a.name != b.name {
            return conflict([b"\"", a.name, b"\" and \"", b.name, b"\" are different fields"].concat());
        }
        if !exclusive && !same_arguments(&a.arguments, &b.arguments) {
            return conflict(b"they have differing arguments".to_vec());
        }
        if let (Some(first), Some(second)) = (definition, second)
            && !core::ptr::eq(first, second)
            && types_conflict(self.schema, &first.kind, &second.kind)
        {
            let (first, second) = (first.kind.text(), second.kind.text());
            let parts = [b"they return conflicting types \"", first.as_slice(), b"\" and \"", &second, b"\""];
            return conflict(parts.concat());
        }
        let below = self.compare_selections(exclusive, a, b);
        let text =
            |inner: &Conflict| [b"subfields \"", inner.name, b"\" conflict because ", inner.why.as_slice()].concat();
        let why: Vec<Vec<u8>> = below.iter().map(text).collect();
        if why.is_empty() { None } else { conflict(why.join(&b" and "[..])) }
    }

    /// What conflicts between the selections of two fields.
    fn compare_selections(&mut self, exclusive: bool, a: &'a Field<'a>, b: &'a Field<'a>) -> Vec<Conflict> {
        let mut conflicts = Vec::new();
        if a.selections.is_empty() && b.selections.is_empty() {
            return conflicts;
        }
        if self.enter(b.position) {
            let (first, second) = (Collected::of(&a.selections), Collected::of(&b.selections));
            self.compare_all(&mut conflicts, exclusive, &first, &second);
            for (fields, spreads) in [(&first, &second.spreads), (&second, &first.spreads)] {
                for spread in spreads {
                    self.overlap.compared.clear();
                    self.compare_with_fragment(&mut conflicts, exclusive, fields, spread);
                }
            }
            for spread in &first.spreads {
                for other in &second.spreads {
                    self.compare_fragments(&mut conflicts, exclusive, spread, other);
                }
            }
        }
        self.leave();
        conflicts
    }
}

fn same_arguments(a: &[Argument<'_>], b: &[Argument<'_>]) -> bool {
    let has = |argument: &Argument<'_>| b.iter().any(|it| it.name == argument.name && same(&it.value, &argument.value));
    a.len() == b.len() && a.iter().all(has)
}

/// Whether two literals are the same, whatever the order of the fields of objects.
fn same(a: &Literal<'_>, b: &Literal<'_>) -> bool {
    if a.kind != b.kind || a.raw != b.raw || a.children.len() != b.children.len() {
        return false;
    }
    let (left, right) = (children(a), children(b));
    left.iter().zip(right).all(|(left, right)| left.name == right.name && same(&left.value, &right.value))
}

/// The elements of a list, or the fields of an object by name.
fn children<'l, 'a>(literal: &'l Literal<'a>) -> Vec<&'l Child<'a>> {
    let mut children = Vec::from_iter(&literal.children);
    if literal.kind == Kind::Object {
        children.sort_by_key(|child| child.name);
    }
    children
}

fn types_conflict(schema: &Schema<'_>, a: &Type, b: &Type) -> bool {
    match (&a.element, &b.element) {
        (Some(a), Some(b)) => types_conflict(schema, a, b),
        (None, None) => {
            let leaf = |kind: &Type| schema.definition(kind.named).filter(|definition| definition.is_leaf());
            let leaves = leaf(a).zip(leaf(b));
            a.non_null != b.non_null || leaves.is_some_and(|(a, b)| a.name != b.name)
        }
        _ => true,
    }
}
