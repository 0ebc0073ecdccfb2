//! Conflicts between rules: the first one is noted, the rules that are left are evaluated, and then it is raised (`regoc_values::conflict`).
//!
//! As no rule reaches itself, a conflict of another document while one is noted is one that the rules that are left came upon: the noted one
//! is raised then, with what is known of it.

use core::ffi::{CStr, c_char};

use regoc_values::conflict::Conflict;
use regoc_values::{Value, module_words};

use crate::imports::regoc_abort;

module_words! {
    /// The document whose conflict is noted: the address of its [`Document`], or 0.
    noted: *const Document = "conflict.get", set_noted = "conflict.set";
    /// The conflict, as [`Conflict::to_value`].
    conflict: usize = "conflict_values.get", set_conflict = "conflict_values.set";
}

/// A complete rule or a function of the policy, as generated code describes it in static data.
#[repr(C)]
struct Document {
    /// The number of the place of the rule that gave its value last, for as long as it may be asked for.
    first_place: usize,
    /// The beginning of a terminated text: what is wrong, and the places of the rules, each on its line.
    about: c_char,
}

/// Generated code notes that a rule gave another value than the first.
#[unsafe(export_name = "rt.conflict")]
unsafe extern "C" fn conflict_found(document: *const Document, place: usize, first: Value, value: Value) {
    if noted().is_null() {
        set_noted(document);
        // SAFETY: generated code passes the description of a document.
        let first_place = unsafe { (*document).first_place };
        set_conflict(Conflict::new((first_place, first), (place, value)).to_value().to_word());
    } else if noted() != document || !known().is_some_and(|known| known.add(place, value)) {
        raise(noted() == document);
    }
}

/// The rules of a document were evaluated.
#[unsafe(export_name = "rt.conflict_end")]
extern "C" fn conflict_end(document: *const Document) {
    if noted() == document {
        raise(false);
    }
}

/// Something else goes wrong: a conflict that was noted before comes first.
#[unsafe(export_name = "rt.conflict_first")]
extern "C" fn conflict_first() {
    if !noted().is_null() {
        raise(false);
    }
}

/// A decision begins. One that was ended from outside may have left a conflict.
#[unsafe(export_name = "rt.conflict_forget")]
extern "C" fn conflict_forget() {
    set_noted(core::ptr::null());
}

fn known() -> Option<Conflict> {
    // SAFETY: the word is that of a value which this decision has made.
    Conflict::from_value(unsafe { Value::from_word(conflict()) })
}

#[inline(never)]
fn raise(is_full: bool) {
    // SAFETY: what is noted is the description of a document, whose text is terminated.
    let about = unsafe { CStr::from_ptr(&raw const (*noted()).about) };
    let message = known().map(|known| known.message(about.to_bytes(), is_full));
    conflict_forget();
    if let Some(text) = message.and_then(Value::as_str) {
        regoc_abort(text.as_ptr());
    }
}

/// Ends the decision with a terminated text.
#[unsafe(export_name = "rt.abort")]
extern "C" fn abort(message: *const u8) -> ! {
    regoc_abort(message)
}
