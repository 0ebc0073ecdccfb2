//! What tests of single calls share: reading cases, and calling a builtin.

use regoc_values::{Value, builtins, error, rt};

pub(crate) fn field(value: Value, name: &str) -> Value {
    rt::dot(value, Value::string(name.as_bytes()))
}

pub(crate) fn text(value: Value) -> String {
    String::from_utf8_lossy(value.as_str().unwrap_or_default()).into_owned()
}

/// Calls a builtin that there is; what failed before is forgotten.
pub(crate) fn call(name: &str, operands: &[Value]) -> Value {
    error::take();
    builtins::call(name, operands).expect("a builtin")
}
