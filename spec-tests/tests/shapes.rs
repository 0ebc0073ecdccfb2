//! Inputs of which a policy looks at a part are read by shapes; the answers are those of a module that reads them whole, whatever the inputs are.

use anyhow::{Result, ensure, format_err};
use regoc_compiler::optimize::INPUT_SHAPES;
use regoc_compiler::resolve::EntrypointSelection;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::{Options, compile};
use regoc_runtime::{Input, Instance, Runtime};
use regoc_spec_tests::fuzz::random::Random;

/// What of the input is looked at, in one policy each: what one of them asks for would make the other's records whole.
const POLICIES: &[&str] = &[
    // Records in arrays and objects, records in records, and values of which only the truth matters.
    r#"ids contains item.id if {
	some item in input.items
	item.kind == "a"
	not item.meta.hidden
}

keys contains key if {
	some key, item in input.items
	item.meta.owner.name == input.user.name
}

nothing if {
	some item in input.items
	item.none.none == null
}

replaced contains id if some id in ids with input as {"items": [{"kind": "a", "id": 3, "meta": null}]}"#,
    // Elements of which nothing is looked at, an element by its place, and a whole value.
    "counts := [count(input.items), count(input.user.groups)]\n\nfirst := input.named[0].id\n\nowner := input.user.meta",
    // One function for values of different places, and a key that is known only at run time.
    r#"kind_of(thing) := thing.kind

kinds contains kind_of(input.items[_])

kinds contains kind_of(input.named[input.pick])

flags contains [thing.flag, thing.kind] if {
	some thing in input.items
	thing.flag
}"#,
    // Whole values inside of records, and a set that is run through.
    r#"named[name] := item.meta if {
	some name, item in input.named
	item.kind in {"a", "b"}
}

things contains thing if some thing in input.items

owners contains thing.meta.owner.id if some thing in things"#,
];

/// The keys that the policies ask for, and some that it does not.
const KEYS: &[&str] = &[
    "items",
    "named",
    "user",
    "pick",
    "id",
    "kind",
    "meta",
    "owner",
    "name",
    "hidden",
    "groups",
    "flag",
    "none",
    "k",
    "",
    "i\\u0064",
    "kin\\u0064",
    "é",
    "kindness",
    "ki",
];

/// A module of a policy that reads its input by shapes, and one that reads it whole.
fn instances(runtime: &Runtime, policy: &str) -> Result<[Instance; 2]> {
    let [by_shapes, whole] = [module(policy, false)?, module(policy, true)?];
    ensure!(by_shapes != whole, "nothing is read by shapes: {policy}");
    Ok([runtime.load(&by_shapes)?.instance()?, runtime.load(&whole)?.instance()?])
}

fn module(policy: &str, whole: bool) -> Result<Vec<u8>> {
    let mut sources = SourceSet::new();
    sources.add("policy.rego", format!("package shapes\n\n{policy}\n"), RegoVersion::V1);
    let skip_passes = whole.then(|| INPUT_SHAPES.to_owned()).into_iter().collect();
    let entrypoints = EntrypointSelection { names: vec!["shapes".to_owned()], ..EntrypointSelection::default() };
    let compiled = compile(&sources, &Options { entrypoints, skip_passes, ..Options::default() });
    let compiled = compiled.map_err(|errors| format_err!("{errors:?}"))?;
    Ok(compiled.module.wasm)
}

/// What a module answers, or how it refuses the input.
fn answer(instance: &mut Instance, input: &str) -> Result<String, String> {
    let entrypoint = instance.policy().entrypoint("shapes").map_err(|error| error.to_string())?;
    let answer = instance.evaluate_raw(entrypoint, &Input::from_checked_json(input.as_bytes()));
    answer.map(|text| String::from_utf8_lossy(text).into_owned()).map_err(|error| error.to_string())
}

fn space(random: &mut Random, text: &mut String) {
    if random.chance(5) {
        text.push_str(random.pick(&[" ", "\n\t", "  "]));
    }
}

/// Appends a value: JSON or, seldom, value syntax, or no value at all.
fn value(random: &mut Random, text: &mut String, depth: usize) {
    space(random, text);
    match random.below(if depth == 0 { 6 } else { 14 }) {
        0 => text.push_str(random.pick(&["0", "1.50", "-7", "12345678901234567890", "1e2"])),
        1 => text.push_str(random.pick(&["true", "false", "null"])),
        2 if random.chance(3) => text.push_str(random.pick(&["set()", "tru", "\"x", "01", "\"\\x\"", "", "1e"])),
        2..=5 => {
            text.push('"');
            text.push_str(random.pick(&["a", "b", "p", "a longer text than a word", "\\u0061", "ü", "name"]));
            text.push('"');
        }
        6..=8 => elements(random, text, ['[', ']'], |random, text| value(random, text, depth - 1)),
        9 if random.chance(10) => elements(random, text, ['{', '}'], |random, text| value(random, text, depth - 1)),
        _ => elements(random, text, ['{', '}'], |random, text| {
            if random.chance(1) {
                value(random, text, depth - 1);
            } else {
                text.push('"');
                text.push_str(random.pick(KEYS));
                text.push('"');
            }
            space(random, text);
            text.push(':');
            value(random, text, depth - 1);
        }),
    }
    space(random, text);
}

/// Appends some elements in brackets.
fn elements(
    random: &mut Random,
    text: &mut String,
    [open, close]: [char; 2],
    mut element: impl FnMut(&mut Random, &mut String),
) {
    text.push(open);
    for index in 0..random.below(5) {
        if index > 0 {
            text.push(',');
        }
        element(random, text);
    }
    text.push(close);
}

/// An object with what the policies ask for, made of values of any kind.
fn input(random: &mut Random) -> String {
    let mut text = String::from("{");
    for key in ["items", "named", "user", "pick", "items"] {
        if random.chance(80) {
            text.push_str(&format!("\"{key}\":"));
            value(random, &mut text, 4);
            text.push(',');
        }
    }
    text.push_str("\"k\":0}");
    text
}

#[test]
fn what_is_read_by_shapes_answers_as_what_is_read_whole() -> Result<()> {
    let runtime = Runtime::new()?;
    for policy in POLICIES {
        let mut instances = instances(&runtime, policy)?;
        let (mut answered, mut refused) = (0, 0);
        for number in 0..10_000 {
            let random = &mut Random::new(7, number);
            let mut text = input(random);
            if random.chance(5) {
                text.truncate(text.floor_char_boundary(random.below(text.len())));
            }
            if check(&mut instances, &text)? {
                answered += 1;
            } else {
                refused += 1;
            }
        }
        ensure!(answered > 5_000 && refused > 500, "{answered} answered, {refused} refused: {policy}");
    }
    Ok(())
}

/// Asks both modules, which must answer alike; whether they take the input.
fn check(instances: &mut [Instance; 2], text: &str) -> Result<bool> {
    let [got, want] = instances.each_mut().map(|instance| answer(instance, text));
    ensure!(got == want, "{}\nby shapes: {got:?}\nwhole: {want:?}", text.get(..2_000).unwrap_or(text));
    Ok(want.is_ok())
}

#[test]
fn what_is_passed_is_checked() -> Result<()> {
    let runtime = Runtime::new()?;
    let mut instances = POLICIES.iter().map(|policy| instances(&runtime, policy)).collect::<Result<Vec<_>>>()?;
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let values = [
        "[1,]",
        "{\"a\"}",
        "{\"a\":1,}",
        "{1:2}",
        "{1,2}",
        "{\"a\",\"b\"}",
        "\"\\ud800\"",
        "\"\u{1}\"",
        "nul",
        "[1 2]",
        "1e400000000",
        "{\"a\":1,\"b\"}",
        "{\"a\",\"b\":1}",
        "[}",
        "{]",
        "-",
        "\"\\u00zz\"",
    ];
    let values = values.map(str::to_owned).into_iter().chain([deep(990), deep(1_005), deep(100_000)]);
    for value in values {
        for text in [
            format!("{{\"passed\":{value}}}"),
            format!("{{\"items\":[{{\"passed\":{value},\"id\":1,\"kind\":\"a\"}}]}}"),
            format!("{{\"user\":{{\"name\":\"n\",\"groups\":{value}}}}}"),
            format!("{{\"items\":{value}}}"),
            format!("{{\"named\":{{\"p\":{value}}},\"pick\":\"p\"}}"),
            value.clone(),
        ] {
            instances.iter_mut().try_for_each(|pair| check(pair, &text).map(drop))?;
        }
    }
    Ok(())
}
