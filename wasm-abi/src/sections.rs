//! The custom sections that regoc writes.
//!
//! `name` is WebAssembly's own. The sections here are JSON texts in UTF-8, so that any host can read them without this crate:
//!
//! | section | holds |
//! |---|---|
//! | [`RULES`] | `{"files": [name], "rules": [{"path", "file", "row", "col"}]}`: where each rule is defined; `file` is an index, rows and columns count from 1 |
//! | [`PRODUCER`] | `{"regoc": version, "opa": version, "entrypoints": […], "builtins": […]}`: what built the module |

/// Maps rules to file, row and column.
pub const RULES: &str = "regoc.rules";

/// Says what built the module.
pub const PRODUCER: &str = "regoc.producer";
