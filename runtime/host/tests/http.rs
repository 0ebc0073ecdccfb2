//! Answers of `http.send` that are kept between decisions, on a module that OPA built (`fixtures/http.rego`); and what an OPA that is a server
//! answers to the same decisions, where it is installed.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

mod support;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use regoc_runtime::{Compilation, HttpClient, Runtime, SystemEffects};
use serde_json::{Value, json};
use support::{MODULE, decide, policy};

const POLICY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/http.rego");

/// A server that gives its replies one after the other, the last one from then on. `DATE` in a reply is the time of now.
struct Server {
    port: u16,
    replies: Arc<Mutex<Vec<String>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (replies, asked) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<Mutex<Vec<String>>>::default());
        let (shared_replies, shared_asked) = (replies.clone(), asked.clone());
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = Vec::new();
                let mut part = [0; 4096];
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    let count = stream.read(&mut part).unwrap_or(0);
                    if count == 0 {
                        break;
                    }
                    request.extend_from_slice(&part[..count]);
                }
                shared_asked.lock().unwrap().push(String::from_utf8(request).unwrap());
                let mut replies = shared_replies.lock().unwrap();
                let reply =
                    if replies.len() > 1 { replies.remove(0) } else { replies.first().cloned().unwrap_or_default() };
                let _ = stream.write_all(reply.replace("DATE", &http_date()).as_bytes());
            }
        });
        Self { port, replies, asked }
    }

    fn set_replies(&self, replies: &[&str]) {
        *self.replies.lock().unwrap() = replies.iter().map(|reply| format!("HTTP/1.1 {reply}")).collect();
        self.asked.lock().unwrap().clear();
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

/// The time of now as HTTP writes it.
fn http_date() -> String {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][usize::try_from(days % 7).unwrap()];
    // Civil dates from days (Howard Hinnant's algorithm), from March on.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let names = ["Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb"];
    let year = year_of_era + era * 400 + u64::from(month >= 10);
    let name = names[usize::try_from(month).unwrap()];
    format!("{weekday}, {day:02} {name} {year} {:02}:{:02}:{:02} GMT", second / 3600, second / 60 % 60, second % 60)
}

/// OPA as a server.
struct Opa {
    process: Child,
    port: u16,
}

impl Opa {
    fn start() -> Option<Self> {
        let folders = std::env::var_os("PATH")?;
        let found = std::env::split_paths(&folders).map(|folder| folder.join("opa")).find(|path| path.is_file());
        let installed = || -> Option<PathBuf> {
            let folders = String::from_utf8(Command::new("go").args(["env", "GOPATH"]).output().ok()?.stdout).ok()?;
            std::env::split_paths(folders.trim()).map(|folder| folder.join("bin/opa")).find(|path| path.is_file())
        };
        let Some(program) = found.or_else(installed) else {
            let _ = writeln!(std::io::stderr(), "skipped: `opa` is not installed; its answers are not compared");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let process = Command::new(program)
            .args(["run", "--server", "--disable-telemetry", "--addr", &address, POLICY])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let server = Self { process: process.unwrap(), port };
        for _ in 0..600 {
            if TcpStream::connect(&address).is_ok() {
                return Some(server);
            }
            thread::sleep(Duration::from_millis(50));
        }
        None
    }

    fn decide(&self, request: &Value) -> Value {
        let body = json!({"input": request}).to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head =
            "POST /v1/data/http/send HTTP/1.1\r\nHost: opa\r\nConnection: close\r\nContent-Type: application/json\r\n";
        write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        // A long body comes in chunks, whose sizes stand on lines of their own.
        let body: String = body.lines().filter(|line| line.starts_with('{')).collect();
        serde_json::from_str::<Value>(&body).unwrap().get("result").cloned().unwrap_or(Value::Null)
    }
}

impl Drop for Opa {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What two engines may answer differently: the time of a reply.
fn without_date(mut answer: Value) -> Value {
    if let Some(headers) = answer.get_mut("headers").and_then(Value::as_object_mut) {
        headers.shift_remove("date");
    }
    answer.sort_all_objects();
    answer
}

/// Asks the same several times.
struct Scenario {
    options: Value,
    replies: &'static [&'static str],
    /// The wait between two decisions.
    pause: Duration,
    /// The bodies that are wanted, and how many requests there must be.
    bodies: [&'static str; 3],
    requests: usize,
}

fn scenario(options: Value, replies: &'static [&'static str], bodies: [&'static str; 3], requests: usize) -> Scenario {
    Scenario { options, replies, pause: Duration::ZERO, bodies, requests }
}

fn scenarios() -> Vec<Scenario> {
    const FRESH: &str = "200 OK\r\nDate: DATE\r\nCache-Control: max-age=60\r\n\r\n1";
    let cache = || json!({"cache": true});
    let mut list = vec![
        scenario(cache(), &[FRESH, "200 OK\r\n\r\n2"], ["1", "1", "1"], 1),
        scenario(json!({}), &[FRESH, "200 OK\r\n\r\n2", "200 OK\r\n\r\n3"], ["1", "2", "3"], 3),
        scenario(
            cache(),
            &["200 OK\r\nCache-Control: no-store, max-age=60\r\nDate: DATE\r\n\r\n1", "200 OK\r\n\r\n2"],
            ["1", "2", "2"],
            3,
        ),
        scenario(cache(), &["200 OK\r\nCache-Control: max-age=60\r\n\r\n1", "200 OK\r\n\r\n2"], ["1", "2", "2"], 3),
        scenario(
            cache(),
            &["200 OK\r\nExpires: Fri, 01 Jan 2100 00:00:00 GMT\r\n\r\n1", "200 OK\r\n\r\n2"],
            ["1", "1", "1"],
            1,
        ),
        scenario(cache(), &["200 OK\r\nExpires: 0\r\n\r\n1", "200 OK\r\n\r\n2"], ["1", "2", "2"], 3),
        scenario(
            cache(),
            &["500 Error\r\nDate: DATE\r\nCache-Control: max-age=60\r\n\r\n1", "200 OK\r\n\r\n2"],
            ["1", "2", "2"],
            3,
        ),
        // A server confirms, and from then on the answer is fresh.
        scenario(
            cache(),
            &[
                "200 OK\r\nETag: \"x\"\r\nA: 1\r\n\r\n1",
                "304 Same\r\nA: 2\r\nDate: DATE\r\nCache-Control: max-age=60\r\n\r\n",
                "500 No\r\n\r\n",
            ],
            ["1", "1", "1"],
            2,
        ),
        scenario(
            cache(),
            &["200 OK\r\nLast-Modified: Fri, 01 Jan 2021 00:00:00 GMT\r\n\r\n1", "304 Same\r\n\r\n", "200 OK\r\n\r\n3"],
            ["1", "1", "3"],
            3,
        ),
        // It has another answer, or none: the latter is asked again without a condition.
        scenario(
            cache(),
            &["200 OK\r\nETag: a\r\n\r\n1", "200 OK\r\nETag: b\r\n\r\n2", "304 Same\r\n\r\n"],
            ["1", "2", "2"],
            3,
        ),
        scenario(cache(), &["200 OK\r\nETag: a\r\n\r\n1", "404 None\r\n\r\n2", "200 OK\r\n\r\n3"], ["1", "3", "3"], 4),
        // The confirmation does not tell its own time.
        scenario(
            cache(),
            &["200 OK\r\nETag: a\r\n\r\n1", "304 Same\r\nCache-Control: max-age=60\r\n\r\n", "200 OK\r\n\r\n3"],
            ["1", "", "3"],
            3,
        ),
        scenario(
            json!({"force_cache": true, "force_cache_duration_seconds": 60}),
            &["200 OK\r\nCache-Control: no-store\r\n\r\n1", "200 OK\r\n\r\n2"],
            ["1", "1", "1"],
            1,
        ),
        scenario(
            json!({"force_cache": true, "force_cache_duration_seconds": 60, "caching_mode": "deserialized"}),
            &["200 OK\r\n\r\n1", "200 OK\r\n\r\n2"],
            ["1", "1", "1"],
            1,
        ),
        scenario(
            json!({"force_cache": true, "force_cache_duration_seconds": 60, "caching_mode": "other"}),
            &["200 OK\r\n\r\n1", "200 OK\r\n\r\n2"],
            ["1", "2", "2"],
            3,
        ),
        scenario(
            json!({"force_cache": true, "force_cache_duration_seconds": 0}),
            &[FRESH, "200 OK\r\n\r\n2"],
            ["1", "1", "1"],
            1,
        ),
        // What is ignored is not sent with the question whether an answer still holds.
        scenario(
            json!({"cache": true, "headers": {"a": "1", "b": "2"}, "cache_ignored_headers": ["b"]}),
            &["200 OK\r\nETag: a\r\n\r\n1", "304 Same\r\n\r\n"],
            ["1", "1", "1"],
            3,
        ),
        scenario(
            cache(),
            &["200 OK\r\nContent-Type: application/json\r\nDate: DATE\r\nCache-Control: max-age=60\r\n\r\n1"],
            ["1", "1", "1"],
            1,
        ),
    ];
    list.push(Scenario {
        pause: Duration::from_millis(1200),
        ..scenario(
            json!({"force_cache": true, "force_cache_duration_seconds": 1}),
            &["200 OK\r\n\r\n1", "200 OK\r\n\r\n2", "200 OK\r\n\r\n3"],
            ["1", "2", "3"],
            3,
        )
    });
    list
}

#[test]
fn answers_are_kept_between_decisions_as_opa_keeps_them() {
    let server = Server::start();
    let opa = Opa::start();
    let policy = policy(HttpClient::new());
    for (number, scenario) in scenarios().iter().enumerate() {
        let mut request =
            json!({"method": "get", "url": format!("http://127.0.0.1:{}/{number}", server.port), "raise_error": false});
        request.as_object_mut().unwrap().extend(scenario.options.as_object().unwrap().clone());
        let ask = |decide: &dyn Fn(&Value) -> Value| {
            server.set_replies(scenario.replies);
            let answers: Vec<_> = (0..3)
                .map(|count| {
                    thread::sleep(if count > 0 { scenario.pause } else { Duration::ZERO });
                    without_date(decide(&request))
                })
                .collect();
            (answers, server.asked())
        };
        let ours = ask(&|request| decide(&policy, request));
        let bodies: Vec<_> = ours.0.iter().map(|answer| answer["raw_body"].as_str().unwrap_or_default()).collect();
        assert_eq!(bodies, scenario.bodies, "{request}: {:?}", ours.0);
        assert_eq!(ours.1.len(), scenario.requests, "{request}");
        if let Some(opa) = &opa {
            assert_eq!(ours, ask(&|request| opa.decide(request)), "{request}: regoc on the left, OPA on the right");
        }
    }
}

#[test]
fn a_client_may_keep_nothing_and_little() {
    let server = Server::start();
    let ask = |client: HttpClient, paths: &[&str]| {
        server.set_replies(&["200 OK\r\n\r\n0123456789"]);
        let policy = policy(client);
        for path in paths {
            let url = format!("http://127.0.0.1:{}{path}", server.port);
            let request = json!({"method": "get", "url": url, "force_cache": true, "force_cache_duration_seconds": 60});
            assert_eq!(decide(&policy, &request)["raw_body"], json!("0123456789"));
        }
        server.asked().len()
    };
    assert_eq!(ask(HttpClient::builder().cache_between_decisions(false).build(), &["/", "/"]), 2);
    assert_eq!(ask(HttpClient::new(), &["/", "/"]), 1);
    let little = || HttpClient::builder().max_cache_size(40).build();
    assert_eq!(ask(little(), &["/a", "/b", "/a", "/b"]), 2);
    assert_eq!(ask(little(), &["/a", "/b", "/c", "/a"]), 4);
    assert_eq!(ask(HttpClient::builder().max_cache_size(5).build(), &["/", "/"]), 2);
}

#[test]
fn a_host_without_a_client_refuses_the_policy() {
    let runtime = Runtime::builder().compilation(Compilation::Baseline).effects(SystemEffects::new).build().unwrap();
    let error = runtime.load(MODULE).map(|_| ()).unwrap_err();
    assert!(error.message().contains("`http.send`, which this host does not allow"), "{error}");
}

#[test]
fn the_time_of_a_client_is_that_of_requests_that_name_none() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let policy = policy(HttpClient::builder().timeout(Duration::from_millis(100)).build());
    let url = format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    let answer = decide(&policy, &json!({"method": "get", "url": url, "raise_error": false}));
    assert!(answer.to_string().contains("Client.Timeout exceeded while awaiting headers"), "{answer}");
}
