//! Values of JSON, read from YAML.

use regoc_values::{Value, yaml};

use crate::hir::Name;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    /// `null`
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number, as text.
    Number(Name),
    /// A string.
    String(Name),
    /// An array.
    Array(Vec<Json>),
    /// An object, in the order of its keys.
    Object(Vec<(Name, Json)>),
}

/// Reads a YAML text.
///
/// # Errors
/// What is wrong with it as YAML.
pub(super) fn from_yaml(text: &str) -> Result<Json, yaml::Error> {
    yaml::parse(text.as_bytes()).map(from_value)
}

fn name(bytes: &[u8]) -> Name {
    Name::from(String::from_utf8_lossy(bytes))
}

fn from_value(value: Value) -> Json {
    if let Some(boolean) = value.as_boolean() {
        Json::Boolean(boolean)
    } else if let Some(integer) = value.as_integer() {
        Json::Number(Name::from(integer.to_string()))
    } else if let Some(number) = value.as_number_text() {
        Json::Number(name(number))
    } else if let Some(text) = value.as_str() {
        Json::String(name(text))
    } else if let Some(array) = value.as_array() {
        Json::Array(array.iter().map(from_value).collect())
    } else if let Some(object) = value.as_object() {
        let key = |key: Value| key.as_str().map_or_else(|| Name::from(""), name);
        Json::Object(object.entries().map(|(from, value)| (key(from), from_value(value))).collect())
    } else {
        Json::Null
    }
}

impl Json {
    /// The value of a key of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(items) => items.iter().find(|(name, _)| &**name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a string.
    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a text of JSON.
    pub(super) fn to_text(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Null => "null".to_owned(),
            Self::Boolean(value) => value.to_string(),
            Self::Number(text) => text.to_string(),
            Self::String(text) => quoted(text),
            Self::Array(items) => format!("[{}]", items.iter().map(Self::to_text).collect::<Vec<_>>().join(",")),
            Self::Object(items) => {
                let items = items.iter().map(|(key, value)| format!("{}:{}", quoted(key), value.to_text()));
                format!("{{{}}}", items.collect::<Vec<_>>().join(","))
            }
        }
    }

    /// A string of this text.
    pub(super) fn string(text: &str) -> Self {
        Self::String(Name::from(text))
    }

    /// An object of these items.
    pub(super) fn object<const N: usize>(items: [(&str, Self); N]) -> Self {
        Self::Object(items.into_iter().map(|(key, value)| (Name::from(key), value)).collect())
    }
}
