//! Looks up the addresses of host names with the system's resolver, which has no time limit of its own, and says failures in the words
//! of Go's resolver.

use std::net::{IpAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

/// Why a name has no addresses.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The time was over.
    TimedOut,
    /// There is no such name, or nobody who knows: the message.
    NotFound(String),
}

/// The addresses of a name, or the one that the name is, in the order in which they should be tried.
pub(crate) fn addresses(name: &str, deadline: Option<Instant>) -> Result<Vec<IpAddr>, Failure> {
    if let Ok(address) = name.parse() {
        return Ok(vec![address]);
    }
    if !is_name(name) {
        return Err(Failure::NotFound(format!("lookup {name}: no such host")));
    }
    let found = match deadline {
        None => resolve(name),
        Some(deadline) => {
            // The resolver cannot be interrupted: a thread waits for it, and is left to itself when it takes too long.
            let (sender, receiver) = mpsc::channel();
            let owned = name.to_owned();
            let spawned = thread::Builder::new().name("regoc-lookup".to_owned()).spawn(move || {
                // Nobody listens any more when the time is over.
                let _ = sender.send(resolve(&owned));
            });
            spawned.map_err(|error| Failure::NotFound(format!("lookup {name}: {error}")))?;
            let left = deadline.saturating_duration_since(Instant::now());
            receiver.recv_timeout(left).map_err(|_| Failure::TimedOut)?
        }
    };
    found.map_err(|why| Failure::NotFound(format!("lookup {name}{}: {why}", server())))
}

fn resolve(name: &str) -> Result<Vec<IpAddr>, &'static str> {
    let found = (name, 0).to_socket_addrs().map_err(|error| {
        // The resolver's own codes arrive as text only; all but a failure for now mean that there is no such name.
        if error.to_string().contains("Temporary failure") { "server misbehaving" } else { "no such host" }
    })?;
    let mut addresses = Vec::new();
    for address in found {
        if !addresses.contains(&address.ip()) {
            addresses.push(address.ip());
        }
    }
    if addresses.is_empty() { Err("no such host") } else { Ok(addresses) }
}

/// Whether a text can be the name of a host, as Go's resolver has it before it asks anybody.
fn is_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let label =
        |label: &str| !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-');
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') || byte >= 0x80;
    name.len() <= 253 && name.bytes().all(valid) && name.split('.').all(label)
}

/// The server that Go's resolver names in its messages.
fn server() -> String {
    let Ok(settings) = std::fs::read_to_string("/etc/resolv.conf") else { return String::new() };
    let server = settings.lines().find_map(|line| line.strip_prefix("nameserver")?.split_whitespace().next());
    match server.map(|server| (server, server.contains(':'))) {
        Some((server, true)) => format!(" on [{server}]:53"),
        Some((server, false)) => format!(" on {server}:53"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, addresses};

    #[test]
    fn addresses_are_their_own() {
        assert_eq!(addresses("127.0.0.1", None).map(|found| found.len()), Ok(1));
        assert_eq!(addresses("::1", None).map(|found| found.len()), Ok(1));
    }

    #[test]
    fn what_is_no_name_is_not_looked_up() {
        for name in ["", "a b", ".", "a..b", "-a", &"a".repeat(64)] {
            assert_eq!(addresses(name, None), Err(Failure::NotFound(format!("lookup {name}: no such host"))));
        }
    }
}
