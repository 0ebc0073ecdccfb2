//! Connections: to a host, to a socket of this machine, or through a proxy. Every read and write ends when the time of the request is over.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use super::fault::{Interruption, system_message};
use super::headers::Headers;
use super::tls::TlsOptions;
use super::url::Url;
use super::wire;
use crate::lookup;

/// A connection in both directions.
pub(super) trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

/// How to reach the server of a request.
pub(super) struct Route<'a> {
    pub(super) url: &'a Url,
    /// A socket of this machine to connect to, whatever the URL says.
    pub(super) socket: Option<&'a str>,
    pub(super) proxy: Option<&'a Url>,
    pub(super) tls: &'a TlsOptions,
    pub(super) deadline: Option<Instant>,
}

impl Route<'_> {
    /// Whether the proxy is told the whole URL, instead of being asked for a connection through it.
    pub(super) fn tells_proxy(&self) -> bool {
        self.url.scheme == "http" && self.proxy.is_some_and(|proxy| matches!(proxy.scheme.as_str(), "http" | "https"))
    }

    /// Connects.
    ///
    /// # Errors
    ///
    /// What failed, in Go's words.
    pub(super) fn connect(&self) -> Result<Box<dyn Stream>, Interruption> {
        let is_secure = self.url.scheme == "https";
        let stream = match (self.socket, self.proxy) {
            (Some(path), _) => self.connect_socket(path)?,
            (None, None) => self.connect_host(self.url)?,
            (None, Some(proxy)) => self.connect_proxy(proxy, is_secure)?,
        };
        if is_secure { self.tls.connect(stream, self.url.hostname()) } else { Ok(stream) }
    }

    fn connect_host(&self, url: &Url) -> Result<Box<dyn Stream>, Interruption> {
        let port = url.port();
        let number: u16 = port.parse().map_err(|_| format!("dial tcp: address {port}: invalid port"))?;
        // Without a name it is this machine. A zone is the system's to choose.
        let name = match url.hostname().split('%').next() {
            None | Some("") => "127.0.0.1",
            Some(address) if url.host.starts_with('[') => address,
            _ => url.hostname(),
        };
        let addresses = lookup::addresses(name, self.deadline).map_err(|failure| match failure {
            lookup::Failure::TimedOut => Interruption::TimedOut,
            lookup::Failure::NotFound(why) => Interruption::Other(format!("dial tcp: {why}")),
        })?;
        let mut first = None;
        for (position, address) in addresses.iter().enumerate() {
            let target = SocketAddr::new(*address, number);
            let shown = if url.hostname().is_empty() { format!(":{port}") } else { target.to_string() };
            match self.connect_address(target, &shown, addresses.len() - position) {
                Ok(stream) => return Ok(Box::new(Timed { inner: stream, deadline: self.deadline })),
                Err(why) => first = first.or(Some(why)),
            }
        }
        Err(first.unwrap_or_else(|| Interruption::from("dial tcp: no addresses")))
    }

    /// Connects to one of several addresses that are left to try: each gets its share of the time.
    fn connect_address(&self, target: SocketAddr, shown: &str, left: usize) -> Result<TcpStream, Interruption> {
        let connected = match time_left(self.deadline)? {
            None => TcpStream::connect(target),
            Some(time) => TcpStream::connect_timeout(&target, time / u32::try_from(left).unwrap_or(1).max(1)),
        };
        let stream = connected.map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Interruption::TimedOut,
            _ => Interruption::Other(format!("dial tcp {shown}: connect: {}", system_message(&error))),
        })?;
        // A request is written at once; waiting for more to send only costs time.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    #[cfg(unix)]
    fn connect_socket(&self, path: &str) -> Result<Box<dyn Stream>, Interruption> {
        if path.is_empty() {
            return Err("dial unix: missing address".into());
        }
        let stream = UnixStream::connect(path).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput => format!("dial unix {path}: connect: invalid argument"),
            _ => format!("dial unix {path}: connect: {}", system_message(&error)),
        })?;
        Ok(Box::new(Timed { inner: stream, deadline: self.deadline }))
    }

    #[cfg(not(unix))]
    fn connect_socket(&self, path: &str) -> Result<Box<dyn Stream>, Interruption> {
        Err(format!("dial unix {path}: sockets of this kind are not supported here").into())
    }

    fn connect_proxy(&self, proxy: &Url, is_secure: bool) -> Result<Box<dyn Stream>, Interruption> {
        let mut stream = self.connect_host(proxy).map_err(|why| why.prefixed("proxyconnect tcp: "))?;
        if proxy.scheme.starts_with("socks5") {
            let (from, to) = (proxy.address(), self.url.address());
            socks(&mut *stream, proxy, self.url)
                .map_err(|why| why.prefixed(&format!("socks connect tcp {from}->{to}: ")))?;
            return Ok(stream);
        }
        if proxy.scheme == "https" {
            stream = self.tls.connect(stream, proxy.hostname()).map_err(|why| why.prefixed("proxyconnect tcp: "))?;
        }
        if is_secure {
            tunnel(&mut stream, proxy, self.url)?;
        }
        Ok(stream)
    }
}

/// Asks a proxy for a connection to the host of a URL.
fn tunnel(stream: &mut Box<dyn Stream>, proxy: &Url, url: &Url) -> Result<(), Interruption> {
    let address = url.address();
    let mut headers = Headers::default();
    if let Some(user) = &proxy.user {
        headers.set("Proxy-Authorization", user.basic_authorization());
    }
    let mut request =
        format!("CONNECT {address} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: {}\r\n", wire::GO_USER_AGENT);
    wire::write_fields(&mut request, &headers);
    request += "\r\n";
    stream.write_all(request.as_bytes())?;
    let mut reader = wire::Reader::new(stream, wire::Bounds { header: wire::Bounds::USUAL_HEADER, body: 0 });
    let response = reader
        .head("CONNECT")
        .map_err(|why| if why == Interruption::Ended { why } else { Interruption::Other(why.text()) })?;
    if response.code == 200 {
        return Ok(());
    }
    Err(response.status.split_once(' ').map_or("unknown status code", |(_, text)| text).into())
}

/// Asks a SOCKS proxy, version 5 (RFC 1928, RFC 1929), for a connection to the host of a URL.
fn socks(stream: &mut dyn Stream, proxy: &Url, url: &Url) -> Result<(), Interruption> {
    let mut reply = [0; 2];
    let greeting: &[u8] = if proxy.user.is_some() { &[5, 2, 0, 2] } else { &[5, 1, 0] };
    stream.write_all(greeting)?;
    stream.read_exact(&mut reply)?;
    match (reply, &proxy.user) {
        ([5, 0], _) => {}
        ([5, 2], Some(user)) => {
            let (name, password) = user.name_and_password();
            let length =
                |text: &[u8]| u8::try_from(text.len()).map_err(|_| Interruption::from("invalid username/password"));
            let request = [&[1, length(&name)?], name.as_slice(), &[length(&password)?], password.as_slice()].concat();
            stream.write_all(&request)?;
            stream.read_exact(&mut reply)?;
            if reply[1] != 0 {
                return Err("username/password authentication failed".into());
            }
        }
        ([5, _], _) => return Err("no acceptable authentication methods".into()),
        ([version, _], _) => return Err(format!("unexpected protocol version {version}").into()),
    }
    let port: u16 = url.port().parse().map_err(|_| Interruption::from("port number out of range"))?;
    stream.write_all(&[&[5, 1, 0], socks_host(url.hostname())?.as_slice(), &port.to_be_bytes()].concat())?;
    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    if head[1] != 0 {
        return Err(format!("unknown error {}", socks_failure(head[1])).into());
    }
    let length = match head[3] {
        1 => 4,
        4 => 16,
        3 => {
            let mut length = [0];
            stream.read_exact(&mut length)?;
            usize::from(length[0])
        }
        other => return Err(format!("unknown address type {other}").into()),
    };
    // The address and the port that the proxy uses.
    stream.read_exact(&mut vec![0; length + 2])?;
    Ok(())
}

fn socks_host(host: &str) -> Result<Vec<u8>, Interruption> {
    Ok(match host.parse() {
        Ok(IpAddr::V4(address)) => [&[1][..], &address.octets()].concat(),
        Ok(IpAddr::V6(address)) => [&[4][..], &address.octets()].concat(),
        Err(_) => {
            let length = u8::try_from(host.len()).map_err(|_| Interruption::from("FQDN too long"))?;
            [&[3, length], host.as_bytes()].concat()
        }
    })
}

fn socks_failure(code: u8) -> String {
    match code {
        1 => "general SOCKS server failure",
        2 => "connection not allowed by ruleset",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "TTL expired",
        7 => "command not supported",
        8 => "address type not supported",
        other => return format!("unknown code: {other}"),
    }
    .to_owned()
}

/// What is left of the time; none when it is not limited.
///
/// # Errors
///
/// When nothing is left.
fn time_left(deadline: Option<Instant>) -> Result<Option<Duration>, Interruption> {
    let Some(deadline) = deadline else { return Ok(None) };
    match deadline.checked_duration_since(Instant::now()) {
        Some(left) if !left.is_zero() => Ok(Some(left)),
        _ => Err(Interruption::TimedOut),
    }
}

/// A socket whose reads and writes end at a point in time.
struct Timed<S> {
    inner: S,
    deadline: Option<Instant>,
}

/// What sockets of all kinds have.
trait Socket: Read + Write {
    fn set_timeout(&self, time: Option<Duration>) -> io::Result<()>;
    fn peer_and_own(&self) -> Option<(SocketAddr, SocketAddr)> {
        None
    }
}

impl Socket for TcpStream {
    fn set_timeout(&self, time: Option<Duration>) -> io::Result<()> {
        self.set_read_timeout(time)?;
        self.set_write_timeout(time)
    }

    fn peer_and_own(&self) -> Option<(SocketAddr, SocketAddr)> {
        Some((self.peer_addr().ok()?, self.local_addr().ok()?))
    }
}

#[cfg(unix)]
impl Socket for UnixStream {
    fn set_timeout(&self, time: Option<Duration>) -> io::Result<()> {
        self.set_read_timeout(time)?;
        self.set_write_timeout(time)
    }
}

impl<S: Socket> Timed<S> {
    fn arm(&self) -> io::Result<()> {
        let left = time_left(self.deadline).map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?;
        if left.is_some() { self.inner.set_timeout(left) } else { Ok(()) }
    }

    /// An error in Go's words: with the addresses that it happened between.
    fn explain(&self, operation: &str, error: io::Error) -> io::Error {
        match (error.kind(), self.inner.peer_and_own()) {
            (io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted, _) | (_, None) => error,
            (_, Some((peer, own))) => {
                io::Error::other(format!("{operation} tcp {own}->{peer}: {operation}: {}", system_message(&error)))
            }
        }
    }
}

impl<S: Socket> Read for Timed<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.arm()?;
        self.inner.read(buffer).map_err(|error| self.explain("read", error))
    }
}

impl<S: Socket> Write for Timed<S> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.arm()?;
        self.inner.write(buffer).map_err(|error| self.explain("write", error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
