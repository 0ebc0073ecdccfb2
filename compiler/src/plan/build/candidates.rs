//! The constants that a value can be, where it is a member of a constant collection: a reference into `data` chooses only among the
//! rules below those. What `resolve` takes for no recursion (`hir/dependencies/narrow.rs`) must be none in the plan either.

use super::Planner;
use crate::plan::ir::{ConstId, Constant, Local, Operand};
use crate::plan::order::compare;

/// The most constants that are followed, as many as `resolve` follows.
const MAX_VALUES: usize = 64;

/// What is known of a value that is only found at run time.
#[derive(Clone)]
pub(super) enum Origin {
    /// It is a member of another value: under this key, or any.
    Member(Operand, Option<ConstId>),
    /// It is one of these.
    OneOf(Vec<ConstId>),
}

impl Planner<'_> {
    /// The constants that a local can be, if they are known and not many.
    pub(super) fn candidates(&self, local: Local) -> Option<Vec<&Constant>> {
        let mut value = Operand::Local(local);
        let mut keys = Vec::new();
        let mut values = loop {
            match value {
                Operand::Const(known) => break vec![self.constants.get(known)],
                Operand::Local(local) => match self.frame.origin(local)? {
                    Origin::OneOf(known) => break known.iter().map(|known| self.constants.get(*known)).collect(),
                    Origin::Member(source, key) => {
                        keys.push(key.map(|key| self.constants.get(key)));
                        value = *source;
                    }
                },
            }
        };
        for key in keys.into_iter().rev() {
            values = values.into_iter().flat_map(|value| members(value, key)).collect();
            if values.len() > MAX_VALUES {
                return None;
            }
        }
        Some(values)
    }
}

/// The members of a constant, or the one under a key.
fn members<'c>(collection: &'c Constant, key: Option<&Constant>) -> Vec<&'c Constant> {
    let is_asked = |known: &Constant| key.is_none_or(|key| compare(known, key).is_eq());
    match collection {
        Constant::Array(items) => match key {
            None => items.iter().collect(),
            Some(Constant::Number(index)) => {
                index.parse().ok().and_then(|index: usize| items.get(index)).into_iter().collect()
            }
            Some(_) => Vec::new(),
        },
        Constant::Set(items) => items.iter().filter(|item| is_asked(item)).collect(),
        Constant::Object(entries) => entries.iter().filter(|(key, _)| is_asked(key)).map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}
