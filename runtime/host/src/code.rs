//! The machine code of a module, made by one of two compilers or by both, one behind the other. Knows nothing of policies.
//!
//! Code of the one compiler cannot run in the engine of the other, so each has an engine of its own.

use std::sync::{Arc, OnceLock};
use std::thread;

use wasmtime::{Config, Engine, Module, OptLevel, Strategy};

/// How modules become machine code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compilation {
    /// Once, for decisions that are as fast as they can be (Cranelift).
    #[default]
    Optimized,
    /// Once, in about a fourth of the time (Winch); decisions take about twice as long. For few decisions: tests, commands. Where the engine
    /// has no such compiler for the processor, it is [`Compilation::Optimized`].
    Baseline,
    /// First as [`Compilation::Baseline`], then optimized in a thread of its own. An instance goes over to the better code between two
    /// decisions, in the time that it takes to read its data again; what needs the better code (an [`Image`](crate::Image)) waits
    /// for it. For processes that must answer soon after they start, and then for long.
    Tiered,
}

/// The engines of a runtime.
pub(crate) struct Engines {
    optimizing: Engine,
    /// `None` where nothing is made by it.
    baseline: Option<Engine>,
    compilation: Compilation,
}

impl Engines {
    /// Makes engines of a configuration that says nothing of compilers.
    pub(crate) fn new(compilation: Compilation, config: &Config) -> wasmtime::Result<Self> {
        let optimizing =
            Engine::new(config.clone().strategy(Strategy::Cranelift).cranelift_opt_level(OptLevel::Speed))?;
        let baseline = match compilation {
            Compilation::Optimized => None,
            Compilation::Baseline | Compilation::Tiered => Engine::new(config.clone().strategy(Strategy::Winch)).ok(),
        };
        Ok(Self { optimizing, baseline, compilation })
    }

    /// Compiles a module as it is to be for instances.
    pub(crate) fn compile(&self, bytes: &[u8]) -> wasmtime::Result<Code> {
        // What the baseline compiler cannot, the other may; its words about what is no module are the engine's.
        let first = self.baseline.as_ref().and_then(|engine| Module::new(engine, bytes).ok());
        match first {
            None => self.compile_optimized(bytes),
            Some(first) if self.compilation == Compilation::Tiered => Ok(Code::tiered(first, &self.optimizing, bytes)),
            Some(first) => Ok(Code::Settled(first)),
        }
    }

    /// Compiles a module as well as can be.
    pub(crate) fn compile_optimized(&self, bytes: &[u8]) -> wasmtime::Result<Code> {
        Module::new(&self.optimizing, bytes).map(Code::Settled)
    }

    /// Takes the code that an engine like this has compiled and optimized.
    ///
    /// # Safety
    /// It is such code: it runs as it stands.
    #[expect(unsafe_code, reason = "code of a file")]
    pub(crate) unsafe fn deserialize(&self, code: &[u8]) -> wasmtime::Result<Code> {
        // SAFETY: the caller's.
        unsafe { Module::deserialize(&self.optimizing, code) }.map(Code::Settled)
    }
}

/// A compiled module.
pub(crate) enum Code {
    /// For good.
    Settled(Module),
    /// Code that is there, and code that is being made or has been made since.
    Tiered { first: Module, optimized: Arc<OnceLock<Module>> },
}

impl Code {
    fn tiered(first: Module, engine: &Engine, bytes: &[u8]) -> Self {
        let optimized = Arc::new(OnceLock::new());
        let promise = Promise { cell: optimized.clone(), fallback: first.clone() };
        let (engine, bytes) = (engine.clone(), bytes.to_vec());
        let make = move || {
            if let Ok(module) = Module::new(&engine, &bytes) {
                let _ = promise.cell.set(module);
            }
        };
        // Where there can be no thread, the promise is kept with what there is.
        let _ = thread::Builder::new().name("regoc compiles".to_owned()).spawn(make);
        Self::Tiered { first, optimized }
    }

    /// The best code that is ready.
    pub(crate) fn now(&self) -> &Module {
        match self {
            Self::Settled(module) => module,
            Self::Tiered { first, optimized } => optimized.get().unwrap_or(first),
        }
    }

    /// The code that there will be no better of; waits for it.
    pub(crate) fn settled(&self) -> &Module {
        match self {
            Self::Settled(module) => module,
            Self::Tiered { optimized, .. } => optimized.wait(),
        }
    }

    /// Whether there will be no better code than that of now.
    pub(crate) fn is_settled(&self) -> bool {
        match self {
            Self::Settled(_) => true,
            Self::Tiered { optimized, .. } => optimized.get().is_some(),
        }
    }
}

/// Code that others wait for. When it ends without having been made, they get what there is.
struct Promise {
    cell: Arc<OnceLock<Module>>,
    fallback: Module,
}

impl Drop for Promise {
    fn drop(&mut self) {
        let _ = self.cell.set(self.fallback.clone());
    }
}
