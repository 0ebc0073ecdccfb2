//! OPA's answers.

use alloc::string::String;

use super::parse;
use crate::json;

fn read(text: &str) -> String {
    match parse(text.as_bytes()) {
        Ok(value) => String::from_utf8_lossy(json::write(value)).into_owned(),
        Err(error) => alloc::format!("error: {}", error.message.trim_start_matches("yaml: ")),
    }
}

#[test]
fn scalars() {
    assert_eq!(
        read("[1, 0x1f, 0o17, 017, 1_000, 1.5, 1e3, .5, 0b11, -0, +1, 18446744073709551615, 18446744073709551616]"),
        "[1,31,15,15,1000,1.5,1000,0.5,3,0,1,18446744073709551615,18446744073709552000]"
    );
    assert_eq!(
        read("[yes, on, true, ~, null, 2001-01-01, '1', 0x, 1e999]"),
        r#"["yes","on",true,null,null,"2001-01-01","1","0x","1e999"]"#
    );
    assert_eq!(read("[!!str 1, !!float 1, !custom 1, ! 1, !!binary aGk=]"), r#"["1",1,"1",1,"hi"]"#);
    assert_eq!(read("[1e21, 1e-7]"), "[1e+21,1e-7]");
    assert_eq!(read("!!int abc"), "error: cannot decode !!str `abc` as a !!int");
    assert_eq!(read(".nan"), "error: json: unsupported value: NaN");
}

#[test]
fn mappings() {
    assert_eq!(read("a: 1\nb:\n  - x\n  - y: z\n"), r#"{"a":1,"b":["x",{"y":"z"}]}"#);
    assert_eq!(read("{1: a, true: b, 1.5: c, 1: d}"), r#"{"1":"d","1.5":"c","true":"b"}"#);
    assert_eq!(
        read("{1e39: a, -1e39: b, 0.1: c, 1e-7: d, 16777217.0: e}"),
        r#"{"-.inf":"b",".inf":"a","0.1":"c","1.6777216e+07":"e","1e-07":"d"}"#
    );
    assert_eq!(read("null: 1"), "error: unsupported map key of type: %!s(<nil>), key: <nil>, value: 1");
    assert_eq!(read("[a]: 1"), "error: invalid map key: []interface {}{\"a\"}");
    assert_eq!(
        read("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {<<: [{c: 1}, *x, {c: 2}]}"),
        r#"{"x":{"a":1,"b":2},"y":{"a":1,"b":3},"z":{"a":1,"b":2,"c":1}}"#
    );
    assert_eq!(read("{<<: 1}"), "error: map merge requires map or sequence of maps as the value");
}

#[test]
fn go_yaml_scans_otherwise_than_libyaml() {
    assert_eq!(read("- [a:, b]\n- {a:, b:}\n- [1:2]"), r#"[["a:","b"],{"a:":null,"b:":null},["1:2"]]"#);
    assert_eq!(read("- [\"x:,\", 'y:[', &a b:,*a]\n- |\n  z:{\n"), r#"[["x:,","y:[","b:","b:"],"z:{\n"]"#);
    assert_eq!(read("{a: 1, b:{c: 1}}"), "error: did not find expected ',' or '}'");
    assert_eq!(read("[http://x/?q=1]"), "error: did not find expected ',' or ']'");
    assert_eq!(read("x:\n - [a,\n b?]"), "error: line 1: did not find expected ',' or ']'");
    assert_eq!(read("[?a, 'b?']\n"), r#"[{"a":null},"b?"]"#);
    assert_eq!(read("- x?y\n- {a: \"?\"}"), r#"["x?y",{"a":"?"}]"#);
    assert_eq!(read("{\"a\\/b\": 1}"), "error: found unknown escape character");
    assert_eq!(read("a: \"x\n\n\\/\""), "error: line 3: found unknown escape character");
    assert_eq!(read("['\\/', \"\\\\/\", \\/]"), r#"["\\/","\\/","\\/"]"#);
}

#[test]
fn streams() {
    assert_eq!(read(""), "null");
    assert_eq!(read("# nothing\n"), "null");
    assert_eq!(read("a: 1\n---\nb: 2"), r#"{"a":1}"#);
    assert!(read("a: 1\n---\n[").starts_with("error"));
    assert!(read("%YAML 1.2\n--- a").starts_with("error"));
    assert_eq!(read("%YAML 1.1\n--- a"), r#""a""#);
}

#[test]
fn floats() {
    assert_eq!(
        read("[1e-7, 1e21, 1.5e-10, 123456789.125, 0.000001, -0.0, 1e20, 0.30000000000000004]"),
        "[1e-7,1e+21,1.5e-10,123456789.125,0.000001,-0,100000000000000000000,0.30000000000000004]"
    );
}

#[test]
fn aliases_are_bounded() {
    assert_eq!(read("&a [*a]"), "error: anchor 'a' value contains itself");
    assert_eq!(read("[*b]"), "error: unknown anchor 'b' referenced");
    let mut bomb = String::from("a0: &a0 [x]\n");
    for level in 1..12 {
        let item = alloc::format!("*a{}", level - 1);
        bomb.push_str(&alloc::format!("a{level}: &a{level} [{}]\n", [item.as_str(); 9].join(", ")));
    }
    assert_eq!(read(&bomb), "error: document contains excessive aliasing");
    assert!(read(&"[".repeat(5000)).starts_with("error: exceeded"));
}

#[test]
fn what_is_written() {
    let written = |json: &str| {
        let value = crate::json::parse(json.as_bytes()).expect("JSON");
        super::write(value).map(|text| std::string::String::from_utf8(text).expect("UTF-8"))
    };
    for (json, want) in [
        (r#""""#, "\"\"\n"),
        (r#""a\n\n""#, "|+\n  a\n\n"),
        (r#""\n""#, "|2+\n\n"),
        (r#"" a\nb""#, "|2-\n   a\n  b\n"),
        (r#"{"a\nb":{"c":1},"d":["x\ny\n"]}"#, "? |-\n  a\n  b\n: c: 1\nd:\n  - |\n    x\n    y\n"),
        (r#"[["a",[]],{}]"#, "- - a\n  - []\n- {}\n"),
        (r#"{"a10":1,"a9":2,"a":3,"_":4,"B":5}"#, "_: 4\nB: 5\na: 3\na9: 2\na10: 1\n"),
        (
            r#"["1:30","2020-1-2","2020-13-1","0o7","yes","<<","a: b","x #","-","\ufeffa","\u00a0"]"#,
            "- \"1:30\"\n- \"2020-1-2\"\n- 2020-13-1\n- \"0o7\"\n- \"yes\"\n- <<\n- 'a: b'\n- 'x #'\n- '-'\n- \"\\uFEFF\\x61\"\n- \u{a0}\n",
        ),
        ("[1e6,1.0,-0,18446744073709551616,1e400]", "- 1e+06\n- 1\n- 0\n- 1.8446744073709552e+19\n- 1e400\n"),
        ("\"a \u{85} b\u{85}\u{85}c\"", "|-\n  a b\n  c\n"),
    ] {
        assert_eq!(written(json).as_deref(), Ok(want), "{json}");
    }
    assert_eq!(written("\"\u{7f}\""), Err("yaml: control characters are not allowed"));
    let long = std::format!("{{\"{}\":1}}", "k".repeat(1023));
    assert_eq!(written(&long), Err("yaml: did not find expected ',' or '}'"));
}
