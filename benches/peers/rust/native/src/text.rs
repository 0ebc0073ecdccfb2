//! A string of the input that is copied only where it has escapes.

use std::borrow::{Borrow, Cow};
use std::ops::Deref;

use serde::Deserialize;

/// serde borrows a `Cow` only where it is a field of its own: this one is, wherever it stands.
#[derive(Deserialize, PartialEq, Eq, Hash)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}
