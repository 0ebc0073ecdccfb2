//! Reports variables in template strings and in arguments of `print` that nothing around them binds. There they would be bound by
//! the comprehension that keeps undefined values from failing the statement, so safety alone would not find them.

use std::collections::BTreeSet;

use super::vars::{Reach, VarSet, collect, term_vars};
use super::written::{self, Callees, Node, Part, Statement, Template, What, Writer};
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::dependencies::Clause;
use crate::hir::visit::{walk_body, walk_term};
use crate::hir::{Body, BodyForm, Local, LocalId, LocalOrigin, Program, Rule, RuleId, Term};
use crate::index::{Id as _, IndexVec};

/// With so many messages OPA's habit of looking again at what it has complained of is no longer followed: each closure around doubles them.
const MAX_REPEATED: usize = 64;

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
    let callees = Callees { template: builtin("internal.template_string"), print: builtin("internal.print") };
    if callees.template.is_none() && callees.print.is_none() {
        return found;
    }
    for (index, rule) in program.rules.iter().chain(unplaced).enumerate() {
        for branch in 0..=rule.branches.len() {
            let clause = Clause { rule: RuleId::from_usize(index), branch };
            let (body, value) = clause.parts(rule);
            let is_first = branch == 0;
            let heads: Vec<&Term> =
                rule.params.iter().chain(rule.element.iter().filter(|_| is_first)).chain([value]).collect();
            // What stands in the path of the rule is a statement of its body by then.
            let path = rule.suffix.iter().filter(|_| is_first).collect();
            let clause = Written { locals: &rule.locals, params: &rule.params, heads, path, body };
            clause.check(program, callees, &mut found);
        }
    }
    if let Some(query) = &program.query {
        let clause =
            Written { locals: &query.locals, params: &[], heads: Vec::new(), path: Vec::new(), body: &query.body };
        clause.check(program, callees, &mut found);
    }
    found
}

/// A rule, a branch or a query.
struct Written<'p> {
    locals: &'p IndexVec<LocalId, Local>,
    params: &'p [Term],
    heads: Vec<&'p Term>,
    path: Vec<&'p Term>,
    body: &'p Body,
}

impl Written<'_> {
    fn check(self, program: &Program, callees: Callees, found: &mut Undeclared) {
        let mut writer = Writer::new(program, self.locals, callees);
        self.heads.iter().chain(&self.path).for_each(|term| walk_term(&mut writer, term));
        walk_body(&mut writer, self.body);
        let (has_templates, has_prints) = writer.has();
        if !has_templates && !has_prints {
            return;
        }
        let mut body = writer.statements(&self.body.exprs);
        let path = self.path.into_iter().map(|term| What::Term(writer.term(term)));
        body.extend(path.map(|what| Statement { what, with: Vec::new() }));
        let heads: Vec<Node> = self.heads.into_iter().map(|term| writer.term(term)).collect();
        let mut safe = VarSet::new(self.locals.len());
        self.params.iter().for_each(|param| term_vars(param, Reach::ALL, &mut |local| _ = safe.insert(local)));
        let mut checker = Checker { locals: self.locals, safe, rewritten: BTreeSet::new(), found };
        if has_templates {
            let mark = checker.safe.mark();
            checker.templates(&body);
            // The whole body binds for the head.
            heads.iter().for_each(|head| _ = checker.template_term(head));
            checker.safe.undo(mark);
        }
        if has_prints && !heads.iter().any(|head| checker.prints_of_term(head)) {
            checker.prints(&body);
        }
    }
}

struct Checker<'a> {
    locals: &'a IndexVec<LocalId, Local>,
    /// What is bound where the walk is.
    safe: VarSet,
    /// The templates in which nothing is wrong: they are calls from then on.
    rewritten: BTreeSet<LocalId>,
    found: &'a mut Undeclared,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Template,
    Print,
}

impl Checker<'_> {
    /// Adds what statements bind.
    fn bind(&mut self, statements: &[Statement]) {
        for statement in statements {
            for local in written::outputs(statement, &self.safe) {
                self.safe.insert(local);
            }
        }
    }

    /// Checks the templates of a body: all of it binds for them. What it binds stays bound. Whether all could be rewritten.
    fn templates(&mut self, body: &[Statement]) -> bool {
        self.bind(body);
        self.template_statements(body)
    }

    fn template_statements(&mut self, body: &[Statement]) -> bool {
        body.iter().fold(true, |done, statement| self.template_statement(statement) & done)
    }

    fn template_statement(&mut self, statement: &Statement) -> bool {
        let done = match &statement.what {
            What::Term(_) | What::Equation(..) | What::Call(..) => true,
            What::Print(parts) => parts.iter().fold(true, |done, part| self.template_term(&part.value) & done),
            What::Not(inner, _) => self.template_statements(inner),
            What::Every(bound, domain, inner) => self.templates_of_every(bound, domain, inner),
            What::Logical(left, right) => self.template_statements(left) & self.template_statements(right),
        };
        written::terms(statement).fold(done, |done, node| self.template_term(node) & done)
    }

    fn templates_of_every(&mut self, bound: &[LocalId], domain: &Node, body: &[Statement]) -> bool {
        if let Node::Template(template) = domain {
            self.template(template);
        }
        let mark = self.safe.mark();
        bound.iter().for_each(|local| _ = self.safe.insert(*local));
        let done = self.templates(body);
        self.safe.undo(mark);
        done || self.again(|this| this.template_statements(body))
    }

    /// Checks the templates of a term. Whether all could be rewritten.
    fn template_term(&mut self, node: &Node) -> bool {
        match node {
            Node::Constant(_) | Node::Local(_) => true,
            Node::Ref(base, path) => {
                std::iter::once(&**base).chain(path).fold(true, |done, node| self.template_term(node) & done)
            }
            Node::Array(items) | Node::Set(items) | Node::Call(items) => {
                items.iter().fold(true, |done, node| self.template_term(node) & done)
            }
            Node::Object(entries) => entries
                .iter()
                .flat_map(|(key, value)| [key, value])
                .fold(true, |done, node| self.template_term(node) & done),
            Node::Template(template) => {
                self.template(template);
                self.below_template(template)
            }
            Node::Comprehension(_, heads, body) => self.templates_of_comprehension(heads, body),
        }
    }

    fn templates_of_comprehension(&mut self, heads: &[Node], body: &[Statement]) -> bool {
        let mark = self.safe.mark();
        let mut done = self.templates(body);
        for head in heads {
            if let Node::Template(template) = head {
                done &= self.template(template);
            }
        }
        self.safe.undo(mark);
        // What is inside of a head sees nothing of the body.
        let of_heads = heads.iter().fold(true, |done, head| self.template_term(head) & done);
        of_heads & (done || self.again(|this| this.template_statements(body)))
    }

    /// OPA comes to a closure twice: it looks again, from outside, at what it could not rewrite.
    fn again(&mut self, look: impl FnOnce(&mut Self) -> bool) -> bool {
        self.found.templates.len() < MAX_REPEATED && look(self)
    }

    /// Checks the variables of a template. Whether it could be rewritten.
    fn template(&mut self, template: &Template) -> bool {
        if self.rewritten.contains(&template.id) {
            return true;
        }
        let captured = template.parts.iter().filter(|part| !part.is_plain);
        let done = captured.fold(true, |done, part| !self.report(part, Found::Template) & done);
        if done {
            self.rewritten.insert(template.id);
        }
        done
    }

    /// Checks what is inside a template. Each of its expressions is a body of its own once it was rewritten.
    fn below_template(&mut self, template: &Template) -> bool {
        let is_rewritten = self.rewritten.contains(&template.id);
        template.parts.iter().fold(is_rewritten, |done, part| {
            let mark = self.safe.mark();
            if is_rewritten && !part.is_plain {
                let capture = Statement { what: What::Term(part.value.clone()), with: part.with.clone() };
                self.bind(std::slice::from_ref(&capture));
            }
            let inner = std::iter::once(&part.value).chain(&part.with);
            let done = inner.fold(done, |done, node| self.template_term(node) & done);
            self.safe.undo(mark);
            done
        })
    }

    /// Checks the `print` calls of a body: only earlier statements bind for them. Whether there was something to report: then OPA looks at
    /// nothing else.
    fn prints(&mut self, body: &[Statement]) -> bool {
        let mark = self.safe.mark();
        let mut failed = false;
        for statement in body {
            let inner = self.safe.mark();
            failed = self.prints_below(statement);
            self.safe.undo(inner);
            if failed {
                break;
            }
            self.bind(std::slice::from_ref(statement));
        }
        self.safe.undo(mark);
        for statement in body {
            if let What::Print(parts) = &statement.what {
                failed = failed || parts.iter().fold(false, |failed, part| self.report(part, Found::Print) | failed);
            }
            if failed {
                break;
            }
            self.bind(std::slice::from_ref(statement));
            self.bind_declared(statement);
        }
        self.safe.undo(mark);
        failed
    }

    /// Checks the closures of a statement. What an `every` declares stays bound for those behind it.
    fn prints_below(&mut self, statement: &Statement) -> bool {
        let failed = match &statement.what {
            What::Term(_) | What::Equation(..) | What::Call(..) => false,
            What::Print(parts) => parts.iter().fold(false, |failed, part| self.prints_of_term(&part.value) | failed),
            What::Not(body, form) if *form == BodyForm::Negated => {
                body.iter().fold(false, |failed, statement| self.prints_below(statement) | failed)
            }
            What::Not(body, _) => self.prints(body),
            What::Every(bound, _, body) => {
                bound.iter().for_each(|local| _ = self.safe.insert(*local));
                return self.prints(body);
            }
            What::Logical(left, right) => self.prints(left) | self.prints(right),
        };
        written::terms(statement).fold(failed, |failed, node| self.prints_of_term(node) | failed)
    }

    fn prints_of_term(&mut self, node: &Node) -> bool {
        match node {
            Node::Constant(_) | Node::Local(_) => false,
            Node::Ref(base, path) => {
                std::iter::once(&**base).chain(path).fold(false, |failed, node| self.prints_of_term(node) | failed)
            }
            Node::Array(items) | Node::Set(items) | Node::Call(items) => {
                items.iter().fold(false, |failed, node| self.prints_of_term(node) | failed)
            }
            Node::Object(entries) => entries
                .iter()
                .flat_map(|(key, value)| [key, value])
                .fold(false, |failed, node| self.prints_of_term(node) | failed),
            Node::Template(template) => {
                template.parts.iter().fold(false, |failed, part| self.prints_of_term(&part.value) | failed)
            }
            Node::Comprehension(_, _, body) => self.prints(body),
        }
    }

    /// To OPA every variable that it renamed is bound for `print` once it was mentioned.
    fn bind_declared(&mut self, statement: &Statement) {
        let mentioned = collect(|found| written::statement_vars(statement, Reach::ALL, found));
        for local in mentioned {
            if self.locals[local].origin == LocalOrigin::Declared {
                self.safe.insert(local);
            }
        }
    }

    /// Reports the unbound variables of an expression; whether there were any.
    fn report(&mut self, part: &Part, place: Found) -> bool {
        let mut names: Vec<&str> = collect(|found| written::vars(&part.value, Reach::VISIBLE, found))
            .into_iter()
            .filter(|local| !self.safe.contains(*local))
            .map(|local| self.locals[local].name.as_deref().unwrap_or("_"))
            .collect();
        names.sort_unstable();
        names.dedup();
        for name in &names {
            let message = format!("var {name} is undeclared");
            // OPA has lost the place of a call in a template.
            let diagnostic = match (place, &part.value) {
                (Found::Template, Node::Call(_)) => Diagnostic::without_place(Code::Compile, message),
                _ => Diagnostic::new(Code::Compile, part.span, message),
            };
            let list = match place {
                Found::Template => &mut self.found.templates,
                Found::Print => &mut self.found.prints,
            };
            if !list.contains(&diagnostic) {
                list.push(diagnostic);
            }
        }
        !names.is_empty()
    }
}
