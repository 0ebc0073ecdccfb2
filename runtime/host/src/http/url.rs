//! URLs as a client of HTTP uses them: where they lead, what is asked for, and references from one to another. What a URL is and how one is
//! written is said by [`regoc_values::uri`].

use std::borrow::Cow;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use percent_encoding::percent_decode_str;
use regoc_values::builtins::uris;
use regoc_values::uri::{self, Uri};

/// A URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Url {
    parts: Uri,
    /// The scheme in lower case.
    pub(super) scheme: String,
    pub(super) user: Option<User>,
    /// The host as it was written, with its port, if it has one; an IPv6 address in brackets.
    pub(super) host: String,
    /// The host without its port and brackets, in the form in which it is looked up.
    hostname: String,
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
        let (name, password) = self.name_and_password();
        format!("Basic {}", data_encoding::BASE64.encode(&[name.as_slice(), b":", &password].concat()))
    }

    /// The name and the password, decoded; no password is an empty one.
    pub(super) fn name_and_password(&self) -> (Vec<u8>, Vec<u8>) {
        let decoded = |text: &str| percent_decode_str(text).collect();
        (decoded(&self.name), decoded(self.password.as_deref().unwrap_or_default()))
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
            .map_err(|fault| text_of(&uris::message(text.as_bytes(), &fault)).into_owned())?;
        Ok(Self::from_parts(parts))
    }

    fn from_parts(parts: Uri) -> Self {
        let user = parts.user.as_deref().map(text_of).map(|user| match user.split_once(':') {
            Some((name, password)) => User { name: name.to_owned(), password: Some(password.to_owned()) },
            None => User { name: user.into_owned(), password: None },
        });
        let [scheme, host, hostname] =
            [&parts.scheme, &parts.host, &parts.hostname].map(|part| text_of(part).into_owned());
        Self { scheme, user, host, hostname: looked_up(hostname), parts }
    }

    /// The URL that a reference on a page of this URL stands for (RFC 3986, section 5.2).
    ///
    /// # Errors
    ///
    /// As [`Url::parse`].
    pub(super) fn join(&self, reference: &str) -> Result<Self, String> {
        let reference = Self::parse(reference)?.parts;
        let base = &self.parts;
        let mut joined = reference.clone();
        if reference.scheme.is_empty() {
            joined.scheme.clone_from(&base.scheme);
        }
        if !reference.scheme.is_empty() || !reference.host.is_empty() || reference.user.is_some() {
            set_path(&mut joined, &resolve_path(&text_of(&reference.escaped_path()), ""));
            return Ok(Self::from_parts(joined));
        }
        if reference.path.is_empty() && !reference.has_empty_query && reference.raw_query.is_empty() {
            joined.raw_query.clone_from(&base.raw_query);
            if reference.fragment.is_empty() {
                joined.fragment.clone_from(&base.fragment);
                joined.fragment_hint.clone_from(&base.fragment_hint);
            }
        }
        joined.host.clone_from(&base.host);
        joined.hostname.clone_from(&base.hostname);
        joined.port.clone_from(&base.port);
        joined.user.clone_from(&base.user);
        let path = resolve_path(&text_of(&base.escaped_path()), &text_of(&reference.escaped_path()));
        set_path(&mut joined, &path);
        Ok(Self::from_parts(joined))
    }

    /// Whether it has a scheme.
    pub(super) fn is_absolute(&self) -> bool {
        !self.scheme.is_empty()
    }

    /// The host without its port and without brackets; a name in the form in which it is looked up.
    pub(super) fn hostname(&self) -> &str {
        &self.hostname
    }

    /// The port: that of the host, or the one that the scheme has.
    pub(super) fn port(&self) -> &str {
        match (std::str::from_utf8(&self.parts.port).unwrap_or_default(), self.scheme.as_str()) {
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

    /// Drops a colon behind the host that has no port behind it.
    pub(super) fn remove_empty_port(&mut self) {
        if self.host.ends_with(':') {
            self.host.pop();
            self.parts.host.pop();
        }
    }

    /// The query as it was written.
    pub(super) fn query(&self) -> Cow<'_, str> {
        text_of(&self.parts.raw_query)
    }

    /// The same URL of HTTP with another query.
    pub(super) fn with_http_and_query(&self, query: &str) -> Self {
        let parts = Uri { scheme: b"http".to_vec(), raw_query: query.as_bytes().to_vec(), ..self.parts.clone() };
        Self::from_parts(parts)
    }

    /// What the request line asks for: the path and the query.
    pub(super) fn request_uri(&self) -> String {
        let path = self.parts.escaped_path();
        let mut text = match (self.parts.opaque.as_slice(), path.as_slice()) {
            (b"", b"") => "/".to_owned(),
            (b"", path) => text_of(path).into_owned(),
            (opaque, _) if opaque.starts_with(b"//") => format!("{}:{}", self.scheme, text_of(opaque)),
            (opaque, _) => text_of(opaque).into_owned(),
        };
        if self.parts.has_empty_query || !self.parts.raw_query.is_empty() {
            text.push('?');
            text += &self.query();
        }
        text
    }

    /// The URL with its password.
    pub(super) fn with_password(&self) -> String {
        text_of(&self.parts.text()).into_owned()
    }

    /// The URL with its password, if it has one, as three stars.
    pub(super) fn without_password(&self) -> String {
        let text = self.with_password();
        match &self.user {
            Some(User { name, password: Some(password) }) => {
                let shown = percent_decode_str(name).decode_utf8_lossy().into_owned();
                text.replacen(&format!("{name}:{password}@"), &format!("{shown}:***@"), 1)
            }
            _ => text,
        }
    }

    /// The URL as a referer: without user and fragment.
    pub(super) fn without_user(&self) -> String {
        text_of(&Uri { user: None, ..self.parts.clone() }.text()).into_owned()
    }
}

fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// A name of a host in the form in which it is looked up (UTS 46, as Go's `idna.Lookup` has it); as it was, if it has none.
fn looked_up(name: String) -> String {
    if name.is_ascii() {
        return name;
    }
    let (strict, hyphens, any_length) = (AsciiDenyList::STD3, Hyphens::Check, DnsLength::Ignore);
    match Uts46::new().to_ascii(name.as_bytes(), strict, hyphens, any_length) {
        Ok(ascii) => ascii.into_owned(),
        Err(_) => name,
    }
}

/// The host of a request as its header names it: labels that are not ASCII are encoded as they are, and an IPv6 address has no zone. None when
/// no header can name it.
pub(super) fn named_host(host: &str) -> Option<String> {
    let encoded = |label: &str| match idna::punycode::encode_str(label) {
        Some(encoded) if !label.is_ascii() => format!("xn--{encoded}"),
        _ => label.to_owned(),
    };
    let (name, port) = host.split_at(host.rfind(':').filter(|_| !host.is_ascii()).unwrap_or(host.len()));
    let host = name.split('.').map(encoded).collect::<Vec<_>>().join(".") + port;
    let may_stand = |byte: u8| byte.is_ascii_alphanumeric() || b"!$%&()*+,-.:;=[']_~".contains(&byte);
    if !host.bytes().all(may_stand) {
        return None;
    }
    match (host.find('%'), host.rfind(']')) {
        (Some(zone), Some(end)) if host.starts_with('[') && zone < end => {
            Some(format!("{}{}", host.get(..zone)?, host.get(end..)?))
        }
        _ => Some(host),
    }
}

/// Replaces the path of a URL by one that is encoded and begins at the root.
fn set_path(url: &mut Uri, path: &str) {
    let parsed = uri::parse(path.as_bytes()).unwrap_or_default();
    (url.path, url.raw_path, url.path_hint) = (parsed.path, parsed.raw_path, parsed.path_hint);
}

/// A host and a port in one text; an IPv6 address gets brackets.
pub(super) fn join_port(host: &str, port: &str) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
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
    use super::{Url, named_host, resolve_path};

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
    fn names_of_hosts_that_are_not_ascii() {
        for (host, name, ascii) in [
            ("B\u{fc}cher.example:80", Some("xn--Bcher-kva.example:80"), "xn--bcher-kva.example"),
            ("b\u{fc}cher", Some("xn--bcher-kva"), "xn--bcher-kva"),
            ("[fe80::1%25en0]:1", Some("[fe80::1%25en0]:1"), "fe80::1%en0"),
            ("a_b.Example", Some("a_b.Example"), "a_b.Example"),
            ("fa\u{df}.de", Some("xn--fa-hia.de"), "xn--fa-hia.de"),
            ("a\"b", None, "a\"b"),
        ] {
            let url = Url::parse(&format!("http://{host}/")).unwrap_or_default();
            assert_eq!(url.hostname(), ascii);
            if !host.starts_with('[') {
                assert_eq!(named_host(&url.host).as_deref(), name, "{host}");
            }
        }
        assert_eq!(named_host("[fe80::1%en0]:1").as_deref(), Some("[fe80::1]:1"));
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
