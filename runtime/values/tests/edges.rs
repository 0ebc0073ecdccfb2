//! OPA's answers to single calls at the edges of builtins: each was answered otherwise once, and found by drawing arguments.
#![expect(clippy::unwrap_used, reason = "tests")]

use regoc_values::{builtins, display, error, syntax};

enum Argument {
    /// A value in value syntax.
    Value(&'static str),
    /// A string that is no UTF-8.
    Bytes(&'static [u8]),
}

use Argument::{Bytes, Value};

/// A builtin, its operands, and the value as OPA prints it inside of texts, or the message of the error.
type Case = (&'static str, &'static [Argument], Result<&'static [u8], &'static [u8]>);

const CASES: &[Case] = &[
    (
        "graph.reachable_paths",
        &[Value(r#"{"a": ["a", "b"], "b": []}"#), Value(r#"["a"]"#)],
        Ok(b"{[\"a\", \"a\"], [\"a\", \"a\", \"b\"], [\"a\", \"b\"]}"),
    ),
    (
        "graph.reachable_paths",
        &[Value(r#"{"a": ["b"], "b": ["b", "a"]}"#), Value(r#"{"a", "b"}"#)],
        Ok(b"{[\"a\", \"b\"], [\"b\", \"a\"], [\"b\", \"b\"], [\"b\", \"b\", \"a\"]}"),
    ),
    ("bits.rsh", &[Value("10"), Value("18446744073709551616")], Ok(b"10")),
    ("bits.rsh", &[Value("-9"), Value("18446744073709551617")], Ok(b"-5")),
    ("bits.lsh", &[Value("3"), Value("18446744073709551618")], Ok(b"12")),
    (
        "sprintf",
        &[Value(r#""%X %#X %x""#), Value("[1.5, 0.1, 2.5]")],
        Ok(b"\"0X1.8P+00 0X1.999999999999AP-04 0x1.4p+01\""),
    ),
    (
        "glob.match",
        &[Value(r#""[]""#), Value("null"), Value(r#""a""#)],
        Err(b"glob: syntax error at 2: could not parse range"),
    ),
    (
        "glob.match",
        &[Value(r#""[!]""#), Value("null"), Value(r#""a""#)],
        Err(b"glob: syntax error at 3: could not parse range"),
    ),
    (
        "glob.match",
        &[Value(r#""[b-a]""#), Value("null"), Value(r#""a""#)],
        Err(b"glob: syntax error at 5: range hi character is less than lo"),
    ),
    (
        "glob.match",
        &[Value(r#""[b-ax]""#), Value("null"), Value(r#""a""#)],
        Err(b"glob: syntax error at 5: expected close range character"),
    ),
    (
        "glob.match",
        &[Value(r#""[a-]""#), Value("null"), Value(r#""a""#)],
        Err(b"glob: syntax error at 4: unexpected end of input"),
    ),
    (
        "glob.match",
        &[Value(r#""[\\""#), Value("null"), Value(r#""a""#)],
        Err(b"glob: syntax error at 2: unexpected end of input"),
    ),
    ("regex.match", &[Bytes(b"a\xffb"), Value(r#""a""#)], Err(b"error parsing regexp: invalid UTF-8: `\xffb`")),
    (
        "regex.match",
        &[Bytes(b"*\xffb"), Value(r#""a""#)],
        Err(b"error parsing regexp: missing argument to repetition operator: `*`"),
    ),
    ("regex.match", &[Bytes(b"(\xff"), Value(r#""a""#)], Err(b"error parsing regexp: invalid UTF-8: `\xff`")),
    (
        "semver.compare",
        &[Value(r#""1.0.0""#), Bytes(b"1\xff")],
        Err(b"operand 2: string \"1\\xff\" is not a valid SemVer"),
    ),
    ("to_number", &[Value(r#""\u2028""#)], Err(b"strconv.ParseFloat: parsing \"\\u2028\": invalid syntax")),
    ("to_number", &[Value(r#""\u0000""#)], Err(b"strconv.ParseFloat: parsing \"\\x00\": invalid syntax")),
    (
        "json.patch",
        &[Value(r#"{"a": 1}"#), Value(r#"[{"op": "remove", "path": "b/c"}]"#)],
        Err(b"path \"b\" does not exist in object term {\"a\": 1}"),
    ),
    (
        "json.patch",
        &[Value(r#"{"x": {"y"}}"#), Value(r#"[{"op": "remove", "path": ["x", "z", "0"]}]"#)],
        Err(b"path z does not exist in set term {\"y\"}"),
    ),
    ("yaml.unmarshal", &[Value(r#""null: 1""#)], Err(b"unsupported map key of type: %!s(<nil>), key: <nil>, value: 1")),
    (
        "yaml.unmarshal",
        &[Value(r#""null: [a, ~]""#)],
        Err(b"unsupported map key of type: %!s(<nil>), key: <nil>, value: []interface {}{\"a\", interface {}(nil)}"),
    ),
    ("yaml.unmarshal", &[Value(r#""!!int 1.5""#)], Err(b"yaml: cannot decode !!float `1.5` as a !!int")),
    ("yaml.unmarshal", &[Value(r#""!!bool x""#)], Err(b"yaml: cannot decode !!str `x` as a !!bool")),
    ("yaml.unmarshal", &[Value(r#""\"\\u00g\"""#)], Err(b"yaml: did not find expected hexdecimal number")),
    ("json.unmarshal", &[Value(r#""1 null""#)], Ok(b"1")),
    ("json.unmarshal", &[Value(r#""1 null x""#)], Ok(b"1")),
    ("json.unmarshal", &[Value(r#""1 2""#)], Err(b"error: invalid character '2' after top-level value")),
    ("json.unmarshal", &[Value(r#""1 \"x y\" z""#)], Err(b"error: invalid character 'x y' after top-level value")),
    (
        "json.unmarshal",
        &[Value(r#""1 true""#)],
        Err(b"error: invalid character '%!s(bool=true)' after top-level value"),
    ),
    (
        "json.unmarshal",
        &[Value(r#""1 false""#)],
        Err(b"error: invalid character '%!s(bool=false)' after top-level value"),
    ),
    ("json.unmarshal", &[Value(r#""1 [""#)], Err(b"error: invalid character '[' after top-level value")),
    ("json.unmarshal", &[Value(r#""1 }""#)], Err(b"invalid character '}' looking for beginning of value")),
    ("json.unmarshal", &[Value(r#""1 :""#)], Err(b"invalid character ':' looking for beginning of value")),
    ("json.unmarshal", &[Value(r#""1 ,""#)], Err(b"invalid character ',' looking for beginning of value")),
    ("json.unmarshal", &[Value(r#""1 tru""#)], Err(b"unexpected EOF")),
    ("json.unmarshal", &[Value(r#""1 trux""#)], Err(b"invalid character 'x' in literal true (expecting 'e')")),
    ("json.unmarshal", &[Value(r#""1 2x""#)], Err(b"error: invalid character '2' after top-level value")),
    ("json.unmarshal", &[Value(r#""1 \"x""#)], Err(b"unexpected EOF")),
    ("json.unmarshal", &[Value(r#""1 2.5e""#)], Err(b"unexpected EOF")),
    ("json.unmarshal", &[Value(r#""nulx""#)], Err(b"invalid character 'x' in literal null (expecting 'l')")),
    ("json.unmarshal", &[Value(r#""nul""#)], Err(b"unexpected EOF")),
    ("json.unmarshal", &[Value(r#""tx""#)], Err(b"invalid character 'x' in literal true (expecting 'r')")),
    ("json.unmarshal", &[Value(r#""fals ""#)], Err(b"invalid character ' ' in literal false (expecting 'e')")),
    ("json.unmarshal", &[Value(r#""[1,""#)], Err(b"unexpected EOF")),
    ("json.unmarshal", &[Value(r#""-x""#)], Err(b"invalid character 'x' in numeric literal")),
    ("json.unmarshal", &[Value(r#""1.x""#)], Err(b"invalid character 'x' after decimal point in numeric literal")),
    ("json.unmarshal", &[Value(r#""1ex""#)], Err(b"invalid character 'x' in exponent of numeric literal")),
    ("json.unmarshal", &[Value(r#""1e+x""#)], Err(b"invalid character 'x' in exponent of numeric literal")),
    ("json.unmarshal", &[Value(r#""\"\\u12g4\"""#)], Err(b"invalid character 'g' in \\u hexadecimal character escape")),
    ("json.unmarshal", &[Value(r#""\"\\u12""#)], Err(b"unexpected EOF")),
    ("json.unmarshal", &[Value(r#""\"\\u12\"""#)], Err(b"invalid character '\"' in \\u hexadecimal character escape")),
    ("json.unmarshal", &[Value(r#""\"\\x\"""#)], Err(b"invalid character 'x' in string escape code")),
    ("json.unmarshal", &[Value(r#""\"\t\"""#)], Err(b"invalid character '\\t' in string literal")),
    ("json.unmarshal", &[Value(r#""é""#)], Err(b"invalid character '\xc3\x83' looking for beginning of value")),
    ("json.unmarshal", &[Value(r#""'""#)], Err(b"invalid character '\\'' looking for beginning of value")),
    ("json.unmarshal", &[Value(r#""{\"a\"""#)], Err(b"invalid character '\xc3\x82' after object key")),
    ("json.unmarshal", &[Value(r#""{\"a\":1}x""#)], Err(b"invalid character 'x' looking for beginning of value")),
    (
        "json.unmarshal",
        &[Value(r#""{\"a\":1,}""#)],
        Err(b"invalid character '}' looking for beginning of object key string"),
    ),
    ("json.unmarshal", &[Value("\"\\\"\x7f\"")], Err(b"unexpected EOF")),
    ("json.unmarshal", &[Value(r#""[1 \"""#)], Err(b"invalid character '\"' after array element")),
    ("json.unmarshal", &[Bytes(b"\xff")], Err(b"invalid character '\xc3\xbf' looking for beginning of value")),
    ("substring", &[Value(r#""éx""#), Value(r#"0"#), Value(r#"2"#)], Ok(b"\"\xc3\xa9x\"")),
    ("substring", &[Value(r#""éxyz""#), Value(r#"0"#), Value(r#"9"#)], Ok(b"\"\xc3\xa9xyz\"")),
    ("substring", &[Value(r#""axyz""#), Value(r#"1"#), Value(r#"2"#)], Ok(b"\"xy\"")),
    ("urlquery.encode_object", &[Value(r#"{["<"]: "a"}"#)], Ok(b"\"%5B%22%5Cu003c%22%5D=a\"")),
    ("yaml.marshal", &[Value(r#"{["<"]: 1}"#)], Ok(b"\"'[\\\"\\\\u003c\\\"]': 1\\n\"")),
    ("uri.parse", &[Value(r#""http://[::1(]:80/""#)], Err(b"parse \"http://[::1(]:80/\": invalid host: ParseAddr(\"::1(\"): unexpected character, want colon (at \"(\")")),
    ("uri.parse", &[Value(r#""http://[1.2.3.4]""#)], Err(b"parse \"http://[1.2.3.4]\": invalid IP-literal")),
    ("uri.parse", &[Value(r#""http://[1::2::3]""#)], Err(b"parse \"http://[1::2::3]\": invalid host: ParseAddr(\"1::2::3\"): multiple :: in address (at \":3\")")),
    ("uri.parse", &[Value(r#""http://[::1.2.3]""#)], Err(b"parse \"http://[::1.2.3]\": invalid host: ParseAddr(\"::1.2.3\"): IPv4 address too short")),
    ("uri.parse", &[Value(r#""http://[1:2]""#)], Err(b"parse \"http://[1:2]\": invalid host: ParseAddr(\"1:2\"): address string too short")),
    ("regex.match", &[Bytes(b"(?P<\xff"), Value(r#""a""#)], Err(b"error parsing regexp: invalid UTF-8: `\xff`")),
    ("regex.match", &[Value(r#""(?P<""#), Value(r#""a""#)], Err(b"error parsing regexp: invalid or unsupported Perl syntax: `(?P`")),
    ("regex.match", &[Bytes(b"a)\xff"), Value(r#""a""#)], Err(b"error parsing regexp: unexpected ): `a)\xff`")),
    ("regex.template_match", &[Value(r#""{.**}}""#), Value(r#""a""#), Value(r#""{""#), Value(r#""}""#)], Err(b"unbalanced braces in \"{.**}}\"")),
    ("time.clock", &[Value(r#"[0, "UTC\u0000"]"#)], Err(b"invalid argument")),
    ("crypto.parse_private_keys", &[Value(r#""-----BEGIN PRIVATE KEY-----\nMC4C:AA\n-----END PRIVATE KEY-----\n""#)], Ok(b"[]")),
    ("json.patch", &[Value(r#"[1, {"c": 2}]"#), Value(r#"[{"op": "add", "path": "/0", "value": null}, {"op": "move", "path": "/0", "from": "/1"}]"#)], Ok(b"[{\"c\": 2}, null, {\"c\": 2}]")),
    ("json.patch", &[Value(r#"{"a": {"b": 1}}"#), Value(r#"[{"op": "move", "path": "/a/b", "from": "/a"}]"#)], Err(b"cannot unfold the already deleted composite node for key \"a\"")),
    ("json.patch", &[Value(r#"{"a": 1}"#), Value(r#"[{"op": "remove", "path": "/a"}, {"op": "remove", "path": "/a"}]"#)], Err(b"cannot delete the already deleted scalar node for key \"a\"")),
    ("json.patch", &[Value(r#"{"a": 1}"#), Value(r#"[{"op": "remove", "path": "/a"}, {"op": "test", "path": "/b", "value": 1}]"#)], Err(b"path \"b\" does not exist in object term {\"a\": 1}")),
    ("json.patch", &[Value(r#"[1]"#), Value(r#"[{"op": "test", "path": "/-", "value": 1}]"#)], Err(b"path 1 does not exist in array term [1]")),
    ("json.patch", &[Value(r#"1"#), Value(r#"[{"op": "remove", "path": ""}, {"op": "test", "path": "", "value": 1}]"#)], Err(b"value from EditTree != patch value.\n\nExpected: 1\n\nFound: <nil>")),
];

#[test]
fn calls_at_the_edges_answer_as_opa_does() {
    for (name, arguments, wanted) in CASES {
        let operands: Vec<_> = arguments
            .iter()
            .map(|argument| match argument {
                Value(text) => syntax::parse(text.as_bytes()).unwrap(),
                Bytes(bytes) => regoc_values::Value::string(bytes),
            })
            .collect();
        error::take();
        let value = builtins::call(name, &operands).unwrap();
        let got = match error::take() {
            Some((_, message)) => Err(message),
            None => Ok(display(value)),
        };
        let shown = |result: &Result<Vec<u8>, Vec<u8>>| match result {
            Ok(text) => String::from_utf8_lossy(text).into_owned(),
            Err(text) => format!("error: {}", String::from_utf8_lossy(text)),
        };
        let wanted = wanted.map(<[u8]>::to_vec).map_err(<[u8]>::to_vec);
        assert_eq!(got, wanted, "{name}({operands:?}): {} instead of {}", shown(&got), shown(&wanted));
    }
}
