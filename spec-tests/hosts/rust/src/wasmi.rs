//! A host in wasmi, an interpreter, that knows only the ABI's calls (`spec-tests/hosts/README.md`).

#[path = "../../../src/hosts/client/mod.rs"]
mod client;

use std::sync::Arc;

use anyhow::{Context, Result, bail, format_err};
use client::plain::{self, Engine as _, Imports, PlainPolicy, table, text};
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

/// What the imports of an instance need.
struct State {
    imports: Arc<Imports>,
    /// The names of the builtins, by their numbers.
    names: Vec<(String, i32)>,
    /// What an import said, which the engine wraps.
    said: Option<String>,
}

struct WasmiInstance {
    store: Store<State>,
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
        let state = State { imports: Arc::new(imports.clone()), names: Vec::new(), said: None };
        let mut store = Store::new(&self.engine, state);
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
        let answered = answer(&mut caller, &name, &operands).map_err(|error| {
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

/// What an imported function does; a number where it has none to give.
fn answer(caller: &mut Caller<'_, State>, name: &str, operands: &[i32]) -> Result<i32> {
    match (name, operands) {
        ("opa_println", _) => Ok(0),
        ("opa_abort", _) if caller.data().imports.abort_returns => Ok(0),
        ("opa_abort", [address]) => bail!("abort: {}", caller_text(caller, *address)?),
        (_, [id, _, operands @ ..]) => ask_builtin(caller, *id, operands),
        (name, _) => bail!("host: no import {name}"),
    }
}

fn exported_memory(caller: &Caller<'_, State>) -> Result<Memory> {
    caller.get_export("memory").and_then(Extern::into_memory).context("no memory")
}

fn caller_text(caller: &Caller<'_, State>, address: i32) -> Result<String> {
    text(exported_memory(caller)?.data(caller), address)
}

fn caller_call(caller: &mut Caller<'_, State>, name: &str, arguments: &[i32]) -> Result<i32> {
    let function = caller.get_export(name).and_then(Extern::into_func).context("no such export")?;
    let arguments: Vec<Val> = arguments.iter().copied().map(Val::I32).collect();
    let mut results = [Val::I32(0)];
    function.call(caller, &arguments, &mut results)?;
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
