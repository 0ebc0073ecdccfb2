//! `http.send` as OPA answers it (`v1/topdown/http.go`): [`HttpClient`] does the whole builtin, over hyper and rustls.
//!
//! | file | is |
//! |---|---|
//! | [`options`] | the options of a request, checked |
//! | [`exchange`] | requests and answers: redirects, retries, time limits, compression |
//! | [`message`] | requests for hyper, and answers from it |
//! | [`network`], [`pool`] | where requests run, and connections that wait for another |
//! | [`link`], [`stream`], [`broken`] | one connection, what is seen of it, and Go's words for what is wrong with it |
//! | [`connect`], [`proxy`], [`socks`] | how connections are made, also through proxies |
//! | [`tls`], [`verify`], [`signatures`], [`roots`], [`pem`] | TLS, and whom to trust |
//! | [`cache`] | answers that are kept between decisions |
//! | [`answer`] | what the policy gets |
//! | [`fault`] | what it gets instead when something fails |
//! | [`url`], [`headers`], [`convert`] | texts by Go's rules |
//!
//! What is around hyper is there because policies and servers see it: requests as Go's client writes them, redirects and retries as it does
//! them, and its words for everything that fails. It knows of no policy and no module.

mod answer;
mod broken;
mod cache;
mod connect;
mod convert;
mod exchange;
mod fault;
mod headers;
mod link;
mod message;
mod network;
mod options;
mod pem;
mod pool;
mod proxy;
mod roots;
mod signatures;
mod socks;
mod stream;
mod tls;
mod url;
mod verify;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::call::{BuiltinError, Call};
use crate::value::Value;
use answer::Forms;
use cache::{Forced, Kept, Shelf};
use exchange::{Response, Sender};
use fault::Fault;
use fault::quoted;
use network::Network;
use proxy::Proxies;

/// What OPA calls itself in requests whose headers a policy sets. Servers tell clients apart by it, so it is OPA's.
const USER_AGENT: &str = "Open-Policy-Agent/1.22.0 (linux, amd64)";

/// How long OPA waits for an answer where a policy sets no `timeout`.
const USUAL_TIMEOUT: Duration = Duration::from_secs(5);

/// How large a body may be, in bytes, where nothing else is said.
const USUAL_BODY: usize = 256 << 20;

/// Answers `http.send`. Cheap to clone; the clones share the answers and the connections that they keep between decisions.
#[derive(Clone)]
pub struct HttpClient {
    shared: Arc<Shared>,
}

struct Shared {
    proxies: Proxies,
    network: Network,
    /// How large a body may be, in bytes.
    body: usize,
    timeout: Duration,
    shelf: Option<Shelf>,
}

/// Builds an [`HttpClient`].
#[derive(Clone, Debug)]
pub struct HttpClientBuilder {
    body: usize,
    timeout: Duration,
    between_decisions: bool,
    cache: Option<usize>,
}

impl HttpClientBuilder {
    /// How large the body of an answer may be, in bytes, after it was decompressed; 256 MiB where nothing is said. OPA has no such limit.
    #[must_use]
    pub fn max_body(self, bytes: usize) -> Self {
        Self { body: bytes, ..self }
    }

    /// How long an answer may take where a policy sets no `timeout`; 5 seconds where nothing is said, as in OPA.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Whether answers are kept between decisions where a policy sets `cache` or `force_cache`; they are where nothing is said, as in an OPA that
    /// is a server. `opa eval` keeps none.
    #[must_use]
    pub fn cache_between_decisions(self, keep: bool) -> Self {
        Self { between_decisions: keep, ..self }
    }

    /// How many bytes of answers are kept between decisions (OPA's `max_size_bytes`): the oldest make room. Without it, as in OPA, there is no
    /// limit.
    #[must_use]
    pub fn max_cache_size(self, bytes: usize) -> Self {
        Self { cache: Some(bytes), ..self }
    }

    /// The client. It reads now which proxies the environment names.
    #[must_use]
    pub fn build(self) -> HttpClient {
        let shelf = self.between_decisions.then(|| Shelf::new(self.cache));
        let (proxies, network) = (Proxies::from_environment(), Network::default());
        HttpClient { shared: Arc::new(Shared { proxies, network, body: self.body, timeout: self.timeout, shelf }) }
    }
}

impl Default for HttpClientBuilder {
    fn default() -> Self {
        Self { body: USUAL_BODY, timeout: USUAL_TIMEOUT, between_decisions: true, cache: None }
    }
}

/// The answers of one decision, by their requests: the same request is not sent twice.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    known: HashMap<String, Result<Value, Fault>>,
}

impl Default for HttpClient {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").field("body", &self.shared.body).finish_non_exhaustive()
    }
}

impl HttpClient {
    /// A client with OPA's settings.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A client with other settings.
    #[must_use]
    pub fn builder() -> HttpClientBuilder {
        HttpClientBuilder::default()
    }

    /// Answers a call of the builtin.
    pub(crate) fn send(&self, options: &Value, call: &Call<'_>, answers: &mut Answers) -> Result<Value, BuiltinError> {
        if !matches!(options, Value::Object(_)) {
            return Err(BuiltinError::operand(format!("operand 1 must be object but got {}", options.type_name())));
        }
        let raises = options::raises_errors(options).map_err(Fault::raise)?;
        let result = options::check_names(options).and_then(|()| {
            let key = key(options)?;
            Task::new(self, options, &key, call)?.run(answers)
        });
        match result {
            Ok(answer) => Ok(answer),
            Err(fault) if raises => Err(fault.raise()),
            Err(fault) => fault.tell(call),
        }
    }
}

/// The request as it is told apart from others: without the headers that its `cache_ignored_headers` name.
fn key(options: &Value) -> Result<Value, Fault> {
    let Value::Object(entries) = options else { return Ok(options.clone()) };
    let mut entries = entries.clone();
    entries.retain(|(name, _)| name.as_str() != Some("cache_ignored_headers"));
    if let (Some(ignored), Some(headers)) = (options.get("cache_ignored_headers"), options.get("headers")) {
        let ignored = match ignored {
            Value::Array(names) if names.iter().all(|name| name.as_str().is_some()) => names,
            _ => return Err(Fault::Bare("cache_ignored_headers must be an array of strings".to_owned())),
        };
        if let Value::Object(fields) = headers {
            let left = fields.iter().filter(|(name, _)| !ignored.contains(name)).cloned().collect();
            for (_, value) in entries.iter_mut().filter(|(name, _)| name.as_str() == Some("headers")) {
                *value = Value::Object(std::mem::take(&mut Vec::clone(&left)));
            }
        }
    }
    Ok(Value::Object(entries))
}

/// One call of the builtin.
struct Task<'a> {
    client: &'a Shared,
    options: &'a Value,
    /// The request without the headers that are ignored.
    key: &'a Value,
    key_text: String,
    call: &'a Call<'a>,
    /// Where answers are kept between decisions, if this one may be.
    shelf: Option<&'a Shelf>,
    forced: Forced,
}

impl<'a> Task<'a> {
    fn new(client: &'a HttpClient, options: &'a Value, key: &'a Value, call: &'a Call<'a>) -> Result<Self, Fault> {
        let keeps = options::flag(options, "cache")?;
        let forces = options::flag(options, "force_cache")?;
        let forced = if forces { forced(options)? } else { Forced::default() };
        let client = &*client.shared;
        let shelf = client.shelf.as_ref().filter(|_| keeps || forces);
        Ok(Self { client, options, key, key_text: key.to_text(), call, shelf, forced })
    }

    fn run(&self, answers: &mut Answers) -> Result<Value, Fault> {
        if let Some(known) = answers.known.get(&self.key_text) {
            return known.clone();
        }
        let mut remember = |answer: &Result<Value, Fault>| {
            if *answer != Err(Fault::Cancelled) {
                answers.known.insert(self.key_text.clone(), answer.clone());
            }
        };
        let Some(shelf) = self.shelf else {
            let response = match self.request(self.options) {
                Ok(response) => response,
                Err((fault, is_kept)) => {
                    if is_kept {
                        remember(&Err(fault.clone()));
                    }
                    return Err(fault);
                }
            };
            let answer = Ok(self.forms()?.value(&response.status, response.code, &response.headers, &response.body));
            if cache::CACHEABLE.contains(&response.code) {
                remember(&answer);
            }
            return answer;
        };
        // Between decisions, every answer is remembered within this one.
        let forms = self.forms()?;
        match self.kept(shelf, forms).transpose() {
            Some(answer) => {
                remember(&answer);
                answer
            }
            None => {
                let response = match self.request(self.options) {
                    Ok(response) => response,
                    Err((fault, is_kept)) => {
                        if is_kept {
                            remember(&Err(fault.clone()));
                        }
                        return Err(fault);
                    }
                };
                let answer = Ok(forms.value(&response.status, response.code, &response.headers, &response.body));
                remember(&answer);
                if caching_mode(self.key).is_ok() {
                    self.keep(shelf, &response);
                }
                answer
            }
        }
    }

    /// Sends a request. A failure comes with whether it is remembered: those of reading an answer are not.
    fn request(&self, options: &Value) -> Result<Response, (Fault, bool)> {
        let request =
            options::read(options, self.call.allow_net, self.client.timeout).map_err(|fault| (fault, true))?;
        self.exchange(&request, options)
    }

    fn exchange(&self, request: &options::Request, options: &Value) -> Result<Response, (Fault, bool)> {
        let retries = options::retries(options).map_err(|fault| (fault, true))?;
        let client = self.client;
        let sender = Sender { proxies: &client.proxies, network: &client.network, most: client.body, call: self.call };
        sender.send(request, retries).map_err(|fault| {
            let is_kept = matches!(fault, Fault::Network { .. });
            (fault, is_kept)
        })
    }

    fn forms(&self) -> Result<Forms, Fault> {
        let json = options::flag(self.key, "force_json_decode")?;
        Ok(Forms { json, yaml: options::flag(self.key, "force_yaml_decode")? })
    }

    fn keep(&self, shelf: &Shelf, response: &Response) {
        if let Some(kept) = self.forced.keep(response, self.call.now_ns) {
            shelf.insert(&self.key_text, kept);
        }
    }

    /// The answer that was kept, if it is fresh or its server confirms it.
    fn kept(&self, shelf: &Shelf, forms: Forms) -> Result<Option<Value>, Fault> {
        let Some(mut kept) = shelf.get(&self.key_text) else { return Ok(None) };
        let value = |kept: &Kept| forms.value(&kept.status, kept.code, &kept.headers, &kept.body);
        if self.call.now_ns < kept.fresh_until {
            return Ok(Some(value(&kept)));
        }
        let confirmed = self.confirm(&kept);
        shelf.remove(&self.key_text);
        let Some(response) = confirmed? else { return Ok(None) };
        match response.code {
            200 => {
                let answer = forms.value(&response.status, response.code, &response.headers, &response.body);
                caching_mode(self.key)?;
                self.keep(shelf, &response);
                Ok(Some(answer))
            }
            304 => {
                for (name, values) in response.headers.iter() {
                    kept.headers.set_all(name, values.to_vec());
                }
                let renewed = self.forced.renew(&response.headers, self.call.now_ns);
                kept.fresh_until = renewed.ok_or_else(|| Fault::Bare("no date header".to_owned()))?;
                caching_mode(self.key)?;
                let answer = value(&kept);
                shelf.insert(&self.key_text, kept);
                Ok(Some(answer))
            }
            _ => Ok(None),
        }
    }

    /// Asks the server whether an answer still holds; none when there is nothing to ask by.
    fn confirm(&self, kept: &Kept) -> Result<Option<Response>, Fault> {
        let mut request = options::read(self.key, self.call.allow_net, self.client.timeout)?;
        let mut is_asked = false;
        for (told, asked) in [("Etag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")] {
            let told = kept.headers.get(told);
            if !told.is_empty() {
                request.headers.set(asked, told);
                is_asked = true;
            }
        }
        if !is_asked {
            return Ok(None);
        }
        self.exchange(&request, self.key).map(Some).map_err(|(fault, _)| fault)
    }
}

/// For how long `force_cache` keeps an answer.
fn forced(options: &Value) -> Result<Forced, Fault> {
    let Some(seconds) = options.get("force_cache_duration_seconds") else {
        let message = "'force_cache' set but 'force_cache_duration_seconds' parameter is missing";
        return Err(Fault::Failed(message.to_owned()));
    };
    let text = seconds.to_string();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Fault::Failed(format!("strconv.ParseInt: parsing {}: invalid syntax", quoted(&text))));
    }
    let range = || Fault::Failed(format!("strconv.ParseInt: parsing {}: value out of range", quoted(&text)));
    Ok(Forced { seconds: Some(text.parse().map_err(|_| range())?) })
}

/// Checks how answers are kept. OPA's two ways differ in speed and memory only; here they are one.
fn caching_mode(options: &Value) -> Result<(), Fault> {
    match options.get("caching_mode") {
        None => Ok(()),
        Some(Value::String(mode)) if matches!(mode.as_str(), "serialized" | "deserialized") => Ok(()),
        Some(Value::String(mode)) => {
            Err(Fault::Bare(format!("invalid value specified for \"caching_mode\" field: {mode}")))
        }
        Some(_) => Err(Fault::Bare("invalid value for \"caching_mode\" field".to_owned())),
    }
}
