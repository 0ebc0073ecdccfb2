//! Values as they travel between a module and a host builtin: everything JSON has, and sets, and keys of any type.
//!
//! The text form is OPA's value syntax, which modules read and write with `opa_value_parse` and `opa_value_dump`. It
//! is JSON with sets (`{1,2}`, `set()`) and keys of any type (`{1:"a"}`), so a set stays a set on its way through a host.

use std::borrow::Cow;
use std::fmt;

use regoc_abi::layout::MAX_DEPTH;

/// A Rego value outside of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number as its decimal text, so that no digit is lost.
    Number(String),
    /// A string.
    String(String),
    /// A string that is not UTF-8. [`Value::from`] makes it of bytes, where they are none.
    Bytes(Bytes),
    /// An array.
    Array(Vec<Value>),
    /// An object; keys may be of any type, in the module's order.
    Object(Vec<(Value, Value)>),
    /// A set, in the module's order.
    Set(Vec<Value>),
}

/// A string that is not UTF-8: what `base64.decode` may give, or a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes {
    bytes: Vec<u8>,
    /// The same with U+FFFD for each byte that is not valid.
    shown: String,
}

impl Value {
    /// Reads value syntax, of which JSON is a part.
    ///
    /// # Errors
    ///
    /// When the text is not value syntax or nests deeper than [`MAX_DEPTH`]; the text says what was expected at which byte.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::parse_bytes(text.as_bytes())
    }

    /// The same, for a text whose strings may hold bytes that are not UTF-8.
    ///
    /// # Errors
    ///
    /// As [`Value::parse`].
    pub fn parse_bytes(text: &[u8]) -> Result<Self, String> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let value = parser.value()?;
        parser.space();
        if parser.at == text.len() { Ok(value) } else { Err(parser.expected("the end")) }
    }

    /// The value in value syntax, without spaces, as modules write and read it; bytes of strings that are not UTF-8 are U+FFFD.
    #[must_use]
    pub fn to_text(&self) -> String {
        shown(&self.to_bytes()).into_owned()
    }

    /// The same, with all bytes as they are.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = Vec::new();
        self.write(&mut text, "");
        text
    }

    /// The string, if it is one; a byte that is not UTF-8 is U+FFFD.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Bytes(Bytes { shown: text, .. }) => Some(text),
            _ => None,
        }
    }

    /// The bytes of the string, if it is one.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::String(text) => Some(text.as_bytes()),
            Self::Bytes(text) => Some(&text.bytes),
            _ => None,
        }
    }

    /// The number as an integer, if it is one that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The name of the value's type, as OPA's messages have it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) | Self::Bytes(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
            Self::Set(_) => "set",
        }
    }

    /// What an object has under a key that is a string.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => {
                entries.iter().find(|(known, _)| known.as_str() == Some(key)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// An object with keys that are strings.
    pub fn object<K: Into<String>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Object(entries.into_iter().map(|(key, value)| (Self::String(key.into()), value)).collect())
    }

    fn write(&self, out: &mut Vec<u8>, space: &str) {
        match self {
            Self::Null => out.extend(b"null"),
            Self::Boolean(value) => out.extend(value.to_string().as_bytes()),
            Self::Number(text) => out.extend(text.as_bytes()),
            Self::String(text) => write_string(out, text.as_bytes()),
            Self::Bytes(text) => write_string(out, &text.bytes),
            Self::Array(items) => write_list(out, b'[', items, b']', space),
            Self::Set(items) if items.is_empty() => out.extend(b"set()"),
            Self::Set(items) => write_list(out, b'{', items, b'}', space),
            Self::Object(entries) => {
                out.push(b'{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                        out.extend(space.as_bytes());
                    }
                    key.write(out, space);
                    out.push(b':');
                    out.extend(space.as_bytes());
                    value.write(out, space);
                }
                out.push(b'}');
            }
        }
    }
}

/// The form that OPA's `print` shows: value syntax with a space after each comma and colon.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.write(&mut text, " ");
        f.write_str(&shown(&text))
    }
}

/// Bytes as text: each one that is not UTF-8 is U+FFFD, as OPA's output shows it.
pub(crate) fn shown(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let chunks = bytes.utf8_chunks();
            chunks.flat_map(|chunk| [chunk.valid().to_owned(), "\u{fffd}".repeat(chunk.invalid().len())]).collect()
        }
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::String(text),
            Err(error) => {
                let bytes = error.into_bytes();
                Self::Bytes(Bytes { shown: shown(&bytes).into_owned(), bytes })
            }
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.to_string())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Boolean(value),
            serde_json::Value::Number(number) => Self::Number(number.to_string()),
            serde_json::Value::String(text) => Self::String(text),
            serde_json::Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            serde_json::Value::Object(entries) => {
                Self::object(entries.into_iter().map(|(key, value)| (key, Self::from(value))))
            }
        }
    }
}

/// As modules write JSON: a set becomes an array, a key that is not a string becomes its text.
impl From<Value> for serde_json::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Boolean(value) => Self::Bool(value),
            // Not parsed again: that would rewrite exponents.
            Value::Number(text) => Self::Number(serde_json::Number::from_string_unchecked(text)),
            Value::String(text) | Value::Bytes(Bytes { shown: text, .. }) => Self::String(text),
            Value::Array(items) | Value::Set(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(entries) => Self::Object(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let key = match key {
                            Value::String(text) | Value::Bytes(Bytes { shown: text, .. }) => text,
                            other => other.to_text(),
                        };
                        (key, Self::from(value))
                    })
                    .collect(),
            ),
        }
    }
}

/// Reads JSON of any depth that a module can make; each number keeps its text.
///
/// # Errors
///
/// When the text is not JSON; the message has the place.
pub fn parse_json(text: &str) -> Result<serde_json::Value, String> {
    // serde_json rewrites exponents (`1e9` to `1e+9`), so a text that may have some is read here.
    let may_have_exponent = text.as_bytes().windows(2).any(|pair| matches!(pair, [b'0'..=b'9', b'e' | b'E']));
    if may_have_exponent {
        return Value::parse(text).map(serde_json::Value::from);
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    let mut values = deserializer.into_iter::<serde_json::Value>();
    match (values.next(), values.next()) {
        (Some(Ok(value)), None) => Ok(value),
        (Some(Err(error)), _) | (_, Some(Err(error))) => Err(error.to_string()),
        (None, _) => Err("there is no value".to_owned()),
        (_, Some(Ok(_))) => Err("there is more than one value".to_owned()),
    }
}

fn write_list(out: &mut Vec<u8>, open: u8, items: &[Value], close: u8, space: &str) {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
            out.extend(space.as_bytes());
        }
        item.write(out, space);
    }
    out.push(close);
}

/// Writes a JSON string. Only what must be escaped is: quotes, backslashes and control characters.
fn write_string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for byte in text {
        match byte {
            b'"' => out.extend(b"\\\""),
            b'\\' => out.extend(b"\\\\"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\t' => out.extend(b"\\t"),
            0..b' ' => out.extend(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
}

/// A recursive reader of value syntax; `depth` keeps it from using up the stack.
struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    depth: u32,
}

impl Parser<'_> {
    fn expected(&self, what: &str) -> String {
        format!("expected {what} at byte {}", self.at)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Takes a byte if it comes next, after spaces.
    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if found {
            self.at += word.len();
        }
        found
    }

    fn value(&mut self) -> Result<Value, String> {
        self.space();
        match self.peek() {
            Some(b'n') if self.word("null") => Ok(Value::Null),
            Some(b't') if self.word("true") => Ok(Value::Boolean(true)),
            Some(b'f') if self.word("false") => Ok(Value::Boolean(false)),
            Some(b's') if self.word("set()") => Ok(Value::Set(Vec::new())),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[') => self.nested(Self::array),
            Some(b'{') => self.nested(Self::object_or_set),
            _ => Err(self.expected("a value")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, String>) -> Result<Value, String> {
        // A policy may wrap a document that is as deep as it may be into some levels more.
        if self.depth > 2 * MAX_DEPTH {
            return Err(format!("the value nests deeper than {MAX_DEPTH} levels"));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value()?);
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    fn object_or_set(&mut self) -> Result<Value, String> {
        if self.take(b'}') {
            return Ok(Value::Object(Vec::new()));
        }
        let first = self.value()?;
        if self.take(b':') {
            let value = self.value()?;
            return self.object_rest(vec![(first, value)]);
        }
        let mut items = vec![first];
        while self.take(b',') {
            items.push(self.value()?);
        }
        if self.take(b'}') { Ok(Value::Set(items)) } else { Err(self.expected("`,` or `}`")) }
    }

    fn object_rest(&mut self, mut entries: Vec<(Value, Value)>) -> Result<Value, String> {
        while self.take(b',') {
            let key = self.value()?;
            if !self.take(b':') {
                return Err(self.expected("`:`"));
            }
            entries.push((key, self.value()?));
        }
        if self.take(b'}') { Ok(Value::Object(entries)) } else { Err(self.expected("`,` or `}`")) }
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let text = str::from_utf8(self.text.get(start..self.at).unwrap_or_default()).unwrap_or_default();
        match text.parse::<serde_json::Number>() {
            Ok(_) => Ok(Value::Number(text.to_owned())),
            Err(_) => Err(format!("`{text}` at byte {start} is not a number")),
        }
    }

    /// A string is JSON's: its end is the first quote that no backslash precedes.
    fn string(&mut self) -> Result<Value, String> {
        let start = self.at;
        let bytes = self.text;
        let mut end = start + 1;
        loop {
            match bytes.get(end) {
                None => return Err(self.expected("the end of a string that begins")),
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
            }
        }
        self.at = end + 1;
        let literal = self.text.get(start..=end).unwrap_or_default();
        let invalid = |error| format!("the string at byte {start} is not valid: {error}");
        if let Ok(literal) = str::from_utf8(literal) {
            return serde_json::from_str(literal).map(Value::String).map_err(invalid);
        }
        let mut bytes = Vec::new();
        for chunk in self.text.get(start + 1..end).unwrap_or_default().utf8_chunks() {
            let valid: String = serde_json::from_str(&format!("\"{}\"", chunk.valid())).map_err(invalid)?;
            bytes.extend(valid.as_bytes());
            bytes.extend(chunk.invalid());
        }
        Ok(Value::from(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn value_syntax_round_trips() {
        for text in [
            "null",
            "true",
            "-0",
            "1e1000",
            "123456789012345678901234567890.5",
            r#""a\"b\\\n\u0001é""#,
            "[]",
            "[1,[2],{}]",
            "{}",
            "set()",
            "{1,{2},set()}",
            r#"{"a":1,2:{3},[4]:null}"#,
        ] {
            assert_eq!(Value::parse(text).map(|value| value.to_text()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn strings_that_are_not_utf_8_keep_their_bytes() {
        let text = b"{\"a\\n\xff\":[\"\xe2\x82\\\"\",\"\xc3\xa9\"]}";
        let value = Value::parse_bytes(text).expect("a value");
        assert_eq!(value.to_bytes(), text);
        assert_eq!(value.to_text(), "{\"a\\n\u{fffd}\":[\"\u{fffd}\u{fffd}\\\"\",\"é\"]}");
        assert_eq!(value.get("a\n\u{fffd}").map(Value::type_name), Some("array"));
        assert_eq!(Value::from(b"a\xff".to_vec()).as_bytes(), Some(&b"a\xff"[..]));
        assert_eq!(Value::from(b"a".to_vec()), Value::from("a"));
        assert_eq!(Value::from(b"a\xff".to_vec()).type_name(), "string");
        assert_eq!(serde_json::Value::from(value).to_string(), "{\"a\\n\u{fffd}\":[\"\u{fffd}\u{fffd}\\\"\",\"é\"]}");
    }

    #[test]
    fn spaces_are_read_and_shown_as_print_shows_them() {
        let value = Value::parse(" { \"a\" : [ 1 , 2 ] } ").map(|value| value.to_string());
        assert_eq!(value, Ok(r#"{"a": [1, 2]}"#.to_owned()));
        assert_eq!(Value::parse("{3,4}").map(|value| value.to_string()), Ok("{3, 4}".to_owned()));
    }

    #[test]
    fn what_is_not_value_syntax_is_refused() {
        for text in ["", "[", "[1", "[1,]", "{1:}", "{1,2", "{1:2,3}", "\"a", "\"a\\", "01", "1 2", "nul", "--1"] {
            assert!(Value::parse(text).is_err(), "{text}");
        }
        assert!(Value::parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn numbers_keep_their_text() {
        for text in ["[1e1000,1E5,1.50,-0]", "[1.50,-0]"] {
            assert_eq!(super::parse_json(text).map(|value| value.to_string()), Ok(text.to_owned()));
        }
        for text in ["", " ", "1 2", "[1", "1]", "[1] x"] {
            assert!(super::parse_json(text).is_err(), "{text}");
        }
    }

    #[test]
    fn json_has_arrays_for_sets_and_text_for_keys() {
        let json = Value::parse(r#"{1:{2,3},"a":1.50}"#).map(|value| serde_json::Value::from(value).to_string());
        assert_eq!(json, Ok(r#"{"1":[2,3],"a":1.50}"#.to_owned()));
    }
}
