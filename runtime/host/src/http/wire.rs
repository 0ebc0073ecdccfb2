//! HTTP/1.1 on the wire: requests as Go's client writes them, and responses as it reads them (`net/http`, Go 1.26), faults in its words.

use std::io::Read;

use super::dial::Stream;
use super::fault::{Interruption, quoted};
use super::headers::{self, Headers};

/// What Go's client calls itself where a policy sets no header.
pub(super) const GO_USER_AGENT: &str = "Go-http-client/1.1";

/// How much a response may be, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// The status line and the header fields.
    pub(super) header: usize,
    /// The body, after it was decompressed.
    pub(super) body: usize,
}

impl Bounds {
    /// What Go's client takes for the header.
    pub(super) const USUAL_HEADER: usize = 10 << 20;
}

/// A message to send.
pub(super) struct Outgoing<'a> {
    pub(super) method: &'a str,
    /// What the request line asks for.
    pub(super) target: &'a str,
    pub(super) host: &'a str,
    pub(super) headers: &'a Headers,
    /// Fields of the client's own, which follow those of the caller.
    pub(super) extra: &'a Headers,
    pub(super) body: &'a [u8],
}

impl Outgoing<'_> {
    /// The bytes to send.
    ///
    /// # Errors
    ///
    /// When a header field has a name or a value that none can have.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Interruption> {
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
        let mut text = format!("{} {} HTTP/1.1\r\nHost: {}\r\n", self.method, self.target, self.host);
        let agent = if self.headers.has("User-Agent") { self.headers.get("User-Agent") } else { GO_USER_AGENT };
        if !agent.is_empty() {
            text += &format!("User-Agent: {}\r\n", trim(agent));
        }
        if !self.body.is_empty() || matches!(self.method, "POST" | "PUT" | "PATCH") {
            text += &format!("Content-Length: {}\r\n", self.body.len());
        }
        // These are the client's to say.
        const OWN: [&str; 5] = ["Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Trailer"];
        let mut rest = self.headers.clone();
        for name in OWN {
            rest.remove(name);
        }
        write_fields(&mut text, &rest);
        write_fields(&mut text, self.extra);
        text += "\r\n";
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(self.body);
        Ok(bytes)
    }
}

/// Writes header fields in the order of their names.
pub(super) fn write_fields(text: &mut String, fields: &Headers) {
    for (name, values) in fields.iter() {
        for value in values {
            *text += &format!("{name}: {}\r\n", trim(value));
        }
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// The beginning of a response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// The code and its text, as the server wrote them.
    pub(super) status: String,
    pub(super) code: u16,
    pub(super) headers: Headers,
    length: Length,
}

/// How long a body is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Length {
    #[default]
    None,
    Known(u64),
    Chunked,
    UntilEnd,
}

/// Reads a response from a stream.
pub(super) struct Reader<'a> {
    stream: &'a mut Box<dyn Stream>,
    buffer: Vec<u8>,
    /// How much of the buffer was taken.
    at: usize,
    bounds: Bounds,
}

impl<'a> Reader<'a> {
    pub(super) fn new(stream: &'a mut Box<dyn Stream>, bounds: Bounds) -> Self {
        Self { stream, buffer: Vec::new(), at: 0, bounds }
    }

    /// Reads up to the body. Informational responses in front of it are passed over.
    ///
    /// # Errors
    ///
    /// What is wrong, in Go's words; [`Interruption::Ended`] when the server sent nothing at all.
    pub(super) fn head(&mut self, method: &str) -> Result<Head, Interruption> {
        let mut left = self.bounds.header;
        if self.peek()?.is_none() {
            return Err(Interruption::Ended);
        }
        loop {
            let broken = |why: Interruption| match why {
                Interruption::Ended => "net/http: HTTP/1.x transport connection broken: unexpected EOF".into(),
                Interruption::TimedOut => Interruption::TimedOut,
                Interruption::Other(why) if why.starts_with("net/http: server response headers") => why.into(),
                Interruption::Other(why) => format!("net/http: HTTP/1.x transport connection broken: {why}").into(),
            };
            let head = self.one_head(method, &mut left).map_err(broken)?;
            if !(100..200).contains(&head.code) || head.code == 101 {
                return Ok(head);
            }
        }
    }

    fn one_head(&mut self, method: &str, left: &mut usize) -> Result<Head, Interruption> {
        let line = self.line(left)?;
        let malformed = || Interruption::Other(format!("malformed HTTP response {}", quoted(&line)));
        let (protocol, status) = line.split_once(' ').ok_or_else(malformed)?;
        let status = status.trim_start_matches(' ').to_owned();
        let code_text = status.split(' ').next().unwrap_or_default();
        let bad_code = || Interruption::Other(format!("malformed HTTP status code {}", quoted(code_text)));
        if code_text.len() != 3 || !code_text.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(bad_code());
        }
        let code = code_text.parse().map_err(|_| bad_code())?;
        let version = match protocol.as_bytes() {
            [b'H', b'T', b'T', b'P', b'/', major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9'] => (*major, *minor),
            _ => return Err(format!("malformed HTTP version {}", quoted(protocol)).into()),
        };
        let mut headers = self.fields(left)?;
        if headers.get("Pragma") == "no-cache" && !headers.has("Cache-Control") {
            headers.set("Cache-Control", "no-cache");
        }
        let says_close = |value: &String| value.split(',').any(|token| trim(token).eq_ignore_ascii_case("close"));
        if version >= (b'1', b'1') && headers.values("Connection").iter().any(says_close) {
            headers.remove("Connection");
        }
        let length = body_length(method, code, version >= (b'1', b'1'), &mut headers)?;
        Ok(Head { status, code, headers, length })
    }

    /// Reads header fields up to the empty line behind them.
    fn fields(&mut self, left: &mut usize) -> Result<Headers, Interruption> {
        let mut headers = Headers::default();
        let mut line = self.line(left)?;
        if line.starts_with([' ', '\t']) {
            return Err(format!("malformed MIME header initial line: {}", quoted(&line)).into());
        }
        while !line.is_empty() {
            let mut next = self.line(left)?;
            while next.starts_with([' ', '\t']) {
                line = format!("{} {}", line.trim_end_matches([' ', '\t']), trim(&next));
                next = self.line(left)?;
            }
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| format!("malformed MIME header: missing colon: {}", quoted(&line)))?;
            let valid = !name.is_empty() && name.split(' ').all(|word| word.is_empty() || headers::is_token(word));
            if !valid || !headers::is_value(value) {
                return Err(format!("malformed MIME header line: {}", quoted(&line)).into());
            }
            headers.add(name, value.trim_matches([' ', '\t']));
            line = next;
        }
        Ok(headers)
    }

    /// Reads the body that belongs to a response.
    ///
    /// # Errors
    ///
    /// What is wrong, in Go's words, or that it is larger than it may be.
    pub(super) fn body(&mut self, head: &Head) -> Result<Vec<u8>, Interruption> {
        let mut body = Vec::new();
        match head.length {
            Length::None => {}
            Length::Known(length) => self.take(length, &mut body)?,
            Length::Chunked => self.chunks(&mut body)?,
            Length::UntilEnd => loop {
                self.buffered(&mut body, usize::MAX)?;
                if self.peek()?.is_none() {
                    break;
                }
            },
        }
        Ok(body)
    }

    /// Moves so many bytes into the body.
    fn take(&mut self, length: u64, body: &mut Vec<u8>) -> Result<(), Interruption> {
        let mut left = length;
        while left > 0 {
            if self.peek()?.is_none() {
                return Err("unexpected EOF".into());
            }
            left -= self.buffered(body, usize::try_from(left).unwrap_or(usize::MAX))? as u64;
        }
        Ok(())
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> Result<(), Interruption> {
        let unexpected = |why: Interruption| if why == Interruption::Ended { "unexpected EOF".into() } else { why };
        loop {
            let line = self.chunk_line().map_err(unexpected)?;
            let size = line.split(';').next().unwrap_or_default().trim_end();
            match chunk_size(size)? {
                0 => break,
                length => self.take(length, body)?,
            }
            let mut end = Vec::new();
            self.take(2, &mut end)?;
            if end != b"\r\n" {
                return Err("malformed chunked encoding".into());
            }
        }
        let trailer = |why: Interruption| {
            if why == Interruption::Ended { "unexpected EOF".into() } else { why }
        };
        let mut left = self.bounds.header;
        while !self.line(&mut left).map_err(trailer)?.is_empty() {}
        Ok(())
    }

    fn chunk_line(&mut self) -> Result<String, Interruption> {
        /// As in Go.
        const LONGEST: usize = 4096;
        let mut left = LONGEST;
        self.line(&mut left).map_err(|why| match why {
            Interruption::Other(_) => "header line too long".into(),
            other => other,
        })
    }

    /// Moves what is buffered into the body, but no more than so many bytes.
    fn buffered(&mut self, body: &mut Vec<u8>, most: usize) -> Result<usize, Interruption> {
        let bytes = self.buffer.get(self.at..).unwrap_or_default();
        let bytes = bytes.get(..most.min(bytes.len())).unwrap_or_default();
        if bytes.len() > self.bounds.body.saturating_sub(body.len()) {
            return Err(too_large(self.bounds.body));
        }
        body.extend_from_slice(bytes);
        self.at += bytes.len();
        Ok(bytes.len())
    }

    /// A line without its end.
    fn line(&mut self, left: &mut usize) -> Result<String, Interruption> {
        let mut line = Vec::new();
        loop {
            if self.peek()?.is_none() {
                return Err(Interruption::Ended);
            }
            let bytes = self.buffer.get(self.at..).unwrap_or_default();
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            *left = left.checked_sub(part.len() + 1).ok_or_else(|| {
                let most = self.bounds.header;
                Interruption::Other(format!("net/http: server response headers exceeded {most} bytes; aborted"))
            })?;
            line.extend_from_slice(part);
            self.at += part.len();
            if end.is_some() {
                self.at += 1;
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(String::from_utf8_lossy(&line).into_owned());
            }
        }
    }

    /// The next byte, which stays; none at the end.
    fn peek(&mut self) -> Result<Option<u8>, Interruption> {
        /// As much as is read at once.
        const PART: usize = 1 << 16;
        if self.at >= self.buffer.len() {
            self.buffer.resize(PART, 0);
            self.at = 0;
            let count = loop {
                match self.stream.read(&mut self.buffer) {
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    other => break other,
                }
            };
            self.buffer.truncate(*count.as_ref().unwrap_or(&0));
            count?;
        }
        Ok(self.buffer.get(self.at).copied())
    }
}

/// Why a body that is larger than it may be is not read.
pub(super) fn too_large(most: usize) -> Interruption {
    format!("response body exceeds the limit of {most} bytes").into()
}

fn chunk_size(text: &str) -> Result<u64, Interruption> {
    if text.is_empty() {
        return Err("empty hex number for chunk length".into());
    }
    if !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err("invalid byte in chunk length".into());
    }
    u64::from_str_radix(text, 16).map_err(|_| "http chunk length too large".into())
}

/// How long the body of a response is. What says it is taken out of the header where Go takes it out.
fn body_length(method: &str, code: u16, may_be_chunked: bool, headers: &mut Headers) -> Result<Length, Interruption> {
    let encodings = headers.remove("Transfer-Encoding").unwrap_or_default();
    let is_chunked = match (may_be_chunked, encodings.as_slice()) {
        (false, _) | (_, []) => false,
        (_, [only]) if only.eq_ignore_ascii_case("chunked") => true,
        (_, [only]) => return Err(format!("unsupported transfer encoding: {}", quoted(only)).into()),
        (_, several) => return Err(format!("too many transfer encodings: {}", list(several)).into()),
    };
    let mut lengths = headers.values("Content-Length").to_vec();
    if is_chunked {
        headers.remove("Content-Length");
        headers.remove("Trailer");
        lengths.clear();
    } else if let Some((first, others)) = lengths.split_first() {
        if others.iter().any(|other| trim(other) != trim(first)) {
            let message =
                format!("http: message cannot contain multiple Content-Length headers; got {}", list(&lengths));
            return Err(message.into());
        }
        headers.set_all("Content-Length", vec![first.clone()]);
    }
    let has_body = method != "HEAD" && !(100..200).contains(&code) && code != 204 && code != 304;
    let length = match lengths.first().map(|text| trim(text)) {
        None => None,
        Some(text) => {
            let bad = || Interruption::Other(format!("bad Content-Length {}", quoted(text)));
            let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
            Some(text.parse::<u64>().ok().filter(|length| digits && i64::try_from(*length).is_ok()).ok_or_else(bad)?)
        }
    };
    Ok(match length {
        _ if !has_body => Length::None,
        _ if is_chunked => Length::Chunked,
        Some(length) => Length::Known(length),
        None => Length::UntilEnd,
    })
}

/// Texts as Go's verb `%q` shows a list of them.
fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(" "))
}
