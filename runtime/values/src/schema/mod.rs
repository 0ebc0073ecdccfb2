//! JSON Schema as OPA's `json.verify_schema` and `json.match_schema` answer: drafts 4, 6 and 7, and the mixture of them that counts where a
//! schema names none. What is accepted, in which words a fault is told, and how alternatives are scored are those of the validator in OPA's
//! source (`internal/gojsonschema`), of which it has no specification.
//!
//! A schema is first compiled ([`compile`]): every reference is followed, every keyword is checked, so that [`Schema::validate`] meets no
//! fault of the schema. References to other hosts and to files are refused; the metaschemas of the drafts are known.
//!
//! The functions that call themselves hold words only: what has to be kept meanwhile lies on stacks in the heap, because a module's own stack
//! is small. Both depth and work are bounded: a schema can refer to itself, and can take exponential time.
//!
//! Where OPA follows the order of a map of Go, which changes from run to run, here the order of the keys counts.

mod canonical;
mod children;
mod clock;
mod collections;
mod compile;
mod email;
mod format;
mod keywords;
mod metaschema;
mod node;
mod number;
mod outcome;
mod pool;
mod reference;
mod scalars;
pub mod shape;
mod shortest;
#[cfg(test)]
mod tests;
mod validate;

use alloc::vec::Vec;

pub use compile::compile;
pub use outcome::Problem;

use crate::builtins::json::marshal;
use crate::regex::Regex;
use crate::{Tag, Value, json};

/// How deep schemas, and values within schemas, may nest, references not counted.
const MAX_DEPTH: u32 = 1000;

/// How many times a schema may meet a value, and how many references may be followed, in one validation.
const MAX_STEPS: u32 = 10_000_000;

/// Why a schema or a document is refused, as a message.
pub type Fault = Vec<u8>;

/// A compiled schema.
pub struct Schema {
    nodes: Vec<node::Node>,
    regexes: Vec<Regex>,
    root: u32,
}

impl Schema {
    /// What is wrong with a document, which must be as [`document`] gives it; nothing when it matches.
    ///
    /// # Errors
    /// When that takes too long, or a number is too large to be looked at.
    pub fn validate(self, document: Value) -> Result<Vec<Problem>, Fault> {
        validate::validate(self, document)
    }
}

/// The document that an operand is: a string is read as JSON, an object or an array becomes what JSON can hold.
///
/// # Errors
/// When the operand is of another type, or the string is not JSON.
pub fn document(operand: Value) -> Result<Value, &'static str> {
    let text = match operand.tag() {
        Tag::String => operand,
        Tag::Object | Tag::Array => marshal(operand),
        _ => return Err("wrong type, expected string or object"),
    };
    json::parse_string(text).map_err(|error| match error.kind {
        crate::ErrorKind::NumberTooBig => "number too big",
        crate::ErrorKind::TooDeep => "exceeded max depth",
        _ => "invalid JSON string",
    })
}

/// A message put together.
fn message(parts: &[&[u8]]) -> Fault {
    parts.concat()
}
