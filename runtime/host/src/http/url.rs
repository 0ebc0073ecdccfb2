//! URLs as Go's `net/url` has them, as far as a client needs them: parts, text, and references from one to another. What is a URL is said
//! by [`regoc_values::uri`]; this adds what that leaves out (the user, opaque parts) and writes URLs.

use regoc_values::builtins::uris;
use regoc_values::uri;

/// A URL. Texts are kept in the encoding in which they travel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Url {
    /// The scheme in lower case.
    pub(super) scheme: String,
    /// What follows the scheme of a URL without a path from a root.
    opaque: String,
    pub(super) user: Option<User>,
    /// Whether the path follows the scheme without two slashes between.
    has_no_authority: bool,
    /// The host with its port, if it has one; an IPv6 address in brackets.
    pub(super) host: String,
    /// The path, percent-encoded.
    path: String,
    /// Whether there is a question mark with nothing behind it.
    empty_query: bool,
    pub(super) query: String,
    fragment: String,
}

/// The user in front of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct User {
    name: String,
    password: Option<String>,
}

impl User {
    /// `Basic …`, for an `Authorization` header (RFC 7617).
    pub(super) fn basic_authorization(&self) -> String {
        let mut text = self.name_and_password();
        let (name, password) = &mut text;
        name.push(b':');
        name.append(password);
        format!("Basic {}", data_encoding::BASE64.encode(name))
    }

    /// The name and the password, decoded; no password is an empty one.
    pub(super) fn name_and_password(&self) -> (Vec<u8>, Vec<u8>) {
        (unescape(&self.name), unescape(self.password.as_deref().unwrap_or_default()))
    }
}

impl Url {
    /// Takes a text apart.
    ///
    /// # Errors
    ///
    /// Go's message: `parse "…": …`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let parts = uri::parse(text.as_bytes())
            .map_err(|fault| String::from_utf8_lossy(&uris::message(text.as_bytes(), &fault)).into_owned())?;
        let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
        let scheme = String::from_utf8_lossy(&parts.scheme).into_owned();
        let rest = if scheme.is_empty() { before } else { before.get(scheme.len() + 1..).unwrap_or_default() };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let opaque = if !scheme.is_empty() && !rest.starts_with('/') { rest } else { "" };
        let authority = match rest.strip_prefix("//") {
            Some(behind) if !scheme.is_empty() || !rest.starts_with("///") => {
                behind.split('/').next().unwrap_or_default()
            }
            _ => "",
        };
        let user = authority.rsplit_once('@').map(|(user, _)| match user.split_once(':') {
            Some((name, password)) => User { name: name.to_owned(), password: Some(password.to_owned()) },
            None => User { name: user.to_owned(), password: None },
        });
        Ok(Self {
            scheme,
            opaque: opaque.to_owned(),
            user,
            has_no_authority: !rest.starts_with("//"),
            host: String::from_utf8_lossy(&parts.host).into_owned(),
            path: String::from_utf8_lossy(&parts.escaped_path()).into_owned(),
            empty_query: query.is_empty() && before.ends_with('?'),
            query: query.to_owned(),
            fragment: escape_fragment(fragment),
        })
    }

    /// The URL that a reference on a page of this URL stands for (RFC 3986, section 5.2).
    ///
    /// # Errors
    ///
    /// As [`Url::parse`].
    pub(super) fn join(&self, reference: &str) -> Result<Self, String> {
        let reference = Self::parse(reference)?;
        let mut joined = reference.clone();
        if reference.scheme.is_empty() {
            joined.scheme.clone_from(&self.scheme);
        }
        if !reference.scheme.is_empty() || !reference.host.is_empty() || reference.user.is_some() {
            joined.path = resolve_path(&reference.path, "");
            return Ok(joined);
        }
        if reference.path.is_empty() && !reference.empty_query && reference.query.is_empty() {
            joined.query.clone_from(&self.query);
            if reference.fragment.is_empty() {
                joined.fragment.clone_from(&self.fragment);
            }
        }
        joined.host.clone_from(&self.host);
        joined.user.clone_from(&self.user);
        joined.path = resolve_path(&self.path, &reference.path);
        Ok(joined)
    }

    /// Whether it has a scheme.
    pub(super) fn is_absolute(&self) -> bool {
        !self.scheme.is_empty()
    }

    /// The host without its port and without brackets.
    pub(super) fn hostname(&self) -> &str {
        split_port(&self.host).0
    }

    /// The port: that of the host, or the one that the scheme has.
    pub(super) fn port(&self) -> &str {
        match (split_port(&self.host).1, self.scheme.as_str()) {
            ("", "https") => "443",
            ("", "socks5" | "socks5h") => "1080",
            ("", _) => "80",
            (port, _) => port,
        }
    }

    /// The host with its port, which is always there.
    pub(super) fn address(&self) -> String {
        join_port(self.hostname(), self.port())
    }

    /// The host as a request names it: without the zone of an IPv6 address.
    pub(super) fn host_to_name(&self) -> String {
        match (self.host.find('%'), self.host.rfind(']')) {
            (Some(zone), Some(end)) if zone < end => {
                self.host.get(..zone).unwrap_or_default().to_owned() + self.host.get(end..).unwrap_or_default()
            }
            _ => self.host.clone(),
        }
    }

    /// Drops a colon behind the host that has no port behind it.
    pub(super) fn remove_empty_port(&mut self) {
        if self.host.ends_with(':') {
            self.host.pop();
        }
    }

    /// What the request line asks for: the path and the query.
    pub(super) fn request_uri(&self) -> String {
        let mut text = match (self.opaque.as_str(), self.path.as_str()) {
            ("", "") => "/".to_owned(),
            ("", path) => path.to_owned(),
            (opaque, _) if opaque.starts_with("//") => format!("{}:{opaque}", self.scheme),
            (opaque, _) => opaque.to_owned(),
        };
        self.write_query(&mut text);
        text
    }

    /// The URL with its password, if it has one, as three stars.
    pub(super) fn without_password(&self) -> String {
        self.text(true)
    }

    /// The URL with its password.
    pub(super) fn with_password(&self) -> String {
        self.text(false)
    }

    /// The URL as a referer: without user and fragment.
    pub(super) fn without_user(&self) -> String {
        Self { user: None, ..self.clone() }.text(true)
    }

    fn text(&self, hide_password: bool) -> String {
        let mut text = String::new();
        if !self.scheme.is_empty() {
            text += &self.scheme;
            text.push(':');
        }
        if self.opaque.is_empty() {
            self.write_hierarchy(&mut text, hide_password);
        } else {
            text += &self.opaque;
        }
        self.write_query(&mut text);
        if !self.fragment.is_empty() {
            text.push('#');
            text += &self.fragment;
        }
        text
    }

    fn write_hierarchy(&self, text: &mut String, hide_password: bool) {
        let named = !self.host.is_empty() || self.user.is_some();
        // Go keeps the slashes of an authority that is empty.
        if named || (!self.scheme.is_empty() && !self.path.is_empty() && !self.has_no_authority) {
            *text += "//";
        }
        if let Some(user) = &self.user {
            *text += &user.name;
            if let Some(password) = &user.password {
                text.push(':');
                *text += if hide_password { "***" } else { password };
            }
            text.push('@');
        }
        *text += &escape(self.host.as_bytes(), b"-_.~!$&'()*+,;=:[]<>\"");
        if !self.path.is_empty() && !self.path.starts_with('/') && !self.host.is_empty() {
            text.push('/');
        }
        *text += &self.path;
    }

    fn write_query(&self, text: &mut String) {
        if self.empty_query || !self.query.is_empty() {
            text.push('?');
            *text += &self.query;
        }
    }
}

/// A host and a port in one text; an IPv6 address gets brackets.
pub(super) fn join_port(host: &str, port: &str) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// The host without brackets, and the port or nothing.
fn split_port(host: &str) -> (&str, &str) {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => (name, port),
        _ => (host, ""),
    };
    (name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name), port)
}

/// Percent-encodings decoded; what is none stays.
pub(super) fn unescape(text: &str) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let (bytes, mut decoded, mut at) = (text.as_bytes(), Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    decoded
}

/// A fragment as it was written, unless something in it must be encoded; then all of it is encoded anew.
fn escape_fragment(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@[]%/?".contains(&byte)) {
        return text.to_owned();
    }
    escape(&unescape(text), b"-_.~$&+,/:;=?@!()*")
}

/// Bytes with everything encoded that is neither a letter nor a digit nor one of some more.
fn escape(bytes: &[u8], plain: &[u8]) -> String {
    let mut escaped = String::new();
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || plain.contains(byte) {
            escaped.push(char::from(*byte));
        } else {
            escaped += &format!("%{byte:02X}");
        }
    }
    escaped
}

/// The path of a reference on a page with a path, without `.` and `..` (Go's `resolvePath`).
fn resolve_path(base: &str, reference: &str) -> String {
    let full = match reference {
        "" => base.to_owned(),
        _ if reference.starts_with('/') => reference.to_owned(),
        _ => base.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/")) + reference,
    };
    if full.is_empty() {
        return full;
    }
    let mut kept: Vec<&str> = Vec::new();
    for element in full.split('/') {
        match element {
            "." => {}
            ".." => {
                kept.pop();
            }
            _ => kept.push(element),
        }
    }
    let mut path = format!("/{}", kept.join("/"));
    if matches!(full.rsplit('/').next(), Some("." | "..")) {
        path.push('/');
    }
    match path.strip_prefix("//") {
        Some(rest) => format!("/{rest}"),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::{Url, resolve_path};

    fn text(url: &str) -> Result<String, String> {
        Url::parse(url).map(|url| url.without_password())
    }

    #[test]
    fn urls_are_written_as_go_writes_them() {
        for (written, shown) in [
            ("http://a", "http://a"),
            ("HTTP://A/b c?d e#f %41é", "http://A/b%20c?d e#f%20A%C3%A9"),
            ("http://[::1%25lo]:1/#%41", "http://[::1%25lo]:1/#%41"),
            ("http://u:p@a/%2f?", "http://u:***@a/%2f?"),
            ("http://u@a", "http://u@a"),
            ("http://[::1]:80/x", "http://[::1]:80/x"),
            ("foo", "foo"),
            ("http:a/b", "http:a/b"),
            ("http:///x", "http:///x"),
            ("http:/x", "http:/x"),
        ] {
            assert_eq!(text(written).as_deref(), Ok(shown));
        }
        assert_eq!(text("http://a/%zz"), Err("parse \"http://a/%zz\": invalid URL escape \"%zz\"".to_owned()));
    }

    #[test]
    fn parts() {
        let url = Url::parse("https://us%40er:p%3aw@[::1]").unwrap_or_default();
        assert_eq!((url.hostname(), url.port(), url.address().as_str()), ("::1", "443", "[::1]:443"));
        assert_eq!(url.request_uri(), "/");
        let authorization = url.user.map(|user| user.basic_authorization());
        assert_eq!(authorization.as_deref(), Some("Basic dXNAZXI6cDp3"));
        let url = Url::parse("http://a:81/b%20c?d e").unwrap_or_default();
        assert_eq!((url.hostname(), url.port(), url.request_uri().as_str()), ("a", "81", "/b%20c?d e"));
    }

    #[test]
    fn references() {
        let base = Url::parse("http://u:p@h/a/b?q#f").unwrap_or_default();
        for (reference, wanted) in [
            ("/x", "http://u:***@h/x"),
            ("x?y", "http://u:***@h/a/x?y"),
            ("../x", "http://u:***@h/x"),
            ("", "http://u:***@h/a/b?q#f"),
            ("?z", "http://u:***@h/a/b?z"),
            ("//other/./y/..", "http://other/"),
            ("https://o", "https://o"),
        ] {
            assert_eq!(base.join(reference).map(|url| url.without_password()).as_deref(), Ok(wanted), "{reference}");
        }
        assert_eq!(resolve_path("/a/b/", "c/./d/../e"), "/a/b/c/e");
        assert_eq!(resolve_path("/a", "/../../b/"), "/b/");
    }
}
