//! The custom sections that regoc writes.
//!
//! `name` is WebAssembly's own. The sections here are JSON texts in UTF-8, so that any host can read them without this crate:
//!
//! | section | holds |
//! |---|---|
//! | [`RULES`] | `{file: {path: [row]}}`: where each rule is defined; rows count from 1. A rule that does not begin its row is `[row, column]`. Where places are not known, the file is `""`, and there is only the path |
//! | [`PRODUCER`] | `{"regoc": version, "opa": version, "builtins": [name]}`: what built the module, for which version of OPA's answers, and the builtins that it uses, if any |

/// Maps rules to file, row and column.
pub const RULES: &str = "regoc.rules";

/// Says what built the module.
pub const PRODUCER: &str = "regoc.producer";
