//! How risky a Terraform plan is, and which buckets it would leave public.

use std::collections::BTreeSet;

use anyhow::Result;
use regoc_bench_protocol::Contestant;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// The question needs no data.
pub struct TfPlan;

#[derive(Deserialize)]
struct Input<'a> {
    #[serde(borrow)]
    resource_changes: Vec<Resource<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow)]
    address: Text<'a>,
    r#type: Text<'a>,
    change: Change<'a>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    actions: Vec<Text<'a>>,
    after: Option<After<'a>>,
}

#[derive(Deserialize)]
struct After<'a> {
    #[serde(borrow)]
    acl: Option<Text<'a>>,
}

#[derive(Serialize)]
struct Report<'a> {
    authz: bool,
    public: BTreeSet<&'a str>,
    score: u64,
}

/// What deleting, creating and modifying one of a type adds to the score.
fn weights(of: &str) -> Option<[u64; 3]> {
    Some(match of {
        "aws_autoscaling_group" => [100, 10, 1],
        "aws_instance" => [10, 1, 1],
        "aws_s3_bucket" => [50, 1, 5],
        "aws_iam_role" => [20, 5, 10],
        _ => return None,
    })
}

impl Contestant for TfPlan {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        let input: Input = serde_json::from_str(input)?;
        let mut score = 0;
        let mut public = BTreeSet::new();
        for resource in &input.resource_changes {
            if let Some([delete, create, modify]) = weights(&resource.r#type) {
                let does = |action: &str| u64::from(resource.change.actions.iter().any(|it| &**it == action));
                score += delete * does("delete") + create * does("create") + modify * does("update");
            }
            let acl = resource.change.after.as_ref().and_then(|after| after.acl.as_deref());
            if &*resource.r#type == "aws_s3_bucket" && matches!(acl, Some("public-read" | "public-read-write")) {
                public.insert(&*resource.address);
            }
        }
        let report = Report { authz: score < 3000 && public.is_empty(), public, score };
        Ok(Some(serde_json::to_string(&report)?))
    }
}
