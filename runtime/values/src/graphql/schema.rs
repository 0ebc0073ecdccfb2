//! The types of a schema put together: extensions merged, possible types found, root types named.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::ast::{
    Definition, DirectiveDefinition, Document, Entry, FieldDefinition, INPUT_OBJECT, INTERFACE, OBJECT, Text, Type,
    UNION,
};
use super::prelude::PRELUDE;
use super::{Failure, document, refused};

/// A schema.
#[derive(Default)]
pub(super) struct Schema<'a> {
    pub(super) definitions: Vec<Definition<'a>>,
    /// Where each type is among the definitions.
    pub(super) types: BTreeMap<Text, usize>,
    pub(super) directives: BTreeMap<Text, DirectiveDefinition<'a>>,
    /// For unions their members, for interfaces what implements them, for other types themselves.
    possible: BTreeMap<Text, Vec<usize>>,
    query: Option<usize>,
    mutation: Option<usize>,
    subscription: Option<usize>,
    /// The field that every type has.
    pub(super) typename: FieldDefinition<'a>,
}

fn field<'a>(name: Text, kind: Text, non_null: bool) -> FieldDefinition<'a> {
    let kind = Type { named: kind, non_null, ..Type::default() };
    FieldDefinition { name, kind, ..FieldDefinition::default() }
}

impl<'a> Schema<'a> {
    /// Merges a document with the prelude and checks everything.
    pub(super) fn new(mut added: Document<'a>) -> Result<Self, Failure> {
        let mut document = document::parse(PRELUDE)?;
        document.definitions.iter_mut().for_each(|definition| definition.built_in = true);
        document.definitions.append(&mut added.definitions);
        document.directives.append(&mut added.directives);
        let mut schema = Self { typename: field(b"__typename", b"String", false), ..Self::default() };
        schema.add_types(document.definitions)?;
        schema.extend_types(added.extensions)?;
        schema.find_possible_types();
        schema.add_directives(document.directives)?;
        if let Some(second) = added.schema.get(1) {
            let message = b"Cannot have multiple schema entry points, consider schema extensions instead.";
            return Err(refused(second.position, &[message]));
        }
        let is_explicit = !added.schema.is_empty();
        for entry in added.schema.iter().chain(&added.schema_extension) {
            schema.add_roots(entry)?;
        }
        schema.check()?;
        if !is_explicit {
            schema.infer_roots();
        }
        schema.add_introspection();
        Ok(schema)
    }

    fn add_types(&mut self, definitions: Vec<Definition<'a>>) -> Result<(), Failure> {
        for (index, definition) in definitions.iter().enumerate() {
            if self.types.insert(definition.name, index).is_some() {
                return Err(refused(definition.position, &[b"Cannot redeclare type ", definition.name, b"."]));
            }
        }
        self.definitions = definitions;
        Ok(())
    }

    /// Extensions of types that are not there make them.
    fn extend_types(&mut self, extensions: Vec<Definition<'a>>) -> Result<(), Failure> {
        for mut extension in extensions {
            let index = *self.types.entry(extension.name).or_insert(self.definitions.len());
            if index == self.definitions.len() {
                let Definition { kind, name, position, .. } = extension;
                self.definitions.push(Definition { kind, name, position, ..Definition::default() });
            }
            let Some(base) = self.definitions.get_mut(index) else { continue };
            if base.kind != extension.kind {
                let parts: [&[u8]; 7] = [
                    b"Cannot extend type ",
                    extension.name,
                    b" because the base type is a ",
                    base.kind,
                    b", not ",
                    extension.kind,
                    b".",
                ];
                return Err(refused(extension.position, &parts));
            }
            base.directives.append(&mut extension.directives);
            base.interfaces.append(&mut extension.interfaces);
            base.fields.append(&mut extension.fields);
            base.types.append(&mut extension.types);
            base.type_positions.append(&mut extension.type_positions);
            base.values.append(&mut extension.values);
        }
        for definition in &mut self.definitions {
            for (index, field) in definition.fields.iter().enumerate() {
                definition.by_name.entry(field.name).or_insert(index);
            }
        }
        Ok(())
    }

    fn find_possible_types(&mut self) {
        for (index, definition) in self.definitions.iter().enumerate() {
            match definition.kind {
                UNION => {
                    // Members that are not there are found when types are checked.
                    let members = definition.types.iter().filter_map(|member| self.types.get(member));
                    self.possible.entry(definition.name).or_default().extend(members);
                }
                INPUT_OBJECT | OBJECT | INTERFACE => {
                    for interface in &definition.interfaces {
                        self.possible.entry(interface).or_default().push(index);
                    }
                    if definition.kind != INTERFACE {
                        self.possible.entry(definition.name).or_default().push(index);
                    }
                }
                _ => {}
            }
        }
    }

    /// The directives of the prelude may be defined again; the last definition counts.
    fn add_directives(&mut self, directives: Vec<DirectiveDefinition<'a>>) -> Result<(), Failure> {
        for directive in directives {
            let (name, position) = (directive.name, directive.position);
            let is_repeated = self.directives.insert(name, directive).is_some();
            let is_known = matches!(name, b"include" | b"skip" | b"deprecated" | b"specifiedBy" | b"defer" | b"oneOf");
            if is_repeated && !is_known {
                return Err(refused(position, &[b"Cannot redeclare directive ", name, b"."]));
            }
        }
        Ok(())
    }

    fn add_roots(&mut self, entry: &Entry<'a>) -> Result<(), Failure> {
        for root in &entry.operations {
            let Some(index) = self.types.get(root.kind).copied() else {
                let parts: [&[u8]; 5] =
                    [b"Schema root ", root.operation, b" refers to a type ", root.kind, b" that does not exist."];
                return Err(refused(root.position, &parts));
            };
            match root.operation {
                b"query" => self.query = Some(index),
                b"mutation" => self.mutation = Some(index),
                b"subscription" => self.subscription = Some(index),
                _ => {}
            }
        }
        self.check_directives(&entry.directives, b"SCHEMA", None, true)
    }

    fn infer_roots(&mut self) {
        let named = |name: &[u8]| self.types.get(name).copied();
        self.query = self.query.or_else(|| named(b"Query"));
        self.mutation = self.mutation.or_else(|| named(b"Mutation"));
        self.subscription = self.subscription.or_else(|| named(b"Subscription"));
    }

    fn add_introspection(&mut self) {
        let Some(root) = self.query.and_then(|query| self.definitions.get_mut(query)) else { return };
        let mut by_type = field(b"__type", b"__Type", false);
        by_type.arguments.push(field(b"name", b"String", true));
        for field in [field(b"__schema", b"__Schema", true), by_type] {
            root.by_name.entry(field.name).or_insert(root.fields.len());
            root.fields.push(field);
        }
    }

    /// The type of a name.
    pub(super) fn definition(&self, name: &[u8]) -> Option<&Definition<'a>> {
        self.definitions.get(*self.types.get(name)?)
    }

    /// The types that a value of a type can be of.
    pub(super) fn possible_types(&self, name: &[u8]) -> impl Iterator<Item = &Definition<'a>> {
        self.possible.get(name).into_iter().flatten().filter_map(|index| self.definitions.get(*index))
    }

    /// The root type of an operation.
    pub(super) fn root(&self, operation: &[u8]) -> Option<&Definition<'a>> {
        let root = match operation {
            b"mutation" => self.mutation,
            b"subscription" => self.subscription,
            _ => self.query,
        };
        self.definitions.get(root?)
    }
}
