//! Ends calls that take too long. Each instance has a word in its memory, where the module cannot reach it, that says which call runs; the watchdog
//! looks at all of them each millisecond, and marks the word of a call that it has seen for too long. The polls in the module's code find the mark.
//!
//! A call costs its own thread two stores: no clock is read, no lock is taken and no thread is woken while decisions follow each other. And it is
//! never ended too soon, because its time begins when the watchdog has first seen it.

use std::ptr::NonNull;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// How often the watchdog looks, and so how exactly time is limited.
const TICK: Duration = Duration::from_millis(1);

/// After so many ticks without a call the watchdog sleeps. Waking it takes as long as a small decision, so it does not sleep between two.
const IDLE_TICKS: u32 = 100;

/// In a word: set when the call has taken too long. It has the byte that polls read to itself.
const OVER: u64 = 0xff;

/// In a word: set while a call runs.
const RUNS: u64 = 1 << 8;

/// In a word: what the number of a call is multiplied with.
const CALL: u64 = 1 << 9;

/// The word of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Word(NonNull<u64>);

#[expect(unsafe_code, reason = "the watchdog reads the words of all instances")]
// SAFETY: a word is only used as an atomic, which threads may share.
unsafe impl Send for Word {}

#[expect(unsafe_code, reason = "instances are `Sync`")]
// SAFETY: as above.
unsafe impl Sync for Word {}

impl Word {
    #[expect(unsafe_code, reason = "it lies in the memory of an instance")]
    fn get(&self) -> &AtomicU64 {
        // SAFETY: who made the timer promised that the word stays there and that nobody else writes it, for as long as there is a timer; and
        // nobody but the timer and what is watched, which goes with it, has a word.
        unsafe { AtomicU64::from_ptr(self.0.as_ptr()) }
    }
}

/// Ends the calls of a runtime's instances that take too long. Sleeps when there are none.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    time: Duration,
    watched: Mutex<Vec<Watched>>,
    /// Whether the thread looks: else whoever begins a call starts or wakes it.
    looks: AtomicBool,
    /// Whether the thread must end.
    ended: AtomicBool,
    /// The thread, from the first call on.
    thread: Mutex<Option<Thread>>,
}

/// An instance.
#[derive(Debug)]
struct Watched {
    word: Word,
    /// What was read there last,
    seen: u64,
    /// and when that was read first.
    since: Instant,
}

impl Watched {
    /// Looks at the call that runs, and marks it when it has run for longer than it may. Says whether one runs, or another one has run meanwhile.
    fn look(&mut self, now: Instant, time: Duration) -> bool {
        let word = self.word.get().load(Acquire);
        if word != self.seen {
            (self.seen, self.since) = (word, now);
            return true;
        }
        if word & RUNS != 0 && word & OVER == 0 && now.saturating_duration_since(self.since) >= time {
            // Unless it has just ended: the next one has another word.
            let marked = self.word.get().compare_exchange(word, word | OVER, AcqRel, Relaxed);
            self.seen = marked.map_or_else(|other| other, |_| word | OVER);
        }
        word & RUNS != 0
    }
}

impl Watchdog {
    /// A watchdog that gives each call so much time.
    pub(crate) fn new(time: Duration) -> Self {
        let shared = Shared {
            time,
            watched: Mutex::default(),
            looks: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            thread: Mutex::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Watches the calls of an instance for as long as the timer lives.
    ///
    /// # Safety
    ///
    /// The address is one of a whole word of zeros, which stays there and which nobody else writes for as long as the timer lives.
    #[expect(unsafe_code, reason = "a word in the memory of an instance")]
    pub(crate) unsafe fn watch(&self, word: NonNull<u64>) -> Timer {
        let word = Word(word);
        self.shared.watched().push(Watched { word, seen: 0, since: Instant::now() });
        Timer { word, shared: self.shared.clone(), call: 0 }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.ended.store(true, Release);
        if let Some(thread) = &*self.shared.thread() {
            thread.unpark();
        }
    }
}

impl Shared {
    fn watched(&self) -> MutexGuard<'_, Vec<Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn thread(&self) -> MutexGuard<'_, Option<Thread>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at all instances. Says whether a call runs, or has run since the last look.
    fn look(&self) -> bool {
        let now = Instant::now();
        let mut watched = self.watched();
        let busy = watched.iter_mut().filter_map(|watched| watched.look(now, self.time).then_some(()));
        busy.count() != 0
    }

    /// What the thread does, until the watchdog is there no more.
    fn run(&self) {
        let mut idle = 0;
        while !self.ended.load(Acquire) {
            self.looks.store(true, Release);
            thread::sleep(TICK);
            idle = if self.look() { 0 } else { idle + 1 };
            if idle == IDLE_TICKS {
                // A call that has begun before the first of these lines can be seen at the third, a millisecond later; one that begins behind it
                // wakes the thread.
                self.looks.store(false, Release);
                thread::sleep(TICK);
                if !self.look() {
                    thread::park();
                }
                idle = 0;
            }
        }
    }

    #[cold]
    fn wake(self: &Arc<Self>) -> std::io::Result<()> {
        let mut thread = self.thread();
        match &*thread {
            Some(thread) => thread.unpark(),
            None => {
                let shared = self.clone();
                let started = thread::Builder::new().name("regoc-watchdog".to_owned()).spawn(move || shared.run())?;
                *thread = Some(started.thread().clone());
            }
        }
        Ok(())
    }
}

/// Times the calls into an instance, of which there is one at a time.
#[derive(Debug)]
pub(crate) struct Timer {
    word: Word,
    shared: Arc<Shared>,
    /// The number of the call that runs, or ran last, as the word has it.
    call: u64,
}

impl Timer {
    /// A call begins, with its full time.
    ///
    /// # Errors
    ///
    /// When the thread that limits time cannot be started.
    #[inline]
    pub(crate) fn begin(&mut self) -> std::io::Result<()> {
        self.call = self.call.wrapping_add(CALL);
        self.word.get().store(self.call | RUNS, Release);
        if !self.shared.looks.load(Acquire) {
            self.shared.wake()?;
        }
        Ok(())
    }

    /// Whether the time of the call is over.
    pub(crate) fn is_over(&self) -> bool {
        self.word.get().load(Relaxed) & OVER != 0
    }

    /// The call has ended.
    pub(crate) fn end(&mut self) {
        self.word.get().store(self.call, Release);
    }

    /// What says when the call that runs must have ended.
    pub(crate) fn clock(&self) -> Clock {
        Clock { word: self.word, shared: self.shared.clone() }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.shared.watched().retain(|watched| watched.word != self.word);
    }
}

/// Says when the call that runs must have ended. It is of no use without its timer.
#[derive(Debug)]
pub(crate) struct Clock {
    word: Word,
    shared: Arc<Shared>,
}

impl Clock {
    /// When the call that runs must have ended; nothing without a timer, and when that is too far away to be told.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let watched = self.shared.watched();
        let watched = watched.iter().find(|watched| watched.word == self.word)?;
        // What has not been seen yet has just begun.
        let is_seen = watched.word.get().load(Relaxed) == watched.seen;
        let begin = if is_seen { watched.since } else { Instant::now() };
        begin.checked_add(self.shared.time)
    }
}

#[cfg(test)]
mod tests {
    use std::ptr::NonNull;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::Watchdog;

    #[test]
    fn a_call_that_takes_too_long_is_marked_and_the_next_is_not() {
        const TIME: Duration = Duration::from_millis(200);
        let mut word = Box::new(0_u64);
        let watchdog = Watchdog::new(TIME);
        #[expect(unsafe_code, reason = "a word of the test's own")]
        // SAFETY: it is whole, zero, and nobody else has it; it goes after the timer.
        let mut timer = unsafe { watchdog.watch(NonNull::from(&mut *word)) };
        let clock = timer.clock();
        for _ in 0..2 {
            let start = Instant::now();
            timer.begin().unwrap();
            assert!(!timer.is_over());
            assert!(clock.deadline().is_some_and(|deadline| deadline >= start + TIME));
            while !timer.is_over() {
                assert!(start.elapsed() < 100 * TIME);
                thread::sleep(Duration::from_millis(1));
            }
            assert!(start.elapsed() >= TIME);
            assert!(clock.deadline().is_some_and(|deadline| deadline <= Instant::now()));
            timer.end();
        }
        timer.begin().unwrap();
        timer.end();
        thread::sleep(2 * TIME);
        assert!(!timer.is_over(), "a call that had ended was marked");
        drop(timer);
        assert_eq!(clock.deadline(), None);
    }
}
