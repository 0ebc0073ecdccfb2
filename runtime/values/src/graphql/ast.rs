//! The syntax trees of GraphQL documents, as gqlparser shapes them, because OPA shows them as values.
//!
//! What validation finds out about a node (which definition a field has) lies in cells and is set as the walk comes by: some
//! rules of gqlparser see only what was visited before. A tree may not be changed otherwise once it is made.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cell::Cell;

/// The bytes of a name or a text, in the arena.
pub(super) type Text = &'static [u8];

/// The lines of comments before a token, each with its `#`.
pub(super) type Comments = Vec<Text>;

/// A place in a document, both from 1. The column of a block string over several lines can be negative, as in gqlparser.
/// Line 0: nowhere, as with documents that are given as objects.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Position {
    pub(super) line: i32,
    pub(super) column: i32,
}

/// A reference to a type: a name, or a list of another.
#[derive(Clone, Default)]
pub(super) struct Type {
    /// The name; empty for a list.
    pub(super) named: Text,
    pub(super) element: Option<Box<Type>>,
    pub(super) non_null: bool,
    pub(super) position: Position,
}

impl Type {
    /// The name of the innermost type.
    pub(super) fn name(&self) -> Text {
        let mut inner = self;
        while let (true, Some(element)) = (inner.named.is_empty(), &inner.element) {
            inner = element;
        }
        inner.named
    }

    /// The type as it is written in a document.
    pub(super) fn text(&self) -> Vec<u8> {
        let mut text = match &self.element {
            Some(element) if self.named.is_empty() => [b"[", element.text().as_slice(), b"]"].concat(),
            _ => self.named.to_vec(),
        };
        if self.non_null {
            text.push(b'!');
        }
        text
    }

    /// Whether a value of this type may stand where `other` is expected, whose outermost `!` is `non_null`.
    pub(super) fn is_compatible(&self, other: &Self, non_null: bool) -> bool {
        let elements = match (&self.element, &other.element) {
            (Some(element), Some(expected)) => element.is_compatible(expected, expected.non_null),
            (element, _) => element.is_none(),
        };
        self.named == other.named && elements && (self.non_null || !non_null)
    }
}

/// What a literal is, numbered as gqlparser numbers it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Variable,
    Int,
    Float,
    String,
    Block,
    Boolean,
    Null,
    Enum,
    List,
    Object,
}

impl Kind {
    /// All kinds, each at its number.
    pub(super) const ALL: [Self; 10] = [
        Self::Variable,
        Self::Int,
        Self::Float,
        Self::String,
        Self::Block,
        Self::Boolean,
        Self::Null,
        Self::Enum,
        Self::List,
        Self::Object,
    ];
}

/// A literal or a variable.
#[derive(Default)]
pub(super) struct Literal<'a> {
    pub(super) raw: Text,
    pub(super) children: Vec<Child<'a>>,
    pub(super) kind: Kind,
    pub(super) position: Position,
    pub(super) comment: Comments,
    /// Only a document that is given as an object can say so.
    pub(super) has_default: bool,
    /// The definition of a variable in the operation that was walked last.
    pub(super) variable: Cell<Option<&'a VariableDefinition<'a>>>,
}

/// An element of a list, or a field of an object.
#[derive(Default)]
pub(super) struct Child<'a> {
    pub(super) name: Text,
    pub(super) value: Literal<'a>,
    pub(super) position: Position,
    pub(super) comment: Comments,
}

#[derive(Default)]
pub(super) struct Argument<'a> {
    pub(super) name: Text,
    pub(super) value: Literal<'a>,
    pub(super) position: Position,
    pub(super) comment: Comments,
}

#[derive(Default)]
pub(super) struct Directive<'a> {
    pub(super) name: Text,
    pub(super) arguments: Vec<Argument<'a>>,
    pub(super) position: Position,
    /// Only a document that is given as an object can hold one.
    pub(super) location: Text,
}

/// A query document.
#[derive(Default)]
pub(super) struct Query<'a> {
    pub(super) operations: Vec<Operation<'a>>,
    pub(super) fragments: Vec<Fragment<'a>>,
    /// Only a document that is given as an object can hold one.
    pub(super) comment: Comments,
}

#[derive(Default)]
pub(super) struct Operation<'a> {
    /// `query`, `mutation`, `subscription`; an object may leave it out, which is a query.
    pub(super) operation: Text,
    pub(super) name: Text,
    pub(super) variables: Vec<VariableDefinition<'a>>,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) selections: Vec<Selection<'a>>,
    pub(super) position: Position,
    pub(super) comment: Comments,
}

#[derive(Default)]
pub(super) struct VariableDefinition<'a> {
    pub(super) name: Text,
    pub(super) kind: Type,
    pub(super) default: Option<Literal<'a>>,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) position: Position,
    pub(super) comment: Comments,
    pub(super) used: Cell<bool>,
}

#[derive(Default)]
pub(super) struct Fragment<'a> {
    pub(super) name: Text,
    pub(super) variables: Vec<VariableDefinition<'a>>,
    pub(super) condition: Text,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) selections: Vec<Selection<'a>>,
    pub(super) position: Position,
    pub(super) comment: Comments,
}

pub(super) enum Selection<'a> {
    Field(Field<'a>),
    Spread(Spread<'a>),
    Inline(Inline<'a>),
}

#[derive(Default)]
pub(super) struct Field<'a> {
    pub(super) alias: Text,
    pub(super) name: Text,
    pub(super) arguments: Vec<Argument<'a>>,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) selections: Vec<Selection<'a>>,
    pub(super) position: Position,
    pub(super) comment: Comments,
    pub(super) definition: Cell<Option<&'a FieldDefinition<'a>>>,
    /// The type that the field is asked of.
    pub(super) parent: Cell<Option<&'a Definition<'a>>>,
}

#[derive(Default)]
pub(super) struct Spread<'a> {
    pub(super) name: Text,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) position: Position,
    pub(super) comment: Comments,
    pub(super) definition: Cell<Option<&'a Fragment<'a>>>,
}

#[derive(Default)]
pub(super) struct Inline<'a> {
    pub(super) condition: Text,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) selections: Vec<Selection<'a>>,
    pub(super) position: Position,
    pub(super) comment: Comments,
}

/// A schema document.
#[derive(Default)]
pub(super) struct Document<'a> {
    pub(super) schema: Vec<Entry<'a>>,
    pub(super) schema_extension: Vec<Entry<'a>>,
    pub(super) directives: Vec<DirectiveDefinition<'a>>,
    pub(super) definitions: Vec<Definition<'a>>,
    pub(super) extensions: Vec<Definition<'a>>,
    pub(super) comment: Comments,
}

/// The comments around a definition.
#[derive(Default)]
pub(super) struct Around {
    pub(super) before_description: Comments,
    pub(super) after_description: Comments,
    pub(super) end: Comments,
}

/// `schema { … }`
#[derive(Default)]
pub(super) struct Entry<'a> {
    pub(super) description: Text,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) operations: Vec<RootOperation>,
    pub(super) position: Position,
    pub(super) comments: Around,
}

#[derive(Default)]
pub(super) struct RootOperation {
    pub(super) operation: Text,
    pub(super) kind: Text,
    pub(super) position: Position,
    pub(super) comment: Comments,
}

/// The kinds of definitions, as texts because an object may give any.
pub(super) const SCALAR: Text = b"SCALAR";
pub(super) const OBJECT: Text = b"OBJECT";
pub(super) const INTERFACE: Text = b"INTERFACE";
pub(super) const UNION: Text = b"UNION";
pub(super) const ENUM: Text = b"ENUM";
pub(super) const INPUT_OBJECT: Text = b"INPUT_OBJECT";

/// A definition of a type, or what an extension adds to one.
#[derive(Default)]
pub(super) struct Definition<'a> {
    pub(super) kind: Text,
    pub(super) description: Text,
    pub(super) name: Text,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) interfaces: Vec<Text>,
    pub(super) fields: Vec<FieldDefinition<'a>>,
    /// The members of a union, and where each stands when the document is a text.
    pub(super) types: Vec<Text>,
    pub(super) type_positions: Vec<Position>,
    pub(super) values: Vec<EnumValue<'a>>,
    pub(super) position: Position,
    pub(super) built_in: bool,
    pub(super) comments: Around,
    /// The first field of each name; filled when the schema is put together.
    pub(super) by_name: BTreeMap<Text, usize>,
}

impl<'a> Definition<'a> {
    pub(super) fn field(&self, name: &[u8]) -> Option<&FieldDefinition<'a>> {
        self.fields.get(*self.by_name.get(name)?)
    }

    pub(super) fn is_leaf(&self) -> bool {
        self.kind == ENUM || self.kind == SCALAR
    }

    pub(super) fn is_abstract(&self) -> bool {
        self.kind == INTERFACE || self.kind == UNION
    }

    pub(super) fn is_composite(&self) -> bool {
        self.kind == OBJECT || self.is_abstract()
    }

    pub(super) fn is_input(&self) -> bool {
        self.is_leaf() || self.kind == INPUT_OBJECT
    }
}

/// A field of a type or of an input object, or an argument.
#[derive(Default)]
pub(super) struct FieldDefinition<'a> {
    pub(super) description: Text,
    pub(super) name: Text,
    pub(super) arguments: Vec<FieldDefinition<'a>>,
    pub(super) default: Option<Literal<'a>>,
    pub(super) kind: Type,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) position: Position,
    pub(super) comments: Around,
}

impl FieldDefinition<'_> {
    /// Whether there is a default that is not `null`.
    pub(super) fn has_default(&self) -> bool {
        self.default.as_ref().is_some_and(|default| default.kind != Kind::Null)
    }
}

#[derive(Default)]
pub(super) struct EnumValue<'a> {
    pub(super) description: Text,
    pub(super) name: Text,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) position: Position,
    pub(super) comments: Around,
}

#[derive(Default)]
pub(super) struct DirectiveDefinition<'a> {
    pub(super) description: Text,
    pub(super) name: Text,
    pub(super) arguments: Vec<FieldDefinition<'a>>,
    pub(super) locations: Vec<Text>,
    pub(super) is_repeatable: bool,
    pub(super) position: Position,
    pub(super) comments: Around,
}

/// The definition of an argument by its name.
pub(super) fn argument<'d, 'a>(arguments: &'d [FieldDefinition<'a>], name: &[u8]) -> Option<&'d FieldDefinition<'a>> {
    arguments.iter().find(|argument| argument.name == name)
}
