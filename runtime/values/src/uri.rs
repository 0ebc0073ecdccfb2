//! URI references as OPA takes them apart, which is as Go's `url.Parse` does: laxer than RFC 3986 in some places, stricter in others.

mod address;

use alloc::vec::Vec;

/// The parts of a reference. A part that is absent is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uri {
    /// The scheme in lower case.
    pub scheme: Vec<u8>,
    /// What stands behind the scheme where that is no path from the root, up to the query.
    pub opaque: Vec<u8>,
    /// The user as Go writes it, perhaps with a password.
    pub user: Option<Vec<u8>>,
    /// The host as it was written, but decoded: with brackets and port.
    pub host: Vec<u8>,
    /// The host, decoded, without brackets.
    pub hostname: Vec<u8>,
    /// The digits of the port.
    pub port: Vec<u8>,
    /// The path, decoded.
    pub path: Vec<u8>,
    /// The path as written where Go would write it otherwise, else as [`Uri::path`].
    pub raw_path: Vec<u8>,
    /// The path as written, if Go would write it otherwise.
    pub path_hint: Vec<u8>,
    /// The query as written.
    pub raw_query: Vec<u8>,
    /// Whether there is a query that is empty.
    pub has_empty_query: bool,
    /// Whether there are a scheme and a path from the root and nothing between them.
    pub has_no_host: bool,
    /// The fragment, decoded.
    pub fragment: Vec<u8>,
    /// The fragment as written, if Go would write it otherwise.
    pub fragment_hint: Vec<u8>,
}

/// Why a text is no reference, in Go's words without the text itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A fixed text.
    Text(&'static str),
    /// A wrong percent-encoding: the characters of it.
    Escape(Vec<u8>),
    /// A byte that a host may not have.
    HostByte(u8),
    /// A port that is no number, with its colon.
    Port(Vec<u8>),
    /// What stands in brackets is no address.
    Address {
        /// What stands there.
        text: Vec<u8>,
        /// What is wrong with it.
        why: &'static str,
        /// The rest of it from the wrong place on; empty where Go names none.
        rest: Vec<u8>,
    },
}

/// Which bytes stand for themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

impl Uri {
    /// The path in the encoding in which it was written, if that is one, else in Go's.
    #[must_use]
    pub fn escaped_path(&self) -> Vec<u8> {
        if self.path == b"*" && self.path_hint.is_empty() {
            return self.path.clone();
        }
        encoded(&self.path_hint, &self.path, Part::Path)
    }

    /// The reference as Go's `URL.String` writes it.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        let mut text = self.scheme.clone();
        if !text.is_empty() {
            text.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_hierarchy(&mut text);
        } else {
            text.extend_from_slice(&self.opaque);
        }
        if self.has_empty_query || !self.raw_query.is_empty() {
            text.push(b'?');
            text.extend_from_slice(&self.raw_query);
        }
        if !self.fragment.is_empty() {
            text.push(b'#');
            text.extend_from_slice(&encoded(&self.fragment_hint, &self.fragment, Part::Fragment));
        }
        text
    }

    /// Writes authority and path.
    fn write_hierarchy(&self, text: &mut Vec<u8>) {
        let has_authority = !self.host.is_empty() || self.user.is_some();
        if has_authority || (!self.scheme.is_empty() && !self.has_no_host && !self.path.is_empty()) {
            text.extend_from_slice(b"//");
            if let Some(user) = &self.user {
                text.extend_from_slice(user);
                text.push(b'@');
            }
            text.extend_from_slice(&escape(&self.host, Part::Host));
        }
        let path = self.escaped_path();
        if !path.is_empty() && !path.starts_with(b"/") && !self.host.is_empty() {
            text.push(b'/');
        }
        // A colon in the first segment would end a scheme.
        if text.is_empty() && cut(&path, b'/').0.contains(&b':') {
            text.extend_from_slice(b"./");
        }
        text.extend_from_slice(&path);
    }
}

/// A part in the encoding in which it was written, if there is one that decodes to it, else in Go's.
fn encoded(hint: &[u8], decoded: &[u8], part: Part) -> Vec<u8> {
    let is_hint = !hint.is_empty() && unescape(hint, part).is_ok_and(|hinted| hinted == decoded);
    if is_hint { escaped(hint, decoded, part) } else { escape(decoded, part) }
}

/// Takes a reference apart.
///
/// # Errors
/// What Go refuses: control characters, wrong percent-encodings, wrong hosts and ports, a colon in the first segment of a relative path.
pub fn parse(text: &[u8]) -> Result<Uri, Error> {
    let (text, fragment) = cut(text, b'#');
    let mut uri = parse_without_fragment(text)?;
    uri.fragment = unescape(fragment, Part::Fragment)?;
    if escape(&uri.fragment, Part::Fragment) != fragment {
        uri.fragment_hint = fragment.into();
    }
    Ok(uri)
}

fn parse_without_fragment(text: &[u8]) -> Result<Uri, Error> {
    if text.iter().any(|byte| *byte < b' ' || *byte == 0x7f) {
        return Err(Error::Text("net/url: invalid control character in URL"));
    }
    let mut uri = Uri::default();
    if text == b"*" {
        uri.path = text.into();
        uri.raw_path = text.into();
        return Ok(uri);
    }
    let (scheme, rest) = scheme(text)?;
    uri.scheme = scheme.to_ascii_lowercase();
    let (mut rest, query) = cut(rest, b'?');
    uri.raw_query = query.into();
    uri.has_empty_query = query.is_empty() && text.ends_with(b"?");
    if !rest.starts_with(b"/") {
        if !scheme.is_empty() {
            uri.opaque = rest.into();
            return Ok(uri);
        }
        if cut(rest, b'/').0.contains(&b':') {
            return Err(Error::Text("first path segment in URL cannot contain colon"));
        }
    }
    if rest.starts_with(b"//") && (!scheme.is_empty() || !rest.starts_with(b"///")) {
        let authority = rest.get(2..).unwrap_or_default();
        let end = authority.iter().position(|byte| *byte == b'/').unwrap_or(authority.len());
        let (user, host) = user_and_host(&uri.scheme, authority.get(..end).unwrap_or_default())?;
        uri.user = user;
        (uri.hostname, uri.port) = split_port(&host);
        uri.host = host;
        rest = authority.get(end..).unwrap_or_default();
    } else {
        uri.has_no_host = !scheme.is_empty();
    }
    uri.path = unescape(rest, Part::Path)?;
    uri.raw_path = uri.path.clone();
    if escape(&uri.path, Part::Path) != rest {
        uri.path_hint = rest.into();
        uri.raw_path = rest.into();
    }
    Ok(uri)
}

/// The text before a byte and behind it; all and nothing when it does not occur.
fn cut(text: &[u8], at: u8) -> (&[u8], &[u8]) {
    match text.iter().position(|byte| *byte == at) {
        Some(place) => (text.get(..place).unwrap_or_default(), text.get(place + 1..).unwrap_or_default()),
        None => (text, b""),
    }
}

fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    for (place, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if place > 0 => {}
            b':' if place == 0 => return Err(Error::Text("missing protocol scheme")),
            b':' => return Ok(cut(text, b':')),
            _ => break,
        }
    }
    Ok((b"", text))
}

/// The user of an authority as Go writes it, and the host, decoded, with its port.
fn user_and_host(scheme: &[u8], authority: &[u8]) -> Result<(Option<Vec<u8>>, Vec<u8>), Error> {
    let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else {
        return Ok((None, parse_host(scheme, authority)?));
    };
    let host = parse_host(scheme, authority.get(at + 1..).unwrap_or_default())?;
    let user = authority.get(..at).unwrap_or_default();
    let valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !user.iter().all(valid) {
        return Err(Error::Text("net/url: invalid userinfo"));
    }
    let (name, password) = cut(user, b':');
    let mut written = escape(&unescape(name, Part::User)?, Part::User);
    if name.len() < user.len() {
        written.push(b':');
        written.extend(escape(&unescape(password, Part::User)?, Part::User));
    }
    Ok((Some(written), host))
}

fn parse_host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, Error> {
    match host.iter().rposition(|byte| *byte == b'[') {
        Some(0) => return bracketed_host(host),
        Some(_) => return Err(Error::Text("invalid IP-literal")),
        None => {}
    }
    // More than one colon is refused only where the scheme is known to have none.
    let strict = scheme == b"http" || scheme == b"https";
    let colon =
        if strict { host.iter().position(|byte| *byte == b':') } else { host.iter().rposition(|byte| *byte == b':') };
    let port = colon.and_then(|colon| host.get(colon..)).unwrap_or_default();
    if !is_optional_port(port) {
        return Err(Error::Port(port.into()));
    }
    unescape(host, Part::Host)
}

/// `[address%25zone]:port`.
fn bracketed_host(host: &[u8]) -> Result<Vec<u8>, Error> {
    let Some(close) = host.iter().rposition(|byte| *byte == b']') else {
        return Err(Error::Text("missing ']' in host"));
    };
    let port = host.get(close + 1..).unwrap_or_default();
    if !is_optional_port(port) {
        return Err(Error::Port(port.into()));
    }
    let inside = host.get(1..close).unwrap_or_default();
    let zone = inside.windows(3).position(|three| three == b"%25").unwrap_or(inside.len());
    let (address, zone) = inside.split_at(zone);
    let mut name = unescape(address, Part::Host)?;
    name.extend_from_slice(&unescape(zone, Part::Zone)?);
    address::check(&name)?;
    Ok([b"[", name.as_slice(), b"]", port].concat())
}

fn is_optional_port(port: &[u8]) -> bool {
    port.split_first().is_none_or(|(colon, digits)| *colon == b':' && digits.iter().all(u8::is_ascii_digit))
}

/// The name and the port of a host.
fn split_port(host: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut name, mut port): (&[u8], &[u8]) = (host, b"");
    if let Some(colon) = host.iter().rposition(|byte| *byte == b':') {
        let (before, after) = host.split_at(colon);
        if is_optional_port(after) {
            (name, port) = (before, after.get(1..).unwrap_or_default());
        }
    }
    let inside = name.strip_prefix(b"[").and_then(|name| name.strip_suffix(b"]"));
    (inside.unwrap_or(name).into(), port.into())
}

/// Whether a byte stands for itself in a part.
fn is_plain(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return true;
    }
    match part {
        Part::Host | Part::Zone => b"!$&'()*+,;=:[]<>\"".contains(&byte),
        Part::Path => b"$&+,/:;=@".contains(&byte),
        Part::User => b"$&+,;=".contains(&byte),
        Part::Fragment => b"$&+,/:;=?@!()*".contains(&byte),
    }
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    byte.and_then(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8)
}

/// Decodes percent-encodings.
fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, Error> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at).copied() {
        if byte != b'%' {
            if matches!(part, Part::Host | Part::Zone) && byte < 0x80 && !is_plain(byte, part) {
                return Err(Error::HostByte(byte));
            }
            decoded.push(byte);
            at += 1;
            continue;
        }
        let escape = text.get(at..text.len().min(at + 3)).unwrap_or_default();
        let wrong = || Error::Escape(escape.into());
        let (Some(high), Some(low)) = (hex(escape.get(1)), hex(escape.get(2))) else { return Err(wrong()) };
        let value = high << 4 | low;
        // A host may only encode what is not ASCII, a zone only what it could write.
        let percent = escape == b"%25";
        if part == Part::Host && high < 8 && !percent {
            return Err(wrong());
        }
        if part == Part::Zone && !percent && value != b' ' && !is_plain(value, Part::Host) {
            return Err(wrong());
        }
        decoded.push(value);
        at += 3;
    }
    Ok(decoded)
}

/// A part as Go prints it: as it was written, unless bytes in it must be encoded.
pub(crate) fn escaped(written: &[u8], decoded: &[u8], part: Part) -> Vec<u8> {
    let may_stand = |byte: &u8| is_plain(*byte, part) || b"!$&'()*+,;=:@[]%".contains(byte);
    if written.iter().all(may_stand) { written.into() } else { escape(decoded, part) }
}

/// A part as Go encodes it.
fn escape(text: &[u8], part: Part) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut escaped = Vec::with_capacity(text.len());
    for byte in text {
        if is_plain(*byte, part) {
            escaped.push(*byte);
        } else {
            escaped.extend_from_slice(&[b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 0xf)]]);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let uri = parse(b"HTTPS://user:p%40ss@Example.com:8080/a%2fb/c d?x=1?#f%20g").expect("a reference");
        assert_eq!(uri.scheme, b"https");
        assert_eq!(uri.hostname, b"Example.com");
        assert_eq!(uri.port, b"8080");
        assert_eq!(uri.path, b"/a/b/c d");
        assert_eq!(uri.raw_path, b"/a%2fb/c d");
        assert_eq!(uri.raw_query, b"x=1?");
        assert_eq!(uri.fragment, b"f g");
        let uri = parse(b"//[fe80::1%25en0]:80").expect("a reference");
        assert_eq!((uri.hostname.as_slice(), uri.port.as_slice()), (&b"fe80::1%en0"[..], &b"80"[..]));
        assert_eq!(parse(b"mailto:a@b").expect("a reference").path, b"");
        assert_eq!(parse(b"/plain").expect("a reference").raw_path, b"/plain");
    }

    #[test]
    fn texts() {
        for text in [
            "https://user:p%40ss@Example.com:8080/a%2fb/c%20d?x=1?#f%20g",
            "mailto:a@b",
            "file:/a",
            "file:///a?",
            "a/b:c",
            "//host/%5B?#(",
            "*",
            "x://",
        ] {
            let written = parse(text.as_bytes()).expect("a reference").text();
            assert_eq!(core::str::from_utf8(&written), Ok(if text == "x://" { "x:" } else { text }));
        }
        let uri = parse(b"HTTP://a:@h/ [").expect("a reference");
        assert_eq!(core::str::from_utf8(&uri.text()), Ok("http://a:@h/%20%5B"));
        assert_eq!((uri.path_hint.as_slice(), uri.has_no_host), (&b"/ ["[..], false));
    }

    #[test]
    fn what_go_refuses() {
        for text in [
            ":a",
            "1:a",
            "http://a b",
            "http://a:b",
            "http://[1.2.3.4]",
            "http://[::1",
            "http://a:1:2",
            "a\x7f",
            "%zz",
            "http://%41/",
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse(b"pg://a:1:2").is_ok());
        assert!(parse(b"///a:b").is_ok());
    }
}
