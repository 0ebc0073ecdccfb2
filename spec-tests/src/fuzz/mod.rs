//! The differential fuzzer: policies with documents, made up or mutated, through OPA and through every engine of ours; what differs
//! is shrunk and becomes a case.
//!
//! Everything follows from a seed: the policy of a number is the same whoever makes it and whenever. Knows nothing of phases of the
//! compiler; asks it, the runtime and OPA (a program beside us, `oracles/opa`) through what they offer to everybody.

pub mod answers;
pub mod campaign;
pub mod compare;
pub mod generate;
pub mod keep;
pub mod known;
pub mod merge;
pub mod mutate;
pub mod oracle;
pub mod random;
pub mod record;
pub mod shrink;
pub mod tokens;

use regoc_compiler::source::{RegoVersion, SourceSet};

/// What is asked: modules, a base document and inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How modules are read.
    pub version: RegoVersion,
    /// The modules, each with its name.
    pub modules: Vec<(String, String)>,
    /// The base document, as JSON text.
    pub data: String,
    /// The inputs, as JSON texts; none is no input.
    pub inputs: Vec<Option<String>>,
    /// Where the policy is from, for the counts.
    pub origin: &'static str,
}

impl Policy {
    /// The modules as the compiler takes them.
    #[must_use]
    pub fn sources(&self) -> SourceSet {
        let mut sources = SourceSet::new();
        for (name, text) in &self.modules {
            sources.add(name, text, self.version);
        }
        sources
    }

    /// The whole of it as a text, for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let modules = self.modules.iter().map(|(name, text)| format!("-- {name} --\n{}\n", text.trim_end()));
        let inputs = self.inputs.iter().map(|input| format!("-- input --\n{}\n", input.as_deref().unwrap_or("none")));
        let data = std::iter::once(format!("-- data --\n{}\n", self.data));
        modules.chain(data).chain(inputs).collect()
    }
}
