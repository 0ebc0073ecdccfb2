//! Modules and rules as values: the package, the imports, a rule for each body, the comments.

use alloc::vec::Vec;

use data_encoding::BASE64;
use regoc_syntax::source::Source;
use regoc_syntax::syntax::ast::{AssignOperator, Body, Comment, Else, Import, Module, Package, Rule, Term};

use super::node::{list, object, text};
use super::{Failure, Tree};
use crate::Value;

/// The head of a rule.
#[derive(Clone)]
struct Head {
    name: Option<Value>,
    reference: Vec<Value>,
    args: Vec<Value>,
    key: Option<Value>,
    value: Option<Value>,
    assign: bool,
}

impl Tree<'_> {
    /// A module.
    pub(super) fn module(&mut self, source: &Source, module: &Module) -> Result<Value, Failure> {
        self.deeper(1, |tree| {
            let package = tree.package(&module.package);
            let imports = tree.list(&module.imports, Self::import)?;
            let rules = tree.list(&module.rules, |tree, rule| tree.rules(rule))?;
            let comments: Vec<Value> = module.comments.iter().map(|comment| comment_value(source, comment)).collect();
            let present = |values: Vec<Value>| (!values.is_empty()).then(|| list(values));
            Ok(object([
                ("package", Some(package)),
                ("imports", present(imports)),
                ("rules", present(rules.into_iter().flatten().collect())),
                ("comments", present(comments)),
            ]))
        })
    }

    fn package(&mut self, package: &Package) -> Value {
        let mut path = Vec::with_capacity(package.path.len() + 1);
        path.push(self.words.node("var", text("data")));
        for (at, (name, _)) in package.path.iter().enumerate() {
            let name = if at == 0 { self.variable_name(name) } else { text(name) };
            path.push(self.words.node("string", name));
        }
        object([("path", Some(list(path)))])
    }

    fn import(&mut self, import: &Import) -> Result<Value, Failure> {
        let path = self.reference(&import.path)?;
        let path = self.words.node("ref", list(path));
        let alias = import.alias.as_ref().map(|(name, _)| self.variable_name(name));
        Ok(object([("path", Some(path)), ("alias", alias)]))
    }

    /// The rules that a rule as written stands for: one for each chained body.
    fn rules(&mut self, rule: &Rule) -> Result<Vec<Value>, Failure> {
        self.deeper(1, |tree| {
            let head = tree.head(rule)?;
            let body = tree.rule_body(rule.body.as_ref())?;
            let branches = tree.branches(&head, &rule.branches)?;
            let mut rules = Vec::with_capacity(1 + rule.chained.len());
            rules.push(rule_value(&head, body, branches, rule.default));
            for body in &rule.chained {
                let body = tree.body(body)?;
                let mut head = head.clone();
                tree.rename_wildcards(&mut head);
                rules.push(rule_value(&head, body, None, false));
            }
            Ok(rules)
        })
    }

    fn rule_body(&mut self, body: Option<&Body>) -> Result<Value, Failure> {
        match body {
            Some(body) => self.body(body),
            None => {
                let terms = self.words.node("boolean", Value::TRUE);
                let fields =
                    [("generated", Some(Value::TRUE)), ("index", Some(Value::integer(0))), ("terms", Some(terms))];
                Ok(list([object(fields)]))
            }
        }
    }

    /// The `else` branches as rules, each within the one before; the first of them.
    fn branches(&mut self, head: &Head, branches: &[Else]) -> Result<Option<Value>, Failure> {
        let before = self.depth;
        let mut made = Vec::with_capacity(branches.len());
        for branch in branches {
            // The levels are given back behind the last branch: each lies in the one before.
            made.push(self.deeper(1, |tree| tree.branch(head, branch))?);
            self.depth += 1;
        }
        self.depth = before;
        Ok(made.into_iter().rev().fold(None, |below, (head, body)| Some(rule_value(&head, body, below, false))))
    }

    fn branch(&mut self, head: &Head, branch: &Else) -> Result<(Head, Value), Failure> {
        let mut head = head.clone();
        self.rename_wildcards(&mut head);
        head.value = Some(self.words.node("boolean", Value::TRUE));
        if let Some((operator, value)) = &branch.value {
            head.assign = *operator == AssignOperator::Assign;
            head.value = Some(self.deeper(1, |tree| tree.term(value))?);
        }
        Ok((head, self.rule_body(branch.body.as_ref())?))
    }

    /// Names the parameters of a copied head that are wildcards anew.
    fn rename_wildcards(&mut self, head: &mut Head) {
        for arg in &mut head.args {
            let name = self.words.content(*arg).as_str().unwrap_or_default();
            if self.words.kind(*arg) == b"var" && name.starts_with(b"$") {
                *arg = self.variable("_");
            }
        }
    }

    fn head(&mut self, rule: &Rule) -> Result<Head, Failure> {
        let written = &rule.head;
        let levels = 2;
        let reference = self.deeper(levels, |tree| tree.reference(&written.reference))?;
        let args = self.deeper(levels, |tree| tree.terms(written.params.as_deref().unwrap_or_default()))?;
        let mut part = |term: &Term| self.deeper(1, |tree| tree.term(term));
        let key = written.contains.as_ref().map(&mut part).transpose()?;
        let value = written.value.as_ref().map(|(_, value)| part(value)).transpose()?;
        let assign = matches!(written.value, Some((AssignOperator::Assign, _)));
        let name = (reference.len() == 1).then(|| self.name(&reference)).flatten();
        let mut head = Head { name, reference, args, key, value, assign };
        let is_expression = rule.body.is_none() && !rule.default && written.contains.is_none();
        if is_expression {
            self.complete_expression(&mut head, written.params.is_some());
        } else if written.contains.is_none() {
            self.complete_head(&mut head, rule);
        }
        Ok(head)
    }

    /// The name that a head's reference begins with.
    fn name(&self, reference: &[Value]) -> Option<Value> {
        reference.first().map(|first| self.words.content(*first))
    }

    /// What OPA makes of a head that was read as an expression.
    fn complete_expression(&self, head: &mut Head, is_function: bool) {
        let entry = if is_function || head.reference.len() != 2 { None } else { head.reference.get(1).copied() };
        if entry.is_some() {
            head.name = self.name(&head.reference);
            head.key = entry;
        }
        if head.value.is_some() {
            return;
        }
        if entry.is_some() {
            head.reference.truncate(1);
        } else {
            head.value = Some(self.words.node("boolean", Value::TRUE));
        }
    }

    /// What OPA makes of a head before a body, and of that of a default.
    fn complete_head(&self, head: &mut Head, rule: &Rule) {
        let is_function = !head.args.is_empty();
        let has_value = head.value.is_some();
        let truth = self.words.node("boolean", Value::TRUE);
        let entry = if head.reference.len() == 2 { head.reference.get(1).copied() } else { None };
        let Some(entry) = entry else {
            head.value.get_or_insert(truth);
            return;
        };
        if is_function {
            head.value.get_or_insert(truth);
        }
        if rule.default {
            return;
        }
        if rule.has_if {
            let is_fixed = self.words.is_ground(entry) && self.words.kind(entry) != b"ref";
            head.key = (!is_fixed && !is_function).then_some(entry);
            if has_value || is_function {
                head.name = self.name(&head.reference);
            }
            head.value.get_or_insert(truth);
        } else if !is_function {
            // `p[x]` before a body: an element of a set, or an entry of an object.
            head.name = self.name(&head.reference);
            head.key = Some(entry);
            if !has_value {
                head.reference.truncate(1);
            }
        }
    }
}

fn rule_value(head: &Head, body: Value, branches: Option<Value>, default: bool) -> Value {
    let head = object([
        ("name", head.name),
        ("ref", Some(list(head.reference.iter().copied()))),
        ("args", (!head.args.is_empty()).then(|| list(head.args.iter().copied()))),
        ("key", head.key),
        ("value", head.value),
        ("assign", head.assign.then_some(Value::TRUE)),
    ]);
    object([
        ("body", Some(body)),
        ("default", default.then_some(Value::TRUE)),
        ("else", branches),
        ("head", Some(head)),
    ])
}

/// A comment: its text as Go writes bytes, and where it stands.
fn comment_value(source: &Source, comment: &Comment) -> Value {
    let position = source.position(comment.span.start);
    let place = object([
        ("col", Some(Value::integer(position.col.into()))),
        ("file", Some(text(&source.name))),
        ("row", Some(Value::integer(position.row.into()))),
    ]);
    object([("Location", Some(place)), ("Text", Some(comment_text(source, comment)))])
}

/// The bytes of a comment as OPA keeps them: of a comment of carriage returns alone it keeps one, and of a character that ends the
/// text its first byte.
fn comment_text(source: &Source, comment: &Comment) -> Value {
    let bytes = comment.text.as_bytes();
    let rest = source.text.get(comment.span.end as usize..).unwrap_or_default();
    let returns = rest.bytes().take_while(|byte| *byte == b'\r').count();
    let cut = match comment.text.chars().next_back() {
        Some(last) if rest.is_empty() => last.len_utf8() - 1,
        _ => 0,
    };
    let kept = match (bytes, returns) {
        ([], 1) => return Value::NULL,
        ([], 2..) => b"\r",
        _ => bytes.get(..bytes.len() - cut).unwrap_or_default(),
    };
    text(&BASE64.encode(kept))
}
