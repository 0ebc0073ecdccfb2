//! The builtins that the program calls or replaces, each once.

use rustc_hash::FxHashMap;

use crate::capabilities::{Builtin, Capabilities};
use crate::hir::{BuiltinId, Name};
use crate::index::IndexVec;

/// The builtins met so far.
#[derive(Debug)]
pub(super) struct BuiltinTable<'a> {
    capabilities: &'a Capabilities,
    ids: FxHashMap<Name, BuiltinId>,
    /// Which names were found to be of builtins: a policy asks for few names, but for each in every rule.
    names: FxHashMap<Name, bool>,
    builtins: IndexVec<BuiltinId, Builtin>,
}

impl<'a> BuiltinTable<'a> {
    /// No builtins yet.
    pub(super) fn new(capabilities: &'a Capabilities) -> Self {
        Self { capabilities, ids: FxHashMap::default(), names: FxHashMap::default(), builtins: IndexVec::new() }
    }

    /// Whether a name is of a builtin that the policy may use.
    pub(super) fn has(&mut self, name: &Name) -> bool {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let has = self.capabilities.builtins.contains_key(name);
        self.names.insert(name.clone(), has);
        has
    }

    /// The builtin of a name, if the policy may use it.
    pub(super) fn intern(&mut self, name: &str) -> Option<BuiltinId> {
        if let Some(id) = self.ids.get(name) {
            return Some(*id);
        }
        let builtin = self.capabilities.builtins.get(name)?;
        let id = self.builtins.push(builtin.clone());
        self.ids.insert(builtin.name.clone(), id);
        Some(id)
    }

    /// A builtin.
    pub(super) fn get(&self, id: BuiltinId) -> &Builtin {
        &self.builtins[id]
    }

    /// All builtins met.
    pub(super) fn into_builtins(self) -> IndexVec<BuiltinId, Builtin> {
        self.builtins
    }
}
