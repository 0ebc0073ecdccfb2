//! What comes from outside: `opa_abort` from the host, the policy from the linker.

use core::ffi::CStr;
use core::panic::PanicInfo;

use regoc_values::Value;
use regoc_values::arena::Bump;

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn opa_abort(message: *const u8);
}

#[link(wasm_import_module = "regoc")]
unsafe extern "C" {
    /// `regoc_abi::runtime::POLICY_EVAL`
    safe fn policy_eval(entrypoint: i32, input: Value, data: Value) -> Value;
    /// `regoc_abi::runtime::INDEXES`
    pub(crate) safe fn indexes() -> Value;
    /// `regoc_abi::runtime::SHAPES`
    pub(crate) safe fn shapes() -> Value;
    /// `regoc_abi::runtime::INDEX_DOCUMENT_IMPORT`
    pub(crate) safe fn index_document(document: Value);
    /// `regoc_abi::runtime::FORGET_INDEXES_IMPORT`
    pub(crate) safe fn forget_indexes(address: usize);
}

#[global_allocator]
static ALLOCATOR: Bump = Bump;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    abort(c"eval_internal_error: the module panicked")
}

/// The abort of `regoc-values`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn regoc_abort(message: *const u8) -> ! {
    // SAFETY: the message is terminated.
    unsafe { opa_abort(message) };
    // A host that returns from `opa_abort` breaks the ABI.
    core::arch::wasm32::unreachable()
}

/// Ends the call with a message.
#[cold]
pub(crate) fn abort(message: &'static CStr) -> ! {
    regoc_abort(message.as_ptr().cast())
}

/// The result set of an entrypoint.
pub(crate) fn evaluate(entrypoint: i32, input: Value, data: Value) -> Value {
    policy_eval(entrypoint, input, data)
}
