//! The time of a decision, for the builtins of this crate that need it without being given it. In a module it is the host's, asked
//! for under the name of the builtin `time.now_ns`; natively it is what a test has set.

/// The time, in nanoseconds since 1970-01-01 UTC, as a number; undefined when the host does not tell it.
#[cfg(target_arch = "wasm32")]
pub(crate) fn now_ns() -> crate::Value {
    host::now_ns()
}

#[cfg(target_arch = "wasm32")]
mod host {
    #![expect(unsafe_code, reason = "the linker supplies the function")]

    #[link(wasm_import_module = "regoc")]
    unsafe extern "C" {
        /// The host builtin `time.now_ns`.
        #[link_name = "host.time.now_ns"]
        pub(super) safe fn now_ns() -> crate::Value;
    }
}

#[cfg(not(target_arch = "wasm32"))]
std::thread_local! {
    static NOW_NS: core::cell::Cell<i64> = const { core::cell::Cell::new(0) };
}

/// The time of this thread.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn now_ns() -> crate::Value {
    crate::Value::integer(NOW_NS.get())
}

/// Sets the time of this thread, in nanoseconds since 1970-01-01 UTC; at first it is 0.
#[cfg(not(target_arch = "wasm32"))]
pub fn set_now_ns(now_ns: i64) {
    NOW_NS.set(now_ns);
}
