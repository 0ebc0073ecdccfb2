//! The services and the page in `examples/`: each is started by the command that its README gives, asked as its README asks, and stopped by its number.
//!
//! Those that need what is not installed say so and are skipped; their start would install it, which `make examples` lets it do
//! (`REGOC_EXAMPLES=all`, or the names of those that must run).

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use regoc_spec_tests::tool;

/// How long a first start may take: it builds the service, and installs what it needs.
const START: Duration = Duration::from_secs(420);
/// How long the end of a service may take.
const END: Duration = Duration::from_secs(20);

#[test]
fn node() -> Result<()> {
    service("node", &["node", "npm"], "node_modules")
}

#[test]
fn worker() -> Result<()> {
    service("worker", &["node", "npm"], "node_modules")
}

#[test]
fn go() -> Result<()> {
    service("go", &["go"], "service")
}

#[test]
fn axum() -> Result<()> {
    service("axum", &["cargo"], "target")
}

#[test]
fn python() -> Result<()> {
    service("python", &["python3"], "environment")
}

#[test]
fn java() -> Result<()> {
    service("java", &["java", "mvn"], "lib")
}

#[test]
fn browser() -> Result<()> {
    let Some(service) = Service::start("browser", &["node", "npm", "chromium"], "regoc.min.js")? else { return Ok(()) };
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/browser.mjs");
    let mut drive = Command::new("node");
    drive.arg(driver).arg("chromium").arg(format!("http://127.0.0.1:{}/", service.port));
    if std::env::var_os("BLESS").is_some() {
        drive.arg(root("docs/browser.png"));
    }
    tool::run(&mut drive)?;
    service.stop()
}

/// Starts a service, asks it, and stops it.
fn service(name: &str, programs: &[&str], installed: &str) -> Result<()> {
    let Some(service) = Service::start(name, programs, installed)? else { return Ok(()) };
    let input = std::fs::read_to_string(root("examples/servers/input.json"))?;
    for _ in 0..20 {
        let (status, body) = service.ask("POST /violation", &input)?;
        ensure!((status, body.replace(' ', "").as_str()) == (200, r#"["busybox","ci"]"#), "{status} {body}");
    }
    let (status, body) = service.ask("POST /violation", r#"{"servers":[]}"#)?;
    ensure!((status, body.as_str()) == (200, "[]"), "{status} {body}");
    for wrong in ["{", ""] {
        let (status, body) = service.ask("POST /violation", wrong)?;
        ensure!(status == 400 && !body.is_empty(), "`{wrong}`: {status} {body}");
    }
    ensure!(service.ask("POST /other", "{}")?.0 == 404);
    let (status, body) = service.ask("POST /violation", &input)?;
    ensure!(status == 200, "after wrong questions: {status} {body}");
    service.stop()
}

/// A service that runs. Dropping it ends it.
struct Service {
    process: Child,
    port: u16,
}

impl Service {
    /// Starts the command of an example's README, and waits until it answers.
    fn start(name: &str, programs: &[&str], installed: &str) -> Result<Option<Self>> {
        let required = std::env::var("REGOC_EXAMPLES").unwrap_or_default();
        let required = required.split_whitespace().any(|it| it == "all" || it == name);
        let folder = root("examples").join(name);
        let missing: Vec<&str> = programs.iter().copied().filter(|program| tool::find(program).is_none()).collect();
        let Some(regoc) = tool::find_regoc().filter(|_| missing.is_empty()) else {
            ensure!(!required, "missing: regoc or {}", missing.join(", "));
            tool::skip(&format!("skipped: examples/{name} needs regoc and {}", programs.join(", ")));
            return Ok(None);
        };
        if !required && !folder.join(installed).exists() {
            tool::skip(&format!("skipped: examples/{name} was never started (`make examples` does)"));
            return Ok(None);
        }
        let readme = std::fs::read_to_string(folder.join("README.md"))?;
        let command =
            readme.split("```console\n").nth(1).and_then(|block| block.lines().next()).context("no command")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = regoc.parent().into_iter().map(Path::to_path_buf).chain(std::env::split_paths(&path));
        let mut words = command.split_whitespace();
        let mut start = Command::new(root(words.next().context("no command")?));
        start
            .args(words)
            .current_dir(root(""))
            .env("PATH", std::env::join_paths(folders)?)
            .env("PORT", port.to_string());
        let process = start.stdin(Stdio::null()).stdout(Stdio::null()).spawn().with_context(|| command.to_owned())?;
        let mut service = Self { process, port };
        service.wait_until_it_listens()?;
        Ok(Some(service))
    }

    fn wait_until_it_listens(&mut self) -> Result<()> {
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!("it ended with {status}");
            }
            ensure!(began.elapsed() < START, "it does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Asks with a method and a path; the status and the body of the answer. A server that answers without reading the body may reset the
    /// connection on a busy machine: then it is asked again, as clients do.
    fn ask(&self, question: &str, body: &str) -> Result<(u16, String)> {
        let is_reset = |error: &anyhow::Error| {
            error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::ConnectionReset)
        };
        for _ in 0..3 {
            match self.ask_once(question, body) {
                Err(error) if is_reset(&error) => {}
                answer => return answer,
            }
        }
        self.ask_once(question, body)
    }

    fn ask_once(&self, question: &str, body: &str) -> Result<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(END))?;
        let length = body.len();
        write!(
            stream,
            "{question} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8(answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("no head")?;
        let status = head.split(' ').nth(1).context("no status")?.parse()?;
        let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        let body = if is_chunked { unchunked(body)? } else { body.to_owned() };
        Ok((status, body.trim().to_owned()))
    }

    /// Ends it as an operator does: by its number. It must obey, and listen no more.
    fn stop(mut self) -> Result<()> {
        tool::run(Command::new("kill").arg(self.process.id().to_string()))?;
        let began = Instant::now();
        let status = loop {
            match self.process.try_wait()? {
                Some(status) => break status,
                None if began.elapsed() > END => bail!("it does not end"),
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        // Java's own answer to the signal is 128 and its number.
        ensure!(matches!(status.code(), Some(0 | 143)), "it ended with {status}");
        ensure!(TcpStream::connect(("127.0.0.1", self.port)).is_err(), "something still listens");
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It has ended, or the test has failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The text of chunks: each is its length in hexadecimal digits on a line, and its bytes on the next.
fn unchunked(mut body: &str) -> Result<String> {
    let mut text = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16)?;
        text.push_str(rest.get(..length).context("a chunk is cut off")?);
        body = rest.get(length + 2..).unwrap_or_default();
    }
    Ok(text)
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
