//! The names that the statements of a body declare, before anything is resolved: they hide imports and rules of the package.

use std::collections::BTreeSet;

use crate::hir::Name;
use crate::syntax::ast::{
    Body, InfixOperator, Literal, LiteralKind, Operand, Ref, RefOperand, TemplatePart, Term, TermKind,
};

/// The names that a body declares with `:=` and `some`, in nested bodies too, but not in comprehensions.
pub(super) fn names_of_body(body: &Body) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    in_body(body, &mut names);
    names
}

fn in_body(body: &Body, names: &mut BTreeSet<Name>) {
    for literal in &body.literals {
        in_literal(literal, names);
    }
}

fn in_literal(literal: &Literal, names: &mut BTreeSet<Name>) {
    match &literal.kind {
        LiteralKind::Expr(term) => {
            if let Some(target) = assignment_target(term) {
                variables(target, names);
            }
        }
        LiteralKind::Some(declared) => names.extend(declared.iter().map(|(name, _)| name.clone())),
        LiteralKind::SomeIn(some) => {
            if let Some(key) = &some.key {
                variables(key, names);
            }
            variables(&some.value, names);
        }
        LiteralKind::Every(every) => in_body(&every.body, names),
        LiteralKind::Not(operand) => in_operand(operand, names),
        LiteralKind::Logical(logical) => {
            in_operand(&logical.left, names);
            in_operand(&logical.right, names);
        }
    }
}

fn in_operand(operand: &Operand, names: &mut BTreeSet<Name>) {
    match operand {
        Operand::Bare(literal) | Operand::Group(literal) => in_literal(literal, names),
        Operand::Braces(body) => in_body(body, names),
    }
}

/// The left side of an assignment.
pub(super) fn assignment_target(term: &Term) -> Option<&Term> {
    match &term.kind {
        TermKind::Infix(InfixOperator::Assign, target, _) => Some(target),
        TermKind::Call(call) if call.operator.operands.is_empty() && call.args.len() == 2 => {
            let is_assign = matches!(&call.operator.head.kind, TermKind::Var(name) if &**name == "assign");
            call.args.first().filter(|_| is_assign)
        }
        _ => None,
    }
}

/// The names in a term that can be bound or read there, those in bodies of comprehensions and templates left out.
pub(super) fn variables_outside_closures(term: &Term, names: &mut BTreeSet<Name>) {
    if !is_closure(term) {
        each_part(term, &mut |part| variables_outside_closures(part, names));
    }
    own_name(term, names);
}

/// Whether a term is a comprehension or a template.
pub(super) const fn is_closure(term: &Term) -> bool {
    matches!(
        term.kind,
        TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..)
            | TermKind::Template(_)
    )
}

/// The names in the statements of a body that can be bound or read there, those in closures left out: comprehensions, templates, the
/// body of `every`, operands of `and`, `or` and of the `not` that takes a whole body (`new_not`). Nor are `with` clauses looked at.
pub(super) fn names_outside_closures(body: &Body, new_not: bool) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for literal in &body.literals {
        match &literal.kind {
            LiteralKind::Expr(term) => variables_outside_closures(term, &mut names),
            LiteralKind::SomeIn(some) => {
                let terms = some.key.iter().chain([&some.value, &some.collection]);
                terms.for_each(|term| variables_outside_closures(term, &mut names));
            }
            LiteralKind::Every(every) => variables_outside_closures(&every.domain, &mut names),
            LiteralKind::Not(Operand::Bare(inner)) if !new_not => {
                if let LiteralKind::Expr(term) = &inner.kind {
                    variables_outside_closures(term, &mut names);
                }
            }
            LiteralKind::Some(_) | LiteralKind::Not(_) | LiteralKind::Logical(_) => {}
        }
    }
    names
}

/// The names in `with` clauses of a body, at any depth.
pub(super) fn names_in_with(body: &Body, names: &mut BTreeSet<Name>) {
    for literal in &body.literals {
        names_in_with_of_literal(literal, names);
    }
}

fn names_in_with_of_literal(literal: &Literal, names: &mut BTreeSet<Name>) {
    for clause in &literal.with {
        variables(&clause.target, names);
        variables(&clause.value, names);
    }
    let in_operand = |operand: &Operand, names: &mut BTreeSet<Name>| match operand {
        Operand::Bare(literal) | Operand::Group(literal) => names_in_with_of_literal(literal, names),
        Operand::Braces(body) => names_in_with(body, names),
    };
    match &literal.kind {
        LiteralKind::Some(_) => {}
        LiteralKind::Expr(term) => names_in_with_of_term(term, names),
        LiteralKind::SomeIn(some) => {
            let terms = some.key.iter().chain([&some.value, &some.collection]);
            terms.for_each(|term| names_in_with_of_term(term, names));
        }
        LiteralKind::Every(every) => {
            names_in_with_of_term(&every.domain, names);
            names_in_with(&every.body, names);
        }
        LiteralKind::Not(operand) => in_operand(operand, names),
        LiteralKind::Logical(logical) => {
            in_operand(&logical.left, names);
            in_operand(&logical.right, names);
        }
    }
}

/// The names in `with` clauses of the bodies in a term.
pub(super) fn names_in_with_of_term(term: &Term, names: &mut BTreeSet<Name>) {
    match &term.kind {
        TermKind::ArrayComprehension(_, body)
        | TermKind::SetComprehension(_, body)
        | TermKind::ObjectComprehension(_, _, body) => names_in_with(body, names),
        _ => {}
    }
    each_part(term, &mut |part| names_in_with_of_term(part, names));
}

/// The names among the operands of references that begin with nothing but certain names, references in bodies of comprehensions and
/// templates left out.
pub(super) fn operand_names(term: &Term, known: &dyn Fn(&Name) -> bool, names: &mut BTreeSet<Name>) {
    match &term.kind {
        TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..)
        | TermKind::Template(_) => return,
        TermKind::Ref(reference) => {
            if !begins_with(&reference.head, known) {
                return;
            }
            each_index(reference, &mut |index| names_behind_heads(index, names));
        }
        _ => {}
    }
    each_part(term, &mut |part| operand_names(part, known, names));
}

/// Whether all names in what a reference begins with are certain ones; those in closures do not count.
fn begins_with(head: &Term, known: &dyn Fn(&Name) -> bool) -> bool {
    match &head.kind {
        TermKind::Var(name) => known(name),
        TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..)
        | TermKind::Template(_) => true,
        _ => {
            let mut all = true;
            each_part(head, &mut |part| all &= begins_with(part, known));
            all
        }
    }
}

/// All names in a term but for those that references begin with, bodies of comprehensions included.
fn names_behind_heads(term: &Term, names: &mut BTreeSet<Name>) {
    own_name(term, names);
    match &term.kind {
        TermKind::Ref(reference) => each_index(reference, &mut |index| names_behind_heads(index, names)),
        _ => each_part(term, &mut |part| names_behind_heads(part, names)),
    }
}

/// Visits the operands of a reference that are terms.
fn each_index(reference: &Ref, visit: &mut dyn FnMut(&Term)) {
    for operand in &reference.operands {
        if let RefOperand::Index(index) = operand {
            visit(index);
        }
    }
}

fn own_name(term: &Term, names: &mut BTreeSet<Name>) {
    if let TermKind::Var(name) = &term.kind
        && &**name != "_"
    {
        names.insert(name.clone());
    }
}

/// All names in a term, bodies of comprehensions included.
pub(super) fn variables(term: &Term, names: &mut BTreeSet<Name>) {
    own_name(term, names);
    each_part(term, &mut |part| variables(part, names));
}

/// Visits the terms directly inside a term.
pub(super) fn each_part(term: &Term, visit: &mut dyn FnMut(&Term)) {
    let visit_body = |body: &Body, visit: &mut dyn FnMut(&Term)| {
        for literal in &body.literals {
            if let LiteralKind::Expr(term) = &literal.kind {
                visit(term);
            }
        }
    };
    match &term.kind {
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Var(_) => {}
        TermKind::Template(parts) => {
            for part in parts {
                if let TemplatePart::Expr(Literal { kind: LiteralKind::Expr(term), .. }) = part {
                    visit(term);
                }
            }
        }
        TermKind::Ref(reference) => {
            visit(&reference.head);
            each_index(reference, visit);
        }
        TermKind::Array(terms) | TermKind::Set(terms) => terms.iter().for_each(visit),
        TermKind::Object(items) => {
            for (key, value) in items {
                visit(key);
                visit(value);
            }
        }
        TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => {
            visit(head);
            visit_body(body, visit);
        }
        TermKind::ObjectComprehension(key, value, body) => {
            visit(key);
            visit(value);
            visit_body(body, visit);
        }
        TermKind::Call(call) => call.args.iter().for_each(visit),
        TermKind::Infix(_, left, right) => {
            visit(left);
            visit(right);
        }
        TermKind::In { key, value, collection } => {
            if let Some(key) = key {
                visit(key);
            }
            visit(value);
            visit(collection);
        }
        TermKind::Negate(inner) => visit(inner),
    }
}

/// The names in a pattern of a parameter: where a value can be bound, and those in templates. Keys of objects, sets, comprehensions and
/// calls bind none.
pub(super) fn parameter_names(term: &Term, names: &mut BTreeSet<Name>) {
    match &term.kind {
        TermKind::Var(name) => {
            names.insert(name.clone());
        }
        TermKind::Array(terms) => terms.iter().for_each(|term| parameter_names(term, names)),
        TermKind::Object(items) => items.iter().for_each(|(_, value)| parameter_names(value, names)),
        TermKind::Ref(reference) => {
            parameter_names(&reference.head, names);
            for operand in &reference.operands {
                if let RefOperand::Index(index) = operand {
                    parameter_names(index, names);
                }
            }
        }
        TermKind::Template(_) => each_part(term, &mut |part| parameter_names(part, names)),
        _ => {}
    }
}

/// The names in a pattern but for those that a reference or call begins with, keys of objects and bodies: what may not stand in the
/// collection of a `some … in`.
pub(super) fn names_in_pattern(term: &Term, names: &mut BTreeSet<Name>) {
    match &term.kind {
        TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..)
        | TermKind::Template(_) => {}
        TermKind::Object(items) => items.iter().for_each(|(_, value)| names_in_pattern(value, names)),
        TermKind::Ref(reference) => {
            if !matches!(reference.head.kind, TermKind::Var(_)) {
                names_in_pattern(&reference.head, names);
            }
            for operand in &reference.operands {
                if let RefOperand::Index(index) = operand {
                    names_in_pattern(index, names);
                }
            }
        }
        _ => {
            own_name(term, names);
            each_part(term, &mut |part| names_in_pattern(part, names));
        }
    }
}

/// The names that unifying a pattern with a value binds.
pub(super) fn pattern_names(term: &Term, names: &mut BTreeSet<Name>) {
    match &term.kind {
        TermKind::Var(name) => {
            names.insert(name.clone());
        }
        TermKind::Array(terms) => terms.iter().for_each(|term| pattern_names(term, names)),
        TermKind::Object(items) => items.iter().for_each(|(_, value)| pattern_names(value, names)),
        _ => {}
    }
}
