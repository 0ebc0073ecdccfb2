//! Cedar: the policies of a relation row, with its entities held or in each request.

use anyhow::{Context, Result};
use cedar_policy::{
    Authorizer, Context as Facts, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
};
use regoc_bench_protocol::{Arguments, Contestant};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Cedar with a set of policies and the entities that it holds.
pub struct Authorizing {
    authorizer: Authorizer,
    policies: PolicySet,
    held: Entities,
    types: Types,
}

/// The names of types that requests leave out, as those who write the request know them.
struct Types {
    principal: EntityTypeName,
    action: EntityTypeName,
    resource: EntityTypeName,
}

/// A request. Its entities, where it brings them, are in Cedar's form of JSON.
#[derive(Deserialize)]
struct Question<'a> {
    principal: &'a str,
    action: &'a str,
    resource: &'a str,
    #[serde(borrow)]
    entities: Option<&'a RawValue>,
}

impl Authorizing {
    /// Reads the policies and the entities. `-data` is an array of entities, empty where requests bring them.
    pub fn new(arguments: &Arguments) -> Result<Self> {
        let types = Types {
            principal: "User".parse()?,
            action: "Action".parse()?,
            resource: arguments.get("resource")?.parse()?,
        };
        Ok(Self {
            authorizer: Authorizer::new(),
            policies: arguments.read("policy")?.parse()?,
            held: Entities::from_json_str(&arguments.read("data")?, None)?,
            types,
        })
    }
}

impl Contestant for Authorizing {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        let question: Question = serde_json::from_str(input).context("reading the request")?;
        let id = |name: &EntityTypeName, id: &str| EntityUid::from_type_name_and_id(name.clone(), EntityId::new(id));
        let request = Request::new(
            id(&self.types.principal, question.principal),
            id(&self.types.action, question.action),
            id(&self.types.resource, question.resource),
            Facts::empty(),
            None,
        )?;
        let response = match question.entities {
            None => self.authorizer.is_authorized(&request, &self.policies, &self.held),
            Some(entities) => {
                let entities = Entities::from_json_str(entities.get(), None)?;
                self.authorizer.is_authorized(&request, &self.policies, &entities)
            }
        };
        // An error means that a policy was passed over: no twin of ours has such.
        if let Some(error) = response.diagnostics().errors().next() {
            anyhow::bail!("{error}");
        }
        Ok(Some((response.decision() == Decision::Allow).to_string()))
    }
}
