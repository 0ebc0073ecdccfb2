//! Whether a route allows a request: each is a method with a service, whose users reach what is theirs.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use regoc_bench_protocol::Contestant;
use serde::Deserialize;

use crate::text::Text;

/// The method of each service's route.
pub struct HttpRoutes {
    methods: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Input<'a> {
    #[serde(borrow)]
    method: Text<'a>,
    path: Vec<Text<'a>>,
    user: Text<'a>,
}

impl HttpRoutes {
    /// Reads the routes off the policy, in which each is a rule of two lines.
    pub fn load(policy: &str) -> Result<Self> {
        let mut methods = HashMap::new();
        let mut method = None;
        for line in policy.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("input.method == \"") {
                method = rest.strip_suffix('"');
            } else if let Some(rest) = line.strip_prefix("input.path = [\"api\", \"v1\", \"") {
                let (service, _) = rest.split_once('"').context("a route has a service")?;
                let method = method.take().context("a route has a method")?;
                methods.insert(service.to_owned(), method.to_owned());
            }
        }
        ensure!(!methods.is_empty(), "the policy has no routes");
        Ok(Self { methods })
    }
}

impl Contestant for HttpRoutes {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        let input: Input = serde_json::from_str(input)?;
        let allow = match &input.path[..] {
            [api, version, service, id] => {
                **api == *"api"
                    && **version == *"v1"
                    && **id == *input.user
                    && self.methods.get(&**service).is_some_and(|method| *method == *input.method)
            }
            _ => false,
        };
        Ok(Some(serde_json::to_string(&allow)?))
    }
}
