//! Which servers break the rules: public ones with `http`, any with `telnet`.

use std::collections::{BTreeSet, HashSet};

use anyhow::Result;
use regoc_bench_protocol::Contestant;
use serde::Deserialize;

use crate::text::Text;

/// The question needs no data.
pub struct Servers;

#[derive(Deserialize)]
struct Input<'a> {
    #[serde(borrow)]
    servers: Vec<Server<'a>>,
    networks: Vec<Network<'a>>,
    ports: Vec<Port<'a>>,
}

#[derive(Deserialize)]
struct Server<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    protocols: Vec<Text<'a>>,
    ports: Vec<Text<'a>>,
}

#[derive(Deserialize)]
struct Network<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    public: bool,
}

#[derive(Deserialize)]
struct Port<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    network: Text<'a>,
}

impl Contestant for Servers {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        let input: Input = serde_json::from_str(input)?;
        let networks: HashSet<&str> =
            input.networks.iter().filter(|network| network.public).map(|it| &*it.id).collect();
        let public: HashSet<&str> =
            input.ports.iter().filter(|port| networks.contains(&*port.network)).map(|port| &*port.id).collect();
        let breaks = |server: &&Server| {
            let speaks = |protocol: &str| server.protocols.iter().any(|it| &**it == protocol);
            speaks("telnet") || (speaks("http") && server.ports.iter().any(|port| public.contains(&**port)))
        };
        let violation: BTreeSet<&str> = input.servers.iter().filter(breaks).map(|server| &*server.id).collect();
        Ok(Some(serde_json::to_string(&violation)?))
    }
}
