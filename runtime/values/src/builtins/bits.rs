//! Bits of integers of any size, negative ones in two's complement: `bits.and`, `bits.or`, `bits.xor`, `bits.negate`, `bits.lsh`,
//! `bits.rsh`.

use super::operand;
use crate::error::{self, Part};
use crate::number::{Integer, MAX_BITS, too_big};
use crate::{Value, number};

/// `bits.and(a, b)`
#[must_use]
pub fn and(a: Value, b: Value) -> Value {
    bitwise(a, b, |a, b| a & b)
}

/// `bits.or(a, b)`
#[must_use]
pub fn or(a: Value, b: Value) -> Value {
    bitwise(a, b, |a, b| a | b)
}

/// `bits.xor(a, b)`
#[must_use]
pub fn xor(a: Value, b: Value) -> Value {
    bitwise(a, b, |a, b| a ^ b)
}

/// `bits.negate(a)`: all bits inverted, which is `-a - 1`
#[must_use]
pub fn negate(a: Value) -> Value {
    match operand::big_integer(1, a) {
        Some(a) => a.add(&Integer::from_i64(1)).negate().to_value(),
        None => Value::UNDEFINED,
    }
}

/// `bits.lsh(a, count)`
#[must_use]
pub fn shift_left(a: Value, count: Value) -> Value {
    let Some((a, count)) = shift_operands(a, count) else { return Value::UNDEFINED };
    if a.is_zero() {
        return Value::integer(0);
    }
    if count > MAX_BITS as u64 {
        return too_big();
    }
    Integer::new(a.negative, a.magnitude.shift_left(count as usize)).to_value()
}

/// `bits.rsh(a, count)`: towards negative infinity
#[must_use]
pub fn shift_right(a: Value, count: Value) -> Value {
    let Some((a, count)) = shift_operands(a, count) else { return Value::UNDEFINED };
    let count = count.min(a.magnitude.bits() as u64 + 1) as usize;
    if a.negative {
        // -((|a| - 1) >> count) - 1
        let one = Integer::from_i64(1);
        let below = a.add(&one).magnitude.shift_right(count);
        return Integer::new(false, below).add(&one).negate().to_value();
    }
    Integer::new(false, a.magnitude.shift_right(count)).to_value()
}

/// The number and by how many bits it is moved, of which OPA looks at the lowest 64 bits only.
fn shift_operands(a: Value, count: Value) -> Option<(Integer, u64)> {
    let (a, count) = operand::pair(operand::big_integer, a, count)?;
    if count.negative {
        error::operand(2, &[Part::Text("must be an unsigned integer number but got a negative integer")]);
        return None;
    }
    Some((a, u64::from(count.magnitude.limb(0)) | u64::from(count.magnitude.limb(1)) << 32))
}

fn bitwise(a: Value, b: Value, operation: impl Fn(u32, u32) -> u32) -> Value {
    let Some((a, b)) = operand::pair(operand::big_integer, a, b) else { return Value::UNDEFINED };
    // One limb more than needed holds the sign.
    let count = a.magnitude.limbs().max(b.magnitude.limbs()) + 1;
    let limbs = a.complement(count).into_iter().zip(b.complement(count)).map(|(a, b)| operation(a, b));
    number::Integer::from_complement(limbs.collect()).to_value()
}
