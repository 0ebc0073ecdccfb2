//! The types of rules, and the statements that cannot hold whatever the input is.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::detail::{Param, arguments, sides, unsupported_operand};
use super::env::Env;
use super::names;
use super::schema::Schemas;
use super::tree::TypeTree;
use super::ty::{Key, Type, is_unknown};
use super::unify::unifies;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::dependencies::{Clause, Dependencies};
use crate::hir::text::{Subject, Subjects, path as path_text};
use crate::hir::visit::{Visitor, is_constant, walk_body, walk_expr};
use crate::hir::{
    Body, BodyForm, Callee, Expr, ExprKind, ExprOrigin, Local, LocalId, LocalOrigin, Name, Program, RefBase, RuleKind,
    Term, TermKind, With, WithTarget, WithValue,
};
use crate::index::IndexVec;
use crate::source::{SourceSet, Span};

/// How deep inside a statement comprehensions are checked a second time, see [`Checker::check_inner`].
const DEEPEST: usize = 8;

/// An error with whether it only follows from something whose type is not known.
pub(super) struct TypeError {
    pub(super) diagnostic: Diagnostic,
    /// Whether the type of something in it is not known: then an error inside the statement says more.
    from_unknown: bool,
}

impl TypeError {
    /// An error that stands by itself.
    pub(super) fn new(diagnostic: Diagnostic) -> Self {
        Self { diagnostic, from_unknown: false }
    }
}

/// What `with` replaces, as a key of what depends on it: the path, and whether it is a function.
type Target = (Vec<Name>, bool);

/// Checks the rules of a program one after the other.
pub(super) struct Checker<'p> {
    program: &'p Program,
    sources: &'p SourceSet,
    pub(super) env: Env<'p>,
    dependencies: &'p Dependencies<'p>,
    /// The variables of the rule or query at hand.
    pub(super) locals: &'p IndexVec<LocalId, Local>,
    /// The bodies whose hoisted variables messages may show.
    bodies: Vec<&'p Body>,
    /// Whether a comprehension is checked without what is known of the body that it is in.
    is_inner: bool,
    /// The documents that may change when a target is replaced.
    relaxed: BTreeMap<Target, Option<Rc<TypeTree>>>,
    schemas: Schemas,
}

impl<'p> Checker<'p> {
    /// A checker that knows nothing of any rule.
    pub(super) fn new(
        program: &'p Program,
        sources: &'p SourceSet,
        dependencies: &'p Dependencies<'p>,
        no_locals: &'p IndexVec<LocalId, Local>,
        input: Option<Type>,
        schemas: Schemas,
    ) -> Self {
        Self {
            program,
            sources,
            env: Env::new(program, input),
            dependencies,
            locals: no_locals,
            bodies: Vec::new(),
            is_inner: false,
            relaxed: BTreeMap::new(),
            schemas,
        }
    }

    /// Checks a rule or branch and adds what it makes to the types of documents.
    pub(super) fn check_clause(&mut self, clause: Clause, errors: &mut Vec<Diagnostic>) {
        let rule = &self.program.rules[clause.rule];
        let (body, value) = clause.parts(rule);
        self.enter(&rule.locals, body);
        let span = clause.branch.checked_sub(1).and_then(|branch| rule.branches.get(branch)).map(|branch| branch.span);
        self.lay_schemas(clause, span.unwrap_or(rule.span), errors);
        let found = self.check_body(body);
        let root = std::iter::once(self.env.root(RefBase::Data));
        let keys = self.program.tree.path(self.program.sets[rule.set].node).into_iter().map(Key::from);
        let constant = rule.suffix.iter().map_while(Key::of);
        let path: Vec<Key> = root.chain(keys).chain(constant).collect();
        let dynamic: Vec<&Term> = rule.suffix.iter().skip_while(|operand| is_constant(operand)).collect();
        if !found.is_empty() {
            // Whoever refers to a rule with an error is not to hear of it again.
            if dynamic.is_empty() {
                self.env.documents.put(&path, Type::any());
            } else {
                self.env.documents.insert(&path, Type::any());
            }
            errors.extend(found.into_iter().map(|error| error.diagnostic));
            return;
        }
        let ty = if let RuleKind::Function(_) = self.program.sets[rule.set].kind {
            rule.params.iter().for_each(|param| self.allow_any(param));
            let params = rule.params.iter().map(|param| self.env.type_of(param)).collect();
            Some(Type::function(params, None, self.type_of_head(value)))
        } else {
            let ty = match &rule.element {
                Some(element) if clause.branch == 0 => self.type_of_head(element).map(|of| Type::set(Some(of))),
                _ => self.type_of_head(value),
            };
            dynamic.iter().rev().fold(ty, |ty, operand| {
                let key = self.env.type_of(operand)?;
                Some(Type::object(Vec::new(), Some((Some(key), Some(ty?)))))
            })
        };
        if let Some(ty) = ty {
            self.env.documents.insert(&path, ty);
        }
    }

    /// Checks the body of a query.
    pub(super) fn check_query(
        &mut self,
        locals: &'p IndexVec<LocalId, Local>,
        body: &'p Body,
        errors: &mut Vec<Diagnostic>,
    ) {
        self.enter(locals, body);
        let found = self.check_body(body);
        errors.extend(found.into_iter().map(|error| error.diagnostic));
    }

    fn enter(&mut self, locals: &'p IndexVec<LocalId, Local>, body: &'p Body) {
        self.env.enter(locals);
        self.locals = locals;
        self.bodies.clear();
        self.bodies.push(body);
    }

    /// Lets documents have the types that the metadata of a rule says, as long as the rule is checked.
    fn lay_schemas(&mut self, clause: Clause, span: Span, errors: &mut Vec<Diagnostic>) {
        let Some(uses) = self.program.schemas.get(&clause.rule) else { return };
        let uses = uses.iter().filter(|schema| clause.branch == 0 || !schema.only_first);
        let faults = self.schemas.lay(uses, &mut self.env);
        errors.extend(faults.into_iter().map(|fault| Diagnostic::new(Code::Type, span, fault)));
    }

    /// The type of a term of a head, which may be a comprehension that stands nowhere else.
    fn type_of_head(&mut self, term: &'p Term) -> Option<Type> {
        // Errors in it are found where it is hoisted into the body; one that is not hoisted has no body of its own to
        // check.
        let _ = self.check_comprehensions(|found| crate::hir::visit::walk_term(found, term));
        self.env.type_of(term)
    }

    /// A parameter that the body does not mention takes anything.
    fn allow_any(&mut self, param: &Term) {
        let mut locals = Vec::new();
        collect_locals(param, &mut locals);
        for local in locals {
            if self.env.local(local).is_none() {
                self.env.set_local(local, Some(Type::any()));
            }
        }
    }

    fn check_body(&mut self, body: &'p Body) -> Vec<TypeError> {
        let mut errors = Vec::new();
        for expr in &body.exprs {
            self.check_statement(expr, &mut errors);
        }
        errors
    }

    fn check_statement(&mut self, expr: &'p Expr, errors: &mut Vec<TypeError>) {
        let layers = self.env.replaced.len();
        self.replace_documents(&expr.with);
        let before = errors.len();
        if let ExprKind::Not(body) = &expr.kind
            && body.form == BodyForm::Negated
        {
            for inner in &body.exprs {
                self.check_statement(inner, errors);
            }
        } else {
            errors.extend(self.check_comprehensions(|found| walk_expr(found, expr)));
            errors.extend(self.check_references(expr));
        }
        let has_inner = errors.len() > before;
        let error = self.check_with(&expr.with).or_else(|| self.check_own(expr));
        errors.extend(error.filter(|error| !(has_inner && error.from_unknown)));
        self.env.replaced.truncate(layers);
    }

    /// Reports the functions that a `with` of an `every`, `and` or `or` names: OPA takes them for references there.
    pub(super) fn functions_of(&self, clause: &With) -> Vec<TypeError> {
        let target = match clause.target {
            WithTarget::Callee(callee) => Some(callee),
            WithTarget::Input(_) | WithTarget::Data(_) => None,
        };
        let value = match clause.value {
            WithValue::Callee(callee) => Some(callee),
            WithValue::Term(_) => None,
        };
        let report = |callee: Callee| {
            let name = self.name(callee);
            let message = format!("function {name} used as reference, not called");
            let details = unsupported_operand(&name, &name, self.type_of_callee(callee).as_ref());
            let diagnostic = match callee {
                // OPA's builtins have no place in a text.
                Callee::Builtin(_) => Diagnostic::without_place(Code::Type, message),
                Callee::Function(_) => Diagnostic::new(Code::Type, clause.span, message),
            };
            TypeError::new(diagnostic.with_details(details))
        };
        target.into_iter().chain(value).map(report).collect()
    }

    /// Checks the comprehensions that a walk comes by, and keeps their types.
    fn check_comprehensions(&mut self, walk: impl FnOnce(&mut Comprehensions<'p>)) -> Vec<TypeError> {
        let mut found = Comprehensions(Vec::new());
        walk(&mut found);
        let mut errors = Vec::new();
        for term in found.0 {
            let (body, heads): (&'p Body, Vec<&'p Term>) = match &term.kind {
                TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => (body, vec![head]),
                TermKind::ObjectComprehension(key, value, body) => (body, vec![key, value]),
                _ => continue,
            };
            let before = self.env.mark();
            self.bodies.push(body);
            let in_body = self.check_body(body);
            let types: Vec<Option<Type>> = heads.iter().map(|head| self.type_of_head(head)).collect();
            self.env.undo(before);
            let without_body = if in_body.is_empty() { self.check_inner(body, DEEPEST) } else { Vec::new() };
            self.bodies.pop();
            let ty = match (&term.kind, types.as_slice()) {
                _ if !in_body.is_empty() => None,
                (TermKind::ArrayComprehension(..), [of]) => Some(Type::array(Vec::new(), of.clone())),
                (TermKind::SetComprehension(..), [of]) => Some(Type::set(of.clone())),
                (_, [key, value]) => Some(Type::object(Vec::new(), Some((key.clone(), value.clone())))),
                _ => None,
            };
            self.env.comprehensions.insert(std::ptr::from_ref(term), ty);
            errors.extend(in_body);
            errors.extend(without_body);
        }
        errors
    }

    /// Checks the comprehensions in the body of one once more, without what is known of the variables of that body: OPA checks all
    /// comprehensions of a statement with what is known in front of it (`checkClosures` in `v1/ast/check.go`), before those of a body are
    /// checked with the body. Ends where something is wrong.
    fn check_inner(&mut self, body: &'p Body, depth: usize) -> Vec<TypeError> {
        if depth == 0 || self.is_inner {
            return Vec::new();
        }
        let mut found = Comprehensions(Vec::new());
        walk_body(&mut found, body);
        for term in found.0 {
            let (TermKind::ArrayComprehension(_, body)
            | TermKind::SetComprehension(_, body)
            | TermKind::ObjectComprehension(_, _, body)) = &term.kind
            else {
                continue;
            };
            let before = self.env.mark();
            self.bodies.push(body);
            self.is_inner = true;
            let mut errors = self.check_body(body);
            self.is_inner = false;
            self.env.undo(before);
            if errors.is_empty() {
                errors = self.check_inner(body, depth - 1);
            }
            self.bodies.pop();
            if !errors.is_empty() {
                return errors;
            }
        }
        Vec::new()
    }

    /// Checks what a statement itself says.
    fn check_own(&mut self, expr: &'p Expr) -> Option<TypeError> {
        match &expr.kind {
            ExprKind::Unify(left, right) => self.check_equation(left, right, expr.span),
            ExprKind::Call { callee, args, output } => {
                if let Callee::Builtin(builtin) = callee {
                    match (&*self.program.builtins[*builtin].name, args.as_slice()) {
                        ("equal", [left, right]) if output.is_none() => {
                            return self.check_equation(left, right, expr.span);
                        }
                        ("internal.member_2", [member, collection]) => {
                            let error = self.check_member(None, member, collection, expr.span);
                            if error.is_some() {
                                return error;
                            }
                        }
                        ("internal.member_3", [key, member, collection]) => {
                            let error = self.check_member(Some(key), member, collection, expr.span);
                            if error.is_some() {
                                return error;
                            }
                        }
                        _ => {}
                    }
                }
                self.check_call(*callee, args, output.as_ref(), expr.span)
            }
            ExprKind::Term(_) | ExprKind::Not(_) | ExprKind::Every { .. } | ExprKind::And(..) | ExprKind::Or(..) => {
                None
            }
        }
    }

    fn check_equation(&mut self, left: &'p Term, right: &'p Term, span: Span) -> Option<TypeError> {
        let (of_left, of_right) = (self.env.type_of(left), self.env.type_of(right));
        (!self.env.unify_terms(left, &of_left, right, &of_right)).then(|| match_error(&of_left, &of_right, span))
    }

    /// Checks `member in collection`: whether the member may be among what is in there.
    fn check_member(
        &mut self,
        key: Option<&'p Term>,
        member: &'p Term,
        collection: &'p Term,
        span: Span,
    ) -> Option<TypeError> {
        let ty = self.env.type_of(collection)?;
        // What has no members is in order: the answer is `false`.
        let values = ty.values()?;
        if let (Some(key), Some(keys)) = (key, ty.keys()) {
            let error = self.check_member_operand(key, keys, span);
            if error.is_some() {
                return error;
            }
        }
        self.check_member_operand(member, values, span)
    }

    fn check_member_operand(&mut self, term: &'p Term, want: Type, span: Span) -> Option<TypeError> {
        if want.has_unknown() {
            return None;
        }
        let have = self.env.type_of(term);
        let fits =
            (is_unknown(&have) || unifies(have.as_ref(), Some(&want))) && self.env.unify_with(term, Some(&want), false);
        (!fits).then(|| match_error(&have, &Some(want), span))
    }

    fn check_call(
        &mut self,
        callee: Callee,
        args: &'p [Term],
        output: Option<&'p Term>,
        span: Span,
    ) -> Option<TypeError> {
        let function = match self.type_of_callee(callee) {
            Some(Type::Function(function)) => function,
            // The type of a rule with an error, which was reported there.
            Some(ty) if ty.is_any() => return None,
            // A rule that is in order behind one with an error takes the type away, see [`Type::or`].
            _ => {
                let message = format!("undefined function {}", self.name(callee));
                return Some(TypeError::new(Diagnostic::new(Code::Type, span, message)));
            }
        };
        let operands: Vec<&'p Term> = args.iter().chain(output).collect();
        let want: Vec<Option<Type>> =
            function.params.iter().cloned().chain(function.result.iter().cloned().map(Some)).collect();
        let have: Vec<Option<Type>> = operands.iter().map(|operand| self.env.type_of(operand)).collect();
        let fault = if operands.len() > want.len() && function.variadic.is_none() {
            Some("too many arguments")
        } else if operands.len() < function.params.len() {
            Some("too few arguments")
        } else {
            None
        };
        if let Some(fault) = fault {
            return Some(self.argument_error(callee, fault, &have, span));
        }
        for ((operand, have_type), at) in operands.iter().zip(&have).zip(0..) {
            let want = want.get(at).unwrap_or(&function.variadic);
            let fits = is_unknown(have_type) || unifies(have_type.as_ref(), want.as_ref());
            if !fits {
                return Some(self.argument_error(callee, "invalid argument(s)", &have, span));
            }
            if !self.env.unify_with(operand, want.as_ref(), false) {
                let have: Vec<Option<Type>> = operands.iter().map(|operand| self.env.type_of(operand)).collect();
                return Some(self.argument_error(callee, "invalid argument(s)", &have, span));
            }
        }
        None
    }

    fn type_of_callee(&self, callee: Callee) -> Option<Type> {
        match callee {
            Callee::Function(set) => self.env.type_of_function(set),
            Callee::Builtin(builtin) => Some(Type::of_builtin(&self.program.builtins[builtin])),
        }
    }

    fn argument_error(&self, callee: Callee, fault: &str, have: &[Option<Type>], span: Span) -> TypeError {
        let (params, variadic) = self.params(callee);
        let details = arguments(have, &params, variadic.as_ref());
        let message = format!("{}: {fault}", self.name(callee));
        TypeError {
            diagnostic: Diagnostic::new(Code::Type, span, message).with_details(details),
            from_unknown: have.iter().any(is_unknown),
        }
    }

    /// The parameters and the result of a function, as messages show them, and the type of further arguments.
    fn params(&self, callee: Callee) -> (Vec<Param>, Option<Type>) {
        let Some(Type::Function(function)) = self.type_of_callee(callee) else { return (Vec::new(), None) };
        let types = function.params.iter().cloned().chain(function.result.iter().cloned().map(Some));
        let name = |position| match callee {
            Callee::Builtin(builtin) => names::of(&self.program.builtins[builtin].name, position),
            Callee::Function(_) => None,
        };
        let params = types.enumerate().map(|(position, ty)| Param { name: name(position), ty }).collect();
        (params, function.variadic.clone())
    }

    fn name(&self, callee: Callee) -> String {
        match callee {
            Callee::Builtin(builtin) => self.program.builtins[builtin].name.to_string(),
            Callee::Function(set) => path_text(&self.program.tree.path(self.program.sets[set].node)),
        }
    }

    /// Checks that functions are replaced by functions of the same kind.
    fn check_with(&self, with: &'p [With]) -> Option<TypeError> {
        with.iter().find_map(|clause| {
            let (WithTarget::Callee(target), WithValue::Callee(value)) = (&clause.target, &clause.value) else {
                return None;
            };
            let (of_target, of_value) = (self.type_of_callee(*target), self.type_of_callee(*value));
            let (Some(Type::Function(_)), Some(Type::Function(function))) = (&of_target, &of_value) else {
                return None;
            };
            if unifies(of_target.as_ref(), of_value.as_ref()) {
                return None;
            }
            let (mut params, variadic) = self.params(*target);
            // What comes back is not compared.
            params.truncate(self.program.arity(*target));
            let details = arguments(&function.params, &params, variadic.as_ref());
            let message = format!("{}: arity mismatch", self.name(*target));
            Some(TypeError {
                diagnostic: Diagnostic::new(Code::Type, clause.span, message).with_details(details),
                from_unknown: function.params.iter().any(is_unknown),
            })
        })
    }

    /// Reports the calls in a body with another count of arguments than what is called takes. Nothing is known of rules
    /// then.
    pub(super) fn check_arity(
        &mut self,
        locals: &'p IndexVec<LocalId, Local>,
        body: &'p Body,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        self.env.enter(locals);
        self.locals = locals;
        let mut calls = WrongArity { checker: self, calls: Vec::new() };
        walk_body(&mut calls, body);
        for (expr, callee, args, output) in calls.calls {
            let _ = self.check_comprehensions(|found| walk_expr(found, expr));
            let have: Vec<Option<Type>> = args.iter().chain(output).map(|term| self.env.type_of(term)).collect();
            diagnostics.push(self.arity_error(callee, &have, args.len(), expr));
        }
    }

    fn arity_error(&self, callee: Callee, have: &[Option<Type>], args: usize, expr: &Expr) -> Diagnostic {
        let (name, arity) = (self.name(callee), self.program.arity(callee));
        if let Callee::Builtin(_) = callee {
            let (mut params, variadic) = self.params(callee);
            params.truncate(arity);
            let details = arguments(have, &params, variadic.as_ref());
            return Diagnostic::new(Code::Type, expr.span, format!("{name}: arity mismatch")).with_details(details);
        }
        // The result of a hoisted call is not an argument that was written.
        let args = if expr.origin == ExprOrigin::Hoisted { args } else { have.len() };
        let plural = if args == 1 { "" } else { "s" };
        let message = format!("function {name} has arity {arity}, got {args} argument{plural}");
        Diagnostic::new(Code::Type, expr.span, message)
    }

    /// Puts the types of replacements over those of documents, and `any` over all that depends on what is replaced.
    fn replace_documents(&mut self, with: &'p [With]) {
        if with.is_empty() {
            return;
        }
        let mut replacements = TypeTree::new();
        let mut any_replaced = false;
        // What is replaced has the type that it has without any of the clauses.
        let mut layers = Vec::new();
        for clause in with {
            let (path, root, function) = match &clause.target {
                WithTarget::Input(path) => (path.clone(), "input", false),
                WithTarget::Data(path) => (path.clone(), "data", false),
                WithTarget::Callee(Callee::Function(set)) => {
                    (self.program.tree.names(self.program.sets[*set].node), "data", true)
                }
                WithTarget::Callee(Callee::Builtin(_)) => continue,
            };
            if root == "data" {
                layers.extend(self.relaxed_dependents(&path, function));
            }
            if !function {
                let keys: Vec<Key> =
                    std::iter::once(Key::String(root.into())).chain(path.iter().cloned().map(Key::String)).collect();
                let terms: Vec<Term> =
                    path.into_iter().map(|name| Term { kind: TermKind::String(name), span: clause.span }).collect();
                let base = if root == "input" { crate::hir::RefBase::Input } else { crate::hir::RefBase::Data };
                let of_target = self.env.type_of_reference(&crate::hir::Ref { base, path: terms });
                let of_value = match &clause.value {
                    WithValue::Term(value) => self.env.type_of(value),
                    WithValue::Callee(_) => None,
                };
                let ty = match (of_target, of_value) {
                    (Some(target), Some(value)) => Type::or(Some(target), Some(value)).unwrap_or_else(Type::any),
                    _ => Type::any(),
                };
                replacements.put(&keys, ty);
                any_replaced = true;
            }
        }
        self.env.replaced.append(&mut layers);
        if any_replaced {
            self.env.replaced.push(Rc::new(replacements));
        }
    }

    /// A tree in which every rule that depends on a target is of any type; none if there is no such rule.
    fn relaxed_dependents(&mut self, path: &[Name], function: bool) -> Option<Rc<TypeTree>> {
        let target = (path.to_vec(), function);
        if let Some(tree) = self.relaxed.get(&target) {
            return tree.clone();
        }
        let mut tree = None;
        for rule in self.dependencies.dependents(path) {
            let rule = &self.program.rules[rule];
            let node = self.program.sets[rule.set].node;
            if function && self.program.tree.names(node) == path {
                continue;
            }
            let keys = self.program.tree.path(node).into_iter().map(Key::from);
            let keys = keys.chain(rule.suffix.iter().map_while(Key::of));
            let keys: Vec<Key> = std::iter::once(Key::String("data".into())).chain(keys).collect();
            tree.get_or_insert_with(TypeTree::new).put(&keys, Type::any());
        }
        let tree = tree.map(Rc::new);
        self.relaxed.insert(target, tree.clone());
        tree
    }

    /// The call that was written where a constant stands that the compiler put in its place.
    fn metadata_call(&self, term: &Term) -> Option<Subject<'p>> {
        let call = self.sources.text(term.span).strip_suffix(')').and_then(|text| text.split_once('('))?.0;
        call.starts_with("rego.metadata.").then(|| Subject::Call(call.trim_end().to_owned(), &[]))
    }

    /// What the hoisted variables of the bodies at hand stand for.
    pub(super) fn subjects(&self) -> Subjects<'p> {
        let mut definitions = Definitions { checker: self, subjects: BTreeMap::new() };
        self.bodies.iter().for_each(|body| walk_body(&mut definitions, body));
        definitions.subjects
    }
}

fn match_error(left: &Option<Type>, right: &Option<Type>, span: Span) -> TypeError {
    TypeError {
        diagnostic: Diagnostic::new(Code::Type, span, "match error").with_details(sides(left.as_ref(), right.as_ref())),
        from_unknown: is_unknown(left) || is_unknown(right),
    }
}

fn collect_locals(term: &Term, locals: &mut Vec<LocalId>) {
    struct Locals<'l>(&'l mut Vec<LocalId>);
    impl Visitor<'_> for Locals<'_> {
        fn term(&mut self, term: &Term) -> bool {
            if let TermKind::Local(local) = term.kind {
                self.0.push(local);
            }
            true
        }
    }
    crate::hir::visit::walk_term(&mut Locals(locals), term);
}

/// Collects calls with a wrong count of arguments; what is inside one is not looked at.
struct WrongArity<'c, 'p> {
    checker: &'c Checker<'p>,
    calls: Vec<(&'p Expr, Callee, &'p [Term], Option<&'p Term>)>,
}

impl<'p> Visitor<'p> for WrongArity<'_, 'p> {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        let ExprKind::Call { callee, args, output } = &expr.kind else { return true };
        let is_variadic = match callee {
            Callee::Builtin(builtin) => self.checker.program.builtins[*builtin].variadic.is_some(),
            Callee::Function(_) => false,
        };
        let is_wrong = args.len() != self.checker.program.arity(*callee) && !is_variadic;
        if is_wrong {
            self.calls.push((expr, *callee, args, output.as_ref()));
        }
        !is_wrong
    }
}

/// Collects comprehensions that are not inside another one.
struct Comprehensions<'p>(Vec<&'p Term>);

impl<'p> Visitor<'p> for Comprehensions<'p> {
    fn term(&mut self, term: &'p Term) -> bool {
        let is_comprehension = matches!(
            term.kind,
            TermKind::ArrayComprehension(..) | TermKind::SetComprehension(..) | TermKind::ObjectComprehension(..)
        );
        if is_comprehension {
            self.0.push(term);
        }
        !is_comprehension
    }
}

/// Collects the statements that define hoisted variables.
struct Definitions<'c, 'p> {
    checker: &'c Checker<'p>,
    subjects: Subjects<'p>,
}

impl<'p> Visitor<'p> for Definitions<'_, 'p> {
    fn expr(&mut self, expr: &'p Expr) -> bool {
        let hoisted = |term: &Term| match term.kind {
            TermKind::Local(local) if self.checker.locals.get(local)?.origin == LocalOrigin::Hoisted => Some(local),
            _ => None,
        };
        match &expr.kind {
            ExprKind::Unify(left, right) => {
                if let Some(local) = hoisted(left) {
                    let subject = self.checker.metadata_call(right).unwrap_or(Subject::Term(right));
                    self.subjects.entry(local).or_insert(subject);
                }
            }
            ExprKind::Call { callee, args, output: Some(output) } => {
                if let Some(local) = hoisted(output) {
                    self.subjects.entry(local).or_insert_with(|| Subject::Call(self.checker.name(*callee), args));
                }
            }
            _ => {}
        }
        true
    }
}
