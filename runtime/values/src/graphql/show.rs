//! Syntax trees as the values that OPA gives: fields that are null or empty lists and objects are left out, and so are
//! positions. Texts are UTF-8, as behind Go's JSON.

use super::ast::{
    Argument, Around, Child, Definition, Directive, DirectiveDefinition, Document, Entry, EnumValue, Field,
    FieldDefinition, Fragment, Inline, Literal, Operation, Query, RootOperation, Selection, Spread, Text, Type,
    VariableDefinition,
};
use crate::{Array, Object, Value, utf8};

/// An object that is made.
struct Node(Object);

impl Node {
    fn new() -> Self {
        Self(Object::new(6))
    }

    fn set(self, key: &str, value: Value) -> Self {
        self.0.insert(Value::string(key.as_bytes()), value);
        self
    }

    fn text(self, key: &str, value: Text) -> Self {
        self.set(key, text(value))
    }

    fn boolean(self, key: &str, value: bool) -> Self {
        self.set(key, Value::boolean(value))
    }

    fn optional(self, key: &str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.set(key, value),
            None => self,
        }
    }

    fn list<T>(self, key: &str, items: &[T], show: impl Fn(&T) -> Value) -> Self {
        if items.is_empty() {
            return self;
        }
        self.set(key, items.iter().map(show).collect::<Array>().into())
    }

    fn comment(self, key: &str, comments: &[Text]) -> Self {
        if comments.is_empty() {
            return self;
        }
        let group = Self::new().list("List", comments, |comment| Self::new().text("Value", comment).done());
        self.set(key, group.done())
    }

    fn comments(self, comments: &Around) -> Self {
        self.comment("BeforeDescriptionComment", &comments.before_description)
            .comment("AfterDescriptionComment", &comments.after_description)
            .comment("EndOfDefinitionComment", &comments.end)
    }

    fn directives(self, directives: &[Directive<'_>]) -> Self {
        self.list("Directives", directives, directive)
    }

    fn selections(self, selections: &[Selection<'_>]) -> Self {
        self.list("SelectionSet", selections, selection)
    }

    fn done(self) -> Value {
        self.0.into()
    }
}

fn text(text: Text) -> Value {
    Value::string(utf8::replace_invalid(text).as_bytes())
}

/// A query document as a value.
pub(super) fn query(query: &Query<'_>) -> Value {
    Node::new()
        .list("Operations", &query.operations, operation)
        .list("Fragments", &query.fragments, fragment)
        .comment("Comment", &query.comment)
        .done()
}

fn operation(operation: &Operation<'_>) -> Value {
    // What an object left out is the empty text.
    Node::new()
        .text("Operation", operation.operation)
        .text("Name", operation.name)
        .list("VariableDefinitions", &operation.variables, variable)
        .directives(&operation.directives)
        .selections(&operation.selections)
        .comment("Comment", &operation.comment)
        .done()
}

fn fragment(fragment: &Fragment<'_>) -> Value {
    Node::new()
        .text("Name", fragment.name)
        .list("VariableDefinition", &fragment.variables, variable)
        .text("TypeCondition", fragment.condition)
        .directives(&fragment.directives)
        .selections(&fragment.selections)
        .comment("Comment", &fragment.comment)
        .done()
}

fn variable(variable: &VariableDefinition<'_>) -> Value {
    Node::new()
        .text("Variable", variable.name)
        .set("Type", type_reference(&variable.kind))
        .optional("DefaultValue", variable.default.as_ref().map(literal))
        .directives(&variable.directives)
        .comment("Comment", &variable.comment)
        .boolean("Used", variable.used.get())
        .done()
}

fn selection(selection: &Selection<'_>) -> Value {
    match selection {
        Selection::Field(it) => field(it),
        Selection::Spread(Spread { name, directives, comment, .. }) => {
            Node::new().text("Name", name).directives(directives).comment("Comment", comment).done()
        }
        Selection::Inline(Inline { condition, directives, selections, comment, .. }) => Node::new()
            .text("TypeCondition", condition)
            .directives(directives)
            .selections(selections)
            .comment("Comment", comment)
            .done(),
    }
}

fn field(field: &Field<'_>) -> Value {
    Node::new()
        .text("Alias", field.alias)
        .text("Name", field.name)
        .list("Arguments", &field.arguments, argument)
        .directives(&field.directives)
        .selections(&field.selections)
        .comment("Comment", &field.comment)
        .done()
}

fn argument(argument: &Argument<'_>) -> Value {
    let node = Node::new().text("Name", argument.name).set("Value", literal(&argument.value));
    node.comment("Comment", &argument.comment).done()
}

fn directive(directive: &Directive<'_>) -> Value {
    Node::new()
        .text("Name", directive.name)
        .list("Arguments", &directive.arguments, argument)
        .text("Location", directive.location)
        .done()
}

fn literal(literal: &Literal<'_>) -> Value {
    Node::new()
        .text("Raw", literal.raw)
        .list("Children", &literal.children, child)
        .set("Kind", Value::integer(literal.kind as i64))
        .comment("Comment", &literal.comment)
        .boolean("ExpectedTypeHasDefault", literal.has_default)
        .done()
}

fn child(child: &Child<'_>) -> Value {
    let node = Node::new().text("Name", child.name).set("Value", literal(&child.value));
    node.comment("Comment", &child.comment).done()
}

fn type_reference(kind: &Type) -> Value {
    Node::new()
        .text("NamedType", kind.named)
        .optional("Elem", kind.element.as_deref().map(type_reference))
        .boolean("NonNull", kind.non_null)
        .done()
}

/// A schema document as a value.
pub(super) fn document(document: &Document<'_>) -> Value {
    Node::new()
        .list("Schema", &document.schema, entry)
        .list("SchemaExtension", &document.schema_extension, entry)
        .list("Directives", &document.directives, directive_definition)
        .list("Definitions", &document.definitions, definition)
        .list("Extensions", &document.extensions, definition)
        .comment("Comment", &document.comment)
        .done()
}

fn entry(entry: &Entry<'_>) -> Value {
    Node::new()
        .text("Description", entry.description)
        .directives(&entry.directives)
        .list("OperationTypes", &entry.operations, root_operation)
        .comments(&entry.comments)
        .done()
}

fn root_operation(root: &RootOperation) -> Value {
    let node = Node::new().text("Operation", root.operation).text("Type", root.kind);
    node.comment("Comment", &root.comment).done()
}

fn definition(definition: &Definition<'_>) -> Value {
    Node::new()
        .text("Kind", definition.kind)
        .text("Description", definition.description)
        .text("Name", definition.name)
        .directives(&definition.directives)
        .list("Interfaces", &definition.interfaces, |name| text(name))
        .list("Fields", &definition.fields, field_definition)
        .list("Types", &definition.types, |name| text(name))
        .list("EnumValues", &definition.values, enum_value)
        .boolean("BuiltIn", definition.built_in)
        .comments(&definition.comments)
        .done()
}

fn field_definition(field: &FieldDefinition<'_>) -> Value {
    Node::new()
        .text("Description", field.description)
        .text("Name", field.name)
        .list("Arguments", &field.arguments, field_definition)
        .optional("DefaultValue", field.default.as_ref().map(literal))
        .set("Type", type_reference(&field.kind))
        .directives(&field.directives)
        .comments(&field.comments)
        .done()
}

fn enum_value(value: &EnumValue<'_>) -> Value {
    let node = Node::new().text("Description", value.description).text("Name", value.name);
    node.directives(&value.directives).comments(&value.comments).done()
}

fn directive_definition(directive: &DirectiveDefinition<'_>) -> Value {
    Node::new()
        .text("Description", directive.description)
        .text("Name", directive.name)
        .list("Arguments", &directive.arguments, field_definition)
        .list("Locations", &directive.locations, |name| text(name))
        .boolean("IsRepeatable", directive.is_repeatable)
        .comments(&directive.comments)
        .done()
}
