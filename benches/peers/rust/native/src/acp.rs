//! Whether access policies allow a request: a row that matches allows it, and none denies it.

use std::collections::HashMap;

use anyhow::Result;
use regoc_bench_protocol::Contestant;
use serde::Deserialize;

use crate::text::Text;

/// The rows of each subject.
pub struct Acp {
    rows: Vec<Row>,
    of_subject: HashMap<String, Vec<usize>>,
}

#[derive(Deserialize)]
struct Data {
    policies: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    effect: String,
    subjects: Vec<String>,
    actions: Vec<String>,
    resource_prefix: String,
}

#[derive(Deserialize)]
struct Input<'a> {
    #[serde(borrow)]
    subject: Text<'a>,
    action: Text<'a>,
    resource: Text<'a>,
}

impl Acp {
    /// Groups the rows by their subjects.
    pub fn load(data: &str) -> Result<Self> {
        let rows = serde_json::from_str::<Data>(data)?.policies;
        let mut of_subject: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, row) in rows.iter().enumerate() {
            for subject in &row.subjects {
                of_subject.entry(subject.clone()).or_default().push(index);
            }
        }
        Ok(Self { rows, of_subject })
    }
}

impl Contestant for Acp {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        let input: Input = serde_json::from_str(input)?;
        let (mut allowed, mut denied) = (false, false);
        for index in self.of_subject.get(&*input.subject).into_iter().flatten() {
            let row = &self.rows[*index];
            if row.actions.iter().any(|action| **action == *input.action)
                && input.resource.starts_with(&row.resource_prefix)
            {
                allowed |= row.effect == "allow";
                denied |= row.effect == "deny";
            }
        }
        Ok(Some(serde_json::to_string(if allowed && !denied { "allow" } else { "deny" })?))
    }
}
