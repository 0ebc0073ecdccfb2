//! What a compiled schema holds: its parts by number, so that they can refer to each other.

use alloc::vec::Vec;

use crate::Value;

/// No schema.
pub(super) const NONE: u32 = u32::MAX;

/// For what is left over, instead of a schema: nothing is allowed.
pub(super) const DENY: u32 = u32::MAX - 1;

/// The draft whose rules count. The order is that of time, the mixture being last as in OPA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Draft {
    Four,
    Six,
    Seven,
    /// No draft is named: keywords of all count.
    Hybrid,
}

/// The names of types, in OPA's order.
pub(super) const TYPES: [&str; 7] = ["array", "boolean", "integer", "number", "null", "object", "string"];

/// The places of names in [`TYPES`].
pub(super) mod types {
    pub(in crate::schema) const ARRAY: u8 = 0;
    pub(in crate::schema) const BOOLEAN: u8 = 1;
    pub(in crate::schema) const INTEGER: u8 = 2;
    pub(in crate::schema) const NUMBER: u8 = 3;
    pub(in crate::schema) const NULL: u8 = 4;
    pub(in crate::schema) const OBJECT: u8 = 5;
    pub(in crate::schema) const STRING: u8 = 6;
}

/// The sub-schemas that come as a list.
#[derive(Clone, Copy)]
pub(super) enum List {
    Items,
    AnyOf,
    OneOf,
    AllOf,
}

/// The sub-schemas of which there is at most one.
#[derive(Clone, Copy)]
pub(super) enum One {
    Reference,
    /// For properties that no keyword describes; may be [`DENY`].
    AdditionalProperties,
    /// For items that no keyword describes; may be [`DENY`].
    AdditionalItems,
    PropertyNames,
    Contains,
    Not,
    If,
    Then,
    Else,
}

/// What a property demands.
pub(super) enum Dependency {
    /// Other properties.
    Keys(Vec<Value>),
    /// That the whole object matches a schema.
    Schema(u32),
}

/// The largest and the smallest count.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
}

/// One schema.
#[derive(Default)]
pub(super) struct Node {
    /// What a schema that is `true` or `false` says.
    pub(super) pass: Option<bool>,
    /// The allowed types, as written; none: all.
    pub(super) types: Vec<u8>,
    pub(super) lists: [Vec<u32>; 4],
    /// The sub-schemas of [`One`].
    pub(super) ones: Ones,
    /// Whether the one schema of [`List::Items`] is for all items.
    pub(super) single_item: bool,
    /// In the order of keys.
    pub(super) properties: Vec<(Value, u32)>,
    /// The pattern's place among the expressions, and the schema.
    pub(super) patterns: Vec<(usize, u32)>,
    /// In the order of keys.
    pub(super) dependencies: Vec<(Value, Dependency)>,
    pub(super) multiple_of: Option<Value>,
    pub(super) minimum: Option<Value>,
    pub(super) exclusive_minimum: Option<Value>,
    pub(super) maximum: Option<Value>,
    pub(super) exclusive_maximum: Option<Value>,
    pub(super) length: Counts,
    pub(super) property_count: Counts,
    pub(super) item_count: Counts,
    /// The pattern and its place among the expressions.
    pub(super) pattern: Option<(&'static [u8], usize)>,
    pub(super) format: &'static [u8],
    pub(super) required: Vec<Value>,
    pub(super) unique_items: bool,
    /// As canonical texts.
    pub(super) constant: Option<Value>,
    /// As canonical texts.
    pub(super) choices: Option<Vec<Value>>,
}

/// One number per kind of sub-schema.
pub(super) struct Ones([u32; 9]);

impl Default for Ones {
    fn default() -> Self {
        Self([NONE; 9])
    }
}

impl Node {
    pub(super) fn one(&self, which: One) -> u32 {
        self.ones.0.get(which as usize).copied().unwrap_or(NONE)
    }

    pub(super) fn set_one(&mut self, which: One, schema: u32) {
        if let Some(place) = self.ones.0.get_mut(which as usize) {
            *place = schema;
        }
    }

    pub(super) fn list(&self, which: List) -> &[u32] {
        self.lists.get(which as usize).map_or(&[], |list| list)
    }

    pub(super) fn add(&mut self, which: List, schema: u32) {
        if let Some(list) = self.lists.get_mut(which as usize) {
            list.push(schema);
        }
    }
}
