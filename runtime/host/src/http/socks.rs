//! A connection through a proxy of SOCKS, version 5 (RFC 1928, RFC 1929), and Go's words for what the proxy says.

use std::net::IpAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::fault::Interruption;
use super::stream::Stream;
use super::url::Url;

/// Asks a proxy for a connection to the host of a URL.
///
/// # Errors
///
/// What the proxy says, or that it does not speak this protocol.
pub(super) async fn connect(stream: &mut dyn Stream, proxy: &Url, url: &Url) -> Result<(), Interruption> {
    let mut reply = [0; 2];
    let greeting: &[u8] = if proxy.user.is_some() { &[5, 2, 0, 2] } else { &[5, 1, 0] };
    stream.write_all(greeting).await?;
    stream.read_exact(&mut reply).await?;
    match (reply, &proxy.user) {
        ([5, 0], _) => {}
        ([5, 2], Some(user)) => {
            let (name, password) = user.name_and_password();
            let length =
                |text: &[u8]| u8::try_from(text.len()).map_err(|_| Interruption::from("invalid username/password"));
            let request = [&[1, length(&name)?], name.as_slice(), &[length(&password)?], password.as_slice()].concat();
            stream.write_all(&request).await?;
            stream.read_exact(&mut reply).await?;
            if reply[1] != 0 {
                return Err("username/password authentication failed".into());
            }
        }
        ([5, _], _) => return Err("no acceptable authentication methods".into()),
        ([version, _], _) => return Err(format!("unexpected protocol version {version}").into()),
    }
    let port: u16 = url.port().parse().map_err(|_| Interruption::from("port number out of range"))?;
    let request = [&[5, 1, 0], host(url.hostname())?.as_slice(), &port.to_be_bytes()].concat();
    stream.write_all(&request).await?;
    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    if head[1] != 0 {
        return Err(format!("unknown error {}", failure(head[1])).into());
    }
    let length = match head[3] {
        1 => 4,
        4 => 16,
        3 => usize::from(stream.read_u8().await?),
        other => return Err(format!("unknown address type {other}").into()),
    };
    // The address and the port that the proxy uses.
    stream.read_exact(&mut vec![0; length + 2]).await?;
    Ok(())
}

fn host(host: &str) -> Result<Vec<u8>, Interruption> {
    Ok(match host.parse() {
        Ok(IpAddr::V4(address)) => [&[1][..], &address.octets()].concat(),
        Ok(IpAddr::V6(address)) => [&[4][..], &address.octets()].concat(),
        Err(_) => {
            let length = u8::try_from(host.len()).map_err(|_| Interruption::from("FQDN too long"))?;
            [&[3, length], host.as_bytes()].concat()
        }
    })
}

fn failure(code: u8) -> String {
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
