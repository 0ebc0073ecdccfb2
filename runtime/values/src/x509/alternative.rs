//! Other names of a subject (RFC 5280, section 4.2.1.6), and which domain names Go takes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::builtins::uris;
use crate::format::quote;
use crate::keys::Fault;
use crate::keys::der::Reader;
use crate::uri::{self, Uri};

/// The names of the kinds that Go knows.
#[derive(Default)]
pub(super) struct AlternativeNames<'a> {
    /// Domain names.
    pub(super) domains: Vec<&'a [u8]>,
    /// Addresses of electronic mail.
    pub(super) emails: Vec<&'a [u8]>,
    /// Addresses of the internet, 4 or 16 bytes.
    pub(super) addresses: Vec<&'a [u8]>,
    /// URIs.
    pub(super) uris: Vec<Uri>,
}

impl AlternativeNames<'_> {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.domains.is_empty() && self.emails.is_empty() && self.addresses.is_empty() && self.uris.is_empty()
    }
}

/// Reads the value of the extension.
pub(super) fn read(mut value: Reader<'_>) -> Result<AlternativeNames<'_>, Fault> {
    let mut list = value.sequence().ok_or("x509: invalid subject alternative names")?;
    let mut names = AlternativeNames::default();
    while !list.is_empty() {
        let (tag, name) = list.element().ok_or("x509: invalid subject alternative name")?;
        match tag {
            0x81 if !name.is_ascii() => return Err("x509: SAN rfc822Name is malformed".into()),
            0x81 => names.emails.push(name),
            0x82 if !name.is_ascii() => return Err("x509: SAN dNSName is malformed".into()),
            0x82 => names.domains.push(name),
            0x86 => names.uris.push(uri(name)?),
            0x87 if !matches!(name.len(), 4 | 16) => {
                return Err(format!("x509: cannot parse IP address of length {}", name.len()).into());
            }
            0x87 => names.addresses.push(name),
            _ => {}
        }
    }
    Ok(names)
}

fn uri(text: &[u8]) -> Result<Uri, Fault> {
    if !text.is_ascii() {
        return Err("x509: SAN uniformResourceIdentifier is malformed".into());
    }
    let fault = |why: &[u8]| {
        let why = String::from_utf8_lossy(why);
        Fault::Owned(format!("x509: cannot parse URI {}: {why}", quoted(text)))
    };
    let uri = uri::parse(text).map_err(|error| fault(&uris::message(text, &error)))?;
    if is_domain(&uri.host, false) { Ok(uri) } else { Err(fault(b"invalid domain")) }
}

/// A text as Go quotes it.
pub(super) fn quoted(text: &[u8]) -> String {
    String::from_utf8_lossy(&quote(text)).into_owned()
}

/// Whether Go takes a text for a domain name; one of a constraint may begin with a dot. The empty one is one.
pub(super) fn is_domain(name: &[u8], is_constraint: bool) -> bool {
    if name.is_empty() {
        return true;
    }
    let labels = if is_constraint { name.strip_prefix(b".").unwrap_or(name) } else { name };
    let mut labels = labels.split(|byte| *byte == b'.');
    labels.all(|label| !label.is_empty() && label.iter().all(|byte| (33..=126).contains(byte)))
}
