//! The texts that a module carries for people: custom sections, and places in sources.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::module::ModuleBuilder;
use crate::plan::ir::Program;
use crate::source::{Position, SourceSet, Span};

/// The version of OPA whose answers a module gives.
const OPA_VERSION: &str = "1.22.0";

/// The section [`regoc_abi::sections::RULES`].
pub(super) fn rules(program: &Program, sources: &SourceSet) -> String {
    let mut files: BTreeMap<&str, BTreeMap<&str, Vec<Position>>> = BTreeMap::new();
    for rule in program.rules.iter() {
        let file = rule.span.map_or("", |span| &sources.get(span.file).name);
        let places = files.entry(file).or_default().entry(&rule.path).or_default();
        places.extend(rule.span.map(|span| sources.position(span)));
    }
    let mut text = String::new();
    object(&mut text, &files, |text, paths| {
        object(text, paths, |text, places| {
            text.push('[');
            list(text, places, |text, place| {
                // Writing to a string does not fail.
                let _ = match place.col {
                    1 => write!(text, "{}", place.row),
                    column => write!(text, "[{},{column}]", place.row),
                };
            });
            text.push(']');
        });
    });
    text
}

/// Writes a JSON object.
fn object<T>(text: &mut String, members: &BTreeMap<&str, T>, value: impl Fn(&mut String, &T)) {
    let members: Vec<_> = members.iter().collect();
    text.push('{');
    list(text, &members, |text, (key, member)| {
        string(text, key);
        text.push(':');
        value(text, member);
    });
    text.push('}');
}

/// The section [`regoc_abi::sections::PRODUCER`].
pub(super) fn producer(program: &Program) -> String {
    let mut text = String::from("{\"regoc\":");
    string(&mut text, env!("CARGO_PKG_VERSION"));
    text.push_str(",\"opa\":");
    string(&mut text, OPA_VERSION);
    let builtins: Vec<_> = program.builtins.iter().collect();
    if !builtins.is_empty() {
        text.push_str(",\"builtins\":[");
        list(&mut text, &builtins, |text, builtin| string(text, &builtin.name));
        text.push(']');
    }
    text.push('}');
    text
}

fn list<T>(text: &mut String, items: &[T], mut item: impl FnMut(&mut String, &T)) {
    for (position, row) in items.iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        item(text, row);
    }
}

/// Writes a JSON string.
fn string(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            '\0'..='\x1f' => {
                let _ = write!(text, "\\u{:04x}", u32::from(character));
            }
            _ => text.push(character),
        }
    }
    text.push('"');
}

/// `FILE:ROW:COL`, or nothing where the place is not known.
pub(super) fn place(span: Option<Span>, sources: &SourceSet) -> String {
    span.map_or_else(String::new, |span| {
        let place = sources.position(span);
        format!("{}:{}:{}", sources.get(span.file).name, place.row, place.col)
    })
}

impl ModuleBuilder<'_> {
    /// `FILE:ROW:COL: `, or nothing where the place is not known.
    pub(super) fn place(&self, span: Option<Span>) -> String {
        let place = place(span, self.sources);
        if place.is_empty() { place } else { place + ": " }
    }

    /// Where a host builtin is called, as its host is told ([`regoc_abi::imports::BUILTINS`]).
    pub(super) fn call_site(&self, name: &str, span: Option<Span>) -> String {
        let site = self.place(span) + name;
        match span {
            Some(span) if self.sources.get(span.file).name.is_empty() => format!("{site}\n{}", self.sources.text(span)),
            _ => site,
        }
    }
}
