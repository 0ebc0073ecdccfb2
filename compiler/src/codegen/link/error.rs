//! Why a library cannot be read, or a module not be linked.

use std::fmt;

/// Why a module cannot be linked.
#[derive(Debug)]
#[non_exhaustive]
pub enum LinkError {
    /// The library is not what the linker can read.
    Library(String),
    /// A function is called that nobody supplies.
    Undefined(String),
    /// Static data, functions or code are more than a module can hold.
    TooLarge(String),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Library(message) => write!(f, "the guest library cannot be read: {message}"),
            Self::Undefined(name) => write!(f, "nothing supplies the function {name}"),
            Self::TooLarge(what) => write!(f, "the module is too large: {what}"),
        }
    }
}

impl std::error::Error for LinkError {}
