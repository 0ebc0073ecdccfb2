//! Connections, watched: what a server sent first, how much of it, and what failed, in Go's words. Libraries hide these behind errors of their
//! own, and Go's client tells them.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::fault::{Interruption, system_message};
use super::tls;

/// A connection in both directions.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// What was seen of a connection since [`Seen::restart`].
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The first bytes that came.
    pub(super) first: Vec<u8>,
    /// How many came.
    pub(super) count: u64,
    /// How many may come before [`Seen::limit`] is taken away: the beginning of an answer.
    pub(super) limit: Option<u64>,
    /// How many requests were sent, over HTTP/2.
    pub(super) streams: u32,
    /// Whether the other side has ended the connection.
    pub(super) ended: bool,
    /// The first failure of reading.
    read_fault: Option<Interruption>,
    /// The first failure of writing.
    write_fault: Option<Interruption>,
}

impl Seen {
    /// As much of the beginning as is kept, to say what is wrong with it.
    const KEPT: usize = 1 << 14;

    /// Forgets everything, before a request.
    pub(super) fn restart(&mut self, limit: u64) {
        *self = Self { limit: Some(limit), ended: self.ended, ..Self::default() };
    }

    /// Why there is no answer, if the connection failed: as Go's client has it, because it could not be asked for, or else not be read.
    pub(super) fn fault(&self) -> Option<Interruption> {
        self.write_fault.clone().or_else(|| self.read_fault())
    }

    /// Why the rest of an answer could not be read, if the connection failed.
    pub(super) fn read_fault(&self) -> Option<Interruption> {
        self.read_fault.clone()
    }

    fn take_in(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.ended = bytes.is_empty();
        self.count += bytes.len() as u64;
        let room = Self::KEPT.saturating_sub(self.first.len());
        self.first.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
        match self.limit {
            Some(limit) if self.count > limit => {
                let why = format!("net/http: server response headers exceeded {limit} bytes; aborted");
                self.read_fault = Some(why.clone().into());
                Err(io::Error::other(why))
            }
            _ => Ok(()),
        }
    }
}

/// What was seen of a connection, shared with the one who waits for its answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Sight(Arc<Mutex<Seen>>);

impl Sight {
    pub(super) fn look(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that is watched.
pub(super) struct Watched<S> {
    inner: S,
    seen: Sight,
    /// The two ends, as Go names them in what failed between them.
    ends: Option<String>,
}

impl<S> Watched<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner, seen: Sight::default(), ends: None }
    }

    /// The same for a socket of TCP.
    pub(super) fn between(inner: S, own: Option<SocketAddr>, peer: Option<SocketAddr>) -> Self {
        let ends = own.zip(peer).map(|(own, peer)| format!("{own}->{peer}"));
        Self { ends, ..Self::new(inner) }
    }

    pub(super) fn sight(&self) -> Sight {
        self.seen.clone()
    }

    /// An error in Go's words.
    fn explain(&self, operation: &str, error: io::Error) -> io::Error {
        let message = match &self.ends {
            Some(ends) => format!("{operation} tcp {ends}: {operation}: {}", system_message(&error)),
            None => match tls::go_error(&error) {
                Some(message) => message,
                None => system_message(&error),
            },
        };
        io::Error::new(error.kind(), message)
    }
}

impl<S: Stream> AsyncRead for Watched<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        match ready!(Pin::new(&mut this.inner).poll_read(context, buffer)) {
            Ok(()) => {}
            // The end of TLS without a farewell is an end: how long a message is, is told otherwise.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {}
            Err(error) => {
                let error = this.explain("read", error);
                this.seen.look().read_fault = Some(Interruption::Other(system_message(&error)));
                return Poll::Ready(Err(error));
            }
        }
        Poll::Ready(this.seen.look().take_in(buffer.filled().get(before..).unwrap_or_default()))
    }
}

/// A server may answer before it has read everything, and close. What it said counts more than that writing failed, so that what cannot be
/// written is dropped, and told only when there is no answer.
impl<S: Stream> AsyncWrite for Watched<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.seen.look().write_fault.is_some() {
            return Poll::Ready(Ok(bytes.len()));
        }
        match ready!(Pin::new(&mut this.inner).poll_write(context, bytes)) {
            Ok(count) => Poll::Ready(Ok(count)),
            Err(error) => {
                let error = this.explain("write", error);
                this.seen.look().write_fault = Some(Interruption::Other(system_message(&error)));
                Poll::Ready(Ok(bytes.len()))
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = ready!(Pin::new(&mut this.inner).poll_flush(context));
        if let Err(error) = flushed {
            let error = this.explain("write", error);
            this.seen.look().write_fault.get_or_insert(Interruption::Other(system_message(&error)));
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }
}
