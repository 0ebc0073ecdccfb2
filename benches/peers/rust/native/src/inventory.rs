//! What is wrong with an ingress: hosts that another one of the cluster has, a namespace that nobody owns.

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::Result;
use regoc_bench_protocol::Contestant;
use serde::Deserialize;

use crate::text::Text;

/// Who has each host (namespace and name), and the namespaces with an owner.
pub struct Inventory {
    taken: HashMap<String, Vec<(String, String)>>,
    owned: HashSet<String>,
}

#[derive(Deserialize)]
struct Data {
    inventory: Cached,
}

#[derive(Deserialize)]
struct Cached {
    cluster: Cluster,
    namespace: HashMap<String, Kinds>,
}

#[derive(Deserialize)]
struct Cluster {
    v1: Version,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Version {
    namespace: HashMap<String, Namespace>,
}

#[derive(Deserialize)]
struct Namespace {
    metadata: Labelled,
}

#[derive(Deserialize)]
struct Labelled {
    #[serde(default)]
    labels: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Kinds {
    #[serde(rename = "networking.k8s.io/v1")]
    networking: Networking,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Networking {
    ingress: HashMap<String, Ingress<String>>,
}

#[derive(Deserialize)]
struct Ingress<S> {
    spec: Spec<S>,
}

#[derive(Deserialize)]
struct Spec<S> {
    rules: Vec<Rule<S>>,
}

#[derive(Deserialize)]
struct Rule<S> {
    host: S,
}

#[derive(Deserialize)]
struct Input<'a> {
    #[serde(borrow)]
    review: Review<'a>,
}

#[derive(Deserialize)]
struct Review<'a> {
    #[serde(borrow)]
    object: Object<'a>,
}

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    spec: Spec<Text<'a>>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    namespace: Text<'a>,
    name: Text<'a>,
}

impl Inventory {
    /// Groups the ingresses by their hosts.
    pub fn load(data: &str) -> Result<Self> {
        let cached = serde_json::from_str::<Data>(data)?.inventory;
        let mut taken: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for (namespace, kinds) in cached.namespace {
            for (name, ingress) in kinds.networking.ingress {
                for rule in ingress.spec.rules {
                    taken.entry(rule.host).or_default().push((namespace.clone(), name.clone()));
                }
            }
        }
        let namespaces = cached.cluster.v1.namespace.into_iter();
        let owned =
            namespaces.filter(|(_, it)| it.metadata.labels.contains_key("owner")).map(|(name, _)| name).collect();
        Ok(Self { taken, owned })
    }
}

impl Contestant for Inventory {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        let Input { review: Review { object } } = serde_json::from_str(input)?;
        let Metadata { namespace, name } = &object.metadata;
        let mut violation = BTreeSet::new();
        for Rule { host } in &object.spec.rules {
            for (other_namespace, other) in self.taken.get(&**host).into_iter().flatten() {
                if (&**other_namespace, &**other) != (&**namespace, &**name) {
                    violation.insert(format!("host {} is taken by {other_namespace}/{other}", &**host));
                }
            }
        }
        if !self.owned.contains(&**namespace) {
            violation.insert(format!("namespace {} has no owner", &**namespace));
        }
        Ok(Some(serde_json::to_string(&violation)?))
    }
}
