//! Reports variables in template strings and in arguments of `print` that nothing around them binds. There they would be bound by
//! the comprehension that keeps undefined values from failing the statement, so safety alone would not find them.

use std::collections::{BTreeMap, BTreeSet};

use super::outputs;
use super::vars::{Reach, VarSet, closure_vars, collect, term_vars, visible_vars};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::dependencies::Clause;
use crate::hir::visit::{Visitor, is_constant, walk_body, walk_expr, walk_term};
use crate::hir::{
    Body, BuiltinId, Callee, Expr, ExprKind, ExprOrigin, Local, LocalId, LocalOrigin, Program, RefBase, Rule, RuleId,
    Term, TermKind,
};
use crate::index::{Id as _, IndexVec};

/// What is undeclared, by the stage of OPA's that finds it.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Undeclared {
    /// In template strings.
    pub(in crate::resolve) templates: Vec<Diagnostic>,
    /// In arguments of `print`.
    pub(in crate::resolve) prints: Vec<Diagnostic>,
}

/// Reports every undeclared variable in template strings and `print` calls of a program and of rules that have no place in it.
pub(in crate::resolve) fn check(program: &Program, unplaced: &[Rule]) -> Undeclared {
    let mut found = Undeclared::default();
    let builtin =
        |wanted: &str| program.builtins.enumerate().find(|(_, builtin)| &*builtin.name == wanted).map(|(id, _)| id);
    let template = builtin("internal.template_string");
    let print = builtin("internal.print");
    if template.is_none() && print.is_none() {
        return found;
    }
    let mut check = |locals: &IndexVec<LocalId, Local>, params: &[Term], heads: &[&Term], body: &Body| {
        let mut safe = VarSet::new(locals.len());
        params.iter().for_each(|param| term_vars(param, Reach::ALL, &mut |local| _ = safe.insert(local)));
        let subjects = if template.is_some() { Subjects::of(body) } else { BTreeSet::new() };
        let values = BTreeSet::new();
        let mut checker = Checker { locals, template, print, safe, values, subjects, found: &mut found };
        checker.templates_of_rule(body, heads);
        checker.prints(body);
    };
    for (index, rule) in program.rules.iter().chain(unplaced).enumerate() {
        for branch in 0..=rule.branches.len() {
            let clause = Clause { rule: RuleId::from_usize(index), branch };
            // What stands in the path of the rule is a statement of its body by then.
            let (body, value) = clause.parts(rule);
            let element = rule.element.iter().filter(|_| branch == 0);
            let heads = rule.params.iter().chain(element).chain([value]).filter(|term| !is_constant(term));
            check(&rule.locals, &rule.params, &heads.collect::<Vec<_>>(), body);
        }
    }
    if let Some(query) = &program.query {
        check(&query.locals, &[], &[], &query.body);
    }
    found
}

struct Checker<'a> {
    locals: &'a IndexVec<LocalId, Local>,
    template: Option<BuiltinId>,
    print: Option<BuiltinId>,
    /// What is bound where the walk is.
    safe: VarSet,
    /// The variables that stand for values of templates.
    values: BTreeSet<LocalId>,
    /// See [`Subjects`].
    subjects: BTreeSet<LocalId>,
    found: &'a mut Undeclared,
}

/// The operands of a statement that was hoisted out of a term, whose value a variable stands for.
fn hoisted_operands(expr: &Expr) -> &[Term] {
    match &expr.kind {
        ExprKind::Call { args, .. } => args,
        ExprKind::Unify(Term { kind: TermKind::Local(_), .. }, value) => std::slice::from_ref(value),
        _ => &[],
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

/// The variables that references look into, and those that stand for what such a variable's value is made of.
#[derive(Default)]
struct Subjects {
    found: BTreeSet<LocalId>,
    /// The variables that the value of a variable is made of.
    parts: BTreeMap<LocalId, Vec<LocalId>>,
}

impl Subjects {
    fn of(body: &Body) -> BTreeSet<LocalId> {
        let mut subjects = Self::default();
        walk_body(&mut subjects, body);
        let mut work: Vec<LocalId> = subjects.found.iter().copied().collect();
        while let Some(parts) = work.pop().map(|local| subjects.parts.remove(&local).unwrap_or_default()) {
            work.extend(parts.into_iter().filter(|part| subjects.found.insert(*part)));
        }
        subjects.found
    }
}

impl<'p> Visitor<'p> for Subjects {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        if let Some(value) = hoisted_value(expr) {
            let parts = self.parts.entry(value).or_default();
            hoisted_operands(expr)
                .iter()
                .for_each(|term| term_vars(term, Reach::VISIBLE, &mut |part| parts.push(part)));
        }
        true
    }

    fn term(&mut self, term: &'p Term) -> bool {
        if let TermKind::Ref(reference) = &term.kind
            && let RefBase::Local(local) = reference.base
        {
            self.found.insert(local);
        }
        true
    }
}

/// The elements of the array that a call of a builtin is given.
fn elements(expr: &Expr, builtin: Option<BuiltinId>) -> &[Term] {
    match &expr.kind {
        ExprKind::Call { callee: Callee::Builtin(callee), args, .. } if Some(*callee) == builtin => {
            match args.first() {
                Some(Term { kind: TermKind::Array(elements), .. }) => elements,
                _ => &[],
            }
        }
        _ => &[],
    }
}

impl Checker<'_> {
    /// Adds what a statement binds.
    fn bind(&mut self, expr: &Expr) {
        // A nested term is not hoisted yet where OPA looks at templates: its value is known where all is that it mentions.
        let operands = if expr.origin == ExprOrigin::Hoisted { hoisted_operands(expr) } else { &[] };
        self.bind_choices(expr);
        let mut is_known = !self.equates_template(expr);
        for operand in operands {
            term_vars(operand, Reach::VISIBLE, &mut |local| is_known &= self.safe.contains(local));
        }
        if is_known {
            for local in outputs::of(expr, &self.safe) {
                self.safe.insert(local);
            }
        }
    }

    /// Adds what chooses in the references of a call, which binds that whatever else it needs; so does an array that is equated with a
    /// template, of which nothing else is bound. What a reference looks into binds nothing that is not known.
    fn bind_choices(&mut self, expr: &Expr) {
        let is_call = expr.origin == ExprOrigin::Hoisted && !hoisted_operands(expr).is_empty();
        let is_subject = hoisted_value(expr).is_some_and(|value| self.subjects.contains(&value));
        if !is_subject && (is_call || self.equates_template(expr)) {
            for local in outputs::of_references(expr, &self.safe) {
                self.safe.insert(local);
            }
        }
    }

    /// Whether a statement equates an array or object with a template.
    fn equates_template(&self, expr: &Expr) -> bool {
        let ExprKind::Unify(left, right) = &expr.kind else { return false };
        let ((TermKind::Array(_) | TermKind::Object(_), TermKind::Local(local))
        | (TermKind::Local(local), TermKind::Array(_) | TermKind::Object(_))) = (&left.kind, &right.kind)
        else {
            return false;
        };
        self.values.contains(local)
    }

    /// Checks the template strings of a rule: the whole body binds for them, and the head for none.
    fn templates_of_rule(&mut self, body: &Body, heads: &[&Term]) {
        if self.template.is_none() {
            return;
        }
        let own: Vec<&Expr> =
            body.exprs.iter().filter(|expr| !heads.iter().any(|head| is_inside(expr, head))).collect();
        let mark = self.safe.mark();
        self.bind_all(&own);
        body.exprs.iter().for_each(|expr| walk_expr(&mut Templates(self), expr));
        self.safe.undo(mark);
    }

    /// Adds what the statements of a body bind.
    fn bind_all(&mut self, exprs: &[&Expr]) {
        let is_template = |expr: &&Expr| !elements(expr, self.template).is_empty();
        let values: Vec<LocalId> = exprs.iter().copied().filter(is_template).filter_map(hoisted_value).collect();
        self.values.extend(values);
        // The calls in a statement and the statement itself are one to OPA: what chooses in references of one is bound for all.
        for whole in exprs.split_inclusive(|expr| expr.origin != ExprOrigin::Hoisted) {
            whole.iter().for_each(|expr| self.bind_choices(expr));
            whole.iter().for_each(|expr| self.bind(expr));
        }
    }

    /// Checks the template strings of a body: the whole body binds for them. But to OPA nothing of a comprehension binds for what is
    /// inside its head terms, unless such a term is a template itself: then it binds for its variables, but not for what is inside of it.
    fn templates(&mut self, body: &Body, heads: &[&Term]) {
        if self.template.is_none() {
            return;
        }
        let (hoisted, own): (Vec<&Expr>, Vec<&Expr>) =
            body.exprs.iter().partition(|expr| heads.iter().any(|head| is_inside(expr, head)));
        let (templates, inside): (Vec<&Expr>, Vec<&Expr>) = hoisted.into_iter().partition(|expr| {
            let is_head = heads.iter().any(|head| head.span == expr.span);
            is_head && !elements(expr, self.template).is_empty()
        });
        templates.iter().for_each(|expr| self.below_template(expr));
        inside.into_iter().for_each(|expr| walk_expr(&mut Templates(self), expr));
        let mark = self.safe.mark();
        self.bind_all(&own);
        let template = self.template;
        for element in templates.into_iter().flat_map(|expr| elements(expr, template)) {
            self.report(element, Found::Template);
        }
        own.into_iter().for_each(|expr| walk_expr(&mut Templates(self), expr));
        self.safe.undo(mark);
    }

    /// Checks what is inside a template. The sets that hold the values of expressions are no comprehensions of the text.
    fn below_template(&mut self, expr: &Expr) {
        for element in elements(expr, self.template) {
            match comprehension(element) {
                Some((body, _)) => self.templates(body, &[]),
                None => walk_term(&mut Templates(self), element),
            }
        }
    }

    /// Checks the `print` calls of a body: only earlier statements bind for them.
    fn prints(&mut self, body: &Body) {
        if self.print.is_none() {
            return;
        }
        let mark = self.safe.mark();
        for expr in &body.exprs {
            self.prints_below(expr);
            let prints = elements(expr, self.print);
            if prints.iter().any(|element| self.report(element, Found::Print)) {
                break;
            }
            self.bind(expr);
            self.bind_declared(expr);
        }
        self.safe.undo(mark);
    }

    fn prints_below(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Not(body) => self.prints(body),
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                self.prints(left);
                self.prints(right);
            }
            _ => walk_expr(&mut Prints(self), expr),
        }
    }

    /// To OPA every variable that it renamed is bound for `print` once it was mentioned.
    fn bind_declared(&mut self, expr: &Expr) {
        let mut mentioned = closure_vars(expr);
        visible_vars(expr, &mut |local| mentioned.push(local));
        for local in mentioned {
            if self.locals[local].origin == LocalOrigin::Declared {
                self.safe.insert(local);
            }
        }
    }

    /// Reports the unbound variables of an element; whether there were any.
    fn report(&mut self, element: &Term, place: Found) -> bool {
        let TermKind::SetComprehension(_, body) = &element.kind else { return false };
        // What a template inside of a template mentions is looked at there.
        let inner = if place == Found::Template { self.template } else { None };
        let looked_at = body.exprs.iter().filter(|expr| elements(expr, inner).is_empty());
        let unbound: Vec<LocalId> = collect(|found| looked_at.for_each(|expr| visible_vars(expr, found)))
            .into_iter()
            .filter(|local| !self.safe.contains(*local) && self.locals[*local].origin != LocalOrigin::Hoisted)
            .collect();
        let mut names: Vec<&str> =
            unbound.iter().map(|local| self.locals[*local].name.as_deref().unwrap_or("_")).collect();
        names.sort_unstable();
        names.dedup();
        let is_call = self.captures_call(body);
        for name in &names {
            let message = format!("var {name} is undeclared");
            let diagnostic = if is_call && place == Found::Template {
                // OPA has lost the place of a call in a template.
                Diagnostic::without_place(Code::Compile, message)
            } else {
                Diagnostic::new(Code::Compile, element.span, message)
            };
            match place {
                Found::Template => self.found.templates.push(diagnostic),
                Found::Print => self.found.prints.push(diagnostic),
            }
        }
        !names.is_empty()
    }

    /// Whether the value that a comprehension captures is the result of a call.
    fn captures_call(&self, body: &Body) -> bool {
        match body.exprs.last().map(|expr| &expr.kind) {
            Some(ExprKind::Unify(_, Term { kind: TermKind::Local(value), .. })) => {
                self.locals[*value].origin == LocalOrigin::Hoisted
            }
            _ => false,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Template,
    Print,
}

/// Checks the templates of a statement and of everything below it.
struct Templates<'c, 'a>(&'c mut Checker<'a>);

impl<'p> Visitor<'p> for Templates<'_, '_> {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        let elements = elements(expr, self.0.template);
        for element in elements {
            self.0.report(element, Found::Template);
        }
        if !elements.is_empty() {
            self.0.below_template(expr);
            return false;
        }
        let ExprKind::Every { key, value, domain, body } = &expr.kind else { return true };
        walk_term(self, domain);
        let mark = self.0.safe.mark();
        for local in key.iter().chain([value]) {
            self.0.safe.insert(*local);
        }
        self.0.templates(body, &[]);
        self.0.safe.undo(mark);
        false
    }

    fn term(&mut self, term: &'p Term) -> bool {
        match comprehension(term) {
            Some((body, heads)) => {
                self.0.templates(body, &heads);
                false
            }
            None => true,
        }
    }
}

/// Checks the `print` calls in the closures of a statement.
struct Prints<'c, 'a>(&'c mut Checker<'a>);

impl<'p> Visitor<'p> for Prints<'_, '_> {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        let ExprKind::Every { key, value, domain, body } = &expr.kind else { return true };
        walk_term(self, domain);
        let mark = self.0.safe.mark();
        for local in key.iter().chain([value]) {
            self.0.safe.insert(*local);
        }
        self.0.prints(body);
        self.0.safe.undo(mark);
        false
    }

    fn term(&mut self, term: &'p Term) -> bool {
        match comprehension(term) {
            Some((body, _)) => {
                self.0.prints(body);
                false
            }
            None => true,
        }
    }
}

/// Whether a statement was hoisted out of a term.
fn is_inside(expr: &Expr, term: &Term) -> bool {
    let (inner, outer) = (expr.span, term.span);
    let within = inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end;
    expr.origin == ExprOrigin::Hoisted && within
}

/// The body of a comprehension and the terms that it makes elements of.
fn comprehension(term: &Term) -> Option<(&Body, Vec<&Term>)> {
    match &term.kind {
        TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => Some((body, vec![head])),
        TermKind::ObjectComprehension(key, value, body) => Some((body, vec![key, value])),
        _ => None,
    }
}
