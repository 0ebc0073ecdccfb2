//! A host in wasmi, an interpreter, that knows only the ABI's calls (`spec-tests/hosts/README.md`).

#[path = "../../../src/hosts/client/mod.rs"]
mod client;

use anyhow::{Context, Result, bail};
use client::plain::{self, Engine as _, Imports, PlainPolicy, State, table};
use client::{Builtins, Loader, run};
use serde_json::Value;
use wasmi::{Caller, Config, Engine, Extern, Func, FuncType, Instance, Linker, Memory, MemoryType, Module, Store, Val};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut config = Config::default();
    // wasmi stops at 1,000 calls within calls unless it is told otherwise; readers of JSON go as deep as that.
    config.set_max_recursion_depth(10_000);
    println!("{}", run(&Wasmi { engine: Engine::new(&config) }, &arguments)?);
    Ok(())
}

/// The engine's version.
fn version() -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let entry = "name = \"wasmi\"\nversion = \"";
    lock.split_once(entry).and_then(|(_, rest)| rest.split_once('"')).map_or("", |(version, _)| version)
}

struct Wasmi {
    engine: Engine,
}

/// What the store keeps.
struct Kept {
    state: State,
    /// What an import said, which the engine wraps.
    said: Option<String>,
}

struct WasmiInstance {
    store: Store<Kept>,
    instance: Instance,
    memory: Memory,
}

impl plain::Engine for Wasmi {
    type Module = Module;
    type Instance = WasmiInstance;

    fn compile(&self, bytes: &[u8]) -> Result<Module> {
        Ok(Module::new(&self.engine, bytes)?)
    }

    fn instance(&self, module: &Module, imports: Imports) -> Result<WasmiInstance> {
        let state = State { imports: imports.clone(), ..State::default() };
        let mut store = Store::new(&self.engine, Kept { state, said: None });
        let mut linker = Linker::new(&self.engine);
        let mut memory = None;
        for import in module.imports() {
            let extern_ = match import.ty() {
                wasmi::ExternType::Memory(asked) => {
                    let least = u32::try_from(asked.minimum())?;
                    let of = MemoryType::new(imports.pages.unwrap_or(least), imports.maximum);
                    let made = Memory::new(&mut store, of)?;
                    memory = Some(made);
                    Extern::from(made)
                }
                wasmi::ExternType::Func(of) => Extern::from(imported(&mut store, import.name(), of.clone())),
                other => bail!("an import of {other:?}"),
            };
            linker.define(import.module(), import.name(), extern_)?;
        }
        let instance = linker.instantiate_and_start(&mut store, module)?;
        let memory = memory.context("no memory is imported")?;
        let mut instance = WasmiInstance { store, instance, memory };
        instance.store.data_mut().state.builtins = table(&mut instance, "builtins")?;
        Ok(instance)
    }

    fn names(&self, module: &Module) -> (Vec<String>, Vec<String>) {
        let imports = module.imports().map(|import| import.name().to_owned()).collect();
        (imports, module.exports().map(|export| export.name().to_owned()).collect())
    }
}

/// An imported function.
fn imported(store: &mut Store<Kept>, name: &str, of: FuncType) -> Func {
    let name = name.to_owned();
    Func::new(store, of, move |mut caller, operands, results| {
        let operands: Vec<i32> = operands.iter().filter_map(Val::i32).collect();
        let answered = plain::imported(&mut Calling(&mut caller), &name, &operands).map_err(|error| {
            let said = format!("{error:#}");
            caller.data_mut().said.get_or_insert(said.clone());
            wasmi::Error::new(said)
        })?;
        if let Some(result) = results.first_mut() {
            *result = Val::I32(answered);
        }
        Ok(())
    })
}

/// An instance that has called an import.
struct Calling<'c, 's>(&'c mut Caller<'s, Kept>);

impl plain::Inside for Calling<'_, '_> {
    fn state(&self) -> &State {
        &self.0.data().state
    }

    fn call(&mut self, name: &str, arguments: &[i32]) -> Result<i32> {
        let function = self.0.get_export(name).and_then(Extern::into_func).context("no such export")?;
        let arguments: Vec<Val> = arguments.iter().copied().map(Val::I32).collect();
        let mut results = [Val::I32(0)];
        function.call(&mut *self.0, &arguments, &mut results)?;
        results[0].i32().context("no number")
    }

    fn memory(&mut self) -> Result<&mut [u8]> {
        let memory = self.0.get_export("memory").and_then(Extern::into_memory).context("no memory")?;
        Ok(memory.data_mut(&mut *self.0))
    }
}

impl plain::Instance for WasmiInstance {
    fn call(&mut self, name: &str, arguments: &[i32]) -> Result<Option<i32>> {
        let function = self.instance.get_func(&self.store, name).with_context(|| format!("no export {name}"))?;
        let arguments: Vec<Val> = arguments.iter().copied().map(Val::I32).collect();
        let mut results = vec![Val::I32(0); function.ty(&self.store).results().len()];
        let outcome = function.call(&mut self.store, &arguments, &mut results);
        match (outcome, self.store.data_mut().said.take()) {
            (Ok(()), _) => Ok(results.first().and_then(Val::i32)),
            (Err(_), Some(said)) => bail!("{said}"),
            (Err(error), None) => bail!("trap: {error}"),
        }
    }

    fn memory(&mut self) -> &mut [u8] {
        self.memory.data_mut(&mut self.store)
    }

    fn size(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    fn grow(&mut self, pages: usize) -> Result<()> {
        self.memory.grow(&mut self.store, u64::try_from(pages)?)?;
        Ok(())
    }

    fn global(&mut self, name: &str) -> Result<i32> {
        let global = self.instance.get_global(&self.store, name).with_context(|| format!("no global {name}"))?;
        global.get(&self.store).i32().context("no number")
    }
}

impl Loader for Wasmi {
    type Module = Module;
    type Policy = PlainPolicy<WasmiInstance>;

    fn names(&self) -> (String, String) {
        ("the ABI's calls".to_owned(), format!("wasmi {}", version()))
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
