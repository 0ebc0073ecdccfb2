//! What is wrong with a pod, as the answer to an admission review.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use regex::Regex;
use regoc_bench_protocol::Contestant;
use serde::{Deserialize, Serialize};

use crate::text::Text;

const REGISTRIES: [&str; 2] = ["registry.corp.example", "mirror.corp.example:5000"];

/// In their order.
const LABELS: [&str; 3] = ["app.kubernetes.io/name", "cost-center", "team"];

/// The check with its pattern of names.
pub struct Admission {
    name: Regex,
}

#[derive(Deserialize)]
struct Input<'a> {
    #[serde(borrow)]
    request: Request<'a>,
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    uid: Text<'a>,
    object: Pod<'a>,
}

#[derive(Deserialize)]
struct Pod<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    spec: Spec<'a>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    labels: HashMap<Text<'a>, Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(borrow, default)]
    containers: Vec<Container<'a>>,
    #[serde(borrow, default)]
    init_containers: Vec<Container<'a>>,
    #[serde(borrow, default)]
    volumes: Vec<Volume<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Container<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    image: Text<'a>,
    #[serde(default)]
    security_context: SecurityContext,
    #[serde(borrow, default)]
    resources: Resources<'a>,
}

#[derive(Default, Deserialize)]
struct SecurityContext {
    #[serde(default)]
    privileged: bool,
}

#[derive(Default, Deserialize)]
struct Resources<'a> {
    #[serde(borrow)]
    limits: Option<Limits<'a>>,
}

#[derive(Deserialize)]
struct Limits<'a> {
    #[serde(borrow)]
    memory: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Volume<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    host_path: Option<HostPath<'a>>,
}

#[derive(Deserialize)]
struct HostPath<'a> {
    #[serde(borrow)]
    path: Text<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Review<'a> {
    api_version: &'a str,
    kind: &'a str,
    response: Response<'a>,
}

#[derive(Serialize)]
struct Response<'a> {
    allowed: bool,
    status: Status,
    uid: &'a str,
}

#[derive(Serialize)]
struct Status {
    message: String,
}

impl Admission {
    /// Compiles the pattern of names.
    pub fn new() -> Result<Self> {
        Ok(Self { name: Regex::new("^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$")? })
    }

    fn deny(&self, pod: &Pod) -> BTreeSet<String> {
        let mut deny = BTreeSet::new();
        for container in pod.spec.containers.iter().chain(&pod.spec.init_containers) {
            container.deny(&mut deny);
        }
        let missing: Vec<&str> = LABELS.into_iter().filter(|label| !pod.metadata.labels.contains_key(*label)).collect();
        if !missing.is_empty() {
            deny.insert(format!("missing labels: {}", missing.join(", ")));
        }
        for volume in &pod.spec.volumes {
            let path = volume.host_path.as_ref().map(|host| &*host.path);
            if let Some(path) = path.filter(|path| !path.starts_with("/var/log/")) {
                deny.insert(format!("volume {:?} mounts host path {path:?}", &*volume.name));
            }
        }
        if !self.name.is_match(&pod.metadata.name) {
            deny.insert(format!("name {:?} is not valid", &*pod.metadata.name));
        }
        deny
    }
}

impl Container<'_> {
    fn deny(&self, deny: &mut BTreeSet<String>) {
        let (name, image) = (&*self.name, &*self.image);
        if !image.split_once('/').is_some_and(|(registry, _)| REGISTRIES.contains(&registry)) {
            deny.insert(format!("container {name:?} uses image {image:?} from a registry that is not allowed"));
        }
        if image.ends_with(":latest") {
            deny.insert(format!("container {name:?} uses a mutable tag"));
        }
        if self.security_context.privileged {
            deny.insert(format!("container {name:?} is privileged"));
        }
        if self.resources.limits.as_ref().is_none_or(|limits| limits.memory.is_none()) {
            deny.insert(format!("container {name:?} has no memory limit"));
        }
    }
}

impl Contestant for Admission {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        let Input { request } = serde_json::from_str(input)?;
        let deny = self.deny(&request.object);
        let message = deny.iter().map(String::as_str).collect::<Vec<_>>().join("; ");
        let response = Response { allowed: deny.is_empty(), status: Status { message }, uid: &request.uid };
        let review = Review { api_version: "admission.k8s.io/v1", kind: "AdmissionReview", response };
        Ok(Some(serde_json::to_string(&review)?))
    }
}
