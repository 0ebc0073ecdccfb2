//! Traces of tests: a plan that tells the host of each statement of a test before it is tried, with the values that it reads.
//!
//! Only plans that ask for it have these calls. What was told last when a test ends without a value is the statement that failed:
//! a statement that holds is followed by the next one. Statements behind `not` and in comprehensions are not told, because it is
//! the statement around them that fails; those in `every` are, because OPA shows them in its place.

use rustc_hash::FxHashSet;

use super::Planner;
use crate::hir::{self, Body, Callee, Expr, ExprKind, ExprOrigin, RefBase, RuleSetId, Term, TermKind, Tree, WithValue};
use crate::plan::ir::{Builtin, Local, Operand, Probe, StmtKind};
use crate::source::Span;

/// The host builtin that is told of a statement: the number of a [`Probe`], whether it comes before the name of the case is known,
/// and an array of pairs of the place of one of its terms and the value.
pub const TRIED: &str = "regoc.tried";

/// The builtin that tells of a case.
const TEST_CASE: &str = "internal.test_case";

/// The statements told so far.
pub(super) struct Trace {
    /// The rules that are tests.
    tests: FxHashSet<RuleSetId>,
    /// Whether the statements of the body being planned are told.
    active: bool,
    /// Whether those of the next body are, although it is one in another.
    enter: bool,
    /// The statement to tell once what it replaces is in force.
    pending: Option<Pending>,
    pub(super) probes: Vec<Probe>,
}

/// A statement to tell.
#[derive(Clone)]
struct Pending {
    /// The statement as written.
    span: Span,
    before_case: bool,
    /// What the compiler made of it.
    exprs: std::ops::Range<usize>,
    /// Which of that is tried now.
    index: usize,
}

/// The terms of a statement.
struct Terms<'p> {
    /// Those that are needed now.
    current: Vec<&'p Term>,
    /// Those of what the compiler made beside it.
    others: Vec<&'p Term>,
}

impl Trace {
    /// A trace of the tests that are the entrypoints of a program.
    pub(super) fn new(program: &hir::Program) -> Self {
        let mut tests = FxHashSet::default();
        for entrypoint in &program.entrypoints {
            let mut node = Tree::ROOT;
            for name in &entrypoint.path {
                tests.extend(program.tree.nodes[node].set);
                match program.tree.child(node, name) {
                    Some(child) => node = child,
                    None => break,
                }
            }
            super::context::sets_below(&program.tree, node, &mut |set| {
                tests.insert(set);
            });
        }
        Self { tests, active: false, enter: false, pending: None, probes: Vec::new() }
    }
}

impl<'p> Planner<'p> {
    /// Plans the body of a rule: tells its statements if the rule is a test. Gives what [`Planner::leave_body`] takes.
    pub(super) fn enter_rule_body(&mut self, set: RuleSetId) -> bool {
        let Some(trace) = &mut self.trace else { return false };
        let is_test = trace.tests.contains(&set);
        std::mem::replace(&mut trace.active, is_test)
    }

    /// Plans a body in another: its statements are not told but for those of `every`.
    pub(super) fn enter_inner_body(&mut self) -> bool {
        let Some(trace) = &mut self.trace else { return false };
        let active = trace.active && std::mem::take(&mut trace.enter);
        std::mem::replace(&mut trace.active, active)
    }

    /// Goes on with the body around.
    pub(super) fn leave_body(&mut self, before: bool) {
        if let Some(trace) = &mut self.trace {
            trace.active = before;
        }
    }

    /// The next body in another is one of `every`.
    pub(super) fn enter_every(&mut self) {
        if let Some(trace) = &mut self.trace {
            trace.enter = trace.active;
        }
    }

    /// Tells of a statement of a body; of one with replacements, once they are in force.
    pub(super) fn try_expr(&mut self, body: &'p Body, index: usize) {
        let (Some(trace), Some(expr)) = (&mut self.trace, body.exprs.get(index)) else { return };
        if !trace.active {
            return;
        }
        // What the compiler made stands before what it was made of.
        let made = |expr: &Expr| expr.origin == ExprOrigin::Hoisted;
        let end = (index..body.exprs.len()).find(|at| body.exprs.get(*at).is_some_and(|expr| !made(expr)));
        let start = (0..index).rev().find(|at| body.exprs.get(*at).is_some_and(|expr| !made(expr)));
        let span = end.and_then(|at| body.exprs.get(at)).map_or(expr.span, |expr| expr.span);
        let case = body.exprs.iter().position(|expr| self.is_test_case(expr));
        let pending = Pending {
            span,
            before_case: case.is_some_and(|case| index < case),
            exprs: start.map_or(0, |at| at + 1)..end.unwrap_or(index) + 1,
            index,
        };
        if self.is_test_case(expr) {
            return;
        }
        if expr.with.is_empty() {
            self.tell_tried(body, &pending);
        } else if let Some(trace) = &mut self.trace {
            trace.pending = Some(pending);
        }
    }

    /// Tells of the statement that waits for its replacements.
    pub(super) fn try_pending(&mut self, expr: &'p Expr) {
        if let Some(pending) = self.trace.as_mut().and_then(|trace| trace.pending.take()) {
            let mut current = Vec::new();
            terms_of(&expr.kind, &mut current);
            self.tell_terms(&pending, Terms { current, others: Vec::new() });
        }
    }

    fn is_test_case(&self, expr: &Expr) -> bool {
        matches!(expr.kind, ExprKind::Call { callee: Callee::Builtin(builtin), .. }
            if &*self.hir.builtins[builtin].name == TEST_CASE)
    }

    fn tell_tried(&mut self, body: &'p Body, pending: &Pending) {
        let (mut current, mut others) = (Vec::new(), Vec::new());
        for index in pending.exprs.clone() {
            let Some(expr) = body.exprs.get(index) else { break };
            let terms = if index == pending.index { &mut current } else { &mut others };
            terms_of(&expr.kind, terms);
            terms.extend(expr.with.iter().filter_map(|with| match &with.value {
                WithValue::Term(value) => Some(value),
                WithValue::Callee(_) => None,
            }));
        }
        self.tell_terms(pending, Terms { current, others });
    }

    fn tell_terms(&mut self, pending: &Pending, terms: Terms<'p>) {
        let values = self.frame.new_local();
        self.push(StmtKind::MakeArray { target: values, capacity: 0 });
        let mut shown = Shown { values, whole: pending.span, is_current: true, terms: Vec::new() };
        self.show_terms(terms.current, &mut shown);
        shown.is_current = false;
        self.show_terms(terms.others, &mut shown);
        let id = self.trace.as_ref().map_or(0, |trace| trace.probes.len());
        let number = self.constants.integer(id);
        let before_case = self.constants.boolean(pending.before_case);
        let builtin = self.add_builtin(Builtin { name: TRIED.into(), arity: 3, has_result: false, host: true });
        let target = self.frame.new_local();
        let args = vec![number.into(), before_case.into(), values.into()];
        self.push(StmtKind::CallBuiltin { builtin, args, target });
        if let Some(trace) = &mut self.trace {
            trace.probes.push(Probe { span: pending.span, terms: shown.terms });
        }
    }

    fn show_terms(&mut self, terms: Vec<&'p Term>, shown: &mut Shown) {
        let mut open = terms;
        open.reverse();
        while let Some(term) = open.pop() {
            match &term.kind {
                TermKind::Array(items) | TermKind::Set(items) => open.extend(items.iter().rev()),
                TermKind::Object(items) => open.extend(items.iter().rev().flat_map(|(key, value)| [value, key])),
                TermKind::Local(_) => self.show_value(term, shown),
                TermKind::Ref(reference) => {
                    self.show_value(term, shown);
                    if let RefBase::Local(variable) = reference.base
                        && let Some(value) = self.frame.binding(variable)
                        && let Some(length) = self.name_length(variable)
                    {
                        let end = term.span.start.saturating_add(length);
                        if let Some(place) = shown.place(Span { end, ..term.span }) {
                            self.show_operand(place, value, shown.values);
                        }
                    }
                    open.extend(reference.path.iter().rev());
                }
                _ => {}
            }
        }
    }

    /// The length of the name of a variable.
    fn name_length(&self, variable: hir::LocalId) -> Option<u32> {
        let rule = &self.hir.rules[self.traced_rule?];
        let name = rule.locals.get(variable)?.name.as_ref()?;
        u32::try_from(name.len()).ok()
    }

    /// Adds the value of a term, if it can have one and only one.
    fn show_value(&mut self, term: &'p Term, shown: &mut Shown) {
        let is_made = term.span == shown.whole && !is_document(term);
        if is_made || !self.is_single(term) {
            return;
        }
        let ready = self.is_ready(term);
        if !ready && !shown.is_current {
            return;
        }
        let Some(place) = shown.place(term.span) else { return };
        if ready {
            let values = shown.values;
            self.block(|planner, _| {
                let value = planner.term(term);
                if let Operand::Local(local) = value {
                    planner.push(StmtKind::IsDefined(local));
                }
                planner.show_operand(place, value, values);
            });
        }
    }

    fn show_operand(&mut self, place: usize, value: Operand, values: Local) {
        let place = self.constants.integer(place);
        let pair = self.array_of(&[place.into(), value]);
        self.push(StmtKind::ArrayAppend { array: values, value: pair.into() });
    }
}

/// The terms that are shown so far.
struct Shown {
    /// The array of their values.
    values: Local,
    /// The whole statement: variables that the compiler made for it are nothing to show.
    whole: Span,
    /// Whether a term without a value is undefined, not only unknown.
    is_current: bool,
    terms: Vec<(Span, bool)>,
}

impl Shown {
    /// The place for a new term.
    fn place(&mut self, span: Span) -> Option<usize> {
        if self.terms.iter().any(|(known, _)| *known == span) {
            return None;
        }
        self.terms.push((span, self.is_current));
        Some(self.terms.len() - 1)
    }
}

/// Whether a term is a reference into `data`: it may be the statement itself.
fn is_document(term: &Term) -> bool {
    matches!(&term.kind, TermKind::Ref(reference) if reference.base == RefBase::Data)
}

/// The terms of a statement whose values OPA shows.
fn terms_of<'p>(kind: &'p ExprKind, terms: &mut Vec<&'p Term>) {
    match kind {
        ExprKind::Term(term) => terms.push(term),
        ExprKind::Unify(left, right) => terms.extend([left, right]),
        ExprKind::Call { args, output, .. } => {
            terms.extend(args);
            terms.extend(output);
        }
        ExprKind::Not(body) => body.exprs.iter().for_each(|expr| terms_of(&expr.kind, terms)),
        ExprKind::Every { domain, .. } => terms.push(domain),
        ExprKind::And(..) | ExprKind::Or(..) => {}
    }
}
