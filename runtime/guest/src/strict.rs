//! Strict builtin errors: the first failure of a decision is noted, and raised when evaluation has ended.

use core::ffi::{CStr, c_char};
use core::slice;

use regoc_values::Value;
use regoc_values::arena::TextBuilder;
use regoc_values::error::{Error, note_operand_type};

use crate::imports::regoc_abort;

/// Where the builtin that runs was called: `FILE:ROW:COL: NAME`.
static mut SITE: *const c_char = c"".as_ptr();

/// The message of the first failure, undefined if there was none.
static mut FIRST: Value = Value::UNDEFINED;

#[unsafe(export_name = "rt.call_site")]
extern "C" fn call_site(site: *const c_char) {
    // SAFETY: a module has one thread.
    unsafe { SITE = site };
}

/// Notes a failure if it is the first one. Null forgets what was noted: a decision begins.
#[unsafe(export_name = "rt.strict_error")]
unsafe extern "C" fn strict_error(error: *const Error<'_>) {
    // SAFETY: a builtin passes a failure that lives until this returns; generated code passes null. A module has one thread.
    let Some(error) = (unsafe { error.as_ref() }) else {
        // SAFETY: as above.
        unsafe { FIRST = Value::UNDEFINED };
        return;
    };
    // SAFETY: generated code notes terminated texts of the module's static data.
    let (first, site) = unsafe { (FIRST, CStr::from_ptr(SITE)) };
    if !first.is_undefined() {
        return;
    }
    // `FILE:ROW:COL: CODE: NAME: MESSAGE`
    let message = error.message();
    let site = site.to_bytes();
    let name = site.iter().rposition(|byte| *byte == b' ').map_or(0, |space| space + 1);
    let (place, name) = site.split_at(name);
    let mut text = TextBuilder::new();
    text.extend(place);
    text.extend(error.kind.code().as_bytes());
    text.extend(b": ");
    text.extend(name);
    text.extend(b": ");
    text.extend(message.as_str().unwrap_or_default());
    // SAFETY: a module has one thread.
    unsafe { FIRST = text.finish() };
}

#[unsafe(export_name = "rt.operand_type_error")]
unsafe extern "C" fn operand_type_error(position: i64, got: Value, expected: *const u8, len: usize) -> Value {
    // SAFETY: a builtin passes a text of its own, which is UTF-8.
    let expected = unsafe { str::from_utf8_unchecked(slice::from_raw_parts(expected, len)) };
    note_operand_type(position, got, expected)
}

#[unsafe(export_name = "rt.strict_check")]
extern "C" fn strict_check() {
    // SAFETY: a module has one thread.
    let first = unsafe { FIRST };
    if let Some(message) = first.as_str() {
        regoc_abort(message.as_ptr());
    }
}
