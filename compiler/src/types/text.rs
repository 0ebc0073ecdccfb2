//! The text of types: in full, cut to the outermost constructor, or two of them cut to what differs.
//!
//! OPA (`v1/ast/check_elide.go`) writes detail lines in full up to 80 characters and cuts longer ones.

use std::cmp::Ordering;

use super::ty::{Any, Array, Function, Object, Type};

/// A line wider than this is cut.
const MAX_LINE: usize = 80;
/// A type wider than this is cut where it is not what the message is about.
const MAX_PART: usize = 32;
/// The deepest part at which two types are still compared.
const MAX_DIFF_DEPTH: usize = 8;

const ELISION: &str = "...";

/// The whole text of a type.
#[must_use]
pub(super) fn full(ty: Option<&Type>) -> String {
    cut(ty, usize::MAX)
}

/// Whether one of the lines is too wide to be read.
#[must_use]
pub(super) fn too_wide(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.chars().count() > MAX_LINE)
}

/// The outermost constructor of a type, or all of it when that is short.
#[must_use]
pub(super) fn short(ty: Option<&Type>) -> String {
    let text = full(ty);
    if text.chars().count() <= MAX_PART { text } else { cut(ty, 0) }
}

/// The outermost constructor of a type.
#[must_use]
pub(super) fn outermost(ty: Option<&Type>) -> String {
    cut(ty, 0)
}

/// Two types, with what both have in common left out.
#[must_use]
pub(super) fn difference(a: Option<&Type>, b: Option<&Type>) -> (String, String) {
    diff(a, b, 0)
}

/// The text of a type without what lies deeper than `depth`.
fn cut(ty: Option<&Type>, depth: usize) -> String {
    let Some(ty) = ty else { return "???".to_owned() };
    let deeper = depth.saturating_sub(usize::from(depth != usize::MAX));
    let part = |ty: &Option<Type>| if depth == 0 { ELISION.to_owned() } else { cut(ty.as_ref(), deeper) };
    let parts = |types: &[Option<Type>]| match (depth, types.is_empty()) {
        (0, false) => vec![ELISION.to_owned()],
        _ => types.iter().map(part).collect(),
    };
    match ty {
        Type::Null => "null".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::Array(array) => {
            composite("array", &parts(&array.fixed), array.rest.as_ref().map(|rest| part(&Some(rest.clone()))))
        }
        Type::Object(object) => {
            let fixed: Vec<String> = match (depth, object.fixed.is_empty()) {
                (0, false) => vec![ELISION.to_owned()],
                _ => object.fixed.iter().map(|(key, value)| format!("{key}: {}", part(value))).collect(),
            };
            let rest = object.rest.as_ref().map(|(key, value)| match depth {
                0 => ELISION.to_owned(),
                _ => format!("{}: {}", part(key), part(value)),
            });
            composite("object", &fixed, rest)
        }
        Type::Set(set) => composite("set", &[], set.of.as_ref().map(|of| part(&Some(of.clone())))),
        Type::Any(any) if any.of.is_empty() => "any".to_owned(),
        Type::Any(_) if depth == 0 => union(&[ELISION.to_owned()]),
        Type::Any(any) => union(&any.of.iter().map(|ty| cut(Some(ty), deeper)).collect::<Vec<_>>()),
        Type::Function(function) => cut_function(function, depth, deeper),
    }
}

fn cut_function(function: &Function, depth: usize, deeper: usize) -> String {
    if depth == 0 {
        let has_params = !function.params.is_empty() || function.variadic.is_some();
        let params: Vec<String> = has_params.then(|| ELISION.to_owned()).into_iter().collect();
        return arrow(&params, if function.result.is_some() { ELISION } else { "???" });
    }
    let mut params: Vec<String> = function.params.iter().map(|ty| cut(ty.as_ref(), deeper)).collect();
    params.extend(function.variadic.as_ref().map(|ty| format!("{}...", cut(Some(ty), deeper))));
    arrow(&params, &cut(function.result.as_ref(), deeper))
}

fn diff(a: Option<&Type>, b: Option<&Type>, depth: usize) -> (String, String) {
    if depth < MAX_DIFF_DEPTH
        && full(a) != full(b)
        && let (Some(a), Some(b)) = (a, b)
    {
        match (a, b) {
            (Type::Set(a), Type::Set(b)) if a.of.is_some() && b.of.is_some() => {
                let (left, right) = diff(a.of.as_ref(), b.of.as_ref(), depth + 1);
                return (format!("set[{left}]"), format!("set[{right}]"));
            }
            (Type::Array(a_array), Type::Array(b_array)) => return diff_arrays(a, b, a_array, b_array, depth),
            (Type::Object(a), Type::Object(b)) => return diff_objects(a, b, depth),
            (Type::Any(a), Type::Any(b)) => return diff_unions(a, b),
            (Type::Function(a), Type::Function(b)) if a.params.len() == b.params.len() => {
                return diff_functions(a, b, depth);
            }
            _ => {}
        }
    }
    (short(a), short(b))
}

fn diff_arrays(a: &Type, b: &Type, a_array: &Array, b_array: &Array, depth: usize) -> (String, String) {
    if a_array.fixed.len() != b_array.fixed.len() || a_array.rest.is_some() != b_array.rest.is_some() {
        return (cut(Some(a), 1), cut(Some(b), 1));
    }
    let fixed = a_array.fixed.iter().zip(&b_array.fixed).map(|(a, b)| diff(a.as_ref(), b.as_ref(), depth + 1));
    let (left, right): (Vec<String>, Vec<String>) = fixed.unzip();
    let rest = a_array.rest.as_ref().map(|rest| diff(Some(rest), b_array.rest.as_ref(), depth + 1));
    let (left_rest, right_rest) = rest.unzip();
    (composite("array", &left, left_rest), composite("array", &right, right_rest))
}

fn diff_objects(a: &Object, b: &Object, depth: usize) -> (String, String) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let mut is_cut = false;
    let (mut i, mut j) = (0, 0);
    loop {
        let (a_next, b_next) = (a.fixed.get(i), b.fixed.get(j));
        let order = match (a_next, b_next) {
            (Some((a_key, _)), Some((b_key, _))) => a_key.cmp(b_key),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        match (order, a_next, b_next) {
            (Ordering::Equal, Some((key, a)), Some((_, b))) => {
                if full(a.as_ref()) == full(b.as_ref()) {
                    is_cut = true;
                } else {
                    let (of_a, of_b) = diff(a.as_ref(), b.as_ref(), depth + 1);
                    left.push(format!("{key}: {of_a}"));
                    right.push(format!("{key}: {of_b}"));
                }
                i += 1;
                j += 1;
            }
            (Ordering::Less, Some((key, value)), _) => {
                left.push(format!("{key}: {}", short(value.as_ref())));
                i += 1;
            }
            (_, _, Some((key, value))) => {
                right.push(format!("{key}: {}", short(value.as_ref())));
                j += 1;
            }
            _ => break,
        }
    }
    if is_cut {
        left.push(ELISION.to_owned());
        right.push(ELISION.to_owned());
    }
    let whole =
        |(key, value): &(Option<Type>, Option<Type>)| format!("{}: {}", short(key.as_ref()), short(value.as_ref()));
    let (left_rest, right_rest) = match (&a.rest, &b.rest) {
        (Some((a_key, a_value)), Some((b_key, b_value))) => {
            let (left_key, right_key) = diff(a_key.as_ref(), b_key.as_ref(), depth + 1);
            let (left_value, right_value) = diff(a_value.as_ref(), b_value.as_ref(), depth + 1);
            (Some(format!("{left_key}: {left_value}")), Some(format!("{right_key}: {right_value}")))
        }
        (a, b) => (a.as_ref().map(whole), b.as_ref().map(whole)),
    };
    (composite("object", &left, left_rest), composite("object", &right, right_rest))
}

fn diff_unions(a: &Any, b: &Any) -> (String, String) {
    let texts = |any: &Any| any.of.iter().map(|ty| full(Some(ty))).collect::<Vec<_>>();
    let (a_texts, b_texts) = (texts(a), texts(b));
    let only = |of: &Any, texts: &[String], others: &[String]| -> Vec<String> {
        let differ = of.of.iter().zip(texts).filter(|(_, text)| !others.contains(text));
        differ.map(|(ty, _)| short(Some(ty))).collect()
    };
    let mut left = only(a, &a_texts, &b_texts);
    let mut right = only(b, &b_texts, &a_texts);
    if left.len() < a.of.len() {
        left.push(ELISION.to_owned());
        right.push(ELISION.to_owned());
    }
    (union(&left), union(&right))
}

fn diff_functions(a: &Function, b: &Function, depth: usize) -> (String, String) {
    let params = a.params.iter().zip(&b.params).map(|(a, b)| diff(a.as_ref(), b.as_ref(), depth + 1));
    let (mut left, mut right): (Vec<String>, Vec<String>) = params.unzip();
    match (&a.variadic, &b.variadic) {
        (Some(a), Some(b)) => {
            let (of_a, of_b) = diff(Some(a), Some(b), depth + 1);
            left.push(format!("{of_a}..."));
            right.push(format!("{of_b}..."));
        }
        (a, b) => {
            left.extend(a.as_ref().map(|ty| format!("{}...", short(Some(ty)))));
            right.extend(b.as_ref().map(|ty| format!("{}...", short(Some(ty)))));
        }
    }
    let (left_result, right_result) = diff(a.result.as_ref(), b.result.as_ref(), depth + 1);
    (arrow(&left, &left_result), arrow(&right, &right_result))
}

fn composite(name: &str, fixed: &[String], rest: Option<String>) -> String {
    let mut text = name.to_owned();
    if !fixed.is_empty() {
        text = format!("{text}<{}>", fixed.join(", "));
    }
    match rest {
        Some(rest) => format!("{text}[{rest}]"),
        None => text,
    }
}

fn union(of: &[String]) -> String {
    if of.is_empty() { "any".to_owned() } else { format!("any<{}>", of.join(", ")) }
}

fn arrow(params: &[String], result: &str) -> String {
    format!("({}) => {result}", params.join(", "))
}
