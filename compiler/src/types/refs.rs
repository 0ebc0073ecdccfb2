//! Whether references lead anywhere, and what that says of the variables in them.

use super::detail::{invalid_operand, unsupported_operand};
use super::env::Env;
use super::infer::{Checker, TypeError};
use super::tree::TypeTree;
use super::ty::{Key, Type};
use super::unify::unifies;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::text::Writer;
use crate::hir::visit::{Visitor, walk_expr};
use crate::hir::{Entrypoint, Expr, ExprKind, NOWHERE, Ref, RefBase, Term, TermKind, With};
use crate::source::Span;

/// What is wrong with an operand of a reference.
enum Fault {
    /// The value before the operand has no members.
    NoMembers(Option<Type>),
    /// The operand is of the wrong type, or no such key.
    Operand {
        /// The type of the operand where it is a variable or reference.
        have: Option<Type>,
        /// The types that it may have; none where no key at all would do.
        want: Option<Type>,
        /// The keys that would do.
        one_of: Vec<Key>,
    },
}

/// A place in a reference with what is wrong there. The place counts operands from 1; 0 is the base.
type Found = Result<(), (usize, Fault)>;

impl<'p> Checker<'p> {
    /// Checks the references of a statement, those in the bodies of `every`, `not`, `and` and `or` included.
    /// Comprehensions are checked with their bodies.
    pub(super) fn check_references(&mut self, expr: &'p Expr) -> Vec<TypeError> {
        let mut found = References::default();
        walk_expr(&mut found, expr);
        let mut errors: Vec<TypeError> =
            found.clauses.into_iter().flat_map(|clause| self.functions_of(clause)).collect();
        // Outer before inner. What is wrong with a function says all there is to say.
        let mut skip_below: Option<Span> = None;
        for (reference, span) in found.references {
            if skip_below.is_some_and(|outer| outer != span && outer.start <= span.start && span.end <= outer.end) {
                continue;
            }
            if let Some(ty @ Type::Function(_)) = self.env.type_of_reference(reference) {
                errors.push(self.function_as_reference(reference, span, &ty));
                skip_below = Some(span);
            } else if let Err((place, fault)) = self.check_reference(reference) {
                errors.push(self.reference_error(reference, span, place, fault));
            }
        }
        errors
    }

    /// Checks that the document of an entrypoint may be defined.
    pub(super) fn check_entrypoint(&mut self, entrypoint: &Entrypoint) -> Option<Diagnostic> {
        let reference = entrypoint.reference();
        let (place, fault) = self.env.check_document(&reference).err()?;
        let mut diagnostic = self.reference_error(&reference, NOWHERE, place, fault).diagnostic;
        diagnostic.span = None;
        Some(diagnostic)
    }

    fn check_reference(&mut self, reference: &Ref) -> Found {
        if let RefBase::Local(local) = reference.base {
            let Some(ty) = self.env.local(local) else {
                // Nothing is known of it: it may be anything, but it must have members.
                self.env.set_local(local, Some(Type::any()));
                return self.env.check_below(Some(Type::any()), reference, 0);
            };
            return self.env.check_below(Some(ty), reference, 0);
        }
        self.env.check_document(reference)
    }

    fn reference_error(&self, reference: &Ref, span: Span, place: usize, fault: Fault) -> TypeError {
        let subjects = self.subjects();
        let mut writer = Writer::with_subjects(self.locals, &subjects);
        writer.reference(reference, reference.path.len());
        let text = writer.text;
        let mut before = Writer::with_subjects(self.locals, &subjects);
        let mut message = format!("undefined ref: {text}");
        let details = match fault {
            Fault::NoMembers(ty) => {
                if let Some(Type::Function(_)) = ty {
                    message = format!("function {text} used as reference, not called");
                }
                before.reference(reference, place.saturating_sub(1));
                unsupported_operand(&text, &before.text, ty.as_ref())
            }
            Fault::Operand { have, want, one_of } => {
                before.reference(reference, place.saturating_sub(1));
                let mut operand = Writer::with_subjects(self.locals, &subjects);
                if let Some(term) = reference.path.get(place.saturating_sub(1)) {
                    operand.term(term);
                }
                invalid_operand(&text, &before.text, &operand.text, have.as_ref(), want.as_ref(), &one_of)
            }
        };
        TypeError::new(Diagnostic::new(Code::Type, span, message).with_details(details))
    }

    fn function_as_reference(&self, reference: &Ref, span: Span, ty: &Type) -> TypeError {
        let subjects = self.subjects();
        let mut writer = Writer::with_subjects(self.locals, &subjects);
        writer.reference(reference, reference.path.len());
        let details = unsupported_operand(&writer.text, &writer.text, Some(ty));
        let message = format!("function {} used as reference, not called", writer.text);
        TypeError::new(Diagnostic::new(Code::Type, span, message).with_details(details))
    }
}

impl Env<'_> {
    /// Checks a reference into `data` or `input`: first what `with` puts there, then what rules make.
    fn check_document(&mut self, reference: &Ref) -> Found {
        for layer in (0..self.replaced.len()).rev() {
            let Some(tree) = self.replaced.get(layer).cloned() else { continue };
            if let Some(found) = self.check_tree(&tree, reference, false) {
                return found;
            }
        }
        let documents = std::mem::replace(&mut self.documents, TypeTree::new());
        let found = self.check_tree(&documents, reference, true);
        self.documents = documents;
        found.unwrap_or(Ok(()))
    }

    /// Checks a reference against a tree; none if the tree knows nothing of it and another one is to be asked.
    fn check_tree(&mut self, tree: &TypeTree, reference: &Ref, is_last: bool) -> Option<Found> {
        let Some(mut node) = tree.child(TypeTree::ROOT, &self.root(reference.base)) else {
            return is_last.then(|| self.check_below(Some(self.any()), reference, 0));
        };
        for (at, operand) in reference.path.iter().enumerate() {
            if let Some(value) = tree.node(node).and_then(|node| node.value.clone()) {
                return Some(self.check_below(Some(value), reference, at));
            }
            let is_key = matches!(operand.kind, TermKind::Local(_) | TermKind::Ref(_) | TermKind::String(_));
            let one_of = || tree.children(node).map(|(key, _)| key.clone()).collect();
            if at < 2 && !is_key {
                let have = self.type_of(operand);
                let fault = Fault::Operand { have, want: Some(Type::String), one_of: one_of() };
                return Some(Err((at + 1, fault)));
            }
            if let TermKind::Local(_) | TermKind::Ref(_) = operand.kind {
                let keys = tree.keys(node);
                let exists = self.type_of(operand);
                if exists.is_some() && !unifies(keys.as_ref(), exists.as_ref()) {
                    return Some(Err((at + 1, Fault::Operand { have: exists, want: keys, one_of: one_of() })));
                }
                if let (TermKind::Local(local), None) = (&operand.kind, exists) {
                    self.set_local(*local, keys);
                }
            }
            match Key::of(operand).and_then(|key| tree.child(node, &key)) {
                Some(child) => node = child,
                None if !is_last => return None,
                None => {
                    // Base documents, or any of the rules: nothing can be wrong with what follows.
                    self.allow_any(reference.path.get(at + 1..).unwrap_or_default());
                    return Some(Ok(()));
                }
            }
        }
        Some(Ok(()))
    }

    /// Gives variables without a type the type of any value.
    fn allow_any(&mut self, operands: &[Term]) {
        for operand in operands {
            if let TermKind::Local(local) = operand.kind
                && self.local(local).is_none()
            {
                self.set_local(local, Some(Type::any()));
            }
        }
    }

    /// Checks the operands of a reference from a place on, below a value of a type.
    fn check_below(&mut self, ty: Option<Type>, reference: &Ref, from: usize) -> Found {
        let mut ty = ty;
        for (at, operand) in reference.path.iter().enumerate().skip(from) {
            if ty.as_ref().is_some_and(Type::is_empty_collection) {
                return Err((at + 1, Fault::Operand { have: None, want: None, one_of: Vec::new() }));
            }
            let Some(keys) = ty.as_ref().and_then(Type::keys) else { return Err((at + 1, Fault::NoMembers(ty))) };
            let one_of = || ty.as_ref().map(keys_of).unwrap_or_default();
            match &operand.kind {
                TermKind::Local(_) | TermKind::Ref(_) => {
                    let exists = self.type_of(operand);
                    if exists.is_some() && !unifies(exists.as_ref(), Some(&keys)) {
                        return Err((at + 1, Fault::Operand { have: exists, want: Some(keys), one_of: one_of() }));
                    }
                    if let (TermKind::Local(local), None) = (&operand.kind, exists) {
                        self.set_local(*local, Some(keys));
                    }
                }
                TermKind::Array(_) | TermKind::Object(_) | TermKind::Set(_) => {
                    if !self.unify_with(operand, Some(&keys), false) {
                        let have = self.type_of(operand);
                        return Err((at + 1, Fault::Operand { have, want: Some(keys), one_of: Vec::new() }));
                    }
                }
                _ => {
                    let child = Key::of(operand).and_then(|key| ty.as_ref()?.select(&key));
                    if child.is_none() {
                        let fault = Fault::Operand { have: None, want: Some(keys), one_of: one_of() };
                        return Err((at + 1, fault));
                    }
                    ty = child;
                    continue;
                }
            }
            ty = ty.as_ref().and_then(Type::values);
        }
        Ok(())
    }
}

/// The constant keys of the objects of a type, sorted.
fn keys_of(ty: &Type) -> Vec<Key> {
    let mut keys: Vec<Key> = match ty {
        Type::Object(object) => object.fixed.iter().map(|(key, _)| key.clone()).collect(),
        Type::Any(any) => any.of.iter().flat_map(keys_of).collect(),
        _ => Vec::new(),
    };
    keys.sort();
    keys.dedup();
    keys
}

/// Collects the references of a statement that are not inside a comprehension, and the `with` clauses that OPA looks at like them:
/// those of each `every`, `and` and `or`.
#[derive(Default)]
struct References<'p> {
    references: Vec<(&'p Ref, Span)>,
    clauses: Vec<&'p With>,
}

impl<'p> Visitor<'p> for References<'p> {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        if let ExprKind::Every { .. } | ExprKind::And(..) | ExprKind::Or(..) = &expr.kind {
            self.clauses.extend(&expr.with);
        }
        true
    }

    fn term(&mut self, term: &'p Term) -> bool {
        if let TermKind::Ref(reference) = &term.kind {
            self.references.push((reference, term.span));
        }
        !matches!(
            term.kind,
            TermKind::ArrayComprehension(..) | TermKind::SetComprehension(..) | TermKind::ObjectComprehension(..)
        )
    }
}
