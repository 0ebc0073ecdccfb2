//! Arithmetic as OPA does it: integers (by value, whatever their form) exactly, everything else on floats of 64 bits.
//!
//! 64-bit integers go a short way. The long one is in functions of their own, taken on overflow and for other numbers.

use super::float::Float;
use super::integer::Integer;
use super::to_i64;
use crate::{Value, error};

/// `a + b`; both are numbers.
#[must_use]
pub fn add(a: Value, b: Value) -> Value {
    if let (Some(x), Some(y)) = (to_i64(a), to_i64(b))
        && let Some(sum) = x.checked_add(y)
    {
        return Value::integer(sum);
    }
    add_long(a, b, false)
}

/// `a - b`; both are numbers.
#[must_use]
pub fn subtract(a: Value, b: Value) -> Value {
    if let (Some(x), Some(y)) = (to_i64(a), to_i64(b))
        && let Some(difference) = x.checked_sub(y)
    {
        return Value::integer(difference);
    }
    add_long(a, b, true)
}

#[inline(never)]
fn add_long(a: Value, b: Value, negate: bool) -> Value {
    if let (Some(x), Some(y)) = (Integer::of(a), Integer::of(b)) {
        return x.add(&if negate { y.negate() } else { y }).to_value();
    }
    match (Float::of(a), Float::of(b)) {
        (Some(x), Some(y)) => x.add(&if negate { y.negate() } else { y }).to_value(),
        _ => super::too_big(),
    }
}

/// `a * b`; both are numbers.
#[must_use]
pub fn multiply(a: Value, b: Value) -> Value {
    if let (Some(x), Some(y)) = (to_i64(a), to_i64(b))
        && let (Ok(x), Ok(y)) = (i32::try_from(x), i32::try_from(y))
    {
        return Value::integer(i64::from(x) * i64::from(y));
    }
    multiply_long(a, b)
}

#[inline(never)]
fn multiply_long(a: Value, b: Value) -> Value {
    if let (Some(x), Some(y)) = (Integer::of(a), Integer::of(b)) {
        return match x.multiply(&y) {
            Some(product) => product.to_value(),
            None => super::too_big(),
        };
    }
    match (Float::of(a), Float::of(b)) {
        (Some(x), Some(y)) => x.multiply(&y).to_value(),
        _ => super::too_big(),
    }
}

/// `a / b`; both are numbers.
#[must_use]
pub fn divide(a: Value, b: Value) -> Value {
    if let (Some(x), Some(y)) = (to_i64(a), to_i64(b)) {
        if y == 0 {
            return error::fail("divide by zero");
        }
        // What divides evenly is exact in a float, too. A zero may be negative, and one quotient has no i64.
        if x != 0 && x.checked_rem(y) == Some(0) {
            return Value::integer(x.wrapping_div(y));
        }
    }
    divide_long(a, b)
}

#[inline(never)]
fn divide_long(a: Value, b: Value) -> Value {
    match (Float::of(a), Float::of(b)) {
        (Some(_), Some(y)) if y.is_zero() => error::fail("divide by zero"),
        (Some(x), Some(y)) => x.divide(&y).to_value(),
        _ => super::too_big(),
    }
}

/// `a % b`; both are numbers.
#[must_use]
pub fn remainder(a: Value, b: Value) -> Value {
    if let (Some(x), Some(y)) = (to_i64(a), to_i64(b)) {
        return match x.checked_rem(y) {
            Some(rest) => Value::integer(rest),
            None if y == 0 => error::fail("modulo by zero"),
            None => Value::integer(0),
        };
    }
    remainder_long(a, b)
}

#[inline(never)]
fn remainder_long(a: Value, b: Value) -> Value {
    match (Integer::of(a), Integer::of(b)) {
        (Some(_), Some(y)) if y.is_zero() => error::fail("modulo by zero"),
        (Some(x), Some(y)) => x.remainder(&y).to_value(),
        _ => error::fail("modulo on floating-point number"),
    }
}

/// `abs(value)`; it is a number.
#[must_use]
pub fn absolute(value: Value) -> Value {
    match to_i64(value).map(i64::checked_abs) {
        Some(Some(absolute)) => Value::integer(absolute),
        _ => of_float(value, |float| float.with_sign(false)),
    }
}

/// `round(value)`, halves away from zero; it is a number.
#[must_use]
pub fn round(value: Value) -> Value {
    whole(value, |float| {
        let one = Float::new(1, super::float::PRECISION);
        let half = one.divide(&Float::new(2, 2)).with_sign(float.negative);
        float.add(&half).truncate()
    })
}

/// `ceil(value)`; it is a number. That of a fraction between -1 and 0 is 1, as in OPA.
#[must_use]
pub fn ceil(value: Value) -> Value {
    whole(value, |float| towards(&float, false))
}

/// `floor(value)`; it is a number. That of a fraction between -1 and 0 is 0, as in OPA.
#[must_use]
pub fn floor(value: Value) -> Value {
    whole(value, |float| towards(&float, true))
}

/// The integer part, and one step further where it has the sign of the direction.
fn towards(float: &Float, down: bool) -> Float {
    let whole = float.truncate();
    if whole.negative != down || float.is_integer() {
        return whole;
    }
    let one = Float::new(1, 1);
    whole.add(&if down { one.negate() } else { one })
}

fn whole(value: Value, operation: impl Fn(Float) -> Float) -> Value {
    match to_i64(value) {
        Some(integer) => Value::integer(integer),
        None => of_float(value, operation),
    }
}

fn of_float(value: Value, operation: impl Fn(Float) -> Float) -> Value {
    match Float::of(value) {
        Some(float) => operation(float).to_value(),
        None => super::too_big(),
    }
}

/// The sum of numbers.
#[must_use]
pub fn sum(numbers: impl Iterator<Item = Value> + Clone) -> Value {
    let mut small = Some(0_i64);
    for number in numbers.clone() {
        small = small.and_then(|sum| sum.checked_add(to_i64(number)?));
    }
    match small {
        Some(sum) => Value::integer(sum),
        None => sum_long(numbers),
    }
}

#[inline(never)]
fn sum_long(numbers: impl Iterator<Item = Value> + Clone) -> Value {
    let add = |sum: Integer, number| Some(sum.add(&Integer::of(number)?));
    if let Some(sum) = numbers.clone().try_fold(Integer::from_i64(0), add) {
        return sum.to_value();
    }
    let add = |sum: Float, number| Some(sum.add(&Float::of(number)?));
    match numbers.clone().try_fold(Float::new(0, super::float::PRECISION), add) {
        Some(sum) => sum.to_value(),
        None => super::too_big(),
    }
}

/// The product of numbers: with one that is no integer, on floats of 53 bits.
#[must_use]
pub fn product(numbers: impl Iterator<Item = Value> + Clone) -> Value {
    let multiply = |product: Integer, number| product.multiply(&Integer::of(number)?);
    if let Some(product) = numbers.clone().try_fold(Integer::from_i64(1), multiply) {
        return product.to_value();
    }
    let multiply = |product: Float, number| Some(product.multiply(&Float::of(number)?));
    match numbers.clone().try_fold(Float::new(1, 53), multiply) {
        Some(product) => product.to_value(),
        None => super::too_big(),
    }
}
