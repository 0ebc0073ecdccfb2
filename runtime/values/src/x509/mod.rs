//! X.509 certificates (RFC 5280), requests for them (RFC 2986) and chains of them, as Go's `crypto/x509` of Go 1.26 takes and refuses
//! them: certificates are read leniently here and strictly there, and a message says what Go's says. The builtins are in
//! [`crate::builtins::certificates`]; keys and signatures in [`crate::keys`] and [`crate::jwt`].
//!
//! - [`certificate`], [`name`], [`extensions`], [`alternative`], [`subtrees`], [`time`] read a certificate, [`request`] a request, which
//!   Go reads by other means ([`crate::keys::asn1`]).
//! - [`marshal`] makes values of them, as Go's `encoding/json` writes them.
//! - [`chain`] builds chains and checks them with [`signature`], [`constraints`], [`policies`] and [`host`].
//!
//! Nothing here calls itself without a bound: certificates are flat, and a chain is limited by the signatures that are checked for it.

mod alternative;
mod certificate;
mod chain;
mod constraints;
mod extensions;
mod host;
mod marshal;
mod name;
mod policies;
mod request;
mod signature;
mod subtrees;
#[cfg(test)]
mod tests;
mod time;

use alloc::vec::Vec;

pub(crate) use certificate::Certificate;
pub(crate) use chain::{Options, verify};
pub(crate) use extensions::extended_usage;
pub(crate) use marshal::certificate as marshal_certificate;
pub(crate) use request::marshaled as marshal_request;

use crate::keys::{Fault, Public};
#[cfg(not(target_arch = "wasm32"))]
use crate::keys::{der::Reader, public};

/// The certificates that follow one another in DER.
pub(crate) fn certificates(mut der: &[u8]) -> Result<Vec<Certificate<'_>>, Fault> {
    let mut certificates = Vec::new();
    while !der.is_empty() {
        let (certificate, rest) = Certificate::read(der)?;
        certificates.push(certificate);
        der = rest;
    }
    Ok(certificates)
}

/// A certificate in DER that nothing follows.
pub(crate) fn certificate(der: &[u8]) -> Result<Certificate<'_>, Fault> {
    let (certificate, rest) = Certificate::read(der)?;
    if rest.is_empty() { Ok(certificate) } else { Err("x509: trailing data".into()) }
}

/// Whether a signature is that of a message. The key is the contents of a `subjectPublicKey`, the algorithms are the contents of an
/// `AlgorithmIdentifier` in DER: for hosts whose own libraries take fewer of them than Go's.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn verify_signature(
    key_algorithm: &[u8],
    key: &[u8],
    signature_algorithm: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    let read = |algorithm| public::Algorithm::new(Reader(algorithm));
    let (Ok(key_algorithm), Ok(algorithm)) = (read(key_algorithm), read(signature_algorithm)) else { return false };
    let key = public::of_parts(key_algorithm, key);
    key.is_ok_and(|key| signature::Algorithm::new(algorithm).verify(&key, message, signature))
}

/// The key of a certificate in DER that nothing follows. One that Go does not know is none that verifies anything.
pub(crate) fn key_of_certificate(der: &[u8]) -> Result<Public, Fault> {
    Ok(certificate(der)?.key.unwrap_or(Public::Other))
}
