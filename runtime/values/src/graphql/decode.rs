//! Syntax trees from the values that show them, as Go's `encoding/json` reads these: what is missing or null is empty, other
//! fields are ignored, and names of fields count without case but in the nodes that gqlparser reads itself.
//!
//! gqlparser takes every selection for a field that can be read as one, so that fragments come back as fields without a name;
//! this is so here too. What would make OPA crash (a value or a type that is missing) is an error, and so is what validation would
//! set (the definition of a field), which no builtin gives.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::Cell;

use super::ast::{
    Argument, Around, Child, Comments, Definition, Directive, DirectiveDefinition, Document, Entry, EnumValue, Field,
    FieldDefinition, Fragment, Inline, Kind, Literal, Operation, Query, RootOperation, Selection, Spread, Text, Type,
    VariableDefinition,
};
use super::{Failure, MAX_LEVELS};
use crate::{Object, Value, error, rt};

type Decoded<T> = Result<T, Failure>;

/// How many levels a leaf of a tree is made of, which are not counted when it is parsed.
const LEAF_LEVELS: u32 = 20;

/// An object that is read.
#[derive(Clone, Copy)]
struct Node {
    object: Option<Object>,
    /// Whether names of fields must be written as they are.
    is_exact: bool,
}

impl Node {
    fn new(value: Value) -> Decoded<Self> {
        if value.is_null() || value.as_object().is_some() {
            return Ok(Self { object: value.as_object(), is_exact: false });
        }
        Err(mismatch(value, "object"))
    }

    fn exact(value: Value) -> Decoded<Self> {
        let node = Self { is_exact: true, ..Self::new(value)? };
        // Positions are read where names are exact, and not used.
        node.node("Position", Self::new)?;
        Ok(node)
    }

    /// The value of a field that is not null: of several the last.
    fn get(self, name: &str) -> Option<Value> {
        let object = self.object?;
        if self.is_exact {
            return object.get(Value::string(name.as_bytes())).defined().filter(|value| !value.is_null());
        }
        let named = |key: Value| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name.as_bytes()));
        object.entries().rev().find(|(key, value)| named(*key) && !value.is_null()).map(|(_, value)| value)
    }

    /// Refuses what validation sets.
    fn unset(self, names: &[&str]) -> Decoded<Self> {
        match names.iter().find(|name| self.get(name).is_some()) {
            Some(name) => Err(Failure([b"unexpected field ", name.as_bytes()].concat())),
            None => Ok(self),
        }
    }

    fn text(self, name: &str) -> Decoded<Text> {
        let Some(value) = self.get(name) else { return Ok(b"") };
        value.as_str().ok_or_else(|| mismatch(value, "string"))
    }

    fn boolean(self, name: &str) -> Decoded<bool> {
        let Some(value) = self.get(name) else { return Ok(false) };
        value.as_boolean().ok_or_else(|| mismatch(value, "bool"))
    }

    /// The elements of a list; sets are lists in JSON.
    fn list<T>(self, name: &str, read: impl Fn(Value) -> Decoded<T>) -> Decoded<Vec<T>> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        if value.as_array().is_none() && value.as_set().is_none() {
            return Err(mismatch(value, "list"));
        }
        (0..rt::scan(value)).map(|index| read(rt::scan_value(value, index))).collect()
    }

    fn node<T>(self, name: &str, read: impl FnOnce(Value) -> Decoded<T>) -> Decoded<Option<T>> {
        self.get(name).map(read).transpose()
    }

    /// A node that must be there.
    fn required<T>(self, name: &str, read: impl FnOnce(Value) -> Decoded<T>) -> Decoded<T> {
        let missing = || Failure([b"missing field ", name.as_bytes()].concat());
        self.node(name, read)?.ok_or_else(missing)
    }

    fn comment(self, name: &str) -> Decoded<Comments> {
        let group = |value| Self::new(value)?.list("List", |value| Self::new(value)?.text("Value"));
        Ok(self.node(name, group)?.unwrap_or_default())
    }

    fn comments(self) -> Decoded<Around> {
        Ok(Around {
            before_description: self.comment("BeforeDescriptionComment")?,
            after_description: self.comment("AfterDescriptionComment")?,
            end: self.comment("EndOfDefinitionComment")?,
        })
    }

    fn directives<'a>(self) -> Decoded<Vec<Directive<'a>>> {
        self.list("Directives", directive)
    }

    fn selections<'a>(self) -> Decoded<Vec<Selection<'a>>> {
        Ok(self.list("SelectionSet", selection)?.into_iter().flatten().collect())
    }
}

/// The failure that a value cannot be read as what is expected.
fn mismatch(value: Value, expected: &str) -> Failure {
    let got = error::type_name(value).as_bytes();
    Failure([b"json: cannot unmarshal ", got, b" into Go value of type ", expected.as_bytes()].concat())
}

/// A document, unless it nests too deeply. Asked before anything is read, because a selection that cannot be read is left out.
fn shallow(value: Value) -> Decoded<Value> {
    fn is_within(value: Value, levels: u32) -> bool {
        let mut children = (0..rt::scan(value)).map(|index| rt::scan_value(value, index));
        children.all(|child| levels > 0 && is_within(child, levels - 1))
    }
    if is_within(value, MAX_LEVELS + LEAF_LEVELS) { Ok(value) } else { Err(Failure(b"exceeded max depth".to_vec())) }
}

fn text(value: Value) -> Decoded<Text> {
    if value.is_null() { Ok(b"") } else { value.as_str().ok_or_else(|| mismatch(value, "string")) }
}

/// A query document from a value.
pub(super) fn query<'a>(value: Value) -> Decoded<Query<'a>> {
    let node = Node::new(shallow(value)?)?;
    let (operations, fragments) = (node.list("Operations", operation)?, node.list("Fragments", fragment)?);
    Ok(Query { operations, fragments, comment: node.comment("Comment")? })
}

fn operation<'a>(value: Value) -> Decoded<Operation<'a>> {
    let node = Node::exact(value)?;
    let operation = node.text("Operation")?;
    if !matches!(operation, b"" | b"query" | b"mutation" | b"subscription") {
        return Err(Failure([b"got unknown operation type \"", operation, b"\""].concat()));
    }
    Ok(Operation {
        operation,
        name: node.text("Name")?,
        variables: node.list("VariableDefinitions", variable)?,
        directives: node.directives()?,
        selections: node.selections()?,
        ..Operation::default()
    })
}

fn fragment<'a>(value: Value) -> Decoded<Fragment<'a>> {
    let node = Node::exact(value)?.unset(&["Definition"])?;
    Ok(Fragment {
        name: node.text("Name")?,
        variables: node.list("VariableDefinition", variable)?,
        condition: node.text("TypeCondition")?,
        directives: node.directives()?,
        selections: node.selections()?,
        ..Fragment::default()
    })
}

fn variable<'a>(value: Value) -> Decoded<VariableDefinition<'a>> {
    let node = Node::new(value)?.unset(&["Definition"])?;
    Ok(VariableDefinition {
        name: node.text("Variable")?,
        kind: node.required("Type", type_reference)?,
        default: node.node("DefaultValue", literal)?,
        directives: node.directives()?,
        comment: node.comment("Comment")?,
        used: Cell::new(node.boolean("Used")?),
        ..VariableDefinition::default()
    })
}

fn selection<'a>(value: Value) -> Decoded<Option<Selection<'a>>> {
    Node::new(value).map_or(Ok(()), |node| node.unset(&["Definition", "ObjectDefinition"]).map(drop))?;
    if let Ok(field) = field(value) {
        return Ok(Some(Selection::Field(field)));
    }
    if let Ok(spread) = spread(value) {
        return Ok(Some(Selection::Spread(spread)));
    }
    Ok(inline(value).ok().map(Selection::Inline))
}

fn field<'a>(value: Value) -> Decoded<Field<'a>> {
    let node = Node::exact(value)?;
    Ok(Field {
        alias: node.text("Alias")?,
        name: node.text("Name")?,
        arguments: node.list("Arguments", argument)?,
        directives: node.directives()?,
        selections: node.selections()?,
        ..Field::default()
    })
}

fn spread<'a>(value: Value) -> Decoded<Spread<'a>> {
    let node = Node::new(value)?;
    let (name, directives, comment) = (node.text("Name")?, node.directives()?, node.comment("Comment")?);
    Ok(Spread { name, directives, comment, ..Spread::default() })
}

fn inline<'a>(value: Value) -> Decoded<Inline<'a>> {
    let node = Node::exact(value)?;
    let (condition, directives, selections) = (node.text("TypeCondition")?, node.directives()?, node.selections()?);
    Ok(Inline { condition, directives, selections, ..Inline::default() })
}

fn argument<'a>(value: Value) -> Decoded<Argument<'a>> {
    let Child { name, value, position, comment } = child(value)?;
    Ok(Argument { name, value, position, comment })
}

fn child<'a>(value: Value) -> Decoded<Child<'a>> {
    let node = Node::new(value)?;
    let value = node.required("Value", literal)?;
    Ok(Child { name: node.text("Name")?, value, comment: node.comment("Comment")?, ..Child::default() })
}

fn directive<'a>(value: Value) -> Decoded<Directive<'a>> {
    let node = Node::new(value)?.unset(&["ParentDefinition", "Definition"])?;
    let (name, location) = (node.text("Name")?, node.text("Location")?);
    Ok(Directive { name, location, arguments: node.list("Arguments", argument)?, ..Directive::default() })
}

fn literal<'a>(value: Value) -> Decoded<Literal<'a>> {
    let node = Node::new(value)?.unset(&["Definition", "VariableDefinition", "ExpectedType"])?;
    let number = node.get("Kind").unwrap_or(Value::integer(0));
    let kind = number.as_integer().and_then(|kind| Kind::ALL.get(usize::try_from(kind).ok()?));
    Ok(Literal {
        raw: node.text("Raw")?,
        children: node.list("Children", child)?,
        kind: *kind.ok_or_else(|| mismatch(number, "ast.ValueKind"))?,
        comment: node.comment("Comment")?,
        has_default: node.boolean("ExpectedTypeHasDefault")?,
        ..Literal::default()
    })
}

fn type_reference(value: Value) -> Decoded<Type> {
    let node = Node::new(value)?;
    let (named, non_null) = (node.text("NamedType")?, node.boolean("NonNull")?);
    let element = node.node("Elem", type_reference)?.map(Box::new);
    if named.is_empty() && element.is_none() {
        return Err(Failure(b"missing field NamedType".to_vec()));
    }
    Ok(Type { named, element, non_null, ..Type::default() })
}

/// A schema document from a value.
pub(super) fn document<'a>(value: Value) -> Decoded<Document<'a>> {
    let node = Node::new(shallow(value)?)?;
    Ok(Document {
        schema: node.list("Schema", entry)?,
        schema_extension: node.list("SchemaExtension", entry)?,
        directives: node.list("Directives", directive_definition)?,
        definitions: node.list("Definitions", definition)?,
        extensions: node.list("Extensions", definition)?,
        comment: node.comment("Comment")?,
    })
}

fn entry<'a>(value: Value) -> Decoded<Entry<'a>> {
    let node = Node::new(value)?;
    Ok(Entry {
        description: node.text("Description")?,
        directives: node.directives()?,
        operations: node.list("OperationTypes", root_operation)?,
        comments: node.comments()?,
        ..Entry::default()
    })
}

fn root_operation(value: Value) -> Decoded<RootOperation> {
    let node = Node::new(value)?;
    let (operation, kind, comment) = (node.text("Operation")?, node.text("Type")?, node.comment("Comment")?);
    Ok(RootOperation { operation, kind, comment, ..RootOperation::default() })
}

fn definition<'a>(value: Value) -> Decoded<Definition<'a>> {
    let node = Node::new(value)?;
    Ok(Definition {
        kind: node.text("Kind")?,
        description: node.text("Description")?,
        name: node.text("Name")?,
        directives: node.directives()?,
        interfaces: node.list("Interfaces", text)?,
        fields: node.list("Fields", field_definition)?,
        types: node.list("Types", text)?,
        values: node.list("EnumValues", enum_value)?,
        built_in: node.boolean("BuiltIn")?,
        comments: node.comments()?,
        ..Definition::default()
    })
}

fn field_definition<'a>(value: Value) -> Decoded<FieldDefinition<'a>> {
    let node = Node::new(value)?;
    Ok(FieldDefinition {
        description: node.text("Description")?,
        name: node.text("Name")?,
        arguments: node.list("Arguments", field_definition)?,
        default: node.node("DefaultValue", literal)?,
        kind: node.required("Type", type_reference)?,
        directives: node.directives()?,
        comments: node.comments()?,
        ..FieldDefinition::default()
    })
}

fn enum_value<'a>(value: Value) -> Decoded<EnumValue<'a>> {
    let node = Node::new(value)?;
    Ok(EnumValue {
        description: node.text("Description")?,
        name: node.text("Name")?,
        directives: node.directives()?,
        comments: node.comments()?,
        ..EnumValue::default()
    })
}

fn directive_definition<'a>(value: Value) -> Decoded<DirectiveDefinition<'a>> {
    let node = Node::new(value)?;
    Ok(DirectiveDefinition {
        description: node.text("Description")?,
        name: node.text("Name")?,
        arguments: node.list("Arguments", field_definition)?,
        locations: node.list("Locations", text)?,
        is_repeatable: node.boolean("IsRepeatable")?,
        comments: node.comments()?,
        ..DirectiveDefinition::default()
    })
}
