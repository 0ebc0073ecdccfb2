//! What one call may use: memory and time. Both are armed again for each call, so a slow decision takes nothing from the next.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
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

/// Counts an engine's epochs up while a call with a time limit runs, and sleeps while none does.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    watch: Mutex<Watch>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Watch {
    /// How many calls run that have a time limit.
    calls: usize,
    /// Whether the thread was started; it is on the first call.
    running: bool,
    /// Whether the thread must end.
    ended: bool,
}

impl Watchdog {
    /// A watchdog that sleeps.
    pub(crate) fn new() -> Self {
        Self { shared: Arc::default() }
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
        let mut watch = self.shared.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if !watch.running {
            let (shared, engine) = (self.shared.clone(), engine.weak());
            thread::Builder::new().name("regoc-watchdog".to_owned()).spawn(move || tick(&shared, &engine))?;
            watch.running = true;
        }
        watch.calls += 1;
        self.shared.changed.notify_one();
        Ok(Guard { shared: self.shared.clone() })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.watch.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
        self.shared.changed.notify_one();
    }
}

/// A call with a time limit runs while this lives.
pub(crate) struct Guard {
    shared: Arc<Shared>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.shared.watch.lock().unwrap_or_else(PoisonError::into_inner).calls -= 1;
    }
}

fn tick(shared: &Shared, engine: &EngineWeak) {
    loop {
        {
            let watch = shared.watch.lock().unwrap_or_else(PoisonError::into_inner);
            let watch = shared
                .changed
                .wait_while(watch, |watch| watch.calls == 0 && !watch.ended)
                .unwrap_or_else(PoisonError::into_inner);
            if watch.ended {
                return;
            }
        }
        thread::sleep(TICK);
        match engine.upgrade() {
            Some(engine) => engine.increment_epoch(),
            None => return,
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
