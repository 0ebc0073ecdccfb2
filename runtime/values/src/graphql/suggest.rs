//! `Did you mean …?`

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::ast::{Definition, INTERFACE, OBJECT};
use super::schema::Schema;

/// The options that are near a name, the nearest first.
fn near<'n>(typed: &[u8], options: Vec<&'n [u8]>) -> Vec<&'n [u8]> {
    let threshold = (typed.len() * 2 / 5 + 1).max(1);
    let mut found: Vec<(usize, &[u8])> = options.into_iter().map(|option| (distance(typed, option), option)).collect();
    found.retain(|(distance, _)| *distance <= threshold);
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().map(|(_, option)| option).collect()
}

/// How many letters must be put in, taken out or replaced; another case counts as one.
fn distance(a: &[u8], b: &[u8]) -> usize {
    if a == b {
        return 0;
    }
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    if a == b {
        return 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (index, left) in a.iter().enumerate() {
        let mut diagonal = index;
        let mut last = index + 1;
        for (place, right) in row.iter_mut().skip(1).zip(&b) {
            let replaced = diagonal + usize::from(left != right);
            diagonal = *place;
            last = replaced.min(*place + 1).min(last + 1);
            *place = last;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// `"a", "b", or "c"`, five at most.
fn list(items: &[&[u8]]) -> Vec<u8> {
    let items = items.get(..5).unwrap_or(items);
    let mut text = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let separator = match index {
            0 => "",
            _ if items.len() == 2 => " or ",
            _ if index + 1 == items.len() => ", or ",
            _ => ", ",
        };
        text.extend_from_slice(&[separator.as_bytes(), b"\"", item, b"\""].concat());
    }
    text
}

/// ` PREFIX "a" or "b"?` for the options near a name, or nothing.
pub(super) fn suggestion<'n>(prefix: &str, typed: &[u8], options: impl Iterator<Item = &'n [u8]>) -> Vec<u8> {
    let near = near(typed, options.collect());
    if near.is_empty() { Vec::new() } else { [b" ", prefix.as_bytes(), b" ", &list(&near), b"?"].concat() }
}

/// What may have been meant by a field that a type has not: types that have it, else fields of nearly that name.
pub(super) fn field(schema: &Schema<'_>, parent: &Definition<'_>, name: &[u8]) -> Vec<u8> {
    let types = if parent.is_abstract() { types_with(schema, parent, name) } else { Vec::new() };
    if !types.is_empty() {
        return [b" Did you mean to use an inline fragment on ", list(&types).as_slice(), b"?"].concat();
    }
    if parent.kind != OBJECT && parent.kind != INTERFACE {
        return Vec::new();
    }
    suggestion("Did you mean", name, parent.fields.iter().map(|field| field.name))
}

/// The possible types that have a field, and their interfaces that have it: what is used most first.
fn types_with<'s>(schema: &'s Schema<'_>, parent: &Definition<'_>, name: &[u8]) -> Vec<&'s [u8]> {
    let (mut objects, mut interfaces): (Vec<&[u8]>, Vec<&[u8]>) = (Vec::new(), Vec::new());
    let mut uses: BTreeMap<&[u8], usize> = BTreeMap::new();
    for possible in schema.possible_types(parent.name).filter(|possible| possible.field(name).is_some()) {
        objects.push(possible.name);
        for interface in &possible.interfaces {
            if schema.definition(interface).is_some_and(|definition| definition.field(name).is_some()) {
                let count = uses.entry(interface).or_default();
                if *count == 0 {
                    interfaces.push(interface);
                }
                *count += 1;
            }
        }
    }
    interfaces.append(&mut objects);
    interfaces.sort_by_key(|name| (core::cmp::Reverse(uses.get(name).copied().unwrap_or_default()), *name));
    interfaces
}
