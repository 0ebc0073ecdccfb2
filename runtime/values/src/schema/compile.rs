//! Compiles a schema: follows references and takes the sub-schemas of each keyword. The keywords without sub-schemas are in
//! [`super::keywords`]. The order in which keywords are looked at is OPA's: of several faults, the first is told.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::node::{DENY, Draft, List, NONE, Node, One};
use super::pool::{Pool, field, named_draft};
use super::reference::Reference;
use super::{Fault, MAX_DEPTH, Schema, keywords, message};
use crate::regex::Regex;
use crate::{Tag, Value, rt};

/// Compiles a schema, which must be as [`super::document`] gives it, and which changes: its references become absolute.
///
/// # Errors
/// OPA's message when it is not a schema.
pub fn compile(document: Value) -> Result<Schema, Fault> {
    let mut compiler = Compiler::default();
    compiler.pool.add(document, &Reference::default())?;
    let draft = named_draft(document)?.unwrap_or(Draft::Hybrid);
    let root = compiler.schema(document, draft);
    if root == NONE {
        return Err(compiler.fault);
    }
    Ok(Schema { nodes: compiler.nodes, regexes: compiler.regexes, root })
}

#[derive(Default)]
pub(super) struct Compiler {
    pool: Pool,
    pub(super) nodes: Vec<Node>,
    regexes: Vec<Regex>,
    /// The schemas that references led to.
    references: BTreeMap<Vec<u8>, u32>,
    /// The draft of the document in which the last reference was found, if it names one.
    found_draft: Option<Draft>,
    depth: u32,
    fault: Fault,
}

/// What came of `$ref`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Followed {
    /// There is none, or what is beside it is to be read too.
    No,
    /// Nothing beside it counts.
    Only,
    Fault,
}

const EXPECTED_SCHEMA: &[u8] = b"Expected: Valid Schema, given: Invalid JSON";

/// The message for a keyword of the wrong type.
pub(super) fn invalid_type(expected: &str, given: &[u8]) -> Fault {
    message(&[b"Invalid type. Expected: ", expected.as_bytes(), b", given: ", given])
}

pub(super) fn is_schema(value: Value) -> bool {
    matches!(value.tag(), Tag::Boolean | Tag::Object)
}

impl Compiler {
    #[cold]
    #[inline(never)]
    pub(super) fn refuse(&mut self, fault: &[u8]) -> bool {
        self.fault = fault.into();
        false
    }

    #[cold]
    #[inline(never)]
    pub(super) fn refuse_type(&mut self, expected: &str, given: &[u8]) -> bool {
        self.fault = invalid_type(expected, given);
        false
    }

    /// Makes an empty schema.
    #[inline(never)]
    fn new_node(&mut self) -> u32 {
        self.nodes.push(Node::default());
        self.nodes.len() as u32 - 1
    }

    #[inline(never)]
    pub(super) fn set_one(&mut self, node: u32, which: One, schema: u32) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.set_one(which, schema);
        }
    }

    /// Compiles a schema; [`NONE`] after a fault.
    pub(super) fn schema(&mut self, document: Value, draft: Draft) -> u32 {
        let node = self.new_node();
        if self.read(document, node, draft) { node } else { NONE }
    }

    /// Reads a schema into its place; false after a fault.
    fn read(&mut self, document: Value, node: u32, draft: Draft) -> bool {
        if self.depth == MAX_DEPTH {
            return self.refuse(b"schema nests too deeply");
        }
        self.depth += 1;
        let is_good = self.read_keywords(document, node, draft);
        self.depth -= 1;
        is_good
    }

    fn read_keywords(&mut self, document: Value, node: u32, draft: Draft) -> bool {
        if draft >= Draft::Six && document.tag() == Tag::Boolean {
            return self.set_pass(node, document);
        }
        if document.tag() != Tag::Object {
            return self.refuse(EXPECTED_SCHEMA);
        }
        if !(self.leaf(node, document, draft, keywords::identifier)
            && self.definitions(document, draft)
            && self.leaf(node, document, draft, keywords::texts))
        {
            return false;
        }
        match self.reference(node, document, draft) {
            Followed::No => {}
            Followed::Only => return true,
            Followed::Fault => return false,
        }
        self.leaf(node, document, draft, keywords::types)
            && self.properties(node, document, draft)
            && self.additional(node, document, draft, b"additionalProperties", One::AdditionalProperties)
            && self.pattern_properties(node, document, draft)
            && (draft < Draft::Six || self.property_names(node, document, draft))
            && self.dependencies(node, document, draft)
            && self.items(node, document, draft)
            && self.additional(node, document, draft, b"additionalItems", One::AdditionalItems)
            && self.leaf(node, document, draft, keywords::numbers)
            && self.leaf(node, document, draft, keywords::lengths)
            && self.pattern(node, document)
            && self.leaf(node, document, draft, keywords::counts)
            && (draft < Draft::Six || self.any(node, document, draft, b"contains", One::Contains))
            && self.leaf(node, document, draft, keywords::values)
            && self.list(node, document, draft, b"oneOf", List::OneOf)
            && self.list(node, document, draft, b"anyOf", List::AnyOf)
            && self.list(node, document, draft, b"allOf", List::AllOf)
            && self.condition(node, document, draft, b"not", One::Not)
            && (draft < Draft::Seven
                || self.condition(node, document, draft, b"if", One::If)
                    && self.condition(node, document, draft, b"then", One::Then)
                    && self.condition(node, document, draft, b"else", One::Else))
    }

    #[inline(never)]
    fn set_pass(&mut self, node: u32, document: Value) -> bool {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.pass = document.as_boolean();
        }
        true
    }

    /// Reads keywords that have no sub-schemas.
    #[inline(never)]
    fn leaf(&mut self, node: u32, document: Value, draft: Draft, read: keywords::Reader) -> bool {
        let Some(node) = self.nodes.get_mut(node as usize) else { return false };
        match read(node, document, draft) {
            Ok(()) => true,
            Err(fault) => self.refuse(&fault),
        }
    }

    /// `definitions`: looked at, but only references use them.
    fn definitions(&mut self, document: Value, draft: Draft) -> bool {
        let definitions = field(document, b"definitions");
        if definitions.is_undefined() {
            return true;
        }
        let is_object = definitions.tag() == Tag::Object;
        for index in 0..if is_object { rt::scan(definitions) } else { 0 } {
            let definition = rt::scan_value(definitions, index);
            if !is_schema(definition) {
                return self.refuse_type("Array Of Schemas", b"definitions");
            }
            if self.schema(definition, draft) == NONE {
                return false;
            }
        }
        is_object || self.refuse_type("Array Of Schemas", b"definitions")
    }

    /// `$ref`. What stands beside it counts only where another reference has led to the same place before, and then only its faults.
    fn reference(&mut self, node: u32, document: Value, draft: Draft) -> Followed {
        let text = field(document, b"$ref");
        if text.is_undefined() {
            return Followed::No;
        }
        let known = self.known_reference(text);
        if known == DENY {
            return Followed::Fault;
        }
        if known != NONE {
            self.set_one(node, One::Reference, known);
            return Followed::No;
        }
        let found = self.find_reference(text);
        if found.is_undefined() {
            return Followed::Fault;
        }
        // Its place is the newest one.
        let target = self.nodes.len() as u32 - 1;
        let draft = self.found_draft.unwrap_or(draft);
        if !is_schema(found) {
            self.refuse(b"Valid Schema must be of type object");
            return Followed::Fault;
        }
        if !self.read(found, target, draft) {
            return Followed::Fault;
        }
        self.set_one(node, One::Reference, target);
        Followed::Only
    }

    /// The schema that a reference is known to lead to; [`NONE`] if it is not known, [`DENY`] after a fault.
    #[inline(never)]
    fn known_reference(&mut self, text: Value) -> u32 {
        match reference_of(text) {
            Ok(reference) => self.references.get(&reference.text()).copied().unwrap_or(NONE),
            Err(fault) => {
                self.refuse(&fault);
                DENY
            }
        }
    }

    /// Makes a place for the schema that a reference leads to, and finds its document; undefined after a fault.
    #[inline(never)]
    fn find_reference(&mut self, text: Value) -> Value {
        let Ok(reference) = reference_of(text) else { return Value::UNDEFINED };
        let target = self.new_node();
        self.references.insert(reference.text(), target);
        match self.pool.find(&reference) {
            Ok(found) => {
                self.found_draft = found.draft;
                found.value
            }
            Err(fault) => {
                self.refuse(&fault);
                Value::UNDEFINED
            }
        }
    }

    /// `pattern`
    #[inline(never)]
    fn pattern(&mut self, node: u32, document: Value) -> bool {
        let pattern = field(document, b"pattern");
        if pattern.is_undefined() {
            return true;
        }
        let Some(text) = pattern.as_str() else { return self.refuse_type("string", b"pattern") };
        let place = self.regex(text);
        if place == NONE {
            return self.refuse(b"pattern must be a valid regex");
        }
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.pattern = Some((text, place as usize));
        }
        true
    }

    /// Compiles an expression and returns its place; [`NONE`] if it is none.
    #[inline(never)]
    pub(super) fn regex(&mut self, text: &[u8]) -> u32 {
        let Ok(regex) = Regex::new(text) else { return NONE };
        self.regexes.push(regex);
        self.regexes.len() as u32 - 1
    }
}

/// The reference that a `$ref` is.
fn reference_of(text: Value) -> Result<Reference, Fault> {
    Reference::new(text.as_str().ok_or_else(|| invalid_type("string", b"$ref"))?)
}
