//! Data that instances share: images answer as the data that they were made of, are changed without touching who has them, and are refused
//! where they do not fit.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use regoc_runtime::{Data, Decision, ErrorKind, Image, Input, Instance, Limits, Policy, Pool, Runtime};
use regoc_spec_tests::build::module;
use wasmparser::{Parser, Payload};

/// Gives the data back, and looks into a table and a large object.
const POLICY: &str = r#"package images
whole := data.tree
rows contains row.id if { some row in data.tree.rows; row.key == input.key }
found := data.tree.users[input.user]
grown := array.concat(data.tree.rows, [1])
busy if { some x in numbers.range(1, 100000000); x < 0 }
"#;

fn policy_of(runtime: &Runtime, text: &str, entrypoints: &[&str]) -> Result<Policy> {
    Ok(runtime.load(&module(&[("policy.rego", text)], entrypoints)?)?)
}

fn policy() -> Result<Policy> {
    let names = ["whole", "rows", "found", "grown", "busy"].map(|name| format!("images/{name}"));
    policy_of(&Runtime::new()?, POLICY, &names.each_ref().map(String::as_str))
}

fn ask(instance: &mut Instance, name: &str, input: &str) -> Result<String> {
    let entrypoint = instance.policy().entrypoint(&format!("images/{name}"))?;
    Ok(match instance.evaluate(entrypoint, &Input::from_json(input)?)? {
        Decision::Defined(value) => value.to_string(),
        Decision::Undefined => "undefined".to_owned(),
    })
}

fn ask_image(image: &Image, name: &str, input: &str) -> Result<String> {
    ask(&mut image.instance()?, name, input)
}

/// Every type of value, on the edges of how they lie in memory: each text as the tree of some data.
fn trees() -> Vec<String> {
    let deep = format!("{}1{}", "[{\"k\":".repeat(400), "}]".repeat(400));
    let wide: Vec<String> = (0..5000).map(|key| format!("\"key {key}\":[{key},\"a\",{{}},\"key {key}\"]")).collect();
    let mut trees: Vec<String> = [
        "null",
        "{}",
        "[]",
        "[[],[],{},{},[[]],\"\",\"\"]",
        "[1,1.0,1e0,-0,0,1073741823,1073741824,-1073741825,9223372036854775807,-9223372036854775808,1e400,12345678901234567890123,0.1]",
        r#"["a","aa","é","\u0000","\ud83d\ude00","0123456","01234567","012345678"]"#,
        r#"{"a":{"b":{"c":[1,2,3]}},"b":{"b":{"c":[1,2,3]}},"":{"":""}}"#,
        r#"[{"a":[1,{"x":1}]},{"a":[1,{"x":1}]},true,false,null]"#,
    ]
    .map(str::to_owned)
    .into();
    trees.push(deep);
    trees.push(format!("{{{}}}", wide.join(",")));
    trees.push(format!("\"{}\"", "x".repeat(300_000)));
    trees
}

#[test]
fn images_answer_as_the_data_they_are_made_of() -> Result<()> {
    let policy = policy()?;
    for tree in trees() {
        let data = Data::from_json(&format!("{{\"tree\":{tree}}}"))?;
        let wanted = ask(&mut policy.instance_over(&data)?, "whole", "{}")?;
        let image = policy.image(&data)?;
        let mut instances = [image.instance()?, image.instance()?];
        for _ in 0..3 {
            for instance in &mut instances {
                ensure!(ask(instance, "whole", "{}")? == wanted, "{tree:.200}");
            }
        }
        let read = policy.read_image(&image.to_file()?)?;
        ensure!(ask_image(&read, "whole", "{}")? == wanted, "from a file: {tree:.200}");
        ensure!(image.size() == read.size());
    }
    Ok(())
}

/// Rows with keys, and users, so many that both are indexed.
fn table(count: usize) -> String {
    let (mut rows, mut users) = (String::new(), String::new());
    for id in 0..count {
        let comma = if id == 0 { "" } else { "," };
        let _ = write!(rows, "{comma}{{\"id\":{id},\"key\":\"k{}\",\"tags\":[\"a\",\"b\"]}}", id % 7);
        let _ = write!(users, "{comma}\"user{id}\":[\"a\",\"b\",{}]", id % 5);
    }
    format!("{{\"tree\":{{\"rows\":[{rows}],\"users\":{{{users}}}}}}}")
}

/// The least time of some decisions.
fn least(instance: &mut Instance, input: &str) -> Result<Duration> {
    let (entrypoint, input) = (instance.policy().entrypoint("images/rows")?, Input::from_json(input)?);
    let mut least = Duration::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        instance.evaluate(entrypoint, &input)?;
        least = least.min(start.elapsed());
    }
    Ok(least)
}

#[test]
fn images_keep_their_indexes() -> Result<()> {
    let policy = policy()?;
    let data = Data::from_json(&table(30_000))?;
    let image = policy.image(&data)?;
    let wanted = least(&mut policy.instance_over(&data)?, r#"{"key":"nowhere"}"#)?;
    let changed = image.with(&["tree", "more"], "1")?;
    for image in [policy.read_image(&image.to_file()?)?, image.clone(), changed] {
        let mut instance = image.instance()?;
        ensure!(ask(&mut instance, "found", r#"{"user":"user321"}"#)? == r#"["a","b",1]"#);
        ensure!(ask(&mut instance, "found", r#"{"user":"nobody"}"#)? == "undefined");
        let rows = ask(&mut instance, "rows", r#"{"key":"k3"}"#)?;
        ensure!(rows.starts_with("[3,10,17,") && rows.ends_with(",29998]"), "{:.100}", rows);
        // A scan of all rows would take some hundred times as long.
        let took = least(&mut instance, r#"{"key":"nowhere"}"#)?;
        ensure!(took < wanted * 20, "{took:?}, and {wanted:?} over data of its own");
    }
    // Equal texts and arrays are there once, and nothing of what was read is left.
    let (size, text) = (image.size().context("it is mapped")?, table(30_000).len());
    ensure!(size < text * 3 / 2, "{size} bytes of {text}");
    Ok(())
}

#[test]
fn changes_make_further_images() -> Result<()> {
    let policy = policy()?;
    let first = policy.image(&Data::from_json(&table(40))?)?;
    let second = first.with(&["tree", "users", "user1"], r#"{"new":[1,2,{"x":"a"}]}"#)?;
    let third = second.without(&["tree", "users", "user2"])?.with(&["tree", "made", "on", "the", "way"], "1.0")?;
    let of = |image: &Image, user: &str| ask_image(image, "found", &format!("{{\"user\":\"{user}\"}}"));
    ensure!((of(&first, "user1")?, of(&first, "user2")?) == (r#"["a","b",1]"#.into(), r#"["a","b",2]"#.into()));
    ensure!(
        (of(&second, "user1")?, of(&second, "user2")?)
            == (r#"{"new":[1,2,{"x":"a"}]}"#.into(), r#"["a","b",2]"#.into())
    );
    ensure!((of(&third, "user1")?, of(&third, "user2")?) == (r#"{"new":[1,2,{"x":"a"}]}"#.into(), "undefined".into()));
    ensure!(ask_image(&third, "whole", "{}")?.contains(r#""made":{"on":{"the":{"way":1.0}}}"#));
    // Equal parts are changed apart: the arrays of all users are one in memory, and their rows' tags, too.
    let fourth = third.with(&["tree", "rows"], r#"[{"id":1,"key":"k3","tags":["a"]},{"id":2,"key":"k3"}]"#)?;
    ensure!(ask_image(&fourth, "rows", r#"{"key":"k3"}"#)? == "[1,2]" && of(&fourth, "user3")? == r#"["a","b",3]"#);
    ensure!(ask_image(&third, "rows", r#"{"key":"k3"}"#)? == "[3,10,17,24,31,38]");
    // What has been changed back takes what it took.
    let back = second.with(&["tree", "users", "user1"], r#"["a","b",1]"#)?;
    ensure!(back.size() == first.size() && ask_image(&back, "whole", "{}")? == ask_image(&first, "whole", "{}")?);
    Ok(())
}

#[test]
fn changes_that_cannot_be_are_refused() -> Result<()> {
    let image = policy()?.image(&Data::from_json(&table(3))?)?;
    let through = image.with(&["tree", "rows", "0"], "1").unwrap_err();
    ensure!(
        through.kind() == ErrorKind::InvalidPath && through.message().contains(r#"["tree","rows","0"]"#),
        "{through}"
    );
    ensure!(image.with(&[], "1").unwrap_err().message().contains("empty"));
    ensure!(image.without(&[]).unwrap_err().kind() == ErrorKind::InvalidPath);
    for text in ["", "[1,", "1e99999999999"] {
        ensure!(image.with(&["tree"], text).unwrap_err().kind() == ErrorKind::InvalidJson, "{text}");
    }
    // Nothing there is nothing to remove.
    ensure!(ask_image(&image.without(&["tree", "rows", "0"])?, "whole", "{}")? == ask_image(&image, "whole", "{}")?);
    Ok(())
}

#[test]
fn instances_change_images_between_decisions() -> Result<()> {
    let policy = policy()?;
    let images = [1, 2].map(|value| policy.image(&Data::from_json(&format!("{{\"tree\":{value}}}")).expect("JSON")));
    let [one, two] = images;
    let (one, two) = (one?, two?);
    let mut instance = one.instance()?;
    for _ in 0..3 {
        instance.set_image(&two)?;
        ensure!(ask(&mut instance, "whole", "{}")? == "2");
        instance.set_data(&Data::from_json(r#"{"tree":3}"#)?)?;
        ensure!(ask(&mut instance, "whole", "{}")? == "3");
        instance.set_image(&one)?;
        ensure!(ask(&mut instance, "whole", "{}")? == "1");
    }
    let other = policy_of(&Runtime::new()?, "package images\nwhole := data.tree", &["images/whole"])?;
    let foreign = other.image(&Data::from_json("{}")?)?;
    ensure!(instance.set_image(&foreign).unwrap_err().message().contains("another policy"));
    ensure!(ask(&mut instance, "whole", "{}")? == "1", "it keeps its data");
    Ok(())
}

#[test]
fn an_instance_that_was_cut_off_has_its_image_again() -> Result<()> {
    let limits = Limits { time: Some(Duration::from_millis(30)), ..Limits::default() };
    let policy = policy_of(&Runtime::builder().limits(limits).build()?, POLICY, &["images/whole", "images/busy"])?;
    let mut instance = policy.image(&Data::from_json(r#"{"tree":[1,"a"]}"#)?)?.instance()?;
    for _ in 0..2 {
        let busy = policy.entrypoint("images/busy")?;
        ensure!(instance.evaluate(busy, &Input::undefined()).unwrap_err().kind() == ErrorKind::TimeLimit);
        ensure!(ask(&mut instance, "whole", "{}")? == r#"[1,"a"]"#);
    }
    Ok(())
}

#[test]
fn files_that_do_not_fit_are_refused_with_their_reason() -> Result<()> {
    let policy = policy()?;
    let file = policy.image(&Data::from_json(&table(20))?)?.to_file()?;
    let refused = |policy: &Policy, file: &[u8]| {
        let error = policy.read_image(file).err().context("it is refused")?;
        ensure!(error.kind() == ErrorKind::InvalidImage, "{error}");
        Ok(error.message().to_owned())
    };
    for at in [60, 100, file.len() / 2, file.len() - 1] {
        let mut damaged = file.clone();
        *damaged.get_mut(at).context("a byte")? ^= 1;
        ensure!(refused(&policy, &damaged)?.contains("damaged"), "{at}");
    }
    for (len, why) in [(0, "another kind"), (10, "another kind"), (40, "cut off"), (file.len() - 1, "damaged")] {
        let text = refused(&policy, &file[..len])?;
        ensure!(text.contains(why), "{len}: {text}");
    }
    let mut version = file.clone();
    *version.get_mut("\0regoc data image ".len()).context("a byte")? += 1;
    ensure!(refused(&policy, &version)?.contains("another version"));
    let other = policy_of(&Runtime::new()?, "package images\nwhole := data.tree[_]", &["images/whole"])?;
    ensure!(refused(&other, &file)?.contains("another policy"));
    ensure!(refused(&policy, b"{}")?.contains("another kind"));
    Ok(())
}

#[test]
fn modules_that_are_precompiled_take_images_of_those_that_are_not() -> Result<()> {
    let runtime = Runtime::new()?;
    let bytes = module(&[("policy.rego", POLICY)], &["images/whole"])?;
    let file = runtime.load(&bytes)?.image(&Data::from_json(r#"{"tree":7}"#)?)?.to_file()?;
    #[expect(unsafe_code, reason = "code of a file")]
    // SAFETY: the runtime has just made it.
    let precompiled = unsafe { runtime.load_precompiled(&runtime.precompile(&bytes)?) }?;
    ensure!(ask_image(&precompiled.read_image(&file)?, "whole", "{}")? == "7");
    Ok(())
}

#[test]
fn constants_that_are_copied_at_the_start_are_there_with_a_limit() -> Result<()> {
    // More than fits into the memory that hosts give: a start function copies it, over an image and over nothing.
    let long = "a long text ".repeat(30_000);
    let bytes =
        module(&[("policy.rego", &format!("package images\nwhole := [data.tree, {long:?}]"))], &["images/whole"])?;
    let mut sections = Parser::new(0).parse_all(&bytes);
    ensure!(sections.any(|section| matches!(section, Ok(Payload::StartSection { .. }))), "it has no start function");
    let data = Data::from_json(r#"{"tree":7}"#)?;
    for time in [None, Some(Duration::from_secs(20))] {
        for builder in [Runtime::builder(), Runtime::builder().pooled_instances(2)] {
            let policy = builder.limits(Limits { time, ..Limits::default() }).build()?.load(&bytes)?;
            let answers = [
                ask(&mut policy.instance_over(&data)?, "whole", "1")?,
                ask_image(&policy.image(&data)?, "whole", "1")?,
            ];
            ensure!(answers.iter().all(|answer| *answer == format!("[7,{long:?}]")), "{time:?}: {answers:.100?}");
        }
    }
    Ok(())
}

#[test]
fn an_image_needs_no_more_memory_than_the_limits_give() -> Result<()> {
    let limits = Limits { memory: 1 << 20, time: None };
    let policy = policy_of(&Runtime::builder().limits(limits).build()?, POLICY, &["images/whole"])?;
    let error = policy.image(&Data::from_json(&table(20_000))?).unwrap_err();
    ensure!(error.kind() == ErrorKind::MemoryLimit, "{error}");
    Ok(())
}

/// Data of one revision, in which two places say which one it is.
fn revision(number: usize) -> Result<Data> {
    let filler: Vec<String> = (0..50).map(|key| format!("\"k{key}\":{number}")).collect();
    let text = format!("{{\"tree\":{{\"a\":{number},\"users\":{{{}}},\"z\":{number}}}}}", filler.join(","));
    Ok(Data::from_json(&text)?)
}

#[test]
fn a_decision_sees_one_revision_while_data_are_replaced() -> Result<()> {
    const REVISIONS: usize = 60;
    let text = "package images\nwhole := [data.tree.a, data.tree.users[input.user], data.tree.z]\n";
    for pooled in [None, Some(8)] {
        let builder = pooled.map_or_else(Runtime::builder, |count| Runtime::builder().pooled_instances(count));
        let policy = policy_of(&builder.build()?, text, &["images/whole"])?;
        let pool = Pool::new(policy.image(&revision(0)?)?, 2);
        let entrypoint = policy.entrypoint("images/whole")?;
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let ask = || -> Result<usize> {
                let (input, mut last, mut seen) = (Input::from_json(r#"{"user":"k49"}"#)?, 0, 0);
                while !done.load(Ordering::Relaxed) {
                    let Decision::Defined(value) = pool.evaluate(entrypoint, &input)? else {
                        anyhow::bail!("it is defined")
                    };
                    let numbers: Vec<usize> = serde_json::from_value(value)?;
                    ensure!(numbers.iter().all(|number| Some(number) == numbers.first()), "{numbers:?}");
                    let now = numbers.first().copied().unwrap_or_default();
                    ensure!(now >= last, "an older revision after a newer one: {last}, {now}");
                    seen += usize::from(now != last);
                    last = now;
                }
                Ok(seen)
            };
            let threads: Vec<_> = (0..3).map(|_| scope.spawn(ask)).collect();
            for number in 1..=REVISIONS {
                pool.replace(policy.image(&revision(number)?)?);
            }
            done.store(true, Ordering::Relaxed);
            let seen = threads.into_iter().map(|thread| thread.join().expect("it does not panic"));
            let seen = seen.collect::<Result<Vec<usize>>>()?;
            ensure!(seen.iter().any(|seen| *seen > 2), "changes were seen: {seen:?}");
            Ok(())
        })?;
        ensure!(pool.with(|instance| ask(instance, "whole", r#"{"user":"k0"}"#))?? == "[60,60,60]");
    }
    Ok(())
}

#[test]
fn policies_are_replaced_with_their_data() -> Result<()> {
    let runtime = Runtime::new()?;
    let of = |text: &str| policy_of(&runtime, &format!("package images\nwhole := {text}"), &["images/whole"]);
    let pool = Pool::new(of("[1, data.tree.a]")?.image(&revision(1)?)?, 4);
    let whole = |pool: &Pool| pool.with(|instance| ask(instance, "whole", "{}"))?;
    ensure!(whole(&pool)? == "[1,1]");
    pool.replace(of("[2, data.tree.a]")?.image(&revision(2)?)?);
    ensure!(whole(&pool)? == "[2,2]");
    Ok(())
}

#[test]
fn pooled_instances_begin_anew_and_are_counted() -> Result<()> {
    let runtime = Runtime::builder().pooled_instances(3).build()?;
    let policy = policy_of(&runtime, POLICY, &["images/whole", "images/grown", "images/found"])?;
    let images = [table(40), table(3000)].map(|text| policy.image(&Data::from_json(&text).expect("JSON")));
    for _ in 0..10 {
        for (image, count) in images.iter().zip([40, 3000]) {
            let image = image.as_ref().map_err(Clone::clone)?;
            let mut instances = [image.instance()?, image.instance()?, image.instance()?];
            let full = image.instance().unwrap_err();
            ensure!(full.kind() == ErrorKind::InstanceLimit && full.message().contains("no more instances"), "{full}");
            for instance in &mut instances {
                ensure!(ask(instance, "grown", "{}")?.matches("\"id\"").count() == count);
                ensure!(ask(instance, "found", r#"{"user":"user7"}"#)? == r#"["a","b",2]"#);
            }
        }
        ensure!(ask(&mut policy.instance()?, "found", r#"{"user":"user7"}"#)? == "undefined");
    }
    Ok(())
}
