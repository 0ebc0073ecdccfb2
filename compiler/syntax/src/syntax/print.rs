//! Tree to text: text that parses to the same tree, and text as OPA's messages have it.
//!
//! The text is for machines and tests, not laid out as `opa fmt` does it. Comments are left out, metadata blocks are kept.
//! Parentheses are not in the tree; they are put where precedence needs them, and where a brace or a bar would be read as
//! something else.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use crate::syntax::ast::{
    Annotation, AnnotationTarget, AssignOperator, Body, Else, Head, Import, InfixOperator, Literal, LiteralKind,
    LogicalOperator, Module, Operand, Ref, RefOperand, Rule, TemplatePart, Term, TermKind, With,
};
use crate::syntax::token::TokenKind;

/// A module as text that parses to the same tree, spans and comments apart.
#[must_use]
pub fn module(module: &Module) -> String {
    let mut printer = Printer::new(Style::Source);
    printer.module(module);
    printer.out
}

/// A body as a query that parses to the same tree, spans apart.
#[must_use]
pub fn body(body: &Body) -> String {
    let mut printer = Printer::new(Style::Source);
    printer.literals(body, "; ");
    printer.out
}

/// A term as OPA's messages have it: operators as calls, strings in references as fields where they can be.
#[must_use]
pub fn term(term: &Term) -> String {
    let mut printer = Printer::new(Style::Message);
    printer.term(term, LOWEST);
    printer.out
}

/// A reference as OPA's messages have it.
#[must_use]
pub fn reference(reference: &Ref) -> String {
    let mut printer = Printer::new(Style::Message);
    printer.reference(reference);
    printer.out
}

/// OPA's name of the kind of a term.
#[must_use]
pub fn kind_name(term: &Term) -> &'static str {
    match &term.kind {
        TermKind::Null => "null",
        TermKind::Boolean(_) => "boolean",
        TermKind::Number(_) => "number",
        TermKind::String(_) => "string",
        TermKind::Template(_) => "templatestring",
        // The documents `input` and `data` are references of one part.
        TermKind::Var(name) if matches!(&**name, "input" | "data") => "ref",
        TermKind::Var(_) => "var",
        TermKind::Ref(_) => "ref",
        TermKind::Array(_) => "array",
        TermKind::Object(_) => "object",
        TermKind::Set(_) => "set",
        TermKind::ArrayComprehension(..) => "arraycomprehension",
        TermKind::SetComprehension(..) => "setcomprehension",
        TermKind::ObjectComprehension(..) => "objectcomprehension",
        TermKind::Call(_) | TermKind::Infix(..) | TermKind::In { .. } | TermKind::Negate(_) => "call",
    }
}

/// How tightly an expression must bind not to need parentheses.
type Precedence = u8;

/// Where anything may stand, also `k, v in xs`.
const LOWEST: Precedence = 0;
/// An element of a list: a comma ends it.
const ELEMENT: Precedence = 1;
/// An operand of `in`.
const RELATION: Precedence = 2;
/// A term without operators.
const PRIMARY: Precedence = 8;

/// The name of the builtin behind an infix operator.
#[must_use]
pub const fn operator_name(operator: InfixOperator) -> &'static str {
    infix(operator).2
}

const fn infix(operator: InfixOperator) -> (Precedence, &'static str, &'static str) {
    match operator {
        InfixOperator::Unify => (LOWEST, "=", "eq"),
        InfixOperator::Assign => (LOWEST, ":=", "assign"),
        InfixOperator::Equal => (RELATION, "==", "equal"),
        InfixOperator::NotEqual => (RELATION, "!=", "neq"),
        InfixOperator::Less => (RELATION, "<", "lt"),
        InfixOperator::LessEqual => (RELATION, "<=", "lte"),
        InfixOperator::Greater => (RELATION, ">", "gt"),
        InfixOperator::GreaterEqual => (RELATION, ">=", "gte"),
        InfixOperator::Or => (3, "|", "or"),
        InfixOperator::And => (4, "&", "and"),
        InfixOperator::Plus => (5, "+", "plus"),
        InfixOperator::Minus => (5, "-", "minus"),
        InfixOperator::Times => (6, "*", "mul"),
        InfixOperator::Divide => (6, "/", "div"),
        InfixOperator::Remainder => (6, "%", "rem"),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Parses to the same tree.
    Source,
    /// As in OPA's messages.
    Message,
}

struct Printer {
    out: String,
    style: Style,
    /// Whether a bar can only be the operator here. Elsewhere it could open the body of a comprehension.
    bars: bool,
}

impl Printer {
    const fn new(style: Style) -> Self {
        Self { out: String::new(), style, bars: true }
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn with_bars<T>(&mut self, bars: bool, print: impl FnOnce(&mut Self) -> T) -> T {
        let before = core::mem::replace(&mut self.bars, bars);
        let result = print(self);
        self.bars = before;
        result
    }

    fn parentheses(&mut self, print: impl FnOnce(&mut Self)) {
        self.push("(");
        self.with_bars(true, print);
        self.push(")");
    }

    fn module(&mut self, module: &Module) {
        self.annotations(module, AnnotationTarget::Package);
        self.push("package ");
        for (at, (name, _)) in module.package.path.iter().enumerate() {
            if at == 0 { self.push(name) } else { self.field(name) }
        }
        self.push("\n");
        for (at, import) in module.imports.iter().enumerate() {
            self.annotations(module, AnnotationTarget::Import(at));
            self.import(import);
        }
        for (at, rule) in module.rules.iter().enumerate() {
            self.push("\n");
            self.annotations(module, AnnotationTarget::Rule(at));
            self.rule(rule);
        }
        self.annotations(module, AnnotationTarget::Nothing);
    }

    fn annotations(&mut self, module: &Module, target: AnnotationTarget) {
        for Annotation { yaml, .. } in module.annotations.iter().filter(|annotation| annotation.target == target) {
            self.push("# METADATA\n");
            for line in yaml.lines() {
                self.push(if line.is_empty() { "#" } else { "# " });
                self.push(line);
                self.push("\n");
            }
        }
    }

    fn import(&mut self, import: &Import) {
        self.push("import ");
        self.reference(&import.path);
        if let Some((alias, _)) = &import.alias {
            self.push(" as ");
            self.push(alias);
        }
        self.push("\n");
    }

    fn rule(&mut self, rule: &Rule) {
        if rule.default {
            self.push("default ");
        }
        self.head(&rule.head);
        self.rule_body(rule.has_if, rule.body.as_ref());
        for Else { value, has_if, body, .. } in &rule.branches {
            self.push(" else");
            self.assigned(value.as_ref());
            self.rule_body(*has_if, body.as_ref());
        }
        for body in &rule.chained {
            self.rule_body(false, Some(body));
        }
        self.push("\n");
    }

    fn head(&mut self, head: &Head) {
        self.reference(&head.reference);
        if let Some(params) = &head.params {
            self.parentheses(|p| p.list(params, ELEMENT));
        }
        if let Some(element) = &head.contains {
            self.push(" contains ");
            self.term(element, ELEMENT);
        }
        self.assigned(head.value.as_ref());
    }

    fn assigned(&mut self, value: Option<&(AssignOperator, Term)>) {
        let Some((operator, value)) = value else { return };
        let (_, sign, _) = infix(operator.infix());
        let _ = write!(self.out, " {sign} ");
        self.term(value, ELEMENT);
    }

    fn rule_body(&mut self, has_if: bool, body: Option<&Body>) {
        let Some(body) = body else { return };
        if has_if {
            self.push(" if");
        }
        self.push(" {\n\t");
        self.literals(body, "\n\t");
        self.push("\n}");
    }

    fn braces(&mut self, body: &Body) {
        self.push("{ ");
        self.literals(body, "; ");
        self.push(" }");
    }

    fn literals(&mut self, body: &Body, separator: &str) {
        for (at, literal) in body.literals.iter().enumerate() {
            if at > 0 {
                self.push(separator);
            }
            self.literal(literal);
        }
    }

    fn literal(&mut self, literal: &Literal) {
        self.with_bars(false, |p| match &literal.kind {
            LiteralKind::Expr(term) => p.term(term, LOWEST),
            LiteralKind::Some(names) => {
                p.push("some ");
                let names: Vec<&str> = names.iter().map(|(name, _)| &**name).collect();
                p.push(&names.join(", "));
            }
            LiteralKind::SomeIn(some) => {
                p.push("some ");
                p.membership(some.key.as_ref(), &some.value, &some.collection);
            }
            LiteralKind::Every(every) => {
                p.push("every ");
                p.membership(every.key.as_ref(), &every.value, &every.domain);
                p.push(" ");
                p.braces(&every.body);
            }
            LiteralKind::Not(operand) => {
                p.push("not ");
                p.operand(operand);
            }
            LiteralKind::Logical(logical) => {
                p.operand(&logical.left);
                p.push(match logical.operator {
                    LogicalOperator::And => " and ",
                    LogicalOperator::Or => " or ",
                });
                p.operand(&logical.right);
            }
        });
        for With { target, value, .. } in &literal.with {
            self.push(" with ");
            self.term(target, PRIMARY);
            self.push(" as ");
            self.term(value, ELEMENT);
        }
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Bare(literal) => {
                let start = self.out.len();
                self.literal(literal);
                // A brace would open a body here.
                if self.out.get(start..).is_some_and(|text| text.starts_with('{'))
                    && let LiteralKind::Expr(term) = &literal.kind
                {
                    self.out.truncate(start);
                    self.brace_led(term);
                }
            }
            Operand::Group(literal) => self.parentheses(|p| p.literal(literal)),
            Operand::Braces(body) => self.braces(body),
        }
    }

    /// An expression that begins with a brace, where a brace must not stand.
    fn brace_led(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Infix(operator @ (InfixOperator::Unify | InfixOperator::Assign), left, right) => {
                let (_, sign, _) = infix(*operator);
                self.parentheses(|p| p.term(left, LOWEST));
                let _ = write!(self.out, " {sign} ");
                self.term(right, ELEMENT);
            }
            _ => self.parentheses(|p| p.term(term, LOWEST)),
        }
    }

    fn membership(&mut self, key: Option<&Term>, value: &Term, collection: &Term) {
        if let Some(key) = key {
            self.term(key, RELATION);
            self.push(", ");
        }
        self.term(value, RELATION);
        self.push(" in ");
        self.term(collection, RELATION);
    }

    fn term(&mut self, term: &Term, least: Precedence) {
        match &term.kind {
            TermKind::Null => self.push("null"),
            TermKind::Boolean(value) => self.push(if *value { "true" } else { "false" }),
            TermKind::Number(text) => self.push(text),
            TermKind::String(text) => self.string(text),
            TermKind::Template(parts) => self.template(parts),
            TermKind::Var(name) => self.push(name),
            TermKind::Ref(reference) => self.reference(reference),
            TermKind::Array(elements) => self.bracketed("[", "]", |p| p.list(elements, ELEMENT)),
            TermKind::Set(elements) if elements.is_empty() => self.push("set()"),
            TermKind::Set(elements) => self.bracketed("{", "}", |p| p.list(elements, ELEMENT)),
            TermKind::Object(pairs) => self.bracketed("{", "}", |p| p.pairs(pairs)),
            TermKind::ArrayComprehension(head, body) => self.comprehension("[", "]", &[head], body),
            TermKind::SetComprehension(head, body) => self.comprehension("{", "}", &[head], body),
            TermKind::ObjectComprehension(key, value, body) => self.comprehension("{", "}", &[key, value], body),
            TermKind::Call(call) => {
                self.reference(&call.operator);
                self.parentheses(|p| p.list(&call.args, ELEMENT));
            }
            TermKind::Infix(operator, left, right) => self.infix(*operator, left, right, least),
            TermKind::In { key, value, collection } => self.member(key.as_deref(), value, collection, least),
            TermKind::Negate(term) if self.style == Style::Message => {
                self.push("minus(0, ");
                self.term(term, ELEMENT);
                self.push(")");
            }
            TermKind::Negate(term) if least < PRIMARY => {
                self.push("-");
                self.term(term, PRIMARY);
            }
            TermKind::Negate(_) => self.parentheses(|p| p.term(term, LOWEST)),
        }
    }

    fn infix(&mut self, operator: InfixOperator, left: &Term, right: &Term, least: Precedence) {
        let (precedence, sign, name) = infix(operator);
        if self.style == Style::Message {
            self.push(name);
            return self.parentheses(|p| p.operands(&[left, right]));
        }
        if precedence < least || (operator == InfixOperator::Or && !self.bars) {
            return self.parentheses(|p| p.infix(operator, left, right, LOWEST));
        }
        // Operators are left-associative; `=` and `:=` take whole expressions.
        self.term(left, precedence.max(ELEMENT));
        let _ = write!(self.out, " {sign} ");
        self.term(right, precedence + 1);
    }

    fn member(&mut self, key: Option<&Term>, value: &Term, collection: &Term, least: Precedence) {
        if self.style == Style::Message {
            self.push(if key.is_some() { "internal.member_3" } else { "internal.member_2" });
            let operands: Vec<&Term> = key.into_iter().chain([value, collection]).collect();
            return self.parentheses(|p| p.operands(&operands));
        }
        let own = if key.is_some() { LOWEST } else { ELEMENT };
        if own < least {
            self.parentheses(|p| p.membership(key, value, collection));
        } else {
            self.membership(key, value, collection);
        }
    }

    fn operands(&mut self, operands: &[&Term]) {
        for (at, operand) in operands.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.term(operand, ELEMENT);
        }
    }

    fn list(&mut self, elements: &[Term], least: Precedence) {
        for (at, element) in elements.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.term(element, least);
        }
    }

    fn pairs(&mut self, pairs: &[(Term, Term)]) {
        for (at, (key, value)) in pairs.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.term(key, ELEMENT);
            self.push(": ");
            self.term(value, ELEMENT);
        }
    }

    fn bracketed(&mut self, open: &str, close: &str, print: impl FnOnce(&mut Self)) {
        self.push(open);
        self.with_bars(false, print);
        self.push(close);
    }

    fn comprehension(&mut self, open: &str, close: &str, head: &[&Term], body: &Body) {
        self.push(open);
        for (at, term) in head.iter().enumerate() {
            if at > 0 {
                self.push(": ");
            }
            self.term(term, PRIMARY);
        }
        self.push(" | ");
        self.literals(body, "; ");
        self.push(close);
    }

    fn reference(&mut self, reference: &Ref) {
        self.term(&reference.head, PRIMARY);
        for operand in &reference.operands {
            match operand {
                RefOperand::Field(name, _) if self.style == Style::Source => {
                    self.push(".");
                    self.push(name);
                }
                RefOperand::Index(Term { kind: TermKind::String(name), .. }) if self.style == Style::Message => {
                    self.field(name);
                }
                RefOperand::Field(name, _) => self.field(name),
                RefOperand::Index(index) => {
                    self.push("[");
                    self.with_bars(true, |p| p.term(index, LOWEST));
                    self.push("]");
                }
            }
        }
    }

    /// A string as an operand: `.name` where it can be one.
    fn field(&mut self, name: &str) {
        if is_name(name) {
            self.push(".");
            self.push(name);
        } else {
            self.push("[");
            self.string(name);
            self.push("]");
        }
    }

    fn string(&mut self, text: &str) {
        self.push("\"");
        self.escaped(text, false);
        self.push("\"");
    }

    fn template(&mut self, parts: &[TemplatePart]) {
        self.push("$\"");
        for part in parts {
            match part {
                TemplatePart::Text(text) => self.escaped(text, true),
                TemplatePart::Expr(literal) => {
                    self.push("{");
                    self.literal(literal);
                    self.push("}");
                }
            }
        }
        self.push("\"");
    }

    fn escaped(&mut self, text: &str, in_template: bool) {
        for c in text.chars() {
            match c {
                '"' => self.push("\\\""),
                '\\' => self.push("\\\\"),
                '\n' => self.push("\\n"),
                '\r' => self.push("\\r"),
                '\t' => self.push("\\t"),
                '{' if in_template => self.push("\\{"),
                // A byte order mark is illegal even in a string.
                '\0'..' ' | '\u{FEFF}' => {
                    let _ = write!(self.out, "\\u{:04x}", c as u32);
                }
                _ => self.out.push(c),
            }
        }
    }
}

/// Whether a text is a name that is no keyword of v1.
fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && match TokenKind::of_word(text) {
            TokenKind::LogicalAnd | TokenKind::LogicalOr => true,
            kind => !kind.is_keyword(),
        }
}
