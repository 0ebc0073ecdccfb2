//! Modules that become machine code in one way or another answer the same, and instances keep what they have when their code becomes better.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use regoc_runtime::{
    Compilation, Data, Decision, Effects, ErrorKind, Image, Input, Instance, Limits, Policy, Runtime, Value,
};

const FIXTURE: &[u8] = include_bytes!("fixtures/opa.wasm");

/// Effects of which each instance has its own, with a clock that goes on by one for each decision.
struct Ticking {
    now_ns: i64,
}

impl Effects for Ticking {
    fn now_ns(&mut self) -> i64 {
        self.now_ns += 1;
        self.now_ns
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }

    fn runtime_info(&mut self) -> Value {
        Value::Null
    }

    fn print(&mut self, _line: &str) {}
}

/// The fixture; each of its instances begins with a clock of another hour.
fn load(compilation: Compilation, limits: Limits) -> Policy {
    let hours = Arc::new(AtomicI64::new(0));
    let effects = move || Ticking { now_ns: hours.fetch_add(1, Ordering::Relaxed) * 3_600_000_000_000 };
    let builder = Runtime::builder().compilation(compilation).effects(effects).limits(limits);
    builder.builtin("embedder.echo", |_| Ok(None)).build().unwrap().load(FIXTURE).unwrap()
}

fn ask(instance: &mut Instance, entrypoint: &str, input: &str) -> serde_json::Value {
    let entrypoint = instance.policy().entrypoint(&format!("fixture/{entrypoint}")).unwrap();
    match instance.evaluate(entrypoint, &Input::from_json(input).unwrap()).unwrap() {
        Decision::Defined(value) => value,
        Decision::Undefined => serde_json::Value::Null,
    }
}

fn roles() -> Data {
    Data::from_json(r#"{"roles":{"alice":["admin"]}}"#).unwrap()
}

/// Waits until nothing better can come.
fn settle(policy: &Policy) {
    let start = Instant::now();
    while !policy.is_settled() {
        assert!(start.elapsed() < Duration::from_secs(60), "the code does not become better");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn all_kinds_of_code_answer_the_same() {
    let time = Some(Duration::from_secs(10));
    for compilation in [Compilation::Optimized, Compilation::Baseline, Compilation::Tiered] {
        for limits in [Limits::default(), Limits { time, ..Limits::default() }] {
            let policy = load(compilation, limits);
            for _ in 0..2 {
                let mut instance = policy.instance_over(&roles()).unwrap();
                assert_eq!(ask(&mut instance, "allow", r#"{"user":"alice"}"#), true, "{compilation:?}");
                assert_eq!(
                    ask(&mut instance, "p", r#"{"values":[3,1,1]}"#),
                    serde_json::json!([1, 3]),
                    "{compilation:?}"
                );
                settle(&policy);
            }
        }
    }
}

#[test]
fn an_instance_that_goes_over_to_better_code_keeps_its_data_and_its_effects() {
    let policy = load(Compilation::Tiered, Limits::default());
    let mut instance = policy.instance_over(&roles()).unwrap();
    let first = ask(&mut instance, "now", "null").as_i64().unwrap();
    settle(&policy);
    assert_eq!(ask(&mut instance, "allow", r#"{"user":"alice"}"#), true);
    let second = ask(&mut instance, "now", "null").as_i64().unwrap();
    assert_eq!(second, first + 1);
    let mut held = instance.hold(Input::from_json(r#"{"user":"alice"}"#).unwrap()).unwrap();
    let allow = policy.entrypoint("fixture/allow").unwrap();
    assert_eq!(held.evaluate(allow), Ok(Decision::Defined(true.into())));
}

#[test]
fn an_input_that_is_held_stays_while_the_code_becomes_better() {
    let policy = load(Compilation::Tiered, Limits::default());
    let allow = policy.entrypoint("fixture/allow").unwrap();
    let mut instance = policy.instance_over(&roles()).unwrap();
    let mut held = instance.hold(Input::from_json(r#"{"user":"alice"}"#).unwrap()).unwrap();
    for _ in 0..2 {
        assert_eq!(held.evaluate(allow), Ok(Decision::Defined(true.into())));
        settle(&policy);
    }
}

#[test]
fn what_needs_the_better_code_waits_for_it() {
    let policy = load(Compilation::Tiered, Limits::default());
    let image: Image = policy.image(&roles()).unwrap();
    assert_eq!(ask(&mut image.instance().unwrap(), "allow", r#"{"user":"alice"}"#), true);
    let mut early = policy.instance().unwrap();
    early.set_image(&image).unwrap();
    assert_eq!(ask(&mut early, "allow", r#"{"user":"alice"}"#), true);
}

#[test]
fn what_is_no_module_is_refused_in_the_same_words() {
    let broken = [&FIXTURE[..FIXTURE.len() - 10], b"\0asm\x01\0\0\0\xff"];
    for bytes in broken {
        let refused = |compilation| {
            let error = Runtime::builder().compilation(compilation).build().unwrap().load(bytes).unwrap_err();
            (error.kind(), error.message().to_owned())
        };
        let (kind, message) = refused(Compilation::Optimized);
        assert_eq!(kind, ErrorKind::InvalidModule);
        assert_eq!(refused(Compilation::Baseline), (kind, message.clone()));
        assert_eq!(refused(Compilation::Tiered), (kind, message));
    }
}
