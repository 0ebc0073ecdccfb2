//! What a policy gets of an answer: its status, its headers, its body as text, and as a value where it is JSON or YAML.

use super::convert;
use super::headers::Headers;
use crate::value::Value;

/// How a body is decoded whatever its type.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Forms {
    pub(super) json: bool,
    pub(super) yaml: bool,
}

impl Forms {
    /// The object that the builtin answers.
    pub(super) fn value(self, status: &str, code: u16, headers: &Headers, body: &[u8]) -> Value {
        let decoded = if self.json || is_json(headers.get("Content-Type")) {
            convert::decode_json(body)
        } else if self.yaml || is_yaml(headers.get("Content-Type")) {
            convert::decode_yaml(body)
        } else {
            Value::Null
        };
        let fields = headers.iter().map(|(name, values)| {
            let values = values.iter().map(|value| Value::from(value.as_str())).collect();
            (name.to_lowercase(), Value::Array(values))
        });
        Value::object([
            ("body", decoded),
            ("headers", Value::object(fields)),
            ("raw_body", Value::from(body.to_vec())),
            ("status", Value::from(status)),
            ("status_code", Value::from(i64::from(code))),
        ])
    }
}

fn is_yaml(content_type: &str) -> bool {
    content_type.contains("application/yaml") || content_type.contains("application/x-yaml")
}

/// Whether a content type is JSON's: `application/json` or `application/…+json`. One that is malformed is nobody's.
fn is_json(content_type: &str) -> bool {
    let Some(media_type) = media_type(content_type) else { return false };
    let subtype = media_type.strip_prefix("application/").filter(|subtype| !subtype.contains('/'));
    subtype.is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}

/// The type in a content type, in lower case; none when Go's `mime.ParseMediaType` refuses the text.
fn media_type(text: &str) -> Option<String> {
    let (media_type, mut rest) = match text.find(';') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let media_type = media_type.trim().to_lowercase();
    let mut words = media_type.splitn(2, '/');
    if !words.all(super::headers::is_token) {
        return None;
    }
    let mut known: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest.trim() == ";" {
            return Some(media_type);
        }
        let (name, value, after) = parameter(rest)?;
        if known.iter().any(|(other, earlier)| *other == name && *earlier != value) {
            return None;
        }
        known.push((name, value));
        rest = after;
    }
}

/// The first parameter of `; name=value; …`, and what is behind it.
fn parameter(text: &str) -> Option<(String, String, &str)> {
    let text = text.strip_prefix(';')?.trim_start();
    let (name, rest) = token(text)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let (value, rest) = match rest.strip_prefix('"') {
        Some(inside) => quoted_value(inside)?,
        None => token(rest).map(|(value, rest)| (value.to_owned(), rest))?,
    };
    Some((name.to_lowercase(), value, rest))
}

fn token(text: &str) -> Option<(&str, &str)> {
    let end =
        text.find(|letter: char| !letter.is_ascii() || !super::headers::is_token(letter.encode_utf8(&mut [0; 4])));
    let (token, rest) = text.split_at(end.unwrap_or(text.len()));
    (!token.is_empty()).then_some((token, rest))
}

/// A value up to its closing quote, and what is behind that.
fn quoted_value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, text.get(at + 1..).unwrap_or_default())),
            '\\' => value.push(letters.next()?.1),
            '\r' | '\n' => return None,
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn types_of_json() {
        for yes in [
            "application/json",
            " Application/JSON ; charset=utf-8",
            "application/problem+json",
            "application/json;",
            "application/json; a=\"b;\\\"c\"; d=e",
            "application/json; a=b; a=b",
        ] {
            assert!(is_json(yes), "{yes}");
        }
        for no in [
            "",
            "json",
            "text/json",
            "application/json/x",
            "application/json; charset=",
            "application/json; a=b; a=c",
            "application/json; a",
            "application/json; a=\"b",
            "application/ json",
            "application/jsonx",
        ] {
            assert!(!is_json(no), "{no}");
        }
    }
}
