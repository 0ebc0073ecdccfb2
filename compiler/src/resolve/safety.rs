//! Orders the statements of every body so that each variable is bound before it is needed, and reports variables that
//! nothing binds. Reads and reorders statements; makes no other change to the tree.
//!
//! A statement is ready when each variable it needs is bound by an earlier statement or by itself (its outputs).
//! Statements are taken in the order of the text, again and again, until none is ready: OPA's order, which decides what
//! is evaluated first. A statement is looked at again only when a variable that it waits for was bound, so that a body
//! of n statements costs about n looks.

mod outputs;
mod report;
mod rounds;
pub(super) mod undeclared;
mod unify;
mod vars;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::hir::visit::own_local;
use crate::hir::{Body, Callee, Expr, ExprKind, ExprOrigin, LocalId, Program, Rule, RuleId, Term, TermKind, WithValue};
use crate::index::Id;
use crate::source::{SourceSet, Span};

use report::Reporter;
use vars::{Reach, VarSet, closure_vars, collect, own_vars, sorted_visible_vars, term_vars, visible_vars};

/// Orders every body of the program and reports each unsafe variable.
pub(super) fn check_and_order(program: &mut Program, sources: &SourceSet, diagnostics: &mut Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let mut builtins = program.builtins.enumerate();
    let template = builtins.find(|(_, builtin)| &*builtin.name == "internal.template_string");
    let template = template.map(|(id, _)| Callee::Builtin(id));
    for (index, rule) in program.rules.iter_mut().enumerate() {
        check_rule(RuleId::from_usize(index), rule, template, &mut findings);
    }
    if let Some(query) = &mut program.query {
        let mut orderer = Orderer::new(query.locals.len(), template);
        orderer.order(&mut query.body, &mut []);
        findings.push(Finding { rule: None, span: None, heads: Vec::new(), exprs: orderer.found });
    }
    let mut reporter = Reporter::new(program, sources);
    let mut in_heads = false;
    for finding in &findings {
        in_heads |= reporter.report_heads(finding, diagnostics);
    }
    if !in_heads {
        findings.iter().for_each(|finding| reporter.report_body(finding, diagnostics));
    }
}

/// What is unsafe in one rule, branch or query.
struct Finding {
    /// The rule; none for the query.
    rule: Option<RuleId>,
    /// The rule or branch.
    span: Option<Span>,
    /// The variables of the head that the body does not mention, with their places.
    heads: Vec<(LocalId, Span)>,
    /// The statements that cannot be made ready.
    exprs: Vec<UnsafeExpr>,
}

/// A statement with the variables that nothing binds for it.
struct UnsafeExpr {
    span: Span,
    vars: Vec<LocalId>,
    /// The variables on the left of a `:=`.
    assigned: Vec<LocalId>,
    /// Whether OPA has lost the place of the statement.
    is_placeless: bool,
}

impl UnsafeExpr {
    fn at(span: Span, vars: Vec<LocalId>) -> Self {
        Self { span, vars, assigned: Vec::new(), is_placeless: false }
    }

    fn new(expr: &Expr, vars: Vec<LocalId>) -> Self {
        let assigned = match (&expr.kind, expr.origin) {
            (ExprKind::Unify(left, _), ExprOrigin::Assignment)
            | (ExprKind::Call { output: Some(left), .. }, ExprOrigin::Assignment) => {
                collect(|found| term_vars(left, Reach::ALL, found))
            }
            _ => Vec::new(),
        };
        Self { assigned, ..Self::at(expr.span, vars) }
    }
}

fn check_rule(id: RuleId, rule: &mut Rule, template: Option<Callee>, findings: &mut Vec<Finding>) {
    let params = collect(|found| rule.params.iter().for_each(|param| term_vars(param, Reach::ALL, found)));
    let locals = rule.locals.len();
    let mut check = |span: Span, mut head: Vec<&mut Term>, body: &mut Body| {
        let heads = unsafe_in_head(&params, &head, body);
        let mut orderer = Orderer::new(locals, template);
        params.iter().for_each(|param| {
            orderer.safe.insert(*param);
        });
        orderer.order(body, &mut head);
        if !heads.is_empty() || !orderer.found.is_empty() {
            findings.push(Finding { rule: Some(id), span: Some(span), heads, exprs: orderer.found });
        }
    };
    let head = rule.suffix.iter_mut().chain(&mut rule.element).chain([&mut rule.value]);
    check(rule.span, head.collect(), &mut rule.body);
    for branch in &mut rule.branches {
        let head = rule.suffix.iter_mut().chain([&mut branch.value]);
        check(branch.span, head.collect(), &mut branch.body);
    }
}

/// The variables of a head that occur neither in the body nor among the parameters, each at its first place.
fn unsafe_in_head(params: &[LocalId], head: &[&mut Term], body: &Body) -> Vec<(LocalId, Span)> {
    let mut in_head = BTreeMap::new();
    for term in head {
        located_vars(term, &mut in_head);
    }
    if in_head.is_empty() {
        return Vec::new();
    }
    let in_body: BTreeSet<LocalId> =
        collect(|found| body.exprs.iter().for_each(|expr| own_vars(expr, found))).into_iter().collect();
    in_head.retain(|local, _| !in_body.contains(local) && params.binary_search(local).is_err());
    in_head.into_iter().collect()
}

/// The variables that a term itself mentions, each with its first place.
fn located_vars(term: &Term, found: &mut BTreeMap<LocalId, Span>) {
    if let Some(local) = own_local(term) {
        found.entry(local).or_insert(term.span);
    }
    match &term.kind {
        TermKind::Ref(reference) => reference.path.iter().for_each(|operand| located_vars(operand, found)),
        TermKind::Array(items) | TermKind::Set(items) => items.iter().for_each(|item| located_vars(item, found)),
        TermKind::Object(entries) => {
            for (key, value) in entries {
                located_vars(key, found);
                located_vars(value, found);
            }
        }
        // The variables of a comprehension are its own; it is ordered like one of a body.
        TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..)
        | TermKind::Null
        | TermKind::Boolean(_)
        | TermKind::Number(_)
        | TermKind::String(_)
        | TermKind::Local(_) => {}
    }
}

/// Orders the bodies of one rule, branch or query.
struct Orderer {
    /// The variables that are bound where the orderer stands.
    safe: VarSet,
    /// What template strings are a call of.
    template: Option<Callee>,
    found: Vec<UnsafeExpr>,
}

impl Orderer {
    fn new(locals: usize, template: Option<Callee>) -> Self {
        Self { safe: VarSet::new(locals), template, found: Vec::new() }
    }

    /// Orders a body and the bodies inside it and inside the terms that its solutions are made of. Leaves `safe` as it
    /// was.
    fn order(&mut self, body: &mut Body, heads: &mut [&mut Term]) {
        let before = self.safe.mark();
        let ready = self.order_statements(body);
        self.safe.undo(before);
        // A body inside sees all variables of the statements before its own, and nothing of its own statement.
        for expr in body.exprs.iter_mut().take(ready) {
            let mut seen = sorted_visible_vars(expr);
            self.order_inside(expr);
            seen.retain(|local| !self.safe.contains(*local));
            for local in seen {
                self.safe.insert(local);
            }
        }
        for head in heads {
            let place = UnsafeExpr::at(head.span, Vec::new());
            self.order_inside_term(head, &place);
        }
        self.safe.undo(before);
    }

    /// Brings the statements of a body into order; those that never become ready come last and are reported. Gives the
    /// count of the others.
    fn order_statements(&mut self, body: &mut Body) -> usize {
        let needs = needs(body, &self.safe);
        let Ready { order, lacking } = self.ready(body, &needs);
        let ready = order.len();
        let mut placed = vec![false; body.exprs.len()];
        order.iter().for_each(|index| {
            if let Some(placed) = placed.get_mut(*index) {
                *placed = true;
            }
        });
        let statements = body.exprs.iter().zip(&needs).enumerate();
        for (index, (expr, need)) in statements.filter(|(index, _)| placed.get(*index) == Some(&false)) {
            let outputs = outputs::of(expr, &self.safe);
            // To OPA, a statement that closes over itself lacks all that it mentions, bound or not.
            let mut missing = match lacking.get(&index) {
                Some(missing) => missing.clone(),
                None if need.closes_over_itself(&outputs) => need.own.clone(),
                None => need.missing(&self.safe, &outputs).collect(),
            };
            missing.sort_unstable();
            missing.dedup();
            self.found.push(UnsafeExpr::new(expr, missing));
        }
        if order.iter().copied().eq(0..body.exprs.len()) {
            return ready;
        }
        let rest = placed.iter().enumerate().filter(|(_, placed)| !**placed).map(|(index, _)| index);
        let order: Vec<usize> = order.iter().copied().chain(rest).collect();
        let mut exprs: Vec<Option<Expr>> = std::mem::take(&mut body.exprs).into_iter().map(Some).collect();
        body.exprs = Vec::with_capacity(exprs.len());
        body.exprs.extend(order.iter().filter_map(|index| exprs.get_mut(*index).and_then(Option::take)));
        ready
    }

    /// The statements that become ready; their outputs are added to `safe`.
    fn ready(&mut self, body: &Body, needs: &[Need]) -> Ready {
        if rounds::matter(body) {
            return self.ready_in_rounds(body, needs);
        }
        Ready { order: self.ready_order(body, needs), lacking: BTreeMap::new() }
    }

    /// The statements that become ready, in the order in which they do. A statement is only tried again when something that it needs is
    /// bound.
    fn ready_order(&mut self, body: &Body, needs: &[Need]) -> Vec<usize> {
        let mut waiting: BTreeMap<LocalId, Vec<usize>> = BTreeMap::new();
        for (index, need) in needs.iter().enumerate() {
            for local in need.all().filter(|local| !self.safe.contains(*local)) {
                waiting.entry(local).or_default().push(index);
            }
        }
        let mut candidates: BTreeSet<usize> = (0..body.exprs.len()).collect();
        let mut placed = vec![false; body.exprs.len()];
        let mut order = Vec::with_capacity(body.exprs.len());
        let mut next = 0;
        while let Some(index) = candidates.range(next..).next().or_else(|| candidates.first()).copied() {
            candidates.remove(&index);
            next = index + 1;
            let (Some(expr), Some(need), Some(is_placed)) =
                (body.exprs.get(index), needs.get(index), placed.get_mut(index))
            else {
                break;
            };
            let outputs = outputs::of(expr, &self.safe);
            if !need.is_met(&self.safe, &outputs) {
                continue;
            }
            *is_placed = true;
            order.push(index);
            for output in outputs {
                if self.safe.insert(output) {
                    candidates.extend(
                        waiting.remove(&output).into_iter().flatten().filter(|it| placed.get(*it) == Some(&false)),
                    );
                }
            }
        }
        order
    }

    /// Orders the bodies inside a statement.
    fn order_inside(&mut self, expr: &mut Expr) {
        let place = UnsafeExpr::new(expr, Vec::new());
        match &mut expr.kind {
            ExprKind::Term(term) => self.order_inside_term(term, &place),
            ExprKind::Unify(left, right) => {
                self.order_inside_term(left, &place);
                self.order_inside_term(right, &place);
            }
            ExprKind::Call { callee, args, .. } if Some(*callee) == self.template => {
                let elements = args.iter_mut().filter_map(|array| match &mut array.kind {
                    TermKind::Array(elements) => Some(elements),
                    _ => None,
                });
                elements.flatten().for_each(|element| self.order_template_element(element, &place));
            }
            ExprKind::Call { args, output, .. } => {
                args.iter_mut().chain(output).for_each(|term| self.order_inside_term(term, &place));
            }
            ExprKind::Not(body) => self.order(body, &mut []),
            ExprKind::Every { key, value, domain, body } => {
                self.order_inside_term(domain, &place);
                let before = self.safe.mark();
                key.iter().chain([&*value]).for_each(|local| {
                    self.safe.insert(*local);
                });
                self.order(body, &mut []);
                self.safe.undo(before);
            }
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                self.order(left, &mut []);
                self.order(right, &mut []);
            }
        }
        for clause in &mut expr.with {
            if let WithValue::Term(value) = &mut clause.value {
                self.order_inside_term(value, &place);
            }
        }
    }

    /// Orders the bodies inside an expression of a template. Where that is a call OPA has lost its place, and with it the names of what is
    /// unsafe there: `$"{count([x | true])}"` ends as an error of evaluation there, and as one of the planner here.
    fn order_template_element(&mut self, element: &mut Term, place: &UnsafeExpr) {
        let placeless = match &element.kind {
            TermKind::SetComprehension(_, body) => captured_call(body, self.template),
            _ => None,
        };
        let before = self.found.len();
        self.order_inside_term(element, place);
        let found = self.found.iter_mut().skip(before);
        found.filter(|found| Some(found.span) == placeless).for_each(|found| found.is_placeless = true);
    }

    /// Orders the bodies of the comprehensions inside a term of a statement.
    fn order_inside_term(&mut self, term: &mut Term, place: &UnsafeExpr) {
        match &mut term.kind {
            TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => {
                self.order_comprehension(&mut [head], body, place);
            }
            TermKind::ObjectComprehension(key, value, body) => {
                self.order_comprehension(&mut [key, value], body, place);
            }
            TermKind::Ref(reference) => {
                reference.path.iter_mut().for_each(|operand| self.order_inside_term(operand, place));
            }
            TermKind::Array(items) | TermKind::Set(items) => {
                items.iter_mut().for_each(|item| self.order_inside_term(item, place));
            }
            TermKind::Object(entries) => {
                for (key, value) in entries {
                    self.order_inside_term(key, place);
                    self.order_inside_term(value, place);
                }
            }
            TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Local(_) => {}
        }
    }

    /// Orders the body of a comprehension. Each variable of its head must occur in the body or be bound outside; if one
    /// does not, the statement around the comprehension is named.
    fn order_comprehension(&mut self, heads: &mut [&mut Term], body: &mut Body, place: &UnsafeExpr) {
        let in_body = collect(|found| body.exprs.iter().for_each(|expr| visible_vars(expr, found)));
        let mut missing = collect(|found| heads.iter().for_each(|head| term_vars(head, Reach::VISIBLE, found)));
        missing.retain(|local| in_body.binary_search(local).is_err() && !self.safe.contains(*local));
        if !missing.is_empty() {
            let assigned = place.assigned.clone();
            self.found.push(UnsafeExpr { assigned, ..UnsafeExpr::at(place.span, missing) });
        }
        self.order(body, heads);
    }
}

/// The place of the call whose result a comprehension of a template captures. A template inside is none.
fn captured_call(body: &Body, template: Option<Callee>) -> Option<Span> {
    let Some(ExprKind::Unify(_, Term { kind: TermKind::Local(value), .. })) = body.exprs.last().map(|expr| &expr.kind)
    else {
        return None;
    };
    let gives = |expr: &&Expr| match &expr.kind {
        ExprKind::Call { callee, output: Some(output), .. } if Some(*callee) != template => {
            matches!(output.kind, TermKind::Local(local) if local == *value)
        }
        _ => false,
    };
    body.exprs.iter().find(gives).map(|expr| expr.span)
}

/// The statements of a body that become ready.
#[derive(Default)]
struct Ready {
    /// Their places, in the order in which they do.
    order: Vec<usize>,
    /// What others lacked when they were tried for the last time, where that is not what they lack at the end.
    lacking: BTreeMap<usize, Vec<LocalId>>,
}

/// What a statement needs before it can stand.
struct Need {
    /// The variables that it mentions itself and that nothing around the body binds.
    own: Vec<LocalId>,
    /// The variables of this body that its closures mention.
    closed_over: Vec<LocalId>,
}

impl Need {
    fn all(&self) -> impl Iterator<Item = LocalId> {
        self.own.iter().chain(&self.closed_over).copied()
    }

    /// The variables that must be bound. OPA forgets those that the statement mentions itself where closures mention some, so that such a
    /// statement may come too early: then it is an error of evaluation there, and one of the planner here.
    fn decisive(&self, outputs: &[LocalId]) -> impl Iterator<Item = LocalId> {
        let forgets = !self.closed_over.is_empty() && !self.closes_over_itself(outputs);
        let own = if forgets { &[][..] } else { self.own.as_slice() };
        own.iter().chain(&self.closed_over).copied()
    }

    /// Whether everything needed is bound, or is bound by the statement itself.
    fn is_met(&self, safe: &VarSet, outputs: &[LocalId]) -> bool {
        !self.closes_over_itself(outputs) && self.missing(safe, outputs).next().is_none()
    }

    /// The variables that must be bound and are not.
    fn missing(&self, safe: &VarSet, outputs: &[LocalId]) -> impl Iterator<Item = LocalId> {
        self.decisive(outputs).filter(|local| !safe.contains(*local) && outputs.binary_search(local).is_err())
    }

    /// Whether the closures mention just what the statement binds, as in `x = [1 | x]`: it would wait for itself.
    fn closes_over_itself(&self, outputs: &[LocalId]) -> bool {
        !self.closed_over.is_empty() && self.closed_over == outputs
    }
}

/// What the statements of a body need, given what is bound outside.
fn needs(body: &Body, safe: &VarSet) -> Vec<Need> {
    let own: Vec<Vec<LocalId>> = body.exprs.iter().map(sorted_visible_vars).collect();
    let of_body = collect(|found| own.iter().flatten().for_each(|local| found(*local)));
    body.exprs
        .iter()
        .zip(own)
        .map(|(expr, mut own)| {
            own.retain(|local| !safe.contains(*local));
            let mut closed_over = closure_vars(expr);
            closed_over.retain(|local| of_body.binary_search(local).is_ok() && !safe.contains(*local));
            Need { own, closed_over }
        })
        .collect()
}
