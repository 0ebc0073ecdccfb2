//! The exports of OPA's wasm ABI 1.3 (`regoc_abi::exports`), but for `builtins` and `entrypoints`, which the compiler makes.

use core::slice;

use regoc_values::{Grammar, Value, arena, json, path, syntax};

use crate::imports::{abort, evaluate, forget_indexes, index_document};
use crate::memory;

/// What a host hands to `eval`.
pub(crate) struct Context {
    entrypoint: i32,
    input: Value,
    data: Value,
    result: Value,
}

/// The formats of `opa_eval`.
const FORMAT_JSON: i32 = 0;

#[unsafe(export_name = "opa_eval_ctx_new")]
extern "C" fn context_new() -> *mut Context {
    memory::host_allocates();
    let context: *mut Context = arena::allocate(size_of::<Context>()).cast();
    let empty = Context { entrypoint: 0, input: Value::UNDEFINED, data: Value::UNDEFINED, result: Value::UNDEFINED };
    // SAFETY: the arena gives memory that nothing else uses.
    unsafe { context.write(empty) };
    memory::note_made(context as usize);
    context
}

// SAFETY (of every function with a context): the host passes what `opa_eval_ctx_new` gave it, as the ABI says.

#[unsafe(export_name = "opa_eval_ctx_set_input")]
extern "C" fn context_set_input(context: *mut Context, input: Value) {
    memory::check_live(context as usize);
    memory::check_live(input.to_word());
    // SAFETY: see above.
    unsafe { (*context).input = input };
}

#[unsafe(export_name = "opa_eval_ctx_set_data")]
extern "C" fn context_set_data(context: *mut Context, data: Value) {
    memory::check_live(context as usize);
    memory::keep_data(data.to_word());
    // SAFETY: see above.
    unsafe { (*context).data = data };
}

#[unsafe(export_name = "opa_eval_ctx_set_entrypoint")]
extern "C" fn context_set_entrypoint(context: *mut Context, entrypoint: i32) {
    // SAFETY: see above.
    unsafe { (*context).entrypoint = entrypoint };
}

#[unsafe(export_name = "opa_eval_ctx_get_result")]
extern "C" fn context_result(context: *mut Context) -> Value {
    // SAFETY: see above.
    unsafe { (*context).result }
}

#[unsafe(export_name = "eval")]
extern "C" fn eval(context: *mut Context) -> i32 {
    memory::begin_evaluation();
    // SAFETY: see above.
    let context = unsafe { &mut *context };
    context.result = evaluate(context.entrypoint, context.input, context.data);
    memory::end_evaluation();
    0
}

#[unsafe(export_name = "opa_eval")]
extern "C" fn opa_eval(
    reserved: i32,
    entrypoint: i32,
    data: Value,
    input: *mut u8,
    len: usize,
    heap: usize,
    format: i32,
) -> *const u8 {
    if reserved != 0 {
        abort(c"invalid reserved argument");
    }
    memory::begin_call(heap, data.to_word());
    let input = if len == 0 { Value::UNDEFINED } else { parse(input, len, Grammar::Input) };
    if input.is_undefined() && len != 0 {
        abort(c"opa_eval: malformed input");
    }
    let result = evaluate(entrypoint, input, data);
    let text = if format == FORMAT_JSON { json::write(result) } else { syntax::write(result) };
    memory::end_call();
    text.as_ptr()
}

#[unsafe(export_name = "opa_malloc")]
extern "C" fn malloc(size: usize) -> *mut u8 {
    memory::host_allocates();
    // One byte more, so that a text that fills the block can be terminated where it is.
    arena::allocate(size.wrapping_add(1).max(size))
}

/// Nothing is freed one by one.
#[unsafe(export_name = "opa_free")]
extern "C" fn free(_block: *mut u8) {}

/// Nothing is freed one by one.
#[unsafe(export_name = "opa_value_free")]
extern "C" fn value_free(_value: Value) {}

#[unsafe(export_name = "opa_json_parse")]
extern "C" fn json_parse(text: *mut u8, len: usize) -> Value {
    parse_for_host(text, len, Grammar::Json)
}

#[unsafe(export_name = "opa_value_parse")]
extern "C" fn value_parse(text: *mut u8, len: usize) -> Value {
    parse_for_host(text, len, Grammar::Syntax)
}

#[inline(never)]
fn parse_for_host(text: *mut u8, len: usize, grammar: Grammar) -> Value {
    memory::host_parses(text as usize + len);
    let value = parse(text, len, grammar);
    index_document(value);
    memory::note_made(value.to_word());
    value
}

/// Reads a text of the host's, undefined if it is malformed. It is terminated where it lies for that time.
#[inline(never)]
fn parse(text: *mut u8, len: usize, grammar: Grammar) -> Value {
    let end = text.wrapping_add(len);
    memory::lift_above(end as usize);
    // SAFETY: the host's text, and the byte behind it is memory now. What is behind may be another text of the host's.
    unsafe {
        let behind = end.read();
        end.write(0);
        let text = slice::from_raw_parts(text, len);
        let parsed = grammar.parse_terminated(text);
        end.write(behind);
        parsed
    }
}

#[unsafe(export_name = "opa_json_dump")]
extern "C" fn json_dump(value: Value) -> *const u8 {
    memory::host_dumps();
    json::write(value).as_ptr()
}

#[unsafe(export_name = "opa_value_dump")]
extern "C" fn value_dump(value: Value) -> *const u8 {
    memory::host_dumps();
    syntax::write(value).as_ptr()
}

#[unsafe(export_name = "opa_heap_ptr_get")]
extern "C" fn heap_ptr_get() -> usize {
    memory::host_marks()
}

#[unsafe(export_name = "opa_heap_ptr_set")]
extern "C" fn heap_ptr_set(address: usize) {
    memory::host_resets(address);
}

#[unsafe(export_name = "opa_value_add_path")]
extern "C" fn value_add_path(document: Value, path: Value, value: Value) -> i32 {
    forget_indexes(0);
    let code = path::add(document, path, value);
    memory::keep_all();
    code
}

#[unsafe(export_name = "opa_value_remove_path")]
extern "C" fn value_remove_path(document: Value, path: Value) -> i32 {
    forget_indexes(0);
    path::remove(document, path)
}

/// There are no free blocks to put aside.
#[unsafe(export_name = "opa_heap_blocks_stash")]
extern "C" fn heap_blocks_stash() {}

/// There are no free blocks to put back.
#[unsafe(export_name = "opa_heap_blocks_restore")]
extern "C" fn heap_blocks_restore() {}

/// There are no free blocks to drop.
#[unsafe(export_name = "opa_heap_stash_clear")]
extern "C" fn heap_stash_clear() {}
