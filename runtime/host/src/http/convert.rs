//! Texts and values by the value library's rules: JSON, YAML, times and durations, where OPA's answer depends on Go's.
//!
//! The library keeps what it makes until it is told to forget it; each function here ends by telling it.
#![expect(unsafe_code, reason = "setting the value library's memory back ends the lives of its values")]

use regoc_values as values;
use regoc_values::builtins::{self, times};

use super::fault::quoted;
use crate::value::{Value, shown};

/// Runs what uses the value library, and forgets everything that it made.
fn with_values<T: 'static>(run: impl FnOnce() -> T) -> T {
    let mark = values::arena::mark();
    let result = run();
    // SAFETY: every value was made in `run`, and none leaves it: the functions below return texts and values of this crate, which own
    // what they hold.
    unsafe { values::arena::reset(mark) };
    result
}

/// Calls a builtin of the value library.
fn call(name: &str, operands: &[values::Value]) -> Option<values::Value> {
    builtins::call(name, operands)?.defined()
}

fn to_library(value: &Value) -> Option<values::Value> {
    values::syntax::parse(&value.to_bytes()).ok()
}

fn from_library(value: values::Value) -> Option<Value> {
    Value::parse_bytes(values::syntax::write(value)).ok()
}

fn text_of(value: values::Value) -> Option<String> {
    value.as_str().map(|text| shown(text).into_owned())
}

/// The JSON text that Go writes for a value.
pub(super) fn json_text(value: &Value) -> Vec<u8> {
    with_values(|| {
        let text = to_library(value).and_then(|value| call("json.marshal", &[value]));
        text.and_then(values::Value::as_str).unwrap_or_default().to_vec()
    })
}

/// The first JSON value in a text; null when there is none. What follows it is not looked at, as OPA does not for bodies.
pub(super) fn decode_json(text: &[u8]) -> Value {
    let text = shown(text);
    let mut found = serde_json::Deserializer::from_str(&text).into_iter::<&serde_json::value::RawValue>();
    let Some(Ok(first)) = found.next() else { return Value::Null };
    with_values(|| values::json::parse(first.get().as_bytes()).ok().and_then(from_library).unwrap_or(Value::Null))
}

/// The value of a YAML text; null when it is none.
pub(super) fn decode_yaml(text: &[u8]) -> Value {
    with_values(|| values::yaml::parse(text).ok().and_then(from_library).unwrap_or(Value::Null))
}

/// The nanoseconds of a duration with Go's units.
///
/// # Errors
///
/// Go's message.
pub(super) fn duration(text: &str) -> Result<i64, String> {
    times::go_duration(text.as_bytes()).map_err(|why| String::from_utf8_lossy(&why).into_owned())
}

/// The nanoseconds since 1970-01-01 UTC of a time in one of the three forms of HTTP (RFC 9110, section 5.6.7). A time that is too far away
/// for that is the end of the range.
pub(super) fn http_time(text: &str) -> Option<i64> {
    const FORMS: [&str; 3] =
        ["Mon, 02 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 MST", "Mon Jan _2 15:04:05 2006"];
    FORMS.iter().find_map(|form| {
        with_values(|| {
            let operands = [form.as_bytes(), text.as_bytes()].map(values::Value::string);
            let _ = values::error::take();
            if let Some(time) = call("time.parse_ns", &operands) {
                return time.as_integer();
            }
            let (_, message) = values::error::take()?;
            let far = message.ends_with(b"outside of valid range");
            let past = text.split(|byte: char| !byte.is_ascii_digit()).any(|word| word.len() == 4 && word < "1970");
            far.then_some(if past { i64::MIN } else { i64::MAX })
        })
    })
}

/// A time in seconds since 1970-01-01 UTC in the form of RFC 3339.
pub(super) fn rfc_3339(seconds: u64) -> String {
    let nanoseconds = i64::try_from(seconds).ok().and_then(|seconds| seconds.checked_mul(1_000_000_000));
    let text = nanoseconds
        .and_then(|time| with_values(|| call("time.format", &[values::Value::integer(time)]).and_then(text_of)));
    text.unwrap_or_else(|| format!("{seconds} seconds after 1970"))
}

/// Takes all values of a name out of a query: the first of them (or an empty text), and what is left, as Go writes it. None when the text is
/// no query.
pub(super) fn take_from_query(query: &str, name: &str) -> Option<(String, String)> {
    with_values(|| {
        let mut pairs = from_library(call("urlquery.decode_object", &[values::Value::string(query.as_bytes())])?)?;
        let Value::Object(entries) = &mut pairs else { return None };
        let at = entries.iter().position(|(key, _)| key.as_str() == Some(name));
        let first = match at.map(|at| entries.remove(at).1) {
            Some(Value::Array(values)) => values.first().and_then(Value::as_str).unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        let rest = call("urlquery.encode_object", &[to_library(&pairs)?]).and_then(text_of)?;
        Some((first, rest))
    })
}

/// A value as Go's verb `%q` shows it.
pub(super) fn go_quoted(value: &Value) -> String {
    if *value == Value::Null { "%!q(<nil>)".to_owned() } else { go_quoted_inside(value) }
}

/// The same for an element of something else.
fn go_quoted_inside(value: &Value) -> String {
    let list = |items: &[Value]| items.iter().map(go_quoted_inside).collect::<Vec<_>>().join(" ");
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::Boolean(value) => format!("%!q(bool={value})"),
        Value::Number(text) | Value::String(text) => quoted(text),
        Value::Bytes(_) => quoted(value.as_str().unwrap_or_default()),
        Value::Array(items) | Value::Set(items) => format!("[{}]", list(items)),
        Value::Object(entries) => {
            let entries =
                entries.iter().map(|(key, value)| format!("{}:{}", go_quoted_inside(key), go_quoted_inside(value)));
            format!("map[{}]", entries.collect::<Vec<_>>().join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_decoded_as_far_as_they_go() {
        assert_eq!(decode_json(br#"{"a":1.50} x"#).to_text(), r#"{"a":1.50}"#);
        assert_eq!(decode_json(b"[1"), Value::Null);
        assert_eq!(decode_json(b""), Value::Null);
        assert_eq!(decode_yaml(b"a: [1, yes]").to_text(), r#"{"a":[1,"yes"]}"#);
        assert_eq!(decode_yaml(b"a: ["), Value::Null);
    }

    #[test]
    fn times() {
        let wanted = Some(784_111_777_000_000_000);
        assert_eq!(http_time("Sun, 06 Nov 1994 08:49:37 GMT"), wanted);
        assert_eq!(http_time("Sunday, 06-Nov-94 08:49:37 GMT"), wanted);
        assert_eq!(http_time("Sun Nov  6 08:49:37 1994"), wanted);
        assert_eq!(http_time("Fri, 01 Jan 9999 00:00:00 GMT"), Some(i64::MAX));
        assert_eq!(http_time("Mon, 01 Jan 1601 00:00:00 GMT"), Some(i64::MIN));
        assert_eq!(http_time("0"), None);
        assert_eq!(rfc_3339(784_111_777), "1994-11-06T08:49:37Z");
    }

    #[test]
    fn texts() {
        assert_eq!(json_text(&Value::Set(vec![Value::from("<é>")])), "[\"\\u003cé\\u003e\"]".as_bytes());
        assert_eq!(duration("1m1ms"), Ok(60_001_000_000));
        assert_eq!(duration("1d"), Err("time: unknown unit \"d\" in duration \"1d\"".to_owned()));
        let taken = take_from_query("b=2&socket=%2Ftmp%2Fs&socket=x&a=1+2", "socket");
        assert_eq!(taken, Some(("/tmp/s".to_owned(), "a=1+2&b=2".to_owned())));
        assert_eq!(take_from_query("a;b", "socket"), None);
        assert_eq!(
            go_quoted(&Value::parse("[1,true,{\"a\":null}]").unwrap_or(Value::Null)),
            "[\"1\" %!q(bool=true) map[\"a\":<nil>]]"
        );
    }
}
