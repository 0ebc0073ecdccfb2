//! Certificates and requests for them: `crypto.x509.parse_certificates` and its like. The rules are in [`crate::x509`].

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::encoding::{Base64, decode_base64};
use super::operand;
use crate::error::{self, Part};
use crate::keys::{Fault, pem};
use crate::x509::{self, Certificate, Options};
use crate::{Array, Object, Tag, Value, clock, number, rt};

/// `crypto.x509.parse_certificates(text)`: certificates in PEM, or base64 of PEM or of DER.
#[must_use]
pub fn parse(text: Value) -> Value {
    let Some(text) = operand::string(1, text) else { return Value::UNDEFINED };
    value_of(parsed(text))
}

fn parsed(text: &[u8]) -> Result<Value, Fault> {
    let der = der_of_text(text)?;
    marshaled(x509::certificates(&der)?.iter(), true)
}

/// `crypto.x509.parse_and_verify_certificates(text)`: whether the last certificate is signed, by way of others, by the first, for servers
/// and now, and that chain.
#[must_use]
pub fn verify(text: Value) -> Value {
    let Some(text) = operand::string(1, text) else { return Value::UNDEFINED };
    chain(text, true, || Some(Settings::default()))
}

/// `crypto.x509.parse_and_verify_certificates_with_options(text, options)`: as [`verify`], at another time or for other ends.
#[must_use]
pub fn verify_with_options(text: Value, options: Value) -> Value {
    let Some(text) = operand::string(1, text) else { return Value::UNDEFINED };
    let Some(options) = operand::object(2, options) else { return Value::UNDEFINED };
    chain(text, false, || Settings::new(options))
}

/// `crypto.x509.parse_certificate_request(text)`: a request in PEM, or base64 of PEM or of DER.
#[must_use]
pub fn parse_request(text: Value) -> Value {
    let Some(text) = operand::string(1, text) else { return Value::UNDEFINED };
    value_of(request(text))
}

fn request(text: &[u8]) -> Result<Value, Fault> {
    const LABEL: &[u8] = b"CERTIFICATE REQUEST";
    let is_pem = text.starts_with(b"-----BEGIN CERTIFICATE REQUEST-----");
    let bytes = if is_pem { Cow::Borrowed(text) } else { Cow::Owned(base64(text)?) };
    match pem::decode(&bytes) {
        Some((block, _)) if block.label != LABEL => Err("invalid PEM-encoded certificate signing request".into()),
        Some((block, _)) => x509::marshal_request(&block.contents),
        None => x509::marshal_request(&bytes),
    }
}

/// A value, or undefined after the failure is noted.
pub(super) fn value_of(result: Result<Value, Fault>) -> Value {
    result.unwrap_or_else(|fault| error::fail_with(&[Part::Bytes(fault.as_bytes())]))
}

/// The bytes of base64.
pub(super) fn base64(text: &[u8]) -> Result<Vec<u8>, Fault> {
    decode_base64(text, Base64::STANDARD).map_err(|at| format!("illegal base64 data at input byte {at}").into())
}

/// The certificates of a text in DER, one behind the other.
fn der_of_text(text: &[u8]) -> Result<Vec<u8>, Fault> {
    const PEM: &[u8] = b"-----BEGIN";
    if text.starts_with(PEM) {
        return der_of_pem(text);
    }
    let bytes = base64(text)?;
    if bytes.starts_with(PEM) { der_of_pem(&bytes) } else { Ok(bytes) }
}

fn der_of_pem(mut text: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut der = Vec::new();
    while let Some((block, rest)) = pem::decode(text) {
        if block.label != b"CERTIFICATE" {
            let label = String::from_utf8_lossy(block.label);
            return Err(format!("PEM block type is '{label}', expected CERTIFICATE").into());
        }
        der.extend(block.contents);
        text = rest;
    }
    Ok(der)
}

fn marshaled<'a>(
    certificates: impl Iterator<Item = &'a Certificate<'a>>,
    with_uri_texts: bool,
) -> Result<Value, Fault> {
    let values = certificates.map(|certificate| x509::marshal_certificate(certificate, with_uri_texts));
    let values: Vec<Value> = values.collect::<Result<_, _>>()?;
    Ok(values.into_iter().collect::<Array>().into())
}

/// `[true, chain]`, or `[false, []]` whatever is wrong with the certificates. The settings are looked at only if they can be read.
fn chain(text: &'static [u8], with_uri_texts: bool, settings: impl Fn() -> Option<Settings>) -> Value {
    let answer = |chain: Option<Value>| {
        let parts = [Value::boolean(chain.is_some()), chain.unwrap_or_else(|| Array::new(0).into())];
        parts.into_iter().collect::<Array>().into()
    };
    let Ok(der) = der_of_text(text) else { return answer(None) };
    let Ok(certificates) = x509::certificates(&der) else { return answer(None) };
    let Some(settings) = settings() else { return Value::UNDEFINED };
    let Some(now) = settings.now.or_else(|| number::to_i64(clock::now_ns())) else { return Value::UNDEFINED };
    let options = Options { host: settings.host, now, usages: settings.usages };
    match x509::verify(&certificates, &options) {
        Some(chain) => value_of(marshaled(chain.into_iter(), with_uri_texts).map(|chain| answer(Some(chain)))),
        None => answer(None),
    }
}

/// What the options of a verification say.
#[derive(Default)]
struct Settings {
    host: &'static [u8],
    /// In nanoseconds since 1970-01-01 UTC.
    now: Option<i64>,
    usages: Vec<i64>,
}

impl Settings {
    /// None after the failure is noted. Keys that are no strings do not count.
    fn new(options: Object) -> Option<Self> {
        let mut settings = Self::default();
        for (name, value) in options.entries() {
            let Some(name) = name.as_str() else { continue };
            let fault = match (name, value.as_str()) {
                (b"DNSName", Some(host)) => {
                    settings.host = unquoted(host);
                    continue;
                }
                (b"DNSName", None) => "'DNSName' should be a string",
                (b"CurrentTime", _) if !value.is_number() => "'CurrentTime' should be a number",
                (b"CurrentTime", _) => {
                    settings.now = number::to_i64(value);
                    if settings.now.is_some() {
                        continue;
                    }
                    "'CurrentTime' should be a valid int64 number"
                }
                (b"MaxConstraintComparisons", _) if !value.is_number() => {
                    "'MaxConstraintComparisons' should be a number"
                }
                // Go counts no comparisons since it does few.
                (b"MaxConstraintComparisons", _) if number::to_i64(value).is_some() => continue,
                (b"MaxConstraintComparisons", _) => "'MaxConstraintComparisons' should be a valid number",
                (b"KeyUsages", _) if !matches!(value.tag(), Tag::Array | Tag::Set) => {
                    "'KeyUsages' should be an Array or Set"
                }
                (b"KeyUsages", _) => {
                    settings.add_usages(value)?;
                    continue;
                }
                _ => "invalid key option",
            };
            error::fail(fault);
            return None;
        }
        Some(settings)
    }

    /// Adds the usages of an array or a set; elements that are no strings do not count.
    fn add_usages(&mut self, list: Value) -> Option<()> {
        let names = (0..rt::scan(list)).filter_map(|index| rt::scan_value(list, index).as_str()).map(unquoted);
        let mut unknown = Vec::new();
        for name in names {
            match x509::extended_usage(name) {
                Some(usage) => self.usages.push(usage),
                None => unknown.push(name),
            }
        }
        if unknown.is_empty() {
            return Some(());
        }
        let unknown = unknown.join(&b" "[..]);
        let parts = [Part::Text("invalid entries for 'KeyUsages' found: ["), Part::Bytes(&unknown), Part::Text("]")];
        error::fail_with(&parts);
        None
    }
}

/// A text without the double quotes around it.
fn unquoted(text: &'static [u8]) -> &'static [u8] {
    let is_other = |byte: &u8| *byte != b'"';
    let start = text.iter().position(is_other).unwrap_or(text.len());
    let end = text.iter().rposition(is_other).map_or(start, |last| last + 1);
    text.get(start..end).unwrap_or_default()
}
