//! `regoc eval` as a user calls it: queries, modules, formats, exit codes, and what is loaded.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use crate::common::{Folder, run_in};
use serde_json::{Value, json};

const SERVERS: &str = r#"package example

allow if count(violation) == 0

violation contains server.id if {
	some server in input.servers
	"telnet" in server.protocols
}
"#;

const INPUT: &str =
    r#"{"servers": [{"id": "busybox", "protocols": ["telnet"]}, {"id": "app", "protocols": ["https"]}]}"#;

fn servers() -> Folder {
    Folder::new(&[("policy.rego", SERVERS), ("input.json", INPUT)])
}

/// What a query of one statement gives.
fn one(value: &Value, text: &str) -> Value {
    json!({"result": [{"expressions": [{"value": value, "text": text, "location": {"row": 1, "col": 1}}]}]})
}

#[test]
fn a_query_and_a_module_give_the_same_answer() {
    let folder = servers();
    let run = folder.run(&["eval", "-d", "policy.rego", "-i", "input.json", "data.example.violation"]).ok();
    assert_eq!(run.json(), one(&json!(["busybox"]), "data.example.violation"));
    folder.run(&["build", "policy.rego", "-o", "policy.wasm"]).ok();
    let run = folder.run(&["eval", "-w", "policy.wasm", "-e", "example/violation", "-i", "input.json"]).ok();
    assert_eq!(run.json(), one(&json!(["busybox"]), "data.example.violation"));
    let run = folder.run(&["eval", "-w", "policy.wasm", "-e", "example/allow", "-i", "input.json"]).ok();
    assert_eq!(run.stdout, "{}\n");
}

#[test]
fn formats() {
    let folder = servers();
    let eval = |format: &str, query: &str| folder.run(&["eval", "-f", format, query]).ok().stdout;
    assert_eq!(eval("raw", "x := \"<a>\"; [1, x]"), "true [1,\"\\u003ca\\u003e\"]\n");
    assert_eq!(eval("raw", "\"<a>\""), "<a>\n");
    assert_eq!(eval("values", "x := 1; x + 1"), "[\n  true,\n  2\n]\n");
    assert_eq!(eval("bindings", "x := 1; y := [2]"), "{\n  \"x\": 1,\n  \"y\": [\n    2\n  ]\n}\n");
    assert_eq!(eval("pretty", "{\"a\": 1}"), "{\n  \"a\": 1\n}\n");
    assert_eq!(eval("pretty", "input.x"), "undefined\n");
    assert_eq!(eval("discard", "1"), "{\n  \"result\": \"discarded\"\n}\n");
    let table = "┌────────┬───┬─────┐\n│ x+y[0] │ x │  y  │\n├────────┼───┼─────┤\n│ 3      │ 1 │ [2] │\n└────────┴───┴─────┘\n";
    assert_eq!(eval("pretty", "x:=1;y:=[2];x+y[0]; x == 1"), table);
}

#[test]
fn numbers_keep_their_digits() {
    let folder = Folder::new(&[("data.json", r#"{"n": [1e1000, 1.50, 10000000000000000000000000000000000000001]}"#)]);
    let run = folder.run(&["eval", "-f", "raw", "-d", "data.json", "data.n"]).ok();
    assert_eq!(run.stdout, "[1e1000,1.50,10000000000000000000000000000000000000001]\n");
    let run = folder.run(&["eval", "-f", "raw", "10000000000000000000000000000000000000000 + 1"]).ok();
    assert_eq!(run.stdout, "10000000000000000000000000000000000000001\n");
}

#[test]
fn exit_codes() {
    let folder = servers();
    for (arguments, code) in [
        (["eval", "--fail", "input.x"], 1),
        (["eval", "--fail", "false"], 0),
        (["eval", "--fail-defined", "input.x"], 0),
        (["eval", "--fail-defined", "1"], 1),
        (["eval", "--fail", "x"], 2),
        (["eval", "--nope", "1"], 1),
    ] {
        assert_eq!(folder.run(&arguments).code, code, "{arguments:?}");
    }
    assert_eq!(folder.run(&["eval"]).code, 2);
    assert_eq!(folder.run(&["eval", "--fail", "--fail-defined", "1"]).code, 1);
}

#[test]
fn errors_are_json_where_the_answer_is() {
    let folder = Folder::new(&[("bad.rego", "package bad\n\np if { x == y }\n\nq if nope(1)\n")]);
    let run = folder.run(&["eval", "-d", "bad.rego", "data"]).fails(2, &[]);
    let wanted = json!({"errors": [
        {"message": "undefined function nope", "code": "rego_type_error", "location": {"file": "bad.rego", "row": 5, "col": 6}}
    ]});
    assert_eq!((run.json(), run.stderr.as_str()), (wanted, ""));
    let run =
        folder.run(&["eval", "-f", "pretty", "-d", "bad.rego", "data"]).fails(2, &["bad.rego:5:6", "q if nope(1)"]);
    assert_eq!(run.stdout, "");
    let run = folder.run(&["eval", "-d", "missing.rego", "data"]).fails(2, &[]);
    assert_eq!(run.json(), json!({"errors": [{"message": "stat missing.rego: no such file or directory"}]}));
}

#[test]
fn builtin_errors_are_undefined_unless_they_are_strict() {
    let folder = servers();
    assert_eq!(folder.run(&["eval", "1 / 0"]).ok().stdout, "{}\n");
    let run = folder.run(&["eval", "--strict-builtin-errors", "1 / 0"]).fails(2, &["divide by zero"]);
    assert_eq!(run.json()["errors"][0]["code"], "eval_builtin_error");
}

#[test]
fn the_input_comes_from_a_file_or_from_standard_input() {
    let folder = Folder::new(&[("in.yaml", "a:\n  - 1\n  - x: yes\n"), ("in.json", "{\"a\": 2}")]);
    assert_eq!(folder.run(&["eval", "-f", "raw", "-i", "in.json", "input.a"]).ok().stdout, "2\n");
    assert_eq!(
        folder.run(&["eval", "-f", "raw", "-i", "in.yaml", "input"]).ok().stdout,
        "{\"a\":[1,{\"x\":\"yes\"}]}\n"
    );
    assert_eq!(folder.run_with_stdin(&["eval", "-f", "raw", "-I", "input.a"], "{\"a\": 3}").ok().stdout, "3\n");
    assert_eq!(folder.run_with_stdin(&["eval", "-f", "raw", "--stdin"], "1 + 1").ok().stdout, "2\n");
    folder.run_with_stdin(&["eval", "--stdin", "-I"], "").fails(1, &["cannot be used with"]);
}

#[test]
fn data_is_placed_as_opa_places_it() {
    let folder = Folder::new(&[
        ("root.json", r#"{"r": 1}"#),
        ("dir/data.json", r#"{"d": 1}"#),
        ("dir/sub/file.json", r#"{"f": 1}"#),
        ("dir/sub/more.yaml", "m: 1"),
        ("dir/sub/other.txt", "no data"),
        ("dir/.hidden/x.json", r#"{"h": 1}"#),
        ("twice.json", r#"{"r": 2}"#),
        ("array.json", "[1]"),
    ]);
    let data = |arguments: &[&str]| {
        let mut all = vec!["eval", "-f", "raw", "data"];
        all.extend(arguments);
        folder.run(&all)
    };
    assert_eq!(data(&["-d", "root.json"]).ok().stdout, "{\"r\":1}\n");
    assert_eq!(data(&["-d", "dir"]).ok().stdout, "{\".hidden\":{\"h\":1},\"d\":1,\"sub\":{\"f\":1,\"m\":1}}\n");
    assert_eq!(data(&["-d", "dir", "--ignore", ".*,*.yaml"]).ok().stdout, "{\"d\":1,\"sub\":{\"f\":1}}\n");
    assert_eq!(data(&["-d", "a.b:root.json"]).ok().stdout, "{\"a\":{\"b\":{\"r\":1}}}\n");
    assert_eq!(data(&["-d", "a:array.json"]).ok().stdout, "{\"a\":[1]}\n");
    let url = format!("file://{}", folder.join("root.json").display());
    assert_eq!(data(&["-d", &url]).ok().stdout, "{\"r\":1}\n");
    assert_eq!(data(&["-d", "root.json", "-d", "root.json"]).ok().stdout, "{\"r\":1}\n");
    data(&["-d", "root.json", "-d", "twice.json"])
        .fails(2, &["twice.json: merge error: conflicting values at data.r, also defined in root.json"]);
    data(&["-d", "array.json"]).fails(2, &["array.json: document must be of type object"]);
}

#[test]
fn the_package_and_the_imports_name_what_a_query_can_use() {
    let folder = servers();
    let base = ["eval", "-f", "raw", "-d", "policy.rego", "-i", "input.json"];
    let eval = |arguments: &[&str]| folder.run(&[&base, arguments].concat());
    assert_eq!(eval(&["--package", "example", "violation"]).ok().stdout, "[\"busybox\"]\n");
    assert_eq!(eval(&["--import", "data.example", "example.violation"]).ok().stdout, "[\"busybox\"]\n");
    eval(&["--package", "not a package", "1"]).fails(2, &["--package and --import"]);
}

#[test]
fn print_and_time_and_the_environment() {
    let folder = servers();
    let run = folder.run(&["eval", "-f", "raw", "print(\"hello\", {1, 2}, input.x)"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "hello {1, 2} <undefined>\n"));
    assert_eq!(folder.run(&["eval", "-f", "raw", "time.now_ns() == time.now_ns()"]).ok().stdout, "true\n");
    assert_eq!(folder.run(&["eval", "-f", "raw", "opa.runtime().version"]).ok().stdout, "1.22.0\n");
}

#[test]
fn metrics_tell_how_long_each_step_took() {
    let run = servers().run(&["eval", "--metrics", "1"]).ok();
    let metrics = &run.json()["metrics"];
    for name in ["timer_rego_load_files_ns", "timer_rego_query_compile_ns", "timer_rego_query_eval_ns"] {
        assert!(metrics[name].as_u64().is_some_and(|nanoseconds| nanoseconds > 0), "{metrics}");
    }
}

#[test]
fn a_module_needs_an_entrypoint_when_it_has_several() {
    let folder = servers();
    folder.run(&["build", "policy.rego", "-o", "policy.wasm"]).ok();
    folder
        .run(&["eval", "-w", "policy.wasm"])
        .fails(2, &["entrypoints; choose one with --entrypoint", "example/violation"]);
    folder
        .run(&["eval", "-w", "policy.wasm", "-e", "example/violatoin"])
        .fails(2, &["the nearest it has: `example/violation`"]);
    folder
        .run(&["eval", "-w", "policy.wasm", "-d", "policy.rego", "-e", "example"])
        .fails(2, &["--data can only give it data"]);
    folder.run(&["eval", "-w", "policy.wasm", "1"]).fails(1, &["cannot be used with"]);
}

/// Each question of OPA's introduction gives what `opa` prints, with its exit code.
#[test]
fn opas_introduction() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/intro");
    let Ok(index) = std::fs::read_to_string(folder.join("index.json")) else {
        #[expect(clippy::print_stderr, reason = "whoever runs the tests should know")]
        {
            eprintln!("skipped: put the folder of OPA's introduction beside the repository, at ../shared/intro");
        }
        return;
    };
    let index: Value = serde_json::from_str(&index).unwrap();
    let mut failures = Vec::new();
    for case in index["cases"].as_array().unwrap() {
        let arguments: Vec<&str> = case["args"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        let run = run_in(&folder, &arguments, "");
        let got: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
        if (Some(i64::from(run.code)), sorted(got)) != (case["exit"].as_i64(), sorted(case["stdout"].clone())) {
            failures.push(format!("{arguments:?}: {run:?}"));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// The same answer with its results in one order.
fn sorted(mut answer: Value) -> Value {
    if let Some(results) = answer.get_mut("result").and_then(Value::as_array_mut) {
        results.sort_by_key(ToString::to_string);
    }
    answer
}

#[test]
fn rules_must_not_define_what_the_data_has() {
    let rules = "package p\n\nx := 2\n\ny := 3\n\nq[k] := 1 if k := input.k\n\ns.t contains 1 if input.x\n";
    let data = r#"{"p": {"x": 1, "q": {"r": 1}, "s": 5}}"#;
    let folder = Folder::new(&[("b/a.rego", rules), ("b/data.json", data)]);
    let error = |path: &str, row: u32| {
        let location = json!({"file": "b/a.rego", "row": row, "col": 1});
        json!({"message": format!("conflicting rule for data path {path} found"), "code": "rego_compile_error", "location": location})
    };
    for arguments in [["-d", "b"], ["-b", "b"]] {
        let run = folder.run(&["eval", arguments[0], arguments[1], "1"]);
        assert_eq!(run.code, 2);
        assert_eq!(run.json(), json!({"errors": [error("p/x", 3), error("p/q", 7), error("p/s/t", 9)]}));
    }
    folder.run(&["check", "b"]).ok();
    assert_eq!(folder.run(&["check", "-b", "b"]).code, 1);
    folder.run(&["build", "-b", "b", "-o", "b.tar.gz"]).ok();
}

#[test]
fn a_conflict_names_the_rule_whatever_its_function_was_split_into() {
    let rules: String = (0..6_000).map(|index| format!("x := {index} if input.a{index}\n")).collect();
    let folder = Folder::new(&[("p.rego", &format!("package p\n\n{rules}"))]);
    folder.write("input.json", br#"{"a5998": true, "a5999": true}"#);
    let run = folder.run(&["eval", "-d", "p.rego", "-i", "input.json", "data.p.x"]);
    assert_eq!(run.code, 2);
    let wanted = "rule data.p.x produced conflicting values:\n  5998 at p.rego:6001\n  5999 at p.rego:6002";
    assert_eq!(run.json()["errors"][0]["message"], wanted);
}

/// Each rule asks something that fails; the places and texts are those of `opa eval --strict-builtin-errors`.
const FAILING: &str = r#"package p
a := to_number("x")
b := 1 / input.zero
c := json.unmarshal("{")
f(x) := to_number(x)
d := f("y")
e := x if x := concat(",", [format_int(to_number("z"), 10)])
g := y if { y := f("y") with to_number as 7 }
h := y if { y := f("y") with to_number as bad }
bad(x) := to_number(x)
i := [x | x := to_number(["1","q"][_])]
j if not to_number("x")
k := 1 if to_number("x")
else := 2
l := x if x := count(input.zero)
n := y if { y := f("y") with f as mock }
mock(x) := 1 / 0
o := regex.match("[", "x")
q := y if { y := to_number("y") with data.foo as 1 }
s contains to_number("x")
t[to_number("x")] := 1
u := {"a": to_number("x")}
"#;

#[test]
fn errors_of_builtins_are_opas_where_they_count() {
    let folder = Folder::new(&[("s.rego", FAILING), ("i.json", "{\"zero\": 0}")]);
    let number = |text: &str| format!("to_number: strconv.ParseFloat: parsing \"{text}\": invalid syntax");
    let failures = [
        ("a", number("x"), 2, 6),
        ("b", "div: divide by zero".to_owned(), 3, 6),
        ("c", "json.unmarshal: unexpected EOF".to_owned(), 4, 6),
        ("d", number("y"), 5, 9),
        ("e", number("z"), 7, 40),
        ("h", number("y"), 10, 11),
        ("i", number("q"), 11, 16),
        ("j", number("x"), 12, 6),
        ("k", number("x"), 13, 11),
        ("n", "div: divide by zero".to_owned(), 17, 12),
        ("o", "regex.match: error parsing regexp: missing closing ]: `[`".to_owned(), 18, 6),
        ("q", number("y"), 19, 18),
        ("s", number("x"), 20, 12),
        ("t", number("x"), 21, 3),
        ("u", number("x"), 22, 12),
    ];
    let eval = |rule: &str, strict: &[&str]| {
        let query = format!("data.p.{rule}");
        folder.run(&[&["eval", "-d", "s.rego", "-i", "i.json", query.as_str()], strict].concat())
    };
    for (rule, message, row, col) in failures {
        let run = eval(rule, &["--strict-builtin-errors"]);
        let location = json!({"file": "s.rego", "row": row, "col": col});
        let error = json!({"message": message, "code": "eval_builtin_error", "location": location});
        assert_eq!((run.code, run.json()), (2, json!({"errors": [error]})), "{rule}");
    }
    let run = eval("l", &["--strict-builtin-errors"]);
    assert_eq!(run.json()["errors"][0]["code"], "eval_type_error");
    assert_eq!(eval("g", &["--strict-builtin-errors"]).ok().json()["result"][0]["expressions"][0]["value"], 7);
    // Without the option, what fails is undefined.
    assert_eq!(eval("a", &[]).ok().stdout, "{}\n");
    for (rule, value) in [("i", json!([1])), ("j", json!(true)), ("k", json!(2)), ("s", json!([])), ("t", json!({}))] {
        assert_eq!(eval(rule, &[]).ok().json()["result"][0]["expressions"][0]["value"], value, "{rule}");
    }
}

#[test]
fn flags_take_values_as_gos_do() {
    let folder = Folder::new(&[]);
    assert_eq!(folder.run(&["eval", "--fail=false", "input.x"]).code, 0);
    assert_eq!(folder.run(&["eval", "--fail", "--fail=true", "input.x"]).code, 1);
    assert_eq!(folder.run(&["eval", "--fail=maybe", "1"]).code, 1);
}
