//! The text of terms, references and packages as OPA writes them in messages. Not a formatter: comments and layout are lost.

use crate::hir::Name;
pub(super) use crate::hir::text::{push_key, string as quote};
use crate::syntax::ast::{self, InfixOperator, RefOperand, TemplatePart, TermKind};

/// The name of the builtin behind an infix operator.
pub(super) const fn operator_name(operator: InfixOperator) -> &'static str {
    match operator {
        InfixOperator::Unify => "eq",
        InfixOperator::Assign => "assign",
        InfixOperator::Equal => "equal",
        InfixOperator::NotEqual => "neq",
        InfixOperator::Less => "lt",
        InfixOperator::LessEqual => "lte",
        InfixOperator::Greater => "gt",
        InfixOperator::GreaterEqual => "gte",
        InfixOperator::Plus => "plus",
        InfixOperator::Minus => "minus",
        InfixOperator::Times => "mul",
        InfixOperator::Divide => "div",
        InfixOperator::Remainder => "rem",
        InfixOperator::And => "and",
        InfixOperator::Or => "or",
    }
}

/// The word for a kind of term in messages.
pub(super) const fn kind_name(kind: &TermKind) -> &'static str {
    match kind {
        TermKind::Null => "null",
        TermKind::Boolean(_) => "boolean",
        TermKind::Number(_) => "number",
        TermKind::String(_) => "string",
        TermKind::Template(_) => "templatestring",
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

/// A path that begins with a name, such as `data.a["b c"]`.
pub(super) fn path(head: &str, keys: &[Name]) -> String {
    let mut text = head.to_owned();
    for key in keys {
        push_key(&mut text, key);
    }
    text
}

/// The operands of a reference behind what `text` holds.
pub(super) fn push_operands(text: &mut String, operands: &[RefOperand]) {
    for operand in operands {
        match operand {
            RefOperand::Field(name, _) => push_key(text, name),
            RefOperand::Index(index) => match &index.kind {
                TermKind::String(key) => push_key(text, key),
                _ => {
                    text.push('[');
                    push_term(text, index);
                    text.push(']');
                }
            },
        }
    }
}

/// A reference.
pub(super) fn reference(reference: &ast::Ref) -> String {
    let mut text = term(&reference.head);
    push_operands(&mut text, &reference.operands);
    text
}

/// An import without what follows it.
pub(super) fn import(import: &ast::Import) -> String {
    let mut text = format!("import {}", reference(&import.path));
    if let Some((alias, _)) = &import.alias {
        text.push_str(" as ");
        text.push_str(alias);
    }
    text
}

/// A term.
pub(super) fn term(term: &ast::Term) -> String {
    let mut text = String::new();
    push_term(&mut text, term);
    text
}

fn push_list(text: &mut String, open: &str, terms: &[ast::Term], close: &str) {
    text.push_str(open);
    for (index, element) in terms.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        push_term(text, element);
    }
    text.push_str(close);
}

fn push_call<'a>(text: &mut String, name: &str, args: impl IntoIterator<Item = &'a ast::Term>) {
    text.push_str(name);
    text.push('(');
    for (index, arg) in args.into_iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        push_term(text, arg);
    }
    text.push(')');
}

fn push_term(text: &mut String, term: &ast::Term) {
    match &term.kind {
        TermKind::Null => text.push_str("null"),
        TermKind::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
        TermKind::Number(name) | TermKind::Var(name) => text.push_str(name),
        TermKind::String(value) => text.push_str(&quote(value)),
        TermKind::Template(parts) => push_template(text, parts),
        TermKind::Ref(inner) => text.push_str(&reference(inner)),
        TermKind::Array(elements) => push_list(text, "[", elements, "]"),
        TermKind::Set(elements) if elements.is_empty() => text.push_str("set()"),
        TermKind::Set(elements) => push_list(text, "{", elements, "}"),
        TermKind::Object(items) => {
            text.push('{');
            for (index, (key, value)) in items.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                push_term(text, key);
                text.push_str(": ");
                push_term(text, value);
            }
            text.push('}');
        }
        TermKind::ArrayComprehension(head, body) => push_comprehension(text, '[', &[head], body, ']'),
        TermKind::SetComprehension(head, body) => push_comprehension(text, '{', &[head], body, '}'),
        TermKind::ObjectComprehension(key, value, body) => {
            push_comprehension(text, '{', &[key, value], body, '}');
        }
        TermKind::Call(call) => push_call(text, &reference(&call.operator), &call.args),
        TermKind::Infix(operator, left, right) => {
            push_call(text, operator_name(*operator), [left.as_ref(), right.as_ref()]);
        }
        TermKind::In { key: None, value, collection } => {
            push_call(text, "internal.member_2", [value.as_ref(), collection.as_ref()]);
        }
        TermKind::In { key: Some(key), value, collection } => {
            push_call(text, "internal.member_3", [key.as_ref(), value.as_ref(), collection.as_ref()]);
        }
        TermKind::Negate(inner) => {
            text.push_str("minus(0, ");
            push_term(text, inner);
            text.push(')');
        }
    }
}

fn push_comprehension(text: &mut String, open: char, heads: &[&ast::Term], body: &ast::Body, close: char) {
    text.push(open);
    for (index, head) in heads.iter().enumerate() {
        text.push_str(if index > 0 { ": " } else { "" });
        push_term(text, head);
    }
    text.push_str(" | ");
    for (index, literal) in body.literals.iter().enumerate() {
        text.push_str(if index > 0 { "; " } else { "" });
        match &literal.kind {
            ast::LiteralKind::Expr(expr) => push_term(text, expr),
            _ => text.push('…'),
        }
    }
    text.push(close);
}

fn push_template(text: &mut String, parts: &[TemplatePart]) {
    text.push_str("$\"");
    for part in parts {
        match part {
            TemplatePart::Text(name) => text.push_str(quote(name).trim_matches('"')),
            TemplatePart::Expr(literal) => {
                text.push('{');
                if let ast::LiteralKind::Expr(expr) = &literal.kind {
                    push_term(text, expr);
                }
                text.push('}');
            }
        }
    }
    text.push('"');
}
