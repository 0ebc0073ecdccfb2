//! Every builtin that a module answers itself: one file per category of OPA's, and one table.
//!
//! A builtin is a function of values, none of them undefined, to a value, undefined when the call is undefined or fails
//! ([`crate::error`] says why it failed). Its operands may be of any type: the compiler cannot check them all.
//!
//! [`crate::for_each_builtin!`] is the table; [`call`] and the guest crate's exports are made from it.

pub mod aggregates;
pub mod arrays;
pub mod aws;
pub mod bits;
pub mod casts;
pub mod certificates;
pub mod comparison;
pub mod digests;
pub mod encoding;
pub mod graph;
pub mod graphql;
pub mod json;
pub mod key_pairs;
pub mod networks;
pub mod numbers;
pub mod objects;
pub(crate) mod operand;
pub mod patch;
pub mod paths;
pub mod private_keys;
pub mod regex;
pub mod rego;
pub mod schemas;
pub mod semver;
pub mod sets;
pub mod sprintf;
pub mod strings;
mod table;
pub mod templates;
pub mod times;
pub mod tokens;
pub mod types;
pub mod units;
pub mod uris;
pub mod uuids;

use crate::Value;

macro_rules! dispatch {
    ($($name:literal => $module:ident :: $function:ident ( $($operand:ident),* );)*) => {
        /// Calls a builtin by its name in Rego. `None` when there is none of that name or it takes another number of operands.
        #[must_use]
        pub fn call(name: &str, operands: &[Value]) -> Option<Value> {
            match (name, operands) {
                $(($name, &[$($operand),*]) => Some($module::$function($($operand),*)),)*
                _ => None,
            }
        }
    };
}

crate::for_each_builtin!(dispatch);
