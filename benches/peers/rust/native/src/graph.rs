//! Who may see the reviews of whom: managers those of everybody below them; and how many have the same managers.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use regoc_bench_protocol::Contestant;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// The managers of each person, and how many persons have the same.
pub struct Graph {
    managers: HashMap<String, Vec<String>>,
    with: HashMap<Vec<String>, usize>,
}

#[derive(Deserialize)]
struct Data {
    manager_of: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Input<'a> {
    #[serde(borrow)]
    user: Text<'a>,
    employee: Text<'a>,
}

#[derive(Serialize)]
struct Answer {
    allow: bool,
    peers: usize,
}

impl Graph {
    /// Counts who has the same managers.
    pub fn load(data: &str) -> Result<Self> {
        let managers = serde_json::from_str::<Data>(data)?.manager_of;
        let mut with = HashMap::new();
        for of_one in managers.values() {
            *with.entry(of_one.clone()).or_default() += 1;
        }
        Ok(Self { managers, with })
    }

    /// Whether somebody is reached upwards from somebody else.
    fn reaches(&self, from: &str, to: &str) -> bool {
        let Some((from, _)) = self.managers.get_key_value(from) else { return false };
        let (mut seen, mut open) = (HashSet::from([from]), vec![from]);
        while let Some(person) = open.pop() {
            if person == to {
                return true;
            }
            let above = self.managers.get(person).into_iter().flatten();
            open.extend(above.filter(|above| self.managers.contains_key(*above) && seen.insert(above)));
        }
        false
    }
}

impl Contestant for Graph {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        let input: Input = serde_json::from_str(input)?;
        let allow = *input.user != *input.employee && self.reaches(&input.employee, &input.user);
        let managers = self.managers.get(&*input.employee);
        let peers = managers.and_then(|managers| self.with.get(managers)).map_or(0, |count| count - 1);
        Ok(Some(serde_json::to_string(&Answer { allow, peers })?))
    }
}
