//! The rules for all nodes but literals. For each node they are asked in the order of their names in gqlparser, because that is
//! the order of errors.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::ast::{
    Argument, Definition, Directive, DirectiveDefinition, Field, FieldDefinition, Fragment, Inline, Operation,
    Position, Selection, Spread, Text, VariableDefinition, argument,
};
use super::walk::Walker;
use super::{Errors, cycles, suggest};
use crate::format::quote;

/// How many fields that hold lists of types may lie in each other below `__schema`.
const MAX_INTROSPECTION_LISTS: u32 = 3;

impl<'a> Walker<'a> {
    #[inline(never)]
    pub(super) fn on_variable(&mut self, variable: &'a VariableDefinition<'a>) {
        let name = variable.kind.name();
        if self.schema.definition(name).is_none() {
            self.errors.add(variable.position, &[b"Unknown type \"", name, b"\"."]);
        }
    }

    #[inline(never)]
    pub(super) fn on_operation(&mut self, operation: &'a Operation<'a>, root: Option<&'a Definition<'a>>) {
        let Operation { name, position, .. } = operation;
        if root.is_none() {
            let parts: [&[u8]; 3] = [b"Schema does not support operation type \"", operation.operation, b"\""];
            self.errors.add(*position, &parts);
        }
        if name.is_empty() && self.query.operations.len() > 1 {
            self.errors.add(*position, &[b"This anonymous operation must be the only defined operation."]);
        }
        for variable in operation.variables.iter().filter(|variable| !variable.used.get()) {
            let unused: [&[u8]; 3] = [b"Variable \"$", variable.name, b"\" is never used"];
            let place = if name.is_empty() { Vec::new() } else { [b" in operation \"", *name, b"\""].concat() };
            self.errors.add(variable.position, &[&unused.concat(), &place, b"."]);
        }
        self.check_overlap(&operation.selections, *position);
        if operation.operation == b"subscription" && root.is_some() {
            self.check_subscription(operation);
        }
        if !self.memory.operations.insert(name) {
            self.errors.add(*position, &[b"There can be only one operation named \"", name, b"\"."]);
        }
        let names = operation.variables.iter().map(|variable| (variable.name, variable.position));
        check_once(&mut self.errors, names, "variable", "$");
        for variable in &operation.variables {
            let definition = self.schema.definition(variable.kind.name());
            if definition.is_some_and(|definition| !definition.is_input()) {
                let kind = variable.kind.text();
                let parts: [&[u8]; 5] =
                    [b"Variable \"$", variable.name, b"\" cannot be non-input type \"", &kind, b"\"."];
                self.errors.add(variable.position, &parts);
            }
        }
    }

    fn check_subscription(&mut self, operation: &'a Operation<'a>) {
        let mut fields = Vec::new();
        self.top_fields(&operation.selections, &mut BTreeSet::new(), &mut fields);
        let mut seen = BTreeSet::new();
        fields.retain(|(name, _)| seen.insert(*name));
        let name = match operation.name {
            b"" => b"Anonymous Subscription".to_vec(),
            name => [b"Subscription ".as_slice(), &quote(name)].concat(),
        };
        if let Some((_, position)) = fields.get(1) {
            self.errors.add(*position, &[&name, b" must select only one top level field."]);
        }
        for (_, position) in fields.iter().filter(|(name, _)| name.starts_with(b"__")) {
            self.errors.add(*position, &[&name, b" must not select an introspection top level field."]);
        }
    }

    /// The fields of a selection and of the fragments in it.
    fn top_fields(
        &mut self,
        selections: &'a [Selection<'a>],
        reached: &mut BTreeSet<Text>,
        fields: &mut Vec<(Text, Position)>,
    ) {
        for selection in selections {
            let (below, position) = match selection {
                Selection::Field(field) => {
                    fields.push((field.name, field.position));
                    continue;
                }
                Selection::Inline(inline) => (&inline.selections, inline.position),
                Selection::Spread(spread) => {
                    // An unknown fragment hides what stands behind it.
                    let Some(fragment) = spread.definition.get() else { return };
                    if !reached.insert(fragment.name) {
                        continue;
                    }
                    (&fragment.selections, spread.position)
                }
            };
            if self.enter(position) {
                self.top_fields(below, reached, fields);
            }
            self.leave();
        }
    }

    #[inline(never)]
    pub(super) fn on_field(&mut self, field: &'a Field<'a>, kind: Option<&'a Definition<'a>>) {
        let Field { name, position, .. } = field;
        let (definition, parent) = (field.definition.get(), field.parent.get());
        if let (None, Some(parent)) = (definition, parent)
            && self.errors.found()
        {
            let suggestion = suggest::field(self.schema, parent, name);
            let parts: [&[u8]; 6] =
                [b"Cannot query field \"", name, b"\" on type \"", parent.name, b"\".", &suggestion];
            self.errors.add(*position, &parts);
        }
        if let (Some(definition), Some(parent)) = (definition, parent) {
            let place = [b"field \"", parent.name, b".", name, b"\"."].concat();
            check_known(&mut self.errors, &field.arguments, &definition.arguments, &place, *position);
        }
        if matches!(*name, b"__schema" | b"__type") && self.is_deep_introspection(field, &mut BTreeSet::new(), 0) {
            self.errors.add(*position, &[b"Maximum introspection depth exceeded"]);
        }
        if self.operation.is_some() {
            self.check_overlap(&field.selections, *position);
        }
        if let Some(definition) = definition {
            let place = [b"Field \"", *name, b"\""].concat();
            check_provided(&mut self.errors, &field.arguments, &definition.arguments, &place, *position);
            self.check_leaf(field, definition, kind);
        }
        check_once(&mut self.errors, names(&field.arguments), "argument", "");
    }

    /// Leaves have no selection, other types must have one.
    fn check_leaf(&mut self, field: &Field<'a>, definition: &FieldDefinition<'a>, kind: Option<&Definition<'a>>) {
        let Some(kind) = kind else { return };
        match (kind.is_leaf(), field.selections.is_empty()) {
            (true, false) => {
                let of = b"\" must not have a selection since type \"";
                let parts: [&[u8]; 5] = [b"Field \"", field.name, of, kind.name, b"\" has no subfields."];
                self.errors.add(field.position, &parts);
            }
            (false, true) => {
                let parts: [&[u8]; 7] = [
                    b"Field \"",
                    field.name,
                    b"\" of type \"",
                    &definition.kind.text(),
                    b"\" must have a selection of subfields. Did you mean \"",
                    field.name,
                    b" { ... }\"?",
                ];
                self.errors.add(field.position, &parts);
            }
            _ => {}
        }
    }

    fn is_deep_introspection(&mut self, field: &'a Field<'a>, reached: &mut BTreeSet<Text>, lists: u32) -> bool {
        let is_list = matches!(field.name, b"fields" | b"interfaces" | b"possibleTypes" | b"inputFields");
        let lists = lists + u32::from(is_list);
        if is_list && lists >= MAX_INTROSPECTION_LISTS {
            return true;
        }
        self.is_deep_selection(&field.selections, reached, lists, field.position)
    }

    fn is_deep_selection(
        &mut self,
        selections: &'a [Selection<'a>],
        reached: &mut BTreeSet<Text>,
        lists: u32,
        position: Position,
    ) -> bool {
        // Each way through fragments is another one.
        let entered = self.enter(position) && self.spend(position);
        let is_deep = entered
            && selections.iter().any(|selection| match selection {
                Selection::Field(field) => self.is_deep_introspection(field, reached, lists),
                Selection::Inline(inline) => {
                    self.is_deep_selection(&inline.selections, reached, lists, inline.position)
                }
                Selection::Spread(spread) => {
                    let Some(fragment) = spread.definition.get() else { return false };
                    let is_new = reached.insert(spread.name);
                    let is_deep =
                        is_new && self.is_deep_selection(&fragment.selections, reached, lists, spread.position);
                    if is_new {
                        reached.remove(spread.name);
                    }
                    is_deep
                }
            });
        self.leave();
        is_deep
    }

    #[inline(never)]
    pub(super) fn on_inline(&mut self, inline: &'a Inline<'a>, parent: Option<&'a Definition<'a>>) {
        let Inline { condition, position, .. } = inline;
        let definition = self.schema.definition(condition);
        if definition.is_some_and(|definition| !definition.is_composite()) {
            self.errors.add(*position, &[b"Fragment cannot condition on non composite type \"", condition, b"\"."]);
        }
        if definition.is_none() && !condition.is_empty() {
            self.errors.add(*position, &[b"Unknown type \"", condition, b"\"."]);
        }
        self.check_overlap(&inline.selections, *position);
        if let Some(parent) = parent.filter(|parent| self.is_impossible(parent, condition)) {
            let can = b"\" can never be of type \"";
            let of = b"Fragment cannot be spread here as objects of type \"";
            self.errors.add(*position, &[of, parent.name, can, condition, b"\"."]);
        }
    }

    /// Whether nothing of a type can be of the type of a fragment.
    fn is_impossible(&self, parent: &Definition<'a>, condition: &[u8]) -> bool {
        let fragment = self.schema.definition(condition);
        if !parent.is_composite() || !fragment.is_some_and(Definition::is_composite) {
            return false;
        }
        let mut possible: BTreeSet<Text> = BTreeSet::new();
        self.schema.possible_types(condition).for_each(|found| _ = possible.insert(found.name));
        if parent.is_abstract() {
            !self.schema.possible_types(parent.name).any(|parent| possible.contains(parent.name))
        } else {
            !possible.contains(parent.name)
        }
    }

    #[inline(never)]
    pub(super) fn on_spread(&mut self, spread: &'a Spread<'a>, parent: Option<&'a Definition<'a>>) {
        let Spread { name, position, .. } = spread;
        if spread.definition.get().is_none() {
            self.errors.add(*position, &[b"Unknown fragment \"", name, b"\"."]);
        }
        if !self.memory.is_in_fragments {
            self.memory.used_fragments.insert(name);
        }
        let (Some(fragment), Some(parent)) = (spread.definition.get(), parent) else { return };
        if self.is_impossible(parent, fragment.condition) {
            let parts: [&[u8]; 7] = [
                b"Fragment \"",
                name,
                b"\" cannot be spread here as objects of type \"",
                parent.name,
                b"\" can never be of type \"",
                fragment.condition,
                b"\".",
            ];
            self.errors.add(*position, &parts);
        }
    }

    #[inline(never)]
    pub(super) fn on_fragment(&mut self, fragment: &'a Fragment<'a>, definition: Option<&'a Definition<'a>>) {
        let Fragment { name, condition, position, .. } = fragment;
        if definition.is_some_and(|definition| !definition.is_composite()) && !condition.is_empty() {
            let on = b"\" cannot condition on non composite type \"";
            self.errors.add(*position, &[b"Fragment \"", name, on, condition, b"\"."]);
        }
        if definition.is_none() && self.errors.found() {
            let suggestion = suggest::suggestion("Did you mean", condition, self.schema.types.keys().copied());
            self.errors.add(*position, &[b"Unknown type \"", condition, b"\".", &suggestion]);
        }
        let errors = &mut self.errors;
        cycles::search(fragment, &self.fragments, &mut self.memory.searched, |spread, between| {
            let names: Vec<Vec<u8>> = between.iter().map(|spread| [b"\"", spread.name, b"\""].concat()).collect();
            let via = if names.is_empty() { Vec::new() } else { [b" via ".to_vec(), names.join(&b", "[..])].concat() };
            let parts: [&[u8]; 5] = [b"Cannot spread fragment \"", spread.name, b"\" within itself", &via, b"."];
            errors.add(spread.position, &parts);
        });
        self.memory.is_in_fragments = true;
        if !self.memory.used_fragments.contains(name) {
            self.errors.add(*position, &[b"Fragment \"", name, b"\" is never used."]);
        }
        self.check_overlap(&fragment.selections, *position);
        if !self.memory.fragments.insert(name) {
            self.errors.add(*position, &[b"There can be only one fragment named \"", name, b"\"."]);
        }
    }

    #[inline(never)]
    pub(super) fn on_directive(
        &mut self,
        directive: &'a Directive<'a>,
        definition: Option<&'a DirectiveDefinition<'a>>,
        location: &'static str,
    ) {
        let Directive { name, position, .. } = directive;
        let Some(definition) = definition else {
            self.errors.add(*position, &[b"Unknown directive \"@", name, b"\"."]);
            check_once(&mut self.errors, names(&directive.arguments), "argument", "");
            return;
        };
        let place = [b"directive \"@", *name, b"\"."].concat();
        check_known(&mut self.errors, &directive.arguments, &definition.arguments, &place, *position);
        let is_allowed = definition.locations.contains(&location.as_bytes());
        if !is_allowed && self.memory.misplaced.insert((name, position.line, position.column)) {
            let parts: [&[u8]; 5] = [b"Directive \"@", name, b"\" may not be used on ", location.as_bytes(), b"."];
            self.errors.add(*position, &parts);
        }
        let place = [b"Directive \"@", *name, b"\""].concat();
        check_provided(&mut self.errors, &directive.arguments, &definition.arguments, &place, *position);
        check_once(&mut self.errors, names(&directive.arguments), "argument", "");
    }

    #[inline(never)]
    pub(super) fn on_directives(&mut self, directives: &'a [Directive<'a>]) {
        let mut seen = BTreeSet::new();
        for directive in directives {
            let definition = self.schema.directives.get(directive.name);
            if !seen.insert(directive.name) && !definition.is_some_and(|definition| definition.is_repeatable) {
                let rest = b"\" can only be used once at this location.";
                self.errors.add(directive.position, &[b"The directive \"@", directive.name, rest]);
            }
        }
    }
}

fn names<'a>(arguments: &'a [Argument<'a>]) -> impl Iterator<Item = (Text, Position)> {
    arguments.iter().map(|argument| (argument.name, argument.position))
}

/// Names may come once: the second of each is reported, others behind it are not.
fn check_once(errors: &mut Errors, names: impl Iterator<Item = (Text, Position)>, what: &str, sigil: &str) {
    let (mut seen, mut reported) = (BTreeSet::new(), BTreeSet::new());
    for (name, position) in names {
        if !seen.insert(name) && reported.insert(name) {
            let parts: [&[u8]; 6] =
                [b"There can be only one ", what.as_bytes(), b" named \"", sigil.as_bytes(), name, b"\"."];
            errors.add(position, &parts);
        }
    }
}

/// Arguments must be defined.
fn check_known(
    errors: &mut Errors,
    given: &[Argument<'_>],
    defined: &[FieldDefinition<'_>],
    place: &[u8],
    position: Position,
) {
    for given in given.iter().filter(|given| argument(defined, given.name).is_none()) {
        if errors.found() {
            let options = defined.iter().map(|defined| defined.name);
            let suggestion = suggest::suggestion("Did you mean", given.name, options);
            errors.add(position, &[b"Unknown argument \"", given.name, b"\" on ", place, &suggestion]);
        }
    }
}

/// Arguments that may not be null and have no default must be given.
fn check_provided(
    errors: &mut Errors,
    given: &[Argument<'_>],
    defined: &[FieldDefinition<'_>],
    place: &[u8],
    position: Position,
) {
    for wanted in defined.iter().filter(|wanted| wanted.kind.non_null && wanted.default.is_none()) {
        if !given.iter().any(|given| given.name == wanted.name) {
            let kind = wanted.kind.text();
            let rest = b"\" is required, but it was not provided.";
            errors.add(position, &[place, b" argument \"", wanted.name, b"\" of type \"", &kind, rest]);
        }
    }
}
