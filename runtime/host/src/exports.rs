//! One typed wrapper for each function of OPA's wasm ABI that a host calls.
//!
//! Names come from the signatures in [`regoc_abi::exports`]; a test holds the two together. Nothing outside this file
//! calls a module by a bare name or a bare number.

use wasmtime::{AsContextMut, Instance, TypedFunc};

use crate::address::{ContextAddress, EntrypointId, HeapPointer, TextAddress, ValueAddress, Word};
use crate::error::{Error, ErrorKind};

/// The type of a word as it travels; the tuple of parameters has one for each.
macro_rules! raw {
    () => {
        ()
    };
    ($type:ty) => {
        i32
    };
}

macro_rules! result {
    ($result:expr) => {{
        let () = $result?;
        Ok(())
    }};
    ($result:expr, $type:ty) => {
        Ok(<$type as Word>::from_raw($result?))
    };
}

macro_rules! exports {
    ($($(#[$meta:meta])* $export:literal => $method:ident($($argument:ident: $type:ty),*) $(-> $returned:ty)?;)*) => {
        /// The functions of one instance.
        #[derive(Clone)]
        pub(crate) struct Exports {
            $($method: Option<TypedFunc<($(raw!($type),)*), raw!($($returned)?)>>,)*
        }

        impl Exports {
            /// The names of the functions that are wrapped here.
            #[cfg(test)]
            pub(crate) const NAMES: &[(&str, usize)] = &[$(($export, (&[$(stringify!($argument)),*] as &[&str]).len()),)*];

            /// Looks up the functions of an instance. A function that the instance lacks is an error only when it is called: older versions
            /// of the ABI have fewer.
            ///
            /// # Errors
            ///
            /// When a function has another signature than the ABI gives it.
            pub(crate) fn new(mut store: impl AsContextMut, instance: &Instance) -> Result<Self, Error> {
                Ok(Self {$(
                    $method: match instance.get_func(&mut store, $export) {
                        None => None,
                        Some(function) => Some(function.typed(&store).map_err(|_| {
                            Error::new(
                                ErrorKind::InvalidModule,
                                concat!("the export `", $export, "` does not have the signature of OPA's wasm ABI"),
                            )
                        })?),
                    },
                )*})
            }

            $(
                $(#[$meta])*
                pub(crate) fn $method(&self, store: impl AsContextMut $(, $argument: $type)*) -> wasmtime::Result<wrapped!($($returned)?)> {
                    let Some(function) = &self.$method else {
                        return Err(wasmtime::Error::msg(concat!("the module does not export `", $export, "`")));
                    };
                    result!(function.call(store, ($($argument.into_raw(),)*)) $(, $returned)?)
                }
            )*
        }
    };
}

macro_rules! wrapped {
    () => {
        ()
    };
    ($type:ty) => {
        $type
    };
}

exports! {
    /// Evaluates in one call (ABI 1.2). `reserved` must be 0; the input is the text at an address; the result is text.
    #[expect(clippy::too_many_arguments, reason = "these are the parameters that the ABI gives it")]
    "opa_eval" => evaluate(reserved: u32, entrypoint: EntrypointId, data: ValueAddress, input: TextAddress, length: u32, heap: HeapPointer, format: u32) -> TextAddress;
    /// Evaluates what a context says. Always returns 0.
    "eval" => evaluate_context(context: ContextAddress) -> u32;
    /// A new context: no input, no data, entrypoint 0.
    "opa_eval_ctx_new" => context_new() -> ContextAddress;
    /// Sets a context's input.
    "opa_eval_ctx_set_input" => context_set_input(context: ContextAddress, input: ValueAddress);
    /// Sets a context's data.
    "opa_eval_ctx_set_data" => context_set_data(context: ContextAddress, data: ValueAddress);
    /// Sets a context's entrypoint.
    "opa_eval_ctx_set_entrypoint" => context_set_entrypoint(context: ContextAddress, entrypoint: EntrypointId);
    /// The result set of a context that was evaluated.
    "opa_eval_ctx_get_result" => context_result(context: ContextAddress) -> ValueAddress;
    /// The object from names of host builtins to their numbers.
    "builtins" => builtins() -> ValueAddress;
    /// The object from names of entrypoints to their numbers.
    "entrypoints" => entrypoints() -> ValueAddress;
    /// Allocates bytes.
    "opa_malloc" => malloc(size: u32) -> TextAddress;
    /// Frees what `opa_malloc` returned.
    "opa_free" => free(address: TextAddress);
    /// Parses JSON; 0 when the text is not JSON.
    "opa_json_parse" => json_parse(address: TextAddress, length: u32) -> ValueAddress;
    /// Parses value syntax (JSON, sets, keys of any type); 0 when the text is neither.
    "opa_value_parse" => value_parse(address: TextAddress, length: u32) -> ValueAddress;
    /// Writes a value as JSON.
    "opa_json_dump" => json_dump(value: ValueAddress) -> TextAddress;
    /// Writes a value in value syntax.
    "opa_value_dump" => value_dump(value: ValueAddress) -> TextAddress;
    /// The end of the heap in use.
    "opa_heap_ptr_get" => heap_pointer() -> HeapPointer;
    /// Puts a value at a path (an array of strings) of a document; 0, or a code of what is wrong.
    "opa_value_add_path" => add_path(document: ValueAddress, path: ValueAddress, value: ValueAddress) -> u32;
    /// Takes away what lies at a path of a document; as `opa_value_add_path`.
    "opa_value_remove_path" => remove_path(document: ValueAddress, path: ValueAddress) -> u32;
    /// Gives back everything from an address on.
    "opa_heap_ptr_set" => set_heap_pointer(pointer: HeapPointer);
}

#[cfg(test)]
mod tests {
    use super::Exports;

    #[test]
    fn the_wrappers_agree_with_the_contract() {
        for (name, parameters) in Exports::NAMES {
            let function = regoc_abi::exports::EXPORTS.iter().find(|function| function.name == *name);
            assert_eq!(function.map(|function| function.params.len()), Some(*parameters), "{name}");
        }
    }
}
