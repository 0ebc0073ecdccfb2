//! Bounds of depth, time and comparisons, and what OPA cannot be asked. OPA's answers are in `tests/graphql.json`.

use std::string::String;
use std::time::{Duration, Instant};
use std::vec::Vec;

use super::{Document, Query, validate};
use crate::builtins::graphql;
use crate::{Object, Value, error, json};

const SCHEMA: &str = "type Query { a: Query b(x: Int): Int c(l: [Int]): Int }";

fn string(text: &str) -> Value {
    Value::string(text.as_bytes())
}

/// What is wrong with a query, empty if nothing is.
fn fault(query: &str, schema: &str) -> String {
    error::take();
    let result = graphql::parse(string(query), string(schema));
    let message = error::take().map(|(_, message)| String::from_utf8(message).unwrap());
    assert_eq!(result.is_undefined(), message.is_some());
    message.unwrap_or_default()
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    [open.repeat(depth), close.repeat(depth)].concat()
}

#[test]
fn what_nests_too_deeply_is_refused() {
    let deep = "GraphQL document nests too deeply";
    for depth in [500, 10_000, 100_000] {
        assert!(fault(&nested("{a", "}", depth), SCHEMA).starts_with(deep));
        assert!(fault(&["{ c(l: ", &nested("[", "]", depth), ") }"].concat(), SCHEMA).starts_with(deep));
        assert!(fault(&["{ c(l: ", &nested("{a:", "}", depth), ") }"].concat(), SCHEMA).starts_with(deep));
    }
    let kind = ["type Query { a: ", &nested("[", "]", 10_000), " }"].concat();
    assert!(fault("{ a }", &kind).starts_with(deep));
    assert_eq!(fault(&["{a".repeat(440), "{__typename}".into(), "}".repeat(440)].concat(), SCHEMA), "");
    assert_eq!(graphql::is_valid(string(&nested("{a", "}", 10_000)), string(SCHEMA)), Value::FALSE);
}

#[test]
fn trees_that_nest_too_deeply_are_refused() {
    let tree = |depth: usize| {
        let open = r#"{"Alias":"a","Name":"a","SelectionSet":["#.repeat(depth);
        let leaf = r#"{"Alias":"__typename","Name":"__typename"}"#;
        let tree = [r#"{"Operations":[{"SelectionSet":["#, &open, leaf, &"]}".repeat(depth), "]}]}"].concat();
        json::parse(tree.as_bytes()).unwrap()
    };
    assert_eq!(graphql::is_valid(tree(440), string(SCHEMA)), Value::TRUE);
    assert_eq!(graphql::is_valid(tree(470), string(SCHEMA)), Value::FALSE);
    // What validation sets, and what cannot be read, is not passed over.
    for part in [r#""Definition":[5]"#, r#""Definition":{"Name":"a"}"#] {
        let tree = [r#"{"Operations":[{"SelectionSet":[{"Alias":"b","Name":"b","#, part, "}]}]}"].concat();
        assert_eq!(graphql::is_valid(json::parse(tree.as_bytes()).unwrap(), string(SCHEMA)), Value::FALSE);
    }
}

#[test]
fn long_chains_of_fragments_are_refused() {
    let mut query = String::from("{ ...F0 }");
    for index in 0..20_000 {
        query.push_str(&std::format!(" fragment F{index} on Query {{ ...F{} }}", index + 1));
    }
    assert!(fault(&query, SCHEMA).contains("GraphQL fragments nest too deeply"));
    // Chains of input objects take no stack.
    let mut schema = String::from(SCHEMA);
    for index in 0..20_000 {
        schema.push_str(&std::format!(" input I{index} {{ a: I{}! }}", index + 1));
    }
    schema.push_str(" input I20000 { a: Int }");
    assert_eq!(graphql::schema_is_valid(string(&schema)), Value::TRUE);
    schema.push_str(" extend input I20000 { b: I0! }");
    assert_eq!(graphql::schema_is_valid(string(&schema)), Value::FALSE);
}

#[test]
fn comparisons_of_fields_are_bounded() {
    // Each level doubles the ways; gqlparser overflows on the second.
    let mut query = String::from("{ ...F0 }");
    for index in 0..60 {
        let next = index + 1;
        query.push_str(&std::format!(
            " fragment F{index} on Query {{ a {{ ...F{next} a {{ b }} }} a {{ ...F{next} }} }}"
        ));
    }
    query.push_str(" fragment F60 on Query { b }");
    let begin = Instant::now();
    fault(&query, SCHEMA);
    fault("{ ...F } fragment F on Query { a { ...F a { ...F } } }", SCHEMA);
    let many = ["{", &"b ".repeat(20_000), "}"].concat();
    assert!(fault(&many, SCHEMA).contains("GraphQL query takes too many comparisons"));
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
}

#[test]
fn large_documents_take_linear_time() {
    let mut schema = String::from("type Query {");
    let mut query = String::from("{");
    for index in 0..50_000 {
        schema.push_str(&std::format!(" field{index}: Int"));
        query.push_str(&std::format!(" field{index}"));
    }
    schema.push('}');
    query.push('}');
    let begin = Instant::now();
    assert_eq!(graphql::is_valid(string(&query), string(&schema)), Value::TRUE);
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

#[test]
fn texts_become_valid_utf8() {
    let tree = graphql::parse_query(Value::string(b"{ a(x: \"\xff\", y: \"\xff\\n\") } # \xfe"));
    let shown = String::from_utf8(json::write(tree).to_vec()).unwrap();
    assert!(shown.contains("\"Raw\":\"\u{fffd}\"") && shown.contains("\"Raw\":\"\u{fffd}\\n\""), "{shown}");
}

#[test]
fn trees_that_would_crash_opa_are_refused() {
    let trees = [
        r#"{"Operations":[{"VariableDefinitions":[{"Variable":"a"}]}]}"#,
        r#"{"Operations":[{"SelectionSet":[],"Directives":[{"Arguments":[{"Name":"a"}]}]}]}"#,
        r#"{"Operations":[{"Operation":"x"}]}"#,
        r#"{"Operations":[{"VariableDefinitions":[{"Variable":"a","Type":{}}]}]}"#,
        r#"{"Operations":[{"VariableDefinitions":[{"Variable":"a","Type":{"NamedType":"A"},"DefaultValue":{"Kind":12}}]}]}"#,
    ];
    for tree in trees {
        let tree = json::parse(tree.as_bytes()).unwrap();
        assert_eq!(graphql::is_valid(tree, string(SCHEMA)), Value::FALSE, "{tree:?}");
    }
    // A variable in its own default has no value.
    let own = r#"{"Operations":[{"VariableDefinitions":[{"Variable":"a","Type":{"NamedType":"Int"},
        "DefaultValue":{"Raw":"a","Kind":0}}],"SelectionSet":[{"Name":"b","Alias":"b","Arguments":[{"Name":"x",
        "Value":{"Raw":"a"}}]}]}]}"#;
    assert_eq!(graphql::is_valid(json::parse(own.as_bytes()).unwrap(), string(SCHEMA)), Value::FALSE);
}

#[test]
fn an_empty_object_is_an_empty_document() {
    let empty = Value::from(Object::new(0));
    assert_eq!(graphql::is_valid(empty, empty), Value::TRUE);
    assert_eq!(graphql::schema_is_valid(empty), Value::TRUE);
}

#[test]
fn the_first_error_is_enough_without_explanation() {
    let query = Query::read(string("{ x y }")).unwrap();
    let schema = Document::read(string(SCHEMA)).unwrap().into_schema().unwrap();
    let messages: Vec<usize> =
        [true, false].map(|explain| validate(&schema, &query, explain).unwrap_err().0.len()).to_vec();
    assert!(messages[0] > 100 && messages[1] == 0, "{messages:?}");
}
