//! The constants of a plan while a pass adds numbers and collections. Changes no function.

use rustc_hash::FxHashMap;

use crate::index::{Id as _, IndexVec};
use crate::plan::ir::{ConstId, Constant};

/// The constants that are there, and those that are new.
#[derive(Default)]
pub(super) struct Constants {
    ids: FxHashMap<Constant, ConstId>,
    known: usize,
    new: Vec<Constant>,
}

impl Constants {
    /// Takes in the constants of the plan.
    pub(super) fn learn(&mut self, constants: &IndexVec<ConstId, Constant>) {
        for (id, constant) in constants.enumerate().skip(self.known) {
            // Strings are most of them, and are not asked for.
            if !matches!(constant, Constant::String(_)) {
                self.ids.entry(constant.clone()).or_insert(id);
            }
        }
        self.known = constants.len();
    }

    /// The id of a constant that is no string.
    pub(super) fn id(&mut self, constant: Constant) -> ConstId {
        let next = ConstId::from_usize(self.known + self.new.len());
        let (ids, new) = (&mut self.ids, &mut self.new);
        *ids.entry(constant).or_insert_with_key(|constant| {
            new.push(constant.clone());
            next
        })
    }

    /// The id of a number.
    pub(super) fn number(&mut self, number: usize) -> ConstId {
        self.id(Constant::Number(number.to_string().as_str().into()))
    }

    /// A constant that was added.
    pub(super) fn added(&self, id: ConstId) -> Option<&Constant> {
        self.new.get(id.index().checked_sub(self.known)?)
    }

    /// Adds the new ones to the plan.
    pub(super) fn add_to(&mut self, constants: &mut IndexVec<ConstId, Constant>) {
        self.new.drain(..).for_each(|constant| {
            constants.push(constant);
        });
        self.known = constants.len();
    }
}
