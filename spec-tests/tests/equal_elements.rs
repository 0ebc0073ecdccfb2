//! Which of equal elements a set keeps, and which value an object has whose keys turn out to be equal: 0 and -0 are equal and are
//! shown as they are. OPA decides by the names that its compiler gives to variables, in the order of all modules; so each rule is a
//! policy of its own. The answers are OPA's.

use anyhow::{Result, ensure};
use regoc_runtime::{Input, Runtime};
use regoc_spec_tests::build::module;

const INPUT: &str = r#"{"one": 1, "minus": -0, "zero": 0, "deep": {"zero": 0}}"#;

/// What the rule's value is, and OPA's answer.
const RULES: &[(&str, &str)] = &[
    (r#"$"a {[{((x / x) - x), input.minus}]}é{x}" if input.one = x"#, r#""a [{0}]é1""#),
    ("[{((x / x) - x), input.minus}] if input.one = x", "[[0]]"),
    ("{abs(input.minus), input.minus}", "[0]"),
    ("{input.minus, abs(input.minus)}", "[0]"),
    ("{input.minus, abs(input.minus), input.zero}", "[0]"),
    ("{input.minus, input.zero}", "[-0]"),
    ("{input.zero, input.minus}", "[-0]"),
    ("{input.zero, y} if y := input.minus", "[-0]"),
    ("{y, input.zero} if y := input.minus", "[-0]"),
    ("{y, input.minus} if y := input.zero", "[0]"),
    ("{y, input.zero} if y = input.minus", "[0]"),
    ("{y, input.minus} if y = input.zero", "[-0]"),
    ("{y, x} if {y := input.minus; x:= input.zero}", "[-0]"),
    ("{x, y} if {y := input.minus; x:= input.zero}", "[-0]"),
    ("{x, y} if {y = input.minus; x = input.zero}", "[0]"),
    ("{x, y} if {x = input.minus; y = input.zero}", "[-0]"),
    ("{abs(y), y} if {y := input.minus}", "[-0]"),
    ("{input.minus, 0}", "[0]"),
    ("{input.zero, -0}", "[-0]"),
    ("{x, -0} if x := input.zero", "[-0]"),
    ("{x, 0} if x := input.minus", "[0]"),
    ("{abs(input.minus), -0}", "[-0]"),
    ("{[input.minus], [abs(input.minus)]}", "[[0]]"),
    ("{[input.minus], [input.zero]}", "[[-0]]"),
    (r#"{{"a":input.minus}, {"a":abs(input.minus)}}"#, r#"[{"a":0}]"#),
    (r#"{{"a":abs(input.minus)},{"a":input.minus}}"#, r#"[{"a":0}]"#),
    (r#"{{"a":abs(input.minus)},{"a":-0}}"#, r#"[{"a":-0}]"#),
    ("x if x = {abs(input.minus), input.minus}", "[0]"),
    ("[x | x = {abs(input.minus), input.minus}]", "[[0]]"),
    ("{[y | y := input.minus], [y | y := input.zero]}", "[[-0]]"),
    ("{[y | y := input.zero], [input.minus]}", "[[0]]"),
    ("{[input.zero], [y | y := input.minus]}", "[[-0]]"),
    ("{data.a.rule, input.minus}", "[0]"),
    ("{rule, input.minus, input.zero}", "[0]"),
    ("{[abs(input.minus), input.minus], [input.minus, input.minus]}", "[[0,-0]]"),
    ("{[abs(input.minus), input.minus], [input.minus, input.zero]}", "[[0,-0]]"),
    ("{input.minus, input.deep.zero}", "[0]"),
    (r#"{input.deep[i], input.minus} if i := "zero""#, "[0]"),
    ("{f(input.zero), input.minus}", "[0]"),
    ("{f(input.minus), input.zero}", "[-0]"),
    ("{f(input.minus), abs(input.minus)}", "[0]"),
    ("{abs(input.minus), f(input.minus)}", "[0]"),
    ("{input.minus+0, input.minus}", "[0]"),
    ("{input.minus-0, input.minus}", "[0]"),
    ("{-input.zero, input.minus}", "[0]"),
    ("{-input.zero, input.zero}", "[0]"),
    ("{y: 1, input.zero: 2} if y = input.zero", r#"{"0":1}"#),
    ("{input.zero: 2, y: 1} if y = input.zero", r#"{"0":1}"#),
    ("{input.zero: 2, y: 1} if y := input.zero", r#"{"0":2}"#),
    ("{input.zero: 2, Y: 1} if Y = input.zero", r#"{"0":2}"#),
    ("{[input.zero]: 2, [y]: 1} if y = input.zero", r#"{"[0]":1}"#),
    ("{[input.zero]: 2, [abs(input.zero)]: 1}", r#"{"[0]":2}"#),
    ("{[input.zero, abs(input.zero)]: 2, [abs(input.zero), input.zero]: 1}", r#"{"[0,0]":2}"#),
    ("{[y|y:=input.zero]: 2, [input.zero]: 1}", r#"{"[0]":1}"#),
    ("{[y|y=input.zero]: 2, [input.zero]: 1}", r#"{"[0]":1}"#),
    ("{{y|y=input.zero}: 2, {input.zero}: 1}", r#"{"[0]":1}"#),
    (r#"{{"a":input.zero}: 2, {"a":abs(input.zero)}: 1}"#, r#"{"{\"a\":0}":2}"#),
    ("{y, Y} if {y=input.minus; Y=input.zero}", "[0]"),
    ("{Y, input.minus} if Y=input.zero", "[0]"),
    ("{Y, abs(input.minus)} if Y=input.zero", "[0]"),
    ("{y, abs(input.minus)} if y=input.zero", "[0]"),
    ("{_y, abs(input.minus)} if _y=input.zero", "[0]"),
    ("{_y, input.minus} if _y=input.zero", "[-0]"),
    ("{A_, input.minus} if A_=input.zero", "[0]"),
    ("{{input.minus, abs(input.minus)}, {input.zero, input.minus}}", "[[0]]"),
    ("{{input.minus, y}, {y, input.zero}} if y := input.minus", "[[-0]]"),
    ("{{input.minus, y}, {y, input.zero}} if y = input.minus", "[[-0]]"),
    ("{{input.minus: y}, {abs(input.minus): input.zero}} if y = input.minus", r#"[{"0":0}]"#),
    ("{[1, input.minus], [1, y]} if y := input.zero", "[[1,0]]"),
    ("{[1, y], [1, input.zero]} if y = input.minus", "[[1,0]]"),
    ("{{1: y}, {1: input.zero}} if y = input.minus", r#"[{"1":0}]"#),
    ("{input.deep.zero, data.a.rule, input.minus}", "[0]"),
    ("{rule, input.minus}", "[0]"),
    ("{rule, data.a.f(input.minus)}", "[-0]"),
    ("{rule, y} if y := input.minus", "[-0]"),
    ("{input.deep[_], y} if y = input.minus", "[0]"),
    (r#"{input[i], y} if {y = input.minus; i := "zero"}"#, "[0]"),
    ("{[input][0].minus, input.zero}", "[-0]"),
    ("{[input][0].minus, y} if y=input.zero", "[-0]"),
    (r#"{{"a":input.minus}.a, y} if y=input.zero"#, "[-0]"),
    (r#"{{"a":input.minus}.a, input.zero}"#, "[-0]"),
    (r#"{{"a":input.minus}.a, f(input.zero)}"#, "[0]"),
    (r#"{f(input.zero), {"a":input.minus}.a}"#, "[0]"),
];

fn answer(runtime: &Runtime, value: &str) -> Result<String> {
    let policy = format!("package a\n\nf(x) := x\n\nrule := input.zero\n\nanswer := {value}\n");
    let policy = runtime.load(&module(&[("policy.rego", &policy)], &["a/answer"])?)?;
    let entrypoint = policy.entrypoint("a/answer")?;
    let mut instance = policy.instance()?;
    let answer = instance.evaluate_raw(entrypoint, &Input::from_json(INPUT)?)?;
    Ok(str::from_utf8(answer)?.to_owned())
}

#[test]
fn of_equal_elements_the_one_counts_that_opa_keeps() -> Result<()> {
    let runtime = Runtime::new()?;
    for (value, want) in RULES {
        let got = answer(&runtime, value)?;
        ensure!(got == format!(r#"[{{"result":{want}}}]"#), "{value}: {got} instead of {want}");
    }
    Ok(())
}
