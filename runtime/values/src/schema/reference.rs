//! References of schemas: URLs in Go's spelling, and how one is resolved against another. [`crate::uri`] says which texts are URLs.

use alloc::vec::Vec;

use super::Fault;
use crate::builtins::uris;
use crate::uri::{self, Part};

/// A reference, taken apart. All parts but `pointer` are as they are printed.
#[derive(Clone, Default)]
pub(super) struct Reference {
    scheme: Vec<u8>,
    /// What stands behind a scheme without a slash.
    opaque: Vec<u8>,
    /// What stands behind two slashes: user, host and port.
    authority: Option<Vec<u8>>,
    path: Vec<u8>,
    query: Option<Vec<u8>>,
    fragment: Vec<u8>,
    /// The fragment, decoded.
    pub(super) pointer: Vec<u8>,
}

/// The text before a byte, and what follows it.
fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == at) {
        Some(place) => (text.get(..place).unwrap_or_default(), text.get(place + 1..)),
        None => (text, None),
    }
}

impl Reference {
    /// Reads a reference.
    ///
    /// # Errors
    /// Go's message when the text is no URL.
    #[inline(never)]
    pub(super) fn new(text: &[u8]) -> Result<Self, Fault> {
        let uri = uri::parse(text).map_err(|fault| uris::message(text, &fault))?;
        let (rest, fragment) = cut(text, b'#');
        let fragment = fragment.unwrap_or_default();
        let mut reference = Self {
            fragment: uri::escaped(fragment, &uri.fragment, Part::Fragment),
            pointer: uri.fragment,
            ..Self::default()
        };
        let (rest, query) = cut(rest, b'?');
        reference.query = query.map(Vec::from);
        // The scheme is as long as its text, whose letters only change their case.
        let rest = if uri.scheme.is_empty() { rest } else { rest.get(uri.scheme.len() + 1..).unwrap_or_default() };
        reference.scheme = uri.scheme;
        let mut path = rest;
        if !rest.starts_with(b"/") && !reference.scheme.is_empty() {
            reference.opaque = rest.into();
            return Ok(reference);
        }
        let is_net = !reference.scheme.is_empty() || !rest.starts_with(b"///");
        if let Some(authority) = rest.strip_prefix(b"//").filter(|_| is_net) {
            let end = authority.iter().position(|byte| *byte == b'/').unwrap_or(authority.len());
            let (authority, rest) = authority.split_at(end);
            reference.authority = Some(authority.into());
            path = rest;
        }
        reference.path = uri::escaped(path, &uri.path, Part::Path);
        Ok(reference)
    }

    fn has_host(&self) -> bool {
        self.authority.as_ref().is_some_and(|authority| !authority.is_empty())
    }

    /// Whether the reference alone says where a document is.
    pub(super) fn is_canonical(&self) -> bool {
        if self.scheme == b"file" { self.path.starts_with(b"/") } else { !self.scheme.is_empty() && self.has_host() }
    }

    /// The reference as Go prints it.
    #[inline(never)]
    pub(super) fn text(&self) -> Vec<u8> {
        let mut text = self.text_without_fragment();
        if !self.pointer.is_empty() {
            text.push(b'#');
            text.extend_from_slice(&self.fragment);
        }
        text
    }

    /// The document that the reference points into.
    #[inline(never)]
    pub(super) fn text_without_fragment(&self) -> Vec<u8> {
        let mut text = Vec::new();
        if !self.scheme.is_empty() {
            text.extend_from_slice(&self.scheme);
            text.push(b':');
        }
        if self.opaque.is_empty() {
            let has_host = self.has_host();
            if let Some(authority) = self.authority.as_ref().filter(|_| has_host || !self.path.is_empty()) {
                text.extend_from_slice(b"//");
                text.extend_from_slice(authority);
            }
            if has_host && !self.path.is_empty() && !self.path.starts_with(b"/") {
                text.push(b'/');
            }
            if text.is_empty() && cut(&self.path, b'/').0.contains(&b':') {
                text.extend_from_slice(b"./");
            }
            text.extend_from_slice(&self.path);
        } else {
            text.extend_from_slice(&self.opaque);
        }
        if let Some(query) = &self.query {
            text.push(b'?');
            text.extend_from_slice(query);
        }
        text
    }

    /// A reference that stands in a document of this one. `None` when what results is no URL.
    #[inline(never)]
    pub(super) fn resolve(&self, child: &Self) -> Option<Self> {
        let mut url = child.clone();
        if child.scheme.is_empty() {
            url.scheme = self.scheme.clone();
        }
        if !child.scheme.is_empty() || child.has_host() {
            url.path = resolve_path(&child.path, b"");
            return Self::new(&url.text()).ok();
        }
        if child.path.is_empty() && child.query.is_none() {
            url.query = self.query.clone().filter(|query| !query.is_empty());
        }
        if child.path.is_empty() && !self.opaque.is_empty() {
            url.opaque = self.opaque.clone();
            url.authority = None;
            return Self::new(&url.text()).ok();
        }
        url.authority = match &self.authority {
            None if !self.scheme.is_empty() => Some(Vec::new()),
            authority => authority.clone(),
        };
        url.path = resolve_path(&self.path, &child.path);
        Self::new(&url.text()).ok()
    }
}

/// A path in place of the last segment of another, without `.` and `..` segments.
fn resolve_path(base: &[u8], path: &[u8]) -> Vec<u8> {
    let full = if path.is_empty() {
        base.into()
    } else if path.starts_with(b"/") {
        path.into()
    } else {
        let folder = base.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        [base.get(..folder).unwrap_or_default(), path].concat()
    };
    if full.is_empty() {
        return full;
    }
    let mut resolved = Vec::from(b"/");
    let (mut is_first, mut last) = (true, &b""[..]);
    for segment in full.split(|byte| *byte == b'/') {
        last = segment;
        match segment {
            b"." => is_first = false,
            b".." => {
                let inside = resolved.get(1..).unwrap_or_default();
                resolved.truncate(inside.iter().rposition(|byte| *byte == b'/').map_or(1, |slash| slash + 1));
                is_first = resolved.len() == 1;
            }
            _ => {
                if !is_first {
                    resolved.push(b'/');
                }
                resolved.extend_from_slice(segment);
                is_first = false;
            }
        }
    }
    if last == b"." || last == b".." {
        resolved.push(b'/');
    }
    if resolved.get(1) == Some(&b'/') {
        resolved.remove(0);
    }
    resolved
}
