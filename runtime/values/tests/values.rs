//! Values from outside: texts in, texts out, order, collections.
#![expect(clippy::unwrap_used, reason = "tests")]

use regoc_values::{Array, ErrorKind, Object, Set, Value, compare, equal, json, path, rt, syntax};

fn parse(text: &str) -> Value {
    syntax::parse(text.as_bytes()).unwrap()
}

fn show(value: Value) -> String {
    String::from_utf8(syntax::write(value).to_vec()).unwrap()
}

#[test]
fn texts_survive() {
    for text in [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1.0",
        "-0",
        "1e3",
        "12345678901234567890",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "1073741823",
        "1073741824",
        "-1073741824",
        "-1073741825",
        r#""""#,
        r#""a\"\\\n\r\t""#,
        r#""\u0000\u001f""#,
        "[]",
        "[[],{}]",
        "{}",
        "set()",
        "{1,2}",
        "{set()}",
        r#"{"a":{"b":[1,2,{"c":null}]},"d":"é"}"#,
        r#"{1:2,[1]:"x",{"k":1}:2,{1}:3}"#,
        r#"["12345678","123456789",{"a"}]"#,
    ] {
        assert_eq!(show(parse(text)), text);
    }
}

#[test]
fn json_has_no_sets_and_only_text_keys() {
    for (text, want) in [
        ("{1,2}", "[1,2]"),
        ("set()", "[]"),
        (r#"{1:2,["a"]:3}"#, r#"{"1":2,"[\"a\"]":3}"#),
        (r#"[{{2,1}:{3}}]"#, r#"[{"[1,2]":[3]}]"#),
        (r#"{1:"int","1":"text"}"#, r#"{"1":"int","1":"text"}"#),
    ] {
        assert_eq!(std::str::from_utf8(json::write(parse(text))).unwrap(), want);
        assert!(json::parse(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn refuses_what_is_no_json() {
    for (text, offset, kind) in [
        ("", 0, ErrorKind::Value),
        ("  ", 2, ErrorKind::Value),
        ("nul", 3, ErrorKind::Literal),
        ("1 2", 2, ErrorKind::Trailing),
        ("[1,]", 3, ErrorKind::Value),
        ("[1 2]", 3, ErrorKind::AfterElement),
        ("[1", 2, ErrorKind::AfterElement),
        ("{", 1, ErrorKind::Key),
        (r#"{"a"}"#, 4, ErrorKind::AfterKey),
        (r#"{"a":1,}"#, 7, ErrorKind::Key),
        (r#"{"a":1,"b"}"#, 10, ErrorKind::AfterKey),
        (r#"{"a":1 "b":2}"#, 7, ErrorKind::AfterEntry),
        (r#"{"a":1,2:3}"#, 7, ErrorKind::Key),
        ("01", 1, ErrorKind::Trailing),
        ("[-00]", 3, ErrorKind::AfterElement),
        ("-", 1, ErrorKind::Number),
        ("1.", 2, ErrorKind::Number),
        ("1e", 2, ErrorKind::Number),
        ("1e+", 3, ErrorKind::Number),
        ("1e40000", 0, ErrorKind::NumberTooBig),
        ("\"a\nb\"", 2, ErrorKind::String),
        ("\"a", 2, ErrorKind::String),
        ("\"abcdefghijkl", 13, ErrorKind::String),
        (r#""\x""#, 2, ErrorKind::Escape),
        (r#""\u12g4""#, 2, ErrorKind::Escape),
        ("-a", 1, ErrorKind::Number),
        ("1.e5", 2, ErrorKind::Number),
        ("[\0]", 1, ErrorKind::Value),
        ("1\0", 1, ErrorKind::Trailing),
        ("1 \0 2", 2, ErrorKind::Trailing),
    ] {
        let error = json::parse(text.as_bytes()).unwrap_err();
        assert_eq!((error.offset, error.kind), (offset, kind), "{text:?}");
    }
}

#[test]
fn strings_are_read_as_go_reads_them() {
    for (text, want) in [
        (&br#""\ud800""#[..], &b"\xef\xbf\xbd"[..]),
        (br#""\ud83d\ude00""#, "😀".as_bytes()),
        (br#""\ud83dx""#, "\u{fffd}x".as_bytes()),
        (br#""\ud83d\u0041""#, "\u{fffd}A".as_bytes()),
        (br#""\ude00\ud83d""#, "\u{fffd}\u{fffd}".as_bytes()),
        (b"\"\xff\xfe\"", "\u{fffd}\u{fffd}".as_bytes()),
        (b"\"a\xe2\x82\"", "a\u{fffd}\u{fffd}".as_bytes()),
        ("\"é€😀\"".as_bytes(), "é€😀".as_bytes()),
        (br#""\/\b\f""#, b"/\x08\x0c"),
        (b"\"\x7f\"", b"\x7f"),
    ] {
        assert_eq!(json::parse(text).unwrap().as_str().unwrap(), want, "{text:?}");
    }
}

#[test]
fn the_last_of_equal_keys_wins() {
    assert_eq!(show(parse(r#"{"b":1,"a":2,"b":3,"a":4,"a":5}"#)), r#"{"a":5,"b":3}"#);
    let many: Vec<String> = (0..5000).map(|i| format!("\"k{}\":{i}", i * 7919 % 1000)).collect();
    let object = json::parse(format!("{{{}}}", many.join(",")).as_bytes()).unwrap().as_object().unwrap();
    assert_eq!(object.len(), 1000);
    for key in 0..1000 {
        let last = (0..5000).rev().find(|i| i * 7919 % 1000 == key).unwrap();
        assert_eq!(object.get(Value::string(format!("k{key}").as_bytes())).as_integer(), Some(last));
    }
    assert!(object.get(Value::string(b"k1000")).is_undefined());
    assert!(object.get(Value::integer(1)).is_undefined());
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let deep = parse(&nested(1000));
    assert_eq!(show(deep), nested(1000));
    assert!(equal(deep, parse(&nested(1000))));
    assert_eq!(syntax::parse(nested(1001).as_bytes()).unwrap_err().kind, ErrorKind::TooDeep);
    assert_eq!(json::parse("[".repeat(1 << 20).as_bytes()).unwrap_err().kind, ErrorKind::TooDeep);
}

#[test]
fn values_have_opas_order() {
    let sorted = [
        "null",
        "false",
        "true",
        "-1e400",
        "-9223372036854775809",
        "-1073741825",
        "-2",
        "-1.5",
        "-1e-400",
        "0",
        "1e-400",
        "0.1",
        "0.10000000000000000001",
        "1",
        "1.5",
        "10",
        "99e-1000",
        "1e3",
        "1073741824",
        "9223372036854775807",
        "9223372036854775808",
        "1e400",
        r#""""#,
        r#""a""#,
        r#""a\u0000""#,
        r#""ab""#,
        r#""abcdefgh""#,
        r#""abcdefghi""#,
        r#""b""#,
        "[]",
        "[1]",
        "[1,2]",
        "[2]",
        "{}",
        r#"{"a":1}"#,
        r#"{"a":1,"b":2}"#,
        r#"{"a":2}"#,
        r#"{"b":0}"#,
        "set()",
        "{1}",
        "{1,2}",
        "{2}",
    ];
    let mut values: Vec<Value> = sorted.iter().map(|text| parse(text)).collect();
    values.swap(16, 10);
    values.sort();
    let shown: Vec<String> = values.iter().map(|value| show(*value)).collect();
    let mut want: Vec<&str> = sorted.to_vec();
    let moved = want.remove(16);
    want.insert(11, moved);
    let position = |text: &str| shown.iter().position(|shown| shown == text).unwrap();
    assert!(position("99e-1000") < position("1e-400"));
    for (at, a) in values.iter().enumerate() {
        for (other, b) in values.iter().enumerate() {
            assert_eq!(compare(*a, *b), at.cmp(&other), "{a:?} {b:?}");
            assert_eq!(equal(*a, *b), at == other);
        }
    }
}

#[test]
fn numbers_are_equal_by_value() {
    for (a, b) in [
        ("1", "1.0"),
        ("1e0", "1"),
        ("100", "1e2"),
        ("0", "-0"),
        ("0.0", "0e10"),
        ("1.50", "15e-1"),
        ("1e30000", "10e29999"),
    ] {
        assert!(equal(parse(a), parse(b)), "{a} {b}");
    }
    let digits = "7".repeat(10_000);
    assert!(equal(parse(&digits), parse(&format!("{}.{}e5000", &digits[..5000], &digits[5000..]))));
    assert!(!equal(parse(&digits), parse(&format!("{}8", &digits[1..]))));
}

#[test]
fn objects_built_in_any_order_hold_what_was_inserted() {
    for step in [1_usize, 7919, 9973] {
        let count = 20_011;
        let object = Object::new(0);
        let set = Set::new(0);
        for i in 0..count {
            let key = Value::count(i * step % count);
            assert!(object.insert_once(key, Value::count(i)));
            assert!(set.add(key));
            if i % 3 == 0 {
                assert!(object.insert_once(key, Value::count(i)));
                assert!(!object.insert_once(key, Value::NULL));
                assert!(!set.add(key));
            }
        }
        assert_eq!((object.len(), set.len()), (count, count));
        for i in 0..count {
            assert_eq!(object.get(Value::count(i * step % count)).as_integer(), Some(i as i64));
        }
        assert!(object.keys().zip(set.elements()).enumerate().all(|(i, (a, b))| a == Value::count(i) && a == b));
        object.insert(Value::count(5), Value::NULL);
        assert!(object.get(Value::count(5)).is_null());
    }
}

#[test]
fn collections_read_by_position_are_in_order() {
    let set = Set::new(0);
    for text in ["3", "1", "[2]", "\"a\"", "2", "1.0"] {
        set.add(parse(text));
    }
    let value = Value::from(set);
    assert_eq!(rt::scan(value), 5);
    let keys: Vec<String> = (0..5).map(|i| show(rt::scan_key(value, i))).collect();
    assert_eq!(keys, ["1", "2", "3", "\"a\"", "[2]"]);
    let array: Array = [Value::TRUE, Value::NULL].into_iter().collect();
    assert_eq!(show(rt::scan_key(array.into(), 1)), "1");
    assert_eq!(show(rt::scan_value(array.into(), 1)), "null");
    assert_eq!(rt::scan(Value::integer(1)) + rt::scan(Value::UNDEFINED), 0);
}

#[test]
fn dot_looks_into_each_collection() {
    for (collection, key, want) in [
        (r#"{"a":1}"#, "\"a\"", "1"),
        (r#"{1:2}"#, "1.0", "2"),
        ("[7,8]", "1", "8"),
        ("[7,8]", "1.0", "8"),
        ("[7,8]", "2", "undefined"),
        ("[7,8]", "-1", "undefined"),
        ("[7,8]", "\"0\"", "undefined"),
        ("{1,2}", "2", "2"),
        ("{1,2}", "3", "undefined"),
        ("1", "1", "undefined"),
    ] {
        assert_eq!(format!("{:?}", rt::dot(parse(collection), parse(key))), want, "{collection}[{key}]");
    }
    assert!(rt::dot(Value::UNDEFINED, Value::NULL).is_undefined());
}

#[test]
fn merging_and_upserting_copy() {
    let base = parse(r#"{"a":{"b":1},"c":2}"#);
    assert_eq!(
        show(rt::object_merge(base, parse(r#"{"a":{"b":9,"d":3},"c":{"x":1},"e":4}"#))),
        r#"{"a":{"b":1,"d":3},"c":2,"e":4}"#
    );
    assert_eq!(show(rt::object_merge(Value::UNDEFINED, base)), show(base));
    assert_eq!(show(rt::object_merge(base, Value::NULL)), show(base));
    let key = parse(r#""a""#);
    assert_eq!(show(rt::object_default(parse(r#"{"b":1}"#), key, Value::TRUE)), r#"{"a":true,"b":1}"#);
    assert_eq!(show(rt::object_default(parse(r#"{"a":null,"b":1}"#), key, Value::TRUE)), r#"{"a":null,"b":1}"#);
    assert_eq!(show(rt::object_default(parse("[1]"), key, Value::TRUE)), "[1]");
    assert_eq!(show(rt::result_set(key, Value::FALSE)), r#"{{"a":false}}"#);
    assert_eq!(show(rt::result_set(key, Value::UNDEFINED)), "set()");
    assert_eq!(show(rt::upsert(base, parse(r#"["a","x","y"]"#), Value::TRUE)), r#"{"a":{"b":1,"x":{"y":true}},"c":2}"#);
    assert_eq!(show(rt::upsert(base, parse(r#"["c","x"]"#), Value::TRUE)), r#"{"a":{"b":1},"c":{"x":true}}"#);
    assert_eq!(show(rt::upsert(Value::UNDEFINED, parse(r#"["a"]"#), Value::TRUE)), r#"{"a":true}"#);
    assert_eq!(show(rt::upsert(base, parse("[]"), Value::TRUE)), "true");
    assert_eq!(show(base), r#"{"a":{"b":1},"c":2}"#);
}

#[test]
fn paths_change_documents_in_place() {
    let document = parse(r#"{"a":{"b":1},"n":3}"#);
    assert_eq!(path::add(document, parse(r#"["a","c","d"]"#), parse("[1]")), path::OK);
    assert_eq!(path::add(document, parse(r#"["a","b"]"#), parse("2")), path::OK);
    assert_eq!(path::add(document, parse(r#"["n","b"]"#), parse("2")), path::INVALID_TYPE);
    assert_eq!(path::add(document, parse("[]"), parse("2")), path::INVALID_PATH);
    assert_eq!(path::add(document, parse(r#"[1,"b"]"#), parse("2")), path::INVALID_PATH);
    assert_eq!(show(document), r#"{"a":{"b":2,"c":{"d":[1]}},"n":3}"#);
    assert_eq!(path::remove(document, parse(r#"["a","c"]"#)), path::OK);
    assert_eq!(path::remove(document, parse(r#"["x","c"]"#)), path::OK);
    assert_eq!(path::remove(document, parse(r#""x""#)), path::INVALID_PATH);
    assert_eq!(show(document), r#"{"a":{"b":2},"n":3}"#);
}

#[test]
fn keys_that_collide_do_not_matter() {
    // Eight bytes at a time: the index hashes by a multiplication that can be inverted, so collisions are easy to make.
    let keys: Vec<String> = (0..3000).map(|i| format!("\"{:08}{:08}\":{i}", i, 3000 - i)).collect();
    let object = json::parse(format!("{{{}}}", keys.join(",")).as_bytes()).unwrap();
    for i in [0, 1, 1500, 2999] {
        let key = Value::string(format!("{:08}{:08}", i, 3000 - i).as_bytes());
        assert_eq!(rt::dot(object, key).as_integer(), Some(i));
    }
}
