//! TLS: the options of a request, and a stream that is encrypted with them. Certificates are checked as Go checks them, and faults are told in
//! its words.

use std::io;
use std::sync::{Arc, OnceLock};

use rustls::client::ResolvesClientCert;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{AlertDescription, ClientConfig, SignatureScheme};
use tokio_rustls::TlsConnector;

use super::connect::Connected;
use super::fault::{Interruption, quoted, system_message};
use super::stream::{Stream, Watched};
use super::verify::Verifier;
use super::{pem, roots, signatures};

/// The protocols that a server may choose, as TLS names them (RFC 7301).
const HTTP2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// What a request says about TLS.
#[derive(Clone, Debug, Default)]
pub(super) struct TlsOptions {
    /// Whether certificates of servers are not checked.
    insecure: bool,
    /// The name that the server's certificate must have, instead of the host's.
    pub(super) server_name: Option<String>,
    /// Whom to trust; nothing is whom the system trusts.
    roots: Option<Arc<[CertificateDer<'static>]>>,
    /// What the client can show.
    certificates: Vec<Arc<CertifiedKey>>,
}

impl TlsOptions {
    /// Whether anything is said.
    pub(super) fn is_set(&self) -> bool {
        self.insecure || self.server_name.is_some() || self.roots.is_some() || !self.certificates.is_empty()
    }

    /// Begins TLS on a connection to a host: a server, which may choose HTTP/2 where that is offered, or a proxy.
    ///
    /// # Errors
    ///
    /// What failed, in Go's words.
    pub(super) async fn connect(
        &self,
        stream: Box<dyn Stream>,
        host: &str,
        offers_http2: bool,
    ) -> Result<Connected, Interruption> {
        let name = self.server_name.as_deref().filter(|name| !name.is_empty()).unwrap_or(host);
        let name = name.strip_suffix('.').unwrap_or(name).to_owned();
        let provider = Arc::new(signatures::provider());
        let roots = match &self.roots {
            Some(roots) => roots.clone(),
            None if self.insecure => Arc::default(),
            None => system_roots()?,
        };
        let verifier = Arc::new(Verifier::new(provider.clone(), roots, self.insecure, name.clone()));
        let connector = TlsConnector::from(Arc::new(self.config(provider, verifier, offers_http2)?));
        let stream = Watched::new(stream);
        let sight = stream.sight();
        match connector.connect(server_name(&name), stream).into_fallible().await {
            Ok(stream) => {
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(HTTP2);
                Ok(Connected { stream: Box::new(stream), is_http2 })
            }
            Err(_) if sight.look().first.starts_with(b"HTTP/") => {
                Err("http: server gave HTTP response to HTTPS client".into())
            }
            Err((error, _)) => Err(go_error(&error).map_or_else(|| error.into(), Interruption::Other)),
        }
    }

    fn config(
        &self,
        provider: Arc<CryptoProvider>,
        verifier: Arc<Verifier>,
        offers_http2: bool,
    ) -> Result<ClientConfig, Interruption> {
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("tls: {error}"))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_cert_resolver(Arc::new(Certificates(self.certificates.clone())));
        let offered: &[&[u8]] = if offers_http2 { &[HTTP2, HTTP1] } else { &[HTTP1] };
        config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
        Ok(config)
    }
}

/// The name to ask the server for. What cannot be asked for is not, and is told by the check of the certificate.
fn server_name(name: &str) -> ServerName<'static> {
    let address = || ServerName::from(std::net::Ipv4Addr::UNSPECIFIED);
    ServerName::try_from(name.to_owned()).unwrap_or_else(|_| address())
}

/// Chooses the first certificate that the server asks for.
#[derive(Debug)]
struct Certificates(Vec<Arc<CertifiedKey>>);

impl ResolvesClientCert for Certificates {
    fn resolve(&self, issuers: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        // The name of an issuer stands in a certificate with the very bytes that the server sends.
        let issued = |key: &CertifiedKey, issuer: &[u8]| {
            !issuer.is_empty()
                && key.cert.iter().any(|certificate| certificate.windows(issuer.len()).any(|part| part == issuer))
        };
        let fits = |key: &&Arc<CertifiedKey>| {
            (issuers.is_empty() || issuers.iter().any(|issuer| issued(key, issuer)))
                && key.key.choose_scheme(schemes).is_some()
        };
        self.0.iter().find(fits).cloned()
    }

    fn has_certs(&self) -> bool {
        !self.0.is_empty()
    }
}

/// The options of a request about TLS, as they were written; an empty text is an option that is not there.
#[derive(Default)]
pub(super) struct Sources<'a> {
    pub(super) insecure: bool,
    pub(super) system_roots: bool,
    pub(super) server_name: &'a str,
    pub(super) roots: &'a str,
    pub(super) roots_file: &'a str,
    pub(super) roots_variable: &'a str,
    pub(super) certificate: &'a str,
    pub(super) certificate_file: &'a str,
    pub(super) certificate_variable: &'a str,
    pub(super) key: &'a str,
    pub(super) key_file: &'a str,
    pub(super) key_variable: &'a str,
}

impl Sources<'_> {
    /// Reads the files and variables that the options name, in OPA's order.
    ///
    /// # Errors
    ///
    /// The first that cannot be read, in OPA's words.
    pub(super) fn load(&self) -> Result<TlsOptions, String> {
        let mut certificates = Vec::new();
        if !self.certificate.is_empty() && !self.key.is_empty() {
            certificates.push(key_pair(self.certificate, self.key)?);
        }
        if !self.certificate_file.is_empty() && !self.key_file.is_empty() {
            certificates.push(key_pair(&read(self.certificate_file)?, &read(self.key_file)?)?);
        }
        if !self.certificate_variable.is_empty() && !self.key_variable.is_empty() {
            let pair = key_pair(&variable(self.certificate_variable), &variable(self.key_variable));
            certificates.push(pair.map_err(|why| {
                let (certificate, key) = (quoted(self.certificate_variable), quoted(self.key_variable));
                format!("cannot extract public/private key pair from envvars {certificate}, {key}: {why}")
            })?);
        }
        Ok(TlsOptions {
            insecure: self.insecure,
            server_name: Some(self.server_name.to_owned()).filter(|name| !name.is_empty()),
            roots: self.roots()?.map(Arc::from),
            certificates,
        })
    }

    fn roots(&self) -> Result<Option<Vec<CertificateDer<'static>>>, String> {
        let mut roots = None;
        // On Windows the system's roots cannot be read as a list: OPA leaves them out there too.
        if self.system_roots && !cfg!(windows) {
            roots = Some(system_roots()?.to_vec());
        }
        let mut add = |text: &str| {
            let found = pem::certificates(text);
            let any = !found.is_empty();
            roots.get_or_insert_default().extend(found.into_iter().map(CertificateDer::from));
            any
        };
        if !self.roots.is_empty() && !add(&self.roots.replace("\\n", "\n")) {
            return Err("could not append certificates".to_owned());
        }
        if !self.roots_file.is_empty() && !add(&read(self.roots_file)?) {
            return Err(format!("could not append CA certificates from {}", quoted(self.roots_file)));
        }
        if !self.roots_variable.is_empty() && !add(&variable(self.roots_variable)) {
            let name = quoted(self.roots_variable);
            return Err(format!("could not add CA certificates from envvar {name}: could not append certificates"));
        }
        Ok(roots)
    }
}

fn variable(name: &str) -> String {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(path: &str) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("open {path}: {}", system_message(&error)))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A certificate with its chain, and its key.
fn key_pair(certificate: &str, key: &str) -> Result<Arc<CertifiedKey>, String> {
    let is_key = |label: &str| label == "PRIVATE KEY" || label.ends_with(" PRIVATE KEY");
    let labels = |blocks: &[pem::Block]| blocks.iter().map(|block| block.label.as_str()).collect::<Vec<_>>().join(" ");
    let blocks = pem::blocks(certificate);
    let chain: Vec<_> = blocks
        .iter()
        .filter(|block| block.label == "CERTIFICATE")
        .map(|block| CertificateDer::from(block.bytes.clone()))
        .collect();
    if chain.is_empty() {
        return Err(match blocks.as_slice() {
            [] => "tls: failed to find any PEM data in certificate input".to_owned(),
            [only] if is_key(&only.label) => {
                "tls: failed to find certificate PEM data in certificate input, but did find a private \
                key; PEM inputs may have been switched"
                    .to_owned()
            }
            others => format!(
                "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following types: [{}]",
                labels(others)
            ),
        });
    }
    let blocks = pem::blocks(key);
    let Some(key) = blocks.iter().find(|block| is_key(&block.label)) else {
        return Err(match blocks.as_slice() {
            [] => "tls: failed to find any PEM data in key input".to_owned(),
            [only] if only.label == "CERTIFICATE" => {
                "tls: found a certificate rather than a key in the PEM for the private key".to_owned()
            }
            others => format!(
                "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the following types: [{}]",
                labels(others)
            ),
        });
    };
    let unreadable = || "tls: failed to parse private key".to_owned();
    let key = PrivateKeyDer::try_from(key.bytes.clone()).map_err(|_| unreadable())?;
    let pair = CertifiedKey::new(chain, ring::sign::any_supported_type(&key).map_err(|_| unreadable())?);
    match pair.keys_match() {
        Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch)) => {
            Err("tls: private key does not match public key".to_owned())
        }
        _ => Ok(Arc::new(pair)),
    }
}

/// Whom the system trusts, read once.
fn system_roots() -> Result<Arc<[CertificateDer<'static>]>, String> {
    static ROOTS: OnceLock<Result<Arc<[CertificateDer<'static>]>, String>> = OnceLock::new();
    ROOTS.get_or_init(|| roots::read().map(Arc::from).map_err(|error| system_message(&error))).clone()
}

/// A fault of TLS in Go's words; none when it is the stream's.
pub(super) fn go_error(error: &io::Error) -> Option<String> {
    let fault = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(match fault {
        rustls::Error::General(text) => text.clone(),
        rustls::Error::AlertReceived(alert) => format!("remote error: tls: {}", alert_text(*alert)),
        rustls::Error::InvalidMessage(_) => "tls: first record does not look like a TLS handshake".to_owned(),
        rustls::Error::PeerIncompatible(_) => "tls: protocol version not supported".to_owned(),
        rustls::Error::InvalidCertificate(fault) => {
            format!("tls: failed to verify certificate: x509: {fault:?}")
        }
        other => format!("tls: {other}"),
    })
}

/// An alert as Go names it.
fn alert_text(alert: AlertDescription) -> String {
    let text = match alert {
        AlertDescription::CloseNotify => "close notify",
        AlertDescription::UnexpectedMessage => "unexpected message",
        AlertDescription::BadRecordMac => "bad record MAC",
        AlertDescription::RecordOverflow => "record overflow",
        AlertDescription::HandshakeFailure => "handshake failure",
        AlertDescription::BadCertificate => "bad certificate",
        AlertDescription::UnsupportedCertificate => "unsupported certificate",
        AlertDescription::CertificateRevoked => "revoked certificate",
        AlertDescription::CertificateExpired => "expired certificate",
        AlertDescription::CertificateUnknown => "unknown certificate",
        AlertDescription::IllegalParameter => "illegal parameter",
        AlertDescription::UnknownCA => "unknown certificate authority",
        AlertDescription::AccessDenied => "access denied",
        AlertDescription::DecodeError => "error decoding message",
        AlertDescription::DecryptError => "error decrypting message",
        AlertDescription::ProtocolVersion => "protocol version not supported",
        AlertDescription::InsufficientSecurity => "insufficient security level",
        AlertDescription::InternalError => "internal error",
        AlertDescription::InappropriateFallback => "inappropriate fallback",
        AlertDescription::UserCanceled => "user canceled",
        AlertDescription::NoRenegotiation => "no renegotiation",
        AlertDescription::MissingExtension => "missing extension",
        AlertDescription::UnsupportedExtension => "unsupported extension",
        AlertDescription::UnrecognisedName => "unrecognized name",
        AlertDescription::CertificateRequired => "certificate required",
        AlertDescription::NoApplicationProtocol => "no application protocol",
        other => return format!("alert({})", u8::from(other)),
    };
    text.to_owned()
}
