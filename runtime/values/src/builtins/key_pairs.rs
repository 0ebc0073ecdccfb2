//! Certificates with their private keys: `crypto.x509.parse_keypair`, as Go's `tls.X509KeyPair` reads them.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use data_encoding::BASE64;

use super::certificates::{base64, value_of};
use super::operand;
use super::private_keys::{Checked, marshal};
use crate::keys::{Fault, pem, private};
use crate::x509;
use crate::{Array, Object, Value};

/// What begins a PEM text.
const BEGIN: &[u8] = b"-----BEGIN ";

/// `crypto.x509.parse_keypair(certificates, key)`: both in PEM, or base64 of PEM or of DER.
#[must_use]
pub fn parse(certificates: Value, key: Value) -> Value {
    // OPA counts both as the first operand.
    let Some(certificates) = operand::string(1, certificates) else { return Value::UNDEFINED };
    let Some(key) = operand::string(1, key) else { return Value::UNDEFINED };
    value_of(parsed(certificates, key))
}

fn parsed(certificates: &[u8], key: &[u8]) -> Result<Value, Fault> {
    let (certificates, key) = (text_of(certificates)?, text_of(key)?);
    let chain = chain(&certificates)?;
    let key_der = if key.starts_with(b"-----BEGIN") { key_of_pem(&key)? } else { key.into_owned() };
    let leaf = chain.first().map(Vec::as_slice).unwrap_or_default();
    let leaf = x509::certificate(leaf)?;
    let key = private_key(&key_der)?;
    let Some(public) = leaf.key.as_ref().filter(|key| is_for_tls(key)) else {
        return Err("tls: unknown public key algorithm".into());
    };
    match key.belongs_to(public) {
        Some(true) => {}
        Some(false) => return Err("tls: private key does not match public key".into()),
        None => return Err("tls: private key type does not match public key type".into()),
    }
    let chain: Array = chain.iter().map(|der| Value::string(BASE64.encode(der).as_bytes())).collect();
    let fields = [
        ("Certificate", chain.into()),
        ("PrivateKey", marshal(&key).unwrap_or(Value::NULL)),
        ("SupportedSignatureAlgorithms", Value::NULL),
        ("OCSPStaple", Value::NULL),
        ("SignedCertificateTimestamps", Value::NULL),
        ("Leaf", x509::marshal_certificate(&leaf, false)?),
    ];
    let fields = fields.into_iter().map(|(name, value)| (Value::string(name.as_bytes()), value));
    Ok(fields.collect::<Object>().into())
}

/// A text in PEM, or what base64 stands for.
fn text_of(text: &[u8]) -> Result<Cow<'_, [u8]>, Fault> {
    if text.starts_with(BEGIN) { Ok(Cow::Borrowed(text)) } else { base64(text).map(Cow::Owned) }
}

/// The certificates of a text in PEM, or one in DER.
fn chain(text: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
    if !text.starts_with(BEGIN) {
        return Ok(alloc::vec![text.into()]);
    }
    let (mut chain, mut others, mut rest) = (Vec::new(), Vec::new(), text);
    while let Some((block, after)) = pem::decode(rest) {
        rest = after;
        if block.label == b"CERTIFICATE" {
            chain.push(block.contents);
        } else {
            others.push(block.label);
        }
    }
    if !chain.is_empty() {
        return Ok(chain);
    }
    Err(match others.as_slice() {
        [] => "tls: failed to find any PEM data in certificate input".into(),
        [label] if label.ends_with(b"PRIVATE KEY") => {
            "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may \
             have been switched"
                .into()
        }
        labels => {
            let labels = listed(labels);
            format!(
                "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the \
                 following types: [{labels}]"
            )
            .into()
        }
    })
}

/// The first private key of a text in PEM.
fn key_of_pem(text: &[u8]) -> Result<Vec<u8>, Fault> {
    let (mut others, mut rest) = (Vec::new(), text);
    while let Some((block, after)) = pem::decode(rest) {
        rest = after;
        if block.label == b"PRIVATE KEY" || block.label.ends_with(b" PRIVATE KEY") {
            return Ok(block.contents);
        }
        others.push(block.label);
    }
    Err(match others.as_slice() {
        [] => "tls: failed to find any PEM data in key input".into(),
        [b"CERTIFICATE"] => "tls: found a certificate rather than a key in the PEM for the private key".into(),
        labels => {
            let labels = listed(labels);
            format!(
                "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM \
                 blocks of the following types: [{labels}]"
            )
            .into()
        }
    })
}

fn listed(labels: &[&[u8]]) -> String {
    String::from_utf8_lossy(&labels.join(&b" "[..])).into_owned()
}

/// Whether a key is of a kind that connections are secured with.
fn is_for_tls(key: &crate::keys::Public) -> bool {
    use crate::keys::Public;
    matches!(key, Public::Rsa { .. } | Public::Elliptic { .. } | Public::Edwards(_))
}

/// A private key in any of the three forms.
fn private_key(der: &[u8]) -> Result<Checked, Fault> {
    let key = private::in_any_form(der).find_map(Checked::new).ok_or("tls: failed to parse private key")?;
    if key.is_for_tls() { Ok(key) } else { Err("tls: found unknown private key type in PKCS#8 wrapping".into()) }
}
