//! Fragments that spread themselves. Needs no stack, however long a chain of fragments is.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::ast::{Fragment, Selection, Spread, Text};

/// Reports every spread that leads back to a fragment on the way to it, with the spreads between.
pub(super) fn search<'a>(
    start: &'a Fragment<'a>,
    fragments: &BTreeMap<Text, &'a Fragment<'a>>,
    visited: &mut BTreeSet<Text>,
    mut report: impl FnMut(&'a Spread<'a>, &[&'a Spread<'a>]),
) {
    if !visited.insert(start.name) {
        return;
    }
    let mut path: Vec<&'a Spread<'a>> = Vec::new();
    let mut on_path = BTreeMap::new();
    on_path.insert(start.name, 0);
    let mut open = Vec::from([(start.name, spreads(&start.selections).into_iter())]);
    while let Some((name, rest)) = open.last_mut() {
        let Some(spread) = rest.next() else {
            on_path.remove(name);
            open.pop();
            path.pop();
            continue;
        };
        if let Some(begin) = on_path.get(spread.name) {
            report(spread, path.get(*begin..).unwrap_or_default());
            continue;
        }
        let fragment = fragments.get(spread.name).filter(|fragment| visited.insert(fragment.name));
        let inner = fragment.map(|fragment| spreads(&fragment.selections)).unwrap_or_default();
        if !inner.is_empty() {
            path.push(spread);
            on_path.insert(spread.name, path.len());
            open.push((spread.name, inner.into_iter()));
        }
    }
}

/// The spreads in a selection, those of the outermost level first, below that the last set first.
fn spreads<'a>(selections: &'a [Selection<'a>]) -> Vec<&'a Spread<'a>> {
    let mut found = Vec::new();
    let mut sets = Vec::from([selections]);
    while let Some(set) = sets.pop() {
        for selection in set {
            match selection {
                Selection::Spread(spread) => found.push(spread),
                Selection::Field(field) => sets.push(&field.selections),
                Selection::Inline(inline) => sets.push(&inline.selections),
            }
        }
    }
    found
}
