//! Requests as Go's client writes them, made for hyper to send, and the beginnings of answers as Go's client gives them to OPA.

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, Uri, Version};

use super::broken;
use super::fault::{Interruption, quoted};
use super::headers::{self, Headers};
use super::link::GO_USER_AGENT;

/// What Go's client calls itself over HTTP/2.
const GO_USER_AGENT_2: &str = "Go-http-client/2.0";

/// Fields of a request that are the client's to say.
const OWN: [&str; 5] = ["Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Trailer"];

/// Fields about the connection, which HTTP/2 does not have.
const ABOUT_CONNECTION: [&str; 4] = ["Connection", "Proxy-Connection", "Upgrade", "Keep-Alive"];

/// A message to send.
pub(super) struct Outgoing<'a> {
    pub(super) method: &'a str,
    pub(super) scheme: &'a str,
    /// What the request line asks for.
    pub(super) target: String,
    pub(super) host: &'a str,
    pub(super) headers: &'a Headers,
    /// Fields of the client's own, which follow those of the caller.
    pub(super) extra: Headers,
    pub(super) body: &'a [u8],
}

impl Outgoing<'_> {
    /// Whether all parts are such as a request can have.
    ///
    /// # Errors
    ///
    /// When a header field has a name or a value that none can have, or the target does.
    pub(super) fn check(&self) -> Result<(), Interruption> {
        for (name, values) in self.headers.iter() {
            if !headers::is_token(name) {
                return Err(format!("net/http: invalid header field name {}", quoted(name)).into());
            }
            if !values.iter().all(|value| headers::is_value(value)) {
                return Err(format!("net/http: invalid header field value for {}", quoted(name)).into());
            }
        }
        if self.target.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return Err("net/http: can't write control character in Request.URL".into());
        }
        Ok(())
    }

    /// Whether a server may be asked it again after a connection broke (RFC 9110, section 9.2.2, as Go's client reads it).
    pub(super) fn is_replayable(&self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
            || self.headers.has("Idempotency-Key")
            || self.headers.has("X-Idempotency-Key")
    }

    /// The message for hyper.
    ///
    /// # Errors
    ///
    /// When something in it is too long, or a host is none.
    pub(super) fn request(&self, is_http2: bool) -> Result<Request<Full<Bytes>>, Interruption> {
        let mut request = Request::new(Full::new(Bytes::copy_from_slice(self.body)));
        *request.method_mut() = Method::from_bytes(self.method.as_bytes()).map_err(|error| error.to_string())?;
        *request.uri_mut() = if is_http2 {
            uri(&format!("{}://{}{}", self.scheme, self.host, self.target))?
        } else {
            uri(&self.target)?
        };
        if is_http2 {
            self.check_connection()?;
            *request.version_mut() = Version::HTTP_2;
        }
        self.write_fields(request.headers_mut(), is_http2)?;
        Ok(request)
    }

    /// Whether the fields about the connection ask for nothing that HTTP/2 does not have.
    fn check_connection(&self) -> Result<(), Interruption> {
        const HARMLESS: [(&str, &[&str]); 3] = [
            ("Upgrade", &["", "chunked"]),
            ("Transfer-Encoding", &["", "chunked"]),
            ("Connection", &["", "close", "keep-alive"]),
        ];
        for (name, harmless) in HARMLESS {
            let values = self.headers.values(name);
            if !values.iter().all(|value| harmless.contains(&value.to_ascii_lowercase().as_str())) {
                return Err(format!("http2: invalid {name} request header: {}", list(values)).into());
            }
        }
        Ok(())
    }

    fn write_fields(&self, fields: &mut HeaderMap, is_http2: bool) -> Result<(), Interruption> {
        if !is_http2 {
            add(fields, "Host", self.host)?;
        }
        let usual = if is_http2 { GO_USER_AGENT_2 } else { GO_USER_AGENT };
        let agent = if self.headers.has("User-Agent") { self.headers.get("User-Agent") } else { usual };
        if !agent.is_empty() {
            add(fields, "User-Agent", agent)?;
        }
        if !self.body.is_empty() || matches!(self.method, "POST" | "PUT" | "PATCH") {
            add(fields, "Content-Length", &self.body.len().to_string())?;
        }
        let given = self.headers.iter().filter(|(name, _)| !OWN.contains(name));
        for (name, values) in given.chain(self.extra.iter()) {
            if is_http2 && ABOUT_CONNECTION.contains(&name) {
                continue;
            }
            for value in values {
                // Over HTTP/2 each cookie is a field (RFC 9113, section 8.2.3).
                let separator = if is_http2 && name == "Cookie" { ';' } else { '\n' };
                for part in value.split(separator) {
                    add(fields, name, part)?;
                }
            }
        }
        Ok(())
    }
}

fn add(fields: &mut HeaderMap, name: &str, value: &str) -> Result<(), Interruption> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
    let value = HeaderValue::from_bytes(trim(value).as_bytes()).map_err(|error| error.to_string())?;
    fields.try_append(name, value).map_err(|error| error.to_string())?;
    Ok(())
}

/// What a request asks for. Go writes a query as the policy does; what no query can have (blanks and angle brackets) is percent-encoded here,
/// because servers refuse it otherwise.
fn uri(text: &str) -> Result<Uri, Interruption> {
    if let Ok(uri) = text.parse() {
        return Ok(uri);
    }
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded.parse().map_err(|error| Interruption::Other(format!("net/http: request target: {error}")))
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// The beginning of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// The code and its text, as the server wrote them.
    pub(super) status: String,
    pub(super) code: u16,
    pub(super) headers: Headers,
}

impl Head {
    /// # Errors
    ///
    /// What Go's client does not take, in its words.
    pub(super) fn new(status: String, response: &Response<Incoming>) -> Result<Self, Interruption> {
        let mut headers = Headers::default();
        for (name, value) in response.headers() {
            headers.add(name.as_str(), trim(&String::from_utf8_lossy(value.as_bytes())));
        }
        if response.version() == Version::HTTP_2 {
            headers.remove("Trailer");
        } else {
            settle(&mut headers, response.version() == Version::HTTP_11).map_err(|why| broken::told(&why))?;
        }
        Ok(Self { status, code: response.status().as_u16(), headers })
    }
}

/// Takes out of the header of an answer over HTTP/1 what Go's client takes out: what was about the connection and the form of the body.
///
/// # Errors
///
/// What it does not take, in its words.
pub(super) fn settle(headers: &mut Headers, is_newer: bool) -> Result<(), String> {
    if headers.get("Pragma") == "no-cache" && !headers.has("Cache-Control") {
        headers.set("Cache-Control", "no-cache");
    }
    let says_close = |value: &String| value.split(',').any(|token| trim(token).eq_ignore_ascii_case("close"));
    if is_newer && headers.values("Connection").iter().any(says_close) {
        headers.remove("Connection");
    }
    let encodings = headers.remove("Transfer-Encoding").unwrap_or_default();
    let is_chunked = match (is_newer, encodings.as_slice()) {
        (false, _) | (_, []) => false,
        (_, [only]) if only.eq_ignore_ascii_case("chunked") => true,
        (_, [only]) => return Err(format!("unsupported transfer encoding: {}", quoted(only))),
        (_, several) => return Err(format!("too many transfer encodings: {}", list(several))),
    };
    if is_chunked {
        headers.remove("Content-Length");
        headers.remove("Trailer");
        return Ok(());
    }
    let lengths = headers.values("Content-Length").to_vec();
    let Some((first, others)) = lengths.split_first() else { return Ok(()) };
    if others.iter().any(|other| trim(other) != trim(first)) {
        return Err(format!("http: message cannot contain multiple Content-Length headers; got {}", list(&lengths)));
    }
    let text = trim(first);
    let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if !digits || text.parse::<i64>().is_err() {
        return Err(format!("bad Content-Length {}", quoted(text)));
    }
    headers.set_all("Content-Length", vec![first.clone()]);
    Ok(())
}

/// Texts as Go's verb `%q` shows a list of them.
fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::{Headers, settle, uri};

    #[test]
    fn targets_are_encoded_only_where_they_must_be() {
        let text = |target: &str| uri(target).map(|uri| uri.to_string());
        assert_eq!(text("/a%2f?b|c{}^`\\'é"), Ok("/a%2f?b|c{}^`\\'é".to_owned()));
        assert_eq!(text("/?a b<c>"), Ok("/?a%20b%3Cc%3E".to_owned()));
        assert!(uri(&format!("/{}", "x".repeat(70_000))).is_err());
    }

    #[test]
    fn what_is_about_the_connection_is_taken_out() {
        let settled = |fields: &[(&str, &str)]| {
            let mut headers = Headers::default();
            for (name, value) in fields {
                headers.add(name, *value);
            }
            settle(&mut headers, true).map(|()| headers.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>())
        };
        let left = settled(&[("Connection", "x, Close"), ("Pragma", "no-cache"), ("A", "b")]);
        assert_eq!(left, Ok(["A", "Cache-Control", "Pragma"].map(str::to_owned).to_vec()));
        let chunked = settled(&[("Transfer-Encoding", "Chunked"), ("Content-Length", "x"), ("Trailer", "y")]);
        assert_eq!(chunked, Ok(Vec::new()));
        assert_eq!(settled(&[("Content-Length", "+1")]), Err("bad Content-Length \"+1\"".to_owned()));
        let other = settled(&[("Transfer-Encoding", "gzip")]);
        assert_eq!(other, Err("unsupported transfer encoding: \"gzip\"".to_owned()));
    }
}
