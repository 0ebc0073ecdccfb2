//! The keywords without sub-schemas: what is read from each, and what OPA says when it is wrong.

use alloc::vec::Vec;

use super::compile::invalid_type;
use super::node::{Counts, Draft, Node, TYPES};
use super::pool::field;
use super::reference::Reference;
use super::{Fault, canonical, message, number};
use crate::{Array, Tag, Value};

/// Reads some keywords of a schema, which is an object.
pub(super) type Reader = fn(&mut Node, Value, Draft) -> Result<(), Fault>;

/// A keyword that must be a string; `None` when it is not there.
fn string(document: Value, name: &[u8]) -> Result<Option<&'static [u8]>, Fault> {
    let Some(value) = field(document, name).defined() else { return Ok(None) };
    value.as_str().map(Some).ok_or_else(|| invalid_type("string", name))
}

/// A keyword that must be an array; `None` when it is not there.
fn array(document: Value, name: &[u8]) -> Result<Option<Array>, Fault> {
    let Some(value) = field(document, name).defined() else { return Ok(None) };
    value.as_array().map(Some).ok_or_else(|| message(&[name, b" must be of an array"]))
}

/// `id` or `$id`, which was looked at when references became absolute.
pub(super) fn identifier(_: &mut Node, document: Value, draft: Draft) -> Result<(), Fault> {
    let is_old = match draft {
        Draft::Four => true,
        Draft::Hybrid => !field(document, b"id").is_undefined(),
        _ => false,
    };
    if let Some(text) = string(document, if is_old { b"id" } else { b"$id" })? {
        Reference::new(text)?;
    }
    Ok(())
}

/// `title` and `description`
pub(super) fn texts(_: &mut Node, document: Value, _: Draft) -> Result<(), Fault> {
    string(document, b"title")?;
    string(document, b"description")?;
    Ok(())
}

/// `type`
pub(super) fn types(node: &mut Node, document: Value, _: Draft) -> Result<(), Fault> {
    let value = field(document, b"type");
    if value.is_undefined() {
        return Ok(());
    }
    let wrong = || invalid_type("type", b"string/Array Of Strings");
    if let Some(name) = value.as_str() {
        return add_type(node, name);
    }
    for name in value.as_array().ok_or_else(wrong)?.iter() {
        add_type(node, name.as_str().ok_or_else(wrong)?)?;
    }
    Ok(())
}

fn add_type(node: &mut Node, name: &[u8]) -> Result<(), Fault> {
    let Some(place) = TYPES.iter().position(|known| known.as_bytes() == name) else {
        return Err(message(&[
            b"has a primitive type that is NOT VALID -- given: /",
            name,
            b"/ Expected valid values are:[",
            TYPES.join(" ").as_bytes(),
            b"]",
        ]));
    };
    if node.types.contains(&(place as u8)) {
        return Err(message(&[name, b" type is duplicated"]));
    }
    node.types.push(place as u8);
    Ok(())
}

/// `multipleOf`, `minimum`, `maximum` and those that exclude the limit.
pub(super) fn numbers(node: &mut Node, document: Value, draft: Draft) -> Result<(), Fault> {
    if let Some(multiple) = field(document, b"multipleOf").defined() {
        if !multiple.is_number() {
            return Err(invalid_type("Number", b"multipleOf"));
        }
        if !number::is_positive(multiple) {
            return Err(b"multipleOf must be strictly greater than 0".into());
        }
        node.multiple_of = Some(multiple);
    }
    node.minimum = limit(document, b"minimum")?;
    exclusive(document, draft, [b"exclusiveMinimum", b"minimum"], &mut node.minimum, &mut node.exclusive_minimum)?;
    node.maximum = limit(document, b"maximum")?;
    exclusive(document, draft, [b"exclusiveMaximum", b"maximum"], &mut node.maximum, &mut node.exclusive_maximum)
}

fn limit(document: Value, name: &[u8]) -> Result<Option<Value>, Fault> {
    let limit = field(document, name).defined();
    if limit.is_some_and(|limit| !limit.is_number()) {
        return Err(message(&[name, b" must be of a Number"]));
    }
    Ok(limit)
}

/// A limit that is excluded: in draft 4 a boolean says so of the other limit, from draft 6 on it is a number of its own.
fn exclusive(
    document: Value,
    draft: Draft,
    names: [&[u8]; 2],
    included: &mut Option<Value>,
    excluded: &mut Option<Value>,
) -> Result<(), Fault> {
    let [name, other] = names;
    let Some(value) = field(document, name).defined() else { return Ok(()) };
    if draft != Draft::Four && value.is_number() {
        *excluded = Some(value);
        return Ok(());
    }
    let is_flag = matches!(draft, Draft::Four | Draft::Hybrid);
    let Some(flag) = value.as_boolean().filter(|_| is_flag) else {
        let expected = match draft {
            Draft::Four => "boolean",
            Draft::Hybrid => "boolean/number",
            _ => "number",
        };
        return Err(invalid_type(expected, name));
    };
    if included.is_none() {
        return Err(message(&[name, b" cannot be used without ", other]));
    }
    if flag {
        *excluded = included.take();
    }
    Ok(())
}

/// A count, which must be written as an integer of 64 bits.
fn count(document: Value, name: &[u8]) -> Result<Option<i64>, Fault> {
    let Some(value) = field(document, name).defined() else { return Ok(None) };
    let integer = value.as_integer().or_else(|| value.as_number_text().filter(|text| *text == b"-0").map(|_| 0));
    match integer {
        Some(integer @ 0..) => Ok(Some(integer)),
        Some(_) => Err(message(&[name, b" must be greater than or equal to 0"])),
        None => Err(message(&[name, b" must be of an integer"])),
    }
}

fn counts_of(document: Value, min: &[u8], max: &[u8]) -> Result<Counts, Fault> {
    Ok(Counts { min: count(document, min)?, max: count(document, max)? })
}

fn ordered(counts: Counts, min: &[u8], max: &[u8]) -> Result<Counts, Fault> {
    if counts.min.zip(counts.max).is_some_and(|(min, max)| min > max) {
        return Err(message(&[min, b" cannot be greater than ", max]));
    }
    Ok(counts)
}

/// `minLength` and `maxLength`
pub(super) fn lengths(node: &mut Node, document: Value, _: Draft) -> Result<(), Fault> {
    let counts = counts_of(document, b"minLength", b"maxLength")?;
    node.length = ordered(counts, b"minLength", b"maxLength")?;
    Ok(())
}

/// `format`, and what counts properties and items.
pub(super) fn counts(node: &mut Node, document: Value, _: Draft) -> Result<(), Fault> {
    node.format = string(document, b"format")?.unwrap_or_default();
    let counts = counts_of(document, b"minProperties", b"maxProperties")?;
    node.property_count = ordered(counts, b"minProperties", b"maxProperties")?;
    if let Some(required) = array(document, b"required")? {
        node.required = keys(required)?;
    }
    node.item_count = counts_of(document, b"minItems", b"maxItems")?;
    if let Some(unique) = field(document, b"uniqueItems").defined() {
        node.unique_items = unique.as_boolean().ok_or_else(|| Vec::from(b"uniqueItems must be of a boolean"))?;
    }
    Ok(())
}

/// The keys of `required`.
fn keys(required: Array) -> Result<Vec<Value>, Fault> {
    let seen = crate::Set::new(required.len());
    let mut keys = Vec::new();
    for key in required.iter() {
        if key.tag() != Tag::String {
            return Err(invalid_type("string", b"required"));
        }
        if !seen.add(key) {
            return Err(b"required items must be unique".into());
        }
        keys.push(key);
    }
    Ok(keys)
}

/// `const` and `enum`
pub(super) fn values(node: &mut Node, document: Value, draft: Draft) -> Result<(), Fault> {
    let constant = field(document, b"const");
    if draft >= Draft::Six && !constant.is_undefined() {
        node.constant = Some(canonical_text(constant)?);
    }
    let Some(choices) = array(document, b"enum")? else { return Ok(()) };
    let seen = crate::Set::new(choices.len());
    let mut texts = Vec::new();
    for choice in choices.iter() {
        let text = canonical_text(choice)?;
        if !seen.add(text) {
            return Err(b"enum items must be unique".into());
        }
        texts.push(text);
    }
    node.choices = Some(texts);
    Ok(())
}

/// The text of a value.
///
/// # Errors
/// When a number in it is too large for a float.
pub(super) fn canonical_text(value: Value) -> Result<Value, Fault> {
    canonical::text(value).defined().ok_or_else(|| b"number too big".into())
}
