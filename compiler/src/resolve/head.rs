//! What the head of a rule means: which path it defines, and whether it gives one value, an element of a set or a function.
//!
//! Versions of Rego differ only here: `p[x]` and `p.x` without `if` are elements of the set `p`, with `if` an entry `true` of the object `p`.

use std::borrow::Cow;

use crate::hir::{Key, Name};
use crate::resolve::text;
use crate::syntax::ast::{self, RefOperand, TermKind};

/// A part of a head's path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'a> {
    /// A name of the package or behind a dot.
    Name(&'a Name),
    /// A term in brackets.
    Index(&'a ast::Term),
}

impl Part<'_> {
    /// The key, if the part is a scalar.
    pub(super) fn key(&self) -> Option<Key> {
        match self {
            Self::Name(name) => Some(Key::String((*name).clone())),
            Self::Index(term) => match &term.kind {
                TermKind::Null => Some(Key::Null),
                TermKind::Boolean(value) => Some(Key::Boolean(*value)),
                TermKind::Number(number) => Some(Key::Number(number.clone())),
                TermKind::String(name) => Some(Key::String(name.clone())),
                _ => None,
            },
        }
    }
}

/// The meaning of a head.
#[derive(Clone, Debug)]
pub(super) struct Shape<'a> {
    /// The path below the package; the first part is a name.
    pub(super) parts: Vec<Part<'a>>,
    /// How many parts come before the first that is no scalar.
    pub(super) ground: usize,
    /// The parameters; none for documents.
    pub(super) params: &'a [ast::Term],
    /// The element of a set; none for rules with one value.
    pub(super) element: Option<Cow<'a, ast::Term>>,
    /// The value; none stands for `true`.
    pub(super) value: Option<&'a ast::Term>,
}

impl<'a> Shape<'a> {
    /// The meaning of a rule's head.
    pub(super) fn of(rule: &'a ast::Rule) -> Self {
        let head = &rule.head;
        let params = head.params.as_deref().unwrap_or_default();
        let mut parts = Vec::with_capacity(head.reference.operands.len() + 1);
        if let TermKind::Var(name) = &head.reference.head.kind {
            parts.push(Part::Name(name));
        }
        parts.extend(head.reference.operands.iter().map(|operand| match operand {
            RefOperand::Field(name, _) => Part::Name(name),
            RefOperand::Index(term) => Part::Index(term),
        }));
        let value = head.value.as_ref().map(|(_, value)| value);
        let mut element = head.contains.as_ref().map(Cow::Borrowed);
        let old_set = element.is_none() && value.is_none() && !rule.has_if && params.is_empty() && parts.len() == 2;
        let mut shape_parts = parts;
        if old_set {
            element = head.reference.operands.first().map(|operand| match operand {
                RefOperand::Field(name, span) => {
                    Cow::Owned(ast::Term { kind: TermKind::String(name.clone()), span: *span })
                }
                RefOperand::Index(term) => Cow::Borrowed(term),
            });
            shape_parts.truncate(1);
        }
        let ground = shape_parts.iter().take_while(|part| part.key().is_some()).count();
        Self { parts: shape_parts, ground, params, element, value }
    }

    /// Whether the path has no variables.
    pub(super) fn is_ground(&self) -> bool {
        self.ground == self.parts.len()
    }

    /// The name of the rule: the first part.
    pub(super) fn name(&self) -> Option<&'a Name> {
        match self.parts.first() {
            Some(Part::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// The text of the path behind `prefix`.
    pub(super) fn text(&self, prefix: String) -> String {
        let mut written = prefix;
        for part in &self.parts {
            match part {
                Part::Name(name) if written.is_empty() => written.push_str(name),
                Part::Name(name) => text::push_key(&mut written, name),
                Part::Index(term) => {
                    text::push_operands(&mut written, std::slice::from_ref(&RefOperand::Index((*term).clone())));
                }
            }
        }
        written
    }
}
