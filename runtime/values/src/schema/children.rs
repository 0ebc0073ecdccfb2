//! The keywords that hold schemas.

use super::compile::{Compiler, is_schema};
use super::message;
use super::node::{DENY, Dependency, Draft, List, NONE, One};
use super::pool::field;
use crate::{Tag, Value, rt};

/// What OPA says of `dependencies` that hold something else.
const DEPENDENCY: &[u8] = b"Dependency must be of type Schema Or Array Of Strings";

impl Compiler {
    /// A keyword that holds one schema, whatever its type.
    pub(super) fn any(&mut self, node: u32, document: Value, draft: Draft, name: &[u8], which: One) -> bool {
        let value = field(document, name);
        if value.is_undefined() {
            return true;
        }
        let child = self.schema(value, draft);
        self.set_one(node, which, child);
        child != NONE
    }

    /// A keyword that holds an object or a boolean.
    pub(super) fn condition(&mut self, node: u32, document: Value, draft: Draft, name: &[u8], which: One) -> bool {
        let value = field(document, name);
        if value.is_undefined() || is_schema(value) {
            return self.any(node, document, draft, name, which);
        }
        self.refuse_parts(name, b" must be of an object")
    }

    #[cold]
    #[inline(never)]
    fn refuse_parts(&mut self, name: &[u8], words: &[u8]) -> bool {
        self.refuse(&message(&[name, words]))
    }

    /// A keyword that holds an array of schemas.
    pub(super) fn list(&mut self, node: u32, document: Value, draft: Draft, name: &[u8], which: List) -> bool {
        let list = field(document, name);
        if list.is_undefined() {
            return true;
        }
        if list.tag() != Tag::Array {
            return self.refuse_parts(name, b" must be of an array");
        }
        for index in 0..rt::scan(list) {
            let child = self.schema(rt::scan_value(list, index), draft);
            if child == NONE {
                return false;
            }
            self.add(node, which, child);
        }
        true
    }

    #[inline(never)]
    fn add(&mut self, node: u32, which: List, child: u32) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.add(which, child);
        }
    }

    /// `properties`
    pub(super) fn properties(&mut self, node: u32, document: Value, draft: Draft) -> bool {
        let properties = field(document, b"properties");
        if properties.is_undefined() {
            return true;
        }
        if properties.tag() != Tag::Object {
            return self.refuse(b"Properties must be of type object");
        }
        for index in 0..rt::scan(properties) {
            let child = self.schema(rt::scan_value(properties, index), draft);
            if child == NONE {
                return false;
            }
            self.add_property(node, rt::scan_key(properties, index), child);
        }
        true
    }

    #[inline(never)]
    fn add_property(&mut self, node: u32, key: Value, child: u32) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.properties.push((key, child));
        }
    }

    /// `additionalProperties` and `additionalItems`
    pub(super) fn additional(&mut self, node: u32, document: Value, draft: Draft, name: &[u8], which: One) -> bool {
        let value = field(document, name);
        if value.is_undefined() {
            return true;
        }
        if !is_schema(value) {
            return self.refuse_type("boolean/Valid Schema", name);
        }
        if value.tag() == Tag::Object {
            return self.any(node, document, draft, name, which);
        }
        if value.as_boolean() == Some(false) {
            self.set_one(node, which, DENY);
        }
        true
    }

    /// `patternProperties`
    pub(super) fn pattern_properties(&mut self, node: u32, document: Value, draft: Draft) -> bool {
        let patterns = field(document, b"patternProperties");
        if patterns.is_undefined() {
            return true;
        }
        if patterns.tag() != Tag::Object {
            return self.refuse_type("Valid Schema", b"patternProperties");
        }
        for index in 0..rt::scan(patterns) {
            let regex = self.property_pattern(rt::scan_key(patterns, index));
            if regex == NONE {
                return false;
            }
            let child = self.schema(rt::scan_value(patterns, index), draft);
            if child == NONE {
                return false;
            }
            self.add_pattern(node, regex, child);
        }
        true
    }

    #[inline(never)]
    fn property_pattern(&mut self, key: Value) -> u32 {
        let text = key.as_str().unwrap_or_default();
        let regex = self.regex(text);
        if regex == NONE {
            self.refuse(&message(&[b"Invalid regex pattern '", text, b"'"]));
        }
        regex
    }

    #[inline(never)]
    fn add_pattern(&mut self, node: u32, regex: u32, child: u32) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.patterns.push((regex as usize, child));
        }
    }

    /// `propertyNames`
    pub(super) fn property_names(&mut self, node: u32, document: Value, draft: Draft) -> bool {
        let value = field(document, b"propertyNames");
        if value.is_undefined() || is_schema(value) {
            return self.any(node, document, draft, b"propertyNames", One::PropertyNames);
        }
        // OPA's message names another keyword.
        self.refuse_type("Valid Schema", b"patternProperties")
    }

    /// `dependencies`
    pub(super) fn dependencies(&mut self, node: u32, document: Value, draft: Draft) -> bool {
        let dependencies = field(document, b"dependencies");
        if dependencies.is_undefined() {
            return true;
        }
        if dependencies.tag() != Tag::Object {
            return self.refuse(b"dependencies must be of type object");
        }
        for index in 0..rt::scan(dependencies) {
            let (key, value) = (rt::scan_key(dependencies, index), rt::scan_value(dependencies, index));
            if !is_schema(value) {
                if !self.key_dependency(node, key, value) {
                    return false;
                }
                continue;
            }
            let child = self.schema(value, draft);
            if child == NONE {
                return false;
            }
            self.schema_dependency(node, key, child);
        }
        true
    }

    #[inline(never)]
    fn schema_dependency(&mut self, node: u32, key: Value, child: u32) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.dependencies.push((key, Dependency::Schema(child)));
        }
    }

    /// A dependency that is an array of keys.
    #[inline(never)]
    fn key_dependency(&mut self, node: u32, key: Value, value: Value) -> bool {
        let Some(keys) = value.as_array() else { return self.refuse(DEPENDENCY) };
        if keys.iter().any(|key| !key.is_string()) {
            return self.refuse(DEPENDENCY);
        }
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.dependencies.push((key, Dependency::Keys(keys.iter().collect())));
        }
        true
    }

    /// `items`
    pub(super) fn items(&mut self, node: u32, document: Value, draft: Draft) -> bool {
        let items = field(document, b"items");
        if items.is_undefined() {
            return true;
        }
        if items.tag() == Tag::Array {
            for index in 0..rt::scan(items) {
                let item = rt::scan_value(items, index);
                if !is_schema(item) {
                    return self.refuse_type("Valid Schema/Array Of Schemas", b"items");
                }
                let child = self.schema(item, draft);
                if child == NONE {
                    return false;
                }
                self.add(node, List::Items, child);
            }
            return true;
        }
        if !is_schema(items) {
            return self.refuse_type("Valid Schema/Array Of Schemas", b"items");
        }
        let child = self.schema(items, draft);
        if child != NONE {
            self.add(node, List::Items, child);
            self.set_single_item(node);
        }
        child != NONE
    }

    #[inline(never)]
    fn set_single_item(&mut self, node: u32) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.single_item = true;
        }
    }
}
