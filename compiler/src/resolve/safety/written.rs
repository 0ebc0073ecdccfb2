//! Bodies as they are written, with calls inside of terms: so OPA sees them while it looks at templates and at `print`, and so what binds
//! a variable there is not what binds it once the calls were hoisted. Made of the resolved tree for those rules only that need it.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::unify::{Shape, Side, unify};
use super::vars::{Reach, VarSet};
use crate::hir::visit::Visitor;
use crate::hir::{
    BodyForm, BuiltinId, Callee, Expr, ExprKind, ExprOrigin, Local, LocalId, LocalOrigin, Program, RefBase, Term,
    TermKind, With, WithValue,
};
use crate::index::IndexVec;
use crate::source::Span;

/// A term as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// What has no variables: a constant, or something that the compiler made.
    Constant(String),
    /// A variable.
    Local(LocalId),
    /// A reference: what it looks into, and its operands.
    Ref(Box<Node>, Vec<Node>),
    /// An array.
    Array(Vec<Node>),
    /// A set.
    Set(Vec<Node>),
    /// An object.
    Object(Vec<(Node, Node)>),
    /// A call with its arguments.
    Call(Vec<Node>),
    /// A template string.
    Template(Template),
    /// A comprehension: what its elements are made of, and its body.
    Comprehension(Kind, Vec<Node>, Vec<Statement>),
}

/// What a comprehension makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An array.
    Array,
    /// A set.
    Set,
    /// An object.
    Object,
}

/// A template string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template {
    /// The variable that stands for its value, which tells it from others.
    pub(super) id: LocalId,
    /// Its expressions.
    pub(super) parts: Vec<Part>,
}

/// An expression of a template string, or an argument of `print`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The expression.
    pub(super) value: Node,
    /// The values of its `with` clauses.
    pub(super) with: Vec<Node>,
    /// Where it is written.
    pub(super) span: Span,
    /// Whether it is no comprehension of its own: it always has a value.
    pub(super) is_plain: bool,
}

/// A statement as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// What it says.
    pub(super) what: What,
    /// The values of its `with` clauses.
    pub(super) with: Vec<Node>,
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A term.
    Term(Node),
    /// An equation; whether it is an assignment.
    Equation(Node, Node, bool),
    /// A call: what is put in, and what is unified with the result.
    Call(Vec<Node>, Vec<Node>),
    /// A call of `print`.
    Print(Vec<Part>),
    /// `not`; the statement that it negates is part of it.
    Not(Vec<Statement>, BodyForm),
    /// `every` with key and value, domain and body.
    Every(Vec<LocalId>, Node, Vec<Statement>),
    /// `and`, `or`.
    Logical(Vec<Statement>, Vec<Statement>),
}

/// Makes the tree of one rule.
pub(super) struct Writer<'p> {
    program: &'p Program,
    locals: &'p IndexVec<LocalId, Local>,
    callees: Callees,
    /// The hoisted statements by the variables that stand for their values.
    hoisted: FxHashMap<LocalId, &'p Expr>,
    /// Whether there are templates, and calls of `print`.
    has: (bool, bool),
}

/// What the compiler makes of templates and of `print`.
#[derive(Clone, Copy)]
pub(super) struct Callees {
    /// What a template is a call of.
    pub(super) template: Option<BuiltinId>,
    /// What `print` is a call of.
    pub(super) print: Option<BuiltinId>,
}

impl<'p> Visitor<'p> for Writer<'p> {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        if let ExprKind::Call { callee: Callee::Builtin(builtin), .. } = &expr.kind {
            self.has.0 |= Some(*builtin) == self.callees.template;
            self.has.1 |= Some(*builtin) == self.callees.print;
        }
        if let Some(local) = hoisted_value(expr) {
            self.hoisted.entry(local).or_insert(expr);
        }
        true
    }
}

/// The variable that stands for the value of a term, if a statement was hoisted out of one.
fn hoisted_value(expr: &Expr) -> Option<LocalId> {
    match &expr.kind {
        ExprKind::Call { output: Some(value), .. } | ExprKind::Unify(value, _) => match value.kind {
            TermKind::Local(local) if expr.origin == ExprOrigin::Hoisted => Some(local),
            _ => None,
        },
        _ => None,
    }
}

impl<'p> Writer<'p> {
    /// A writer of what belongs to some variables. It has to [look](Visitor) at all that it is to write before.
    pub(super) fn new(program: &'p Program, locals: &'p IndexVec<LocalId, Local>, callees: Callees) -> Self {
        Self { program, locals, callees, hoisted: FxHashMap::default(), has: (false, false) }
    }

    /// Whether there are templates, and calls of `print`.
    pub(super) fn has(&self) -> (bool, bool) {
        self.has
    }

    /// The statements among some.
    pub(super) fn statements(&self, exprs: &'p [Expr]) -> Vec<Statement> {
        exprs.iter().filter(|expr| expr.origin != ExprOrigin::Hoisted).map(|expr| self.statement(expr)).collect()
    }

    fn statement(&self, expr: &'p Expr) -> Statement {
        let what = match &expr.kind {
            ExprKind::Term(term) => What::Term(self.term(term)),
            ExprKind::Unify(left, right) => {
                What::Equation(self.term(left), self.term(right), expr.origin == ExprOrigin::Assignment)
            }
            ExprKind::Call { callee: Callee::Builtin(builtin), args, .. } if Some(*builtin) == self.callees.print => {
                What::Print(self.parts(args))
            }
            ExprKind::Call { callee, args, output } => {
                let mut inputs: Vec<Node> = args.iter().chain(output).map(|term| self.term(term)).collect();
                let outputs = inputs.split_off(self.program.arity(*callee).min(inputs.len()));
                What::Call(inputs, outputs)
            }
            ExprKind::Not(body) => What::Not(self.statements(&body.exprs), body.form),
            ExprKind::Every { key, value, domain, body } => {
                let bound = key.iter().chain([value]).copied().collect();
                What::Every(bound, self.term(domain), self.statements(&body.exprs))
            }
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                What::Logical(self.statements(&left.exprs), self.statements(&right.exprs))
            }
        };
        Statement { what, with: self.with(&expr.with) }
    }

    fn with(&self, clauses: &'p [With]) -> Vec<Node> {
        let value = |clause: &'p With| match &clause.value {
            WithValue::Term(value) => Some(self.term(value)),
            WithValue::Callee(_) => None,
        };
        clauses.iter().filter_map(value).collect()
    }

    /// A term.
    pub(super) fn term(&self, term: &'p Term) -> Node {
        let terms = |terms: &'p [Term]| terms.iter().map(|term| self.term(term)).collect();
        match &term.kind {
            TermKind::Null => Node::Constant("null".to_owned()),
            TermKind::Boolean(value) => Node::Constant(value.to_string()),
            TermKind::Number(text) => Node::Constant(text.to_string()),
            TermKind::String(text) => Node::Constant(format!("\"{text}\"")),
            TermKind::Local(local) => self.local(*local),
            TermKind::Ref(reference) => {
                let base = match reference.base {
                    RefBase::Input => Node::Constant("input".to_owned()),
                    RefBase::Data => Node::Constant("data".to_owned()),
                    RefBase::Local(local) => self.local(local),
                };
                Node::Ref(Box::new(base), terms(&reference.path))
            }
            TermKind::Array(items) => Node::Array(terms(items)),
            TermKind::Set(items) => Node::Set(terms(items)),
            TermKind::Object(entries) => {
                Node::Object(entries.iter().map(|(key, value)| (self.term(key), self.term(value))).collect())
            }
            TermKind::ArrayComprehension(head, body) => {
                Node::Comprehension(Kind::Array, vec![self.term(head)], self.statements(&body.exprs))
            }
            TermKind::SetComprehension(head, body) => {
                Node::Comprehension(Kind::Set, vec![self.term(head)], self.statements(&body.exprs))
            }
            TermKind::ObjectComprehension(key, value, body) => {
                let heads = vec![self.term(key), self.term(value)];
                Node::Comprehension(Kind::Object, heads, self.statements(&body.exprs))
            }
        }
    }

    /// A variable, or what it stands for.
    fn local(&self, local: LocalId) -> Node {
        let Some(expr) = self.hoisted.get(&local) else {
            return match self.locals[local].origin {
                LocalOrigin::Hoisted => Node::Constant(String::new()),
                _ => Node::Local(local),
            };
        };
        match &expr.kind {
            ExprKind::Call { callee: Callee::Builtin(builtin), args, .. }
                if Some(*builtin) == self.callees.template =>
            {
                Node::Template(Template { id: local, parts: self.parts(args) })
            }
            ExprKind::Call { args, .. } => Node::Call(args.iter().map(|term| self.term(term)).collect()),
            ExprKind::Unify(_, value) => self.term(value),
            _ => Node::Local(local),
        }
    }

    /// The expressions in the array that a template or `print` is given.
    fn parts(&self, args: &'p [Term]) -> Vec<Part> {
        match args {
            [Term { kind: TermKind::Array(elements), .. }] => {
                elements.iter().filter_map(|element| self.part(element)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn part(&self, element: &'p Term) -> Option<Part> {
        let span = element.span;
        match &element.kind {
            TermKind::SetComprehension(_, body) => {
                let capture = body.exprs.last()?;
                let ExprKind::Unify(_, value) = &capture.kind else { return None };
                let node = match (&value.kind, self.term(value)) {
                    (_, node @ (Node::Call(_) | Node::Template(_) | Node::Local(_))) => node,
                    // What calls nothing that exists is an array of its arguments.
                    (TermKind::Local(_), arguments) => Node::Call(vec![arguments]),
                    (_, node) => node,
                };
                Some(Part { value: node, with: self.with(&capture.with), span, is_plain: false })
            }
            TermKind::Set(items) => {
                Some(Part { value: self.term(items.first()?), with: Vec::new(), span, is_plain: true })
            }
            _ => None,
        }
    }
}

/// Calls `found` with each variable of a term.
pub(super) fn vars(node: &Node, reach: Reach, found: &mut dyn FnMut(LocalId)) {
    match node {
        Node::Constant(_) => {}
        Node::Local(local) => found(*local),
        Node::Ref(base, path) => {
            if reach.ref_base {
                vars(base, reach, found);
            }
            path.iter().for_each(|operand| vars(operand, reach, found));
        }
        Node::Array(items) | Node::Call(items) => items.iter().for_each(|item| vars(item, reach, found)),
        Node::Set(items) => {
            if reach.sets {
                items.iter().for_each(|item| vars(item, reach, found));
            }
        }
        Node::Object(entries) => {
            for (key, value) in entries {
                if reach.object_keys {
                    vars(key, reach, found);
                }
                vars(value, reach, found);
            }
        }
        Node::Template(template) => {
            if reach.closures {
                parts_vars(&template.parts, reach, found);
            }
        }
        Node::Comprehension(_, heads, body) => {
            if reach.closures {
                heads.iter().for_each(|head| vars(head, reach, found));
                body.iter().for_each(|statement| statement_vars(statement, reach, found));
            }
        }
    }
}

fn parts_vars(parts: &[Part], reach: Reach, found: &mut dyn FnMut(LocalId)) {
    for part in parts {
        std::iter::once(&part.value).chain(&part.with).for_each(|node| vars(node, reach, found));
    }
}

/// Calls `found` with each variable of a statement, those of closures included.
pub(super) fn statement_vars(statement: &Statement, reach: Reach, found: &mut dyn FnMut(LocalId)) {
    let mut body = |statements: &[Statement]| statements.iter().for_each(|it| statement_vars(it, reach, found));
    match &statement.what {
        What::Not(inner, _) => body(inner),
        What::Every(_, _, inner) => body(inner),
        What::Logical(left, right) => {
            body(left);
            body(right);
        }
        What::Term(_) | What::Equation(..) | What::Call(..) | What::Print(_) => {}
    }
    if let What::Every(bound, ..) = &statement.what {
        bound.iter().for_each(|local| found(*local));
    }
    if let What::Print(parts) = &statement.what {
        parts_vars(parts, reach, found);
    }
    terms(statement).for_each(|node| vars(node, reach, found));
}

/// The terms of a statement but those of `print` and of bodies inside of it.
pub(super) fn terms(statement: &Statement) -> impl Iterator<Item = &Node> {
    let (first, second, lists): (Option<&Node>, Option<&Node>, [&[Node]; 2]) = match &statement.what {
        What::Term(node) | What::Every(_, node, _) => (Some(node), None, [&[], &[]]),
        What::Equation(left, right, _) => (Some(left), Some(right), [&[], &[]]),
        What::Call(inputs, outputs) => (None, None, [inputs, outputs]),
        What::Print(_) | What::Not(..) | What::Logical(..) => (None, None, [&[], &[]]),
    };
    first.into_iter().chain(second).chain(lists.into_iter().flatten()).chain(&statement.with)
}

/// The variables that a statement binds, given those that are bound already.
pub(super) fn outputs(statement: &Statement, safe: &VarSet) -> BTreeSet<LocalId> {
    let mut outputs = BTreeSet::new();
    if !statement.with.iter().all(|value| is_with_safe(value, safe)) {
        return outputs;
    }
    let mut look = |node: &Node| references(node, safe, &mut |local| _ = outputs.insert(local));
    match &statement.what {
        What::Not(..) | What::Logical(..) => return outputs,
        What::Every(_, domain, _) => {
            look(domain);
            return outputs;
        }
        What::Print(parts) => parts.iter().for_each(|part| look(&part.value)),
        What::Term(_) | What::Equation(..) | What::Call(..) => {}
    }
    terms(statement).for_each(look);
    match &statement.what {
        What::Equation(left, right, is_assignment) => equation(left, right, *is_assignment, outputs, safe),
        What::Call(inputs, results) if !results.is_empty() => {
            let mut is_known = true;
            inputs.iter().for_each(|input| {
                vars(input, Reach::PATTERN, &mut |local| is_known &= safe.contains(local) || outputs.contains(&local));
            });
            if !is_known {
                return BTreeSet::new();
            }
            results.iter().for_each(|result| vars(result, Reach::PATTERN, &mut |local| _ = outputs.insert(local)));
            outputs
        }
        _ => outputs,
    }
}

/// What a value of `with` looks into need not be bound to OPA.
fn is_with_safe(value: &Node, safe: &VarSet) -> bool {
    match value {
        Node::Ref(_, path) => path.iter().all(|operand| is_known(operand, safe)),
        _ => is_known(value, safe),
    }
}

/// What an equation binds that binds some variables by its references.
fn equation(
    left: &Node,
    right: &Node,
    is_assignment: bool,
    mut outputs: BTreeSet<LocalId>,
    safe: &VarSet,
) -> BTreeSet<LocalId> {
    let mut assigned = BTreeSet::new();
    if is_assignment {
        vars(left, Reach::ALL, &mut |local| _ = assigned.insert(local));
    }
    outputs.retain(|local| !assigned.contains(local));
    let is_bound = |local| (safe.contains(local) || outputs.contains(&local)) && !assigned.contains(&local);
    let unified = unify(&is_bound, left, right);
    outputs.extend(unified);
    outputs
}

/// Calls `found` with the variables that choose in the references of a term, where what they look into is bound.
fn references(node: &Node, safe: &VarSet, found: &mut dyn FnMut(LocalId)) {
    match node {
        Node::Constant(_) | Node::Local(_) | Node::Template(_) | Node::Comprehension(..) => {}
        Node::Ref(base, path) => {
            if !is_known(base, safe) {
                return;
            }
            path.iter().for_each(|operand| vars(operand, Reach::OPERANDS, found));
            std::iter::once(&**base).chain(path).for_each(|node| references(node, safe, found));
        }
        Node::Array(items) | Node::Set(items) | Node::Call(items) => {
            items.iter().for_each(|item| references(item, safe, found));
        }
        Node::Object(entries) => {
            for (key, value) in entries {
                references(key, safe, found);
                references(value, safe, found);
            }
        }
    }
}

/// Whether all that a term itself mentions is bound.
fn is_known(node: &Node, safe: &VarSet) -> bool {
    let mut is_known = true;
    vars(node, Reach::VISIBLE, &mut |local| is_known &= safe.contains(local));
    is_known
}

impl Side for Node {
    fn shape(&self) -> Shape<'_, Self> {
        match self {
            Self::Local(local) => Shape::Local(*local),
            Self::Array(items) => Shape::Array(items),
            Self::Object(entries) => Shape::Object(entries),
            Self::Ref(..) | Self::Call(_) => Shape::Reference,
            Self::Comprehension(Kind::Array, ..) => Shape::ArrayComprehension,
            Self::Comprehension(Kind::Set, ..) => Shape::SetComprehension,
            Self::Comprehension(Kind::Object, ..) => Shape::ObjectComprehension,
            Self::Constant(_) | Self::Set(_) | Self::Template(_) => Shape::Other,
        }
    }

    fn pattern_vars(&self, found: &mut dyn FnMut(LocalId)) {
        vars(self, Reach { sets: true, ..Reach::PATTERN }, found);
    }

    fn is_reached(&self, is_bound: &dyn Fn(LocalId) -> bool) -> bool {
        let mut is_reached = true;
        let mut look = |node: &Self| vars(node, Reach::VISIBLE, &mut |local| is_reached &= is_bound(local));
        match self {
            Self::Ref(base, _) => look(base),
            other => look(other),
        }
        is_reached
    }

    fn entries_alike<'a>(left: &'a [(Self, Self)], right: &'a [(Self, Self)]) -> Vec<(&'a Self, &'a Self)> {
        let constant = |key: &'a Self| match key {
            Self::Constant(text) => Some(text.as_str()),
            _ => None,
        };
        let by_text: FxHashMap<&str, &Self> =
            right.iter().filter_map(|(key, value)| Some((constant(key)?, value))).collect();
        let other = |key: &'a Self| match constant(key) {
            Some(text) => by_text.get(text).copied(),
            None => right.iter().find(|(other, _)| other == key).map(|(_, value)| value),
        };
        left.iter().filter_map(|(key, value)| Some((value, other(key)?))).collect()
    }
}
