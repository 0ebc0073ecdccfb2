//! Test rules with cases: `test_x[name] if { … }` tells the host of each case as soon as its name is known, so that those that fail
//! are known too.
//!
//! The call is put where OPA puts it (`injectTestCaseFunc` in `v1/tester/runner.go`): behind the first statement that has the last
//! of the variables of the name, and what the compiler made to compute the name is moved up to what it needs.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lowerer, written};
use crate::hir::visit::{self, Visitor};
use crate::hir::{Body, Callee, Expr, ExprKind, ExprOrigin, Key, LocalId, LocalOrigin, Name, Term, TermKind};
use crate::resolve::stage::Stage;
use crate::resolve::test_rules;
use crate::source::Span;

/// The builtin that tells the host of a case.
const TEST_CASE: &str = "internal.test_case";

impl Lowerer<'_> {
    /// Puts the call into the body of a rule, if it is a test with something behind its name. `ground` is the path to the set,
    /// `package` of it the package's.
    pub(super) fn tell_test_case(
        &mut self,
        body: &mut Body,
        ground: &[Key],
        package: usize,
        suffix: &[Term],
        span: Span,
    ) {
        let path = ground.iter().cloned().map(Some).chain(suffix.iter().map(Key::of));
        let path: Vec<Name> = path.map_while(|key| key?.name().cloned()).collect();
        let Some(name) = test_rules::name_in(&path, package) else { return };
        let inside = ground.iter().skip(name + 1).map(|key| key.clone().term(span));
        let args: Vec<Term> =
            inside.chain(suffix.iter().skip((name + 1).saturating_sub(ground.len())).cloned()).collect();
        if args.is_empty() {
            return;
        }
        let Some(builtin) = self.builtins.intern(TEST_CASE) else {
            self.call_error(Stage::Functions, None, format!("undefined function {TEST_CASE}"));
            return;
        };
        let callee = Callee::Builtin(builtin);
        if calls(body, callee) {
            return;
        }
        let names: Vec<Option<LocalId>> = args.iter().map(local_of).collect();
        for name in names.iter().flatten() {
            self.move_up(&mut body.exprs, *name);
        }
        let first_uses =
            names.iter().flatten().filter_map(|name| body.exprs.iter().position(|expr| locals_of(expr).contains(name)));
        let at = first_uses.max().map_or(0, |index| index + 1);
        let array = Term { kind: TermKind::Array(args), span };
        let call = written(ExprKind::Call { callee, args: vec![array], output: None }, span);
        body.exprs.insert(at, call);
    }

    /// Moves the statement that the compiler made for a variable behind what it needs, and what it made for that before it.
    fn move_up(&self, exprs: &mut Vec<Expr>, name: LocalId) {
        let Some(at) = exprs.iter().rposition(|expr| makes(expr, name)) else { return };
        let mut needed = exprs.get(at).map(locals_of).unwrap_or_default();
        needed.remove(&name);
        for local in &needed {
            if self.scopes.origin(*local) == Some(LocalOrigin::Hoisted) {
                self.move_up(exprs, *local);
            }
        }
        // Variables without a declaration have names of their own: OPA does not look for them.
        needed.retain(|local| self.scopes.origin(*local) != Some(LocalOrigin::Implicit));
        let before = exprs.get(..at).unwrap_or_default();
        let target = if needed.is_empty() { 0 } else { last_first_use(before, &needed) + 1 };
        if target < at {
            let expr = exprs.remove(at);
            exprs.insert(target, expr);
        }
    }
}

/// Whether a statement was made by the compiler to give a variable its value.
fn makes(expr: &Expr, name: LocalId) -> bool {
    let target = match &expr.kind {
        ExprKind::Unify(target, _) => Some(target),
        ExprKind::Call { output, .. } => output.as_ref(),
        _ => None,
    };
    expr.origin == ExprOrigin::Hoisted && target.and_then(local_of) == Some(name)
}

/// Of the statements that are the first to use one of the variables, the last.
fn last_first_use(exprs: &[Expr], needed: &BTreeSet<LocalId>) -> usize {
    let mut first: BTreeMap<LocalId, usize> = BTreeMap::new();
    for (index, expr) in exprs.iter().enumerate() {
        for local in locals_of(expr).intersection(needed) {
            first.entry(*local).or_insert(index);
        }
    }
    first.into_values().max().unwrap_or(0)
}

fn local_of(term: &Term) -> Option<LocalId> {
    match term.kind {
        TermKind::Local(local) => Some(local),
        _ => None,
    }
}

/// The variables of a statement.
fn locals_of(expr: &Expr) -> BTreeSet<LocalId> {
    let mut locals = Locals::default();
    visit::walk_expr(&mut locals, expr);
    locals.0
}

#[derive(Default)]
struct Locals(BTreeSet<LocalId>);

impl Visitor<'_> for Locals {
    fn term(&mut self, term: &Term) -> bool {
        self.0.extend(visit::own_local(term));
        true
    }
}

/// Whether a body calls something itself.
fn calls(body: &Body, callee: Callee) -> bool {
    struct Calls(Callee, bool);
    impl Visitor<'_> for Calls {
        fn expr(&mut self, expr: &Expr) -> bool {
            self.1 |= matches!(expr.kind, ExprKind::Call { callee, .. } if callee == self.0);
            true
        }
    }
    let mut calls = Calls(callee, false);
    visit::walk_body(&mut calls, body);
    calls.1
}
