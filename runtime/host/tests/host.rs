//! The runtime as an embedder uses it, on a module that OPA built (`fixtures/fixture.rego`) and on broken ones.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use std::thread;
use std::time::{Duration, Instant};

use regoc_runtime::{
    Builder, Compilation, Data, Decision, Error, ErrorKind, FixedEffects, Input, Instance, Limits, Policy, Runtime,
    Value,
};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, MemoryType, Module, TypeSection, ValType,
};

const FIXTURE: &[u8] = include_bytes!("fixtures/opa.wasm");

/// A runtime for the fixture: it has the builtin that the fixture wants.
fn runtime() -> Builder {
    Runtime::builder().compilation(Compilation::Baseline).effects(|| FixedEffects::at(1_234)).builtin(
        "embedder.echo",
        |arguments| match arguments {
            [Value::String(text), _] if text == "fail" => Err("told to fail".to_owned()),
            [Value::Null, _] => Ok(None),
            _ => Ok(Some(Value::Array(arguments.to_vec()))),
        },
    )
}

fn policy(builder: Builder) -> Policy {
    builder.build().unwrap().load(FIXTURE).unwrap()
}

fn evaluate(instance: &mut Instance, entrypoint: &str, input: &str) -> Result<Decision, Error> {
    let entrypoint = instance.policy().entrypoint(&format!("fixture/{entrypoint}"))?;
    instance.evaluate(entrypoint, &Input::from_json(input)?)
}

fn defined(json: &str) -> Result<Decision, Error> {
    Ok(Decision::Defined(serde_json::from_str(json).unwrap()))
}

#[test]
fn a_module_of_opa_answers() {
    let policy = policy(runtime());
    assert_eq!(policy.abi_version(), (1, 3));
    assert!(policy.entrypoints().any(|name| name == "fixture/allow"));
    let mut instance = policy.instance().unwrap();
    assert_eq!(evaluate(&mut instance, "allow", r#"{"user":"alice"}"#), Ok(Decision::Undefined));
    instance.set_data(&Data::from_json(r#"{"roles":{"alice":["admin"]}}"#).unwrap()).unwrap();
    assert_eq!(evaluate(&mut instance, "allow", r#"{"user":"alice"}"#), defined("true"));
    assert_eq!(evaluate(&mut instance, "allow", r#"{"user":"bob"}"#), Ok(Decision::Undefined));
    assert_eq!(evaluate(&mut instance, "p", r#"{"values":[3,1,1]}"#), defined("[1,3]"));
    let identity = policy.entrypoint("fixture/identity").unwrap();
    assert_eq!(instance.evaluate(identity, &Input::undefined()), Ok(Decision::Undefined));
    assert_eq!(instance.evaluate_raw(identity, &Input::from_checked_json(b"[1]")).unwrap(), br#"[{"result":[1]}]"#);
}

#[test]
fn effects_are_constant_within_a_decision() {
    let mut instance = policy(runtime()).instance().unwrap();
    assert_eq!(evaluate(&mut instance, "now", "{}"), defined("1234"));
    assert_eq!(evaluate(&mut instance, "same_time", "{}"), Ok(Decision::Undefined));
    assert_eq!(evaluate(&mut instance, "runtime", "{}"), defined("{}"));
    let random = evaluate(&mut instance, "random", "{}").unwrap().into_value().unwrap();
    assert!(random.as_i64().is_some_and(|number| (0..1000).contains(&number)));
    let id = evaluate(&mut instance, "id", "{}").unwrap().into_value().unwrap();
    assert_eq!(id.as_str().map(str::len), Some(36));
}

#[test]
fn builtins_of_the_embedder_get_sets_as_sets() {
    let mut instance = policy(runtime()).instance().unwrap();
    // The set and the key travel as what they are; only the JSON of the decision makes them an array and a string.
    assert_eq!(evaluate(&mut instance, "echo", r#"{"value":2}"#), defined(r#"[2,{"1":[2]}]"#));
    assert_eq!(evaluate(&mut instance, "echo", r#"{"value":null}"#), Ok(Decision::Undefined));
    assert_eq!(evaluate(&mut instance, "echo", r#"{"value":"fail"}"#), Ok(Decision::Undefined));
    let mut strict = policy(runtime().strict_builtin_errors(true)).instance().unwrap();
    let error = evaluate(&mut strict, "echo", r#"{"value":"fail"}"#).unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("eval_builtin_error"), "embedder.echo: told to fail"));
    assert_eq!(evaluate(&mut strict, "echo", r#"{"value":2}"#), defined(r#"[2,{"1":[2]}]"#));
}

#[test]
fn a_conflict_is_an_error_with_its_place_and_the_instance_goes_on() {
    let mut instance = policy(runtime()).instance().unwrap();
    for _ in 0..3 {
        let error = evaluate(&mut instance, "conflict", r#"{"values":[1,2]}"#).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Evaluation, Some("eval_conflict_error")));
        let location = error.location().unwrap();
        assert_eq!((location.file.as_str(), location.row), ("fixture.rego", 8));
        assert_eq!(evaluate(&mut instance, "conflict", r#"{"values":[1,1]}"#), defined("1"));
    }
}

#[test]
fn time_is_limited_and_armed_again_for_each_call() {
    let time = Some(Duration::from_millis(50));
    let mut instance = policy(runtime().limits(Limits { time, ..Limits::default() })).instance().unwrap();
    for _ in 0..2 {
        let start = Instant::now();
        let error = evaluate(&mut instance, "endless", "{}").unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::TimeLimit, Some("eval_cancel_error")));
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
        // So long that what keeps the time has gone to sleep.
        thread::sleep(Duration::from_millis(400));
        assert_eq!(evaluate(&mut instance, "identity", "1"), defined("1"));
    }
}

/// Loads a file that may be damaged: the test made it.
#[expect(unsafe_code, reason = "code of a file")]
fn load_precompiled(builder: Builder, file: &[u8]) -> Result<Policy, Error> {
    // SAFETY: `precompile` made the file; where it was changed, the hash says so.
    unsafe { builder.build()?.load_precompiled(file) }
}

#[test]
fn what_was_precompiled_answers_the_same() {
    let file = runtime().build().unwrap().precompile(FIXTURE).unwrap();
    assert!(regoc_runtime::is_precompiled(&file) && !regoc_runtime::is_precompiled(FIXTURE));
    let policy = load_precompiled(runtime(), &file).unwrap();
    assert_eq!(policy.abi_version(), (1, 3));
    assert_eq!(evaluate(&mut policy.instance().unwrap(), "p", r#"{"values":[3,1,1]}"#), defined("[1,3]"));
    assert!(runtime().build().unwrap().load(&file).unwrap_err().message().contains("precompiled"));
    // What the policy wants of its host is asked for here too.
    let error = load_precompiled(Runtime::builder().compilation(Compilation::Baseline), &file).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unmet);
}

#[test]
fn what_was_precompiled_is_refused_where_it_does_not_fit() {
    let file = runtime().build().unwrap().precompile(FIXTURE).unwrap();
    let refused = |file: &[u8]| {
        let error = load_precompiled(runtime(), file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidModule, "{error}");
        error.message().to_owned()
    };
    for place in [60, 100, file.len() / 2, file.len() - 1] {
        let mut damaged = file.clone();
        damaged[place] ^= 1;
        assert!(refused(&damaged).contains("damaged"), "{place}");
    }
    assert!(refused(&file[..file.len() - 1]).contains("damaged"));
    assert!(refused(&file[..40]).contains("cut off"));
    let mut version = file.clone();
    version[20] += 1;
    assert!(refused(&version).contains("another version"), "{}", refused(&version));
    assert!(refused(FIXTURE).contains("another kind"));
    let limits = Limits { time: Some(Duration::from_secs(1)), ..Limits::default() };
    let error = load_precompiled(runtime().limits(limits), &file).unwrap_err();
    assert!(error.message().contains("for another host, which limits no time"), "{error}");
    let file = runtime().limits(limits).build().unwrap().precompile(FIXTURE).unwrap();
    assert!(refused(&file).contains("for another host, which limits time"), "{}", refused(&file));
    let mut instance = load_precompiled(runtime().limits(limits), &file).unwrap().instance().unwrap();
    assert_eq!(evaluate(&mut instance, "identity", "1"), defined("1"));
    assert_eq!(evaluate(&mut instance, "endless", "{}").map_err(|error| error.kind()), Err(ErrorKind::TimeLimit));
}

#[test]
fn memory_is_limited_and_the_instance_goes_on() {
    let limits = Limits { memory: 8 << 20, time: None };
    let mut instance = policy(runtime().limits(limits)).instance().unwrap();
    instance.set_data(&Data::from_json(r#"{"roles":{"alice":["admin"]}}"#).unwrap()).unwrap();
    let error = evaluate(&mut instance, "big", "{}").unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::MemoryLimit, Some("eval_cancel_error")));
    assert!(error.message().contains("8388608 bytes"), "{error}");
    assert_eq!(evaluate(&mut instance, "allow", r#"{"user":"alice"}"#), defined("true"));
    let large = format!("{{\"roles\":\"{}\"}}", "x".repeat(9 << 20));
    assert_eq!(
        instance.set_data(&Data::from_json(&large).unwrap()).map_err(|error| error.kind()),
        Err(ErrorKind::MemoryLimit)
    );
    assert_eq!(evaluate(&mut instance, "identity", &large).map_err(|error| error.kind()), Err(ErrorKind::MemoryLimit));
    assert_eq!(evaluate(&mut instance, "allow", r#"{"user":"alice"}"#), defined("true"));
    assert!(instance.memory_size() <= 8 << 20);
}

#[test]
fn memory_stays_as_it_was_over_many_decisions() {
    let mut instance = policy(runtime()).instance().unwrap();
    let ask = |instance: &mut Instance| {
        for value in 0..1000 {
            assert_eq!(evaluate(instance, "nested", &value.to_string()), defined(&format!("[[{value}]]")));
        }
        instance.memory_size()
    };
    let first = ask(&mut instance);
    for _ in 0..10 {
        assert_eq!(ask(&mut instance), first);
    }
}

#[test]
fn a_policy_is_shared_by_threads() {
    let policy = policy(runtime());
    thread::scope(|scope| {
        for number in 0..4 {
            let policy = &policy;
            scope.spawn(move || {
                let mut instance = policy.instance().unwrap();
                for _ in 0..100 {
                    assert_eq!(evaluate(&mut instance, "identity", &number.to_string()), defined(&number.to_string()));
                }
            });
        }
    });
}

#[test]
fn an_unknown_entrypoint_names_the_nearest() {
    let error = policy(runtime()).entrypoint("fixture/alow").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownEntrypoint);
    assert!(
        error.message().starts_with("the policy has no entrypoint `fixture/alow`; the nearest it has: `fixture/allow`"),
        "{error}"
    );
}

#[test]
fn a_builtin_that_the_host_lacks_is_refused_at_load() {
    let error = Runtime::builder().compilation(Compilation::Baseline).build().unwrap().load(FIXTURE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unmet);
    assert!(error.message().contains("`embedder.echo`"), "{error}");
}

#[test]
fn a_tool_can_load_what_it_does_not_ask() {
    let runtime = Runtime::builder().compilation(Compilation::Baseline).accept_any_builtin().build().unwrap();
    let policy = runtime.load(FIXTURE).unwrap();
    assert!(policy.host_builtins().any(|name| name == "embedder.echo"));
    assert_eq!(evaluate(&mut policy.instance().unwrap(), "echo", "{}"), Ok(Decision::Undefined));
}

fn load(bytes: &[u8]) -> Error {
    Runtime::builder().compilation(Compilation::Baseline).build().unwrap().load(bytes).unwrap_err()
}

#[test]
fn what_is_not_a_module_is_refused() {
    for (bytes, kind, words) in [
        (b"".as_slice(), ErrorKind::InvalidModule, "the module is empty"),
        (b"\0as", ErrorKind::InvalidModule, "cut off"),
        (b"package a\n", ErrorKind::InvalidModule, "does not begin with"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0", ErrorKind::InvalidModule, "gzip"),
        (b"\0asm\x0d\0\x01\0", ErrorKind::InvalidModule, "component"),
        (b"\0asm\x01\0\0\0", ErrorKind::NotAPolicy, "does not export `builtins`"),
        (b"\0asm\x01\0\0\0\x01", ErrorKind::InvalidModule, "not a valid WebAssembly module"),
    ] {
        let error = load(bytes);
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().contains(words), "{error}");
    }
    for length in [9, 100, 1000, FIXTURE.len() / 2, FIXTURE.len() - 1] {
        let cut = FIXTURE.get(..length).unwrap();
        assert_eq!(load(cut).kind(), ErrorKind::InvalidModule, "{length}");
    }
}

#[test]
fn an_import_that_the_host_lacks_is_refused_by_name() {
    for (module, name) in [("wasi_snapshot_preview1", "fd_write"), ("env", "opa_other"), ("other", "opa_abort")] {
        let error = load(&module_importing(module, name, &[ValType::I32]));
        assert_eq!(error.kind(), ErrorKind::Unmet);
        assert!(error.message().contains(&format!("`{module}.{name}`")), "{error}");
    }
}

fn module_importing(from: &str, name: &str, params: &[ValType]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function(params.iter().copied(), []);
    let mut imports = ImportSection::new();
    imports.import(from, name, EntityType::Function(0));
    let mut module = Module::new();
    module.section(&types).section(&imports);
    module.finish()
}

/// A module with all the exports that are needed, and the text `{"p":0}` at address 8.
fn impostor(body: impl Fn(&str, &mut Function), version: i32) -> Vec<u8> {
    let needed = [
        ("builtins", 0),
        ("entrypoints", 0),
        ("opa_heap_ptr_get", 0),
        ("opa_json_dump", 1),
        ("opa_malloc", 1),
        ("opa_json_parse", 2),
        ("opa_value_parse", 2),
        ("opa_value_dump", 1),
        ("opa_heap_ptr_set", 3),
        ("opa_free", 3),
        ("opa_eval", 4),
    ];
    let mut types = TypeSection::new();
    for (params, results) in [(0, 1), (1, 1), (2, 1), (1, 0), (7, 1)] {
        types.ty().function(vec![ValType::I32; params], vec![ValType::I32; results]);
    }
    let mut imports = ImportSection::new();
    let memory = MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
    imports.import("env", "memory", memory);
    let (mut functions, mut exports, mut code) = (FunctionSection::new(), ExportSection::new(), CodeSection::new());
    for (index, (name, ty)) in needed.into_iter().enumerate() {
        functions.function(ty);
        exports.export(name, ExportKind::Func, u32::try_from(index).unwrap());
        let mut function = Function::new([]);
        body(name, &mut function);
        function.instructions().end();
        code.function(&function);
    }
    let mut globals = GlobalSection::new();
    let ty = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
    globals.global(ty, &ConstExpr::i32_const(version));
    exports.export("opa_wasm_abi_version", ExportKind::Global, 0);
    let mut module = Module::new();
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(8), *b"{\"p\":0}");
    module.section(&types).section(&imports).section(&functions).section(&globals).section(&exports).section(&code);
    module.section(&data);
    module.finish()
}

#[test]
fn a_heap_that_leaves_no_memory_is_an_error() {
    let body = |name: &str, function: &mut Function| match name {
        "opa_heap_ptr_get" => drop(function.instructions().i32_const(-1)),
        "opa_heap_ptr_set" | "opa_free" => {}
        _ => drop(function.instructions().i32_const(8)),
    };
    let runtime = Runtime::builder().compilation(Compilation::Baseline).accept_any_builtin().build().unwrap();
    let policy = runtime.load(&impostor(body, 1)).unwrap();
    let mut instance = policy.instance().unwrap();
    instance.set_data(&Data::from_json("{}").unwrap()).unwrap();
    let error = instance.evaluate(policy.entrypoint("p").unwrap(), &Input::undefined()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.message().contains("no memory is left"), "{error}");
}

#[test]
fn a_module_that_only_pretends_is_refused() {
    let trap = |_: &str, function: &mut Function| {
        function.instructions().unreachable();
    };
    let error = load(&impostor(trap, 2));
    assert_eq!(error.kind(), ErrorKind::NotAPolicy);
    assert!(error.message().contains("version 2"), "{error}");
    let error = load(&impostor(trap, 1));
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.message().contains("trapped"), "{error}");
}

#[test]
fn a_module_that_never_starts_is_stopped() {
    let endless = |_: &str, function: &mut Function| {
        function.instructions().loop_(wasm_encoder::BlockType::Empty).br(0).end().unreachable();
    };
    let limits = Limits { time: Some(Duration::from_millis(20)), ..Limits::default() };
    let runtime = Runtime::builder().compilation(Compilation::Baseline).limits(limits).build().unwrap();
    assert_eq!(runtime.load(&impostor(endless, 1)).unwrap_err().kind(), ErrorKind::TimeLimit);
}

#[test]
fn an_import_of_another_type_is_refused() {
    let error = load(&module_importing("env", "opa_abort", &[ValType::I64]));
    assert!(matches!(error.kind(), ErrorKind::NotAPolicy | ErrorKind::Unmet), "{error}");
}
