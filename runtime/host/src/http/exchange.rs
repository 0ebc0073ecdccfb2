//! Sends a request and gets its answer, as Go's `http.Client` does: redirects, credentials, compression, time limits, and OPA's retries.

use std::io::{self, Read};
use std::thread;
use std::time::{Duration, Instant};

use flate2::read::MultiGzDecoder;

use super::connect::Route;
use super::fault::{Fault, Interruption, quoted};
use super::headers::Headers;
use super::link;
use super::message::{Head, Outgoing};
use super::network::{Answer, Network};
use super::options::{self, Request};
use super::proxy::Proxies;
use super::url::{self, Url};
use crate::call::Call;

/// How many redirects are followed where no time limit ends a circle of them. OPA has no such number.
const MOST_REDIRECTS: usize = 10_000;

/// What a server answered.
pub(super) struct Response {
    pub(super) status: String,
    pub(super) code: u16,
    pub(super) headers: Headers,
    pub(super) body: Vec<u8>,
}

/// What requests are sent with.
pub(super) struct Sender<'a> {
    pub(super) proxies: &'a Proxies,
    pub(super) network: &'a Network,
    /// How large a body may be, in bytes, after it was decompressed.
    pub(super) most: usize,
    pub(super) call: &'a Call<'a>,
}

/// One request on the way to the last one of a chain of redirects.
struct Hop {
    method: String,
    url: Url,
    host: Option<String>,
    headers: Headers,
    has_body: bool,
    /// Whether a redirect has dropped the body, and what is said about it.
    drops_body: bool,
}

/// What may not be done twice with the request of a policy, since Go's client does not.
#[derive(Default)]
struct Consumed {
    body: bool,
}

impl Sender<'_> {
    /// Sends a request, and sends it again as often as it may be when that fails.
    ///
    /// # Errors
    ///
    /// The failure of the last attempt; or that the answer could not be read, which is not tried again.
    pub(super) fn send(&self, request: &Request, retries: u64) -> Result<Response, Fault> {
        let mut consumed = Consumed::default();
        let mut attempt = 0;
        loop {
            match self.attempt(request, &mut consumed) {
                Err(fault @ Fault::Network { .. }) if attempt < retries => {
                    self.wait(backoff(attempt), fault)?;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    /// Waits, but not beyond the end of the decision.
    fn wait(&self, time: Duration, fault: Fault) -> Result<(), Fault> {
        match self.call.deadline {
            Some(deadline) => {
                thread::sleep(time.min(deadline.saturating_duration_since(Instant::now())));
                if self.call.is_over() { Err(Fault::Cancelled) } else { Ok(()) }
            }
            None => {
                thread::sleep(time);
                drop(fault);
                Ok(())
            }
        }
    }

    fn attempt(&self, request: &Request, consumed: &mut Consumed) -> Result<Response, Fault> {
        let timeout = request.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let deadline = [timeout, self.call.deadline].into_iter().flatten().min();
        let mut hop = Hop {
            method: request.method.clone(),
            url: request.url.clone(),
            host: request.host.clone(),
            headers: request.headers.clone(),
            has_body: !request.body.is_empty(),
            drops_body: false,
        };
        let mut strips_credentials = false;
        for count in 0_usize.. {
            let network = |url: String, why: Interruption| self.network(request, url, why);
            if count > MOST_REDIRECTS && deadline.is_none() {
                let why = format!("stopped after {MOST_REDIRECTS} redirects");
                return Err(network(hop.url.without_password(), why.into()));
            }
            let body = if !hop.has_body {
                &[]
            } else if count == 0 && consumed.body {
                // The first attempt has used it up, which Go's client finds out when it has connected.
                let length = request.body.len();
                self.route(request, &hop, deadline)
                    .and_then(|route| self.network.connect(&route))
                    .map_err(|why| network(hop.url.without_password(), why))?;
                let why = format!("http: ContentLength={length} with Body length 0");
                return Err(network(hop.url.without_password(), why.into()));
            } else {
                request.body.as_slice()
            };
            let (head, read_body) = self
                .exchange(request, &hop, body, deadline, consumed)
                .map_err(|why| network(hop.url.without_password(), why))?;
            match self.next_hop(request, &hop, &head, &mut strips_credentials)? {
                Some(next) => hop = next,
                None => return self.response(head, read_body),
            }
        }
        Err(Fault::Failed("too many redirects".to_owned()))
    }

    fn network(&self, request: &Request, url: String, why: Interruption) -> Fault {
        if self.call.is_over() {
            return Fault::Cancelled;
        }
        let is_whole = why == Interruption::TimedOut;
        let timed_out = is_whole || matches!(why, Interruption::PartTimedOut(_));
        let mut why = why.text();
        if is_whole {
            why += " (Client.Timeout exceeded while awaiting headers)";
        }
        let mut letters = request.method.chars();
        let operation = letters.next().into_iter().chain(letters.as_str().to_lowercase().chars()).collect();
        Fault::Network { operation, url, why, timed_out }
    }

    /// The answer, if its body could be read.
    fn response(&self, head: Head, body: Result<Vec<u8>, Interruption>) -> Result<Response, Fault> {
        let body = body.map_err(|why| match why {
            _ if self.call.is_over() => Fault::Cancelled,
            Interruption::TimedOut => {
                let what = "(Client.Timeout or context cancellation while reading body)";
                Fault::Failed(format!("{} {what}", Interruption::TimedOut.text()))
            }
            other => Fault::Failed(other.text()),
        })?;
        Ok(Response { status: head.status, code: head.code, headers: head.headers, body })
    }

    /// The request that a redirect asks for; none when the answer is the last one.
    fn next_hop(
        &self,
        request: &Request,
        hop: &Hop,
        head: &Head,
        strips_credentials: &mut bool,
    ) -> Result<Option<Hop>, Fault> {
        let (method, drops_body) = match head.code {
            301..=303 if matches!(hop.method.as_str(), "GET" | "HEAD") => (hop.method.as_str(), true),
            301..=303 => ("GET", true),
            307 | 308 => (hop.method.as_str(), hop.drops_body),
            _ => return Ok(None),
        };
        let location = head.headers.get("Location");
        if location.is_empty() {
            return Ok(None);
        }
        let here = || hop.url.without_password();
        let url = hop.url.join(location).map_err(|why| {
            let why = format!("failed to parse Location header {}: {why}", quoted(location));
            self.network(request, here(), why.into())
        })?;
        if !request.follow_redirects {
            return Ok(None);
        }
        options::check_host(&url.host, self.call.allow_net)
            .map_err(|why| self.network(request, location.to_owned(), why.into()))?;
        let is_relative = Url::parse(location).is_ok_and(|location| !location.is_absolute());
        let host = hop.host.clone().filter(|host| *host != hop.url.host && is_relative);
        if request.url.host != url.host && !is_same_site(url.hostname(), request.url.hostname()) {
            *strips_credentials = true;
        }
        let mut headers = copied(&request.headers, *strips_credentials, drops_body);
        if let Some(referer) = referer(&hop.url, &url, headers.get("Referer")) {
            headers.set("Referer", referer);
        }
        let has_body = hop.has_body && !drops_body;
        Ok(Some(Hop { method: method.to_owned(), url, host, headers, has_body, drops_body }))
    }

    /// How to reach the server of a request.
    fn route<'a>(
        &'a self,
        request: &'a Request,
        hop: &'a Hop,
        deadline: Option<Instant>,
    ) -> Result<Route<'a>, Interruption> {
        if !matches!(hop.url.scheme.as_str(), "http" | "https") {
            return Err(format!("unsupported protocol scheme {}", quoted(&hop.url.scheme)).into());
        }
        if hop.url.host.is_empty() {
            return Err("http: no Host in request URL".into());
        }
        let proxy = if request.socket.is_some() { None } else { self.proxies.of(&hop.url)? };
        Ok(Route { url: &hop.url, socket: request.socket.as_deref(), proxy, tls: &request.tls, deadline })
    }

    /// Sends one request, and reads the answer to it: its beginning, and its body or why that could not be read.
    fn exchange(
        &self,
        request: &Request,
        hop: &Hop,
        body: &[u8],
        deadline: Option<Instant>,
        consumed: &mut Consumed,
    ) -> Result<Answer, Interruption> {
        let host = url::named_host(hop.host.as_ref().unwrap_or(&hop.url.host));
        let is_named = host.is_some();
        // A server may be asked without a name, a proxy may not.
        let host = host.unwrap_or_default();
        let mut headers = hop.headers.clone();
        if let Some(user) = hop.url.user.as_ref().filter(|_| headers.get("Authorization").is_empty()) {
            headers.set("Authorization", user.basic_authorization());
        }
        let mut message = Outgoing {
            method: &hop.method,
            scheme: &hop.url.scheme,
            target: hop.url.request_uri(),
            host: &host,
            headers: &headers,
            extra: Headers::default(),
            body,
        };
        message.check()?;
        let unpacks = !headers.has("Accept-Encoding") && !headers.has("Range") && hop.method != "HEAD";
        if unpacks {
            message.extra.set("Accept-Encoding", "gzip");
        }
        let route = self.route(request, hop, deadline)?;
        if request.gets_own_client() && !headers.get("Connection").eq_ignore_ascii_case("close") {
            message.extra.set("Connection", "close");
        }
        if route.tells_proxy() {
            if !is_named {
                return Err("http: invalid Host header".into());
            }
            message.target = format!("{}://{host}{}", hop.url.scheme, message.target);
            if let Some(user) = route.proxy.and_then(|proxy| proxy.user.as_ref()) {
                message.extra.set("Proxy-Authorization", user.basic_authorization());
            }
        }
        let (mut head, mut body) = self.network.exchange(&route, &message, self.most, &mut consumed.body)?;
        let is_packed = head.headers.get("Content-Encoding").eq_ignore_ascii_case("gzip")
            && head.headers.get("Content-Length") != "0";
        if unpacks && is_packed && hop.method != "HEAD" {
            head.headers.remove("Content-Encoding");
            head.headers.remove("Content-Length");
            body = body.and_then(|body| unpack(&body, self.most));
        }
        Ok((head, body))
    }
}

/// The headers of the first request that a redirect takes along.
fn copied(headers: &Headers, strips_credentials: bool, drops_body: bool) -> Headers {
    const CREDENTIALS: [&str; 6] =
        ["Authorization", "Www-Authenticate", "Cookie", "Cookie2", "Proxy-Authorization", "Proxy-Authenticate"];
    const ABOUT_BODY: [&str; 4] = ["Content-Encoding", "Content-Language", "Content-Location", "Content-Type"];
    let mut headers = headers.clone();
    for name in CREDENTIALS.iter().filter(|_| strips_credentials) {
        headers.remove(name);
    }
    for name in ABOUT_BODY.iter().filter(|_| drops_body) {
        headers.remove(name);
    }
    headers
}

/// Where a redirect came from; nothing where that must not be told.
fn referer(last: &Url, next: &Url, explicit: &str) -> Option<String> {
    if last.scheme == "https" && next.scheme == "http" {
        return None;
    }
    Some(if explicit.is_empty() { last.without_user() } else { explicit.to_owned() })
}

/// Whether a host is another one or lies below it.
fn is_same_site(host: &str, other: &str) -> bool {
    host == other || (!host.contains([':', '%']) && host.strip_suffix(other).is_some_and(|below| below.ends_with('.')))
}

/// How long OPA waits after a failure: not at all after the first, then from about a tenth of a second up to a minute. (OPA draws a fifth more or
/// less, so that clients do not keep step; the clock does here.)
fn backoff(failures: u64) -> Duration {
    if failures == 0 {
        return Duration::ZERO;
    }
    let doubled = 0.1 * 1.6_f64.powi(i32::try_from(failures).unwrap_or(i32::MAX));
    let nanoseconds =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |time| time.subsec_nanos());
    let spread = 0.8 + 0.4 * f64::from(nanoseconds % 1000) / 1000.0;
    Duration::from_secs_f64(doubled.min(60.0) * spread)
}

/// What was packed with gzip, in Go's words when it was not.
fn unpack(packed: &[u8], most: usize) -> Result<Vec<u8>, Interruption> {
    let mut body = Vec::new();
    if packed.is_empty() {
        return Ok(body);
    }
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    match MultiGzDecoder::new(packed).take(limit).read_to_end(&mut body) {
        Ok(count) if count > most => Err(link::too_large(most)),
        Ok(_) => Ok(body),
        Err(error) => Err(match error.kind() {
            io::ErrorKind::UnexpectedEof => "unexpected EOF",
            _ if error.to_string().contains("header") => "gzip: invalid header",
            _ if error.to_string().contains("checksum") => "gzip: invalid checksum",
            _ => "flate: corrupt input",
        }
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{backoff, is_same_site, unpack};

    #[test]
    fn sites() {
        assert!(is_same_site("a.example", "a.example") && is_same_site("x.a.example", "a.example"));
        assert!(!is_same_site("xa.example", "a.example") && !is_same_site("a.example", "x.a.example"));
        assert!(!is_same_site("::1%.a.example", "a.example"));
    }

    #[test]
    fn waiting_grows_up_to_a_minute() {
        assert_eq!(backoff(0), Duration::ZERO);
        assert!((Duration::from_millis(128)..=Duration::from_millis(192)).contains(&backoff(1)));
        assert!((Duration::from_secs(48)..=Duration::from_secs(72)).contains(&backoff(1000)));
    }

    #[test]
    fn what_is_not_packed_is_told() {
        let message = |packed: &[u8]| unpack(packed, 10).err().map(|why| why.text());
        assert_eq!(message(b"hi").as_deref(), Some("unexpected EOF"));
        assert_eq!(message(b"hello hello hello").as_deref(), Some("gzip: invalid header"));
        assert_eq!(message(b""), None);
    }
}
