//! TLS of `http.send` against servers of this test: certificates and limits that only Go's client has so.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use regoc_runtime::HttpClient;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection, Stream, SupportedProtocolVersion, version};
use serde_json::{Value, json};

/// A certificate of the first version for `old.example`, which `openssl x509 -req` makes, and its key.
const CERTIFICATE: &str = "\
    MIIBKDCBzwIUKuacAXckElJnIZsO8JFv5BQsaz4wCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLb2xkLmV4YW1wbGUwIBcNMjYxMTIyMDEwNjI5WhgPMjA4MT\
    A4MjUwMTA2MjlaMBYxFDASBgNVBAMMC29sZC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeNpQq4Pb6EfBEWOck0DCeZ+fDv73UNi/EbaC\
    k6LyoK/34fX5XQacRkTGmglwLUEdgx6ib0ZUHK91nOhOhXQ4VDAKBggqhkjOPQQDAgNIADBFAiApTG0By4ibviSWNCTQFPm86uTbVWJ9UlhJb7gmCbU4zA\
    IhAOiJu+LIXApYPrpvDbhS+M+1uwASRm3UtBnYgC9PYcsv";
const KEY: &str = "\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg04YPJVgwVDP4FMarJYlb6RN96ESOU0jl5iNzFEFZdeChRANCAAR42lCrg9voR8ERY5yTQM\
    J5n58O/vdQ2L8RtoKTovKgr/fh9fldBpxGRMaaCXAtQR2DHqJvRlQcr3Wc6E6FdDhU";

/// The certificate, whatever the client asks for.
#[derive(Debug)]
struct Old(Arc<CertifiedKey>);

impl ResolvesServerCert for Old {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

/// A server that answers each request with `old`; its port.
fn server(version: &'static SupportedProtocolVersion) -> u16 {
    let key = PrivateKeyDer::try_from(BASE64.decode(KEY.as_bytes()).unwrap()).unwrap();
    let certificate = CertificateDer::from(BASE64.decode(CERTIFICATE.as_bytes()).unwrap());
    let provider = Arc::new(ring::default_provider());
    let key = provider.key_provider.load_private_key(key).unwrap();
    let resolver = Arc::new(Old(Arc::new(CertifiedKey::new(vec![certificate], key))));
    let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(&[version]).unwrap();
    let config = Arc::new(config.with_no_client_auth().with_cert_resolver(resolver));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let mut connection = ServerConnection::new(config.clone()).unwrap();
            let mut stream = Stream::new(&mut connection, &mut socket);
            // A client that does not like the certificate ends the connection here.
            if stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold").unwrap();
                stream.flush().unwrap();
            }
        }
    });
    port
}

fn decide(request: &Value) -> Value {
    support::decide(&support::policy(HttpClient::new()), request)
}

#[test]
fn an_old_certificate_serves_where_nobody_asks_whose_it_is() {
    for version in [&version::TLS12, &version::TLS13] {
        let url = format!("https://127.0.0.1:{}", server(version));
        let request = json!({"method": "get", "url": url, "raise_error": false, "tls_insecure_skip_verify": true});
        assert_eq!(decide(&request)["raw_body"], json!("old"), "{version:?}");
        let answer = decide(&json!({"method": "get", "url": url, "raise_error": false})).to_string();
        let why = "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs";
        assert!(answer.contains(why), "{answer}");
    }
}

#[test]
fn a_server_has_ten_seconds_for_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let started = Instant::now();
    let request = json!({"method": "get", "url": url, "raise_error": false, "timeout": "30s"});
    let answer = decide(&request).to_string();
    assert!(answer.contains("net/http: TLS handshake timeout"), "{answer}");
    assert!((Duration::from_secs(10)..Duration::from_secs(20)).contains(&started.elapsed()));
}
