//! Answers that are kept between decisions: how long they are fresh, and which must make room.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::convert;
use super::exchange::Response;
use super::headers::Headers;

/// The codes of answers that may be kept (RFC 9110, section 15.1, as OPA lists them).
pub(super) const CACHEABLE: [u16; 11] = [200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501];

/// The end of what never was fresh.
const NEVER: i64 = i64::MIN;

/// An answer that is kept.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) status: String,
    pub(super) code: u16,
    pub(super) headers: Headers,
    pub(super) body: Arc<[u8]>,
    /// Up to when it is fresh, in nanoseconds since 1970-01-01 UTC.
    pub(super) fresh_until: i64,
}

impl Kept {
    /// How much room it takes in bytes, about.
    fn size(&self) -> usize {
        self.body.len() + self.headers.size() + self.status.len()
    }
}

/// The answers that are kept, by the requests that they answer.
#[derive(Default)]
pub(super) struct Shelf {
    inner: Mutex<Inner>,
    /// How many bytes may be kept; the oldest answers make room.
    most: Option<usize>,
}

#[derive(Default)]
struct Inner {
    answers: HashMap<String, (u64, Kept)>,
    /// The requests, by when their answers came.
    order: BTreeMap<u64, String>,
    size: usize,
    count: u64,
}

impl Inner {
    fn remove(&mut self, request: &str) {
        if let Some((position, kept)) = self.answers.remove(request) {
            self.order.remove(&position);
            self.size -= kept.size();
        }
    }
}

impl Shelf {
    /// Nothing is kept yet.
    pub(super) fn new(most: Option<usize>) -> Self {
        Self { most, ..Self::default() }
    }

    /// The answer to a request, fresh or not.
    pub(super) fn get(&self, request: &str) -> Option<Kept> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).answers.get(request).map(|(_, kept)| kept.clone())
    }

    /// Keeps an answer, unless it is larger than everything may be.
    pub(super) fn insert(&self, request: &str, kept: Kept) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let size = kept.size();
        if let Some(most) = self.most {
            if size > most {
                return;
            }
            while inner.size + size > most {
                let Some(oldest) = inner.order.values().next().cloned() else { break };
                inner.remove(&oldest);
            }
        }
        inner.remove(request);
        inner.count += 1;
        let position = inner.count;
        inner.order.insert(position, request.to_owned());
        inner.answers.insert(request.to_owned(), (position, kept));
        inner.size += size;
    }

    /// Forgets the answer to a request.
    pub(super) fn remove(&self, request: &str) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).remove(request);
    }
}

/// For how long an answer is fresh, whatever its server says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Forced {
    /// In seconds; none or less than one leaves it to the server.
    pub(super) seconds: Option<i32>,
}

impl Forced {
    fn end(self, now_ns: i64) -> Option<i64> {
        self.seconds.filter(|seconds| *seconds > 0).map(|seconds| later(now_ns, i64::from(seconds)))
    }

    /// The answer as it is kept, if it may be.
    pub(super) fn keep(self, response: &Response, now_ns: i64) -> Option<Kept> {
        let fresh_until = match self.end(now_ns) {
            Some(end) => end,
            None if response.headers.cache_control().contains_key("no-store") => return None,
            None => fresh_until(&response.headers)?,
        };
        CACHEABLE.contains(&response.code).then(|| Kept {
            status: response.status.clone(),
            code: response.code,
            headers: response.headers.clone(),
            body: response.body.as_slice().into(),
            fresh_until,
        })
    }

    /// Up to when an answer that its server has confirmed is fresh.
    ///
    /// # Errors
    ///
    /// As OPA, when the confirmation does not tell it rightly.
    pub(super) fn renew(self, headers: &Headers, now_ns: i64) -> Option<i64> {
        self.end(now_ns).or_else(|| fresh_until(headers))
    }
}

fn later(time_ns: i64, seconds: i64) -> i64 {
    time_ns.saturating_add(seconds.saturating_mul(1_000_000_000))
}

/// Up to when an answer is fresh by its headers; none when they contradict themselves, so that it must not be kept.
fn fresh_until(headers: &Headers) -> Option<i64> {
    match headers.cache_control().get("max-age") {
        Some(seconds) => {
            let valid = !seconds.is_empty() && seconds.bytes().all(|digit| digit.is_ascii_digit());
            let seconds = valid.then(|| seconds.parse::<i64>().unwrap_or(i64::MAX).min(i64::from(i32::MAX)))?;
            Some(later(convert::http_time(headers.get("Date"))?, seconds))
        }
        None => Some(convert::http_time(headers.get("Expires")).unwrap_or(NEVER)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Forced, Headers, Kept, NEVER, Response, Shelf, fresh_until};

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const DATE_NS: i64 = 784_111_777_000_000_000;

    fn headers(fields: &[(&str, &str)]) -> Headers {
        let mut headers = Headers::default();
        for (name, value) in fields {
            headers.add(name, *value);
        }
        headers
    }

    #[test]
    fn freshness() {
        let until = |fields: &[(&str, &str)]| fresh_until(&headers(fields));
        assert_eq!(until(&[]), Some(NEVER));
        assert_eq!(until(&[("Expires", DATE)]), Some(DATE_NS));
        assert_eq!(until(&[("Expires", "0")]), Some(NEVER));
        assert_eq!(until(&[("Cache-Control", "max-age=60"), ("Date", DATE)]), Some(DATE_NS + 60_000_000_000));
        assert_eq!(until(&[("Cache-Control", "max-age=60")]), None);
        assert_eq!(until(&[("Cache-Control", "max-age=x"), ("Date", DATE)]), None);
        let longest = DATE_NS + i64::from(i32::MAX) * 1_000_000_000;
        assert_eq!(until(&[("Cache-Control", "max-age=99999999999999999999"), ("Date", DATE)]), Some(longest));
    }

    #[test]
    fn what_is_kept() {
        let response = |code: u16, fields: &[(&str, &str)]| Response {
            status: String::new(),
            code,
            headers: headers(fields),
            body: Vec::new(),
        };
        let (usual, forced) = (Forced::default(), Forced { seconds: Some(1) });
        let no_store = [("Cache-Control", "no-store")];
        assert!(usual.keep(&response(200, &[]), 0).is_some());
        assert!(usual.keep(&response(200, &no_store), 0).is_none());
        assert!(usual.keep(&response(500, &[]), 0).is_none());
        assert_eq!(forced.keep(&response(200, &no_store), 5).map(|kept| kept.fresh_until), Some(1_000_000_005));
        assert!(forced.keep(&response(500, &[]), 0).is_none());
    }

    #[test]
    fn the_oldest_makes_room() {
        let shelf = Shelf::new(Some(10));
        let kept = |size: usize| Kept {
            status: String::new(),
            code: 200,
            headers: Headers::default(),
            body: vec![0; size].into(),
            fresh_until: 0,
        };
        shelf.insert("a", kept(4));
        shelf.insert("b", kept(4));
        shelf.insert("c", kept(4));
        shelf.insert("large", kept(11));
        let there = ["a", "b", "c", "large"].map(|key| shelf.get(key).is_some());
        assert_eq!(there, [false, true, true, false]);
        shelf.remove("b");
        shelf.insert("d", kept(6));
        assert!(shelf.get("c").is_some() && shelf.get("d").is_some());
    }
}
