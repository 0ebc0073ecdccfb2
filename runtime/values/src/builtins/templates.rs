//! Templates of Go: `strings.render_template`. What a template is and does is in [`crate::template`].

use alloc::vec::Vec;

use super::operand;
use crate::error::{self, Part};
use crate::template::{NO_VALUE, render};
use crate::{Value, display};

/// `strings.render_template(template, data)`
#[must_use]
pub fn render_template(template: Value, data: Value) -> Value {
    let Some(text) = operand::string(1, template) else { return Value::UNDEFINED };
    let Some(data) = operand::object(2, data) else { return Value::UNDEFINED };
    // OPA reads the data again from their text, which is no JSON where they hold sets, keys that are no strings, or strings with
    // characters that Go escapes otherwise than JSON.
    let data = super::json::read("", Value::string(&display(data.into())));
    let Some(data) = data.as_object() else { return Value::UNDEFINED };
    match render(text, data) {
        Ok(text) => Value::string(&with_undefined(&text)),
        Err(message) => error::fail_with(&[Part::Bytes(&message)]),
    }
}

/// The text with OPA's word for what is not there.
fn with_undefined(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        match rest.strip_prefix(NO_VALUE) {
            Some(behind) => {
                out.extend_from_slice(b"<undefined>");
                rest = behind;
            }
            None => {
                out.push(*first);
                rest = behind;
            }
        }
    }
    out
}
