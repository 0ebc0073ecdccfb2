//! Connections that wait for another request, as many and as long as Go's client keeps them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::link::Link;

/// How long a connection may wait.
const LONGEST: Duration = Duration::from_secs(90);
/// How many may wait for the same server.
const MOST_FOR_ONE: usize = 2;
/// How many may wait at all.
const MOST: usize = 100;

struct Idle {
    link: Link,
    since: Instant,
}

/// Connections by what they are for ([`super::connect::Route::key`]), the newest last.
#[derive(Default)]
pub(super) struct Pool {
    idle: BTreeMap<String, Vec<Idle>>,
}

impl Pool {
    /// A connection that can carry a request, if there is one. Those that waited too long are handed out beside it, to be closed.
    pub(super) fn take(&mut self, key: &str) -> (Option<Link>, Vec<Link>) {
        let mut old = self.take_old();
        let Some(waiting) = self.idle.get_mut(key) else { return (None, old) };
        while let Some(mut last) = waiting.pop() {
            if last.link.is_closed() {
                old.push(last.link);
                continue;
            }
            if let Some(link) = last.link.share() {
                last.since = Instant::now();
                waiting.push(last);
                return (Some(link), old);
            }
            last.link.is_reused = true;
            return (Some(last.link), old);
        }
        self.idle.remove(key);
        (None, old)
    }

    /// Keeps a connection; what it replaces is handed out, to be closed.
    pub(super) fn put(&mut self, key: String, link: Link) -> Option<Link> {
        let waiting = self.idle.get(&key).map_or(0, Vec::len);
        let is_shared = link.is_http2() && waiting > 0;
        let mut replaced = None;
        if is_shared {
            return Some(link);
        }
        if waiting >= MOST_FOR_ONE {
            replaced = self.idle.get_mut(&key).map(|waiting| waiting.remove(0).link);
        } else if self.idle.values().map(Vec::len).sum::<usize>() >= MOST {
            replaced = self.take_oldest();
        }
        self.idle.entry(key).or_default().push(Idle { link, since: Instant::now() });
        replaced
    }

    fn take_oldest(&mut self) -> Option<Link> {
        let key = self.idle.iter().min_by_key(|(_, waiting)| waiting.first().map(|idle| idle.since))?.0.clone();
        let waiting = self.idle.get_mut(&key)?;
        let oldest = (!waiting.is_empty()).then(|| waiting.remove(0).link);
        if waiting.is_empty() {
            self.idle.remove(&key);
        }
        oldest
    }

    fn take_old(&mut self) -> Vec<Link> {
        let mut old = Vec::new();
        self.idle.retain(|_, waiting| {
            old.extend(waiting.extract_if(.., |idle| idle.since.elapsed() >= LONGEST).map(|idle| idle.link));
            !waiting.is_empty()
        });
        old
    }
}
