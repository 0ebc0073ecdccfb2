//! Checks the certificate of a server as Go's `crypto/x509` does, and says in its words what is wrong with it.
//!
//! The check of chains is webpki's, which is stricter than Go's in one point that matters: it takes no certificate of an authority for a
//! server's. Go trusts a server's certificate that is itself among the roots, whatever it is, so that is asked first.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use super::{convert, signatures};

/// Checks certificates of one server.
pub(super) struct Verifier {
    provider: Arc<CryptoProvider>,
    roots: Arc<[CertificateDer<'static>]>,
    insecure: bool,
    /// The name that the certificate must have.
    name: String,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Verifier {
    pub(super) fn new(
        provider: Arc<CryptoProvider>,
        roots: Arc<[CertificateDer<'static>]>,
        insecure: bool,
        name: String,
    ) -> Self {
        Self { provider, roots, insecure, name }
    }

    fn check(&self, leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>], now: UnixTime) -> Result<(), String> {
        let certificate = EndEntityCert::try_from(leaf).map_err(|fault| match fault {
            // One of the first version has no names that count, and nothing behind its own common name that looks like one.
            webpki::Error::UnsupportedCertVersion => name_message(&self.name, &[], common_name(leaf)),
            fault => format!("x509: {fault}"),
        })?;
        let anchors: Vec<TrustAnchor<'_>> =
            self.roots.iter().filter_map(|root| anchor_from_trusted_cert(root).ok()).collect();
        let algorithms = self.provider.signature_verification_algorithms.all;
        let usage = KeyUsage::server_auth();
        let chain = certificate.verify_for_usage(algorithms, &anchors, others, now, usage, None, None).map(|_| ());
        let chain = match chain {
            Err(fault) if !is_about_time(&fault) && self.roots.iter().any(|root| root == leaf) => Ok(()),
            chain => chain,
        };
        // Go looks at the time of the server's certificate first, then at its names, then at the chain.
        match chain {
            Err(fault) if is_about_time(&fault) => Err(chain_message(&fault)),
            chain => {
                self.check_name(&certificate)?;
                chain.map_err(|fault| chain_message(&fault))
            }
        }
    }

    fn check_name(&self, certificate: &EndEntityCert<'_>) -> Result<(), String> {
        let presented = match ServerName::try_from(self.name.as_str()) {
            Ok(name) => match certificate.verify_is_valid_for_subject_name(&name) {
                Ok(()) => return Ok(()),
                Err(webpki::Error::CertNotValidForName(context)) => context.presented,
                Err(_) => Vec::new(),
            },
            Err(_) => certificate.valid_dns_names().map(|name| format!("DnsName({name:?})")).collect(),
        };
        Err(name_message(&self.name, &presented, common_name(certificate.subject())))
    }
}

/// The common name in the DER of a name (OID 2.5.4.3, a string behind it); only its last one counts.
fn common_name(subject: &[u8]) -> &[u8] {
    const OID: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
    let found = subject.windows(OID.len()).rposition(|part| part == OID);
    match found.and_then(|at| subject.get(at + OID.len()..)) {
        Some([_, length, rest @ ..]) => rest.get(..usize::from(*length)).unwrap_or_default(),
        _ => &[],
    }
}

/// Whether a name of a certificate, perhaps with `*` as its first label, is that of a host.
fn is_name_of(name: &[u8], host: &str) -> bool {
    let (name, host) = (name.to_ascii_lowercase(), host.to_ascii_lowercase());
    match (name.strip_prefix(b"*."), host.split_once('.')) {
        (Some(rest), Some((_, below))) => rest == below.as_bytes(),
        _ => name == host.as_bytes(),
    }
}

/// What webpki presents as `DnsName("a.example")` and `IpAddress(127.0.0.1)`, of one kind.
fn names(presented: &[String], kind: &str) -> Vec<String> {
    let inside = |text: &String| {
        Some(text.strip_prefix(kind)?.strip_prefix('(')?.strip_suffix(')')?.trim_matches('"').to_owned())
    };
    presented.iter().filter_map(inside).collect()
}

/// Go's message for a certificate with other names.
fn name_message(wanted: &str, presented: &[String], common_name: &[u8]) -> String {
    if wanted.parse::<IpAddr>().is_ok() {
        let addresses = names(presented, "IpAddress");
        if addresses.is_empty() {
            return format!("x509: cannot validate certificate for {wanted} because it doesn't contain any IP SANs");
        }
        return format!("x509: certificate is valid for {}, not {wanted}", addresses.join(", "));
    }
    if presented.is_empty() && is_name_of(common_name, wanted) {
        return "x509: certificate relies on legacy Common Name field, use SANs instead".to_owned();
    }
    let dns = names(presented, "DnsName");
    if dns.is_empty() {
        return format!("x509: certificate is not valid for any names, but wanted to match {wanted}");
    }
    format!("x509: certificate is valid for {}, not {wanted}", dns.join(", "))
}

/// Whether webpki does not read a certificate because it is older than the third version. Go takes such a one where nobody asks whom it
/// belongs to.
fn is_of_an_old_version(certificate: &CertificateDer<'_>) -> bool {
    matches!(EndEntityCert::try_from(certificate), Err(webpki::Error::UnsupportedCertVersion))
}

fn is_about_time(fault: &webpki::Error) -> bool {
    matches!(fault, webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. })
}

/// Go's message for a chain that does not hold.
fn chain_message(fault: &webpki::Error) -> String {
    const TIME: &str = "x509: certificate has expired or is not yet valid: current time";
    match fault {
        webpki::Error::CertExpired { time, not_after } => {
            let (now, end) = (convert::rfc_3339(time.as_secs()), convert::rfc_3339(not_after.as_secs()));
            format!("{TIME} {now} is after {end}")
        }
        webpki::Error::CertNotValidYet { time, not_before } => {
            let (now, begin) = (convert::rfc_3339(time.as_secs()), convert::rfc_3339(not_before.as_secs()));
            format!("{TIME} {now} is before {begin}")
        }
        webpki::Error::RequiredEkuNotFoundContext(_) => {
            "x509: certificate specifies an incompatible key usage".to_owned()
        }
        webpki::Error::NameConstraintViolation => {
            "x509: a root or intermediate certificate is not authorized to sign for this name".to_owned()
        }
        // A chain that leads to no root, and one that a wrong signature breaks, are the same to Go.
        _ => "x509: certificate signed by unknown authority".to_owned(),
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if !self.insecure {
            self.check(leaf, others, now)
                .map_err(|why| Error::General(format!("tls: failed to verify certificate: {why}")))?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        if is_of_an_old_version(certificate) {
            return signatures::verify_by_key(message, certificate, signature, algorithms);
        }
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        if is_of_an_old_version(certificate) {
            return signatures::verify_by_key(message, certificate, signature, algorithms);
        }
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::{common_name, name_message};

    #[test]
    fn common_names() {
        let name = b"\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02ab";
        assert_eq!(common_name(name), b"ab");
        assert_eq!(common_name(&name[..12]), b"");
        assert_eq!(common_name(b""), b"");
    }

    #[test]
    fn names_that_do_not_fit_are_told_in_gos_words() {
        let presented = ["DnsName(\"a.example\")".to_owned(), "IpAddress(10.0.0.1)".to_owned()];
        assert_eq!(
            name_message("b.example", &presented, b""),
            "x509: certificate is valid for a.example, not b.example"
        );
        assert_eq!(
            name_message("127.0.0.1", &presented, b""),
            "x509: certificate is valid for 10.0.0.1, not 127.0.0.1"
        );
        let without = "x509: cannot validate certificate for ::1 because it doesn't contain any IP SANs";
        assert_eq!(name_message("::1", &presented[..1], b""), without);
        assert!(name_message("b.example", &[], b"*.Example").contains("legacy Common Name"));
        let no_names = "x509: certificate is not valid for any names, but wanted to match b.example";
        assert_eq!(name_message("b.example", &[], b"a.example"), no_names);
    }
}
