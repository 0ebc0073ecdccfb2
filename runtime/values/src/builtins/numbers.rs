//! Arithmetic: `+`, `-`, `*`, `/`, `%`, `abs`, `ceil`, `floor`, `round`, `numbers.range`, `numbers.range_step`.

use super::{operand, sets};
use crate::number::Integer;
use crate::{Array, Value, arena, error, number};

/// `a + b`
#[must_use]
pub fn plus(a: Value, b: Value) -> Value {
    binary(number::add, a, b)
}

/// `a * b`
#[must_use]
pub fn mul(a: Value, b: Value) -> Value {
    binary(number::multiply, a, b)
}

/// `a / b`
#[must_use]
pub fn div(a: Value, b: Value) -> Value {
    binary(number::divide, a, b)
}

/// `a % b`
#[must_use]
pub fn rem(a: Value, b: Value) -> Value {
    binary(number::remainder, a, b)
}

/// `abs(value)`
#[must_use]
pub fn abs(value: Value) -> Value {
    unary(number::absolute, value)
}

/// `round(value)`
#[must_use]
pub fn round(value: Value) -> Value {
    unary(number::round, value)
}

/// `ceil(value)`
#[must_use]
pub fn ceil(value: Value) -> Value {
    unary(number::ceil, value)
}

/// `floor(value)`
#[must_use]
pub fn floor(value: Value) -> Value {
    unary(number::floor, value)
}

fn binary(operation: impl Fn(Value, Value) -> Value, a: Value, b: Value) -> Value {
    match operand::pair(operand::number, a, b) {
        Some((a, b)) => operation(a, b),
        None => Value::UNDEFINED,
    }
}

fn unary(operation: impl Fn(Value) -> Value, value: Value) -> Value {
    match operand::number(1, value) {
        Some(value) => operation(value),
        None => Value::UNDEFINED,
    }
}

/// `a - b`, of numbers or of sets
#[must_use]
pub fn minus(a: Value, b: Value) -> Value {
    if a.is_number() && b.is_number() {
        return number::subtract(a, b);
    }
    if a.as_set().is_some() && b.as_set().is_some() {
        return sets::difference(a, b);
    }
    if !a.is_number() && a.as_set().is_none() {
        return error::operand_type(1, a, "one of {number, set}");
    }
    error::operand_type(2, b, if b.is_number() { "set" } else { "number" })
}

/// The length from which on no memory holds an array: OPA makes it as long as it can.
const MAX_RANGE: i64 = 1 << 30;

/// `numbers.range(first, last)`
#[must_use]
pub fn range(first: Value, last: Value) -> Value {
    steps(first, last, Value::integer(1))
}

/// `numbers.range_step(first, last, step)`
#[must_use]
pub fn range_step(first: Value, last: Value, step: Value) -> Value {
    let operands = (operand::big_integer(1, first), operand::big_integer(2, last));
    if let (Some(_), Some(_)) = operands
        && let Some(size) = operand::big_integer(3, step)
        && (size.negative || size.is_zero())
    {
        return error::fail("numbers.range_step: step must be a positive integer");
    }
    steps(first, last, step)
}

fn steps(first: Value, last: Value, step: Value) -> Value {
    let Some(mut at) = operand::big_integer(1, first) else { return Value::UNDEFINED };
    let Some(last) = operand::big_integer(2, last) else { return Value::UNDEFINED };
    let Some(step) = operand::big_integer(3, step) else { return Value::UNDEFINED };
    let distance = last.add(&at.clone().negate());
    let is_falling = distance.negative;
    let longest = step.multiply(&Integer::from_i64(if is_falling { -MAX_RANGE } else { MAX_RANGE }));
    if longest.is_some_and(|longest| distance.add(&longest.negate()).negative == is_falling) {
        arena::exhaust();
    }
    let step = if is_falling { step.negate() } else { step };
    let numbers = Array::new(0);
    while at == last || last.add(&at.clone().negate()).negative == is_falling {
        numbers.push(at.to_value());
        at = at.add(&step);
    }
    numbers.into()
}
