//! What a policy answered.

use crate::error::{Error, ErrorKind};
use crate::value::{parse_json, shown};

/// The answer of one entrypoint.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// No rule gave a value: neither true nor false, and not an error. A caller that wants a boolean decides here, once,
    /// what undefined means for it (usually: deny).
    Undefined,
    /// The value that the rules gave, as JSON: sets are arrays, numbers keep their digits.
    Defined(serde_json::Value),
}

impl Decision {
    /// The value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&serde_json::Value> {
        match self {
            Self::Undefined => None,
            Self::Defined(value) => Some(value),
        }
    }

    /// The value, if there is one.
    #[must_use]
    pub fn into_value(self) -> Option<serde_json::Value> {
        match self {
            Self::Undefined => None,
            Self::Defined(value) => Some(value),
        }
    }

    /// Whether the answer is exactly `true`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Defined(serde_json::Value::Bool(true)))
    }

    /// The decision in a result set: none of an empty one, else what the first result has under `result`.
    pub(crate) fn from_result_set(text: &[u8]) -> Result<Self, Error> {
        let results = parse(text)?;
        let Some(first) = results.into_iter().next() else { return Ok(Self::Undefined) };
        match first {
            serde_json::Value::Object(mut object) => match object.swap_remove("result") {
                Some(value) => Ok(Self::Defined(value)),
                None => {
                    Err(Error::new(ErrorKind::Internal, "the result set has no `result`: it is not an entrypoint's"))
                }
            },
            _ => Err(Error::new(ErrorKind::Internal, "the result set holds something else than objects")),
        }
    }
}

/// Reads the text of a result set: an array.
pub(crate) fn parse(text: &[u8]) -> Result<Vec<serde_json::Value>, Error> {
    let wrong = |why: &str| Error::new(ErrorKind::Internal, format!("the module's result is not a JSON array: {why}"));
    // A string of a policy may hold any bytes; those that are not UTF-8 are shown as U+FFFD, as OPA does.
    match parse_json(&shown(text)) {
        Ok(serde_json::Value::Array(results)) => Ok(results),
        Ok(_) => Err(wrong("it is another value")),
        Err(error) => Err(wrong(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::Decision;

    #[test]
    fn undefined_is_not_false() {
        assert_eq!(Decision::from_result_set(b"[]"), Ok(Decision::Undefined));
        assert_eq!(Decision::from_result_set(br#"[{"result":false}]"#), Ok(Decision::Defined(false.into())));
        assert!(Decision::from_result_set(br#"[{"x":1}]"#).is_err());
        assert!(Decision::from_result_set(b"{").is_err());
    }

    #[test]
    fn deep_results_and_long_numbers_survive() {
        let deep = format!("[{{\"result\":{}1{}}}]", "[".repeat(1000), "]".repeat(1000));
        assert!(Decision::from_result_set(deep.as_bytes()).is_ok());
        let number = format!("1{}", "0".repeat(10_000));
        let decision = Decision::from_result_set(format!("[{{\"result\":{number}}}]").as_bytes());
        assert_eq!(decision.map(|decision| decision.value().map(ToString::to_string)), Ok(Some(number)));
    }
}
