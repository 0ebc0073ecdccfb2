//! Words that exist once: in a module globals, which the linker makes (`regoc_abi::runtime::GLOBAL_MODULE`), natively one of each
//! thread. In a module, reading or writing one takes two bytes of code and no address.

/// Declares functions that read and write words that exist once. All begin as 0.
///
/// ```ignore
/// module_words! {
///     /// How many there are.
///     count: usize = "count.get", set_count = "count.set";
/// }
/// ```
#[cfg(target_arch = "wasm32")]
#[macro_export]
macro_rules! module_words {
    ($($(#[$doc:meta])* $get:ident: $type:ty = $read:literal, $set:ident = $write:literal;)*) => {
        #[link(wasm_import_module = "regoc.global")]
        unsafe extern "C" {
            $(
                $(#[$doc])*
                #[link_name = $read]
                pub(crate) safe fn $get() -> $type;
                #[link_name = $write]
                pub(crate) safe fn $set(value: $type);
            )*
        }
    };
}

/// Declares functions that read and write words that exist once for each thread. All begin as 0.
#[cfg(not(target_arch = "wasm32"))]
#[macro_export]
macro_rules! module_words {
    ($($(#[$doc:meta])* $get:ident: $type:ty = $read:literal, $set:ident = $write:literal;)*) => {
        mod words {
            std::thread_local! {
                $(#[expect(non_upper_case_globals, reason = "named as its function")]
                pub(super) static $get: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };)*
            }
        }
        $(
            $(#[$doc])*
            pub(crate) fn $get() -> $type {
                words::$get.get() as $type
            }

            pub(crate) fn $set(value: $type) {
                words::$get.set(value as usize);
            }
        )*
    };
}
