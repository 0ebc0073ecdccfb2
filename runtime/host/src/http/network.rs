//! Where requests of a client run: one event loop, which the thread of the decision drives while it waits, and the connections in it. There are
//! no threads of its own; between decisions nothing runs.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::runtime::{Builder, Handle, Runtime};

use super::connect::Route;
use super::fault::Interruption;
use super::link::{Failure, Link};
use super::message::{Head, Outgoing};
use super::pool::Pool;

/// An answer: its beginning, and its body or why that could not be read.
pub(super) type Answer = (Head, Result<Vec<u8>, Interruption>);

/// The event loop and the connections of a client.
#[derive(Default)]
pub(super) struct Network {
    runtime: OnceLock<Result<Runtime, String>>,
    pool: Mutex<Pool>,
}

impl Network {
    /// Sends a request and reads the answer; `sent` becomes true when there was a connection to send it on.
    ///
    /// # Errors
    ///
    /// Why there is no answer, in Go's words.
    pub(super) fn exchange(
        &self,
        route: &Route<'_>,
        message: &Outgoing<'_>,
        most: usize,
        sent: &mut bool,
    ) -> Result<Answer, Interruption> {
        let key = route.key();
        if let Some(key) = &key {
            while let Some(link) = self.run(self.reuse(key))? {
                *sent = true;
                // One of HTTP/2 stays where it is, so that it is not asked again.
                let is_last = link.is_http2();
                match self.run(self.ask(link, route, message, most))? {
                    Err(failure) if failure.unsent || (failure.unanswered && message.is_replayable()) => {}
                    answer => return answer.map_err(|failure| failure.why),
                }
                if is_last {
                    break;
                }
            }
        }
        let addresses = route.addresses()?;
        let answer = self.run(async {
            let link = self.open(route, &addresses).await?;
            *sent = true;
            self.ask(link, route, message, most).await.map_err(|failure| failure.why)
        });
        answer?
    }

    /// Connects only.
    ///
    /// # Errors
    ///
    /// As [`Network::exchange`].
    pub(super) fn connect(&self, route: &Route<'_>) -> Result<(), Interruption> {
        let addresses = route.addresses()?;
        self.run(async { self.open(route, &addresses).await.map(drop) })?
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn open(&self, route: &Route<'_>, addresses: &[SocketAddr]) -> Result<Link, Interruption> {
        Link::open(route.connect(addresses).await?).await
    }

    /// A connection that waits, if its server has not ended it meanwhile.
    async fn reuse(&self, key: &str) -> Option<Link> {
        // Lets the connections see what happened to them since the last decision.
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        let (link, old) = self.pool().take(key);
        for link in old {
            link.close().await;
        }
        link
    }

    /// Sends a request on a connection, and keeps the connection if it can carry another one.
    async fn ask(
        &self,
        mut link: Link,
        route: &Route<'_>,
        message: &Outgoing<'_>,
        most: usize,
    ) -> Result<Answer, Failure> {
        let is_reused = link.is_reused;
        let response = match link.send(message, route.deadline).await {
            Ok(response) => response,
            Err(failure) => {
                link.close().await;
                return Err(Failure {
                    unsent: is_reused && failure.unsent,
                    unanswered: is_reused && failure.unanswered,
                    ..failure
                });
            }
        };
        let status = link.status(&response);
        let head = Head::new(status, &response);
        let body = link.body(response.into_body(), most, route.deadline).await;
        let mut replaced = None;
        match route.key() {
            Some(key) if head.is_ok() && body.is_ok() && link.settles().await => {
                replaced = self.pool().put(key, link);
            }
            _ => link.close().await,
        }
        if let Some(link) = replaced {
            link.close().await;
        }
        head.map(|head| (head, body)).map_err(|why| Failure { why, unsent: false, unanswered: false })
    }

    /// Runs something in the event loop. Several threads may do so at the same time.
    fn run<T: Send>(&self, work: impl Future<Output = T> + Send) -> Result<T, Interruption> {
        let runtime = self
            .runtime
            .get_or_init(|| Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string()))
            .as_ref()
            .map_err(|why| Interruption::from(why.as_str()))?;
        if Handle::try_current().is_err() {
            return Ok(runtime.block_on(work));
        }
        // The host has an event loop of its own on this thread, within which no other can run.
        std::thread::scope(|scope| scope.spawn(|| runtime.block_on(work)).join())
            .map_err(|_| Interruption::from("net/http: request canceled"))
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // Dropping it would wait, which a host that has an event loop of its own must not.
        if let Some(Ok(runtime)) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
