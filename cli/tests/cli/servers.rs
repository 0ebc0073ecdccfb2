//! Servers for tests, in threads on the loopback address: each says to a request what the test tells it to say.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use tokio_rustls::TlsAcceptor;

/// What a server does.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Writes these bytes and closes.
    Bytes(Vec<u8>),
    /// Writes these bytes and says nothing more.
    Hang(Vec<u8>),
    /// Writes the first bytes, and then the second for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// Tells the request back as the body.
    Echo,
}

impl Reply {
    pub(crate) fn text(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

/// A server that runs until the test is over.
pub(crate) struct Server {
    /// The port on 127.0.0.1; none for a socket of another kind.
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// The requests since the last call.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// A server of HTTP that replies by the target and the number of requests so far.
    pub(crate) fn http(reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::tcp(move |stream, asked| talk(stream, &reply, asked))
    }

    /// The same within TLS, with a certificate of `tests/certificates`. Clients must show one of their own if that is demanded.
    pub(crate) fn https(
        certificate: &str,
        demands: bool,
        reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let config = tls_config(certificate, demands);
        Self::tcp(move |stream, asked| {
            let connection = ServerConnection::new(config.clone()).unwrap();
            talk(StreamOwned::new(connection, stream), &reply, asked);
        })
    }

    /// A server of HTTP that keeps connections, and notes each new one beside the requests. Behind a reply to a target that begins with `/close`
    /// it ends the connection without a word.
    pub(crate) fn keeping(reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::tcp(move |mut stream, asked| {
            asked.lock().unwrap().push("a connection".to_owned());
            while answer(&mut stream, &reply, asked) {}
        })
    }

    /// A server of HTTP/2 within TLS, which echoes requests and notes each new connection.
    pub(crate) fn http2(certificate: &str) -> Self {
        let mut config = ServerConfig::clone(&tls_config(certificate, false));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Self::tcp(move |stream, asked| {
            asked.lock().unwrap().push("a connection".to_owned());
            stream.set_nonblocking(true).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            // A client that has heard enough may be gone.
            let _ = runtime.block_on(talk_http2(stream, &acceptor, asked));
        })
    }

    /// A proxy of SOCKS, version 5, that is the server at the other end itself. Clients that offer a name and a password must tell them.
    pub(crate) fn socks(reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::tcp(move |mut stream, asked| {
            if shake_hands(&mut stream, asked).is_some() {
                talk(stream, &reply, asked);
            }
        })
    }

    /// A proxy that is asked for a tunnel and is the server of TLS behind it itself.
    pub(crate) fn tunnel(certificate: &str, reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let config = tls_config(certificate, false);
        Self::tcp(move |mut stream, asked| {
            let Some(request) = read_request(&mut stream) else { return };
            asked.lock().unwrap().push(request);
            let _ = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
            let connection = ServerConnection::new(config.clone()).unwrap();
            talk(StreamOwned::new(connection, stream), &reply, asked);
        })
    }

    fn tcp(talk: impl Fn(TcpStream, &Mutex<Vec<String>>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (talk, shared) = (Arc::new(talk), asked.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (talk, shared) = (talk.clone(), shared.clone());
                thread::spawn(move || talk(stream, &shared));
            }
        });
        Self { port, asked }
    }

    /// A server of HTTP at a socket of this machine.
    pub(crate) fn unix(path: &Path, reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = UnixListener::bind(path).unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let shared = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                talk(stream, &reply, &shared);
            }
        });
        Self { port: 0, asked }
    }
}

/// The path of a file of `tests/certificates`.
pub(crate) fn certificate(name: &str) -> String {
    format!("{}/tests/certificates/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn tls_config(name: &str, demands: bool) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = vec![CertificateDer::from_pem_file(certificate(&format!("{name}.pem"))).unwrap()];
    let key = PrivateKeyDer::from_pem_file(certificate(&format!("{name}.key"))).unwrap();
    let builder = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().unwrap();
    let builder = if demands {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(certificate("ca.pem")).unwrap()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        builder.with_client_cert_verifier(verifier)
    } else {
        builder.with_no_client_auth()
    };
    Arc::new(builder.with_single_cert(chain, key).unwrap())
}

/// What a proxy of SOCKS and its client say to each other, noted.
fn shake_hands(stream: &mut TcpStream, asked: &Mutex<Vec<String>>) -> Option<()> {
    let take = |stream: &mut TcpStream, count: usize| {
        let mut bytes = vec![0; count];
        stream.read_exact(&mut bytes).ok()?;
        asked.lock().unwrap().push(format!("{bytes:?}"));
        Some(bytes)
    };
    let count = take(stream, 2)?[1];
    let methods = take(stream, usize::from(count))?;
    if methods.contains(&2) {
        stream.write_all(&[5, 2]).ok()?;
        let length = take(stream, 2)?[1];
        take(stream, usize::from(length))?;
        let length = take(stream, 1)?[0];
        take(stream, usize::from(length))?;
        stream.write_all(&[1, 0]).ok()?;
    } else {
        stream.write_all(&[5, 0]).ok()?;
    }
    let length = take(stream, 5)?[4];
    take(stream, usize::from(length) + 2)?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()
}

/// Reads one request and replies.
fn talk(mut stream: impl Read + Write, reply: &impl Fn(&str, usize) -> Reply, asked: &Mutex<Vec<String>>) {
    answer(&mut stream, reply, asked);
}

/// Reads requests of HTTP/2 and echoes them. A target that begins with `/reset` is refused, `/away` ends the connection, `/short` says less than
/// it promises.
async fn talk_http2(stream: TcpStream, acceptor: &TlsAcceptor, asked: &Mutex<Vec<String>>) -> Result<(), h2::Error> {
    let Ok(stream) = acceptor.accept(tokio::net::TcpStream::from_std(stream).unwrap()).await else { return Ok(()) };
    let mut connection = h2::server::handshake(stream).await?;
    while let Some(accepted) = connection.accept().await {
        let (request, mut respond) = accepted?;
        let (head, mut body) = request.into_parts();
        let mut fields: Vec<String> =
            head.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        fields.sort();
        let text = format!("{} {} {}", head.method, head.uri, fields.join(", "));
        asked.lock().unwrap().push(text.clone());
        match head.uri.path() {
            "/reset" => {
                respond.send_reset(h2::Reason::INTERNAL_ERROR);
                continue;
            }
            "/away" => {
                connection.abrupt_shutdown(h2::Reason::ENHANCE_YOUR_CALM);
                continue;
            }
            _ => {}
        }
        tokio::spawn(async move {
            let mut said = text.into_bytes();
            while let Some(Ok(part)) = body.data().await {
                said.extend_from_slice(&part);
                let _ = body.flow_control().release_capacity(part.len());
            }
            let code = if head.uri.path() == "/large" { 413 } else { 200 };
            let mut response = hyper::Response::builder().status(code).header("x-a", "b").header("Trailer", "x-c");
            if head.uri.path() == "/short" {
                response = response.header("Content-Length", said.len() + 5);
            }
            let mut stream = respond.send_response(response.body(()).unwrap(), false).unwrap();
            if head.method != "HEAD" {
                stream.send_data(said.into(), false).unwrap();
            }
            stream.send_trailers(hyper::HeaderMap::new()).unwrap();
        });
    }
    Ok(())
}

/// Reads one request and replies; whether the connection is kept.
fn answer(stream: &mut (impl Read + Write), reply: &impl Fn(&str, usize) -> Reply, asked: &Mutex<Vec<String>>) -> bool {
    let Some(request) = read_request(stream) else { return false };
    let count = {
        let mut asked = asked.lock().unwrap();
        asked.push(request.clone());
        asked.len()
    };
    let target = request.split(' ').nth(1).unwrap_or_default();
    // A client that has heard enough may be gone.
    let _ = match reply(target, count) {
        Reply::Bytes(bytes) => stream.write_all(&bytes),
        Reply::Echo => {
            let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", request.len());
            stream.write_all((head + &request).as_bytes())
        }
        Reply::Hang(bytes) => {
            let written = stream.write_all(&bytes).and_then(|()| stream.flush());
            thread::sleep(Duration::from_secs(30));
            written
        }
        Reply::Endless(head, part) => {
            let mut written = stream.write_all(&head);
            while written.is_ok() {
                written = stream.write_all(&part);
            }
            written
        }
    };
    let _ = stream.flush();
    !target.starts_with("/close") && !request.contains("Connection: close")
}

/// A request: its head and the body that its length tells.
fn read_request(stream: &mut impl Read) -> Option<String> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse::<usize>().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        match stream.read(&mut part) {
            Ok(count @ 1..) => bytes.extend_from_slice(part.get(..count)?),
            _ => return None,
        }
    }
}
