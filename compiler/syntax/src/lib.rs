//! Rego's text to its tree and back: what the compiler reads policies with, and what answers `rego.parse_module` inside a module.
//!
//! The crate is compiled natively, as the first phase of the compiler, and to wasm32, where a module that asks for it carries it along.
//! Pure: texts come in through [`source::SourceSet`], trees or diagnostics come out. May not know of values or of what names mean.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod capabilities;
pub mod diagnostic;
pub mod index;
pub mod source;
pub mod syntax;
