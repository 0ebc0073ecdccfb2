//! The engine and everything that all policies of a host share: settings, limits, effects and builtins.

use std::fmt;
use std::sync::Arc;

use wasmtime::{Config, Enabled, PoolingAllocationConfig};

use crate::builtins::Registry;
use crate::code::{Compilation, Engines};
use crate::effects::{Effects, SystemEffects};
use crate::error::{Error, ErrorKind};
use crate::limits::{Limits, MOST_FUNCTIONS, Watchdog};
use crate::policy::Policy;
use crate::value::Value;

/// The stack that a module may use, in bytes: enough for documents 1,000 levels deep, and half of what a thread of Rust has.
const STACK: usize = 1 << 20;

/// A host for policies: cheap to clone, `Send + Sync`. Policies that one runtime loads share its engine.
#[derive(Clone)]
pub struct Runtime {
    shared: Arc<Shared>,
}

/// What policies and instances need of their runtime.
pub(crate) struct Shared {
    pub(crate) engines: Engines,
    pub(crate) watchdog: Option<Watchdog>,
    pub(crate) limits: Limits,
    pub(crate) builtins: Registry,
    pub(crate) effects: Box<dyn Fn() -> Box<dyn Effects> + Send + Sync>,
    pub(crate) strict_builtin_errors: bool,
    pub(crate) allow_net: Option<Arc<[String]>>,
}

impl Runtime {
    /// A runtime with the system's effects and no limits but WebAssembly's own.
    ///
    /// # Errors
    ///
    /// When the machine has no support for the engine.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// A runtime of another kind.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Compiles a module and checks that it is a policy whose every want is met.
    ///
    /// # Errors
    ///
    /// When the bytes are not a module, the module is not a policy, or it wants an import or a builtin that this runtime does not
    /// have; the message names it.
    pub fn load(&self, module: &[u8]) -> Result<Policy, Error> {
        Policy::load(self.shared.clone(), module)
    }

    /// Compiles a module to a file that [`Runtime::load_precompiled`] loads without compiling anything: in a runtime of the same version of
    /// this crate and with the same settings (with a limit in time, or without), on a processor that has the features of this one.
    ///
    /// # Errors
    ///
    /// As [`Runtime::load`].
    pub fn precompile(&self, module: &[u8]) -> Result<Vec<u8>, Error> {
        Policy::load_optimized(self.shared.clone(), module)?.precompile()
    }

    /// Loads a file that [`Runtime::precompile`] made.
    ///
    /// # Safety
    ///
    /// The file is one that `precompile` made, and comes from somebody who is trusted as the author of a program is: it holds machine code.
    /// Damage is noticed, malice is not.
    ///
    /// # Errors
    ///
    /// When the file is damaged or for another host, or as [`Runtime::load`].
    #[expect(unsafe_code, reason = "code of a file")]
    pub unsafe fn load_precompiled(&self, file: &[u8]) -> Result<Policy, Error> {
        // SAFETY: the caller's.
        unsafe { Policy::load_precompiled(self.shared.clone(), file) }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("limits", &self.shared.limits).field("builtins", &self.shared.builtins).finish()
    }
}

/// Builds a [`Runtime`].
#[derive(Default)]
pub struct Builder {
    limits: Limits,
    builtins: Registry,
    effects: Option<Box<dyn Fn() -> Box<dyn Effects> + Send + Sync>>,
    strict_builtin_errors: bool,
    allow_net: Option<Arc<[String]>>,
    compilation: Compilation,
    pooled_instances: Option<u32>,
}

impl Builder {
    /// What one instance may use.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Where each instance gets its effects from; [`SystemEffects`] by default.
    #[must_use]
    pub fn effects<E: Effects + 'static>(self, make: impl Fn() -> E + Send + Sync + 'static) -> Self {
        Self { effects: Some(Box::new(move || Box::new(make()))), ..self }
    }

    /// Adds a builtin. It gets its arguments and returns a value, nothing (undefined), or why it failed; a failure is undefined to the
    /// policy unless [`Builder::strict_builtin_errors`] is set. A builtin of that name that this crate has is replaced.
    ///
    /// The compiler has to know the builtin too: its name and signature stand in the capabilities file that the policy is built with.
    #[must_use]
    pub fn builtin(
        mut self,
        name: impl Into<String>,
        function: impl Fn(&[Value]) -> Result<Option<Value>, String> + Send + Sync + 'static,
    ) -> Self {
        self.builtins.insert(name.into(), function);
        self
    }

    /// Loads policies whatever host builtins they want; those that are not there fail when they are called. For tools that look
    /// at policies and do not ask them.
    #[must_use]
    pub fn accept_any_builtin(mut self) -> Self {
        self.builtins.accept_any = true;
        self
    }

    /// Makes a failure of a host builtin an error of the decision. Failures of builtins inside the module are decided when the
    /// module is built.
    #[must_use]
    pub fn strict_builtin_errors(self, strict: bool) -> Self {
        Self { strict_builtin_errors: strict, ..self }
    }

    /// The hosts that `http.send` may connect to and `net.lookup_ip_addr` may look up, by their names without ports, as the `allow_net` of
    /// OPA's capabilities files has it; an empty list forbids all. Without this call any host may be reached.
    #[must_use]
    pub fn allow_net(self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { allow_net: Some(hosts.into_iter().map(Into::into).collect()), ..self }
    }

    /// How modules become machine code.
    #[must_use]
    pub fn compilation(self, compilation: Compilation) -> Self {
        Self { compilation, ..self }
    }

    /// Keeps room for so many instances at a time, in which their memory is used again: making an instance and dropping it takes a fifth of
    /// the time then, over data of any size. More at a time are refused ([`ErrorKind::InstanceLimit`]); loading a policy and making an image
    /// need one for a moment, too. A place
    /// keeps up to 1 MiB of memory of the instance that was dropped last, and reserves 4 GiB of addresses; 8 GiB with a limit in time.
    #[must_use]
    pub fn pooled_instances(self, count: u32) -> Self {
        Self { pooled_instances: Some(count), ..self }
    }

    /// The runtime.
    ///
    /// # Errors
    ///
    /// When the machine has no support for the engine.
    pub fn build(self) -> Result<Runtime, Error> {
        let mut config = Config::new();
        config
            // Polls read a byte that another thread writes. Modules may have no threads themselves.
            .wasm_threads(self.limits.time.is_some())
            .max_wasm_stack(STACK);
        if let Some(count) = self.pooled_instances {
            config.allocation_strategy(pooling(count, &self.limits));
        }
        let engines = Engines::new(self.compilation, &config).map_err(|error| {
            Error::new(ErrorKind::Internal, format!("no WebAssembly engine on this machine: {error}"))
        })?;
        let shared = Shared {
            engines,
            watchdog: self.limits.time.map(Watchdog::new),
            limits: self.limits,
            builtins: self.builtins,
            effects: self.effects.unwrap_or_else(|| Box::new(|| Box::new(SystemEffects::new()))),
            strict_builtin_errors: self.strict_builtin_errors,
            allow_net: self.allow_net,
        };
        Ok(Runtime { shared: Arc::new(shared) })
    }
}

/// How many bytes of memory an instance of a pool may keep when it is dropped, so that the next one need not ask the system for them.
const KEPT: usize = 1 << 20;

/// Room for so many instances.
fn pooling(count: u32, limits: &Limits) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    // With a limit in time, an instance has one more memory for polls.
    let memories = if limits.time.is_some() { 2 } else { 1 };
    // The memory that an image is mapped into is an instance of its own to the engine.
    pool.total_core_instances(count.saturating_mul(2))
        .max_memories_per_module(memories)
        .total_memories(count.saturating_mul(memories))
        .total_tables(count)
        .max_core_instance_size(usize::MAX >> 1)
        .max_memory_size(limits.memory)
        .table_elements(MOST_FUNCTIONS)
        .linear_memory_keep_resident(KEPT)
        .table_keep_resident(KEPT)
        // Where the system can tell which pages were written, the others stay mapped.
        .pagemap_scan(Enabled::Auto);
    pool
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("limits", &self.limits)
            .field("builtins", &self.builtins)
            .finish_non_exhaustive()
    }
}
