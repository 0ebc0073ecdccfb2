//! What a decision takes without a clock: wasmtime's fuel, about the number of wasm instructions.

use anyhow::{Result, anyhow};
use wasmtime::{
    Config, Engine, ExternType, Instance, Linker, Memory, Module, OptLevel, Store, WasmParams, WasmResults,
};

/// More fuel than any decision takes.
const TANK: u64 = u64::MAX >> 1;

/// The size of a page of linear memory.
const PAGE: usize = 1 << 16;

/// An engine that counts fuel.
///
/// # Errors
/// When the engine cannot be made.
pub fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.consume_fuel(true).cranelift_opt_level(OptLevel::None);
    Engine::new(&config).map_err(of_engine)
}

/// A module with its data in an engine that counts fuel.
pub struct Loaded {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
    data: i32,
}

impl Loaded {
    /// Instantiates a module in an engine that [`engine`] gave, and gives it its data.
    ///
    /// # Errors
    /// When the module cannot be loaded, or cannot read the data.
    pub fn new(engine: &Engine, bytes: &[u8], data: &str) -> Result<Self> {
        Self::load(engine, bytes, data).map_err(of_engine)
    }

    fn load(engine: &Engine, bytes: &[u8], data: &str) -> wasmtime::Result<Self> {
        let module = Module::new(engine, bytes)?;
        let mut store = Store::new(engine, ());
        store.set_fuel(TANK)?;
        let mut linker = Linker::new(engine);
        for import in module.imports() {
            if let ExternType::Memory(memory) = import.ty() {
                let memory = Memory::new(&mut store, memory)?;
                linker.define(&store, import.module(), import.name(), memory)?;
            }
        }
        // No row calls a host's builtin, and none may abort.
        linker.define_unknown_imports_as_traps(&module)?;
        let instance = linker.instantiate(&mut store, &module)?;
        let memory = instance.get_memory(&mut store, "memory").ok_or_else(|| fail("the module has no memory"))?;
        let mut loaded = Self { store, instance, memory, data: 0 };
        let length = i32::try_from(data.len())?;
        let text: i32 = loaded.call("opa_malloc", length)?;
        loaded.memory.write(&mut loaded.store, usize::try_from(text)?, data.as_bytes())?;
        loaded.data = loaded.call("opa_json_parse", (text, length))?;
        loaded.call::<_, ()>("opa_free", text)?;
        if loaded.data == 0 { Err(fail("the module cannot read the data")) } else { Ok(loaded) }
    }

    /// The fuel of the second decision: the first may make what stays.
    ///
    /// # Errors
    /// When a decision fails or is undefined.
    pub fn fuel(&mut self, input: &str) -> Result<u64> {
        self.decide(input).and_then(|_| self.decide(input)).map_err(of_engine)
    }

    fn decide(&mut self, input: &str) -> wasmtime::Result<u64> {
        let heap: i32 = self.call("opa_heap_ptr_get", ())?;
        let (at, length) = (usize::try_from(heap)?, i32::try_from(input.len())?);
        let missing = (at + input.len()).saturating_sub(self.memory.data_size(&self.store)).div_ceil(PAGE);
        self.memory.grow(&mut self.store, missing as u64)?;
        self.memory.write(&mut self.store, at, input.as_bytes())?;
        let free = (at + input.len()).next_multiple_of(8);
        self.store.set_fuel(TANK)?;
        let arguments = (0, 0, self.data, heap, length, i32::try_from(free)?, 0);
        let result: i32 = self.call("opa_eval", arguments)?;
        let used = TANK - self.store.get_fuel()?;
        let text = self.memory.data(&self.store).get(usize::try_from(result)?..);
        let defined = text.is_some_and(|text| text.starts_with(b"[{\"result\":"));
        self.call::<_, ()>("opa_heap_ptr_set", heap)?;
        if defined { Ok(used) } else { Err(fail("the decision is undefined")) }
    }

    fn call<P: WasmParams, R: WasmResults>(&mut self, name: &str, arguments: P) -> wasmtime::Result<R> {
        let function = self.instance.get_typed_func::<P, R>(&mut self.store, name)?;
        function.call(&mut self.store, arguments)
    }
}

fn fail(message: &'static str) -> wasmtime::Error {
    wasmtime::Error::msg(message)
}

/// The engine's errors are of a type of their own.
fn of_engine(error: wasmtime::Error) -> anyhow::Error {
    anyhow!("{error:#}")
}
