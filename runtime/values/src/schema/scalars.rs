//! The keywords that look at one value only, and the texts of problems.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::node::{TYPES, types};
use super::outcome::Problem;
use super::validate::Validator;
use super::{canonical, format, message, number};
use crate::{Tag, Value, rt, utf8};

/// The problems whose texts name nothing.
#[derive(Clone, Copy)]
pub(super) enum Simple {
    False,
    AnyOf,
    OneOf,
    AllOf,
    Not,
    Then,
    Else,
    AdditionalItems,
    Contains,
}

impl Simple {
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::False => ("false", "False always fails validation"),
            Self::AnyOf => ("number_any_of", "Must validate at least one schema (anyOf)"),
            Self::OneOf => ("number_one_of", "Must validate one and only one schema (oneOf)"),
            Self::AllOf => ("number_all_of", "Must validate all the schemas (allOf)"),
            Self::Not => ("number_not", "Must not validate the schema (not)"),
            Self::Then => ("condition_then", "Must validate \"then\" as \"if\" was valid"),
            Self::Else => ("condition_else", "Must validate \"else\" as \"if\" was not valid"),
            Self::AdditionalItems => ("array_no_additional_items", "No additional items allowed on array"),
            Self::Contains => ("contains", "At least one of the items must match"),
        }
    }
}

/// What a document with numbers beyond floats is refused with.
const TOO_BIG: &str = "number too big";

impl Validator {
    fn problem(&mut self, kind: &'static str, place: u32, words: &[&[u8]]) {
        let field = self.field(place);
        if let Some(outcome) = self.outcomes.last_mut() {
            outcome.problems.push(Problem { kind, field, description: message(words) });
            outcome.score -= 2;
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn simple(&mut self, problem: Simple, place: u32) {
        let (kind, text) = problem.texts();
        self.problem(kind, place, &[text.as_bytes()]);
    }

    #[inline(never)]
    pub(super) fn score(&mut self) {
        if let Some(outcome) = self.outcomes.last_mut() {
            outcome.score += 1;
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn missing_dependency(&mut self, key: Value, place: u32) {
        self.problem("missing_dependency", place, &[b"Has a dependency on ", text(key)]);
    }

    #[cold]
    #[inline(never)]
    pub(super) fn property_name(&mut self, key: Value, place: u32) {
        self.problem("invalid_property_name", place, &[b"Property name of \"", text(key), b"\" does not match"]);
    }

    #[cold]
    #[inline(never)]
    pub(super) fn additional_property(&mut self, key: Value, place: u32) {
        let words: [&[u8]; 3] = [b"Additional property ", text(key), b" is not allowed"];
        self.problem("additional_property_not_allowed", place, &words);
    }

    /// `type`; whether the value is of an allowed one.
    #[inline(never)]
    pub(super) fn has_type(&mut self, node: u32, value: Value, place: u32) -> bool {
        let Some(node) = self.node(node).filter(|node| !node.types.is_empty()) else { return true };
        let given = type_of(value);
        // An integer is a number too.
        if node.types.contains(&given) || given == types::INTEGER && node.types.contains(&types::NUMBER) {
            return true;
        }
        let names: Vec<&str> = node.types.iter().filter_map(|place| TYPES.get(usize::from(*place)).copied()).collect();
        let expected = names.join(",");
        let (open, close): (&[u8], &[u8]) = if names.len() > 1 { (b"[", b"]") } else { (b"", b"") };
        let given = TYPES.get(usize::from(given)).map_or(&b""[..], |name| name.as_bytes());
        let words = [b"Invalid type. Expected: ", open, expected.as_bytes(), close, b", given: ", given];
        self.problem("invalid_type", place, &words);
        false
    }

    /// `multipleOf` and the limits of numbers.
    #[inline(never)]
    pub(super) fn number(&mut self, node: u32, value: Value, place: u32) {
        let Some(node) = self.node(node) else { return };
        let limits = [
            (node.maximum, "number_lte", "Must be less than or equal to "),
            (node.exclusive_maximum, "number_lt", "Must be less than "),
            (node.minimum, "number_gte", "Must be greater than or equal to "),
            (node.exclusive_minimum, "number_gt", "Must be greater than "),
        ];
        if let Some(multiple) = node.multiple_of {
            match number::is_multiple(value, multiple) {
                Some(true) => {}
                Some(false) => {
                    let words: [&[u8]; 2] = [b"Must be a multiple of ", &number::limit_text(multiple)];
                    self.problem("multiple_of", place, &words);
                }
                None => self.stop(TOO_BIG),
            }
        }
        for (limit, kind, words) in limits {
            let Some(limit) = limit else { continue };
            let order = number::order(value, limit);
            let is_good = match kind {
                "number_lte" => order != Ordering::Greater,
                "number_lt" => order == Ordering::Less,
                "number_gte" => order != Ordering::Less,
                _ => order == Ordering::Greater,
            };
            if !is_good {
                self.problem(kind, place, &[words.as_bytes(), &number::limit_text(limit)]);
            }
        }
        self.score();
    }

    /// `const`, `enum` and `format`
    #[inline(never)]
    pub(super) fn common(&mut self, node: u32, value: Value, place: u32) {
        let Some(node) = self.node(node) else { return };
        let format = node.format;
        let (constant, has_choices) = (node.constant, node.choices.is_some());
        if constant.is_some() || has_choices {
            let canonical = canonical::text(value);
            if canonical.is_undefined() {
                return self.stop(TOO_BIG);
            }
            let wrong_choices = node.choices.as_ref().filter(|choices| !choices.contains(&canonical));
            let allowed = wrong_choices.map(|choices| {
                let texts: Vec<&[u8]> = choices.iter().map(|choice| text(*choice)).collect();
                texts.join(&b", "[..])
            });
            let field = self.field(place);
            if let Some(constant) = constant.filter(|constant| *constant != canonical) {
                self.problem("const", place, &[&field, b" does not match: ", text(constant)]);
            }
            if let Some(allowed) = allowed {
                self.problem("enum", place, &[&field, b" must be one of the following: ", &allowed]);
            }
        }
        if let Some(text) = value.as_str()
            && !format::is_valid(format, text)
        {
            self.problem("format", place, &[b"Does not match format '", format, b"'"]);
        }
        self.score();
    }

    /// `minLength`, `maxLength` and `pattern`
    #[inline(never)]
    pub(super) fn string(&mut self, node: u32, value: Value, place: u32) {
        let Some(node) = self.node(node) else { return };
        let string = text(value);
        let (length, pattern) = ((node.length.min, node.length.max), node.pattern);
        if length.0.is_some() || length.1.is_some() {
            let count = utf8::count(string) as i64;
            if let Some(min) = length.0.filter(|min| count < *min) {
                self.count(("string_gte", "String length must be greater than or equal to ", ""), min, place);
            }
            if let Some(max) = length.1.filter(|max| count > *max) {
                self.count(("string_lte", "String length must be less than or equal to ", ""), max, place);
            }
        }
        if let Some((pattern, regex)) = pattern
            && !self.schema.regexes.get_mut(regex).is_some_and(|regex| regex.is_match(string))
        {
            self.problem("pattern", place, &[b"Does not match pattern '", pattern, b"'"]);
        }
        self.score();
    }

    /// Says that a count is too small or too large.
    fn count(&mut self, (kind, before, behind): (&'static str, &str, &str), limit: i64, place: u32) {
        let limit = alloc::format!("{limit}");
        self.problem(kind, place, &[before.as_bytes(), limit.as_bytes(), behind.as_bytes()]);
    }

    /// `minItems`, `maxItems` and `uniqueItems`
    #[inline(never)]
    pub(super) fn items(&mut self, node: u32, value: Value, place: u32) {
        let Some(node) = self.node(node) else { return };
        let (min, max, unique) = (node.item_count.min, node.item_count.max, node.unique_items);
        let count = rt::scan(value);
        if let Some(min) = min.filter(|min| (count as i64) < *min) {
            self.count(("array_min_items", "Array must have at least ", " items"), min, place);
        }
        if let Some(max) = max.filter(|max| count as i64 > *max) {
            self.count(("array_max_items", "Array must have at most ", " items"), max, place);
        }
        if unique {
            self.unique(value, place);
        }
    }

    fn unique(&mut self, value: Value, place: u32) {
        let mut seen = BTreeMap::new();
        for index in 0..rt::scan(value) {
            let canonical = canonical::text(rt::scan_value(value, index));
            if canonical.is_undefined() {
                return self.stop(TOO_BIG);
            }
            if let Some(earlier) = seen.insert(text(canonical), index) {
                let words = alloc::format!("array items[{earlier},{index}] must be unique");
                self.problem("unique", place, &[words.as_bytes()]);
            }
        }
    }

    /// `minProperties`, `maxProperties` and `required`
    #[inline(never)]
    pub(super) fn size(&mut self, node: u32, value: Value, place: u32) {
        let Some((node, object)) = self.node(node).zip(value.as_object()) else { return };
        let (min, max) = (node.property_count.min, node.property_count.max);
        let required = node.required.len();
        let missing: Vec<Value> = node.required.iter().copied().filter(|key| !object.contains_key(*key)).collect();
        let count = object.len() as i64;
        if let Some(min) = min.filter(|min| count < *min) {
            self.count(("array_min_properties", "Must have at least ", " properties"), min, place);
        }
        if let Some(max) = max.filter(|max| count > *max) {
            self.count(("array_max_properties", "Must have at most ", " properties"), max, place);
        }
        for _ in missing.len()..required {
            self.score();
        }
        for key in missing {
            self.problem("required", place, &[text(key), b" is required"]);
        }
    }
}

/// The bytes of a string.
fn text(value: Value) -> &'static [u8] {
    value.as_str().unwrap_or_default()
}

/// The name of a value's type as its place in [`TYPES`]; a number that is an integer by value is one.
fn type_of(value: Value) -> u8 {
    match value.tag() {
        Tag::Null => types::NULL,
        Tag::Boolean => types::BOOLEAN,
        Tag::Integer | Tag::Number if number::is_whole(value) => types::INTEGER,
        Tag::Integer | Tag::Number => types::NUMBER,
        Tag::String => types::STRING,
        Tag::Object => types::OBJECT,
        Tag::Array | Tag::Set => types::ARRAY,
    }
}
