//! What one call may use: memory and time. Both are armed again for each call, so a slow decision takes nothing from the next.

use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

use wasmtime::{Engine, EngineWeak};

use crate::state::Stop;

/// What one instance may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The linear memory of an instance in bytes; data, input and what evaluation allocates. No more than 4 GiB, which is
    /// what WebAssembly can address.
    pub memory: usize,
    /// The time of one call. `None`: as long as it takes.
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

/// How often the watchdog looks, and so how exactly time is limited.
const TICK: Duration = Duration::from_millis(1);

/// After so many ticks without a call the watchdog sleeps. Waking it takes as long as a small decision, so it does not sleep between two.
const IDLE_TICKS: u32 = 100;

/// Counts an engine's epochs up while calls with a time limit run, and sleeps when there are none. Calls take no lock.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shared: Arc<Shared>,
    /// The thread, from the first call on.
    thread: Mutex<Option<Thread>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// How many calls have begun that have a time limit.
    begun: AtomicUsize,
    /// How many of them are over.
    over: AtomicUsize,
    /// Whether the thread is there and counts: else whoever begins a call starts or wakes it.
    counts: AtomicBool,
    /// Whether the thread must end.
    ended: AtomicBool,
}

impl Watchdog {
    /// A watchdog that sleeps.
    pub(crate) fn new() -> Self {
        Self { shared: Arc::default(), thread: Mutex::default() }
    }

    /// How many epochs a call of that duration may take.
    pub(crate) fn epochs(time: Duration) -> u64 {
        // The first tick may come at once.
        u64::try_from(time.as_nanos().div_ceil(TICK.as_nanos())).unwrap_or(u64::MAX >> 1).saturating_add(1)
    }

    /// Keeps time for as long as the returned guard lives.
    ///
    /// # Errors
    ///
    /// When the thread cannot be started.
    pub(crate) fn watch(&self, engine: &Engine) -> std::io::Result<Guard> {
        self.shared.begun.fetch_add(1, SeqCst);
        let guard = Guard { shared: self.shared.clone() };
        if !self.shared.counts.load(SeqCst) {
            self.wake(engine)?;
        }
        Ok(guard)
    }

    #[cold]
    fn wake(&self, engine: &Engine) -> std::io::Result<()> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        match &*thread {
            Some(thread) => thread.unpark(),
            None => {
                let (shared, engine) = (self.shared.clone(), engine.weak());
                let count = move || count_epochs(&shared, &engine);
                *thread = Some(thread::Builder::new().name("regoc-watchdog".to_owned()).spawn(count)?.thread().clone());
            }
        }
        Ok(())
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.ended.store(true, SeqCst);
        if let Some(thread) = &*self.thread.lock().unwrap_or_else(PoisonError::into_inner) {
            thread.unpark();
        }
    }
}

impl Shared {
    /// How many calls have begun, if all of them are over.
    fn at_rest(&self) -> Option<usize> {
        let over = self.over.load(SeqCst);
        (over == self.begun.load(SeqCst)).then_some(over)
    }
}

/// A call with a time limit runs while this lives.
pub(crate) struct Guard {
    shared: Arc<Shared>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.shared.over.fetch_add(1, SeqCst);
    }
}

/// What the thread does, until the watchdog or the engine is there no more.
fn count_epochs(shared: &Shared, engine: &EngineWeak) {
    let mut last = None;
    let mut idle = 0;
    while !shared.ended.load(SeqCst) {
        if idle < IDLE_TICKS {
            shared.counts.store(true, SeqCst);
            thread::sleep(TICK);
            let Some(engine) = engine.upgrade() else { return };
            engine.increment_epoch();
            let now = shared.at_rest();
            idle = if now.is_some() && now == last { idle + 1 } else { 0 };
            last = now;
        } else {
            // In this order: a call that began before the first line is seen by the second, and one that begins behind it wakes the thread.
            shared.counts.store(false, SeqCst);
            if shared.at_rest() == last {
                thread::park();
            }
            idle = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Watchdog;

    #[test]
    fn durations_are_rounded_up() {
        assert_eq!(Watchdog::epochs(Duration::ZERO), 1);
        assert_eq!(Watchdog::epochs(Duration::from_micros(1)), 2);
        assert_eq!(Watchdog::epochs(Duration::from_millis(10)), 11);
        assert!(Watchdog::epochs(Duration::MAX) > u64::MAX / 4);
    }
}
