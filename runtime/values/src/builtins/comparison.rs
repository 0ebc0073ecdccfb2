//! Comparison: `==`, `!=`, `<`, `<=`, `>`, `>=`.

use crate::Value;
use crate::compare::order;

/// `a == b`
#[must_use]
pub fn equal(a: Value, b: Value) -> Value {
    Value::boolean(crate::equal(a, b))
}

/// `a != b`
#[must_use]
pub fn not_equal(a: Value, b: Value) -> Value {
    Value::boolean(!crate::equal(a, b))
}

/// `a < b`
#[must_use]
pub fn less(a: Value, b: Value) -> Value {
    Value::boolean(order(a, b) < 0)
}

/// `a <= b`
#[must_use]
pub fn less_or_equal(a: Value, b: Value) -> Value {
    Value::boolean(order(a, b) <= 0)
}

/// `a > b`
#[must_use]
pub fn greater(a: Value, b: Value) -> Value {
    Value::boolean(order(a, b) > 0)
}

/// `a >= b`
#[must_use]
pub fn greater_or_equal(a: Value, b: Value) -> Value {
    Value::boolean(order(a, b) >= 0)
}
