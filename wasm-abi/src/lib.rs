//! The contract: what a module that regoc builds looks like from outside, and what the generated code and the
//! guest library agree on.
//!
//! The compiler, the guest library and every host read the same tables here, so a name, a signature, a tag or an
//! offset is written once. The exports and imports are OPA's wasm ABI, version 1.3
//! (<https://www.openpolicyagent.org/docs/wasm>); the value layout and the `rt.*` functions are regoc's own.
//!
//! This crate has no dependency, allocates nothing and holds no logic beyond looking a row up, and a hash.
#![no_std]

pub mod builtins;
pub mod errors;
pub mod exports;
pub mod http;
pub mod imports;
pub mod layout;
pub mod runtime;
pub mod sections;
pub mod strings;

/// The major version of OPA's wasm ABI, exported as the global `opa_wasm_abi_version`.
pub const ABI_VERSION: i32 = 1;

/// The minor version of OPA's wasm ABI, exported as the global `opa_wasm_abi_minor_version`.
pub const ABI_MINOR_VERSION: i32 = 3;

/// The name of the global that holds [`ABI_VERSION`].
pub const ABI_VERSION_GLOBAL: &str = "opa_wasm_abi_version";

/// The name of the global that holds [`ABI_MINOR_VERSION`].
pub const ABI_MINOR_VERSION_GLOBAL: &str = "opa_wasm_abi_minor_version";

/// A wasm value type as it occurs in this contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// A 32-bit integer: a value word, an address, a length or a flag.
    I32,
    /// A 64-bit integer.
    I64,
}

/// One function of the contract: its name and its wasm signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// The name under which it is imported or exported.
    pub name: &'static str,
    /// The types of the parameters, in order.
    pub params: &'static [ValueType],
    /// The type of the result, if there is one.
    pub result: Option<ValueType>,
}
