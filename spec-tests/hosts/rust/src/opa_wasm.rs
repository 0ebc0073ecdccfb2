//! A host with the crate `opa-wasm` (`spec-tests/hosts/README.md`). It takes no builtins but its own, and no input is `null` to it.

#[path = "../../../src/hosts/client/mod.rs"]
#[expect(dead_code, reason = "this loader is not one of the ABI's calls")]
mod client;

use std::cell::Cell;

use anyhow::{Result, format_err};
use client::{Builtins, Loader, run};
use opa_wasm::wasmtime::{Engine, Module, ResourceLimiter, Store};
use opa_wasm::{DefaultContext, Policy, Runtime};
use serde_json::Value;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!("{}", run(&&Crate { engine: Engine::default(), runtime }, &arguments)?);
    Ok(())
}

/// An error of the engine as one of this program: what the module said lies below where it happened.
fn ours(error: opa_wasm::wasmtime::Error) -> anyhow::Error {
    format_err!("{}", error.root_cause())
}

/// The version of a package that this program is built with.
fn version(package: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let entry = format!("name = \"{package}\"\nversion = \"");
    lock.split_once(&entry).and_then(|(_, rest)| rest.split_once('"')).map_or("", |(version, _)| version)
}

struct Crate {
    engine: Engine,
    runtime: tokio::runtime::Runtime,
}

/// Notes how large memory becomes, which the crate does not show.
#[derive(Default)]
struct Size(Cell<usize>);

impl ResourceLimiter for Size {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> opa_wasm::wasmtime::Result<bool> {
        self.0.set(desired);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> opa_wasm::wasmtime::Result<bool> {
        Ok(true)
    }
}

struct Loaded<'a> {
    host: &'a Crate,
    module: Module,
    store: Store<Size>,
    policy: Policy<DefaultContext>,
}

impl Crate {
    fn load(&self, module: &Module, data: &str) -> Result<(Store<Size>, Policy<DefaultContext>)> {
        let mut store = Store::new(&self.engine, Size::default());
        store.limiter(|size| size);
        let data: Value = serde_json::from_str(data)?;
        let policy = self.runtime.block_on(async {
            let runtime = Runtime::new(&mut store, module).await?;
            runtime.with_data(&mut store, &data).await
        })?;
        Ok((store, policy))
    }
}

/// A loader behind a reference, so that its policies may keep it.
impl<'a> Loader for &'a Crate {
    type Module = Module;
    type Policy = Loaded<'a>;

    fn names(&self) -> (String, String) {
        (format!("opa-wasm {}", version("opa-wasm")), format!("wasmtime {}", version("wasmtime")))
    }

    fn compile(&self, bytes: &[u8]) -> Result<Module> {
        Module::new(&self.engine, bytes).map_err(ours)
    }

    fn instantiate(&self, module: &Module, _: Builtins) -> Result<Loaded<'a>> {
        let (store, policy) = self.load(module, "{}")?;
        Ok(Loaded { host: self, module: module.clone(), store, policy })
    }

    fn lacks(&self, builtin: &str) -> bool {
        !matches!(builtin, "time.now_ns" | "rand.intn" | "opa.runtime")
    }
}

impl client::Policy for Loaded<'_> {
    /// A policy of the crate keeps its data, so there is a new one.
    fn set_data(&mut self, json: &str) -> Result<()> {
        (self.store, self.policy) = self.host.load(&self.module, json)?;
        Ok(())
    }

    fn evaluate(&mut self, input: Option<&str>, entrypoint: &str) -> Result<String> {
        let input: Value = input.map_or(Ok(Value::Null), serde_json::from_str)?;
        let answer = self.policy.evaluate(&mut self.store, entrypoint, &input);
        let answer: Value = self.host.runtime.block_on(answer)?;
        Ok(answer.to_string())
    }

    fn memory(&self) -> usize {
        self.store.data().0.get()
    }
}
