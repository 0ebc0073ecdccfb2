//! Rego modules as values: the JSON of OPA's syntax tree (`v1/ast`), as `rego.parse_module` gives it.
//!
//! The text is read by [`regoc_syntax`], whose tree is as written. What OPA's parser makes of it meanwhile is done here: rules for
//! each body, heads with keys, calls for operators, names for wildcards ([`module`], [`term`]); sets and objects are in OPA's
//! order of terms ([`node`]). May not know of builtins or of operands.

mod module;
mod node;
mod refusal;
mod term;
#[cfg(test)]
mod tests;

use alloc::string::String;
use alloc::vec::Vec;

use regoc_abi::layout::MAX_DEPTH;
use regoc_syntax::capabilities::Capabilities;
use regoc_syntax::source::{RegoVersion, SourceSet};
use regoc_syntax::syntax::{ParseOptions, parse_plain_module};

use crate::{Value, utf8};

/// Why a text has no tree: the whole message of OPA's error.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

/// The tree of a module.
///
/// # Errors
/// When the text is not Rego, or its tree nests deeper than values may.
pub(crate) fn parse(file_name: &[u8], text: &[u8]) -> Result<Value, Failure> {
    let file_name = utf8::replace_invalid(file_name);
    let Ok(text) = core::str::from_utf8(text) else {
        return Err(refusal::invalid_text(&file_name, text));
    };
    let capabilities = Capabilities::without_builtins();
    let mut sources = SourceSet::new();
    let file = sources.add(&*file_name, text, RegoVersion::V1);
    let module = parse_plain_module(&sources, file, &ParseOptions { capabilities: &capabilities })
        .map_err(|refusal| refusal::describe(sources.get(file), refusal))?;
    let value = Tree::new(text, &module).module(sources.get(file), &module);
    if cfg!(target_arch = "wasm32") {
        // Nothing is freed there, so there is nothing to be gained by looking through the tree for what could be.
        core::mem::forget((module, sources));
    }
    value
}

/// What is known while a module becomes a value.
struct Tree<'m> {
    text: &'m str,
    module: &'m regoc_syntax::syntax::ast::Module,
    words: node::Words,
    /// How many wildcards were named.
    wildcards: u32,
    /// How deep the value that is being made lies.
    depth: u32,
}

impl<'m> Tree<'m> {
    fn new(text: &'m str, module: &'m regoc_syntax::syntax::ast::Module) -> Self {
        Self { text, module, words: node::Words::new(), wildcards: 0, depth: 0 }
    }

    /// Makes what lies so many levels of values deeper.
    fn deeper<T>(&mut self, levels: u32, make: impl FnOnce(&mut Self) -> Result<T, Failure>) -> Result<T, Failure> {
        self.depth += levels;
        if self.depth > MAX_DEPTH {
            return Err(Failure(alloc::format!("the tree nests deeper than {MAX_DEPTH} levels")));
        }
        let made = make(self)?;
        self.depth -= levels;
        Ok(made)
    }

    /// Makes the elements of a list, which are one level deeper.
    fn list<S, T>(
        &mut self,
        items: &[S],
        mut make: impl FnMut(&mut Self, &S) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        self.deeper(1, |tree| items.iter().map(|item| make(tree, item)).collect())
    }
}
