//! One export `builtin.<name>` for each builtin of `regoc-values`.

use regoc_values::{Value, builtins, for_each_builtin};

/// Exports a builtin in a block of its own, so that the functions of two builtins may have one name.
macro_rules! export {
    ($($name:literal => $module:ident :: $function:ident ( $($operand:ident),* );)*) => {
        $(
            const _: () = {
                #[unsafe(export_name = concat!("builtin.", $name))]
                extern "C" fn builtin($($operand: Value),*) -> Value {
                    builtins::$module::$function($($operand),*)
                }
            };
        )*
    };
}

for_each_builtin!(export);
