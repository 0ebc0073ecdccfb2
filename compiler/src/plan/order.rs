//! OPA's order of values, for constants: null, booleans, numbers, strings, arrays, objects, sets.
//!
//! Knows only texts and constants; the values of a running policy have their own order in `regoc-values`.

use std::cmp::Ordering;

use super::ir::Constant;
use crate::hir::number::compare_numbers;

/// OPA's order of two constants; equal when they are the same value.
#[must_use]
pub fn compare(a: &Constant, b: &Constant) -> Ordering {
    match (a, b) {
        (Constant::Null, Constant::Null) => Ordering::Equal,
        (Constant::Boolean(a), Constant::Boolean(b)) => a.cmp(b),
        (Constant::Number(a), Constant::Number(b)) => compare_numbers(a, b),
        (Constant::String(a), Constant::String(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Constant::Array(a), Constant::Array(b)) | (Constant::Set(a), Constant::Set(b)) => {
            let elements = a.iter().zip(b).map(|(a, b)| compare(a, b));
            first_difference(elements).then(a.len().cmp(&b.len()))
        }
        (Constant::Object(a), Constant::Object(b)) => {
            let entries = a.iter().zip(b).map(|(a, b)| compare(&a.0, &b.0).then_with(|| compare(&a.1, &b.1)));
            first_difference(entries).then(a.len().cmp(&b.len()))
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

fn first_difference(mut orders: impl Iterator<Item = Ordering>) -> Ordering {
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn rank(constant: &Constant) -> u8 {
    match constant {
        Constant::Null => 0,
        Constant::Boolean(_) => 1,
        Constant::Number(_) => 2,
        Constant::String(_) => 3,
        Constant::Array(_) => 4,
        Constant::Object(_) => 5,
        Constant::Set(_) => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_come_in_opas_order() {
        let one = || Constant::Number("1".into());
        let ascending = [
            Constant::Null,
            Constant::Boolean(false),
            Constant::Boolean(true),
            one(),
            Constant::String("".into()),
            Constant::String("a".into()),
            Constant::Array(vec![]),
            Constant::Array(vec![one()]),
            Constant::Object(vec![]),
            Constant::Object(vec![(one(), one())]),
            Constant::Set(vec![]),
            Constant::Set(vec![one()]),
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a:?} and {b:?}");
            }
        }
    }
}
