//! Writes names and terms of the resolved tree the way OPA writes them in messages.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Key, Local, LocalId, LocalOrigin, Program, Ref, RefBase, Rule, RuleId, Term, TermKind};
use crate::index::IndexVec;

/// Words that cannot stand behind a dot.
const KEYWORDS: &[&str] = &[
    "as", "contains", "default", "else", "every", "false", "if", "import", "in", "not", "null", "package", "some",
    "true", "with",
];

/// What a hoisted variable stands for in the text.
#[derive(Clone, Debug)]
pub enum Subject<'a> {
    /// An expression.
    Term(&'a Term),
    /// The result of a call of a function by name.
    Call(String, &'a [Term]),
}

/// The subjects of hoisted variables.
pub type Subjects<'a> = BTreeMap<LocalId, Subject<'a>>;

/// The name of a rule within its package: the constant beginning of its head.
#[must_use]
pub fn rule_name(program: &Program, rule: RuleId) -> String {
    let rule = &program.rules[rule];
    let path = program.tree.path(program.sets[rule.set].node);
    let package = rule.package.min(path.len().saturating_sub(1));
    let mut writer = Writer::new(&rule.locals);
    for (index, part) in path.iter().skip(package).enumerate() {
        match part {
            Key::String(name) if index == 0 => writer.text.push_str(name),
            part => writer.key(part),
        }
    }
    rule.suffix
        .iter()
        .take_while(|operand| super::visit::is_constant(operand))
        .for_each(|operand| writer.operand(operand));
    writer.text
}

/// The whole reference of a rule or of one of its branches: `data.a.p[x].q`.
#[must_use]
pub fn rule_reference(program: &Program, rule: &Rule, suffix: &[Term]) -> String {
    let mut writer = Writer::new(&rule.locals);
    writer.path(&program.tree.path(program.sets[rule.set].node));
    suffix.iter().for_each(|operand| writer.operand(operand));
    writer.text
}

/// A path below `data`: `data.a["b-c"].d`.
#[must_use]
pub fn path(path: &[Key]) -> String {
    let locals = IndexVec::new();
    let mut writer = Writer::new(&locals);
    writer.path(path);
    writer.text
}

/// A constant as it is written in brackets.
#[must_use]
pub fn constant(term: &Term) -> String {
    let locals = IndexVec::new();
    let mut writer = Writer::new(&locals);
    writer.term(term);
    writer.text
}

/// Adds a key to a path: `.name` or `["no name"]`.
pub fn push_key(text: &mut String, key: &str) {
    let locals = IndexVec::new();
    let mut writer = Writer::new(&locals);
    std::mem::swap(&mut writer.text, text);
    writer.name(key);
    std::mem::swap(&mut writer.text, text);
}

/// A string in quotes.
#[must_use]
pub fn string(string: &str) -> String {
    let locals = IndexVec::new();
    let mut writer = Writer::new(&locals);
    writer.quoted(string);
    writer.text
}

/// A key as the term that it is.
#[must_use]
pub fn key(key: &Key) -> String {
    match key {
        Key::Null => "null".to_owned(),
        Key::Boolean(value) => value.to_string(),
        Key::Number(number) => number.to_string(),
        Key::String(name) => string(name),
    }
}

/// Writes terms with the names of one rule's variables.
#[derive(Debug)]
pub struct Writer<'a> {
    /// What was written.
    pub text: String,
    locals: &'a IndexVec<LocalId, Local>,
    subjects: Option<&'a Subjects<'a>>,
}

impl<'a> Writer<'a> {
    /// A writer that names each variable.
    #[must_use]
    pub const fn new(locals: &'a IndexVec<LocalId, Local>) -> Self {
        Self { text: String::new(), locals, subjects: None }
    }

    /// A writer that shows what hoisted variables stand for.
    #[must_use]
    pub const fn with_subjects(locals: &'a IndexVec<LocalId, Local>, subjects: &'a Subjects<'a>) -> Self {
        Self { text: String::new(), locals, subjects: Some(subjects) }
    }

    /// The base of a reference and the first operands.
    pub fn reference(&mut self, reference: &Ref, operands: usize) {
        match reference.base {
            RefBase::Input => self.text.push_str("input"),
            RefBase::Data => self.text.push_str("data"),
            RefBase::Local(local) => self.local(local),
        }
        reference.path.iter().take(operands).for_each(|operand| self.operand(operand));
    }

    /// An operand: `.name`, `["no name"]`, `[x]`.
    pub fn operand(&mut self, operand: &Term) {
        if let TermKind::String(name) = &operand.kind {
            self.name(name);
        } else {
            self.text.push('[');
            self.term(operand);
            self.text.push(']');
        }
    }

    /// A term.
    pub fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Null => self.text.push_str("null"),
            TermKind::Boolean(value) => self.text.push_str(if *value { "true" } else { "false" }),
            TermKind::Number(number) => self.text.push_str(number),
            TermKind::String(string) => self.quoted(string),
            TermKind::Local(local) => self.local(*local),
            TermKind::Ref(reference) => self.reference(reference, reference.path.len()),
            TermKind::Array(items) => self.listed('[', ", ", items, "]"),
            TermKind::Set(items) if items.is_empty() => self.text.push_str("set()"),
            TermKind::Set(items) => self.listed('{', ", ", items, "}"),
            TermKind::Object(entries) => {
                self.text.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.text.push_str(if index == 0 { "" } else { ", " });
                    self.term(key);
                    self.text.push_str(": ");
                    self.term(value);
                }
                self.text.push('}');
            }
            // Bodies are statements made by the compiler by now; a message shows that there is one.
            TermKind::ArrayComprehension(head, _) => self.listed('[', "", [&**head], " | …]"),
            TermKind::SetComprehension(head, _) => self.listed('{', "", [&**head], " | …}"),
            TermKind::ObjectComprehension(key, value, _) => self.listed('{', ": ", [&**key, &**value], " | …}"),
        }
    }

    fn path(&mut self, path: &[Key]) {
        self.text.push_str("data");
        path.iter().for_each(|part| self.key(part));
    }

    fn key(&mut self, key: &Key) {
        match key {
            Key::String(name) => self.name(name),
            other => {
                let _ = write!(self.text, "[{}]", self::key(other));
            }
        }
    }

    fn listed<'t>(&mut self, open: char, between: &str, items: impl IntoIterator<Item = &'t Term>, close: &str) {
        self.text.push(open);
        for (index, item) in items.into_iter().enumerate() {
            self.text.push_str(if index == 0 { "" } else { between });
            self.term(item);
        }
        self.text.push_str(close);
    }

    fn local(&mut self, local: LocalId) {
        match self.subjects.and_then(|subjects| subjects.get(&local)) {
            Some(Subject::Term(term)) => return self.term(term),
            Some(Subject::Call(name, args)) => {
                self.text.push_str(name);
                return self.listed('(', ", ", *args, ")");
            }
            None => {}
        }
        match self.locals.get(local) {
            Some(Local { name: Some(name), .. }) => self.text.push_str(name),
            Some(Local { origin: LocalOrigin::Wildcard, .. }) => self.text.push('_'),
            _ => {
                let _ = write!(self.text, "__local{}__", local.0);
            }
        }
    }

    fn name(&mut self, name: &str) {
        let mut bytes = name.bytes();
        let is_variable = bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_variable && !KEYWORDS.contains(&name) {
            self.text.push('.');
            self.text.push_str(name);
        } else if name.contains(|character: char| character.is_control() || character == '\\') {
            self.text.push('[');
            self.quoted(name);
            self.text.push(']');
        } else {
            let _ = write!(self.text, "[\"{name}\"]");
        }
    }

    /// A string in quotes, escaped as in JSON.
    fn quoted(&mut self, string: &str) {
        self.text.push('"');
        for character in string.chars() {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                control if (control as u32) < 0x20 || control as u32 == 0x7f => {
                    let _ = write!(self.text, "\\u{:04x}", control as u32);
                }
                other => self.text.push(other),
            }
        }
        self.text.push('"');
    }
}
