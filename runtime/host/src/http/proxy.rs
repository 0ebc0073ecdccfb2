//! Which proxy a request goes through, by the variables of the environment that Go's client reads: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, and
//! the same in small letters.

use std::net::IpAddr;

use super::url::Url;

/// The proxies of a client.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    /// A request handler of a web server, whose clients could set `HTTP_PROXY` by a header.
    is_cgi: bool,
    exceptions: Vec<Exception>,
}

/// Where no proxy is used.
#[derive(Clone, Debug)]
enum Exception {
    Everywhere,
    /// Addresses that begin with as many bits of one.
    Network(IpAddr, u32),
    Address(IpAddr, Option<String>),
    /// A domain, with a dot in front; and whether the name without the dot is meant too.
    Domain {
        suffix: String,
        whole: bool,
        port: Option<String>,
    },
}

impl Proxies {
    /// What the environment says.
    pub(super) fn from_environment() -> Self {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let either = |name: &str| {
            [name.to_owned(), name.to_lowercase()]
                .iter()
                .filter_map(|name| variable(name))
                .find(|value| !value.is_empty())
        };
        Self {
            http: either("HTTP_PROXY").and_then(|text| proxy(&text)),
            https: either("HTTPS_PROXY").and_then(|text| proxy(&text)),
            is_cgi: variable("REQUEST_METHOD").is_some_and(|method| !method.is_empty()),
            exceptions: either("NO_PROXY")
                .map(|list| list.split(',').filter_map(exception).collect())
                .unwrap_or_default(),
        }
    }

    /// The proxy for a URL; none when there is none for it.
    ///
    /// # Errors
    ///
    /// When a proxy that a client of a web server may have named would be used.
    pub(super) fn of(&self, url: &Url) -> Result<Option<&Url>, String> {
        let proxy = match url.scheme.as_str() {
            "http" => self.http.as_ref(),
            "https" => self.https.as_ref(),
            _ => None,
        };
        if proxy.is_some() && url.scheme == "http" && self.is_cgi {
            let message = "refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy";
            return Err(message.to_owned());
        }
        Ok(proxy.filter(|_| !self.is_exception(url.hostname(), url.port())))
    }

    fn is_exception(&self, host: &str, port: &str) -> bool {
        let address: Option<IpAddr> = host.parse().ok();
        let host = host.trim().to_lowercase();
        let same_port = |wanted: &Option<String>| wanted.as_ref().is_none_or(|wanted| wanted == port);
        host == "localhost"
            || address.is_some_and(|address| address.is_loopback())
            || self.exceptions.iter().any(|exception| match exception {
                Exception::Everywhere => true,
                Exception::Network(network, bits) => address.is_some_and(|address| is_within(address, *network, *bits)),
                Exception::Address(only, port) => address == Some(*only) && same_port(port),
                Exception::Domain { suffix, whole, port } => {
                    let fits = host.ends_with(suffix.as_str()) || (*whole && suffix.get(1..) == Some(host.as_str()));
                    address.is_none() && fits && same_port(port)
                }
            })
    }
}

/// The URL of a proxy; one without a scheme is HTTP's.
fn proxy(text: &str) -> Option<Url> {
    match Url::parse(text) {
        Ok(url) if !url.scheme.is_empty() && !url.host.is_empty() => Some(url),
        parsed => Url::parse(&format!("http://{text}")).ok().or(parsed.ok()),
    }
}

fn exception(text: &str) -> Option<Exception> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return None;
    }
    if text == "*" {
        return Some(Exception::Everywhere);
    }
    if let Some((address, bits)) = text.split_once('/')
        && let (Ok(address), Ok(bits)) = (address.parse::<IpAddr>(), bits.parse::<u32>())
        && bits <= width(address)
    {
        return Some(Exception::Network(address, bits));
    }
    // A port stands behind a single colon, or behind brackets.
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port.to_owned())),
        _ => (text.as_str(), None),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = host.parse() {
        return Some(Exception::Address(address, port));
    }
    let host = if host.starts_with("*.") { host.get(1..)? } else { host };
    if host.is_empty() {
        return None;
    }
    let whole = !host.starts_with('.');
    Some(Exception::Domain { suffix: if whole { format!(".{host}") } else { host.to_owned() }, whole, port })
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn is_within(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let number = |address: IpAddr| match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    };
    let rest = width(network) - bits;
    address.is_ipv4() == network.is_ipv4() && (rest == 128 || number(address) >> rest == number(network) >> rest)
}

#[cfg(test)]
mod tests {
    use super::Proxies;
    use crate::http::url::Url;

    fn used(exceptions: &str, url: &str) -> Option<String> {
        let variable = |name: &str| match name {
            "HTTP_PROXY" => Some("proxy.example:3128".to_owned()),
            "https_proxy" => Some("https://u:p@secure.example".to_owned()),
            "NO_PROXY" => Some(exceptions.to_owned()),
            _ => None,
        };
        let url = Url::parse(url).unwrap_or_default();
        Proxies::from_variables(variable).of(&url).ok()?.map(Url::address)
    }

    #[test]
    fn proxies_are_chosen_by_scheme() {
        assert_eq!(used("", "http://a/").as_deref(), Some("proxy.example:3128"));
        assert_eq!(used("", "https://a/").as_deref(), Some("secure.example:443"));
        assert_eq!(used("", "ftp://a/"), None);
        for local in ["http://localhost:80/", "http://127.0.0.9/", "http://[::1]/"] {
            assert_eq!(used("", local), None);
        }
    }

    #[test]
    fn exceptions() {
        let list = "example.com, *.dots.org, .sub.net:8080 , 10.0.0.0/8, 192.168.1.1, [2001:db8::1]:81, ,:1";
        for direct in [
            "http://example.com/",
            "http://A.Example.com/",
            "http://x.dots.org/",
            "http://x.sub.net:8080/",
            "http://10.9.8.7/",
            "http://192.168.1.1:5/",
            "http://[2001:db8::1]:81/",
        ] {
            assert_eq!(used(list, direct), None, "{direct}");
        }
        for through in [
            "http://notexample.com/",
            "http://dots.org/",
            "http://x.sub.net/",
            "http://11.0.0.1/",
            "http://[2001:db8::1]/",
        ] {
            assert!(used(list, through).is_some(), "{through}");
        }
        assert_eq!(used("*", "http://example.com/"), None);
    }

    #[test]
    fn web_servers_do_not_take_a_proxy_from_their_clients() {
        let proxies = Proxies::from_variables(|name| {
            Some(if name == "REQUEST_METHOD" { "GET" } else { "http://proxy" }.to_owned())
                .filter(|_| name != "NO_PROXY")
        });
        let of = |url: &str| proxies.of(&Url::parse(url).unwrap_or_default()).map(|proxy| proxy.is_some());
        assert!(of("http://a/").is_err_and(|why| why.contains("CGI")));
        assert_eq!(of("https://a/"), Ok(true));
    }
}
