//! Everything that touches the world, behind one trait: the clock, randomness, the environment, names of hosts, HTTP, and where
//! printed lines go. [`SystemEffects`] is the world; [`FixedEffects`] is the same world every time, for tests.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::call::{BuiltinError, Call};
#[cfg(feature = "http")]
use crate::http::{Answers, HttpClient};
use crate::lookup;
use crate::value::Value;

/// What a policy can ask of the world. A host implements what it allows; what it does not implement is refused when a policy that
/// wants it is loaded, never when it decides.
pub trait Effects: Send {
    /// A decision begins: what was kept to be the same throughout one is forgotten.
    fn begin_decision(&mut self) {}

    /// The time in nanoseconds since 1970-01-01 UTC. Asked at most once for each decision: time stands still within one.
    fn now_ns(&mut self) -> i64;

    /// Fills bytes at random, for `rand.intn` and `uuid.rfc4122`.
    fn fill_random(&mut self, bytes: &mut [u8]);

    /// What `opa.runtime` answers: an object. Credentials below its `config` are taken out before a policy sees it, as OPA does.
    fn runtime_info(&mut self) -> Value;

    /// Takes a line that the policy printed.
    fn print(&mut self, line: &str);

    /// Takes a note of the builtin `trace`. By default it is dropped, as OPA does without an explanation.
    fn trace(&mut self, _note: &str) {}

    /// The addresses of a host name, for `net.lookup_ip_addr`. Asked at most once for each name and decision, and only for names that
    /// [`Call::allow_net`] has.
    ///
    /// # Errors
    ///
    /// When there are none, or look-ups are not allowed.
    fn lookup_ip_addr(&mut self, _name: &str, _call: &Call<'_>) -> Result<Vec<String>, BuiltinError> {
        Err(BuiltinError::failed("look-ups of host names are not allowed"))
    }

    /// Answers `http.send`: the whole builtin with all its options. It must ask [`Call::allow_net`] before it connects.
    ///
    /// # Errors
    ///
    /// When the request could not be sent; the builtin is undefined then, or fails where builtin errors are strict.
    fn http_send(&mut self, _request: &Value, _call: &Call<'_>) -> Result<Value, BuiltinError> {
        Err(BuiltinError::failed("HTTP requests are not allowed"))
    }

    /// Whether this host answers one of the builtins that reach another machine. A policy that calls one that the host does not answer is
    /// refused when it is loaded.
    fn allows(&self, _reach: Reach) -> bool {
        false
    }
}

/// The builtins that reach another machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reach {
    /// `http.send`, answered by [`Effects::http_send`].
    Http,
    /// `net.lookup_ip_addr`, answered by [`Effects::lookup_ip_addr`].
    Lookup,
}

/// The world: the system's clock, randomness seeded by the operating system, name look-ups, printed lines on standard error.
/// HTTP requests are answered if a client for them was given.
#[derive(Debug)]
pub struct SystemEffects {
    /// Keyed by the operating system; a keyed hash of a counter cannot be foretold without the key.
    random: RandomState,
    counter: u64,
    runtime: Value,
    #[cfg(feature = "http")]
    http: Option<HttpClient>,
    /// What requests of this decision were answered.
    #[cfg(feature = "http")]
    answers: Answers,
    /// Where printed lines go instead of standard error.
    printer: Option<fn(&str)>,
}

impl SystemEffects {
    /// The world, with nothing to tell about the runtime.
    #[must_use]
    pub fn new() -> Self {
        Self::with_runtime_info(Value::Object(Vec::new()))
    }

    /// The world, with what `opa.runtime` answers.
    #[must_use]
    pub fn with_runtime_info(runtime: Value) -> Self {
        Self {
            random: RandomState::new(),
            counter: 0,
            runtime,
            #[cfg(feature = "http")]
            http: None,
            #[cfg(feature = "http")]
            answers: Answers::default(),
            printer: None,
        }
    }

    /// The same, with a client that answers `http.send`.
    #[cfg(feature = "http")]
    #[must_use]
    pub fn with_http(self, client: HttpClient) -> Self {
        Self { http: Some(client), ..self }
    }

    /// The same, with printed lines handed to a function, on the thread that evaluates.
    #[must_use]
    pub fn printing_to(self, printer: fn(&str)) -> Self {
        Self { printer: Some(printer), ..self }
    }
}

impl Default for SystemEffects {
    fn default() -> Self {
        Self::new()
    }
}

impl Effects for SystemEffects {
    fn now_ns(&mut self) -> i64 {
        // A clock before 1970 or after 2262 is a broken clock: the ends of the range stand for it.
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
            Err(_) => 0,
        }
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.counter += 1;
            let word = self.random.hash_one(self.counter).to_le_bytes();
            chunk.copy_from_slice(word.get(..chunk.len()).unwrap_or_default());
        }
    }

    fn runtime_info(&mut self) -> Value {
        self.runtime.clone()
    }

    #[expect(clippy::print_stderr, reason = "standard error is where this implementation prints to")]
    fn print(&mut self, line: &str) {
        match self.printer {
            Some(printer) => printer(line),
            None => eprintln!("{line}"),
        }
    }

    fn lookup_ip_addr(&mut self, name: &str, call: &Call<'_>) -> Result<Vec<String>, BuiltinError> {
        let addresses = lookup::addresses(name, call.deadline).map_err(|failure| match failure {
            lookup::Failure::TimedOut => BuiltinError::cancelled(format!("lookup {name}: i/o timeout")),
            lookup::Failure::NotFound(why) => BuiltinError::failed(why),
        })?;
        Ok(addresses.into_iter().map(|address| address.to_string()).collect())
    }

    #[cfg(feature = "http")]
    fn begin_decision(&mut self) {
        self.answers = Answers::default();
    }

    #[cfg(feature = "http")]
    fn http_send(&mut self, request: &Value, call: &Call<'_>) -> Result<Value, BuiltinError> {
        match &self.http {
            Some(client) => client.send(request, call, &mut self.answers),
            None => Err(BuiltinError::failed("HTTP requests are not allowed")),
        }
    }

    fn allows(&self, reach: Reach) -> bool {
        match reach {
            Reach::Lookup => true,
            #[cfg(feature = "http")]
            Reach::Http => self.http.is_some(),
            #[cfg(not(feature = "http"))]
            Reach::Http => false,
        }
    }
}

/// The same world every time: a clock that stands still, randomness that counts, and printed lines kept for the test to read.
#[derive(Clone, Debug, Default)]
pub struct FixedEffects {
    /// What the clock shows, in nanoseconds since 1970-01-01 UTC.
    pub now_ns: i64,
    random: u64,
    printed: Arc<Mutex<Vec<String>>>,
}

impl FixedEffects {
    /// A world in which it is always this time, in nanoseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn at(now_ns: i64) -> Self {
        Self { now_ns, ..Self::default() }
    }

    /// The lines that were printed through this value and its clones.
    #[must_use]
    pub fn printed(&self) -> Vec<String> {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Effects for FixedEffects {
    fn now_ns(&mut self) -> i64 {
        self.now_ns
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.random = self.random.wrapping_add(1);
            *byte = self.random.to_le_bytes()[0];
        }
    }

    fn runtime_info(&mut self) -> Value {
        Value::Object(Vec::new())
    }

    fn print(&mut self, line: &str) {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
    }
}
