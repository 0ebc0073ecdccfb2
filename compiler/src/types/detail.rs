//! The lines below the message of a type error.

use super::text::{difference, full, short, too_wide};
use super::ty::{Key, Type};
use super::unify::unifies;
use crate::hir::text::string;

/// Where OPA explains errors of equations.
const MATCH_ERROR_PAGE: &str = "https://www.openpolicyagent.org/docs/errors/rego-type-error/match-error";

/// A parameter of a function: its name, for a builtin, and its type.
#[derive(Clone, Debug)]
pub(super) struct Param {
    /// The name.
    pub(super) name: Option<&'static str>,
    /// The type.
    pub(super) ty: Option<Type>,
}

impl Param {
    fn named(&self, text: &str) -> String {
        match self.name {
            Some(name) => format!("{name}: {text}"),
            None => text.to_owned(),
        }
    }
}

/// The lines for arguments that a function does not take.
#[must_use]
pub(super) fn arguments(have: &[Option<Type>], want: &[Param], variadic: Option<&Type>) -> Vec<String> {
    let line = |word: &str, parts: &[String]| format!("{word}: ({})", parts.join(", "));
    let whole_have: Vec<String> = have.iter().map(|ty| full(ty.as_ref())).collect();
    let mut whole_want: Vec<String> = want.iter().map(|param| param.named(&full(param.ty.as_ref()))).collect();
    whole_want.extend(variadic.map(|ty| format!("{}...", full(Some(ty)))));
    let lines = vec![line("have", &whole_have), line("want", &whole_want)];
    if !too_wide(&lines.iter().map(String::as_str).collect::<Vec<_>>()) {
        return lines;
    }
    let mut short_have: Vec<String> = have.iter().map(|ty| short(ty.as_ref())).collect();
    let mut short_want: Vec<String> = want.iter().map(short_param).collect();
    for ((have, want), (left, right)) in have.iter().zip(want).zip(short_have.iter_mut().zip(&mut short_want)) {
        // An argument that fits is not what the error is about.
        if !(have.is_some() && want.ty.is_some() && unifies(have.as_ref(), want.ty.as_ref())) {
            let (of_have, of_want) = difference(have.as_ref(), want.ty.as_ref());
            *left = of_have;
            *right = want.named(&of_want);
        }
    }
    short_want.extend(variadic.map(|ty| format!("{}...", short(Some(ty)))));
    vec![line("have", &short_have), line("want", &short_want)]
}

/// The outermost constructor of a parameter; its name counts as a part of its width.
fn short_param(param: &Param) -> String {
    let whole = param.named(&full(param.ty.as_ref()));
    if whole.chars().count() <= 32 { whole } else { param.named(&super::text::outermost(param.ty.as_ref())) }
}

/// The lines for two sides that can never be equal.
#[must_use]
pub(super) fn sides(left: Option<&Type>, right: Option<&Type>) -> Vec<String> {
    let lines = |(left, right): (String, String)| vec![format!("left  : {left}"), format!("right : {right}")];
    let mut details = lines((full(left), full(right)));
    if too_wide(&details.iter().map(String::as_str).collect::<Vec<_>>()) {
        details = lines(difference(left, right));
    }
    let kind = match (left, right) {
        (Some(Type::Object(_)), Some(Type::Object(_))) => "objects",
        (Some(Type::Array(_)), Some(Type::Array(_))) => "arrays",
        (Some(Type::Set(_)), Some(Type::Set(_))) => "sets",
        _ => return details,
    };
    details.push(format!(
        "hint  : both sides are {kind} but their types differ, so they can never be equal (see {MATCH_ERROR_PAGE})"
    ));
    details
}

/// The lines for an operand behind a value that has no members.
#[must_use]
pub(super) fn unsupported_operand(reference: &str, before: &str, have: Option<&Type>) -> Vec<String> {
    vec![reference.to_owned(), "^".repeat(before.chars().count()), format!("have: {}", nil_or_full(have))]
}

/// The lines for an operand that is no key of the value before it.
#[must_use]
pub(super) fn invalid_operand(
    reference: &str,
    before: &str,
    operand: &str,
    have: Option<&Type>,
    want: Option<&Type>,
    one_of: &[Key],
) -> Vec<String> {
    let pad = " ".repeat(before.chars().count() + 1);
    let have = match have {
        Some(have) => format!("{pad}have (type): {}", full(Some(have))),
        None => format!("{pad}have: {operand}"),
    };
    let want = match want {
        _ if !one_of.is_empty() => {
            let keys: Vec<String> = one_of.iter().map(written).collect();
            format!("{pad}want (one of): [{}]", keys.join(" "))
        }
        None => format!("{pad}want (one of): []"),
        want => format!("{pad}want (type): {}", nil_or_full(want)),
    };
    vec![reference.to_owned(), format!("{pad}^"), have, want]
}

/// The text of a type; Go's word for nothing where there is none.
fn nil_or_full(ty: Option<&Type>) -> String {
    if ty.is_some() { full(ty) } else { "<nil>".to_owned() }
}

/// A key as Rego writes it.
fn written(key: &Key) -> String {
    match key {
        Key::Null => "null".to_owned(),
        Key::Boolean(value) => value.to_string(),
        Key::Number(number) => number.to_string(),
        Key::String(text) => string(text),
        Key::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Key::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", written(key), written(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}
