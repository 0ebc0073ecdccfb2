//! From the resolved tree to the plan.
//!
//! Knows Rego's meaning, but nothing of wasm: offsets, bytes and value words are `codegen`'s.

pub(crate) mod attempts;
pub mod build;
pub mod embed;
pub mod ir;
pub mod opa;
pub mod order;
pub mod print;
pub(crate) mod ranges;
pub mod to_opa;
pub mod validate;
pub mod value;
pub mod visit;

pub use build::{PlanOptions, QUERY_ENTRYPOINT, build};
