//! The rules for literals and variables.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::ast::{Definition, ENUM, Kind, Literal, SCALAR, Text, Type};
use super::walk::{Expected, Walker};
use super::{MAX_LEVELS, suggest};
use crate::format::quote;
use crate::{json, number};

impl<'a> Walker<'a> {
    #[inline(never)]
    pub(super) fn on_literal(&mut self, literal: &'a Literal<'a>, expected: Expected<'a>) {
        if let Some(operation) = self.operation
            && literal.kind == Kind::Variable
            && literal.variable.get().is_none()
        {
            let by = match operation.name {
                b"" => Vec::new(),
                name => [b" by operation \"", name, b"\""].concat(),
            };
            self.errors.add(literal.position, &[b"Variable \"$", literal.raw, b"\" is not defined", &by, b"."]);
        }
        if literal.kind == Kind::Object {
            let mut seen = BTreeSet::new();
            for child in literal.children.iter().filter(|child| !seen.insert(child.name)) {
                self.errors.add(child.position, &[b"There can be only one input field named \"", child.name, b"\"."]);
            }
        }
        if let (Some(definition), Some(kind)) = (expected.definition, expected.kind) {
            self.check_type(literal, definition, kind);
        }
        self.check_variable(literal, expected);
        self.check_one_of_variables(literal, expected.definition);
    }

    fn check_type(&mut self, literal: &'a Literal<'a>, definition: &'a Definition<'a>, kind: &'a Type) {
        if literal.kind == Kind::Null && kind.non_null {
            let parts: [&[u8]; 5] = [b"Expected value of type \"", &kind.text(), b"\", found ", &shown(literal), b"."];
            self.errors.add(literal.position, &parts);
        }
        let is = |names: &[&str]| names.iter().any(|name| name.as_bytes() == definition.name);
        // What scalars of the schema hold is their own business.
        if definition.kind == SCALAR && !is(&["Int", "Float", "String", "Boolean", "ID"]) {
            return;
        }
        if !is_readable(literal, 0) {
            self.mismatch(literal, definition, kind);
        }
        let fits = match literal.kind {
            Kind::Null | Kind::Variable => true,
            Kind::List => kind.element.is_some(),
            Kind::Int => is(&["Int", "Float", "ID"]),
            Kind::Float => is(&["Float"]),
            Kind::Boolean => is(&["Boolean"]),
            Kind::String | Kind::Block if definition.kind == ENUM => {
                if self.errors.found() {
                    let parts = [b"Enum \"", kind.text().as_slice(), b"\" cannot represent non-enum value: "].concat();
                    self.wrong_enum(literal, definition, &[&parts, &shown(literal), b"."]);
                }
                true
            }
            Kind::String | Kind::Block => is(&["String", "ID"]),
            Kind::Enum if definition.kind == ENUM => {
                if !definition.values.iter().any(|value| value.name == literal.raw) && self.errors.found() {
                    let (shown, kind) = (shown(literal), kind.text());
                    let parts: [&[u8]; 5] = [b"Value \"", &shown, b"\" does not exist in \"", &kind, b"\" enum."];
                    self.wrong_enum(literal, definition, &parts);
                }
                true
            }
            Kind::Enum => false,
            Kind::Object => {
                self.check_object(literal, definition);
                true
            }
        };
        if !fits {
            self.mismatch(literal, definition, kind);
        }
    }

    fn wrong_enum(&mut self, literal: &Literal<'a>, definition: &Definition<'a>, message: &[&[u8]]) {
        let options = definition.values.iter().map(|value| value.name);
        let suggestion = suggest::suggestion("Did you mean the enum value", literal.raw, options);
        self.errors.add(literal.position, &[&message.concat(), &suggestion]);
    }

    /// A literal that is not of the type.
    fn mismatch(&mut self, literal: &Literal<'a>, definition: &Definition<'a>, kind: &Type) {
        if !self.errors.found() {
            return;
        }
        let (text, shown) = (kind.text(), shown(literal));
        let what = match text.as_slice() {
            b"Int" | b"Int!" if is_too_large(literal.raw) => "Int cannot represent non 32-bit signed integer value: ",
            b"Int" | b"Int!" => "Int cannot represent non-integer value: ",
            b"String" | b"String!" | b"[String]" => "String cannot represent a non string value: ",
            b"Boolean" | b"Boolean!" => "Boolean cannot represent a non boolean value: ",
            b"Float" | b"Float!" => "Float cannot represent non numeric value: ",
            b"ID" | b"ID!" => "ID cannot represent a non-string and non-integer value: ",
            _ => {
                let parts: [&[u8]; 5] = if definition.kind == ENUM {
                    [b"Enum \"", &text, b"\" cannot represent non-enum value: ", &shown, b"."]
                } else {
                    [b"Expected value of type \"", &text, b"\", found ", &shown, b"."]
                };
                return self.errors.add(literal.position, &parts);
            }
        };
        self.errors.add(literal.position, &[what.as_bytes(), &shown]);
    }

    fn check_object(&mut self, literal: &'a Literal<'a>, definition: &'a Definition<'a>) {
        let mut given: BTreeSet<Text> = BTreeSet::new();
        literal.children.iter().for_each(|child| _ = given.insert(child.name));
        for field in &definition.fields {
            if field.kind.non_null && field.default.is_none() && !given.contains(field.name) {
                let kind = field.kind.text();
                let of = b"\" of required type \"";
                let parts: [&[u8]; 7] =
                    [b"Field \"", definition.name, b".", field.name, of, &kind, b"\" was not provided."];
                self.errors.add(literal.position, &parts);
            }
        }
        for _ in definition.directives.iter().filter(|directive| directive.name == b"oneOf") {
            self.check_one_of(literal, definition);
        }
        for child in literal.children.iter().filter(|child| definition.field(child.name).is_none()) {
            if self.errors.found() {
                let options = definition.fields.iter().map(|field| field.name);
                let suggestion = suggest::suggestion("Did you mean", child.name, options);
                let by = b"\" is not defined by type \"";
                let parts: [&[u8]; 6] = [b"Field \"", child.name, by, definition.name, b"\".", &suggestion];
                self.errors.add(child.position, &parts);
            }
        }
    }

    fn check_one_of(&mut self, literal: &Literal<'a>, definition: &Definition<'a>) {
        let [child] = literal.children.as_slice() else {
            let rest = b"\" must specify exactly one key.";
            self.errors.add(literal.position, &[b"OneOf Input Object \"", definition.name, rest]);
            return;
        };
        if child.value.kind == Kind::Null {
            // The first field is named, whichever is null.
            let field = definition.fields.first().map_or(b"".as_slice(), |field| field.name);
            let parts: [&[u8]; 5] = [b"Field \"", definition.name, b".", field, b"\" must be non-null."];
            self.errors.add(child.value.position, &parts);
        }
    }

    /// A variable must be of the type that is expected where it stands.
    fn check_variable(&mut self, literal: &Literal<'a>, expected: Expected<'a>) {
        let (Some(kind), Some(variable)) = (expected.kind, literal.variable.get()) else { return };
        if literal.kind != Kind::Variable || self.operation.is_none() {
            return;
        }
        let is_given = variable.default.as_ref().is_some_and(|default| default.kind != Kind::Null);
        let non_null = kind.non_null && !is_given && !expected.has_default;
        if !variable.kind.is_compatible(kind, non_null) {
            let parts: [&[u8]; 7] = [
                b"Variable \"$",
                literal.raw,
                b"\" of type \"",
                &variable.kind.text(),
                b"\" used in position expecting type \"",
                &kind.text(),
                b"\".",
            ];
            self.errors.add(literal.position, &parts);
        }
    }

    fn check_one_of_variables(&mut self, literal: &Literal<'a>, definition: Option<&'a Definition<'a>>) {
        let is_one_of = |definition: &&Definition<'a>| definition.directives.iter().any(|it| it.name == b"oneOf");
        let Some(definition) = definition.filter(is_one_of) else { return };
        if literal.kind != Kind::Object {
            return;
        }
        for value in literal.children.iter().map(|child| &child.value).filter(|value| value.kind == Kind::Variable) {
            let Some(variable) = value.variable.get().filter(|variable| !variable.kind.non_null) else { continue };
            let places = [variable.position, value.position];
            let position = places.into_iter().find(|place| place.line != 0).unwrap_or_default();
            let parts: [&[u8]; 7] = [
                b"Variable \"$",
                value.raw,
                b"\" is of type \"",
                &variable.kind.text(),
                b"\" but must be non-nullable to be used for OneOf Input Object \"",
                definition.name,
                b"\".",
            ];
            self.errors.add(position, &parts);
        }
    }
}

/// A literal as messages show it.
fn shown(literal: &Literal<'_>) -> Vec<u8> {
    let children = literal.children.iter();
    match literal.kind {
        Kind::Variable => [b"$", literal.raw].concat(),
        Kind::String | Kind::Block => quote(literal.raw),
        Kind::List => {
            let elements: Vec<Vec<u8>> = children.map(|child| shown(&child.value)).collect();
            [b"[".as_slice(), &elements.join(&b','), b"]"].concat()
        }
        Kind::Object => {
            let field = |name: Text, value| [name, b":", shown(value).as_slice()].concat();
            let fields: Vec<Vec<u8>> = children.map(|child| field(child.name, &child.value)).collect();
            [b"{".as_slice(), &fields.join(&b','), b"}"].concat()
        }
        _ => literal.raw.to_vec(),
    }
}

/// Whether Go can read the literal: integers of 64 bits, finite floats, `true` and `false`; of variables their defaults.
fn is_readable(literal: &Literal<'_>, depth: u32) -> bool {
    let raw = literal.raw;
    match literal.kind {
        Kind::Int => core::str::from_utf8(raw).is_ok_and(|text| text.parse::<i64>().is_ok()),
        Kind::Float => {
            // What is too small to be a number of OPA is zero in Go.
            let is_small = raw.windows(2).any(|pair| pair.eq_ignore_ascii_case(b"e-"));
            json::parse(raw).map_or(is_small, |number| number.is_number() && number::fits_double(number))
        }
        Kind::Boolean => {
            matches!(raw, b"1" | b"t" | b"T" | b"true" | b"TRUE" | b"True")
                || matches!(raw, b"0" | b"f" | b"F" | b"false" | b"FALSE" | b"False")
        }
        Kind::List | Kind::Object => literal.children.iter().all(|child| is_readable(&child.value, depth + 1)),
        Kind::Variable => {
            let default = literal.variable.get().and_then(|variable| variable.default.as_ref());
            // Only the tree of an object can hold a variable in its own default.
            default.is_none_or(|default| depth < MAX_LEVELS && is_readable(default, depth + 1))
        }
        _ => true,
    }
}

/// Whether digits are an integer of more than 32 bits, as Go's `strconv.ParseInt` finds it: before a later byte that is no digit.
fn is_too_large(raw: &[u8]) -> bool {
    let (is_negative, digits) = match raw.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, raw),
    };
    let mut number: u64 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return false;
        }
        number = number * 10 + u64::from(digit - b'0');
        if number > u64::from(u32::MAX) {
            return true;
        }
    }
    number > (1 << 31) || number == 1 << 31 && !is_negative
}
