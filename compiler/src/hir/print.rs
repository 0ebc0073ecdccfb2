//! The resolved tree as text, for snapshots and for eyes. Nothing reads it back.
//!
//! A variable is written `name` or `v3`; a name that several variables of a rule have gets the number behind: `x'4`. A hoisted
//! statement begins with `^`, an assignment is written `:=`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::text::{path, string};
use super::{
    Body, BodyForm, Callee, Expr, ExprKind, ExprOrigin, Key, Local, LocalId, Name, Program, Query, Ref, RefBase, Rule,
    RuleSetId, Term, TermKind, With, WithTarget, WithValue,
};
use crate::index::IndexVec;

/// The text of a program.
#[must_use]
pub fn program(program: &Program) -> String {
    let mut printer = Printer { program, names: Vec::new(), text: String::new() };
    for (id, set) in program.sets.enumerate() {
        let _ = writeln!(printer.text, "{} {id}: {:?}", path(&program.tree.path(set.node)), set.kind);
        for rule in set.default.iter().chain(&set.rules) {
            printer.rule(&program.rules[*rule]);
        }
    }
    if let Some(query) = &program.query {
        printer.query(query);
    }
    printer.text
}

/// The text of a path of names below `data`.
fn path_of(names: &[Name]) -> String {
    path(&names.iter().map(Key::from).collect::<Vec<_>>())
}

struct Printer<'p> {
    program: &'p Program,
    /// The names of the variables of the present rule.
    names: Vec<String>,
    text: String,
}

fn names_of(locals: &IndexVec<LocalId, Local>) -> Vec<String> {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    locals
        .enumerate()
        .map(|(id, local)| match &local.name {
            Some(name) => {
                let count = seen.entry(name).or_default();
                *count += 1;
                if *count == 1 { name.to_string() } else { format!("{name}'{}", id.0) }
            }
            None => id.to_string(),
        })
        .collect()
}

impl Printer<'_> {
    fn rule(&mut self, rule: &Rule) {
        self.names = names_of(&rule.locals);
        self.text.push_str(if rule.default { "  default" } else { "  rule" });
        if !rule.params.is_empty() {
            self.terms("(", &rule.params, ")");
        }
        for part in &rule.suffix {
            self.terms("[", std::slice::from_ref(part), "]");
        }
        match &rule.element {
            Some(element) => {
                self.text.push_str(" contains ");
                self.term(element);
            }
            None => {
                self.text.push_str(" = ");
                self.term(&rule.value);
            }
        }
        self.text.push('\n');
        self.body(&rule.body, 2);
        for branch in &rule.branches {
            self.text.push_str("  else = ");
            self.term(&branch.value);
            self.text.push('\n');
            self.body(&branch.body, 2);
        }
    }

    fn query(&mut self, query: &Query) {
        self.names = names_of(&query.locals);
        self.text.push_str("query\n");
        self.body(&query.body, 1);
        let bindings: Vec<String> =
            query.bindings.iter().map(|(name, local)| format!("{name} = {}", self.names[local.0 as usize])).collect();
        let _ = writeln!(self.text, "  bindings: {}", bindings.join(", "));
        self.text.push_str("  values: ");
        for (index, captured) in query.values.iter().enumerate() {
            self.text.push_str(if index > 0 { ", " } else { "" });
            self.term(&captured.value);
        }
        self.text.push('\n');
    }

    fn body(&mut self, body: &Body, indent: usize) {
        for expr in &body.exprs {
            let _ = write!(self.text, "{:1$}", "", indent * 2);
            self.expr(expr, indent);
            self.text.push('\n');
        }
    }

    fn nested(&mut self, body: &Body, indent: usize) {
        self.text.push_str(match body.form {
            BodyForm::Written => "{\n",
            BodyForm::Operand => "operand {\n",
            BodyForm::Negated => "negated {\n",
        });
        self.body(body, indent + 1);
        let _ = write!(self.text, "{:1$}}}", "", indent * 2);
    }

    fn expr(&mut self, expr: &Expr, indent: usize) {
        if expr.origin == ExprOrigin::Hoisted {
            self.text.push('^');
        }
        match &expr.kind {
            ExprKind::Term(term) => self.term(term),
            ExprKind::Unify(left, right) => {
                self.term(left);
                self.text.push_str(if expr.origin == ExprOrigin::Assignment { " := " } else { " = " });
                self.term(right);
            }
            ExprKind::Call { callee, args, output } => {
                if let Some(output) = output {
                    self.term(output);
                    self.text.push_str(" = ");
                }
                self.callee(*callee);
                self.terms("(", args, ")");
            }
            ExprKind::Not(body) => {
                self.text.push_str("not ");
                self.nested(body, indent);
            }
            ExprKind::Every { key, value, domain, body } => {
                self.text.push_str("every ");
                if let Some(key) = key {
                    self.local(*key);
                    self.text.push_str(", ");
                }
                self.local(*value);
                self.text.push_str(" in ");
                self.term(domain);
                self.text.push(' ');
                self.nested(body, indent);
            }
            ExprKind::And(left, right) => self.logical("and", left, right, indent),
            ExprKind::Or(left, right) => self.logical("or", left, right, indent),
        }
        expr.with.iter().for_each(|with| self.with(with));
    }

    fn logical(&mut self, word: &str, left: &Body, right: &Body, indent: usize) {
        self.nested(left, indent);
        let _ = write!(self.text, " {word} ");
        self.nested(right, indent);
    }

    fn with(&mut self, with: &With) {
        self.text.push_str(" with ");
        match &with.target {
            WithTarget::Input(names) => self.text.push_str(&path_of(names).replacen("data", "input", 1)),
            WithTarget::Data(names) => self.text.push_str(&path_of(names)),
            WithTarget::Callee(callee) => self.callee(*callee),
        }
        self.text.push_str(" as ");
        match &with.value {
            WithValue::Term(term) => self.term(term),
            WithValue::Callee(callee) => self.callee(*callee),
        }
    }

    fn callee(&mut self, callee: Callee) {
        match callee {
            Callee::Builtin(builtin) => self.text.push_str(&self.program.builtins[builtin].name),
            Callee::Function(set) => self.set(set),
        }
    }

    fn set(&mut self, set: RuleSetId) {
        self.text.push_str(&path(&self.program.tree.path(self.program.sets[set].node)));
    }

    fn local(&mut self, local: LocalId) {
        match self.names.get(local.0 as usize) {
            Some(name) => self.text.push_str(name),
            None => self.text.push_str(&local.to_string()),
        }
    }

    fn terms(&mut self, open: &str, terms: &[Term], close: &str) {
        self.text.push_str(open);
        for (index, term) in terms.iter().enumerate() {
            self.text.push_str(if index > 0 { ", " } else { "" });
            self.term(term);
        }
        self.text.push_str(close);
    }

    fn reference(&mut self, reference: &Ref) {
        match reference.base {
            RefBase::Input => self.text.push_str("input"),
            RefBase::Data => self.text.push_str("data"),
            RefBase::Local(local) => self.local(local),
        }
        for operand in &reference.path {
            if let TermKind::String(name) = &operand.kind {
                super::text::push_key(&mut self.text, name);
            } else {
                self.terms("[", std::slice::from_ref(operand), "]");
            }
        }
    }

    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Null => self.text.push_str("null"),
            TermKind::Boolean(value) => self.text.push_str(if *value { "true" } else { "false" }),
            TermKind::Number(number) => self.text.push_str(number),
            TermKind::String(text) => self.text.push_str(&string(text)),
            TermKind::Local(local) => self.local(*local),
            TermKind::Ref(reference) => self.reference(reference),
            TermKind::Array(items) => self.terms("[", items, "]"),
            TermKind::Set(items) if items.is_empty() => self.text.push_str("set()"),
            TermKind::Set(items) => self.terms("{", items, "}"),
            TermKind::Object(items) => {
                self.text.push('{');
                for (index, (key, value)) in items.iter().enumerate() {
                    self.text.push_str(if index > 0 { ", " } else { "" });
                    self.term(key);
                    self.text.push_str(": ");
                    self.term(value);
                }
                self.text.push('}');
            }
            TermKind::ArrayComprehension(head, body) => self.comprehension("[", &[head], body, "]"),
            TermKind::SetComprehension(head, body) => self.comprehension("{", &[head], body, "}"),
            TermKind::ObjectComprehension(key, value, body) => self.comprehension("{", &[key, value], body, "}"),
        }
    }

    fn comprehension(&mut self, open: &str, heads: &[&Term], body: &Body, close: &str) {
        self.text.push_str(open);
        for (index, head) in heads.iter().enumerate() {
            self.text.push_str(if index > 0 { ": " } else { "" });
            self.term(head);
        }
        self.text.push_str(" |");
        for (index, expr) in body.exprs.iter().enumerate() {
            self.text.push_str(if index > 0 { "; " } else { " " });
            self.expr(expr, 0);
        }
        self.text.push_str(close);
    }
}
