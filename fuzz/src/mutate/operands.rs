//! Changes of calls: as many operands as the builtin takes, most of them of the types that it wants, with texts that were there before.

use regoc_abi::builtins::{Builtin, Type};
use regoc_values::{Array, Object, Set, Tag, Value, syntax};

use super::{Random, bytes};
use crate::{BETWEEN_OPERANDS, STRING, operands};

/// Numbers at whose edges arithmetic may go wrong.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "8",
    "10",
    "31",
    "32",
    "63",
    "64",
    "65",
    "100",
    "255",
    "256",
    "1000",
    "-0",
    "0.5",
    "-1.5",
    "1.0",
    "1e3",
    "1e-3",
    "2147483647",
    "2147483648",
    "-2147483648",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e19",
    "1e308",
    "1e400",
    "1e-400",
    "0.1",
    "1700000000000000000",
    "123456789012345678901234567890",
    "3.141592653589793238462643383279",
];

/// Texts that many builtins have a meaning for.
const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "\u{e4}",
    "\u{1f600}",
    ".",
    "/",
    "*",
    "%",
    "%v",
    "%d",
    "%s",
    "(",
    "[a-z]+",
    "a|b",
    "^",
    "\\",
    "\"",
    "\n",
    " ",
    "{}",
    "[]",
    "{\"a\": 1}",
    "null",
    "1",
    "-1",
    "1.5",
    "1K",
    "1h",
    "1.2.3",
    "2020-01-01T00:00:00Z",
    "Europe/Berlin",
    "UTC",
    "10.0.0.0/8",
    "::1",
    "::/0",
    "http://a/b?c=d#e",
    "YQ==",
    "616161",
    "/a/b",
    "a/b",
    "-",
    "-----BEGIN CERTIFICATE-----\n",
    "type Query { a: Int }",
    "{ a }",
    "package p\np := 1",
    "{{ .a }}",
    "a: 1\n",
    "RFC3339",
    "HS256",
    "string",
    "object",
];

/// Keys that objects of some builtins have a meaning for.
const KEYS: &[&str] = &[
    "op",
    "path",
    "value",
    "from",
    "type",
    "properties",
    "items",
    "$ref",
    "$id",
    "definitions",
    "required",
    "enum",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "multipleOf",
    "additionalProperties",
    "dependencies",
    "alg",
    "kid",
    "iss",
    "aud",
    "exp",
    "nbf",
    "time",
    "cert",
    "secret",
    "kty",
    "k",
    "n",
    "e",
    "d",
    "crv",
    "x",
    "y",
    "typ",
    "method",
    "url",
    "headers",
    "body",
    "aws_access_key",
    "aws_service",
    "aws_region",
    "a",
    "b",
    "",
];

/// A call in the form of the seeds, changed: the number of a builtin in its family, and operands.
#[must_use]
pub fn change(call: &[u8], family: &[&Builtin], random: &mut Random) -> Option<Vec<u8>> {
    let (number, input) = call.split_first()?;
    let number = if random.below(24) == 0 { random.below(family.len()) as u8 } else { *number };
    let builtin = family.get(usize::from(number) % family.len())?;
    let mut operands = operands(input);
    operands.truncate(builtin.params.len());
    let mut texts: Vec<&[u8]> = Vec::new();
    operands.iter().for_each(|operand| collect_texts(*operand, &mut texts));
    while let Some(param) = builtin.params.get(operands.len()) {
        operands.push(draw(param, &texts, random, 0));
    }
    for _ in 0..=random.below(3) {
        let at = random.below(operands.len());
        let Some(param) = builtin.params.get(at) else { break };
        match random.below(16) {
            0 | 1 => operands[at] = draw(param, &texts, random, 0),
            2 => operands[at] = draw(&Type::Any, &texts, random, 0),
            3 => operands[at] = operands[random.below(operands.len())],
            _ => operands[at] = change_value(operands[at], &texts, random),
        }
    }
    let written = operands.into_iter().map(write).collect::<Vec<_>>().join(&BETWEEN_OPERANDS);
    Some([vec![number], written].concat())
}

/// An operand in the form of the seeds.
fn write(operand: Value) -> Vec<u8> {
    let mut written = match operand.as_str() {
        Some(text) => [&[STRING], text].concat(),
        None => syntax::write(operand).to_vec(),
    };
    written.iter_mut().filter(|byte| **byte == BETWEEN_OPERANDS).for_each(|byte| *byte = b'?');
    written
}

/// The texts in a value.
fn collect_texts(value: Value, texts: &mut Vec<&'static [u8]>) {
    if texts.len() > 256 {
        return;
    }
    if let Some(text) = value.as_str() {
        texts.push(text);
    }
    children(value).into_iter().for_each(|child| collect_texts(child, texts));
}

/// The elements, or keys and values.
fn children(value: Value) -> Vec<Value> {
    if let Some(array) = value.as_array() {
        return array.iter().collect();
    }
    if let Some(set) = value.as_set() {
        return set.elements().collect();
    }
    value.as_object().map(|object| object.entries().flat_map(|(key, value)| [key, value]).collect()).unwrap_or_default()
}

/// A collection of the same type with other elements, or keys and values.
fn with_children(value: Value, children: &[Value]) -> Value {
    match value.tag() {
        Tag::Array => array(children),
        Tag::Set => {
            let set = Set::new(children.len());
            for child in children {
                set.add(*child);
            }
            set.into()
        }
        _ => {
            let object = Object::new(children.len() / 2);
            children.chunks_exact(2).for_each(|entry| object.insert(entry[0], entry[1]));
            object.into()
        }
    }
}

fn array(elements: &[Value]) -> Value {
    let array = Array::new(elements.len());
    elements.iter().for_each(|element| array.push(*element));
    array.into()
}

/// A value of which one part, or the whole, is another one.
fn change_value(value: Value, texts: &[&[u8]], random: &mut Random) -> Value {
    let mut parts = children(value);
    if !parts.is_empty() && random.below(4) != 0 {
        let at = random.below(parts.len());
        parts[at] = change_value(parts[at], texts, random);
        return with_children(value, &parts);
    }
    if let Some(text) = value.as_str() {
        return change_text(text, texts, random);
    }
    if let Some(text) = value.as_number_text() {
        let changed = bytes(text, 3);
        let changed = syntax::parse(&changed).ok().filter(|number| number.is_number() && random.below(2) == 0);
        return changed.unwrap_or_else(|| draw(&Type::Number, texts, random, 0));
    }
    if !matches!(value.tag(), Tag::Array | Tag::Set | Tag::Object) {
        return draw(&Type::Any, texts, random, 0);
    }
    let step = if value.tag() == Tag::Object { 2 } else { 1 };
    let at = random.below(parts.len() / step + 1) * step;
    match random.below(4) {
        0 if at < parts.len() => drop(parts.drain(at..at + step)),
        1 => {
            let copy = parts.clone();
            parts.splice(at..at, copy);
        }
        2 => return array(&[value]),
        _ => {
            let key = random.pick(KEYS).map_or(Value::NULL, |key| Value::string(key.as_bytes()));
            let entry = [key, draw(&Type::Any, texts, random, 1)];
            parts.splice(at..at, entry[2 - step..].iter().copied());
        }
    }
    with_children(value, &parts)
}

fn change_text(text: &[u8], texts: &[&[u8]], random: &mut Random) -> Value {
    match random.below(12) {
        0 => draw(&Type::String, texts, random, 0),
        1 => Value::string(&text.repeat(random.times(8))),
        2 => draw(&Type::Any, texts, random, 0),
        3 => {
            let other = random.pick(texts).unwrap_or_default();
            let at = random.below(text.len() + 1);
            Value::string(&[&text[..at], other, &text[at..]].concat())
        }
        4 => super::text::change(text, random).map_or_else(|| Value::string(text), |text| Value::string(&text)),
        _ => Value::string(&bytes(text, 16)),
    }
}

/// A value of a type.
fn draw(of: &Type, texts: &[&[u8]], random: &mut Random, depth: usize) -> Value {
    const SCALARS: &[Type] = &[Type::String, Type::Number, Type::String, Type::Number, Type::Boolean, Type::Null];
    const ANY: &Type = &Type::Any;
    let count = random.below(4);
    match of {
        Type::Null => Value::NULL,
        Type::Boolean => Value::boolean(random.below(2) == 0),
        Type::Number => {
            random.pick(NUMBERS).and_then(|text| syntax::parse(text.as_bytes()).ok()).unwrap_or(Value::NULL)
        }
        Type::String if random.below(3) == 0 => Value::string(random.pick(texts).unwrap_or_default()),
        Type::String => Value::string(random.pick(TEXTS).unwrap_or_default().as_bytes()),
        Type::Union(several) => random.pick(several).map_or(Value::NULL, |one| draw(&one, texts, random, depth)),
        Type::Any if depth > 2 || random.below(2) == 0 => {
            draw(&SCALARS[random.below(SCALARS.len())], texts, random, depth)
        }
        Type::Any => match random.below(3) {
            0 => draw(&Type::Array { fixed: &[], rest: Some(ANY) }, texts, random, depth),
            1 => draw(&Type::Set(ANY), texts, random, depth),
            _ => draw(&Type::Object { fixed: &[], rest: Some((&Type::String, ANY)) }, texts, random, depth),
        },
        Type::Array { fixed, rest } => {
            let rest = rest.iter().flat_map(|rest| std::iter::repeat_n(*rest, count));
            let elements: Vec<_> = fixed.iter().chain(rest).map(|of| draw(of, texts, random, depth + 1)).collect();
            array(&elements)
        }
        Type::Set(of) => {
            let set = Set::new(count);
            for _ in 0..count {
                set.add(draw(of, texts, random, depth + 1));
            }
            set.into()
        }
        Type::Object { fixed, rest } => {
            let object = Object::new(fixed.len() + count);
            for (key, of) in *fixed {
                object.insert(Value::string(key.as_bytes()), draw(of, texts, random, depth + 1));
            }
            for (key, of) in rest.iter().flat_map(|rest| std::iter::repeat_n(*rest, count)) {
                let named = random.pick(KEYS).filter(|_| random.below(2) == 0);
                let key =
                    named.map_or_else(|| draw(key, texts, random, depth + 1), |key| Value::string(key.as_bytes()));
                object.insert(key, draw(of, texts, random, depth + 1));
            }
            object.into()
        }
    }
}
