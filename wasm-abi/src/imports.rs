//! What a module may import from its host, all under the module name `env`.
//!
//! A module imports only what it uses: a policy without host builtins needs `memory` and `opa_abort` alone.

use crate::Function;
use crate::ValueType::I32;

/// The module name of all imports.
pub const MODULE: &str = "env";

/// The imported memory's name. Its minimum is what the static data needs, it has no maximum.
pub const MEMORY: &str = "memory";

/// `opa_abort(message)`: a NUL-terminated text; the host must not return to the module.
pub const ABORT: Function = Function { name: "opa_abort", params: &[I32], result: None };

/// `opa_builtin0..4(id, context, arguments…)`: calls the host builtin of that id (see the export `builtins`). The
/// context is 0, or in a module with strict builtin errors the address of the place and the name of the call, a NUL-terminated text
/// `FILE:ROW:COL: NAME`; a result of 0 is undefined.
pub const BUILTINS: [Function; 5] = [
    Function { name: "opa_builtin0", params: &[I32, I32], result: Some(I32) },
    Function { name: "opa_builtin1", params: &[I32, I32, I32], result: Some(I32) },
    Function { name: "opa_builtin2", params: &[I32, I32, I32, I32], result: Some(I32) },
    Function { name: "opa_builtin3", params: &[I32, I32, I32, I32, I32], result: Some(I32) },
    Function { name: "opa_builtin4", params: &[I32, I32, I32, I32, I32, I32], result: Some(I32) },
];
