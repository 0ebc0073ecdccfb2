//! What a Rego value is, and what every builtin does.
//!
//! The crate is compiled twice: to wasm32, where it is linked function by function into each policy module, and natively,
//! where the compiler folds constants with it and where the tests run. It holds no policy and knows no host; the time, for
//! the one builtin that needs it without being given it, comes from outside ([`clock`]).
//!
//! # Values
//! - [`Value`] is one tagged machine word (see [`regoc_abi::layout`]): small integers, `null` and booleans lie inside,
//!   everything else is an address in the arena. The word 0 is [`Value::UNDEFINED`].
//! - [`Array`], [`Object`] and [`Set`] are typed, copyable handles to the same words: [`Value::as_array`] and its
//!   siblings give them, [`Array::new`] and its siblings make new collections, `From` turns them back into values.
//! - Strings are bytes, usually UTF-8, as in OPA.
//! - [`compare`] and [`equal`] are OPA's order and equality of values; numbers compare by their exact value.
//!
//! # Memory
//! Everything lives in [`arena`]: nothing is ever freed but by [`arena::reset`], which is `unsafe` because all handles
//! made after the mark go stale. That is what lets handles be `Copy` and texts be `&'static [u8]`.
//! Values of two threads do not mix: [`Value`] is neither `Send` nor `Sync`.
//!
//! # Texts
//! - [`json::parse`] and [`json::write`]: JSON as OPA reads input and as its wasm modules print results.
//! - [`syntax::parse`] and [`syntax::write`]: the same with sets (`{1,2}`, `set()`) and keys of any type.
//!
//! # Operations
//! - [`rt`]: what generated code calls (`regoc_abi::runtime`), as plain functions.
//! - [`path`]: `opa_value_add_path` and `opa_value_remove_path`.
//! - [`builtins`]: every builtin, each a function of values to a value, undefined when it fails; [`error`] says how
//!   failures are noted. [`builtins::call`] finds one by its name, and [`for_each_builtin!`] lists them all.
//! - [`number`]: arithmetic as OPA does it.
#![no_std]

extern crate alloc;
#[cfg(any(test, not(target_arch = "wasm32")))]
extern crate std;

pub mod arena;
mod array;
pub mod builtins;
pub mod clock;
mod compare;
pub mod conflict;
mod display;
pub mod error;
pub mod format;
pub mod glob;
pub mod glob_intersection;
mod graphql;
pub mod interned;
pub mod json;
mod jwt;
mod keyed;
mod keys;
pub mod number;
mod object;
mod parser;
pub mod path;
mod raw;
pub mod regex;
mod rego;
pub mod rt;
pub mod scan_index;
pub mod schema;
mod set;
mod shaped;
pub mod syntax;
mod template;
mod time;
pub mod unicode;
pub mod uri;
pub mod utf8;
mod value;
mod words;
mod writer;
mod x509;
pub mod yaml;

pub use array::Array;
pub use compare::{compare, equal, equal_often};
pub use display::display;
pub use keys::pem;
pub use object::Object;
pub use parser::{Error, ErrorKind, Grammar};
pub use regoc_abi::layout::Tag;
pub use set::Set;
pub use value::Value;
#[cfg(not(target_arch = "wasm32"))]
pub use x509::verify_signature;
