//! JSON Schema: `json.verify_schema`, `json.match_schema`. The validator is [`crate::schema`].

use crate::error::{self, Part};
use crate::schema::{Problem, compile, document};
use crate::{Array, Value};

/// `json.verify_schema(schema)`: whether it is one, and if not, why
#[must_use]
pub fn verify(schema: Value) -> Value {
    let fault = match document(schema) {
        Ok(schema) => compile(schema).err(),
        Err(why) => Some(why.as_bytes().into()),
    };
    let told = fault.as_ref().map_or(Value::NULL, |why| Value::string(&[b"jsonschema: ", why.as_slice()].concat()));
    [Value::boolean(fault.is_none()), told].into_iter().collect::<Array>().into()
}

/// `json.match_schema(document, schema)`: whether it matches, and the ways in which it does not
#[must_use]
pub fn matches(instance: Value, schema: Value) -> Value {
    let documents = document(instance).and_then(|instance| Ok((instance, document(schema)?)));
    let (instance, schema) = match documents {
        Ok(documents) => documents,
        Err(why) => return error::fail(why),
    };
    match compile(schema).and_then(|schema| schema.validate(instance)) {
        Ok(problems) => {
            let is_valid = Value::boolean(problems.is_empty());
            [is_valid, Problem::list(&problems)].into_iter().collect::<Array>().into()
        }
        Err(why) => error::fail_with(&[Part::Bytes(&why)]),
    }
}
