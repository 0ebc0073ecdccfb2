//! Regular expressions and globs: matching, finding, splitting, replacing. The engines are in [`crate::regex`] and [`crate::glob`].

use alloc::vec::Vec;

use super::operand::{array, integer, pair, string};
use crate::error::{self, Part};
use crate::glob;
use crate::regex::{Places, Regex, table};
use crate::{Array, Value, glob_intersection, unicode};

/// `regex.is_valid(pattern)`
#[must_use]
pub fn is_valid(pattern: Value) -> Value {
    Value::boolean(pattern.as_str().is_some_and(Regex::is_valid))
}

/// `regex.match(pattern, text)`
#[must_use]
pub fn matches(pattern: Value, text: Value) -> Value {
    let Some((mut regex, text)) = compiled(pattern, text) else { return Value::UNDEFINED };
    Value::boolean(regex.is_match(text))
}

/// The same, for a constant pattern, by its [table](crate::regex::table).
#[must_use]
pub fn matches_by_table(table: &[u8], text: Value) -> Value {
    string(2, text).map_or(Value::UNDEFINED, |text| Value::boolean(table::occurs(table, text)))
}

/// `regex.find_n(pattern, text, n)`: the first n matches, all for a negative n.
#[must_use]
pub fn find_n(pattern: Value, text: Value, n: Value) -> Value {
    found(pattern, text, n, |places, text| places.first().map_or(Value::UNDEFINED, |place| piece(text, *place)))
}

/// `regex.find_all_string_submatch_n(pattern, text, n)`: the matches, each with its groups.
#[must_use]
pub fn find_all_submatch_n(pattern: Value, text: Value, n: Value) -> Value {
    found(pattern, text, n, |places, text| {
        let groups = Array::new(places.len());
        places.iter().for_each(|place| groups.push(piece(text, *place)));
        groups.into()
    })
}

fn found(pattern: Value, text: Value, n: Value, show: fn(&Places, &[u8]) -> Value) -> Value {
    let Some(pair) = pair(string, pattern, text) else { return Value::UNDEFINED };
    let Some(n) = integer(3, n) else { return Value::UNDEFINED };
    let Some(mut regex) = compile(pair.0) else { return Value::UNDEFINED };
    let all = regex.find_all(pair.1, usize::try_from(n).unwrap_or(usize::MAX));
    let shown = Array::new(all.len());
    all.iter().for_each(|places| shown.push(show(places, pair.1)));
    shown.into()
}

/// The text of a place; empty for a group that took no part.
fn piece(text: &[u8], place: Option<(usize, usize)>) -> Value {
    Value::string(place.and_then(|(start, end)| text.get(start..end)).unwrap_or_default())
}

/// `regex.split(pattern, text)`
#[must_use]
pub fn split(pattern: Value, text: Value) -> Value {
    let Some((mut regex, text)) = compiled(pattern, text) else { return Value::UNDEFINED };
    let pieces = Array::new(0);
    for place in regex.split(text) {
        pieces.push(piece(text, Some(place)));
    }
    pieces.into()
}

/// `regex.replace(text, pattern, template)`
#[must_use]
pub fn replace(text: Value, pattern: Value, template: Value) -> Value {
    let Some((text, pattern)) = pair(string, text, pattern) else { return Value::UNDEFINED };
    let Some(template) = string(3, template) else { return Value::UNDEFINED };
    compile(pattern).map_or(Value::UNDEFINED, |mut regex| Value::string(&regex.replace_all(text, template)))
}

fn compiled(pattern: Value, text: Value) -> Option<(Regex, &'static [u8])> {
    let (pattern, text) = pair(string, pattern, text)?;
    Some((compile(pattern)?, text))
}

fn compile(pattern: &[u8]) -> Option<Regex> {
    match Regex::new(pattern) {
        Ok(regex) => Some(regex),
        Err(fault) => {
            error::fail_with(&[
                Part::Text("error parsing regexp: "),
                Part::Text(fault.kind.text()),
                Part::Text(": `"),
                Part::Bytes(&fault.part),
                Part::Text("`"),
            ]);
            None
        }
    }
}

/// `regex.template_match(template, text, start, end)`: a text with patterns between the two delimiters.
#[must_use]
pub fn template_match(template: Value, text: Value, start: Value, end: Value) -> Value {
    let Some((template, text)) = pair(string, template, text) else { return Value::UNDEFINED };
    let Some(start) = string(3, start) else { return Value::UNDEFINED };
    let Some(end) = string(4, end) else { return Value::UNDEFINED };
    let (&[open], &[close]) = (start, end) else {
        let which = if start.len() == 1 { "end" } else { "start" };
        return error::fail_with(&[
            Part::Text(which),
            Part::Text(" delimiter has to be exactly one character long but is "),
            // OPA tells the length of the start delimiter in both messages.
            Part::Number(start.len() as i64),
            Part::Text(" long"),
        ]);
    };
    let Some(pattern) = pattern_of_template(template, open, close) else { return Value::UNDEFINED };
    compile(&pattern).map_or(Value::UNDEFINED, |mut regex| Value::boolean(regex.is_match(text)))
}

/// The pattern that a template stands for: `^`, quoted text and groups in turn, `$`.
fn pattern_of_template(template: &[u8], open: u8, close: u8) -> Option<Vec<u8>> {
    let unbalanced = |text: &[u8]| {
        error::fail_with(&[Part::Text("unbalanced braces in "), Part::Quoted(text)]);
        None
    };
    let mut pattern = Vec::from(b"^");
    let (mut level, mut start, mut copied) = (0_usize, 0, 0);
    let mut insides = Vec::new();
    for (at, byte) in template.iter().enumerate() {
        if *byte == open {
            level += 1;
            if level == 1 {
                start = at;
            }
        } else if *byte == close {
            level = match level.checked_sub(1) {
                Some(level) => level,
                None => return unbalanced(template),
            };
            if level == 0 {
                let inside = template.get(start + 1..at).unwrap_or_default();
                insides.push(inside);
                quote(&mut pattern, template.get(copied..start).unwrap_or_default());
                pattern.push(b'(');
                pattern.extend_from_slice(inside);
                pattern.push(b')');
                copied = at + 1;
            }
        }
    }
    if level != 0 {
        return unbalanced(template);
    }
    for inside in insides {
        // A pattern must be one by itself, not only between its neighbors.
        compile(&[b"^", inside, b"$"].concat())?;
    }
    quote(&mut pattern, template.get(copied..).unwrap_or_default());
    pattern.push(b'$');
    Some(pattern)
}

/// Appends a text so that a pattern matches just it (Go's `QuoteMeta`).
fn quote(pattern: &mut Vec<u8>, text: &[u8]) {
    for byte in text {
        if br"\.+*?()|[]{}^$".contains(byte) {
            pattern.push(b'\\');
        }
        pattern.push(*byte);
    }
}

/// `regex.globs_match(glob, glob)`: whether both have a text in common
#[must_use]
pub fn globs_match(a: Value, b: Value) -> Value {
    let Some((a, b)) = pair(string, a, b) else { return Value::UNDEFINED };
    match glob_intersection::have_common_text(a, b) {
        Ok(have) => Value::boolean(have),
        Err(fault) => error::fail(&fault),
    }
}

/// `glob.match(pattern, separators, text)`
#[must_use]
pub fn glob_match(pattern: Value, separators: Value, text: Value) -> Value {
    let Some(pattern) = string(1, pattern) else { return Value::UNDEFINED };
    let Some(separators) = separators_of(separators) else { return Value::UNDEFINED };
    let Some(text) = string(3, text) else { return Value::UNDEFINED };
    match glob::is_match(pattern, &separators, text) {
        Ok(answer) => Value::boolean(answer),
        Err(fault) => error::fail_with(&[
            Part::Text("glob: syntax error at "),
            Part::Number(fault.offset as i64),
            Part::Text(": "),
            Part::Text(fault.reason),
        ]),
    }
}

/// No separators for `null`, the dot for an empty array.
fn separators_of(value: Value) -> Option<Vec<char>> {
    if value.is_null() {
        return Some(Vec::new());
    }
    if value.as_array().is_none() {
        error::operand_type(2, value, "one of {array, null}");
        return None;
    }
    let mut separators = Vec::new();
    for element in array(2, value)?.iter() {
        let mut characters = unicode::chars(element.as_str().unwrap_or_default());
        match (element.as_str(), characters.next(), characters.next()) {
            (None, ..) => {
                error::operand_element(2, value, element, "strings");
                return None;
            }
            (_, Some((c, _)), None) => separators.push(c),
            _ => {
                error::operand_element(2, value, element, "runes");
                return None;
            }
        }
    }
    if separators.is_empty() {
        separators.push('.');
    }
    Some(separators)
}

/// `glob.quote_meta(text)`
#[must_use]
pub fn glob_quote(text: Value) -> Value {
    string(1, text).map_or(Value::UNDEFINED, |text| Value::string(&glob::quote(text)))
}
