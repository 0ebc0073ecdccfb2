//! The two documents that a decision reads, checked once when they are made: the input and the data.

use std::borrow::Cow;
use std::sync::Arc;

use regoc_abi::layout::MAX_DEPTH;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind};

/// The input of one decision: a JSON text, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Input<'a> {
    text: Option<Cow<'a, [u8]>>,
}

impl<'a> Input<'a> {
    /// No input: every reference to `input` is undefined.
    #[must_use]
    pub fn undefined() -> Self {
        Self { text: None }
    }

    /// The input of a JSON text.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, or nests deeper than [`MAX_DEPTH`].
    pub fn from_json(text: &'a str) -> Result<Self, Error> {
        check_document("input", text)?;
        Ok(Self::from_checked_json(text.as_bytes()))
    }

    /// The input of a JSON text that is known to be JSON. A text that is not is taken for no input, as the ABI has it, or fails
    /// the decision: a caller that did not check it must not use this.
    #[must_use]
    pub fn from_checked_json(text: &'a [u8]) -> Self {
        Self { text: Some(Cow::Borrowed(text)) }
    }

    /// The same, of a text of its own.
    pub(crate) fn into_owned(self) -> Input<'static> {
        Input { text: self.text.map(|text| Cow::Owned(text.into_owned())) }
    }

    /// The bytes to hand over.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        self.text.as_deref()
    }
}

impl From<&serde_json::Value> for Input<'static> {
    fn from(value: &serde_json::Value) -> Self {
        Self { text: Some(Cow::Owned(value.to_string().into_bytes())) }
    }
}

/// The base data of a policy: a JSON object, made once and given to any number of instances.
#[derive(Clone, Debug)]
pub struct Data {
    text: Arc<[u8]>,
}

impl Data {
    /// The data of a JSON text.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, is not an object, or nests deeper than [`MAX_DEPTH`].
    pub fn from_json(text: &str) -> Result<Self, Error> {
        check_document("data", text)?;
        if !text.trim_start().starts_with('{') {
            return Err(Error::new(ErrorKind::InvalidJson, "the data must be an object"));
        }
        Ok(Self { text: text.as_bytes().into() })
    }

    /// The data of a text that a module wrote.
    pub(crate) fn from_checked_json(text: &[u8]) -> Self {
        Self { text: text.into() }
    }

    /// The length of the text, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// The bytes to hand over.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.text
    }
}

/// No data: an empty object.
impl Default for Data {
    fn default() -> Self {
        Self { text: b"{}".as_slice().into() }
    }
}

/// Checks that a text is JSON, and not too deep to be a document, without making anything of it.
///
/// # Errors
///
/// When the text is not JSON (the message has the line and column), or nests deeper than [`MAX_DEPTH`].
pub fn check_json(text: &str) -> Result<(), Error> {
    // serde_json passes over a value without recursion, so any depth is safe here.
    if let Err(error) = serde_json::from_str::<&RawValue>(text) {
        return Err(Error::new(ErrorKind::InvalidJson, error.to_string()));
    }
    if depth(text) > MAX_DEPTH {
        return Err(Error::new(ErrorKind::InvalidJson, format!("more than {MAX_DEPTH} levels of arrays and objects")));
    }
    Ok(())
}

/// The same for one of the documents.
pub(crate) fn check_document(document: &str, text: &str) -> Result<(), Error> {
    check_json(text).map_err(|error| {
        Error::new(ErrorKind::InvalidJson, format!("cannot read the {document} as JSON: {}", error.message()))
    })
}

/// How deeply the arrays and objects of a JSON text nest.
fn depth(text: &str) -> u32 {
    let (mut depth, mut deepest) = (0_u32, 0);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => loop {
                match bytes.next() {
                    Some(b'\\') => {
                        bytes.next();
                    }
                    Some(b'"') | None => break,
                    Some(_) => {}
                }
            },
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::{Data, Input};
    use crate::error::ErrorKind;

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        let error = Input::from_json("{\"a\":\n 01}").err();
        assert_eq!(error.as_ref().map(|error| error.kind()), Some(ErrorKind::InvalidJson));
        assert!(error.is_some_and(|error| error.message().contains("line 2 column")));
        for text in ["", "{", "{\"a\" 1}", "[1] 2", "nul", "\"a", "\u{feff}{}", "{1:2}", "{1}"] {
            assert!(Input::from_json(text).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_has_a_limit_that_strings_do_not_count_for() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(Input::from_json(&nested(1000)).is_ok());
        assert!(Input::from_json(&nested(1001)).is_err());
        assert!(Input::from_json(&nested(200_000)).is_err());
        assert!(Input::from_json(&format!("\"{}\\\"[\"", "[".repeat(5000))).is_ok());
    }

    #[test]
    fn data_is_an_object() {
        assert!(Data::from_json("[]").is_err());
        assert!(Data::from_json(" {\"a\":1}").is_ok());
    }
}
