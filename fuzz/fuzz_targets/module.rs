//! The loader of modules: any bytes end in an error, or in a module whose entrypoints answer or fail within the limits.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use regoc_fuzz::mutate;
use regoc_runtime::{Compilation, Data, FixedEffects, Input, Limits, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let limits = Limits { memory: 64 << 20, time: Some(Duration::from_millis(50)) };
    let runtime = Runtime::builder()
        .limits(limits)
        .effects(|| FixedEffects::at(0))
        .accept_any_builtin()
        .compilation(Compilation::Baseline);
    runtime.build().expect("a runtime")
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::change(data, size, max_size, seed, mutate::module::change)
});

fuzz_target!(|input: &[u8]| {
    let Ok(policy) = RUNTIME.load(input) else { return };
    let entrypoints: Vec<_> = policy.entrypoints().map(str::to_owned).take(4).collect();
    let Ok(mut instance) = policy.instance() else { return };
    let data = Data::from_json(r#"{"a": {"b": [1, "c"]}}"#).expect("JSON");
    let input = Input::from_json(r#"{"x": 1, "names": ["a", "b"]}"#).expect("JSON");
    if instance.set_data(&data).is_err() {
        return;
    }
    for name in entrypoints {
        let Ok(entrypoint) = policy.entrypoint(&name) else { continue };
        drop(instance.evaluate(entrypoint, &input));
        drop(instance.evaluate(entrypoint, &Input::undefined()));
    }
});
