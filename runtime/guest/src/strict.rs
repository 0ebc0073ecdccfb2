//! Strict builtin errors: the first failure of a decision is noted, and raised when evaluation has ended.

use core::ffi::CStr;

use regoc_values::Value;
use regoc_values::arena::TextBuilder;
use regoc_values::error::Error;

use crate::imports::regoc_abort;

/// Where the builtin that runs was called: `FILE:ROW:COL: NAME`.
static mut SITE: &CStr = c"";

/// The message of the first failure, undefined if there was none.
static mut FIRST: Value = Value::UNDEFINED;

#[unsafe(export_name = "rt.call_site")]
unsafe extern "C" fn call_site(site: *const core::ffi::c_char) {
    // SAFETY: generated code passes a terminated text of the module's static data. A module has one thread.
    unsafe { SITE = CStr::from_ptr(site) };
}

#[unsafe(export_name = "rt.strict_error")]
unsafe extern "C" fn strict_error(error: *const Error<'_>) {
    // SAFETY: builtins pass a failure that lives until this returns. A module has one thread.
    let (first, site, error) = unsafe { (FIRST, SITE, &*error) };
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

#[unsafe(export_name = "rt.strict_check")]
extern "C" fn strict_check() {
    // SAFETY: a module has one thread.
    let first = unsafe { FIRST };
    // SAFETY: as above. The next decision begins without a failure.
    unsafe { FIRST = Value::UNDEFINED };
    if let Some(message) = first.as_str() {
        regoc_abort(message.as_ptr());
    }
}
