//! Policies made of OPA's own cases, where they are here: terms swapped, rules doubled, constants changed, bodies of two cases spliced.

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::Result;
use regoc_abi::builtins::{BUILTINS, Placement};
use regoc_compiler::source::RegoVersion;
use serde_json::Value;

use super::Policy;
use super::random::Random;
use super::tokens::{Kind, Token, blocks, groups, join, lines, tokens};
use crate::case::{Body, Kind as CaseKind, find_files, load};
use crate::evaluation::EvaluationCase;
use crate::shared;

/// The folders of cases to mutate, and those with arguments of builtins.
const FOLDERS: &[&str] = &["conformance/v1", "conformance/v0", "conformance/wasm"];

/// Constants that are put in the place of others.
const CONSTANTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "1.0",
    "1.5",
    "1e3",
    "9007199254740993",
    "18446744073709551616",
    "1e-7",
    "\"\"",
    "\"a\"",
    "\"1\"",
    "null",
    "true",
    "false",
    "[]",
    "{}",
    "set()",
    "[1, 2]",
    "{\"a\": 1}",
    "{1, \"a\"}",
    "input",
    "data",
    "_",
    "x",
];

/// Operators, each of which can stand for any other.
const SIGNS: &[&str] = &["=", ":=", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "|", "&"];

/// Known arguments of builtins: for each name, the arguments of some calls as terms.
#[derive(Default)]
pub struct Arguments(BTreeMap<String, Vec<Vec<String>>>);

impl Arguments {
    /// The arguments of some calls of a builtin.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&[Vec<String>]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// Takes the arguments of a case of one call, which are the elements of its input.
    fn take(&mut self, case: &EvaluationCase) {
        let (Some((_, text)), Some(input)) = (case.modules.first(), &case.input) else { return };
        let name = text.split_once("p := ").and_then(|(_, call)| call.split_once("(input")).map(|(name, _)| name);
        // Sets and odd keys are left out: JSON is a term everywhere.
        if let (Some(name), Ok(Value::Array(arguments))) = (name, serde_json::from_str(input)) {
            let arguments = arguments.iter().map(Value::to_string).collect();
            self.0.entry(name.to_owned()).or_default().push(arguments);
        }
    }
}

/// OPA's cases as policies.
pub struct Corpus {
    policies: Vec<Policy>,
    arguments: Arguments,
}

impl Corpus {
    /// Reads the cases; none where they are not here.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn read() -> Result<Option<Self>> {
        let mut policies = Vec::new();
        for folder in FOLDERS {
            let Some(folder) = shared(folder) else { return Ok(None) };
            for file in find_files(&folder)?.into_iter().filter(|file| file.kind == CaseKind::Evaluation) {
                for case in load(&file)? {
                    let Body::Evaluation(case, _) = case.body else { continue };
                    let asks_world = case.modules.iter().any(|(_, text)| touches_world(text));
                    let is_json = case.input.as_deref().is_none_or(|it| serde_json::from_str::<Value>(it).is_ok());
                    if !case.modules.is_empty() && !asks_world && is_json {
                        policies.push(Policy {
                            version: case.version,
                            modules: case.modules,
                            data: case.data,
                            inputs: vec![case.input],
                            origin: "mutated",
                        });
                    }
                }
            }
        }
        let mut arguments = Arguments::default();
        if let Some(folder) = shared("conformance/made/builtins") {
            for file in find_files(&folder)? {
                for case in load(&file)? {
                    if let Body::Evaluation(case, _) = case.body {
                        arguments.take(&case);
                    }
                }
            }
        }
        Ok(Some(Self { policies, arguments }))
    }

    /// The known arguments of builtins.
    #[must_use]
    pub fn arguments(&self) -> &Arguments {
        &self.arguments
    }

    /// A policy of some cases, changed.
    pub fn policy(&self, random: &mut Random) -> Policy {
        let Some(policy) = random.choose(&self.policies) else { return super::generate::policy(random, None) };
        let mut policy = policy.clone();
        let other = random.choose(&self.policies).unwrap_or(&policy).clone();
        for _ in 0..=random.below(3) {
            let module = random.below(policy.modules.len());
            let theirs = other.modules.get(random.below(other.modules.len())).map_or("", |(_, text)| text.as_str());
            let (_, text) = &mut policy.modules[module];
            *text = mutate(random, text, theirs);
        }
        match random.below(6) {
            0 => policy.data = other.data,
            1 => policy.inputs.extend(other.inputs),
            2 => policy.inputs.push(None),
            3 => policy.data = change_document(random, &policy.data),
            _ => {}
        }
        if random.chance(50)
            && let Some(Some(input)) = policy.inputs.first()
        {
            policy.inputs.push(Some(change_document(random, input)));
        }
        if random.chance(3) {
            policy.version = if policy.version == RegoVersion::V0 { RegoVersion::V1 } else { RegoVersion::V0 };
        }
        policy.modules.retain(|(_, text)| !touches_world(text));
        policy
    }

    /// A text that is mostly no policy: tokens dropped, doubled, swapped, or taken from another text, whatever they are.
    pub fn broken(&self, random: &mut Random) -> Policy {
        let any = |random: &mut Random| -> String {
            let modules = random.choose(&self.policies).map(|policy| policy.modules.as_slice()).unwrap_or_default();
            random.choose(modules).map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let (text, other) = (any(random), any(random));
        let (mut ours, theirs) = (tokens(&text), tokens(&other));
        for _ in 0..=random.below(4) {
            let (at, from) = (random.below(ours.len()), random.below(ours.len()));
            let (Some(here), Some(there)) = (ours.get(from).copied(), random.choose(&theirs).copied()) else {
                continue;
            };
            match random.below(4) {
                0 => drop(ours.remove(at)),
                1 => ours.insert(at, here),
                2 => ours.insert(at, there),
                _ => ours[at] = there,
            }
        }
        let version = if random.chance(25) { RegoVersion::V0 } else { RegoVersion::V1 };
        let text = join(&ours);
        let text = if touches_world(&text) { String::new() } else { text };
        Policy {
            version,
            modules: vec![("test-0.rego".to_owned(), text)],
            data: "{}".to_owned(),
            inputs: vec![None],
            origin: "broken",
        }
    }
}

/// Whether a text calls what answers otherwise each time, or what only a host of OPA's tests has.
#[must_use]
pub fn touches_world(text: &str) -> bool {
    const OTHERS: &[&str] = &[
        "custom_builtin",
        "__local",
        "test.sleep",
        "time.now_ns",
        "json.match_schema",
        "numbers.range",
        "net.cidr_expand",
    ];
    let mut builtins = BUILTINS.iter().filter(|it| it.placement == Placement::Host || it.nondeterministic);
    // `print` and `trace` are words that may stand anywhere, and are harmless.
    builtins.any(|it| it.name.contains('.') && text.contains(it.name)) || OTHERS.iter().any(|name| text.contains(name))
}

/// A text with one change.
fn mutate(random: &mut Random, text: &str, other: &str) -> String {
    let (ours, theirs) = (tokens(text), tokens(other));
    match random.below(12) {
        0 | 1 => replace_atom(random, &ours, &theirs),
        2 => replace_constant(random, &ours),
        3 => replace_sign(random, &ours),
        4 => swap_terms(random, &ours),
        5 => double_rule(random, &ours),
        6 => drop_range(random, &ours, lines(&ours)),
        7 => drop_range(random, &ours, blocks(&ours)),
        8 => splice(random, &ours, &theirs, blocks),
        9 => splice(random, &ours, &theirs, lines),
        10 => insert_word(random, &ours),
        _ => replace_group(random, &ours, &theirs),
    }
}

/// The text with a range of tokens replaced.
fn replaced(tokens: &[Token<'_>], range: Range<usize>, with: &str) -> String {
    join(&tokens[..range.start]) + with + &join(&tokens[range.end..])
}

fn places(tokens: &[Token<'_>], kinds: &[Kind]) -> Vec<usize> {
    (0..tokens.len()).filter(|at| kinds.contains(&tokens[*at].kind)).collect()
}

/// A name, number or string in the place of one of the same kind.
fn replace_atom(random: &mut Random, ours: &[Token<'_>], theirs: &[Token<'_>]) -> String {
    let places = places(ours, &[Kind::Word, Kind::Number, Kind::Text]);
    let Some(at) = random.choose(&places).copied() else { return join(ours) };
    let source = if random.chance(70) { ours } else { theirs };
    let candidates = self::places(source, &[ours[at].kind]);
    let Some(from) = random.choose(&candidates).copied() else { return join(ours) };
    replaced(ours, at..at + 1, source[from].text)
}

fn replace_constant(random: &mut Random, ours: &[Token<'_>]) -> String {
    let places = places(ours, &[Kind::Number, Kind::Text]);
    let Some(at) = random.choose(&places).copied() else { return join(ours) };
    replaced(ours, at..at + 1, random.pick(CONSTANTS))
}

fn replace_sign(random: &mut Random, ours: &[Token<'_>]) -> String {
    let places: Vec<usize> = (0..ours.len()).filter(|at| SIGNS.contains(&ours[*at].text)).collect();
    let Some(at) = random.choose(&places).copied() else { return join(ours) };
    replaced(ours, at..at + 1, random.pick(SIGNS))
}

/// Two names, constants or bracketed terms, each in the other's place.
fn swap_terms(random: &mut Random, ours: &[Token<'_>]) -> String {
    let mut terms: Vec<(usize, usize)> = groups(ours).into_iter().map(|(start, end)| (start, end + 1)).collect();
    terms.extend(places(ours, &[Kind::Word, Kind::Number, Kind::Text]).into_iter().map(|at| (at, at + 1)));
    let (Some(a), Some(b)) = (random.choose(&terms).copied(), random.choose(&terms).copied()) else {
        return join(ours);
    };
    let (first, second) = if a.0 < b.0 { (a, b) } else { (b, a) };
    if first.1 > second.0 {
        return join(ours);
    }
    [
        join(&ours[..first.0]),
        join(&ours[second.0..second.1]),
        join(&ours[first.1..second.0]),
        join(&ours[first.0..first.1]),
        join(&ours[second.1..]),
    ]
    .concat()
}

/// A rule twice, the second one with another constant.
fn double_rule(random: &mut Random, ours: &[Token<'_>]) -> String {
    let Some(block) = random.choose(&blocks(ours)).cloned() else { return join(ours) };
    if ours[block.start].text == "package" {
        return join(ours);
    }
    let double = replace_constant(random, &ours[block.clone()]);
    replaced(ours, block.end..block.end, &format!("\n{double}\n"))
}

fn drop_range(random: &mut Random, ours: &[Token<'_>], ranges: Vec<Range<usize>>) -> String {
    match random.choose(&ranges).cloned() {
        Some(range) if range.start > 0 => replaced(ours, range, ""),
        _ => join(ours),
    }
}

/// A part of the other text at the start of one of this text.
fn splice(
    random: &mut Random,
    ours: &[Token<'_>],
    theirs: &[Token<'_>],
    parts: fn(&[Token<'_>]) -> Vec<Range<usize>>,
) -> String {
    let (here, there) = (parts(ours), parts(theirs));
    let (Some(here), Some(there)) = (random.choose(&here).cloned(), random.choose(&there).cloned()) else {
        return join(ours);
    };
    let part = join(&theirs[there]);
    if part.starts_with("package") {
        return join(ours);
    }
    replaced(ours, here.end..here.end, &format!("\n{}\n", part.trim_end()))
}

fn insert_word(random: &mut Random, ours: &[Token<'_>]) -> String {
    let Some(line) = random.choose(&lines(ours)).cloned() else { return join(ours) };
    let is_space = |at: &usize| ours.get(*at).is_some_and(|token| token.kind == Kind::Space);
    let at = if is_space(&line.start) { line.start + 1 } else { line.start };
    let word = random.pick(&[
        "not ",
        "some ",
        "default ",
        "every x in ",
        "some x in ",
        "x := ",
        "x = ",
        "1 + ",
        "-",
        "not not ",
    ]);
    replaced(ours, at..at, word)
}

/// A bracketed term in the place of another, or a constant.
fn replace_group(random: &mut Random, ours: &[Token<'_>], theirs: &[Token<'_>]) -> String {
    let Some((start, end)) = random.choose(&groups(ours)).copied() else { return join(ours) };
    let source = if random.chance(60) { ours } else { theirs };
    let with = match random.choose(&groups(source)).copied() {
        Some((start, end)) if random.chance(70) => join(&source[start..=end]),
        _ => random.pick(CONSTANTS).to_owned(),
    };
    replaced(ours, start..end + 1, &with)
}

/// A document with one value replaced.
fn change_document(random: &mut Random, text: &str) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    replace_part(random, &mut document);
    // A base document is an object and stays one.
    if text.trim_start().starts_with('{') && !document.is_object() { text.to_owned() } else { document.to_string() }
}

/// Replaces the value, or something in it.
fn replace_part(random: &mut Random, value: &mut Value) {
    const VALUES: &[&str] =
        &["null", "false", "1", "1.0", "\"a\"", "[]", "{}", "[1, \"a\"]", "{\"a\": 1}", "-0.5", "1e20"];
    let deeper = random.chance(80);
    match value {
        Value::Object(entries) if deeper && !entries.is_empty() => {
            let place = random.below(entries.len());
            if let Some((_, value)) = entries.iter_mut().nth(place) {
                replace_part(random, value);
            }
        }
        Value::Array(items) if deeper && !items.is_empty() => {
            let place = random.below(items.len());
            replace_part(random, &mut items[place]);
        }
        other => *other = serde_json::from_str(random.pick(VALUES)).unwrap_or_default(),
    }
}
