//! How large, how much memory: the bounds that regoc promises for modules and for asking them. Those of building are in `build_times.rs`.
//!
//! Every figure is printed (`make figures` shows them).
#![expect(clippy::print_stdout, reason = "the figures are what somebody reads")]

use std::process::Command;

use anyhow::{Context, Result, ensure};
use regoc_runtime::{Input, Runtime};
use regoc_spec_tests::build::{compiled, module};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::tool;
use wasmtime::{Caller, Engine, Instance, Linker, Memory, Module, Store, TypedFunc};

/// The smallest policy that asks for something.
const ONE_RULE: &str = "package example\nallow if input.x == 1\n";
/// OPA's introductory example.
const SERVERS: &str = include_str!("../../examples/servers/policy.rego");
/// The question of that example.
const VIOLATION: &str = "example/violation";
/// What is asked of it.
const INPUT: &str = include_str!("../../examples/servers/input.json");
/// What it answers.
const ANSWER: &str = r#"[{"result":["busybox","ci"]}]"#;

/// The most bytes that the module of [`ONE_RULE`] may have.
const ONE_RULE_BYTES: usize = 8_000;
/// The same with the document of its package, which base data may share.
const ONE_PACKAGE_BYTES: usize = 8_192;
/// The most bytes that the module of [`SERVERS`] may have.
const SERVERS_BYTES: usize = 25_000;

/// After how many decisions an instance must have all the memory that it will ever have.
const WARM: usize = 1_000;

/// What a policy over small input needs, in bytes: the pages that every host gives. The stack of recursive functions alone would be more.
const MOST_MEMORY: usize = 2 << 16;

#[test]
fn modules_are_small() -> Result<()> {
    let policies = [
        ("one rule", ONE_RULE, vec!["example/allow"], ONE_RULE_BYTES),
        ("one rule, everything an entrypoint", ONE_RULE, vec![], ONE_PACKAGE_BYTES),
        ("servers", SERVERS, vec![VIOLATION], SERVERS_BYTES),
        ("servers, everything an entrypoint", SERVERS, vec![], SERVERS_BYTES),
    ];
    let mut problems = Vec::new();
    for (name, text, entrypoints, most) in policies {
        let compiled = compiled(&[("policy.rego", text)], &entrypoints)?;
        let size = compiled.module.wasm.len();
        println!("{name}: {size} bytes, at most {most}");
        if size > most {
            let mut pieces: Vec<_> = compiled.module.sizes.pieces.iter().collect();
            pieces.sort_by_key(|piece| std::cmp::Reverse(piece.size));
            problems.push(format!(
                "{name}: {size} bytes, at most {most}; the largest pieces: {:#?}",
                &pieces[..pieces.len().min(10)]
            ));
        }
    }
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}

/// Parts of names of functions, each with a rule's value that needs them and one that looks much the same and does not.
const NEEDED: &[(&str, &str, &str)] = &[
    ("dec2flt", "strings.render_template(input.a, {})", r#"sprintf("%.2f and %g", [input.a, input.b])"#),
    ("integer5based", r#"sprintf("%5d", [input.a])"#, r#"sprintf("%d of %v: %s, %q", [input.a, input.b, 1.5, 1e40])"#),
    ("add_long", "input.a - input.b", "object.keys(input.a) - input.b"),
    ("merge_sort", "sort(input.a)", "sort({x | some x in input.a})"),
    ("utf85count", "count(input.a)", "count({x | some x in input.a})"),
    ("builtins4json", "json.marshal(input.a)", "data.a[input.b]"),
];

#[test]
fn modules_hold_what_their_values_need() -> Result<()> {
    for (part, with, without) in NEEDED {
        for (value, is_needed) in [(with, true), (without, false)] {
            let policy = format!("package example\nanswer := {value}\n");
            let compiled = compiled(&[("policy.rego", &policy)], &["example/answer"])?;
            let found = compiled.module.sizes.pieces.iter().find(|piece| piece.name.contains(part));
            ensure!(found.is_some() == is_needed, "{value}: {part} is needed: {is_needed}, found: {found:?}");
        }
    }
    Ok(())
}

#[test]
fn equal_sources_give_equal_bytes_wherever_they_lie() -> Result<()> {
    let Some(regoc) = tool::find_regoc() else {
        tool::skip("skipped: the command `regoc` is not built (cargo build -p regoc, in the same profile)");
        return Ok(());
    };
    let rules = "package example\nviolation contains id if some id in data.other.ids\n";
    let other = "package other\nids contains id if some id in input.ids\nids contains \"x\" if input.x == 1.5\n";
    let build = |files: &[(&str, &str)], arguments: &[&str]| -> Result<Vec<u8>> {
        let folder = TemporaryFolder::new()?;
        for (name, text) in files {
            folder.write(name, text.as_bytes())?;
        }
        let mut command = Command::new(&regoc);
        tool::run(command.current_dir(folder.path()).arg("build").args(arguments).args(["-o", "policy.wasm"]))?;
        Ok(std::fs::read(folder.join("policy.wasm"))?)
    };
    let forward = [("a.rego", rules), ("b.rego", other), ("deep/servers.rego", SERVERS)];
    let [first_file, second_file, third_file] = forward;
    let backward = [third_file, second_file, first_file];
    let first = build(&forward, &["."])?;
    ensure!(first == build(&backward, &["."])?, "the same files in another folder give other bytes");
    let named = build(&forward, &["a.rego", "b.rego", "deep/servers.rego"])?;
    let reversed = build(&forward, &["deep/servers.rego", "b.rego", "a.rego"])?;
    ensure!(named == reversed, "the same files in another order give other bytes");
    ensure!(named == first, "the same files one by one give other bytes than their folder");
    Ok(())
}

#[test]
fn memory_stays_flat_in_the_runtime() -> Result<()> {
    let policy = Runtime::new()?.load(&servers()?)?;
    let (entrypoint, mut instance) = (policy.entrypoint(VIOLATION)?, policy.instance()?);
    let input = Input::from_json(INPUT)?;
    check_flat("regoc-runtime", || {
        let answer = instance.evaluate_raw(entrypoint, &input)?;
        ensure!(answer == ANSWER.as_bytes(), "the answer is {}", String::from_utf8_lossy(answer));
        Ok(instance.memory_size())
    })
}

#[test]
fn memory_stays_flat_in_a_loader_that_never_frees() -> Result<()> {
    let mut loader = NaiveLoader::new(&servers()?).map_err(explain)?;
    check_flat("a loader that never frees", || {
        let answer = loader.ask(INPUT).map_err(explain)?;
        ensure!(answer == ANSWER, "the answer is {answer}");
        Ok(loader.memory.data_size(&loader.store))
    })
}

fn servers() -> Result<Vec<u8>> {
    module(&[("policy.rego", SERVERS)], &[VIOLATION])
}

/// An error of wasmtime's, whose own type is no standard error.
fn explain(error: wasmtime::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:?}")
}

/// Asks for many decisions: `REGOC_DECISIONS` of them, by default 100,000.
fn check_flat(name: &str, mut decide: impl FnMut() -> Result<usize>) -> Result<()> {
    let decisions = match std::env::var("REGOC_DECISIONS") {
        Ok(text) => text.parse().with_context(|| format!("REGOC_DECISIONS={text} is no number"))?,
        Err(_) => 100_000,
    };
    let mut warm = 0;
    for decision in 1..=decisions {
        let size = decide()?;
        if decision <= WARM {
            warm = size;
        }
        ensure!(size == warm, "{name}: decision {decision} grew the memory from {warm} to {size} bytes");
    }
    ensure!(warm <= MOST_MEMORY, "{name}: {warm} bytes of linear memory, at most {MOST_MEMORY}");
    println!("{name}: {warm} bytes of linear memory after {WARM} decisions and after {decisions}");
    Ok(())
}

/// A loader as somebody writes it from the description of ABI 1.0 who does not know of the heap pointer: it allocates, parses,
/// evaluates and dumps, and gives nothing back.
struct NaiveLoader {
    store: Store<()>,
    memory: Memory,
    data: i32,
    malloc: TypedFunc<i32, i32>,
    json_parse: TypedFunc<(i32, i32), i32>,
    json_dump: TypedFunc<i32, i32>,
    context_new: TypedFunc<(), i32>,
    set_input: TypedFunc<(i32, i32), ()>,
    set_data: TypedFunc<(i32, i32), ()>,
    set_entrypoint: TypedFunc<(i32, i32), ()>,
    evaluate: TypedFunc<i32, i32>,
    get_result: TypedFunc<i32, i32>,
}

impl NaiveLoader {
    fn new(bytes: &[u8]) -> wasmtime::Result<Self> {
        let engine = Engine::default();
        let module = Module::new(&engine, bytes)?;
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        for import in module.imports() {
            match import.ty() {
                wasmtime::ExternType::Memory(memory) => {
                    let memory = Memory::new(&mut store, memory)?;
                    linker.define(&store, import.module(), import.name(), memory)?;
                }
                _ if import.name() == "opa_abort" => {
                    linker.func_wrap(
                        import.module(),
                        import.name(),
                        |_: Caller<'_, ()>, _: i32| -> wasmtime::Result<()> { Err(fail("the module aborted")) },
                    )?;
                }
                _ => {}
            }
        }
        // The example needs no builtin of a host.
        linker.define_unknown_imports_as_traps(&module)?;
        let instance = linker.instantiate(&mut store, &module)?;
        let memory = instance.get_memory(&mut store, "memory").ok_or_else(|| fail("the module exports no memory"))?;
        let function = Functions { instance };
        let mut loader = Self {
            memory,
            data: 0,
            malloc: function.get(&mut store, "opa_malloc")?,
            json_parse: function.get(&mut store, "opa_json_parse")?,
            json_dump: function.get(&mut store, "opa_json_dump")?,
            context_new: function.get(&mut store, "opa_eval_ctx_new")?,
            set_input: function.get(&mut store, "opa_eval_ctx_set_input")?,
            set_data: function.get(&mut store, "opa_eval_ctx_set_data")?,
            set_entrypoint: function.get(&mut store, "opa_eval_ctx_set_entrypoint")?,
            evaluate: function.get(&mut store, "eval")?,
            get_result: function.get(&mut store, "opa_eval_ctx_get_result")?,
            store,
        };
        loader.data = loader.parse("{}")?;
        Ok(loader)
    }

    fn parse(&mut self, json: &str) -> wasmtime::Result<i32> {
        let length = i32::try_from(json.len())?;
        let address = self.malloc.call(&mut self.store, length)?;
        self.memory.write(&mut self.store, usize::try_from(address)?, json.as_bytes())?;
        let value = self.json_parse.call(&mut self.store, (address, length))?;
        if value == 0 { Err(fail("the module cannot read the JSON")) } else { Ok(value) }
    }

    fn ask(&mut self, input: &str) -> wasmtime::Result<String> {
        let input = self.parse(input)?;
        let store = &mut self.store;
        let context = self.context_new.call(&mut *store, ())?;
        self.set_input.call(&mut *store, (context, input))?;
        self.set_data.call(&mut *store, (context, self.data))?;
        self.set_entrypoint.call(&mut *store, (context, 0))?;
        self.evaluate.call(&mut *store, context)?;
        let result = self.get_result.call(&mut *store, context)?;
        let text = usize::try_from(self.json_dump.call(&mut *store, result)?)?;
        let rest = self.memory.data(&*store).get(text..).ok_or_else(|| fail("the result does not lie in memory"))?;
        let end = rest.iter().position(|byte| *byte == 0).ok_or_else(|| fail("the result has no end"))?;
        Ok(String::from_utf8_lossy(&rest[..end]).into_owned())
    }
}

fn fail(message: &'static str) -> wasmtime::Error {
    wasmtime::Error::msg(message)
}

/// The functions that a module exports.
struct Functions {
    instance: Instance,
}

impl Functions {
    fn get<P, R>(&self, store: &mut Store<()>, name: &str) -> wasmtime::Result<TypedFunc<P, R>>
    where
        P: wasmtime::WasmParams,
        R: wasmtime::WasmResults,
    {
        self.instance.get_typed_func(store, name).map_err(|error| error.context(name.to_owned()))
    }
}
