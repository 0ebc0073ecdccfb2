//! Small functions of the library are put where they are called, and those that one place calls, too.
//!
//! Engines outside of browsers (Cranelift, wazero) put nothing in place themselves, and a decision calls many functions of a few
//! instructions. What the library [marks](regoc_abi::runtime::HOT_PREFIX) is put in place first: texts are made and compared for each string of a
//! document. A body is copied with its locals behind those of its caller and each `return` as a branch to its end. What calls itself,
//! uses the stack in memory, or does not come back stays where it is. Needs nothing; keeps what every function computes.

mod body;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use regoc_abi::runtime::HOT_PREFIX;
use rustc_hash::{FxHashMap, FxHashSet};

use self::body::Inlinable;
use super::Linker;
use super::object::{Body, Field, Function, FunctionId, Relocation, Relocations, Target, ValType};
use super::reach::Reached;
use crate::index::Id;

/// A module with less code than so many bytes stays as small as it can be.
const SMALL_MODULE: usize = 12_000;

/// From so many bytes of code on, what the library marks is put in place ...
const HOT_MODULE: usize = 9_000;

/// ... if it has no more than so many.
const MOST_HOT: usize = 256;

/// For each function that is put in place, a larger module may grow by one in so many bytes of what it is larger, ...
const GROWTH: usize = 20;

/// ... and by no more bytes than that.
const MOST_GROWTH: usize = 160;

/// How many bytes a function may have that is put wherever it is called: about those of a call, ...
const SMALL: usize = 8;

/// ... or so many, as far as the module may grow.
const MOST: usize = 128;

/// How many bytes a function may have that is called in one place, ...
const ONCE: usize = 600;

/// ... and in a small module.
const ONCE_IN_SMALL_MODULE: usize = 100;

/// How often functions that call others that are put in place are looked at again.
const ROUNDS: usize = 8;

/// Code that takes the place of a function's own.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) bytes: Vec<u8>,
    pub(super) relocations: Vec<Relocation>,
}

impl Code {
    /// The code as that of a function.
    pub(super) fn body(&self) -> Body<'_> {
        let relocations = Relocations::Listed(Cow::Borrowed(&self.relocations));
        Body::Code { bytes: Cow::Borrowed(&self.bytes), relocations }
    }
}

/// The new code of those reached functions that have something put into them.
pub(super) fn inline(linker: &Linker<'_>, reached: &Reached) -> FxHashMap<FunctionId, Code> {
    let functions = linker.library.function_count() + linker.functions.len();
    let reached_ids = || (0..functions).map(FunctionId::from_usize).filter(|id| reached.has_function(*id));
    let code: usize = reached_ids().map(|id| code_size(linker, id)).sum();
    let growth = (code.saturating_sub(SMALL_MODULE) / GROWTH).min(MOST_GROWTH);
    let marked = linker.library.exports().filter(|(name, _)| code >= HOT_MODULE && name.starts_with(HOT_PREFIX));
    let marked = marked.map(|(_, id)| id).collect();
    let mut pass =
        Inliner { linker, reached, growth, marked, inlinable: FxHashMap::default(), rewritten: FxHashMap::default() };
    let mut waiting: Vec<FunctionId> = reached_ids().filter(|id| pass.is_candidate(*id)).collect();
    for _ in 0..ROUNDS {
        let before = waiting.len();
        let candidates = std::mem::take(&mut waiting);
        for id in &candidates {
            if pass.calls_any(*id, &candidates) { waiting.push(*id) } else { pass.settle(*id) }
        }
        if waiting.len() == before {
            break;
        }
    }
    for id in reached_ids() {
        if !pass.rewritten.contains_key(&id)
            && let Some(code) = pass.rewrite(id)
        {
            pass.rewritten.insert(id, code);
        }
    }
    pass.rewritten
}

struct Inliner<'a> {
    linker: &'a Linker<'a>,
    reached: &'a Reached,
    /// By how many bytes the code may grow for a function.
    growth: usize,
    /// The functions of which calls are frequent.
    marked: FxHashSet<FunctionId>,
    inlinable: FxHashMap<FunctionId, Inlinable>,
    rewritten: FxHashMap<FunctionId, Code>,
}

impl Inliner<'_> {
    /// How many bytes a function may have to be put where it is called.
    fn limit(&self, id: FunctionId) -> usize {
        match self.reached.calls(id) as usize {
            0 | 1 if self.growth == 0 => ONCE_IN_SMALL_MODULE,
            0 | 1 => ONCE,
            calls => SMALL.max((self.growth / (calls - 1)).min(MOST)),
        }
    }

    /// The same where calls of it are frequent, too.
    fn hot_limit(&self, id: FunctionId) -> usize {
        let is_hot = self.marked.iter().any(|marked| self.linker.bound(*marked) == id);
        if is_hot { MOST_HOT } else { self.limit(id) }
    }

    fn is_candidate(&self, id: FunctionId) -> bool {
        let size = code_size(self.linker, id);
        id.index() < self.linker.library.function_count() && (1..=self.hot_limit(id)).contains(&size)
    }

    /// Whether a function calls one of those functions, which are in order.
    fn calls_any(&self, id: FunctionId, others: &[FunctionId]) -> bool {
        let Body::Code { relocations, .. } = self.linker.function_of(id).body else { return false };
        relocations.iter().any(|relocation| match relocation.target {
            Target::Function(callee) => others.binary_search(&self.linker.bound(callee)).is_ok(),
            _ => false,
        })
    }

    /// Notes what a candidate is that calls none of the others.
    fn settle(&mut self, id: FunctionId) {
        let code = self.rewrite(id);
        let signature = self.linker.signature_of(self.linker.function_of(id).signature);
        let inlinable = match (&code, self.linker.function_of(id).body) {
            (Some(code), _) => Inlinable::read(signature, &code.bytes, &code.relocations),
            (None, Body::Code { bytes, relocations }) => {
                Inlinable::read(signature, &bytes, &relocations.iter().collect::<Vec<_>>())
            }
            _ => None,
        };
        if let Some(inlinable) = inlinable.filter(|it| it.size() <= self.hot_limit(id)) {
            self.inlinable.insert(id, inlinable);
        }
        if let Some(code) = code {
            self.rewritten.insert(id, code);
        }
    }

    /// What is put in the place of a call that a relocation belongs to.
    fn put_at(&self, relocation: &Relocation) -> Option<&Inlinable> {
        match relocation.target {
            Target::Function(callee) if relocation.field == Field::Unsigned => {
                let id = self.linker.bound(callee);
                let inlinable = self.inlinable.get(&id)?;
                (self.marked.contains(&callee) || inlinable.size() <= self.limit(id)).then_some(inlinable)
            }
            _ => None,
        }
    }

    /// The code of a function with others put into it, if there are any.
    fn rewrite(&self, id: FunctionId) -> Option<Code> {
        let Function { signature, body: Body::Code { bytes, relocations }, .. } = self.linker.function_of(id) else {
            return None;
        };
        let put: Vec<&Inlinable> = relocations.iter().filter_map(|relocation| self.put_at(&relocation)).collect();
        if put.is_empty() {
            return None;
        }
        let params = self.linker.signature_of(signature).params.len();
        let mut writer = body::Writer::new(&bytes, params, &put)?;
        for relocation in relocations.iter() {
            match self.put_at(&relocation) {
                Some(inlinable) => writer.put(&relocation, inlinable),
                None => writer.keep(&relocation),
            }
        }
        Some(writer.finish())
    }
}

/// How many bytes the code of a function has, with room for what is filled in; 0 for one that is not here.
fn code_size(linker: &Linker<'_>, id: FunctionId) -> usize {
    match linker.function_of(id).body {
        Body::Code { bytes, .. } => bytes.len(),
        Body::Import { .. } | Body::Declared | Body::Inert => 0,
    }
}

/// The types of which locals may be, in the order in which those of what is put in place are declared.
const TYPES: [ValType; 4] = [ValType::I32, ValType::I64, ValType::F32, ValType::F64];
