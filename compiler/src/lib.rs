//! Compiles Rego, the policy language of the Open Policy Agent, to WebAssembly.
//!
//! Pure: texts come in through [`source::SourceSet`], bytes or diagnostics come out. No file, clock, environment or
//! network is touched, and the same sources give the same bytes.

pub mod capabilities;
pub mod codegen;
mod compile;
mod countable;
pub mod diagnostic;
pub mod hir;
pub mod index;
pub mod optimize;
pub mod plan;
pub mod resolve;
pub mod source;
pub mod syntax;
pub mod types;

pub use compile::{
    Compiled, Coverage, CoverageMode, Options, QuerySource, check, compile, compile_plan, plan as compile_to_plan,
};
