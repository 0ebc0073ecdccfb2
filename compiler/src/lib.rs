//! Compiles Rego, the policy language of the Open Policy Agent, to WebAssembly.
//!
//! Pure: texts come in through [`source::SourceSet`], bytes or diagnostics come out. No file, clock, environment or
//! network is touched, and the same sources give the same bytes.

pub mod codegen;
mod compile;
pub mod cost;
mod countable;
pub mod hir;
pub mod optimize;
pub mod plan;
pub mod resolve;
pub mod types;

/// Where the first phase lives, so that a module can carry it along without the rest (`rego.parse_module`).
pub use regoc_syntax::{capabilities, diagnostic, index, source, syntax};

pub use compile::{
    Compiled, Coverage, CoverageMode, Options, QuerySource, check, compile, compile_plan, explain,
    plan as compile_to_plan,
};
