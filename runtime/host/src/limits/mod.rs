//! What one call may use: memory and time. Each call has all of both, so a slow decision takes nothing from the next.
//!
//! Who limits time has modules with [`polls`] in their code, and a watchdog that answers them.

pub(crate) mod polls;
mod watchdog;

use std::time::Duration;

pub(crate) use self::watchdog::{Clock, Timer, Watchdog};

use crate::state::Stop;

/// What one instance may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The linear memory of an instance in bytes; data, input and what evaluation allocates. No more than 4 GiB, which is
    /// what WebAssembly can address.
    pub memory: usize,
    /// The time of one call. `None`: as long as it takes. With a limit, calls take about a twentieth longer.
    pub time: Option<Duration>,
}

/// All of what WebAssembly can address, and no limit in time.
impl Default for Limits {
    fn default() -> Self {
        Self { memory: 1 << 32, time: None }
    }
}

/// How many elements a table may have.
pub(crate) const MOST_FUNCTIONS: usize = 1 << 20;

/// Refuses to let the memory of an instance grow beyond its limit.
#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    pub(crate) limit: usize,
}

impl wasmtime::ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        // A trap with a reason, not a failed `memory.grow`: modules can only say "out of memory" to the latter.
        if desired > self.limit { Err(Stop::MemoryLimit(self.limit).into()) } else { Ok(true) }
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        Err(Stop::MemoryLimit(self.limit).into())
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        // A policy has one table, with an element for each of its functions at most.
        Ok(desired <= MOST_FUNCTIONS)
    }
}
