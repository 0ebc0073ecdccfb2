//! Failures of builtins. A builtin that fails is undefined, and says why through [`raise`]; what becomes of that is not
//! its business: nothing, or with strict builtin errors an evaluation error.
//!
//! The message is kept in parts, so that a module without strict errors holds no code that puts it together.

use alloc::vec::Vec;

use crate::arena::TextBuilder;
use crate::format::quote;
use crate::{Tag, Value, display, number};

/// Why a builtin failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An operand is of a type or of a form that the builtin does not take: `eval_type_error`.
    Operand,
    /// Anything else: `eval_builtin_error`.
    Failure,
}

impl Kind {
    /// OPA's code for it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Operand => regoc_abi::errors::TYPE,
            Self::Failure => regoc_abi::errors::BUILTIN,
        }
    }
}

/// A part of a message.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// Words of the message.
    Text(&'a str),
    /// Words that may be no UTF-8.
    Bytes(&'a [u8]),
    /// Words in double quotes, escaped as Go does it.
    Quoted(&'a [u8]),
    /// A number.
    Number(i64),
    /// A value as OPA prints it inside of texts.
    Value(Value),
    /// The name of a value's type.
    TypeOf(Value),
}

/// A failure of a builtin.
#[derive(Clone, Copy, Debug)]
pub struct Error<'a> {
    /// What kind of failure it is.
    pub kind: Kind,
    /// The number of the operand that is to blame; the message begins with it.
    pub operand: Option<i64>,
    /// The message, without the builtin's name.
    pub parts: &'a [Part<'a>],
}

impl Error<'_> {
    /// The message as a string.
    #[must_use]
    pub fn message(&self) -> Value {
        // Values are written before the text is begun: nothing else may be made meanwhile.
        let rendered = self.parts.iter().map(|part| match part {
            Part::Value(value) => display(*value),
            Part::Quoted(words) => quote(words),
            _ => Vec::new(),
        });
        let rendered: Vec<Vec<u8>> = rendered.collect();
        let mut text = TextBuilder::new();
        if let Some(operand) = self.operand {
            text.extend(b"operand ");
            text.extend(number::Integer64::new(operand).bytes());
            text.push(b' ');
        }
        for (part, rendered) in self.parts.iter().zip(rendered) {
            match part {
                Part::Text(words) => text.extend(words.as_bytes()),
                Part::Bytes(words) => text.extend(words),
                Part::Number(value) => text.extend(number::Integer64::new(*value).bytes()),
                Part::Value(_) | Part::Quoted(_) => text.extend(&rendered),
                Part::TypeOf(value) => text.extend(type_name(*value).as_bytes()),
            }
        }
        text.finish()
    }
}

/// The name of a value's type, as `type_name` gives it.
#[must_use]
pub fn type_name(value: Value) -> &'static str {
    match value.tag() {
        Tag::Null => "null",
        Tag::Boolean => "boolean",
        Tag::Integer | Tag::Number => "number",
        Tag::String => "string",
        Tag::Array => "array",
        Tag::Object => "object",
        Tag::Set => "set",
    }
}

/// Says why a builtin fails. Returns undefined, which the builtin then returns.
#[cold]
pub fn raise(error: Error<'_>) -> Value {
    hook::raise(&error);
    Value::UNDEFINED
}

/// Fails with a message.
#[cold]
#[inline(never)]
pub fn fail(message: &str) -> Value {
    fail_with(&[Part::Text(message)])
}

/// Fails with a message of parts.
#[cold]
#[inline(never)]
pub fn fail_with(parts: &[Part<'_>]) -> Value {
    raise(Error { kind: Kind::Failure, operand: None, parts })
}

/// Fails because an operand (counted from 1) has the wrong type: `operand 1 must be … but got …`. In a module this does nothing unless
/// errors are noted.
#[cold]
pub fn operand_type(position: i64, got: Value, expected: &str) -> Value {
    hook::operand_type(position, got, expected)
}

/// Says that an operand has the wrong type: what [`operand_type`] does where errors are noted.
pub fn note_operand_type(position: i64, got: Value, expected: &str) -> Value {
    operand(position, &[Part::Text("must be "), Part::Text(expected), Part::Text(" but got "), Part::TypeOf(got)])
}

/// Fails because a collection that is an operand holds an element of the wrong type:
/// `operand 1 must be array of numbers but got array containing string`. `expected` is `numbers` or `(any of) {string, array}`.
#[cold]
#[inline(never)]
pub fn operand_element(position: i64, collection: Value, got: Value, expected: &str) -> Value {
    operand(
        position,
        &[
            Part::Text("must be "),
            Part::TypeOf(collection),
            Part::Text(" of "),
            Part::Text(expected),
            Part::Text(" but got "),
            Part::TypeOf(collection),
            Part::Text(" containing "),
            Part::TypeOf(got),
        ],
    )
}

/// Fails because of an operand (counted from 1): `operand 1 …`.
#[cold]
#[inline(never)]
pub fn operand(position: i64, parts: &[Part<'_>]) -> Value {
    raise(Error { kind: Kind::Operand, operand: Some(position), parts })
}

#[cfg(target_arch = "wasm32")]
mod hook {
    #![expect(unsafe_code, reason = "the linker decides what failures of builtins do")]

    use super::{Error, Value};

    #[link(wasm_import_module = "regoc")]
    unsafe extern "C" {
        /// `regoc_abi::runtime::BUILTIN_ERROR`.
        #[link_name = "builtin_error"]
        fn builtin_error(error: *const core::ffi::c_void);
        /// `regoc_abi::runtime::OPERAND_TYPE_IMPORT`.
        safe fn operand_type_error(position: i64, got: Value, expected: *const u8, len: usize) -> Value;
    }

    pub(super) fn operand_type(position: i64, got: Value, expected: &str) -> Value {
        operand_type_error(position, got, expected.as_ptr(), expected.len())
    }

    pub(super) fn raise(error: &Error<'_>) {
        // SAFETY: the function reads the error, if it does anything.
        unsafe { builtin_error(core::ptr::from_ref(error).cast()) }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod hook {
    use core::cell::RefCell;
    use std::vec::Vec;

    pub(super) use super::note_operand_type as operand_type;
    use super::{Error, Kind};

    std::thread_local! {
        static FIRST: RefCell<Option<(Kind, Vec<u8>)>> = const { RefCell::new(None) };
    }

    pub(super) fn raise(error: &Error<'_>) {
        let message = error.message().as_str().unwrap_or_default().to_vec();
        FIRST.with_borrow_mut(|first| _ = first.get_or_insert((error.kind, message)));
    }

    pub(super) fn take() -> Option<(Kind, Vec<u8>)> {
        FIRST.with_borrow_mut(Option::take)
    }
}

/// The first failure of this thread since the last call, with its message (without the builtin's name).
#[cfg(not(target_arch = "wasm32"))]
pub fn take() -> Option<(Kind, alloc::vec::Vec<u8>)> {
    hook::take()
}
