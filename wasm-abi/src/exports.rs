//! The functions that every module exports: OPA's wasm ABI 1.0 to 1.3 (<https://www.openpolicyagent.org/docs/wasm>).
//!
//! All addresses are offsets into the module's linear memory, all values are words as [`crate::layout`] has them.

use crate::Function;
use crate::ValueType::I32;

const fn function(name: &'static str, params: &'static [crate::ValueType], result: bool) -> Function {
    Function { name, params, result: if result { Some(I32) } else { None } }
}

/// The exported memory's name.
pub const MEMORY: &str = "memory";

/// Every exported function of the ABI, in the order in which modules export them.
pub const EXPORTS: &[Function] = &[
    function("eval", &[I32], true),
    function("builtins", &[], true),
    function("entrypoints", &[], true),
    function("opa_eval", &[I32, I32, I32, I32, I32, I32, I32], true),
    function("opa_eval_ctx_new", &[], true),
    function("opa_eval_ctx_set_input", &[I32, I32], false),
    function("opa_eval_ctx_set_data", &[I32, I32], false),
    function("opa_eval_ctx_set_entrypoint", &[I32, I32], false),
    function("opa_eval_ctx_get_result", &[I32], true),
    function("opa_malloc", &[I32], true),
    function("opa_free", &[I32], false),
    function("opa_json_parse", &[I32, I32], true),
    function("opa_value_parse", &[I32, I32], true),
    function("opa_json_dump", &[I32], true),
    function("opa_value_dump", &[I32], true),
    function("opa_heap_ptr_get", &[], true),
    function("opa_heap_ptr_set", &[I32], false),
    function("opa_value_add_path", &[I32, I32, I32], true),
    function("opa_value_remove_path", &[I32, I32], true),
    function("opa_value_free", &[I32], false),
    function("opa_heap_blocks_stash", &[], false),
    function("opa_heap_blocks_restore", &[], false),
    function("opa_heap_stash_clear", &[], false),
];

/// What a module exports besides where it has indexes of base data, for hosts that keep data ready in its memory: the word that says where
/// the youngest index is ([`crate::layout::BASE_INDEX_SIZE`]), a global that can be written.
pub const BASE_INDEX_GLOBAL: &str = "regoc_base_index";

/// The function beside [`BASE_INDEX_GLOBAL`]: builds the indexes of a document.
pub const INDEX_DOCUMENT: Function = function("regoc_index_document", &[I32], false);

/// What a module exports besides where it has a table of its constant strings ([`crate::runtime::STRINGS_MASK`]): its address. Whoever changes
/// the table or its hash ([`crate::strings`]) gives it another name: to a host, a table that it does not know is none.
pub const STRINGS: Function = function("regoc_strings", &[], true);
