//! JSON as OPA's command line reads and writes it.
//!
//! Numbers keep their text. Written objects have sorted keys, and `<`, `>`, `&` are escaped, because Go's encoder does both and
//! scripts compare bytes.

use std::fmt::Write;

use serde_json::{Map, Value};

/// Reads a JSON text.
///
/// # Errors
///
/// When the text is not JSON or nests too deeply, with the row and column.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    regoc_runtime::check_json(text).map_err(|error| error.message().to_owned())?;
    regoc_runtime::parse_json(&replace_lone_surrogates(text))
}

/// Replaces the escapes that stand for half of a character, which Go's decoder reads as U+FFFD and serde_json refuses.
fn replace_lone_surrogates(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return text.into();
    }
    let escape = |at: usize| -> Option<u32> {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let (mut out, mut at, mut copied) = (String::with_capacity(text.len()), 0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        let code = escape(at);
        let low = |code: Option<u32>| code.is_some_and(|code| (0xdc00..0xe000).contains(&code));
        match code {
            Some(0xd800..0xdc00) if low(escape(at + 6)) => at += 12,
            Some(0xd800..0xe000) => {
                out.push_str(text.get(copied..at).unwrap_or_default());
                out.push_str("\\ufffd");
                at += 6;
                copied = at;
            }
            // A backslash and what it escapes; the text was checked, so one character follows.
            _ => at += 2,
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out.into()
}

/// Writes a value on one line.
pub(crate) fn compact(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, None);
    out
}

/// Writes a value with two spaces for each level and a line end, as OPA's command line shows results.
pub(crate) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, Some(0));
    out.push('\n');
    out
}

fn write(out: &mut String, value: &Value, indent: Option<usize>) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(number.as_str()),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => write_items(out, '[', items.iter(), ']', indent, |out, item, indent| {
            write(out, item, indent);
        }),
        Value::Object(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_unstable_by_key(|(key, _)| *key);
            write_items(out, '{', sorted.into_iter(), '}', indent, |out, (key, value), indent| {
                write_string(out, key);
                out.push_str(if indent.is_some() { ": " } else { ":" });
                write(out, value, indent);
            });
        }
    }
}

fn write_items<T>(
    out: &mut String,
    open: char,
    items: impl ExactSizeIterator<Item = T>,
    close: char,
    indent: Option<usize>,
    write_item: impl Fn(&mut String, T, Option<usize>),
) {
    let empty = items.len() == 0;
    let new_line = |out: &mut String, levels: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", levels));
    };
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        if let Some(levels) = indent {
            new_line(out, levels + 1);
        }
        write_item(out, item, indent.map(|levels| levels + 1));
    }
    if let (Some(levels), false) = (indent, empty) {
        new_line(out, levels);
    }
    out.push(close);
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..' ' => {
                // Writing into a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// An object from keys and values, in the order given. For output whose order of keys is fixed: see [`Fields`].
pub(crate) fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

/// Writes an object whose keys keep their order, as Go writes a struct, at a level of indentation. Each value is text already.
pub(crate) fn fields(entries: &[(&str, String)], levels: usize) -> String {
    list('{', entries.iter().map(|(key, value)| format!("\"{key}\": {value}")), '}', levels)
}

/// Writes an array of texts that are JSON already.
pub(crate) fn array(items: impl ExactSizeIterator<Item = String>, levels: usize) -> String {
    list('[', items, ']', levels)
}

/// A value inside of [`fields`] or [`array`].
pub(crate) fn nested(value: &Value, levels: usize) -> String {
    let mut out = String::new();
    write(&mut out, value, Some(levels));
    out
}

fn list(open: char, items: impl ExactSizeIterator<Item = String>, close: char, levels: usize) -> String {
    let mut out = String::new();
    write_items(&mut out, open, items, close, Some(levels), |out, item, _| out.push_str(&item));
    out
}

#[cfg(test)]
mod tests {
    use super::{compact, parse, pretty};

    #[test]
    fn text_of_numbers_and_order_of_keys() {
        let text = r#"{"b":1.50,"a":[1e1000,-0,123456789012345678901234567890],"c":{}}"#;
        let value = parse(text).map(|value| compact(&value));
        assert_eq!(value, Ok(r#"{"a":[1e1000,-0,123456789012345678901234567890],"b":1.50,"c":{}}"#.to_owned()));
    }

    #[test]
    fn layout_and_escapes_are_go_s() {
        let value = parse(r#"{"a":[],"b":{},"c":["<&>\u0001\b\u2028é"]}"#).map(|value| pretty(&value));
        let wanted =
            "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    \"\\u003c\\u0026\\u003e\\u0001\\b\\u2028é\"\n  ]\n}\n";
        assert_eq!(value, Ok(wanted.to_owned()));
    }

    #[test]
    fn halves_of_characters_become_replacement_characters() {
        for (text, wanted) in [
            (r#""\ud800""#, "\u{fffd}"),
            (r#""\uDC00x""#, "\u{fffd}x"),
            (r#""\ud83d\ude00""#, "\u{1f600}"),
            (r#""\ud800\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\\ud800""#, "\\ud800"),
        ] {
            assert_eq!(parse(text), Ok(wanted.into()), "{text}");
        }
    }

    #[test]
    fn errors_have_a_place() {
        assert!(parse("{\n  \"a\": }").is_err_and(|error| error.contains("line 2 column 8")));
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
