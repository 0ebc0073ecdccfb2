//! Meets arrays and objects with the keywords for what they hold. As in [`super::validate`], what calls itself holds words only.

use super::node::{DENY, List, NONE, One};
use super::scalars::Simple;
use super::validate::Validator;
use crate::{Value, rt};

impl Validator {
    pub(super) fn array(&mut self, node: u32, value: Value, place: u32) {
        let count = rt::scan(value);
        let is_single = self.has_single_item(node);
        let mut index = 0;
        while index < count {
            let mut schema = self.in_list(node, List::Items, if is_single { 0 } else { index });
            if schema == NONE {
                // What is left over is only looked at when there is a list at all.
                schema = if index == 0 { NONE } else { self.one(node, One::AdditionalItems) };
            }
            if schema == NONE {
                break;
            }
            if schema == DENY {
                self.simple(Simple::AdditionalItems, place);
                break;
            }
            self.element(schema, value, index, place);
            self.merge();
            index += 1;
        }
        self.items(node, value, place);
        if self.one(node, One::Contains) != NONE {
            self.contains(node, value, place);
        }
        self.score();
    }

    fn element(&mut self, schema: u32, value: Value, index: usize, place: u32) {
        let inside = self.step(place, Value::count(index));
        self.apart(schema, rt::scan_value(value, index), inside);
        self.step_back();
    }

    #[inline(never)]
    fn has_single_item(&self, node: u32) -> bool {
        self.node(node).is_some_and(|node| node.single_item)
    }

    fn contains(&mut self, node: u32, value: Value, place: u32) {
        self.begin_best();
        let schema = self.one(node, One::Contains);
        let mut is_valid = false;
        for index in 0..rt::scan(value) {
            self.element(schema, value, index, place);
            is_valid = self.offer(true);
            if is_valid {
                break;
            }
        }
        if !is_valid {
            self.simple(Simple::Contains, place);
        }
        self.end_best(!is_valid);
    }

    pub(super) fn object(&mut self, node: u32, value: Value, place: u32) {
        self.size(node, value, place);
        let names = self.one(node, One::PropertyNames);
        for index in 0..rt::scan(value) {
            self.property(node, value, index, place);
        }
        for index in 0..if names == NONE { 0 } else { rt::scan(value) } {
            self.begin_best();
            self.apart(names, rt::scan_key(value, index), place);
            let is_valid = self.offer(true);
            if !is_valid {
                self.property_name(rt::scan_key(value, index), place);
            }
            self.end_best(!is_valid);
        }
        self.score();
    }

    /// Meets a property with the patterns, and with what is for properties that no keyword describes.
    fn property(&mut self, node: u32, value: Value, index: usize, place: u32) {
        let key = rt::scan_key(value, index);
        let (mut pattern, mut is_described) = (0, false);
        loop {
            let schema = self.pattern_schema(node, pattern, key);
            if schema == NONE {
                break;
            }
            if schema != DENY {
                is_described = true;
                self.property_value(schema, value, index, place);
            }
            pattern += 1;
        }
        if is_described {
            self.score();
        }
        let additional = self.one(node, One::AdditionalProperties);
        if is_described || additional == NONE || self.has_property(node, key) {
            return;
        }
        if additional == DENY {
            self.additional_property(key, place);
        } else {
            self.property_value(additional, value, index, place);
        }
    }

    fn property_value(&mut self, schema: u32, value: Value, index: usize, place: u32) {
        let inside = self.step(place, rt::scan_key(value, index));
        self.apart(schema, rt::scan_value(value, index), inside);
        self.step_back();
        self.merge();
    }

    /// The schema of the i-th pattern if it matches a key. [`DENY`] if not, [`NONE`] behind the last one.
    #[inline(never)]
    fn pattern_schema(&mut self, node: u32, index: usize, key: Value) -> u32 {
        if self.node(node).is_none_or(|node| node.patterns.is_empty()) || !self.go_on() {
            return NONE;
        }
        let pattern = self.node(node).and_then(|node| node.patterns.get(index)).copied();
        let Some((regex, schema)) = pattern else { return NONE };
        let regex = self.schema.regexes.get_mut(regex);
        let is_match = regex.is_some_and(|regex| regex.is_match(key.as_str().unwrap_or_default()));
        if is_match { schema } else { DENY }
    }

    /// Whether `properties` describes a key.
    #[inline(never)]
    fn has_property(&self, node: u32, key: Value) -> bool {
        self.node(node).is_some_and(|node| node.properties.binary_search_by(|(name, _)| name.cmp(&key)).is_ok())
    }

    /// `properties`
    pub(super) fn properties(&mut self, node: u32, value: Value, place: u32) {
        let mut index = 0;
        loop {
            let schema = self.property_schema(node, index);
            if schema == NONE {
                break;
            }
            let key = self.property_key(node, index);
            let inside = rt::dot_text(value, key);
            if !inside.is_undefined() {
                let place = self.step(place, key);
                self.meet(schema, inside, place);
                self.step_back();
            }
            index += 1;
        }
    }

    #[inline(never)]
    fn property_schema(&self, node: u32, index: usize) -> u32 {
        self.node(node).and_then(|node| node.properties.get(index)).map_or(NONE, |(_, schema)| *schema)
    }

    #[inline(never)]
    fn property_key(&self, node: u32, index: usize) -> Value {
        self.node(node).and_then(|node| node.properties.get(index)).map_or(Value::UNDEFINED, |(key, _)| *key)
    }
}
