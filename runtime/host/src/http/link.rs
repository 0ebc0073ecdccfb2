//! One connection with hyper on it: HTTP/1.1, or HTTP/2 where a server of TLS chose it. Requests go out, answers come back, faults are told in
//! Go's words.

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::ext::ReasonPhrase;
use hyper::{Response, StatusCode, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::task::JoinHandle;
use tokio::time::{timeout, timeout_at};

use super::broken;
use super::connect::Connected;
use super::fault::Interruption;
use super::message::Outgoing;
use super::stream::{Seen, Sight, Watched};

/// What Go's client calls itself where a policy sets no header, over HTTP/1.1.
pub(super) const GO_USER_AGENT: &str = "Go-http-client/1.1";

/// How much the beginning of an answer may be, in bytes: what Go's client takes.
pub(super) const MOST_HEADER: u64 = 10 << 20;

/// How many header fields an answer may have. Go's client has no such limit; hyper makes room for as many with each answer.
const MOST_FIELDS: usize = 4096;

/// How long a connection may take to become free again, as long as Go's client gives it.
const SETTLING: Duration = Duration::from_millis(50);

/// HTTP/1.1 as this client speaks it.
pub(super) fn http1() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .title_case_headers(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .max_headers(MOST_FIELDS)
        // The limit itself is watched over by the stream, which tells it in Go's words.
        .max_buf_size(usize::try_from(MOST_HEADER).unwrap_or(usize::MAX) + (1 << 16));
    builder
}

/// What drives a connection; it ends with this.
pub(super) struct Task(JoinHandle<()>);

impl Task {
    pub(super) fn spawn(connection: impl Future<Output = hyper::Result<()>> + Send + 'static) -> Self {
        // What went wrong is told to the one who waits for an answer.
        Self(tokio::spawn(async move { drop(connection.await) }))
    }

    /// Waits until the connection has ended.
    pub(super) async fn finish(mut self, time: Duration) {
        if timeout(time, &mut self.0).await.is_err() {
            self.0.abort();
            let _ = (&mut self.0).await;
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

enum Sender {
    One(http1::SendRequest<Full<Bytes>>),
    Two(http2::SendRequest<Full<Bytes>>),
}

/// A connection to a server.
pub(super) struct Link {
    sender: Sender,
    sight: Sight,
    task: Arc<Task>,
    /// Whether it has carried a request before.
    pub(super) is_reused: bool,
    /// The number of the request in the connection, as HTTP/2 counts streams.
    stream: u32,
}

/// Why a request has no answer.
pub(super) struct Failure {
    pub(super) why: Interruption,
    /// Whether nothing of the request was sent.
    pub(super) unsent: bool,
    /// Whether the server has ended the connection before it said anything.
    pub(super) unanswered: bool,
}

impl Link {
    /// Begins to speak HTTP on a connection.
    pub(super) async fn open(connected: Connected) -> Result<Self, Interruption> {
        let stream = Watched::new(connected.stream);
        let sight = stream.sight();
        let stream = TokioIo::new(stream);
        let failed = |error: hyper::Error| why(&error, &sight.look());
        let (sender, task) = if connected.is_http2 {
            let mut builder = http2::Builder::new(TokioExecutor::new());
            builder.max_header_list_size(u32::try_from(MOST_HEADER).unwrap_or(u32::MAX));
            let (sender, connection) = builder.handshake(stream).await.map_err(failed)?;
            (Sender::Two(sender), Task::spawn(connection))
        } else {
            let (sender, connection) = http1().handshake(stream).await.map_err(failed)?;
            (Sender::One(sender), Task::spawn(connection))
        };
        Ok(Self { sender, sight, task: Arc::new(task), is_reused: false, stream: 0 })
    }

    pub(super) fn is_http2(&self) -> bool {
        matches!(self.sender, Sender::Two(_))
    }

    /// Whether the server has ended the connection.
    pub(super) fn is_closed(&self) -> bool {
        match &self.sender {
            Sender::One(sender) => sender.is_closed(),
            Sender::Two(sender) => sender.is_closed(),
        }
    }

    /// The same connection for another request at the same time; none over HTTP/1.1.
    pub(super) fn share(&self) -> Option<Self> {
        match &self.sender {
            Sender::One(_) => None,
            Sender::Two(sender) => Some(Self {
                sender: Sender::Two(sender.clone()),
                sight: self.sight.clone(),
                task: self.task.clone(),
                is_reused: true,
                stream: 0,
            }),
        }
    }

    /// Sends a request, and waits for the beginning of the answer.
    pub(super) async fn send(
        &mut self,
        message: &Outgoing<'_>,
        deadline: Option<Instant>,
    ) -> Result<Response<Incoming>, Failure> {
        // A request that cannot be sent takes a stream all the same in Go's client.
        if self.is_http2() {
            let mut seen = self.sight.look();
            seen.streams += 1;
            self.stream = 2 * seen.streams - 1;
        } else {
            self.sight.look().restart(MOST_HEADER);
        }
        let request = message.request(self.is_http2());
        let request = request.map_err(|why| Failure { why, unsent: false, unanswered: false })?;
        let answered = match &mut self.sender {
            Sender::One(sender) => in_time(deadline, sender.try_send_request(request)).await,
            Sender::Two(sender) => in_time(deadline, sender.try_send_request(request)).await,
        };
        let mut seen = self.sight.look();
        seen.limit = None;
        match answered {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(mut failed)) => {
                let unsent = failed.take_message().is_some() || was_refused(failed.error());
                let unanswered = seen.count == 0 && !self.is_http2();
                Err(Failure { why: self.why(failed.error(), &seen), unsent, unanswered })
            }
            Err(why) => Err(Failure { why, unsent: false, unanswered: false }),
        }
    }

    /// Why there is no answer, in Go's words.
    fn why(&self, error: &hyper::Error, seen: &Seen) -> Interruption {
        match http2_fault(error) {
            Some(fault) if seen.fault().is_none() => broken::http2(fault, self.stream),
            _ => match why(error, seen) {
                Interruption::Other(why) if seen.fault().is_none() => broken::told(&why).into(),
                why => why,
            },
        }
    }

    /// Reads the body of an answer.
    ///
    /// # Errors
    ///
    /// What is wrong, in Go's words, or that it is larger than it may be.
    pub(super) async fn body(
        &self,
        body: Incoming,
        most: usize,
        deadline: Option<Instant>,
    ) -> Result<Vec<u8>, Interruption> {
        in_time(deadline, self.read(body, most)).await?
    }

    async fn read(&self, mut body: Incoming, most: usize) -> Result<Vec<u8>, Interruption> {
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| self.body_fault(&error))?;
            // What is no data is a trailer, which OPA does not show.
            let Ok(part) = frame.into_data() else { continue };
            if part.len() > most.saturating_sub(bytes.len()) {
                return Err(too_large(most));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    }

    /// Why a body could not be read, in Go's words.
    fn body_fault(&self, error: &hyper::Error) -> Interruption {
        let seen = self.sight.look();
        match (seen.read_fault(), http2_fault(error)) {
            (Some(fault), _) => fault,
            // A body that is shorter than it was told to be.
            (None, Some(fault)) if fault.is_reset() && !fault.is_remote() => "unexpected EOF".into(),
            (None, Some(fault)) => broken::http2(fault, self.stream),
            (None, None) if seen.ended => "unexpected EOF".into(),
            (None, None) => broken::chunks(error),
        }
    }

    /// The status of an answer as the server wrote it.
    pub(super) fn status(&self, response: &Response<Incoming>) -> String {
        let code = response.status();
        let seen = self.sight.look();
        let line = broken::first_line(&seen.first);
        match line.split_once(' ').map(|(_, status)| status.trim_start_matches(' ')) {
            Some(status) if response.version() < Version::HTTP_2 && status.starts_with(code.as_str()) => {
                status.to_owned()
            }
            _ => status(response),
        }
    }

    /// Whether it can carry another request, now that its answer was read.
    pub(super) async fn settles(&mut self) -> bool {
        match &mut self.sender {
            Sender::One(sender) => matches!(timeout(SETTLING, sender.ready()).await, Ok(Ok(()))),
            Sender::Two(sender) => !sender.is_closed(),
        }
    }

    /// Ends the connection, if nobody else uses it.
    pub(super) async fn close(self) {
        drop(self.sender);
        if let Some(task) = Arc::into_inner(self.task) {
            task.finish(SETTLING).await;
        }
    }
}

async fn in_time<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Result<T, Interruption> {
    match deadline {
        Some(deadline) => timeout_at(deadline.into(), future).await.map_err(|_| Interruption::TimedOut),
        None => Ok(future.await),
    }
}

/// Why a body that is larger than it may be is not read.
pub(super) fn too_large(most: usize) -> Interruption {
    format!("response body exceeds the limit of {most} bytes").into()
}

/// The status of an answer by its code and its text.
pub(super) fn status<T>(response: &Response<T>) -> String {
    let code = response.status();
    let text = match (response.extensions().get::<ReasonPhrase>(), code) {
        (Some(reason), _) => String::from_utf8_lossy(reason.as_bytes()).into_owned(),
        // Go has older names for these, and HTTP/2 sends none.
        (None, StatusCode::PAYLOAD_TOO_LARGE) if response.version() == Version::HTTP_2 => {
            "Request Entity Too Large".to_owned()
        }
        (None, StatusCode::URI_TOO_LONG) if response.version() == Version::HTTP_2 => "Request URI Too Long".to_owned(),
        (None, StatusCode::RANGE_NOT_SATISFIABLE) if response.version() == Version::HTTP_2 => {
            "Requested Range Not Satisfiable".to_owned()
        }
        (None, _) => code.canonical_reason().unwrap_or_default().to_owned(),
    };
    format!("{} {text}", code.as_str())
}

/// The fault of HTTP/2 that is behind an error.
fn http2_fault(error: &hyper::Error) -> Option<&h2::Error> {
    error.source()?.downcast_ref()
}

/// Whether a server of HTTP/2 says that it has done nothing with a request.
fn was_refused(error: &hyper::Error) -> bool {
    let Some(fault) = http2_fault(error) else { return false };
    let reason = fault.reason();
    fault.is_remote()
        && (reason == Some(h2::Reason::REFUSED_STREAM) || (fault.is_go_away() && reason == Some(h2::Reason::NO_ERROR)))
}

/// Why there is no answer, in Go's words.
pub(super) fn why(error: &hyper::Error, seen: &Seen) -> Interruption {
    if let Some(fault) = seen.fault() {
        return fault;
    }
    if seen.ended && seen.count == 0 {
        return Interruption::Ended;
    }
    if error.is_parse() || error.is_incomplete_message() {
        return broken::explain(&seen.first, error);
    }
    if seen.ended { Interruption::Ended } else { error.to_string().into() }
}
