//! From the resolved tree to the plan.
//!
//! Knows Rego's meaning, but nothing of wasm: offsets, bytes and value words are `codegen`'s.

pub mod ir;
