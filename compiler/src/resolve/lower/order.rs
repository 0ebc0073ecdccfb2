//! The order in which OPA looks at elements of sets and keys of objects: calls in them are made in that order (`v1/ast/compare.go`).
//! Terms whose order only their values decide stay as they are written.

use std::cmp::Ordering;

use crate::syntax::ast::{Term, TermKind};

/// Compares two terms as they are written.
pub(super) fn compare(a: &Term, b: &Term) -> Ordering {
    match (&a.kind, &b.kind) {
        (TermKind::Boolean(a), TermKind::Boolean(b)) => a.cmp(b),
        (TermKind::Number(a), TermKind::Number(b)) => compare_numbers(a, b),
        (TermKind::String(a), TermKind::String(b)) => a.cmp(b),
        (TermKind::Array(a), TermKind::Array(b)) => {
            let first = a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne());
            first.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

/// Numbers by value, as far as a double can tell them apart.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    // Adding zero makes zero of what is written `-0`.
    let value = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN) + 0.0;
    value(a).total_cmp(&value(b))
}

fn rank(term: &TermKind) -> u8 {
    match term {
        TermKind::Null => 0,
        TermKind::Boolean(_) => 1,
        TermKind::Number(_) => 2,
        TermKind::String(_) => 3,
        TermKind::Var(_) => 4,
        TermKind::Ref(_) => 5,
        TermKind::Array(_) => 6,
        TermKind::Object(_) => 7,
        TermKind::Set(_) => 8,
        TermKind::ArrayComprehension(..) => 9,
        TermKind::ObjectComprehension(..) => 10,
        TermKind::SetComprehension(..) => 11,
        TermKind::Call(_) | TermKind::Infix(..) | TermKind::In { .. } | TermKind::Negate(_) => 12,
        TermKind::Template(_) => 13,
    }
}
