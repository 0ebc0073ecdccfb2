//! OPA's answers.

use alloc::string::{String, ToString};
use std::format;

use crate::{Value, builtins, error, syntax};

const DATA: &str = r#"{"a":1,"b":"x<y","c":[1,"two",null,true],"m":{"k":"v","z":{"y":1e3}},"n":null,"f":false,"e":"","l":[],"big":12345678901234567890,"u":"é","users":[{"name":"Ann","tags":["x","y"]},{"name":"Bob"}]}"#;

/// What OPA answers: the text, or the message of the error.
fn render(template: &str, data: &str) -> Result<String, String> {
    let data = syntax::parse(data.as_bytes()).expect("a value");
    error::take();
    let result =
        builtins::call("strings.render_template", &[Value::string(template.as_bytes()), data]).expect("a builtin");
    match result.as_str() {
        Some(text) => Ok(String::from_utf8_lossy(text).into_owned()),
        None => Err(String::from_utf8(error::take().expect("an error").1).expect("UTF-8")),
    }
}

fn check(cases: &[(&str, Result<&str, &str>)]) {
    for (template, wanted) in cases {
        let wanted = wanted.map(ToString::to_string).map_err(ToString::to_string);
        assert_eq!(render(template, DATA), wanted, "{template}");
    }
}

#[test]
fn actions() {
    check(&[
        ("Hello {{.b}}!", Ok("Hello x<y!")),
        ("{{if .f}}1{{else if .e}}2{{else if .a}}3{{else}}4{{end}}", Ok("3")),
        ("{{with .m}}{{.k}}{{else}}none{{end}}", Ok("v")),
        ("{{with .e}}1{{else with .u}}{{.}}{{else}}none{{end}}", Ok("é")),
        ("{{range .users}}{{.name}}:{{range .tags}}{{.}},{{else}}-{{end}};{{end}}", Ok("Ann:x,y,;Bob:-;")),
        ("{{range $i, $e := .c}}{{$i}}={{$e}} {{end}}", Ok("0=1 1=two 2=<undefined> 3=true ")),
        ("{{range $k, $v := .m}}{{$k}}={{$v}} {{end}}", Ok("k=v z=map[y:1e3] ")),
        ("{{range .c}}{{if eq . nil}}{{break}}{{end}}{{.}}{{end}}", Ok("1two")),
        ("{{range 5}}{{if eq . 1 3}}{{continue}}{{end}}{{.}}{{end}}", Ok("024")),
        ("{{range index .b 1}}.{{end}}", Ok("............................................................")),
        ("{{range .n}}x{{else}}nothing{{end}}", Ok("nothing")),
        (
            "{{define \"T\"}}[{{.}}{{$}}]{{end}}{{template \"T\" .a}}{{template \"T\"}}",
            Ok("[11][<undefined><undefined>]"),
        ),
        ("{{block \"B\" .m}}{{.k}}{{end}}", Ok("v")),
        ("a {{- /* c */ -}}\n b {{- .a -}} c", Ok("ab1c")),
        ("{{$x := 1}}{{if true}}{{$x = 2}}{{$y := $x}}{{$y}}{{end}}{{$x}}", Ok("22")),
        ("{{range $x := .c}}{{end}}{{$x := .a}}{{$x}}", Ok("1")),
        ("{{/* only */}}", Ok("")),
        ("{{with $x := .m}}{{$x.z.y}}{{end}}", Ok("1e3")),
        ("{{.b | printf \"%s-%d\" | len}}", Ok("16")),
        ("{{(index .users 0).name}}", Ok("Ann")),
    ]);
}

#[test]
fn what_is_not_there() {
    check(&[
        (
            "{{.missing}}|{{.missing.deeper}}|{{.n}}|{{print .missing .n}}|{{html .missing}}",
            Ok("<undefined>|<undefined>|<undefined>|<nil> <nil>|&lt;no value&gt;"),
        ),
        ("<no value>", Ok("<undefined>")),
        (
            "{{.n.x}}",
            Err("template: template:1:4: executing \"template\" at <.n.x>: nil pointer evaluating interface {}.x"),
        ),
        (
            "{{.b.x}}",
            Err(
                "template: template:1:4: executing \"template\" at <.b.x>: can't evaluate field x in type interface {}",
            ),
        ),
        (
            "{{range .b}}{{end}}",
            Err("template: template:1:8: executing \"template\" at <.b>: range can't iterate over x<y"),
        ),
        (
            "{{range $i, $e := 3}}{{end}}",
            Err(
                "template: template:1:18: executing \"template\" at <3>: can't use 3 to iterate over more than one variable",
            ),
        ),
        ("{{$x = 1}}", Err("template: template:1:7: executing \"template\" at <1>: undefined variable: $x")),
        (
            "{{template \"none\"}}",
            Err(
                "template: template:1:11: executing \"template\" at <{{template \"none\"}}>: template \"none\" not defined",
            ),
        ),
    ]);
}

#[test]
fn functions() {
    check(&[
        ("{{and 1 0 .x}} {{or 0 \"\" .u}} {{not .e}} {{and .a}}", Ok("0 é true 1")),
        ("{{len .b}} {{len .c}} {{len .m}} {{len .a}}", Ok("3 4 2 1")),
        (
            "{{len .n}}",
            Err("template: template:1:2: executing \"template\" at <len .n>: error calling len: len of nil pointer"),
        ),
        (
            "{{.n | len}}",
            Err(
                "template: template:1:7: executing \"template\" at <len>: error calling len: reflect: call of reflect.Value.Type on zero Value",
            ),
        ),
        (
            "{{len 3}}",
            Err("template: template:1:2: executing \"template\" at <len 3>: error calling len: len of type int"),
        ),
        ("{{index .c 1}} {{index .m \"z\" \"y\"}} {{index .m \"no\"}} {{index .b 0}}", Ok("two 1e3 <undefined> 120")),
        (
            "{{index .c 4}}",
            Err(
                "template: template:1:2: executing \"template\" at <index .c 4>: error calling index: reflect: slice index out of range",
            ),
        ),
        (
            "{{index .c 5}}",
            Err(
                "template: template:1:2: executing \"template\" at <index .c 5>: error calling index: index out of range: 5",
            ),
        ),
        (
            "{{index .c -1}}",
            Err(
                "template: template:1:2: executing \"template\" at <index .c -1>: error calling index: index out of range: -1",
            ),
        ),
        (
            "{{index .m 1}}",
            Err(
                "template: template:1:2: executing \"template\" at <index .m 1>: error calling index: value has type int; should be string",
            ),
        ),
        (
            "{{index .m .a}}",
            Err(
                "template: template:1:2: executing \"template\" at <index .m .a>: error calling index: value has type json.Number; should be string",
            ),
        ),
        (
            "{{index .n 1}}",
            Err(
                "template: template:1:2: executing \"template\" at <index .n 1>: error calling index: index of untyped nil",
            ),
        ),
        (
            "{{index 1 1}}",
            Err(
                "template: template:1:2: executing \"template\" at <index 1 1>: error calling index: can't index item of type int",
            ),
        ),
        (
            "{{slice .b 1 2}} {{slice .c 1}} {{slice (slice .c 1 2) 0 3}} {{slice .users 0 2}}",
            Ok("< [two <nil> true] [two <nil> true] [map[name:Ann tags:[x y]] map[name:Bob]]"),
        ),
        (
            "{{slice .b 2 1}}",
            Err(
                "template: template:1:2: executing \"template\" at <slice .b 2 1>: error calling slice: invalid slice index: 2 > 1",
            ),
        ),
        (
            "{{slice .b 9}}",
            Err(
                "template: template:1:2: executing \"template\" at <slice .b 9>: error calling slice: index out of range: 9",
            ),
        ),
        (
            "{{slice .c 0 1 2 3}}",
            Err(
                "template: template:1:2: executing \"template\" at <slice .c 0 1 2 3>: error calling slice: too many slice indexes: 4",
            ),
        ),
        (
            "{{slice .m}}",
            Err(
                "template: template:1:2: executing \"template\" at <slice .m>: error calling slice: can't slice item of type map[string]interface {}",
            ),
        ),
        (
            "{{slice .b .a}}",
            Err(
                "template: template:1:2: executing \"template\" at <slice .b .a>: error calling slice: cannot index slice/array with type interface {}",
            ),
        ),
        ("{{print 1 2 \"a\" 3 nil true 1.5}}|{{println 1 \"a\" .a}}", Ok("1 2a3 <nil> true 1.5|1 a 1\n")),
        (
            "{{html .b 1 2}} {{js \"it's <é\\u00ad>\"}} {{urlquery \"a b/é~\"}}",
            Ok("x&lt;y1 2 it\\'s \\u003Cé\\u00AD\\u003E a+b%2F%C3%A9~"),
        ),
        (
            "{{call .b}}",
            Err(
                "template: template:1:2: executing \"template\" at <call .b>: error calling call: non-function .b of type string",
            ),
        ),
        (
            "{{.b | call}}",
            Err(
                "template: template:1:7: executing \"template\" at <call>: error calling call: non-function x<y of type string",
            ),
        ),
        (
            "{{.m | call}}",
            Err(
                "template: template:1:7: executing \"template\" at <call>: error calling call: non-function <map[string]interface {} Value> of type map[string]interface {}",
            ),
        ),
        (
            "{{call nil}}",
            Err("template: template:1:2: executing \"template\" at <call nil>: error calling call: call of nil"),
        ),
        (
            "{{call (print 1)}}",
            Err(
                "template: template:1:2: executing \"template\" at <call (print 1)>: error calling call: non-function print 1 of type string",
            ),
        ),
        (
            "{{eq 1 1}} {{eq .a .a}} {{eq .a \"1\"}} {{eq 1 2 1}} {{eq nil .n}} {{ne .b \"x\"}} {{eq .m nil}}",
            Ok("true true true true true true false"),
        ),
        (
            "{{eq .a 1}}",
            Err(
                "template: template:1:2: executing \"template\" at <eq .a 1>: error calling eq: incompatible types for comparison: json.Number and int",
            ),
        ),
        (
            "{{eq .c .c}}",
            Err(
                "template: template:1:2: executing \"template\" at <eq .c .c>: error calling eq: non-comparable type [1 two <nil> %!s(bool=true)]: []interface {}",
            ),
        ),
        (
            "{{eq .m .m}}",
            Err(
                "template: template:1:2: executing \"template\" at <eq .m .m>: error calling eq: non-comparable type map[k:v z:map[y:1e3]]: map[string]interface {}",
            ),
        ),
        (
            "{{eq .m .c}}",
            Err(
                "template: template:1:2: executing \"template\" at <eq .m .c>: error calling eq: non-comparable types map[k:v z:map[y:1e3]]: map[string]interface {}, []interface {}: [1 two <nil> true]",
            ),
        ),
        (
            "{{eq 1}}",
            Err(
                "template: template:1:2: executing \"template\" at <eq 1>: error calling eq: missing argument for comparison",
            ),
        ),
        (
            "{{lt 1 2}} {{le 2 2}} {{gt \"b\" \"a\"}} {{ge 1.5 2.5}} {{lt (index .b 0) 200}}",
            Ok("true true true false true"),
        ),
        (
            "{{lt true false}}",
            Err(
                "template: template:1:2: executing \"template\" at <lt true false>: error calling lt: invalid type for comparison",
            ),
        ),
        (
            "{{lt .c .c}}",
            Err(
                "template: template:1:2: executing \"template\" at <lt .c .c>: error calling lt: invalid type for comparison",
            ),
        ),
        (
            "{{lt 1 1.5}}",
            Err(
                "template: template:1:2: executing \"template\" at <lt 1 1.5>: error calling lt: incompatible types for comparison: int and float64",
            ),
        ),
        (
            "{{len}}",
            Err("template: template:1:2: executing \"template\" at <len>: wrong number of args for len: want 1 got 0"),
        ),
        (
            "{{lt 1}}",
            Err("template: template:1:2: executing \"template\" at <lt>: wrong number of args for lt: want 2 got 1"),
        ),
        (
            "{{printf}}",
            Err(
                "template: template:1:2: executing \"template\" at <printf>: wrong number of args for printf: want at least 1 got 0",
            ),
        ),
        ("{{printf 1}}", Err("template: template:1:9: executing \"template\" at <1>: expected string; found 1")),
        (
            "{{printf .a}}",
            Err(
                "template: template:1:9: executing \"template\" at <.a>: wrong type for value; expected string; got json.Number",
            ),
        ),
        (
            "{{printf .n}}",
            Err(
                "template: template:1:9: executing \"template\" at <.n>: wrong type for value; expected string; got interface {}",
            ),
        ),
        (
            "{{printf .missing}}",
            Err("template: template:1:9: executing \"template\" at <.missing>: invalid value; expected string"),
        ),
        ("{{printf nil}}", Err("template: template:1:9: executing \"template\" at <nil>: cannot assign nil to string")),
    ]);
}

#[test]
fn formats() {
    check(&[
        ("{{printf \"%v %s %d %T\" .a .a .a .a}}", Ok("1 1 %!d(json.Number=1) json.Number")),
        (
            "{{printf \"%v %d %T\" .c .c .c}}",
            Ok("[1 two <nil> true] [%!d(json.Number=1) %!d(string=two) <nil> %!d(bool=true)] []interface {}"),
        ),
        (
            "{{printf \"%v %#v %T\" .m .m .m}}",
            Ok(
                "map[k:v z:map[y:1e3]] map[string]interface {}{\"k\":\"v\", \"z\":map[string]interface {}{\"y\":\"1e3\"}} map[string]interface {}",
            ),
        ),
        ("{{printf \"%#v\" .c}}", Ok("[]interface {}{\"1\", \"two\", interface {}(nil), true}")),
        ("{{printf \"%5d|%-5d|%05d|%x|%c|%U\" 1 2 3 255 65 65}}", Ok("    1|2    |00003|ff|A|U+0041")),
        ("{{printf \"%q %x %t %v %T\" \"a\" \"a\" true nil nil}}", Ok("\"a\" 61 true <nil> <nil>")),
        ("{{printf \"%d %t\" \"a\" 1}}", Ok("%!d(string=a) %!t(int=1)")),
        ("{{printf \"%*d %[1]d %d\" 3 4}}", Ok("  4 3 4")),
        ("{{printf \"%d\" 1 2 nil}}", Ok("1%!(EXTRA int=2, <nil>)")),
        ("{{printf \"%v %v %.1f %T\" 1i 1+2i 2.25 2i}}", Ok("(0+1i) (1+2i) 2.2 complex128")),
        ("{{printf \"%d %#v %T\" (index .b 0) (index .b 0) (index .b 0)}}", Ok("120 0x78 uint8")),
        ("{{printf \"%w %p\" .m 1}}", Ok("%!w(map[string]interface {}=map[k:v z:map[y:1e3]]) %!p(int=1)")),
    ]);
}

#[test]
fn constants() {
    check(&[
        (
            "{{0x1F}} {{0b11}} {{0o17}} {{017}} {{1_000}} {{1e3}} {{.5}} {{0x1p-2}} {{'a'}} {{'\\n'}} {{-0}} {{+3}}",
            Ok("31 3 15 15 1000 1000 0.5 0.25 97 10 0 3"),
        ),
        ("{{9223372036854775807}}", Ok("9223372036854775807")),
        (
            "{{9223372036854775808}}",
            Err(
                "template: template:1:2: executing \"template\" at <9223372036854775808>: 9223372036854775808 overflows int",
            ),
        ),
        ("{{99999999999999999999}}", Err("template: template:1: integer overflow: \"99999999999999999999\"")),
        ("{{1e400}}", Err("template: template:1: illegal number syntax: \"1e400\"")),
        ("{{08}}", Err("template: template:1: integer overflow: \"08\"")),
        ("{{1__0}}", Err("template: template:1: illegal number syntax: \"1__0\"")),
        ("{{1a}}", Err("template: template:1: bad number syntax: \"1a\"")),
        ("{{''}}", Err("template: template:1: invalid syntax")),
        ("{{'ab'}}", Err("template: template:1: malformed character constant: 'ab'")),
        ("{{\"\\x41\\101\\u00e9\\U0001F600\\a\"}} {{`raw\\n`}}", Ok("AAé😀\u{7} raw\\n")),
        ("{{\"\\q\"}}", Err("template: template:1: invalid syntax")),
        ("{{0b1+1i}}", Err("template: template:1: syntax error scanning complex number")),
        ("{{0x1+1i}}", Err("template: template:1: strconv.ParseFloat: parsing \"0x1\": invalid syntax")),
        ("{{1+1e400i}}", Err("template: template:1: strconv.ParseFloat: parsing \"+1e400\": value out of range")),
        ("{{1i+2i}}", Err("template: template:1: syntax error scanning complex number")),
    ]);
}

#[test]
fn texts_that_are_no_templates() {
    check(&[
        ("{{", Err("template: template:1: unclosed action")),
        ("{{.a", Err("template: template:1: unclosed action")),
        ("{{if .a}}", Err("template: template:1: unexpected EOF")),
        ("{{end}}", Err("template: template:1: unexpected {{end}}")),
        ("{{else}}", Err("template: template:1: unexpected {{else}}")),
        ("{{if .a}}{{else}}{{else}}{{end}}", Err("template: template:1: expected end; found {{else}}")),
        ("{{\n.a\n", Err("template: template:3: unclosed action started at template:1")),
        ("{{/* c", Err("template: template:1: unclosed comment")),
        ("{{/* c */ x}}", Err("template: template:1: comment ends before closing delimiter")),
        ("{{nofunc 1}}", Err("template: template:1: function \"nofunc\" not defined")),
        ("{{$x}}", Err("template: template:1: undefined variable \"$x\"")),
        ("{{.a.}}", Err("template: template:1: unexpected <.> in operand")),
        ("{{\"a\".b}}", Err("template: template:1: unexpected . after term \"\\\"a\\\"\"")),
        ("{{1 | 2}}", Err("template: template:1: non executable command in pipeline stage 2")),
        ("{{}}", Err("template: template:1: missing value for command")),
        ("{{if}}{{end}}", Err("template: template:1: missing value for if")),
        ("{{(1}}", Err("template: template:1: unclosed left paren")),
        ("{{1)}}", Err("template: template:1: unexpected right paren")),
        ("{{@}}", Err("template: template:1: unexpected \"@\" in command")),
        ("{{é~}}", Err("template: template:1: bad character U+007E '~'")),
        ("{{.a!}}", Err("template: template:1: bad character U+0021 '!'")),
        ("{{break}}", Err("template: template:1: {{break}} outside {{range}}")),
        ("{{range .c}}{{break 1}}{{end}}", Err("template: template:1: unexpected \"1\" in {{break}}")),
        (
            "{{define \"a\"}}x{{end}}{{define \"a\"}}y{{end}}",
            Err("template: template:1: template: multiple definition of template \"a\""),
        ),
        ("{{define \"a\"}}{{define \"b\"}}{{end}}{{end}}", Err("template: template:1: unexpected <define> in command")),
        ("{{block \"b\" .}}{{else}}{{end}}", Err("template: template:1: unexpected {{else}} in block clause")),
        ("{{range $a, $b, $c := .c}}{{end}}", Err("template: template:1: too many declarations in range")),
        ("{{with $a, $b := .c}}{{end}}", Err("template: template:1: too many declarations in with")),
        ("{{range $a, 1 := .c}}{{end}}", Err("template: template:1: range can only initialize variables")),
        ("{{template x}}", Err("template: template:1: unexpected \"x\" in template clause")),
        ("{{if .a}}\n{{/* x", Err("template: template:2: unclosed comment in action started at template:1")),
        ("{{\"a", Err("template: template:1: unterminated quoted string")),
        ("{{'a", Err("template: template:1: unterminated character constant")),
        ("{{`a", Err("template: template:1: unterminated raw quoted string")),
        ("{{:}}", Err("template: template:1: expected :=")),
        ("{{a longidentifier1234567890}}", Err("template: template:1: function \"a\" not defined")),
        ("{{\"a longer text\" \"b\" = 1}}", Err("template: template:1: unexpected \"=\" in operand")),
        ("{{if 1}}{{else with 1}}{{end}}", Err("template: template:1: unexpected <with> in input")),
    ]);
}

#[test]
fn data_that_are_no_json() {
    let message = |data: &str| render("", data).expect_err("no JSON");
    assert_eq!(message(r#"{"a": {1}}"#), "invalid character '1' looking for beginning of object key string");
    assert_eq!(message(r#"{"a": {"b"}}"#), "invalid character '}' after object key");
    assert_eq!(message(r#"{"a": {"b", "c"}}"#), "invalid character ',' after object key");
    assert_eq!(message(r#"{"a": set()}"#), "invalid character 's' looking for beginning of value");
    assert_eq!(message(r#"{1: 2}"#), "invalid character '1' looking for beginning of object key string");
    assert_eq!(message(r#"{"a": "\u0001"}"#), "invalid character 'x' in string escape code");
    assert_eq!(message(r#"{"a": "\u0007"}"#), "invalid character 'a' in string escape code");
}

#[test]
fn depth_ends_in_a_message_or_is_no_matter() {
    let parentheses = |depth: usize| format!("{{{{{}1{}}}}}", "print (".repeat(depth), ")".repeat(depth));
    assert_eq!(render(&parentheses(super::pipeline::MAX_DEPTH), "{}").as_deref(), Ok("1"));
    assert_eq!(
        render(&parentheses(super::pipeline::MAX_DEPTH + 1), "{}").expect_err("too deep"),
        "template: template:1: max expression depth exceeded"
    );
    let blocks = format!("{}x{}", "{{if 1}}".repeat(20_000), "{{end}}".repeat(20_000));
    assert_eq!(render(&blocks, "{}").as_deref(), Ok("x"));
    let chain = format!("{{{{if 0}}}}{}{{{{end}}}}", "{{else if 0}}".repeat(20_000));
    assert_eq!(render(&chain, "{}").as_deref(), Ok(""));
    assert_eq!(
        render(r#"{{define "a"}}{{range 1}}{{template "a"}}{{end}}{{end}}{{template "a"}}"#, "{}"),
        Err(
            r#"template: template:1:36: executing "a" at <{{template "a"}}>: exceeded maximum template depth (100000)"#
                .to_string()
        )
    );
}

#[test]
fn endless_work_ends_in_a_message() {
    for template in ["{{range 9223372036854775807}}{{end}}", r#"{{range 1000000}}{{$x := printf "%999999d" 1}}{{end}}"#]
    {
        let message = render(template, "{}").expect_err("too much");
        assert!(message.ends_with(": exceeded maximum work (268435456)"), "{message}");
    }
}

#[test]
fn invalid_utf8_stays_or_is_replaced_as_in_go() {
    let render = |template: &[u8]| {
        let data = syntax::parse(b"{}").expect("a value");
        let result = builtins::call("strings.render_template", &[Value::string(template), data]).expect("a builtin");
        result.as_str().map(<[u8]>::to_vec)
    };
    assert_eq!(render(b"\xff{{`\xff`}}{{js `\xff`}}").as_deref(), Some(&b"\xff\xff\xff"[..]));
    assert_eq!(render(b"{{\"\xff\"}}{{\"\\xff\"}}").as_deref(), Some(&b"\xef\xbf\xbd\xff"[..]));
}
