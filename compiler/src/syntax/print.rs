//! Tree to text.

use crate::syntax::ast::{Ref, RefOperand, Term, TermKind};

/// OPA's name of the kind of a term.
pub(crate) fn kind_name(term: &Term) -> &'static str {
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

/// A term.
pub(crate) fn term(term: &Term) -> String {
    match &term.kind {
        TermKind::Var(name) => name.to_string(),
        TermKind::Number(name) => name.to_string(),
        TermKind::Ref(r) => reference(r),
        other => format!("{other:?}"),
    }
}

/// A reference.
pub(crate) fn reference(reference: &Ref) -> String {
    let mut out = term(&reference.head);
    for operand in &reference.operands {
        match operand {
            RefOperand::Field(name, _) => {
                out.push('.');
                out.push_str(name);
            }
            RefOperand::Index(index) => {
                out.push('[');
                out.push_str(&term(index));
                out.push(']');
            }
        }
    }
    out
}
