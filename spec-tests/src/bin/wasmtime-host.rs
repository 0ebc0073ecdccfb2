//! Two hosts in wasmtime (`spec-tests/hosts/README.md`): `wasmtime-host runtime FOLDER MODE` is regoc's own runtime, `wasmtime-host plain FOLDER
//! MODE` knows only the ABI's calls.
#![expect(clippy::print_stdout, reason = "a command that reports on standard output")]

use std::sync::Arc;

use anyhow::{Context, Result, bail, format_err};
use regoc_runtime::{Data, EntrypointId, Input, Runtime};
use regoc_spec_tests::hosts::client::plain::{self, Engine as _, Imports, PlainPolicy, table, text};
use regoc_spec_tests::hosts::client::{Builtins, Loader, Policy, run};
use serde_json::Value;
use wasmtime::{
    Caller, Config, Engine, Extern, Func, FuncType, Instance, Memory, MemoryType, Module, OptLevel, RegallocAlgorithm,
    Store, Val,
};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Where each module is asked once, compiling is what takes time.
    let fast = arguments.iter().any(|argument| argument == "cases");
    let report = match arguments.split_first() {
        Some((loader, rest)) if loader == "runtime" => run(&OurRuntime { fast }, rest)?,
        Some((loader, rest)) if loader == "plain" => run(&Wasmtime::new(fast)?, rest)?,
        _ => bail!("arguments: runtime|plain FOLDER MODE [EVALUATIONS]"),
    };
    println!("{report}");
    Ok(())
}

/// An error of the engine as one of this program.
fn ours(error: wasmtime::Error) -> anyhow::Error {
    format_err!("{}", error.root_cause())
}

/// The other way round.
fn theirs(error: anyhow::Error) -> wasmtime::Error {
    wasmtime::Error::msg(format!("{error:#}"))
}

fn engine_name() -> String {
    let lock = include_str!("../../../Cargo.lock");
    let version = lock.split_once("name = \"wasmtime\"\nversion = \"").and_then(|(_, rest)| rest.split_once('"'));
    format!("wasmtime {}", version.map_or("", |(version, _)| version))
}

/// regoc's runtime as a loader. Its modules are policies, with the builtins of the host that loaded them, so compiling keeps the bytes.
struct OurRuntime {
    fast: bool,
}

struct OurPolicy {
    instance: regoc_runtime::Instance,
    policy: regoc_runtime::Policy,
}

impl Loader for OurRuntime {
    type Module = (Vec<u8>, std::cell::OnceCell<regoc_runtime::Policy>);
    type Policy = OurPolicy;

    fn names(&self) -> (String, String) {
        (format!("regoc-runtime {}", env!("CARGO_PKG_VERSION")), engine_name())
    }

    fn compile(&self, bytes: &[u8]) -> Result<Self::Module> {
        Ok((bytes.to_vec(), std::cell::OnceCell::new()))
    }

    fn instantiate(&self, (bytes, loaded): &Self::Module, builtins: Builtins) -> Result<Self::Policy> {
        let policy = match loaded.get() {
            Some(policy) => policy.clone(),
            None => {
                let policy = our_policy(bytes, builtins, self.fast)?;
                // Nobody else has set it.
                let _ = loaded.set(policy.clone());
                policy
            }
        };
        Ok(OurPolicy { instance: policy.instance()?, policy })
    }
}

fn our_policy(bytes: &[u8], builtins: Builtins, fast: bool) -> Result<regoc_runtime::Policy> {
    let mut runtime = Runtime::builder().fast_compile(fast);
    for (name, answer) in builtins {
        runtime = runtime.builtin(name, move |arguments| {
            let texts: Vec<String> = arguments.iter().map(|value| Value::from(value.clone()).to_string()).collect();
            let answer = answer.call(&texts).map_err(|error| error.to_string())?;
            let value = answer.map(|text| serde_json::from_str::<Value>(&text)).transpose();
            Ok(value.map_err(|error| error.to_string())?.map(regoc_runtime::Value::from))
        });
    }
    Ok(runtime.build()?.load(bytes)?)
}

impl Policy for OurPolicy {
    fn set_data(&mut self, json: &str) -> Result<()> {
        Ok(self.instance.set_data(&Data::from_json(json)?)?)
    }

    fn evaluate(&mut self, input: Option<&str>, entrypoint: &str) -> Result<String> {
        let entrypoint: EntrypointId = self.policy.entrypoint(entrypoint)?;
        let input = input.map_or_else(|| Ok(Input::undefined()), Input::from_json)?;
        Ok(String::from_utf8_lossy(self.instance.evaluate_raw(entrypoint, &input)?).into_owned())
    }

    fn memory(&self) -> usize {
        self.instance.memory_size()
    }
}

/// wasmtime with the ABI's calls.
struct Wasmtime {
    engine: Engine,
}

impl Wasmtime {
    fn new(fast: bool) -> Result<Self> {
        let mut config = Config::new();
        if fast {
            config.cranelift_opt_level(OptLevel::None);
            config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
        }
        Ok(Self { engine: Engine::new(&config).map_err(ours)? })
    }
}

/// What the imports of an instance need.
struct State {
    imports: Arc<Imports>,
    /// The names of the builtins, by their numbers.
    names: Vec<(String, i32)>,
}

struct WasmtimeInstance {
    store: Store<State>,
    instance: Instance,
    memory: Memory,
}

impl plain::Engine for Wasmtime {
    type Module = Module;
    type Instance = WasmtimeInstance;

    fn compile(&self, bytes: &[u8]) -> Result<Module> {
        Module::new(&self.engine, bytes).map_err(ours)
    }

    fn instance(&self, module: &Module, imports: Imports) -> Result<WasmtimeInstance> {
        let mut store = Store::new(&self.engine, State { imports: Arc::new(imports.clone()), names: Vec::new() });
        let mut externs = Vec::new();
        let mut memory = None;
        for import in module.imports() {
            externs.push(match import.ty() {
                wasmtime::ExternType::Memory(asked) => {
                    let least = u32::try_from(asked.minimum())?;
                    let of = MemoryType::new(imports.pages.unwrap_or(least), imports.maximum);
                    let made = Memory::new(&mut store, of).map_err(ours)?;
                    memory = Some(made);
                    Extern::from(made)
                }
                wasmtime::ExternType::Func(of) => Extern::from(imported(&mut store, import.name(), of)),
                other => bail!("an import of {other:?}"),
            });
        }
        let instance = Instance::new(&mut store, module, &externs).map_err(ours)?;
        let memory = memory.context("no memory is imported")?;
        let mut instance = WasmtimeInstance { store, instance, memory };
        let names = table(&mut instance, "builtins")?;
        instance.store.data_mut().names = names.into_iter().collect();
        Ok(instance)
    }

    fn names(&self, module: &Module) -> (Vec<String>, Vec<String>) {
        let imports = module.imports().map(|import| import.name().to_owned()).collect();
        (imports, module.exports().map(|export| export.name().to_owned()).collect())
    }
}

/// An imported function.
fn imported(store: &mut Store<State>, name: &str, of: FuncType) -> Func {
    let name = name.to_owned();
    Func::new(store, of, move |mut caller, operands, results| {
        let operands: Vec<i32> = operands.iter().filter_map(Val::i32).collect();
        match (name.as_str(), operands.as_slice()) {
            ("opa_println", _) => Ok(()),
            ("opa_abort", [address]) if !caller.data().imports.abort_returns => {
                Err(wasmtime::Error::msg(format!("abort: {}", caller_text(&mut caller, *address).map_err(theirs)?)))
            }
            ("opa_abort", _) => Ok(()),
            (_, [id, _, operands @ ..]) => {
                let value = ask_builtin(&mut caller, *id, operands).map_err(theirs)?;
                if let Some(result) = results.first_mut() {
                    *result = Val::I32(value);
                }
                Ok(())
            }
            (name, _) => Err(wasmtime::Error::msg(format!("host: no import {name}"))),
        }
    })
}

fn exported_memory(caller: &mut Caller<'_, State>) -> Result<Memory> {
    caller.get_export("memory").and_then(Extern::into_memory).context("no memory")
}

fn caller_text(caller: &mut Caller<'_, State>, address: i32) -> Result<String> {
    let memory = exported_memory(caller)?;
    text(memory.data(&caller), address)
}

fn caller_call(caller: &mut Caller<'_, State>, name: &str, arguments: &[i32]) -> Result<i32> {
    let function = caller.get_export(name).and_then(Extern::into_func).context("no such export")?;
    let arguments: Vec<Val> = arguments.iter().copied().map(Val::I32).collect();
    let mut results = [Val::I32(0)];
    function.call(caller, &arguments, &mut results).map_err(ours)?;
    results[0].i32().context("no number")
}

fn ask_builtin(caller: &mut Caller<'_, State>, id: i32, operands: &[i32]) -> Result<i32> {
    let name = caller.data().names.iter().find(|(_, known)| *known == id).map(|(name, _)| name.clone());
    let imports = caller.data().imports.clone();
    let answer = name.as_ref().and_then(|name| imports.builtins.get(name));
    let answer = answer.ok_or_else(|| format_err!("host: no builtin {}", name.unwrap_or_else(|| id.to_string())))?;
    let mut texts = Vec::new();
    for operand in operands {
        let address = caller_call(caller, "opa_json_dump", &[*operand])?;
        texts.push(caller_text(caller, address)?);
    }
    let Some(json) = answer.call(&texts)? else { return Ok(0) };
    let length = i32::try_from(json.len())?;
    let address = caller_call(caller, "opa_malloc", &[length])?;
    exported_memory(caller)?.write(&mut *caller, usize::try_from(address.cast_unsigned())?, json.as_bytes())?;
    caller_call(caller, "opa_json_parse", &[address, length])
}

impl plain::Instance for WasmtimeInstance {
    fn call(&mut self, name: &str, arguments: &[i32]) -> Result<Option<i32>> {
        let function = self.instance.get_func(&mut self.store, name).with_context(|| format!("no export {name}"))?;
        let arguments: Vec<Val> = arguments.iter().copied().map(Val::I32).collect();
        let mut results = vec![Val::I32(0); function.ty(&self.store).results().len()];
        match function.call(&mut self.store, &arguments, &mut results) {
            Ok(()) => Ok(results.first().and_then(Val::i32)),
            // What imports said lies below what wasmtime says of where it happened.
            Err(error) => match error.downcast_ref::<wasmtime::Trap>() {
                Some(trap) => bail!("trap: {trap}"),
                None => bail!("{}", error.root_cause()),
            },
        }
    }

    fn memory(&mut self) -> &mut [u8] {
        self.memory.data_mut(&mut self.store)
    }

    fn size(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    fn grow(&mut self, pages: usize) -> Result<()> {
        self.memory.grow(&mut self.store, u64::try_from(pages)?).map_err(ours)?;
        Ok(())
    }

    fn global(&mut self, name: &str) -> Result<i32> {
        let global = self.instance.get_global(&mut self.store, name).with_context(|| format!("no global {name}"))?;
        global.get(&mut self.store).i32().context("no number")
    }
}

impl Loader for Wasmtime {
    type Module = Module;
    type Policy = PlainPolicy<WasmtimeInstance>;

    fn names(&self) -> (String, String) {
        ("the ABI's calls".to_owned(), engine_name())
    }

    fn compile(&self, bytes: &[u8]) -> Result<Module> {
        plain::Engine::compile(self, bytes)
    }

    fn instantiate(&self, module: &Module, builtins: Builtins) -> Result<Self::Policy> {
        PlainPolicy::new(self.instance(module, Imports { builtins, ..Imports::default() })?)
    }

    fn script(&self, bytes: &[u8], script: &Value) -> Option<Result<Vec<String>>> {
        Some(plain::script(self, bytes, script))
    }
}
