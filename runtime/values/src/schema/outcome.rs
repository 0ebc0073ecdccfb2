//! What a validation finds: problems with their texts, and how well an alternative fits.

use alloc::vec::Vec;

use super::message;
use crate::{Array, Object, Value};

/// A way in which a document does not match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// OPA's name of the kind of problem.
    pub kind: &'static str,
    /// The place in the document: names and indexes with dots, `(Root)` for the whole.
    pub field: Vec<u8>,
    /// What is wrong there.
    pub description: Vec<u8>,
}

impl Problem {
    /// The problem as `json.match_schema` gives it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let record = Object::new(4);
        let add = |name: &str, text: &[u8]| record.insert(Value::string(name.as_bytes()), Value::string(text));
        add("desc", &self.description);
        add("error", &message(&[&self.field, b": ", &self.description]));
        add("field", &self.field);
        add("type", self.kind.as_bytes());
        record.into()
    }

    /// Problems as an array.
    #[must_use]
    pub fn list(problems: &[Self]) -> Value {
        problems.iter().map(Self::to_value).collect::<Array>().into()
    }
}

/// What was found, and a score: the higher, the better it fits.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) problems: Vec<Problem>,
    pub(super) score: i64,
}

impl Outcome {
    pub(super) fn merge(&mut self, other: Self) {
        self.problems.extend(other.problems);
        self.score += other.score;
    }
}
