//! GraphQL: `graphql.parse` and its like, over [`crate::graphql`]. A document is a text or the object that shows its tree.

use super::operand;
use crate::error::{self, Part};
use crate::graphql::{Document, Failure, Query, validate};
use crate::{Array, Object, Value};

/// `graphql.parse_query(query)`: the tree of a query.
#[must_use]
pub fn parse_query(query: Value) -> Value {
    if operand::string(1, query).is_none() {
        return Value::UNDEFINED;
    }
    Query::read(query).map_or_else(|failure| refuse(&failure), |query| query.to_value())
}

/// `graphql.parse_schema(schema)`: the tree of a schema, which is not checked.
#[must_use]
pub fn parse_schema(schema: Value) -> Value {
    if operand::string(1, schema).is_none() {
        return Value::UNDEFINED;
    }
    Document::read(schema).map_or_else(|failure| refuse(&failure), |schema| schema.to_value())
}

/// `graphql.parse(query, schema)`: both trees, if the query is valid.
#[must_use]
pub fn parse(query: Value, schema: Value) -> Value {
    // Operands count from 0 here, and a query that cannot be read comes before a schema of the wrong type.
    if !is_document(query) {
        return error::operand_type(0, query, DOCUMENT);
    }
    match checked(query, schema, true) {
        Ok([query, schema]) => [query, schema].into_iter().collect::<Array>().into(),
        Err(Some(failure)) => refuse(&failure),
        Err(None) => error::operand_type(1, schema, DOCUMENT),
    }
}

/// `graphql.parse_and_verify(query, schema)`: whether the query is valid, and both trees if so.
#[must_use]
pub fn parse_and_verify(query: Value, schema: Value) -> Value {
    let nothing = || Value::from(Object::new(0));
    let trees = if is_document(query) { checked(query, schema, false).ok() } else { None };
    let valid = Value::boolean(trees.is_some());
    let [query, schema] = trees.unwrap_or_else(|| [nothing(), nothing()]);
    [valid, query, schema].into_iter().collect::<Array>().into()
}

/// `graphql.is_valid(query, schema)`
#[must_use]
pub fn is_valid(query: Value, schema: Value) -> Value {
    let is_valid = || {
        let query = Query::read(query)?;
        let schema = Document::read(schema)?.into_schema()?;
        validate(&schema, &query, false)
    };
    Value::boolean(is_document(query) && is_document(schema) && is_valid().is_ok())
}

/// `graphql.schema_is_valid(schema)`
#[must_use]
pub fn schema_is_valid(schema: Value) -> Value {
    Value::boolean(is_document(schema) && Document::read(schema).is_ok_and(|schema| schema.into_schema().is_ok()))
}

/// What a document is, in messages.
const DOCUMENT: &str = "one of {string, object}";

fn is_document(value: Value) -> bool {
    value.is_string() || value.as_object().is_some()
}

/// The trees of a query and its schema; no failure when the schema is no document.
fn checked(query: Value, schema: Value, explain: bool) -> Result<[Value; 2], Option<Failure>> {
    let query = Query::read(query)?;
    // Trees are shown as they were read: validation marks variables.
    let query_tree = query.to_value();
    if !is_document(schema) {
        return Err(None);
    }
    let document = Document::read(schema)?;
    let schema_tree = document.to_value();
    let schema = document.into_schema()?;
    validate(&schema, &query, explain)?;
    Ok([query_tree, schema_tree])
}

#[cold]
fn refuse(failure: &Failure) -> Value {
    error::fail_with(&[Part::Bytes(&failure.0)])
}
