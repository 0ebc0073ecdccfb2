//! The names of the parameters of builtins, which only messages show.

/// The names of the parameters and the result of a builtin.
pub(super) fn of(_name: &str) -> &'static [Option<&'static str>] {
    &[]
}
