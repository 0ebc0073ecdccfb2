//! The codes of evaluation errors, as OPA has them (`v1/topdown/errors.go`), and the form of an abort message.
//!
//! An evaluation error leaves the module as `opa_abort("FILE:ROW:COL: CODE: MESSAGE")`, or without the location as
//! `CODE: MESSAGE`. The message may have several lines. Hosts that know nothing of it print it as it is.

/// A rule, a function or an object was given two values.
pub const CONFLICT: &str = "eval_conflict_error";
/// A builtin was given an operand of a type it does not take (strict builtin errors only).
pub const TYPE: &str = "eval_type_error";
/// A builtin failed (strict builtin errors only).
pub const BUILTIN: &str = "eval_builtin_error";
/// `with` could not put its value where it should go.
pub const WITH_MERGE: &str = "eval_with_merge_error";
/// The time or the memory that the host allows was used up.
pub const CANCEL: &str = "eval_cancel_error";
/// Anything else.
pub const INTERNAL: &str = "eval_internal_error";
