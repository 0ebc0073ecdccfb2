//! Whether a user may do something, by the grants of the user's roles.

use std::collections::HashMap;

use anyhow::Result;
use regoc_bench_protocol::Contestant;
use serde::Deserialize;

use crate::text::Text;

/// The roles of users, and what each role grants: actions with types.
pub struct Rbac {
    roles: HashMap<String, Vec<String>>,
    grants: HashMap<String, Vec<(String, String)>>,
}

#[derive(Deserialize)]
struct Data {
    user_roles: HashMap<String, Vec<String>>,
    role_grants: Vec<Grant>,
}

#[derive(Deserialize)]
struct Grant {
    role: String,
    action: String,
    r#type: String,
}

#[derive(Deserialize)]
struct Input<'a> {
    #[serde(borrow)]
    user: Text<'a>,
    action: Text<'a>,
    r#type: Text<'a>,
}

impl Rbac {
    /// Groups the grants by their roles.
    pub fn load(data: &str) -> Result<Self> {
        let data: Data = serde_json::from_str(data)?;
        let mut grants: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for grant in data.role_grants {
            grants.entry(grant.role).or_default().push((grant.action, grant.r#type));
        }
        Ok(Self { roles: data.user_roles, grants })
    }
}

impl Contestant for Rbac {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        let input: Input = serde_json::from_str(input)?;
        let mut granted =
            self.roles.get(&*input.user).into_iter().flatten().filter_map(|role| self.grants.get(role)).flatten();
        let allow = granted.any(|(action, of)| *action == *input.action && *of == *input.r#type);
        Ok(Some(serde_json::to_string(&allow)?))
    }
}
