//! The checks of a schema, in the order in which gqlparser makes them: the first that fails is reported.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::ast::{
    Definition, Directive, DirectiveDefinition, ENUM, FieldDefinition, INPUT_OBJECT, INTERFACE, Kind, OBJECT, Position,
    Text, Type, argument,
};
use super::schema::Schema;
use super::{Failure, refused};
use crate::format::quote;

type Checked = Result<(), Failure>;

/// Names that begin with `__` belong to GraphQL.
fn check_name(position: Position, name: &[u8]) -> Checked {
    if name.starts_with(b"__") {
        let rest = b"\" must not begin with \"__\", which is reserved by GraphQL introspection.";
        return Err(refused(position, &[b"Name \"", name, rest]));
    }
    Ok(())
}

/// The first of the names that comes a second time, as gqlparser finds it: the place of its second appearance.
fn repeated(names: impl Iterator<Item = Text>) -> Option<usize> {
    let mut first = BTreeMap::new();
    let mut found: Option<(usize, usize)> = None;
    for (index, name) in names.enumerate() {
        let begin = *first.entry(name).or_insert(index);
        if begin != index && found.is_none_or(|(other, _)| begin < other) {
            found = Some((begin, index));
        }
    }
    found.map(|(_, index)| index)
}

impl<'a> Schema<'a> {
    /// Checks all types, then cycles of input objects, then directives, each by name.
    pub(super) fn check(&self) -> Checked {
        for index in self.types.values() {
            self.definitions.get(*index).map_or(Ok(()), |definition| self.check_definition(definition))?;
        }
        self.check_input_cycles()?;
        for directive in self.directives.values() {
            check_name(directive.position, directive.name)?;
            self.check_arguments(&directive.arguments, Some(directive))?;
        }
        Ok(())
    }

    fn check_definition(&self, definition: &Definition<'a>) -> Checked {
        let is_input = definition.kind == INPUT_OBJECT;
        let location: &[u8] = if is_input { b"INPUT_FIELD_DEFINITION" } else { b"FIELD_DEFINITION" };
        for field in &definition.fields {
            check_name(field.position, field.name)?;
            self.check_type(&field.kind)?;
            self.check_arguments(&field.arguments, None)?;
            self.check_directives(&field.directives, location, None, true)?;
        }
        self.check_members(definition)?;
        for interface in &definition.interfaces {
            self.check_implements(definition, interface)?;
        }
        match definition.kind {
            OBJECT | INTERFACE => self.check_fields(definition)?,
            ENUM => self.check_values(definition)?,
            INPUT_OBJECT => self.check_input_fields(definition)?,
            _ => {}
        }
        check_repetitions(definition)?;
        if !definition.built_in {
            check_name(definition.position, definition.name)?;
        }
        self.check_directives(&definition.directives, definition.kind, None, false)
    }

    fn check_members(&self, definition: &Definition<'a>) -> Checked {
        for member in &definition.types {
            let Some(found) = self.definition(member) else {
                return Err(refused(definition.position, &[b"Undefined type ", &quote(member), b"."]));
            };
            if found.kind != OBJECT {
                let parts: [&[u8]; 4] = [definition.kind, b" type ", &quote(member), b" must be OBJECT."];
                return Err(refused(definition.position, &parts));
            }
        }
        Ok(())
    }

    fn check_fields(&self, definition: &Definition<'a>) -> Checked {
        let Definition { kind, name, .. } = definition;
        if definition.fields.is_empty() {
            return Err(refused(definition.position, &[kind, b" ", name, b": must define one or more fields."]));
        }
        let is_input = |kind: &Type| self.definition(kind.name()).is_some_and(|found| found.kind == INPUT_OBJECT);
        if let Some(field) = definition.fields.iter().find(|field| is_input(&field.kind)) {
            let rest = b": field must be one of SCALAR, OBJECT, INTERFACE, UNION, ENUM.";
            return Err(refused(field.position, &[kind, b" ", name, rest]));
        }
        Ok(())
    }

    fn check_values(&self, definition: &Definition<'a>) -> Checked {
        let Definition { kind, name, .. } = definition;
        if definition.values.is_empty() {
            let rest = b": must define one or more unique enum values.";
            return Err(refused(definition.position, &[kind, b" ", name, rest]));
        }
        for value in &definition.values {
            if matches!(value.name, b"true" | b"false" | b"null") {
                let parts: [&[u8]; 6] = [kind, b" ", name, b": non-enum value ", value.name, b"."];
                return Err(refused(definition.position, &parts));
            }
            self.check_directives(&value.directives, b"ENUM_VALUE", None, true)?;
        }
        Ok(())
    }

    fn check_input_fields(&self, definition: &Definition<'a>) -> Checked {
        let Definition { kind, name, .. } = definition;
        if definition.fields.is_empty() {
            let rest = b": must define one or more input fields.";
            return Err(refused(definition.position, &[kind, b" ", name, rest]));
        }
        for field in &definition.fields {
            if let Some(found) = self.definition(field.kind.name()).filter(|found| !found.is_input()) {
                let rest = b": field must be one of SCALAR, ENUM, INPUT_OBJECT.";
                return Err(refused(field.position, &[found.kind, b" ", field.name, rest]));
            }
        }
        Ok(())
    }

    fn check_type(&self, kind: &Type) -> Checked {
        match self.definition(kind.name()) {
            Some(_) => Ok(()),
            None => Err(refused(kind.position, &[b"Undefined type ", kind.name(), b"."])),
        }
    }

    fn check_arguments(&self, arguments: &[FieldDefinition<'a>], of: Option<&DirectiveDefinition<'a>>) -> Checked {
        for argument in arguments {
            check_name(argument.position, argument.name)?;
            self.check_type(&argument.kind)?;
            let definition = self.definition(argument.kind.name());
            if let Some(definition) = definition.filter(|definition| !definition.is_input()) {
                let parts: [&[u8]; 7] = [
                    b"cannot use ",
                    &argument.kind.text(),
                    b" as argument ",
                    argument.name,
                    b" because ",
                    definition.kind,
                    b" is not a valid input type",
                ];
                return Err(refused(argument.position, &parts));
            }
            self.check_directives(&argument.directives, b"ARGUMENT_DEFINITION", of, true)?;
        }
        Ok(())
    }

    /// `of`: the directive whose definition holds them. `is_one_place`: they stand at one place, where most may stand only once.
    pub(super) fn check_directives(
        &self,
        directives: &[Directive<'a>],
        location: &[u8],
        of: Option<&DirectiveDefinition<'a>>,
        is_one_place: bool,
    ) -> Checked {
        let mut seen = BTreeSet::new();
        for directive in directives {
            let (name, position) = (directive.name, directive.position);
            check_name(position, name)?;
            if of.is_some_and(|of| of.name == name) {
                return Err(refused(position, &[b"Directive ", name, b" cannot refer to itself."]));
            }
            let Some(definition) = self.directives.get(name) else {
                return Err(refused(position, &[b"Undefined directive ", name, b"."]));
            };
            if is_one_place && !seen.insert(name) && !definition.is_repeatable {
                let rest = b" can only be used once at this location.";
                return Err(refused(position, &[b"The directive ", name, rest]));
            }
            if !definition.locations.contains(&location) {
                let parts: [&[u8]; 5] = [b"Directive ", name, b" is not applicable on ", location, b"."];
                return Err(refused(position, &parts));
            }
            check_directive_arguments(directive, definition)?;
        }
        Ok(())
    }

    /// GraphQL, section 3.6: what a type must have that implements an interface.
    fn check_implements(&self, definition: &Definition<'a>, name: &[u8]) -> Checked {
        let Some(interface) = self.definition(name) else {
            return Err(refused(definition.position, &[b"Undefined type ", &quote(name), b"."]));
        };
        if interface.kind != INTERFACE {
            let parts: [&[u8]; 4] = [&quote(name), b" is a non interface type ", interface.kind, b"."];
            return Err(refused(definition.position, &parts));
        }
        let subject = [b"For ", definition.name, b" to implement ", interface.name].concat();
        for required in &interface.fields {
            let Some(found) = definition.field(required.name) else {
                let parts: [&[u8]; 4] = [&subject, b" it must have a field called ", required.name, b"."];
                return Err(refused(definition.position, &parts));
            };
            if !self.is_covariant(&required.kind, &found.kind) {
                let kind = required.kind.text();
                let parts: [&[u8]; 6] = [&subject, b" the field ", required.name, b" must have type ", &kind, b"."];
                return Err(refused(found.position, &parts));
            }
            check_same_arguments(&subject, required, found)?;
        }
        check_ancestors(definition, interface)
    }

    fn is_covariant(&self, required: &Type, actual: &Type) -> bool {
        if required.non_null && !actual.non_null {
            return false;
        }
        match (&required.element, &actual.element) {
            _ if !required.named.is_empty() => {
                required.named == actual.named
                    || self.possible_types(required.named).any(|possible| possible.name == actual.named)
            }
            (Some(required), Some(actual)) => self.is_covariant(required, actual),
            _ => false,
        }
    }

    /// Input objects may not need themselves: no cycle of fields that are neither null nor lists.
    fn check_input_cycles(&self) -> Checked {
        let mut visited = BTreeSet::new();
        for start in self.types.values() {
            let Some(definition) = self.definitions.get(*start).filter(|found| found.kind == INPUT_OBJECT) else {
                continue;
            };
            self.check_input_cycle(definition, &mut visited)?;
        }
        Ok(())
    }

    fn check_input_cycle(&self, start: &Definition<'a>, visited: &mut BTreeSet<Text>) -> Checked {
        if !visited.insert(start.name) {
            return Ok(());
        }
        let mut path: Vec<&FieldDefinition<'a>> = Vec::new();
        let mut on_path = BTreeMap::new();
        on_path.insert(start.name, 0);
        let mut open = Vec::from([(start, start.fields.iter())]);
        while let Some((definition, fields)) = open.last_mut() {
            let needed = fields.find_map(|field| {
                let is_needed = field.kind.non_null && !field.kind.named.is_empty();
                let found = self.definition(field.kind.named).filter(|found| found.kind == INPUT_OBJECT)?;
                is_needed.then_some((field, found))
            });
            let Some((field, found)) = needed else {
                on_path.remove(definition.name);
                open.pop();
                path.pop();
                continue;
            };
            path.push(field);
            if let Some(cycle) = on_path.get(found.name) {
                let cycle = path.get(*cycle..).unwrap_or_default();
                let names: Vec<&[u8]> = cycle.iter().map(|field| field.name).collect();
                let position = cycle.first().map_or(Position::default(), |field| field.position);
                let parts: [&[u8]; 5] = [
                    b"Cannot reference Input Object ",
                    &quote(found.name),
                    b" within itself through a series of non-null fields: ",
                    &quote(&names.join(&b'.')),
                    b".",
                ];
                return Err(refused(position, &parts));
            }
            if visited.insert(found.name) {
                on_path.insert(found.name, path.len());
                open.push((found, found.fields.iter()));
            } else {
                path.pop();
            }
        }
        Ok(())
    }
}

fn check_repetitions(definition: &Definition<'_>) -> Checked {
    let name = definition.name;
    let once = b" can only be defined once.";
    let field = repeated(definition.fields.iter().map(|field| field.name));
    if let Some(field) = field.and_then(|index| definition.fields.get(index)) {
        return Err(refused(field.position, &[b"Field ", name, b".", field.name, once]));
    }
    let value = repeated(definition.values.iter().map(|value| value.name));
    if let Some(value) = value.and_then(|index| definition.values.get(index)) {
        return Err(refused(value.position, &[b"Enum value ", name, b".", value.name, once]));
    }
    if let Some(index) = repeated(definition.types.iter().copied()) {
        let is_aligned = definition.type_positions.len() == definition.types.len();
        let position = definition.type_positions.get(index).copied().filter(|_| is_aligned);
        let member = definition.types.get(index).copied().unwrap_or_default();
        let parts: [&[u8]; 5] = [b"Union type ", name, b" can only include type ", member, b" once."];
        return Err(refused(position.unwrap_or(definition.position), &parts));
    }
    Ok(())
}

fn check_directive_arguments(directive: &Directive<'_>, definition: &DirectiveDefinition<'_>) -> Checked {
    let name = directive.name;
    for given in &directive.arguments {
        if argument(&definition.arguments, given.name).is_none() {
            let parts: [&[u8]; 5] = [b"Undefined argument ", given.name, b" for directive ", name, b"."];
            return Err(refused(given.position, &parts));
        }
    }
    for wanted in definition.arguments.iter().filter(|wanted| wanted.kind.non_null && wanted.default.is_none()) {
        let given = directive.arguments.iter().find(|given| given.name == wanted.name);
        if given.is_none_or(|given| given.value.kind == Kind::Null) {
            let parts: [&[u8]; 5] = [b"Argument ", wanted.name, b" for directive ", name, b" cannot be null."];
            return Err(refused(directive.position, &parts));
        }
    }
    Ok(())
}

fn check_same_arguments(subject: &[u8], required: &FieldDefinition<'_>, found: &FieldDefinition<'_>) -> Checked {
    let field = [subject, b" the field ", required.name, b" must have the same arguments but "].concat();
    for wanted in &required.arguments {
        let Some(given) = argument(&found.arguments, wanted.name) else {
            return Err(refused(found.position, &[&field, b"it is missing ", wanted.name, b"."]));
        };
        if !wanted.kind.is_compatible(&given.kind, given.kind.non_null) {
            return Err(refused(given.position, &[&field, wanted.name, b" has the wrong type."]));
        }
    }
    for given in &found.arguments {
        let is_needed = given.kind.non_null && given.default.is_none();
        if is_needed && argument(&required.arguments, given.name).is_none() {
            let parts: [&[u8]; 6] = [
                subject,
                b" any additional arguments on ",
                found.name,
                b" must be optional or have a default value but ",
                given.name,
                b" is required.",
            ];
            return Err(refused(given.position, &parts));
        }
    }
    Ok(())
}

/// What an interface implements, its types must implement too.
fn check_ancestors(definition: &Definition<'_>, interface: &Definition<'_>) -> Checked {
    let (name, position) = (definition.name, definition.position);
    let missing = interface.interfaces.iter().find(|ancestor| !definition.interfaces.contains(ancestor));
    let Some(ancestor) = missing else { return Ok(()) };
    if *ancestor == name {
        let rest = b" because it would create a circular reference.";
        return Err(refused(position, &[b"Type ", name, b" cannot implement ", interface.name, rest]));
    }
    let because = b" because it is implemented by ";
    Err(refused(position, &[b"Type ", name, b" must implement ", ancestor, because, interface.name, b"."]))
}
