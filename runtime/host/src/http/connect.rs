//! Connections: to a host, to a socket of this machine, or through a proxy. Names are looked up beforehand, because that cannot wait together
//! with others.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{timeout, timeout_at};

use super::fault::{Interruption, system_message};
use super::link::{self, GO_USER_AGENT};
use super::socks;
use super::stream::{Stream, Watched};
use super::tls::TlsOptions;
use super::url::Url;
use crate::lookup;

/// How to reach the server of a request.
pub(super) struct Route<'a> {
    pub(super) url: &'a Url,
    /// A socket of this machine to connect to, whatever the URL says.
    pub(super) socket: Option<&'a str>,
    pub(super) proxy: Option<&'a Url>,
    pub(super) tls: &'a TlsOptions,
    pub(super) deadline: Option<Instant>,
}

/// How long Go's client dials at most (`http.DefaultTransport`, which OPA takes over).
const DIAL: Duration = Duration::from_secs(30);

/// How long it waits for a server to be done with TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A connection to the server of a request.
pub(super) struct Connected {
    pub(super) stream: Box<dyn Stream>,
    /// Whether the server chose HTTP/2.
    pub(super) is_http2: bool,
}

impl Route<'_> {
    /// Whether the proxy is told the whole URL, instead of being asked for a connection through it.
    pub(super) fn tells_proxy(&self) -> bool {
        self.url.scheme == "http" && self.proxy.is_some_and(|proxy| matches!(proxy.scheme.as_str(), "http" | "https"))
    }

    /// What connections have in common that can stand for one another, as Go's client has it; none where each request gets its own, because
    /// OPA makes a client for it.
    pub(super) fn key(&self) -> Option<String> {
        if self.socket.is_some() || self.tls.is_set() {
            return None;
        }
        let proxy = self.proxy.map(Url::with_password).unwrap_or_default();
        let server = if self.tells_proxy() { String::new() } else { self.url.address() };
        Some(format!("{}|{server}|{proxy}", self.url.scheme))
    }

    /// The addresses to connect to; none for a socket of this machine.
    ///
    /// # Errors
    ///
    /// When a name has none, or the time is over.
    pub(super) fn addresses(&self) -> Result<Vec<SocketAddr>, Interruption> {
        if self.socket.is_some() {
            return Ok(Vec::new());
        }
        let host = self.proxy.unwrap_or(self.url);
        let found = addresses(host, self.deadline);
        if self.proxy.is_some() { found.map_err(|why| why.prefixed("proxyconnect tcp: ")) } else { found }
    }

    /// Connects.
    ///
    /// # Errors
    ///
    /// What failed, in Go's words.
    pub(super) async fn connect(&self, addresses: &[SocketAddr]) -> Result<Connected, Interruption> {
        let connecting = self.connect_in_time(addresses);
        match self.deadline {
            Some(deadline) => timeout_at(deadline.into(), connecting).await.unwrap_or(Err(Interruption::TimedOut)),
            None => connecting.await,
        }
    }

    async fn connect_in_time(&self, addresses: &[SocketAddr]) -> Result<Connected, Interruption> {
        let is_secure = self.url.scheme == "https";
        let stream = match (self.socket, self.proxy) {
            (Some(path), _) => connect_socket(path).await?,
            (None, None) => self.connect_host(self.url, addresses).await?,
            (None, Some(proxy)) => self.connect_proxy(proxy, addresses, is_secure).await?,
        };
        if is_secure { self.secure(stream, self.url, true).await } else { Ok(Connected { stream, is_http2: false }) }
    }

    /// Puts TLS over a stream, in the time that Go's client has for that.
    async fn secure(&self, stream: Box<dyn Stream>, url: &Url, offers_http2: bool) -> Result<Connected, Interruption> {
        let connecting = self.tls.connect(stream, url.hostname(), offers_http2);
        timeout(HANDSHAKE, connecting)
            .await
            .unwrap_or_else(|_| Err(Interruption::PartTimedOut("net/http: TLS handshake timeout".to_owned())))
    }

    /// Connects to the first address that answers: each gets its share of the time.
    async fn connect_host(&self, url: &Url, addresses: &[SocketAddr]) -> Result<Box<dyn Stream>, Interruption> {
        let mut first = None;
        let end = Instant::now() + DIAL;
        let end = self.deadline.map_or(end, |deadline| deadline.min(end));
        for (position, address) in addresses.iter().enumerate() {
            let left = u32::try_from(addresses.len() - position).unwrap_or(1).max(1);
            let connecting = TcpStream::connect(*address);
            let share = end.saturating_duration_since(Instant::now()) / left;
            let connected = timeout(share, connecting).await.unwrap_or(Err(ErrorKind::TimedOut.into()));
            let shown = if url.hostname().is_empty() { format!(":{}", address.port()) } else { address.to_string() };
            match connected {
                Ok(stream) => {
                    // A request is written at once; waiting for more to send only costs time.
                    let _ = stream.set_nodelay(true);
                    let (own, peer) = (stream.local_addr().ok(), stream.peer_addr().ok());
                    return Ok(Box::new(Watched::between(stream, own, peer)));
                }
                Err(error) if error.kind() == ErrorKind::TimedOut => {
                    let why = format!("dial tcp {shown}: i/o timeout");
                    let is_whole = self.deadline.is_some_and(|deadline| deadline <= end);
                    first.get_or_insert(if is_whole {
                        Interruption::TimedOut
                    } else {
                        Interruption::PartTimedOut(why)
                    });
                }
                Err(error) => {
                    let why = format!("dial tcp {shown}: connect: {}", system_message(&error));
                    first.get_or_insert(why.into());
                }
            }
        }
        Err(first.unwrap_or_else(|| Interruption::from("dial tcp: no addresses")))
    }

    async fn connect_proxy(
        &self,
        proxy: &Url,
        addresses: &[SocketAddr],
        is_secure: bool,
    ) -> Result<Box<dyn Stream>, Interruption> {
        let prefixed = |why: Interruption| why.prefixed("proxyconnect tcp: ");
        let mut stream = self.connect_host(proxy, addresses).await.map_err(prefixed)?;
        if proxy.scheme.starts_with("socks5") {
            let (from, to) = (proxy.address(), self.url.address());
            socks::connect(&mut *stream, proxy, self.url)
                .await
                .map_err(|why| why.prefixed(&format!("socks connect tcp {from}->{to}: ")))?;
            return Ok(stream);
        }
        if proxy.scheme == "https" {
            stream = self.secure(stream, proxy, false).await.map_err(prefixed)?.stream;
        }
        if is_secure { tunnel(stream, proxy, self.url).await } else { Ok(stream) }
    }
}

fn addresses(url: &Url, deadline: Option<Instant>) -> Result<Vec<SocketAddr>, Interruption> {
    let port = url.port();
    let number: u16 = port.parse().map_err(|_| format!("dial tcp: address {port}: invalid port"))?;
    // Without a name it is this machine. A zone is the system's to choose.
    let name = match url.hostname().split('%').next() {
        None | Some("") => "127.0.0.1",
        Some(address) if url.host.starts_with('[') => address,
        _ => url.hostname(),
    };
    let found = lookup::addresses(name, deadline).map_err(|failure| match failure {
        lookup::Failure::TimedOut => Interruption::TimedOut,
        lookup::Failure::NotFound(why) => Interruption::Other(format!("dial tcp: {why}")),
    })?;
    Ok(found.into_iter().map(|address: IpAddr| SocketAddr::new(address, number)).collect())
}

#[cfg(unix)]
async fn connect_socket(path: &str) -> Result<Box<dyn Stream>, Interruption> {
    if path.is_empty() {
        return Err("dial unix: missing address".into());
    }
    let stream = tokio::net::UnixStream::connect(path).await.map_err(|error| match error.kind() {
        ErrorKind::InvalidInput => format!("dial unix {path}: connect: invalid argument"),
        _ => format!("dial unix {path}: connect: {}", system_message(&error)),
    })?;
    Ok(Box::new(stream))
}

#[cfg(not(unix))]
async fn connect_socket(path: &str) -> Result<Box<dyn Stream>, Interruption> {
    Err(format!("dial unix {path}: sockets of this kind are not supported here").into())
}

/// Asks a proxy for a connection to the host of a URL.
async fn tunnel(stream: Box<dyn Stream>, proxy: &Url, url: &Url) -> Result<Box<dyn Stream>, Interruption> {
    let address = url.address();
    let mut request = Request::connect(&address).header("Host", &address).header("User-Agent", GO_USER_AGENT);
    if let Some(user) = &proxy.user {
        request = request.header("Proxy-Authorization", user.basic_authorization());
    }
    let request = request.body(Empty::<Bytes>::new()).map_err(|error| error.to_string())?;
    let stream = Watched::new(stream);
    let sight = stream.sight();
    sight.look().restart(link::MOST_HEADER);
    let failed = |error: hyper::Error| link::why(&error, &sight.look());
    let (mut sender, connection) = link::http1().handshake(TokioIo::new(stream)).await.map_err(failed)?;
    let connection = link::Task::spawn(connection.with_upgrades());
    let response = sender.send_request(request).await.map_err(failed)?;
    if response.status() != StatusCode::OK {
        let status = link::status(&response);
        return Err(status.split_once(' ').map_or("unknown status code", |(_, text)| text).into());
    }
    let upgraded = hyper::upgrade::on(response).await.map_err(failed)?;
    connection.finish(Duration::from_secs(1)).await;
    // What the proxy said behind its answer is dropped: nobody speaks before the client does in TLS.
    let parts = upgraded.downcast::<TokioIo<Watched<Box<dyn Stream>>>>();
    let parts = parts.map_err(|_| Interruption::from("net/http: the connection to the proxy was lost"))?;
    Ok(Box::new(parts.io.into_inner()))
}
