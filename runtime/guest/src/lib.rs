//! The library that is linked, function by function, into each module: OPA's wasm ABI, the functions that generated code
//! calls, and the builtins, all over `regoc-values`.
//!
//! Holds no meaning of its own beyond the ABI's calling conventions. It has no start function, formats nothing and never
//! unwinds: what goes wrong leaves through `opa_abort`. Natively the crate is empty.
#![cfg_attr(target_arch = "wasm32", no_std)]
#![cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "exports take addresses and value words from the host and from generated code")
)]

#[cfg(target_arch = "wasm32")]
mod builtins;
#[cfg(target_arch = "wasm32")]
mod conflicts;
#[cfg(target_arch = "wasm32")]
mod exports;
#[cfg(target_arch = "wasm32")]
mod imports;
#[cfg(target_arch = "wasm32")]
mod memory;
#[cfg(target_arch = "wasm32")]
mod runtime;
#[cfg(target_arch = "wasm32")]
mod strict;
