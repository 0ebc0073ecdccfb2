//! Two hosts in wasmtime (`spec-tests/hosts/README.md`): `wasmtime-host runtime FOLDER MODE` is regoc's own runtime, `wasmtime-host plain FOLDER
//! MODE` knows only the ABI's calls.
#![expect(clippy::print_stdout, reason = "a command that reports on standard output")]

use std::time::Duration;

use anyhow::{Context, Result, bail, format_err};
use regoc_runtime::{Compilation, Data, EntrypointId, Input, Runtime};
use regoc_spec_tests::hosts::client::plain::{self, Engine as _, Imports, PlainPolicy, State, table};
use regoc_spec_tests::hosts::client::{Builtins, Loader, Policy, run};
use serde_json::Value;
use wasmtime::{
    Caller, Config, Engine, Extern, Func, FuncType, Instance, Memory, MemoryType, Module, OptLevel, RegallocAlgorithm,
    Store, Val,
};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mode = arguments.get(2).map(String::as_str);
    // Where each module is asked once, compiling is what takes time.
    let fast = mode == Some("cases");
    let report = match arguments.split_first() {
        Some((loader, rest)) if loader == "runtime" => run(&OurRuntime { fast }, rest)?,
        Some((loader, rest)) if loader == "plain" => run(&Wasmtime::new(fast, mode == Some("limits"))?, rest)?,
        _ => bail!("arguments: runtime|plain FOLDER MODE [COUNT]"),
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
    let compilation = if fast { Compilation::Baseline } else { Compilation::Optimized };
    let mut runtime = Runtime::builder().compilation(compilation);
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

/// An epoch that never comes.
const NEVER: u64 = u64::MAX / 2;

impl Wasmtime {
    /// Whether calls can be stopped must be known when a module is compiled: all loops look at the engine's epoch.
    fn new(fast: bool, limited: bool) -> Result<Self> {
        let mut config = Config::new();
        config.epoch_interruption(limited);
        if fast {
            config.cranelift_opt_level(OptLevel::None);
            config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
        }
        Ok(Self { engine: Engine::new(&config).map_err(ours)? })
    }
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
        let mut store = Store::new(&self.engine, State { imports: imports.clone(), ..State::default() });
        store.set_epoch_deadline(NEVER);
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
        instance.store.data_mut().builtins = table(&mut instance, "builtins")?;
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
        let answer = plain::imported(&mut Calling(&mut caller), &name, &operands).map_err(theirs)?;
        if let Some(result) = results.first_mut() {
            *result = Val::I32(answer);
        }
        Ok(())
    })
}

/// An instance that has called an import.
struct Calling<'c, 's>(&'c mut Caller<'s, State>);

impl plain::Inside for Calling<'_, '_> {
    fn state(&self) -> &State {
        self.0.data()
    }

    fn call(&mut self, name: &str, arguments: &[i32]) -> Result<i32> {
        let function = self.0.get_export(name).and_then(Extern::into_func).context("no such export")?;
        let arguments: Vec<Val> = arguments.iter().copied().map(Val::I32).collect();
        let mut results = [Val::I32(0)];
        function.call(&mut *self.0, &arguments, &mut results).map_err(ours)?;
        results[0].i32().context("no number")
    }

    fn memory(&mut self) -> Result<&mut [u8]> {
        let memory = self.0.get_export("memory").and_then(Extern::into_memory).context("no memory")?;
        Ok(memory.data_mut(&mut *self.0))
    }
}

impl plain::Instance for WasmtimeInstance {
    fn call(&mut self, name: &str, arguments: &[i32]) -> Result<Option<i32>> {
        let function = self.instance.get_func(&mut self.store, name).with_context(|| format!("no export {name}"))?;
        let arguments: Vec<Val> = arguments.iter().copied().map(Val::I32).collect();
        let mut results = vec![Val::I32(0); function.ty(&self.store).results().len()];
        let called = function.call(&mut self.store, &arguments, &mut results);
        self.store.set_epoch_deadline(NEVER);
        match called {
            Ok(()) => Ok(results.first().and_then(Val::i32)),
            // What imports said lies below what wasmtime says of where it happened.
            Err(error) => match error.downcast_ref::<wasmtime::Trap>() {
                Some(wasmtime::Trap::Interrupt) => bail!("limit"),
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

    fn limit(&mut self, time: Duration) -> Result<()> {
        let engine = self.store.engine().clone();
        self.store.set_epoch_deadline(1);
        std::thread::spawn(move || {
            std::thread::sleep(time);
            engine.increment_epoch();
        });
        Ok(())
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
