//! Types: `is_array`, `is_boolean`, `is_null`, `is_number`, `is_object`, `is_set`, `is_string`, `type_name`.

use crate::{Value, error};

/// `is_array(value)`
#[must_use]
pub fn is_array(value: Value) -> Value {
    Value::boolean(value.as_array().is_some())
}

/// `is_boolean(value)`
#[must_use]
pub fn is_boolean(value: Value) -> Value {
    Value::boolean(value.as_boolean().is_some())
}

/// `is_null(value)`
#[must_use]
pub fn is_null(value: Value) -> Value {
    Value::boolean(value.is_null())
}

/// `is_number(value)`
#[must_use]
pub fn is_number(value: Value) -> Value {
    Value::boolean(value.is_number())
}

/// `is_object(value)`
#[must_use]
pub fn is_object(value: Value) -> Value {
    Value::boolean(value.as_object().is_some())
}

/// `is_set(value)`
#[must_use]
pub fn is_set(value: Value) -> Value {
    Value::boolean(value.as_set().is_some())
}

/// `is_string(value)`
#[must_use]
pub fn is_string(value: Value) -> Value {
    Value::boolean(value.is_string())
}

/// `type_name(value)`
#[must_use]
pub fn type_name(value: Value) -> Value {
    Value::string(error::type_name(value).as_bytes())
}
