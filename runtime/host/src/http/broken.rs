//! What is wrong with an answer that hyper does not take, in the words of Go's client. Nothing here decides whether an answer is taken.

use std::error::Error as _;

use super::fault::{Interruption, quoted};
use super::headers::{self, Headers};
use super::message;

/// The first line of some bytes, without its end.
pub(super) fn first_line(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
}

/// Why the beginning of an answer was not taken, by its first bytes.
pub(super) fn explain(bytes: &[u8], error: &hyper::Error) -> Interruption {
    match complaint(bytes) {
        Err(why) => why.into(),
        // Go's client would have taken it: too many fields, or a name with blanks in it.
        Ok(()) => format!("malformed HTTP response: {error}").into(),
    }
}

fn complaint(bytes: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split_inclusive('\n').map(|line| {
        let line = line.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        line.ok_or_else(|| "unexpected EOF".to_owned())
    });
    let line = first_line(bytes);
    let (protocol, status) =
        line.split_once(' ').ok_or_else(|| format!("malformed HTTP response {}", quoted(&line)))?;
    let code = status.trim_start_matches(' ').split(' ').next().unwrap_or_default();
    if code.len() != 3 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(format!("malformed HTTP status code {}", quoted(code)));
    }
    let is_newer = match protocol.as_bytes() {
        [b'H', b'T', b'T', b'P', b'/', major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9'] => {
            (*major, *minor) >= (b'1', b'1')
        }
        _ => return Err(format!("malformed HTTP version {}", quoted(protocol))),
    };
    lines.next();
    let mut fields = Headers::default();
    let mut is_first = true;
    loop {
        let line = lines.next().unwrap_or_else(|| Err("unexpected EOF".to_owned()))?;
        if line.is_empty() {
            return message::settle(&mut fields, is_newer);
        }
        let continues = line.starts_with([' ', '\t']);
        if continues && is_first {
            return Err(format!("malformed MIME header initial line: {}", quoted(line)));
        }
        is_first = false;
        if !continues {
            add(&mut fields, line)?;
        }
    }
}

fn add(fields: &mut Headers, line: &str) -> Result<(), String> {
    let (name, value) =
        line.split_once(':').ok_or_else(|| format!("malformed MIME header: missing colon: {}", quoted(line)))?;
    let valid = !name.is_empty() && name.split(' ').all(|word| word.is_empty() || headers::is_token(word));
    if !valid || !headers::is_value(value) {
        return Err(format!("malformed MIME header line: {}", quoted(line)));
    }
    fields.add(name, value.trim_matches([' ', '\t']));
    Ok(())
}

/// What is wrong with the beginning of an answer, as it is told to the one who asked.
pub(super) fn told(why: &str) -> String {
    format!("net/http: HTTP/1.x transport connection broken: {why}")
}

/// What is wrong with the chunks of a body. hyper tells it as text only; what is not recognized is told in its words.
pub(super) fn chunks(error: &hyper::Error) -> Interruption {
    let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let words = [
        ("size digit", "invalid byte in chunk length"),
        ("Invalid Size", "invalid byte in chunk length"),
        ("overflow", "http chunk length too large"),
        ("body CR", "malformed chunked encoding"),
        ("body LF", "malformed chunked encoding"),
    ];
    words.iter().find(|(theirs, _)| cause.contains(theirs)).map_or(cause.clone(), |(_, gos)| (*gos).to_owned()).into()
}

/// A fault of HTTP/2 in one of the streams of a connection.
pub(super) fn http2(fault: &h2::Error, stream: u32) -> Interruption {
    let reason = fault.reason().map_or_else(|| fault.to_string(), |reason| format!("{reason:?}"));
    let by = if fault.is_remote() { "; received from peer" } else { "" };
    if fault.is_go_away() && fault.is_remote() {
        return format!(
            "http2: server sent GOAWAY and closed the connection; LastStreamID={stream}, ErrCode={reason}, debug=\"\""
        )
        .into();
    }
    if fault.is_reset() {
        return format!("stream error: stream ID {stream}; {reason}{by}").into();
    }
    if fault.is_io() { Interruption::from("unexpected EOF") } else { format!("connection error: {reason}").into() }
}
