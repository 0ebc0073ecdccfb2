//! What OPA's rule index knows of a rule, which is tried before everything else in its body.
//!
//! OPA passes over rules that its index rules out (`v1/ast/index.go`) before it looks at their bodies: what stands in front of a comparison
//! is not evaluated then, so it neither fails nor asks the world. The index is not rebuilt here. A rule that has anything to call in front
//! of a statement that the index knows begins with these statements instead. For coverage every rule does ([`super::coverage`]).

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::Planner;
use crate::hir::visit::{self, is_constant};
use crate::hir::{self, Body, Callee, Expr, ExprKind, LocalId, RefBase, Term, TermKind, Tree};
use crate::plan::ir::StmtKind;

/// The builtins of affixes that OPA's index knows: of a string first, and of what it begins or ends with.
const AFFIXES: &[&str] = &["startswith", "endswith"];
/// The same of several strings, and of several that they may begin or end with.
const AFFIXES_OF_SEVERAL: &[&str] = &["strings.any_prefix_match", "strings.any_suffix_match"];

impl<'p> Planner<'p> {
    /// Plans the statements of a body that OPA's index knows, where it matters that they come first. Binds nothing. Returns the statements
    /// that say nothing more behind that, by number.
    pub(super) fn try_indexed(&mut self, rule: &'p hir::Rule, body: &'p Body) -> BTreeSet<usize> {
        let mut done = BTreeSet::new();
        if !self.begins_with_index(rule, body) || prints(self.hir, body) {
            return done;
        }
        let bound = self.frame.bound();
        let mut index = Index::new(self.hir, rule);
        for (number, expr) in body.exprs.iter().enumerate() {
            match index.read(expr) {
                Reading::Nothing => {}
                // A key that is looked up has its value, which is compared where that is written.
                Reading::Meaning(variable) if self.frame.binding(variable).is_some() => {}
                // To the builtin, what is of a wrong type is an error, but not to the index. Coverage is counted where neither ends a decision.
                Reading::Holds if self.coverage.is_none() && self.may_be_wrong(expr) => {}
                Reading::Holds | Reading::Meaning(_) => {
                    self.require_string(expr);
                    let (depth, before) = (self.frame.depth(), self.frame.bound());
                    self.expr_kind(&expr.kind);
                    if self.frame.depth() > depth {
                        let truth = self.constants.boolean(true);
                        self.frame.close_scans_at_first(depth, truth);
                        // What was found first need not be what the statements behind want.
                        self.frame.unbind(before);
                    } else if self.coverage.is_none() && !has_locals(expr) {
                        done.insert(number);
                    }
                }
                Reading::Defined(term) => {
                    let value = self.term(term);
                    if let ExprKind::Unify(target, _) = &expr.kind
                        && let TermKind::Local(variable) = target.kind
                        && self.frame.binding(variable).is_none()
                    {
                        self.frame.bind(variable, value);
                    }
                }
            }
        }
        self.frame.unbind(bound);
        done
    }

    /// The builtin that a statement calls.
    fn called(&self, expr: &Expr) -> &'p str {
        match expr.kind {
            ExprKind::Call { callee: Callee::Builtin(builtin), .. } => &self.hir.builtins[builtin].name,
            _ => "",
        }
    }

    /// Whether a call that the index knows may be an error because of what it is given, and no test of a type is enough.
    fn may_be_wrong(&self, expr: &Expr) -> bool {
        let name = self.called(expr);
        name == "glob.match" || AFFIXES_OF_SEVERAL.contains(&name)
    }

    /// Requires that what begins or ends with something is a string.
    fn require_string(&mut self, expr: &'p Expr) {
        let ExprKind::Call { args, .. } = &expr.kind else { return };
        if let Some(text) = args.first().filter(|_| AFFIXES.contains(&self.called(expr))) {
            let text = self.term(text);
            let is_text = self.call_guest("is_string", text);
            let no = self.constants.boolean(false);
            self.push(StmtKind::NotEqual(is_text, no.into()));
        }
    }

    /// Whether it matters that what the index knows comes first.
    fn begins_with_index(&self, rule: &hir::Rule, body: &Body) -> bool {
        if let Some(coverage) = &self.coverage {
            return !coverage.is_without_index();
        }
        // A trace tells of statements in the order in which they are written.
        if self.trace.is_some() {
            return false;
        }
        let mut index = Index::new(self.hir, rule);
        let mut calls = false;
        body.exprs.iter().any(|expr| {
            let is_known = !matches!(index.read(expr), Reading::Nothing);
            let is_late = calls && is_known;
            calls |= index.calls(expr);
            is_late
        })
    }
}

/// Whether a body prints: the index does not rule such rules out.
fn prints(hir: &hir::Program, body: &Body) -> bool {
    struct Effect<'h>(&'h hir::Program, bool);
    impl visit::Visitor<'_> for Effect<'_> {
        fn expr(&mut self, expr: &Expr) -> bool {
            if let ExprKind::Call { callee: Callee::Builtin(builtin), .. } = expr.kind {
                self.1 |= self.0.builtins[builtin].result.is_none();
            }
            true
        }
        fn term(&mut self, _: &Term) -> bool {
            false
        }
    }
    let mut effect = Effect(hir, false);
    visit::walk_body(&mut effect, body);
    effect.1
}

/// Whether a statement has variables.
fn has_locals(expr: &Expr) -> bool {
    struct Locals(bool);
    impl visit::Visitor<'_> for Locals {
        fn term(&mut self, term: &Term) -> bool {
            self.0 |= visit::own_local(term).is_some();
            true
        }
    }
    let mut locals = Locals(false);
    visit::walk_expr(&mut locals, expr);
    locals.0
}

/// The parameters of a function that are variables.
fn params(rule: &hir::Rule) -> FxHashSet<LocalId> {
    rule.params.iter().filter_map(local).collect()
}

fn local(term: &Term) -> Option<LocalId> {
    match term.kind {
        TermKind::Local(local) => Some(local),
        _ => None,
    }
}

/// What the index makes of a statement.
enum Reading<'p> {
    /// It does not know it.
    Nothing,
    /// It must hold.
    Holds,
    /// It gives a variable a constant for its meaning.
    Meaning(LocalId),
    /// The term must be defined.
    Defined(&'p Term),
}

/// What the index knows on the way through a body.
struct Index<'p> {
    hir: &'p hir::Program,
    /// The parameters. The index knows them whole, but nothing in them.
    params: FxHashSet<LocalId>,
    /// The variables that stand for references it knows.
    known: FxHashSet<LocalId>,
    /// The variables that stand for constants.
    constants: FxHashSet<LocalId>,
    /// Those of them that stand for scalars.
    scalars: FxHashSet<LocalId>,
}

impl<'p> Index<'p> {
    fn new(hir: &'p hir::Program, rule: &hir::Rule) -> Self {
        Self {
            hir,
            params: params(rule),
            known: FxHashSet::default(),
            constants: FxHashSet::default(),
            scalars: FxHashSet::default(),
        }
    }

    /// Whether a statement evaluates more than references to the input and to base data.
    fn calls(&self, expr: &Expr) -> bool {
        let terms = match &expr.kind {
            ExprKind::Term(term) => [Some(term), None],
            ExprKind::Unify(left, right) => [Some(left), Some(right)],
            _ => return true,
        };
        !expr.with.is_empty() || terms.into_iter().flatten().any(|term| self.calls_in(term))
    }

    fn calls_in(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Ref(reference) => {
                self.is_virtual(reference.base, &reference.path)
                    || reference.path.iter().any(|operand| self.calls_in(operand))
            }
            TermKind::Array(items) | TermKind::Set(items) => items.iter().any(|item| self.calls_in(item)),
            TermKind::Object(entries) => entries.iter().any(|(key, value)| self.calls_in(key) || self.calls_in(value)),
            TermKind::ArrayComprehension(..) | TermKind::SetComprehension(..) | TermKind::ObjectComprehension(..) => {
                true
            }
            _ => false,
        }
    }

    fn read(&mut self, expr: &'p Expr) -> Reading<'p> {
        if !expr.with.is_empty() {
            return Reading::Nothing;
        }
        match &expr.kind {
            ExprKind::Term(term) if self.is_reference(term) => Reading::Defined(term),
            ExprKind::Unify(left, right) => match self.equality(left, right) {
                Reading::Nothing => self.equality(right, left),
                reading => reading,
            },
            ExprKind::Call { callee: Callee::Builtin(builtin), args, output: None }
                if self.is_indexed_call(&self.hir.builtins[*builtin].name, args) =>
            {
                Reading::Holds
            }
            _ => Reading::Nothing,
        }
    }

    fn is_indexed_call(&self, name: &str, args: &[Term]) -> bool {
        match (name, args) {
            ("internal.member_2", [element, collection]) => {
                (self.is_variable(element) && self.is_known_constant(collection))
                    || (self.is_known_scalar(element) && self.is_reference(collection))
            }
            ("glob.match", [pattern, delimiters, text]) => {
                self.is_known_constant(pattern) && is_constant(delimiters) && self.is_variable(text)
            }
            (name, [text, affix]) => {
                (AFFIXES.contains(&name) || AFFIXES_OF_SEVERAL.contains(&name))
                    && self.is_reference(text)
                    && self.is_known_constant(affix)
            }
            _ => false,
        }
    }

    /// Whether a term is a variable for a parameter or a reference.
    fn is_variable(&self, term: &Term) -> bool {
        local(term).is_some_and(|local| self.params.contains(&local) || self.known.contains(&local))
    }

    /// `left = right`, where `left` is what the index looks at.
    fn equality(&mut self, left: &'p Term, right: &'p Term) -> Reading<'p> {
        if let Some(variable) = local(left)
            && !self.is_variable(left)
        {
            // `x := "a"` and `x := input.a` give the variable a meaning. One that has a constant is not looked at.
            if self.constants.contains(&variable) {
                return Reading::Nothing;
            }
            if self.is_known_constant(right) {
                if self.is_known_scalar(right) {
                    self.scalars.insert(variable);
                }
                self.constants.insert(variable);
                return Reading::Meaning(variable);
            }
            if self.is_reference(right) && local(right).is_none() {
                self.known.insert(variable);
                return Reading::Defined(right);
            }
            return Reading::Nothing;
        }
        if self.is_element(left) && self.is_known_scalar(right) {
            return Reading::Holds;
        }
        if !self.is_reference(left) && !self.is_variable(left) {
            return Reading::Nothing;
        }
        // What a variable stands for is compared with what is written only.
        let is_known = if local(left).is_some() { is_constant(right) } else { self.is_known_constant(right) };
        if is_known && is_flat(right) {
            return Reading::Holds;
        }
        if local(right).is_some() && local(left).is_none() { Reading::Defined(left) } else { Reading::Nothing }
    }

    fn is_known_constant(&self, term: &Term) -> bool {
        is_constant(term) || local(term).is_some_and(|local| self.constants.contains(&local))
    }

    fn is_known_scalar(&self, term: &Term) -> bool {
        local(term).map_or_else(|| is_scalar(term), |local| self.scalars.contains(&local))
    }

    /// Whether a term stands for any element of a part of the input or of base data.
    fn is_element(&self, term: &Term) -> bool {
        let TermKind::Ref(reference) = &term.kind else { return false };
        let Some((last, path)) = reference.path.split_last() else { return false };
        let free = local(last).is_some_and(|local| !self.known.contains(&local) && !self.constants.contains(&local));
        free && self.is_ground(reference.base, path) && !self.is_virtual(reference.base, path)
    }

    /// Whether a term stands for a part of the input or of base data.
    fn is_reference(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Local(local) => self.known.contains(local),
            TermKind::Ref(reference) => {
                self.is_ground(reference.base, &reference.path) && !self.is_virtual(reference.base, &reference.path)
            }
            _ => false,
        }
    }

    fn is_ground(&self, base: RefBase, path: &[Term]) -> bool {
        let starts = match base {
            RefBase::Input | RefBase::Data => true,
            RefBase::Local(local) => self.known.contains(&local),
        };
        starts && path.iter().all(is_constant)
    }

    fn is_virtual(&self, base: RefBase, path: &[Term]) -> bool {
        if base != RefBase::Data {
            return false;
        }
        let tree = &self.hir.tree;
        let mut node = Tree::ROOT;
        for step in path {
            if tree.nodes[node].set.is_some() {
                return true;
            }
            match hir::Key::of(step).and_then(|key| tree.child(node, key)) {
                Some(child) => node = child,
                None => return false,
            }
        }
        true
    }
}

/// Whether a constant, or what a variable stands for, may be a scalar.
const fn is_scalar(term: &Term) -> bool {
    matches!(
        term.kind,
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Local(_)
    )
}

/// Whether a constant is a scalar or an array of scalars.
fn is_flat(term: &Term) -> bool {
    match &term.kind {
        TermKind::Array(items) => items.iter().all(is_scalar),
        _ => is_scalar(term),
    }
}
