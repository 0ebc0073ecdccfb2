//! Inputs that grow, for measuring how the time of a call grows with them.

use serde_json::{Map, Value, json};

/// An input of `size` parts, by the name of its kind.
///
/// # Errors
/// The name, when there is no such kind.
pub fn input(kind: &str, size: usize) -> Result<Value, String> {
    let words: Vec<String> = (0..size).map(word).collect();
    Ok(match kind {
        "text" => json!(words.join(" ")),
        "csv" => json!(words.join(",")),
        "list" => json!(words),
        "numbers" => (0..size).map(|number| json!((number * 7919) % 10_007)).collect(),
        "object" => Value::Object(object(size)),
        "json" => json!(Value::Object(object(size)).to_string()),
        "yaml" => json!((0..size).map(|number| format!("key{number}: [{number}, a b]\n")).collect::<String>()),
        "graph" => {
            let edge =
                |node: usize| (format!("key{node}"), json!([format!("key{}", node + 1), format!("key{}", node / 2)]));
            Value::Object((0..size).map(edge).collect())
        }
        "nested" => nested(size),
        other => return Err(format!("no kind of input is called `{other}`")),
    })
}

/// Words that differ, in no order.
fn word(number: usize) -> String {
    format!("{}a{}", ["the", "quick", "brown", "fox", "jumps"][number % 5], (number * 7919) % 10_007)
}

fn object(size: usize) -> Map<String, Value> {
    (0..size).map(|number| (format!("key{number}"), json!({"id": number, "name": word(number)}))).collect()
}

/// Objects of 20 keys in each other, with about `size` values at their ends.
fn nested(size: usize) -> Value {
    if size <= 1 {
        return json!(size);
    }
    Value::Object((0..20).map(|number| (format!("key{number}"), nested(size / 20))).collect())
}

#[cfg(test)]
mod tests {
    use super::input;

    #[test]
    fn kinds_have_the_size_that_is_asked_for() {
        for (kind, length) in [("list", 30), ("numbers", 30), ("object", 30), ("graph", 30), ("nested", 20)] {
            let value = input(kind, 30).expect("a kind");
            let have = value.as_array().map(Vec::len).or_else(|| value.as_object().map(serde_json::Map::len));
            assert_eq!(have, Some(length), "{kind}");
        }
        assert!(input("other", 1).is_err());
    }
}
