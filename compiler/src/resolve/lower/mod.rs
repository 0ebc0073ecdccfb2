//! From the rules and the query as written to the HIR: names become ids, calls become statements.
//!
//! Each body is walked once. What OPA does in several passes over the tree (resolving references, renaming declared variables,
//! expanding expressions, `print`, template strings, `with` values) happens here on the way, in the order that decides which
//! error is seen first and which statement stands before which. Checks no safety and orders nothing.

mod body;
mod call;
mod constant_head;
mod order;
mod query;
mod rename;
mod rule;
mod scope;
mod sort_key;
mod template;
mod term;
mod test_case;
mod with_;

use std::ops::Range;

use crate::capabilities::{Builtin, Capabilities};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{
    Body, BuiltinId, Callee, Expr, ExprKind, ExprOrigin, Local, LocalId, LocalOrigin, Name, RefBase, RuleId, RuleSet,
    RuleSetId, Term, TermKind,
};
use crate::index::IndexVec;
use crate::resolve::builtins::BuiltinTable;
use crate::resolve::imports::Globals;
use crate::resolve::metadata::Metadata;
use crate::resolve::stage::{Reports, Stage};
use crate::resolve::tree::{KeyTree, RuleSource};
use crate::source::Span;
use crate::syntax::ast;

use scope::Scopes;

pub(super) use query::Captures;

/// What lowering reads and never changes.
pub(super) struct Unit<'a> {
    /// What the policy may use.
    pub(super) capabilities: &'a Capabilities,
    /// Whether unused declarations and parameters are errors.
    pub(super) strict: bool,
    /// Whether `print` calls are kept.
    pub(super) keep_print: bool,
    /// Whether test rules tell of their cases.
    pub(super) test_cases: bool,
    /// All rules by path.
    pub(super) tree: &'a KeyTree,
    /// The heads of all rules.
    pub(super) sources: &'a IndexVec<RuleId, RuleSource<'a>>,
    /// The sets of rules.
    pub(super) sets: &'a IndexVec<RuleSetId, RuleSet>,
    /// What the metadata blocks say.
    pub(super) metadata: &'a Metadata,
    /// The names of a place where none is global.
    pub(super) no_globals: Globals,
}

/// The state of lowering one rule or query.
pub(super) struct Lowerer<'a> {
    unit: &'a Unit<'a>,
    globals: &'a Globals,
    builtins: BuiltinTable<'a>,
    reports: &'a mut Reports,
    /// Whether `not` takes a whole body (`future.keywords.not`).
    new_not: bool,
    /// Whether no variable may be named `input` or `data`, and deprecated builtins are refused.
    is_guarded: bool,
    scopes: Scopes,
    /// How many errors of declarations the rule has: unused declarations are only reported when there are none.
    errors: usize,
    /// Whether the branch has reported unused declarations: one scope of them is enough.
    unused_reported: bool,
    /// Whether the body has an error of a `with` clause: OPA stops at the first.
    with_failed: bool,
    /// Whether the statements at hand are in the body of an `every`, `and`, `or` or of a `not` with a body, but in no comprehension there.
    /// OPA checks the types of no call there, and does not note what they call.
    is_unchecked: bool,
    /// Whether a deprecated builtin is called anywhere else.
    calls_deprecated: bool,
    /// Whether the head of a rule is being lowered.
    in_head: bool,
    /// Whether the next nested call has no place: OPA loses it when it makes a call of a template's expression.
    placeless_call: bool,
    /// Whether some call has another count of arguments than what it calls takes.
    arity_differs: bool,
    /// Whether the rule may need other rules.
    refers: bool,
    /// The statements of the branch that are not evaluated although they are written.
    forgotten: Vec<Expr>,
    /// The rule whose metadata `rego.metadata` calls mean; none in a query.
    rule: Option<RuleId>,
    /// The variables that hold `rego.metadata.chain()` and `.rule()` in this branch, once one is called.
    metadata_locals: [Option<(LocalId, Span)>; 2],
}

/// What a name means.
enum Meaning {
    /// A variable.
    Local(LocalId),
    /// A document: where it begins, and the keys behind.
    Document(RefBase, Vec<Name>),
}

/// A statement that the compiler makes.
fn hoisted(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, with: Vec::new(), span, origin: ExprOrigin::Hoisted }
}

/// A statement of the text.
fn written(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, with: Vec::new(), span, origin: ExprOrigin::Written }
}

/// A body as written.
fn body_of(exprs: Vec<Expr>) -> Body {
    Body { exprs, ..Body::default() }
}

/// A variable as a term.
const fn local_term(local: LocalId, span: Span) -> Term {
    Term { kind: TermKind::Local(local), span }
}

/// A string as a term.
fn string_term(text: Name, span: Span) -> Term {
    Term { kind: TermKind::String(text), span }
}

/// Whether a term cannot stand in a head or as a `with` value: it reads documents or has a body.
fn requires_eval(term: &Term) -> bool {
    match &term.kind {
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Local(_) => false,
        TermKind::Ref(_)
        | TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..) => true,
        TermKind::Array(terms) | TermKind::Set(terms) => terms.iter().any(requires_eval),
        TermKind::Object(items) => items.iter().any(|(key, value)| requires_eval(key) || requires_eval(value)),
    }
}

impl<'a> Lowerer<'a> {
    /// A lowerer that begins in a file with these global names.
    pub(super) fn new(unit: &'a Unit<'a>, globals: &'a Globals, reports: &'a mut Reports) -> Self {
        Self {
            unit,
            globals,
            builtins: BuiltinTable::new(unit.capabilities),
            reports,
            new_not: false,
            is_guarded: false,
            scopes: Scopes::default(),
            errors: 0,
            unused_reported: false,
            with_failed: false,
            is_unchecked: false,
            calls_deprecated: false,
            in_head: false,
            placeless_call: false,
            arity_differs: false,
            refers: false,
            forgotten: Vec::new(),
            rule: None,
            metadata_locals: [None, None],
        }
    }

    /// Goes on in a file with these global names. `new_not` tells whether its `not` takes a whole body, `v1` whether it must be
    /// valid in Rego v1.
    pub(super) fn enter_file(&mut self, globals: &'a Globals, new_not: bool, v1: bool) {
        self.globals = globals;
        self.new_not = new_not;
        self.is_guarded = v1 || self.unit.strict;
    }

    /// Whether some call has another count of arguments than what it calls takes.
    pub(super) const fn arity_differs(&self) -> bool {
        self.arity_differs
    }

    /// The builtins met.
    pub(super) fn into_builtins(self) -> IndexVec<BuiltinId, Builtin> {
        self.builtins.into_builtins()
    }

    /// Forgets the calls of deprecated builtins where OPA has noted none: it does not look for them then.
    pub(super) fn settle_deprecated(&mut self) {
        if !self.calls_deprecated {
            self.reports.forget(Stage::Deprecated);
        }
    }

    /// The variables of the rule or query. The builtins are known whose names are those of variables that nothing declares: to OPA they
    /// have their types.
    fn take_locals(&mut self) -> IndexVec<LocalId, Local> {
        let locals = self.scopes.take_locals();
        for local in locals.iter().filter(|local| local.origin == LocalOrigin::Implicit) {
            if let Some(name) = &local.name {
                self.builtins.intern(name);
            }
        }
        locals
    }

    /// Reports an error of a call at its place, unless OPA has lost that.
    fn call_error(&mut self, stage: Stage, span: Option<Span>, message: String) {
        let diagnostic = match span {
            Some(span) => Diagnostic::new(Code::Type, span, message),
            None => Diagnostic::without_place(Code::Type, message),
        };
        self.reports.fatal(stage, diagnostic);
    }

    /// Reports an error of a declaration.
    fn declaration_error(&mut self, span: Span, message: impl Into<String>) {
        self.errors += 1;
        self.reports.fatal(Stage::LocalVariables, Diagnostic::new(Code::Compile, span, message));
    }

    /// Reports the declarations of the innermost scope that nothing uses.
    fn report_unused(&mut self) {
        if self.errors > 0 || self.unused_reported {
            return;
        }
        for unused in self.scopes.unused(self.unit.strict) {
            self.unused_reported = true;
            let word = if unused.assigned { "assigned" } else { "declared" };
            let message = format!("{word} var {} unused", unused.name);
            self.reports.recoverable(Stage::LocalVariables, Diagnostic::new(Code::Compile, unused.statement, message));
        }
    }

    /// Forgets the statements of a body that is just `true`, where others follow them: OPA puts those in its place, whatever its `with`
    /// clauses say. The statements up to the first of `calls` are those of the body; `calls` are the calls of the head. OPA puts these
    /// there before it asks what a rule needs, and everything else afterwards; by then, calls in the `with` clauses are statements of the body
    /// beside the `true`.
    fn forget_true(&mut self, body: &ast::Body, calls: Range<usize>, exprs: &mut Vec<Expr>) {
        let is_true = |literal: &ast::Literal| match &literal.kind {
            ast::LiteralKind::Expr(term) => matches!(term.kind, ast::TermKind::Boolean(true)),
            _ => false,
        };
        let is_alone = !calls.is_empty() || exprs.iter().take(calls.start).all(|expr| !self.is_call_of_clause(expr));
        if exprs.len() > calls.start && matches!(body.literals.as_slice(), [only] if is_true(only)) && is_alone {
            let forgotten = exprs.drain(..calls.start);
            if calls.is_empty() {
                self.forgotten.extend(forgotten);
            }
        }
    }

    /// Whether a statement is a call that was written inside of another. To OPA, template strings are none until later.
    fn is_call_of_clause(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Call { callee: Callee::Builtin(builtin), .. } => {
                &*self.builtins.get(*builtin).name != template::BUILTIN
            }
            ExprKind::Call { .. } => true,
            _ => false,
        }
    }

    /// A variable that the compiler makes.
    fn fresh(&mut self, span: Span) -> LocalId {
        self.scopes.fresh(None, span, LocalOrigin::Hoisted)
    }

    /// Moves a term into a statement of its own and gives the variable that stands for it.
    fn hoist(&mut self, term: Term, out: &mut Vec<Expr>) -> Term {
        let span = term.span;
        let local = local_term(self.fresh(span), span);
        out.push(hoisted(ExprKind::Unify(local.clone(), term), span));
        local
    }

    /// Hoists a term that cannot stand where it is.
    fn hoist_if_evaluated(&mut self, term: Term, out: &mut Vec<Expr>) -> Term {
        if requires_eval(&term) { self.hoist(term, out) } else { term }
    }

    /// What a name means. `bare` tells that nothing is looked up in it.
    fn meaning(&mut self, name: &Name, span: Span, bare: bool) -> Meaning {
        if &**name == "_" {
            return Meaning::Local(self.scopes.fresh(None, span, LocalOrigin::Wildcard));
        }
        if !self.scopes.is_hidden(name)
            && let Some(path) = self.globals.get(name)
        {
            let bare = bare && path.keys.is_empty();
            return match self.root(&path.root, span, bare) {
                RefBase::Local(local) if path.keys.is_empty() => Meaning::Local(local),
                base => Meaning::Document(base, path.keys),
            };
        }
        if matches!(&**name, "input" | "data") {
            return match self.root(name, span, bare) {
                RefBase::Local(local) => Meaning::Local(local),
                base => Meaning::Document(base, Vec::new()),
            };
        }
        Meaning::Local(self.scopes.use_name(name, span))
    }

    /// What `input` or `data` means: the document, unless a variable is named so.
    fn root(&mut self, name: &Name, span: Span, bare: bool) -> RefBase {
        if !bare {
            // OPA notes `input.x` as an occurrence of the name, `input` alone not.
            self.scopes.meet(name, span);
        }
        if let Some(local) = self.scopes.glance(name) {
            return RefBase::Local(local);
        }
        if &**name == "input" {
            return RefBase::Input;
        }
        self.refers = true;
        RefBase::Data
    }
}
