//! Go's `text/template` as OPA runs it over objects: every action, function, option and message of <https://pkg.go.dev/text/template>, but
//! no methods and no functions in the data, where there are none. Knows of values of Rego what it reads, and writes nothing but text.
//!
//! A text becomes tokens (`lexer`), a tree (`parser`, `pipeline`, `tree`) and, over data, a text (`exec`, `evaluate`). Nothing here recurses as deep as a text is
//! nested, save for parentheses, which are limited.

mod call;
mod constant;
mod escape;
mod evaluate;
mod exec;
mod function;
mod lexer;
mod parser;
mod pipeline;
mod print;
#[cfg(test)]
mod tests;
mod tree;
mod value;

use alloc::vec::Vec;

use crate::Object;

/// What an action prints for a key that is not there.
pub(crate) const NO_VALUE: &[u8] = b"<no value>";

/// The text that a template makes of data, which is what JSON can hold.
///
/// # Errors
/// Go's message when the text is no template, or when it cannot be run over these data.
pub(crate) fn render(text: &'static [u8], data: Object) -> Result<Vec<u8>, Vec<u8>> {
    exec::execute(&parser::parse(text)?, data)
}
