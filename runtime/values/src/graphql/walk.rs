//! The walk over a query: every node is visited as gqlparser visits it, and after its children the rules are asked about it.
//!
//! A fragment is walked from each operation that reaches it, and once more on its own.

use alloc::collections::{BTreeMap, BTreeSet};

use super::ast::{
    Argument, Definition, Directive, FieldDefinition, Fragment, Kind, Literal, Operation, Position, Query, Selection,
    Spread, Text, Type, VariableDefinition, argument,
};
use super::overlap::Overlap;
use super::schema::Schema;
use super::{Errors, MAX_LEVELS};

/// What a literal must be where it stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Expected<'a> {
    pub(super) kind: Option<&'a Type>,
    /// Whether there is a default that is not null.
    pub(super) has_default: bool,
    /// The definition of the innermost type.
    pub(super) definition: Option<&'a Definition<'a>>,
}

/// A walk.
pub(super) struct Walker<'a> {
    pub(super) schema: &'a Schema<'a>,
    pub(super) query: &'a Query<'a>,
    /// The first fragment of each name.
    pub(super) fragments: BTreeMap<Text, &'a Fragment<'a>>,
    pub(super) operation: Option<&'a Operation<'a>>,
    /// The first variable of each name of the operation.
    variables: BTreeMap<Text, &'a VariableDefinition<'a>>,
    /// Fragments that this operation, or this fragment, has reached.
    reached: BTreeSet<Text>,
    pub(super) errors: Errors,
    depth: u32,
    pub(super) memory: Memory,
    pub(super) overlap: Overlap,
}

/// What rules remember of nodes that they saw.
#[derive(Default)]
pub(super) struct Memory {
    /// Directives at wrong places that were reported.
    pub(super) misplaced: BTreeSet<(Text, i32, i32)>,
    /// Fragments that were searched for cycles.
    pub(super) searched: BTreeSet<Text>,
    pub(super) is_in_fragments: bool,
    pub(super) used_fragments: BTreeSet<Text>,
    pub(super) fragments: BTreeSet<Text>,
    pub(super) operations: BTreeSet<Text>,
}

impl<'a> Walker<'a> {
    pub(super) fn new(schema: &'a Schema<'a>, query: &'a Query<'a>, explain: bool) -> Self {
        // Maps are filled one by one: `collect` would bring a sort of its own into the module.
        let mut fragments = BTreeMap::new();
        query.fragments.iter().for_each(|fragment| _ = fragments.entry(fragment.name).or_insert(fragment));
        Self {
            schema,
            query,
            fragments,
            operation: None,
            variables: BTreeMap::new(),
            reached: BTreeSet::new(),
            errors: Errors::new(explain),
            depth: 0,
            memory: Memory::default(),
            overlap: Overlap::new(),
        }
    }

    pub(super) fn walk(&mut self) {
        for operation in &self.query.operations {
            self.reached.clear();
            self.walk_operation(operation);
        }
        for fragment in &self.query.fragments {
            self.reached.clear();
            let definition = self.schema.definition(fragment.condition);
            self.walk_directives(&fragment.directives, "FRAGMENT_DEFINITION");
            self.walk_selections(definition, &fragment.selections);
            if self.errors.stop {
                return;
            }
            self.on_fragment(fragment, definition);
        }
    }

    fn walk_operation(&mut self, operation: &'a Operation<'a>) {
        self.operation = Some(operation);
        self.variables.clear();
        for variable in &operation.variables {
            self.variables.entry(variable.name).or_insert(variable);
            self.on_variable(variable);
        }
        let location = match operation.operation {
            b"mutation" => "MUTATION",
            b"subscription" => "SUBSCRIPTION",
            _ => "QUERY",
        };
        let root = self.schema.root(operation.operation);
        for variable in &operation.variables {
            if let Some(default) = &variable.default {
                let definition = self.schema.definition(variable.kind.name());
                let has_default = default.has_default;
                self.walk_literal(default, Expected { kind: Some(&variable.kind), has_default, definition });
            }
            self.walk_directives(&variable.directives, "VARIABLE_DEFINITION");
        }
        self.walk_directives(&operation.directives, location);
        self.walk_selections(root, &operation.selections);
        if !self.errors.stop {
            self.on_operation(operation, root);
        }
        self.operation = None;
        self.variables.clear();
    }

    fn walk_directives(&mut self, directives: &'a [Directive<'a>], location: &'static str) {
        for directive in directives {
            let definition = self.schema.directives.get(directive.name);
            for given in &directive.arguments {
                self.walk_argument(definition.and_then(|it| argument(&it.arguments, given.name)), given);
            }
            self.on_directive(directive, definition, location);
        }
        self.on_directives(directives);
    }

    fn walk_argument(&mut self, definition: Option<&'a FieldDefinition<'a>>, argument: &'a Argument<'a>) {
        let has_default = argument.value.has_default;
        let expected = definition.map_or(Expected { has_default, ..Expected::default() }, |it| self.expected(it));
        self.walk_literal(&argument.value, expected);
    }

    fn expected(&self, definition: &'a FieldDefinition<'a>) -> Expected<'a> {
        let kind = &definition.kind;
        let has_default = definition.has_default();
        Expected { kind: Some(kind), has_default, definition: self.schema.definition(kind.name()) }
    }

    fn walk_literal(&mut self, literal: &'a Literal<'a>, expected: Expected<'a>) {
        if literal.kind == Kind::Variable && self.operation.is_some() {
            let variable = self.variables.get(literal.raw).copied();
            literal.variable.set(variable);
            if let Some(variable) = variable {
                variable.used.set(true);
            }
        }
        if matches!(literal.kind, Kind::Object | Kind::List) {
            for child in &literal.children {
                let unknown = Expected { has_default: child.value.has_default, ..Expected::default() };
                let inner = if literal.kind == Kind::Object {
                    let field = expected.definition.and_then(|definition| definition.field(child.name));
                    field.map_or(unknown, |field| self.expected(field))
                } else {
                    let element = expected.kind.and_then(|kind| kind.element.as_deref());
                    let definition = expected.definition.filter(|_| element.is_some());
                    Expected { kind: element, definition, ..unknown }
                };
                self.walk_literal(&child.value, inner);
            }
        }
        if !self.errors.stop {
            self.on_literal(literal, expected);
        }
    }

    /// Goes a level deeper; false when that is too deep.
    pub(super) fn enter(&mut self, position: Position) -> bool {
        if self.depth > MAX_LEVELS && !self.errors.stop {
            self.errors.give_up(position, "GraphQL fragments nest too deeply");
        }
        self.depth += 1;
        !self.errors.stop
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    fn walk_selections(&mut self, parent: Option<&'a Definition<'a>>, selections: &'a [Selection<'a>]) {
        for selection in selections {
            if self.errors.stop {
                return;
            }
            match selection {
                Selection::Field(field) => {
                    let definition = match field.name {
                        b"__typename" => Some(&self.schema.typename),
                        name => parent.and_then(|parent| parent.field(name)),
                    };
                    field.definition.set(definition);
                    field.parent.set(parent);
                    for given in &field.arguments {
                        self.walk_argument(definition.and_then(|it| argument(&it.arguments, given.name)), given);
                    }
                    let kind = definition.and_then(|definition| self.schema.definition(definition.kind.name()));
                    self.walk_directives(&field.directives, "FIELD");
                    self.walk_below(kind, &field.selections, field.position);
                    self.on_field(field, kind);
                }
                Selection::Inline(inline) => {
                    let kind =
                        if inline.condition.is_empty() { parent } else { self.schema.definition(inline.condition) };
                    self.walk_directives(&inline.directives, "INLINE_FRAGMENT");
                    self.walk_below(kind, &inline.selections, inline.position);
                    self.on_inline(inline, parent);
                }
                Selection::Spread(spread) => self.walk_spread(parent, spread),
            }
        }
    }

    fn walk_below(&mut self, kind: Option<&'a Definition<'a>>, selections: &'a [Selection<'a>], position: Position) {
        if selections.is_empty() {
            return;
        }
        if self.enter(position) {
            self.walk_selections(kind, selections);
        }
        self.leave();
    }

    fn walk_spread(&mut self, parent: Option<&'a Definition<'a>>, spread: &'a Spread<'a>) {
        let fragment = self.fragments.get(spread.name).copied();
        spread.definition.set(fragment);
        self.walk_directives(&spread.directives, "FRAGMENT_SPREAD");
        if let Some(fragment) = fragment
            && self.reached.insert(fragment.name)
        {
            let kind = self.schema.definition(fragment.condition);
            self.walk_directives(&fragment.directives, "FRAGMENT_DEFINITION");
            self.walk_below(kind, &fragment.selections, spread.position);
        }
        self.on_spread(spread, parent);
    }
}
