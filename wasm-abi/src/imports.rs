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
/// context is 0, or the address of a NUL-terminated text that says where the call is, for hosts that know of it: `FILE:ROW:COL: NAME`, and where
/// the file has no name, the text of the call behind a newline. It is given with strict builtin errors, and to [`TELLS_PLACE`]. A result of 0 is
/// undefined.
pub const BUILTINS: [Function; 5] = [
    Function { name: "opa_builtin0", params: &[I32, I32], result: Some(I32) },
    Function { name: "opa_builtin1", params: &[I32, I32, I32], result: Some(I32) },
    Function { name: "opa_builtin2", params: &[I32, I32, I32, I32], result: Some(I32) },
    Function { name: "opa_builtin3", params: &[I32, I32, I32, I32, I32], result: Some(I32) },
    Function { name: "opa_builtin4", params: &[I32, I32, I32, I32, I32, I32], result: Some(I32) },
];

/// The host builtin whose answer may hold the place of its call: with `raise_error` switched off it tells errors, and these have places.
pub const TELLS_PLACE: &str = "http.send";
