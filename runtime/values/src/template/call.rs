//! What the functions of templates do with their operands.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::escape;
use super::function::Function;
use super::print::{Printed, by_verb, print_all, print_line};
use super::value::{Datum, Value};
use crate::builtins::encoding::escape_query;
use crate::format::{Argument, printf, sprintf};
use crate::{Object, Value as Data};

type Result<T> = core::result::Result<T, Vec<u8>>;

/// Calls a function, other than `and` and `or`, which do not evaluate all operands. `callee` is what messages call the first operand of
/// `call`.
///
/// # Errors
/// Go's message.
pub(super) fn call(function: Function, operands: &[Value], callee: &[u8]) -> Result<Value> {
    use Function::{
        And, Call, Eq, Ge, Gt, Html, Index, Js, Le, Len, Lt, Ne, Not, Or, Print, Printf, Println, Slice, UrlQuery,
    };
    let first = operands.first().copied().unwrap_or(Value::Invalid);
    let second = operands.get(1).copied().unwrap_or(Value::Invalid);
    let rest = operands.get(1..).unwrap_or_default();
    match function {
        And | Or => Ok(first),
        Call => Err(call_nothing(first, callee)),
        Index => index(first, rest),
        Slice => slice(first, rest),
        Len => length(first).map(|length| Value::Plain(Datum::Integer(length as i64))),
        Not => Ok(truth(!first.is_true())),
        Eq => equal(first, rest).map(truth),
        Ne => equal(first, &[second]).map(|equal| truth(!equal)),
        Lt => less(first, second).map(truth),
        Le => less_or_equal(first, second).map(truth),
        Gt => less_or_equal(first, second).map(|less| truth(!less)),
        Ge => less(first, second).map(|less| truth(!less)),
        Print => Ok(Value::text(&print_all(&printed(operands)))),
        Println => Ok(Value::text(&print_line(&printed(operands)))),
        Printf => {
            let format = first.datum().and_then(Datum::as_text).unwrap_or_default();
            Ok(Value::text(&printf(format, &printed(rest))))
        }
        Html => Ok(Value::text(&escape::html(&plain(operands)))),
        Js => Ok(Value::text(&escape::js(&plain(operands)))),
        UrlQuery => {
            let mut text = Vec::new();
            escape_query(&mut text, &plain(operands));
            Ok(Value::text(&text))
        }
    }
}

const fn truth(value: bool) -> Value {
    Value::Plain(Datum::Boolean(value))
}

fn printed(operands: &[Value]) -> Vec<Printed> {
    operands.iter().map(|operand| Printed(operand.datum())).collect()
}

/// The operands as an action would print them.
fn plain(operands: &[Value]) -> Vec<u8> {
    let mut operands = printed(operands);
    for operand in &mut operands {
        operand.0.get_or_insert(Datum::Text(super::NO_VALUE));
    }
    print_all(&operands)
}

/// There is nothing in a template that can be called.
fn call_nothing(callee: Value, name: &[u8]) -> Vec<u8> {
    match callee.taken_out() {
        Value::Invalid => b"call of nil".to_vec(),
        other => [b"non-function ", name, b" of type ", other.type_name()].concat(),
    }
}

/// What messages call the operand of `call` that came through the pipeline.
pub(super) fn shown_callee(value: Value) -> Vec<u8> {
    match value.datum() {
        None => b"<invalid Value>".to_vec(),
        Some(datum) => match datum.as_text() {
            Some(text) => text.to_vec(),
            None => [b"<", datum.type_name(), b" Value>"].concat(),
        },
    }
}

fn length(item: Value) -> Result<usize> {
    match item {
        Value::Invalid => Err(b"reflect: call of reflect.Value.Type on zero Value".to_vec()),
        Value::Interface(None) => Err(b"len of nil pointer".to_vec()),
        Value::Interface(Some(datum)) | Value::Plain(datum) => match datum {
            Datum::List(list) => Ok(list.length),
            Datum::Map(map) => Ok(map.len()),
            _ => datum.as_text().map(<[u8]>::len).ok_or_else(|| [b"len of type ", datum.type_name()].concat()),
        },
    }
}

/// An operand as an index up to `limit`, inclusively.
fn position(index: Value, limit: usize) -> Result<usize> {
    let number = match index {
        Value::Plain(Datum::Integer(number)) => number,
        Value::Plain(Datum::Byte(byte)) => i64::from(byte),
        Value::Invalid => return Err(b"cannot index slice/array with nil".to_vec()),
        other => return Err([b"cannot index slice/array with type ", other.type_name()].concat()),
    };
    let position = usize::try_from(number).ok().filter(|position| *position <= limit);
    position.ok_or_else(|| sprintf(b"index out of range: %d", &[Argument::Integer(number)]))
}

fn index(item: Value, indexes: &[Value]) -> Result<Value> {
    let mut item = item.taken_out();
    if matches!(item, Value::Invalid) {
        return Err(b"index of untyped nil".to_vec());
    }
    for index in indexes {
        let index = index.taken_out();
        let Some(datum) = item.datum() else { return Err(b"index of nil pointer".to_vec()) };
        item = match datum {
            Datum::Map(map) => entry(map, index)?,
            Datum::List(list) => match position(index, list.length)? {
                at if at == list.length => return Err(b"reflect: slice index out of range".to_vec()),
                at => list.get(at),
            },
            _ => {
                let Some(text) = datum.as_text() else {
                    return Err([b"can't index item of type ", datum.type_name()].concat());
                };
                let byte = text.get(position(index, text.len())?);
                let Some(byte) = byte else { return Err(b"reflect: string index out of range".to_vec()) };
                Value::Plain(Datum::Byte(*byte))
            }
        };
    }
    Ok(item)
}

fn entry(map: Object, key: Value) -> Result<Value> {
    match key {
        Value::Plain(Datum::Text(key)) => Ok(Value::Interface(Datum::of(map.get(Data::string(key))))),
        Value::Invalid => Err(b"value is nil; should be of type string".to_vec()),
        other => Err([b"value has type ", other.type_name(), b"; should be string"].concat()),
    }
}

fn slice(item: Value, indexes: &[Value]) -> Result<Value> {
    let Some(datum) = item.datum() else { return Err(b"slice of untyped nil".to_vec()) };
    if indexes.len() > 3 {
        let count = Argument::Integer(indexes.len() as i64);
        return Err(sprintf(b"too many slice indexes: %d", &[count]));
    }
    let (length, capacity) = match datum {
        Datum::List(list) => (list.length, list.capacity),
        _ => match datum.as_text() {
            Some(_) if indexes.len() == 3 => return Err(b"cannot 3-index slice a string".to_vec()),
            Some(text) => (text.len(), text.len()),
            None => return Err([b"can't slice item of type ", datum.type_name()].concat()),
        },
    };
    let mut bounds = [0, length, capacity];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(*index, capacity)?;
    }
    let [from, to, end] = bounds;
    for (low, high) in [(from, to), (to, end)] {
        if low > high {
            let [low, high] = [low, high].map(|bound| Argument::Integer(bound as i64));
            return Err(sprintf(b"invalid slice index: %d > %d", &[low, high]));
        }
    }
    let part = |text: &'static [u8]| text.get(from..to).unwrap_or_default();
    Ok(Value::Plain(match datum {
        Datum::List(list) => Datum::List(list.slice(from, to, end)),
        Datum::Number(_) => Datum::Number(Data::string(part(datum.as_text().unwrap_or_default()))),
        _ => Datum::Text(part(datum.as_text().unwrap_or_default())),
    }))
}

/// The order of two values of one kind that has one.
enum Compared {
    /// Numbers, texts.
    Ordered(Option<Ordering>),
    /// Booleans and complex numbers: equal or not.
    Same(bool),
    /// Values of different kinds, of which each could be compared.
    Incompatible,
    /// One of them cannot be compared, or is nothing.
    Never,
}

fn compare(a: Value, b: Value) -> Compared {
    let (Some(a), Some(b)) = (a.datum(), b.datum()) else { return Compared::Never };
    match (a, b) {
        (Datum::Boolean(a), Datum::Boolean(b)) => Compared::Same(a == b),
        (Datum::Complex(a, b), Datum::Complex(c, d)) => Compared::Same(a == c && b == d),
        (Datum::Integer(a), Datum::Integer(b)) => Compared::Ordered(Some(a.cmp(&b))),
        (Datum::Byte(a), Datum::Byte(b)) => Compared::Ordered(Some(a.cmp(&b))),
        (Datum::Integer(a), Datum::Byte(b)) => Compared::Ordered(Some(a.cmp(&i64::from(b)))),
        (Datum::Byte(a), Datum::Integer(b)) => Compared::Ordered(Some(i64::from(a).cmp(&b))),
        (Datum::Float(a), Datum::Float(b)) => Compared::Ordered(a.partial_cmp(&b)),
        (Datum::List(_) | Datum::Map(_), _) | (_, Datum::List(_) | Datum::Map(_)) => Compared::Never,
        _ => match (a.as_text(), b.as_text()) {
            (Some(a), Some(b)) => Compared::Ordered(Some(a.cmp(b))),
            _ => Compared::Incompatible,
        },
    }
}

fn incompatible(a: Value, b: Value) -> Vec<u8> {
    let (a, b) = (a.taken_out(), b.taken_out());
    [b"incompatible types for comparison: ", a.type_name(), b" and ", b.type_name()].concat()
}

/// Whether a value equals one of the others.
fn equal(first: Value, others: &[Value]) -> Result<bool> {
    if others.is_empty() {
        return Err(b"missing argument for comparison".to_vec());
    }
    for other in others {
        let same = match compare(first, *other) {
            Compared::Ordered(order) => order == Some(Ordering::Equal),
            Compared::Same(same) => same,
            Compared::Incompatible => return Err(incompatible(first, *other)),
            Compared::Never => equal_never(first, *other)?,
        };
        if same {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Equality where one of the values is a collection or nothing.
fn equal_never(a: Value, b: Value) -> Result<bool> {
    let (Some(first), Some(second)) = (a.datum(), b.datum()) else {
        return Ok(a.datum().is_none() && b.datum().is_none());
    };
    match (first, second) {
        (Datum::List(_), Datum::List(_)) | (Datum::Map(_), Datum::Map(_)) => {
            Err([b"non-comparable type ", by_verb('s', second).as_slice(), b": ", second.type_name()].concat())
        }
        (Datum::List(_), Datum::Map(_)) | (Datum::Map(_), Datum::List(_)) => Err([
            b"non-comparable types ",
            by_verb('s', first).as_slice(),
            b": ",
            first.type_name(),
            b", ",
            // Go hands over these two in the wrong order: the value is written for the type's place.
            second.type_name(),
            b": ",
            by_verb('v', second).as_slice(),
        ]
        .concat()),
        _ => Err(incompatible(a, b)),
    }
}

fn less(a: Value, b: Value) -> Result<bool> {
    let has_order = |value: Value| value.datum().is_some_and(|datum| !matches!(datum, Datum::List(_) | Datum::Map(_)));
    match compare(a, b) {
        _ if !has_order(a) || !has_order(b) => Err(b"invalid type for comparison".to_vec()),
        Compared::Ordered(order) => Ok(order == Some(Ordering::Less)),
        Compared::Incompatible => Err(incompatible(a, b)),
        Compared::Same(_) | Compared::Never => Err(b"invalid type for comparison".to_vec()),
    }
}

fn less_or_equal(a: Value, b: Value) -> Result<bool> {
    Ok(less(a, b)? || equal(a, &[b])?)
}
