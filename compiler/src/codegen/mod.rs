//! From the plan to the bytes of a module.
//!
//! Each function of the plan becomes a function of the module with value words in its locals ([`regoc_abi::layout`]); what a
//! statement cannot say in a few instructions is a call of the guest library. Names, signatures and offsets come from
//! `regoc-abi`, never from here; what Rego means was settled before the plan was made.

mod attempts;
mod call;
mod check;
mod code;
mod conflicts;
mod consts;
mod func;
pub mod link;
mod locals;
mod module;
mod sections;
mod select;
mod sets;
mod shapes;
mod stmt;
#[cfg(test)]
mod tests;
mod value;

use std::fmt;

pub use link::{LinkError, Piece, SizeReport};

use crate::plan::ir::Program;
use crate::source::SourceSet;

/// How a module is made.
#[derive(Clone, Debug, Default)]
pub struct CodegenOptions {
    /// Whether the first error of a builtin ends a decision (OPA's `--strict-builtin-errors`). Otherwise the call is undefined.
    pub strict_builtin_errors: bool,
    /// Whether the name section names the functions of the guest library too; some kilobytes, for profiles and traps.
    pub guest_names: bool,
    /// Whether the input is read whole, also where only a part of it is looked at ([`crate::optimize::INPUT_SHAPES`]).
    pub whole_input: bool,
    /// Whether calls of small functions of the guest library stay calls ([`crate::optimize::INLINE_LIBRARY`]).
    pub keep_calls: bool,
}

/// Why there is no module.
#[derive(Debug)]
#[non_exhaustive]
pub enum CodegenError {
    /// A host builtin has more arguments than the ABI can pass.
    TooManyArguments {
        /// The builtin's name in Rego.
        builtin: String,
        /// How many arguments it is called with.
        count: usize,
    },
    /// The guest library has no such builtin or function, or with another number of arguments.
    NotInGuest(String),
    /// A function is larger than engines take.
    FunctionTooLarge {
        /// The function's name.
        name: String,
        /// The size in bytes.
        size: usize,
    },
    /// The plan breaks its own rules.
    Plan(String),
    /// The parts cannot be linked.
    Link(LinkError),
    /// The finished module is not valid, which is a fault of the compiler.
    Invalid(String),
}

impl fmt::Display for CodegenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyArguments { builtin, count } => {
                let most = regoc_abi::imports::BUILTINS.len() - 1;
                write!(f, "{builtin}: too many built-in call arguments: {count}, a host builtin takes at most {most}")
            }
            Self::NotInGuest(name) => write!(f, "{name}: the guest library has no such function"),
            Self::FunctionTooLarge { name, size } => {
                write!(f, "{name} compiles to {size} bytes, more than WebAssembly engines take for one function")
            }
            Self::Plan(message) => write!(f, "the plan is not well-formed: {message}"),
            Self::Link(error) => error.fmt(f),
            Self::Invalid(message) => write!(f, "the module that was built is not valid: {message}"),
        }
    }
}

impl std::error::Error for CodegenError {}

impl From<LinkError> for CodegenError {
    fn from(error: LinkError) -> Self {
        Self::Link(error)
    }
}

/// A module and what it consists of.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The module.
    pub wasm: Vec<u8>,
    /// What takes how many bytes in it.
    pub sizes: SizeReport,
}

/// Makes the module of a plan. The output has been validated.
///
/// # Errors
/// The plan calls what neither the guest library nor a host can answer, or is too large for a module.
pub fn generate(program: &Program, sources: &SourceSet, options: &CodegenOptions) -> Result<Vec<u8>, CodegenError> {
    generate_with_sizes(program, sources, options).map(|generated| generated.wasm)
}

/// The same as [`generate`], and what takes how many bytes.
///
/// # Errors
/// See [`generate`].
pub fn generate_with_sizes(
    program: &Program,
    sources: &SourceSet,
    options: &CodegenOptions,
) -> Result<Generated, CodegenError> {
    let linked = module::assemble(program, sources, options)?;
    check::check(&linked.bytes)?;
    Ok(Generated { wasm: linked.bytes, sizes: linked.sizes })
}
