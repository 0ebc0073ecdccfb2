//! What one call may use: memory and time. Each call has all of both, so a slow decision takes nothing from the next.
//!
//! Who limits time has modules with [`polls`] in their code, and a watchdog that answers them.

pub(crate) mod polls;
mod watchdog;

use std::time::Duration;

pub(crate) use self::watchdog::{Clock, Timer, Watchdog};

use crate::memory::PAGE;
use crate::state::Stop;

/// What one instance may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The linear memory of an instance in bytes; data, input and what evaluation allocates. No more than 4 GiB, which is
    /// what WebAssembly can address.
    pub memory: usize,
    /// The time of one call. `None`: as long as it takes. With a limit, calls take about a twenty-fifth longer.
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
    /// What an instance may use, as messages say it.
    limit: usize,
    /// The same with what its module does not see.
    most: usize,
}

impl MemoryLimiter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { limit: limits.memory, most: limits.whole_memory() }
    }
}

/// What of an instance's memory its module does not see, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hidden {
    /// At the beginning.
    pub(crate) start: usize,
    /// At the beginning and at the end.
    pub(crate) all: usize,
}

impl Limits {
    /// What of an instance's memory its module does not see.
    pub(crate) fn hidden(&self) -> Hidden {
        match self.time {
            Some(_) => Hidden { start: polls::HIDDEN as usize, all: (polls::PAGES * PAGE) as usize },
            None => Hidden::default(),
        }
    }

    /// The linear memory of an instance with what its module does not see. With that it has one page less than could be addressed: then there are
    /// addresses behind all memory for what code asks for in vain.
    pub(crate) fn whole_memory(&self) -> usize {
        match self.hidden().all {
            0 => self.memory,
            hidden => self.memory.saturating_add(hidden).min((1 << 32) - PAGE as usize),
        }
    }
}

impl wasmtime::ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        // A trap with a reason, not a failed `memory.grow`: modules can only say "out of memory" to the latter.
        if desired > self.most { Err(Stop::MemoryLimit(self.limit).into()) } else { Ok(true) }
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        Err(Stop::MemoryLimit(self.limit).into())
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        // A policy has one table, with an element for each of its functions at most.
        Ok(desired <= MOST_FUNCTIONS)
    }
}
