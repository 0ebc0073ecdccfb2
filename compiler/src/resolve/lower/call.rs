//! Calls: what is called, which arguments are inputs, and where the result goes.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Callee, Expr, ExprKind, Key, LocalId, Name, Ref, RefBase, RuleKind, Term, TermKind};
use crate::resolve::head::Part;
use crate::resolve::stage::Stage;
use crate::resolve::{declared, text};
use crate::source::Span;
use crate::syntax::ast::{self, RefOperand};

use super::{Lowerer, hoisted, local_term, string_term};

/// What a call calls.
pub(super) enum Target {
    /// A builtin or function that takes so many arguments.
    Callee(Callee, usize),
    /// `rego.metadata.chain` (0) or `rego.metadata.rule` (1) in a rule.
    Metadata(usize),
    /// Nothing that exists; with the name as messages write it.
    Undefined(String),
}

/// A call as written, infix operators included.
pub(super) struct CallParts<'a> {
    /// The name that the operator begins with.
    pub(super) head: Name,
    head_span: Span,
    /// The names behind the head; none when one of the operands is no constant.
    pub(super) keys: Option<Vec<Name>>,
    /// The operator as written; none for an infix one.
    pub(super) operator: Option<&'a ast::Ref>,
    /// The arguments.
    pub(super) args: Vec<Argument<'a>>,
}

impl CallParts<'_> {
    /// The operator as messages write it.
    pub(super) fn text(&self) -> String {
        match self.operator {
            Some(operator) => text::reference(operator),
            None => text::path(&self.head, self.keys.as_deref().unwrap_or_default()),
        }
    }

    /// The names in an operator that no function can have, but for the one that it begins with: `[x]()`, `f[x]()`.
    fn other_names(&self) -> BTreeSet<Name> {
        let mut names = BTreeSet::new();
        let Some(operator) = self.operator.filter(|_| self.keys.is_none()) else { return names };
        if self.head.is_empty() {
            declared::variables(&operator.head, &mut names);
        }
        for operand in &operator.operands {
            if let RefOperand::Index(index) = operand {
                declared::variables(index, &mut names);
            }
        }
        names
    }
}

/// An argument of a call.
pub(super) enum Argument<'a> {
    /// One that is written.
    Written(&'a ast::Term),
    /// The zero that `-x` is subtracted from.
    Zero(Span),
}

/// The operands as names; none when one of them is no string.
pub(super) fn constant_keys(operands: &[RefOperand]) -> Option<Vec<Name>> {
    operands
        .iter()
        .map(|operand| match operand {
            RefOperand::Field(name, _) => Some(name.clone()),
            RefOperand::Index(ast::Term { kind: ast::TermKind::String(name), .. }) => Some(name.clone()),
            RefOperand::Index(_) => None,
        })
        .collect()
}

/// The parts of a call; none for other terms.
pub(super) fn call_parts(term: &ast::Term) -> Option<CallParts<'_>> {
    let operator = |head: &str, keys: &[&str]| {
        let keys: Vec<Name> = keys.iter().map(|key| Name::from(*key)).collect();
        (Name::from(head), None, Some(keys))
    };
    let ((head, operator, keys), args) = match &term.kind {
        ast::TermKind::Call(call) => {
            let (head, keys) = match &call.operator.head.kind {
                ast::TermKind::Var(head) => (head.clone(), constant_keys(&call.operator.operands)),
                // `{}()`, `f().a()`: nothing that exists can be called so.
                _ => (Name::from(""), None),
            };
            let parts = (head, Some(&call.operator), keys);
            (parts, call.args.iter().map(Argument::Written).collect())
        }
        ast::TermKind::Infix(infix, left, right) => {
            (operator(text::operator_name(*infix), &[]), vec![Argument::Written(left), Argument::Written(right)])
        }
        ast::TermKind::In { key, value, collection } => {
            let name = if key.is_some() { "member_3" } else { "member_2" };
            let terms = key.iter().chain([value, collection]);
            (operator("internal", &[name]), terms.map(|term| Argument::Written(term)).collect())
        }
        ast::TermKind::Negate(inner) => {
            (operator("minus", &[]), vec![Argument::Zero(term.span), Argument::Written(inner)])
        }
        _ => return None,
    };
    Some(CallParts { head, head_span: term.span, keys, operator, args })
}

impl Lowerer<'_> {
    /// Lowers a call inside another term: it becomes a statement, and a variable stands for its result.
    pub(super) fn nested_call(&mut self, term: &ast::Term, out: &mut Vec<Expr>) -> Term {
        let span = term.span;
        let place = Some(span).filter(|_| !std::mem::replace(&mut self.placeless_call, false));
        let output = self.fresh(span);
        let Some(parts) = call_parts(term) else { return local_term(output, span) };
        let global = !self.scopes.is_hidden(&parts.head) && self.globals.get(&parts.head).is_some();
        // To OPA, a function in the head that a variable of the body hides does not exist; nor does a hidden one that a template calls.
        let is_undefined = place.is_none() || (self.in_head && self.scopes.is_outermost(&parts.head));
        if is_undefined {
            self.scopes.glance(&parts.head);
        } else if !global && self.scopes.declared(&parts.head).is_some()
            || parts.other_names().iter().any(|name| self.scopes.declared(name).is_some())
        {
            self.declaration_error(span, format!("called function {} shadowed", parts.text()));
        }
        let target = self.target(&parts);
        if let Target::Callee(Callee::Builtin(builtin), _) = target
            && self.builtins.get(builtin).result.is_none()
        {
            let message = format!("{} used as value", text::term(term));
            self.call_error(Stage::VoidCalls, place, message);
        }
        let args = self.arguments(&parts, out);
        if let (Target::Metadata(which), Some(first)) = (&target, args.first()) {
            // There are no parameters: OPA compares an argument with the metadata.
            let metadata = local_term(self.metadata_local(*which, span), span);
            out.push(hoisted(ExprKind::Unify(first.clone(), metadata), span));
        }
        let kind = self.call(target, args, Some(local_term(output, span)), span, place);
        out.push(hoisted(kind, span));
        local_term(output, span)
    }

    /// Lowers a call that is a statement. An argument more than the callee takes is what the result is unified with.
    pub(super) fn statement_call(&mut self, parts: &CallParts<'_>, span: Span, out: &mut Vec<Expr>) -> ExprKind {
        let target = self.target(parts);
        let mut args = self.arguments(parts, out);
        let output = match target {
            Target::Callee(_, arity) if args.len() == arity + 1 => args.pop(),
            Target::Metadata(_) if !args.is_empty() => Some(args.swap_remove(0)),
            _ => None,
        };
        self.call(target, args, output, span, Some(span))
    }

    /// The parts of a call of `print` at the top of a statement; none for anything else.
    pub(super) fn print_call<'t>(&mut self, term: &'t ast::Term) -> Option<CallParts<'t>> {
        let ast::TermKind::Call(call) = &term.kind else { return None };
        let ast::TermKind::Var(head) = &call.operator.head.kind else { return None };
        if &**head != "print" || !call.operator.operands.is_empty() {
            return None;
        }
        let is_builtin = self.scopes.is_hidden(head) || self.globals.get(head).is_none();
        if is_builtin { call_parts(term) } else { None }
    }

    /// Lowers the arguments of a call in order.
    pub(super) fn arguments(&mut self, parts: &CallParts<'_>, out: &mut Vec<Expr>) -> Vec<Term> {
        // To OPA these names were met here, so that nothing can declare them behind.
        parts.other_names().iter().for_each(|name| self.scopes.meet(name, parts.head_span));
        parts
            .args
            .iter()
            .map(|argument| match argument {
                Argument::Written(term) => self.term(term, out),
                Argument::Zero(span) => Term { kind: TermKind::Number(Name::from("0")), span: *span },
            })
            .collect()
    }

    /// Lowers the arguments of `print`, each with the statements hoisted out of it.
    pub(super) fn print_arguments(&mut self, parts: &CallParts<'_>) -> Vec<(Vec<Expr>, Term)> {
        let mut lowered = Vec::with_capacity(parts.args.len());
        for argument in &parts.args {
            if let Argument::Written(term) = argument {
                let mut exprs = Vec::new();
                let term = self.term(term, &mut exprs);
                lowered.push((exprs, term));
            }
        }
        lowered
    }

    fn call(
        &mut self,
        target: Target,
        args: Vec<Term>,
        output: Option<Term>,
        span: Span,
        place: Option<Span>,
    ) -> ExprKind {
        match target {
            Target::Callee(callee, arity) => {
                self.arity_differs |= args.len() != arity;
                self.refers |= matches!(callee, Callee::Function(_));
                self.check_deprecated(callee, span);
                if args.is_empty()
                    && let Some(document) = self.unchecked_document(callee, span)
                {
                    return match output {
                        Some(output) => ExprKind::Unify(output, document),
                        None => ExprKind::Term(document),
                    };
                }
                self.check_is_function(callee, span);
                ExprKind::Call { callee, args, output }
            }
            Target::Metadata(which) => {
                let local = local_term(self.metadata_local(which, span), span);
                match output {
                    Some(output) => ExprKind::Unify(output, local),
                    None => ExprKind::Term(local),
                }
            }
            Target::Undefined(name) => {
                self.call_error(Stage::Functions, place, format!("undefined function {name}"));
                // The program is refused: what stands here only has to mention what the call does.
                let args = Term { kind: TermKind::Array(args), span };
                match output {
                    Some(output) => ExprKind::Unify(output, args),
                    None => ExprKind::Term(args),
                }
            }
        }
    }

    /// The document that is called as if it were a function, where OPA checks no types: the call has its value. Documents of rules that make
    /// sets or objects have none there: OPA's interpreter dies of the call, or takes what one of the rules gives.
    fn unchecked_document(&self, callee: Callee, span: Span) -> Option<Term> {
        let Callee::Function(set) = callee else { return None };
        let set = &self.unit.sets[set];
        if !self.is_unchecked || set.kind != RuleKind::Complete {
            return None;
        }
        let source = &self.unit.sources[*set.rules.first().or(set.default.as_ref())?];
        let own = source.shape.parts.iter().map(Part::key).map(|key| match key {
            Some(Key::String(name)) => Some(name),
            _ => None,
        });
        let path = source.package.iter().cloned().map(Some).chain(own);
        let path = path.map(|name| Some(string_term(name?, span))).collect::<Option<_>>()?;
        Some(Term { kind: TermKind::Ref(Box::new(Ref { base: RefBase::Data, path })), span })
    }

    /// Reports a call of a rule without parameters: OPA finds it when it checks types.
    fn check_is_function(&mut self, callee: Callee, span: Span) {
        let Callee::Function(set) = callee else { return };
        let set = &self.unit.sets[set];
        let Some(rule) = set.rules.first().or(set.default.as_ref()) else { return };
        if !self.arity_differs && !matches!(set.kind, RuleKind::Function(_)) {
            let message = format!("undefined function {}", self.unit.sources[*rule].path_text());
            self.reports.recoverable(Stage::Types, Diagnostic::new(Code::Type, span, message));
        }
    }

    fn check_deprecated(&mut self, callee: Callee, span: Span) {
        let Callee::Builtin(builtin) = callee else { return };
        let row = self.builtins.get(builtin);
        if row.deprecated && !self.is_unchecked {
            self.calls_deprecated = true;
        }
        if row.deprecated && self.is_guarded {
            let message = format!("deprecated built-in function calls in expression: {}", row.name);
            self.reports.recoverable(Stage::Deprecated, Diagnostic::new(Code::Type, span, message));
        }
    }

    fn metadata_local(&mut self, which: usize, span: Span) -> LocalId {
        if let Some((local, _)) = self.metadata_locals[which] {
            return local;
        }
        let local = self.fresh(span);
        self.metadata_locals[which] = Some((local, span));
        local
    }

    /// What a call calls.
    pub(super) fn target(&mut self, parts: &CallParts<'_>) -> Target {
        let Some(keys) = &parts.keys else { return Target::Undefined(parts.text()) };
        match self.operator_meaning(&parts.head, parts.head_span) {
            Some((root, global)) => {
                let keys: Vec<Name> = global.iter().chain(keys).cloned().collect();
                self.function(&root, &keys).unwrap_or_else(|| Target::Undefined(text::path(&root, &keys)))
            }
            None => self.builtin(&parts.head, keys).unwrap_or_else(|| Target::Undefined(parts.text())),
        }
    }

    /// The document that the head of an operator stands for; none for names that can only be of builtins.
    fn operator_meaning(&mut self, head: &Name, span: Span) -> Option<(Name, Vec<Name>)> {
        let global = if self.scopes.is_hidden(head) { None } else { self.globals.get(head) };
        if let Some(path) = global {
            self.scopes.meet(&path.root, span);
            return Some((path.root, path.keys));
        }
        self.scopes.meet(head, span);
        matches!(&**head, "data" | "input").then(|| (head.clone(), Vec::new()))
    }

    /// The function at a path.
    pub(super) fn function(&self, root: &str, keys: &[Name]) -> Option<Target> {
        if root != "data" || self.scopes.declared("data").is_some() {
            return None;
        }
        let node = &self.unit.tree.nodes[self.unit.tree.find(keys)?];
        let set = node.set.filter(|_| !node.rules.is_empty())?;
        match self.unit.sets[set].kind {
            RuleKind::Function(arity) => Some(Target::Callee(Callee::Function(set), arity)),
            // OPA takes documents for functions without parameters until types are checked.
            _ => Some(Target::Callee(Callee::Function(set), 0)),
        }
    }

    /// The builtin of a dotted name.
    pub(super) fn builtin(&mut self, head: &Name, keys: &[Name]) -> Option<Target> {
        if self.scopes.declared(head).is_some() { None } else { self.builtin_named(head, keys) }
    }

    /// The builtin of a dotted name, whatever is declared.
    pub(super) fn builtin_named(&mut self, head: &Name, keys: &[Name]) -> Option<Target> {
        let name = text::path(head, keys);
        let metadata = match name.as_str() {
            "rego.metadata.chain" => Some(Target::Metadata(0)),
            "rego.metadata.rule" => Some(Target::Metadata(1)),
            _ => None,
        };
        if metadata.is_some() && self.rule.is_some() && self.unit.capabilities.builtins.contains_key(name.as_str()) {
            return metadata;
        }
        let builtin = self.builtins.intern(&name)?;
        let arity = self.builtins.get(builtin).params.len();
        Some(Target::Callee(Callee::Builtin(builtin), arity))
    }

    /// The function or builtin that a `with` value names, if it is a name of one.
    pub(super) fn callee_of_value(&mut self, value: &ast::Term) -> Option<Callee> {
        let (head, operands): (&Name, &[RefOperand]) = match &value.kind {
            ast::TermKind::Var(name) => (name, &[]),
            ast::TermKind::Ref(reference) => match &reference.head.kind {
                ast::TermKind::Var(name) => (name, &reference.operands),
                _ => return None,
            },
            _ => return None,
        };
        let keys = constant_keys(operands)?;
        let target = match self.operator_meaning(head, value.span) {
            Some((root, global)) => {
                let keys: Vec<Name> = global.iter().chain(&keys).cloned().collect();
                self.function(&root, &keys)
            }
            None => self.builtin(head, &keys),
        };
        match target {
            Some(Target::Callee(Callee::Function(set), _)) => {
                matches!(self.unit.sets[set].kind, RuleKind::Function(_)).then_some(Callee::Function(set))
            }
            Some(Target::Callee(callee, _)) => Some(callee),
            _ => None,
        }
    }
}
