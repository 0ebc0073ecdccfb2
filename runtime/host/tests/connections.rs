//! Connections of `http.send`: used again within and between decisions, by several threads, and by hosts that have an event loop of their own.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use regoc_runtime::HttpClient;
use serde_json::{Value, json};
use support::{decide, policy};

/// A server that keeps connections and counts them, and those that are open. It says nothing to a target that begins with `/hang`, and ends the
/// connection behind `/close`.
struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
    open: Arc<AtomicUsize>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, open) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let server = Self { port, connections: connections.clone(), open: open.clone() };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::SeqCst);
                let open = open.clone();
                open.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || {
                    serve(stream);
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        server
    }

    fn request(&self, path: &str) -> Value {
        json!({"method": "get", "url": format!("http://127.0.0.1:{}{path}", self.port), "raise_error": false})
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Waits until so many connections are open.
    fn wait_for_open(&self, count: usize) -> bool {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(5) {
            if self.open.load(Ordering::SeqCst) == count {
                return true;
            }
            thread::sleep(Duration::from_millis(5));
        }
        false
    }
}

fn serve(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut target = String::new();
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|count| count > 2) {
            if target.is_empty() {
                target = line.split(' ').nth(1).unwrap_or_default().to_owned();
            }
            line.clear();
        }
        if target.is_empty() {
            return;
        }
        if !target.starts_with("/hang") {
            let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{target}", target.len());
            stream.write_all(reply.as_bytes()).unwrap();
        }
        if target.starts_with("/close") {
            return;
        }
    }
}

#[test]
fn a_connection_serves_many_decisions() {
    let server = Server::start();
    let policy = policy(HttpClient::new());
    for count in 0..20 {
        let path = format!("/{count}");
        assert_eq!(decide(&policy, &server.request(&path))["raw_body"], json!(path));
    }
    assert_eq!(server.connections(), 1);
    drop(policy);
    assert!(server.wait_for_open(0), "a client that is dropped ends its connections");
}

#[test]
fn a_connection_that_the_server_ended_is_replaced() {
    let server = Server::start();
    let policy = policy(HttpClient::new());
    for count in 0..5 {
        let path = format!("/close{count}");
        assert_eq!(decide(&policy, &server.request(&path))["raw_body"], json!(path));
        assert!(server.wait_for_open(0));
    }
    assert_eq!(server.connections(), 5);
}

#[test]
fn a_request_that_took_too_long_leaves_no_connection() {
    let server = Server::start();
    let policy = policy(HttpClient::builder().timeout(Duration::from_millis(100)).build());
    for path in ["/hang", "/hang/again"] {
        let answer = decide(&policy, &server.request(path)).to_string();
        assert!(answer.contains("Client.Timeout exceeded while awaiting headers"), "{answer}");
        assert!(server.wait_for_open(0));
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn several_threads_use_one_client() {
    let server = Server::start();
    let policy = policy(HttpClient::new());
    thread::scope(|scope| {
        for thread in 0..8 {
            let (policy, server) = (&policy, &server);
            scope.spawn(move || {
                for count in 0..25 {
                    let path = format!("/{thread}/{count}");
                    assert_eq!(decide(policy, &server.request(&path))["raw_body"], json!(path));
                }
            });
        }
        // One that waits for its time does not stop the others.
        scope.spawn(|| decide(&policy, &server.request("/hang")));
    });
    assert!(server.wait_for_open(2), "no more wait than Go's client keeps");
}

#[test]
fn a_host_may_have_an_event_loop_of_its_own() {
    let server = Server::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let policy = policy(HttpClient::new());
        for path in ["/a", "/b"] {
            assert_eq!(decide(&policy, &server.request(path))["raw_body"], json!(path));
        }
    });
    assert_eq!(server.connections(), 1);
}
