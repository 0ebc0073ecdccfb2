//! What the conformance cases do not show. Each answer is OPA's, unless it is said otherwise.

use std::string::String;
use std::vec::Vec;

use super::{clock, compile, document, email, format, number};
use crate::builtins::schemas;
use crate::{Value, error, json};

fn parsed(text: &str) -> Value {
    json::parse(text.as_bytes()).expect("JSON")
}

fn fault(schema: &str) -> String {
    let schema = document(parsed(schema)).expect("an object");
    String::from_utf8(compile(schema).err().unwrap_or_default()).expect("UTF-8")
}

fn problems(instance: &str, schema: &str) -> Vec<String> {
    let instance = document(parsed(instance)).expect("an object");
    let schema = document(parsed(schema)).expect("an object");
    let problems = compile(schema).expect("a schema").validate(instance).expect("an answer");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    problems
        .iter()
        .map(|problem| text(&problem.field) + " " + problem.kind + " " + &text(&problem.description))
        .collect()
}

#[test]
fn faults_of_references() {
    for (schema, want) in [
        (r##"{"$ref":"#/definitions/x"}"##, "Object has no key 'definitions'"),
        (r##"{"$ref":"#/a/1","a":[{}]}"##, "Out of bound array[0,1] index '1'"),
        (r##"{"$ref":"#/a/x","a":[{}]}"##, "Invalid array index 'x'"),
        (r##"{"$ref":"#/a/x","a":1}"##, "Invalid token reference 'x'"),
        (r##"{"$ref":"#/a","a":1}"##, "Valid Schema must be of type object"),
        (r##"{"$ref":"other.json"}"##, "Reference /other.json must be canonical"),
        (r##"{"$ref":"http://a.example/b#/c"}"##, "remote reference loading disabled: http://a.example/b"),
        (r##"{"$ref":":"}"##, r#"parse ":": missing protocol scheme"#),
        (r##"{"allOf":[{"$id":"#a"},{"$id":"#a"}]}"##, "Reference already exists: \"#a\""),
        (r##"{"$schema":1}"##, "$schema must be of type string"),
        (r##"{"$ref":"http://json-schema.org/draft-07/schema#/definitions/simpleTypes"}"##, ""),
    ] {
        assert_eq!(fault(schema), want, "{schema}");
    }
}

#[test]
fn references_to_files_are_refused_where_opa_reads_them() {
    assert_eq!(fault(r#"{"$ref":"file:///a"}"#), "remote reference loading disabled: file:///a");
}

#[test]
fn what_follows_a_reference_counts_from_its_identifier() {
    let schema = r##"{"$id":"http://a.example/b/c.json","$ref":"../d.json#/definitions/e",
        "definitions":{"x":{"$id":"/d.json","definitions":{"e":{"type":"array"}}}}}"##;
    assert_eq!(problems("{}", schema), ["(Root) invalid_type Invalid type. Expected: array, given: object"]);
}

#[test]
fn metaschemas_are_known() {
    let schema = r#"{"$ref":"http://json-schema.org/draft-07/schema#"}"#;
    assert_eq!(
        problems(r#"{"properties":{"a":{"minLength":-1}}}"#, schema),
        [
            "properties.a.minLength number_gte Must be greater than or equal to 0",
            "properties.a.minLength number_all_of Must validate all the schemas (allOf)",
        ]
    );
}

#[test]
fn a_schema_without_end_is_refused() {
    // OPA's stack overflows on the first two.
    for schema in [r##"{"$ref":"#"}"##, r##"{"allOf":[{"$ref":"#"}]}"##, r##"{"not":{"anyOf":[{"$ref":"#"}]}}"##] {
        error::take();
        assert!(schemas::matches(parsed("{}"), parsed(schema)).is_undefined());
        let (_, message) = error::take().expect("a failure");
        assert!(message.starts_with(b"schema validation "), "{schema}: {}", String::from_utf8_lossy(&message));
    }
}

#[test]
fn a_schema_that_takes_exponential_time_is_refused() {
    let double = |n: usize| {
        std::format!(r##""d{n}":{{"allOf":[{{"$ref":"#/definitions/d{0}"}},{{"$ref":"#/definitions/d{0}"}}]}}"##, n + 1)
    };
    let definitions: Vec<String> = (0..60).map(double).collect();
    let schema =
        std::format!(r##"{{"$ref":"#/definitions/d0","definitions":{{{},"d60":{{}}}}}}"##, definitions.join(","));
    error::take();
    assert!(schemas::matches(parsed("{}"), parsed(&schema)).is_undefined());
    assert_eq!(error::take().expect("a failure").1, b"schema validation takes too long");
}

#[test]
fn documents_may_nest_as_deep_as_json_does() {
    let nested = "[".repeat(900) + &"]".repeat(900);
    assert_eq!(problems(&nested, r##"{"items":{"$ref":"#"},"anyOf":[{"type":"array"}]}"##), [] as [&str; 0]);
    let schema = r#"{"not":"#.repeat(1200) + "{}" + &"}".repeat(1200);
    assert!(document(Value::string(schema.as_bytes())).is_err());
}

#[test]
fn limits_in_messages() {
    for (limit, want) in [
        ("0", "0"),
        ("-0.5", "-0.5"),
        ("100000", "100000"),
        ("1000000", "1e+06"),
        ("1234567.5", "1.2345675e+06"),
        ("0.0001", "0.0001"),
        ("0.00001", "1e-05"),
        ("12e100", "1.2e+101"),
        ("1.50", "1.5"),
        ("0.403190949589681237069445", "0.403190949589681237069446"),
        ("0.997579870316339712082792", "0.99757987031633971208279"),
    ] {
        assert_eq!(number::limit_text(parsed(limit)), want.as_bytes(), "{limit}");
    }
}

#[test]
fn multiples_are_exact() {
    for (number, of, want) in [
        ("0.3", "0.1", true),
        ("1e300", "3", false),
        ("1e30", "0.0001", true),
        ("0.35", "0.1", false),
        ("0", "7", true),
        ("-9", "4.5", true),
        ("1e-7", "1", false),
    ] {
        assert_eq!(number::is_multiple(parsed(number), parsed(of)), Some(want), "{number} {of}");
    }
}

#[test]
fn dates_and_times() {
    for (text, want) in [("2020-02-29", true), ("2021-02-29", false), ("1900-02-29", false), ("20-01-01", false)] {
        assert_eq!(clock::is_date(text.as_bytes()), want, "{text}");
    }
    for (text, want) in [
        ("1:02:03", true),
        ("12:00:60", false),
        ("12:00:00,5Z", true),
        ("12:00:00.", false),
        ("12:00:00+24:60", true),
        ("12:00:00+25:00", false),
    ] {
        assert_eq!(clock::is_time(text.as_bytes()), want, "{text}");
    }
}

#[test]
fn mail_addresses() {
    for (text, want) in [
        ("a@b", true),
        ("A \"B\" (c) <a.b@[::1]>", true),
        ("a..b@c", false),
        ("\"\"@c", false),
        ("\"\\\"\"@c (x)", true),
        ("g: a@b;", true),
        ("g: a@b, c@d;", false),
        ("g:;", false),
        ("=?utf-8?q?x?= <a@b>", true),
        ("=?utf-8?q??= <a@b>", false),
        ("=?koi8-r?q?x?= <a@b>", false),
        ("a@b (=?koi8-r?q?x?=)", false),
        ("a@[1.2.3]", false),
    ] {
        assert_eq!(email::is_address(text.as_bytes()), want, "{text}");
    }
}

#[test]
fn other_formats() {
    for (name, text, want) in [
        ("ipv4", "::1.2.3.4", true),
        ("uri-template", "http://a/{b}/{c", false),
        ("hostname", "a-.b", false),
        ("relative-json-pointer", "0#", true),
        ("relative-json-pointer", "01", false),
        ("json-pointer", "/~2", false),
        ("nothing", "x", true),
    ] {
        assert_eq!(format::is_valid(name.as_bytes(), text.as_bytes()), want, "{name} {text}");
    }
}
