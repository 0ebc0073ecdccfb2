//! The options of a request: which there are, what they must be, and OPA's words where they are not.

use std::time::Duration;

use regoc_abi::http::REQUEST_OPTIONS;

use super::convert;
use super::fault::{Fault, quoted};
use super::headers::{self, Headers};
use super::tls::{self, TlsOptions};
use super::url::Url;
use crate::value::Value;

/// The options that are strings and nothing else.
const TEXTS: &[&str] = &[
    "method",
    "raw_body",
    "tls_ca_cert",
    "tls_ca_cert_env_variable",
    "tls_ca_cert_file",
    "tls_client_cert",
    "tls_client_cert_env_variable",
    "tls_client_cert_file",
    "tls_client_key",
    "tls_client_key_env_variable",
    "tls_client_key_file",
    "tls_server_name",
    "url",
];

/// What `http.send` was asked to send.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: Url,
    /// The socket to connect to instead of the host of the URL.
    pub(super) socket: Option<String>,
    /// By canonical names; without `Host`.
    pub(super) headers: Headers,
    /// The host to name instead of that of the URL.
    pub(super) host: Option<String>,
    pub(super) body: Vec<u8>,
    pub(super) tls: TlsOptions,
    /// For each attempt; none is no limit.
    pub(super) timeout: Option<Duration>,
    pub(super) follow_redirects: bool,
}

impl Request {
    /// Whether OPA makes a client for this request alone, whose connections carry no other one.
    pub(super) fn gets_own_client(&self) -> bool {
        self.socket.is_some() || self.tls.is_set()
    }
}

/// Whether failures are raised.
///
/// # Errors
///
/// When the option is no boolean.
pub(super) fn raises_errors(options: &Value) -> Result<bool, Fault> {
    match options.get("raise_error") {
        None => Ok(true),
        Some(Value::Boolean(raise)) => Ok(*raise),
        Some(_) => Err(Fault::Failed("invalid value for raise_error field".to_owned())),
    }
}

/// Checks the names of the options.
///
/// # Errors
///
/// When one is not known, or one that is needed is missing.
pub(super) fn check_names(options: &Value) -> Result<(), Fault> {
    let Value::Object(entries) = options else { return Ok(()) };
    let known = |key: &Value| key.as_str().is_some_and(|key| REQUEST_OPTIONS.contains(&key));
    let unknown: Vec<Value> = entries.iter().map(|(key, _)| key).filter(|key| !known(key)).cloned().collect();
    if !unknown.is_empty() {
        return Err(Fault::Operand(format!("operand 1 invalid request parameters(s): {}", Value::Set(unknown))));
    }
    let missing: Vec<Value> =
        ["method", "url"].into_iter().filter(|key| options.get(key).is_none()).map(Value::from).collect();
    if !missing.is_empty() {
        return Err(Fault::Operand(format!(
            "operand 1 missing required request parameters(s): {}",
            Value::Set(missing)
        )));
    }
    Ok(())
}

/// A boolean, false if it is not there.
///
/// # Errors
///
/// When it is something else.
pub(super) fn flag(options: &Value, name: &str) -> Result<bool, Fault> {
    match options.get(name) {
        None => Ok(false),
        Some(Value::Boolean(value)) => Ok(*value),
        Some(_) => Err(Fault::Failed(format!("invalid value for {} field", quoted(name)))),
    }
}

/// How often a request that failed is sent again.
///
/// # Errors
///
/// When it is no integer from 0.
pub(super) fn retries(options: &Value) -> Result<u64, Fault> {
    match options.get("max_retry_attempts") {
        None => Ok(0),
        Some(value) => {
            let wrong = || Fault::Bare(format!("invalid value {value} for field \"max_retry_attempts\""));
            value.as_i64().and_then(|count| u64::try_from(count).ok()).ok_or_else(wrong)
        }
    }
}

/// The host that a URL names, as `allow_net` lists it.
///
/// # Errors
///
/// When it is not allowed.
pub(super) fn check_host(host: &str, allowed: Option<&[String]>) -> Result<(), String> {
    let Some(allowed) = allowed else { return Ok(()) };
    let name = host.split(':').next().unwrap_or_default();
    if allowed.iter().any(|host| host == name) { Ok(()) } else { Err(format!("disallowed host: {name}")) }
}

/// A text without the quotes around it, as OPA takes all texts of a request.
fn unquoted(text: &[u8]) -> &[u8] {
    let is_other = |byte: &u8| *byte != b'"';
    let start = text.iter().position(is_other).unwrap_or(text.len());
    let end = text.iter().rposition(is_other).map_or(start, |last| last + 1);
    text.get(start..end).unwrap_or_default()
}

/// Reads the options in OPA's order, which is that of their names.
///
/// # Errors
///
/// The first option that is wrong.
pub(super) fn read(options: &Value, allowed: Option<&[String]>, usual_timeout: Duration) -> Result<Request, Fault> {
    let Value::Object(entries) = options else { return Err(Fault::Failed("the request is no object".to_owned())) };
    let mut written = Written { timeout: Some(usual_timeout), ..Written::default() };
    for (key, value) in entries {
        let name = key.as_str().unwrap_or_default();
        let text = value.as_str().map(|text| text.trim_matches('"'));
        if text.is_none() && TEXTS.contains(&name) {
            return Err(Fault::Failed(format!("{} must be a string", quoted(name))));
        }
        written.read(name, value, text.unwrap_or_default(), allowed)?;
    }
    written.finish()
}

/// The options as they were written.
#[derive(Default)]
struct Written<'a> {
    method: String,
    url: &'a str,
    body: Vec<u8>,
    headers: Vec<(String, Value)>,
    timeout: Option<Duration>,
    follow_redirects: bool,
    tls: tls::Sources<'a>,
}

impl<'a> Written<'a> {
    fn read(&mut self, name: &str, value: &Value, text: &'a str, allowed: Option<&[String]>) -> Result<(), Fault> {
        match name {
            "method" => self.method = text.to_uppercase(),
            "url" => {
                if allowed.is_some() {
                    let url = Url::parse(text).map_err(Fault::Failed)?;
                    check_host(&url.host, allowed).map_err(Fault::Failed)?;
                }
                self.url = text;
            }
            "enable_redirect" => self.follow_redirects = boolean(value)?,
            "body" => self.body = convert::json_text(value),
            // Behind `body` in the order of names, so that it replaces it.
            "raw_body" => self.body = unquoted(value.as_bytes().unwrap_or_default()).to_vec(),
            "headers" => self.headers = fields(value)?,
            "timeout" => self.timeout = timeout(value)?,
            "tls_use_system_certs" => self.tls.system_roots = boolean(value)?,
            "tls_insecure_skip_verify" => self.tls.insecure = boolean(value)?,
            "tls_server_name" => self.tls.server_name = text,
            "tls_ca_cert" => self.tls.roots = text,
            "tls_ca_cert_file" => self.tls.roots_file = text,
            "tls_ca_cert_env_variable" => self.tls.roots_variable = text,
            "tls_client_cert" => self.tls.certificate = text,
            "tls_client_cert_file" => self.tls.certificate_file = text,
            "tls_client_cert_env_variable" => self.tls.certificate_variable = text,
            "tls_client_key" => self.tls.key = text,
            "tls_client_key_file" => self.tls.key_file = text,
            "tls_client_key_env_variable" => self.tls.key_variable = text,
            // The rest is about what happens around the request.
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Request, Fault> {
        let mut tls = self.tls.load().map_err(Fault::Failed)?;
        let mut named: Vec<(String, Value)> = Vec::new();
        for (name, value) in self.headers {
            let name = headers::canonical(&name);
            named.retain(|(known, _)| *known != name);
            named.push((name, value));
        }
        let host = named.iter().find(|(name, _)| name == "Host").map(|(_, value)| value.clone());
        if let (None, Some(Value::String(host))) = (&tls.server_name, &host) {
            tls.server_name = Some(host.clone());
        }
        let (socket, url) = unix_socket(self.url);
        let method = if self.method.is_empty() { "GET".to_owned() } else { self.method };
        if !headers::is_token(&method) {
            return Err(Fault::Failed(format!("net/http: invalid method {}", quoted(&method))));
        }
        let mut url = Url::parse(url.as_deref().unwrap_or(self.url)).map_err(Fault::Failed)?;
        url.remove_empty_port();
        let mut headers = Headers::default();
        let any = !named.is_empty();
        for (name, value) in named {
            let Value::String(text) = value else {
                return Err(Fault::Failed(format!("invalid type for headers value {}", convert::go_quoted(&value))));
            };
            headers.add(&name, text);
        }
        let host = headers.remove("Host").and_then(|values| values.into_iter().next());
        if any && !headers.has("User-Agent") {
            headers.add("User-Agent", super::USER_AGENT);
        }
        let (body, timeout, follow_redirects) = (self.body, self.timeout, self.follow_redirects);
        Ok(Request { method, url, socket, headers, host, body, tls, timeout, follow_redirects })
    }
}

/// A boolean as Go reads it from the text of a value: `1` is one, `"true"` with its quotes is none.
fn boolean(value: &Value) -> Result<bool, Fault> {
    let text = value.to_string();
    match text.as_str() {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(Fault::Failed(format!("strconv.ParseBool: parsing {}: invalid syntax", quoted(&text)))),
    }
}

/// The header fields: an object, whose keys are JSON's.
fn fields(value: &Value) -> Result<Vec<(String, Value)>, Fault> {
    let Value::Object(entries) = value else { return Err(Fault::Failed("invalid type for headers key".to_owned())) };
    let name = |key: &Value| key.as_str().map_or_else(|| key.to_text(), str::to_owned);
    Ok(entries.iter().map(|(key, value)| (name(key), value.clone())).collect())
}

/// Nanoseconds, or a duration as Go writes it. Nothing and less is no limit.
fn timeout(value: &Value) -> Result<Option<Duration>, Fault> {
    let nanoseconds = match value {
        Value::Number(text) => {
            text.parse().map_err(|_| Fault::Failed(format!("invalid timeout number value {text}, must be int64")))?
        }
        Value::String(text) => match text.parse::<i64>() {
            Ok(number) => number,
            Err(_) => convert::duration(text)
                .map_err(|why| Fault::Failed(format!("invalid timeout value {}: {why}", quoted(text))))?,
        },
        other => {
            let message =
                format!("operand 1 'timeout' must be one of {{string, number}} but got {}", other.type_name());
            return Err(Fault::Operand(message));
        }
    };
    Ok(u64::try_from(nanoseconds).ok().filter(|time| *time > 0).map(Duration::from_nanos))
}

/// The socket that a URL such as `unix://localhost/path?socket=%2Ftmp%2Fs` names, and the URL to ask for through it.
fn unix_socket(text: &str) -> (Option<String>, Option<String>) {
    let Ok(url) = Url::parse(text) else { return (None, None) };
    if url.scheme != "unix" || url.query().is_empty() {
        return (None, None);
    }
    let Some((socket, query)) = convert::take_from_query(&url.query(), "socket") else { return (None, None) };
    (Some(socket), Some(url.with_http_and_query(&query).with_password()))
}
