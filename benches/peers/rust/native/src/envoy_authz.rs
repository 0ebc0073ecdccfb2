//! Whether a request may pass: by routes whose scope its token has.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use regoc_bench_protocol::Contestant;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// Takes text with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Who issues tokens, and the routes of each method.
pub struct Envoy {
    issuer: String,
    routes: HashMap<String, Vec<Route>>,
}

/// A route with its pattern cut at the slashes.
struct Route {
    segments: Vec<Segment>,
    scope: String,
}

enum Segment {
    Any,
    Is(String),
}

#[derive(Deserialize)]
struct Data {
    issuer: String,
    routes: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    method: String,
    path: String,
    scope: String,
}

#[derive(Deserialize)]
struct Input<'a> {
    now: f64,
    #[serde(borrow)]
    attributes: Attributes<'a>,
}

#[derive(Deserialize)]
struct Attributes<'a> {
    #[serde(borrow)]
    request: Request<'a>,
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    http: Http<'a>,
}

#[derive(Deserialize)]
struct Http<'a> {
    #[serde(borrow)]
    method: Text<'a>,
    path: Text<'a>,
    headers: Headers<'a>,
}

#[derive(Deserialize)]
struct Headers<'a> {
    #[serde(borrow)]
    authorization: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Claims<'a> {
    #[serde(borrow)]
    iss: Option<Text<'a>>,
    exp: Option<f64>,
    sub: Option<Text<'a>>,
    #[serde(default)]
    scopes: Vec<Text<'a>>,
}

#[derive(Serialize)]
struct Allowed<'a> {
    allowed: bool,
    headers: Added<'a>,
}

#[derive(Serialize)]
struct Added<'a> {
    #[serde(rename = "x-user")]
    user: &'a str,
}

#[derive(Serialize)]
struct Denied {
    allowed: bool,
    body: &'static str,
    http_status: u16,
}

impl Envoy {
    /// Cuts the routes' patterns.
    pub fn load(data: &str) -> Result<Self> {
        let data: Data = serde_json::from_str(data)?;
        let mut routes: HashMap<String, Vec<Route>> = HashMap::new();
        for row in data.routes {
            let segments = row.path.split('/').map(Segment::parse).collect::<Result<_>>()?;
            routes.entry(row.method).or_default().push(Route { segments, scope: row.scope });
        }
        Ok(Self { issuer: data.issuer, routes })
    }

    fn allows(&self, http: &Http, claims: &Claims, now: f64) -> bool {
        let path = http.path.strip_prefix('/').unwrap_or(&http.path);
        if &*http.method == "GET" && path.split('/').next() == Some("public") {
            return true;
        }
        let valid = claims.iss.as_deref() == Some(&*self.issuer) && claims.exp.is_some_and(|exp| exp > now);
        let mut routes = self.routes.get(&*http.method).into_iter().flatten();
        valid
            && routes
                .any(|route| route.matches(&http.path) && claims.scopes.iter().any(|scope| **scope == *route.scope))
    }
}

impl Segment {
    fn parse(text: &str) -> Result<Self> {
        ensure!(text == "*" || !text.contains(['*', '?', '[', '{', '\\']), "`{text}`: a segment is a star or a text");
        Ok(if text == "*" { Self::Any } else { Self::Is(text.to_owned()) })
    }
}

impl Route {
    fn matches(&self, path: &str) -> bool {
        let mut parts = path.split('/');
        let fits = |segment: &Segment, part: &str| match segment {
            Segment::Any => true,
            Segment::Is(text) => text == part,
        };
        self.segments.iter().all(|segment| parts.next().is_some_and(|part| fits(segment, part)))
            && parts.next().is_none()
    }
}

/// The bytes of the claims in a header.
fn payload(header: &str) -> Option<Vec<u8>> {
    BASE64.decode(header.strip_prefix("Bearer ").unwrap_or(header).split('.').nth(1)?).ok()
}

impl Contestant for Envoy {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        let input: Input = serde_json::from_str(input)?;
        let http = &input.attributes.request.http;
        let payload = http.headers.authorization.as_deref().and_then(payload);
        let claims: Option<Claims> = payload.as_deref().and_then(|bytes| serde_json::from_slice(bytes).ok());
        // Without claims the policy's object of an allowed request is undefined, and so is that request denied.
        let reply = match claims.filter(|claims| self.allows(http, claims, input.now)) {
            Some(Claims { sub, .. }) => serde_json::to_string(&Allowed {
                allowed: true,
                headers: Added { user: sub.as_deref().unwrap_or_default() },
            })?,
            None => serde_json::to_string(&Denied { allowed: false, body: "denied", http_status: 403 })?,
        };
        Ok(Some(reply))
    }
}
