//! Values that are made to make builtins slow, large or deep: each call ends as OPA ends it, or, where OPA would not end, with an error
//! that says why.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::{Folder, Run};

/// What a call may take on a busy machine. OPA takes less than a second for each that it ends.
const PATIENCE: Duration = Duration::from_secs(60);

fn evaluated(call: &str, input: &Value, more: &[&str]) -> Run {
    let folder = Folder::new(&[("p.rego", &format!("package p\n\nq := {call}\n")), ("in.json", &input.to_string())]);
    let start = Instant::now();
    let arguments = [&["eval", "-f", "json", "-d", "p.rego", "-i", "in.json", "data.p"], more].concat();
    let run = folder.run(&arguments);
    assert!(start.elapsed() < PATIENCE, "{call}: {:?}", start.elapsed());
    run
}

/// The value of a call whose arguments are made of the input; `null` where it is undefined.
fn value(call: &str, input: &Value) -> Value {
    let run = evaluated(call, input, &[]);
    assert_eq!(run.code, 0, "{call}: {run:.1000?}");
    run.json()["result"][0]["expressions"][0]["value"]["q"].clone()
}

/// A call that only the limits of a module end.
fn stopped(call: &str, input: &Value) {
    let limits = ["--memory-limit", "256MiB", "--timeout", "20s"];
    let run = evaluated(call, input, &limits).fails(2, &[]);
    let code = run.json()["errors"][0]["code"].clone();
    assert_eq!(code, "eval_cancel_error", "{call}: {run:.1000?}");
}

fn nested(open: &str, middle: &str, close: &str, depth: usize) -> String {
    [&open.repeat(depth), middle, &close.repeat(depth)].concat()
}

#[test]
fn patterns_that_backtrack_elsewhere() {
    let text = json!("a".repeat(50_000) + "!");
    assert_eq!(value(r#"regex.match("^(a+)+$", input)"#, &text), false);
    assert_eq!(value(r#"regex.match("(a|a)*b", input)"#, &text), false);
    assert_eq!(value(r#"regex.match("(?:a?){1000}a{1000}", input)"#, &text), true);
    assert_eq!(value(r#"count(regex.find_n("(x+x+)+y", input, -1))"#, &text), 0);
}

#[test]
fn patterns_that_nest() {
    for (depth, valid) in [(100, true), (990, true), (1_001, false), (100_000, false)] {
        let pattern = json!(nested("(", "a", ")", depth));
        assert_eq!(value("regex.is_valid(input)", &pattern), valid, "{depth}");
        let matches = value(r#"regex.match(input, "a")"#, &pattern);
        assert_eq!(matches, if valid { json!(true) } else { Value::Null }, "{depth}");
    }
}

#[test]
fn globs_with_many_alternatives() {
    let alternatives: Vec<String> = (0..10_000).map(|number| format!("a{number}")).collect();
    let glob = json!(format!("{{{}}}", alternatives.join(",")));
    assert_eq!(value(r#"glob.match(input, [], "a9999")"#, &glob), true);
    assert_eq!(value(r#"glob.match(input, [], "b")"#, &glob), false);
}

#[test]
fn yaml_that_grows() {
    let mut text = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (alias, name) in "abcdefghi".chars().zip("bcdefghij".chars()) {
        text += &format!("{name}: &{name} [{}]\n", vec![format!("*{alias}"); 9].join(","));
    }
    assert_eq!(value("yaml.is_valid(input)", &json!(text)), false);
    assert_eq!(value("yaml.unmarshal(input)", &json!(text)), Value::Null);
}

#[test]
fn schemas_that_refer_to_themselves() {
    let schema = json!({"type": "object", "properties": {"a": {"$ref": "#"}}});
    let input = json!({"document": {"a": {"a": {"a": 1}}}, "schema": schema});
    assert_eq!(value("json.match_schema(input.document, input.schema)[0]", &input), false);
    assert_eq!(value("json.match_schema(input.document.a.a.b, input.schema)", &input), Value::Null);
    assert_eq!(value("json.verify_schema(input)", &json!({"$ref": "#"})), json!([true, null]));
}

#[test]
fn tokens_that_lie() {
    // {"alg":"none"} and {"alg":"HS256"} with {"sub":"x"}.
    let none = json!("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.");
    let symmetric = json!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA");
    assert_eq!(value("io.jwt.decode(input)", &none), json!([{"alg": "none"}, {"sub": "x"}, ""]));
    assert_eq!(value(r#"io.jwt.decode_verify(input, {"secret": "x"})"#, &none), json!([false, {}, {}]));
    assert_eq!(value(r#"io.jwt.verify_hs256(input, "x")"#, &none), false);
    assert_eq!(value(r#"io.jwt.verify_rs256(input, "x")"#, &symmetric), Value::Null);
    let header = json!({"alg": "HS256", "x": "y".repeat(1_000_000)}).to_string();
    let large = [data_encoding::BASE64URL_NOPAD.encode(header.as_bytes()), "eyJzdWIiOiJ4In0.AAAA".to_owned()].join(".");
    assert_eq!(value("count(io.jwt.decode(input)[0].x)", &json!(large)), 1_000_000);
    assert_eq!(value(r#"io.jwt.decode_verify(input, {"secret": "x"})"#, &json!(large)), json!([false, {}, {}]));
}

#[test]
fn certificates_that_end_too_early() {
    let truncated = json!("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
    assert_eq!(value("crypto.x509.parse_certificates(input)", &truncated), Value::Null);
    assert_eq!(value("crypto.x509.parse_and_verify_certificates(input)", &truncated), json!([false, []]));
}

#[test]
fn graphql_that_nests() {
    const SCHEMA: &str = r#""type Query { a: Query }""#;
    let valid = |depth| value(&format!("graphql.is_valid(input, {SCHEMA})"), &json!(nested("{a", "", "}", depth)));
    for depth in [10, 400, 10_000, 100_000] {
        // The innermost selection has none of its own, which the schema asks for.
        assert_eq!(valid(depth), false, "{depth}");
    }
    let parsed = |depth| value("is_object(graphql.parse_query(input))", &json!(nested("{a", "", "}", depth)));
    assert_eq!(parsed(400), true);
    assert_eq!(parsed(10_000), Value::Null);
}

#[test]
fn templates_that_nest() {
    let rendered = |depth| {
        let template = ["{{", &nested("(print ", "1", ")", depth), "}}"].concat();
        value("strings.render_template(input, {})", &json!(template))
    };
    assert_eq!(rendered(400), "1");
    assert_eq!(rendered(100_000), Value::Null);
}

#[test]
fn numbers_that_ask_for_much() {
    assert_eq!(value(r#"count(sprintf("%1000000d", [input]))"#, &json!(1)), 1_000_000);
    assert_eq!(value(r#"count(sprintf("%.1000000f", [input]))"#, &json!(1.5)), 1_000_002);
    assert_eq!(value(r#"count(sprintf("%.1000000e", [input]))"#, &json!(1.5)), 1_000_006);
    assert_eq!(value(r#"count(sprintf("%.1000000g", [input]))"#, &json!(1.5)), 3);
    assert_eq!(value(r#"count(sprintf("%*d", [1000000, input]))"#, &json!(1)), 1_000_000);
    assert_eq!(value(r#"sprintf("%99999999999d", [input])"#, &json!(1)), "%!(NOVERB)%!(EXTRA int64=1)");
    stopped("count(numbers.range(0, input))", &json!(1_000_000_000_000_i64));
    stopped("count(numbers.range_step(0, input, 7))", &json!(1_000_000_000_000_i64));
}

#[test]
fn texts_that_grow() {
    let text = json!("x".repeat(10_000));
    assert_eq!(value(r#"count(replace(input, "x", input))"#, &text), 100_000_000);
    stopped(r#"count(concat("", [part | some _ in numbers.range(1, 100000); part := input]))"#, &text);
}

#[test]
fn networks_that_expand() {
    stopped("count(net.cidr_expand(input))", &json!("::/64"));
    assert_eq!(value("count(net.cidr_expand(input))", &json!("10.0.0.0/20")), 4096);
}

#[test]
fn encodings_times_and_zones_that_are_none() {
    for (call, want) in [
        (
            "base64.decode(input)",
            json!({"aGVs bG8=": null, "aGVs\nbG8=": "hello", "a===": null, "\u{0}aGVsbG8=": null}),
        ),
        ("time.parse_ns(\"not a layout\", input)", json!({"x": null})),
        ("time.format([0, input])", json!({"Nowhere/Land": null, "": "1970-01-01T00:00:00Z"})),
        ("time.format([0, \"Europe/Berlin\", input])", json!({"nonsense": "nonsense"})),
        ("time.parse_ns(\"2006-01-02\", input)", json!({"2006-13-45": null})),
        ("time.parse_duration_ns(input)", json!({"1y": 31_536_000_000_000_000_i64, "": null})),
    ] {
        for (input, want) in want.as_object().unwrap() {
            assert_eq!(value(call, &json!(input)), *want, "{call} of {input:?}");
        }
    }
}
