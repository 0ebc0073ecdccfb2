//! Documents as hosts may write them, read by a module that looks strings of documents up among its constants and leaves small objects in the
//! order in which they were written. The answers are OPA's.

use anyhow::{Result, ensure};
use regoc_runtime::{Decision, Input, Runtime};
use regoc_spec_tests::build::module;
use serde_json::{Value, json};

const POLICY: &str = r#"package reading

names contains item.name if {
	some item in input.items
	item.kind == "a"
}

counts := [count(item) | some item in input.items; item.kind != "none"]

same contains [i, j] if {
	some i, item in input.items
	some j, other in input.items
	i < j
	item == other
}

looked_up contains item[input.key] if some item in input.items

keys_of_a contains key if {
	some item in input.items
	some key, value in item
	value == "a"
}
"#;

fn answer(input: &str) -> Result<Value> {
    let bytes = module(&[("policy.rego", POLICY)], &["reading"])?;
    let policy = Runtime::new()?.load(&bytes)?;
    let entrypoint = policy.entrypoint("reading")?;
    match policy.instance()?.evaluate(entrypoint, &Input::from_json(input)?)? {
        Decision::Defined(value) => Ok(value),
        Decision::Undefined => Err(anyhow::format_err!("{input}: undefined")),
    }
}

#[test]
fn keys_that_repeat_are_escaped_or_in_another_order_are_the_same_keys() -> Result<()> {
    let input = r#"{"items": [
        {"kind": "b", "name": "twice", "kind": "a"},
        {"k\u0069nd": "\u0061", "name": "escaped"},
        {"name": "é", "kind": "a"}, {"kind": "a", "name": "\u00e9"}, {"kind": "none", "none": "a"}, {},
        {"kind": "a long text that is no constant", "name": {"name": "kind", "kind": "name", "name": "name"}}
    ], "key": "na\u006de"}"#;
    let want = json!({
        "counts": [2, 2, 2, 2, 2],
        "keys_of_a": ["kind", "none"],
        "looked_up": ["escaped", "twice", "é", {"kind": "name", "name": "name"}],
        "names": ["escaped", "twice", "é"],
        "same": [[2, 3]]
    });
    let answer = answer(input)?;
    ensure!(answer == want, "{answer}");
    Ok(())
}

#[test]
fn objects_of_every_size_are_read_alike() -> Result<()> {
    for size in [1, 2, 3, 30, 31, 32, 33, 200] {
        // Each key twice, the first time with another value; the second half in the opposite order.
        let entry = |index: usize, value: &str| format!(r#""k{index}": "{value}""#);
        let first = (0..size).map(|index| entry(index, "wrong"));
        let second = (0..size).rev().map(|index| entry(index, "right"));
        let item = first.chain(second).chain([r#""kind": "a", "name": "x""#.to_owned()]);
        let item = item.collect::<Vec<_>>().join(", ");
        let input = format!(r#"{{"items": [{{{item}}}, {{{item}}}], "key": "k{}"}}"#, size / 2);
        let answer = answer(&input)?;
        let want = json!({
            "counts": [size + 2, size + 2], "keys_of_a": ["kind"], "looked_up": ["right"], "names": ["x"], "same": [[0, 1]]
        });
        ensure!(answer == want, "{size}: {answer}");
    }
    Ok(())
}

#[test]
fn texts_are_constants_only_as_a_whole() -> Result<()> {
    let texts = ["kin", "kind ", "Kind", "kind\u{0}", "namename", "a", "", "aaaaaaaa", "none"];
    for text in texts {
        let quoted = Value::from(text).to_string();
        let item = |value: &str| format!(r#"{{{quoted}: {value}, "name": "x"}}"#);
        let input = format!(r#"{{"items": [{}, {}], "key": {quoted}}}"#, item("1"), item(&quoted));
        let answer = answer(&input)?;
        let keys = if text == "a" { json!(["a"]) } else { json!([]) };
        let want = json!({ "counts": [], "keys_of_a": keys, "looked_up": [1, text], "names": [], "same": [] });
        ensure!(answer == want, "{text}: {answer}");
    }
    Ok(())
}
