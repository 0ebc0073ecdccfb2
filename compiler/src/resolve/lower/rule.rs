//! Rules: head, body and `else` branches, in the order that decides which statement comes first.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::visit::is_constant;
use crate::hir::{
    Body, Branch, Expr, ExprKind, Key, LocalId, LocalOrigin, Name, Rule, RuleId, RuleSetId, Term, TermKind,
};
use crate::resolve::declared;
use crate::resolve::head::Part;
use crate::resolve::stage::Stage;
use crate::resolve::tree::RuleSource;
use crate::source::Span;
use crate::syntax::ast;

use super::call::call_parts;
use super::scope::Frame;
use super::{Lowerer, body_of, hoisted, local_term, string_term, template};

/// The parameters of a rule, lowered once for all branches.
struct Params<'a> {
    terms: Vec<Term>,
    rest: BehindBody<'a>,
    /// The names in the parameters.
    names: BTreeSet<Name>,
    frame: Frame,
}

/// What of parameters is evaluated behind each body.
#[derive(Default)]
struct BehindBody<'a> {
    /// Parameters that are no patterns, with the variables that stand for them.
    compared: Vec<(LocalId, &'a ast::Term)>,
    /// Calls in keys of objects. They come too late for the pattern, which matches no argument.
    calls: Vec<Expr>,
}

/// The head and body of a branch.
struct Lowered {
    suffix: Vec<Term>,
    element: Option<Term>,
    value: Term,
    body: Body,
    forgotten: Vec<Expr>,
}

/// What a branch is written as.
#[derive(Clone, Copy)]
struct Written<'a> {
    body: Option<&'a ast::Body>,
    parts: &'a [Part<'a>],
    element: Option<&'a ast::Term>,
    value: Option<&'a ast::Term>,
    span: Span,
    /// Whether it is an `else` branch.
    is_branch: bool,
    /// Whether it is a chained body, of which all of the head has its place.
    is_chained: bool,
}

impl<'a> Lowerer<'a> {
    /// Lowers a rule of a set at a path, of which `package` keys are the package's.
    pub(in crate::resolve) fn rule(&mut self, id: RuleId, set: RuleSetId, ground: &[Key], package: usize) -> Rule {
        let source = &self.unit.sources[id];
        self.rule = Some(id);
        self.errors = 0;
        self.refers = false;
        let rule = source.rule;
        let shape = &source.shape;
        self.check_parameter_names(source);
        let params = self.params(shape.params);
        let mut unused = BTreeSet::new();
        if self.unit.strict {
            shape.params.iter().for_each(|param| declared::variables(param, &mut unused));
        }
        let body = match source.chained {
            None => rule.body.as_ref(),
            Some(index) => rule.chained.get(index),
        };
        let parts = shape.parts.get(ground.len().saturating_sub(package)..).unwrap_or_default();
        let main = Written {
            body,
            parts,
            element: shape.element.as_deref(),
            value: shape.value,
            span: source.span,
            is_branch: false,
            is_chained: source.chained.is_some(),
        };
        let mut lowered = self.branch(&params, main, &mut unused);
        if self.unit.test_cases {
            self.tell_test_case(&mut lowered.body, ground, package, &lowered.suffix, source.span);
        }
        let branches = if source.chained.is_some() { &[][..] } else { &rule.branches };
        let branches = branches
            .iter()
            .map(|branch| {
                let value = branch.value.as_ref().map(|(_, value)| value);
                let body = branch.body.as_ref();
                let (parts, element, span) = (&[][..], None, branch.span);
                let written = Written { body, parts, element, value, span, is_branch: true, is_chained: false };
                let lowered = self.branch(&params, written, &mut unused);
                Branch { value: lowered.value, body: lowered.body, forgotten: lowered.forgotten, span: branch.span }
            })
            .collect();
        for name in unused {
            let message = format!("unused argument {name}. (hint: use _ (wildcard variable) instead)");
            self.reports.recoverable(Stage::LocalVariables, Diagnostic::new(Code::Compile, rule.head.span, message));
        }
        Rule {
            set,
            file: source.file,
            package,
            default: rule.default,
            span: source.span,
            params: params.terms,
            suffix: lowered.suffix,
            element: lowered.element,
            value: lowered.value,
            body: lowered.body,
            branches,
            locals: self.take_locals(),
            forgotten: lowered.forgotten,
            refers: self.refers,
        }
    }

    /// Reports parameters named like the root documents, at the rule and each of its branches, as OPA does.
    fn check_parameter_names(&mut self, source: &RuleSource<'_>) {
        let Some(name) = source.shape.params.iter().find_map(root_document) else { return };
        for span in std::iter::once(source.span).chain(source.rule.branches.iter().map(|branch| branch.span)) {
            let message = format!("args must not shadow {name} (use a different variable name)");
            self.reports.fatal(Stage::References, Diagnostic::new(Code::Compile, span, message));
        }
    }

    fn params(&mut self, written: &'a [ast::Term]) -> Params<'a> {
        let names = names_of_parameters(written);
        self.scopes.begin_branch(Frame::default(), names.clone());
        let mut rest = BehindBody::default();
        let terms = written.iter().map(|param| self.param(param, &mut rest)).collect();
        Params { terms, rest, names, frame: self.scopes.outermost() }
    }

    fn param(&mut self, param: &'a ast::Term, rest: &mut BehindBody<'a>) -> Term {
        let span = param.span;
        let kind = match &param.kind {
            ast::TermKind::Null => TermKind::Null,
            ast::TermKind::Boolean(value) => TermKind::Boolean(*value),
            ast::TermKind::Number(number) => TermKind::Number(number.clone()),
            ast::TermKind::String(string) => TermKind::String(string.clone()),
            ast::TermKind::Var(name) if &**name == "_" => {
                TermKind::Local(self.scopes.fresh(None, span, LocalOrigin::Wildcard))
            }
            ast::TermKind::Var(name) => TermKind::Local(self.scopes.parameter(name, span)),
            ast::TermKind::Array(terms) => TermKind::Array(terms.iter().map(|term| self.param(term, rest)).collect()),
            ast::TermKind::Object(items) if items.iter().any(|(key, _)| is_evaluated(key)) && !contains_call(param) => {
                self.declare_params(param);
                return self.compared_param(param, rest);
            }
            ast::TermKind::Object(items) => TermKind::Object(
                items
                    .iter()
                    .map(|(key, value)| (self.term_of_parameter(key, &mut rest.calls), self.param(value, rest)))
                    .collect(),
            ),
            ast::TermKind::Set(_) if !template::is_constant(param) => {
                return self.set_pattern(param).unwrap_or_else(|| self.compared_param(param, rest));
            }
            _ if contains_call(param) => {
                self.declaration_error(span, "rule arguments cannot contain calls");
                TermKind::Null
            }
            ast::TermKind::Ref(reference) => {
                self.declare_params(&reference.head);
                return self.compared_param(param, rest);
            }
            _ => return self.compared_param(param, rest),
        };
        Term { kind, span }
    }

    /// Lowers what stands in a parameter. No name is global there: OPA resolves none.
    fn term_of_parameter(&mut self, term: &'a ast::Term, out: &mut Vec<Expr>) -> Term {
        let globals = std::mem::replace(&mut self.globals, &self.unit.no_globals);
        let term = self.term(term, out);
        self.globals = globals;
        term
    }

    /// A set with variables in a parameter: an argument matches it only where all of them are parameters in front of it. Other names mean
    /// nothing, be they rules'. None where anything in it has to be evaluated.
    fn set_pattern(&mut self, written: &ast::Term) -> Option<Term> {
        let span = written.span;
        let kind = match &written.kind {
            ast::TermKind::Var(name) if &**name == "_" => {
                TermKind::Local(self.scopes.fresh(None, span, LocalOrigin::Wildcard))
            }
            ast::TermKind::Var(name) if matches!(&**name, "input" | "data") => return None,
            ast::TermKind::Var(name) if self.scopes.is_hidden(name) => {
                TermKind::Local(self.scopes.parameter(name, span))
            }
            ast::TermKind::Var(name) => TermKind::Local(self.scopes.free_variable(name, span)),
            ast::TermKind::Array(terms) => TermKind::Array(self.set_patterns(terms)?),
            ast::TermKind::Set(terms) => TermKind::Set(self.set_patterns(terms)?),
            ast::TermKind::Object(items) => {
                let items = items.iter().map(|(key, value)| Some((self.set_pattern(key)?, self.set_pattern(value)?)));
                TermKind::Object(items.collect::<Option<_>>()?)
            }
            _ if template::is_constant(written) => return Some(self.term(written, &mut Vec::new())),
            _ => return None,
        };
        Some(Term { kind, span })
    }

    fn set_patterns(&mut self, written: &[ast::Term]) -> Option<Vec<Term>> {
        written.iter().map(|term| self.set_pattern(term)).collect()
    }

    /// Declares the names in a parameter that is compared behind the body.
    fn declare_params(&mut self, written: &ast::Term) {
        for name in names_of_parameters([written]) {
            self.scopes.parameter(&name, written.span);
        }
    }

    fn compared_param(&mut self, param: &'a ast::Term, rest: &mut BehindBody<'a>) -> Term {
        let local = self.scopes.fresh(None, param.span, LocalOrigin::Hoisted);
        rest.compared.push((local, param));
        local_term(local, param.span)
    }

    fn branch(&mut self, params: &Params<'a>, written: Written<'a>, unused: &mut BTreeSet<Name>) -> Lowered {
        let mut hidden = params.names.clone();
        if let Some(body) = written.body {
            hidden.extend(declared::names_of_body(body));
        }
        self.scopes.begin_branch(params.frame.clone(), hidden);
        if let Some(body) = written.body {
            self.hide_builtins(body, written.span);
        }
        self.unused_reported = false;
        self.metadata_locals = [None, None];
        let mut exprs = written.body.map(|body| self.literals(&body.literals)).unwrap_or_default();
        let of_body = exprs.len();
        exprs.extend(params.rest.calls.iter().cloned());
        self.in_head = true;
        let mut suffix: Vec<Term> =
            written.parts.iter().map(|part| self.part(part, written.span, &mut exprs)).collect();
        let mut element = written.element.map(|element| self.head_term(element, &mut exprs));
        let mut value = match written.value {
            Some(value) => self.head_term(value, &mut exprs),
            None => Term { kind: TermKind::Boolean(true), span: written.span },
        };
        if written.is_chained {
            suffix.iter_mut().chain(&mut element).chain([&mut value]).for_each(|term| place(term, written.span));
        }
        let of_calls = exprs.len();
        let element = element.map(|element| self.hoist_if_evaluated(element, &mut exprs));
        let value = self.hoist_if_evaluated(value, &mut exprs);
        self.in_head = false;
        if let Some(body) = written.body {
            self.forget_true(body, of_body..of_calls, &mut exprs);
        }
        self.report_unused();
        self.forget_used_arguments(written.value, unused);
        for (local, param) in &params.rest.compared {
            let term = self.term_of_parameter(param, &mut exprs);
            // A constant is part of the call; anything else is found out behind the body.
            let place = if is_constant(&term) { 0 } else { exprs.len() };
            exprs.insert(place, hoisted(ExprKind::Unify(local_term(*local, param.span), term), param.span));
        }
        let body = body_of(self.with_metadata(exprs, written.is_branch));
        Lowered { suffix, element, value, body, forgotten: std::mem::take(&mut self.forgotten) }
    }

    /// Lets the variables of a body hide the builtins of their names, but for those that it declares anyway and those that some `with`
    /// of the rule mentions, which may be builtins to replace.
    fn hide_builtins(&mut self, body: &ast::Body, span: Span) {
        let mut names = declared::names_outside_closures(body, self.new_not);
        names.retain(|name| self.builtins.has(name) && self.globals.get(name).is_none());
        names.retain(|name| self.scopes.declared(name).is_none());
        let Some(rule) = self.rule.filter(|_| !names.is_empty()) else { return };
        let rule = self.unit.sources[rule].rule;
        let mut others = declared::names_of_body(body);
        let branches = rule.branches.iter();
        let bodies = rule.body.iter().chain(&rule.chained).chain(branches.clone().filter_map(|it| it.body.as_ref()));
        bodies.for_each(|body| declared::names_in_with(body, &mut others));
        let values = rule.head.value.iter().chain(branches.filter_map(|it| it.value.as_ref()));
        values.for_each(|(_, value)| declared::names_in_with_of_term(value, &mut others));
        for name in names.difference(&others) {
            self.scopes.hide_builtin(name, span);
        }
    }

    /// Lowers a part of the head's path: constants and variables stay, everything else becomes a variable.
    fn part(&mut self, part: &Part<'a>, span: Span, out: &mut Vec<Expr>) -> Term {
        let term = match part {
            Part::Name(name) => return string_term((*name).clone(), span),
            Part::Index(term) => self.term(term, out),
        };
        match term.kind {
            TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Local(_) => {
                term
            }
            _ => self.hoist(term, out),
        }
    }

    fn forget_used_arguments(&mut self, value: Option<&ast::Term>, unused: &mut BTreeSet<Name>) {
        if unused.is_empty() {
            return;
        }
        let mut in_value = BTreeSet::new();
        if let Some(value) = value {
            declared::variables(value, &mut in_value);
        }
        unused.retain(|name| self.scopes.count(name) <= 1 && !in_value.contains(name));
    }

    /// Puts the metadata that the branch asks for before its statements.
    fn with_metadata(&mut self, exprs: Vec<Expr>, is_branch: bool) -> Vec<Expr> {
        let asked = std::mem::take(&mut self.metadata_locals);
        if asked == [None, None] {
            return exprs;
        }
        let mut all = Vec::with_capacity(exprs.len() + 2);
        for (which, asked) in asked.into_iter().enumerate() {
            let (Some((local, span)), Some(rule)) = (asked, self.rule) else { continue };
            let source = &self.unit.sources[rule];
            let value = if which == 0 {
                self.unit.metadata.chain(source, is_branch, span)
            } else {
                self.unit.metadata.of_rule(source, is_branch, span)
            };
            all.push(hoisted(ExprKind::Unify(local_term(local, span), value), span));
        }
        all.extend(exprs);
        all
    }
}

/// The names that parameters bind.
fn names_of_parameters<'t>(written: impl IntoIterator<Item = &'t ast::Term>) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    written.into_iter().for_each(|param| declared::parameter_names(param, &mut names));
    names.remove("_");
    names
}

/// Whether OPA finds a call in a parameter: it looks neither into sets, keys of objects and comprehensions, nor at the names there.
fn contains_call(term: &ast::Term) -> bool {
    match &term.kind {
        ast::TermKind::Array(items) => items.iter().any(contains_call),
        ast::TermKind::Object(items) => items.iter().any(|(_, value)| contains_call(value)),
        ast::TermKind::Ref(reference) => reference.operands.iter().any(|operand| match operand {
            ast::RefOperand::Index(index) => contains_call(index),
            ast::RefOperand::Field(..) => false,
        }),
        _ => call_parts(term).is_some(),
    }
}

/// Whether a key of an object in a parameter has a value only when the parameters are known.
fn is_evaluated(key: &ast::Term) -> bool {
    match &key.kind {
        ast::TermKind::Ref(_)
        | ast::TermKind::ArrayComprehension(..)
        | ast::TermKind::SetComprehension(..)
        | ast::TermKind::ObjectComprehension(..) => true,
        ast::TermKind::Array(items) | ast::TermKind::Set(items) => items.iter().any(is_evaluated),
        ast::TermKind::Object(items) => items.iter().any(|(key, value)| is_evaluated(key) || is_evaluated(value)),
        _ => false,
    }
}

/// The root document that a parameter is named like.
fn root_document(param: &ast::Term) -> Option<&Name> {
    match &param.kind {
        ast::TermKind::Var(name) if matches!(&**name, "input" | "data") => Some(name),
        ast::TermKind::Array(terms) => terms.iter().find_map(root_document),
        ast::TermKind::Object(items) => items.iter().find_map(|(_, value)| root_document(value)),
        _ => None,
    }
}

/// Gives a term of a head, and what it is made of, a place.
fn place(term: &mut Term, span: Span) {
    let mut open = vec![term];
    while let Some(term) = open.pop() {
        term.span = span;
        match &mut term.kind {
            TermKind::Array(items) | TermKind::Set(items) => open.extend(items),
            TermKind::Object(items) => open.extend(items.iter_mut().flat_map(|(key, value)| [key, value])),
            TermKind::Ref(reference) => open.extend(&mut reference.path),
            TermKind::Null
            | TermKind::Boolean(_)
            | TermKind::Number(_)
            | TermKind::String(_)
            | TermKind::Local(_)
            | TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..) => {}
        }
    }
}
